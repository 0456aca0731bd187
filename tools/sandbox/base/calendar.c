/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The Gregorian calendar, also of years before it was made. Knows no text and no zone. */
#include "zone.h"

enum { DAYS_BEFORE_1970 = 719162 /* since 0001-01-01 */, DAYS_OF_400_YEARS = 146097 };

int64_t sbx_floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a % b < 0) != (b < 0));
}

static int is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int sbx_date_month_days(int64_t year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && is_leap(year));
}

int64_t sbx_date_days(sbx_date date)
{
    int64_t years = date.year - 1; /* that are over since the year 1 began */
    int64_t leaps = sbx_floor_div(years, 4) - sbx_floor_div(years, 100) + sbx_floor_div(years, 400);
    int64_t days = 365 * years + leaps - DAYS_BEFORE_1970;
    int month;

    for (month = 1; month < date.month; month++)
        days += sbx_date_month_days(date.year, month);
    return days + date.day - 1;
}

sbx_date sbx_date_of(int64_t days)
{
    sbx_date date = {1970 + sbx_floor_div(days * 400, DAYS_OF_400_YEARS), 1, 1}; /* at most one off */

    while (sbx_date_days(date) > days)
        date.year--;
    while (sbx_date_days((sbx_date){date.year + 1, 1, 1}) <= days)
        date.year++;
    days -= sbx_date_days(date);
    while (days >= sbx_date_month_days(date.year, date.month))
        days -= sbx_date_month_days(date.year, date.month++);
    date.day = (int)days + 1;
    return date;
}
