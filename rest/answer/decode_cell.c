/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One cell, whatever it is and wherever the pieces cut it: gathered in the arena, then turned into its value. Knows no rows. */
#include "answer/decode_parts.h"

#include "base/number.h"
#include "base/text.h"
#include "base/utc.h"

#include <string.h>

/* Text is copied in steps that the arena has room for. */
enum { STEP = 4096 };

static tdri_column *current(tdri_decode *decode)
{
    return &decode->block.columns[decode->column];
}

static const char *done(tdri_decode *decode, const char *p)
{
    decode->column++;
    decode->state = TDRI_BEHIND_CELL;
    return p;
}

static char *cell_text(const tdri_decode *decode, size_t *len)
{
    size_t start = decode->block.row_start + decode->cell_at;

    *len = decode->block.arena_len - start;
    return decode->block.arena + start;
}

/* The gathered text of a cell that keeps no text is no longer needed. */
static void drop_text(tdri_decode *decode)
{
    decode->block.arena_len = decode->block.row_start + decode->cell_at;
}

/* `len` bytes of the gathered text stay, as the value of a text column. */
static const char *keep_text(tdri_decode *decode, const char *p, size_t len)
{
    tdri_column *c = current(decode);
    size_t start = decode->block.row_start + decode->cell_at;

    c->offset[decode->block.rows] = (uint32_t)start;
    c->length[decode->block.rows] = (uint32_t)len;
    decode->block.arena[start + len] = '\0';
    decode->block.arena_len = start + len + 1;
    return done(decode, p);
}

static const char *keep_null(tdri_decode *decode, const char *p)
{
    drop_text(decode);
    tdri_decode_set_null(decode, current(decode), decode->block.rows);
    return done(decode, p);
}

static const char *bad_value(tdri_decode *decode, const char *p)
{
    const tdrest_column *c = &current(decode)->pub;

    return tdri_decode_fail(decode, p, TDREST_EANSWER, "column %zu (%.64s) has a value that is not a valid %.32s",
                            decode->column, c->name, c->type_name);
}

/* 1 when the moment went into the row; else what it is instead is reported. */
static int put_time(tdri_decode *decode, const tdri_moment *moment, const char *p)
{
    tdri_column *c = current(decode);
    size_t row = decode->block.rows;
    int precision = tdri_utc_precision(moment->digits);

    if (c->pub.precision == TDREST_PRECISION_UNKNOWN)
        c->pub.precision = precision;
    if (precision > c->pub.precision) {
        tdri_decode_fail(decode, p, TDREST_EANSWER, "column %zu (%.64s) has a timestamp with %d fraction digits after one with at most %d",
                         decode->column, c->pub.name, (int)moment->digits, c->pub.precision);
        return 0;
    }
    if (!tdri_utc_count(moment, c->pub.precision, &((int64_t *)c->values)[row])) {
        tdri_decode_fail(decode, p, TDREST_EANSWER, "column %zu (%.64s) has a timestamp beyond 64 bits", decode->column, c->pub.name);
        return 0;
    }
    c->zone_min[row] = moment->zone_min;
    c->digits[row] = (uint8_t)moment->digits;
    return 1;
}

/* "Z" is exact. Other offsets are cut to minutes, so that before 1972 the zone's periods must tell the instant. */
static int is_exact(const tdri_decode *decode, const char *text, size_t len, const tdri_moment *moment)
{
    return decode->zone == NULL || moment->second >= decode->zone->until || text[len - 1] == 'Z';
}

/* The instant behind an offset that may have had seconds; then it is one in UTC. 1; 0 when it cannot be told, which is reported. */
static int find_instant(tdri_decode *decode, tdri_moment *moment, const char *p)
{
    const int64_t wall = moment->second + (int64_t)moment->zone_min * 60;
    int64_t second;

    if (!tdri_zone_instant(decode->zone, wall, moment->zone_min, &second)) {
        tdri_decode_fail(decode, p, TDREST_EANSWER, "column %zu (%.64s) has a time before 1972, and %s, so the seconds that the "
                         "server cuts off its offset are unknown: use timezone=UTC, or install zone files (tzdata) like the server's",
                         decode->column, current(decode)->pub.name, decode->zone->count == 0
                         ? "its time zone is not known here" : "the zone file here has no such offset for it");
        return 0;
    }
    if (second != moment->second)
        moment->zone_min = 0;
    moment->second = second;
    return 1;
}

static const char *keep_time(tdri_decode *decode, const char *p)
{
    tdri_moment moment;
    size_t len;
    const char *text = cell_text(decode, &len);

    if (!tdri_utc_parse(text, len, &moment))
        return bad_value(decode, p);
    if (!is_exact(decode, text, len, &moment) && !find_instant(decode, &moment, p))
        return NULL;
    if (!put_time(decode, &moment, p))
        return NULL;
    drop_text(decode);
    return done(decode, p);
}

/* A string is complete, its text decoded in the arena. */
static const char *finish_text(tdri_decode *decode, const char *p)
{
    size_t len;
    char *text = cell_text(decode, &len);

    switch (current(decode)->kind) {
    case TDRI_KIND_TIME:
        return keep_time(decode, p);
    case TDRI_KIND_HEX:
        return tdri_hex_decode(text, len, text) ? keep_text(decode, p, len / 2) : bad_value(decode, p);
    case TDRI_KIND_DECIMAL:
        return tdri_decimal_is(text, len) ? keep_text(decode, p, len) : bad_value(decode, p);
    default:
        return keep_text(decode, p, len);
    }
}

/* How long a cell is comes out at another byte with each way the answer is cut: its begin is told. */
static int within_cell_limit(tdri_decode *decode, const char *p)
{
    size_t len;

    (void)cell_text(decode, &len);
    if (len <= decode->limits.max_cell_bytes)
        return 1;
    tdri_decode_fail(decode, p, TDREST_EANSWER, "column %zu (%.64s) has a cell larger than max_cell_bytes (%zu)",
                     decode->column, current(decode)->pub.name, decode->limits.max_cell_bytes);
    decode->err->offset = decode->cell_from;
    return 0;
}

/* One that is cut or broken is left to tdri_decode_escape, byte by byte, so that the place told does not depend on the cut. */
static const char *text_escape(tdri_decode *decode, const char *p, const char *end)
{
    tdrest_block *block = &decode->block;
    size_t decoded, len = tdri_escape_decode(p, (size_t)(end - p), block->arena + block->arena_len, &decoded);

    if (len == 0 || len == SIZE_MAX) {
        decode->escape_len = 0;
        decode->state = TDRI_IN_ESCAPE;
        return p;
    }
    block->arena_len += decoded;
    return p + len;
}

/* At the byte that ended a run of plain ones: the closing quote, an escape, or what must not stand there. */
static const char *text_special(tdri_decode *decode, const char *p, const char *end)
{
    if (*p == '"')
        return within_cell_limit(decode, p) ? finish_text(decode, p + 1) : NULL;
    if (*p == '\\')
        return text_escape(decode, p, end);
    return tdri_decode_fail(decode, p, TDREST_EANSWER, "a string contains the control byte 0x%02x", (unsigned)(unsigned char)*p);
}

/* Plain bytes and two-byte escapes, up to whatever else; the byte there. */
static const char *text_run(tdrest_block *block, const char *p, const char *stop)
{
    char *to = block->arena + block->arena_len;

    for (;;) {
        const char *run = tdri_plain_copy(p, stop, to);

        to += run - p;
        p = run;
        if (stop - p < 2 || *p != '\\' || tdri_escaped[(unsigned char)p[1]] == '\0')
            break;
        *to++ = tdri_escaped[(unsigned char)p[1]];
        p += 2;
    }
    block->arena_len = (size_t)(to - block->arena);
    return p;
}

const char *tdri_decode_text(tdri_decode *decode, const char *p, const char *end)
{
    const char *stop;

    while (p != NULL && p < end && decode->state == TDRI_IN_TEXT) {
        stop = end - p > STEP ? p + STEP : end;
        if (!within_cell_limit(decode, p))
            return NULL;
        /* The closing quote, in stop - p, leaves room for the NUL; an escape may reach beyond stop. */
        if (!tdri_decode_room(decode, p, (size_t)(stop - p) + TDRI_ESCAPE_OUT))
            return decode->full ? p : NULL;
        while (p != NULL && p < stop && decode->state == TDRI_IN_TEXT) {
            p = text_run(&decode->block, p, stop);
            if (p < stop)
                p = text_special(decode, p, end);
        }
    }
    return p;
}

const char *tdri_decode_escape(tdri_decode *decode, const char *p, const char *end)
{
    tdrest_block *block = &decode->block;
    size_t took = 0, got = 0;

    if (!tdri_decode_room(decode, p, TDRI_ESCAPE_OUT))
        return decode->full ? p : NULL;
    for (; p < end && took == 0; p++) {
        decode->escape[decode->escape_len++] = *p;
        took = tdri_escape_decode(decode->escape, decode->escape_len, block->arena + block->arena_len, &got);
        if (took == SIZE_MAX)
            return tdri_decode_fail(decode, p, TDREST_EANSWER, "a string contains an invalid escape");
    }
    if (took != 0) {
        block->arena_len += got;
        decode->state = TDRI_IN_TEXT;
    }
    return p;
}

/* Integers: within [low, high] or refused. */
static int put_signed(tdri_column *c, size_t row, const char *text, const char *end)
{
    int64_t v;

    if (tdri_int64_parse(text, end, &v) != end)
        return 0;
    switch (c->kind) {
    case TDRI_KIND_I8: ((int8_t *)c->values)[row] = (int8_t)v; return v == (int8_t)v;
    case TDRI_KIND_I16: ((int16_t *)c->values)[row] = (int16_t)v; return v == (int16_t)v;
    case TDRI_KIND_I32: ((int32_t *)c->values)[row] = (int32_t)v; return v == (int32_t)v;
    default: ((int64_t *)c->values)[row] = v; return 1;
    }
}

static int put_unsigned(tdri_column *c, size_t row, const char *text, const char *end)
{
    uint64_t v;

    if (tdri_uint64_parse(text, end, &v) != end)
        return 0;
    switch (c->kind) {
    case TDRI_KIND_U8: ((uint8_t *)c->values)[row] = (uint8_t)v; return v <= UINT8_MAX;
    case TDRI_KIND_U16: ((uint16_t *)c->values)[row] = (uint16_t)v; return v <= UINT16_MAX;
    case TDRI_KIND_U32: ((uint32_t *)c->values)[row] = (uint32_t)v; return v <= UINT32_MAX;
    default: ((uint64_t *)c->values)[row] = v; return 1;
    }
}

static int put_bool(tdri_column *c, size_t row, const char *text, size_t len)
{
    ((uint8_t *)c->values)[row] = len == 4;
    return (len == 4 && memcmp(text, "true", 4) == 0) || (len == 5 && memcmp(text, "false", 5) == 0);
}

/* An infinite value means that the text was beyond the type's range. */
static int put_float(tdri_column *c, size_t row, const char *text, const char *end)
{
    float v;

    if (tdri_float_parse(text, end, &v) != end)
        return 0;
    ((float *)c->values)[row] = v;
    return v - v == 0;
}

static int put_double(tdri_column *c, size_t row, const char *text, const char *end)
{
    double v;

    if (tdri_double_parse(text, end, &v) != end)
        return 0;
    ((double *)c->values)[row] = v;
    return v - v == 0;
}

/* A scalar is complete, its text in the arena. */
static int put_scalar(tdri_decode *decode, const char *text, size_t len)
{
    tdri_column *c = current(decode);
    size_t row = decode->block.rows;

    switch (c->kind) {
    case TDRI_KIND_BOOL: return put_bool(c, row, text, len);
    case TDRI_KIND_I8: case TDRI_KIND_I16: case TDRI_KIND_I32: case TDRI_KIND_I64:
        return put_signed(c, row, text, text + len);
    case TDRI_KIND_U8: case TDRI_KIND_U16: case TDRI_KIND_U32: case TDRI_KIND_U64:
        return put_unsigned(c, row, text, text + len);
    case TDRI_KIND_F32: return put_float(c, row, text, text + len);
    case TDRI_KIND_F64: return put_double(c, row, text, text + len);
    default: return 0;
    }
}

static int keeps_raw(const tdri_column *c)
{
    return c->kind == TDRI_KIND_JSON || c->kind == TDRI_KIND_RAW;
}

static const char *finish_raw(tdri_decode *decode, const char *p)
{
    size_t len;
    const char *text = cell_text(decode, &len);

    if (!within_cell_limit(decode, p))
        return NULL;
    if (len == 4 && memcmp(text, "null", 4) == 0)
        return keep_null(decode, p);
    if (keeps_raw(current(decode)))
        return tdri_json_skip(text, text + len) == text + len ? keep_text(decode, p, len) : bad_value(decode, p);
    if (!put_scalar(decode, text, len))
        return bad_value(decode, p);
    drop_text(decode);
    return done(decode, p);
}

static int is_delimiter(char c)
{
    return c == ',' || c == ']' || c == '}' || tdri_json_is_space(c);
}

/* 1 when the value that began with `first` ends before c (scalars) or with it (the rest). */
static int raw_ends(tdri_track *track, char first, char c)
{
    if (first != '{' && first != '[' && first != '"')
        return is_delimiter(c);
    tdri_track_byte(track, c);
    return track->depth == 0 && !track->in_string;
}

const char *tdri_decode_raw(tdri_decode *decode, const char *p, const char *end)
{
    tdrest_block *block = &decode->block;
    const char *stop = end - p > STEP ? p + STEP : end;
    const char first = decode->raw_first;

    if (!within_cell_limit(decode, p))
        return NULL;
    if (!tdri_decode_room(decode, p, (size_t)(stop - p) + 1))
        return decode->full ? p : NULL;
    for (; p < stop; p++) {
        int ends = raw_ends(&decode->track, first, *p);

        if (ends && first != '{' && first != '[' && first != '"')
            return finish_raw(decode, p);
        block->arena[block->arena_len++] = *p;
        if (ends)
            return finish_raw(decode, p + 1);
    }
    return p;
}

const char *tdri_decode_cell(tdri_decode *decode, const char *p, const char *end)
{
    const char *from = p;
    const tdri_column *c;

    p = tdri_decode_plain_cells(decode, p, end);
    if (p != from || decode->state != TDRI_AT_CELL)
        return p;
    if (tdri_json_is_space(*p))
        return p + 1;
    c = current(decode);
    decode->cell_from = decode->offset + (p - decode->piece);
    decode->cell_at = decode->block.arena_len - decode->block.row_start;
    if (*p == '"' && !keeps_raw(c)) {
        if (!tdri_kind_is_text(c->kind) && c->kind != TDRI_KIND_TIME)
            return bad_value(decode, p);
        decode->state = TDRI_IN_TEXT;
        return p + 1;
    }
    if (((*p == '{' || *p == '[') && !keeps_raw(c)) || is_delimiter(*p))
        return bad_value(decode, p);
    decode->member_text |= *p == '"' && c->kind == TDRI_KIND_JSON;
    decode->raw_first = *p;
    memset(&decode->track, 0, sizeof decode->track);
    decode->state = TDRI_IN_RAW;
    return p;
}
