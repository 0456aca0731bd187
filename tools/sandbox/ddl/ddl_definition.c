/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the server takes as the definition of a table: numbers of columns, types, widths, no name twice. Knows nothing of what is stored. */
#include "../base/bounds.h"
#include "ddl.h"

#include <stdlib.h>
#include <string.h>

enum { MIN_COLUMNS = 2, MAX_COLUMN_BYTES = 65519 /* of a column of changing length, its two bytes of length included */ };

static int check_width(sbx_request *request, const sbx_type *type, int64_t max_bytes)
{
    if (sbx_type_has_length(type->id) && (type->length < 1 || sbx_type_stored_bytes(type) > max_bytes))
        return sbx_fail(request, 0x2642, "Invalid column length for var length type");
    return 0;
}

static int check_decimal(sbx_request *request, const sbx_type *type)
{
    if (type->id != SBX_DECIMAL || (type->precision >= 1 && type->precision <= 38 && type->scale <= type->precision))
        return 0;
    return sbx_fail(request, 0x2602, "Invalid column type DECIMAL(%d,%d) , invalid precision or scale", type->precision, type->scale);
}

static int check_tags(sbx_request *request, const sbx_column_def *tags, size_t count)
{
    int64_t bytes = 0;

    if (count > SBX_MAX_TAGS)
        return sbx_fail(request, 0x2643, "Invalid number of tag columns");
    for (size_t i = 0; i < count; i++) {
        if (check_width(request, &tags[i].type, SBX_MAX_TAG_BYTES) != 0)
            return request->err.code;
        if (tags[i].type.id == SBX_JSON && count > 1)
            return sbx_fail(request, 0x2633, "Only one tag if there is a json tag");
        if (tags[i].type.id == SBX_DECIMAL)
            return sbx_fail(request, 0x2602, "Decimal type is not allowed for tag");
        if (tags[i].type.id != SBX_JSON)
            bytes += sbx_type_stored_bytes(&tags[i].type);
    }
    if (bytes > SBX_MAX_TAG_BYTES)
        return sbx_fail(request, 0x263D, "Tags length exceeds max length %d", SBX_MAX_TAG_BYTES);
    return 0;
}

static int check_columns(sbx_request *request, const sbx_column_def *columns, size_t count)
{
    int64_t bytes = 0;

    for (size_t i = 0; i < count; i++) {
        if (i == 0 && columns[i].type.id != SBX_TIMESTAMP)
            return sbx_fail(request, 0x2641, "First column must be timestamp");
        if (columns[i].type.id == SBX_JSON)
            return sbx_fail(request, 0x2652, "Only tag can be json type");
        if (check_decimal(request, &columns[i].type) != 0 || check_width(request, &columns[i].type, MAX_COLUMN_BYTES) != 0)
            return request->err.code;
        bytes += sbx_type_stored_bytes(&columns[i].type);
    }
    if (bytes > SBX_MAX_ROW_BYTES)
        return sbx_fail(request, 0x263E, "Row length exceeds max length %d", SBX_MAX_ROW_BYTES);
    return 0;
}

static int compare_names(const void *left, const void *right)
{
    const sbx_text *a = left, *b = right;
    int order = memcmp(a->p, b->p, a->len < b->len ? a->len : b->len);

    return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

static int check_twice(sbx_request *request, const sbx_column_def *columns, size_t column_count, const sbx_column_def *tags, size_t tag_count)
{
    size_t count = column_count + tag_count;
    sbx_text *names = sbx_alloc_array(request->arena, count, sizeof *names);

    for (size_t i = 0; i < column_count; i++)
        names[i] = columns[i].name;
    for (size_t i = 0; i < tag_count; i++)
        names[column_count + i] = tags[i].name;
    qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 1; i < count; i++) {
        if (sbx_text_equal(names[i - 1], names[i]))
            return sbx_fail(request, 0x263C, "Duplicated column names");
    }
    return 0;
}

int sbx_check_definition(sbx_request *request, const sbx_column_def *columns, size_t column_count, const sbx_column_def *tags, size_t tag_count)
{
    if (check_tags(request, tags, tag_count) != 0)
        return request->err.code;
    if (column_count < MIN_COLUMNS)
        return sbx_fail(request, 0x263F, "Illegal number of columns");
    if (column_count + tag_count > SBX_MAX_COLUMNS)
        return sbx_fail(request, 0x2640, "Too many columns");
    if (check_columns(request, columns, column_count) != 0)
        return request->err.code;
    return check_twice(request, columns, column_count, tags, tag_count);
}
