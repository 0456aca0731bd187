/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The text of a timestamp, as the server reads it: with a zone behind it, or without one in that of the connection. */
#include "zone.h"

#include <string.h>

typedef struct cursor {
    const char *p;
    const char *end;
} cursor;

typedef struct written {
    sbx_date date;
    int hour;
    int minute;
    int second; /* 60 and 61 run into the next minute */
} written;

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* One to so many digits; blanks before them are passed over. A digit that would lead beyond most is left where it is. */
static int number(cursor *in, int least, int most, int digits, int *out)
{
    while (in->p < in->end && *in->p == ' ')
        in->p++;
    *out = 0;
    if (in->p == in->end || !is_digit(*in->p))
        return 0;
    do
        *out = 10 * *out + (*in->p++ - '0');
    while (--digits > 0 && 10 * *out <= most && in->p < in->end && is_digit(*in->p));
    return *out >= least && *out <= most;
}

static int symbol(cursor *in, char c)
{
    if (in->p == in->end || *in->p != c)
        return 0;
    in->p++;
    return 1;
}

static int date_of(cursor *in, sbx_date *date)
{
    int year;

    if (!number(in, 0, 9999, 4, &year) || !symbol(in, '-') || !number(in, 1, 12, 2, &date->month) || !symbol(in, '-') ||
        !number(in, 1, 31, 2, &date->day))
        return 0;
    date->year = year;
    return 1;
}

/* A T when there is one anywhere, else white space, even none. */
static int date_and_clock(cursor *in, int has_t, written *w)
{
    if (!date_of(in, &w->date))
        return 0;
    if (has_t && !symbol(in, 'T'))
        return 0;
    while (!has_t && in->p < in->end && strchr(" \t\n\v\f\r", *in->p) != NULL && *in->p != '\0')
        in->p++;
    return number(in, 0, 23, 2, &w->hour) && symbol(in, ':') && number(in, 0, 59, 2, &w->minute) && symbol(in, ':') &&
           number(in, 0, 61, 2, &w->second);
}

static int64_t seconds_of(const written *w)
{
    return sbx_date_days(w->date) * SBX_DAY_SECONDS + w->hour * 3600 + w->minute * 60 + w->second;
}

/* What stands behind a point, in units of 10^-digits; digits beyond are cut off. 0 when there are none. */
static int fraction(cursor *in, int digits, int64_t *out)
{
    const char *begin = in->p;

    *out = 0;
    for (; in->p < in->end && is_digit(*in->p); in->p++)
        if (digits-- > 0)
            *out = 10 * *out + (*in->p - '0');
    if (digits > 0)
        *out *= sbx_time_scale(0, digits);
    return in->p > begin;
}

/* Z, +hh:mm, +hhmm, +hh to the end, 13:59 at most. */
static int offset_of(cursor *in, int *seconds)
{
    int sign, hour, minute = 0;

    *seconds = 0;
    if (in->p == in->end)
        return 0;
    if (symbol(in, 'Z') || symbol(in, 'z'))
        return in->p == in->end;
    sign = *in->p == '-' ? -1 : 1;
    if ((!symbol(in, '+') && !symbol(in, '-')) || in->p == in->end || !is_digit(*in->p) || !number(in, 0, 13, 2, &hour))
        return 0;
    if (symbol(in, ':') && in->p == in->end)
        return 0;
    if (in->p < in->end && (!is_digit(*in->p) || !number(in, 0, 59, 2, &minute)))
        return 0;
    *seconds = sign * (hour * 3600 + minute * 60);
    return in->p == in->end;
}

static int64_t instant(int64_t second, int64_t units, int digits)
{
    /* It wraps: a nanosecond database keeps texts of years that it cannot hold, as the server does. */
    return (int64_t)((uint64_t)second * (uint64_t)sbx_time_scale(0, digits) + (uint64_t)units);
}

static int zoned(cursor in, int has_t, int digits, int64_t *out)
{
    written w = {{0, 0, 0}, 0, 0, 0};
    int64_t second, units = 0;
    int offset;

    if (!date_and_clock(&in, has_t, &w))
        return 0;
    while (in.p < in.end && is_digit(*in.p)) /* "23:59:599": the server looks for what follows the digits */
        in.p++;
    if (symbol(&in, '.') && !fraction(&in, digits, &units))
        return 0;
    if (!offset_of(&in, &offset))
        return 0;
    second = seconds_of(&w) - offset;
    *out = instant(second, units, digits);
    return second != -1; /* -1 is what the server's conversion says when it fails */
}

static int naive(cursor text, int has_t, int digits, const sbx_zone *zone, int64_t *out)
{
    written w = {{0, 0, 0}, 0, 0, 0};
    cursor in = text;
    int64_t second, units = 0;

    if (!date_and_clock(&in, has_t, &w) || (in.p < in.end && *in.p != '.')) {
        in = text;
        w = (written){{0, 0, 0}, 0, 0, 0};
        if (!date_of(&in, &w.date) || (in.p < in.end && *in.p != '.'))
            return 0;
    }
    if (symbol(&in, '.') && !fraction(&in, digits, &units))
        return 0;
    if (!sbx_zone_instant(zone, seconds_of(&w), &second))
        second = -1; /* the failed conversion again, this time nobody looks */
    *out = instant(second, units, digits);
    return 1;
}

/* One of Z z + - behind the seconds makes a text a zoned one. */
static int has_zone(cursor in)
{
    int colons = 0;

    while (in.p < in.end && colons < 2)
        colons += *in.p++ == ':';
    for (; in.p < in.end; in.p++)
        if (*in.p == 'Z' || *in.p == 'z' || *in.p == '+' || *in.p == '-')
            return 1;
    return 0;
}

int sbx_time_parse(sbx_text text, int digits, const sbx_zone *zone, int64_t *out)
{
    cursor in = {text.p, text.p + text.len};
    int has_t = text.len != 0 && memchr(text.p, 'T', text.len) != NULL;

    *out = 0;
    return has_zone(in) ? zoned(in, has_t, digits, out) : naive(in, has_t, digits, zone, out);
}
