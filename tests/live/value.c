/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Compares a value with the text that is expected of it, by the getter of its type; strtod and Jansson are the second opinion. */
#include "live.h"

#include <jansson.h>
#include <math.h>

static int real_is(tdrest_result *res, size_t column, int type, const char *expected)
{
    double wanted = type == TDREST_TYPE_FLOAT ? (double)strtof(expected, NULL) : strtod(expected, NULL), got;

    return tdrest_result_double(res, column, &got) == TDREST_OK && !(got < wanted) && !(got > wanted) && !signbit(got) == !signbit(wanted);
}

static int hex_is(tdrest_result *res, size_t column, const char *expected, size_t len)
{
    const void *bytes;
    char digits[3];
    size_t n, i;

    if (tdrest_result_bytes(res, column, &bytes, &n) != TDREST_OK || 2 * n != len)
        return 0;
    for (i = 0; i < n; i++) {
        snprintf(digits, sizeof digits, "%02x", ((const unsigned char *)bytes)[i]);
        if (memcmp(digits, expected + 2 * i, 2) != 0)
            return 0;
    }
    return 1;
}

/* n * 10 + digit, of 128 bits in four pieces. */
static void add_digit(uint64_t piece[4], unsigned digit)
{
    uint64_t carry = digit;

    for (int i = 0; i < 4; i++) {
        carry += piece[i] * 10;
        piece[i] = carry & 0xffffffffu;
        carry >>= 32;
    }
}

static int decimal_is(tdrest_result *res, size_t column, const char *expected)
{
    const char *point = strchr(expected, '.');
    uint64_t piece[4] = {0, 0, 0, 0}, lo, hi;
    tdrest_decimal got;

    if (tdrest_result_decimal(res, column, &got) != TDREST_OK)
        return 0;
    for (const char *p = expected; *p != '\0'; p++)
        if (*p >= '0' && *p <= '9')
            add_digit(piece, (unsigned)(*p - '0'));
    lo = piece[1] << 32 | piece[0];
    hi = piece[3] << 32 | piece[2];
    if (expected[0] == '-') {
        lo = ~lo + 1;
        hi = ~hi + (lo == 0);
    }
    return got.lo == lo && (uint64_t)got.hi == hi && got.negative == (expected[0] == '-') &&
           got.scale == (point == NULL ? 0 : (int)strlen(point + 1));
}

static int json_is(tdrest_result *res, size_t column, const char *expected, size_t len)
{
    const char *text;
    json_t *got = NULL, *wanted = json_loadb(expected, len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    size_t n;
    int same;

    if (tdrest_result_json(res, column, &text, &n) == TDREST_OK)
        got = json_loadb(text, n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    same = got != NULL && wanted != NULL && json_equal(got, wanted);
    json_decref(got);
    json_decref(wanted);
    return same;
}

static int text_is(tdrest_result *res, size_t column, const char *expected, size_t len)
{
    const char *text;
    size_t n;

    return tdrest_result_text(res, column, &text, &n) == TDREST_OK && n == len && memcmp(text, expected, len) == 0 && text[n] == '\0';
}

static int bytes_are(tdrest_result *res, size_t column, const char *expected, size_t len)
{
    const void *bytes;
    size_t n;

    return tdrest_result_bytes(res, column, &bytes, &n) == TDREST_OK && n == len && memcmp(bytes, expected, len) == 0;
}

static int time_is(tdrest_result *res, size_t column)
{
    int64_t when;
    int precision;

    return tdrest_result_time(res, column, &when, &precision) == TDREST_OK && precision != TDREST_PRECISION_UNKNOWN;
}

int tdrt_live_is(tdrest_result *res, size_t column, const char *expected, size_t len)
{
    const tdrest_column *c = tdrest_result_column(res, column);
    const char *text;
    int64_t integer;
    uint64_t natural;
    int flag;

    if (c == NULL)
        return 0;
    if (expected == NULL)
        return tdrest_result_is_null(res, column) && tdrest_result_text(res, column, &text, NULL) == TDREST_ENULL;
    switch (c->type) {
    case TDREST_TYPE_BOOL:
        return tdrest_result_bool(res, column, &flag) == TDREST_OK && flag == (strcmp(expected, "true") == 0) && text_is(res, column, expected, len);
    case TDREST_TYPE_TINYINT: case TDREST_TYPE_SMALLINT: case TDREST_TYPE_INT: case TDREST_TYPE_BIGINT:
        return tdrest_result_int64(res, column, &integer) == TDREST_OK && integer == strtoll(expected, NULL, 10) && text_is(res, column, expected, len);
    case TDREST_TYPE_UTINYINT: case TDREST_TYPE_USMALLINT: case TDREST_TYPE_UINT: case TDREST_TYPE_UBIGINT:
        return tdrest_result_uint64(res, column, &natural) == TDREST_OK && natural == strtoull(expected, NULL, 10) && text_is(res, column, expected, len);
    case TDREST_TYPE_FLOAT: case TDREST_TYPE_DOUBLE:
        return real_is(res, column, c->type, expected);
    case TDREST_TYPE_TIMESTAMP:
        return time_is(res, column) && text_is(res, column, expected, len);
    case TDREST_TYPE_VARBINARY: case TDREST_TYPE_GEOMETRY: case TDREST_TYPE_BLOB:
        return hex_is(res, column, expected, len) && text_is(res, column, expected, len);
    case TDREST_TYPE_DECIMAL:
        return decimal_is(res, column, expected) && text_is(res, column, expected, len);
    case TDREST_TYPE_JSON:
        return json_is(res, column, expected, len);
    default:
        return bytes_are(res, column, expected, len) && text_is(res, column, expected, len);
    }
}
