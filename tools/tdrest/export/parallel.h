/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Pieces of one output that are made side by side and written in order. */
#ifndef CLI_PARALLEL_H
#define CLI_PARALLEL_H

#include <stddef.h>
#include <stdint.h>

#include "term/output.h"

/* What a piece says of itself. */
typedef struct cli_piece {
    int status; /* an exit status, told on stderr */
    int replaced;
    int64_t rows;
    uint64_t shape; /* must be that of the first piece */
    int differs;    /* of all: a piece's is another one; nothing is told */
} cli_piece;

/* Makes a piece; in a process of its own, which has a copy of everything, but must use no connection of its parent. */
typedef void cli_make_piece(void *context, size_t index, cli_output *out, cli_piece *piece);

/*
 * Makes count pieces, at most so many at a time, each in a file without a name, and writes them to out in their order. near: a path in whose folder there is
 * room for them; NULL: TMPDIR. all: their sums, and the first failure, after which no more is begun. Nothing is left running.
 */
void cli_parallel(cli_output *out, size_t count, size_t most, const char *near, cli_make_piece *make, void *context, cli_piece *all);

#endif
