/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Zone files: the input is one. What is read of it is in order, and every instant it tells is one that shows the text asked for; the search
 * through its periods agrees with a look at each of them.
 */
#include <stdlib.h>

#include "base/mem.h"
#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int64_t end_of(const tdri_zone *zone, size_t i)
{
    return i + 1 < zone->count ? zone->periods[i + 1].from : zone->end;
}

static void check_order(const tdri_zone *zone)
{
    size_t i;

    if (zone->count == 0 || zone->periods[0].from != INT64_MIN)
        abort();
    for (i = 1; i < zone->count; i++)
        if (zone->periods[i].from <= zone->periods[i - 1].from || zone->periods[i].offset == zone->periods[i - 1].offset)
            abort();
    if (zone->end < zone->periods[zone->count - 1].from)
        abort();
}

/* Another way to the answer: all periods, one by one. */
static void check_text(const tdri_zone *zone, int64_t wall, int minutes)
{
    int64_t second = 0, expected = 0;
    int found = tdri_zone_instant(zone, wall, minutes, &second), known = 0;
    size_t i;

    for (i = 0; i < zone->count && !known; i++) {
        const int64_t instant = wall - zone->periods[i].offset;

        if (zone->periods[i].offset == 0 || zone->periods[i].offset / 60 != minutes || instant < zone->periods[i].from || instant >= end_of(zone, i))
            continue;
        expected = instant;
        known = 1;
    }
    if (found != known || second != expected)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const int64_t far = INT64_C(100000000000000000);
    tdri_zone zone;
    size_t i;

    tdri_zone_init(&zone);
    if (tdri_zone_parse(&zone, &tdri_mem_default, data, size) != TDREST_OK) {
        if (zone.count != 0 || zone.periods != NULL)
            abort();
        return 0;
    }
    check_order(&zone);
    for (i = 0; i < zone.count; i++) {
        const int64_t from = zone.periods[i].from;
        int64_t at = from < -far ? -far : from > far ? far : from;
        int64_t step;

        for (step = -90; step <= 90; step += 15) {
            check_text(&zone, at + step + zone.periods[i].offset, zone.periods[i].offset / 60);
            check_text(&zone, at + step + zone.periods[i].offset, (zone.periods[i].offset - 60) / 60);
            check_text(&zone, at + step + zone.periods[i == 0 ? 0 : i - 1].offset, zone.periods[i == 0 ? 0 : i - 1].offset / 60);
        }
    }
    tdri_zone_clear(&zone, &tdri_mem_default);
    return 0;
}
