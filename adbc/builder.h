/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow arrays made by the driver itself, nested ones too: a tree of columns, filled value by value, becomes a stream of one batch. */
#ifndef TDA_BUILDER_H
#define TDA_BUILDER_H

#include <tdrest.h>

/* Bytes that grow. */
typedef struct tda_bytes {
    char *data;
    size_t len, cap;
} tda_bytes;

/*
 * A column; `format` is Arrow's: u, z, i, I, l, s, b, n, +l, +s, +m, +ud:..., and L, g without values. The texts are static, or outlive the column. Adding to a child of a list or struct
 * comes before tda_close on that.
 */
typedef struct tda_column {
    const char *format, *name, *metadata;
    int64_t flags;
    struct tda_column **child;
    int children;
    int64_t length, nulls;
    tda_bytes validity, fixed, texts;
    int failed;                /* memory was out, here or in a child */
} tda_column;

/* A column, and a child that it adds to its parent (NULL: none). NULL when memory is out, which marks the parent. */
tda_column *tda_column_new(tda_column *parent, const char *format, const char *name, int nullable);
void tda_column_free(tda_column *column);
void tda_add_null(tda_column *column);
void tda_add_text(tda_column *column, const char *text); /* NULL: NULL */
void tda_add_text_of(tda_column *column, const char *text, size_t len);
void tda_add_int(tda_column *column, int64_t value);     /* of any width; b: 0 or 1 */
/* A list or struct whose children have what belongs to it; of a union, the value just added to child `type`. */
void tda_close(tda_column *column);
void tda_close_union(tda_column *column, int type);

/* The struct column as a stream of one batch, or of none when it has no rows; it takes the column. 1; 0 when memory is out. */
int tda_column_stream(tda_column *column, struct ArrowArrayStream *out);
/* Its schema; it takes the column. */
int tda_column_schema(tda_column *column, struct ArrowSchema *out);
/* A schema of columns without children once more, with memory of its own. */
int tda_schema_copy(const struct ArrowSchema *schema, struct ArrowSchema *out);

#endif
