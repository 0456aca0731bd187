/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Eight bytes of text as one number, the first one lowest on every machine. Knows nothing of what they mean. */
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

#endif
