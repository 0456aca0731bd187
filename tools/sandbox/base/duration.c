/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Durations: their text, their length, and moving an instant by one. */
#include "calendar.h"

#include <string.h>

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
    if (unit < resolution) {
        *out = unit == 0 ? 0 : duration.count / (resolution / unit);
        return 1;
    }
    unit /= resolution;
    if (duration.count > INT64_MAX / unit || duration.count < -(INT64_MAX / unit))
        return 0;
    *out = duration.count * unit;
    return 1;
}

/* So many months later in the zone, at the same time of day, on the month's last day when it is shorter. */
static int64_t add_months(int64_t second, int64_t months, const sbx_zone *zone)
{
    int64_t local = second + sbx_zone_offset(zone, second);
    int64_t days = sbx_floor_div(local, SBX_DAY_SECONDS);
    int64_t clock = local - days * SBX_DAY_SECONDS;
    sbx_date date = sbx_date_of(days);

    months += 12 * date.year + date.month - 1;
    date.year = sbx_floor_div(months, 12);
    date.month = (int)(months - 12 * date.year) + 1;
    if (date.day > sbx_date_month_days(date.year, date.month))
        date.day = sbx_date_month_days(date.year, date.month);
    local = sbx_date_days(date) * SBX_DAY_SECONDS + clock;
    if (!sbx_zone_instant(zone, local, &second))
        second = local - sbx_zone_offset(zone, local - SBX_DAY_SECONDS);
    return second;
}

int64_t sbx_time_add(int64_t time, int sign, sbx_duration duration, int digits, const sbx_zone *zone)
{
    const int64_t most_months = INT64_C(12) * 1000000000; /* beyond every time there is, below what overflows */
    int64_t scale = sbx_time_scale(0, digits), units = 0, second, moved, months;

    if (duration.unit != 'n' && duration.unit != 'y') {
        if (!sbx_duration_units(duration, digits, &units))
            return sign < 0 ? INT64_MIN : INT64_MAX;
        return (int64_t)(sign < 0 ? (uint64_t)time - (uint64_t)units : (uint64_t)time + (uint64_t)units);
    }
    months = duration.count > most_months / 12 ? most_months : duration.count * (duration.unit == 'y' ? 12 : 1);
    second = sbx_floor_div(time, scale);
    moved = add_months(second, sign < 0 ? -months : months, zone);
    return (int64_t)((uint64_t)time + (uint64_t)(moved - second) * (uint64_t)scale);
}
