/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Times as literals. Text in UTC where the database's precision is not known: it means the same in each. Integers where it is: they are
 * shorter and have no gaps. Knows what the server wraps, rolls over and refuses; no time zone data.
 */
#include "sql/literal.h"

#include "base/number.h"
#include "base/text.h"
#include "base/utc.h"

#include <string.h>

/* Of a first column: 2970-01-01T00:00:00Z; in databases of nanoseconds 2262-01-01T00:00:00Z. */
static const int64_t key_last_second = INT64_C(31556995200), key_last_ns = INT64_C(9214646400000000000);

/* The whole seconds that every nanosecond of int64 lies between: text beyond them wraps in databases of nanoseconds. */
static const int64_t ns_first_second = INT64_C(-9223372036), ns_last_second = INT64_C(9223372035);

static const char unknown_unit[] = "TDREST_MS, TDREST_US or TDREST_NS as the precision of a time";

/* Units in a second; 0 for what is no precision. */
static int64_t units(int precision)
{
    switch (precision) {
    case TDREST_MS: return 1000;
    case TDREST_US: return 1000000;
    case TDREST_NS: return 1000000000;
    default: return 0;
    }
}

/* From one precision to a different one, without loss. */
static const char *convert(int64_t *count, int64_t from, int64_t to)
{
    int64_t factor = to / from;

    if (to < from) {
        factor = from / to;
        if (*count % factor != 0)
            return "no digits beyond the precision of the database: it would truncate them";
        *count /= factor;
        return NULL;
    }
    if (*count > INT64_MAX / factor || *count < INT64_MIN / factor)
        return "a time within the range of the database's precision";
    *count *= factor;
    return NULL;
}

int64_t tdri_time_most(const tdri_place *place)
{
    if (!place->is_key)
        return INT64_MAX;
    return place->precision == TDREST_NS ? key_last_ns : key_last_second * units(place->precision);
}

static char *put_integer(char *out, int64_t count, int precision, const tdri_place *place, const char **expected)
{
    *expected = precision == place->precision ? NULL : convert(&count, units(precision), units(place->precision));
    if (*expected == NULL && count > tdri_time_most(place))
        *expected = place->precision == TDREST_NS ? "a time up to 2262-01-01T00:00:00Z: this is the first column of a table"
                                                  : "a time up to 2970-01-01T00:00:00Z: this is the first column of a table";
    return *expected != NULL ? NULL : out + tdri_int64_format(count, out);
}

char *tdri_time_put(char *out, int64_t count, int precision, const tdri_place *place, const char **expected)
{
    int64_t unit = units(precision), second;

    *expected = NULL;
    if (unit == 0) {
        *expected = unknown_unit;
        return NULL;
    }
    if (place->precision != TDREST_PRECISION_UNKNOWN)
        return put_integer(out, count, precision, place, expected);
    second = count / unit - (count % unit < 0);
    if (second == -1)
        *expected = "a time other than the second before 1970: the server refuses its text (state or describe the database's precision)";
    else if (precision != TDREST_NS && (second < ns_first_second || second > ns_last_second))
        *expected = "a time from 1677-09-21 to 2262-04-11: databases of nanoseconds wrap others (state or describe the database's precision)";
    if (*expected != NULL)
        return NULL;
    *out++ = '\'';
    out += tdri_utc_format(count, precision, precision, 0, out);
    *out++ = '\'';
    return out;
}

/* ---- reading ---- */

enum { DATE_AND_CLOCK = 19, OFFSET_HOURS = 13 };

/*
 * Copies the zone at the end of a time, `at` bytes into it, as RFC 3339 has it. Behind the clock, at and beyond which it begins,
 * only a fraction stands, so that its sign is the first one there. The bytes at out; 0 when it is none.
 */
static size_t normal_zone(const char *zone, size_t len, char out[8])
{
    static const char hours_only[] = "+hh";

    if (len == 1 && (zone[0] == 'Z' || zone[0] == 'z')) {
        out[0] = 'Z';
        return 1;
    }
    if (len < sizeof hours_only - 1 || (zone[0] != '+' && zone[0] != '-'))
        return 0;
    memcpy(out, "+00:00", 6);
    memcpy(out, zone, 3);
    if (len == 5) /* +hhmm */
        memcpy(out + 4, zone + 3, 2);
    else if (len == 6)
        memcpy(out + 3, zone + 3, 3);
    else if (len != 3)
        return 0;
    return 6;
}

static int is_zone_start(char c)
{
    return c == 'Z' || c == 'z' || c == '+' || c == '-';
}

/* The time in the form that utc.h reads. The bytes at out; 0 when it has another shape. */
static size_t normal_form(const char *text, size_t len, char out[TDRI_UTC_TEXT])
{
    size_t zone = DATE_AND_CLOCK, behind;

    if (len < DATE_AND_CLOCK + 1 || len >= TDRI_UTC_TEXT - 8)
        return 0;
    while (zone < len && !is_zone_start(text[zone]))
        zone++;
    memcpy(out, text, zone);
    if (out[10] == ' ')
        out[10] = 'T';
    behind = normal_zone(text + zone, len - zone, out + zone);
    return behind == 0 ? 0 : zone + behind;
}

const char *tdri_time_parse(const char *text, size_t len, int64_t *count, int *precision)
{
    char normal[TDRI_UTC_TEXT];
    size_t normal_len = normal_form(text, len, normal);
    tdri_moment moment;

    if (normal_len == 0 || !tdri_utc_parse(normal, normal_len, &moment))
        return "a time that exists, such as 2024-01-02T03:04:05.123Z, with its zone: Z or an offset";
    if (moment.zone_min >= (OFFSET_HOURS + 1) * 60 || moment.zone_min <= -(OFFSET_HOURS + 1) * 60)
        return "an offset of less than 14 hours";
    *precision = tdri_utc_precision(moment.digits);
    return tdri_utc_count(&moment, *precision, count) ? NULL : "a time within the range of its own precision";
}
