/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Units to rows of the answer: computed, made distinct, ordered, limited. */
#include "select.h"

typedef struct line {
    sbx_value *cells;
    sbx_value *keys; /* to order by */
    size_t group;
} line;

typedef struct lines {
    const void **items; /* of line */
    size_t count;
} lines;

/* ---- computing ---- */

static void compute_cell(const sbx_scope *scope, const sbx_unit *unit, size_t i, sbx_value *out)
{
    const sbx_query *query = scope->query;

    sbx_node_value(scope, query->outputs[i].node, out);
    if (unit->filled && query->fill_values != NULL && out->type == SBX_NULL)
        *out = query->fill_values[i];
}

/* A key that is a column of the answer too is not computed again. */
static void compute_key(const sbx_scope *scope, const sbx_node *node, const sbx_value *cells, sbx_value *out)
{
    const sbx_query *query = scope->query;

    for (size_t i = 0; i < query->output_count; i++)
        if (query->outputs[i].node == node || sbx_node_equal(query->outputs[i].node, node)) {
            *out = cells[i];
            return;
        }
    sbx_node_value(scope, node, out);
}

static const line *compute(sbx_query *query, const sbx_unit *unit)
{
    sbx_arena *arena = query->request->arena;
    sbx_scope scope = {query, unit->row, unit->aggregates, unit->window};
    line *l = sbx_alloc(arena, sizeof *l);

    l->group = unit->group;
    l->cells = sbx_alloc_array(arena, query->output_count, sizeof *l->cells);
    for (size_t i = 0; i < query->output_count; i++)
        compute_cell(&scope, unit, i, &l->cells[i]);
    l->keys = sbx_alloc_array(arena, query->select->order_count, sizeof *l->keys);
    for (size_t i = 0; i < query->select->order_count; i++)
        compute_key(&scope, query->order[i], l->cells, &l->keys[i]);
    return l;
}

static int compute_lines(sbx_query *query, lines *out)
{
    sbx_rowset *seen = query->select->distinct ? sbx_rowset_new(query->request->arena) : NULL;

    out->items = sbx_alloc_array(query->request->arena, query->unit_count, sizeof *out->items);
    for (size_t i = 0; i < query->unit_count && query->request->err.code == 0; i++) {
        const line *l = compute(query, &query->units[i]);

        if (seen == NULL || sbx_rowset_add(seen, l->cells, query->output_count) == out->count)
            out->items[out->count++] = l;
    }
    return query->request->err.code;
}

/* ---- order ---- */

static int order_keys(const sbx_query *query, const sbx_order *order, const sbx_value *a, const sbx_value *b)
{
    int result = 0;

    if (a->type == SBX_NULL || b->type == SBX_NULL) {
        result = (b->type == SBX_NULL) - (a->type == SBX_NULL); /* NULL first */
        return order->nulls_last ? -result : result;
    }
    sbx_compare_values(query, a, b, &result);
    return order->descending ? -result : result;
}

static int order_lines(const void *context, const void *a, const void *b)
{
    const sbx_query *query = context;
    const line *x = a, *y = b;

    for (size_t i = 0; i < query->select->order_count; i++) {
        int result = order_keys(query, &query->select->order[i], &x->keys[i], &y->keys[i]);

        if (result != 0)
            return result;
    }
    return 0;
}

/* ---- limits ---- */

static int is_within(int64_t place, int64_t offset, int64_t limit)
{
    return place >= offset && (limit < 0 || place - offset < limit);
}

/* Groups follow one another here: lines are not yet ordered. */
static void limit_groups(const sbx_select *select, lines *all)
{
    int64_t place = -1;
    size_t kept = 0, last = 0;

    for (size_t i = 0; i < all->count; i++) {
        const line *l = all->items[i];

        if (place < 0 || l->group != last)
            place++;
        last = l->group;
        if (is_within(place, select->soffset, select->slimit))
            all->items[kept++] = l;
    }
    all->count = kept;
}

/* Of a partitioned query without an order, each group has its own limit. */
static void limit_lines(const sbx_select *select, lines *all)
{
    int each = select->partition_count != 0 && select->order_count == 0;
    int64_t place = -1;
    size_t kept = 0, last = 0;

    for (size_t i = 0; i < all->count; i++) {
        const line *l = all->items[i];

        place = each && i != 0 && l->group != last ? 0 : place + 1;
        last = l->group;
        if (is_within(place, select->offset, select->limit))
            all->items[kept++] = l;
    }
    all->count = kept;
}

int sbx_select_answer(sbx_query *query, sbx_answer *answer)
{
    lines all = {NULL, 0};

    if (compute_lines(query, &all) != 0)
        return query->request->err.code;
    limit_groups(query->select, &all);
    if (query->select->order_count != 0)
        sbx_sort(query->request->arena, all.items, all.count, order_lines, query);
    limit_lines(query->select, &all);
    answer->fields = sbx_alloc_array(query->request->arena, query->output_count, sizeof *answer->fields);
    answer->field_count = query->output_count;
    for (size_t i = 0; i < query->output_count; i++)
        answer->fields[i] = (sbx_field){query->outputs[i].name, query->outputs[i].node->type};
    for (size_t i = 0; i < all.count; i++)
        sbx_answer_add(query->request, answer, ((const line *)all.items[i])->cells);
    return query->request->err.code;
}
