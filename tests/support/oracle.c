/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Another reading of an answer, to compare cells with. */
#include "oracle.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void tdrt_oracle_begin(tdrt_oracle *oracle, const char *name, const char *body, size_t len)
{
    const char *data = strstr(body, "\"data\":[");

    memset(oracle, 0, sizeof *oracle);
    oracle->name = name;
    oracle->p = data == NULL ? body + len : data + 8;
    oracle->end = body + len;
}

/* The next cell's text; 0 at the end of the rows. Commas and brackets of rows are passed over. */
static int next_cell(tdrt_oracle *o, const char **text, size_t *len)
{
    int depth = 0, quoted = 0;

    while (o->p < o->end && (*o->p == ',' || *o->p == '['))
        o->p++;
    if (o->p < o->end && *o->p == ']') {
        o->p++;
        return o->p < o->end && *o->p == ',' && o->p[1] == '[' ? next_cell(o, text, len) : 0;
    }
    *text = o->p;
    for (; o->p < o->end; o->p++) {
        if (quoted && *o->p == '\\')
            o->p++;
        else if (*o->p == '"')
            quoted = !quoted;
        else if (!quoted && (*o->p == '{' || *o->p == '['))
            depth++;
        else if (!quoted && depth > 0 && (*o->p == '}' || *o->p == ']'))
            depth--;
        else if (!quoted && depth == 0 && (*o->p == ',' || *o->p == ']'))
            break;
    }
    *len = (size_t)(o->p - *text);
    return 1;
}

static int64_t integer(const tdri_column *c, size_t row)
{
    switch (c->kind) {
    case TDRI_KIND_I8: return ((const int8_t *)c->values)[row];
    case TDRI_KIND_I16: return ((const int16_t *)c->values)[row];
    case TDRI_KIND_I32: return ((const int32_t *)c->values)[row];
    case TDRI_KIND_U8: return ((const uint8_t *)c->values)[row];
    case TDRI_KIND_U16: return ((const uint16_t *)c->values)[row];
    case TDRI_KIND_U32: return ((const uint32_t *)c->values)[row];
    default: return ((const int64_t *)c->values)[row];
    }
}

/* libc's calendar, for the years it can hold. */
static int same_time(const tdri_column *c, size_t row, const char *text)
{
    struct tm t;
    int64_t unit = c->pub.precision == TDREST_MS ? 1000 : c->pub.precision == TDREST_US ? 1000000 : 1000000000;
    int64_t fraction = 0, zone = 0;
    int digits = 0, n = 0;

    memset(&t, 0, sizeof t);
    if (sscanf(text, "%d-%d-%dT%d:%d:%d%n", &t.tm_year, &t.tm_mon, &t.tm_mday, &t.tm_hour, &t.tm_min, &t.tm_sec, &n) != 6)
        return 0;
    for (text += n; *text == '.' || (*text >= '0' && *text <= '9'); text++)
        if (*text != '.') {
            fraction = fraction * 10 + (*text - '0');
            digits++;
        }
    for (; digits < c->pub.precision; digits++)
        fraction *= 10;
    if (*text != 'Z') {
        int hours, minutes;

        if (sscanf(text + 1, "%d:%d", &hours, &minutes) != 2)
            return 0;
        zone = (*text == '-' ? -1 : 1) * (hours * 60 + minutes);
    }
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    return ((const int64_t *)c->values)[row] == (int64_t)(timegm(&t) - zone * 60) * unit + fraction && c->zone_min[row] == zone;
}

static int same_hex(const char *bytes, size_t len, const char *hex, size_t hex_len)
{
    if (hex_len != 2 * len)
        return 0;
    for (size_t i = 0; i < len; i++) {
        unsigned byte;

        if (sscanf(hex + 2 * i, "%2x", &byte) != 1 || byte != (unsigned char)bytes[i])
            return 0;
    }
    return 1;
}

static int same_json(const char *text, size_t len, const json_t *cell)
{
    json_t *ours = json_loadb(text, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    int same = ours != NULL && json_equal(ours, cell);

    json_decref(ours);
    return same;
}

static int same_value(const tdri_column *c, size_t row, const char *arena, const json_t *cell, const char *raw)
{
    const char *text = c->length == NULL ? NULL : arena + c->offset[row];
    size_t len = c->length == NULL ? 0 : c->length[row];
    float f;
    double d;

    switch (c->kind) {
    case TDRI_KIND_BOOL: return json_is_boolean(cell) && json_is_true(cell) == (((const uint8_t *)c->values)[row] == 1);
    case TDRI_KIND_F32: f = strtof(raw, NULL); return memcmp(&f, (const float *)c->values + row, sizeof f) == 0;
    case TDRI_KIND_F64: d = strtod(raw, NULL); return memcmp(&d, (const double *)c->values + row, sizeof d) == 0;
    case TDRI_KIND_TIME: return json_is_string(cell) && same_time(c, row, json_string_value(cell));
    case TDRI_KIND_TEXT: case TDRI_KIND_DECIMAL:
        return json_is_string(cell) && json_string_length(cell) == len && memcmp(json_string_value(cell), text, len) == 0;
    case TDRI_KIND_HEX: return json_is_string(cell) && same_hex(text, len, json_string_value(cell), json_string_length(cell));
    case TDRI_KIND_JSON: case TDRI_KIND_RAW: return same_json(text, len, cell);
    default: return json_is_integer(cell) && json_integer_value(cell) == integer(c, row);
    }
}

static void compare(tdrt_oracle *o, const tdri_column *c, size_t row, const char *arena)
{
    const char *raw = NULL;
    size_t len = 0;
    json_t *cell;
    int same;

    if (!next_cell(o, &raw, &len)) {
        o->wrong++;
        return;
    }
    o->cells++;
    cell = json_loadb(raw, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    if (cell == NULL) {
        o->unread++;
        return;
    }
    same = json_is_null(cell) ? tdri_column_is_null(c, row)
                              : !tdri_column_is_null(c, row) && same_value(c, row, arena, cell, raw);
    if (!same) {
        fprintf(stderr, "%s: row %zu, %s is not %.*s\n", o->name, row, c->pub.name, (int)len, raw);
        o->wrong++;
    }
    json_decref(cell);
}

void tdrt_oracle_block(void *oracle, const tdri_decode *decode)
{
    const tdrest_block *block = &decode->block;

    for (size_t row = 0; row < block->rows; row++)
        for (size_t i = 0; i < block->column_count; i++)
            compare((tdrt_oracle *)oracle, &block->columns[i], row, block->arena);
}

void tdrt_oracle_end(tdrt_oracle *oracle)
{
    const char *text;
    size_t len;

    while (next_cell(oracle, &text, &len))
        oracle->wrong++;
}
