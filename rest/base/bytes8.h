/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Eight bytes of text as one number, the first one lowest on every machine, and the digits among them. Knows no other grammar. */
#ifndef TDRI_BYTES8_H
#define TDRI_BYTES8_H

#include "base/number_wide.h"

/* Compilers make one load of it. */
static inline uint64_t tdri_bytes8_load(const char *text)
{
    const unsigned char *b = (const unsigned char *)text;

    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 |
           (uint64_t)b[4] << 32 | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;
}

/* The number that eight digit values tell, the most significant one lowest: neighbours are joined to pairs, pairs to fours, fours to eight. */
static inline uint32_t tdri_bytes8_number(uint64_t values)
{
    const uint64_t mask = UINT64_C(0x000000ff000000ff);

    values = values * 10 + (values >> 8);
    return (uint32_t)(((values & mask) * UINT64_C(0x000f424000000064) + (values >> 16 & mask) * UINT64_C(0x0000271000000001)) >> 32);
}

/* Eight bytes, the first one lowest, each with '0' taken away: digits become 0 ... 9. */
static inline uint64_t tdri_digits8_load(const char *p)
{
    return tdri_bytes8_load(p) ^ 0x3030303030303030u;
}

/* The high bit of each byte that is no digit. */
static inline uint64_t tdri_digits8_others(uint64_t eight)
{
    return (((eight & 0x7f7f7f7f7f7f7f7fu) + 0x7676767676767676u) | eight) & 0x8080808080808080u;
}

/* The number that the first bits / 8 digits tell, 8 <= bits <= 64. */
static inline uint64_t tdri_digits8_value(uint64_t eight, unsigned bits)
{
    return tdri_bytes8_number(eight << (64 - bits));
}

#endif
