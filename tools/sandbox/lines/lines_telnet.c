/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Reads OpenTSDB telnet lines: [put] metric time value tag=value tag=value. Knows nothing of tables. */
#include "lines.h"

#include <string.h>

/* A word with a blank behind it: what ends the line is none, for only tags may stand last. */
static sbx_text read_word(sbx_line_reader *r)
{
    const char *from;

    sbx_line_skip_spaces(r);
    from = r->at;
    while (r->at < r->end && *r->at != ' ')
        r->at++;
    return (sbx_text){from, r->at < r->end ? (size_t)(r->at - from) : 0};
}

/* There are no escapes. */
static int read_tag(sbx_line_reader *r, sbx_pair *pair)
{
    const char *from = r->at, *value;

    while (r->at < r->end && *r->at != '=') {
        if (*r->at == ' ')
            return sbx_line_fail(r, 0x3002, "invalid data", r->at);
        r->at++;
    }
    pair->key = (sbx_text){from, r->at < r->end ? (size_t)(r->at - from) : 0};
    pair->shown = (sbx_text){from, (size_t)(r->body_end - from)};
    if (pair->key.len == 0 || pair->key.len > SBX_MAX_COLUMN_NAME)
        return sbx_line_fail(r, 0x021F, "invalid key or key is too long than 64", from);
    value = ++r->at;
    for (; r->at < r->end && *r->at != ' '; r->at++)
        if (*r->at == '=')
            return sbx_line_fail(r, 0x3002, "invalid data", r->at);
    if (r->at == value)
        return sbx_line_fail(r, 0x0203, "invalid value", value);
    return sbx_line_tag(r, (sbx_text){value, (size_t)(r->at - value)}, &pair->value);
}

static int read_child(sbx_line_reader *r, sbx_text metric, sbx_line_child **out)
{
    sbx_text identity;
    sbx_pairs tags = {0};

    sbx_line_skip_spaces(r);
    if (r->at == r->end)
        return sbx_line_fail(r, 0x0203, "SML telnet invalid tag value", r->at);
    /* A blank parts the two: a metric has none. */
    identity = sbx_format(r->work->request->arena, "%.*s %.*s", (int)metric.len, metric.p, (int)(r->end - r->at), r->at);
    *out = sbx_lines_child(r->work, identity);
    if (*out != NULL)
        return 0;
    for (; r->at < r->end; sbx_line_skip_spaces(r)) {
        sbx_pair pair;

        if (read_tag(r, &pair) != 0)
            return r->work->request->err.code;
        sbx_lines_add_pair(r->work, &tags, &pair);
    }
    *out = sbx_lines_add_child(r->work, identity, metric, metric, tags);
    return 0;
}

static int read_line(sbx_line_reader *r)
{
    sbx_pair field = {.key = SBX_TEXT("_value"), .shown = SBX_TEXT("_value")};
    sbx_pairs fields = {0};
    sbx_text metric = read_word(r), word;
    const char *message;
    sbx_line_child *child;
    int64_t time;
    int code;

    if (metric.len == 0 || metric.len > SBX_MAX_TABLE_NAME)
        return sbx_line_fail(r, 0x020A, "SML telnet invalid measure", r->at);
    word = read_word(r);
    if (word.len == 0)
        return sbx_line_fail(r, 0x3002, "SML telnet invalid timestamp", r->at);
    if (!sbx_lines_opentsdb_time(r->work, word, &time))
        return sbx_line_fail(r, 0x0127, "SML telnet parse timestamp failed", r->at);
    word = read_word(r);
    if (word.len == 0)
        return sbx_line_fail(r, 0x0203, "SML telnet invalid value", r->at);
    code = sbx_line_value(r->work->request->arena, word, &field.value, &message);
    if (code != 0)
        return message == NULL ? sbx_lines_fail_static(r->work, code) : sbx_line_fail(r, code, message, word.p);
    if (read_child(r, metric, &child) != 0)
        return r->work->request->err.code;
    sbx_lines_add_pair(r->work, &fields, &field);
    sbx_lines_add_point(r->work, child, fields, time);
    return 0;
}

/* As the adapter hands them on: each trimmed, without "put ". */
static sbx_text tidied(sbx_arena *arena, sbx_text body)
{
    char *p = sbx_alloc(arena, body.len + 1);
    const char *at = body.p, *end = body.p + body.len;
    size_t len = 0;

    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        sbx_text line = sbx_strip((sbx_text){at, (size_t)((stop == NULL ? end : stop) - at)});

        if (line.len > 4 && memcmp(line.p, "put ", 4) == 0)
            line = sbx_strip((sbx_text){line.p + 4, line.len - 4});
        if (at != body.p)
            p[len++] = '\n';
        if (line.len != 0)
            memcpy(p + len, line.p, line.len);
        len += line.len;
        at = stop == NULL ? end : stop + 1;
    }
    return (sbx_text){p, len};
}

int sbx_read_telnet(sbx_lines_work *work, sbx_text body)
{
    sbx_text text = tidied(work->request->arena, body);
    sbx_line_reader r = {.work = work, .at = text.p, .body_end = text.p + text.len};

    while (r.at < r.body_end) {
        r.end = memchr(r.at, '\n', (size_t)(r.body_end - r.at));
        if (r.end == NULL)
            r.end = r.body_end;
        if (read_line(&r) != 0)
            return work->request->err.code;
        r.at = r.end < r.body_end ? r.end + 1 : r.body_end;
    }
    return 0;
}
