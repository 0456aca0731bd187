/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Aggregates: which there are, what each takes and gives, and how SQLite computes it. */
#include "select.h"

static const char *const names[] = {"count", "sum", "avg", "min", "max", "first", "last", "last_row", "spread", "stddev"};

int sbx_aggregate_find(sbx_text name, sbx_aggregate_kind *kind)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (sbx_text_is(name, names[i])) {
            *kind = (sbx_aggregate_kind)i;
            return 1;
        }
    return 0;
}

static sbx_text call_of(sbx_query *query, const char *function, sbx_text arg)
{
    return sbx_format(query->request->arena, "%s(%.*s)", function, (int)arg.len, arg.p);
}

static const char *sum_function(const sbx_type *arg, sbx_type *type)
{
    if (sbx_type_is_unsigned(arg->id)) {
        *type = sbx_type_fixed(SBX_UBIGINT, 0);
        return "sum_unsigned";
    }
    *type = sbx_type_fixed(sbx_type_is_integer(arg->id) ? SBX_BIGINT : SBX_DOUBLE, 0);
    return type->id == SBX_BIGINT ? "sum_integer" : "sum_real";
}

/* The time that decides which row is the first and which the last; len 0: there is none. */
static sbx_text time_sql(const sbx_query *query)
{
    return query->from_count != 0 && query->from[0].table != NULL ? SBX_TEXT("d0.time") : (sbx_text){NULL, 0};
}

static sbx_text count_sql(sbx_query *query, const sbx_term *arg)
{
    if (arg != NULL)
        return call_of(query, "count", arg->is_constant && arg->value.type != SBX_NULL ? time_sql(query).len != 0 ? time_sql(query) : SBX_TEXT("*") : arg->sql);
    return call_of(query, "count", time_sql(query).len != 0 ? time_sql(query) : SBX_TEXT("*"));
}

/* Its SQL, and its type; len 0: the argument is of a wrong type. DECIMAL is counted and compared alone. */
static sbx_text aggregate_sql(sbx_query *query, sbx_aggregate_kind kind, const sbx_term *arg, sbx_type *type)
{
    static const char *const functions[] = {"count", "", "avg_real", "min", "max", "first_value", "last_value", "last_row_value", "spread_real", "stddev_real"};
    int number = arg != NULL && sbx_type_is_number(arg->type.id) && arg->type.id != SBX_DECIMAL;
    sbx_text time = time_sql(query);

    *type = sbx_type_fixed(kind == SBX_COUNT ? SBX_BIGINT : SBX_DOUBLE, 0);
    switch (kind) {
    case SBX_COUNT:
        return count_sql(query, arg);
    case SBX_SUM:
        return number ? call_of(query, sum_function(&arg->type, type), arg->sql) : (sbx_text){NULL, 0};
    case SBX_AVG:
    case SBX_STDDEV:
    case SBX_SPREAD:
        if (!number && !(kind == SBX_SPREAD && arg->type.id == SBX_TIMESTAMP))
            return (sbx_text){NULL, 0};
        return call_of(query, functions[kind], sbx_real_sql(query, arg));
    case SBX_MIN:
    case SBX_MAX:
        *type = arg->type;
        if (!sbx_type_is_number(type->id) && !sbx_type_is_text(type->id) && type->id != SBX_BOOL)
            return (sbx_text){NULL, 0};
        return call_of(query, functions[kind], arg->sql);
    default:
        *type = arg->type;
        if (type->id == SBX_JSON || time.len == 0)
            return (sbx_text){NULL, 0};
        return sbx_format(query->request->arena, "%s(%.*s,%.*s)", functions[kind], (int)arg->sql.len, arg->sql.p, (int)time.len, time.p);
    }
}

/* -1: there is none, or there was an error. */
static int bind_argument(sbx_query *query, const sbx_expr *expr, sbx_aggregate_kind kind, sbx_term **arg)
{
    *arg = NULL;
    if (expr->args[0]->kind == SBX_E_STAR && kind == SBX_COUNT)
        return sbx_bind_qualifier(query, expr->args[0]->table);
    query->clause = SBX_IN_AGGREGATE;
    *arg = sbx_bind(query, expr->args[0]);
    query->clause = SBX_IN_RESULT;
    return query->request->err.code;
}

sbx_term *sbx_bind_aggregate(sbx_query *query, const sbx_expr *expr, sbx_aggregate_kind kind)
{
    int in_system = query->from_count != 0 && query->from[0].is_system;
    sbx_term *arg, *term;
    sbx_text sql;
    sbx_type type;

    if (query->clause == SBX_IN_AGGREGATE)
        return sbx_select_failed(query, 0x2627, "Aggregate functions do not support nesting");
    if (query->clause != SBX_IN_RESULT)
        return sbx_select_failed(query, 0x2608, "There mustn't be aggregation");
    if (expr->arg_count != 1)
        return sbx_select_failed(query, 0x2801, "Invalid number of parameters : %.*s", (int)expr->name.len, expr->name.p);
    if (bind_argument(query, expr, kind, &arg) != 0)
        return NULL;
    if (in_system && (kind == SBX_FIRST || kind == SBX_LAST || kind == SBX_LAST_ROW))
        return sbx_select_failed(query, 0x2668, "%s function is not supported in system table query", names[kind]);
    sql = aggregate_sql(query, kind, arg, &type);
    if (sql.len == 0)
        return sbx_select_failed(query, 0x2802, "Invalid parameter data type : %.*s", (int)expr->name.len, expr->name.p);
    query->aggregates = 1;
    query->counts |= kind == SBX_COUNT;
    term = sbx_term_new(query, expr, type, sql);
    term->uses = SBX_USES_AGGREGATE | (arg == NULL ? SBX_USES_COLUMN : arg->uses);
    return term;
}
