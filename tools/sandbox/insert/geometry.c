/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Well-known text to little-endian well-known binary, as far as the server takes it: its own pattern first (what does not match it has one
 * reason for all), then the rules of lines and rings. Knows nothing of columns.
 */
#include "literal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char no_match[] = "Invalid function para value";

enum { POINT = 1, LINE = 2, POLYGON = 3, MULTI = 3 /* MULTIPOINT is POINT + MULTI */ };

typedef struct scan {
    sbx_arena *arena;
    const char *p;
    const char *end;
    sbx_buf out;
    const char *reason; /* NULL: it matches, so far; kept to the end, for what does not match comes first */
} scan;

static int fail(scan *s, const char *reason)
{
    if (s->reason == NULL)
        s->reason = reason;
    return 1;
}

static void blanks(scan *s)
{
    while (s->p < s->end && *s->p == ' ')
        s->p++;
}

static int symbol(scan *s, char c)
{
    blanks(s);
    if (s->p == s->end || *s->p != c)
        return 0;
    s->p++;
    blanks(s);
    return 1;
}

static int word(scan *s, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(s->end - s->p) < len || strncasecmp(s->p, text, len) != 0)
        return 0;
    s->p += len;
    return 1;
}

static size_t digits(scan *s)
{
    const char *begin = s->p;

    while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
        s->p++;
    return (size_t)(s->p - begin);
}

static void sign(scan *s)
{
    if (s->p < s->end && (*s->p == '-' || *s->p == '+'))
        s->p++;
}

/* 1, -1.5, .5, 1e5 */
static int number(scan *s, double *out)
{
    const char *begin = s->p;
    size_t count;

    sign(s);
    count = digits(s);
    if (s->p < s->end && *s->p == '.') {
        s->p++;
        count += digits(s);
    }
    if (count == 0)
        return 0;
    if (s->p < s->end && (*s->p == 'e' || *s->p == 'E')) {
        s->p++;
        sign(s);
        if (digits(s) == 0)
            return 0;
    }
    *out = strtod(sbx_copy(s->arena, begin, (size_t)(s->p - begin)).p, NULL);
    return 1;
}

static void u32_bytes(uint32_t value, unsigned char bytes[4])
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(value >> 8 * i);
}

static void put_u32(scan *s, uint32_t value)
{
    unsigned char bytes[4];

    u32_bytes(value, bytes);
    sbx_buf_put(&s->out, bytes, sizeof bytes);
}

static void put_double(scan *s, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    put_u32(s, (uint32_t)bits);
    put_u32(s, (uint32_t)(bits >> 32));
}

static void put_head(scan *s, int kind)
{
    sbx_buf_char(&s->out, 1); /* little-endian */
    put_u32(s, (uint32_t)kind);
}

/* Room for a count that is known later. */
static size_t put_count(scan *s)
{
    put_u32(s, 0);
    return s->out.len - 4;
}

static void set_count(scan *s, size_t place, uint32_t count)
{
    unsigned char bytes[4];

    u32_bytes(count, bytes);
    memcpy(s->out.p + place, bytes, sizeof bytes);
}

/* Two to four coordinates, of which two are kept. */
static int point(scan *s)
{
    double value;
    int count;

    for (count = 0; count < 4; count++) {
        const char *before = s->p;

        blanks(s);
        if (count > 0 && s->p == before)
            break;
        if (!number(s, &value)) {
            s->p = before;
            break;
        }
        if (count < 2)
            put_double(s, value);
    }
    return count >= 2;
}

/* Points in brackets; ring: it must close. */
static int points(scan *s, int ring)
{
    size_t place = put_count(s), begin = s->out.len;
    uint32_t count = 0;

    if (!symbol(s, '('))
        return 0;
    do {
        if (!point(s))
            return 0;
        count++;
    } while (symbol(s, ','));
    if (!symbol(s, ')'))
        return 0;
    set_count(s, place, count);
    if (!ring && count == 1)
        return fail(s, "IllegalArgumentException: point array must contain 0 or >1 elements\n");
    if (ring && memcmp(s->out.p + begin, s->out.p + s->out.len - 16, 16) != 0)
        return fail(s, "IllegalArgumentException: Points of LinearRing do not form a closed linestring");
    if (ring && count < 4)
        return fail(s, sbx_format(s->arena, "IllegalArgumentException: Invalid number of points in LinearRing found %u - must be 0 or >= 4",
                                  (unsigned)count).p);
    return 1;
}

static int one_point(scan *s)
{
    return symbol(s, '(') && point(s) && symbol(s, ')');
}

static int rings(scan *s)
{
    size_t place = put_count(s);
    uint32_t count = 0;

    if (!symbol(s, '('))
        return 0;
    do {
        if (!points(s, 1))
            return 0;
        count++;
    } while (symbol(s, ','));
    set_count(s, place, count);
    return symbol(s, ')');
}

static int simple(scan *s, int kind)
{
    return kind == POINT ? one_point(s) : kind == LINE ? points(s, 0) : rings(s);
}

/* The brackets around each point may be left out. */
static int part(scan *s, int kind)
{
    put_head(s, kind);
    blanks(s);
    if (kind == POINT && s->p < s->end && *s->p != '(')
        return point(s);
    return simple(s, kind);
}

static int parts(scan *s, int kind)
{
    size_t place = put_count(s);
    uint32_t count = 0;

    if (!symbol(s, '('))
        return 0;
    do {
        if (!part(s, kind))
            return 0;
        count++;
    } while (symbol(s, ','));
    set_count(s, place, count);
    return symbol(s, ')');
}

/* A point of no place has NaN for one; everything else has a count of 0. */
static int empty(scan *s, int kind)
{
    static const unsigned char nan_bytes[8] = {0, 0, 0, 0, 0, 0, 0xf8, 0x7f};

    if (kind != POINT) {
        put_u32(s, 0);
        return 1;
    }
    sbx_buf_put(&s->out, nan_bytes, sizeof nan_bytes);
    sbx_buf_put(&s->out, nan_bytes, sizeof nan_bytes);
    return 1;
}

static int geometry(scan *s)
{
    int multi, kind, matches;

    blanks(s);
    multi = word(s, "multi") ? MULTI : 0;
    kind = word(s, "point") ? POINT : word(s, "linestring") ? LINE : word(s, "polygon") ? POLYGON : 0;
    if (kind == 0)
        return 0;
    blanks(s);
    word(s, "z"); /* what more than two coordinates are is not asked */
    word(s, "m");
    blanks(s);
    put_head(s, kind + multi);
    if (word(s, "empty"))
        matches = empty(s, kind + multi);
    else
        matches = multi ? parts(s, kind) : simple(s, kind);
    blanks(s);
    return matches && s->p == s->end;
}

int sbx_geometry(sbx_arena *arena, sbx_text wkt, sbx_text *wkb, const char **reason)
{
    scan s = {arena, wkt.p, wkt.p + wkt.len, {0}, NULL};

    *wkb = (sbx_text){"", 0};
    if (!geometry(&s))
        s.reason = no_match;
    if (s.reason == NULL)
        *wkb = sbx_copy(arena, s.out.p, s.out.len);
    else
        *reason = s.reason;
    sbx_buf_clear(&s.out);
    return s.reason == NULL;
}
