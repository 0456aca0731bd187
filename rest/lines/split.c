/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Schemaless data, line by line or point by point. Knows as much of the grammars as it takes to find times, and no values. */
#include "lines/split.h"

#include "base/text.h"
#include "base/json.h"

#include <string.h>

static const char *line_end(const char *p, const char *end)
{
    const char *lf = (const char *)memchr(p, '\n', (size_t)(end - p));

    return lf == NULL ? end : lf;
}

/* Blank lines and comments are none. */
static int is_point(int protocol, const char *p, const char *end)
{
    if (protocol == TDREST_PROTOCOL_LINE && p < end && *p == '#')
        return 0;
    while (p < end && (*p == ' ' || *p == '\t' || *p == '\r'))
        p++;
    return p < end;
}

/* ---- the points of JSON ---- */

/* From *p to the next point of an object or array: 1 and its end at *behind; 0 when there is none, with *p at what is there instead. */
static int next_point(const char **p, const char *end, const char **behind)
{
    *p = tdri_json_space(*p, end);
    *behind = *p < end && *p[0] == '{' ? tdri_json_skip(*p, end) : NULL;
    return *behind != NULL;
}

static int refuse_json(tdrest_error *err, size_t at, const char *message)
{
    return tdri_err_set_at(err, TDREST_EUSAGE, (int64_t)at, "data: %s", message);
}

/* Whether the value that begins at p is nested deeper than one that is read. */
static int is_too_deep(const char *p, const char *end)
{
    tdri_track track = {0, 0, 0};

    do
        if (p < end)
            tdri_track_byte(&track, *p++);
    while (p < end && track.depth > 0 && track.depth <= TDRI_JSON_DEPTH_MAX);
    return track.depth > TDRI_JSON_DEPTH_MAX;
}

static int expects(tdrest_error *err, const char *data, size_t len, const char *p, int is_array)
{
    if (is_too_deep(p, data + len))
        return refuse_json(err, (size_t)(p - data), "expected a data point here that is nested at most 64 deep");
    return refuse_json(err, (size_t)(p - data), is_array ? "expected a data point here: a complete JSON object" : "expected a JSON object, or an array of them");
}

/* Behind the last point. */
static int end_points(const char *data, size_t len, const char *p, size_t *pos, tdrest_error *err)
{
    p = tdri_json_space(p, data + len);
    if (p != data + len)
        return refuse_json(err, (size_t)(p - data), "expected nothing after the JSON");
    *pos = len;
    return 0;
}

int tdri_split_next_point(const char *data, size_t len, size_t *pos, size_t *at, size_t *count, tdrest_error *err)
{
    const char *end = data + len, *begin = tdri_json_space(data, end), *p = tdri_json_space(data + *pos, end), *behind;
    int is_array = begin < end && *begin == '[', is_first = *pos == 0, may_end = 1;

    if (p < end && (*p == ',' || (is_first && *p == '['))) {
        may_end = *p == '[';
        p = tdri_json_space(p + 1, end);
    } else if (!is_first && (p == end ? is_array : *p != ']')) {
        return refuse_json(err, (size_t)(p - data), "expected a comma or the end of the array");
    }
    if (may_end && (p == end ? !is_array : *p == ']'))
        return end_points(data, len, p + (p < end), pos, err);
    if (!next_point(&p, end, &behind))
        return tdri_split_refuse_nul(data, len, err) == TDREST_OK ? expects(err, data, len, p, p != begin) : TDREST_EUSAGE;
    *pos = (size_t)(behind - data);
    *at = (size_t)(p - data);
    *count = (size_t)(behind - p);
    return 1;
}

static int check_json(const char *data, size_t len, tdrest_error *err)
{
    const char *end = data + len, *p = tdri_json_space(data, end);
    int is_array = p < end && *p == '[', rc;
    size_t pos = 0, at, count;

    if (p == end)
        return refuse_json(err, len, "it contains no data point; this endpoint would report success for it");
    if (*p != '{' && !is_array)
        return expects(err, data, len, p, 0);
    rc = tdri_split_next_point(data, len, &pos, &at, &count, err);
    if (rc == 0)
        return expects(err, data, len, tdri_json_space(p + 1, end), 1);
    while (rc == 1 && is_array)
        rc = tdri_split_next_point(data, len, &pos, &at, &count, err);
    return rc == 1 ? end_points(data, len, data + pos, &pos, err) : rc;
}

/* The first point, the bracket of an array passed over. */
static const char *begin_points(const char *data, const char *end)
{
    const char *p = tdri_json_space(data, end);

    return p + (p < end && *p == '[');
}

/* What stands behind a point: the next one, or what ends the array. */
static const char *pass_comma(const char *p, const char *end)
{
    p = tdri_json_space(p, end);
    p += p < end && *p == ',';
    return tdri_json_space(p, end);
}

static int next_json(const char *data, size_t len, size_t max_bytes, size_t *pos, tdri_split_part *out)
{
    const char *end = data + len, *p = *pos == 0 ? begin_points(data, end) : data + *pos, *behind;
    int is_first = *pos == 0;

    p = tdri_json_space(p, end);
    out->offset = (size_t)(p - data);
    out->bare = 1;
    while (next_point(&p, end, &behind) && (out->points == 0 || (size_t)(behind - data) - out->offset <= max_bytes)) {
        out->len = (size_t)(behind - data) - out->offset;
        out->points = ++out->lines;
        p = pass_comma(behind, end);
        out->behind = *pos = (size_t)(p - data);
    }
    if (out->points > 0 && is_first && behind == NULL) { /* all of it: it goes as it is */
        *out = (tdri_split_part){0, len, len, out->lines, out->points, 0};
        *pos = len;
    }
    return out->points > 0;
}

/* ---- the interface ---- */

int tdri_split_refuse_nul(const char *data, size_t len, tdrest_error *err)
{
    const char *nul = len == 0 ? NULL : (const char *)memchr(data, '\0', len);

    return nul == NULL ? TDREST_OK : tdri_err_set_at(err, TDREST_EUSAGE, nul - data, "data: a NUL byte would end it early");
}

int tdri_split_check(int protocol, const char *data, size_t len, tdrest_error *err)
{
    const char *end = data + len, *p, *behind;
    int rc = tdri_split_refuse_nul(data, len, err);

    if (rc != TDREST_OK)
        return rc;
    if (protocol == TDREST_PROTOCOL_JSON)
        return check_json(data, len, err);
    for (p = data; p < end; p = behind + (behind < end)) {
        behind = line_end(p, end);
        if (is_point(protocol, p, behind))
            return TDREST_OK;
    }
    return tdri_err_set_at(err, TDREST_EUSAGE, (int64_t)len, "data: it contains no line to write");
}

int tdri_split_next(int protocol, const char *data, size_t len, size_t max_bytes, size_t *pos, tdri_split_part *out)
{
    const char *begin = data + *pos, *end = data + len, *p, *behind;

    memset(out, 0, sizeof *out);
    if (*pos == len)
        return 0;
    if (protocol == TDREST_PROTOCOL_JSON)
        return next_json(data, len, max_bytes, pos, out);
    for (p = begin; p < end; p = behind, out->lines++) {
        const char *stop = line_end(p, end);

        behind = stop + (stop < end);
        if (out->points > 0 && (size_t)(behind - begin) > max_bytes)
            break;
        out->points += is_point(protocol, p, stop);
    }
    out->offset = *pos;
    out->len = (size_t)(p - begin);
    out->behind = *pos = (size_t)(p - data);
    return 1;
}

int tdri_split_next_line(int protocol, const char *data, size_t len, size_t *pos, size_t *at, size_t *count)
{
    const char *end = data + len, *p = data + *pos, *stop;

    for (; p < end; p = stop + (stop < end)) {
        stop = line_end(p, end);
        if (!is_point(protocol, p, stop))
            continue;
        *pos = (size_t)(stop - data) + (stop < end);
        *at = (size_t)(p - data);
        *count = (size_t)(stop - p) - (stop > p && stop[-1] == '\r');
        return 1;
    }
    *pos = len;
    return 0;
}

/* ---- times ---- */

static const char *skip_blanks(const char *p, const char *end)
{
    while (p < end && *p == ' ')
        p++;
    return p;
}

/* Digits, one of them not 0, and nothing else up to a blank or the end. */
static int is_time(const char *p, const char *end)
{
    const char *first = p;
    int more_than_zero = 0;

    for (; p < end && tdri_is_digit((unsigned char)*p); p++)
        more_than_zero |= *p != '0';
    return p > first && more_than_zero && (p == end || *p == ' ' || (*p == '\r' && p + 1 == end));
}

/*
 * The blank that ends what stands at p; NULL when there is none, or it is not certain which one it is: behind two backslashes, or a quote that does not begin
 * a value. Within quotes, which only fields have, a blank is part of the text.
 */
static const char *part_end(const char *p, const char *end, int fields)
{
    const char *value = NULL;
    int quoted = 0;

    for (; p < end && (quoted || *p != ' '); p++) {
        if (fields && *p == '"') {
            if (!quoted && (value == NULL || p > value + 1))
                return NULL;
            quoted = !quoted;
        }
        if (*p == '=' && !quoted)
            value = p + 1;
        if (*p != '\\')
            continue;
        if (++p == end || (!quoted && *p == '\\'))
            return NULL;
    }
    return p < end ? p : NULL;
}

/* measurement[,tags] fields time */
static int is_timed_line(const char *p, const char *end)
{
    p = part_end(skip_blanks(p, end), end, 0);
    p = p == NULL ? NULL : part_end(skip_blanks(p, end), end, 1);
    return p != NULL && is_time(skip_blanks(p, end), end);
}

/*
 * [put ]metric time value [tags], without escapes. The adapter takes white space of any kind off the begin, and then looks for the `put`: in front
 * of something else than ASCII it is not certain which word is the metric.
 */
static int is_timed_telnet(const char *p, const char *end)
{
    p = skip_blanks(p, end);
    if (end - p >= 4 && memcmp(p, "put ", 4) == 0)
        p = skip_blanks(p + 4, end);
    if (p == end || *p < ' ' || *p > '~')
        return 0;
    while (p < end && *p != ' ')
        p++;
    return is_time(skip_blanks(p, end), end);
}

/* Digits with another than 0 in front, or an object whose value is that. An exponent can make anything of a number. */
static int is_json_time(const char *p, const char *end, int nested);

/* The members of an object called `name`, in whatever capitals: is there one, and are all of them times? p is behind the brace. */
static int has_json_time(const char *p, const char *end, const char *name, int nested)
{
    const char *at;
    int found = 0;
    size_t len;

    while (p != NULL && (p = tdri_json_member(p, end, &at, &len)) != NULL) {
        if (memchr(at, '\\', len) != NULL)
            return 0;
        if (tdri_text_is(at, len, name)) {
            if (!is_json_time(p, end, nested))
                return 0;
            found = 1;
        }
        p = tdri_json_byte(tdri_json_skip(p, end), end, ',');
    }
    return found;
}

static int is_json_time(const char *p, const char *end, int nested)
{
    if (*p == '{' && !nested)
        return has_json_time(p + 1, end, "value", 1);
    if (*p == '0')
        return 0;
    end = tdri_json_skip(p, end);
    while (p < end && tdri_is_digit((unsigned char)*p))
        p++;
    return p == end;
}

static int is_timed_json(const char *data, const char *end)
{
    const char *p = begin_points(data, end), *behind;
    int timed = 1;

    while (timed && next_point(&p, end, &behind)) {
        timed = has_json_time(p + 1, behind, "timestamp", 0);
        p = pass_comma(behind, end);
    }
    return timed;
}

int tdri_split_is_timed(int protocol, const char *data, size_t len)
{
    const char *end = data + len, *p, *behind;
    int timed = 1;

    if (protocol == TDREST_PROTOCOL_JSON)
        return is_timed_json(data, end);
    for (p = data; timed && p < end; p = behind + (behind < end)) {
        behind = line_end(p, end);
        if (is_point(protocol, p, behind))
            timed = protocol == TDREST_PROTOCOL_LINE ? is_timed_line(p, behind) : is_timed_telnet(p, behind);
    }
    return timed;
}
