/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* JSON text at the level of bytes. Knows nothing of answers and columns. */
#include "base/json.h"

#include "base/number.h"
#include "base/text.h"

#include <string.h>

/* Four hex digits; -1 when one is none. */
static int32_t hex4(const char *text)
{
    int32_t value = 0;

    for (int i = 0; i < 4; i++) {
        int digit = tdri_hex_digit((unsigned char)text[i]);

        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* The escape \uXXXX, with its second half where it is a surrogate. */
static size_t unicode_escape(const char *text, size_t len, char *out, size_t *out_len)
{
    int32_t point, low;

    if (len < 6)
        return 0;
    point = hex4(text + 2);
    if (point < 0 || (point >= 0xdc00 && point <= 0xdfff))
        return SIZE_MAX;
    if (point < 0xd800 || point > 0xdbff) {
        *out_len = tdri_utf8_put((uint32_t)point, out);
        return 6;
    }
    if ((len > 6 && text[6] != '\\') || (len > 7 && text[7] != 'u'))
        return SIZE_MAX;
    if (len < TDRI_ESCAPE_MAX)
        return 0;
    low = hex4(text + 8);
    if (low < 0xdc00 || low > 0xdfff)
        return SIZE_MAX;
    *out_len = tdri_utf8_put((uint32_t)(0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00)), out);
    return TDRI_ESCAPE_MAX;
}

const char tdri_escaped[256] = {
    ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t', ['b'] = '\b', ['f'] = '\f',
};

size_t tdri_escape_decode(const char *text, size_t len, char *out, size_t *out_len)
{
    *out_len = 0;
    if (len < 2)
        return 0;
    if (text[1] == 'u')
        return unicode_escape(text, len, out, out_len);
    out[0] = tdri_escaped[(unsigned char)text[1]];
    *out_len = 1;
    return out[0] == '\0' ? SIZE_MAX : 2;
}

const char *tdri_json_space(const char *p, const char *end)
{
    while (p < end && tdri_json_is_space(*p))
        p++;
    return p;
}

const char *tdri_json_string(const char *p, const char *end, char *out, size_t cap, size_t *len)
{
    char point[TDRI_ESCAPE_OUT];
    size_t total = 0, got, took;

    if (p == end || *p++ != '"')
        return NULL;
    for (; p < end && *p != '"'; p += took, total += got) {
        if ((unsigned char)*p < 0x20)
            return NULL;
        point[0] = *p;
        got = took = 1;
        if (*p == '\\')
            took = tdri_escape_decode(p, (size_t)(end - p), point, &got);
        if (took == 0 || took == SIZE_MAX)
            return NULL;
        if (total + got <= cap)
            memcpy(out + total, point, got);
    }
    *len = total;
    return p == end ? NULL : p + 1;
}

const char *tdri_json_byte(const char *p, const char *end, char byte)
{
    p = p == NULL ? NULL : tdri_json_space(p, end);
    return p == NULL || p == end || *p != byte ? NULL : p + 1;
}

const char *tdri_json_member(const char *p, const char *end, const char **name, size_t *len)
{
    size_t decoded;
    const char *close;

    p = tdri_json_space(p, end);
    close = tdri_json_string(p, end, NULL, 0, &decoded);
    if (close == NULL)
        return NULL;
    *name = p + 1;
    *len = (size_t)(close - p) - 2;
    p = tdri_json_byte(close, end, ':');
    return p == NULL ? NULL : tdri_json_space(p, end);
}

int tdri_json_is(const char *name, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(name, word, len) == 0;
}

static const char *skip_value(const char *p, const char *end, int depth);

/* What stands in brackets, p behind the opening one. */
static const char *skip_members(const char *p, const char *end, char close, int depth)
{
    const char *name;
    size_t len;

    p = tdri_json_space(p, end);
    if (p < end && *p == close)
        return p + 1;
    for (;;) {
        if (close == '}') {
            p = tdri_json_member(p, end, &name, &len);
            if (p == NULL)
                return NULL;
        }
        p = skip_value(p, end, depth);
        p = p == NULL ? NULL : tdri_json_space(p, end);
        if (p == NULL || p == end)
            return NULL;
        if (*p == close)
            return p + 1;
        if (*p++ != ',')
            return NULL;
    }
}

static const char *skip_word(const char *p, const char *end)
{
    static const char *const words[] = {"null", "true", "false"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t len = strlen(words[i]);

        if ((size_t)(end - p) >= len && memcmp(p, words[i], len) == 0)
            return p + len;
    }
    return NULL;
}

static const char *skip_value(const char *p, const char *end, int depth)
{
    double number;
    size_t len;

    p = tdri_json_space(p, end);
    if (p == end || depth == TDRI_JSON_DEPTH_MAX)
        return NULL;
    switch (*p) {
    case '{': return skip_members(p + 1, end, '}', depth + 1);
    case '[': return skip_members(p + 1, end, ']', depth + 1);
    case '"': return tdri_json_string(p, end, NULL, 0, &len);
    case 'n': case 't': case 'f': return skip_word(p, end);
    default: return tdri_double_parse(p, end, &number);
    }
}

const char *tdri_json_skip(const char *p, const char *end)
{
    return skip_value(p, end, 0);
}
