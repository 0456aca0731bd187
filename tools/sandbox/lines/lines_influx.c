/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Reads InfluxDB line protocol: measurement,tag=v field=v,field=v time. Knows nothing of tables. */
#include "lines.h"

#include <string.h>

/* Of tags the server's library does not say who complains. */
static int fail_by(const sbx_line_reader *r, const char *who, int code, const char *message, const char *at)
{
    return sbx_line_fail(r, code, sbx_format(r->work->request->arena, "%s%s", who, message).p, at);
}

static int after_backslash(const sbx_line_reader *r, const char *at)
{
    return at > r->from && at[-1] == '\\';
}

/* A character that a backslash before it would make plain. */
static int is_bare(const sbx_line_reader *r, char c)
{
    return *r->at == c && !after_backslash(r, r->at);
}

/* Up to a bare `=`, which is passed over. */
static int read_key(sbx_line_reader *r, const char *who, sbx_pair *pair)
{
    const char *from = r->at;
    size_t len = 0;

    while (r->at < r->end) {
        if (is_bare(r, ' ') || is_bare(r, ','))
            return fail_by(r, who, 0x3002, "invalid data", r->at);
        r->at++;
        if (r->at[-1] == '=' && !after_backslash(r, r->at - 1)) {
            len = (size_t)(r->at - 1 - from);
            break;
        }
    }
    pair->key = sbx_line_unescaped(r->work->request->arena, (sbx_text){from, len}, ", =");
    if (pair->key.len == 0 || pair->key.len > SBX_MAX_COLUMN_NAME)
        return fail_by(r, who, 0x021F, "invalid key or key is too long than 64", from);
    pair->shown = pair->key.len != len ? pair->key : (sbx_text){from, (size_t)(r->body_end - from)};
    return 0;
}

static int read_tag_value(sbx_line_reader *r, sbx_pair *pair)
{
    const char *from = r->at;

    for (; r->at < r->end && !is_bare(r, ' ') && !is_bare(r, ','); r->at++)
        if (is_bare(r, '='))
            return sbx_line_fail(r, 0x3002, "invalid data", r->at);
    if (r->at == from)
        return sbx_line_fail(r, 0x3002, "invalid value", from);
    return sbx_line_tag(r, sbx_line_unescaped(r->work->request->arena, (sbx_text){from, (size_t)(r->at - from)}, ", ="), &pair->value);
}

/* Quotes hide blanks and commas; a backslash that is itself behind one hides no quote. */
static int scan_field_value(sbx_line_reader *r, int *quotes)
{
    const char *escaped = NULL; /* the last character that a backslash made plain */

    for (*quotes = 0; r->at < r->end; r->at++) {
        int hidden = after_backslash(r, r->at) && r->at - 1 != escaped;

        if (*r->at == '"' && !hidden) {
            if (++*quotes > 2)
                return 0;
        } else if (*quotes % 2 == 0 && (is_bare(r, ' ') || is_bare(r, ','))) {
            break;
        } else if ((*r->at == '"' || *r->at == '\\') && hidden) {
            escaped = r->at;
        }
    }
    return *quotes == 0 || *quotes == 2;
}

static int read_field_value(sbx_line_reader *r, sbx_pair *pair)
{
    const char *from = r->at;
    const char *message;
    int quotes, code;

    if (!scan_field_value(r, &quotes))
        return sbx_line_fail(r, 0x3002, "SML line unbalanced quotes", from);
    if (r->at == from)
        return sbx_line_fail(r, 0x3002, "SML line invalid value", from);
    code = sbx_line_value(r->work->request->arena, (sbx_text){from, (size_t)(r->at - from)}, &pair->value, &message);
    if (code != 0 && message == NULL)
        return sbx_lines_fail_static(r->work, code);
    return code == 0 ? 0 : sbx_line_fail(r, code, message, from);
}

/* key=value,key=value up to a bare blank. */
static int read_pairs(sbx_line_reader *r, const char *who, int (*read_value)(sbx_line_reader *, sbx_pair *), sbx_pairs *out)
{
    *out = (sbx_pairs){0};
    while (r->at < r->end && !is_bare(r, ' ')) {
        sbx_pair pair;

        if (read_key(r, who, &pair) != 0 || read_value(r, &pair) != 0)
            return r->work->request->err.code;
        sbx_lines_add_pair(r->work, out, &pair);
        if (r->at < r->end && *r->at == ',')
            r->at++;
    }
    return 0;
}

/* The measurement, then its tags where the child table is a new one. */
static int read_child(sbx_line_reader *r, sbx_line_child **out)
{
    const char *from = r->at, *end;
    sbx_text measure, name, identity;
    sbx_pairs tags;

    while (r->at < r->end && !is_bare(r, ',') && !is_bare(r, ' '))
        r->at++;
    measure = (sbx_text){from, (size_t)(r->at - from)};
    name = sbx_line_unescaped(r->work->request->arena, measure, ", ");
    if (name.len == 0 || name.len > SBX_MAX_TABLE_NAME)
        return sbx_fail(r->work->request, 0x020A, "SML line measure is empty or too large than 192");
    for (end = r->at; end < r->end && (*end != ' ' || after_backslash(r, end)); end++)
        ;
    identity = (sbx_text){from, (size_t)(end - from)};
    *out = sbx_lines_child(r->work, identity);
    if (*out == NULL) {
        if (r->at < r->end && *r->at == ',')
            r->at++;
        if (read_pairs(r, "", read_tag_value, &tags) != 0)
            return r->work->request->err.code;
        *out = sbx_lines_add_child(r->work, identity, measure, name, tags);
    }
    r->at = end;
    return 0;
}

/* The parameter precision says what the number counts. */
static int time_in_units(const sbx_lines_work *work, int64_t count, int64_t *out)
{
    int64_t factor = 1;
    int digits = 9;

    switch (work->options->unit) {
    case 'h': factor = 3600; digits = 0; break;
    case 'm': factor = 60; digits = 0; break;
    case 's': digits = 0; break;
    case 'a': digits = 3; break;
    case 'u': digits = 6; break;
    default: break;
    }
    if (count > INT64_MAX / factor)
        return 0;
    *out = sbx_lines_time(work, count * factor, digits);
    return 1;
}

/* What stands behind the time is not looked at. */
static int read_time(sbx_line_reader *r, int64_t *out)
{
    const char *from = r->at;
    sbx_text text;
    int64_t count;

    while (r->at < r->end && *r->at != ' ' && (*r->at < '\t' || *r->at > '\r'))
        r->at++;
    text = (sbx_text){from, (size_t)(r->at - from)};
    if (text.len == 0 || sbx_text_is(text, "0")) {
        *out = sbx_lines_now(r->work);
        return 0;
    }
    if (!sbx_lines_integer(text, &count) || count <= 0 || !time_in_units(r->work, count, out))
        return sbx_line_fail(r, 0x0127, "SML line invalid timestamp", from);
    return 0;
}

static int read_line(sbx_line_reader *r)
{
    sbx_line_child *child;
    sbx_pairs fields;
    int64_t time = 0;

    sbx_line_skip_spaces(r);
    if (r->at < r->end && *r->at == ',')
        return sbx_lines_fail_static(r->work, 0x3002);
    if (read_child(r, &child) != 0)
        return r->work->request->err.code;
    sbx_line_skip_spaces(r);
    if (read_pairs(r, "SML line ", read_field_value, &fields) != 0)
        return r->work->request->err.code;
    if (fields.count == 0)
        return sbx_fail(r->work->request, 0x3002, "SML line cols is empty");
    sbx_line_skip_spaces(r);
    if (read_time(r, &time) != 0)
        return r->work->request->err.code;
    sbx_lines_add_point(r->work, child, fields, time);
    return 0;
}

int sbx_read_influx(sbx_lines_work *work, sbx_text body)
{
    sbx_text text = sbx_strip(body);
    const char *next = text.p, *end = text.p + text.len;
    sbx_line_reader r = {.work = work, .body_end = end};

    while (next < end) {
        r.from = r.at = r.end = next;
        while (r.end < end && *r.end != '\n')
            r.end++;
        next = r.end < end ? r.end + 1 : end;
        if (*r.from != '#' && read_line(&r) != 0)
            return work->request->err.code;
    }
    if (work->point_count == 0)
        return sbx_fail(work->request, 0x3002, "line num is invalid");
    return 0;
}
