/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What the parts of the parser share: the next token, names, numbers, the error at the token that does not fit. Its functions give 1 for
 * success and 0, or NULL, for failure, with the request's error set; the first error wins, so that callers only pass it on.
 */
#ifndef SBX_PARSE_STATE_H
#define SBX_PARSE_STATE_H

#include "../base/bounds.h"
#include "ast.h"

typedef struct sbx_parser {
    sbx_request *request;
    sbx_text sql;
    size_t pos;      /* behind the next token */
    sbx_token token; /* the next one; comments but hints are passed over */
    size_t behind;   /* the end of the one before */
    int depth;       /* of expressions in expressions */
    int nested;      /* SELECTs in brackets */
} sbx_parser;

/* ---- tokens ---- */

void sbx_p_next(sbx_parser *p);
int sbx_p_fail(sbx_parser *p); /* the next token does not fit: 0 */
int sbx_p_is(const sbx_parser *p, const char *word_or_symbol);
int sbx_p_is_end(const sbx_parser *p); /* or a semicolon */
int sbx_p_take(sbx_parser *p, const char *word_or_symbol); /* 1 when it was there */
int sbx_p_expect(sbx_parser *p, const char *word_or_symbol);

/* ---- names and values ---- */

int sbx_p_is_name(const sbx_parser *p);
int sbx_p_name(sbx_parser *p, size_t max_bytes, sbx_text *out);
int sbx_p_column(sbx_parser *p, sbx_text *out); /* in an expression, where it may also be a word with bytes of UTF-8 */
int sbx_p_table(sbx_parser *p, sbx_name *out); /* table, database.table: 0x2616 where there is no database for it */
int sbx_p_names(sbx_parser *p, sbx_text **out, size_t *count); /* (column, column) */
int sbx_p_alias(sbx_parser *p, sbx_text *out);  /* [AS] alias of a column; len 0 when there is none */
int sbx_p_integer(sbx_parser *p, int64_t *out); /* without a sign; saturates */
int sbx_p_string(sbx_parser *p, sbx_text *out);
int sbx_p_duration(sbx_parser *p, sbx_duration *out); /* 10s, '10s' */
int sbx_p_if_exists(sbx_parser *p, int *out); /* [IF EXISTS] */
int sbx_p_if_not_exists(sbx_parser *p, int *out);

/* ---- expressions ---- */

sbx_expr *sbx_p_expression(sbx_parser *p); /* a value: no comparison, no AND */
sbx_expr *sbx_p_condition(sbx_parser *p);  /* either */
int sbx_p_expressions(sbx_parser *p, sbx_expr ***list, size_t *count); /* a, b, c */
/* * and table.*; NULL without an error when there is no star. */
sbx_expr *sbx_p_star(sbx_parser *p);

/* ---- types ---- */

/* without_length: CAST may say VARCHAR alone, whose length is 0. */
int sbx_p_type(sbx_parser *p, int without_length, sbx_type *out);

/* NAME TYPE. options: ENCODE 'x' COMPRESS 'x' LEVEL 'x' may follow, which mean nothing to the sandbox. */
int sbx_p_definition(sbx_parser *p, int options, sbx_column_def *out);
/* The value of a tag: looked at for its form only, since its type is not known here. */
int sbx_p_tag_value(sbx_parser *p);

/* ---- statements: from behind the words that tell them apart ---- */

int sbx_p_select(sbx_parser *p, sbx_statement *statement); /* from the word itself */
int sbx_p_create_database(sbx_parser *p, sbx_statement *statement);
int sbx_p_create_table(sbx_parser *p, sbx_statement *statement);
int sbx_p_create_stable(sbx_parser *p, sbx_statement *statement);
int sbx_p_drop(sbx_parser *p, sbx_statement *statement);
int sbx_p_alter_database(sbx_parser *p, sbx_statement *statement);
int sbx_p_alter_table(sbx_parser *p, sbx_statement *statement);
int sbx_p_show(sbx_parser *p, sbx_statement *statement);
int sbx_p_create_user(sbx_parser *p, sbx_statement *statement);
int sbx_p_alter_user(sbx_parser *p, sbx_statement *statement);
int sbx_p_drop_user(sbx_parser *p, sbx_statement *statement);
int sbx_p_grant(sbx_parser *p, sbx_statement *statement);

/* ---- what conditions and values, the two halves of the expression parser, have in common ---- */

sbx_expr *sbx_p_new(sbx_parser *p, sbx_expr_kind kind);
/* child becomes the last argument. 0 when it is NULL, or the tree becomes too high. */
int sbx_p_adopt(sbx_parser *p, sbx_expr *expr, sbx_expr *child);
/* Its text reaches from begin to the token before the next one. Returns expr. */
sbx_expr *sbx_p_span(sbx_parser *p, sbx_expr *expr, size_t begin);

/* A comparison and the like: what a WHERE takes, and a function does not. */
int sbx_p_is_condition(const sbx_expr *expr);
/* A value, or a condition in brackets. */
sbx_expr *sbx_p_either(sbx_parser *p);
/* A literal with its sign. */
sbx_expr *sbx_p_literal(sbx_parser *p);

#endif
