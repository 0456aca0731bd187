/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What checks of numbers share: random bits, and what two texts of one number have in common. */
#ifndef TDRT_NUMBERS_H
#define TDRT_NUMBERS_H

#include <stdint.h>

/* The next 64 random bits; the seed is not 0. */
static inline uint64_t tdrt_draw(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed * 0x2545f4914f6cdd1du;
}

/* The digits of a text, zeros at both ends left out; their number. out has room for the text. */
static inline int tdrt_significant(const char *text, char *out)
{
    int n = 0;

    for (; *text != '\0' && *text != 'e'; text++)
        if (*text >= '0' && *text <= '9' && (n != 0 || *text != '0'))
            out[n++] = *text;
    while (n > 0 && out[n - 1] == '0')
        n--;
    out[n] = '\0';
    return n;
}

#endif
