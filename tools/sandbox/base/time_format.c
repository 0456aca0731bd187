/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* An instant as text, and the day that it is in. Knows nothing of how texts are read. */
#include "zone.h"

#include <inttypes.h>

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
    sbx_date date = sbx_date_of(days);

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
