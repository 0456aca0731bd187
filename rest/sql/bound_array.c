/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Columns that a program binds, read row by row. Knows the layout of tdrest_column, no SQL. */
#include "sql/bound_array.h"

#include "base/sizes.h"
#include "base/types.h"

#include <string.h>

static int is_native(int type)
{
    return tdri_type_width(type) > 0;
}

static int is_text(int type)
{
    return tdri_type_class(type) == TDRI_CLASS_TEXT || tdri_type_class(type) == TDRI_CLASS_BYTES;
}

/* Without lengths, a text ends where the next one begins. */
static int offsets_fall(const tdrest_column *column)
{
    for (int64_t i = 0; i < column->count; i++)
        if (column->offset[i + 1] < column->offset[i])
            return 1;
    return 0;
}

static const char *check(const tdrest_column *column, int *code)
{
    *code = TDREST_EUSAGE;
    if (column->count < 0)
        return "a row count of at least 0";
    if (is_native(column->type) && column->values == NULL && column->count > 0)
        return "values: the column has none";
    if (is_text(column->type) && (column->offset == NULL || column->bytes == NULL) && column->count > 0)
        return "offset and bytes: the column has none";
    if (is_text(column->type) && column->length == NULL && offsets_fall(column))
        return "offset with one more entry than rows, none below the one before it; or length";
    *code = TDREST_EBIND;
    if (!is_native(column->type) && !is_text(column->type))
        return "a type that can be written";
    /* A block has no precision where all rows are NULL; with a value the literal refuses it. */
    if (column->type == TDREST_TYPE_TIMESTAMP && column->precision == TDREST_PRECISION_UNKNOWN && column->validity == NULL)
        return "the column's precision: TDREST_MS, TDREST_US or TDREST_NS";
    return NULL;
}

const char *tdri_bound_array_copy(const tdrest_column *given, tdrest_column *column, int *code)
{
    static const tdrest_column nothing;

    *code = TDREST_EUSAGE;
    *column = nothing;
    return tdri_sizes_take(&tdri_sizes_column, given, column) ? check(column, code)
                                                              : "a column initialised with TDREST_COLUMN or TDREST_TEXT_COLUMN: its size member fits no version";
}

static void get_text(const tdrest_column *column, size_t row, tdri_value *out)
{
    uint32_t from = column->offset[row];

    out->bytes = column->bytes + from;
    out->len = column->length != NULL ? column->length[row] : column->offset[row + 1] - from;
}

void tdri_bound_array_get(const tdrest_column *column, size_t row, tdri_value *out)
{
    const void *values = column->values;

    out->type = column->type;
    if (column->validity != NULL && (column->validity[row >> 3] >> (row & 7) & 1) == 0) {
        out->type = TDREST_TYPE_UNKNOWN;
        return;
    }
    switch (column->type) {
    case TDREST_TYPE_BOOL: out->as.i = ((const uint8_t *)values)[row]; break;
    case TDREST_TYPE_TINYINT: out->as.i = ((const int8_t *)values)[row]; break;
    case TDREST_TYPE_SMALLINT: out->as.i = ((const int16_t *)values)[row]; break;
    case TDREST_TYPE_INT: out->as.i = ((const int32_t *)values)[row]; break;
    case TDREST_TYPE_BIGINT: out->as.i = ((const int64_t *)values)[row]; break;
    case TDREST_TYPE_UTINYINT: out->as.u = ((const uint8_t *)values)[row]; break;
    case TDREST_TYPE_USMALLINT: out->as.u = ((const uint16_t *)values)[row]; break;
    case TDREST_TYPE_UINT: out->as.u = ((const uint32_t *)values)[row]; break;
    case TDREST_TYPE_UBIGINT: out->as.u = ((const uint64_t *)values)[row]; break;
    case TDREST_TYPE_FLOAT: out->as.f = ((const float *)values)[row]; break;
    case TDREST_TYPE_DOUBLE: out->as.d = ((const double *)values)[row]; break;
    case TDREST_TYPE_TIMESTAMP:
        out->as.i = ((const int64_t *)values)[row];
        out->precision = column->precision;
        break;
    default: get_text(column, row, out); break;
    }
}
