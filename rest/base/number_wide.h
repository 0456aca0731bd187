/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* 64 x 64 -> 128 bits and bit counting, with and without the compiler's help. Knows nothing of numbers' texts. */
#ifndef TDRI_NUMBER_WIDE_H
#define TDRI_NUMBER_WIDE_H

#include <stdint.h>

typedef struct tdri_wide {
    uint64_t hi;
    uint64_t lo;
} tdri_wide;

#if defined(__SIZEOF_INT128__)

static inline tdri_wide tdri_wide_mul(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 uint128;
    uint128 product = (uint128)a * b;
    tdri_wide out = {(uint64_t)(product >> 64), (uint64_t)product};

    return out;
}

#else

static inline tdri_wide tdri_wide_mul(uint64_t a, uint64_t b)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0;
    uint64_t mid = a1 * b0 + (low >> 32); /* at most 2^64 - 2^32: cannot overflow */
    uint64_t mid2 = a0 * b1 + (uint32_t)mid;
    tdri_wide out = {a1 * b1 + (mid >> 32) + (mid2 >> 32), mid2 << 32 | (uint32_t)low};

    return out;
}

#endif

#if defined(__GNUC__)

/* Both: v is not 0. */
static inline unsigned tdri_leading_zeros(uint64_t v)
{
    return (unsigned)__builtin_clzll(v);
}

static inline unsigned tdri_trailing_zeros(uint64_t v)
{
    return (unsigned)__builtin_ctzll(v);
}

#else

static inline unsigned tdri_leading_zeros(uint64_t v)
{
    unsigned n = 0;

    for (; v >> 63 == 0; v <<= 1)
        n++;
    return n;
}

static inline unsigned tdri_trailing_zeros(uint64_t v)
{
    unsigned n = 0;

    for (; (v & 1) == 0; v >>= 1)
        n++;
    return n;
}

#endif

#endif
