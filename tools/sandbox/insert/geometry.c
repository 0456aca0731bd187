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

/* 1, -1.5, .5, 1e5; behind the text is a NUL, or what no number goes on with. */
static int number(scan *s, double *out)
{
    const char *first = s->p + (s->p < s->end && (*s->p == '-' || *s->p == '+'));
    char *end;

    if (first >= s->end || strchr(".0123456789", *first) == NULL || (first[0] == '0' && (first[1] == 'x' || first[1] == 'X')))
        return 0;
    *out = strtod(s->p, &end);
    if (end == s->p)
        return 0;
    s->p = end;
    return 1;
}

static void put_u32(scan *s, uint32_t value)
{
    for (int i = 0; i < 4; i++)
        sbx_buf_char(&s->out, (char)(value >> 8 * i));
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

/* Items in brackets, behind their number. */
static int list(scan *s, int (*item)(scan *s, int kind), int kind, uint32_t *count)
{
    size_t place = s->out.len;

    put_u32(s, 0);
    *count = 0;
    if (!symbol(s, '('))
        return 0;
    do {
        if (!item(s, kind))
            return 0;
        ++*count;
    } while (symbol(s, ','));
    for (int i = 0; i < 4; i++)
        s->out.p[place + (size_t)i] = (char)(*count >> 8 * i);
    return symbol(s, ')');
}

/* Two to four coordinates, of which two are kept. */
static int point(scan *s, int kind)
{
    double value;
    int count;

    (void)kind;
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

static int line(scan *s)
{
    uint32_t count;

    if (!list(s, point, POINT, &count))
        return 0;
    return count != 1 || fail(s, "IllegalArgumentException: point array must contain 0 or >1 elements\n");
}

/* It must close. */
static int ring(scan *s, int kind)
{
    size_t begin = s->out.len + 4;
    uint32_t count;

    (void)kind;
    if (!list(s, point, POINT, &count))
        return 0;
    if (memcmp(s->out.p + begin, s->out.p + s->out.len - 16, 16) != 0)
        return fail(s, "IllegalArgumentException: Points of LinearRing do not form a closed linestring");
    if (count < 4)
        return fail(s, sbx_format(s->arena, "IllegalArgumentException: Invalid number of points in LinearRing found %u - must be 0 or >= 4",
                                  (unsigned)count).p);
    return 1;
}

static int simple(scan *s, int kind)
{
    uint32_t count;

    if (kind == POINT)
        return symbol(s, '(') && point(s, kind) && symbol(s, ')');
    return kind == LINE ? line(s) : list(s, ring, kind, &count);
}

/* The brackets around each point may be left out. */
static int part(scan *s, int kind)
{
    put_head(s, kind);
    blanks(s);
    if (kind == POINT && s->p < s->end && *s->p != '(')
        return point(s, kind);
    return simple(s, kind);
}

static int geometry(scan *s)
{
    int multi, kind, matches;
    uint32_t count;

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
    matches = multi ? list(s, part, kind, &count) : simple(s, kind);
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
