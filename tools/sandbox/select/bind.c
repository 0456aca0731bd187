/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Expressions to terms: names become columns, constants are written out, calls and operators go where they are known. Knows nothing of
 * what may stand beside what in a statement.
 */
#include "select.h"

#include <stdarg.h>
#include <stdio.h>

enum { TBNAME_BYTES = 270 };

sbx_term *sbx_select_failed(sbx_query *query, int code, const char *format, ...)
{
    char desc[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(desc, sizeof desc, format, args);
    va_end(args);
    sbx_fail(query->request, code, "%s", desc);
    return NULL;
}

int sbx_select_refuse(sbx_query *query, size_t offset)
{
    return sbx_refuse_from(query->request, query->sql, offset);
}

/* ---- terms ---- */

sbx_term *sbx_term_new(sbx_query *query, const sbx_expr *expr, sbx_type type, sbx_text sql)
{
    sbx_term *term = sbx_alloc(query->request->arena, sizeof *term);

    term->expr = expr;
    term->type = type;
    term->sql = sql;
    term->range = (sbx_range){INT64_MIN, INT64_MAX, 0, 0};
    return term;
}

sbx_term *sbx_term_of(sbx_query *query, const sbx_expr *expr, sbx_type type, sbx_text sql, sbx_term *const *args, size_t count)
{
    sbx_term *term = sbx_term_new(query, expr, type, sql);

    for (size_t i = 0; i < count; i++)
        term->uses |= args[i]->uses;
    return term;
}

sbx_term *sbx_term_constant(sbx_query *query, const sbx_expr *expr, sbx_type type, sbx_value value)
{
    sbx_term *term = sbx_term_new(query, expr, type, sbx_value_sql(query->request->arena, &value));

    term->is_constant = 1;
    term->never_null = value.type != SBX_NULL;
    term->value = value;
    return term;
}

static sbx_type literal_type(const sbx_value *value)
{
    if (value->type == SBX_NULL)
        return (sbx_type){.id = SBX_VARCHAR};
    if (value->type == SBX_VARCHAR)
        return (sbx_type){.id = SBX_VARCHAR, .length = (int)value->as.s.len};
    return sbx_type_fixed(value->type, value->digits);
}

static sbx_term *bind_duration(sbx_query *query, const sbx_expr *expr)
{
    sbx_value value = {SBX_BIGINT, 0, {0}};

    if (!sbx_duration_units(expr->duration, query->digits, &value.as.i)) {
        if (expr->duration.unit == 'n' || expr->duration.unit == 'y')
            sbx_select_refuse(query, expr->offset);
        return sbx_select_failed(query, 0x2605, "Invalid value type");
    }
    return sbx_term_constant(query, expr, sbx_type_fixed(SBX_BIGINT, 0), value);
}

/* ---- columns ---- */

static int find_in(const sbx_from *from, sbx_text name, size_t *slot)
{
    size_t count = from->column_count + from->tag_count;

    for (*slot = 0; *slot < count; ++*slot)
        if (sbx_text_equal(from->fields[*slot].name, name))
            return 1;
    if (from->table == NULL)
        return 0;
    if (sbx_text_is(name, "_c0") || sbx_text_is(name, "_rowts"))
        *slot = 0;
    else if (!sbx_text_is(name, "tbname"))
        return 0;
    return 1;
}

int sbx_bind_qualifier(sbx_query *query, sbx_text table)
{
    for (size_t i = 0; i < query->from_count; i++)
        if (table.len == 0 || sbx_text_equal(query->from[i].name, table))
            return 0;
    return table.len == 0 ? 0 : sbx_fail(query->request, 0x2603, "Table does not exist: %.*s", (int)table.len, table.p);
}

int sbx_bind_find(sbx_query *query, sbx_text table, sbx_text name, size_t *source, size_t *slot)
{
    int found = 0;
    size_t at;

    if (sbx_bind_qualifier(query, table) != 0)
        return -1;
    for (size_t i = 0; i < query->from_count; i++) {
        if ((table.len != 0 && !sbx_text_equal(query->from[i].name, table)) || !find_in(&query->from[i], name, &at))
            continue;
        if (found) {
            sbx_fail(query->request, 0x2604, "Column ambiguously defined: %.*s", (int)name.len, name.p);
            return -1;
        }
        found = 1;
        *source = i;
        *slot = at;
    }
    return found;
}

static sbx_text column_sql(sbx_query *query, const sbx_from *from, size_t source, size_t slot)
{
    sbx_arena *arena = query->request->arena;

    if (from->table == NULL)
        return sbx_format(arena, "s%zu.c%zu", source, slot);
    if (slot == 0)
        return sbx_format(arena, "d%zu.time", source);
    if (slot < from->column_count)
        return sbx_format(arena, "cell(d%zu.bytes,%zu)", source, slot);
    if (slot < from->column_count + from->tag_count)
        return sbx_format(arena, "cell(t%zu.tags,%zu)", source, slot - from->column_count);
    return sbx_format(arena, "t%zu.name", source);
}

sbx_term *sbx_term_column(sbx_query *query, const sbx_expr *expr, size_t source, size_t slot)
{
    const sbx_from *from = &query->from[source];
    int is_name = slot == from->column_count + from->tag_count;
    sbx_type type = is_name ? (sbx_type){.id = SBX_VARCHAR, .length = TBNAME_BYTES} : from->fields[slot].type;
    sbx_term *term = sbx_term_new(query, expr, type, column_sql(query, from, source, slot));

    term->uses = slot < from->column_count ? SBX_USES_COLUMN : SBX_USES_TAG;
    term->never_null = from->table != NULL && (slot == 0 || is_name);
    term->is_column = 1;
    term->source = source;
    term->slot = slot;
    return term;
}

static sbx_term *bind_window(sbx_query *query, const sbx_expr *expr, int which)
{
    sbx_type type = sbx_type_fixed(which == 3 ? SBX_BIGINT : SBX_TIMESTAMP, query->digits);
    sbx_text sql;
    sbx_term *term;

    if (query->clause == SBX_IN_WHERE)
        return sbx_select_failed(query, 0x2658, "There mustn't be %.*s", (int)expr->name.len, expr->name.p);
    if (query->select->interval.count == 0 || query->clause != SBX_IN_RESULT)
        return sbx_select_failed(query, 0x2658, "_WSTART, _WEND and _WDURATION can only be used in window query");
    sql = which == 1   ? sbx_window_start_sql(query)
          : which == 2 ? sbx_format(query->request->arena, "(%s+%lld)", sbx_window_start_sql(query).p, (long long)query->length)
                       : sbx_format(query->request->arena, "%lld", (long long)query->length);
    term = sbx_term_new(query, expr, type, sql);
    term->uses = SBX_USES_WINDOW;
    term->window = which;
    return term;
}

static sbx_term *bind_name(sbx_query *query, const sbx_expr *expr)
{
    static const char *const windows[] = {"_wstart", "_wend", "_wduration"};
    size_t source, slot;
    int found;

    for (int i = 0; i < 3; i++)
        if (sbx_text_is(expr->name, windows[i]))
            return bind_window(query, expr, i + 1);
    found = sbx_bind_find(query, expr->table, expr->name, &source, &slot);
    if (found < 0)
        return NULL;
    if (query->clause == SBX_IN_DELETE && sbx_text_is(expr->name, "tbname"))
        found = 0;
    if (query->clause == SBX_IN_DELETE && found && slot != 0 && slot < query->from[0].column_count)
        return sbx_select_failed(query, 0x2655, "The DELETE statement must only have a definite time window range");
    if (found)
        return sbx_term_column(query, expr, source, slot);
    if (sbx_text_is(expr->name, "tbname"))
        return sbx_select_failed(query, 0x264C, "Invalid tbname pseudo column");
    return sbx_select_failed(query, 0x2602, "Invalid column name: %.*s", (int)expr->name.len, expr->name.p);
}

/* ---- operators ---- */

/* All values are of one type, texts as long as the longest. */
static sbx_term *bind_case(sbx_query *query, const sbx_expr *expr, sbx_term **args)
{
    sbx_text sql = SBX_TEXT("CASE");
    sbx_type type = {.id = SBX_NULL};

    for (size_t i = 0; i < expr->arg_count; i++) {
        int is_value = i % 2 == 1 || i + 1 == expr->arg_count;

        sql = sbx_format(query->request->arena, "%.*s %s %.*s", (int)sql.len, sql.p, i % 2 == 1 ? "THEN" : is_value ? "ELSE" : "WHEN",
                         (int)args[i]->sql.len, args[i]->sql.p);
        if (!is_value)
            continue;
        if (type.id != SBX_NULL && type.id != args[i]->type.id)
            return sbx_invalid_operation(query);
        if (type.id == SBX_NULL || type.length < args[i]->type.length)
            type = args[i]->type;
    }
    sql = sbx_format(query->request->arena, "(%.*s END)", (int)sql.len, sql.p);
    return sbx_term_of(query, expr, type, sql, args, expr->arg_count);
}

static sbx_term *bind_with_args(sbx_query *query, const sbx_expr *expr)
{
    sbx_term **args = sbx_alloc_array(query->request->arena, expr->arg_count, sizeof *args);

    for (size_t i = 0; i < expr->arg_count; i++) {
        args[i] = sbx_bind(query, expr->args[i]);
        if (args[i] == NULL)
            return NULL;
    }
    switch (expr->kind) {
    case SBX_E_CAST:
        return sbx_bind_cast(query, expr, args[0]);
    case SBX_E_CASE:
        return bind_case(query, expr, args);
    case SBX_E_ARITHMETIC:
    case SBX_E_NEGATE:
    case SBX_E_MEMBER:
        return sbx_bind_operator(query, expr, args);
    default:
        return sbx_bind_condition(query, expr, args);
    }
}

sbx_term *sbx_bind(sbx_query *query, const sbx_expr *expr)
{
    switch (expr->kind) {
    case SBX_E_VALUE:
        return sbx_term_constant(query, expr, literal_type(&expr->value), expr->value);
    case SBX_E_COLUMN:
        return bind_name(query, expr);
    case SBX_E_STAR:
        return sbx_select_failed(query, 0x2602, "Invalid column name: *");
    case SBX_E_CALL:
        return sbx_bind_call(query, expr);
    case SBX_E_DURATION:
        return bind_duration(query, expr);
    default:
        return bind_with_args(query, expr);
    }
}
