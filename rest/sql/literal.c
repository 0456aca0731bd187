/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Every type as a literal. Knows the server's rules for each; times, JSON, geometry and known columns have files of their own. */
#include "sql/literal.h"

#include "base/number.h"
#include "base/text.h"
#include "base/types.h"
#include "config/names.h"

#include <float.h>
#include <string.h>

enum {
    DECIMAL_DIGITS = 38
};

/* ---- texts ---- */

/* Where INSERT's own limit is; other statements cut literals modulo 65,536 in silence. */
static const char too_long[] = "at most 65,530 bytes, quotes and escapes included";

size_t tdri_text_measure(const char *text, size_t len, const char **expected)
{
    size_t escapes = 0, nuls = 0;

    if (len > TDRI_LITERAL_MAX - 2) {
        *expected = memchr(text, '\0', len) == NULL ? too_long : "no NUL";
        return 0;
    }
    for (size_t i = 0; i < len; i++) {
        escapes += (size_t)((text[i] == '\'') | (text[i] == '\\'));
        nuls += text[i] == '\0';
    }
    *expected = nuls != 0 ? "no NUL" : len + escapes + 2 > TDRI_LITERAL_MAX ? too_long : NULL;
    return *expected == NULL ? len + escapes + 2 : 0;
}

char *tdri_text_put(char *out, const char *text, size_t len, size_t measured)
{
    *out++ = '\'';
    if (measured == len + 2) {
        if (len > 0)
            memcpy(out, text, len);
        out += len;
    }
    for (size_t i = 0; measured != len + 2 && i < len; i++) {
        if (text[i] == '\'' || text[i] == '\\')
            *out++ = '\\';
        *out++ = text[i];
    }
    *out++ = '\'';
    return out;
}

const char *tdri_text_add(tdri_buf *out, const char *text, size_t len)
{
    const char *expected;
    size_t total = tdri_text_measure(text, len, &expected);
    char *to = total == 0 ? NULL : tdri_buf_room(out, total);

    if (to != NULL)
        tdri_buf_wrote(out, tdri_text_put(to, text, len, total));
    return expected;
}

/* '\x7f80'. Not subject to the limit of texts in INSERT. */
static const char *add_hex(tdri_buf *out, const char *bytes, size_t len, int expression)
{
    char *to;

    if (expression && len > (TDRI_LITERAL_MAX - 4) / 2)
        return "at most 32,763 bytes";
    if (len > SIZE_MAX / 2 - 4)
        return "fewer bytes";
    to = tdri_buf_room(out, 2 * len + 4);
    if (to == NULL)
        return NULL;
    memcpy(to, "'\\x", 3);
    tdri_hex_encode(bytes, len, to + 3);
    to[2 * len + 3] = '\'';
    tdri_buf_wrote(out, to + 2 * len + 4);
    return NULL;
}

/* ---- names ---- */

const char *tdri_name_check(enum tdri_name kind, const char *name, size_t len)
{
    static const size_t longest[] = {[TDRI_NAME_ANY] = TDRI_TABLE_MAX, [TDRI_NAME_DATABASE] = TDRI_DATABASE_MAX,
                                     [TDRI_NAME_TABLE] = TDRI_TABLE_MAX, [TDRI_NAME_COLUMN] = TDRI_COLUMN_MAX};

    if (len == 0)
        return "a name of at least one byte";
    if (len > longest[kind])
        return longest[kind] == TDRI_TABLE_MAX ? "a name of at most 192 bytes" : "a name of at most 64 bytes";
    if (memchr(name, '\0', len) != NULL)
        return "a name without a NUL";
    if (memchr(name, '\\', len) != NULL)
        return "a name without a backslash: the server's lower-casing pass takes it for an escape";
    if ((kind == TDRI_NAME_TABLE || kind == TDRI_NAME_DATABASE) && memchr(name, '.', len) != NULL)
        return "a name without a dot";
    return NULL;
}

size_t tdri_name_measure(const char *name, size_t len)
{
    size_t total = len + 2;

    for (size_t i = 0; i < len; i++)
        total += name[i] == '`';
    return total;
}

char *tdri_name_put(char *out, const char *name, size_t len)
{
    *out++ = '`';
    for (size_t i = 0; i < len; i++) {
        if (name[i] == '`')
            *out++ = '`';
        *out++ = name[i];
    }
    *out++ = '`';
    return out;
}

const char *tdri_name_add(tdri_buf *out, enum tdri_name kind, const char *name, size_t len)
{
    const char *expected = tdri_name_check(kind, name, len);
    char *to = expected != NULL ? NULL : tdri_buf_room(out, tdri_name_measure(name, len));

    if (to != NULL)
        tdri_buf_wrote(out, tdri_name_put(to, name, len));
    return expected;
}

/* ---- numbers ---- */

static const char not_finite[] = "a finite number: the server has no literal for NaN and infinity";

/* In expressions a number without point and exponent would be an integer, and a large one would be cut to 64 bits. */
static char *show_type(const char *from, char *to, int expression)
{
    if (!expression || memchr(from, '.', (size_t)(to - from)) != NULL || memchr(from, 'e', (size_t)(to - from)) != NULL)
        return to;
    memcpy(to, ".0", 2);
    return to + 2;
}

/* Subnormal numbers are refused in decimal digits. '0x1p-1074' is what the server reads exactly: significand * 2^-1074. */
static char *put_subnormal(char *out, double value)
{
    static const char digits[] = "0123456789abcdef";
    uint64_t bits;
    int shift = 48;

    memcpy(&bits, &value, sizeof bits);
    *out++ = '\'';
    if (bits >> 63 != 0)
        *out++ = '-';
    memcpy(out, "0x", 2);
    out += 2;
    bits &= ((uint64_t)1 << 52) - 1;
    while ((bits >> shift) == 0)
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        *out++ = digits[bits >> shift & 15];
    memcpy(out, "p-1074'", 7);
    return out + 7;
}

static char *put_double(char *out, double value, int expression, const char **expected)
{
    double size = value < 0 ? -value : value;

    if (!(size <= DBL_MAX)) {
        *expected = not_finite;
        return NULL;
    }
    if (size != 0 && size < DBL_MIN)
        return put_subnormal(out, value);
    return show_type(out, out + tdri_double_format(value, out), expression);
}

/* What the columns that are known expect instead of the value; NULL: it fits. */
static const char *check_columns(const tdri_value *value, const tdri_place *place, size_t size)
{
    const char *expected = NULL;

    for (const tdrest_column *const *column = place->columns; column != NULL && *column != NULL && expected == NULL; column++)
        expected = tdri_column_check(value, *column, size);
    return expected;
}

static int goes_to_double(const tdri_place *place)
{
    const tdrest_column *const *column = place->columns;

    while (column != NULL && *column != NULL)
        if ((*column++)->type == TDREST_TYPE_DOUBLE)
            return 1;
    return 0;
}

static char *put_float(char *out, float value, const tdri_place *place, const char **expected)
{
    /* For a DOUBLE the text must be that of the value itself. */
    if (goes_to_double(place))
        return put_double(out, (double)value, place->expression, expected);
    if (!(value <= FLT_MAX && value >= -FLT_MAX)) {
        *expected = not_finite;
        return NULL;
    }
    return show_type(out, out + tdri_float_format_cast(value, out), place->expression);
}

static char *put_word(char *out, const char *word, size_t len)
{
    memcpy(out, word, len);
    return out + len;
}

static char *put_null(char *out, const tdri_place *place, const char **expected)
{
    if (place->is_key || place->is_table) {
        *expected = place->is_key ? "a time: the first column of a table is never NULL" : "a table name, not NULL";
        return NULL;
    }
    return put_word(out, "NULL", 4);
}

/* The literals of bounded length; NULL and the reason, or NULL alone for another type. */
static inline char *put_short(char *out, const tdri_value *v, const tdri_place *place, const char **expected)
{
    switch (v->type) {
    case TDREST_TYPE_UNKNOWN:
        return put_null(out, place, expected);
    case TDREST_TYPE_BOOL:
        return v->as.i != 0 ? put_word(out, "true", 4) : put_word(out, "false", 5);
    case TDREST_TYPE_TINYINT: case TDREST_TYPE_SMALLINT: case TDREST_TYPE_INT: case TDREST_TYPE_BIGINT:
        return out + tdri_int64_format(v->as.i, out);
    case TDREST_TYPE_UTINYINT: case TDREST_TYPE_USMALLINT: case TDREST_TYPE_UINT: case TDREST_TYPE_UBIGINT:
        return out + tdri_uint64_format(v->as.u, out);
    case TDREST_TYPE_FLOAT:
        return put_float(out, v->as.f, place, expected);
    case TDREST_TYPE_DOUBLE:
        return put_double(out, v->as.d, place->expression, expected);
    case TDREST_TYPE_TIMESTAMP:
        return tdri_time_put(out, v->as.i, v->precision, place, expected);
    default:
        return NULL;
    }
}

/* ---- the others ---- */

/* Leading zeros but one before the point say nothing. */
static void skip_zeros(const char **text, size_t *len)
{
    while (*len > 1 && (*text)[0] == '0' && (*text)[1] != '.')
        ++*text, --*len;
}

/* Digits that count: leading zeros before the point, and zeros at the end behind it, do not. */
static const char *check_decimal(const char *text, size_t len)
{
    const char *point;
    size_t whole, fraction = 0;

    if (!tdri_decimal_is(text, len))
        return "an optional minus, digits, and optionally a point and digits";
    if (*text == '-')
        text++, len--;
    skip_zeros(&text, &len);
    point = (const char *)memchr(text, '.', len);
    whole = point == NULL ? len : (size_t)(point - text);
    if (point != NULL)
        for (fraction = len - whole - 1; fraction > 0 && point[fraction] == '0'; fraction--)
            ;
    whole -= whole == 1 && text[0] == '0';
    return whole + fraction <= DECIMAL_DIGITS ? NULL : "at most 38 digits";
}

/* Zeros that say nothing are left out: the server refuses more than 38 digits behind the point, and texts may be of any length. */
static void add_decimal(tdri_buf *out, const char *text, size_t len)
{
    if (*text == '-') {
        tdri_buf_add_char(out, '-');
        text++, len--;
    }
    skip_zeros(&text, &len);
    if (memchr(text, '.', len) != NULL)
        while (text[len - 1] == '0')
            len--;
    if (text[len - 1] == '.')
        len--;
    tdri_buf_add(out, text, len);
}

/* A table's name where it is a text: the supertable's form of INSERT. */
static const char *add_table_text(tdri_buf *out, const tdri_value *v)
{
    const char *expected = tdri_name_check(TDRI_NAME_TABLE, v->bytes, v->len);

    return expected != NULL ? expected : tdri_text_add(out, v->bytes, v->len);
}

/* A GEOMETRY's first byte tells its form: WKB begins with 0 or 1. */
static const char *add_geometry(tdri_buf *out, const tdri_value *v, const tdri_place *place)
{
    size_t size = v->len, start = out->len;
    const char *expected;

    if (v->len == 0 || (unsigned char)v->bytes[0] > 1) {
        expected = tdri_wkt_check(v->bytes, v->len, &size);
        if (expected == NULL)
            expected = check_columns(v, place, size);
        return expected != NULL ? expected : tdri_text_add(out, v->bytes, v->len);
    }
    if ((expected = check_columns(v, place, size)) != NULL)
        return expected;
    tdri_buf_add_char(out, '\'');
    expected = tdri_wkb_add(out, v->bytes, v->len);
    tdri_buf_add_char(out, '\'');
    if (expected == NULL && out->len - start > TDRI_LITERAL_MAX)
        expected = too_long;
    if (expected != NULL)
        tdri_buf_cut(out, start);
    return expected;
}

static const char *add_long(tdri_buf *out, const tdri_value *v, const tdri_place *place)
{
    const char *expected = NULL;

    if (v->type == TDREST_TYPE_GEOMETRY)
        return add_geometry(out, v, place);
    if (v->type == TDREST_TYPE_DECIMAL)
        expected = check_decimal(v->bytes, v->len);
    else if (v->type == TDREST_TYPE_JSON)
        expected = tdri_json_tag_check(v->bytes, v->len);
    else if (v->type == TDREST_TYPE_NCHAR && !tdri_utf8_is(v->bytes, v->len))
        expected = "UTF-8";
    if (expected == NULL)
        expected = check_columns(v, place, 0);
    if (expected != NULL)
        return expected;
    switch (v->type) {
    case TDREST_TYPE_VARCHAR: case TDREST_TYPE_NCHAR: case TDREST_TYPE_JSON:
        return tdri_text_add(out, v->bytes, v->len);
    case TDREST_TYPE_VARBINARY: case TDREST_TYPE_BLOB:
        return add_hex(out, v->bytes, v->len, place->expression);
    case TDREST_TYPE_DECIMAL:
        add_decimal(out, v->bytes, v->len);
        return NULL;
    default:
        return "a type that can be written";
    }
}

/* Places that take one kind of value only. */
static const char *check_place(const tdri_value *v, const tdri_place *place)
{
    if (place->is_key && v->type != TDREST_TYPE_TIMESTAMP && v->type != TDREST_TYPE_UNKNOWN)
        return "a time with its precision: this is the first column of a table";
    if (place->is_table && v->type != TDREST_TYPE_VARCHAR && v->type != TDREST_TYPE_NCHAR && v->type != TDREST_TYPE_UNKNOWN)
        return "a table name, as text";
    return NULL;
}

static int is_short_type(int type)
{
    return type == TDREST_TYPE_UNKNOWN || tdri_type_width(type) > 0;
}

const char *tdri_literal_add(tdri_buf *out, const tdri_value *value, const tdri_place *place)
{
    const char *expected = place->is_key || place->is_table ? check_place(value, place) : NULL;
    char *to, *end;

    if (expected != NULL)
        return expected;
    if (!is_short_type(value->type))
        return place->is_table ? add_table_text(out, value) : add_long(out, value, place);
    if (value->type != TDREST_TYPE_UNKNOWN && (expected = check_columns(value, place, 0)) != NULL)
        return expected;
    to = tdri_buf_room(out, TDRI_NUMBER_ROOM);
    if (to == NULL)
        return NULL;
    end = put_short(to, value, place, &expected);
    if (end != NULL)
        tdri_buf_wrote(out, end);
    return expected;
}
