/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which lines may be of one table. Errs towards one table: escapes are left out, and where a part is not certain to end, more lines have the same number. */
#include "lines/split.h"

#include "base/text.h"

#include <string.h>

enum { FNV_BITS = 31 };

/* The end of a word: a blank, and in InfluxDB lines a comma, that no backslash escapes. */
static const char *word_end(const char *p, const char *end, int influx)
{
    for (; p < end && *p != ' ' && (!influx || *p != ','); p++)
        if (influx && *p == '\\' && p + 1 < end)
            p++;
    return p;
}

/* Of a text without its backslashes. */
static uint64_t hash(const char *p, const char *end)
{
    uint64_t h = tdri_text_hash("", 0);

    for (; p < end; p++)
        if (*p != '\\')
            h = (h ^ (unsigned char)*p) * UINT64_C(1099511628211);
    return h ^ h >> FNV_BITS;
}

/* Of a tag named so: its value; NULL: it is another one. */
static const char *value_of(const char *tag, const char *end, const char *name)
{
    size_t len = name == NULL ? 0 : strlen(name);

    return len > 0 && (size_t)(end - tag) > len && memcmp(tag, name, len) == 0 && tag[len] == '=' ? tag + len + 1 : NULL;
}

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && *p == ' ')
        p++;
    return p;
}

/* Behind the words of a telnet line that are not its metric or tags: the time and the value. */
static const char *skip_words(const char *p, const char *end, int count)
{
    while (count-- > 0)
        p = word_end(skip_blanks(p, end), end, 0);
    return p;
}

uint64_t tdri_split_table_hash(int protocol, const char *line, size_t len, const char *table_name_key)
{
    int influx = protocol == TDREST_PROTOCOL_LINE;
    const char *end = line + len, *p = skip_blanks(line, end), *stop, *value;
    uint64_t sum;

    if (!influx && end - p >= 4 && memcmp(p, "put ", 4) == 0)
        p = skip_blanks(p + 4, end);
    stop = word_end(p, end, influx);
    sum = hash(p, stop);
    p = influx ? stop : skip_words(stop, end, 2);
    while (p < end && (influx ? *p == ',' : *p == ' ')) {
        p = influx ? p + 1 : skip_blanks(p, end);
        stop = word_end(p, end, influx);
        value = value_of(p, stop, table_name_key);
        if (value != NULL)
            return hash(value, stop);
        sum += p == stop ? 0 : hash(p, stop); /* in whatever order */
        p = stop;
    }
    return sum;
}
