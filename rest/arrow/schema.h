/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What Arrow is told of columns: formats, names, metadata. Knows no values. */
#ifndef TDRI_ARROW_SCHEMA_H
#define TDRI_ARROW_SCHEMA_H

#include "answer/column.h"

enum { TDRI_ARROW_FORMAT = 16 }; /* bytes of the longest format, "d:38,38" or "tsm:UTC", and some more */

/* How columns become Arrow's; unit is that of a TIMESTAMP, TDREST_MS ... */
typedef struct tdri_arrow_way {
    int binary_text;
    int extensions;
} tdri_arrow_way;

/* 1 when a DECIMAL column has a precision and scale that decimal128 can have; others are texts. */
int tdri_arrow_is_decimal(const tdri_column *column);
/* 1 when the column's texts must be UTF-8. */
int tdri_arrow_is_utf8(const tdri_column *column, const tdri_arrow_way *way);

/* The schema of a struct of these columns. 0, or ENOMEM with out released. */
int tdri_arrow_schema(const tdrest_allocator *mem, const tdri_column *columns, size_t count, const tdri_arrow_way *way, const unsigned char *units,
                      struct ArrowSchema *out);

#endif
