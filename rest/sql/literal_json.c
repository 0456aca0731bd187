/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * JSON for tags: one flat object. What the server refuses is refused; so is what it takes and changes, and what it dies of.
 * Knows neither SQL nor Jansson.
 */
#include "sql/literal.h"

#include "base/number.h"
#include "base/text.h"
#include "base/json.h"

#include <string.h>

enum {
    TAG_MAX = 4095,
    KEY_MAX = 256,
    DIGITS_MAX = 15 /* the server writes doubles with that many where it finds them close enough; more come back as another number */
};

/* From 1e54 on a number overflows a buffer of the server's tag index, which kills the server at each of its starts. */
static const double number_limit = 1e50;

static const char no_json[] = "JSON: one object, with nothing after it";

static const char *check_key(const char *key, size_t len)
{
    if (len == 0)
        return "non-empty keys: the server drops empty ones";
    if (len > KEY_MAX)
        return "keys of at most 256 bytes";
    for (size_t i = 0; i < len; i++)
        if (key[i] < 0x20 || key[i] > 0x7e || key[i] == '\\')
            return "keys of printable ASCII, without escapes";
    return NULL;
}

/* Whether the key at `at` stands in a member before that, p being the first one's. All of them were read without complaint. */
static int is_doubled(const char *p, const char *at, const char *end, const char *key, size_t len)
{
    const char *name;
    size_t name_len;

    for (;;) {
        p = tdri_json_member(p, end, &name, &name_len);
        if (p == NULL || name >= at)
            return 0;
        if (name_len == len && memcmp(name, key, len) == 0)
            return 1;
        p = tdri_json_byte(tdri_json_skip(p, end), end, ',');
        if (p == NULL)
            return 0;
    }
}

/* A string that is whole; its escapes are known. */
static const char *check_string(const char *p, const char *end)
{
    char decoded[TDRI_ESCAPE_OUT];
    size_t step, len;

    for (; p < end; p += step) {
        step = 1;
        if (*p != '\\')
            continue;
        step = tdri_escape_decode(p, (size_t)(end - p), decoded, &len);
        if (len == 1 && decoded[0] == '\0')
            return "JSON without \\u0000: the server ends the text there";
    }
    return NULL;
}

/* A number that is whole. */
static const char *check_number(const char *p, const char *end)
{
    size_t digits = 0, zeros = 0; /* that count, and those of them at the end */
    double value;

    (void)tdri_double_parse(p, end, &value);
    if (!(value < number_limit && value > -number_limit))
        return "numbers below 1e50: larger ones crash the server";
    for (; p < end && *p != 'e' && *p != 'E'; p++) {
        if (!tdri_is_digit(*p) || (*p == '0' && digits == 0))
            continue;
        zeros = *p == '0' ? zeros + 1 : 0;
        digits++;
    }
    if (digits > 0 && value <= 0 && value >= 0)
        return "numbers that do not underflow to 0 as a double";
    return digits - zeros <= DIGITS_MAX ? NULL : "numbers of at most 15 significant digits: the server changes others";
}

static const char *check_value(const char *p, const char *end)
{
    switch (*p) {
    case '{': case '[': return "texts, numbers, true, false and null as values: the server rejects objects and arrays";
    case '"': return check_string(p, end);
    case 't': case 'f': case 'n': return NULL;
    default: return check_number(p, end);
    }
}

/* One member, p behind `{` or `,`; *next is the byte behind it. */
static const char *check_member(const char *first, const char *p, const char *end, const char **next)
{
    const char *key = NULL, *value, *expected;
    size_t len = 0;

    value = tdri_json_member(p, end, &key, &len);
    *next = value == NULL ? NULL : tdri_json_skip(value, end);
    if (*next == NULL)
        return no_json;
    expected = check_key(key, len);
    if (expected == NULL && is_doubled(first, key, end, key, len))
        expected = "each key once: the server uses the first of duplicates";
    return expected != NULL ? expected : check_value(value, *next);
}

const char *tdri_json_tag_check(const char *text, size_t len)
{
    const char *end = text + len, *first, *p, *next, *expected;

    if (len > TAG_MAX)
        return "JSON of at most 4,095 bytes";
    if (!tdri_utf8_is(text, len) || memchr(text, '\0', len) != NULL)
        return "JSON in UTF-8, without NUL";
    first = p = tdri_json_byte(text, end, '{');
    if (p == NULL)
        return no_json;
    if (tdri_json_byte(p, end, '}') != NULL)
        return "a non-empty object: the server turns an empty one into NULL";
    do {
        expected = check_member(first, p, end, &next);
        if (expected != NULL)
            return expected;
        p = tdri_json_byte(next, end, ',');
    } while (p != NULL);
    p = tdri_json_byte(next, end, '}');
    return p != NULL && tdri_json_space(p, end) == end ? NULL : no_json;
}
