/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Whether a value fits a column that the server described. A value is taken where the column gives it back
 * equal, or where rounding is what the type is for (a double in a FLOAT). Knows types, no text of SQL.
 */
#include "sql/literal.h"

#include "base/text.h"

#include <float.h>
#include <string.h>

/* The whole numbers that every smaller one shares its type with. */
static const int64_t float_whole = INT64_C(1) << 24, double_whole = INT64_C(1) << 53;

/* Bits of an integer type, negative for signed ones; 0 for others. */
static int integer_bits(int type)
{
    switch (type) {
    case TDREST_TYPE_TINYINT: return -8;
    case TDREST_TYPE_SMALLINT: return -16;
    case TDREST_TYPE_INT: return -32;
    case TDREST_TYPE_BIGINT: return -64;
    case TDREST_TYPE_UTINYINT: return 8;
    case TDREST_TYPE_USMALLINT: return 16;
    case TDREST_TYPE_UINT: return 32;
    case TDREST_TYPE_UBIGINT: return 64;
    default: return 0;
    }
}

static const char *within(int good)
{
    return good ? NULL : "a number within its range";
}

/* A whole number by sign and size, in `bits` as above. */
static int fits_bits(int negative, uint64_t size, int bits)
{
    int width = bits < 0 ? -bits : bits;
    uint64_t most = UINT64_MAX >> (64 - width);

    if (bits > 0)
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
    int bits = integer_bits(column->type);

    if (bits != 0)
        return within(fits_bits(negative, size, bits));
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
    return (int64_t)len <= column->declared ? NULL : "at most the bytes it is declared with";
}

/* Characters of UTF-8: every byte but those that continue one. */
static int64_t count_characters(const char *text, size_t len)
{
    int64_t count = 0;

    for (size_t i = 0; i < len; i++)
        count += ((unsigned char)text[i] & 0xc0) != 0x80;
    return count;
}

static const char *fits_text(const tdri_value *value, const tdrest_column *column)
{
    if (column->type == TDREST_TYPE_VARCHAR)
        return fits_bytes(value->len, column);
    if (column->type != TDREST_TYPE_NCHAR)
        return "a value of its type, not a text";
    if (!tdri_utf8_is(value->bytes, value->len))
        return "UTF-8";
    return count_characters(value->bytes, value->len) <= column->declared ? NULL : "at most the characters it is declared with";
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
        return "no more digits behind the point than it has: the server rounds them";
    return within((point == NULL ? end : point) - text <= column->precision - column->scale);
}

static const char *must_be(int good, const char *expected)
{
    return good ? NULL : expected;
}

const char *tdri_column_check(const tdri_value *value, const tdrest_column *column, size_t size)
{
    int type = column->type;

    switch (value->type) {
    case TDREST_TYPE_BOOL:
        return must_be(type == TDREST_TYPE_BOOL, "a value of its type, not a BOOL");
    case TDREST_TYPE_TINYINT: case TDREST_TYPE_SMALLINT: case TDREST_TYPE_INT: case TDREST_TYPE_BIGINT:
        return fits_integer(value->as.i < 0, value->as.i < 0 ? 0 - (uint64_t)value->as.i : (uint64_t)value->as.i, column);
    case TDREST_TYPE_UTINYINT: case TDREST_TYPE_USMALLINT: case TDREST_TYPE_UINT: case TDREST_TYPE_UBIGINT:
        return fits_integer(0, value->as.u, column);
    case TDREST_TYPE_FLOAT:
        return fits_double((double)value->as.f, column);
    case TDREST_TYPE_DOUBLE:
        return fits_double(value->as.d, column);
    case TDREST_TYPE_TIMESTAMP:
        return must_be(type == TDREST_TYPE_TIMESTAMP, "a value of its type, not a time");
    case TDREST_TYPE_VARCHAR: case TDREST_TYPE_NCHAR:
        return fits_text(value, column);
    case TDREST_TYPE_JSON:
        return must_be(type == TDREST_TYPE_JSON, "a value of its type, not JSON");
    case TDREST_TYPE_DECIMAL:
        return fits_decimal(value->bytes, value->len, column);
    case TDREST_TYPE_VARBINARY: case TDREST_TYPE_BLOB:
        return type == TDREST_TYPE_VARBINARY || type == TDREST_TYPE_BLOB ? fits_bytes(value->len, column)
                                                                         : "a value of its type, not VARBINARY";
    case TDREST_TYPE_GEOMETRY:
        return type == TDREST_TYPE_GEOMETRY ? fits_bytes(size, column) : "a value of its type, not a geometry";
    default:
        return "a type that can be written";
    }
}
