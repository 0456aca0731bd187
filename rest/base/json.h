/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * JSON text at the level of bytes: structure, escapes, strings, skipping a
 * value. Knows nothing of answers and columns.
 */
#ifndef TDRI_JSON_H
#define TDRI_JSON_H

#include "base/bytes8.h"

#include <stddef.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Where in a JSON text a byte stands; all zero before the first byte. */
typedef struct tdri_track {
    uint32_t depth;     /* open objects and arrays */
    uint8_t in_string;
    uint8_t escaped;    /* the next byte of the string follows a backslash */
} tdri_track;

/* Takes one more byte. Only the structure is followed: `{]` passes, tdri_json_skip is what refuses it. */
static inline void tdri_track_byte(tdri_track *track, char c)
{
    if (track->in_string) {
        if (track->escaped)
            track->escaped = 0;
        else if (c == '\\')
            track->escaped = 1;
        else if (c == '"')
            track->in_string = 0;
    } else if (c == '"') {
        track->in_string = 1;
    } else if (c == '{' || c == '[') {
        track->depth++;
    } else if ((c == '}' || c == ']') && track->depth > 0) {
        track->depth--;
    }
}

static inline int tdri_json_is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* What the letter of a two-byte escape stands for; 0 for other letters. */
extern const char tdri_escaped[256];

/* The bytes an escape takes at most: a surrogate pair; and what it becomes at most. */
enum { TDRI_ESCAPE_MAX = 12, TDRI_ESCAPE_OUT = 4 };

/*
 * Decodes the escape whose backslash is text[0]. Answers the bytes it takes and fills out with *out_len bytes of UTF-8;
 * 0 when `len` bytes do not hold all of it; SIZE_MAX when it is none: unknown letter, bad hex, half a surrogate pair.
 */
size_t tdri_escape_decode(const char *text, size_t len, char *out, size_t *out_len);

/* Eight times the byte c. */
#define TDRI_EIGHT(c) (0x0101010101010101u * (uint64_t)(c))

/* Marks, among eight bytes with the first one lowest, the first that ends a run of plain bytes: `"`, `\`, a control byte. A borrow can only add marks above it. */
static inline uint64_t tdri_run_ends(uint64_t x)
{
    uint64_t quote = x ^ TDRI_EIGHT('"'), slash = x ^ TDRI_EIGHT('\\');

    return (((x - TDRI_EIGHT(0x20)) & ~x) | ((quote - TDRI_EIGHT(1)) & ~quote) | ((slash - TDRI_EIGHT(1)) & ~slash)) & TDRI_EIGHT(0x80);
}

#if defined(__SSE2__)
/* The same for 32 bytes at p, which are copied to `to`: bit i of the answer for byte i. */
static inline uint32_t tdri_run_ends_32(const char *p, char *to)
{
    const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\'), control = _mm_set1_epi8(0x1f);
    uint32_t ends = 0;

    for (int half = 0; half < 2; half++) {
        __m128i x = _mm_loadu_si128((const __m128i *)(const void *)(p + 16 * half));
        __m128i special = _mm_or_si128(_mm_cmpeq_epi8(x, quote), _mm_cmpeq_epi8(x, slash));

        special = _mm_or_si128(special, _mm_cmpeq_epi8(_mm_min_epu8(x, control), x));
        _mm_storeu_si128((__m128i *)(void *)(to + 16 * half), x);
        ends |= (uint32_t)_mm_movemask_epi8(special) << (16 * half);
    }
    return ends;
}
#endif

/*
 * The byte at or behind p that ends a run of plain bytes of a string; end when there is none.
 * The run is copied to `to`, in large steps: up to 31 bytes more than the run may be written there.
 */
static inline const char *tdri_plain_copy(const char *p, const char *end, char *to)
{
#if defined(__SSE2__)
    for (; end - p >= 32; p += 32, to += 32) {
        uint32_t ends = tdri_run_ends_32(p, to);

        if (ends != 0)
            return p + tdri_trailing_zeros(ends);
    }
#endif
    for (; end - p >= 8; p += 8, to += 8) {
        uint64_t ends = tdri_run_ends(tdri_bytes8_load(p));

        memcpy(to, p, 8);
        if (ends != 0)
            return p + tdri_trailing_zeros(ends) / 8;
    }
    for (; p < end && *p != '"' && *p != '\\' && (unsigned char)*p >= 0x20; p++)
        *to++ = *p;
    return p;
}

/* These read from [p, end) and answer the byte behind what they read, or NULL when it is broken or cut. */

const char *tdri_json_space(const char *p, const char *end);
/* A string, p at its quote. out gets as many of the decoded bytes as fit, whole characters only; *len is the length of all. */
const char *tdri_json_string(const char *p, const char *end, char *out, size_t cap, size_t *len);
/* One certain byte, white space before it included; p may be NULL already. */
const char *tdri_json_byte(const char *p, const char *end, char byte);
/* A member's name and colon, p behind `{` or `,`: the name as written, without quotes. Moves to the value. */
const char *tdri_json_member(const char *p, const char *end, const char **name, size_t *len);
/* 1 when that is the member's name. */
int tdri_json_is(const char *name, size_t len, const char *word);
/* How deep objects and arrays of a value may be nested. */
enum { TDRI_JSON_DEPTH_MAX = 64 };
/* Any one value, white space before it included. */
const char *tdri_json_skip(const char *p, const char *end);

#endif
