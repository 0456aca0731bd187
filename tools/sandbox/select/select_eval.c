/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Evaluates reckoning and logic: NULL in, NULL out, except where three-valued logic knows better. */
#include "../insert/literal.h"
#include "select.h"

#include <math.h>

static void arg(const sbx_scope *scope, const sbx_node *node, size_t i, sbx_value *out)
{
    sbx_node_value(scope, node->args[i], out);
}

/* Text is read as far as it is a number. 0: NULL. */
static int number(const sbx_query *query, const sbx_value *value, double *out)
{
    static const sbx_type DOUBLE_TYPE = {SBX_DOUBLE, 8, 0, 0};
    sbx_value cast;

    if (value->type == SBX_NULL)
        return 0;
    sbx_cast(query, value, &DOUBLE_TYPE, &cast);
    *out = cast.as.d;
    return cast.type != SBX_NULL;
}

void sbx_eval_arithmetic(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value a, b;
    double x, y;

    arg(scope, node, 0, &a);
    arg(scope, node, 1, &b);
    *out = SBX_NO_VALUE;
    if (!number(scope->query, &a, &x) || !number(scope->query, &b, &y))
        return;
    if (y == 0 && (node->op == '/' || node->op == '%'))
        return;
    out->type = SBX_DOUBLE;
    switch (node->op) {
    case '+': out->as.d = x + y; break;
    case '-': out->as.d = x - y; break;
    case '*': out->as.d = x * y; break;
    case '/': out->as.d = x / y; break;
    default: out->as.d = fmod(x, y); break;
    }
}

void sbx_eval_bits(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value a, b;
    uint64_t bits;

    arg(scope, node, 0, &a);
    arg(scope, node, 1, &b);
    *out = SBX_NO_VALUE;
    if (a.type == SBX_NULL || b.type == SBX_NULL)
        return;
    bits = node->op == '&' ? a.as.u & b.as.u : a.as.u | b.as.u;
    out->type = SBX_BIGINT;
    out->as.u = bits;
}

/* TIMESTAMP and a duration or a number of its units; durations of months and years go by the calendar. */
void sbx_eval_moment(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    size_t at = node->args[0]->type.id == SBX_TIMESTAMP ? 0 : 1;
    const sbx_node *other = node->args[1 - at];
    int sign = node->op == '-' ? -1 : 1;
    sbx_value time, step;

    arg(scope, node, at, &time);
    arg(scope, node, 1 - at, &step);
    *out = SBX_NO_VALUE;
    if (time.type == SBX_NULL || step.type == SBX_NULL)
        return;
    *out = time;
    if (other->duration.count != 0)
        out->as.i = sbx_time_add(time.as.i, sign, other->duration, time.digits, &scope->query->request->zone);
    else
        out->as.u = sign < 0 ? (uint64_t)time.as.i - step.as.u : (uint64_t)time.as.i + step.as.u;
}

void sbx_eval_negate(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value a;
    double x;

    arg(scope, node, 0, &a);
    *out = SBX_NO_VALUE;
    if (a.type == SBX_DECIMAL) {
        *out = a;
        out->as.decimal = sbx_int128_negate(a.as.decimal);
    } else if (number(scope->query, &a, &x)) {
        out->type = SBX_DOUBLE;
        out->as.d = -x;
    }
}

/* ---- logic ---- */

int sbx_truth(const sbx_value *value)
{
    if (value->type == SBX_NULL || (value->type != SBX_BOOL && value->type != SBX_TIMESTAMP && !sbx_type_is_number(value->type)))
        return -1;
    if (value->type == SBX_DECIMAL)
        return !sbx_int128_is_zero(value->as.decimal);
    if (value->type == SBX_FLOAT || value->type == SBX_DOUBLE)
        return value->as.d != 0;
    return value->as.i != 0;
}

void sbx_set_truth(sbx_value *out, int truth)
{
    *out = truth < 0 ? SBX_NO_VALUE : (sbx_value){SBX_BOOL, 0, {.i = truth}};
}

static int truth_of(const sbx_scope *scope, const sbx_node *node, size_t i)
{
    sbx_value value;

    arg(scope, node, i, &value);
    return sbx_truth(&value);
}

void sbx_eval_not(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    int truth = truth_of(scope, node, 0);

    sbx_set_truth(out, truth < 0 ? truth : !truth);
}

/* The first operand that is `decisive` decides; else one that is unknown does. */
static void junction(const sbx_scope *scope, const sbx_node *node, int decisive, sbx_value *out)
{
    int result = !decisive;

    for (size_t i = 0; i < node->arg_count; i++) {
        int truth = truth_of(scope, node, i);

        if (truth == decisive) {
            sbx_set_truth(out, decisive);
            return;
        }
        if (truth < 0)
            result = -1;
    }
    sbx_set_truth(out, result);
}

void sbx_eval_and(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    junction(scope, node, 0, out);
}

void sbx_eval_or(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    junction(scope, node, 1, out);
}

void sbx_eval_is_null(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value value;

    arg(scope, node, 0, &value);
    sbx_set_truth(out, (value.type == SBX_NULL) != (node->negated != 0));
}

/* ---- JSON tags ---- */

static int member(const sbx_scope *scope, const sbx_node *node, sbx_text key, sbx_text *raw)
{
    sbx_value object;

    arg(scope, node, 0, &object);
    return object.type == SBX_JSON && sbx_json_member(scope->query->request->arena, object.as.s, key, raw);
}

/* The value of a member is kept as the raw text that the server emits for it. */
void sbx_eval_member(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_text raw;

    *out = SBX_NO_VALUE;
    if (member(scope, node, node->expr->name, &raw) && !sbx_text_is(raw, "null"))
        *out = (sbx_value){SBX_JSON, 0, {.s = raw}};
}

void sbx_eval_contains(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value key;
    sbx_text raw;

    arg(scope, node, 1, &key);
    sbx_set_truth(out, key.type != SBX_NULL && member(scope, node, key.as.s, &raw));
}
