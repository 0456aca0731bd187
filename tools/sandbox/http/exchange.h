/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * One HTTP request and its reply, for http.c and what decides what is answered. Knows nothing of sockets: http.c fills in what
 * came and sends what stands in the reply.
 */
#ifndef SBX_EXCHANGE_H
#define SBX_EXCHANGE_H

#include "http.h"
#include "../base/memory.h"

/* ---- the request target (params.c) ---- */

typedef struct sbx_param {
    sbx_text name;
    sbx_text value;
} sbx_param;

typedef struct sbx_target {
    sbx_text path;  /* percent signs decoded: it may hold any byte */
    sbx_text query; /* as sent, with its "?"; len 0: none */
    sbx_param *params;
    size_t param_count;
} sbx_target;

/* 0: the path has a percent sign that encodes nothing. Pairs of the query that cannot be read are dropped, as Go does. */
int sbx_target_parse(sbx_arena *arena, sbx_text raw, sbx_target *target);
/* The first parameter of that name; len 0 when there is none or it is empty. */
sbx_text sbx_param_get(const sbx_target *target, const char *name);
int sbx_param_has(const sbx_target *target, const char *name);

/* ---- numbers as Go reads them (params.c): 1; else 0, and why says `strconv.ParseInt: parsing "x": invalid syntax` ---- */

int sbx_parse_int(sbx_text text, const char *function, int64_t *out, sbx_buf *why);
int sbx_parse_uint(sbx_text text, uint64_t *out, sbx_buf *why);
int sbx_parse_bool(sbx_text text, int *out, sbx_buf *why);

/* ---- who asks (auth.c) ---- */

typedef struct sbx_login {
    sbx_text user;
    sbx_text password;
    int bearer; /* a token of the server's own, of which the sandbox knows none */
} sbx_login;

/* Bytes of base64; 0, and at is the offset of what does not fit. */
int sbx_base64_decode(sbx_arena *arena, sbx_text text, sbx_text *out, size_t *at);
sbx_text sbx_base64_encode(sbx_arena *arena, sbx_text bytes);

/* What the header of /rest says: 0, or the adapter's code, the text of which is in desc. */
int sbx_login_of_header(sbx_arena *arena, sbx_text header, int has_token_parameter, sbx_login *login, const char **desc);
/* `user:password` in base64. 1; else 0 and Go's text of the reason. */
int sbx_login_of_basic(sbx_arena *arena, sbx_text encoded, sbx_login *login, sbx_text *why);
/* As the server sees it: 0, or the code of request->err. */
int sbx_login_check(const sbx_login *login, sbx_request *request);

/* The token of /rest/login: user and password under a key that is the same everywhere (token.c). */
enum { SBX_TOKEN_USER_BYTES = 24 };
sbx_text sbx_token_of(sbx_arena *arena, const sbx_login *login);
/* 0 when it is none. */
int sbx_token_login(sbx_arena *arena, sbx_text token, sbx_login *login);

/* ---- gzip (gzip.c) ---- */

typedef enum sbx_gunzip_result { SBX_GUNZIP_OK, SBX_GUNZIP_NOT_GZIP, SBX_GUNZIP_DAMAGED } sbx_gunzip_result;

enum { SBX_MAX_BODY = 64 * 1024 * 1024 };

/* All members; out holds what could be read. why: Go's text. */
sbx_gunzip_result sbx_gunzip(const sbx_buf *in, sbx_buf *out, const char **why);
void sbx_gzip(const sbx_buf *in, sbx_buf *out);

/* ---- faults on demand (fault.c) ---- */

typedef struct sbx_fault {
    int64_t drop_after; /* bytes of the body; -1: all are sent, likewise below */
    int64_t truncate;
    int64_t stall_at;
    int stall_ms;
    int delay_ms;
    int status;         /* 0: that of the reply */
    int port;           /* the address that changes its manner; 0: none */
    sbx_manner manner;
    int manner_ms;      /* 0: until it is changed again */
} sbx_fault;

/* "drop-after=N, status=N"; 1, or 0 and what was expected. header len 0: none. */
int sbx_fault_parse(const sbx_settings *settings, sbx_text header, sbx_fault *fault, sbx_buf *why);

/* ---- the exchange ---- */

typedef enum sbx_endpoint {
    SBX_AT_NOWHERE,
    SBX_AT_SQL,
    SBX_AT_LOGIN,
    SBX_AT_PING,
    SBX_AT_INFLUX,
    SBX_AT_TELNET,
    SBX_AT_OPENTSDB
} sbx_endpoint;

typedef struct sbx_reply {
    int status;          /* 0: not decided yet */
    const char *type;    /* NULL: no Content-Type */
    sbx_text location;
    sbx_buf body;
    int chunked;         /* else with Content-Length */
    int close;
    int plain;           /* is never compressed */
    int encoded;         /* Content-Encoding: gzip */
    size_t stray;        /* bytes at the body's end that are a chunk of their own */
} sbx_reply;

typedef struct sbx_exchange {
    const sbx_settings *settings;
    sbx_store *store;
    sbx_arena *arena;

    /* what came */
    const char *method;  /* NULL: its head is not read yet */
    sbx_text raw;        /* the target as sent */
    sbx_text authorization;
    sbx_text accept_encoding;
    sbx_text content_encoding;
    sbx_text expect;
    sbx_text fault_header;
    int from_elsewhere;  /* has an Origin */
    int malformed;       /* no Host, or two lengths */
    int64_t began_ns;    /* monotonic */
    int64_t now_ns;      /* since 1970 */
    sbx_buf body;
    int too_long;
    int unzipped;        /* the body was in gzip */
    const char *damage;  /* why the body could not be read; NULL: it was */

    /* what it was read as */
    int head_done;
    sbx_target target;
    sbx_endpoint endpoint;
    const char *pattern; /* of the endpoint: a path without passwords */
    sbx_text args[2];    /* :db, or :user and :password */
    sbx_login login;
    sbx_zone zone;       /* of naive literals */
    sbx_zone shown;      /* of rendered times */
    int objects;         /* rows as objects */
    int ttl;

    int code;            /* TDengine's, for the log; 0: success */
    sbx_reply reply;
    sbx_fault fault;
} sbx_exchange;

/* The body is in gzip, so that nothing can be decided before it is there. */
int sbx_exchange_waits(const sbx_exchange *exchange);
/* Decides what can be decided without the body: the reply's status stays 0 when the body is needed. */
void sbx_exchange_head(sbx_exchange *exchange);
/* With the body: runs what is asked, unless it is answered already, and finishes the reply. */
void sbx_exchange_run(sbx_exchange *exchange);
/* Compresses and cuts the reply as it is to be sent. */
void sbx_exchange_finish(sbx_exchange *exchange);
/* A line of the log. */
void sbx_exchange_tell(const sbx_exchange *exchange);

/* A request for the engine. */
sbx_request sbx_exchange_request(const sbx_exchange *exchange);
int64_t sbx_monotonic_ns(void);

/* The endpoint and its arguments, or the reply: 404, 301, 307 (route.c). */
void sbx_route(sbx_exchange *exchange);

/* /rest/... (rest.c) */
void sbx_rest_head(sbx_exchange *exchange);
void sbx_rest_run(sbx_exchange *exchange);
/* /influxdb and /opentsdb (schemaless.c) */
void sbx_schemaless_head(sbx_exchange *exchange);
void sbx_schemaless_run(sbx_exchange *exchange);

/* ---- replies (body.c) ---- */

void sbx_reply_empty(sbx_reply *reply, int status);
void sbx_reply_text(sbx_reply *reply, int status, const char *type, const char *text);
/* {"code":...,"desc":...,"timing":...} */
void sbx_reply_error(sbx_exchange *exchange, int status, int code, sbx_text desc);
/* A statement's success; everything but the members behind "rows". */
void sbx_body_answer(sbx_buf *out, sbx_arena *arena, const sbx_answer *answer, int objects, const sbx_zone *zone);

#endif
