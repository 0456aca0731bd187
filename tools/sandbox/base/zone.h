/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Time zones and instants. A zone is a name of the IANA database, read with the C library's own zone files; an instant is a number
 * of units since 1970, 3, 6 or 9 digits behind the second.
 */
#ifndef SBX_ZONE_H
#define SBX_ZONE_H

#include "memory.h"

typedef struct sbx_zone {
    char name[64]; /* "UTC", "Asia/Shanghai" */
} sbx_zone;

#define SBX_UTC ((sbx_zone){"UTC"})

/*
 * A name as the adapter takes it: IANA names with their case, UTC, Local, empty (UTC). 1; else 0, and why is the adapter's text
 * ("unknown time zone X", "time: invalid location name").
 */
int sbx_zone_find(sbx_text name, sbx_zone *zone, sbx_buf *why);

/* Seconds east of UTC at that second. Not for two threads at once: it goes through the process's own zone. */
int sbx_zone_offset(const sbx_zone *zone, int64_t second);

/* 1, 1000000 ...: units of 10^-to in one of 10^-from; from <= to. */
int64_t sbx_time_scale(int from, int to);

/* RFC 3339 as the adapter writes it: "2024-01-02T03:04:05.000Z", "...+08:00"; years beyond four digits and below 0 too. */
void sbx_time_format(sbx_buf *out, int64_t time, int digits, const sbx_zone *zone);

/*
 * The text of a timestamp, by section 6.3: zoned or naive (in zone), date alone, rolling days, the gap of DST is -1 s, the second before
 * 1970 refused when zoned, ns wrapping. 1, or 0 when the server refuses it.
 */
int sbx_time_parse(sbx_text text, int digits, const sbx_zone *zone, int64_t *out);

/* Midnight of the day in that zone that holds time. */
int64_t sbx_time_today(int64_t time, int digits, const sbx_zone *zone);

/* A duration: "10s", "1d", units b u a s m h d w n y. 1, or 0 when it is none. */
typedef struct sbx_duration {
    int64_t count;
    char unit;
} sbx_duration;

int sbx_duration_parse(sbx_text text, sbx_duration *out);
/* Its length in units of 10^-digits. 1; 0 when it does not fit, or is of months or years. */
int sbx_duration_units(sbx_duration duration, int digits, int64_t *out);

/* ---- days and years of the Gregorian calendar, and local times of a zone ---- */

enum { SBX_DAY_SECONDS = 86400 };

typedef struct sbx_date {
    int64_t year;
    int month; /* 1 to 12 */
    int day;
} sbx_date;

/* Since 1970-01-01. A day beyond its month's end is one of the next month. */
int64_t sbx_date_days(sbx_date date);

/* Rounded down, also below 0. */
int64_t sbx_floor_div(int64_t a, int64_t b);

/* The second at which clocks of the zone show that second of 1970; the first when two do. 0 when none does: the hour that is left out. */
int sbx_zone_instant(const sbx_zone *zone, int64_t local, int64_t *second);

#endif
