/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * RFC 3339 texts, counts of units, and days of the proleptic Gregorian
 * calendar. Knows no clock, no time zone data and no protocol.
 */
#include "base/utc.h"

#include "base/number_put.h"

#include <assert.h>
#include <string.h>

enum { DAY_SECONDS = 86400, ERA_YEARS = 400, ERA_DAYS = 146097 };

/* From 0000-03-01, where an era begins, to the epoch. */
enum { EPOCH_DAYS = 719468 };

/* What is still to be read. */
typedef struct cursor {
    const char *p;
    const char *end;
} cursor;

/*
 * Years are counted from March, so that the leap day is a year's last and the months before any one make up
 * (153 * month + 2) / 5 days.
 */
int64_t tdri_utc_days(int64_t year, int month, int day)
{
    int64_t y = month > 2 ? year : year - 1;
    int64_t era = (y >= 0 ? y : y - (ERA_YEARS - 1)) / ERA_YEARS;
    int of_era = (int)(y - era * ERA_YEARS);
    int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * ERA_DAYS + (of_era * 365 + of_era / 4 - of_era / 100 + of_year) - EPOCH_DAYS;
}

void tdri_utc_civil(int64_t days, int64_t *year, int *month, int *day)
{
    int64_t shifted = days + EPOCH_DAYS;
    int64_t era = (shifted >= 0 ? shifted : shifted - (ERA_DAYS - 1)) / ERA_DAYS;
    int day_of_era = (int)(shifted - era * ERA_DAYS);
    /* Less the leap days before it, a day of the era tells the year. */
    int of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int of_year = day_of_era - (of_era * 365 + of_era / 4 - of_era / 100);
    int march = (5 * of_year + 2) / 153;

    *day = of_year - (153 * march + 2) / 5 + 1;
    *month = march < 10 ? march + 3 : march - 9;
    *year = era * ERA_YEARS + of_era + (*month <= 2);
}

static int is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int day_exists(int64_t year, int month, int day)
{
    static const signed char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] + (month == 2 && is_leap(year));
}

static int digit(char c)
{
    unsigned value = (unsigned)(unsigned char)c - '0';

    return value <= 9 ? (int)value : -1;
}

static int accept(cursor *in, char c)
{
    if (in->p == in->end || *in->p != c)
        return 0;
    in->p++;
    return 1;
}

/* Two digits, at most max. */
static int take_two(cursor *in, int max, int *out)
{
    int tens, ones;

    if (in->end - in->p < 2)
        return 0;
    tens = digit(in->p[0]);
    ones = digit(in->p[1]);
    in->p += 2;
    *out = tens * 10 + ones;
    return tens >= 0 && ones >= 0 && *out <= max;
}

/* Up to nine digits as they stand; how many there were, 0 when there are more. */
static int take_digits(cursor *in, int32_t *out)
{
    int count = 0;

    for (*out = 0; in->p < in->end && digit(*in->p) >= 0; in->p++) {
        if (++count > 9)
            return 0;
        *out = *out * 10 + digit(*in->p);
    }
    return count;
}

static int take_year(cursor *in, int64_t *out)
{
    int negative = accept(in, '-');
    const char *first = in->p;
    int32_t year;
    int count = take_digits(in, &year);

    *out = negative ? -(int64_t)year : year;
    return count >= 4 && !(count > 4 && *first == '0') && !(negative && year == 0);
}

static int take_date(cursor *in, int64_t *days)
{
    int64_t year;
    int month, day;

    if (!take_year(in, &year) || !accept(in, '-') || !take_two(in, 12, &month) || !accept(in, '-') || !take_two(in, 31, &day))
        return 0;
    if (!day_exists(year, month, day))
        return 0;
    *days = tdri_utc_days(year, month, day);
    return 1;
}

static int take_clock(cursor *in, int *second)
{
    int h, m, s;

    if (!take_two(in, 23, &h) || !accept(in, ':') || !take_two(in, 59, &m) || !accept(in, ':') || !take_two(in, 59, &s))
        return 0;
    *second = h * 3600 + m * 60 + s;
    return 1;
}

static int take_fraction(cursor *in, int32_t *nanosecond, int16_t *digits)
{
    int count, i;

    *nanosecond = 0;
    *digits = 0;
    if (!accept(in, '.'))
        return 1;
    count = take_digits(in, nanosecond);
    if (count == 0)
        return 0;
    for (i = count; i < 9; i++)
        *nanosecond *= 10;
    *digits = (int16_t)count;
    return 1;
}

static int take_zone(cursor *in, int16_t *zone_min)
{
    int east, hours, minutes;

    *zone_min = 0;
    if (accept(in, 'Z'))
        return 1;
    east = accept(in, '+');
    if ((!east && !accept(in, '-')) || !take_two(in, 15, &hours) || !accept(in, ':') || !take_two(in, 59, &minutes))
        return 0;
    *zone_min = (int16_t)(east ? hours * 60 + minutes : -(hours * 60 + minutes));
    return 1;
}

int tdri_utc_parse(const char *text, size_t len, tdri_moment *out)
{
    cursor in = {text, text + len};
    int64_t days;
    int second;

    if (!take_date(&in, &days) || !accept(&in, 'T') || !take_clock(&in, &second) ||
        !take_fraction(&in, &out->nanosecond, &out->digits) || !take_zone(&in, &out->zone_min) || in.p != in.end)
        return 0;
    out->second = days * DAY_SECONDS + second - (int64_t)out->zone_min * 60;
    return 1;
}

int tdri_utc_parse_day(const char *text, size_t len, int64_t *days)
{
    cursor in = {text, text + len};

    return take_date(&in, days) && in.p == in.end;
}

/* second * scale + part, where 0 <= part < scale. */
static int count_units(int64_t second, int64_t part, int64_t scale, int64_t *out)
{
    /* Before the epoch the product alone can be out of range where the sum is not: one second goes over to the part. */
    if (second < 0) {
        second++;
        part -= scale;
        if (second < INT64_MIN / scale || second * scale < INT64_MIN - part)
            return 0;
    } else if (second > INT64_MAX / scale || second * scale > INT64_MAX - part) {
        return 0;
    }
    *out = second * scale + part;
    return 1;
}

int tdri_utc_count(const tdri_moment *moment, int precision, int64_t *out)
{
    switch (precision) {
    case TDREST_MS: return count_units(moment->second, moment->nanosecond / 1000000, 1000, out);
    case TDREST_US: return count_units(moment->second, moment->nanosecond / 1000, 1000000, out);
    case TDREST_NS: return count_units(moment->second, moment->nanosecond, 1000000000, out);
    default: return 0;
    }
}

int tdri_utc_precision(int digits)
{
    return digits <= 3 ? TDREST_MS : digits <= 6 ? TDREST_US : TDREST_NS;
}

static char *put_two(char *to, int value)
{
    tdri_put_digits2(to, (uint32_t)value);
    return to + 2;
}

static char *put_year(char *to, int64_t year)
{
    uint64_t size = year < 0 ? 0 - (uint64_t)year : (uint64_t)year;

    if (year < 0)
        *to++ = '-';
    if (size > 9999)
        return tdri_put_uint64(to, size);
    return put_two(put_two(to, (int)size / 100), (int)size % 100);
}

static char *put_fraction(char *to, int32_t nanosecond, int digits)
{
    static const uint32_t cut[] = {1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1};
    uint32_t rest = (uint32_t)nanosecond / cut[digits];
    int i = digits;

    if (digits == 0)
        return to;
    *to++ = '.';
    for (; i > 1; i -= 2, rest /= 100)
        tdri_put_digits2(to + i - 2, rest % 100);
    if (i == 1)
        *to = (char)('0' + rest);
    return to + digits;
}

static char *put_zone(char *to, int zone_min)
{
    int minutes = zone_min < 0 ? -zone_min : zone_min;

    if (zone_min == 0) {
        *to++ = 'Z';
        return to;
    }
    *to++ = zone_min < 0 ? '-' : '+';
    to = put_two(to, minutes / 60);
    *to++ = ':';
    return put_two(to, minutes % 60);
}

/* Floored: the remainder is never negative. */
static int64_t divide(int64_t value, int64_t by, int64_t *rest)
{
    int64_t q = value / by;

    *rest = value % by;
    if (*rest < 0) {
        *rest += by;
        q--;
    }
    return q;
}

static int64_t split_units(int64_t count, int precision, int32_t *nanosecond)
{
    int64_t rest, second;

    switch (precision) {
    case TDREST_NS: second = divide(count, 1000000000, &rest); break;
    case TDREST_US: second = divide(count, 1000000, &rest); rest *= 1000; break;
    default: second = divide(count, 1000, &rest); rest *= 1000000; break;
    }
    *nanosecond = (int32_t)rest;
    return second;
}

size_t tdri_utc_format(int64_t count, int precision, int digits, int zone_min, char *out)
{
    int64_t days, year, rest;
    int month, day, clock;
    int32_t nanosecond;
    char *to;

    assert(precision == TDREST_MS || precision == TDREST_US || precision == TDREST_NS);
    assert(digits >= 0 && digits <= 9 && zone_min >= -959 && zone_min <= 959);
    days = divide(split_units(count, precision, &nanosecond) + zone_min * 60, DAY_SECONDS, &rest);
    clock = (int)rest;
    tdri_utc_civil(days, &year, &month, &day);
    to = put_year(out, year);
    *to++ = '-';
    to = put_two(to, month);
    *to++ = '-';
    to = put_two(to, day);
    *to++ = 'T';
    to = put_two(to, clock / 3600);
    *to++ = ':';
    to = put_two(to, clock / 60 % 60);
    *to++ = ':';
    to = put_two(to, clock % 60);
    to = put_fraction(to, nanosecond, digits);
    to = put_zone(to, zone_min);
    *to = '\0';
    return (size_t)(to - out);
}
