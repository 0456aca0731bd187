/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Expressions to nodes: names become columns, calls become functions or aggregates, what is constant is computed at once. Knows nothing of
 * what may stand beside what in a statement.
 */
#include "select.h"

enum { TBNAME_BYTES = 270 };

sbx_node *sbx_node_new(sbx_query *query, const sbx_expr *expr, sbx_node_kind kind, sbx_type type)
{
    sbx_node *node = sbx_alloc(query->request->arena, sizeof *node);

    node->kind = kind;
    node->expr = expr;
    node->type = type;
    node->op = expr->op;
    node->negated = expr->negated;
    return node;
}

static sbx_node *failed(sbx_query *query, int code, const char *text)
{
    sbx_fail(query->request, code, "%s", text);
    return NULL;
}

void sbx_node_value(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    switch (node->kind) {
    case SBX_N_CONSTANT:
        *out = node->value;
        break;
    case SBX_N_COLUMN:
        *out = scope->row == NULL ? SBX_NO_VALUE : scope->row[node->slot];
        break;
    case SBX_N_WINDOW:
        *out = scope->window == NULL ? SBX_NO_VALUE : scope->window[node->slot];
        break;
    case SBX_N_AGGREGATE:
        *out = scope->aggregates == NULL ? SBX_NO_VALUE : scope->aggregates[node->slot];
        break;
    default:
        node->eval(scope, node, out);
        break;
    }
}

int sbx_node_has(const sbx_node *node, sbx_node_kind kind)
{
    int has = node->kind == kind;

    for (size_t i = 0; i < node->arg_count && !has; i++)
        has = sbx_node_has(node->args[i], kind);
    return has;
}

const sbx_node *sbx_node_column(const sbx_query *query, const sbx_node *node)
{
    const sbx_node *found = node->kind == SBX_N_COLUMN && node->slot < query->column_count ? node : NULL;

    for (size_t i = 0; i < node->arg_count && found == NULL; i++)
        found = sbx_node_column(query, node->args[i]);
    return found;
}

int sbx_node_equal(const sbx_node *a, const sbx_node *b)
{
    if (a->kind != b->kind || a->eval != b->eval || a->slot != b->slot || a->op != b->op || a->negated != b->negated ||
        a->type.id != b->type.id || a->type.length != b->type.length || a->arg_count != b->arg_count)
        return 0;
    if (a->eval == sbx_eval_member && !sbx_text_equal(a->expr->name, b->expr->name))
        return 0;
    if (a->kind == SBX_N_CONSTANT)
        return a->value.type == b->value.type && a->duration.unit == b->duration.unit && sbx_value_compare(&a->value, &b->value) == 0;
    for (size_t i = 0; i < a->arg_count; i++)
        if (!sbx_node_equal(a->args[i], b->args[i]))
            return 0;
    return 1;
}

/* ---- constants ---- */

sbx_node *sbx_bind_constant(sbx_query *query, const sbx_expr *expr, sbx_type type, sbx_value value)
{
    sbx_node *node = sbx_node_new(query, expr, SBX_N_CONSTANT, type);

    node->value = value;
    if (value.type == SBX_DOUBLE && value.as.d == 0)
        node->value.as.d = 0; /* the server folds -0 to 0 */
    return node;
}

static sbx_type literal_type(const sbx_value *value)
{
    if (value->type == SBX_NULL)
        return (sbx_type){.id = SBX_VARCHAR};
    if (value->type == SBX_VARCHAR)
        return (sbx_type){.id = SBX_VARCHAR, .length = (int)value->as.s.len};
    return sbx_type_fixed(value->type, value->digits);
}

static sbx_node *bind_duration(sbx_query *query, const sbx_expr *expr)
{
    sbx_value value = {SBX_BIGINT, 0, {0}};
    sbx_node *node;

    if (!sbx_duration_units(expr->duration, query->digits, &value.as.i))
        return failed(query, 0x2605, "Invalid value type");
    node = sbx_bind_constant(query, expr, sbx_type_fixed(SBX_BIGINT, 0), value);
    node->duration = expr->duration;
    return node;
}

static int is_constant(const sbx_node *node)
{
    for (size_t i = 0; i < node->arg_count; i++)
        if (node->args[i]->kind != SBX_N_CONSTANT)
            return 0;
    return node->arg_count != 0;
}

static sbx_node *fold(sbx_query *query, sbx_node *node)
{
    sbx_scope scope = {query, NULL, NULL, NULL};
    sbx_value value;

    if (node->kind != SBX_N_COMPUTED || !is_constant(node))
        return node;
    sbx_node_value(&scope, node, &value);
    return query->request->err.code != 0 ? NULL : sbx_bind_constant(query, node->expr, node->type, value);
}

/* ---- columns ---- */

long sbx_bind_find(const sbx_query *query, sbx_text name)
{
    size_t count = query->column_count + query->tag_count;

    for (size_t i = 0; i < count; i++)
        if (sbx_text_equal(query->fields[i].name, name))
            return (long)i;
    if (query->table == NULL)
        return -1;
    if (sbx_text_is(name, "tbname"))
        return (long)count;
    return sbx_text_is(name, "_c0") || sbx_text_is(name, "_rowts") ? 0 : -1;
}

sbx_node *sbx_bind_column(sbx_query *query, const sbx_expr *expr, size_t slot)
{
    sbx_type type = {.id = SBX_VARCHAR, .length = TBNAME_BYTES};
    sbx_node *node;

    if (slot < query->column_count + query->tag_count)
        type = query->fields[slot].type;
    node = sbx_node_new(query, expr, SBX_N_COLUMN, type);
    node->slot = slot;
    return node;
}

int sbx_bind_qualifier(sbx_query *query, sbx_text table)
{
    sbx_text known = query->select->from_alias.len != 0 ? query->select->from_alias : query->select->from.table;

    if (table.len == 0 || (query->select->has_from && sbx_text_equal(table, known)))
        return 0;
    return sbx_fail(query->request, 0x2603, "Table does not exist: %.*s", (int)table.len, table.p);
}

static const char *const WINDOW_COLUMNS[] = {"_wstart", "_wend", "_wduration"};

static sbx_node *bind_window(sbx_query *query, const sbx_expr *expr, size_t slot)
{
    sbx_type type = sbx_type_fixed(slot == 2 ? SBX_BIGINT : SBX_TIMESTAMP, query->digits);
    sbx_node *node;

    if (query->select->interval.count == 0 || query->clause != SBX_IN_RESULT)
        return failed(query, 0x2658, "_WSTART, _WEND and _WDURATION can only be used in window query");
    node = sbx_node_new(query, expr, SBX_N_WINDOW, type);
    node->slot = slot;
    return node;
}

static sbx_node *bind_name(sbx_query *query, const sbx_expr *expr)
{
    long slot;

    if (sbx_bind_qualifier(query, expr->table) != 0)
        return NULL;
    slot = sbx_bind_find(query, expr->name);
    if (slot >= 0)
        return sbx_bind_column(query, expr, (size_t)slot);
    for (size_t i = 0; i < sizeof WINDOW_COLUMNS / sizeof *WINDOW_COLUMNS; i++)
        if (sbx_text_is(expr->name, WINDOW_COLUMNS[i]))
            return bind_window(query, expr, i);
    if (sbx_text_is(expr->name, "tbname"))
        return failed(query, 0x264C, "Invalid tbname pseudo column");
    if (sbx_text_is(expr->name, "_c0") || sbx_text_is(expr->name, "_rowts"))
        return failed(query, 0x2646, "Invalid _c0 or _rowts expression");
    sbx_fail(query->request, 0x2602, "Invalid column name: %.*s", (int)expr->name.len, expr->name.p);
    return NULL;
}

/* ---- calls ---- */

static sbx_node *add_aggregate(sbx_query *query, const sbx_expr *expr, const sbx_aggregate *aggregate)
{
    sbx_node *node = sbx_node_new(query, expr, SBX_N_AGGREGATE, aggregate->type);

    for (size_t i = 0; i < query->aggregate_count; i++) {
        const sbx_aggregate *old = &query->aggregates[i];

        node->slot = i;
        if (old->kind == aggregate->kind && (old->arg == NULL) == (aggregate->arg == NULL) &&
            (old->arg == NULL || sbx_node_equal(old->arg, aggregate->arg)))
            return node;
    }
    node->slot = query->aggregate_count;
    query->aggregates = sbx_alloc_one_more(query->request->arena, query->aggregates, query->aggregate_count, sizeof *aggregate);
    query->aggregates[query->aggregate_count++] = *aggregate;
    return node;
}

static sbx_node *bind_aggregate(sbx_query *query, const sbx_expr *expr, sbx_aggregate_kind kind)
{
    sbx_aggregate aggregate = {.kind = kind};
    int star = expr->arg_count == 1 && expr->args[0]->kind == SBX_E_STAR;

    if (query->clause == SBX_IN_AGGREGATE)
        return failed(query, 0x2627, "Aggregate functions do not support nesting");
    if (query->clause != SBX_IN_RESULT)
        return failed(query, 0x2608, "There mustn't be aggregation");
    if (expr->arg_count != 1) {
        sbx_fail(query->request, 0x2801, "Invalid number of parameters : %.*s", (int)expr->name.len, expr->name.p);
        return NULL;
    }
    if (!star || kind != SBX_COUNT) {
        query->clause = SBX_IN_AGGREGATE;
        aggregate.arg = sbx_bind(query, expr->args[0]);
        query->clause = SBX_IN_RESULT;
        if (aggregate.arg == NULL)
            return NULL;
    } else if (sbx_bind_qualifier(query, expr->args[0]->table) != 0) {
        return NULL;
    }
    return sbx_aggregate_check(query, &aggregate, expr) != 0 ? NULL : add_aggregate(query, expr, &aggregate);
}

static int bind_args(sbx_query *query, const sbx_expr *expr, sbx_node *node)
{
    node->args = sbx_alloc_array(query->request->arena, expr->arg_count, sizeof(sbx_node *));
    node->arg_count = expr->arg_count;
    for (size_t i = 0; i < expr->arg_count; i++) {
        node->args[i] = sbx_bind(query, expr->args[i]);
        if (node->args[i] == NULL)
            return query->request->err.code;
    }
    return 0;
}

static sbx_node *bind_function(sbx_query *query, const sbx_expr *expr)
{
    sbx_node *node = sbx_node_new(query, expr, SBX_N_COMPUTED, (sbx_type){0});

    if (bind_args(query, expr, node) != 0 || sbx_call_bind(query, node) != 0)
        return NULL;
    return fold(query, node);
}

static sbx_node *bind_call(sbx_query *query, const sbx_expr *expr)
{
    sbx_aggregate_kind kind;

    return sbx_aggregate_find(expr->name, &kind) ? bind_aggregate(query, expr, kind) : bind_function(query, expr);
}

static sbx_node *bind_cast(sbx_query *query, const sbx_expr *expr)
{
    sbx_node *arg = sbx_bind(query, expr->args[0]);
    sbx_node *node = arg == NULL ? NULL : sbx_bind_cast(query, expr, arg);

    return node == NULL ? NULL : fold(query, node);
}

static sbx_node *bind_operator(sbx_query *query, const sbx_expr *expr)
{
    sbx_node *node = sbx_node_new(query, expr, SBX_N_COMPUTED, (sbx_type){0});

    if (bind_args(query, expr, node) != 0 || sbx_type_operator(query, node) != 0)
        return NULL;
    return fold(query, node);
}

sbx_node *sbx_bind(sbx_query *query, const sbx_expr *expr)
{
    switch (expr->kind) {
    case SBX_E_VALUE:
        return sbx_bind_constant(query, expr, literal_type(&expr->value), expr->value);
    case SBX_E_COLUMN:
        return bind_name(query, expr);
    case SBX_E_STAR:
        return failed(query, 0x2600, "syntax error near \"*\"");
    case SBX_E_CALL:
        return bind_call(query, expr);
    case SBX_E_CAST:
        return bind_cast(query, expr);
    case SBX_E_DURATION:
        return bind_duration(query, expr);
    default:
        return bind_operator(query, expr);
    }
}
