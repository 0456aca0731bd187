/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which lines and points may be of one table. Errs towards one table: escapes are left out, and where a part is not certain to end, more lines have the same number. */
#include "lines/split.h"

#include "base/json.h"
#include "base/number.h"
#include "base/text.h"

#include <string.h>

/* Of a text in JSON, so many bytes count. */
enum { FNV_BITS = 31, TEXT_MAX = 256 };

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

/* ---- points of JSON ---- */

static uint64_t hash_text(const char *p, const char *end)
{
    char text[TEXT_MAX];
    size_t len = 0;

    return tdri_json_string(p, end, text, sizeof text, &len) == NULL || len > sizeof text ? 0 : tdri_text_hash(text, len);
}

/* The name as tdri_json_member gives it, with what its escapes stand for; in `room` where it has any. */
static const char *plain_name(const char *name, size_t *len, const char *end, char room[TEXT_MAX])
{
    size_t decoded = 0;

    if (memchr(name, '\\', *len) == NULL)
        return name;
    if (tdri_json_string(name - 1, end, room, TEXT_MAX, &decoded) == NULL || decoded > TEXT_MAX)
        decoded = 0;
    *len = decoded;
    return room;
}

/* The member of an object with that name, in whatever capitals; NULL: there is none. p is behind the brace. */
static const char *find_member(const char *p, const char *end, const char *name)
{
    char room[TEXT_MAX];
    const char *at;
    size_t len;

    while (p != NULL && (p = tdri_json_member(p, end, &at, &len)) != NULL) {
        at = plain_name(at, &len, end, room);
        if (tdri_text_is(at, len, name))
            return p;
        p = tdri_json_byte(tdri_json_skip(p, end), end, ',');
    }
    return NULL;
}

/* The server takes every number for a double. */
static uint64_t hash_value(const char *p, const char *end)
{
    double number = 0;

    if (*p == '{')
        p = find_member(p + 1, end, "value");
    if (p == NULL || *p == '{' || *p == '[')
        return 0;
    if (*p == '"')
        return hash_text(p, end);
    if (*p != 't' && *p != 'f' && *p != 'n' && tdri_double_parse(p, end, &number) != NULL) {
        number += 0.0; /* -0 is 0 */
        return tdri_text_hash((const char *)&number, sizeof number);
    }
    return tdri_text_hash(p, 1);
}

static uint64_t hash_tags(const char *p, const char *end, const char *table_name_key, uint64_t sum)
{
    char room[TEXT_MAX];
    const char *name;
    size_t len;

    while (p != NULL && (p = tdri_json_member(p, end, &name, &len)) != NULL) {
        uint64_t value = hash_value(p, end), tag = hash_text(name - 1, end);

        name = plain_name(name, &len, end, room);
        if (table_name_key != NULL && tdri_json_is(name, len, table_name_key))
            return value;
        sum += (tag ^ value) * UINT64_C(1099511628211); /* in whatever order */
        p = tdri_json_byte(tdri_json_skip(p, end), end, ',');
    }
    return sum;
}

static uint64_t hash_point(const char *p, const char *end, const char *table_name_key)
{
    const char *metric = find_member(p + 1, end, "metric"), *tags = find_member(p + 1, end, "tags");
    uint64_t sum = metric == NULL ? 0 : hash_text(metric, end);

    return tags == NULL || *tags != '{' ? sum : hash_tags(tags + 1, end, table_name_key, sum);
}

/* ---- the interface ---- */

uint64_t tdri_split_table_hash(int protocol, const char *line, size_t len, const char *table_name_key)
{
    int influx = protocol == TDREST_PROTOCOL_LINE;
    const char *end = line + len, *p = skip_blanks(line, end), *stop, *value;
    uint64_t sum;

    if (protocol == TDREST_PROTOCOL_JSON)
        return hash_point(line, end, table_name_key);
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
