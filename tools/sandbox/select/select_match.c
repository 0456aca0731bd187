/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* LIKE and MATCH: text against a pattern that is a constant. Regular expressions are POSIX extended ones, compiled once. */
#include "select.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_REPETITIONS = 20000 };

/* ---- LIKE ---- */

/* A character of NCHAR is one of UTF-8, of VARCHAR a byte. */
static size_t character(sbx_text text, size_t at, int wide)
{
    size_t len = 1;

    while (wide && at + len < text.len && ((unsigned char)text.p[at + len] & 0xC0) == 0x80)
        len++;
    return len;
}

/* The pattern's character at p against the text's at t; how far each goes on. 0: they differ. */
static int one(sbx_text pattern, size_t p, sbx_text text, size_t t, int wide, size_t *p_len, size_t *t_len)
{
    *t_len = 1;
    *p_len = 1;
    if (pattern.p[p] == '\\' && p + 1 < pattern.len && (pattern.p[p + 1] == '%' || pattern.p[p + 1] == '_')) {
        *p_len = 2;
        return text.p[t] == pattern.p[p + 1];
    }
    if (pattern.p[p] == '_') {
        *t_len = character(text, t, wide);
        return 1;
    }
    return text.p[t] == pattern.p[p];
}

/* Goes back to the last % alone: what it has taken so far grows by one. */
static int like(sbx_text pattern, sbx_text text, int wide)
{
    size_t p = 0, t = 0, star = SIZE_MAX, retry = 0, p_len, t_len;

    while (t < text.len) {
        if (p < pattern.len && pattern.p[p] == '%') {
            star = p++;
            retry = t;
        } else if (p < pattern.len && one(pattern, p, text, t, wide, &p_len, &t_len)) {
            p += p_len;
            t += t_len;
        } else if (star != SIZE_MAX) {
            p = star + 1;
            retry += character(text, retry, wide);
            t = retry;
        } else {
            return 0;
        }
    }
    while (p < pattern.len && pattern.p[p] == '%')
        p++;
    return p == pattern.len;
}

/* The text of a value; members of JSON tags without their quotes. 0: none. */
static int subject(const sbx_scope *scope, const sbx_node *node, sbx_value *value)
{
    sbx_node_value(scope, node->args[0], value);
    if (value->type == SBX_JSON && value->as.s.len >= 2 && value->as.s.p[0] == '"')
        *value = (sbx_value){SBX_NCHAR, 0, {.s = {value->as.s.p + 1, value->as.s.len - 2}}};
    return sbx_type_is_text(value->type);
}

static void set(sbx_value *out, const sbx_node *node, int matches)
{
    sbx_set_truth(out, matches != (node->negated != 0));
}

void sbx_eval_like(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value value, pattern;

    sbx_node_value(scope, node->args[1], &pattern);
    *out = SBX_NO_VALUE;
    if (pattern.type != SBX_NULL && subject(scope, node, &value))
        set(out, node, like(pattern.as.s, value.as.s, value.type == SBX_NCHAR));
}

/* ---- MATCH ---- */

/* Repetitions multiply when they are nested, and the compiler of the C library writes them all out. */
static int is_affordable(const char *pattern)
{
    unsigned long total = 1;

    for (const char *p = strchr(pattern, '{'); p != NULL; p = strchr(p + 1, '{')) {
        unsigned long times = 1;

        for (const char *q = p + 1; (*q >= '0' && *q <= '9') || *q == ','; q++) {
            char *end = NULL;
            unsigned long n = *q == ',' ? 0 : strtoul(q, &end, 10);

            times = n > times ? n : times;
            if (end != NULL)
                q = end - 1;
        }
        if (times > MAX_REPETITIONS / total)
            return 0;
        total *= times;
    }
    return 1;
}

int sbx_match_compile(sbx_query *query, sbx_node *node)
{
    const sbx_value *value = &node->args[1]->value;
    sbx_pattern *pattern = sbx_alloc(query->request->arena, sizeof *pattern);
    sbx_text text;

    if (value->type == SBX_NULL)
        return 0;
    text = sbx_copy(query->request->arena, value->as.s.p, value->as.s.len);
    if (strlen(text.p) != text.len || !is_affordable(text.p) || regcomp(&pattern->compiled, text.p, REG_EXTENDED | REG_NOSUB) != 0)
        return sbx_fail(query->request, 0x2681, "Syntax error in regular expression");
    pattern->next = query->patterns;
    query->patterns = pattern;
    node->pattern = &pattern->compiled;
    return 0;
}

void sbx_match_free(sbx_query *query)
{
    for (sbx_pattern *pattern = query->patterns; pattern != NULL; pattern = pattern->next)
        regfree(&pattern->compiled);
    query->patterns = NULL;
}

void sbx_eval_match(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value value;
    sbx_text text;

    *out = SBX_NO_VALUE;
    if (node->pattern == NULL || !subject(scope, node, &value))
        return;
    text = sbx_copy(scope->query->request->arena, value.as.s.p, value.as.s.len);
    set(out, node, regexec(node->pattern, text.p, 0, NULL, 0) == 0);
}
