/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Proves the reading and writing of times: every day of the years -9999 ... 99999, or every `stride`-th, against a calendar
 * that only ever goes one day on or back; every offset; every length of a fraction. Usage: time [stride]
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utc_fast.h"

enum { FIRST_YEAR = -9999, LAST_YEAR = 99999, REPORTED = 20, OFFSET_DAYS = 1000, FRACTIONS = 100000 };

typedef struct date {
    int year, month, day;
    int64_t days; /* since the epoch */
} date;

static int64_t passed, failed;

static void check(int good, const char *text, const char *what)
{
    passed += good != 0;
    failed += good == 0;
    if (!good && failed <= REPORTED)
        fprintf(stderr, "%s: %s\n", text, what);
}

static int month_days(int year, int month)
{
    if (month == 2)
        return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static void next_day(date *d)
{
    d->days++;
    if (++d->day <= month_days(d->year, d->month))
        return;
    d->day = 1;
    if (++d->month <= 12)
        return;
    d->month = 1;
    d->year++;
}

static void previous_day(date *d)
{
    d->days--;
    if (--d->day >= 1)
        return;
    if (--d->month < 1) {
        d->month = 12;
        d->year--;
    }
    d->day = month_days(d->year, d->month);
}

static char *put(char *to, int width, int64_t value)
{
    for (int i = width; i > 0; i--, value /= 10)
        to[i - 1] = (char)('0' + value % 10);
    return to + width;
}

static char *put_date(char *to, const date *d)
{
    int year = d->year < 0 ? -d->year : d->year;

    if (d->year < 0)
        *to++ = '-';
    to = put(to, year > 9999 ? 5 : 4, year);
    *to++ = '-';
    to = put(to, 2, d->month);
    *to++ = '-';
    to = put(to, 2, d->day);
    *to++ = 'T';
    return to;
}

static void put_text(char *to, const char *text)
{
    memcpy(to, text, strlen(text) + 1);
}

/* The text is that count, in both directions. */
static void check_text(const char *text, int64_t count, int precision, int digits, int zone_min)
{
    char back[TDRI_UTC_TEXT];
    size_t len = strlen(text);
    tdri_moment m;
    int64_t read;

    if (!tdri_utc_parse(text, len, &m)) {
        check(0, text, "is refused");
        return;
    }
    check(tdri_utc_count(&m, precision, &read) && read == count && m.digits == digits && m.zone_min == zone_min, text, "is read wrongly");
    check(tdri_utc_format(count, precision, digits, zone_min, back) == len && strcmp(back, text) == 0, text, "is not what is written");
}

static void check_fast(const char *text, int64_t count, tdri_utc_cache *cache)
{
    char line[TDRI_UTC_FAST_ROOM] = "";
    size_t len = strlen(text);
    tdri_moment m;
    int64_t read;

    memcpy(line, text, len);
    line[len] = '"';
    check(tdri_utc_fast(line, cache, &m) == len && tdri_utc_count(&m, TDREST_MS, &read) && read == count && m.digits == 3 && m.zone_min == 0,
          text, "is read wrongly by the quick way");
}

/* Its first and its last millisecond. */
static void check_day(const date *d, tdri_utc_cache *cache)
{
    char text[64], *clock = put_date(text, d);
    int64_t count = d->days * 86400000;
    int month, day;
    int64_t year;

    put_text(clock, "23:59:59.999Z");
    check_text(text, count + 86399999, TDREST_MS, 3, 0);
    if (d->year >= 0 && d->year <= 9999)
        check_fast(text, count + 86399999, cache);
    put_text(clock, "00:00:00.000Z");
    check_text(text, count, TDREST_MS, 3, 0);
    if (d->year >= 0 && d->year <= 9999)
        check_fast(text, count, cache);
    tdri_utc_civil(d->days, &year, &month, &day);
    check(tdri_utc_days(d->year, d->month, d->day) == d->days && year == d->year && month == d->month && day == d->day, text, "is another day");
}

static void every_offset(const date *d)
{
    for (int zone = -959; zone <= 959; zone++) {
        int minutes = zone < 0 ? -zone : zone;
        char text[64], *to = put_date(text, d);

        put_text(to, "12:34:56.789");
        to += 12;
        *to++ = zone < 0 ? '-' : '+';
        to = put(to, 2, minutes / 60);
        *to++ = ':';
        to = put(to, 2, minutes % 60);
        *to = '\0';
        if (zone == 0)
            put_text(to - 6, "Z");
        check_text(text, (d->days * 86400 + 45296 - zone * 60) * 1000 + 789, TDREST_MS, 3, zone);
    }
}

static void every_day(int stride)
{
    const int offset_stride = (LAST_YEAR - FIRST_YEAR) / OFFSET_DAYS * 365;
    static const date epoch = {1970, 1, 1, 0};
    tdri_utc_cache cache = {"", 0};
    date d;

    for (d = epoch; d.year <= LAST_YEAR; next_day(&d)) {
        if (d.days % stride == 0)
            check_day(&d, &cache);
        if (d.days % offset_stride == 0)
            every_offset(&d);
    }
    d = epoch;
    for (previous_day(&d); d.year >= FIRST_YEAR; previous_day(&d)) {
        if (d.days % stride == 0)
            check_day(&d, &cache);
        if (d.days % offset_stride == 0)
            every_offset(&d);
    }
}

/* Fractions of every length, before and after the epoch; those of up to five digits all. */
static void every_length(void)
{
    static const struct {
        const char *text;
        int64_t second;
    } seconds[] = {{"2024-01-01T00:00:00", 1704067200}, {"1969-12-31T23:59:59", -1}, {"1900-03-01T00:00:00", -2203891200}};
    int64_t limit = 1;

    for (int digits = 0; digits <= 9; digits++, limit *= 10) {
        int precision = digits <= 3 ? TDREST_MS : digits <= 6 ? TDREST_US : TDREST_NS;
        int64_t scale = 1;

        for (int i = digits; i < precision; i++)
            scale *= 10;
        for (size_t s = 0; s < sizeof seconds / sizeof seconds[0]; s++)
            for (int64_t i = 0; i < (limit < FRACTIONS ? limit : FRACTIONS); i++) {
                int64_t fraction = i * 999999937 % limit;
                char text[64], *to = text + 19;

                put_text(text, seconds[s].text);
                if (digits != 0)
                    *to++ = '.';
                put_text(put(to, digits, fraction), "Z");
                check_text(text, seconds[s].second * (limit * scale) + fraction * scale, precision, digits, 0);
            }
    }
}

int main(int argc, char **argv)
{
    int stride = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 1;

    if (stride < 1) {
        fprintf(stderr, "usage: time [stride]\n");
        return 2;
    }
    every_day(stride);
    every_length();
    printf("%" PRId64 " passed, %" PRId64 " failed\n", passed, failed);
    return failed != 0;
}
