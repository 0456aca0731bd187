/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The early years of a time zone. Until 1972 many zones had offsets with seconds, and a text such as 1900-01-01T08:05:43+08:05 cuts
 * them to minutes, towards zero; its digits of date and clock are exact. The zone's periods tell the instant all the same.
 * Reads TZif bytes (RFC 9636, versions 1 to 4). Opens no file and knows no protocol.
 */
#ifndef TDRI_ZONE_H
#define TDRI_ZONE_H

#include <tdrest.h>

/* 1972-01-08T00:00:00Z: the last period with seconds, Liberia's, ended on the day before. */
#define TDRI_ZONE_MINUTES_SINCE INT64_C(63676800)

/* Zone files have up to 4 KiB; more than this is none. */
enum { TDRI_ZONE_FILE_MAX = 65536 };

/* An offset and the instant since which it held, until the next period's. */
typedef struct tdri_zone_period {
    int64_t from;   /* seconds since the epoch; INT64_MIN: always */
    int32_t offset; /* seconds east of UTC */
} tdri_zone_period;

typedef struct tdri_zone {
    tdri_zone_period *periods; /* ascending, neighbours differ; later ones may be left out */
    size_t count;              /* 0: nothing is known of the zone */
    int64_t end;               /* where the last period kept ends; INT64_MAX: never */
    int64_t until;             /* what a text with an offset says is exact from here on */
} tdri_zone;

/* A zone of which nothing is known: no instant before TDRI_ZONE_MINUTES_SINCE can be told. Owns no memory. */
void tdri_zone_init(tdri_zone *zone);
void tdri_zone_clear(tdri_zone *zone, const tdrest_allocator *mem);

/* A zone with one offset at all times. TDREST_OK or TDREST_ENOMEM. */
int tdri_zone_fix(tdri_zone *zone, const tdrest_allocator *mem, int32_t offset);

/*
 * Reads a whole file. zone is initialised, and stays so on failure. TDREST_OK, TDREST_ENOMEM, or TDREST_EOPTION when it is malformed or counts leap
 * seconds. Of two blocks the one with 64-bit times is read.
 */
int tdri_zone_parse(tdri_zone *zone, const tdrest_allocator *mem, const void *bytes, size_t len);

/*
 * The instant that a text tells: `wall` is its date and clock as seconds since 1970-01-01T00:00:00, and `minutes` its offset, cut towards zero. "Z"
 * is exact and not to be asked for. The answer is the instant of the period that contains it and whose offset, not zero, has these minutes. Where a zone's
 * clock went back by less than a minute, both sides of the change can show the same text: the earlier instant counts.
 * 1; 0 when no period fits. Only for instants before zone->until.
 */
int tdri_zone_instant(const tdri_zone *zone, int64_t wall, int minutes, int64_t *second);

#endif
