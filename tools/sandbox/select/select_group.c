/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows to groups by their keys, groups to units: what rows of the answer are computed from. HAVING is here. */
#include "select.h"

enum { MAX_WINDOWS = 2000000 };

static void add_to_group(sbx_query *query, size_t number, const sbx_value *row)
{
    sbx_arena *arena = query->request->arena;
    sbx_group *group;

    if (number == query->group_count) {
        query->groups = sbx_alloc_one_more(arena, query->groups, query->group_count, sizeof *query->groups);
        query->groups[query->group_count++] = (sbx_group){NULL, 0};
    }
    group = &query->groups[number];
    group->rows = sbx_alloc_one_more(arena, group->rows, group->row_count, sizeof *group->rows);
    group->rows[group->row_count++] = row;
}

int sbx_select_group(sbx_query *query)
{
    sbx_rowset *set = sbx_rowset_new(query->request->arena);
    sbx_value *keys = sbx_alloc_array(query->request->arena, query->key_count, sizeof *keys);

    if (query->key_count == 0) {
        query->groups = sbx_alloc(query->request->arena, sizeof *query->groups);
        query->groups[0] = (sbx_group){query->rows, query->row_count};
        query->group_count = 1;
        return 0;
    }
    for (size_t i = 0; i < query->row_count; i++) {
        sbx_scope scope = {query, query->rows[i], NULL, NULL};

        for (size_t k = 0; k < query->key_count; k++)
            sbx_node_value(&scope, query->keys[k], &keys[k]);
        if (query->request->err.code != 0)
            break;
        add_to_group(query, sbx_rowset_add(set, keys, query->key_count), query->rows[i]);
    }
    return query->request->err.code;
}

void sbx_unit_add(sbx_query *query, sbx_unit unit)
{
    if (unit.window != NULL && query->unit_count == MAX_WINDOWS) {
        sbx_fail(query->request, 0x070A, "Too many groups/time window in query");
        return;
    }
    query->units = sbx_alloc_one_more(query->request->arena, query->units, query->unit_count, sizeof *query->units);
    query->units[query->unit_count++] = unit;
}

int sbx_unit_over(sbx_query *query, size_t group, const sbx_value **rows, size_t count, const sbx_value *window)
{
    sbx_value *aggregates = sbx_alloc_array(query->request->arena, query->aggregate_count, sizeof *aggregates);
    const sbx_value *row = count == 0 ? NULL : rows[0];

    if (sbx_aggregate_rows(query, rows, count, aggregates, &row) == 0)
        sbx_unit_add(query, (sbx_unit){row, aggregates, window, group, NULL, NULL});
    return query->request->err.code;
}

/* Over nothing COUNT is 0; without a COUNT there is no row. */
static int counts(const sbx_query *query)
{
    for (size_t i = 0; i < query->aggregate_count; i++)
        if (query->aggregates[i].kind == SBX_COUNT)
            return 1;
    return 0;
}

static int group_units(sbx_query *query, size_t number)
{
    const sbx_group *group = &query->groups[number];

    if (query->select->interval.count != 0)
        return sbx_window_units(query, number);
    if (!query->aggregated) {
        for (size_t i = 0; i < group->row_count; i++)
            sbx_unit_add(query, (sbx_unit){group->rows[i], NULL, NULL, number, NULL, NULL});
        return 0;
    }
    if (group->row_count == 0 && !counts(query))
        return 0;
    return sbx_unit_over(query, number, group->rows, group->row_count, NULL);
}

static int keep_having(sbx_query *query)
{
    size_t kept = 0;

    for (size_t i = 0; query->having != NULL && i < query->unit_count; i++) {
        const sbx_unit *unit = &query->units[i];
        sbx_scope scope = {query, unit->row, unit->aggregates, unit->window};
        sbx_value value;

        sbx_node_value(&scope, query->having, &value);
        if (sbx_truth(&value) == 1)
            query->units[kept++] = *unit;
    }
    if (query->having != NULL)
        query->unit_count = kept;
    return query->request->err.code;
}

int sbx_select_units(sbx_query *query)
{
    for (size_t i = 0; i < query->group_count; i++)
        if (group_units(query, i) != 0)
            return query->request->err.code;
    return keep_having(query);
}
