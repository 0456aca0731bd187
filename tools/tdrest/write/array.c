/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Points of a JSON array. Its text is known to be right, so only strings, brackets and commas are looked at. */
#include "write/array.h"

#include <string.h>
#include <strings.h>

/* Behind the string at p. */
static const char *skip_string(const char *p, const char *end)
{
    for (p++; p < end && *p != '"'; p++)
        p += *p == '\\' && p + 1 < end;
    return p < end ? p + 1 : end;
}

/* Behind any of these. */
static const char *skip_any(const char *p, const char *end, const char *bytes)
{
    while (p < end && memchr(bytes, *p, strlen(bytes)) != NULL)
        p++;
    return p;
}

static const char *skip_value(const char *p, const char *end)
{
    int depth = 0;

    while (p < end && (depth > 0 || memchr(",]} \t\r\n", *p, 7) == NULL)) {
        depth += (*p == '{' || *p == '[') - (*p == '}' || *p == ']');
        p = *p == '"' ? skip_string(p, end) : p + 1;
        if (depth == 0 && (p[-1] == '}' || p[-1] == ']'))
            break;
    }
    return p;
}

/* Brackets of parts that were sent by themselves may stand between points. */
static const char *next_point(const char *p, const char *end)
{
    return skip_any(p, end, "[], \t\r\n");
}

size_t cli_array_offset(const char *data, size_t len, int64_t index)
{
    const char *end = data + len, *p = next_point(data, end);

    while (index-- > 0 && p < end && *p == '{')
        p = next_point(skip_value(p, end), end);
    return (size_t)(p - data);
}

int64_t cli_array_count(const char *data, size_t len)
{
    const char *end = data + len, *p = next_point(data, end);
    int64_t count = 0;

    for (; p < end && *p == '{'; count++)
        p = next_point(skip_value(p, end), end);
    return count;
}

size_t cli_array_end(const char *data, size_t len)
{
    while (len > 0 && data[len - 1] != '}')
        len--;
    return len;
}

static int is_time(const char *p, const char *end, int nested);

/* Are all members of the object at p that have this name, in whatever capitals, times, and is there one? */
static int has_time(const char *p, const char *end, const char *name, int nested)
{
    int found = 0;

    for (p = skip_any(p + 1, end, ", \t\r\n"); p < end && *p == '"'; p = skip_any(skip_value(p, end), end, ", \t\r\n")) {
        const char *key = p + 1, *behind = skip_string(p, end);
        size_t len = (size_t)(behind - key) - 1;

        p = skip_any(behind, end, ": \t\r\n");
        if (memchr(key, '\\', len) != NULL)
            return 0;
        if (len != strlen(name) || strncasecmp(key, name, len) != 0)
            continue;
        if (!is_time(p, end, nested))
            return 0;
        found = 1;
    }
    return found;
}

/* A whole number other than 0, for which the server takes its own clock; or an object with one. */
static int is_time(const char *p, const char *end, int nested)
{
    const char *behind = skip_value(p, end);

    if (p < end && *p == '{')
        return !nested && has_time(p, behind, "value", 1);
    if (p == behind || *p == '0')
        return 0;
    while (p < behind && *p >= '0' && *p <= '9')
        p++;
    return p == behind;
}

int cli_array_has_times(const char *data, size_t len)
{
    const char *end = data + len, *p = next_point(data, end), *behind;

    for (; p < end && *p == '{'; p = next_point(behind, end)) {
        behind = skip_value(p, end);
        if (!has_time(p, behind, "timestamp", 0))
            return 0;
    }
    return 1;
}
