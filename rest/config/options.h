/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The one option table and the object over it. DSN, environment, tool flags,
 * docs/OPTIONS.md and error texts all come from the table. Does no network.
 */
#ifndef TDRI_OPTIONS_H
#define TDRI_OPTIONS_H

#include "base/buf.h"
#include "error/record.h"

/* Index of each key in the table; the order of docs/OPTIONS.md. */
enum tdri_opt {
    TDRI_OPT_SCHEME, /* http, https */
    TDRI_OPT_HOST,   /* host[:port][,host[:port]...], IPv6 in brackets */
    TDRI_OPT_PORT,   /* of hosts that name none; default by scheme: 6041, 443 */
    TDRI_OPT_USER,
    TDRI_OPT_PASSWORD,
    TDRI_OPT_TOKEN,
    TDRI_OPT_BEARER_TOKEN,
    TDRI_OPT_DATABASE,
    TDRI_OPT_TIMEZONE,
    TDRI_OPT_COMPRESSION,
    TDRI_OPT_CONNECT_TIMEOUT_MS,
    TDRI_OPT_TIMEOUT_MS,
    TDRI_OPT_STALL_TIMEOUT_MS,
    TDRI_OPT_CONN_RETRIES,
    TDRI_OPT_RETRY_BACKOFF_MS,
    TDRI_OPT_RETRY_BACKOFF_MAX_MS,
    TDRI_OPT_RETRY,
    TDRI_OPT_RETRY_FOR_MS,
    TDRI_OPT_VERIFY_ROWS,
    TDRI_OPT_POOL_MAX,
    TDRI_OPT_POOL_WAIT_MS,
    TDRI_OPT_POOL_IDLE_MS,
    TDRI_OPT_POOL_PING_MS,
    TDRI_OPT_POOL_LIFETIME_MS,
    TDRI_OPT_MAX_PER_HOST,
    TDRI_OPT_MAX_IN_FLIGHT,
    TDRI_OPT_WRITER_BYTES,
    TDRI_OPT_SPOOL_DIR,
    TDRI_OPT_SPOOL_SYNC,
    TDRI_OPT_SPOOL_BYTES,
    TDRI_OPT_SPOOL_FULL,
    TDRI_OPT_TLS_CA_FILE,
    TDRI_OPT_TLS_CERT_FILE,
    TDRI_OPT_TLS_KEY_FILE,
    TDRI_OPT_TLS_VERIFY,
    TDRI_OPT_TLS_MIN_VERSION,
    TDRI_OPT_PROXY,
    TDRI_OPT_APP,
    TDRI_OPT_BLOCK_BYTES,
    TDRI_OPT_BATCH_BYTES,
    TDRI_OPT_MAX_CELL_BYTES,
    TDRI_OPT_MAX_SQL_BYTES,
    TDRI_OPT_ARROW_TEXT,
    TDRI_OPT_ARROW_TIMESTAMP,
    TDRI_OPT_ARROW_EXTENSIONS,
    TDRI_OPT_LOG_LEVEL,
    TDRI_OPT_COUNT
};

struct tdrest_options {
    tdrest_allocator mem;
    char *text[TDRI_OPT_COUNT]; /* NULL: the default */
    int64_t number[TDRI_OPT_COUNT]; /* what tdri_opts_int answers, read once */
    char **headers;             /* "Name: value" texts for every request, added by the program; secret */
    size_t header_count;
    tdrest_log_callback *log;
    void *log_context;
    struct tdri_hosts *hosts; /* what the connections made from it know of their hosts: client/hosts.h; NULL: none was made */
    void (*release_hosts)(struct tdri_hosts *hosts);
    tdrest_error err;
};

/*
 * What is in force: what was set, else the default; NULL where there is neither. The port's default follows the scheme.
 * The default login is in force only when no credentials were set; a password alone is root's.
 */
const char *tdri_opts_text(const tdrest_options *options, enum tdri_opt opt);
/* The same for keys whose values are whole numbers or words: the word's place in the table, so true is 1 and log levels are TDREST_LOG_. */
int64_t tdri_opts_int(const tdrest_options *options, enum tdri_opt opt);

/* The headers that were added: copied to options without any (TDREST_OK or TDREST_ENOMEM), and freed. */
int tdri_opts_copy_headers(const tdrest_options *from, tdrest_options *to);
void tdri_opts_clear_headers(tdrest_options *options);

/* A deep copy without log and error, made with the same allocator. TDREST_OK or TDREST_ENOMEM. */
int tdri_opts_copy(const tdrest_options *from, tdrest_options **out);

/*
 * Sets [value, value + len) for the table's row opt; err (not options->err) gets key, range and offset -1.
 * The rules of every key live behind this one call.
 */
int tdri_opts_put(tdrest_options *options, enum tdri_opt opt, const char *value, size_t len, tdrest_error *err);

/* The row of a key, `-` for `_`, any case; -1 when unknown. */
int tdri_opts_find(const char *key, size_t len);
/* Reports an unknown key, with the nearest one of the table. TDREST_EOPTION. */
int tdri_opts_unknown(const char *key, size_t len, tdrest_error *err);

/* What only makes sense together: one kind of credentials, a user with a password, a key file with a certificate. TDREST_OK or TDREST_EOPTION. */
int tdri_opts_check(const tdrest_options *options, tdrest_error *err);

/*
 * Reading many options as one: fill a draft, then merge it. Until then options stays as it is.
 * tdri_opts_merge refuses more than one kind of credentials, whether both are new or not; a draft is cleared in any case.
 */
void tdri_opts_draft(const tdrest_options *options, tdrest_options *draft);
int tdri_opts_merge(tdrest_options *options, tdrest_options *draft, tdrest_error *err);
/* Forgets all that was set; headers, which no draft has, stay. */
void tdri_opts_clear(tdrest_options *options);

/* Reads a DSN into a draft. TDREST_OK, TDREST_EOPTION with the offset, TDREST_ENOMEM; *login_at is the byte of its last credential, 0 without any. */
int tdri_dsn_read(const char *dsn, tdrest_options *draft, size_t *login_at, tdrest_error *err);

/*
 * Refuses a value of the table's row opt: "key: expected ..., not 'value'". Every message about a value of an option is written here, or shows it by
 * tdri_opts_show. TDREST_EOPTION.
 */
int tdri_opts_refuse(enum tdri_opt opt, const char *value, size_t len, tdrest_error *err);

/*
 * The value in quotes; "" where it must not be seen: of credentials and hosts, of texts with @ or =, which may be a URL with a login or a token, and of
 * long texts and those with control characters, which may be the contents of a file. Answers out.
 */
enum { TDRI_SHOWN_MAX = 64, TDRI_SHOWN_ROOM = TDRI_SHOWN_MAX + 3 };
const char *tdri_opts_show(enum tdri_opt opt, const char *value, size_t len, char out[TDRI_SHOWN_ROOM]);

/* A time zone name by the rules of the option (also for tdrest_call): IANA name, UTC, local, server. TDREST_OK or TDREST_EOPTION. */
int tdri_timezone_check(const char *name, size_t len, tdrest_error *err);

/* A database name by the rules of the option (also for tdrest_call): bare or in backquotes. TDREST_OK or TDREST_EOPTION. */
int tdri_database_check(const char *name, size_t len, tdrest_error *err);

/* No byte below a blank, and no DEL: what may become a header or part of an URL. */
int tdri_is_printable(const char *text, size_t len);

/* The index-th address: 1 and host (without brackets, a zone behind a bare %) and port; 0 past the end. host has 256 bytes. */
int tdri_opts_address(const tdrest_options *options, size_t index, char *host, int *port);

#endif
