/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * INTERVAL: where windows begin and end, and FILL(NULL). Windows count from 1970 and are cut in the server's own zone, which is UTC, whatever
 * zone a request names. Knows nothing of what is computed over them.
 */
#include "../base/zone.h"
#include "select.h"

#include <string.h>

enum { MAX_FILLED = 1000000 };

int sbx_window_check(sbx_query *query)
{
    sbx_duration interval = query->select->interval;

    if (interval.count == 0)
        return 0;
    if (query->from_count != 0 && query->from[0].is_system)
        return sbx_fail(query->request, 0x2669, "WINDOW is not supported in system table query");
    if (query->from_count != 1 || query->from[0].table == NULL)
        return sbx_fail(query->request, 0x2650, "Window query not supported, since not valid primary timestamp column as input");
    if (!sbx_duration_units(interval, query->digits, &query->length))
        return sbx_select_refuse(query, query->select->interval_at);
    if (query->length < 1)
        return sbx_fail(query->request, 0x2615, "Interval cannot be less than 1 ms");
    return 0;
}

int64_t sbx_window_start(int64_t time, int64_t length)
{
    return sbx_floor_div(time, length) * length;
}

sbx_text sbx_window_start_sql(const sbx_query *query)
{
    return sbx_format(query->request->arena, "window_start(d0.time,%lld)", (long long)query->length);
}

/* ---- FILL(NULL) ---- */

static sbx_value *empty_window(const sbx_query *query, int64_t start)
{
    sbx_value *row = sbx_alloc_array(query->request->arena, query->output_count, sizeof *row);

    for (size_t i = 0; i < query->output_count; i++) {
        int window = query->outputs[i].term->window;

        row[i] = SBX_NO_VALUE;
        if (window == 1 || window == 2)
            row[i] = (sbx_value){SBX_TIMESTAMP, query->digits, {.i = window == 1 ? start : start + query->length}};
        else if (window == 3)
            row[i] = (sbx_value){SBX_BIGINT, 0, {.i = query->length}};
    }
    return row;
}

static int is_too_long(const sbx_query *query, const sbx_range *range)
{
    int64_t span;

    return range->to >= range->from && (__builtin_sub_overflow(range->to, range->from, &span) || span / query->length >= MAX_FILLED);
}

int sbx_window_fill(sbx_query *query, sbx_answer *answer, sbx_value **starts)
{
    const sbx_range none = {0, 0, 0, 0}, *range = query->where == NULL ? &none : &query->where->range;
    sbx_answer filled = *answer;
    size_t used = 0;

    if (!range->has_from || !range->has_to || is_too_long(query, range))
        return sbx_fail(query->request, 0x263B, "Start(end) time of query range required or time range too large");
    if (query->key_count != 0 || query->select->order_count != 0 || strcmp(query->request->zone.name, "UTC") != 0)
        return sbx_select_refuse(query, (size_t)(query->select->items[0].expr->offset));
    if (answer->row_count == 0)
        return 0;
    filled.rows = NULL;
    filled.row_count = 0;
    for (int64_t start = sbx_window_start(range->from, query->length); start <= range->to; start += query->length) {
        int here = used < answer->row_count && (*starts)[used].as.i == start;

        sbx_answer_add(query->request, &filled, here ? answer->rows[used] : empty_window(query, start));
        used += (size_t)here;
    }
    *answer = filled;
    return 0;
}
