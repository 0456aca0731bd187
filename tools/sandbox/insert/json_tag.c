/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * JSON tags: one flat object, read by the rules of the server's JSON reader (laxer than the standard here and there), kept with its keys
 * sorted and its numbers exact. Knows nothing of tables.
 */
#include "literal.h"
#include "../base/text.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_BYTES = 4095, MAX_KEY_BYTES = 256, MAX_DEPTH = 1000 /* of the server's reader */ };

typedef struct scan {
    sbx_arena *arena;
    const char *p;
    const char *end;
} scan;

enum kind { BAD, NOTHING, FALSE_, TRUE_, NUMBER, STRING, NESTED };

typedef struct member {
    sbx_text key;
    enum kind kind;
    sbx_text text;
    double number;
} member;

typedef struct members {
    member *items;
    size_t count;
} members;

/* ---- reading ---- */

static void space(scan *s)
{
    while (s->p < s->end && (unsigned char)*s->p <= ' ')
        s->p++;
}

static int symbol(scan *s, char c)
{
    space(s);
    if (s->p == s->end || *s->p != c)
        return 0;
    s->p++;
    space(s);
    return 1;
}

static int word(scan *s, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(s->end - s->p) < len || memcmp(s->p, text, len) != 0)
        return 0;
    s->p += len;
    return 1;
}

/* Four digits behind \u; what is none of them makes it 0. */
static int hex4(scan *s, uint32_t *out)
{
    int i, bad = 0;

    *out = 0;
    if (s->end - s->p < 4)
        return 0;
    for (i = 0; i < 4; i++, s->p++) {
        int digit = sbx_hex_digit(*s->p);

        bad |= digit < 0;
        *out = *out << 4 | (uint32_t)(digit & 15);
    }
    if (bad)
        *out = 0;
    return 1;
}

/* Behind \u: a character, perhaps of two halves. */
static int unicode(scan *s, uint32_t *code)
{
    uint32_t low;

    if (!hex4(s, code) || (*code >= 0xdc00 && *code < 0xe000))
        return 0;
    if (*code < 0xd800 || *code >= 0xe000)
        return 1;
    if (!word(s, "\\u") || !hex4(s, &low) || low < 0xdc00 || low >= 0xe000)
        return 0;
    *code = 0x10000 + ((*code & 0x3ff) << 10 | (low & 0x3ff));
    return 1;
}

static size_t put_utf8(char *out, uint32_t code)
{
    static const unsigned char heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t i, len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    for (i = len; i > 1; i--, code >>= 6)
        out[i - 1] = (char)(0x80 | (code & 0x3f));
    out[0] = (char)(heads[len] | code);
    return len;
}

/* Behind a backslash; the number of bytes it stands for, 0 when it is no escape. */
static size_t escape(scan *s, char *out)
{
    static const char letters[] = "bfnrt\"\\/", meanings[] = "\b\f\n\r\t\"\\/";
    uint32_t code;
    const char *at;

    if (s->p == s->end || *s->p == '\0')
        return 0;
    at = strchr(letters, *s->p);
    if (at != NULL) {
        s->p++;
        *out = meanings[at - letters];
        return 1;
    }
    if (*s->p++ != 'u' || !unicode(s, &code))
        return 0;
    return put_utf8(out, code);
}

/* Control characters may stand in it as they are. It ends at a NUL that an escape put into it. */
static int string(scan *s, sbx_text *out)
{
    char *text;
    size_t len = 0, taken;

    space(s);
    if (s->p == s->end || *s->p++ != '"')
        return 0;
    text = sbx_alloc(s->arena, (size_t)(s->end - s->p) + 1); /* what an escape stands for is never longer than it */
    while (s->p < s->end && *s->p != '"') {
        if (*s->p != '\\') {
            text[len++] = *s->p++;
            continue;
        }
        s->p++;
        taken = escape(s, text + len);
        if (taken == 0)
            return 0;
        len += taken;
    }
    if (s->p == s->end)
        return 0;
    s->p++;
    *out = (sbx_text){text, strlen(text)};
    return 1;
}

/* As far as strtod takes it, "01" and "1." too. */
static int number(scan *s, double *out)
{
    char text[64], *end;
    size_t len = 0;

    while (s->p + len < s->end && len < sizeof text - 1 && s->p[len] != '\0' && strchr("0123456789+-eE.", s->p[len]) != NULL)
        len++;
    memcpy(text, s->p, len);
    text[len] = '\0';
    *out = strtod(text, &end);
    s->p += end - text;
    return end > text;
}

static enum kind nested(scan *s, int depth);

static enum kind value(scan *s, member *m, int depth)
{
    space(s);
    if (s->p == s->end)
        return BAD;
    if (*s->p == '"')
        return string(s, &m->text) ? STRING : BAD;
    if (*s->p == '{' || *s->p == '[')
        return nested(s, depth);
    if (*s->p == '-' || (*s->p >= '0' && *s->p <= '9'))
        return number(s, &m->number) ? NUMBER : BAD;
    return word(s, "null") ? NOTHING : word(s, "true") ? TRUE_ : word(s, "false") ? FALSE_ : BAD;
}

/* An object or array within the tag: no tag may have one, but it must be JSON to be told so. */
static enum kind nested(scan *s, int depth)
{
    char close = *s->p == '{' ? '}' : ']';
    member m;

    if (depth >= MAX_DEPTH)
        return BAD;
    s->p++;
    if (symbol(s, close))
        return NESTED;
    do
        if ((close == '}' && (!string(s, &m.key) || !symbol(s, ':'))) || value(s, &m, depth + 1) == BAD)
            return BAD;
    while (symbol(s, ','));
    return symbol(s, close) ? NESTED : BAD;
}

/* At its brace; 0 when it is no JSON. What is behind it is not looked at. */
static int object(scan *s, members *all)
{
    *all = (members){NULL, 0};
    s->p++;
    if (symbol(s, '}'))
        return 1;
    do {
        member m = {{"", 0}, BAD, {"", 0}, 0};

        if (!string(s, &m.key) || !symbol(s, ':'))
            return 0;
        m.kind = value(s, &m, 1);
        if (m.kind == BAD)
            return 0;
        all->items = sbx_alloc_one_more(s->arena, all->items, all->count, sizeof m);
        all->items[all->count++] = m;
    } while (symbol(s, ','));
    return symbol(s, '}');
}

/* ---- judging ---- */

static int is_printable(sbx_text key)
{
    size_t i;

    for (i = 0; i < key.len; i++)
        if (key.p[i] < ' ' || key.p[i] > '~')
            return 0;
    return 1;
}

/* NULL, or the reason why the server refuses it. */
static const char *key_refusal(sbx_text key)
{
    if (!is_printable(key))
        return "json key not validate";
    return key.len > MAX_KEY_BYTES ? "json key too long error" : NULL;
}

/* The same, and near what. */
static const char *value_refusal(const member *m, sbx_text whole, sbx_text *near)
{
    size_t chars;

    *near = whole;
    if (m->kind == NESTED)
        return "invalidate json value";
    if (m->kind == NUMBER && !isfinite(m->number))
        return "json value number is illegal";
    *near = m->text;
    return m->kind == STRING && !sbx_nchar_check(m->text, &chars) ? "charset convert json error" : NULL;
}

static int has_key(const members *all, sbx_text key)
{
    size_t i;

    for (i = 0; i < all->count; i++)
        if (sbx_text_equal(all->items[i].key, key))
            return 1;
    return 0;
}

/* Keeps the members that count, in place: the value of an empty key, or of one that was there before, is not looked at. */
static const char *judge(members *all, sbx_text whole, sbx_text *near)
{
    members kept = {all->items, 0};
    const char *reason = NULL;
    size_t i;

    for (i = 0; i < all->count && reason == NULL; i++) {
        const member m = all->items[i];

        *near = m.key;
        reason = key_refusal(m.key);
        if (reason != NULL || m.key.len == 0 || has_key(&kept, m.key))
            continue;
        reason = value_refusal(&m, whole, near);
        kept.items[kept.count++] = m;
    }
    *all = kept;
    return reason;
}

/* ---- writing ---- */

static int by_key(const void *a, const void *b)
{
    return strcmp(((const member *)a)->key.p, ((const member *)b)->key.p);
}

static void put_string(sbx_buf *out, sbx_text text)
{
    static const char controls[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";
    size_t i;

    sbx_buf_char(out, '"');
    for (i = 0; i < text.len; i++) {
        const char *at = strchr(controls, text.p[i]);

        if (at != NULL)
            sbx_buf_format(out, "\\%c", letters[at - controls]);
        else if ((unsigned char)text.p[i] < ' ')
            sbx_buf_format(out, "\\u%04x", (unsigned)text.p[i]);
        else
            sbx_buf_char(out, text.p[i]);
    }
    sbx_buf_char(out, '"');
}

/* Exactly, with as few of 15 to 17 digits as that takes. */
static void put_number(sbx_buf *out, double value)
{
    char text[40];
    int digits = 15;

    do
        snprintf(text, sizeof text, "%.*g", digits, value);
    while (++digits <= 17 && strtod(text, NULL) != value);
    sbx_buf_text(out, text);
}

static void put_value(sbx_buf *out, const member *m)
{
    switch (m->kind) {
    case STRING:
        put_string(out, m->text);
        break;
    case NUMBER:
        put_number(out, m->number);
        break;
    case TRUE_:
    case FALSE_:
        sbx_buf_text(out, m->kind == TRUE_ ? "true" : "false");
        break;
    default:
        sbx_buf_text(out, "null");
    }
}

static sbx_text write_object(sbx_arena *arena, members *all)
{
    sbx_buf out = {0};
    sbx_text text;
    size_t i;

    if (all->count == 0)
        return (sbx_text){"", 0};
    qsort(all->items, all->count, sizeof *all->items, by_key);
    for (i = 0; i < all->count; i++) {
        sbx_buf_char(&out, i == 0 ? '{' : ',');
        put_string(&out, all->items[i].key);
        sbx_buf_char(&out, ':');
        put_value(&out, &all->items[i]);
    }
    sbx_buf_char(&out, '}');
    text = sbx_copy(arena, out.p, out.len);
    sbx_buf_clear(&out);
    return text;
}

/* ---- the whole ---- */

int sbx_json_tag(sbx_arena *arena, sbx_text text, sbx_text *out, const char **reason, sbx_text *near)
{
    scan s = {arena, text.p, text.p + text.len};
    members all;
    member root;

    *out = (sbx_text){"", 0};
    *near = text;
    *reason = "json string too long than 4095";
    if (text.len > MAX_BYTES)
        return 0;
    text = *near = sbx_strip(text);
    s.p = text.p;
    if (text.len == 0 || (text.len == 4 && strncasecmp(text.p, "null", 4) == 0))
        return 1;
    *reason = "json parse error";
    if (*s.p != '{') {
        if (value(&s, &root, 0) != BAD)
            *reason = "json error invalide value";
        return 0;
    }
    if (!object(&s, &all))
        return 0;
    *reason = judge(&all, text, near);
    if (*reason == NULL)
        *out = write_object(arena, &all);
    return *reason == NULL;
}

int sbx_json_member(sbx_arena *arena, sbx_text text, sbx_text key, sbx_text *raw)
{
    scan s = {arena, text.p, text.p + text.len};
    members all = {NULL, 0};
    size_t i;

    if (text.len == 0 || text.p[0] != '{' || !object(&s, &all))
        return 0;
    for (i = 0; i < all.count && !sbx_text_equal(all.items[i].key, key); i++)
        ;
    if (i == all.count)
        return 0;
    if (all.items[i].kind == STRING) /* with nothing escaped: so the adapter writes it, whether it is JSON or not */
        *raw = sbx_format(arena, "\"%s\"", all.items[i].text.p);
    else if (all.items[i].kind == NUMBER)
        *raw = sbx_format(arena, "%.9lf", all.items[i].number);
    else if (all.items[i].kind == NOTHING)
        *raw = SBX_TEXT("null");
    else
        *raw = all.items[i].kind == TRUE_ ? SBX_TEXT("true") : SBX_TEXT("false");
    return 1;
}
