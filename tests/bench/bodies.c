/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Answers to measure with, written as the adapter writes them. Knows nothing of the library. */
#include "bench/bodies.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct writer {
    tdrt_body *body;
    size_t cap;
    uint64_t seed;
} writer;

/* xorshift64*: good enough to vary values, the same everywhere. */
static uint64_t draw(writer *w, uint64_t below)
{
    w->seed ^= w->seed >> 12;
    w->seed ^= w->seed << 25;
    w->seed ^= w->seed >> 27;
    return w->seed * 0x2545f4914f6cdd1du % below;
}

static void put(writer *w, const char *format, ...)
{
    va_list args;
    int len;

    if (w->body->bytes == NULL)
        return;
    if (w->cap - w->body->len < 4096) {
        char *more = realloc(w->body->bytes, w->cap * 2);

        if (more == NULL)
            free(w->body->bytes);
        w->body->bytes = more;
        w->cap *= 2;
        if (more == NULL)
            return;
    }
    va_start(args, format);
    len = vsnprintf(w->body->bytes + w->body->len, 4096, format, args);
    va_end(args);
    w->body->len += (size_t)len;
}

static writer begin(tdrt_body *out, const char *name)
{
    writer w = {out, 1 << 20, 20240229};

    memset(out, 0, sizeof *out);
    out->name = name;
    out->bytes = malloc(w.cap);
    put(&w, "{\"code\":0,\"column_meta\":[[\"ts\",\"TIMESTAMP\",8]");
    return w;
}

/* The start of a row: one every ten milliseconds. */
static void row(writer *w)
{
    int64_t ms = w->body->rows * 10, s = ms / 1000;

    put(w, "%s[\"2024-%02d-%02dT%02d:%02d:%02d.%03dZ\"", w->body->rows == 0 ? "" : ",", (int)(s / 2419200 % 12) + 1,
        (int)(s / 86400 % 28) + 1, (int)(s / 3600 % 24), (int)(s / 60 % 60), (int)(s % 60), (int)(ms % 1000));
    w->body->rows++;
}

static int finish(writer *w)
{
    put(w, "],\"rows\":%" PRId64 "}", w->body->rows);
    return w->body->bytes != NULL;
}

static writer begin_narrow(tdrt_body *out)
{
    writer w = begin(out, "narrow");

    put(&w, ",[\"current\",\"FLOAT\",4],[\"voltage\",\"INT\",4],[\"phase\",\"FLOAT\",4],[\"groupid\",\"INT\",4],"
        "[\"location\",\"VARCHAR\",24]],\"data\":[");
    return w;
}

/* What rows of meters look like: fraction digits of the two floats, and where they stand. */
typedef struct meters {
    int current_digits, phase_digits;
    const char *places[4];
} meters;

/* Digits behind the point, the first of them not 0. */
static void fraction(writer *w, int digits)
{
    uint64_t least = 1;

    while (--digits > 0)
        least *= 10;
    put(w, ".%d", (int)(draw(w, 9 * least) + least));
}

static void narrow_row(writer *w, const meters *m)
{
    row(w);
    put(w, ",%d", (int)draw(w, 15));
    fraction(w, m->current_digits);
    put(w, ",%d,0", (int)draw(w, 40) + 200);
    fraction(w, m->phase_digits);
    put(w, ",%d,\"%s\"]", (int)draw(w, 24) + 1, m->places[draw(w, 4)]);
}

int tdrt_body_narrow(tdrt_body *out, size_t at_least)
{
    static const meters m = {2, 3, {"California.SanFrancisco", "California.LosAngles", "California.Cupertino", "Nevada"}};
    writer w = begin_narrow(out);

    while (out->bytes != NULL && out->len < at_least)
        narrow_row(&w, &m);
    return finish(&w);
}

int tdrt_body_narrow_rows(tdrt_body *out, int64_t rows)
{
    static const meters m = {6, 6, {"California.SanFrancisco", "California.LosAngles", "California.Cupertino", "California.SanJose"}};
    writer w = begin_narrow(out);

    while (out->bytes != NULL && out->rows < rows)
        narrow_row(&w, &m);
    return finish(&w);
}

/* One numeric cell of a type, told by the column. */
static void number(writer *w, int column)
{
    double v = (double)draw(w, (uint64_t)1 << 53) / 4503599627370496.0;

    switch (column % 5) {
    case 0: put(w, ",%d", (int)draw(w, 2000001) - 1000000); break;
    case 1: put(w, ",%" PRId64, (int64_t)draw(w, (uint64_t)1 << 62) - ((int64_t)1 << 61)); break;
    case 2: put(w, ",%.7g", v * 100 + 1); break;
    case 3: put(w, ",%.16g", v * 1000 + 1); break;
    default: put(w, ",%d", (int)draw(w, 65536)); break;
    }
}

int tdrt_body_wide(tdrt_body *out, size_t at_least)
{
    static const char *const types[] = {"INT\",4", "BIGINT\",8", "FLOAT\",4", "DOUBLE\",8", "SMALLINT UNSIGNED\",2"};
    writer w = begin(out, "wide");

    for (int i = 0; i < 99; i++)
        put(&w, ",[\"c%d\",\"%s]", i, types[i % 5]);
    put(&w, "],\"data\":[");
    while (out->bytes != NULL && out->len < at_least) {
        row(&w);
        for (int i = 0; i < 99; i++)
            number(&w, i);
        put(&w, "]");
    }
    return finish(&w);
}

int tdrt_body_text(tdrt_body *out, size_t at_least)
{
    static const char *const words[] = {
        "The pump in hall seven reports ", "\xe6\xb8\xa9\xe5\xba\xa6\xe8\xbf\x87\xe9\xab\x98\xef\xbc\x8c\xe8\xaf\xb7\xe6\xa3\x80\xe6\x9f\xa5\xe9\x98\x80\xe9\x97\xa8 ",
        "a pressure beyond the limit of the valve", "\\n\\tat step \\\"boil\\\" ", "C:\\\\plant\\\\log ",
        "\xe7\xac\xac\xe4\xb8\x83\xe5\x8f\xb7\xe6\xb3\xb5 ", "all values were within their bounds again after the restart ", "\\u001b[0m ",
    };
    writer w = begin(out, "text");

    put(&w, ",[\"message\",\"VARCHAR\",2000],[\"note\",\"NCHAR\",500]],\"data\":[");
    while (out->bytes != NULL && out->len < at_least) {
        row(&w);
        for (int cell = 0; cell < 2; cell++) {
            put(&w, ",\"");
            for (uint64_t i = 4 + draw(&w, 20); i > 0; i--)
                put(&w, "%s", words[draw(&w, 8)]);
            put(&w, "\"");
        }
        put(&w, "]");
    }
    return finish(&w);
}
