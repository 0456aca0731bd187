/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What conditions and values, the two halves of the expression parser, have in common. Nobody else needs it. */
#ifndef SBX_PARSE_EXPR_H
#define SBX_PARSE_EXPR_H

#include "parse_state.h"

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
