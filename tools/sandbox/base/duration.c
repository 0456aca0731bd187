/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Durations: their text and their length. */
#include "zone.h"

#include <string.h>

/* Nanoseconds of the units that have a length; 0 for months, years and what is no unit. */
static int64_t unit_ns(char unit)
{
    static const struct {
        char unit;
        int64_t ns;
    } units[] = {{'b', 1},
                 {'u', 1000},
                 {'a', 1000000},
                 {'s', 1000000000},
                 {'m', INT64_C(60000000000)},
                 {'h', INT64_C(3600000000000)},
                 {'d', INT64_C(86400000000000)},
                 {'w', INT64_C(604800000000000)}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (units[i].unit == unit)
            return units[i].ns;
    return 0;
}

int sbx_duration_parse(sbx_text text, sbx_duration *out)
{
    size_t i;

    *out = (sbx_duration){0, 0};
    if (text.len < 2)
        return 0;
    for (i = 0; i < text.len - 1; i++) {
        int digit = text.p[i] - '0';

        if (digit < 0 || digit > 9 || out->count > (INT64_MAX - digit) / 10)
            return 0;
        out->count = 10 * out->count + digit;
    }
    out->unit = text.p[i];
    return out->unit != '\0' && strchr("buasmhdwny", out->unit) != NULL;
}

int sbx_duration_units(sbx_duration duration, int digits, int64_t *out)
{
    int64_t unit = unit_ns(duration.unit), resolution = sbx_time_scale(digits, 9);

    *out = 0;
    if (unit == 0)
        return 0;
    if (unit < resolution) {
        *out = duration.count / (resolution / unit);
        return 1;
    }
    unit /= resolution;
    if (duration.count > INT64_MAX / unit || duration.count < -(INT64_MAX / unit))
        return 0;
    *out = duration.count * unit;
    return 1;
}
