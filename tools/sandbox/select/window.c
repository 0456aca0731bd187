/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * INTERVAL: where windows begin and end, and FILL(NULL). Windows count from 1970 and are cut in the server's own zone, which is UTC, whatever
 * zone a request names; months and years go by the calendar. Knows nothing of what is computed over them.
 */
#include "../base/calendar.h"
#include "select.h"

#include <string.h>

enum { MONTHS_OF_YEAR = 12, MAX_FILLED = 1000000 };

int sbx_window_check(sbx_query *query)
{
    sbx_duration interval = query->select->interval;

    if (interval.count == 0)
        return 0;
    if (query->from_count != 0 && query->from[0].is_system)
        return sbx_fail(query->request, 0x2669, "WINDOW is not supported in system table query");
    if (query->from_count != 1 || query->from[0].table == NULL)
        return sbx_fail(query->request, 0x2650, "Window query not supported, since not valid primary timestamp column as input");
    if (interval.unit == 'n' || interval.unit == 'y')
        query->months = interval.count > INT16_MAX ? INT16_MAX : interval.count * (interval.unit == 'y' ? MONTHS_OF_YEAR : 1);
    else if (!sbx_duration_units(interval, query->digits, &query->length) || query->length < 1)
        return sbx_fail(query->request, 0x2615, "Interval cannot be less than 1 ms");
    return 0;
}

/* ---- where windows begin ---- */

static int64_t month_begin(int64_t months, int64_t day)
{
    int64_t year = sbx_floor_div(months, MONTHS_OF_YEAR);

    return sbx_date_days((sbx_date){year, (int)(months - year * MONTHS_OF_YEAR) + 1, 1}) * day;
}

static int64_t months_of(int64_t time, int64_t day)
{
    sbx_date date = sbx_date_of(sbx_floor_div(time, day));

    return MONTHS_OF_YEAR * date.year + date.month - 1;
}

int64_t sbx_window_start(int64_t time, int64_t length, int64_t months, int digits)
{
    int64_t day = SBX_DAY_SECONDS * sbx_time_scale(0, digits);

    if (months == 0)
        return sbx_floor_div(time, length) * length;
    return month_begin(sbx_floor_div(months_of(time, day), months) * months, day);
}

int64_t sbx_window_next(int64_t start, int64_t length, int64_t months, int digits)
{
    int64_t day = SBX_DAY_SECONDS * sbx_time_scale(0, digits);

    return months == 0 ? start + length : month_begin(months_of(start, day) + months, day);
}

sbx_text sbx_window_start_sql(const sbx_query *query)
{
    return sbx_format(query->request->arena, "window_start(d0.time,%lld,%lld,%d)", (long long)query->length, (long long)query->months, query->digits);
}

/* ---- FILL(NULL) ---- */

static int64_t next_of(const sbx_query *query, int64_t start)
{
    return sbx_window_next(start, query->length, query->months, query->digits);
}

static sbx_value *empty_window(const sbx_query *query, int64_t start)
{
    sbx_value *row = sbx_alloc_array(query->request->arena, query->output_count, sizeof *row);
    int64_t end = next_of(query, start);

    for (size_t i = 0; i < query->output_count; i++) {
        int window = query->outputs[i].term->window;

        row[i] = SBX_NO_VALUE;
        if (window == 1 || window == 2)
            row[i] = (sbx_value){SBX_TIMESTAMP, query->digits, {.i = window == 1 ? start : end}};
        else if (window == 3)
            row[i] = (sbx_value){SBX_BIGINT, 0, {.i = end - start}};
    }
    return row;
}

static int is_too_long(const sbx_query *query, const sbx_range *range)
{
    int64_t span, step = query->months != 0 ? 28 * SBX_DAY_SECONDS * sbx_time_scale(0, query->digits) : query->length;

    return range->to >= range->from && (__builtin_sub_overflow(range->to, range->from, &span) || span / step >= MAX_FILLED);
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
    for (int64_t start = sbx_window_start(range->from, query->length, query->months, query->digits); start <= range->to; start = next_of(query, start)) {
        int here = used < answer->row_count && (*starts)[used].as.i == start;

        sbx_answer_add(query->request, &filled, here ? answer->rows[used] : empty_window(query, start));
        used += (size_t)here;
    }
    *answer = filled;
    return 0;
}
