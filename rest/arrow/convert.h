/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A block's column as the buffers of an Arrow array. Knows values, no ArrowArray. */
#ifndef TDRI_ARROW_CONVERT_H
#define TDRI_ARROW_CONVERT_H

#include "arrow/schema.h"

/* Arrow's buffers, in its order; what could not stay in the block has memory of its own, which tdri_arrow_buffers_clear frees. */
typedef struct tdri_arrow_buffers {
    const void *buffer[3];
    void *owned[3];
    int64_t count;      /* of buffers */
    int64_t null_count;
} tdri_arrow_buffers;

/* The block, which is changed: times to their unit, offsets of texts to Arrow's. */
typedef struct tdri_arrow_source {
    tdrest_block *block;
    const tdri_arrow_way *way;
    int64_t first_row; /* of the block, in the result */
    tdrest_error *err; /* receives what is refused, with its place */
} tdri_arrow_source;

/* All buffers begin at multiples of 64. TDREST_OK; TDREST_ENOMEM, TDREST_ETYPE (no UTF-8), TDREST_ERANGE (a time or decimal does not fit), in the record. */
int tdri_arrow_convert(const tdri_arrow_source *from, size_t column, int unit, tdri_arrow_buffers *out);
void tdri_arrow_buffers_clear(const tdrest_allocator *mem, tdri_arrow_buffers *buffers);

#endif
