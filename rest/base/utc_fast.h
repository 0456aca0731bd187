/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The one form of time that answers are full of, YYYY-MM-DDTHH:MM:SS.f{3,6,9}Z
 * with its closing quote, read eight bytes at a time. Everything else is
 * tdri_utc_parse's: this must never accept what that refuses, or read it
 * otherwise. Knows no protocol.
 */
#ifndef TDRI_UTC_FAST_H
#define TDRI_UTC_FAST_H

#include "base/bytes8.h"
#include "base/utc.h"

#include <string.h>

/* Bytes that must be readable from the text's first, whatever they are. */
enum { TDRI_UTC_FAST_ROOM = 40 };

/* The day read last: neighbours in a column mostly share it. All zero: none. */
typedef struct tdri_utc_cache {
    char text[11];  /* "YYYY-MM-DDT" */
    int64_t second; /* its midnight, since the epoch */
} tdri_utc_cache;

/* Fills the cache from "YYYY-MM-DDT" at text. 1; 0, with the cache untouched, when that is no day. */
int tdri_utc_fast_day(const char *text, tdri_utc_cache *cache);

/*
 * 1 when each byte of values is at most 15 less the byte of room: so the sum of both stays below 16. A byte above 15
 * shows in values itself, whatever it carries into its neighbour.
 */
static inline int tdri_utc_within(uint64_t values, uint64_t room)
{
    return ((values | (values + room)) & UINT64_C(0xf0f0f0f0f0f0f0f0)) == 0;
}

/*
 * ".f{3,6,9}Z" and a quote at text. The digits of the fraction, or 0. The constants are the text with zeros for digits, from its last byte
 * to its first: 2e is the point, 5a the Z, 22 the quote.
 */
static inline int tdri_utc_fast_fraction(const char *text, int32_t *nanosecond)
{
    uint64_t v = tdri_bytes8_load(text), last;

    if ((v >> 32 & 0xff) == 'Z') {
        v = (v & UINT64_C(0xffffffffffff)) ^ UINT64_C(0x225a3030302e);
        *nanosecond = (int32_t)(tdri_bytes8_number(v >> 8) * 10);
        return tdri_utc_within(v, UINT64_C(0x0f0f0606060f)) ? 3 : 0;
    }
    if (v >> 56 == 'Z') {
        v ^= UINT64_C(0x5a3030303030302e);
        *nanosecond = (int32_t)(tdri_bytes8_number(v >> 8) * 10);
        return tdri_utc_within(v, UINT64_C(0x0f0606060606060f)) && text[8] == '"' ? 6 : 0;
    }
    v ^= UINT64_C(0x303030303030302e);
    last = (tdri_bytes8_load(text + 8) & 0xffffffff) ^ 0x225a3030;
    *nanosecond = (int32_t)(tdri_bytes8_number(v >> 8 | last << 56) * 10 + (uint32_t)(last >> 8 & 0xff));
    return tdri_utc_within(v, UINT64_C(0x060606060606060f)) && tdri_utc_within(last, 0x0f0f0606) ? 9 : 0;
}

/*
 * Reads the form above from text, the byte behind the opening quote, with TDRI_UTC_FAST_ROOM readable bytes. The length, 24, 27 or 30, with the
 * closing quote at text[length]; 0 when it is anything else: out then means nothing.
 */
static inline size_t tdri_utc_fast(const char *text, tdri_utc_cache *cache, tdri_moment *out)
{
    /* "HH:MM:SS"; tens of hours at most 2, of minutes and seconds at most 5. */
    uint64_t v = tdri_bytes8_load(text + 11) ^ UINT64_C(0x30303a30303a3030);
    unsigned hour;
    int digits;

    /* The 'T' is asked for by itself, so that no text is that of an empty cache. */
    if (text[10] != 'T' || (memcmp(text, cache->text, sizeof cache->text) != 0 && !tdri_utc_fast_day(text, cache)))
        return 0;
    digits = tdri_utc_fast_fraction(text + 19, &out->nanosecond);
    if (digits == 0 || !tdri_utc_within(v, UINT64_C(0x060a0f060a0f060d)))
        return 0;
    v = v * 10 + (v >> 8);
    hour = (unsigned)(v & 0xff);
    if (hour > 23)
        return 0;
    out->second = cache->second + (int64_t)(hour * 3600 + (unsigned)(v >> 24 & 0xff) * 60 + (unsigned)(v >> 48 & 0xff));
    out->zone_min = 0;
    out->digits = (int16_t)digits;
    return (size_t)(21 + digits);
}

#endif
