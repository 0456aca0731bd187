/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Conditions. What is compared with NULL is false, not unknown, and NOT makes it true; constants are made fit for what they are compared with
 * beforehand. AND and OR are SQLite's, and so are comparisons of numbers and bytes.
 */
#include "../base/memory.h"
#include "../insert/literal.h"
#include "select.h"

#include <stdlib.h>
#include <string.h>

static sbx_term *condition(sbx_query *query, const sbx_expr *expr, sbx_text sql, sbx_term *const *args, size_t count)
{
    sbx_term *term = sbx_term_of(query, expr, sbx_type_fixed(SBX_BOOL, 0), sql, args, count);

    term->never_null = 1;
    term->is_condition = 1;
    return term;
}

static sbx_term *indefinite(sbx_query *query)
{
    return sbx_select_failed(query, 0x2655, "The DELETE statement must only have a definite time window range");
}

static int is_null(const sbx_term *term)
{
    return term->is_constant && term->value.type == SBX_NULL;
}

/* ---- constants ---- */

static sbx_term *as(sbx_query *query, const sbx_term *term, sbx_type type, sbx_value value)
{
    return sbx_term_constant(query, term->expr, type, value);
}

/* In DELETE what cannot be read compares with nothing. */
static sbx_term *unreadable(sbx_query *query, const sbx_term *other, const sbx_term *term, int code, const char *text)
{
    if (query->clause == SBX_IN_DELETE && (other->uses & SBX_USES_TAG) != 0)
        return as(query, term, other->type, SBX_NO_VALUE);
    return sbx_select_failed(query, code, "%s", text);
}

static sbx_term *as_time(sbx_query *query, const sbx_term *other, const sbx_term *term)
{
    sbx_value time = {SBX_TIMESTAMP, other->type.precision, {0}};

    if (!sbx_time_parse(term->value.as.s, other->type.precision, &query->request->zone, &time.as.i))
        return unreadable(query, other, term, 0x0127, "Invalid timestamp format");
    return as(query, term, other->type, time);
}

/* '\x7f8290' as in INSERT; other text is its bytes. */
static sbx_term *as_bytes(sbx_query *query, const sbx_term *other, const sbx_term *term)
{
    sbx_text text = term->value.as.s, bytes = text;

    if (text.len >= 2 && text.p[0] == '\\' && text.p[1] == 'x' && !sbx_unhex(query->request->arena, (sbx_text){text.p + 2, text.len - 2}, &bytes))
        return unreadable(query, other, term, 0x266A, "Invalid varbinary value");
    return as(query, term, other->type, (sbx_value){SBX_VARBINARY, 0, {.s = bytes}});
}

static sbx_term *as_geometry(sbx_query *query, const sbx_term *other, const sbx_term *term)
{
    const char *reason;
    sbx_value value = {SBX_GEOMETRY, 0, {0}};

    if (!sbx_geometry(query->request->arena, term->value.as.s, &value.as.s, &reason))
        return sbx_invalid_operation(query);
    return as(query, term, other->type, value);
}

/* The number that a text begins with, 0 when it begins with none. */
static sbx_term *as_number(sbx_query *query, const sbx_term *other, const sbx_term *term)
{
    const char *text = sbx_copy(query->request->arena, term->value.as.s.p, term->value.as.s.len).p;
    sbx_value value = {SBX_BIGINT, 0, {.i = strtoll(text, NULL, 10)}};

    if (sbx_type_is_unsigned(other->type.id))
        value = (sbx_value){SBX_UBIGINT, 0, {.u = strtoull(text, NULL, 10)}};
    else if (!sbx_type_is_integer(other->type.id) && other->type.id != SBX_BOOL)
        value = (sbx_value){SBX_DOUBLE, 0, {.d = strtod(text, NULL)}};
    return as(query, term, sbx_type_fixed(value.type, 0), value);
}

static int is_quantity(sbx_type_id id)
{
    return sbx_type_is_number(id) || id == SBX_BOOL || id == SBX_TIMESTAMP;
}

/* A constant as a value that the other side can be compared with. */
static sbx_term *fit(sbx_query *query, const sbx_term *other, sbx_term *term)
{
    int is_text = term->is_constant && term->value.type == SBX_VARCHAR;

    if (!is_text || other->is_member)
        return term;
    if (other->type.id == SBX_TIMESTAMP)
        return as_time(query, other, term);
    if (other->type.id == SBX_VARBINARY)
        return as_bytes(query, other, term);
    if (other->type.id == SBX_GEOMETRY)
        return as_geometry(query, other, term);
    return is_quantity(other->type.id) ? as_number(query, other, term) : term;
}

/* ---- both sides ---- */

static int is_floating(sbx_type_id id)
{
    return id == SBX_FLOAT || id == SBX_DOUBLE || id == SBX_DECIMAL;
}

static int is_text_column(const sbx_term *term)
{
    return sbx_type_is_text(term->type.id) && !is_null(term);
}

/* A side as SQLite compares it rightly: 64 bits beside a fraction, DECIMAL and text beside a number are doubles; FLOAT makes a float of a DOUBLE. */
static sbx_text side(sbx_query *query, const sbx_term *term, const sbx_term *other, int exact)
{
    sbx_type_id id = term->type.id;

    if (id == SBX_DECIMAL || (is_text_column(term) && is_quantity(other->type.id)))
        return sbx_real_sql(query, term);
    if ((id == SBX_BIGINT || id == SBX_UBIGINT) && is_floating(other->type.id))
        return sbx_real_sql(query, term);
    if (id == SBX_DOUBLE && other->type.id == SBX_FLOAT && !exact)
        return sbx_format(query->request->arena, "to_float(%.*s)", (int)term->sql.len, term->sql.p);
    return term->sql;
}

/* 0: they cannot be compared, and the error is set. */
static int are_comparable(sbx_query *query, const sbx_term *a, const sbx_term *b)
{
    int a_bytes = is_text_column(a) || a->type.id == SBX_VARBINARY, b_bytes = is_text_column(b) || b->type.id == SBX_VARBINARY;

    if ((a->type.id == SBX_JSON && !a->is_member) || (b->type.id == SBX_JSON && !b->is_member))
        return sbx_select_failed(query, 0x072D, "Json not support in this place") != NULL;
    if (is_null(a) || is_null(b) || (is_quantity(a->type.id) && is_quantity(b->type.id)) || (a_bytes && b_bytes))
        return 1;
    if ((is_text_column(a) && is_quantity(b->type.id)) || (is_text_column(b) && is_quantity(a->type.id)))
        return 1;
    if (query->clause == SBX_IN_DELETE)
        return 1; /* it holds for nothing */
    return a->type.id == b->type.id ? 1 : sbx_invalid_operation(query) != NULL;
}

static sbx_text test(sbx_query *query, const sbx_term *a, const char *op, const sbx_term *b, int exact)
{
    sbx_text x = side(query, a, b, exact), y = side(query, b, a, exact);
    int known = a->never_null && b->never_null;

    return sbx_format(query->request->arena, "%s(%.*s %s %.*s%s)", known ? "" : "ifnull", (int)x.len, x.p, op, (int)y.len, y.p, known ? "" : ",0");
}

static const char *sign_of(char op)
{
    static const char letters[] = "=n<>lg";
    static const char *const signs[] = {"=", "<>", "<", ">", "<=", ">="};

    return signs[strchr(letters, op) - letters];
}

/* A member of a JSON tag compares with constants of its own kind alone. */
static sbx_term *compare_member(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    const sbx_term *other = args[1];
    const char *kind = sbx_type_is_text(other->type.id) ? "text" : other->type.id == SBX_BOOL ? "truth" : "number";

    if (!other->is_constant)
        return sbx_invalid_operation(query);
    return condition(query, expr, sbx_format(query->request->arena, "ifnull(json_%s(%.*s) %s %.*s,0)", kind, (int)args[0]->sql.len, args[0]->sql.p,
                                             sign_of(expr->op), (int)other->sql.len, other->sql.p), args, 2);
}

/* ---- the range of time ---- */

static int is_time(const sbx_query *query, const sbx_term *term)
{
    return term->is_column && term->slot == 0 && query->from[term->source].table != NULL;
}

static void narrow(sbx_range *range, char op, int64_t time)
{
    if (op == '=' || op == '>' || op == 'g') {
        range->has_from = 1;
        range->from = op == '>' && time != INT64_MAX ? time + 1 : time;
    }
    if (op == '=' || op == '<' || op == 'l') {
        range->has_to = 1;
        range->to = op == '<' && time != INT64_MIN ? time - 1 : time;
    }
}

static sbx_range both_ranges(const sbx_range *a, const sbx_range *b)
{
    return (sbx_range){a->from > b->from ? a->from : b->from, a->to < b->to ? a->to : b->to, a->has_from || b->has_from, a->has_to || b->has_to};
}

static char mirrored(char op)
{
    static const char ops[] = "<>gl", turned[] = "><lg";
    const char *at = strchr(ops, op);

    return at == NULL ? op : turned[at - ops];
}

static int is_moment(const sbx_term *term)
{
    return term->is_constant && (term->value.type == SBX_TIMESTAMP || term->value.type == SBX_BIGINT);
}

/* The server counts on from the last time there is to the first. */
static sbx_text wrapped(sbx_query *query, const sbx_term *time, char op, const sbx_term *moment)
{
    int64_t bound = (int64_t)((uint64_t)moment->value.as.i + (op == '>' ? 1 : (uint64_t)-1));

    return sbx_format(query->request->arena, "(%.*s %s %lld)", (int)time->sql.len, time->sql.p, op == '>' ? ">=" : "<=", (long long)bound);
}

static sbx_term *compare(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    sbx_term *term;
    int turned;

    if (args[0]->is_member)
        return compare_member(query, expr, args);
    args[0] = fit(query, args[1], args[0]);
    args[1] = args[0] == NULL ? NULL : fit(query, args[0], args[1]);
    if (args[1] == NULL || !are_comparable(query, args[0], args[1]))
        return NULL;
    turned = is_time(query, args[1]);
    if (query->clause == SBX_IN_DELETE && expr->op == 'n' && (turned || is_time(query, args[0])))
        return indefinite(query);
    term = condition(query, expr, test(query, args[0], sign_of(expr->op), args[1], 0), args, 2);
    if (is_time(query, args[turned]) && is_moment(args[!turned])) {
        char op = turned ? mirrored(expr->op) : expr->op;

        narrow(&term->range, op, args[!turned]->value.as.i);
        if (query->clause == SBX_IN_DELETE && (op == '<' || op == '>'))
            term->sql = wrapped(query, args[turned], op, args[!turned]);
    }
    return term;
}

static sbx_term *between(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    sbx_text low, high;
    sbx_term *term;

    for (size_t i = 1; i < 3; i++) {
        args[i] = fit(query, args[0], args[i]);
        if (args[i] == NULL || !are_comparable(query, args[0], args[i]))
            return NULL;
    }
    low = test(query, args[0], expr->negated ? "<" : ">=", args[1], 0);
    high = test(query, args[0], expr->negated ? ">" : "<=", args[2], 0);
    term = condition(query, expr, sbx_format(query->request->arena, "(%.*s %s %.*s)", (int)low.len, low.p, expr->negated ? "OR" : "AND", (int)high.len,
                                             high.p), args, 3);
    if (is_time(query, args[0]) && !expr->negated && is_moment(args[1]) && is_moment(args[2])) {
        narrow(&term->range, 'g', args[1]->value.as.i);
        narrow(&term->range, 'l', args[2]->value.as.i);
    }
    return term;
}

static sbx_term *in(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    sbx_buf sql = {0};
    sbx_text text;
    sbx_term *first = args[0], **values = args + 1;
    sbx_text x;

    if (first->is_member)
        return sbx_select_failed(query, 0x0110, "Unexpected generic error");
    for (size_t i = 0; i + 1 < expr->arg_count; i++) {
        values[i] = fit(query, first, values[i]);
        if (values[i] == NULL || !are_comparable(query, first, values[i]))
            return NULL;
    }
    x = side(query, first, values[0], 1);
    sbx_buf_format(&sql, "ifnull(%.*s %s (", (int)x.len, x.p, expr->negated ? "NOT IN" : "IN");
    for (size_t i = 0; i + 1 < expr->arg_count; i++) {
        x = side(query, values[i], first, 1);
        sbx_buf_format(&sql, "%s%.*s", i == 0 ? "" : ",", (int)x.len, x.p);
    }
    sbx_buf_text(&sql, "),0)");
    text = sbx_copy(query->request->arena, sql.p, sql.len);
    sbx_buf_clear(&sql);
    return condition(query, expr, text, args, expr->arg_count);
}

/* ---- patterns ---- */

static sbx_term *pattern(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    sbx_text x = args[0]->sql;

    if ((!sbx_type_is_text(args[0]->type.id) && !args[0]->is_member) || !args[1]->is_constant || !sbx_type_is_text(args[1]->type.id))
        return sbx_invalid_operation(query);
    if (args[0]->is_member)
        x = sbx_format(query->request->arena, "json_text(%.*s)", (int)x.len, x.p);
    if (!is_null(args[1]))
        x = sbx_like_sql(query->request->arena, x, args[1]->value.as.s, args[0]->type.id == SBX_NCHAR || args[0]->is_member);
    else
        x = SBX_TEXT("NULL");
    return condition(query, expr, sbx_format(query->request->arena, "ifnull(%.*s=%d,0)", (int)x.len, x.p, !expr->negated), args, 2);
}

/* ---- logic ---- */

static int is_logical(const sbx_term *term)
{
    return is_quantity(term->type.id) || sbx_type_is_text(term->type.id);
}

static sbx_text truth(sbx_query *query, const sbx_term *term)
{
    sbx_text x = term->sql;

    if (term->is_condition)
        return x;
    x = sbx_real_sql(query, term);
    return sbx_format(query->request->arena, "ifnull(%.*s<>0,0)", (int)x.len, x.p);
}

static sbx_term *junction(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    sbx_text a, b;
    sbx_term *term;

    if (!is_logical(args[0]) || !is_logical(args[1]))
        return sbx_invalid_operation(query);
    a = truth(query, args[0]);
    b = truth(query, args[1]);
    term = condition(query, expr, sbx_format(query->request->arena, "(%.*s %s %.*s)", (int)a.len, a.p, expr->kind == SBX_E_AND ? "AND" : "OR", (int)b.len,
                                             b.p), args, 2);
    if (expr->kind == SBX_E_AND)
        term->range = both_ranges(&args[0]->range, &args[1]->range);
    return term;
}

static sbx_term *negation(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    sbx_text x;

    if (query->clause == SBX_IN_DELETE)
        return indefinite(query);
    if (!is_logical(args[0]))
        return sbx_invalid_operation(query);
    x = truth(query, args[0]);
    return condition(query, expr, sbx_format(query->request->arena, "(NOT %.*s)", (int)x.len, x.p), args, 1);
}

sbx_term *sbx_bind_condition(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    switch (expr->kind) {
    case SBX_E_COMPARE:
        return compare(query, expr, args);
    case SBX_E_BETWEEN:
        return between(query, expr, args);
    case SBX_E_IN:
        return in(query, expr, args);
    case SBX_E_LIKE:
        return pattern(query, expr, args);
    case SBX_E_NOT:
        return negation(query, expr, args);
    case SBX_E_IS_NULL:
        return condition(query, expr, sbx_format(query->request->arena, "(%.*s IS %sNULL)", (int)args[0]->sql.len, args[0]->sql.p,
                                                 expr->negated ? "NOT " : ""), args, 1);
    default:
        return junction(query, expr, args);
    }
}
