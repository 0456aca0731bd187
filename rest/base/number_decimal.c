/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Decimals of up to 127 bits and their scale. Knows no protocol. */
#include "base/number.h"

#include "base/number_wide.h"

enum { SCALE_MAX = 76 };

static const char *skip_digits(const char *p, const char *end)
{
    while (p != end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

/* The point of -?[0-9]+(\.[0-9]+)?, end when there is none; NULL for another shape. */
static const char *find_point(const char *text, const char *end)
{
    const char *first = text != end && *text == '-' ? text + 1 : text;
    const char *point = skip_digits(first, end);

    if (point == first || point == end)
        return point == first ? NULL : end;
    return *point == '.' && end - point > 1 && skip_digits(point + 1, end) == end ? point : NULL;
}

int tdri_decimal_is(const char *text, size_t len)
{
    return find_point(text, text + len) != NULL;
}

/* v * 10 + digit; 0 when that needs more than 127 bits. */
static int append(tdri_wide *v, unsigned digit)
{
    tdri_wide low = tdri_wide_mul(v->lo, 10), high = tdri_wide_mul(v->hi, 10);

    low.lo += digit;
    low.hi += low.lo < digit;
    high.lo += low.hi;
    high.hi += high.lo < low.hi;
    v->hi = high.lo;
    v->lo = low.lo;
    return high.hi == 0 && high.lo <= (uint64_t)INT64_MAX;
}

int tdri_decimal_parse(const char *text, size_t len, tdrest_decimal *out)
{
    const char *end = text + len;
    const char *point = find_point(text, end);
    tdri_wide v = {0, 0};
    int negative = point != NULL && *text == '-';

    if (point == NULL)
        return TDREST_ETYPE;
    if (end - point > SCALE_MAX + 1)
        return TDREST_ERANGE;
    for (const char *p = text + negative; p != end; p++)
        if (p != point && !append(&v, (unsigned)(*p - '0')))
            return TDREST_ERANGE;
    if (negative) {
        v.lo = 0 - v.lo;
        v.hi = ~v.hi + (v.lo == 0);
    }
    out->lo = v.lo;
    out->hi = (int64_t)v.hi;
    out->scale = point == end ? 0 : (int32_t)(end - point - 1);
    out->negative = negative;
    return TDREST_OK;
}
