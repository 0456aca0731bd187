/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * SELECT becomes one statement of SQLite: names are bound to tables, types are found, and each expression is written as SQLite's, with
 * functions of our own where the server has rules of its own. No text of a request ever becomes part of it as it stands: names are numbered,
 * texts are hexadecimal. Private to select/. Functions that can fail answer with NULL or with the code of request->err.
 */
#ifndef SBX_SELECT_H
#define SBX_SELECT_H

#include "../sql/execute.h"
#include "../store/connection.h"

typedef struct sbx_query sbx_query;

/* What an expression is made of. */
enum { SBX_USES_COLUMN = 1, SBX_USES_TAG = 2, SBX_USES_AGGREGATE = 4, SBX_USES_WINDOW = 8 };

/* The times that a condition allows. */
typedef struct sbx_range {
    int64_t from, to;
    int has_from, has_to;
} sbx_range;

/* An expression whose names are resolved, whose type is known, and which is written for SQLite. */
typedef struct sbx_term {
    const sbx_expr *expr;
    sbx_type type;
    sbx_text sql;
    int uses;
    int never_null;
    int is_constant;
    sbx_value value;       /* of a constant */
    int is_column;         /* itself a column, tag or tbname: */
    size_t source, slot;
    int is_member;         /* of a JSON tag */
    int window;            /* 1 _wstart, 2 _wend, 3 _wduration */
    int is_condition;
    sbx_range range;
} sbx_term;

/* A table, or the rows of another SELECT. */
typedef struct sbx_from {
    const sbx_table *table;
    sbx_text sql;            /* of the SELECT, where there is no table */
    const sbx_field *fields; /* columns, then tags */
    size_t column_count;
    size_t tag_count;
    sbx_text name;           /* that its columns may be qualified with */
    int is_system;
} sbx_from;

typedef struct sbx_output {
    sbx_term *term;
    sbx_text name;
    sbx_text alias;
} sbx_output;

typedef enum sbx_aggregate_kind {
    SBX_COUNT, SBX_SUM, SBX_AVG, SBX_MIN, SBX_MAX, SBX_FIRST, SBX_LAST, SBX_LAST_ROW, SBX_SPREAD, SBX_STDDEV
} sbx_aggregate_kind;

/* A clause that names are resolved for: what may stand in it differs. */
enum sbx_clause { SBX_IN_WHERE, SBX_IN_DELETE, SBX_IN_KEYS, SBX_IN_RESULT, SBX_IN_AGGREGATE };

enum { SBX_MAX_SOURCES = 4 };

struct sbx_query {
    sbx_request *request;
    const sbx_select *select;
    sbx_text sql;        /* the statement, for what is refused with a place in it */
    enum sbx_clause clause;
    sbx_from from[SBX_MAX_SOURCES];
    size_t from_count;
    int digits;          /* of its times; 3 without a table */
    /* bound */
    sbx_term *where;
    sbx_output *outputs;
    size_t output_count;
    sbx_term **keys;     /* of PARTITION BY, then GROUP BY */
    size_t key_count;
    sbx_term *having;
    sbx_term **order;    /* by select->order */
    int aggregates;      /* it has some */
    int counts;          /* COUNT is among them */
    int aggregated;      /* rows of the answer are groups or windows */
    int64_t length;      /* of windows, in units of time */
};

/* Refuses what the sandbox does not do, as the server what it does not know: from that place of the statement on. */
int sbx_select_refuse(sbx_query *query, size_t offset);

/* ---- source.c ---- */
int sbx_select_sources(sbx_query *query);
/* FROM and the conditions that belong to it; mode: what of the tables is needed. */
enum sbx_scan { SBX_SCAN_ROWS, SBX_SCAN_TABLES, SBX_SCAN_ALL /* tables without rows too */ };
void sbx_select_from(const sbx_query *query, enum sbx_scan scan, sbx_buf *out);

/* ---- bind.c: expressions to terms ---- */
sbx_term *sbx_bind(sbx_query *query, const sbx_expr *expr);
sbx_term *sbx_term_new(sbx_query *query, const sbx_expr *expr, sbx_type type, sbx_text sql);
/* What it is made of is what its arguments are made of. */
sbx_term *sbx_term_of(sbx_query *query, const sbx_expr *expr, sbx_type type, sbx_text sql, sbx_term *const *args, size_t count);
sbx_term *sbx_term_constant(sbx_query *query, const sbx_expr *expr, sbx_type type, sbx_value value);
sbx_term *sbx_term_column(sbx_query *query, const sbx_expr *expr, size_t source, size_t slot);
/* Where it is: 1; 0, none of that name; -1, several (0x2604 is set), or a table that is not there. */
int sbx_bind_find(sbx_query *query, sbx_text table, sbx_text name, size_t *source, size_t *slot);
int sbx_bind_qualifier(sbx_query *query, sbx_text table);
sbx_term *sbx_select_failed(sbx_query *query, int code, const char *format, ...) SBX_PRINTF(3, 4);

/* ---- operator.c, condition.c, cast.c ---- */
sbx_term *sbx_bind_operator(sbx_query *query, const sbx_expr *expr, sbx_term **args);
sbx_term *sbx_bind_condition(sbx_query *query, const sbx_expr *expr, sbx_term **args);
sbx_term *sbx_bind_cast(sbx_query *query, const sbx_expr *expr, const sbx_term *arg);
sbx_term *sbx_invalid_operation(sbx_query *query);
/* As a floating number of SQLite's. */
sbx_text sbx_real_sql(sbx_query *query, const sbx_term *term);

/* ---- call.c, aggregate.c ---- */
sbx_term *sbx_bind_call(sbx_query *query, const sbx_expr *expr);
int sbx_aggregate_find(sbx_text name, sbx_aggregate_kind *kind);
sbx_term *sbx_bind_aggregate(sbx_query *query, const sbx_expr *expr, sbx_aggregate_kind kind);

/* ---- clause.c: outputs, keys, orders, and what may stand beside what ---- */
int sbx_select_clauses(sbx_query *query);

/* ---- window.c ---- */
int sbx_window_check(sbx_query *query);
/* The begin of the window that holds a time. */
int64_t sbx_window_start(int64_t time, int64_t length);
sbx_text sbx_window_start_sql(const sbx_query *query);
/* Puts windows without rows among those of the answer, whose first column is where each begins. */
int sbx_window_fill(sbx_query *query, sbx_answer *answer, sbx_value **starts);

/* ---- build.c, run.c ---- */
/* Checked and written: the statement, whose columns are c0 c1 ..., and their types. */
int sbx_select_nested(sbx_request *request, sbx_text sql, const sbx_select *select, sbx_from *out);

/* ---- function.c, function_aggregate.c, function_json.c: what SQLite calls ---- */
int sbx_select_functions(sqlite3 *connection, sbx_store *store);
/* Values on their way into SQLite as text of its language, and back. */
sbx_text sbx_value_sql(sbx_arena *arena, const sbx_value *value);
/* Each byte as a character of its own. */
sbx_text sbx_bytes_apart(sbx_arena *arena, sbx_text text);

/* ---- what the files of SQLite's functions share ---- */

typedef struct sbx_sql_function {
    const char *name;
    int args;
    void (*call)(sqlite3_context *context, sqlite3_value **args);
} sbx_sql_function;

int sbx_add_functions(sqlite3 *connection, sbx_store *store, const sbx_sql_function *list, size_t count);
int sbx_add_json_functions(sqlite3 *connection, sbx_store *store); /* function_json.c */
int sbx_add_aggregates(sqlite3 *connection);                       /* function_aggregate.c */
/* The request whose statement calls the function. */
sbx_request *sbx_function_request(sqlite3_context *context);
/* Bytes of a text or blob; they are in the value. */
sbx_text sbx_function_text(sqlite3_value *value);

#endif
