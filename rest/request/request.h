/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * One HTTP request as bytes: method, target, headers and body for every
 * endpoint of the adapter, from options and call. Does no I/O.
 */
#ifndef TDRI_REQUEST_H
#define TDRI_REQUEST_H

#include "config/names.h"
#include "config/options.h"

enum tdri_endpoint {
    TDRI_SQL,             /* POST /rest/sql[/:db] */
    TDRI_VGID,            /* POST /rest/sql/:db/vgid */
    TDRI_UPLOAD,          /* POST /rest/upload?db=&table= */
    TDRI_LOGIN,           /* GET  /rest/login/:user/:password */
    TDRI_INFLUX,          /* POST /influxdb/v1/write?db= */
    TDRI_OPENTSDB_JSON,   /* POST /opentsdb/v1/put/json/:db */
    TDRI_OPENTSDB_TELNET, /* POST /opentsdb/v1/put/telnet/:db */
    TDRI_PING             /* GET  /-/ping */
};

/* Whether an endpoint takes lines, or JSON for points: schemaless data. */
int tdri_endpoint_is_lines(enum tdri_endpoint which);

/* What one call asks for; neutral values (NULL, 0) mean the options' value or nothing. */
typedef struct tdri_request_spec {
    enum tdri_endpoint endpoint;
    const char *database;       /* NULL: the option */
    const char *timezone;       /* NULL: the option; "server": send nothing; "local" must be resolved already */
    int64_t req_id;             /* positive */
    const char *table;          /* TDRI_UPLOAD */
    int precision;              /* TDRI_INFLUX: TDREST_HOUR ... TDREST_NS; 0: none is sent */
    int ttl_days;               /* schemaless; 0: not sent */
    const char *table_name_key; /* schemaless */
    const char *content_type;   /* NULL: the endpoint's own */
    const void *body;           /* borrowed */
    size_t body_len;
} tdri_request_spec;

typedef struct tdri_request {
    enum tdri_endpoint endpoint;
    const char *method; /* "POST", "GET" */
    tdri_buf target;    /* path and query string, secrets included */
    tdri_buf path;      /* for error records and logs: the path without query string; the password of TDRI_LOGIN masked */
    tdri_buf headers;   /* "Name: value" texts, a NUL behind each */
    size_t header_count;
    const void *body;   /* borrowed */
    size_t body_len;
    int64_t req_id;
    char folded[TDRI_DATABASE_MAX + 1];   /* the database as it was asked for, when that has capitals and was sent in lower case; else "" */
} tdri_request;

void tdri_request_init(tdri_request *request, const tdrest_allocator *mem);
void tdri_request_clear(tdri_request *request);

/*
 * TDRI_SQL and the schemaless endpoints carry `app`, TDRI_SQL alone the zone (as conn_tz and as tz, for adapters before 3.3.5.0) and, when the
 * option asks for it, Accept-Encoding: gzip. All carry the headers that the program added. All but TDRI_LOGIN and TDRI_PING carry req_id and credentials; TDRI_LOGIN has them in the path.
 *
 * Fills request, whose buffers are reset first so that a connection can use one again and again.
 * Names of databases: unquoted ones are lower-cased, `quoted` ones keep their case; the path of TDRI_SQL and TDRI_VGID and the upload's db carry
 * the bare name (the server takes it case-sensitively there), the schemaless endpoints the lower-cased bare name or the backquoted one (the server folds unquoted names there).
 * Refused with TDREST_EOPTION or TDREST_EUSAGE in err: CR, LF, NUL in anything that becomes path, query or header; `/`, backquotes, dots, backslashes or an empty
 * database name or more than 64 bytes of it; a user with a colon; an empty password; missing database where the endpoint needs one; a password with `/` for TDRI_LOGIN.
 */
int tdri_request_build(tdri_request *request, const tdrest_options *options, const tdri_request_spec *spec, tdrest_error *err);

/* Asks the server to close the connection behind its answer. TDREST_OK or TDREST_ENOMEM. */
int tdri_request_add_close(tdri_request *request);

/* "http://host:port" of the index-th address, IPv6 in brackets again. TDREST_OK, TDREST_DONE past the end, TDREST_ENOMEM. */
int tdri_request_origin(const tdrest_options *options, size_t index, tdri_buf *out);

#endif
