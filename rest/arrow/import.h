/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* An Arrow array as a column that a statement can bind. Knows no statements. */
#ifndef TDRI_ARROW_IMPORT_H
#define TDRI_ARROW_IMPORT_H

#include "base/mem.h"

enum { TDRI_ARROW_OWNED = 4 };

/* The column's arrays are Arrow's own where they can be; the others are owned, and tdri_arrow_import_clear frees them. */
typedef struct tdri_arrow_column {
    tdrest_column pub;
    void *owned[TDRI_ARROW_OWNED];
    int64_t bad_row; /* that is refused, in the array; -1: the array as a whole */
    int code;        /* of the refusal */
} tdri_arrow_column;

/* What is read: rows of an array, for a column of the server's or NULL. */
typedef struct tdri_arrow_rows {
    const struct ArrowSchema *field;
    const struct ArrowArray *array;
    int64_t from; /* counted from the array's own offset */
    int64_t count;
    const tdrest_column *target; /* decides what texts and bytes are bound as; NULL: unknown */
} tdri_arrow_rows;

/* NULL, or what was expected instead: a static phrase, with out->code and out->bad_row. To be cleared in any case. */
const char *tdri_arrow_import(const tdrest_allocator *mem, const tdri_arrow_rows *rows, tdri_arrow_column *out);
void tdri_arrow_import_clear(const tdrest_allocator *mem, tdri_arrow_column *column);

/* ---- the parts, which import.c calls ---- */

typedef struct tdri_arrow_import_work {
    const tdrest_allocator *mem;
    const tdri_arrow_rows *rows;
    tdri_arrow_column *out;
    size_t first, count; /* the first value in the buffers, and how many */
} tdri_arrow_import_work;

/* Memory of count * size bytes, at least one, in owned[which]; NULL when it is out. */
void *tdri_arrow_import_own(const tdri_arrow_import_work *w, int which, size_t count, size_t size);
/*
 * count * size bytes at `from`, for what reads them as numbers of that size: where they are, or, since Arrow recommends alignment and does not require it, a copy in
 * owned[which]. NULL when memory is out.
 */
const void *tdri_arrow_import_aligned(const tdri_arrow_import_work *w, int which, const void *from, size_t count, size_t size);
/* The refusals: of a row, and for want of memory. */
const char *tdri_arrow_refuse_row(const tdri_arrow_import_work *w, size_t row, const char *expected);
const char *tdri_arrow_no_memory(const tdri_arrow_import_work *w);
/* 1 when the value has its bit in the array's validity, or when there is none. */
int tdri_arrow_has_value(const struct ArrowArray *array, size_t at);

/* import_text.c: texts and bytes with 32 and 64 bits of offset, views, those of fixed size; decimals as texts. */
const char *tdri_arrow_import_texts(const tdri_arrow_import_work *w);
const char *tdri_arrow_import_large_texts(const tdri_arrow_import_work *w);
const char *tdri_arrow_import_views(const tdri_arrow_import_work *w);
const char *tdri_arrow_import_fixed(const tdri_arrow_import_work *w);
const char *tdri_arrow_import_decimals(const tdri_arrow_import_work *w);

#endif
