/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow arrays checked in full, by the specification alone: buffers, offsets, validity, counts. Knows nothing of who made them. */
#ifndef TDRT_ARROW_CHECK_H
#define TDRT_ARROW_CHECK_H

#include <stddef.h>
#include <stdint.h>

#include <tdrest.h>

/* 1 when the struct array is a valid one of that schema, with every buffer at a multiple of 64; else says what is wrong. */
int tdrt_arrow_check(const struct ArrowSchema *schema, const struct ArrowArray *array);

int tdrt_arrow_is_null(const struct ArrowArray *array, int64_t row);
/* A value as text: NULL, true, numbers, "text", x'bytes', decimals without point, times as counts. */
void tdrt_arrow_cell(const struct ArrowSchema *field, const struct ArrowArray *array, int64_t row, char *out, size_t cap);

/* A value of a field's metadata; NULL when it has no such key. The text is in a static buffer. */
const char *tdrt_arrow_metadata(const struct ArrowSchema *field, const char *key);

#endif
