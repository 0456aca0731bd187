/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
#include "int128.h"

#include <stddef.h>

static int below(sbx_int128 a, sbx_int128 b)
{
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

/* bit comes in from the right. */
static sbx_int128 shift_in(sbx_int128 value, uint64_t bit)
{
    return (sbx_int128){value.high << 1 | value.low >> 63, value.low << 1 | bit};
}

/* ---- 64 bits by 64 ---- */

static sbx_int128 multiply_words(uint64_t a, uint64_t b)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32), other = a0 * b1 + (uint32_t)cross;

    return (sbx_int128){a1 * b1 + (cross >> 32) + (other >> 32), other << 32 | (uint32_t)low};
}

/* ---- 128 bits ---- */

int sbx_int128_compare(sbx_int128 a, sbx_int128 b)
{
    if (sbx_int128_is_negative(a) != sbx_int128_is_negative(b))
        return sbx_int128_is_negative(a) ? -1 : 1;
    return below(b, a) - below(a, b);
}

sbx_int128 sbx_int128_multiply(sbx_int128 a, sbx_int128 b)
{
    sbx_int128 low = multiply_words(a.low, b.low);

    return (sbx_int128){low.high + a.high * b.low + a.low * b.high, low.low};
}

sbx_int128 sbx_int128_divide(sbx_int128 a, sbx_int128 b, sbx_int128 *rest)
{
    sbx_int128 remainder;
    sbx_int128 quotient = sbx_int256_divide((sbx_int256){{0, 0}, sbx_int128_abs(a)}, sbx_int128_abs(b), &remainder).low;

    if (rest != NULL)
        *rest = sbx_int128_is_negative(a) ? sbx_int128_negate(remainder) : remainder;
    return sbx_int128_is_negative(a) != sbx_int128_is_negative(b) ? sbx_int128_negate(quotient) : quotient;
}

int sbx_int128_take_digit(sbx_int128 *value)
{
    uint64_t middle, low, high = value->high % 10;

    value->high /= 10;
    middle = high << 32 | value->low >> 32;
    low = middle % 10 << 32 | (uint32_t)value->low;
    value->low = (middle / 10) << 32 | low / 10;
    return (int)(low % 10);
}

/* ---- 256 bits ---- */

sbx_int256 sbx_int128_product(sbx_int128 a, sbx_int128 b)
{
    sbx_int128 low = multiply_words(a.low, b.low), high = multiply_words(a.high, b.high);
    sbx_int128 cross = sbx_int128_add(multiply_words(a.high, b.low), sbx_int128_of_unsigned(low.high));
    sbx_int128 other = sbx_int128_add(multiply_words(a.low, b.high), sbx_int128_of_unsigned(cross.low));

    high = sbx_int128_add(high, sbx_int128_of_unsigned(cross.high));
    high = sbx_int128_add(high, sbx_int128_of_unsigned(other.high));
    return (sbx_int256){high, {other.low, low.low}};
}

sbx_int256 sbx_int256_add(sbx_int256 a, sbx_int256 b)
{
    sbx_int128 low = sbx_int128_add(a.low, b.low), carry = {0, (uint64_t)below(low, a.low)};

    return (sbx_int256){sbx_int128_add(sbx_int128_add(a.high, b.high), carry), low};
}

sbx_int256 sbx_int256_subtract(sbx_int256 a, sbx_int256 b)
{
    sbx_int128 borrow = {0, (uint64_t)below(a.low, b.low)};

    return (sbx_int256){sbx_int128_subtract(sbx_int128_subtract(a.high, b.high), borrow), sbx_int128_subtract(a.low, b.low)};
}

int sbx_int256_less(sbx_int256 a, sbx_int256 b)
{
    int order = below(b.high, a.high) - below(a.high, b.high);

    return order != 0 ? order < 0 : below(a.low, b.low);
}

/* Bit by bit, as on paper. */
sbx_int256 sbx_int256_divide(sbx_int256 a, sbx_int128 divisor, sbx_int128 *rest)
{
    const uint64_t words[] = {a.high.high, a.high.low, a.low.high, a.low.low};
    uint64_t quotient[4] = {0};
    int i, bit;

    *rest = (sbx_int128){0, 0};
    for (i = 0; i < 4; i++) {
        for (bit = 63; bit >= 0 && (words[i] != 0 || !sbx_int128_is_zero(*rest)); bit--) {
            *rest = shift_in(*rest, words[i] >> bit & 1);
            if (!below(*rest, divisor)) {
                *rest = sbx_int128_subtract(*rest, divisor);
                quotient[i] |= (uint64_t)1 << bit;
            }
        }
    }
    return (sbx_int256){{quotient[0], quotient[1]}, {quotient[2], quotient[3]}};
}
