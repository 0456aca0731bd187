/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What json_read.h says. */
#include "json_read.h"

#include "../base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DEPTH = 1000 /* of the server's reader */ };

static void space(sbx_json_scan *s)
{
    while (s->p < s->end && (unsigned char)*s->p <= ' ')
        s->p++;
}

static int symbol(sbx_json_scan *s, char c)
{
    space(s);
    if (s->p == s->end || *s->p != c)
        return 0;
    s->p++;
    space(s);
    return 1;
}

static int word(sbx_json_scan *s, const char *text)
{
    size_t len = strlen(text);

    if ((size_t)(s->end - s->p) < len || memcmp(s->p, text, len) != 0)
        return 0;
    s->p += len;
    return 1;
}

/* Four digits behind \u; what is none of them makes it 0. */
static int hex4(sbx_json_scan *s, uint32_t *out)
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
static int unicode(sbx_json_scan *s, uint32_t *code)
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
static size_t escape(sbx_json_scan *s, char *out)
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
static int string(sbx_json_scan *s, sbx_text *out)
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
static int number(sbx_json_scan *s, double *out)
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

static enum sbx_json_kind nested(sbx_json_scan *s, int depth);

enum sbx_json_kind sbx_json_value(sbx_json_scan *s, sbx_json_pair *m, int depth)
{
    space(s);
    if (s->p == s->end)
        return SBX_JSON_BAD;
    if (*s->p == '"')
        return string(s, &m->text) ? SBX_JSON_STRING : SBX_JSON_BAD;
    if (*s->p == '{' || *s->p == '[')
        return nested(s, depth);
    if (*s->p == '-' || (*s->p >= '0' && *s->p <= '9'))
        return number(s, &m->number) ? SBX_JSON_NUMBER : SBX_JSON_BAD;
    return word(s, "null") ? SBX_JSON_NULL : word(s, "true") ? SBX_JSON_TRUE : word(s, "false") ? SBX_JSON_FALSE : SBX_JSON_BAD;
}

/* An object or array within the tag: no tag may have one, but it must be JSON to be told so. */
static enum sbx_json_kind nested(sbx_json_scan *s, int depth)
{
    char close = *s->p == '{' ? '}' : ']';
    sbx_json_pair m;

    if (depth >= MAX_DEPTH)
        return SBX_JSON_BAD;
    s->p++;
    if (symbol(s, close))
        return SBX_JSON_NESTED;
    do
        if ((close == '}' && (!string(s, &m.key) || !symbol(s, ':'))) || sbx_json_value(s, &m, depth + 1) == SBX_JSON_BAD)
            return SBX_JSON_BAD;
    while (symbol(s, ','));
    return symbol(s, close) ? SBX_JSON_NESTED : SBX_JSON_BAD;
}

int sbx_json_object(sbx_json_scan *s, sbx_json_members *all)
{
    *all = (sbx_json_members){NULL, 0};
    s->p++;
    if (symbol(s, '}'))
        return 1;
    do {
        sbx_json_pair m = {{"", 0}, SBX_JSON_BAD, {"", 0}, 0};

        if (!string(s, &m.key) || !symbol(s, ':'))
            return 0;
        m.kind = sbx_json_value(s, &m, 1);
        if (m.kind == SBX_JSON_BAD)
            return 0;
        all->items = sbx_alloc_one_more(s->arena, all->items, all->count, sizeof m);
        all->items[all->count++] = m;
    } while (symbol(s, ','));
    return symbol(s, '}');
}
