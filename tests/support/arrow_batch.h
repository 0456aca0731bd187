/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow batches over a test's own arrays: nothing is allocated, and nothing has to be released. */
#ifndef TDRT_ARROW_BATCH_H
#define TDRT_ARROW_BATCH_H

#include <tdrest.h>

enum { TDRT_BATCH_COLUMNS = 5 };

/* One column of rows: what a program would have. */
typedef struct tdrt_sample {
    const char *format;
    const void *validity, *first, *second; /* buffers; second may be NULL */
    int64_t length, offset;
    const struct tdrt_sample *dictionary;
    const char *expected;   /* of the rows: "1,2,NULL"; NULL: refused */
    const char *message;
    int row;
} tdrt_sample;

/* An array over a sample's memory; made again for each use. */
typedef struct tdrt_array {
    struct ArrowSchema schema;
    struct ArrowArray array;
    const void *buffers[5];
    int64_t sizes[1]; /* of the buffers of views */
} tdrt_array;

typedef struct tdrt_batch {
    tdrt_array column[TDRT_BATCH_COLUMNS], words[TDRT_BATCH_COLUMNS];
    struct ArrowSchema schema, *fields[TDRT_BATCH_COLUMNS];
    struct ArrowArray array, *arrays[TDRT_BATCH_COLUMNS];
    const void *buffers[1];
} tdrt_batch;

void tdrt_make_batch(const tdrt_sample *const *columns, int count, int64_t rows, tdrt_batch *b);

/* Moves all buffers of a batch to odd addresses, until the next call: Arrow recommends alignment, and does not require it. */
void tdrt_make_odd(const tdrt_sample *const *columns, int count, tdrt_batch *b);

#endif
