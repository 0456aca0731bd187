/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Binds the clauses of a SELECT: its columns with their names, its keys, its order; and checks what may stand beside what when rows are
 * grouped. Knows nothing of rows.
 */
#include "select.h"

/* ---- columns of the answer ---- */

static void add_output(sbx_query *query, sbx_node *node, sbx_text name, sbx_text alias)
{
    query->outputs = sbx_alloc_one_more(query->request->arena, query->outputs, query->output_count, sizeof *query->outputs);
    query->outputs[query->output_count++] = (sbx_output){node, name, alias};
}

static int is_star(const sbx_expr *expr)
{
    return expr->kind == SBX_E_STAR;
}

static int check_star(sbx_query *query, const sbx_expr *expr)
{
    if (!query->select->has_from)
        return sbx_fail(query->request, 0x2600, "syntax error near \"*\"");
    return sbx_bind_qualifier(query, expr->table);
}

/* All columns; of a super table all tags too. */
static int add_star(sbx_query *query, const sbx_expr *expr)
{
    int tags = query->table != NULL && (query->table->kind == SBX_SUPER_TABLE || query->select->tags_only);
    size_t begin = query->select->tags_only ? query->column_count : 0;
    size_t end = query->column_count + (tags ? query->tag_count : 0);

    if (check_star(query, expr) != 0)
        return query->request->err.code;
    for (size_t i = begin; i < end; i++)
        add_output(query, sbx_bind_column(query, expr, i), query->fields[i].name, (sbx_text){0});
    return 0;
}

/* first(*) and its like are one call for each column. */
static int is_star_call(const sbx_expr *expr)
{
    sbx_aggregate_kind kind;

    return expr->kind == SBX_E_CALL && expr->arg_count == 1 && is_star(expr->args[0]) && sbx_aggregate_find(expr->name, &kind) &&
           (kind == SBX_FIRST || kind == SBX_LAST || kind == SBX_LAST_ROW);
}

static int add_star_call(sbx_query *query, const sbx_expr *expr)
{
    sbx_arena *arena = query->request->arena;
    sbx_text table = expr->args[0]->table;

    if (check_star(query, expr->args[0]) != 0)
        return query->request->err.code;
    for (size_t i = 0; i < query->column_count; i++) {
        sbx_expr *call = sbx_alloc(arena, sizeof *call), *column = sbx_alloc(arena, sizeof *column);
        sbx_text field = query->fields[i].name;
        sbx_node *node;

        *column = (sbx_expr){.kind = SBX_E_COLUMN, .table = table, .name = field, .text = field};
        *call = *expr;
        call->args = sbx_alloc(arena, sizeof *call->args);
        call->args[0] = column;
        call->text = sbx_format(arena, "%.*s(%.*s)", (int)expr->name.len, expr->name.p, (int)field.len, field.p);
        node = sbx_bind(query, call);
        if (node == NULL)
            return query->request->err.code;
        add_output(query, node, call->text, (sbx_text){0});
    }
    return 0;
}

static int add_item(sbx_query *query, const sbx_item *item)
{
    const sbx_expr *expr = item->expr;
    sbx_node *node;
    sbx_text name;

    if (is_star(expr))
        return add_star(query, expr);
    if (is_star_call(expr))
        return add_star_call(query, expr);
    node = sbx_bind(query, expr);
    if (node == NULL)
        return query->request->err.code;
    name = expr->kind == SBX_E_COLUMN ? expr->name : expr->text;
    add_output(query, node, item->alias.len != 0 ? item->alias : name, item->alias);
    return 0;
}

static int bind_outputs(sbx_query *query)
{
    query->clause = SBX_IN_RESULT;
    for (size_t i = 0; i < query->select->item_count; i++)
        if (add_item(query, &query->select->items[i]) != 0)
            break;
    return query->request->err.code;
}

/* ---- references to them ---- */

/* A number stands for the column of the answer in that place. 1: *out is it, NULL when there is none. */
static int is_position(const sbx_query *query, const sbx_expr *expr, sbx_node **out)
{
    if (expr->kind != SBX_E_VALUE || (expr->value.type != SBX_BIGINT && expr->value.type != SBX_UBIGINT))
        return 0;
    *out = expr->value.as.u >= 1 && expr->value.as.u <= query->output_count ? query->outputs[expr->value.as.u - 1].node : NULL;
    return 1;
}

static int bad_position(sbx_query *query)
{
    return sbx_fail(query->request, 0x2609, "ORDER BY / GROUP BY item must be the number of a SELECT-list expression");
}

/* NULL: no column of the answer was given that name; or two different ones were, which is an error. */
static sbx_node *aliased(sbx_query *query, const sbx_expr *expr)
{
    sbx_node *found = NULL;

    if (expr->kind != SBX_E_COLUMN || expr->table.len != 0)
        return NULL;
    for (size_t i = 0; i < query->output_count; i++) {
        const sbx_output *output = &query->outputs[i];

        if (output->alias.len == 0 || !sbx_text_equal(output->alias, expr->name))
            continue;
        if (found != NULL && !sbx_node_equal(found, output->node)) {
            sbx_fail(query->request, 0x2604, "Column ambiguously defined: %.*s", (int)expr->name.len, expr->name.p);
            return NULL;
        }
        found = output->node;
    }
    return found;
}

/* ---- keys ---- */

static sbx_node *bind_key(sbx_query *query, const sbx_expr *expr)
{
    sbx_node *node;

    if (is_position(query, expr, &node)) {
        if (node == NULL)
            bad_position(query);
        return node;
    }
    if (expr->kind == SBX_E_COLUMN && sbx_bind_find(query, expr->name) < 0) {
        node = aliased(query, expr);
        if (node != NULL || query->request->err.code != 0)
            return node;
    }
    return sbx_bind(query, expr);
}

static int add_keys(sbx_query *query, sbx_expr *const *exprs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sbx_node *node = bind_key(query, exprs[i]);

        if (node == NULL)
            return query->request->err.code;
        if (sbx_node_has(node, SBX_N_AGGREGATE) || sbx_node_has(node, SBX_N_WINDOW))
            return sbx_fail(query->request, 0x2608, "There mustn't be aggregation");
        if (node->type.id == SBX_JSON && node->eval != sbx_eval_member)
            return sbx_fail(query->request, 0x072E, "Json not support in group/partition by");
        query->keys[query->key_count++] = node;
    }
    return 0;
}

static int bind_keys(sbx_query *query)
{
    const sbx_select *select = query->select;

    query->clause = SBX_IN_KEYS;
    query->keys = sbx_alloc_array(query->request->arena, select->partition_count + select->group_count, sizeof *query->keys);
    if (add_keys(query, select->partition, select->partition_count) != 0)
        return query->request->err.code;
    return add_keys(query, select->group, select->group_count);
}

/* ---- order ---- */

static sbx_node *bind_order_item(sbx_query *query, const sbx_expr *expr)
{
    sbx_node *node;

    if (is_position(query, expr, &node)) {
        if (node == NULL)
            bad_position(query);
        return node;
    }
    node = aliased(query, expr);
    if (node != NULL || query->request->err.code != 0)
        return node;
    return sbx_bind(query, expr);
}

static int is_output(const sbx_query *query, const sbx_node *node)
{
    for (size_t i = 0; i < query->output_count; i++)
        if (sbx_node_equal(query->outputs[i].node, node))
            return 1;
    return node->kind == SBX_N_CONSTANT;
}

static int bind_order(sbx_query *query)
{
    const sbx_select *select = query->select;

    query->clause = SBX_IN_RESULT;
    query->order = sbx_alloc_array(query->request->arena, select->order_count, sizeof *query->order);
    for (size_t i = 0; i < select->order_count; i++) {
        sbx_node *node = bind_order_item(query, select->order[i].expr);

        if (node == NULL)
            return query->request->err.code;
        if (node->type.id == SBX_JSON)
            return sbx_fail(query->request, 0x072D, "Json not support in this place");
        if (select->distinct && !is_output(query, node))
            return sbx_fail(query->request, 0x260B, "Not SELECTed expression");
        query->order[i] = node;
    }
    return 0;
}

/* ---- what may stand beside what ---- */

static int is_key(const sbx_query *query, const sbx_node *node)
{
    int tag = node->kind == SBX_N_COLUMN && node->slot >= query->column_count;

    for (size_t i = 0; i < query->key_count; i++) {
        const sbx_node *key = query->keys[i];

        /* who knows the table knows its tags */
        if (sbx_node_equal(key, node) || (tag && key->kind == SBX_N_COLUMN && key->slot == query->column_count + query->tag_count))
            return 1;
    }
    return 0;
}

static int only_keys(const sbx_query *query, const sbx_node *node)
{
    if (is_key(query, node) || node->kind == SBX_N_AGGREGATE)
        return 1;
    if (node->kind == SBX_N_COLUMN)
        return 0;
    for (size_t i = 0; i < node->arg_count; i++)
        if (!only_keys(query, node->args[i]))
            return 0;
    return 1;
}

static int picks_row(sbx_aggregate_kind kind)
{
    return kind == SBX_MIN || kind == SBX_MAX || kind == SBX_FIRST || kind == SBX_LAST || kind == SBX_LAST_ROW;
}

static int check_beside(sbx_query *query, const sbx_node *node)
{
    if (only_keys(query, node) || query->picked != SIZE_MAX)
        return 0;
    if (query->select->group_count != 0)
        return sbx_fail(query->request, 0x260A, "Not a GROUP BY expression");
    return sbx_fail(query->request, 0x260C, "Not a single-group group function");
}

static int check_grouped(sbx_query *query)
{
    if (query->aggregate_count == 1 && picks_row(query->aggregates[0].kind))
        query->picked = 0;
    for (size_t i = 0; i < query->output_count; i++)
        if (check_beside(query, query->outputs[i].node) != 0)
            return query->request->err.code;
    for (size_t i = 0; i < query->select->order_count; i++)
        if (check_beside(query, query->order[i]) != 0)
            return query->request->err.code;
    return query->having == NULL ? 0 : check_beside(query, query->having);
}

static int check_no_column(sbx_query *query, const sbx_node *node)
{
    const sbx_node *column = node == NULL ? NULL : sbx_node_column(query, node);
    sbx_text name;

    if (column == NULL)
        return 0;
    name = query->fields[column->slot].name;
    return sbx_fail(query->request, 0x2602, "Invalid column name: %.*s", (int)name.len, name.p);
}

static int check_tags(sbx_query *query)
{
    if (query->table == NULL || query->table->kind == SBX_NORMAL_TABLE || query->aggregated)
        return sbx_fail(query->request, 0x2665, "The _TAGS pseudo column can only be used for child table and super table queries");
    for (size_t i = 0; i < query->output_count; i++)
        if (check_no_column(query, query->outputs[i].node) != 0)
            return query->request->err.code;
    for (size_t i = 0; i < query->select->order_count; i++)
        if (check_no_column(query, query->order[i]) != 0)
            return query->request->err.code;
    return check_no_column(query, query->where);
}

static int check_clauses(sbx_query *query)
{
    const sbx_select *select = query->select;

    if (select->group_count != 0 && select->interval.count != 0)
        return sbx_fail(query->request, 0x2624, "GROUP BY and WINDOW-clause can't be used together");
    if ((select->slimit >= 0 || select->soffset > 0) && query->key_count == 0)
        return sbx_fail(query->request, 0x2638, "slimit/soffset only available for PARTITION/GROUP BY query");
    if (select->having != NULL && query->key_count == 0 && select->interval.count == 0)
        return sbx_fail(query->request, 0x260A, "Not a GROUP BY expression");
    return sbx_window_check(query);
}

static int bind_where(sbx_query *query)
{
    query->clause = SBX_IN_WHERE;
    if (query->select->where != NULL)
        query->where = sbx_bind(query, query->select->where);
    return query->request->err.code;
}

static int bind_having(sbx_query *query)
{
    query->clause = SBX_IN_RESULT;
    if (query->select->having != NULL)
        query->having = sbx_bind(query, query->select->having);
    return query->request->err.code;
}

int sbx_select_check(sbx_query *query)
{
    if (bind_where(query) != 0 || bind_outputs(query) != 0 || bind_keys(query) != 0 || bind_having(query) != 0 || bind_order(query) != 0)
        return query->request->err.code;
    query->aggregated = query->aggregate_count != 0 || query->select->group_count != 0 || query->select->interval.count != 0;
    if (check_clauses(query) != 0)
        return query->request->err.code;
    if (query->select->tags_only)
        return check_tags(query);
    return query->aggregated ? check_grouped(query) : 0;
}
