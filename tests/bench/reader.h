/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What reading every cell of an answer once gives. */
#ifndef TDRT_READER_H
#define TDRT_READER_H

#include <stddef.h>
#include <stdint.h>

typedef struct tdrt_reading {
    int64_t rows;
    double sum;    /* of all numbers, row by row, floats in double precision */
    int64_t bytes; /* of all texts but times */
    int64_t peak_heap;
    int64_t allocations;
} tdrt_reading;

/* With the library's decoder, in pieces of 16 KiB and default options. 1 when the answer was read. */
int tdrt_read(const char *body, size_t len, tdrt_reading *out);

#endif
