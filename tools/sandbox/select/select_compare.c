/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Comparisons: what can be compared with what, constants made fit for it beforehand, and the comparison itself, exact for all numbers.
 * Text for a time is read when the statement is bound; text for a number is a number when all of it is one.
 */
#include "select.h"
#include "../base/text.h"

#include <math.h>

/* ---- constants ---- */

/* '\x7f8290' as in INSERT; other text is its bytes. */
static int binary_constant(sbx_query *query, sbx_node **node)
{
    sbx_text text = (*node)->value.as.s, bytes;

    if (text.len < 2 || text.p[0] != '\\' || text.p[1] != 'x')
        return 0;
    if (!sbx_unhex(query->request->arena, (sbx_text){text.p + 2, text.len - 2}, &bytes))
        return sbx_fail(query->request, 0x266A, "Invalid varbinary value");
    *node = sbx_bind_constant(query, (*node)->expr, (*node)->type, (sbx_value){SBX_VARBINARY, 0, {.s = bytes}});
    return 0;
}

static int time_constant(sbx_query *query, const sbx_type *type, sbx_node **node)
{
    sbx_value value = {SBX_TIMESTAMP, type->precision, {0}};
    const sbx_value *given = &(*node)->value;

    if (given->type == SBX_VARCHAR) {
        if (!sbx_time_parse(given->as.s, type->precision, &query->request->zone, &value.as.i))
            return sbx_fail(query->request, 0x0127, "Invalid timestamp format");
    } else if (given->type == SBX_BIGINT) {
        value.as.i = given->as.i;
    } else {
        return 0;
    }
    *node = sbx_bind_constant(query, (*node)->expr, *type, value);
    return 0;
}

static int fit(sbx_query *query, const sbx_node *other, sbx_node **node)
{
    if ((*node)->kind != SBX_N_CONSTANT || (*node)->value.type == SBX_NULL)
        return 0;
    if (other->type.id == SBX_TIMESTAMP)
        return time_constant(query, &other->type, node);
    if (other->type.id == SBX_VARBINARY && (*node)->value.type == SBX_VARCHAR)
        return binary_constant(query, node);
    if (other->type.id == SBX_FLOAT && (*node)->value.type == SBX_DOUBLE) {
        sbx_value value = {SBX_DOUBLE, 0, {.d = (double)(float)(*node)->value.as.d}}; /* so that f = 0.1 finds the float 0.1 */

        *node = sbx_bind_constant(query, (*node)->expr, (*node)->type, value);
    }
    return 0;
}

int sbx_compare_check(sbx_query *query, sbx_node **a, sbx_node **b)
{
    const sbx_node *both[] = {*a, *b};

    for (size_t i = 0; i < 2; i++) {
        if (both[i]->type.id == SBX_GEOMETRY)
            return sbx_fail(query->request, 0x0731, "Geometry not support in this operator");
        if (both[i]->type.id == SBX_JSON && both[i]->eval != sbx_eval_member)
            return sbx_fail(query->request, 0x072D, "Json not support in this place");
    }
    if (fit(query, *a, b) != 0)
        return query->request->err.code;
    return fit(query, *b, a);
}

/* ---- values ---- */

/* The string, number or truth that a member of a JSON tag is. */
static sbx_value plain_member(const sbx_value *value)
{
    sbx_text raw = value->as.s;
    sbx_value plain = SBX_NO_VALUE;

    if (raw.len >= 2 && raw.p[0] == '"')
        plain = (sbx_value){SBX_VARCHAR, 0, {.s = {raw.p + 1, raw.len - 2}}};
    else if (sbx_text_is(raw, "true") || sbx_text_is(raw, "false"))
        plain = (sbx_value){SBX_BOOL, 0, {.i = raw.p[0] == 't'}};
    else if (!sbx_text_number(raw, &plain))
        plain = SBX_NO_VALUE;
    return plain;
}

static int is_bytes(sbx_type_id id)
{
    return sbx_type_is_text(id) || id == SBX_VARBINARY;
}

static int is_quantity(sbx_type_id id)
{
    return sbx_type_is_number(id) || id == SBX_BOOL || id == SBX_TIMESTAMP;
}

/* TIMESTAMP and BOOL beside other numbers are integers. */
static void as_integer(sbx_value *value)
{
    if (value->type == SBX_TIMESTAMP || value->type == SBX_BOOL)
        value->type = SBX_BIGINT;
}

static int order_doubles(double a, double b, int *order)
{
    if (isnan(a) || isnan(b))
        return 0;
    *order = (a > b) - (a < b);
    return 1;
}

static int is_floating(sbx_type_id id)
{
    return id == SBX_FLOAT || id == SBX_DOUBLE;
}

static int order_quantities(sbx_value a, sbx_value b, int *order)
{
    if (is_floating(a.type) && is_floating(b.type))
        return order_doubles(a.as.d, b.as.d, order);
    if ((a.type == SBX_DECIMAL && is_floating(b.type)) || (b.type == SBX_DECIMAL && is_floating(a.type)))
        return order_doubles(sbx_value_double(&a), sbx_value_double(&b), order); /* what is written 0.1 equals a DECIMAL of 0.1 */
    if ((is_floating(a.type) && isnan(a.as.d)) || (is_floating(b.type) && isnan(b.as.d)))
        return 0;
    if (a.type != SBX_TIMESTAMP || b.type != SBX_TIMESTAMP) {
        as_integer(&a);
        as_integer(&b);
    }
    *order = sbx_value_compare(&a, &b);
    return 1;
}

/* Text beside a quantity: 1 when it is read as one. */
static int read_as(const sbx_query *query, const sbx_value *quantity, sbx_value *text)
{
    if (quantity->type == SBX_TIMESTAMP) {
        sbx_value time = {SBX_TIMESTAMP, quantity->digits, {0}};

        if (!sbx_time_parse(text->as.s, time.digits, &query->request->zone, &time.as.i))
            return 0;
        *text = time;
        return 1;
    }
    if (quantity->type == SBX_DECIMAL) {
        sbx_value number, decimal = {SBX_DECIMAL, quantity->digits, {0}};

        if (sbx_text_number(text->as.s, &number) && sbx_decimal_parse(text->as.s, 38, quantity->digits, &decimal.as.decimal) &&
            sbx_value_double(&decimal) == sbx_value_double(&number)) {
            *text = decimal;
            return 1;
        }
    }
    return sbx_text_number(text->as.s, text);
}

int sbx_compare_values(const sbx_query *query, const sbx_value *left, const sbx_value *right, int *order)
{
    sbx_value a = *left, b = *right;
    int member = 0;

    if (a.type == SBX_JSON && (member = 1))
        a = plain_member(&a);
    if (b.type == SBX_JSON && (member = 1))
        b = plain_member(&b);
    if (a.type == SBX_NULL || b.type == SBX_NULL)
        return 0;
    if (is_bytes(a.type) && is_bytes(b.type)) {
        a.type = b.type = SBX_VARBINARY;
        *order = sbx_value_compare(&a, &b);
        return 1;
    }
    if (member && (is_bytes(a.type) || is_bytes(b.type) || (a.type == SBX_BOOL) != (b.type == SBX_BOOL)))
        return 0; /* members compare with their own kind alone */
    if (is_bytes(a.type) && (!is_quantity(b.type) || !read_as(query, &b, &a)))
        return 0;
    if (is_bytes(b.type) && (!is_quantity(a.type) || !read_as(query, &a, &b)))
        return 0;
    return is_quantity(a.type) && is_quantity(b.type) ? order_quantities(a, b, order) : 0;
}

/* ---- evaluation ---- */

static int holds(char op, int order)
{
    switch (op) {
    case '=': return order == 0;
    case 'n': return order != 0;
    case '<': return order < 0;
    case '>': return order > 0;
    case 'l': return order <= 0;
    default: return order >= 0;
    }
}

/* 1, 0; -1 unknown. */
static int test(const sbx_scope *scope, const sbx_value *a, const sbx_node *b, char op)
{
    sbx_value value;
    int order;

    sbx_node_value(scope, b, &value);
    return sbx_compare_values(scope->query, a, &value, &order) ? holds(op, order) : -1;
}

void sbx_eval_compare(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value a;

    sbx_node_value(scope, node->args[0], &a);
    sbx_set_truth(out, test(scope, &a, node->args[1], node->op));
}

void sbx_eval_between(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value a;
    int low, high, both;

    sbx_node_value(scope, node->args[0], &a);
    low = test(scope, &a, node->args[1], 'g');
    high = test(scope, &a, node->args[2], 'l');
    both = low == 0 || high == 0 ? 0 : low < 0 || high < 0 ? -1 : 1;
    sbx_set_truth(out, both < 0 ? both : both != (node->negated != 0));
}

void sbx_eval_in(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value a;
    int result = 0;

    sbx_node_value(scope, node->args[0], &a);
    for (size_t i = 1; i < node->arg_count && result != 1; i++) {
        int same = test(scope, &a, node->args[i], '=');

        if (same != 0)
            result = same;
    }
    sbx_set_truth(out, result < 0 ? result : result != (node->negated != 0));
}
