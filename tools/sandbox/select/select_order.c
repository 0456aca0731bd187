/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Units to rows of the answer: computed, made distinct, ordered, limited. */
#include "select.h"

typedef struct lines {
    const void **items; /* of sbx_unit */
    size_t count;
} lines;

/* ---- computing ---- */

/* The columns of the answer that the order goes by; SIZE_MAX where it goes by something else. */
static const size_t *ordered_cells(const sbx_query *query)
{
    size_t *cells = sbx_alloc_array(query->request->arena, query->select->order_count, sizeof *cells);

    for (size_t i = 0; i < query->select->order_count; i++) {
        cells[i] = SIZE_MAX;
        for (size_t k = 0; k < query->output_count && cells[i] == SIZE_MAX; k++)
            if (sbx_node_equal(query->outputs[k].node, query->order[i]))
                cells[i] = k;
    }
    return cells;
}

static void compute_cells(sbx_query *query, sbx_unit *unit)
{
    sbx_scope scope = {query, unit->row, unit->aggregates, unit->window};

    unit->cells = sbx_alloc_array(query->request->arena, query->output_count, sizeof *unit->cells);
    for (size_t i = 0; i < query->output_count; i++)
        sbx_node_value(&scope, query->outputs[i].node, &unit->cells[i]);
}

/* When the cells are filled, for that counts in the order too. */
static void compute_keys(sbx_query *query, sbx_unit *unit, const size_t *ordered)
{
    sbx_scope scope = {query, unit->row, unit->aggregates, unit->window};

    unit->keys = sbx_alloc_array(query->request->arena, query->select->order_count, sizeof *unit->keys);
    for (size_t i = 0; i < query->select->order_count; i++)
        if (ordered[i] != SIZE_MAX)
            unit->keys[i] = unit->cells[ordered[i]];
        else
            sbx_node_value(&scope, query->order[i], &unit->keys[i]);
}

static int compute_lines(sbx_query *query, lines *out)
{
    sbx_rowset *seen = query->select->distinct ? sbx_rowset_new(query->request->arena) : NULL;
    const size_t *ordered = ordered_cells(query);

    out->items = sbx_alloc_array(query->request->arena, query->unit_count, sizeof *out->items);
    for (size_t i = 0; i < query->unit_count; i++)
        compute_cells(query, &query->units[i]);
    sbx_fill_cells(query);
    for (size_t i = 0; i < query->unit_count && query->request->err.code == 0; i++) {
        sbx_unit *unit = &query->units[i];

        compute_keys(query, unit, ordered);
        if (seen == NULL || sbx_rowset_add(seen, unit->cells, query->output_count) == out->count)
            out->items[out->count++] = unit;
    }
    return query->request->err.code;
}

/* ---- order ---- */

static int order_keys(const sbx_order *order, const sbx_value *a, const sbx_value *b)
{
    int result;

    if (a->type == SBX_NULL || b->type == SBX_NULL) {
        result = (b->type == SBX_NULL) - (a->type == SBX_NULL); /* NULL first */
        return order->nulls_last ? -result : result;
    }
    result = sbx_value_compare(a, b);
    return order->descending ? -result : result;
}

static int order_lines(const void *context, const void *a, const void *b)
{
    const sbx_query *query = context;
    const sbx_unit *x = a, *y = b;

    for (size_t i = 0; i < query->select->order_count; i++) {
        int result = order_keys(&query->select->order[i], &x->keys[i], &y->keys[i]);

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
        const sbx_unit *unit = all->items[i];

        if (place < 0 || unit->group != last)
            place++;
        last = unit->group;
        if (is_within(place, select->soffset, select->slimit))
            all->items[kept++] = unit;
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
        const sbx_unit *unit = all->items[i];

        place = each && i != 0 && unit->group != last ? 0 : place + 1;
        last = unit->group;
        if (is_within(place, select->offset, select->limit))
            all->items[kept++] = unit;
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
        sbx_answer_add(query->request, answer, ((const sbx_unit *)all.items[i])->cells);
    return query->request->err.code;
}
