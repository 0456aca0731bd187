/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The baseline: Jansson makes a tree of the whole answer, then each cell is read once. Knows nothing of the library. */
#include "bench/baseline.h"

#include <jansson.h>
#include <string.h>

enum { INTEGER, REAL, LONG };

static void read_cell(const json_t *cell, int column, int kind, tdrt_reading *out)
{
    if (json_is_string(cell)) {
        if (column > 0)
            out->bytes += (int64_t)json_string_length(cell);
    } else if (kind == REAL) {
        out->sum += json_number_value(cell) > 5.0;
    } else if (json_is_integer(cell)) {
        out->sum += (double)(kind == LONG ? json_integer_value(cell) % 1000 : json_integer_value(cell));
    }
}

static int kind_of(const json_t *meta, size_t column)
{
    const char *type = json_string_value(json_array_get(json_array_get(meta, column), 1));

    if (type != NULL && (strcmp(type, "FLOAT") == 0 || strcmp(type, "DOUBLE") == 0))
        return REAL;
    return type != NULL && strcmp(type, "BIGINT") == 0 ? LONG : INTEGER;
}

int tdrt_baseline(const char *body, size_t len, tdrt_reading *out)
{
    json_t *root = json_loadb(body, len, JSON_ALLOW_NUL, NULL), *meta, *row, *cell;
    int kinds[256];
    size_t i, column;

    memset(out, 0, sizeof *out);
    meta = json_object_get(root, "column_meta");
    if (root == NULL || json_array_size(meta) > sizeof kinds / sizeof kinds[0])
        return 0;
    for (column = 0; column < json_array_size(meta); column++)
        kinds[column] = kind_of(meta, column);
    json_array_foreach(json_object_get(root, "data"), i, row) {
        out->rows++;
        json_array_foreach(row, column, cell)
            read_cell(cell, (int)column, kinds[column], out);
    }
    json_decref(root);
    return 1;
}
