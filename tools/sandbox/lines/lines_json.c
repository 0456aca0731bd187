/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Reads OpenTSDB JSON: an object {"metric":,"timestamp":,"value":,"tags":{}} or an array of them. Knows nothing of tables.
 * All numbers are doubles there, also those of times and tags.
 */
#include "lines.h"

#include <float.h>
#include <jansson.h>
#include <string.h>
#include <strings.h>

enum { BAD_JSON = 0x0221, BAD_TYPE = 0x0222, OUT_OF_RANGE = 0x0224, BAD_TIME = 0x0127, OUT_OF_PLACE = 0x3002, TOO_LONG = 0x2642 };

typedef struct kind {
    const char *names[2];
    sbx_type_id type;
    double least;
    double most;
} kind;

/* BIGINT saturates. */
static const kind kinds[] = {
    {{"i8", "tinyint"}, SBX_TINYINT, INT8_MIN, INT8_MAX},
    {{"i16", "smallint"}, SBX_SMALLINT, INT16_MIN, INT16_MAX},
    {{"i32", "int"}, SBX_INT, INT32_MIN, INT32_MAX},
    {{"i64", "bigint"}, SBX_BIGINT, -DBL_MAX, DBL_MAX},
    {{"f32", "float"}, SBX_FLOAT, -(double)FLT_MAX, (double)FLT_MAX},
    {{"f64", "double"}, SBX_DOUBLE, -DBL_MAX, DBL_MAX},
};

/* Keys are found in any case. */
static json_t *member(json_t *object, const char *name)
{
    const char *key;
    json_t *value;

    json_object_foreach(object, key, value)
        if (strcasecmp(key, name) == 0)
            return value;
    return NULL;
}

static int64_t saturated(double d)
{
    if (d >= 9223372036854775808.0)
        return INT64_MAX;
    return d <= -9223372036854775808.0 ? INT64_MIN : (int64_t)d;
}

static int typed_number(double d, const char *type, sbx_value *out)
{
    size_t i = 0, count = sizeof kinds / sizeof kinds[0];

    while (i < count && strcasecmp(type, kinds[i].names[0]) != 0 && strcasecmp(type, kinds[i].names[1]) != 0)
        i++;
    if (i == count)
        return BAD_TYPE;
    if (!(d >= kinds[i].least && d <= kinds[i].most))
        return OUT_OF_RANGE;
    out->type = kinds[i].type;
    if (out->type == SBX_DOUBLE)
        out->as.d = d;
    else if (out->type == SBX_FLOAT)
        out->as.d = (double)(float)d;
    else
        out->as.i = saturated(d);
    return 0;
}

static int typed_string(sbx_arena *arena, const json_t *string, const char *type, sbx_value *out)
{
    size_t len = json_string_length(string);

    if (strcasecmp(type, "binary") == 0)
        out->type = SBX_VARCHAR;
    else if (strcasecmp(type, "varbinary") == 0)
        out->type = SBX_VARBINARY;
    else if (strcasecmp(type, "nchar") == 0)
        out->type = SBX_NCHAR;
    else
        return BAD_TYPE;
    if (len > (out->type == SBX_NCHAR ? SBX_LINES_MAX_NCHAR : SBX_LINES_MAX_TEXT))
        return TOO_LONG;
    out->as.s = sbx_copy(arena, json_string_value(string), len);
    return 0;
}

static int typed(sbx_arena *arena, const json_t *value, const char *type, sbx_value *out)
{
    *out = SBX_NO_VALUE;
    switch (json_typeof(value)) {
    case JSON_STRING:
        return typed_string(arena, value, type, out);
    case JSON_REAL:
        return typed_number(json_real_value(value), type, out);
    case JSON_TRUE:
    case JSON_FALSE:
        if (strcasecmp(type, "bool") != 0)
            return BAD_TYPE;
        out->type = SBX_BOOL;
        out->as.i = json_is_true(value);
        return 0;
    default:
        return BAD_TYPE;
    }
}

/* A value alone, or {"value":,"type":}. */
static int read_value(sbx_arena *arena, json_t *json, sbx_value *out)
{
    json_t *value, *type;

    switch (json_typeof(json)) {
    case JSON_STRING:
        return typed(arena, json, "binary", out);
    case JSON_REAL:
        return typed(arena, json, "double", out);
    case JSON_TRUE:
    case JSON_FALSE:
        return typed(arena, json, "bool", out);
    case JSON_OBJECT:
        value = member(json, "value");
        type = member(json, "type");
        if (json_object_size(json) != 2 || value == NULL || !json_is_string(type))
            return BAD_JSON;
        return typed(arena, value, json_string_value(type), out);
    default:
        return BAD_JSON;
    }
}

/* Digits behind the second of the unit s, ms, us, ns; -1. */
static int unit_digits(const char *unit)
{
    if (strcasecmp(unit, "s") == 0)
        return 0;
    if (strcasecmp(unit, "ms") == 0)
        return 3;
    if (strcasecmp(unit, "us") == 0)
        return 6;
    return strcasecmp(unit, "ns") == 0 ? 9 : -1;
}

/* A number's digits say its unit, as in telnet lines; an object says it itself. */
static int read_time(sbx_lines_work *work, json_t *json, int64_t *out)
{
    json_t *value = json_is_object(json) ? member(json, "value") : json;
    json_t *type = json_is_object(json) ? member(json, "type") : NULL;
    double d = json_is_real(value) ? json_real_value(value) : -1;
    int digits;

    if (!json_is_real(value) || (json_is_object(json) && (json_object_size(json) != 2 || !json_is_string(type))))
        return sbx_fail(work->request, BAD_TIME, "invalidate json");
    if (d >= 9223372036854775807.0)
        return sbx_fail(work->request, BAD_TIME, "timestamp is too large");
    if (d < 0)
        return sbx_fail(work->request, BAD_TIME, "timestamp is negative");
    if (!(d > 0)) {
        *out = sbx_lines_now(work);
        return 0;
    }
    if (type == NULL && sbx_lines_opentsdb_time(work, sbx_format(work->request->arena, "%lld", (long long)d), out))
        return 0;
    if (type == NULL)
        return sbx_fail(work->request, BAD_TIME, "timestamp precision can only be seconds(10 digits) or milli seconds(13 digits)");
    digits = unit_digits(json_string_value(type));
    if (digits < 0)
        return sbx_lines_fail_static(work, BAD_TIME);
    *out = sbx_lines_time(work, (int64_t)d, digits);
    return 0;
}

static int read_tags(sbx_lines_work *work, json_t *json, sbx_pairs *out)
{
    sbx_arena *arena = work->request->arena;
    const char *key;
    json_t *value;

    *out = (sbx_pairs){0};
    if (!json_is_object(json) || json_object_size(json) == 0)
        return sbx_lines_fail_static(work, BAD_JSON);
    json_object_foreach(json, key, value) {
        sbx_pair pair = {.key = sbx_copy(arena, key, strlen(key))};
        int code;

        if (pair.key.len == 0 || pair.key.len > SBX_MAX_COLUMN_NAME)
            return sbx_lines_fail_static(work, 0x021F);
        pair.shown = pair.key;
        code = read_value(arena, value, &pair.value);
        if (code != 0)
            return sbx_lines_fail_static(work, code);
        sbx_lines_add_pair(work, out, &pair);
    }
    return 0;
}

static int read_child(sbx_lines_work *work, const json_t *metric, json_t *json, sbx_line_child **out)
{
    sbx_arena *arena = work->request->arena;
    sbx_text name = sbx_copy(arena, json_string_value(metric), json_string_length(metric));
    char *written = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY);
    sbx_text identity = sbx_format(arena, "%s%s", name.p, written == NULL ? "" : written);
    sbx_pairs tags;

    free(written);
    *out = sbx_lines_child(work, identity);
    if (*out != NULL)
        return 0;
    if (read_tags(work, json, &tags) != 0)
        return work->request->err.code;
    *out = sbx_lines_add_child(work, identity, name, name, tags);
    return 0;
}

static int read_point(sbx_lines_work *work, json_t *point)
{
    json_t *metric = member(point, "metric"), *time = member(point, "timestamp");
    json_t *value = member(point, "value"), *tags = member(point, "tags");
    sbx_pair field = {.key = SBX_TEXT("_value"), .shown = SBX_TEXT("_value")};
    sbx_pairs fields = {0};
    sbx_line_child *child;
    int64_t at;
    int code;

    if (json_object_size(point) != 4 || !json_is_string(metric) || time == NULL || value == NULL || tags == NULL)
        return sbx_lines_fail_static(work, BAD_JSON);
    if (json_string_length(metric) == 0 || json_string_length(metric) > SBX_MAX_TABLE_NAME)
        return sbx_lines_fail_static(work, 0x020A);
    code = read_value(work->request->arena, value, &field.value);
    if (code == 0 && !sbx_type_is_number(field.value.type) && field.value.type != SBX_BOOL)
        code = OUT_OF_PLACE;
    if (code != 0)
        return sbx_lines_fail_static(work, code);
    if (read_child(work, metric, tags, &child) != 0 || read_time(work, time, &at) != 0)
        return work->request->err.code;
    sbx_lines_add_pair(work, &fields, &field);
    sbx_lines_add_point(work, child, fields, at);
    return 0;
}

static int read_root(sbx_lines_work *work, json_t *root)
{
    if (json_is_object(root))
        return read_point(work, root);
    if (!json_is_array(root))
        return sbx_lines_fail_static(work, BAD_JSON);
    if (json_array_size(root) == 0)
        return sbx_lines_fail_static(work, 0x070F);
    for (size_t i = 0; i < json_array_size(root); i++)
        if (read_point(work, json_array_get(root, i)) != 0)
            break;
    return work->request->err.code;
}

int sbx_read_opentsdb_json(sbx_lines_work *work, sbx_text body)
{
    json_error_t error;
    json_t *root = json_loadb(body.p, body.len, JSON_DECODE_INT_AS_REAL | JSON_REJECT_DUPLICATES | JSON_DISABLE_EOF_CHECK, &error);
    int code;

    if (root == NULL)
        return sbx_lines_fail_static(work, json_error_code(&error) == json_error_duplicate_key ? 0x263C : BAD_JSON);
    code = read_root(work, root);
    json_decref(root);
    return code;
}
