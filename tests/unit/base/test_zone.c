/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Zone files made by hand: what is kept of them, what is refused, and the instants that cut offsets tell. */
#include "test.h"

#include "base/mem.h"
#include "base/zone.h"

/* ---- files ---- */

typedef struct type {
    int32_t offset;
    int summer;
} type;

typedef struct change {
    int64_t at;
    unsigned char type;
} change;

/* What a file says; zeros: nothing of that. */
typedef struct file {
    char version;
    const type *types;
    uint32_t type_count;
    const change *changes;
    uint32_t change_count;
    uint32_t leap_count;
    const char *footer; /* NULL: none */
} file;

static unsigned char bytes[4096];
static size_t length;

static void put_uint(uint64_t value, int width)
{
    for (int i = width - 1; i >= 0; i--)
        bytes[length++] = (unsigned char)(value >> 8 * i);
}

static void put_block(const file *f, int width, int empty)
{
    uint32_t changes = empty ? 0 : f->change_count, types = empty ? 1 : f->type_count;

    memcpy(bytes + length, "TZif", 4);
    length += 4;
    put_uint((unsigned char)f->version, 1);
    for (int i = 0; i < 15; i++)
        put_uint(0, 1);
    put_uint(types, 4);
    put_uint(0, 4);
    put_uint(empty ? 0 : f->leap_count, 4);
    put_uint(changes, 4);
    put_uint(types, 4);
    put_uint(4, 4);
    for (uint32_t i = 0; i < changes; i++)
        put_uint((uint64_t)f->changes[i].at, width);
    for (uint32_t i = 0; i < changes; i++)
        put_uint(f->changes[i].type, 1);
    for (uint32_t i = 0; i < types; i++) {
        put_uint(empty ? 0 : (uint32_t)f->types[i].offset, 4);
        put_uint(empty ? 0 : (uint64_t)f->types[i].summer, 1);
        put_uint(0, 1);
    }
    put_uint(0x4c4d5400, 4); /* LMT */
    for (uint32_t i = 0; !empty && i < f->leap_count; i++) {
        put_uint(78796800 + i, width);
        put_uint(i + 1, 4);
    }
    for (uint32_t i = 0; i < types; i++)
        put_uint(0, 1);
}

/* Version 1 has one block of 32-bit times; later ones have another behind it, and the first may be empty ("slim"). */
static void make_file(const file *f, int slim)
{
    length = 0;
    put_block(f, 4, slim);
    if (f->version == '\0')
        return;
    put_block(f, 8, 0);
    if (f->footer != NULL)
        length += (size_t)sprintf((char *)bytes + length, "\n%s\n", f->footer);
}

/* From memory of exactly its size, so that reading beyond shows. */
static int parse(tdri_zone *zone, size_t len)
{
    void *copy = malloc(len + (len == 0));
    int rc;

    memcpy(copy, bytes, len);
    tdri_zone_init(zone);
    rc = tdri_zone_parse(zone, &tdri_mem_default, copy, len);
    free(copy);
    return rc;
}

/* LMT +8:05:43 until 1901, then +8, with summer time in 1919 and 1986. */
static const type shanghai_types[] = {{29143, 0}, {32400, 1}, {28800, 0}};
static const change shanghai_changes[] = {{-2177481943, 2}, {-1600675200, 1}, {-1585904400, 2}, {515527200, 1}, {527014800, 2}};
static const file shanghai = {'2', shanghai_types, 3, shanghai_changes, 5, 0, "CST-8"};

/* LMT -0:43:08 until 1882, -0:43:08 again, -0:44:30 until 1972, then zero. */
static const type monrovia_types[] = {{-2588, 0}, {-2588, 0}, {-2670, 0}, {0, 0}};
static const change monrovia_changes[] = {{-2776979812, 1}, {-1604359012, 2}, {63593070, 3}};
static const file monrovia = {'2', monrovia_types, 4, monrovia_changes, 3, 0, "GMT0"};

/* An offset of less than a minute, either way, between none. */
static const type small_types[] = {{52, 0}, {0, 0}, {-52, 0}};
static const change small_changes[] = {{-1000000, 1}, {-500000, 2}, {-100000, 1}};
static const file small = {'3', small_types, 3, small_changes, 3, 0, "UTC0"};

/* The clock goes back by 23 s, and nothing of that shows in the minutes. */
static const type near_types[] = {{28823, 0}, {28800, 0}};
static const change near_changes[] = {{-1000000, 1}};
static const file near_file = {'4', near_types, 2, near_changes, 1, 0, "<+08>-8"};

/* ---- what is kept ---- */

static void check_shanghai(const tdri_zone *zone)
{
    static const tdri_zone_period expected[] = {{INT64_MIN, 29143}, {-2177481943, 28800}, {-1600675200, 32400}, {-1585904400, 28800}};

    CHECK_INT(zone->count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected) && i < zone->count; i++)
        CHECK(zone->periods[i].from == expected[i].from && zone->periods[i].offset == expected[i].offset, "period %zu is %d since %" PRId64, i,
              (int)zone->periods[i].offset, zone->periods[i].from);
    CHECK_INT(zone->end, 515527200);
    CHECK_INT(zone->until, TDRI_ZONE_MINUTES_SINCE);
}

static void versions(void)
{
    static const char later[] = {'2', '3', '4'};
    file f = shanghai;
    tdri_zone zone;

    for (size_t i = 0; i < sizeof later; i++)
        for (int slim = 0; slim < 2; slim++) {
            f.version = later[i];
            make_file(&f, slim);
            CHECK_INT(parse(&zone, length), TDREST_OK);
            check_shanghai(&zone);
            tdri_zone_clear(&zone, &tdri_mem_default);
            CHECK(zone.count == 0 && zone.periods == NULL && zone.until == TDRI_ZONE_MINUTES_SINCE, "a cleared zone has %zu periods", zone.count);
        }
}

/* 32 bits hold no time before 1901-12-13. */
static void version_1(void)
{
    static const file f = {'\0', shanghai_types, 3, shanghai_changes + 1, 4, 0, NULL};
    tdri_zone zone;

    make_file(&f, 0);
    CHECK_INT(parse(&zone, length), TDREST_OK);
    CHECK(zone.count == 3 && zone.periods[1].from == -1600675200 && zone.periods[1].offset == 32400, "%zu periods", zone.count);
    tdri_zone_clear(&zone, &tdri_mem_default);
}

static void footers(void)
{
    static const type types[] = {{-2670, 0}, {3600, 0}, {30, 0}};
    static const change changes[] = {{-1000, 1}};
    static const change late[] = {{-1000, 1}, {TDRI_ZONE_MINUTES_SINCE + 5000, 2}, {TDRI_ZONE_MINUTES_SINCE + 9000, 1}};
    static const change for_ever[] = {{-1000, 1}, {TDRI_ZONE_MINUTES_SINCE + 5000, 2}};
    static const struct {
        file f;
        size_t count;
        int64_t end, until;
    } table[] = {
        /* No changes, and rules for all times: nothing to look up. */
        {{'2', types + 1, 1, NULL, 0, 0, "CET-1CEST,M3.5.0,M10.5.0/3"}, 1, INT64_MIN, INT64_MIN},
        {{'2', types + 1, 1, NULL, 0, 0, "CET-1"}, 1, INT64_MAX, TDRI_ZONE_MINUTES_SINCE},
        /* Rules with summer time since the last change; the minute behind it may belong to the period before it. */
        {{'2', types, 2, changes, 1, 0, "CET-1CEST,M3.5.0,M10.5.0/3"}, 2, -1000, -940},
        {{'2', types, 2, changes, 1, 0, "CET-1"}, 2, INT64_MAX, TDRI_ZONE_MINUTES_SINCE},
        {{'2', types, 2, changes, 1, 0, ""}, 2, INT64_MAX, TDRI_ZONE_MINUTES_SINCE},
        /* Seconds after 1972, and for ever. */
        {{'2', types, 3, late, 3, 0, "CET-1"}, 3, TDRI_ZONE_MINUTES_SINCE + 9000, TDRI_ZONE_MINUTES_SINCE + 9060},
        {{'2', types, 3, for_ever, 2, 0, "XXX-0:00:30"}, 3, INT64_MAX, INT64_MAX},
    };
    tdri_zone zone;

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        make_file(&table[i].f, 1);
        CHECK_INT(parse(&zone, length), TDREST_OK);
        CHECK(zone.count == table[i].count && zone.end == table[i].end && zone.until == table[i].until,
              "file %zu: %zu periods to %" PRId64 ", looked up until %" PRId64, i, zone.count, zone.end, zone.until);
        tdri_zone_clear(&zone, &tdri_mem_default);
    }
}

/* ---- what is refused ---- */

static void check_refused(const char *what, size_t len)
{
    tdri_zone zone;
    int rc = parse(&zone, len);

    CHECK(rc == TDREST_EOPTION && zone.count == 0 && zone.periods == NULL, "%s: %d", what, rc);
    tdri_zone_clear(&zone, &tdri_mem_default);
}

static void cut_anywhere(void)
{
    make_file(&shanghai, 0);
    for (size_t len = 0; len < length; len++)
        check_refused("cut", len);
}

static void broken(void)
{
    static const struct {
        const char *what;
        size_t at; /* in the second header or behind it; the first one, of a slim file, has 44 + 6 + 4 + 1 bytes */
        unsigned char byte;
    } table[] = {
        {"another magic", 0, 'X'}, {"another magic in the second header", 55, 'X'}, {"version 5", 4, '5'}, {"version 1 again", 4, '1'},
        {"a second header of version 5", 59, '5'}, {"no types", 94, 0}, {"more types than bytes", 92, 1},
        {"as many marks as no type has", 78, 2}, {"as many other marks as no type has", 82, 2}, {"more changes than bytes", 87, 0xff},
        {"billions of changes", 86, 0xff}, {"a type that is not there", 99 + 40, 3}, {"times that do not ascend", 99 + 8, 0x80},
        {"an offset of years", 99 + 45, 0x7f}, {"a footer that does not begin", 99 + 45 + 18 + 4 + 3, 'C'},
    };
    unsigned char kept;

    make_file(&shanghai, 1);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        kept = bytes[table[i].at];
        bytes[table[i].at] = table[i].byte;
        check_refused(table[i].what, length);
        bytes[table[i].at] = kept;
    }
    check_refused("a footer without end", length - 1);
}

static void the_same_time_twice(void)
{
    static const change changes[] = {{-1000, 1}, {-1000, 0}};
    static const file f = {'2', near_types, 2, changes, 2, 0, "XXX-8"};

    make_file(&f, 1);
    check_refused("two changes at once", length);
}

static void leap_seconds(void)
{
    file f = shanghai;

    f.leap_count = 2;
    make_file(&f, 1);
    check_refused("leap seconds", length);
}

static void too_long(void)
{
    const size_t size = TDRI_ZONE_FILE_MAX + 1;
    unsigned char *large = (unsigned char *)calloc(1, size);
    tdri_zone zone;

    make_file(&shanghai, 1);
    memcpy(large, bytes, length);
    tdri_zone_init(&zone);
    CHECK_INT(tdri_zone_parse(&zone, &tdri_mem_default, large, size), TDREST_EOPTION);
    CHECK_INT(tdri_zone_parse(&zone, &tdri_mem_default, large, size - 1), TDREST_OK);
    tdri_zone_clear(&zone, &tdri_mem_default);
    free(large);
}

/* ---- instants ---- */

typedef struct text_case {
    const file *f;
    int64_t wall;
    int minutes;
    int found;
    int64_t second;
} text_case;

static void instants(void)
{
    static const text_case table[] = {
        /* 1900-01-01T08:05:43+08:05 */
        {&shanghai, -2208988800 + 29143, 485, 1, -2208988800},
        {&shanghai, -INT64_C(30000000000) + 29143, 485, 1, -INT64_C(30000000000)},
        /* The last second of LMT, and the first that it does not have. */
        {&shanghai, -2177481944 + 29143, 485, 1, -2177481944},
        {&shanghai, -2177481943 + 29143, 485, 0, 0},
        {&shanghai, -2177481943 + 28800, 480, 1, -2177481943},
        {&shanghai, -2177481944 + 28800, 480, 0, 0},
        {&shanghai, -1600675200 + 32400, 540, 1, -1600675200},
        {&shanghai, -1600675201 + 32400, 540, 0, 0},
        {&shanghai, 28800, 480, 1, 0},
        {&shanghai, 29100, 485, 0, 0},
        /* West of UTC the cut goes the other way. */
        {&monrovia, -2776979813 - 2588, -43, 1, -2776979813},
        {&monrovia, -2000000000 - 2588, -43, 1, -2000000000},
        {&monrovia, -1604359013 - 2588, -43, 1, -1604359013},
        {&monrovia, -1604359012 - 2588, -43, 0, 0},
        {&monrovia, -1604359012 - 2670, -44, 1, -1604359012},
        {&monrovia, 63593069 - 2670, -44, 1, 63593069},
        {&monrovia, 63593070 - 2670, -44, 0, 0},
        /* +00:00 has seconds: an offset of zero is written Z. */
        {&small, -2000000 + 52, 0, 1, -2000000},
        {&small, -1000001 + 52, 0, 1, -1000001},
        {&small, -1000000 + 52, 0, 0, 0},
        {&small, -700000, 0, 0, 0},
        {&small, -500000 - 52, 0, 1, -500000},
        {&small, -100001 - 52, 0, 1, -100001},
        {&small, -100000 - 52, 0, 0, 0},
        {&small, 0, 0, 0, 0},
        /* Twice the same text: the earlier instant, and around them what only one period has. */
        {&near_file, -1000000 + 28799, 480, 1, -1000024},
        {&near_file, -1000000 + 28800, 480, 1, -1000023},
        {&near_file, -1000000 + 28822, 480, 1, -1000001},
        {&near_file, -1000000 + 28823, 480, 1, -999977},
    };
    int64_t second;
    tdri_zone zone;

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        int found;

        make_file(table[i].f, i % 2 == 0);
        CHECK_INT(parse(&zone, length), TDREST_OK);
        second = 0;
        found = tdri_zone_instant(&zone, table[i].wall, table[i].minutes, &second);
        CHECK(found == table[i].found && second == table[i].second, "row %zu: %d, %" PRId64 ", expected %" PRId64, i, found, second,
              table[i].second);
        tdri_zone_clear(&zone, &tdri_mem_default);
    }
}

static void unknown(void)
{
    int64_t second;
    tdri_zone zone;

    tdri_zone_init(&zone);
    CHECK(!tdri_zone_instant(&zone, 0, 480, &second), "an unknown zone tells %" PRId64, second);
    tdri_zone_clear(&zone, &tdri_mem_default);
}

static void fixed(void)
{
    int64_t second = 0;
    tdri_zone zone;

    tdri_zone_init(&zone);
    CHECK_INT(tdri_zone_fix(&zone, &tdri_mem_default, 28800), TDREST_OK);
    CHECK(tdri_zone_instant(&zone, -2208988800 + 28800, 480, &second) && second == -2208988800, "%" PRId64, second);
    CHECK(!tdri_zone_instant(&zone, -2208988800 + 28800, 485, &second), "another offset tells %" PRId64, second);
    tdri_zone_clear(&zone, &tdri_mem_default);
}

/* ---- memory ---- */

static void *no_memory(void *context, size_t size)
{
    (void)context;
    (void)size;
    return NULL;
}

static void out_of_memory(void)
{
    tdrest_allocator none = tdri_mem_default;
    tdri_zone zone;

    none.alloc = no_memory;
    make_file(&shanghai, 1);
    tdri_zone_init(&zone);
    CHECK_INT(tdri_zone_parse(&zone, &none, bytes, length), TDREST_ENOMEM);
    CHECK_INT(tdri_zone_fix(&zone, &none, 3600), TDREST_ENOMEM);
    CHECK_INT(zone.count, 0);
}

CU_TestInfo tdrt_zone[] = {
    {"versions", versions},
    {"version 1", version_1},
    {"footers", footers},
    {"cut anywhere", cut_anywhere},
    {"broken", broken},
    {"the same time twice", the_same_time_twice},
    {"leap seconds", leap_seconds},
    {"too long", too_long},
    {"instants", instants},
    {"unknown", unknown},
    {"fixed", fixed},
    {"out of memory", out_of_memory},
    CU_TEST_INFO_NULL,
};
