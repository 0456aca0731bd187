/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Binds the clauses of a SELECT: its columns with their names, its keys, its order; and checks what may stand beside what when rows are
 * grouped. Knows nothing of how the statement is written.
 */
#include "select.h"

/* ---- columns of the answer ---- */

static void add_output(sbx_query *query, sbx_term *term, sbx_text name, sbx_text alias)
{
    query->outputs = sbx_alloc_one_more(query->request->arena, query->outputs, query->output_count, sizeof *query->outputs);
    query->outputs[query->output_count++] = (sbx_output){term, name, alias};
}

static int check_star(sbx_query *query, const sbx_expr *expr)
{
    if (query->from_count == 0)
        return sbx_fail(query->request, 0x2602, "Invalid column name: *");
    return sbx_bind_qualifier(query, expr->table);
}

/* All columns; of a super table all tags too. */
static int add_star(sbx_query *query, const sbx_expr *expr)
{
    if (check_star(query, expr) != 0)
        return query->request->err.code;
    for (size_t i = 0; i < query->from_count; i++) {
        const sbx_from *from = &query->from[i];
        size_t count = from->column_count + (from->table != NULL && from->table->kind == SBX_SUPER_TABLE ? from->tag_count : 0);

        if (expr->table.len != 0 && !sbx_text_equal(expr->table, from->name))
            continue;
        for (size_t k = 0; k < count; k++)
            add_output(query, sbx_term_column(query, expr, i, k), from->fields[k].name, (sbx_text){0});
    }
    return 0;
}

/* first(*) and its like are one call for each column. */
static int is_star_call(const sbx_expr *expr)
{
    sbx_aggregate_kind kind;

    return expr->kind == SBX_E_CALL && expr->arg_count == 1 && expr->args[0]->kind == SBX_E_STAR && sbx_aggregate_find(expr->name, &kind) &&
           kind != SBX_COUNT;
}

static int add_star_call(sbx_query *query, const sbx_expr *expr)
{
    sbx_arena *arena = query->request->arena;

    if (check_star(query, expr->args[0]) != 0)
        return query->request->err.code;
    for (size_t i = 0; i < query->from[0].column_count; i++) {
        sbx_expr *call = sbx_alloc(arena, sizeof *call), *column = sbx_alloc(arena, sizeof *column);
        sbx_text field = query->from[0].fields[i].name;
        sbx_term *term;

        *column = (sbx_expr){.kind = SBX_E_COLUMN, .table = expr->args[0]->table, .name = field, .text = field};
        *call = *expr;
        call->args = sbx_alloc(arena, sizeof *call->args);
        call->args[0] = column;
        call->text = sbx_format(arena, "%.*s(%.*s)", (int)expr->name.len, expr->name.p, (int)field.len, field.p);
        term = sbx_bind(query, call);
        if (term == NULL)
            return query->request->err.code;
        add_output(query, term, call->text, (sbx_text){0});
    }
    return 0;
}

static int add_item(sbx_query *query, const sbx_item *item)
{
    const sbx_expr *expr = item->expr;
    sbx_term *term;
    sbx_text name;

    if (expr->kind == SBX_E_STAR)
        return add_star(query, expr);
    if (is_star_call(expr))
        return add_star_call(query, expr);
    term = sbx_bind(query, expr);
    if (term == NULL)
        return query->request->err.code;
    name = expr->kind == SBX_E_COLUMN ? expr->name : expr->text;
    add_output(query, term, item->alias.len != 0 ? item->alias : name, item->alias);
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
static int is_position(sbx_query *query, const sbx_expr *expr, sbx_term **out)
{
    if (expr->kind != SBX_E_VALUE || (expr->value.type != SBX_BIGINT && expr->value.type != SBX_UBIGINT))
        return 0;
    *out = expr->value.as.u >= 1 && expr->value.as.u <= query->output_count ? query->outputs[expr->value.as.u - 1].term : NULL;
    if (*out == NULL)
        sbx_fail(query->request, 0x2609, "ORDER BY / GROUP BY item must be the number of a SELECT-list expression");
    return 1;
}

/* NULL: no column of the answer was given that name; or two different ones were, which is an error. */
static sbx_term *aliased(sbx_query *query, const sbx_expr *expr)
{
    sbx_term *found = NULL;

    if (expr->kind != SBX_E_COLUMN || expr->table.len != 0)
        return NULL;
    for (size_t i = 0; i < query->output_count; i++) {
        const sbx_output *output = &query->outputs[i];

        if (output->alias.len == 0 || !sbx_text_equal(output->alias, expr->name))
            continue;
        if (found != NULL && !sbx_text_equal(found->sql, output->term->sql))
            return sbx_select_failed(query, 0x266F, "ORDER BY \"%.*s\" is ambiguous", (int)expr->name.len, expr->name.p);
        found = output->term;
    }
    return found;
}

/* ---- keys ---- */

static sbx_term *bind_key(sbx_query *query, const sbx_expr *expr)
{
    size_t source, slot;
    sbx_term *term;

    if (is_position(query, expr, &term))
        return term;
    if (expr->kind == SBX_E_COLUMN && sbx_bind_find(query, expr->table, expr->name, &source, &slot) == 0) {
        term = aliased(query, expr);
        if (term != NULL || query->request->err.code != 0)
            return term;
    }
    return sbx_bind(query, expr);
}

static int add_keys(sbx_query *query, sbx_expr *const *exprs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sbx_term *term = bind_key(query, exprs[i]);

        if (term == NULL)
            return query->request->err.code;
        if ((term->uses & (SBX_USES_AGGREGATE | SBX_USES_WINDOW)) != 0)
            return sbx_fail(query->request, 0x2608, "There mustn't be aggregation");
        if (term->type.id == SBX_JSON && !term->is_member)
            return sbx_fail(query->request, 0x072E, "Json not support in group/partition by");
        query->keys[query->key_count++] = term;
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

static sbx_term *bind_order_item(sbx_query *query, const sbx_expr *expr)
{
    sbx_term *term;

    if (is_position(query, expr, &term))
        return term;
    term = aliased(query, expr);
    return term != NULL || query->request->err.code != 0 ? term : sbx_bind(query, expr);
}

static int is_output(const sbx_query *query, const sbx_term *term)
{
    for (size_t i = 0; i < query->output_count; i++)
        if (sbx_text_equal(query->outputs[i].term->sql, term->sql))
            return 1;
    return term->is_constant;
}

static int bind_order(sbx_query *query)
{
    const sbx_select *select = query->select;

    query->clause = SBX_IN_RESULT;
    query->order = sbx_alloc_array(query->request->arena, select->order_count, sizeof *query->order);
    for (size_t i = 0; i < select->order_count; i++) {
        sbx_term *term = bind_order_item(query, select->order[i].expr);

        if (term == NULL)
            return query->request->err.code;
        if (select->distinct && !is_output(query, term))
            return sbx_fail(query->request, 0x260B, "Not SELECTed expression");
        query->order[i] = term;
    }
    return 0;
}

/* ---- what may stand beside what ---- */

/* Who knows the table knows its tags. */
static int is_key(const sbx_query *query, const sbx_term *term)
{
    for (size_t i = 0; i < query->key_count; i++) {
        const sbx_term *key = query->keys[i];
        int names_table = key->is_column && key->slot == query->from[key->source].column_count + query->from[key->source].tag_count;

        if (sbx_text_equal(key->sql, term->sql) || (names_table && (term->uses & SBX_USES_COLUMN) == 0))
            return 1;
    }
    return 0;
}

static int holds_key(const sbx_query *query, const sbx_term *term)
{
    for (size_t i = 0; i < query->key_count; i++)
        for (size_t k = 0; k + query->keys[i]->sql.len <= term->sql.len; k++)
            if (sbx_text_equal((sbx_text){term->sql.p + k, query->keys[i]->sql.len}, query->keys[i]->sql))
                return 1;
    return 0;
}

static int is_beside(const sbx_query *query, const sbx_term *term)
{
    return (term->uses & (SBX_USES_AGGREGATE | SBX_USES_WINDOW)) != 0 || term->uses == 0 || is_key(query, term) || holds_key(query, term);
}

static int check_beside(sbx_query *query, const sbx_term *term)
{
    if (is_beside(query, term))
        return 0;
    if (query->select->group_count != 0)
        return sbx_fail(query->request, 0x260A, "Not a GROUP BY expression");
    if (query->select->interval.count != 0)
        return sbx_fail(query->request, 0x2667, "Invalid usage of expr: %.*s", (int)term->expr->text.len, term->expr->text.p);
    return sbx_fail(query->request, 0x260C, "Not a single-group group function");
}

static int check_grouped(sbx_query *query)
{
    for (size_t i = 0; i < query->output_count; i++)
        if (check_beside(query, query->outputs[i].term) != 0)
            return query->request->err.code;
    for (size_t i = 0; i < query->select->order_count; i++)
        if (check_beside(query, query->order[i]) != 0)
            return query->request->err.code;
    return query->having == NULL ? 0 : check_beside(query, query->having);
}

/* A SELECT over another one is answered where it counts its rows. */
static int check_source(sbx_query *query)
{
    const sbx_select *select = query->select;
    const sbx_expr *item = select->items[0].expr;
    int counts = select->item_count == 1 && item->kind == SBX_E_CALL && sbx_text_is(item->name, "count") && item->args[0]->kind == SBX_E_STAR;

    for (size_t i = 0; i < select->source_count; i++) {
        if (select->sources[i].select != NULL && (!counts || select->where != NULL || query->key_count != 0 || select->source_count != 1))
            return sbx_select_refuse(query, select->sources[i].offset);
        if (i != 0 && select->sources[i].on == NULL)
            return sbx_select_refuse(query, select->sources[i].offset);
    }
    return 0;
}

static int check_clauses(sbx_query *query)
{
    const sbx_select *select = query->select;

    if (select->group_count != 0 && select->interval.count != 0)
        return sbx_fail(query->request, 0x2624, "GROUP BY and WINDOW-clause can't be used together");
    if (select->slimit_at != 0 && query->key_count == 0)
        return sbx_fail(query->request, 0x2638, "slimit/soffset only available for PARTITION/GROUP BY query");
    if (select->having != NULL && query->key_count == 0 && select->interval.count == 0)
        return sbx_fail(query->request, 0x260A, "Not a GROUP BY expression");
    if (select->slimit_at != 0)
        return sbx_select_refuse(query, select->slimit_at);
    if (select->limit_at != 0 && select->partition_count != 0 && select->order_count == 0) /* it would be one for each partition */
        return sbx_select_refuse(query, select->limit_at);
    return check_source(query);
}

/* WHERE and what JOIN is ON, as one condition. */
static int bind_where(sbx_query *query)
{
    query->clause = SBX_IN_WHERE;
    for (size_t i = 0; i <= query->from_count; i++) {
        const sbx_expr *expr = i == query->from_count ? query->select->where : query->select->sources[i].on;
        sbx_term *term = expr == NULL ? NULL : sbx_bind(query, expr), *before = query->where;

        if (query->request->err.code != 0)
            return query->request->err.code;
        if (term == NULL)
            continue;
        query->where = term;
        if (before == NULL)
            continue;
        query->where = sbx_term_of(query, expr, term->type, sbx_format(query->request->arena, "(%.*s AND %.*s)", (int)before->sql.len, before->sql.p,
                                   (int)term->sql.len, term->sql.p), (sbx_term *const[]){before, term}, 2);
    }
    return 0;
}

static int bind_having(sbx_query *query)
{
    query->clause = SBX_IN_RESULT;
    if (query->select->having != NULL)
        query->having = sbx_bind(query, query->select->having);
    return query->request->err.code;
}

int sbx_select_clauses(sbx_query *query)
{
    if (sbx_window_check(query) != 0 || bind_where(query) != 0 || bind_outputs(query) != 0 || bind_keys(query) != 0 || bind_having(query) != 0 ||
        bind_order(query) != 0)
        return query->request->err.code;
    query->aggregated = query->aggregates || query->select->group_count != 0 || query->select->interval.count != 0;
    if (check_clauses(query) != 0)
        return query->request->err.code;
    if (query->select->interval.count != 0 && !query->aggregates) {
        for (size_t i = 0; i < query->output_count; i++)
            if (check_beside(query, query->outputs[i].term) != 0)
                return query->request->err.code;
        return sbx_fail(query->request, 0x265E, "No valid function in window query");
    }
    return query->aggregated ? check_grouped(query) : 0;
}
