/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Integers as digits, inline because millions of them are written. */
#ifndef CLI_DIGITS_H
#define CLI_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void cli_put_pair(char *to, unsigned number)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657"
                                "5859606162636465666768697071727374757677787980818283848586878889909192939495969798" "99";

    memcpy(to, pairs + 2 * (size_t)number, 2);
}

/* Below 10000. Branches, since neighbours mostly have equally many digits. */
static inline char *cli_put_four(char *p, unsigned number)
{
    if (number < 10) {
        *p = (char)('0' + number);
        return p + 1;
    }
    if (number < 100) {
        cli_put_pair(p, number);
        return p + 2;
    }
    if (number < 1000) {
        *p = (char)('0' + number / 100);
        cli_put_pair(p + 1, number % 100);
        return p + 3;
    }
    cli_put_pair(p, number / 100);
    cli_put_pair(p + 2, number % 100);
    return p + 4;
}

/* As cli_put_uint, but not inline: most numbers are short. */
char *cli_put_uint_long(char *p, uint64_t number);

/* Writes the digits of a number at p; behind them. */
static inline char *cli_put_uint(char *p, uint64_t number)
{
    if (number < 10000)
        return cli_put_four(p, (unsigned)number);
    p = cli_put_uint_long(p, number / 10000);
    cli_put_pair(p, (unsigned)(number / 100 % 100));
    cli_put_pair(p + 2, (unsigned)(number % 100));
    return p + 4;
}

static inline char *cli_put_int(char *p, int64_t number)
{
    if (number < 0)
        *p++ = '-';
    return cli_put_uint(p, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

#endif
