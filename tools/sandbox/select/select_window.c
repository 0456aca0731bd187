/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * INTERVAL: where windows begin and end, and the rows in each. Windows of a fixed length count from 1970; of days and weeks by the clocks
 * of the request's zone; of months and years by the calendar. Knows nothing of what is computed over them.
 */
#include "select.h"

#include "../base/calendar.h"

enum { MIN_SLIDING_PART = 100 };

static int is_calendar(sbx_duration duration)
{
    return duration.unit == 'n' || duration.unit == 'y';
}

static int is_local(const sbx_query *query)
{
    return query->select->interval.unit == 'd' || query->select->interval.unit == 'w';
}

/* ---- checks ---- */

static int check_sliding(sbx_query *query)
{
    sbx_duration interval = query->select->interval, sliding = query->select->sliding;

    if (sliding.count == 0)
        return 0;
    if (is_calendar(interval) || is_calendar(sliding))
        return sbx_fail(query->request, 0x2630, "Does not support sliding when interval is natural month/year");
    if (!sbx_duration_units(sliding, query->digits, &query->step) || query->step < 1 || query->step < query->length / MIN_SLIDING_PART)
        return sbx_fail(query->request, 0x2632, "sliding value can not less than 1%% of interval value");
    if (query->step > query->length)
        return sbx_fail(query->request, 0x2631, "sliding value no larger than the interval value");
    return 0;
}

static int check_offset(sbx_query *query)
{
    sbx_duration interval = query->select->interval, offset = query->select->offset_of_interval;

    if (offset.count == 0)
        return 0;
    if (offset.count < 0)
        return sbx_fail(query->request, 0x262D, "Interval offset cannot be negative");
    if (offset.unit == 'y' && interval.unit == 'n')
        return sbx_fail(query->request, 0x262E, "Cannot use 'year' as offset when interval is 'month'");
    if (is_calendar(offset) || !sbx_duration_units(offset, query->digits, &query->shift) || (query->length != 0 && query->shift >= query->length))
        return sbx_fail(query->request, 0x262F, "Interval offset should be shorter than interval");
    return 0;
}

int sbx_window_check(sbx_query *query)
{
    sbx_duration interval = query->select->interval;

    if (interval.count == 0)
        return 0;
    if (query->table == NULL)
        return sbx_fail(query->request, 0x2650, "Window query not supported, since not valid primary timestamp column as input");
    if (query->aggregate_count == 0)
        return sbx_fail(query->request, 0x265E, "Not valid function in window");
    if (interval.count < 0 || (!is_calendar(interval) && (!sbx_duration_units(interval, query->digits, &query->length) || query->length < 1)))
        return sbx_fail(query->request, 0x2615, "Interval too small");
    if (interval.count > INT32_MAX && is_calendar(interval))
        return sbx_fail(query->request, 0x261B, "Interval too big");
    query->step = query->length;
    return check_sliding(query) != 0 ? query->request->err.code : check_offset(query);
}

/* ---- where windows begin ---- */

/* start + length, where the clocks of the zone may have been moved in between. */
static int64_t moved(const sbx_query *query, int64_t start, int64_t length)
{
    int64_t local, begin;

    if (length == 0)
        return sbx_time_add(start, 1, query->select->interval, query->digits, &query->request->zone);
    if (!is_local(query))
        return sbx_time_plus(start, length);
    local = sbx_time_plus(sbx_time_to_local(query, start), -query->shift);
    begin = sbx_time_floor(local, query->step); /* a day whose midnight is left out begins later, the next one does not */
    return sbx_time_from_local(query, sbx_time_plus(sbx_time_plus(begin, length), query->shift));
}

/* The month or year that a local time is in; the server counts them from 1900. */
static int64_t month_start(const sbx_query *query, int64_t local)
{
    int64_t day = SBX_DAY_SECONDS * sbx_time_scale(0, query->digits), months;
    sbx_date date = sbx_date_of(sbx_floor_div(local, day));

    months = 12 * (date.year - 1900) + date.month - 1;
    months = sbx_time_floor(months, query->select->interval.count * (query->select->interval.unit == 'y' ? 12 : 1));
    date = (sbx_date){1900 + sbx_floor_div(months, 12), (int)(months - sbx_time_floor(months, 12)) + 1, 1};
    return sbx_time_times(sbx_date_days(date), day);
}

/* The last begin of a window that is not behind time. */
static int64_t aligned(const sbx_query *query, int64_t time)
{
    int local = is_local(query) || query->length == 0;
    int64_t t = sbx_time_plus(local ? sbx_time_to_local(query, time) : time, -query->shift);

    t = query->length == 0 ? month_start(query, t) : sbx_time_floor(t, query->step);
    t = sbx_time_plus(t, query->shift);
    return local ? sbx_time_from_local(query, t) : t;
}

int64_t sbx_window_first(const sbx_query *query, int64_t time)
{
    int64_t start = aligned(query, time);

    while (query->step < query->length) {
        int64_t earlier = moved(query, start, -query->step);

        if (earlier >= start || moved(query, earlier, query->length) <= time)
            break;
        start = earlier;
    }
    return start;
}

int64_t sbx_window_next(const sbx_query *query, int64_t start)
{
    return moved(query, start, query->step);
}

const sbx_value *sbx_window_values(const sbx_query *query, int64_t start)
{
    sbx_value *values = sbx_alloc_array(query->request->arena, 3, sizeof *values);
    int64_t end = moved(query, start, query->length);

    values[0] = (sbx_value){SBX_TIMESTAMP, query->digits, {.i = start}};
    values[1] = (sbx_value){SBX_TIMESTAMP, query->digits, {.i = end}};
    values[2] = (sbx_value){SBX_BIGINT, 0, {.i = sbx_time_plus(end, -start)}};
    return values;
}

/* ---- rows in windows ---- */

static int by_time(const void *context, const void *a, const void *b)
{
    const sbx_value *x = a, *y = b;

    (void)context;
    return (x[0].as.i > y[0].as.i) - (x[0].as.i < y[0].as.i);
}

static void sort_rows(sbx_query *query, sbx_group *group)
{
    const void **rows = (const void **)group->rows;

    for (size_t i = 1; i < group->row_count; i++)
        if (by_time(NULL, rows[i - 1], rows[i]) > 0) {
            sbx_sort(query->request->arena, rows, group->row_count, by_time, NULL);
            break;
        }
}

static int64_t time_at(const sbx_group *group, size_t i)
{
    return group->rows[i][0].as.i;
}

/* The next window that can hold the row: windows without rows are passed over. */
static int64_t window_for(const sbx_query *query, int64_t start, int64_t time)
{
    int64_t first = sbx_window_first(query, time);

    return first > start ? first : sbx_window_next(query, start);
}

int sbx_window_units(sbx_query *query, size_t number)
{
    sbx_group *group = &query->groups[number];
    size_t begin = query->unit_count, low = 0, high = 0;
    int64_t start, next;

    if (group->row_count == 0)
        return 0;
    sort_rows(query, group);
    next = sbx_window_first(query, time_at(group, 0));
    do {
        const sbx_value *window = sbx_window_values(query, next);

        start = next;
        while (low < group->row_count && time_at(group, low) < start)
            low++;
        while (high < group->row_count && time_at(group, high) < window[1].as.i)
            high++;
        if (low < high && sbx_unit_over(query, number, group->rows + low, high - low, window) != 0)
            return query->request->err.code;
        next = sbx_window_next(query, start);
        while (low < group->row_count && time_at(group, low) < next)
            low++;
        if (low < group->row_count)
            next = window_for(query, start, time_at(group, low));
    } while (low < group->row_count && next > start);
    return sbx_fill_units(query, number, begin);
}
