/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Times with their zone, by the forms that the server takes and that exist, as milliseconds. The calendar is gone through day by day of a year. */
#include "inject.h"

/* A pattern: 0 a digit, T the letter or a blank, all else itself. */
static int fits(const char *p, size_t len, const char *pattern)
{
    if (len != strlen(pattern))
        return 0;
    for (size_t i = 0; i < len; i++) {
        int is_good = pattern[i] == '0' ? p[i] >= '0' && p[i] <= '9' : pattern[i] == 'T' ? p[i] == 'T' || p[i] == ' ' : p[i] == pattern[i];

        if (!is_good)
            return 0;
    }
    return 1;
}

static int number(const char *p, size_t digits)
{
    int n = 0;

    for (size_t i = 0; i < digits; i++)
        n = n * 10 + (p[i] - '0');
    return n;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && is_leap);
}

/* Days since 1970-01-01. */
static int64_t day_number(int year, int month, int day)
{
    int64_t days = day - 1;

    for (int y = 1970; y < year; y++)
        days += 365 + (days_of(y, 2) == 29);
    for (int y = year; y < 1970; y++)
        days -= 365 + (days_of(y, 2) == 29);
    for (int m = 1; m < month; m++)
        days += days_of(year, m);
    return days;
}

/* Z, or an offset in one of three forms: minutes. 0: it is neither. */
static int read_zone(const char *p, size_t len, int *minutes)
{
    int sign = len > 0 && *p == '-' ? -1 : 1;

    *minutes = 0;
    if (len == 1)
        return *p == 'Z' || *p == 'z';
    if (len == 0 || (*p != '+' && *p != '-'))
        return 0;
    if (fits(p + 1, len - 1, "00:00"))
        *minutes = number(p + 4, 2);
    else if (fits(p + 1, len - 1, "0000"))
        *minutes = number(p + 3, 2);
    else if (!fits(p + 1, len - 1, "00"))
        return 0;
    if (*minutes > 59 || number(p + 1, 2) > 13)
        return 0;
    *minutes = sign * (*minutes + 60 * number(p + 1, 2));
    return 1;
}

/* .123 at p: the fraction in nanoseconds, and its digits; none there: 0 digits. 0: a point without digits, or too many. */
static int read_fraction(const char *p, size_t len, int64_t *ns, size_t *digits)
{
    *ns = 0;
    *digits = 0;
    if (len == 0 || *p != '.')
        return 1;
    while (*digits + 1 < len && p[*digits + 1] >= '0' && p[*digits + 1] <= '9')
        ++*digits;
    if (*digits == 0 || *digits > 9)
        return 0;
    *ns = number(p + 1, *digits);
    for (size_t i = *digits; i < 9; i++)
        *ns *= 10;
    return 1;
}

/* 2024-01-02T03:04:05, as seconds since 1970 without regard to zone. */
static int read_clock(const char *p, int64_t *seconds)
{
    int year, month, day, hour, minute, second;

    if (!fits(p, 19, "0000-00-00T00:00:00"))
        return 0;
    year = number(p, 4);
    month = number(p + 5, 2);
    day = number(p + 8, 2);
    hour = number(p + 11, 2);
    minute = number(p + 14, 2);
    second = number(p + 17, 2);
    if (month < 1 || month > 12 || day < 1 || day > days_of(year, month) || hour > 23 || minute > 59 || second > 59)
        return 0;
    *seconds = day_number(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return 1;
}

enum tdrt_reason tdrt_judge_time(const tdrt_string *s, int64_t *ms)
{
    int64_t seconds, ns;
    size_t digits, behind;
    int minutes;

    if (s->len < 20 || !read_clock(s->p, &seconds) || !read_fraction(s->p + 19, s->len - 19, &ns, &digits))
        return TDRT_NO_TIME;
    behind = 19 + (digits > 0 ? digits + 1 : 0);
    if (!read_zone(s->p + behind, s->len - behind, &minutes))
        return TDRT_NO_TIME;
    seconds -= minutes * 60;
    if (digits > 6 && (seconds < -INT64_C(9223372037) || seconds > INT64_C(9223372036) ||
                       (seconds == -INT64_C(9223372037) && ns < 145224192) || (seconds == INT64_C(9223372036) && ns > 854775807)))
        return TDRT_TIME_OUT_OF_RANGE; /* nanoseconds that 64 bits do not hold */
    if (ns % 1000000 != 0)
        return TDRT_DIGITS_LOST;
    *ms = seconds * 1000 + ns / 1000000;
    return TDRT_FINE;
}
