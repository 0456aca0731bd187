/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Comparing a long decimal with a boundary between two doubles or floats, in big integers of a fixed size: both are made whole by
 * moving negative powers of two and five to the other side. Knows no grammar and allocates nothing.
 */
#include "base/number_exact.h"

#include <assert.h>
#include <string.h>

/*
 * A boundary between doubles is an odd multiple of 2^-1075 or more, below 2^1024: at most 768 significant digits. Of the digits
 * behind them it matters only whether all are zeros. Both numbers agree in their first 18 digits, so the larger one has
 * 769 digits at most: 2555 bits.
 */
enum { DIGITS_MAX = 768, LIMBS = 84, FIVES = 13 };
static const uint32_t five_to_13 = 1220703125;

typedef struct big {
    int count;            /* limbs that may not be 0 */
    uint32_t limb[LIMBS]; /* lowest first */
} big;

static void big_set(big *b, uint64_t value)
{
    memset(b->limb, 0, sizeof b->limb);
    b->limb[0] = (uint32_t)value;
    b->limb[1] = (uint32_t)(value >> 32);
    b->count = 2;
}

static void big_times_plus(big *b, uint32_t factor, uint32_t more)
{
    uint64_t carry = more;

    for (int i = 0; i < b->count; i++) {
        carry += (uint64_t)b->limb[i] * factor;
        b->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry != 0) {
        assert(b->count < LIMBS);
        b->limb[b->count++] = (uint32_t)carry;
    }
}

static void big_times_five_to(big *b, int64_t n)
{
    for (; n >= FIVES; n -= FIVES)
        big_times_plus(b, five_to_13, 0);
    for (; n > 0; n--)
        big_times_plus(b, 5, 0);
}

static void big_shift(big *b, int64_t bits)
{
    int limbs = (int)(bits / 32);

    big_times_plus(b, (uint32_t)1 << bits % 32, 0);
    assert(b->count + limbs <= LIMBS);
    memmove(b->limb + limbs, b->limb, (size_t)b->count * sizeof b->limb[0]);
    memset(b->limb, 0, (size_t)limbs * sizeof b->limb[0]);
    b->count += limbs;
}

static int big_compare(const big *a, const big *b)
{
    for (int i = LIMBS - 1; i >= 0; i--)
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    return 0;
}

/* Digits to an integer, of very many the first and a 1 in place of what follows them; *exp becomes the place of its last digit. */
static void big_read(big *b, const char *digits, const char *stop, int64_t *exp)
{
    const char *p = digits;
    int kept = 0, more = 0;

    big_set(b, 0);
    for (; p != stop && kept < DIGITS_MAX; p++)
        if (*p != '.') {
            big_times_plus(b, 10, (uint32_t)(*p - '0'));
            kept++;
        }
    for (; p != stop; p++)
        if (*p != '.') {
            more |= *p != '0';
            ++*exp;
        }
    if (more) {
        big_times_plus(b, 10, 1);
        --*exp;
    }
}

int tdri_exact_compare(const char *digits, const char *stop, int64_t decimal_exp, uint64_t significand, int binary_exp)
{
    big decimal, boundary;
    int64_t shift;

    big_read(&decimal, digits, stop, &decimal_exp);
    big_set(&boundary, significand);
    if (decimal_exp > 0)
        big_times_five_to(&decimal, decimal_exp);
    else
        big_times_five_to(&boundary, -decimal_exp);
    shift = decimal_exp - binary_exp;
    if (shift > 0)
        big_shift(&decimal, shift);
    else
        big_shift(&boundary, -shift);
    return big_compare(&decimal, &boundary);
}
