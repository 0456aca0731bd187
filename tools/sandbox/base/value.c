/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What types are, and in which order values stand. Knows nothing of rows and texts. */
#include "decimal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int bytes; /* of the types that have no choice */
} types[] = {
    [SBX_NULL] = {"NULL", 0},
    [SBX_BOOL] = {"BOOL", 1},
    [SBX_TINYINT] = {"TINYINT", 1},
    [SBX_SMALLINT] = {"SMALLINT", 2},
    [SBX_INT] = {"INT", 4},
    [SBX_BIGINT] = {"BIGINT", 8},
    [SBX_FLOAT] = {"FLOAT", 4},
    [SBX_DOUBLE] = {"DOUBLE", 8},
    [SBX_VARCHAR] = {"VARCHAR", 0},
    [SBX_TIMESTAMP] = {"TIMESTAMP", 8},
    [SBX_NCHAR] = {"NCHAR", 0},
    [SBX_UTINYINT] = {"TINYINT UNSIGNED", 1},
    [SBX_USMALLINT] = {"SMALLINT UNSIGNED", 2},
    [SBX_UINT] = {"INT UNSIGNED", 4},
    [SBX_UBIGINT] = {"BIGINT UNSIGNED", 8},
    [SBX_JSON] = {"JSON", 4095},
    [SBX_VARBINARY] = {"VARBINARY", 0},
    [SBX_DECIMAL] = {"DECIMAL", 0},
    [SBX_BLOB] = {"BLOB", 4194304},
    [SBX_GEOMETRY] = {"GEOMETRY", 0},
};

int sbx_type_is_signed(sbx_type_id id)
{
    return id >= SBX_TINYINT && id <= SBX_BIGINT;
}

int sbx_type_is_unsigned(sbx_type_id id)
{
    return id >= SBX_UTINYINT && id <= SBX_UBIGINT;
}

int sbx_type_is_integer(sbx_type_id id)
{
    return sbx_type_is_signed(id) || sbx_type_is_unsigned(id);
}

static int is_float(sbx_type_id id)
{
    return id == SBX_FLOAT || id == SBX_DOUBLE;
}

int sbx_type_is_number(sbx_type_id id)
{
    return sbx_type_is_integer(id) || is_float(id) || id == SBX_DECIMAL;
}

int sbx_type_is_text(sbx_type_id id)
{
    return id == SBX_VARCHAR || id == SBX_NCHAR;
}

int sbx_type_has_length(sbx_type_id id)
{
    return sbx_type_is_text(id) || id == SBX_VARBINARY || id == SBX_GEOMETRY;
}

int64_t sbx_type_stored_bytes(const sbx_type *type)
{
    int64_t length = type->length;

    return (type->id == SBX_NCHAR ? 4 * length : length) + (sbx_type_has_length(type->id) ? 2 : 0);
}

sbx_type sbx_type_fixed(sbx_type_id id, int digits)
{
    return (sbx_type){id, types[id].bytes, id == SBX_TIMESTAMP ? digits : 0, 0};
}

sbx_text sbx_type_name(sbx_arena *arena, const sbx_type *type)
{
    if (type->id == SBX_DECIMAL)
        return sbx_format(arena, "DECIMAL(%d,%d)", type->precision, type->scale);
    return (sbx_text){types[type->id].name, strlen(types[type->id].name)};
}

double sbx_value_double(const sbx_value *value)
{
    char text[SBX_DECIMAL_ROOM];

    switch (value->type) {
    case SBX_FLOAT:
    case SBX_DOUBLE:
        return value->as.d;
    case SBX_DECIMAL: /* through its text: rounded once */
        sbx_decimal_print(text, value->as.decimal, value->digits);
        return strtod(text, NULL);
    case SBX_BOOL:
    case SBX_TIMESTAMP:
        return (double)value->as.i;
    default:
        break;
    }
    if (sbx_type_is_unsigned(value->type))
        return (double)value->as.u;
    return sbx_type_is_signed(value->type) ? (double)value->as.i : 0;
}

static int order_of(double a, double b)
{
    if (isnan(a) || isnan(b)) /* behind all numbers */
        return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

/* A number without a fraction in binary: an integer times 10^-digits. */
typedef struct exact {
    sbx_int128 value;
    int digits;
} exact;

static exact exact_of(const sbx_value *value)
{
    if (value->type == SBX_DECIMAL)
        return (exact){value->as.decimal, value->digits};
    if (sbx_type_is_unsigned(value->type))
        return (exact){sbx_int128_of_unsigned(value->as.u), 0};
    return (exact){sbx_int128_of(value->as.i), 0};
}

static int order_of_exact(exact a, exact b)
{
    int digits = a.digits > b.digits ? a.digits : b.digits, order;
    sbx_int128 rest_a, rest_b;

    if (a.digits == b.digits)
        return sbx_int128_compare(a.value, b.value);
    order = sbx_int128_compare(sbx_int128_divide(a.value, sbx_decimal_power(a.digits), &rest_a),
                               sbx_int128_divide(b.value, sbx_decimal_power(b.digits), &rest_b));
    if (order != 0)
        return order;
    /* The fractions at one scale: below 10^38, so they do not overflow. */
    return sbx_int128_compare(sbx_int128_multiply(rest_a, sbx_decimal_power(digits - a.digits)),
                              sbx_int128_multiply(rest_b, sbx_decimal_power(digits - b.digits)));
}

/* An integer of up to 65 bits and a double. */
static int order_of_mixed(sbx_int128 a, double b)
{
    const double beyond = 36893488147419103232.0; /* 2^65 */
    double whole = trunc(b);
    int order;

    if (isnan(b) || b >= beyond)
        return -1;
    if (b <= -beyond)
        return 1;
    order = sbx_int128_compare(a, sbx_int128_of_double(whole));
    return order != 0 ? order : order_of(whole, b);
}

static int compare_numbers(const sbx_value *a, const sbx_value *b)
{
    int float_a = is_float(a->type), float_b = is_float(b->type);

    if (a->type == SBX_TIMESTAMP && b->type == SBX_TIMESTAMP && a->digits != b->digits)
        return order_of_exact((exact){sbx_int128_of(a->as.i), a->digits}, (exact){sbx_int128_of(b->as.i), b->digits});
    if (!float_a && !float_b)
        return order_of_exact(exact_of(a), exact_of(b));
    /* 1.1 is no number of 64 bits: a decimal and a double are compared as doubles, or none would ever be equal. */
    if ((float_a && float_b) || a->type == SBX_DECIMAL || b->type == SBX_DECIMAL)
        return order_of(sbx_value_double(a), sbx_value_double(b));
    return float_a ? -order_of_mixed(exact_of(b).value, a->as.d) : order_of_mixed(exact_of(a).value, b->as.d);
}

static int compare_bytes(sbx_text a, sbx_text b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len == 0 ? 0 : memcmp(a.p, b.p, len);

    if (order == 0)
        return (a.len > b.len) - (a.len < b.len);
    return order < 0 ? -1 : 1;
}

/* Nothing, numbers, bytes. */
static int rank(sbx_type_id id)
{
    if (id == SBX_NULL)
        return 0;
    return id == SBX_BOOL || id == SBX_TIMESTAMP || sbx_type_is_number(id) ? 1 : 2;
}

int sbx_value_compare(const sbx_value *a, const sbx_value *b)
{
    int rank_a = rank(a->type), rank_b = rank(b->type);

    if (rank_a != rank_b)
        return rank_a < rank_b ? -1 : 1;
    if (rank_a == 0)
        return 0;
    return rank_a == 1 ? compare_numbers(a, b) : compare_bytes(a->as.s, b->as.s);
}
