/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Drives the decoder over a body cut in every which way and writes all that it
 * made of it as text, so that two ways can be compared as strings.
 */
#ifndef TDRT_DUMP_H
#define TDRT_DUMP_H

#include "answer/decode.h"

/* How a body is offered. */
typedef struct tdrt_cuts {
    size_t first;       /* bytes of the first piece; 0: all in one */
    size_t step;        /* bytes of each later piece; 0: all the rest */
    int hand_out;       /* recycle after every piece that completed rows, as a caller does who reads promptly */
    size_t block_bytes; /* 0: the default */
} tdrt_cuts;

/* Called for every block before it is recycled. */
typedef void tdrt_on_block(void *context, const tdri_decode *decode);

/*
 * Decodes; answers tdri_decode_end's code, or TDREST_DONE for a whole answer with rows and TDREST_OK for one without.
 * `out` gets the columns, every cell and the error; NULL: not wanted.
 */
int tdrt_decode(const char *body, size_t len, const tdrt_cuts *cuts, const tdrest_allocator *mem, tdri_buf *out, tdrest_error *err);
int tdrt_decode_blocks(const char *body, size_t len, const tdrt_cuts *cuts, const tdrest_allocator *mem,
                       tdrt_on_block *on_block, void *context, tdrest_error *err);

#endif
