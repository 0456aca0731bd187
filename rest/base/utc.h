/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * RFC 3339 texts and counts of units since 1970-01-01T00:00:00Z, in integer
 * arithmetic over the proleptic Gregorian calendar, no leap seconds, no
 * time zone data, no locale. Knows no protocol.
 */
#ifndef TDRI_UTC_H
#define TDRI_UTC_H

#include <tdrest.h>

/* Room for any text written here, NUL included. */
enum { TDRI_UTC_TEXT = 48 };

/* A moment as a text tells it. */
typedef struct tdri_moment {
    int64_t second;     /* since the epoch, floored; offset already taken off */
    int32_t nanosecond; /* 0 ... 999999999, counted upwards also before the epoch */
    int16_t zone_min;   /* minutes east of UTC, -959 ... 959 */
    int16_t digits;     /* fraction digits in the text, 0 ... 9 */
} tdri_moment;

/*
 * Read [-]YYYY...-MM-DDTHH:MM:SS[.f{1,9}](Z|(+|-)HH:MM) of exactly len bytes: at least four year digits, at most nine,
 * no leading zero beyond four digits; '-' only for years before 0 ("-0000" is refused);
 * month and day must exist, hour < 24, minute and second < 60, offset hours <= 15, offset minutes < 60.
 * 1: read; 0: another shape or no such moment.
 */
int tdri_utc_parse(const char *text, size_t len, tdri_moment *out);
/* The same for the date alone: its days since 1970-01-01. */
int tdri_utc_parse_day(const char *text, size_t len, int64_t *days);

/* The moment in units of 10^-precision seconds (TDREST_MS, TDREST_US, TDREST_NS), digits beyond are cut off towards the past. 1; 0 when it does not fit int64. */
int tdri_utc_count(const tdri_moment *moment, int precision, int64_t *out);

/* The precision that a text with this many fraction digits tells: 0-3 ms, 4-6 us, 7-9 ns. */
int tdri_utc_precision(int digits);

/*
 * Write a count of units as the server renders it: year of at least four digits, '-' before for years before 0,
 * 'T', `digits` fraction digits (0 ... 9; digits beyond the precision are zeros, digits below it are cut off), 'Z' for zone_min 0, else +HH:MM or -HH:MM.
 * out has TDRI_UTC_TEXT bytes and gets a NUL; the length is answered.
 */
size_t tdri_utc_format(int64_t count, int precision, int digits, int zone_min, char *out);

/* Days since 1970-01-01 of a day of the proleptic Gregorian calendar, and back; month 1 ... 12, day 1 ... 31, year within +-10^9. */
int64_t tdri_utc_days(int64_t year, int month, int day);
void tdri_utc_civil(int64_t days, int64_t *year, int *month, int *day);

#endif
