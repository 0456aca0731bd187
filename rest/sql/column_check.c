/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Whether a value fits a column that the server described. A value is taken where the column gives it back
 * equal, or where rounding is what the type is for (a double in a FLOAT). Knows types, no text of SQL.
 */
#include "sql/literal.h"

#include "base/text.h"
#include "base/types.h"

#include <float.h>
#include <string.h>

/* The whole numbers that every smaller one shares its type with. */
static const int64_t float_whole = INT64_C(1) << 24, double_whole = INT64_C(1) << 53;

static const char *within(int good)
{
    return good ? NULL : "a number within its range";
}

/* A whole number by sign and size, of an integer type. */
static int fits_type(int negative, uint64_t size, int type)
{
    uint64_t most = UINT64_MAX >> (64 - 8 * tdri_type_width(type));

    if (tdri_type_class(type) == TDRI_CLASS_UNSIGNED)
        return size == 0 || (!negative && size <= most);
    return size <= most / 2 + (uint64_t)(negative != 0);
}

static int decimal_digits(uint64_t size)
{
    int digits = 0;

    for (; size != 0; size /= 10)
        digits++;
    return digits;
}

static const char *fits_integer(int negative, uint64_t size, const tdrest_column *column)
{
    enum tdri_type_class class = tdri_type_class(column->type);

    if (class == TDRI_CLASS_SIGNED || class == TDRI_CLASS_UNSIGNED)
        return within(fits_type(negative, size, column->type));
    switch (column->type) {
    case TDREST_TYPE_FLOAT:
        return size <= (uint64_t)float_whole ? NULL : "a whole number up to 2^24: a FLOAT rounds larger ones";
    case TDREST_TYPE_DOUBLE:
        return size <= (uint64_t)double_whole ? NULL : "a whole number up to 2^53: a DOUBLE rounds larger ones";
    case TDREST_TYPE_DECIMAL:
        return within(decimal_digits(size) <= column->precision - column->scale);
    case TDREST_TYPE_TIMESTAMP:
        return "a time with its precision: bind it as one";
    default:
        return "a value of its type, not an integer";
    }
}

static const char *fits_double(double value, const tdrest_column *column)
{
    if (column->type == TDREST_TYPE_FLOAT)
        return within(!(value > FLT_MAX || value < -FLT_MAX));
    return column->type == TDREST_TYPE_DOUBLE ? NULL : "a value of its type, not a floating point number";
}

static const char *fits_bytes(size_t len, const tdrest_column *column)
{
    return (int64_t)len <= column->declared ? NULL : "at most its declared length in bytes";
}

static const char *fits_text(const tdri_value *value, const tdrest_column *column)
{
    if (column->type == TDREST_TYPE_VARCHAR)
        return fits_bytes(value->len, column);
    if (column->type != TDREST_TYPE_NCHAR)
        return "a value of its type, not a text";
    if (!tdri_utf8_is(value->bytes, value->len))
        return "UTF-8";
    return (int64_t)tdri_utf8_count(value->bytes, value->len) <= column->declared ? NULL : "at most its declared length in characters";
}

/* Digits of a decimal that is in shape, zeros at its ends left out: before the point, and behind it. */
static const char *fits_decimal(const char *text, size_t len, const tdrest_column *column)
{
    const char *end = text + len, *point;

    if (column->type != TDREST_TYPE_DECIMAL)
        return "a value of its type, not a decimal";
    while (text < end && (*text == '-' || *text == '0'))
        text++;
    point = (const char *)memchr(text, '.', (size_t)(end - text));
    while (point != NULL && end[-1] == '0')
        end--;
    if (point != NULL && end - point - 1 > column->scale)
        return "no more digits after the point than it has: the server rounds them";
    return within((point == NULL ? end : point) - text <= column->precision - column->scale);
}

static const char *must_be(int good, const char *expected)
{
    return good ? NULL : expected;
}

const char *tdri_column_check(const tdri_value *value, const tdrest_column *column, size_t size)
{
    int type = column->type;

    switch (tdri_type_class(value->type)) {
    case TDRI_CLASS_BOOL:
        return must_be(type == TDREST_TYPE_BOOL, "a value of its type, not a BOOL");
    case TDRI_CLASS_SIGNED:
        return fits_integer(value->as.i < 0, value->as.i < 0 ? 0 - (uint64_t)value->as.i : (uint64_t)value->as.i, column);
    case TDRI_CLASS_UNSIGNED:
        return fits_integer(0, value->as.u, column);
    case TDRI_CLASS_FLOATING:
        return fits_double(value->type == TDREST_TYPE_FLOAT ? (double)value->as.f : value->as.d, column);
    case TDRI_CLASS_TIME:
        return must_be(type == TDREST_TYPE_TIMESTAMP, "a value of its type, not a time");
    case TDRI_CLASS_TEXT:
        if (value->type == TDREST_TYPE_JSON)
            return must_be(type == TDREST_TYPE_JSON, "a value of its type, not JSON");
        return value->type == TDREST_TYPE_DECIMAL ? fits_decimal(value->bytes, value->len, column) : fits_text(value, column);
    case TDRI_CLASS_BYTES:
        if (value->type == TDREST_TYPE_GEOMETRY)
            return type == TDREST_TYPE_GEOMETRY ? fits_bytes(size, column) : "a value of its type, not a geometry";
        return type == TDREST_TYPE_VARBINARY || type == TDREST_TYPE_BLOB ? fits_bytes(value->len, column)
                                                                         : "a value of its type, not VARBINARY";
    case TDRI_CLASS_OTHER:
        break;
    }
    return "a type that can be written";
}
