/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* JSON tags: one flat object, kept with its keys sorted and its numbers exact. Knows nothing of tables. */
#include "json_read.h"
#include "literal.h"
#include "../base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_BYTES = 4095, MAX_KEY_BYTES = 256 };

/* ---- judging ---- */

static int is_printable(sbx_text key)
{
    for (size_t i = 0; i < key.len; i++)
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
static const char *value_refusal(const sbx_json_pair *m, sbx_text whole, sbx_text *near)
{
    size_t chars;

    *near = whole;
    if (m->kind == SBX_JSON_NESTED)
        return "invalidate json value";
    if (m->kind == SBX_JSON_NUMBER && !isfinite(m->number))
        return "json value number is illegal";
    *near = m->text;
    return m->kind == SBX_JSON_STRING && !sbx_nchar_check(m->text, &chars) ? "charset convert json error" : NULL;
}

static int has_key(const sbx_json_members *all, sbx_text key)
{
    for (size_t i = 0; i < all->count; i++)
        if (sbx_text_equal(all->items[i].key, key))
            return 1;
    return 0;
}

/* Keeps the sbx_json_members that count, in place: the value of an empty key, or of one that was there before, is not looked at. */
static const char *judge(sbx_json_members *all, sbx_text whole, sbx_text *near)
{
    sbx_json_members kept = {all->items, 0};
    const char *reason = NULL;

    for (size_t i = 0; i < all->count && reason == NULL; i++) {
        const sbx_json_pair m = all->items[i];

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
    return strcmp(((const sbx_json_pair *)a)->key.p, ((const sbx_json_pair *)b)->key.p);
}

static void put_string(sbx_buf *out, sbx_text text)
{
    static const char controls[] = "\b\f\n\r\t\"\\", letters[] = "bfnrt\"\\";

    sbx_buf_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
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

static void put_value(sbx_buf *out, const sbx_json_pair *m)
{
    switch (m->kind) {
    case SBX_JSON_STRING:
        put_string(out, m->text);
        break;
    case SBX_JSON_NUMBER:
        put_number(out, m->number);
        break;
    case SBX_JSON_TRUE:
    case SBX_JSON_FALSE:
        sbx_buf_text(out, m->kind == SBX_JSON_TRUE ? "true" : "false");
        break;
    default:
        sbx_buf_text(out, "null");
    }
}

static sbx_text write_object(sbx_arena *arena, sbx_json_members *all)
{
    sbx_buf out = {0};
    sbx_text text;

    if (all->count == 0)
        return (sbx_text){"", 0};
    qsort(all->items, all->count, sizeof *all->items, by_key);
    for (size_t i = 0; i < all->count; i++) {
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
    sbx_json_scan s = {arena, text.p, text.p + text.len};
    sbx_json_members all;
    sbx_json_pair root;

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
        if (sbx_json_value(&s, &root, 0) != SBX_JSON_BAD)
            *reason = "json error invalide value";
        return 0;
    }
    if (!sbx_json_object(&s, &all))
        return 0;
    *reason = judge(&all, text, near);
    if (*reason == NULL)
        *out = write_object(arena, &all);
    return *reason == NULL;
}

int sbx_json_member(sbx_arena *arena, sbx_text text, sbx_text key, sbx_text *raw)
{
    sbx_json_scan s = {arena, text.p, text.p + text.len};
    sbx_json_members all = {NULL, 0};
    size_t i;

    if (text.len == 0 || text.p[0] != '{' || !sbx_json_object(&s, &all))
        return 0;
    for (i = 0; i < all.count && !sbx_text_equal(all.items[i].key, key); i++)
        ;
    if (i == all.count)
        return 0;
    if (all.items[i].kind == SBX_JSON_STRING) /* with nothing escaped: so the adapter writes it, whether it is JSON or not */
        *raw = sbx_format(arena, "\"%s\"", all.items[i].text.p);
    else if (all.items[i].kind == SBX_JSON_NUMBER)
        *raw = sbx_format(arena, "%.9lf", all.items[i].number);
    else if (all.items[i].kind == SBX_JSON_NULL)
        *raw = SBX_TEXT("null");
    else
        *raw = all.items[i].kind == SBX_JSON_TRUE ? SBX_TEXT("true") : SBX_TEXT("false");
    return 1;
}
