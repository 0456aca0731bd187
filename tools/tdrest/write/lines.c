/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Schemaless data as lines. What is in a line is the server's to judge; here only comments, blanks and times are told apart. */
#include "write/lines.h"

#include <stdlib.h>
#include <string.h>
#include <tdrest.h>

#include "input/source.h"

void cli_lines_clear(cli_lines *l)
{
    free(l->gaps);
    *l = (cli_lines){.count = 0};
}

/* The end of the line at p, behind its line feed. */
static const char *line_end(const char *p, const char *end)
{
    const char *lf = memchr(p, '\n', (size_t)(end - p));

    return lf == NULL ? end : lf + 1;
}

static int is_blank(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r' || *p == '\n'))
        p++;
    return p == end;
}

static int add_gap(cli_lines *l, int64_t kept, int64_t skipped)
{
    cli_gap *gaps;

    if (l->count > 0 && l->gaps[l->count - 1].kept == kept) {
        l->gaps[l->count - 1].skipped = skipped;
        return 1;
    }
    if (l->count == l->cap) {
        gaps = realloc(l->gaps, (2 * l->cap + 16) * sizeof *gaps);
        if (gaps == NULL)
            return 0;
        l->gaps = gaps;
        l->cap = 2 * l->cap + 16;
    }
    l->gaps[l->count++] = (cli_gap){kept, skipped};
    return 1;
}

int cli_lines_clean(cli_lines *l, char *data, size_t *len)
{
    const char *p = data, *end = data + *len, *next;
    char *to = data;
    int64_t kept = 0;

    l->count = 0;
    for (l->total = 0; p < end; p = next, l->total++) {
        next = line_end(p, end);
        while (cli_source_mark(p, (size_t)(next - p)) > 0)
            p += cli_source_mark(p, (size_t)(next - p));
        if (is_blank(p, next)) {
            if (!add_gap(l, kept, l->total + 1 - kept))
                return 0;
            continue;
        }
        memmove(to, p, (size_t)(next - p));
        to += next - p;
        kept++;
    }
    *len = (size_t)(to - data);
    return 1;
}

int64_t cli_lines_number(const cli_lines *l, int64_t index)
{
    size_t low = 0, high = l->count; /* the gaps in front of the line are those below low */

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (l->gaps[middle].kept <= index)
            low = middle + 1;
        else
            high = middle;
    }
    return index + (low == 0 ? 0 : l->gaps[low - 1].skipped);
}

int64_t cli_lines_count(const char *data, size_t len)
{
    const char *end = data + len;
    int64_t lines = 0;

    for (; data < end; lines++)
        data = line_end(data, end);
    return lines;
}

size_t cli_lines_offset(const char *data, size_t len, int64_t index)
{
    const char *p = data;

    while (index-- > 0)
        p = line_end(p, data + len);
    return (size_t)(p - data);
}

static int is_comment(int protocol, const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return protocol == TDREST_PROTOCOL_LINE && p < end && *p == '#';
}

int cli_lines_have_point(int protocol, const char *data, size_t len)
{
    const char *end = data + len, *next;

    for (; data < end; data = next) {
        next = line_end(data, end);
        if (!is_blank(data, next) && !is_comment(protocol, data, next))
            return 1;
    }
    return 0;
}

/* Behind the word at p. In InfluxDB lines a backslash escapes a blank, and quotes hold blanks in the fields. */
static const char *skip_word(const char *p, const char *end, int influx, int fields)
{
    int quoted = 0;

    for (; p < end && *p != '\n' && *p != '\r' && (quoted || (*p != ' ' && *p != '\t')); p++) {
        if (influx && *p == '\\' && p + 1 < end)
            p++;
        else if (fields && *p == '"')
            quoted = !quoted;
    }
    return p;
}

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t'))
        p++;
    return p;
}

/* A whole number other than 0, for which the server takes its own clock. */
static int is_time(const char *p, const char *end)
{
    int digits = 0, other = 0;

    p += p < end && *p == '-';
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        digits = 1;
        other |= *p != '0';
    }
    return digits && other && is_blank(p, end);
}

static int has_time(int protocol, const char *p, const char *end)
{
    int influx = protocol == TDREST_PROTOCOL_LINE;
    const char *word;

    p = skip_blanks(skip_word(skip_blanks(p, end), end, influx, 0), end);
    word = p;
    if (influx)
        return is_time(skip_blanks(skip_word(p, end, 1, 1), end), end);
    p = skip_word(p, end, 0, 0);
    if (!is_time(word, p)) { /* behind `put` */
        word = skip_blanks(p, end);
        p = skip_word(word, end, 0, 0);
    }
    return is_time(word, p);
}

int cli_lines_have_times(int protocol, const char *data, size_t len)
{
    const char *end = data + len, *next;

    for (; data < end; data = next) {
        next = line_end(data, end);
        if (!is_blank(data, next) && !is_comment(protocol, data, next) && !has_time(protocol, data, next))
            return 0;
    }
    return 1;
}
