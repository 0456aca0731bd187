/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Aggregates: which there are, what they take and give, and what they come to over rows. What is NULL does not count, but for LAST_ROW.
 * Knows nothing of how rows came together.
 */
#include "select.h"

#include <math.h>

/* In the order of sbx_aggregate_kind. */
static const char *const NAMES[] = {"count", "sum", "avg", "min", "max", "first", "last", "last_row", "spread", "stddev"};

int sbx_aggregate_find(sbx_text name, sbx_aggregate_kind *kind)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++)
        if (sbx_text_is(name, NAMES[i])) {
            *kind = (sbx_aggregate_kind)i;
            return 1;
        }
    return 0;
}

/* ---- types ---- */

static int sum_type(const sbx_type *arg, sbx_type *out)
{
    if (!sbx_type_is_number(arg->id))
        return 0;
    if (arg->id == SBX_DECIMAL)
        *out = (sbx_type){SBX_DECIMAL, 16, 38, arg->scale};
    else if (sbx_type_is_unsigned(arg->id))
        *out = sbx_type_fixed(SBX_UBIGINT, 0);
    else
        *out = sbx_type_fixed(sbx_type_is_integer(arg->id) ? SBX_BIGINT : SBX_DOUBLE, 0);
    return 1;
}

static int is_comparable(sbx_type_id id)
{
    return sbx_type_is_number(id) || sbx_type_is_text(id) || id == SBX_TIMESTAMP || id == SBX_BOOL;
}

static int result_type(const sbx_aggregate *aggregate, sbx_type *out)
{
    const sbx_type *arg = aggregate->arg == NULL ? NULL : &aggregate->arg->type;

    *out = sbx_type_fixed(SBX_DOUBLE, 0);
    switch (aggregate->kind) {
    case SBX_COUNT:
        *out = sbx_type_fixed(SBX_BIGINT, 0);
        return 1;
    case SBX_SUM:
        return sum_type(arg, out);
    case SBX_AVG: /* of DECIMAL the server makes another DECIMAL, by rules that the sandbox does not know */
    case SBX_STDDEV:
        return sbx_type_is_number(arg->id) && arg->id != SBX_DECIMAL;
    case SBX_SPREAD:
        return sbx_type_is_number(arg->id) || arg->id == SBX_TIMESTAMP;
    case SBX_MIN:
    case SBX_MAX:
        *out = *arg;
        return is_comparable(arg->id);
    default:
        *out = *arg;
        return arg->id != SBX_JSON;
    }
}

int sbx_aggregate_check(sbx_query *query, sbx_aggregate *aggregate, const sbx_expr *expr)
{
    if (!result_type(aggregate, &aggregate->type))
        return sbx_fail(query->request, 0x2802, "Invalid parameter data type : %.*s", (int)expr->name.len, expr->name.p);
    return 0;
}

/* ---- over rows ---- */

typedef struct state {
    int64_t count;
    sbx_int128 whole;   /* sum of integers and DECIMAL */
    double sum, low, high;
    double mean, squares; /* of the distances from the mean so far: nothing is lost where values are large and near one another */
    sbx_value best;     /* MIN MAX FIRST LAST LAST_ROW */
    int64_t time;       /* of the row it is from */
    const sbx_value *row;
} state;

/* Rows without a time stand in their order. */
static int64_t time_of(const sbx_query *query, const sbx_value *row, size_t index)
{
    return query->table != NULL ? row[0].as.i : (int64_t)index;
}

static int is_better(sbx_aggregate_kind kind, const state *s, const sbx_value *value, int64_t time)
{
    if (s->row == NULL)
        return 1;
    switch (kind) {
    case SBX_MIN:
        return sbx_value_compare(value, &s->best) < 0;
    case SBX_MAX:
        return sbx_value_compare(value, &s->best) > 0;
    case SBX_FIRST:
        return time < s->time;
    default:
        return time > s->time;
    }
}

static int add_whole(sbx_query *query, state *s, const sbx_value *value)
{
    sbx_int128 limit = sbx_decimal_power(38);

    if (value->type == SBX_DECIMAL)
        s->whole = sbx_int128_add(s->whole, value->as.decimal);
    else
        s->whole = sbx_int128_add(s->whole, sbx_type_is_unsigned(value->type) ? sbx_int128_of_unsigned(value->as.u)
                                                                             : sbx_int128_of(value->as.i));
    if (sbx_int128_compare(sbx_int128_abs(s->whole), limit) >= 0)
        return sbx_fail(query->request, 0x013D, "Decimal value overflow");
    return 0;
}

static int add_to_sum(sbx_query *query, state *s, const sbx_value *value)
{
    if (value->type != SBX_FLOAT && value->type != SBX_DOUBLE)
        return add_whole(query, s, value);
    s->sum += value->as.d;
    return 0;
}

static void add_to_spread(state *s, double d)
{
    s->low = s->count == 1 || d < s->low ? d : s->low;
    s->high = s->count == 1 || d > s->high ? d : s->high;
}

static void add_to_deviation(state *s, double d)
{
    double distance = d - s->mean;

    s->mean += distance / (double)s->count;
    s->squares += distance * (d - s->mean);
}

static void add_candidate(sbx_aggregate_kind kind, state *s, const sbx_value *value, const sbx_value *row, int64_t time)
{
    if (is_better(kind, s, value, time)) {
        s->best = *value;
        s->time = time;
        s->row = row;
    }
}

static int step(sbx_query *query, const sbx_aggregate *aggregate, state *s, const sbx_value *row, size_t index)
{
    sbx_scope scope = {query, row, NULL, NULL};
    sbx_value value = {SBX_BOOL, 0, {.i = 1}}; /* of count(*) */

    if (aggregate->arg != NULL)
        sbx_node_value(&scope, aggregate->arg, &value);
    if (value.type == SBX_NULL && aggregate->kind != SBX_LAST_ROW)
        return query->request->err.code;
    s->count++;
    switch (aggregate->kind) {
    case SBX_COUNT:
        break;
    case SBX_SUM:
    case SBX_AVG:
        return add_to_sum(query, s, &value);
    case SBX_SPREAD:
        add_to_spread(s, sbx_value_double(&value));
        break;
    case SBX_STDDEV:
        add_to_deviation(s, sbx_value_double(&value));
        break;
    default:
        add_candidate(aggregate->kind, s, &value, row, time_of(query, row, index));
        break;
    }
    return query->request->err.code;
}

static sbx_value double_value(double d)
{
    return isfinite(d) ? (sbx_value){SBX_DOUBLE, 0, {.d = d}} : SBX_NO_VALUE;
}

static sbx_value sum_value(const sbx_aggregate *aggregate, const state *s)
{
    if (aggregate->type.id == SBX_DECIMAL)
        return (sbx_value){SBX_DECIMAL, aggregate->type.scale, {.decimal = s->whole}};
    if (aggregate->type.id == SBX_DOUBLE)
        return double_value(s->sum);
    return (sbx_value){aggregate->type.id, 0, {.u = s->whole.low}}; /* 64 bits, as the server adds */
}

static sbx_value average(const sbx_aggregate *aggregate, const state *s)
{
    int floating = aggregate->arg->type.id == SBX_FLOAT || aggregate->arg->type.id == SBX_DOUBLE;

    return double_value((floating ? s->sum : sbx_int128_double(s->whole)) / (double)s->count);
}

static sbx_value finish(const sbx_aggregate *aggregate, const state *s)
{
    if (aggregate->kind == SBX_COUNT)
        return (sbx_value){SBX_BIGINT, 0, {.i = s->count}};
    if (s->count == 0)
        return SBX_NO_VALUE;
    switch (aggregate->kind) {
    case SBX_SUM:
        return sum_value(aggregate, s);
    case SBX_AVG:
        return average(aggregate, s);
    case SBX_SPREAD:
        return double_value(s->high - s->low);
    case SBX_STDDEV:
        return double_value(sqrt(s->squares / (double)s->count));
    default:
        return s->best;
    }
}

int sbx_aggregate_rows(sbx_query *query, const sbx_value **rows, size_t count, sbx_value *out, const sbx_value **picked)
{
    for (size_t i = 0; i < query->aggregate_count; i++) {
        const sbx_aggregate *aggregate = &query->aggregates[i];
        state s = {0};

        for (size_t k = 0; k < count; k++)
            if (step(query, aggregate, &s, rows[k], k) != 0)
                return query->request->err.code;
        out[i] = finish(aggregate, &s);
        if (i == query->picked && s.row != NULL)
            *picked = s.row;
    }
    return 0;
}
