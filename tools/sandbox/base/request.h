/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One statement, or one body of lines, on its way through the sandbox: what it came with, and what it is answered. */
#ifndef SBX_REQUEST_H
#define SBX_REQUEST_H

#include "value.h"

typedef struct sbx_store sbx_store;

typedef struct sbx_error {
    int code;      /* TDengine's, low 16 bits; 0: none */
    sbx_text desc; /* in the arena */
} sbx_error;

typedef struct sbx_request {
    sbx_arena *arena;
    sbx_store *store;
    sbx_text database;   /* that names without one belong to; len 0: none */
    sbx_zone zone;       /* of naive times and days: conn_tz */
    int64_t now_ns;      /* when it began, since 1970 */
    sbx_text user;
    sbx_error err;
} sbx_request;

/* Sets the error unless there is one already. Returns the code, so that `return sbx_fail(...)` ends a function that gives 0 for success. */
int sbx_fail(sbx_request *request, int code, const char *format, ...) SBX_PRINTF(3, 4);

/* 0x2600 in the words of the server's grammar, from that place of the statement on. */
int sbx_refuse_from(sbx_request *request, sbx_text sql, size_t offset);

/* Of a result. */
typedef struct sbx_field {
    sbx_text name; /* at most 64 bytes are sent */
    sbx_type type;
} sbx_field;

/* An answer: rows, or the number of rows changed (then field_count is 0). */
typedef struct sbx_answer {
    sbx_field *fields;
    size_t field_count;
    sbx_value **rows; /* field_count values each; in the arena */
    size_t row_count;
    int64_t affected;
} sbx_answer;

void sbx_answer_add(sbx_request *request, sbx_answer *answer, sbx_value *row);

/* ---- what the engine does; 0, or the code of request->err ---- */

/* sql: the request's body, trimmed, not empty. Everything that a failed statement did is undone. */
int sbx_sql(sbx_request *request, sbx_text sql, sbx_answer *answer);

/* The statement `use NAME`, as the adapter sends it before others: the name is as written, in backquotes or to be folded. */
int sbx_use(sbx_request *request, sbx_text name);

enum sbx_lines_protocol { SBX_LINE, SBX_TELNET, SBX_OPENTSDB_JSON };

typedef struct sbx_lines_options {
    char unit;               /* SBX_LINE: h m s a (ms) u b (ns) */
    int ttl;                 /* days */
    sbx_text table_name_key; /* len 0: none */
} sbx_lines_options;

/* Schemaless writing; request->database is the name as sbx_use takes it. */
int sbx_lines(sbx_request *request, enum sbx_lines_protocol protocol, sbx_text body, const sbx_lines_options *options);

#endif
