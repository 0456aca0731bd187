/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Integers as digits and short texts, inline because millions of them are written. */
#ifndef CLI_DIGITS_H
#define CLI_DIGITS_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const char cli_digit_pairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839404142434445464748495051525354555657"
    "5859606162636465666768697071727374757677787980818283848586878889909192939495969798" "99";

static inline void cli_put_pair(char *to, unsigned number)
{
    memcpy(to, cli_digit_pairs + 2 * (size_t)number, 2);
}

/* Below 10000; writes 2 bytes at least. One digit or two is often hard to predict, so there is no branch between them. */
static inline char *cli_put_four(char *p, unsigned number)
{
    if (number < 100) {
        memcpy(p, cli_digit_pairs + 2 * (size_t)number + (number < 10), 2);
        return p + 2 - (number < 10);
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

/* As memcpy for few bytes, of which nothing is known but that they are few. */
static inline char *cli_put_bytes(char *p, const char *text, size_t len)
{
    if (len > 32) {
        memcpy(p, text, len);
    } else if (len >= 16) {
        memcpy(p, text, 16);
        memcpy(p + len - 16, text + len - 16, 16);
    } else if (len >= 8) {
        memcpy(p, text, 8);
        memcpy(p + len - 8, text + len - 8, 8);
    } else if (len >= 4) {
        memcpy(p, text, 4);
        memcpy(p + len - 4, text + len - 4, 4);
    } else if (len > 0) {
        p[0] = text[0];
        p[len / 2] = text[len / 2];
        p[len - 1] = text[len - 1];
    }
    return p + len;
}

#endif
