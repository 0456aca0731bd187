/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Values of one type as those of another: CAST, and what operators and FILL need of it. */
#include "select.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { NUMBER_BYTES = 400, TEXT_OF_NUMBER_BYTES = 64 };

/* ---- text as a number ---- */

/* A copy with a NUL behind it; what is longer than any number is cut. */
static const char *terminated(sbx_text text, char *buf)
{
    size_t len = text.len < NUMBER_BYTES - 1 ? text.len : NUMBER_BYTES - 1;

    if (len != 0)
        memcpy(buf, text.p, len);
    buf[len] = '\0';
    return buf;
}

static int is_done(const char *buf, const char *end)
{
    return end != buf && *end == '\0' && errno == 0;
}

int sbx_text_number(sbx_text text, sbx_value *out)
{
    char copy[NUMBER_BYTES];
    const char *buf = terminated(text, copy);
    char *end;

    if (text.len >= NUMBER_BYTES)
        return 0;
    errno = 0;
    *out = (sbx_value){SBX_BIGINT, 0, {.i = strtoll(buf, &end, 10)}};
    if (is_done(buf, end))
        return 1;
    errno = 0;
    *out = (sbx_value){SBX_UBIGINT, 0, {.u = strtoull(buf, &end, 10)}};
    if (is_done(buf, end) && strchr(buf, '-') == NULL)
        return 1;
    errno = 0;
    *out = (sbx_value){SBX_DOUBLE, 0, {.d = strtod(buf, &end)}};
    return end != buf && *end == '\0';
}

/* ---- to numbers ---- */

static double to_double(const sbx_value *value)
{
    char copy[NUMBER_BYTES];

    return sbx_type_is_text(value->type) ? strtod(terminated(value->as.s, copy), NULL) : sbx_value_double(value);
}

/* What does not fit becomes the nearest that does; a fraction is cut off. */
static uint64_t double_bits(double d, int is_unsigned)
{
    if (isnan(d))
        return 0;
    if (d >= 18446744073709551616.0)
        return is_unsigned ? UINT64_MAX : (uint64_t)INT64_MAX;
    if (d >= 9223372036854775808.0)
        return is_unsigned ? (uint64_t)d : (uint64_t)INT64_MAX;
    if (d < -9223372036854775808.0)
        return (uint64_t)INT64_MIN;
    return (uint64_t)(int64_t)d;
}

static uint64_t decimal_bits(sbx_int128 whole, int is_unsigned)
{
    if (sbx_int128_compare(whole, sbx_int128_of(INT64_MIN)) < 0)
        return (uint64_t)INT64_MIN;
    if (sbx_int128_compare(whole, sbx_int128_of(INT64_MAX)) > 0 && !is_unsigned)
        return (uint64_t)INT64_MAX;
    return sbx_int128_compare(whole, sbx_int128_of_unsigned(UINT64_MAX)) > 0 ? UINT64_MAX : whole.low;
}

/* 64 bits that read as signed or unsigned by the type asked for. */
static uint64_t to_bits(const sbx_value *value, int is_unsigned)
{
    char copy[NUMBER_BYTES];

    if (sbx_type_is_text(value->type)) {
        const char *buf = terminated(value->as.s, copy);

        return is_unsigned ? (uint64_t)strtoull(buf, NULL, 10) : (uint64_t)strtoll(buf, NULL, 10);
    }
    if (value->type == SBX_FLOAT || value->type == SBX_DOUBLE)
        return double_bits(value->as.d, is_unsigned);
    if (value->type == SBX_DECIMAL)
        return decimal_bits(sbx_int128_divide(value->as.decimal, sbx_decimal_power(value->digits), NULL), is_unsigned);
    return value->as.u;
}

/* Narrower integers keep their low bits, as in C. */
static void set_integer(sbx_type_id id, uint64_t bits, sbx_value *out)
{
    *out = (sbx_value){id, 0, {.u = bits}};
    switch (id) {
    case SBX_TINYINT: out->as.i = (int8_t)(uint8_t)bits; break;
    case SBX_SMALLINT: out->as.i = (int16_t)(uint16_t)bits; break;
    case SBX_INT: out->as.i = (int32_t)(uint32_t)bits; break;
    case SBX_UTINYINT: out->as.u = (uint8_t)bits; break;
    case SBX_USMALLINT: out->as.u = (uint16_t)bits; break;
    case SBX_UINT: out->as.u = (uint32_t)bits; break;
    default: break;
    }
}

static int to_truth(const sbx_value *value)
{
    if (!sbx_type_is_text(value->type))
        return sbx_value_double(value) != 0;
    return (value->as.s.len == 4 && strncasecmp(value->as.s.p, "true", 4) == 0) || to_double(value) != 0;
}

/* ---- to times and text ---- */

static void to_time(const sbx_query *query, const sbx_value *value, int digits, sbx_value *out)
{
    *out = (sbx_value){SBX_TIMESTAMP, digits, {.i = 0}};
    if (sbx_type_is_text(value->type)) {
        if (!sbx_time_parse(value->as.s, digits, &query->request->zone, &out->as.i))
            out->as.i = 0;
    } else if (value->type == SBX_TIMESTAMP && value->digits > digits) {
        out->as.i = value->as.i / sbx_time_scale(digits, value->digits);
    } else if (value->type == SBX_TIMESTAMP) {
        out->as.u = value->as.u * (uint64_t)sbx_time_scale(value->digits, digits);
    } else {
        out->as.u = to_bits(value, 0);
    }
}

static sbx_text number_text(const sbx_query *query, const sbx_value *value)
{
    sbx_arena *arena = query->request->arena;

    if (value->type == SBX_BOOL)
        return value->as.i ? SBX_TEXT("true") : SBX_TEXT("false");
    if (value->type == SBX_FLOAT || value->type == SBX_DOUBLE)
        return sbx_format(arena, "%f", value->as.d);
    if (value->type == SBX_DECIMAL)
        return sbx_decimal_text(arena, value->as.decimal, value->digits);
    if (sbx_type_is_unsigned(value->type))
        return sbx_format(arena, "%llu", (unsigned long long)value->as.u);
    return sbx_format(arena, "%lld", (long long)value->as.i);
}

/* Cut to the type's bytes, or characters; no length: all of it. */
static sbx_text cut(sbx_text text, const sbx_type *type)
{
    size_t limit = (size_t)type->length, at = 0, chars = 0;

    if (type->length <= 0)
        return text;
    if (type->id != SBX_NCHAR)
        return (sbx_text){text.p, text.len < limit ? text.len : limit};
    for (; at < text.len; at++)
        if (((unsigned char)text.p[at] & 0xC0) != 0x80 && chars++ == limit)
            break;
    return (sbx_text){text.p, at};
}

static void to_text(const sbx_query *query, const sbx_value *value, const sbx_type *type, sbx_value *out)
{
    int is_bytes = sbx_type_is_text(value->type) || value->type == SBX_VARBINARY;
    sbx_text text = is_bytes ? value->as.s : number_text(query, value);

    *out = (sbx_value){type->id, 0, {.s = cut(text, type)}};
}

void sbx_cast(const sbx_query *query, const sbx_value *value, const sbx_type *type, sbx_value *out)
{
    sbx_value in = *value;

    if (in.type == SBX_NULL) {
        *out = SBX_NO_VALUE;
    } else if (sbx_type_is_integer(type->id)) {
        set_integer(type->id, to_bits(&in, sbx_type_is_unsigned(type->id)), out);
    } else if (type->id == SBX_DOUBLE) {
        *out = (sbx_value){SBX_DOUBLE, 0, {.d = to_double(&in)}};
    } else if (type->id == SBX_FLOAT) {
        *out = (sbx_value){SBX_FLOAT, 0, {.d = (double)(float)to_double(&in)}};
    } else if (type->id == SBX_BOOL) {
        *out = (sbx_value){SBX_BOOL, 0, {.i = to_truth(&in)}};
    } else if (type->id == SBX_TIMESTAMP) {
        to_time(query, &in, type->precision, out);
    } else if (sbx_type_is_text(type->id) || type->id == SBX_VARBINARY) {
        to_text(query, &in, type, out);
    } else {
        *out = in.type == type->id ? in : SBX_NO_VALUE;
    }
}

/* ---- CAST ---- */

static void eval_cast(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value value;

    sbx_node_value(scope, node->args[0], &value);
    sbx_cast(scope->query, &value, &node->type, out);
}

/* The server gives NULL for a constant, and what it gives for columns is not known. */
static sbx_node *cast_decimal(sbx_query *query, const sbx_expr *expr, const sbx_node *arg)
{
    sbx_type type = expr->type;

    if (arg->kind != SBX_N_CONSTANT) {
        sbx_fail(query->request, 0x2802, "Invalid parameter data type : cast");
        return NULL;
    }
    type.length = type.precision > 18 ? 16 : 8;
    return sbx_bind_constant(query, expr, type, SBX_NO_VALUE);
}

static int can_cast(sbx_type_id from, sbx_type_id to)
{
    if (from == SBX_JSON || from == SBX_GEOMETRY || to == SBX_JSON || to == SBX_GEOMETRY || to == SBX_BLOB)
        return 0;
    if (from == SBX_VARBINARY || to == SBX_VARBINARY)
        return to == SBX_VARBINARY ? from == SBX_VARBINARY || sbx_type_is_text(from) : 0;
    return 1;
}

sbx_node *sbx_bind_cast(sbx_query *query, const sbx_expr *expr, sbx_node *arg)
{
    sbx_node *node;

    if (expr->type.id == SBX_DECIMAL)
        return cast_decimal(query, expr, arg);
    if (!can_cast(arg->type.id, expr->type.id)) {
        sbx_fail(query->request, 0x2802, "Invalid parameter data type : cast");
        return NULL;
    }
    node = sbx_node_new(query, expr, SBX_N_COMPUTED, expr->type);
    if (node->type.id == SBX_TIMESTAMP)
        node->type = sbx_type_fixed(SBX_TIMESTAMP, query->digits);
    else if (node->type.length <= 0)
        node->type.length = sbx_type_is_text(arg->type.id) ? arg->type.length : TEXT_OF_NUMBER_BYTES;
    node->eval = eval_cast;
    node->args = sbx_alloc(query->request->arena, sizeof *node->args);
    node->args[0] = arg;
    node->arg_count = 1;
    return node;
}
