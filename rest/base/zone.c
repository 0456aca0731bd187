/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* TZif files, as far as offsets with seconds matter. Reads no rules: those behind the last change have whole minutes. */
#include "base/zone.h"

#include "base/mem.h"

#include <string.h>

/* Sizes that RFC 9636 gives. */
enum { HEADER_BYTES = 44, TYPE_BYTES = 6, OFFSET_MIN = -89999, OFFSET_MAX = 93599 };

/* A block of the file: what its header counts, and where its parts lie. */
typedef struct block {
    const unsigned char *times;
    const unsigned char *kinds; /* one byte a change: its type */
    const unsigned char *types;
    uint32_t time_count, type_count, leap_count;
    size_t time_bytes; /* 4 or 8 */
    const unsigned char *behind;
} block;

static uint32_t get_uint32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t get_int32(const unsigned char *p)
{
    return (int64_t)(get_uint32(p) ^ 0x80000000u) - INT64_C(0x80000000);
}

static int64_t time_at(const block *b, size_t i)
{
    const unsigned char *p = b->times + i * b->time_bytes;

    return b->time_bytes == 4 ? get_int32(p) : get_int32(p) * INT64_C(0x100000000) + get_uint32(p + 4);
}

static int32_t offset_of(const block *b, unsigned type)
{
    return (int32_t)get_int32(b->types + (size_t)type * TYPE_BYTES);
}

static int is_version(unsigned char c)
{
    return c == '\0' || (c >= '2' && c <= '4');
}

/* The block whose header is at p. 1 when all of it is there. */
static int find_block(block *b, const unsigned char *p, const unsigned char *end, size_t time_bytes)
{
    uint32_t utc_count, standard_count;
    uint64_t need;

    if (end - p < HEADER_BYTES || memcmp(p, "TZif", 4) != 0 || !is_version(p[4]))
        return 0;
    utc_count = get_uint32(p + 20);
    standard_count = get_uint32(p + 24);
    b->leap_count = get_uint32(p + 28);
    b->time_count = get_uint32(p + 32);
    b->type_count = get_uint32(p + 36);
    b->time_bytes = time_bytes;
    if (b->type_count == 0 || (utc_count != 0 && utc_count != b->type_count) ||
        (standard_count != 0 && standard_count != b->type_count))
        return 0;
    need = (uint64_t)b->time_count * (time_bytes + 1) + (uint64_t)b->type_count * TYPE_BYTES + get_uint32(p + 40) +
           (uint64_t)b->leap_count * (time_bytes + 4) + standard_count + utc_count;
    p += HEADER_BYTES;
    if (need > (uint64_t)(end - p))
        return 0;
    b->times = p;
    b->kinds = b->times + (size_t)b->time_count * time_bytes;
    b->types = b->kinds + b->time_count;
    b->behind = p + (size_t)need;
    return 1;
}

/* Times ascend, types exist, offsets are such as a place can have. */
static int is_sound(const block *b)
{
    for (uint32_t i = 0; i < b->type_count; i++)
        if (offset_of(b, i) < OFFSET_MIN || offset_of(b, i) > OFFSET_MAX)
            return 0;
    for (size_t i = 0; i < b->time_count; i++)
        if (b->kinds[i] >= b->type_count || (i > 0 && time_at(b, i) <= time_at(b, i - 1)))
            return 0;
    return b->leap_count == 0;
}

/* The rule behind the last change, between line ends. 1 when there is one; *varies: it has summer time. */
static int read_footer(const unsigned char *p, const unsigned char *end, int *varies)
{
    const unsigned char *stop;

    if (p == end || *p != '\n')
        return 0;
    p++;
    stop = (const unsigned char *)memchr(p, '\n', (size_t)(end - p));
    if (stop == NULL)
        return 0;
    *varies = memchr(p, ',', (size_t)(stop - p)) != NULL;
    return 1;
}

/* The period that begins with change i - 1; the 0th has no beginning, and the file's first type. */
static tdri_zone_period period_at(const block *b, size_t i)
{
    tdri_zone_period period = {INT64_MIN, offset_of(b, 0)};

    if (i > 0) {
        period.from = time_at(b, i - 1);
        period.offset = offset_of(b, b->kinds[i - 1]);
    }
    return period;
}

/* Where period i ends. Behind the last change rules with summer time begin, if there are any, else its offset stays. */
static int64_t end_of(const block *b, size_t i, int varies)
{
    if (i < b->time_count)
        return time_at(b, i);
    return varies ? period_at(b, i).from : INT64_MAX;
}

/* How many periods are kept: those that began before 1972, and later ones up to the last with seconds. */
static size_t count_needed(const block *b)
{
    size_t needed = 0;

    for (size_t i = 0; i <= b->time_count; i++)
        if (period_at(b, i).from < TDRI_ZONE_MINUTES_SINCE || period_at(b, i).offset % 60 != 0)
            needed = i + 1;
    return needed;
}

static int keep_periods(tdri_zone *zone, const tdrest_allocator *mem, const block *b, int varies)
{
    size_t needed = count_needed(b);
    int64_t cut_until = INT64_MIN;

    zone->periods = (tdri_zone_period *)tdri_mem_zeroed(mem, needed, sizeof *zone->periods);
    if (zone->periods == NULL)
        return TDREST_ENOMEM;
    for (size_t i = 0; i < needed; i++) {
        const tdri_zone_period period = period_at(b, i);

        /* A text's instant, its minutes taken as exact, may be almost a minute later than the right one. */
        if (period.offset % 60 != 0)
            cut_until = end_of(b, i, 0) > INT64_MAX - 60 ? INT64_MAX : end_of(b, i, 0) + 60;
        if (zone->count == 0 || zone->periods[zone->count - 1].offset != period.offset)
            zone->periods[zone->count++] = period;
    }
    zone->end = end_of(b, needed - 1, varies);
    zone->until = zone->end < TDRI_ZONE_MINUTES_SINCE ? zone->end : TDRI_ZONE_MINUTES_SINCE;
    if (zone->until < cut_until)
        zone->until = cut_until;
    return TDREST_OK;
}

void tdri_zone_init(tdri_zone *zone)
{
    zone->periods = NULL;
    zone->count = 0;
    zone->end = INT64_MIN;
    zone->until = TDRI_ZONE_MINUTES_SINCE;
}

void tdri_zone_clear(tdri_zone *zone, const tdrest_allocator *mem)
{
    tdri_mem_free(mem, zone->periods);
    tdri_zone_init(zone);
}

int tdri_zone_fix(tdri_zone *zone, const tdrest_allocator *mem, int32_t offset)
{
    zone->periods = (tdri_zone_period *)tdri_mem_alloc(mem, sizeof *zone->periods);
    if (zone->periods == NULL)
        return TDREST_ENOMEM;
    zone->periods[0].from = INT64_MIN;
    zone->periods[0].offset = offset;
    zone->count = 1;
    zone->end = INT64_MAX;
    return TDREST_OK;
}

int tdri_zone_parse(tdri_zone *zone, const tdrest_allocator *mem, const void *bytes, size_t len)
{
    const unsigned char *p = (const unsigned char *)bytes, *end = p + len;
    int varies = 0;
    block b;

    if (len > TDRI_ZONE_FILE_MAX || !find_block(&b, p, end, 4))
        return TDREST_EOPTION;
    if (p[4] != '\0' && (!find_block(&b, b.behind, end, 8) || !read_footer(b.behind, end, &varies)))
        return TDREST_EOPTION;
    if (!is_sound(&b))
        return TDREST_EOPTION;
    return keep_periods(zone, mem, &b, varies);
}

/* The first period that ends behind `second`; count when there is none. */
static size_t first_behind(const tdri_zone *zone, int64_t second)
{
    size_t low = 0, high = zone->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int64_t end = middle + 1 < zone->count ? zone->periods[middle + 1].from : zone->end;

        if (end <= second)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int tdri_zone_instant(const tdri_zone *zone, int64_t wall, int minutes, int64_t *second)
{
    /* What was cut off is less than a minute. */
    const int64_t near = wall - (int64_t)minutes * 60;

    for (size_t i = first_behind(zone, near - 60); i < zone->count; i++) {
        const tdri_zone_period *period = &zone->periods[i];
        const int64_t end = i + 1 < zone->count ? period[1].from : zone->end;
        const int64_t instant = wall - period->offset;

        if (period->from > near + 60)
            break;
        if (period->offset == 0 || period->offset / 60 != minutes || instant < period->from || instant >= end)
            continue;
        *second = instant;
        return 1;
    }
    return 0;
}
