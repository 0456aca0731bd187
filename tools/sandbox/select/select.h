/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What the parts of SELECT share: expressions bound to their columns, the query on its way from rows to answer. Private to select*.c.
 * Functions that can fail answer with NULL or with the code of request->err; evaluating sets request->err and gives NULL.
 */
#ifndef SBX_SELECT_H
#define SBX_SELECT_H

#include <regex.h>

#include "../sql/execute.h"

typedef struct sbx_node sbx_node;
typedef struct sbx_query sbx_query;

/* What an expression is computed from; what there is none of is NULL. */
typedef struct sbx_scope {
    sbx_query *query;
    const sbx_value *row;        /* columns, tags, tbname */
    const sbx_value *aggregates; /* by slot */
    const sbx_value *window;     /* start, end, duration */
} sbx_scope;

typedef void sbx_eval(const sbx_scope *scope, const sbx_node *node, sbx_value *out);

typedef enum sbx_node_kind {
    SBX_N_CONSTANT,
    SBX_N_COLUMN,    /* slot: of the row */
    SBX_N_WINDOW,    /* slot: 0 start, 1 end, 2 duration */
    SBX_N_AGGREGATE, /* slot: of the aggregates */
    SBX_N_COMPUTED   /* eval, from args */
} sbx_node_kind;

/* An expression whose names are resolved and whose type is known. */
struct sbx_node {
    sbx_node_kind kind;
    const sbx_expr *expr;
    sbx_type type;
    sbx_eval *eval;
    sbx_value value;       /* of a constant */
    size_t slot;
    char op;
    int negated;
    sbx_duration duration; /* of a constant that was written as one; count 0: none */
    const regex_t *pattern;
    sbx_node **args;
    size_t arg_count;
};

typedef enum sbx_aggregate_kind {
    SBX_COUNT, SBX_SUM, SBX_AVG, SBX_MIN, SBX_MAX, SBX_FIRST, SBX_LAST, SBX_LAST_ROW, SBX_SPREAD, SBX_STDDEV
} sbx_aggregate_kind;

typedef struct sbx_aggregate {
    sbx_aggregate_kind kind;
    sbx_node *arg; /* NULL: count(*) */
    sbx_type type;
} sbx_aggregate;

/* A column of the answer. */
typedef struct sbx_output {
    sbx_node *node;
    sbx_text name;
    sbx_text alias;
} sbx_output;

/* What one row of the answer is computed from: a row, or what a group or window came to. */
typedef struct sbx_unit {
    const sbx_value *row;
    const sbx_value *aggregates;
    const sbx_value *window;
    size_t group;
    sbx_value *cells; /* by output; NULL until they are computed, as are keys */
    sbx_value *keys;  /* to order by */
} sbx_unit;

typedef struct sbx_group {
    const sbx_value **rows;
    size_t row_count;
} sbx_group;

typedef struct sbx_pattern {
    struct sbx_pattern *next;
    regex_t compiled;
} sbx_pattern;

/* A clause that names are resolved for: what may stand in it differs. */
enum sbx_clause { SBX_IN_WHERE, SBX_IN_KEYS, SBX_IN_RESULT, SBX_IN_AGGREGATE };

struct sbx_query {
    sbx_request *request;
    const sbx_select *select;
    enum sbx_clause clause;

    /* the source */
    const sbx_table *table;  /* NULL: a system table, or none */
    const sbx_answer *system;
    const sbx_field *fields; /* columns, then tags */
    size_t column_count;
    size_t tag_count;
    int digits;              /* of its times; 3 without a table */

    /* the statement, bound */
    sbx_node *where;
    sbx_output *outputs;
    size_t output_count;
    sbx_node **keys;         /* of PARTITION BY, then GROUP BY */
    size_t key_count;
    sbx_node *having;
    sbx_node **order;        /* by select->order */
    sbx_aggregate *aggregates;
    size_t aggregate_count;
    int aggregated;          /* rows of the answer are groups or windows */
    size_t picked;           /* slot of the aggregate whose row gives the plain columns; SIZE_MAX: none */
    int64_t from, to;        /* times that WHERE allows */
    int bounded;             /* it names both */
    int64_t length, step, shift; /* of windows, in units of time; 0 where they go by months */
    sbx_value *fill_values;  /* FILL(VALUE): by output */

    /* on the way */
    const sbx_value **rows;
    size_t row_count;
    sbx_group *groups;
    size_t group_count;
    sbx_unit *units;
    size_t unit_count;
    sbx_pattern *patterns;   /* of the heap: to be freed */
};

/* ---- select_scan.c: the table and its rows ---- */

int sbx_select_source(sbx_query *query);
/* The range of time in WHERE; then the rows that WHERE lets through. */
void sbx_select_range(sbx_query *query);
int sbx_select_scan(sbx_query *query);
/* What a row has: columns, tags, tbname. */
size_t sbx_select_width(const sbx_query *query);

/* ---- select_bind.c: names to nodes ---- */

sbx_node *sbx_bind(sbx_query *query, const sbx_expr *expr);
sbx_node *sbx_node_new(sbx_query *query, const sbx_expr *expr, sbx_node_kind kind, sbx_type type);
sbx_node *sbx_bind_column(sbx_query *query, const sbx_expr *expr, size_t slot);
sbx_node *sbx_bind_constant(sbx_query *query, const sbx_expr *expr, sbx_type type, sbx_value value);
/* -1: none of that name. tbname is the last. */
long sbx_bind_find(const sbx_query *query, sbx_text name);
int sbx_bind_qualifier(sbx_query *query, sbx_text table);
int sbx_node_equal(const sbx_node *a, const sbx_node *b);
int sbx_node_has(const sbx_node *node, sbx_node_kind kind); /* in itself or in what it is computed from */
/* The first column, tags aside, that it is computed from; NULL: none. */
const sbx_node *sbx_node_column(const sbx_query *query, const sbx_node *node);
void sbx_node_value(const sbx_scope *scope, const sbx_node *node, sbx_value *out);

/* ---- select_check.c: outputs, keys, orders, and what may stand beside what ---- */

int sbx_select_check(sbx_query *query);

/* ---- select_type.c: what operators accept, give, and are evaluated by ---- */

int sbx_type_operator(sbx_query *query, sbx_node *node);

/* ---- select_eval.c, select_decimal.c, select_compare.c, select_match.c: operators ---- */

sbx_eval sbx_eval_arithmetic, sbx_eval_bits, sbx_eval_moment, sbx_eval_negate, sbx_eval_not, sbx_eval_and, sbx_eval_or, sbx_eval_is_null;
sbx_eval sbx_eval_member, sbx_eval_contains;
/* 1 true, 0 false, -1 unknown. */
int sbx_truth(const sbx_value *value);
void sbx_set_truth(sbx_value *out, int truth);
sbx_eval sbx_eval_decimal;
/* 0: no such type for these operands. */
int sbx_decimal_result(const sbx_type *a, const sbx_type *b, char op, sbx_type *out);

sbx_eval sbx_eval_compare, sbx_eval_in, sbx_eval_between;
/* Makes constants into values of the type that they are compared with. */
int sbx_compare_check(sbx_query *query, sbx_node **a, sbx_node **b);
/* 1 and -1, 0, 1 in *order; 0 when one is NULL or they cannot be compared. */
int sbx_compare_values(const sbx_query *query, const sbx_value *a, const sbx_value *b, int *order);

sbx_eval sbx_eval_like, sbx_eval_match;
int sbx_match_compile(sbx_query *query, sbx_node *node);
void sbx_match_free(sbx_query *query);

/* ---- select_cast.c: values of one type as those of another ---- */

sbx_node *sbx_bind_cast(sbx_query *query, const sbx_expr *expr, sbx_node *arg);
void sbx_cast(const sbx_query *query, const sbx_value *value, const sbx_type *type, sbx_value *out);
/* The number that a text begins with: BIGINT, BIGINT UNSIGNED, else DOUBLE. 0: it is not all a number. */
int sbx_text_number(sbx_text text, sbx_value *out);

/* ---- select_call.c, select_text.c, select_time.c: functions ---- */

typedef struct sbx_function {
    const char *name;
    size_t min_args, max_args;
    int (*bind)(sbx_query *query, sbx_node *node); /* checks the args, sets type and eval */
} sbx_function;

/* Times by the clocks of the request's zone, as if it were UTC, and back. Beyond the ends of time: the end. */
int64_t sbx_time_to_local(const sbx_query *query, int64_t time);
int64_t sbx_time_from_local(const sbx_query *query, int64_t local);
int64_t sbx_time_plus(int64_t a, int64_t b);
int64_t sbx_time_times(int64_t a, int64_t b);
int64_t sbx_time_floor(int64_t time, int64_t step);

/* The families, each ended by one without a name. */
extern const sbx_function SBX_TEXT_FUNCTIONS[], SBX_TIME_FUNCTIONS[];

/* Binds the call that the node is, its args bound: 0x264D for a function that there is not. */
int sbx_call_bind(sbx_query *query, sbx_node *node);
int sbx_call_type_error(sbx_query *query, const sbx_node *node);
int sbx_call_value_error(sbx_query *query, const sbx_node *node);
/* Make the call a constant. */
int sbx_call_constant(sbx_node *node, sbx_type type, sbx_value value);
int sbx_call_text(sbx_node *node, sbx_text text);

/* ---- select_aggregate.c ---- */

int sbx_aggregate_find(sbx_text name, sbx_aggregate_kind *kind);
/* Sets the type of the result by that of the argument. */
int sbx_aggregate_check(sbx_query *query, sbx_aggregate *aggregate, const sbx_expr *expr);
/* All of them over these rows; *picked is the row that query->picked took. */
int sbx_aggregate_rows(sbx_query *query, const sbx_value **rows, size_t count, sbx_value *out, const sbx_value **picked);

/* ---- select_group.c, select_window.c, select_fill.c: rows to units ---- */

int sbx_select_group(sbx_query *query);
int sbx_select_units(sbx_query *query);
void sbx_unit_add(sbx_query *query, sbx_unit unit);
/* A unit over these rows, which belong to a group. */
int sbx_unit_over(sbx_query *query, size_t group, const sbx_value **rows, size_t count, const sbx_value *window);

int sbx_window_check(sbx_query *query);
int sbx_window_units(sbx_query *query, size_t group);
/* The begin of the first window that holds time; of the one behind: not later when there is none. */
int64_t sbx_window_first(const sbx_query *query, int64_t time);
int64_t sbx_window_next(const sbx_query *query, int64_t start);
/* Start, end, duration. */
const sbx_value *sbx_window_values(const sbx_query *query, int64_t start);

/* When the range of time is known. */
int sbx_fill_check(sbx_query *query);
/* Puts windows without rows among the units of the group, which begin at `begin`. */
int sbx_fill_units(sbx_query *query, size_t group, size_t begin);
/* Puts into the cells of all units what FILL gives them. */
void sbx_fill_cells(sbx_query *query);

/* ---- select_tools.c ---- */

/* A set of rows of values, numbered in the order of their coming. */
typedef struct sbx_rowset sbx_rowset;

sbx_rowset *sbx_rowset_new(sbx_arena *arena);
/* Its number. */
size_t sbx_rowset_add(sbx_rowset *set, const sbx_value *values, size_t count);

/* Stable. */
typedef int sbx_order_function(const void *context, const void *a, const void *b);
void sbx_sort(sbx_arena *arena, const void **items, size_t count, sbx_order_function *order, const void *context);

/* ---- select_order.c: units to the answer's rows ---- */

int sbx_select_answer(sbx_query *query, sbx_answer *answer);

#endif
