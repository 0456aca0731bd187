/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Writing numbers where it must cost next to nothing: whole numbers, and floats of few digits, inline and without a NUL. Each answers the byte behind. Knows no
 * more than number.h does.
 */
#ifndef TDRI_NUMBER_PUT_H
#define TDRI_NUMBER_PUT_H

#include <float.h>
#include <stdint.h>
#include <string.h>

/* 00 01 ... 99: two digits are written at a time. */
extern const char tdri_digit_pairs[201];

static inline void tdri_put_digits2(char *out, uint32_t v)
{
    memcpy(out, tdri_digit_pairs + 2 * v, 2);
}

static inline void tdri_put_digits8(char *out, uint32_t v)
{
    uint32_t high = v / 10000, low = v % 10000;

    tdri_put_digits2(out, high / 100);
    tdri_put_digits2(out + 2, high % 100);
    tdri_put_digits2(out + 4, low / 100);
    tdri_put_digits2(out + 6, low % 100);
}

/* Below 10000. Branches, since neighbours mostly have equally many digits. */
static inline char *tdri_put_up_to_4(char *out, uint32_t v)
{
    if (v < 10) {
        *out = (char)('0' + v);
        return out + 1;
    }
    if (v < 100) {
        tdri_put_digits2(out, v);
        return out + 2;
    }
    if (v < 1000) {
        *out = (char)('0' + v / 100);
        tdri_put_digits2(out + 1, v % 100);
        return out + 3;
    }
    tdri_put_digits2(out, v / 100);
    tdri_put_digits2(out + 2, v % 100);
    return out + 4;
}

/* Below 10^8. */
static inline char *tdri_put_up_to_8(char *out, uint32_t v)
{
    if (v < 10000)
        return tdri_put_up_to_4(out, v);
    out = tdri_put_up_to_4(out, v / 10000);
    v %= 10000;
    tdri_put_digits2(out, v / 100);
    tdri_put_digits2(out + 2, v % 100);
    return out + 4;
}

static inline char *tdri_put_uint64(char *out, uint64_t v)
{
    const uint32_t eight = 100000000;
    uint64_t high;

    if (v < eight)
        return tdri_put_up_to_8(out, (uint32_t)v);
    high = v / eight;
    if (high < eight) {
        out = tdri_put_up_to_8(out, (uint32_t)high);
    } else {
        out = tdri_put_up_to_4(out, (uint32_t)(high / eight));
        tdri_put_digits8(out, (uint32_t)(high % eight));
        out += 8;
    }
    tdri_put_digits8(out, (uint32_t)(v % eight));
    return out + 8;
}

static inline char *tdri_put_int64(char *out, int64_t v)
{
    if (v >= 0)
        return tdri_put_uint64(out, (uint64_t)v);
    *out = '-';
    return tdri_put_uint64(out + 1, 0 - (uint64_t)v);
}

/* Up to three digits behind the point, and the point; nothing for 0. */
static inline char *tdri_put_fraction(char *out, uint32_t thousandths)
{
    uint32_t last = thousandths % 100;

    out[0] = '.';
    out[1] = (char)('0' + thousandths / 100);
    tdri_put_digits2(out + 2, last);
    return out + (thousandths == 0 ? 0 : 4 - (last % 10 == 0) - (last == 0));
}

/*
 * A float, or a double, of up to three digits behind the point, as tdri_float_format_cast and tdri_double_format write it; NULL for all others. Most
 * measurements are of that kind. Up to six digits tell a float from all others, up to fifteen a double: when they read back as it, there is no shorter text, nor
 * another as short. Zero is among the others unless it is positive.
 */
static inline char *tdri_put_short_float(char *out, float value)
{
#if FLT_EVAL_METHOD == 0 /* elsewhere a quotient is rounded twice */
    const float size = value < 0 ? -value : value;
    int32_t thousandths;
    uint32_t zero;

    if (!(size < 999))
        return NULL;
    thousandths = (int32_t)((double)size * 1000 + 0.5);
    if ((float)((double)thousandths / 1000) != size)
        return NULL;
    if (thousandths == 0) {
        memcpy(&zero, &value, sizeof zero);
        *out = '0';
        return zero == 0 ? out + 1 : NULL;
    }
    *out = '-';
    out = tdri_put_up_to_4(out + (value < 0), (uint32_t)thousandths / 1000);
    return tdri_put_fraction(out, (uint32_t)thousandths % 1000);
#else
    (void)out;
    (void)value;
    return NULL;
#endif
}

static inline char *tdri_put_short_double(char *out, double value)
{
#if FLT_EVAL_METHOD == 0
    const double size = value < 0 ? -value : value;
    int64_t thousandths;

    if (!(size < 999999999999))
        return NULL;
    thousandths = (int64_t)(size * 1000 + 0.5);
    if (thousandths == 0 || (double)thousandths / 1000 != size)
        return NULL;
    *out = '-';
    out = tdri_put_uint64(out + (value < 0), (uint64_t)thousandths / 1000);
    return tdri_put_fraction(out, (uint32_t)((uint64_t)thousandths % 1000));
#else
    (void)out;
    (void)value;
    return NULL;
#endif
}

#endif
