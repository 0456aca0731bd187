/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Texts read as times: RFC 3339 and its relatives, numbers, formats. Only times without an offset ask the C library, for their zone. */
#include "import/times.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tdrest.h>
#include <time.h>
#include <unistd.h>

#include "term/report.h"

enum { NO_OFFSET = 100000 };

/* A time in parts; offset in seconds east, or NO_OFFSET. */
typedef struct parts {
    int year, month, day, hour, minute, second;
    int64_t ns;
    int offset;
    int pm; /* 1 AM, 2 PM, 0 neither */
} parts;

static const char out_of_range[] = "a time that the database cannot hold";

int cli_times_zone(cli_times *t, const char *zone)
{
    const char *folder = getenv("TZDIR");
    char path[600];

    t->is_utc = strcmp(zone, "UTC") == 0;
    t->zone = strcmp(zone, "server") == 0 ? NULL : zone;
    if (t->is_utc || t->zone == NULL || strcmp(zone, "local") == 0)
        return CLI_OK;
    snprintf(path, sizeof path, "%s/%s", folder == NULL ? "/usr/share/zoneinfo" : folder, zone);
    if (access(path, R_OK) < 0) {
        t->zone = NULL; /* times with an offset need no zone */
        return CLI_OK;
    }
    setenv("TZ", zone, 1);
    tzset();
    return CLI_OK;
}

/* ---- arithmetic ---- */

static int is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days since 1970-01-01; the year begins in March, so that the day of a leap year comes last. */
static int64_t days_since(int year, int month, int day)
{
    int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t per_second(int unit)
{
    return unit == TDREST_SECOND ? 1 : unit == TDREST_MS ? 1000 : unit == TDREST_US ? 1000000 : 1000000000;
}

/* value * factor + more; 0: it does not fit. */
static int scale(int64_t value, int64_t factor, int64_t more, int64_t *out)
{
    if (value > (INT64_MAX - more) / factor || value < INT64_MIN / factor)
        return 0;
    *out = value * factor + more;
    return 1;
}

/* ---- zones ---- */

/* The second of a local time, as the zone in TZ has it: the first one when clocks are set back. NULL, or what is wrong. */
static const char *local_second(const parts *p, int64_t *second)
{
    int dst;

    for (dst = 1; dst >= 0; dst--) {
        struct tm made = {.tm_year = p->year - 1900, .tm_mon = p->month - 1, .tm_mday = p->day, .tm_hour = p->hour, .tm_min = p->minute, .tm_sec = p->second,
                          .tm_isdst = dst};
        time_t at = mktime(&made);

        if (made.tm_isdst == dst && made.tm_hour == p->hour && made.tm_min == p->minute && made.tm_mday == p->day) {
            *second = (int64_t)at;
            return NULL;
        }
    }
    return "a local time that does not exist, since clocks are set forward then";
}

static const char *too_fine(const cli_times *t)
{
    return t->precision == TDREST_MS ? "more than 3 fractional digits: the database keeps milliseconds" : "more than 6 fractional digits: the database keeps microseconds";
}

static const char *finish(cli_times *t, const parts *p, int64_t *value)
{
    int64_t second, unit = per_second(t->precision), fraction = p->ns / (1000000000 / unit);
    const char *fault;

    if (p->month < 1 || p->month > 12 || p->day < 1 || p->day > days_of(p->year, p->month))
        return "a day that does not exist";
    if (p->hour > 23 || p->minute > 59 || p->second > 59)
        return "a time of the day that does not exist";
    if (fraction * (1000000000 / unit) != p->ns)
        return too_fine(t);
    second = days_since(p->year, p->month, p->day) * 86400 + p->hour * 3600 + p->minute * 60 + p->second;
    if (p->offset != NO_OFFSET) {
        second -= p->offset;
    } else {
        if (t->zone == NULL)
            return "a time without an offset, and no zone is known for it; --timezone names it";
        if (!t->is_utc && (fault = local_second(p, &second)) != NULL)
            return fault;
        t->naive++;
    }
    return scale(second, unit, fraction, value) ? NULL : out_of_range;
}

/* ---- texts ---- */

/* So many digits; 0: they are not there. */
static int take(const char **at, const char *end, int count, int *value)
{
    const char *p = *at;

    if (end - p < count)
        return 0;
    for (*value = 0; count > 0; count--, p++) {
        if (*p < '0' || *p > '9')
            return 0;
        *value = *value * 10 + (*p - '0');
    }
    *at = p;
    return 1;
}

static int take_char(const char **at, const char *end, char c)
{
    if (*at == end || **at != c)
        return 0;
    ++*at;
    return 1;
}

/* One to nine digits of a second. */
static int take_fraction(const char **at, const char *end, int64_t *ns)
{
    int count = 0;

    for (*ns = 0; *at < end && **at >= '0' && **at <= '9' && count < 9; ++*at, count++)
        *ns = *ns * 10 + (**at - '0');
    if (count == 0 || (*at < end && **at >= '0' && **at <= '9'))
        return 0;
    for (; count < 9; count++)
        *ns *= 10;
    return 1;
}

/* Z, +08:00, +0800, +08. */
static int take_offset(const char **at, const char *end, int *offset)
{
    int hours, minutes = 0, sign;

    if (take_char(at, end, 'Z') || take_char(at, end, 'z')) {
        *offset = 0;
        return 1;
    }
    if (*at == end || (**at != '+' && **at != '-'))
        return 0;
    sign = *(*at)++ == '-' ? -1 : 1;
    if (!take(at, end, 2, &hours))
        return 0;
    if (take_char(at, end, ':') ? !take(at, end, 2, &minutes) : *at < end && !take(at, end, 2, &minutes))
        return 0;
    *offset = sign * (hours * 3600 + minutes * 60);
    return hours < 24 && minutes < 60;
}

static int read_rfc3339(const char *text, const char *end, parts *p)
{
    const char *at = text;

    if (!take(&at, end, 4, &p->year) || !take_char(&at, end, '-') || !take(&at, end, 2, &p->month) || !take_char(&at, end, '-') || !take(&at, end, 2, &p->day))
        return 0;
    if (at == end)
        return 1;
    if ((*at != 'T' && *at != 't' && *at != ' ') || end - at < 6)
        return 0;
    at++;
    if (!take(&at, end, 2, &p->hour) || !take_char(&at, end, ':') || !take(&at, end, 2, &p->minute))
        return 0;
    if (take_char(&at, end, ':')) {
        if (!take(&at, end, 2, &p->second))
            return 0;
        if (take_char(&at, end, '.') && !take_fraction(&at, end, &p->ns))
            return 0;
    }
    return at == end || (take_offset(&at, end, &p->offset) && at == end);
}

static int take_month(const char **at, const char *end, int *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

    for (*month = 1; end - *at >= 3 && *month <= 12; ++*month)
        if (memcmp(names + 3 * (*month - 1), *at, 3) == 0) {
            *at += 3;
            return 1;
        }
    return 0;
}

static int take_half(const char **at, const char *end, int *pm)
{
    if (end - *at < 2 || ((*at)[1] | 0x20) != 'm' || (((*at)[0] | 0x20) != 'a' && ((*at)[0] | 0x20) != 'p'))
        return 0;
    *pm = ((*at)[0] | 0x20) == 'p' ? 2 : 1;
    *at += 2;
    return 1;
}

/* One letter behind a % of the format. */
static int take_letter(char letter, const char **at, const char *end, parts *p)
{
    switch (letter) {
    case 'Y': return take(at, end, 4, &p->year);
    case 'm': return take(at, end, 2, &p->month);
    case 'b': return take_month(at, end, &p->month);
    case 'd': return take(at, end, 2, &p->day);
    case 'H':
    case 'I': return take(at, end, 2, &p->hour);
    case 'M': return take(at, end, 2, &p->minute);
    case 'S': return take(at, end, 2, &p->second);
    case 'f': return take_fraction(at, end, &p->ns);
    case 'z': return take_offset(at, end, &p->offset);
    case 'p': return take_half(at, end, &p->pm);
    case '%': return take_char(at, end, '%');
    default: return 0;
    }
}

static int read_format(const char *format, const char *text, const char *end, parts *p)
{
    for (; *format != '\0'; format++) {
        if (*format != '%' ? !take_char(&text, end, *format) : !take_letter(*++format, &text, end, p))
            return 0;
        if (*format == '\0')
            return 0;
    }
    if (p->pm != 0 && (p->hour < 1 || p->hour > 12))
        return 0;
    if (p->pm != 0)
        p->hour = p->hour % 12 + (p->pm == 2 ? 12 : 0);
    return text == end;
}

/* [-+]digits. 1; 0: something else; -1: no database reaches so far. */
static int take_number(const char *text, size_t len, int64_t *value)
{
    const int is_signed = len > 0 && (text[0] == '-' || text[0] == '+');
    const char *p = text + is_signed, *end = text + len;
    int64_t number = 0;
    int fits = 1;

    if (p == end)
        return 0;
    for (; p < end; p++) {
        if (*p < '0' || *p > '9')
            return 0;
        fits = fits && number <= (INT64_MAX - 9) / 10;
        number = fits ? number * 10 + (*p - '0') : 0;
    }
    *value = text[0] == '-' ? -number : number;
    return fits ? 1 : -1;
}

/* A whole number of units. */
static const char *convert(const cli_times *t, int64_t number, int64_t *value)
{
    int64_t from = per_second(t->unit), to = per_second(t->precision);

    if (to >= from)
        return scale(number, to / from, 0, value) ? NULL : out_of_range;
    if (number % (from / to) != 0)
        return too_fine(t);
    *value = number / (from / to);
    return NULL;
}

static const char *read_text(cli_times *t, const char *text, size_t len, int64_t *value)
{
    parts p = {.month = 1, .day = 1, .offset = NO_OFFSET};

    if (t->format != NULL)
        return read_format(t->format, text, text + len, &p) ? finish(t, &p, value) : "a time that does not match --time-format";
    return read_rfc3339(text, text + len, &p) ? finish(t, &p, value) : "not a time: expected RFC 3339, such as 2024-01-02T03:04:05Z, or an integer; --time-format sets another format";
}

const char *cli_times_read(cli_times *t, const char *text, size_t len, int64_t *value)
{
    int64_t number;
    const int found = t->format != NULL ? 0 : take_number(text, len, &number);

    return found == 0 ? read_text(t, text, len, value) : found < 0 ? out_of_range : convert(t, number, value);
}

void cli_times_show(int64_t value, int precision, char text[48])
{
    int64_t unit = per_second(precision), second = value / unit - (value % unit < 0), fraction = value - second * unit;
    int64_t day = second / 86400 - (second % 86400 < 0), rest = second - day * 86400, era, of_era, year_of_era, of_year, mp;

    day += 719468;
    era = (day >= 0 ? day : day - 146096) / 146097;
    of_era = day - era * 146097;
    year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    mp = (5 * of_year + 2) / 153;
    snprintf(text, 48, "%04d-%02d-%02dT%02d:%02d:%02d.%0*lldZ", (int)(year_of_era + era * 400 + (mp >= 10)), (int)(mp < 10 ? mp + 3 : mp - 9),
             (int)(of_year - (153 * mp + 2) / 5 + 1), (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60), precision, (long long)fraction);
}
