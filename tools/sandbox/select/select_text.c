/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Functions of text. Letters are those of ASCII, characters those of UTF-8; the server keeps a character of NCHAR in four bytes. */
#include "select.h"

#include <string.h>

enum { NCHAR_BYTES = 4, MAX_CONCAT = 8 };

static size_t char_count(sbx_text text)
{
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        count += ((unsigned char)text.p[i] & 0xC0) != 0x80;
    return count;
}

static int is_text_argument(const sbx_node *arg)
{
    return sbx_type_is_text(arg->type.id);
}

/* A function of one text that gives a text of its type. */
static int bind_same(sbx_query *query, sbx_node *node, sbx_eval *eval)
{
    if (!is_text_argument(node->args[0]))
        return sbx_call_type_error(query, node);
    node->type = node->args[0]->type;
    node->eval = eval;
    return 0;
}

/* ---- lengths ---- */

static void eval_length(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value value;

    sbx_node_value(scope, node->args[0], &value);
    *out = SBX_NO_VALUE;
    if (value.type != SBX_NULL) {
        size_t len = value.type == SBX_NCHAR ? NCHAR_BYTES * char_count(value.as.s) : value.as.s.len;

        *out = (sbx_value){SBX_BIGINT, 0, {.i = (int64_t)len}};
    }
}

static int bind_length(sbx_query *query, sbx_node *node)
{
    if (!is_text_argument(node->args[0]) && node->args[0]->type.id != SBX_VARBINARY)
        return sbx_call_type_error(query, node);
    node->type = sbx_type_fixed(SBX_BIGINT, 0);
    node->eval = eval_length;
    return 0;
}

static void eval_char_length(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value value;

    sbx_node_value(scope, node->args[0], &value);
    *out = SBX_NO_VALUE;
    if (value.type != SBX_NULL)
        *out = (sbx_value){SBX_BIGINT, 0, {.i = (int64_t)char_count(value.as.s)}};
}

static int bind_char_length(sbx_query *query, sbx_node *node)
{
    if (bind_same(query, node, eval_char_length) != 0)
        return query->request->err.code;
    node->type = sbx_type_fixed(SBX_BIGINT, 0);
    return 0;
}

/* ---- letters ---- */

static void change_case(const sbx_scope *scope, const sbx_node *node, char first, sbx_value *out)
{
    sbx_text text;
    char *p;

    sbx_node_value(scope, node->args[0], out);
    if (out->type == SBX_NULL)
        return;
    text = sbx_copy(scope->query->request->arena, out->as.s.p, out->as.s.len);
    p = (char *)text.p;
    for (size_t i = 0; i < text.len; i++)
        if (p[i] >= first && p[i] < first + 26)
            p[i] = (char)(p[i] ^ 0x20);
    out->as.s = text;
}

static void eval_lower(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    change_case(scope, node, 'A', out);
}

static void eval_upper(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    change_case(scope, node, 'a', out);
}

static int bind_lower(sbx_query *query, sbx_node *node)
{
    return bind_same(query, node, eval_lower);
}

static int bind_upper(sbx_query *query, sbx_node *node)
{
    return bind_same(query, node, eval_upper);
}

/* ---- blanks ---- */

static void eval_ltrim(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_node_value(scope, node->args[0], out);
    while (out->type != SBX_NULL && out->as.s.len != 0 && out->as.s.p[0] == ' ') {
        out->as.s.p++;
        out->as.s.len--;
    }
}

static void eval_rtrim(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_node_value(scope, node->args[0], out);
    while (out->type != SBX_NULL && out->as.s.len != 0 && out->as.s.p[out->as.s.len - 1] == ' ')
        out->as.s.len--;
}

static int bind_ltrim(sbx_query *query, sbx_node *node)
{
    return bind_same(query, node, eval_ltrim);
}

static int bind_rtrim(sbx_query *query, sbx_node *node)
{
    return bind_same(query, node, eval_rtrim);
}

/* ---- parts ---- */

/* Where a character begins. */
static size_t offset_of(sbx_text text, size_t chars)
{
    size_t at = 0, seen = 0;

    for (; at < text.len; at++)
        if (((unsigned char)text.p[at] & 0xC0) != 0x80 && seen++ == chars)
            break;
    return at;
}

static int integer_argument(const sbx_scope *scope, const sbx_node *node, size_t i, int64_t *out)
{
    sbx_value value;

    sbx_node_value(scope, node->args[i], &value);
    *out = value.as.i;
    return value.type != SBX_NULL;
}

/* From 1, or from the end when negative; 0 is no position. */
static void eval_substr(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    int64_t begin, len = INT64_MAX, count;
    sbx_text text;
    size_t from;

    sbx_node_value(scope, node->args[0], out);
    if (out->type == SBX_NULL || !integer_argument(scope, node, 1, &begin) || (node->arg_count == 3 && !integer_argument(scope, node, 2, &len))) {
        *out = SBX_NO_VALUE;
        return;
    }
    text = out->as.s;
    count = (int64_t)char_count(text);
    begin = begin > 0 ? begin - 1 : begin < 0 && begin >= -count ? count + begin : count;
    if (begin > count || len <= 0)
        begin = count;
    len = len > count - begin ? count - begin : len;
    from = offset_of(text, (size_t)begin);
    out->as.s = (sbx_text){text.p + from, offset_of(text, (size_t)(begin + (len > 0 ? len : 0))) - from};
}

static int bind_substr(sbx_query *query, sbx_node *node)
{
    for (size_t i = 1; i < node->arg_count; i++)
        if (!sbx_type_is_integer(node->args[i]->type.id))
            return sbx_call_type_error(query, node);
    return bind_same(query, node, eval_substr);
}

static void eval_concat(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value values[MAX_CONCAT];
    size_t len = 0;
    char *p;

    *out = SBX_NO_VALUE;
    for (size_t i = 0; i < node->arg_count; i++) {
        sbx_node_value(scope, node->args[i], &values[i]);
        if (values[i].type == SBX_NULL)
            return;
        len += values[i].as.s.len;
    }
    p = sbx_alloc(scope->query->request->arena, len + 1);
    *out = (sbx_value){node->type.id, 0, {.s = {p, len}}};
    for (size_t i = 0; i < node->arg_count; i++) {
        if (values[i].as.s.len != 0)
            memcpy(p, values[i].as.s.p, values[i].as.s.len);
        p += values[i].as.s.len;
    }
}

static int bind_concat(sbx_query *query, sbx_node *node)
{
    sbx_type type = {.id = SBX_VARCHAR};

    for (size_t i = 0; i < node->arg_count; i++) {
        if (!is_text_argument(node->args[i]))
            return sbx_call_type_error(query, node);
        if (node->args[i]->type.id == SBX_NCHAR)
            type.id = SBX_NCHAR;
        type.length += node->args[i]->type.length;
    }
    node->type = type;
    node->eval = eval_concat;
    return 0;
}

const sbx_function SBX_TEXT_FUNCTIONS[] = {
    {"length", 1, 1, bind_length},
    {"char_length", 1, 1, bind_char_length},
    {"lower", 1, 1, bind_lower},
    {"upper", 1, 1, bind_upper},
    {"ltrim", 1, 1, bind_ltrim},
    {"rtrim", 1, 1, bind_rtrim},
    {"substr", 2, 3, bind_substr},
    {"concat", 2, MAX_CONCAT, bind_concat},
    {NULL, 0, 0, NULL},
};
