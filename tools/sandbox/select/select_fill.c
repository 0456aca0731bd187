/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * FILL: windows without rows between the ends of the range of time, and what stands in cells that are NULL. Knows nothing of how rows came
 * into windows.
 */
#include "select.h"

#include <string.h>

enum { MAX_WINDOWS = 1000000 };

/* The values given stand for the columns of the answer that are aggregates, in their order. */
static int bind_values(sbx_query *query)
{
    const sbx_select *select = query->select;
    size_t used = 0;

    query->fill_values = sbx_alloc_array(query->request->arena, query->output_count, sizeof *query->fill_values);
    for (size_t i = 0; i < query->output_count; i++) {
        const sbx_node *output = query->outputs[i].node, *value;

        if (!sbx_node_has(output, SBX_N_AGGREGATE))
            continue;
        if (used == select->fill_value_count)
            return sbx_fail(query->request, 0x2605, "Filled values number mismatch");
        value = sbx_bind(query, select->fill_values[used++]);
        if (value == NULL)
            return query->request->err.code;
        if (value->kind != SBX_N_CONSTANT)
            return sbx_fail(query->request, 0x2605, "Invalid value type");
        sbx_cast(query, &value->value, &output->type, &query->fill_values[i]);
    }
    return used == select->fill_value_count ? 0 : sbx_fail(query->request, 0x2605, "Filled values number mismatch");
}

static int is_too_long(const sbx_query *query)
{
    int64_t span, step = query->step;

    if (step == 0) /* months have 28 days at least */
        step = 28 * 86400 * sbx_time_scale(0, query->digits);
    if (query->to < query->from)
        return 0;
    return __builtin_sub_overflow(query->to, query->from, &span) || span / step >= MAX_WINDOWS;
}

int sbx_fill_check(sbx_query *query)
{
    if (query->select->fill == SBX_FILL_NONE || query->select->interval.count == 0)
        return 0;
    if (!query->bounded || is_too_long(query))
        return sbx_fail(query->request, 0x263B, "Start(end) time of query range required or time range too large");
    return query->select->fill == SBX_FILL_VALUE ? bind_values(query) : 0;
}

static void mark_keys(const sbx_query *query, const sbx_node *node, sbx_value *row, const sbx_value *from)
{
    if (node->kind == SBX_N_COLUMN && node->slot < query->column_count)
        row[node->slot] = from[node->slot];
    for (size_t i = 0; i < node->arg_count; i++)
        mark_keys(query, node->args[i], row, from);
}

/* A row of the group with tags and keys alone: its other columns belong to windows with rows. */
static const sbx_value *row_of_keys(sbx_query *query, size_t group)
{
    size_t width = sbx_select_width(query);
    const sbx_value *from = query->groups[group].rows[0];
    sbx_value *row = sbx_alloc_array(query->request->arena, width, sizeof *row);

    memcpy(row + query->column_count, from + query->column_count, (width - query->column_count) * sizeof *row);
    for (size_t i = 0; i < query->key_count; i++)
        mark_keys(query, query->keys[i], row, from);
    return row;
}

int sbx_fill_units(sbx_query *query, size_t group, size_t begin)
{
    size_t count = query->unit_count - begin, used = 0;
    sbx_unit *units;
    const sbx_value *row;

    if (query->select->fill == SBX_FILL_NONE || count == 0)
        return 0;
    units = sbx_alloc_array(query->request->arena, count, sizeof *units);
    memcpy(units, query->units + begin, count * sizeof *units);
    query->unit_count = begin;
    row = row_of_keys(query, group);
    for (int64_t start = sbx_window_first(query, query->from), next = start; start <= query->to; start = next) {
        next = sbx_window_next(query, start);
        if (used < count && units[used].window[0].as.i == start)
            sbx_unit_add(query, units[used++]);
        else
            sbx_unit_add(query, (sbx_unit){row, NULL, sbx_window_values(query, start), group, NULL, NULL});
        if (next <= start || query->request->err.code != 0)
            break;
    }
    return query->request->err.code;
}

/* ---- cells ---- */

static void fill_from(const sbx_query *query, sbx_value *cells, const sbx_value *values)
{
    for (size_t i = 0; i < query->output_count; i++)
        if (cells[i].type == SBX_NULL)
            cells[i] = values[i];
}

static void fill_from_unit(const sbx_query *query, sbx_unit *unit, const sbx_unit *neighbour)
{
    if (unit->group == neighbour->group)
        fill_from(query, unit->cells, neighbour->cells);
}

/* Whatever is NULL is filled, in windows with rows too: so PREV and NEXT give the nearest value that is not NULL. */
void sbx_fill_cells(sbx_query *query)
{
    enum sbx_fill fill = query->select->fill;
    sbx_unit *units = query->units;

    for (size_t i = 0; fill == SBX_FILL_VALUE && i < query->unit_count; i++)
        fill_from(query, units[i].cells, query->fill_values);
    for (size_t i = 1; fill == SBX_FILL_PREV && i < query->unit_count; i++)
        fill_from_unit(query, &units[i], &units[i - 1]);
    for (size_t i = query->unit_count; fill == SBX_FILL_NEXT && i > 1; i--)
        fill_from_unit(query, &units[i - 2], &units[i - 1]);
}
