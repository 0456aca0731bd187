/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Reckoning: which operands an operator takes, the type it gives, and how SQLite computes it. The server reckons in doubles, and in DECIMAL where
 * both sides are exact; a time moves by durations and whole numbers. What it calls an invalid operation is refused with its code.
 */
#include "../base/decimal.h"
#include "select.h"

#include <string.h>

sbx_term *sbx_invalid_operation(sbx_query *query)
{
    return sbx_select_failed(query, 0x0200, "Invalid operation");
}

/* What can be reckoned with: numbers, BOOL, times, and text, which is read as a number. */
static int is_mathable(sbx_type_id id)
{
    return sbx_type_is_number(id) || sbx_type_is_text(id) || id == SBX_BOOL || id == SBX_TIMESTAMP;
}

static int is_floating(sbx_type_id id)
{
    return id == SBX_FLOAT || id == SBX_DOUBLE || sbx_type_is_text(id);
}

sbx_text sbx_real_sql(sbx_query *query, const sbx_term *term)
{
    int len = (int)term->sql.len;

    switch (term->type.id) {
    case SBX_FLOAT:
    case SBX_DOUBLE:
        return term->sql;
    case SBX_DECIMAL:
        return sbx_format(query->request->arena, "decimal_real(%.*s,%d)", len, term->sql.p, term->type.scale);
    case SBX_UBIGINT:
        return sbx_format(query->request->arena, "unsigned_real(%.*s)", len, term->sql.p);
    default:
        return sbx_format(query->request->arena, "CAST(%.*s AS REAL)", len, term->sql.p);
    }
}

static sbx_term *binary(sbx_query *query, const sbx_expr *expr, sbx_type type, const char *format, sbx_text a, sbx_text b, sbx_term **args)
{
    sbx_text sql = sbx_format(query->request->arena, "(%.*s%s%.*s)", (int)a.len, a.p, format, (int)b.len, b.p);

    return sbx_term_of(query, expr, type, sql, args, 2);
}

/* TIMESTAMP and a duration or a number of its units. */
static sbx_term *moment(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    int left = args[0]->type.id == SBX_TIMESTAMP;
    const sbx_term *time = args[left ? 0 : 1], *other = args[left ? 1 : 0];

    if (!sbx_type_is_integer(other->type.id) && other->type.id != SBX_BOOL && !(other->is_constant && other->value.type == SBX_NULL))
        return sbx_invalid_operation(query);
    return binary(query, expr, time->type, expr->op == '-' ? "-" : "+", args[0]->sql, args[1]->sql, args);
}

/* The DECIMAL that holds every value of an integer type. 0: it is none. */
static int as_decimal(const sbx_type *type, int *precision, int *scale)
{
    static const int by_bytes[] = {[1] = 3, [2] = 5, [4] = 10, [8] = 19};

    *precision = type->id == SBX_DECIMAL ? type->precision : type->id == SBX_BOOL ? 1 : type->id == SBX_UBIGINT ? 20 : 0;
    *scale = type->id == SBX_DECIMAL ? type->scale : 0;
    if (*precision == 0 && sbx_type_is_integer(type->id))
        *precision = by_bytes[type->length];
    return *precision != 0;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* Cut to 38 digits at the cost of the scale down to 6. 0: there is no such type for these operands. */
static int decimal_result(const sbx_type *a, const sbx_type *b, char op, sbx_type *out)
{
    enum { KEPT_SCALE = 6 };
    int p1, s1, p2, s2, precision, scale;

    if (!as_decimal(a, &p1, &s1) || !as_decimal(b, &p2, &s2) || strchr("+-*", op) == NULL)
        return 0;
    scale = op == '*' ? s1 + s2 : larger(s1, s2);
    precision = op == '*' ? p1 + p2 + 1 : larger(p1 - s1, p2 - s2) + scale + 1;
    if (precision > SBX_DECIMAL_DIGITS) {
        scale = larger(scale - (precision - SBX_DECIMAL_DIGITS), scale < KEPT_SCALE ? scale : KEPT_SCALE);
        precision = SBX_DECIMAL_DIGITS;
    }
    *out = (sbx_type){SBX_DECIMAL, precision > 18 ? 16 : 8, precision, scale};
    return 1;
}

static sbx_text scaled(sbx_query *query, const sbx_term *term)
{
    return sbx_format(query->request->arena, "%.*s,%d,%d,%d", (int)term->sql.len, term->sql.p, (int)term->type.id, term->type.precision, term->type.scale);
}

static sbx_term *decimal(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    sbx_text a = scaled(query, args[0]), b = scaled(query, args[1]), sql;
    sbx_type type;

    if (!decimal_result(&args[0]->type, &args[1]->type, expr->op, &type))
        return sbx_invalid_operation(query);
    sql = sbx_format(query->request->arena, "decimal_math(%d,%d,%d,%.*s,%.*s)", expr->op, type.precision, type.scale, (int)a.len, a.p, (int)b.len, b.p);
    return sbx_term_of(query, expr, type, sql, args, 2);
}

static sbx_term *arithmetic(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    sbx_type_id a = args[0]->type.id, b = args[1]->type.id;
    int moves = (a == SBX_TIMESTAMP || b == SBX_TIMESTAMP) && (expr->op == '+' || expr->op == '-');
    sbx_type type = sbx_type_fixed(SBX_DOUBLE, 0);
    sbx_text x, y;

    if (!is_mathable(a) || !is_mathable(b) || (moves && a == b))
        return sbx_invalid_operation(query);
    if (moves)
        return moment(query, expr, args);
    if ((a == SBX_DECIMAL || b == SBX_DECIMAL) && !is_floating(a) && !is_floating(b))
        return decimal(query, expr, args);
    x = sbx_real_sql(query, args[0]);
    y = sbx_real_sql(query, args[1]);
    if (expr->op == '%')
        return sbx_term_of(query, expr, type, sbx_format(query->request->arena, "remainder(%.*s,%.*s)", (int)x.len, x.p, (int)y.len, y.p), args, 2);
    return binary(query, expr, type, (const char[]){expr->op, '\0'}, x, y, args);
}

static sbx_term *negate(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    sbx_type type = args[0]->type;
    sbx_text x = sbx_real_sql(query, args[0]);

    if (!is_mathable(type.id) || type.id == SBX_TIMESTAMP)
        return sbx_invalid_operation(query);
    if (type.id == SBX_DECIMAL)
        x = sbx_format(query->request->arena, "decimal_negate(%.*s)", (int)args[0]->sql.len, args[0]->sql.p);
    else
        x = sbx_format(query->request->arena, "(-%.*s)", (int)x.len, x.p);
    return sbx_term_of(query, expr, type.id == SBX_DECIMAL ? type : sbx_type_fixed(SBX_DOUBLE, 0), x, args, 1);
}

/* tag->'key': the raw text that the server emits for it. */
static sbx_term *member(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    sbx_value key = {SBX_VARCHAR, 0, {.s = expr->name}};
    sbx_text name = sbx_value_sql(query->request->arena, &key), sql;
    sbx_term *term;

    if (args[0]->type.id != SBX_JSON || !args[0]->is_column)
        return sbx_invalid_operation(query);
    sql = sbx_format(query->request->arena, "json_member(%.*s,%.*s)", (int)args[0]->sql.len, args[0]->sql.p, (int)name.len, name.p);
    term = sbx_term_of(query, expr, args[0]->type, sql, args, 1);
    term->is_member = 1;
    return term;
}

sbx_term *sbx_bind_operator(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    if (expr->kind == SBX_E_MEMBER)
        return member(query, expr, args);
    if (expr->kind == SBX_E_NEGATE)
        return negate(query, expr, args);
    return arithmetic(query, expr, args);
}
