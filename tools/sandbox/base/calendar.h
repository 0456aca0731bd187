/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Days and years of the Gregorian calendar, and local times of a zone: what the files about time share. Knows no text. */
#ifndef SBX_CALENDAR_H
#define SBX_CALENDAR_H

#include "zone.h"

enum { SBX_DAY_SECONDS = 86400 };

typedef struct sbx_date {
    int64_t year;
    int month; /* 1 to 12 */
    int day;
} sbx_date;

/* Since 1970-01-01. A day beyond its month's end is one of the next month. */
int64_t sbx_date_days(sbx_date date);
sbx_date sbx_date_of(int64_t days);
int sbx_date_month_days(int64_t year, int month);

/* Rounded down, also below 0. */
int64_t sbx_floor_div(int64_t a, int64_t b);

/* The second at which clocks of the zone show that second of 1970; the first when two do. 0 when none does: the hour that is left out. */
int sbx_zone_instant(const sbx_zone *zone, int64_t local, int64_t *second);

#endif
