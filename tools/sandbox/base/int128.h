/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Integers of 128 bits, which hold a DECIMAL of 38 digits, and what their product needs. Compilers for 32-bit systems have none.
 * Two's complement; what overflows wraps around. Knows nothing of decimals.
 */
#ifndef SBX_INT128_H
#define SBX_INT128_H

#include <stdint.h>

typedef struct sbx_int128 {
    uint64_t high, low;
} sbx_int128;

/* Not negative. */
typedef struct sbx_int256 {
    sbx_int128 high, low;
} sbx_int256;

static inline sbx_int128 sbx_int128_of(int64_t value)
{
    return (sbx_int128){value < 0 ? UINT64_MAX : 0, (uint64_t)value};
}

static inline sbx_int128 sbx_int128_of_unsigned(uint64_t value)
{
    return (sbx_int128){0, value};
}

static inline sbx_int128 sbx_int128_add(sbx_int128 a, sbx_int128 b)
{
    uint64_t low = a.low + b.low;

    return (sbx_int128){a.high + b.high + (low < a.low), low};
}

static inline sbx_int128 sbx_int128_subtract(sbx_int128 a, sbx_int128 b)
{
    return (sbx_int128){a.high - b.high - (a.low < b.low), a.low - b.low};
}

static inline sbx_int128 sbx_int128_negate(sbx_int128 value)
{
    return sbx_int128_subtract((sbx_int128){0, 0}, value);
}

static inline int sbx_int128_is_negative(sbx_int128 value)
{
    return value.high >> 63 != 0;
}

static inline int sbx_int128_is_zero(sbx_int128 value)
{
    return (value.high | value.low) == 0;
}

static inline sbx_int128 sbx_int128_abs(sbx_int128 value)
{
    return sbx_int128_is_negative(value) ? sbx_int128_negate(value) : value;
}

/* -1, 0, 1 */
int sbx_int128_compare(sbx_int128 a, sbx_int128 b);

sbx_int128 sbx_int128_multiply(sbx_int128 a, sbx_int128 b);
/* Cuts towards zero, as C does; rest has the sign of a, and may be NULL. b is not 0. */
sbx_int128 sbx_int128_divide(sbx_int128 a, sbx_int128 b, sbx_int128 *rest);
/* Takes away the last decimal digit of a value that is not negative. */
int sbx_int128_take_digit(sbx_int128 *value);

/* Of two that are not negative. */
sbx_int256 sbx_int128_product(sbx_int128 a, sbx_int128 b);
sbx_int256 sbx_int256_add(sbx_int256 a, sbx_int256 b);
/* b is not above a. */
sbx_int256 sbx_int256_subtract(sbx_int256 a, sbx_int256 b);
int sbx_int256_less(sbx_int256 a, sbx_int256 b);
/* 0 < divisor */
sbx_int256 sbx_int256_divide(sbx_int256 a, sbx_int128 divisor, sbx_int128 *rest);

#endif
