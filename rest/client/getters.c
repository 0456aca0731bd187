/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The values of the current row. NULL, type and range are told by the code alone. Knows nothing of where rows come from. */
#include "client/result.h"

#include "base/number.h"
#include "base/text.h"
#include "base/utc.h"

#include <string.h>

/* The cell's column and row: TDREST_OK, TDREST_ENULL, or TDREST_EUSAGE where there is no such cell. */
static int find_cell(const tdrest_result *res, size_t column, const tdri_column **c, size_t *row)
{
    if (res == NULL || res->reading != TDRI_ON_ROW || column >= tdrest_result_column_count(res))
        return TDREST_EUSAGE;
    *c = &res->block->columns[column];
    *row = res->at - 1;
    return tdri_column_is_null(*c, *row) ? TDREST_ENULL : TDREST_OK;
}

int tdrest_result_is_null(const tdrest_result *res, size_t column)
{
    const tdri_column *c;
    size_t row;

    return find_cell(res, column, &c, &row) != TDREST_OK;
}

int tdrest_result_bool(const tdrest_result *res, size_t column, int *out)
{
    const tdri_column *c;
    size_t row;
    int rc = find_cell(res, column, &c, &row);

    *out = 0;
    if (rc != TDREST_OK)
        return rc;
    if (c->kind != TDRI_KIND_BOOL)
        return TDREST_ETYPE;
    *out = ((const uint8_t *)c->values)[row];
    return TDREST_OK;
}

/* An integer as sign and magnitude. 0 for columns of another type. */
static int integer(const tdri_column *c, size_t row, int *negative, uint64_t *magnitude)
{
    int64_t v = 0;
    uint64_t u = 0;

    switch (c->kind) {
    case TDRI_KIND_I8: v = ((const int8_t *)c->values)[row]; break;
    case TDRI_KIND_I16: v = ((const int16_t *)c->values)[row]; break;
    case TDRI_KIND_I32: v = ((const int32_t *)c->values)[row]; break;
    case TDRI_KIND_I64: v = ((const int64_t *)c->values)[row]; break;
    case TDRI_KIND_U8: u = ((const uint8_t *)c->values)[row]; break;
    case TDRI_KIND_U16: u = ((const uint16_t *)c->values)[row]; break;
    case TDRI_KIND_U32: u = ((const uint32_t *)c->values)[row]; break;
    case TDRI_KIND_U64: u = ((const uint64_t *)c->values)[row]; break;
    default: return 0;
    }
    *negative = v < 0;
    *magnitude = v < 0 ? 0 - (uint64_t)v : (uint64_t)v | u;
    return 1;
}

static int find_integer(const tdrest_result *res, size_t column, int *negative, uint64_t *magnitude)
{
    const tdri_column *c;
    size_t row;
    int rc = find_cell(res, column, &c, &row);

    if (rc == TDREST_OK && !integer(c, row, negative, magnitude))
        rc = TDREST_ETYPE;
    return rc;
}

int tdrest_result_int64(const tdrest_result *res, size_t column, int64_t *out)
{
    uint64_t magnitude;
    int negative, rc = find_integer(res, column, &negative, &magnitude);

    *out = 0;
    if (rc != TDREST_OK)
        return rc;
    if (!negative && magnitude > INT64_MAX)
        return TDREST_ERANGE;
    *out = negative ? -(int64_t)(magnitude - 1) - 1 : (int64_t)magnitude;
    return TDREST_OK;
}

int tdrest_result_uint64(const tdrest_result *res, size_t column, uint64_t *out)
{
    uint64_t magnitude;
    int negative, rc = find_integer(res, column, &negative, &magnitude);

    *out = 0;
    if (rc != TDREST_OK)
        return rc;
    if (negative)
        return TDREST_ERANGE;
    *out = magnitude;
    return TDREST_OK;
}

/* 1 when a double holds all digits: at most 53 bits between the first and the last one set. */
static int fits_double(uint64_t magnitude)
{
    while (magnitude != 0 && (magnitude & 1) == 0)
        magnitude >>= 1;
    return magnitude >> 53 == 0;
}

int tdrest_result_double(const tdrest_result *res, size_t column, double *out)
{
    const tdri_column *c;
    uint64_t magnitude;
    size_t row;
    int negative, rc = find_cell(res, column, &c, &row);

    *out = 0;
    if (rc != TDREST_OK)
        return rc;
    if (c->kind == TDRI_KIND_F32)
        *out = ((const float *)c->values)[row];
    else if (c->kind == TDRI_KIND_F64)
        *out = ((const double *)c->values)[row];
    else if (!integer(c, row, &negative, &magnitude))
        return TDREST_ETYPE;
    else if (!fits_double(magnitude))
        return TDREST_ERANGE;
    else
        *out = negative ? -(double)magnitude : (double)magnitude;
    return TDREST_OK;
}

int tdrest_result_time(const tdrest_result *res, size_t column, int64_t *out, int *precision)
{
    const tdri_column *c;
    size_t row;
    int rc = find_cell(res, column, &c, &row);

    *out = 0;
    if (precision != NULL)
        *precision = TDREST_PRECISION_UNKNOWN;
    if (rc != TDREST_OK)
        return rc;
    if (c->kind != TDRI_KIND_TIME)
        return TDREST_ETYPE;
    *out = ((const int64_t *)c->values)[row];
    if (precision != NULL)
        *precision = c->pub.precision;
    return TDREST_OK;
}

static const char *stored(const tdrest_result *res, const tdri_column *c, size_t row, size_t *len)
{
    *len = c->length[row];
    return res->block->arena + c->offset[row];
}

/* Where the text of a column's cell is made. NULL when memory is out. */
static tdri_cell_text *cell_text(tdrest_result *res, size_t column)
{
    if (res->texts == NULL)
        res->texts = (tdri_cell_text *)tdri_mem_zeroed(&res->mem, res->block->column_count, sizeof *res->texts);
    return res->texts == NULL ? NULL : &res->texts[column];
}

static int hex_text(tdrest_result *res, tdri_cell_text *text, const char *bytes, size_t len)
{
    char *large;

    if (2 * len + 1 > text->cap) {
        large = (char *)tdri_mem_resize(&res->mem, text->large, 2 * len + 1);
        if (large == NULL)
            return TDREST_ENOMEM;
        text->large = large;
        text->cap = 2 * len + 1;
    }
    tdri_hex_encode(bytes, len, text->large);
    text->large[2 * len] = '\0';
    return TDREST_OK;
}

/* A native value as text; the length. */
static size_t format(const tdri_column *c, size_t row, char *out)
{
    uint64_t magnitude;
    int negative;

    switch (c->kind) {
    case TDRI_KIND_BOOL:
        memcpy(out, ((const uint8_t *)c->values)[row] ? "true" : "false", ((const uint8_t *)c->values)[row] ? 5 : 6);
        return ((const uint8_t *)c->values)[row] ? 4 : 5;
    case TDRI_KIND_F32:
        return tdri_float_format(((const float *)c->values)[row], out);
    case TDRI_KIND_F64:
        return tdri_double_format(((const double *)c->values)[row], out);
    case TDRI_KIND_TIME:
        return tdri_utc_format(((const int64_t *)c->values)[row], c->pub.precision, c->digits[row], c->zone_min[row], out);
    default:
        (void)integer(c, row, &negative, &magnitude);
        out[0] = '-';
        return (size_t)negative + tdri_uint64_format(magnitude, out + negative);
    }
}

int tdrest_result_text(tdrest_result *res, size_t column, const char **text, size_t *len)
{
    const tdri_column *c;
    tdri_cell_text *made;
    size_t row, n = 0;
    int rc = find_cell(res, column, &c, &row);

    *text = "";
    if (len != NULL)
        *len = 0;
    if (rc != TDREST_OK)
        return rc;
    if (tdri_kind_is_text(c->kind) && c->kind != TDRI_KIND_HEX) {
        *text = stored(res, c, row, &n);
    } else {
        made = cell_text(res, column);
        if (made == NULL)
            return TDREST_ENOMEM;
        if (c->kind == TDRI_KIND_HEX) {
            rc = hex_text(res, made, stored(res, c, row, &n), c->length[row]);
            if (rc != TDREST_OK)
                return rc;
            n = 2 * n;
            *text = made->large;
        } else {
            n = format(c, row, made->small);
            *text = made->small;
        }
    }
    if (len != NULL)
        *len = n;
    return TDREST_OK;
}

/* The text or bytes of a column of one kind or the other, as they are in the block. */
static int stored_as(const tdrest_result *res, size_t column, enum tdri_kind kind, enum tdri_kind other, const char **text, size_t *len)
{
    const tdri_column *c;
    size_t row;
    int rc = find_cell(res, column, &c, &row);

    *text = "";
    *len = 0;
    if (rc != TDREST_OK)
        return rc;
    if (c->kind != kind && c->kind != other)
        return TDREST_ETYPE;
    *text = stored(res, c, row, len);
    return TDREST_OK;
}

int tdrest_result_bytes(const tdrest_result *res, size_t column, const void **bytes, size_t *len)
{
    const char *text;
    int rc = stored_as(res, column, TDRI_KIND_HEX, TDRI_KIND_TEXT, &text, len);

    *bytes = text;
    return rc;
}

int tdrest_result_decimal(const tdrest_result *res, size_t column, tdrest_decimal *out)
{
    const char *text;
    size_t len;
    int rc = stored_as(res, column, TDRI_KIND_DECIMAL, TDRI_KIND_DECIMAL, &text, &len);

    memset(out, 0, sizeof *out);
    return rc == TDREST_OK ? tdri_decimal_parse(text, len, out) : rc;
}

int tdrest_result_json(const tdrest_result *res, size_t column, const char **text, size_t *len)
{
    size_t n;
    int rc = stored_as(res, column, TDRI_KIND_JSON, TDRI_KIND_JSON, text, &n);

    if (len != NULL)
        *len = n;
    return rc;
}
