/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Reading numbers where it must cost next to nothing: eight bytes at a time, and short
 * numbers inline. Knows no more than number.h does.
 */
#ifndef TDRI_NUMBER_FAST_H
#define TDRI_NUMBER_FAST_H

#include "base/bytes8.h"
#include "base/number.h"
#include "base/number_table.h"

#include <float.h>

/* value / 10^fraction, without the sign. */
typedef struct tdri_short {
    uint64_t value;
    unsigned fraction; /* at most 18 */
    int negative;
} tdri_short;

/* The digits from the ninth byte on, all of a fraction: at most twelve, so that there are nineteen in all. */
static inline const char *tdri_short_rest(const char *p, tdri_short *out)
{
    uint64_t eight = tdri_digits8_load(p), others = tdri_digits8_others(eight);
    unsigned stop;

    if (others == 0) {
        out->value = out->value * 100000000u + tdri_digits8_value(eight, 64);
        out->fraction += 8;
        p += 8;
        eight = tdri_digits8_load(p);
        others = tdri_digits8_others(eight) & 0xffffffffffu;
        if (others == 0)
            return NULL;
    }
    stop = tdri_trailing_zeros(others) & 56u;
    if (stop != 0) {
        out->value = out->value * tdri_ten_uint[stop / 8] + tdri_digits8_value(eight, stop);
        out->fraction += stop / 8;
    }
    return out->fraction != 0 ? p + stop / 8 : NULL;
}

/* A number that has its point among its first eight bytes, or its end. */
static inline const char *tdri_short_begin(const char *p, uint64_t eight, uint64_t others, tdri_short *out)
{
    const unsigned point = tdri_trailing_zeros(others) & 56u;
    unsigned stop;
    uint64_t before;

    if ((point == 0) | ((point > 8) & ((eight & 0xff) == 0))) /* one branch: lengths are hard to predict */
        return NULL;
    if ((eight >> point & 0xff) != ('.' ^ '0')) {
        out->value = tdri_digits8_value(eight, point);
        out->fraction = 0;
        return p + point / 8;
    }
    others &= others - 1;
    stop = others == 0 ? 64 : tdri_trailing_zeros(others) & 56u;
    before = ((uint64_t)1 << point) - 1;
    out->value = tdri_digits8_value((eight & before) | (eight >> 8 & ~before), stop - 8);
    out->fraction = (stop - point) / 8 - 1;
    if (others == 0)
        return tdri_short_rest(p + 8, out);
    return out->fraction != 0 ? p + stop / 8 : NULL;
}

/*
 * A number without exponent: whole with at most seven digits, or with at most seven digits before its point and nineteen in all.
 * 32 bytes from p on are readable. Answers the byte behind it, or NULL.
 */
static inline const char *tdri_short_scan(const char *p, tdri_short *out)
{
    uint64_t eight = tdri_digits8_load(p), others = tdri_digits8_others(eight);

    out->negative = 0;
    if ((others & 0x80) != 0) { /* a branch, so that what follows need not wait for the sign */
        if (*p != '-')
            return NULL;
        out->negative = 1;
        eight = tdri_digits8_load(++p);
        others = tdri_digits8_others(eight);
    }
    p = others == 0 ? NULL : tdri_short_begin(p, eight, others, out);
    return p == NULL || ((unsigned char)*p | 0x20) == 'e' ? NULL : p;
}

static inline float tdri_float_short(const tdri_short *number)
{
#if FLT_EVAL_METHOD == 0 /* elsewhere a quotient is rounded twice */
    if (number->value <= (uint64_t)1 << 24 && number->fraction <= 10)
        return (float)(int64_t)number->value / tdri_ten_float[number->fraction];
#endif
    return tdri_float_nearest(number->value, -(int64_t)number->fraction);
}

static inline double tdri_double_short(const tdri_short *number)
{
#if FLT_EVAL_METHOD == 0
    if (number->value <= (uint64_t)1 << 53)
        return (double)(int64_t)number->value / tdri_ten_double[number->fraction];
#endif
    return tdri_double_nearest(number->value, -(int64_t)number->fraction);
}

/*
 * Read a number as tdri_float_parse and tdri_double_parse do. At least 32 bytes from p to end are readable. NULL leaves the number to
 * the caller's careful way: it is none, is not finite, or touches end and may go on in the next piece.
 */
static inline const char *tdri_float_fast(const char *p, const char *end, float *out)
{
    tdri_short number;
    const char *behind = tdri_short_scan(p, &number);
    float v;

    if (behind != NULL) {
        v = tdri_float_short(&number);
        *out = number.negative ? -v : v;
        return behind;
    }
    behind = tdri_float_parse(p, end, out);
    return behind == NULL || behind == end || *out > FLT_MAX || *out < -FLT_MAX ? NULL : behind;
}

static inline const char *tdri_double_fast(const char *p, const char *end, double *out)
{
    tdri_short number;
    const char *behind = tdri_short_scan(p, &number);
    double v;

    if (behind != NULL) {
        v = tdri_double_short(&number);
        *out = number.negative ? -v : v;
        return behind;
    }
    behind = tdri_double_parse(p, end, out);
    return behind == NULL || behind == end || *out > DBL_MAX || *out < -DBL_MAX ? NULL : behind;
}

#endif
