/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Literals for BOOL, numbers and DECIMAL. The server reads a bare integer, a bare fraction and everything else each in its own way, and some of
 * what it makes of them is surprising; none of that is put right here.
 */
#include "../base/decimal.h"
#include "literal_parts.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DECIMAL_OVERFLOW = 0x013D };

static const double two_63 = 9223372036854775808.0, two_64 = 18446744073709551616.0;

/* ---- reading: 1, or 0 when it is none of its kind or out of range ---- */

/* The whole text as a double. What underflows is out of range too: no subnormals in decimal. */
static int read_double(sbx_text text, double *out)
{
    char *end;

    errno = 0;
    *out = strtod(text.p, &end);
    return text.len != 0 && errno != ERANGE && end == text.p + text.len;
}

/* At end, ".": then only digits follow to the end of the text; *up is 1 when the first of them rounds up. */
static int is_fraction(sbx_text text, const char *end, int *up)
{
    const char *last = text.p + text.len, *p;

    if (end >= last || *end != '.')
        return 0;
    for (p = end + 1; p < last; p++)
        if (*p < '0' || *p > '9')
            return 0;
    *up = end + 1 < last && end[1] > '4';
    return 1;
}

static int read_binary(sbx_text digits, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if ((digits.p[i] != '0' && digits.p[i] != '1') || *out >> 63 != 0)
            return 0;
        *out = *out << 1 | (uint64_t)(digits.p[i] - '0');
    }
    return 1;
}

/* A sign, then 0b101, 0x1f, or a float, which is rounded. */
static int read_other(sbx_text text, int *negative, uint64_t *out)
{
    size_t sign = text.len != 0 && (text.p[0] == '-' || text.p[0] == '+');
    sbx_text rest = {text.p + sign, text.len - sign};
    double number;
    char *end;

    *out = 0;
    *negative = sign && text.p[0] == '-';
    if (rest.len == 0 || (rest.p[0] != '.' && (rest.p[0] < '0' || rest.p[0] > '9')))
        return 0;
    if (rest.len > 2 && strncasecmp(rest.p, "0b", 2) == 0)
        return read_binary((sbx_text){rest.p + 2, rest.len - 2}, out);
    if (rest.len > 2 && strncasecmp(rest.p, "0x", 2) == 0) {
        errno = 0;
        *out = strtoull(rest.p, &end, 16);
        return errno != ERANGE && end == rest.p + rest.len;
    }
    if (!read_double(rest, &number) || number > two_64)
        return 0;
    *out = number < two_64 ? (uint64_t)round(number) : 0;
    return 1;
}

static int read_quoted_signed(sbx_text text, int64_t *out)
{
    int up, negative;
    uint64_t size;
    char *end;

    errno = 0;
    *out = strtoll(text.p, &end, 10);
    if (end == text.p + text.len)
        return errno != ERANGE;
    if (errno != ERANGE && is_fraction(text, end, &up)) {
        negative = text.p[strspn(text.p, " ")] == '-';
        if (up && negative && *out > INT64_MIN)
            --*out;
        else if (up && !negative && *out < INT64_MAX)
            ++*out;
        return 1;
    }
    if (!read_other(text, &negative, &size) || size > (uint64_t)INT64_MAX + (uint64_t)negative)
        return 0;
    *out = negative ? (int64_t)(0 - size) : (int64_t)size;
    return 1;
}

static int read_signed(const sbx_literal_part *part, int64_t *out)
{
    double number;
    char *end;

    if (part->kind == SBX_T_INTEGER) {
        errno = 0;
        *out = strtoll(part->text.p, &end, 10);
        return errno != ERANGE && end == part->text.p + part->text.len;
    }
    if (part->kind != SBX_T_FLOAT)
        return read_quoted_signed(part->text, out);
    if (!read_double(part->text, &number) || round(number) < -two_63 || round(number) > two_63)
        return 0;
    /* 2^63 passes the server's check, and its conversion makes the lowest number of it. */
    *out = round(number) == two_63 ? INT64_MIN : (int64_t)round(number);
    return 1;
}

static int read_quoted_unsigned(sbx_text text, uint64_t *out)
{
    sbx_text rest = {text.p + strspn(text.p, " "), 0};
    int up, negative;
    char *end;

    rest.len = text.len - (size_t)(rest.p - text.p);
    errno = 0;
    *out = strtoull(rest.p, &end, 10);
    if (*rest.p == '-' && *out != 0)
        return 0;
    if (end == rest.p + rest.len)
        return errno != ERANGE;
    if (errno != ERANGE && is_fraction(rest, end, &up)) {
        *out += (uint64_t)(up && *out < UINT64_MAX);
        return 1;
    }
    return read_other(text, &negative, out) && (!negative || *out == 0);
}

static int read_unsigned(const sbx_literal_part *part, uint64_t *out)
{
    double number;

    if (part->kind != SBX_T_FLOAT)
        return read_quoted_unsigned(part->text, out);
    if (!read_double(part->text, &number) || round(number) < 0 || round(number) > two_64)
        return 0;
    *out = round(number) < two_64 ? (uint64_t)round(number) : 0; /* 2^64 passes the check and becomes 0 */
    return 1;
}

/* ---- columns ---- */

static int to_bool(const sbx_literal_part *part, int64_t *out)
{
    sbx_text text = part->text;
    double number;

    if (part->kind == SBX_T_WORD || part->kind == SBX_T_STRING) {
        *out = strcasecmp(text.p, "true") == 0;
        if (*out || strcasecmp(text.p, "false") == 0)
            return 0;
        if (part->kind == SBX_T_WORD)
            return sbx_literal_refuse(part, "invalid bool data");
    }
    if (part->kind == SBX_T_INTEGER || part->kind == SBX_T_FLOAT) {
        *out = strtod(text.p, NULL) != 0;
        return 0;
    }
    if (!read_double(text, &number))
        return sbx_literal_refuse(part, "invalid bool data");
    *out = number != 0;
    return 0;
}

/* With the words of the server for a type: "unsigned tinyint data overflow", "invalid tinyint data". */
static int refuse_integer(const sbx_literal_part *part, const char *before, const char *behind)
{
    static const char *const names[] = {"tinyint", "smallint", "int", "bigint"};
    int is_unsigned = sbx_type_is_unsigned(part->type->id);
    const char *name = names[part->type->id - (is_unsigned ? SBX_UTINYINT : SBX_TINYINT)];

    return sbx_literal_refuse(part, sbx_format(part->request->arena, "%s%s%s data%s", before, is_unsigned ? "unsigned " : "", name, behind).p);
}

static int to_signed(const sbx_literal_part *part, int64_t *out)
{
    static const int64_t most[] = {INT8_MAX, INT16_MAX, INT32_MAX, INT64_MAX};
    size_t at = (size_t)(part->type->id - SBX_TINYINT);

    if (!read_signed(part, out))
        return refuse_integer(part, "invalid ", "");
    return *out > most[at] || *out < -most[at] - 1 ? refuse_integer(part, "", " overflow") : 0;
}

static int to_unsigned(const sbx_literal_part *part, uint64_t *out)
{
    static const uint64_t most[] = {UINT8_MAX, UINT16_MAX, UINT32_MAX, UINT64_MAX};

    if (!read_unsigned(part, out))
        return refuse_integer(part, "invalid ", "");
    return *out > most[part->type->id - SBX_UTINYINT] ? refuse_integer(part, "", " overflow") : 0;
}

static int to_float(const sbx_literal_part *part, double *out)
{
    int single = part->type->id == SBX_FLOAT;

    if (!read_double(part->text, out))
        return sbx_literal_refuse(part, "illegal float data"); /* of a DOUBLE as well */
    if (!isfinite(*out) || (single && fabs(*out) > (double)FLT_MAX))
        return sbx_literal_refuse(part, single ? "illegal float data" : "illegal double data");
    if (single)
        *out = (double)(float)*out;
    return 0;
}

static int to_decimal(const sbx_literal_part *part, sbx_value *out)
{
    out->digits = part->type->scale;
    if (!sbx_decimal_parse(part->request->arena, part->text, part->type->precision, part->type->scale, &out->as.s))
        return sbx_fail(part->request, DECIMAL_OVERFLOW, "Decimal value overflow");
    return 0;
}

int sbx_literal_number(const sbx_literal_part *part, sbx_value *out)
{
    out->type = part->type->id;
    if (out->type == SBX_BOOL)
        return to_bool(part, &out->as.i);
    if (sbx_type_is_signed(out->type))
        return to_signed(part, &out->as.i);
    if (sbx_type_is_unsigned(out->type))
        return to_unsigned(part, &out->as.u);
    return out->type == SBX_DECIMAL ? to_decimal(part, out) : to_float(part, &out->as.d);
}
