/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Whether a string may be sent as what it is bound as, by the server's rules, and if not, why. Jansson reads JSON. */
#include "inject.h"

#include <jansson.h>

enum { LITERAL_MOST = 65530, TAG_JSON_MOST = 4095, KEY_MOST = 256, NAME_MOST = 192 };

const char *tdrt_reason_name(enum tdrt_reason reason)
{
    static const char *const names[TDRT_REASONS] = {
        "accepted", "a NUL", "literal above 65,530 bytes", "longer than the column", "not UTF-8", "empty name", "name above 192 bytes", "backslash in a name",
        "dot in a table's name", "no DECIMAL", "digits the DECIMAL loses", "no time", "time out of range", "no JSON for a tag", "JSON above 4,095 bytes",
    };

    return names[reason];
}

/* ---- texts ---- */

/* Characters of UTF-8, by the table of well-formed byte sequences; -1: it is none. */
static int64_t count_characters(const tdrt_string *s)
{
    int64_t count = 0;
    size_t i = 0, more;

    for (; i < s->len; count++) {
        unsigned char a = (unsigned char)s->p[i++], b = i < s->len ? (unsigned char)s->p[i] : 0;
        unsigned char low = a == 0xe0 ? 0xa0 : a == 0xf0 ? 0x90 : 0x80, high = a == 0xed ? 0x9f : a == 0xf4 ? 0x8f : 0xbf;

        if (a < 0x80)
            continue;
        if (a < 0xc2 || a > 0xf4 || b < low || b > high)
            return -1;
        for (more = a < 0xe0 ? 1 : a < 0xf0 ? 2 : 3; more > 0; more--, i++)
            if (i >= s->len || ((unsigned char)s->p[i] & 0xc0) != 0x80)
                return -1;
    }
    return count;
}

static int has(const tdrt_string *s, char c)
{
    return s->len > 0 && memchr(s->p, c, s->len) != NULL;
}

/* The bytes between and with the quotes, a quote and a backslash taking two. */
static size_t quoted_size(const tdrt_string *s)
{
    size_t size = s->len + 2;

    for (size_t i = 0; i < s->len; i++)
        size += s->p[i] == '\'' || s->p[i] == '\\';
    return size;
}

enum tdrt_reason tdrt_judge_text(const tdrt_string *s, size_t bytes)
{
    if (has(s, '\0'))
        return TDRT_HAS_NUL;
    if (quoted_size(s) > LITERAL_MOST)
        return TDRT_LITERAL_TOO_LONG;
    return bytes != 0 && s->len > bytes ? TDRT_COLUMN_TOO_SHORT : TDRT_FINE;
}

enum tdrt_reason tdrt_judge_nchar(const tdrt_string *s, size_t characters)
{
    int64_t count = count_characters(s);
    enum tdrt_reason reason = tdrt_judge_text(s, 0);

    if (count < 0)
        return TDRT_NOT_UTF8;
    return reason == TDRT_FINE && characters != 0 && (uint64_t)count > characters ? TDRT_COLUMN_TOO_SHORT : reason;
}

enum tdrt_reason tdrt_judge_binary(const tdrt_string *s, size_t bytes)
{
    return bytes != 0 && s->len > bytes ? TDRT_COLUMN_TOO_SHORT : TDRT_FINE;
}

/* ---- names ---- */

enum tdrt_reason tdrt_judge_name(const tdrt_string *s)
{
    if (s->len == 0)
        return TDRT_NAME_EMPTY;
    if (s->len > NAME_MOST)
        return TDRT_NAME_TOO_LONG;
    return has(s, '\0') ? TDRT_HAS_NUL : has(s, '\\') ? TDRT_NAME_BACKSLASH : TDRT_FINE;
}

enum tdrt_reason tdrt_judge_table(const tdrt_string *s)
{
    enum tdrt_reason reason = tdrt_judge_name(s);

    return reason == TDRT_FINE && has(s, '.') ? TDRT_NAME_DOT : reason;
}

/* ---- numbers ---- */

static size_t count_digits(const char *p, const char *end)
{
    size_t n = 0;

    while (p + n < end && p[n] >= '0' && p[n] <= '9')
        n++;
    return n;
}

enum tdrt_reason tdrt_judge_decimal(const tdrt_string *s, char text[TDRT_DECIMAL_ROOM])
{
    enum { WHOLE = 28, SCALE = 10 };
    const char *p = s->p, *end = s->p + s->len, *fraction;
    size_t whole, digits = 0;
    int is_negative = p < end && *p == '-', is_zero;

    p += is_negative;
    whole = count_digits(p, end);
    fraction = p + whole;
    if (fraction < end && *fraction == '.')
        digits = count_digits(++fraction, end);
    if (whole == 0 || fraction + digits != end || (end[-1] == '.'))
        return TDRT_NO_DECIMAL;
    for (; whole > 1 && *p == '0'; whole--)
        p++;
    while (digits > 0 && fraction[digits - 1] == '0')
        digits--;
    if (whole > WHOLE || digits > SCALE)
        return TDRT_DIGITS_LOST;
    is_zero = whole == 1 && *p == '0' && digits == 0;
    snprintf(text, TDRT_DECIMAL_ROOM, "%s%.*s.%.*s%.*s", is_negative && !is_zero ? "-" : "", (int)whole, p, (int)digits, fraction,
             (int)(SCALE - digits), "0000000000");
    return TDRT_FINE;
}

/* ---- JSON ---- */

/* A number that comes back as another: more than 15 digits count. What is given is a token outside of strings. */
static int is_inexact(const char *p, size_t len)
{
    const char *first = NULL, *last = NULL;
    size_t points = 0;

    for (const char *at = p; at < p + len && *at != 'e' && *at != 'E'; at++)
        if (*at >= '1' && *at <= '9') {
            first = first == NULL ? at : first;
            last = at;
        }
    for (const char *at = first; first != NULL && at < last; at++)
        points += *at == '.';
    return first != NULL && (size_t)(last - first) + 1 - points > 15;
}

static int has_inexact_number(const tdrt_string *s)
{
    static const char number[] = "0123456789.eE+";
    int in_string = 0;

    for (size_t i = 0; i < s->len; i++) {
        size_t n = 0;

        if (in_string && s->p[i] == '\\')
            i++;
        else if (s->p[i] == '"')
            in_string = !in_string;
        while (!in_string && i + n < s->len && s->p[i + n] != '\0' && strchr(number, s->p[i + n]) != NULL)
            n++;
        if (n > 0 && is_inexact(s->p + i, n))
            return 1;
        i += n > 0 ? n - 1 : 0;
    }
    return 0;
}

/* Nothing but white space is before the next colon. */
static int is_before_colon(const tdrt_string *s, size_t i)
{
    while (i < s->len && (s->p[i] == ' ' || s->p[i] == '\n'))
        i++;
    return i < s->len && s->p[i] == ':';
}

/* A key written with an escape: Jansson tells none. */
static int has_escaped_key(const tdrt_string *s)
{
    int in_string = 0, escapes = 0;

    for (size_t i = 0; i < s->len; i++) {
        if (in_string && s->p[i] == '\\') {
            escapes++;
            i++;
        } else if (s->p[i] == '"') {
            in_string = !in_string;
            if (!in_string && escapes > 0 && is_before_colon(s, i + 1))
                return 1;
            escapes = 0;
        }
    }
    return 0;
}

static int is_key(const char *key)
{
    size_t len = strlen(key);

    for (size_t i = 0; i < len; i++)
        if (key[i] < 0x20 || key[i] > 0x7e || key[i] == '"' || key[i] == '\\')
            return 0;
    return len > 0 && len <= KEY_MOST;
}

static int is_member(const char *key, const json_t *value)
{
    double number = json_number_value(value);

    if (!is_key(key) || json_is_object(value) || json_is_array(value))
        return 0;
    return json_is_string(value) ? strlen(json_string_value(value)) == json_string_length(value) : number < 1e50 && number > -1e50;
}

enum tdrt_reason tdrt_judge_json(const tdrt_string *s)
{
    json_t *object = json_loadb(s->p, s->len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL), *value;
    int is_fine = json_is_object(object) && json_object_size(object) > 0 && !has(s, '\0') && !has_inexact_number(s) && !has_escaped_key(s);
    const char *key;

    if (is_fine)
        json_object_foreach(object, key, value)
            is_fine = is_fine && is_member(key, value);
    json_decref(object);
    if (s->len > TAG_JSON_MOST)
        return TDRT_JSON_TOO_LONG;
    return is_fine ? TDRT_FINE : TDRT_NO_TAG_JSON;
}
