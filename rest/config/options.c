/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The one option table, and the object over it. Knows keys, values and what
 * contradicts what; not how options are written down together.
 */
#include "config/options.h"

#include "base/number.h"
#include "base/text.h"
#include "config/host.h"
#include "config/names.h"
#include "config/proxy.h"

#include <stdio.h>
#include <string.h>

enum kind { IS_WORDS, IS_NUMBER, IS_TEXT };

typedef struct row {
    tdrest_option_info info; /* values: for IS_WORDS the words themselves, ", " between them */
    enum kind kind;
    int64_t min;
    int64_t max; /* of a number, or of a text's bytes */
    int (*check)(const char *value, size_t len, tdrest_error *err); /* what these cannot say, of a value of any length; NULL: nothing */
} row;

static int check_scheme(const char *value, size_t len, tdrest_error *err);
static int check_host(const char *value, size_t len, tdrest_error *err);
static int check_user(const char *value, size_t len, tdrest_error *err);
static int check_bearer(const char *value, size_t len, tdrest_error *err);
static int check_proxy(const char *value, size_t len, tdrest_error *err);

#define INFO(key, value, values, meaning, secret) {sizeof(tdrest_option_info), key, value, values, meaning, secret}
#define WORDS(key, value, words, check, meaning) {INFO(key, value, words, meaning, 0), IS_WORDS, 0, 0, check}
#define NUMBER(key, value, min, max, unit, meaning) {INFO(key, value, #min " to " #max unit, meaning, 0), IS_NUMBER, min, max, NULL}
#define TEXT(key, value, max, what, check, meaning) {INFO(key, value, what ", 1 to " #max " bytes", meaning, 0), IS_TEXT, 1, max, check}
#define SECRET(key, value, max, what, check, meaning) {INFO(key, value, what ", 1 to " #max " bytes", meaning, 1), IS_TEXT, 1, max, check}

static const row rows[TDRI_OPT_COUNT] = {
    [TDRI_OPT_SCHEME] = WORDS("scheme", "http", "http, https", check_scheme, "how to reach taosAdapter"),
    [TDRI_OPT_HOST] = TEXT("host", "localhost", 4096, "host[:port][,host[:port]...] with ports from 1 to 65535; IPv6 addresses with a port in brackets",
                           check_host, "addresses of the adapters of one cluster; connections spread over them and avoid those that fail"),
    [TDRI_OPT_PORT] = NUMBER("port", "6041", 1, 65535, "", "port of hosts that name none; the default is 443 with https"),
    [TDRI_OPT_USER] = TEXT("user", "root", 255, "a name without a colon", check_user,
                           "login name; root by default unless a token is set"),
    [TDRI_OPT_PASSWORD] = SECRET("password", "taosdata", 255, "a text without control characters", NULL,
                                 "login password; taosdata by default only if user and tokens are not set either"),
    [TDRI_OPT_TOKEN] = SECRET("token", "", 4096, "a text without control characters", NULL,
                              "instead of a login: the URL parameter that the vendor's cloud gateway requires"),
    [TDRI_OPT_BEARER_TOKEN] = SECRET("bearer_token", "", 4096, "printable ASCII without blanks", check_bearer,
                                     "instead of a login: a token from CREATE TOKEN; needs taosAdapter 3.4.0.0 or later"),
    [TDRI_OPT_DATABASE] = {INFO("database", "", "a name of 1 to 64 bytes without / . \\ or, to preserve its case, the same name in `backquotes`",
                                "current database of every statement; converted to lower case unless in backquotes", 0), IS_TEXT, 1, TDRI_DATABASE_MAX + 2, tdri_database_check},
    [TDRI_OPT_TIMEZONE] = TEXT("timezone", "UTC", 64, "an IANA name such as Asia/Shanghai (case-sensitive), UTC, local or server",
                               tdri_timezone_check, "time zone for reading and writing times; local: this machine's; server: whatever the server uses"),
    [TDRI_OPT_COMPRESSION] = WORDS("compression", "false", "false, true", NULL, "request gzip answers; decompressing takes up to 32 times block_bytes of memory, at least 4 MB and at most 64 MB"),
    [TDRI_OPT_CONNECT_TIMEOUT_MS] = NUMBER("connect_timeout_ms", "10000", 1, 86400000, " milliseconds", "limit for name lookup, TCP and TLS together, per host; at most half of the time left until timeout_ms while other hosts are left to try"),
    [TDRI_OPT_TIMEOUT_MS] = NUMBER("timeout_ms", "0", 0, 86400000, " milliseconds",
                                   "limit for a query until its columns are known, for other calls as a whole; 0: no limit"),
    [TDRI_OPT_STALL_TIMEOUT_MS] = NUMBER("stall_timeout_ms", "300000", 0, 86400000, " milliseconds",
                                         "limit for waiting without a byte from the server; 0: no limit"),
    [TDRI_OPT_CONN_RETRIES] = NUMBER("conn_retries", "5", 0, 100, "", "how often a failed request is repeated"),
    [TDRI_OPT_RETRY_BACKOFF_MS] = NUMBER("retry_backoff_ms", "200", 0, 600000, " milliseconds",
                                         "longest wait before the second attempt; doubles with each further attempt; each wait is a random part of it"),
    [TDRI_OPT_RETRY_BACKOFF_MAX_MS] = NUMBER("retry_backoff_max_ms", "2000", 0, 600000, " milliseconds", "limit of that doubling"),
    [TDRI_OPT_RETRY] = WORDS("retry", "auto", "auto, connect, never", NULL,
                             "what is repeated; auto: what did not run, and what can safely run twice; connect: only what failed to connect; never: nothing"),
    [TDRI_OPT_RETRY_FOR_MS] = NUMBER("retry_for_ms", "60000", 0, 86400000, " milliseconds",
                                     "a failed request is repeated for this long, even if conn_retries is used up; if not set, 0 until a call has succeeded"),
    [TDRI_OPT_VERIFY_ROWS] = WORDS("verify_rows", "none", "none, count", NULL,
                                   "count: run SELECT COUNT(*) FROM (query) before each SELECT; fewer rows are an error"),
    [TDRI_OPT_POOL_MAX] = NUMBER("pool_max", "10", 1, 1000, "",
                                 "maximum number of connections in a pool; the server runs 2 statements per core at a time for each user"),
    [TDRI_OPT_POOL_WAIT_MS] = NUMBER("pool_wait_ms", "30000", 0, 86400000, " milliseconds",
                                     "longest wait for a connection while all of them are in use; 0: do not wait"),
    [TDRI_OPT_POOL_IDLE_MS] = NUMBER("pool_idle_ms", "50000", 0, 86400000, " milliseconds",
                                     "a pool closes connections idle for this long; keep it below the idle limit of load balancers, often 60000; 0: no limit"),
    [TDRI_OPT_POOL_PING_MS] = NUMBER("pool_ping_ms", "30000", 0, 86400000, " milliseconds",
                                     "a pool tests a connection idle for this long before it hands it out, for at most 1000 ms; 0: never"),
    [TDRI_OPT_POOL_LIFETIME_MS] = NUMBER("pool_lifetime_ms", "1800000", 0, 86400000, " milliseconds",
                                         "a pool replaces connections of this age, plus or minus a tenth, to notice address changes; 0: no limit"),
    [TDRI_OPT_MAX_PER_HOST] = NUMBER("max_per_host", "4", 1, 10000, "",
                                     "maximum number of requests that an async object runs on one host at a time; the others wait in line"),
    [TDRI_OPT_MAX_IN_FLIGHT] = NUMBER("max_in_flight", "4", 1, 64, "", "maximum number of requests of a writer at a time"),
    [TDRI_OPT_WRITER_BYTES] = NUMBER("writer_bytes", "2097152", 65536, 1073741824, " bytes",
        "memory of a writer for rows that are not yet reported; a request takes at most writer_bytes / (max_in_flight + 1), and at most batch_bytes"),
    [TDRI_OPT_SPOOL_DIR] = TEXT("spool_dir", "", 4096, "a directory", NULL,
        "a writer keeps its rows in files of this directory until they are delivered; default: in memory only"),
    [TDRI_OPT_SPOOL_SYNC] = WORDS("spool_sync", "batch", "batch, interval, never", NULL,
        "when these files are synced, which makes rows durable; batch: after the rows of each request; interval: once a second; never: a power failure may lose rows"),
    [TDRI_OPT_SPOOL_BYTES] = NUMBER("spool_bytes", "0", 0, 1099511627776, " bytes", "limit for these files, in whole blocks of 4096; 0: no limit"),
    [TDRI_OPT_SPOOL_FULL] = WORDS("spool_full", "refuse", "refuse, drop_oldest", NULL,
        "at that limit; refuse: no rows are added; drop_oldest: the oldest file is removed, and reported"),
    [TDRI_OPT_TLS_CA_FILE] = TEXT("tls_ca_file", "", 4096, "a file path", NULL, "certificates to trust, PEM; default: the system's"),
    [TDRI_OPT_TLS_CERT_FILE] = TEXT("tls_cert_file", "", 4096, "a file path", NULL, "client certificate, PEM"),
    [TDRI_OPT_TLS_KEY_FILE] = TEXT("tls_key_file", "", 4096, "a file path", NULL, "private key of the client certificate, PEM"),
    [TDRI_OPT_TLS_VERIFY] = WORDS("tls_verify", "full", "full, ca, none", NULL, "full: check certificate and host name; ca: check the certificate only; none: check nothing"),
    [TDRI_OPT_TLS_MIN_VERSION] = WORDS("tls_min_version", "", "1.2, 1.3", NULL, "oldest TLS version accepted from the server and from an https proxy; default: libcurl's"),
    [TDRI_OPT_PROXY] = {INFO("proxy", "none", "none, environment or http://, https:// or socks5h://[user[:password]@]host:port, percent-encoded, 1 to 1024 bytes",
                             "environment: use http_proxy, https_proxy and no_proxy; a URL: send every request through this proxy and ignore no_proxy; the TLS options also "
                             "apply to an https proxy, except the client certificate", 2), IS_TEXT, 1, 1024, check_proxy},
    [TDRI_OPT_APP] = TEXT("app", "tdrest", 23, "a text without control characters", NULL, "name shown by SHOW CONNECTIONS and SHOW QUERIES"),
    [TDRI_OPT_BLOCK_BYTES] = NUMBER("block_bytes", "131072", 4096, 67108864, " bytes", "memory for a block of rows; a single larger row still fits"),
    [TDRI_OPT_BATCH_BYTES] = NUMBER("batch_bytes", "262144", 4096, 1048576, " bytes", "size of requests for schemaless data; also the size of rows and table clauses at which a statement with parameters returns TDREST_FULL; a single larger line or row is still sent"),
    [TDRI_OPT_MAX_CELL_BYTES] = NUMBER("max_cell_bytes", "16777216", 1024, 1073741824, " bytes", "longest value accepted, in bytes of its text without JSON escapes; binary values count as hex digits"),
    [TDRI_OPT_MAX_SQL_BYTES] = NUMBER("max_sql_bytes", "1048576", 1024, 1048576, " bytes", "longest statement sent; the server rejects more than 1048576"),
    [TDRI_OPT_ARROW_TEXT] = WORDS("arrow_text", "utf8", "utf8, binary", NULL, "Arrow type of VARCHAR columns, which may hold any bytes; utf8: other bytes than UTF-8 are an error"),
    [TDRI_OPT_ARROW_TIMESTAMP] = WORDS("arrow_timestamp", "auto", "auto, ms, us, ns", NULL, "Arrow unit of TIMESTAMP columns; auto: that of the first value, or ms if the first batch has none"),
    [TDRI_OPT_ARROW_EXTENSIONS] = WORDS("arrow_extensions", "false", "false, true", NULL, "true: Arrow schemas name JSON and GEOMETRY columns arrow.json and geoarrow.wkb, which some readers refuse"),
    [TDRI_OPT_LOG_LEVEL] = WORDS("log_level", "none", "none, error, info, debug", NULL, "highest level passed to the log callback"),
};

/* The word's place in "none, error, info"; -1 when it is not there. */
static int word_index(const char *words, const char *value, size_t len)
{
    int index = 0;
    size_t span;

    for (;; index++) {
        span = strcspn(words, ",");
        if (span == len && memcmp(words, value, len) == 0)
            return index;
        if (words[span] == '\0')
            return -1;
        words += span + 2;
    }
}

static int is_number(const char *value, size_t len, int64_t min, int64_t max)
{
    int64_t number;

    return len > 0 && tdri_is_digit((unsigned char)value[0]) &&
           tdri_int64_parse(value, value + len, &number) == value + len && number >= min && number <= max;
}

int tdri_is_printable(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return 0;
    return 1;
}

static int fits(const row *r, const char *value, size_t len)
{
    if (r->kind == IS_WORDS)
        return word_index(r->info.values, value, len) >= 0;
    if (r->kind == IS_NUMBER)
        return is_number(value, len, r->min, r->max);
    return len >= (size_t)r->min && len <= (size_t)r->max && tdri_is_printable(value, len);
}

/* Credentials, a host that may be a login, and texts that may be a URL with a login or a token, or the contents of a file such as a key. */
static int may_be_secret(enum tdri_opt opt, const char *value, size_t len)
{
    return rows[opt].info.secret || opt == TDRI_OPT_USER || opt == TDRI_OPT_HOST || memchr(value, '@', len) != NULL || memchr(value, '=', len) != NULL ||
           len > TDRI_SHOWN_MAX || !tdri_is_printable(value, len);
}

int tdri_opts_refuse(enum tdri_opt opt, const char *value, size_t len, tdrest_error *err)
{
    const char *expected = rows[opt].info.values, *last = rows[opt].kind == IS_WORDS ? strrchr(expected, ',') : NULL;
    char shown[TDRI_SHOWN_ROOM];

    (void)tdri_opts_show(opt, value, len, shown);
    if (last == NULL)
        return tdri_err_set(err, TDREST_EOPTION, "%s: expected %s%s%s", rows[opt].info.key, expected, shown[0] == '\0' ? "" : ", not ", shown);
    return tdri_err_set(err, TDREST_EOPTION, "%s: expected %.*s or%s%s%s", rows[opt].info.key, (int)(last - expected), expected, last + 1,
                        shown[0] == '\0' ? "" : ", not ", shown);
}

const char *tdri_opts_show(enum tdri_opt opt, const char *value, size_t len, char out[TDRI_SHOWN_ROOM])
{
    out[0] = '\0';
    if (!may_be_secret(opt, value, len))
        (void)snprintf(out, TDRI_SHOWN_ROOM, "'%.*s'", (int)len, value);
    return out;
}

static int check_scheme(const char *value, size_t len, tdrest_error *err)
{
    static const struct { const char *scheme, *advice; } others[] = {
        {"ws", "is WebSocket; write http:// with the same host and port"},
        {"wss", "is WebSocket; write https:// with the same host and port"},
        {"taosws", "is WebSocket; write http:// with the same host and port"},
        {"taoswss", "is WebSocket; write https:// with the same host and port"},
        {"taos+ws", "is WebSocket; write http:// with the same host and port"},
        {"taos+wss", "is WebSocket; write https:// with the same host and port"},
        {"taos", "is the native protocol; write http:// with the host and port of taosAdapter, 6041 by default"},
    };
    size_t i;

    for (i = 0; i < sizeof others / sizeof others[0]; i++)
        if (tdri_text_is(value, len, others[i].scheme))
            return tdri_err_set(err, TDREST_EUNSUPPORTED, "scheme: %s:// %s", others[i].scheme, others[i].advice);
    if (tdri_text_is(value, len, "taosrest"))
        return tdri_err_set(err, TDREST_EOPTION, "scheme: taosrest:// is another connector's name for http://");
    return TDREST_OK;
}

static int check_host(const char *value, size_t len, tdrest_error *err)
{
    return tdri_hosts_are(value, len) ? TDREST_OK : tdri_opts_refuse(TDRI_OPT_HOST, value, len, err);
}

/* Basic authentication ends the name at its first colon. */
static int check_user(const char *value, size_t len, tdrest_error *err)
{
    return memchr(value, ':', len) == NULL ? TDREST_OK : tdri_opts_refuse(TDRI_OPT_USER, value, len, err);
}

static int check_bearer(const char *value, size_t len, tdrest_error *err)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (value[i] <= ' ' || value[i] >= 0x7f)
            return tdri_opts_refuse(TDRI_OPT_BEARER_TOKEN, value, len, err);
    return TDREST_OK;
}

static int check_proxy(const char *value, size_t len, tdrest_error *err)
{
    tdri_proxy proxy;
    tdri_host_fault fault = {NULL, 0, 0};
    tdri_host host;

    if (word_index("none, environment", value, len) >= 0 || tdri_proxy_parse(value, len, &proxy))
        return TDREST_OK;
    if (proxy.scheme != NULL)
        fault = tdri_host_read(proxy.address, proxy.address_len, &host);
    if (proxy.scheme != NULL && fault.expected == NULL && host.port == 0)
        fault.expected = host.bare ? TDRI_HOST_BRACKETS : "a port behind the host, such as proxy.example:3128";
    return fault.expected == NULL ? tdri_opts_refuse(TDRI_OPT_PROXY, value, len, err) : tdri_host_refuse("proxy", proxy.address, &fault, err);
}

int tdri_database_check(const char *name, size_t len, tdrest_error *err)
{
    size_t i, quotes = len >= 2 && name[0] == '`' && name[len - 1] == '`', end = len - quotes;
    int good = end > quotes && end - quotes <= TDRI_DATABASE_MAX && tdri_is_printable(name, len);

    for (i = quotes; good && i < end; i++)
        good = strchr("/.\\`", name[i]) == NULL;
    return good ? TDREST_OK : tdri_opts_refuse(TDRI_OPT_DATABASE, name, len, err);
}

static int same_key(const char *key, size_t len, const char *other)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (other[i] == '\0' || (key[i] == '-' ? '_' : tdri_lower((unsigned char)key[i])) != other[i])
            return 0;
    return other[len] == '\0';
}

int tdri_opts_find(const char *key, size_t len)
{
    for (int opt = 0; opt < TDRI_OPT_COUNT; opt++)
        if (same_key(key, len, rows[opt].info.key))
            return opt;
    return -1;
}

static int64_t read_number(enum tdri_opt opt, const char *text)
{
    int64_t number = 0;

    if (rows[opt].kind == IS_WORDS)
        return word_index(rows[opt].info.values, text, strlen(text));
    (void)tdri_int64_parse(text, text + strlen(text), &number);
    return number;
}

/* The value of an option has changed, and with the scheme the default port. */
static void note_number(tdrest_options *options, enum tdri_opt opt)
{
    const char *text = tdri_opts_text(options, opt);

    options->number[opt] = text == NULL ? 0 : read_number(opt, text);
    if (opt == TDRI_OPT_SCHEME)
        note_number(options, TDRI_OPT_PORT);
}

int tdri_opts_put(tdrest_options *options, enum tdri_opt opt, const char *value, size_t len, tdrest_error *err)
{
    const row *r = &rows[opt];
    char *copy;

    if (r->check != NULL && r->check(value, len, err) != TDREST_OK)
        return err->code;
    if (!fits(r, value, len))
        return tdri_opts_refuse(opt, value, len, err);
    copy = tdri_mem_text(&options->mem, value, len);
    if (copy == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    tdri_mem_free(&options->mem, options->text[opt]);
    options->text[opt] = copy;
    note_number(options, opt);
    return TDREST_OK;
}

/* Without anything set the login is the default one; what was set must not be mixed with it. */
static int has_default(const tdrest_options *options, enum tdri_opt opt)
{
    int token = options->text[TDRI_OPT_TOKEN] != NULL || options->text[TDRI_OPT_BEARER_TOKEN] != NULL;

    if (opt == TDRI_OPT_USER)
        return !token;
    if (opt == TDRI_OPT_PASSWORD)
        return !token && options->text[TDRI_OPT_USER] == NULL;
    return rows[opt].info.default_value[0] != '\0';
}

const char *tdri_opts_text(const tdrest_options *options, enum tdri_opt opt)
{
    if (options->text[opt] != NULL)
        return options->text[opt];
    if (opt == TDRI_OPT_PORT && strcmp(tdri_opts_text(options, TDRI_OPT_SCHEME), "https") == 0)
        return "443";
    return has_default(options, opt) ? rows[opt].info.default_value : NULL;
}

int64_t tdri_opts_int(const tdrest_options *options, enum tdri_opt opt)
{
    return options->number[opt];
}

static int check_login(const tdrest_options *options, tdrest_error *err)
{
    int login = options->text[TDRI_OPT_USER] != NULL || options->text[TDRI_OPT_PASSWORD] != NULL;
    int token = options->text[TDRI_OPT_TOKEN] != NULL;
    int bearer = options->text[TDRI_OPT_BEARER_TOKEN] != NULL;

    if (login + token + bearer < 2)
        return TDREST_OK;
    return tdri_err_set(err, TDREST_EOPTION, "more than one kind of credentials:%s%s%s; expected one of them",
                        login ? " user and password" : "", token ? login ? ", token" : " token" : "", bearer ? ", bearer_token" : "");
}

int tdri_opts_check(const tdrest_options *options, tdrest_error *err)
{
    if (check_login(options, err) != TDREST_OK)
        return err->code;
    if (options->text[TDRI_OPT_USER] != NULL && options->text[TDRI_OPT_PASSWORD] == NULL)
        return tdri_err_set(err, TDREST_EOPTION, "user: expected a password as well; the default one is for the default login");
    if (options->text[TDRI_OPT_TLS_KEY_FILE] != NULL && options->text[TDRI_OPT_TLS_CERT_FILE] == NULL)
        return tdri_err_set(err, TDREST_EOPTION, "tls_key_file: expected tls_cert_file with it");
    return TDREST_OK;
}

static void init(tdrest_options *options, const tdrest_allocator *mem)
{
    memset(options, 0, sizeof *options);
    options->mem = *mem;
    for (int opt = 0; opt < TDRI_OPT_COUNT; opt++)
        note_number(options, (enum tdri_opt)opt);
    tdri_err_reset(&options->err);
}

void tdri_opts_draft(const tdrest_options *options, tdrest_options *draft)
{
    init(draft, &options->mem);
}

void tdri_opts_clear(tdrest_options *options)
{
    for (int opt = 0; opt < TDRI_OPT_COUNT; opt++) {
        tdri_mem_free(&options->mem, options->text[opt]);
        options->text[opt] = NULL;
    }
}

int tdri_opts_merge(tdrest_options *options, tdrest_options *draft, tdrest_error *err)
{
    tdrest_options merged = *options;
    int opt, rc;

    for (opt = 0; opt < TDRI_OPT_COUNT; opt++)
        if (draft->text[opt] != NULL)
            merged.text[opt] = draft->text[opt];
    rc = check_login(&merged, err);
    for (opt = 0; rc == TDREST_OK && opt < TDRI_OPT_COUNT; opt++)
        if (draft->text[opt] != NULL) {
            draft->text[opt] = options->text[opt];
            options->text[opt] = merged.text[opt];
            note_number(options, (enum tdri_opt)opt);
        }
    tdri_opts_clear(draft);
    return rc;
}

int tdri_opts_copy(const tdrest_options *from, tdrest_options **out)
{
    tdrest_options *copy = NULL;
    int opt, rc = tdrest_options_new(&from->mem, &copy);

    for (opt = 0; rc == TDREST_OK && opt < TDRI_OPT_COUNT; opt++)
        if (from->text[opt] != NULL)
            rc = tdri_opts_put(copy, (enum tdri_opt)opt, from->text[opt], strlen(from->text[opt]), &copy->err);
    if (rc == TDREST_OK)
        rc = tdri_opts_copy_headers(from, copy);
    if (rc != TDREST_OK) {
        tdrest_options_free(copy);
        copy = NULL;
    }
    *out = copy;
    return rc;
}

int tdrest_options_new(const tdrest_allocator *allocator, tdrest_options **out)
{
    tdrest_allocator mem;

    *out = NULL;
    if (!tdri_mem_take(allocator, &mem))
        return TDREST_EUSAGE;
    *out = (tdrest_options *)tdri_mem_alloc(&mem, sizeof **out);
    if (*out == NULL)
        return TDREST_ENOMEM;
    init(*out, &mem);
    return TDREST_OK;
}

void tdrest_options_free(tdrest_options *options)
{
    tdrest_allocator mem;

    if (options == NULL)
        return;
    if (options->hosts != NULL)
        options->release_hosts(options->hosts);
    tdri_opts_clear(options);
    tdri_opts_clear_headers(options);
    mem = options->mem;
    tdri_mem_free(&mem, options);
}

int tdrest_options_set(tdrest_options *options, const char *key, const char *value)
{
    int opt;

    tdri_err_reset(&options->err);
    if (key == NULL)
        return tdri_err_set(&options->err, TDREST_EUSAGE, "the key is NULL");
    opt = tdri_opts_find(key, strlen(key));
    if (opt < 0)
        return tdri_opts_unknown(key, strlen(key), &options->err);
    if (value != NULL)
        return tdri_opts_put(options, (enum tdri_opt)opt, value, strlen(value), &options->err);
    tdri_mem_free(&options->mem, options->text[opt]);
    options->text[opt] = NULL;
    note_number(options, (enum tdri_opt)opt);
    return TDREST_OK;
}

const char *tdrest_options_get(const tdrest_options *options, const char *key)
{
    int opt = key == NULL ? -1 : tdri_opts_find(key, strlen(key));

    return opt < 0 ? NULL : tdri_opts_text(options, (enum tdri_opt)opt);
}

void tdrest_options_set_log(tdrest_options *options, tdrest_log_callback *callback, void *context)
{
    options->log = callback;
    options->log_context = context;
}

const tdrest_error *tdrest_options_error(const tdrest_options *options)
{
    return options == NULL ? tdri_err_none() : &options->err;
}

const tdrest_option_info *tdrest_options_get_info(size_t index)
{
    return index < TDRI_OPT_COUNT ? &rows[index].info : NULL;
}
