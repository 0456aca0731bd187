/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * 128 bits of any power of five by schoolbook arithmetic, slowly and plainly: what the
 * library's table is generated from and compared with. Shares no code with the library.
 */
#ifndef TDRT_POWERS_H
#define TDRT_POWERS_H

#include <stdint.h>
#include <string.h>

enum { TDRT_LIMBS = 28 }; /* 5^342 has 795 bits, its double 796 */

/* Lowest limb first, 32 bits each. */
typedef struct tdrt_big {
    uint32_t limb[TDRT_LIMBS];
} tdrt_big;

static inline void tdrt_big_times(tdrt_big *big, uint32_t factor)
{
    uint64_t carry = 0;

    for (int i = 0; i < TDRT_LIMBS; i++) {
        carry += (uint64_t)big->limb[i] * factor;
        big->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static inline int tdrt_big_bit(const tdrt_big *big, int at)
{
    return at < 0 ? 0 : (int)(big->limb[at / 32] >> at % 32 & 1);
}

static inline int tdrt_big_bits(const tdrt_big *big)
{
    int bits = TDRT_LIMBS * 32;

    while (bits > 0 && !tdrt_big_bit(big, bits - 1))
        bits--;
    return bits;
}

/* a -= b when a >= b; whether it was. */
static inline int tdrt_big_take(tdrt_big *a, const tdrt_big *b)
{
    tdrt_big rest;
    int64_t borrow = 0;

    for (int i = 0; i < TDRT_LIMBS; i++) {
        borrow += (int64_t)a->limb[i] - (int64_t)b->limb[i];
        rest.limb[i] = (uint32_t)borrow;
        borrow = borrow < 0 ? -1 : 0;
    }
    if (borrow == 0)
        *a = rest;
    return borrow == 0;
}

/* The highest 128 bits of 5^q, the rest cut off; whether anything was cut off. bits[0] is the high half. */
static inline int tdrt_power_of_five(int q, uint64_t bits[2])
{
    tdrt_big power = {{1}}, rest = {{0}};
    int len, cut = 0;

    for (int i = q < 0 ? -q : q; i > 0; i--)
        tdrt_big_times(&power, 5);
    len = tdrt_big_bits(&power);
    bits[0] = bits[1] = 0;
    if (q < 0) /* long division of a power of two, the greatest below 5^-q, bit by bit: the first bit is a one */
        rest.limb[(len - 1) / 32] = (uint32_t)1 << (len - 1) % 32;
    for (int i = 0; i < 128; i++) {
        int bit;

        if (q < 0) {
            tdrt_big_times(&rest, 2);
            bit = tdrt_big_take(&rest, &power);
        } else {
            bit = tdrt_big_bit(&power, len - 1 - i);
        }
        bits[0] = bits[0] << 1 | bits[1] >> 63;
        bits[1] = bits[1] << 1 | (uint64_t)bit;
    }
    if (q < 0)
        return tdrt_big_bits(&rest) != 0;
    for (int i = len - 129; i >= 0; i--)
        cut |= tdrt_big_bit(&power, i);
    return cut;
}

#endif
