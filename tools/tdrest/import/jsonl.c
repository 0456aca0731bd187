/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Records of jsonl: one object a line. Numbers stay the text that they are. Knows nothing of columns. */
#include <string.h>

#include "import/records.h"

enum { DEPTH_MOST = 64 };

/* A line being read. */
typedef struct scan {
    cli_text *made;
    const char *text;
    size_t len;
    size_t pos;
    const char *fault;
} scan;

static int bad(scan *s, const char *fault)
{
    if (s->fault == NULL)
        s->fault = fault;
    return 0;
}

static void blanks(scan *s)
{
    while (s->pos < s->len && (s->text[s->pos] == ' ' || s->text[s->pos] == '\t' || s->text[s->pos] == '\r' || s->text[s->pos] == '\n'))
        s->pos++;
}

static int at(const scan *s, char c)
{
    return s->pos < s->len && s->text[s->pos] == c;
}

static int pass(scan *s, char c)
{
    blanks(s);
    if (!at(s, c))
        return 0;
    s->pos++;
    return 1;
}

/* ---- strings ---- */

/* Four hexadecimal digits; -1: they are none. */
static long four(scan *s)
{
    static const char digits[] = "0123456789abcdef";
    long value = 0;
    int i;

    for (i = 0; i < 4; i++) {
        char c = s->pos < s->len ? s->text[s->pos] : '\0';
        const char *found = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c);

        if (found == NULL)
            return -1;
        value = value * 16 + (long)(found - digits);
        s->pos++;
    }
    return value;
}

static void put_utf8(cli_text *made, long c)
{
    if (c < 0x80) {
        cli_text_char(made, (char)c);
        return;
    }
    if (c < 0x800) {
        cli_text_char(made, (char)(0xC0 | c >> 6));
    } else {
        if (c < 0x10000) {
            cli_text_char(made, (char)(0xE0 | c >> 12));
        } else {
            cli_text_char(made, (char)(0xF0 | c >> 18));
            cli_text_char(made, (char)(0x80 | (c >> 12 & 0x3F)));
        }
        cli_text_char(made, (char)(0x80 | (c >> 6 & 0x3F)));
    }
    cli_text_char(made, (char)(0x80 | (c & 0x3F)));
}

/* Behind \u; two of them for what is beyond U+FFFF. */
static int unicode(scan *s)
{
    long c = four(s), low;

    if (c < 0)
        return bad(s, "\\u without four hexadecimal digits");
    if (c >= 0xD800 && c < 0xDC00) {
        if (s->len - s->pos < 2 || s->text[s->pos] != '\\' || s->text[s->pos + 1] != 'u')
            return bad(s, "an unpaired surrogate");
        s->pos += 2;
        low = four(s);
        if (low < 0xDC00 || low > 0xDFFF)
            return bad(s, "an unpaired surrogate");
        c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
    } else if (c >= 0xDC00 && c < 0xE000) {
        return bad(s, "an unpaired surrogate");
    }
    put_utf8(s->made, c);
    return 1;
}

/* Behind a backslash. */
static int escape(scan *s)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    char c = s->pos < s->len ? s->text[s->pos] : '\0';
    const char *found = c == '\0' ? NULL : strchr(letters, c);

    if (c == 'u') {
        s->pos++;
        return unicode(s);
    }
    if (found == NULL)
        return bad(s, "not an escape of JSON: expected \\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\uHHHH");
    s->pos++;
    cli_text_char(s->made, meant[found - letters]);
    return 1;
}

/* Behind the opening quote: the string; in `made` from *place on if it has escapes, which `escaped` tells. */
static int string(scan *s, const char **text, size_t *len, size_t *place, int *escaped)
{
    size_t start = s->pos;

    *place = s->made->len;
    *escaped = 0;
    for (;;) {
        while (s->pos < s->len && s->text[s->pos] != '"' && s->text[s->pos] != '\\' && (unsigned char)s->text[s->pos] >= 0x20)
            s->pos++;
        if (s->pos == s->len)
            return bad(s, "a string that is not closed on its line");
        if ((unsigned char)s->text[s->pos] < 0x20)
            return bad(s, "a control character within a string: expected its escape, such as \\t");
        if (*escaped || s->text[s->pos] == '\\')
            cli_text_put(s->made, s->text + start, s->pos - start);
        if (s->text[s->pos++] == '"')
            break;
        *escaped = 1;
        if (!escape(s))
            return 0;
        start = s->pos;
    }
    *text = s->text + start;
    *len = *escaped ? s->made->len - *place : s->pos - 1 - start;
    return 1;
}

/* ---- values ---- */

static size_t digits(scan *s)
{
    size_t start = s->pos;

    while (s->pos < s->len && s->text[s->pos] >= '0' && s->text[s->pos] <= '9')
        s->pos++;
    return s->pos - start;
}

static int number(scan *s)
{
    size_t start, whole;

    if (at(s, '-'))
        s->pos++;
    start = s->pos;
    whole = digits(s);
    if (whole == 0 || (whole > 1 && s->text[start] == '0'))
        return bad(s, "not a JSON value: expected a text in quotes, a number without leading zeros, true, false, null, an object or an array");
    if (at(s, '.')) {
        s->pos++;
        if (digits(s) == 0)
            return bad(s, "a number without digits after the point");
    }
    if (at(s, 'e') || at(s, 'E')) {
        s->pos++;
        if (at(s, '+') || at(s, '-'))
            s->pos++;
        if (digits(s) == 0)
            return bad(s, "a number without an exponent");
    }
    return 1;
}

static int word(scan *s, const char *text)
{
    size_t len = strlen(text);

    if (s->len - s->pos < len || memcmp(s->text + s->pos, text, len) != 0)
        return 0;
    s->pos += len;
    return 1;
}

static int value(scan *s, cli_field *field, int depth);

/* The rest of an object or an array, which is kept as text. */
static int compound(scan *s, int depth)
{
    int is_object = s->text[s->pos++] == '{', escaped;
    char close = is_object ? '}' : ']';
    const char *text;
    size_t len, place;
    cli_field inner;

    if (depth > DEPTH_MOST)
        return bad(s, "brackets nested more than 64 deep");
    if (pass(s, close))
        return 1;
    do {
        if (is_object && (!pass(s, '"') || !string(s, &text, &len, &place, &escaped) || !pass(s, ':')))
            return bad(s, "an object with something other than \"key\": value");
        if (!value(s, &inner, depth + 1))
            return 0;
    } while (pass(s, ','));
    return pass(s, close) ? 1 : bad(s, "a bracket that is not closed");
}

static int value(scan *s, cli_field *field, int depth)
{
    size_t start;
    int escaped;

    blanks(s);
    start = s->pos;
    field->kind = CLI_FIELD_JSON;
    if (at(s, '"')) {
        s->pos++;
        field->kind = CLI_FIELD_TEXT;
        if (!string(s, &field->text, &field->len, &field->at, &escaped))
            return 0;
        field->made |= escaped;
        return 1;
    }
    if (at(s, '{') || at(s, '[')) {
        if (!compound(s, depth))
            return 0;
    } else if (word(s, "null")) {
        field->kind = CLI_FIELD_NULL;
    } else if (word(s, "true") || word(s, "false")) {
        field->kind = CLI_FIELD_BOOL;
    } else {
        field->kind = CLI_FIELD_NUMBER;
        if (!number(s))
            return 0;
    }
    field->text = s->text + start;
    field->len = s->pos - start;
    return 1;
}

/* One key and its value. Keys with escapes are names that no column has: they are left as they stand. */
static int member(scan *s, cli_field *field)
{
    size_t place;
    const char *text;
    size_t len, start;
    int escaped;

    if (!pass(s, '"'))
        return bad(s, "an object with something other than \"key\": value");
    start = s->pos;
    if (!string(s, &text, &len, &place, &escaped))
        return 0;
    field->key = s->text + start;
    field->key_len = s->pos - 1 - start;
    if (!pass(s, ':'))
        return bad(s, "a key without a colon");
    return value(s, field, 0);
}

static int object(scan *s, cli_records *r)
{
    if (!pass(s, '{'))
        return bad(s, at(s, '[') ? "an array; jq -c '.[]' makes lines of it" : "not an object: expected {\"column\": value, ...} on each line");
    if (pass(s, '}'))
        return 1;
    do {
        cli_field *field = cli_records_add(r);

        if (field == NULL)
            return bad(s, "out of memory");
        if (!member(s, field))
            return 0;
    } while (pass(s, ','));
    return pass(s, '}') ? 1 : bad(s, "an object that is not closed on its line");
}

int cli_jsonl_look(cli_records *r, const char *text, size_t len, int ended)
{
    const char *end = memchr(text, '\n', len);
    scan s = {.made = &r->made, .text = text, .len = end == NULL ? len : (size_t)(end - text)};

    if (end == NULL && !ended)
        return CLI_LOOK_MORE;
    cli_records_found(r, s.len + (end != NULL));
    if (!object(&s, r))
        return cli_records_bad(r, s.fault, 0);
    blanks(&s);
    return s.pos == s.len ? CLI_LOOK_FOUND : cli_records_bad(r, "text after the object: expected one object per line", 0);
}
