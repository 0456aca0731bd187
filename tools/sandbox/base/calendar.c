/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The Gregorian calendar, also of years before it was made; an instant as text, the day that it is in, durations. Knows nothing of how times are read. */
#include "zone.h"

#include <inttypes.h>
#include <string.h>

enum { DAYS_BEFORE_1970 = 719162 /* since 0001-01-01 */, DAYS_OF_400_YEARS = 146097 };

int64_t sbx_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

static int is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int month_days(int64_t year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

int64_t sbx_date_days(sbx_date date)
{
    int64_t years = date.year - 1; /* that are over since the year 1 began */
    int64_t leaps = sbx_floor_div(years, 4) - sbx_floor_div(years, 100) + sbx_floor_div(years, 400);
    int64_t days = 365 * years + leaps - DAYS_BEFORE_1970;
    int month;

    for (month = 1; month < date.month; month++)
        days += month_days(date.year, month);
    return days + date.day - 1;
}

static sbx_date date_of(int64_t days)
{
    sbx_date date = {1970 + sbx_floor_div(days * 400, DAYS_OF_400_YEARS), 1, 1}; /* at most one off */

    while (sbx_date_days(date) > days)
        date.year--;
    while (sbx_date_days((sbx_date){date.year + 1, 1, 1}) <= days)
        date.year++;
    days -= sbx_date_days(date);
    while (days >= month_days(date.year, date.month))
        days -= month_days(date.year, date.month++);
    date.day = (int)days + 1;
    return date;
}

/* ---- instants ---- */

static void put_offset(sbx_buf *out, int offset)
{
    int minutes = offset / 60;

    if (offset == 0) {
        sbx_buf_char(out, 'Z');
        return;
    }
    sbx_buf_char(out, minutes < 0 ? '-' : '+');
    if (minutes < 0)
        minutes = -minutes;
    sbx_buf_format(out, "%02d:%02d", minutes / 60, minutes % 60);
}

void sbx_time_format(sbx_buf *out, int64_t time, int digits, const sbx_zone *zone)
{
    int64_t scale = sbx_time_scale(0, digits);
    int64_t second = sbx_floor_div(time, scale);
    int64_t fraction = time % scale + (time % scale < 0 ? scale : 0);
    int offset = sbx_zone_offset(zone, second);
    int64_t days = sbx_floor_div(second + offset, SBX_DAY_SECONDS);
    int clock = (int)(second + offset - days * SBX_DAY_SECONDS);
    sbx_date date = date_of(days);

    if (date.year < 0)
        sbx_buf_char(out, '-');
    sbx_buf_format(out, "%04" PRId64 "-%02d-%02dT%02d:%02d:%02d.%0*" PRId64, date.year < 0 ? -date.year : date.year, date.month,
                   date.day, clock / 3600, clock / 60 % 60, clock % 60, digits, fraction);
    put_offset(out, offset);
}

int64_t sbx_time_today(int64_t time, int digits, const sbx_zone *zone)
{
    int64_t scale = sbx_time_scale(0, digits);
    int64_t second = sbx_floor_div(time, scale);
    int64_t local = second + sbx_zone_offset(zone, second);
    int64_t midnight = sbx_floor_div(local, SBX_DAY_SECONDS) * SBX_DAY_SECONDS;

    if (!sbx_zone_instant(zone, midnight, &second)) /* the day begins later: in the gap of a change at midnight */
        second = midnight - sbx_zone_offset(zone, midnight - SBX_DAY_SECONDS);
    return (int64_t)((uint64_t)second * (uint64_t)scale);
}

/* ---- durations ---- */

/* Nanoseconds of the units that have a length; 0 for months, years and what is no unit. */
static int64_t unit_ns(char unit)
{
    static const struct {
        char unit;
        int64_t ns;
    } units[] = {{'b', 1},
                 {'u', 1000},
                 {'a', 1000000},
                 {'s', 1000000000},
                 {'m', INT64_C(60000000000)},
                 {'h', INT64_C(3600000000000)},
                 {'d', INT64_C(86400000000000)},
                 {'w', INT64_C(604800000000000)}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].unit == unit)
            return units[i].ns;
    return 0;
}

int sbx_duration_parse(sbx_text text, sbx_duration *out)
{
    size_t i;

    *out = (sbx_duration){0, 0};
    if (text.len < 2)
        return 0;
    for (i = 0; i < text.len - 1; i++) {
        int digit = text.p[i] - '0';

        if (digit < 0 || digit > 9 || out->count > (INT64_MAX - digit) / 10)
            return 0;
        out->count = 10 * out->count + digit;
    }
    out->unit = text.p[i];
    return out->unit != '\0' && strchr("buasmhdwny", out->unit) != NULL;
}

int sbx_duration_units(sbx_duration duration, int digits, int64_t *out)
{
    int64_t unit = unit_ns(duration.unit), resolution = sbx_time_scale(digits, 9);

    *out = 0;
    if (unit == 0)
        return 0;
    if (unit < resolution) {
        *out = duration.count / (resolution / unit);
        return 1;
    }
    unit /= resolution;
    if (duration.count > INT64_MAX / unit || duration.count < -(INT64_MAX / unit))
        return 0;
    *out = duration.count * unit;
    return 1;
}
