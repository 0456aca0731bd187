/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Geometry: well-known text checked for what the server refuses or drops, and well-known binary, which answers have and
 * the server does not take, written as text. Knows no SQL.
 */
#include "sql/literal.h"

#include "base/number.h"
#include "base/text.h"

#include <float.h>
#include <string.h>

/* As in well-known binary. */
enum shape { POINT = 1, LINE, POLYGON, MULTI_POINT, MULTI_LINE, MULTI_POLYGON };

static const char *const words[] = {NULL, "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON"};

enum {
    HEAD = 5,        /* bytes of WKB: order, shape */
    COUNT = 4,
    PAIR = 16,       /* two coordinates */
    LINE_LEAST = 2,
    RING_LEAST = 4
};

static const char no_wkt[] = "well-known text of coordinate pairs: POINT(x y), LINESTRING, POLYGON, or the MULTI form of one";

/* ---- text ---- */

typedef struct reading {
    const char *p;
    const char *end;
    size_t size; /* as WKB, so far */
    const char *expected;
} reading;

static int fail(reading *r, const char *expected)
{
    if (r->expected == NULL)
        r->expected = expected;
    return 0;
}

static void skip_space(reading *r)
{
    while (r->p < r->end && (*r->p == ' ' || (*r->p >= '\t' && *r->p <= '\r')))
        r->p++;
}

static int accept(reading *r, char c)
{
    skip_space(r);
    if (r->p == r->end || *r->p != c)
        return 0;
    r->p++;
    return 1;
}

static int must(reading *r, char c)
{
    return accept(r, c) || fail(r, no_wkt);
}

static int take_number(reading *r, double *out)
{
    const char *behind;

    skip_space(r);
    behind = tdri_double_parse(r->p, r->end, out);
    if (behind == NULL || *out > DBL_MAX || *out < -DBL_MAX)
        return fail(r, no_wkt);
    r->p = behind;
    return 1;
}

static int take_pair(reading *r, double pair[2])
{
    if (!take_number(r, &pair[0]) || !take_number(r, &pair[1]))
        return 0;
    skip_space(r);
    if (r->p < r->end && *r->p != ',' && *r->p != ')')
        return fail(r, "pairs of coordinates: the server drops a third one");
    r->size += PAIR;
    return 1;
}

/* "(x y, x y, ...)" */
static int take_line(reading *r, size_t least, int closed)
{
    double first[2], last[2];
    size_t count = 1;

    r->size += COUNT;
    if (!must(r, '(') || !take_pair(r, first))
        return 0;
    memcpy(last, first, sizeof last);
    for (; accept(r, ','); count++)
        if (!take_pair(r, last))
            return 0;
    if (!must(r, ')'))
        return 0;
    if (count < least)
        return fail(r, closed ? "rings of at least four points" : "lines of at least two points");
    if (closed && !(first[0] <= last[0] && first[0] >= last[0] && first[1] <= last[1] && first[1] >= last[1]))
        return fail(r, "rings whose last point is the first one");
    return 1;
}

/* "((ring), (ring), ...)" */
static int take_polygon(reading *r)
{
    r->size += COUNT;
    if (!must(r, '('))
        return 0;
    do {
        if (!take_line(r, RING_LEAST, 1))
            return 0;
    } while (accept(r, ','));
    return must(r, ')');
}

/* A point of a MULTIPOINT may stand in brackets of its own. */
static int take_point(reading *r, int in_brackets)
{
    double pair[2];
    int opened = accept(r, '(');

    if (in_brackets && !opened)
        return fail(r, no_wkt);
    return take_pair(r, pair) && (!opened || must(r, ')'));
}

static int take_one(reading *r, enum shape shape, int within)
{
    r->size += HEAD;
    switch (shape) {
    case POINT: return take_point(r, !within);
    case LINE: return take_line(r, LINE_LEAST, 0);
    default: return take_polygon(r);
    }
}

static int take_many(reading *r, enum shape one)
{
    r->size += HEAD + COUNT;
    if (!must(r, '('))
        return 0;
    do {
        if (!take_one(r, one, 1))
            return 0;
    } while (accept(r, ','));
    return must(r, ')');
}

/* The shape that the text begins with; 0 for another word. */
static int take_shape(reading *r)
{
    const char *from;

    skip_space(r);
    from = r->p;
    while (r->p < r->end && tdri_is_alpha((unsigned char)*r->p))
        r->p++;
    for (int shape = POINT; shape <= MULTI_POLYGON; shape++)
        if (tdri_text_is(from, (size_t)(r->p - from), words[shape]))
            return shape;
    return 0;
}

const char *tdri_wkt_check(const char *text, size_t len, size_t *size)
{
    reading r = {text, text + len, 0, NULL};
    int shape = take_shape(&r), good;

    if (shape == 0)
        return no_wkt;
    good = shape < MULTI_POINT ? take_one(&r, (enum shape)shape, 0) : take_many(&r, (enum shape)(shape - MULTI_POINT + POINT));
    if (!good)
        return r.expected;
    skip_space(&r);
    *size = r.size;
    return r.p == r.end ? NULL : no_wkt;
}

/* ---- binary ---- */

static const char no_wkb[] = "well-known binary of points, lines or polygons, or of several of one kind";

typedef struct binary {
    const unsigned char *p;
    size_t left;
    int big; /* the highest byte first */
    tdri_buf *out;
} binary;

static uint64_t get(binary *b, size_t bytes)
{
    uint64_t value = 0;

    for (size_t i = 0; i < bytes; i++)
        value |= (uint64_t)b->p[i] << 8 * (b->big ? bytes - 1 - i : i);
    b->p += bytes;
    b->left -= bytes;
    return value;
}

/* A count of parts that take at least so many bytes each; 0 when they are not there. */
static size_t get_count(binary *b, size_t least)
{
    size_t count = b->left < COUNT ? 0 : (size_t)get(b, COUNT);

    return count <= b->left / least ? count : 0;
}

static const char *add_pair(binary *b)
{
    char text[TDRI_NUMBER_TEXT];
    uint64_t bits;
    double value;

    if (b->left < PAIR)
        return no_wkb;
    for (int i = 0; i < 2; i++) {
        bits = get(b, PAIR / 2);
        memcpy(&value, &bits, sizeof value);
        if (!(value <= DBL_MAX && value >= -DBL_MAX))
            return "finite coordinates: EMPTY has none";
        tdri_buf_add(b->out, text, tdri_double_format(value, text));
        if (i == 0)
            tdri_buf_add_char(b->out, ' ');
    }
    return NULL;
}

static const char *add_points(binary *b, size_t count)
{
    const char *expected = count == 0 ? no_wkb : NULL;

    tdri_buf_add_char(b->out, '(');
    for (size_t i = 0; expected == NULL && i < count; i++) {
        if (i != 0)
            tdri_buf_add_char(b->out, ',');
        expected = add_pair(b);
    }
    tdri_buf_add_char(b->out, ')');
    return expected;
}

static const char *add_rings(binary *b)
{
    size_t count = get_count(b, COUNT);
    const char *expected = count == 0 ? no_wkb : NULL;

    tdri_buf_add_char(b->out, '(');
    for (size_t i = 0; expected == NULL && i < count; i++) {
        if (i != 0)
            tdri_buf_add_char(b->out, ',');
        expected = add_points(b, get_count(b, PAIR));
    }
    tdri_buf_add_char(b->out, ')');
    return expected;
}

/* Order and shape; 0 when they are not there. */
static int get_shape(binary *b)
{
    uint64_t shape;

    if (b->left < HEAD || *b->p > 1)
        return 0;
    b->big = *b->p == 0;
    b->p++;
    b->left--;
    shape = get(b, 4);
    return shape <= MULTI_POLYGON ? (int)shape : 0;
}

static const char *add_one(binary *b, int shape)
{
    switch (shape) {
    case POINT: return add_points(b, 1);
    case LINE: return add_points(b, get_count(b, PAIR));
    default: return add_rings(b);
    }
}

static const char *add_many(binary *b, int one)
{
    size_t count = get_count(b, HEAD);
    const char *expected = count == 0 ? no_wkb : NULL;

    tdri_buf_add_char(b->out, '(');
    for (size_t i = 0; expected == NULL && i < count; i++) {
        if (i != 0)
            tdri_buf_add_char(b->out, ',');
        expected = get_shape(b) == one ? add_one(b, one) : no_wkb;
    }
    tdri_buf_add_char(b->out, ')');
    return expected;
}

const char *tdri_wkb_add(tdri_buf *out, const void *bytes, size_t len)
{
    binary b = {(const unsigned char *)bytes, len, 0, out};
    size_t start = out->len;
    int shape = get_shape(&b);
    const char *expected;

    if (shape == 0)
        return no_wkb;
    tdri_buf_add_text(out, words[shape]);
    expected = shape < MULTI_POINT ? add_one(&b, shape) : add_many(&b, shape - MULTI_POINT + POINT);
    if (expected == NULL && b.left != 0)
        expected = no_wkb;
    if (expected != NULL)
        tdri_buf_cut(out, start);
    return expected;
}
