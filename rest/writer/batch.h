/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Segments that go in one request, and its bytes: all of it, or of some of its rows. Rows are counted in the order in which they stand there. Knows
 * that heads have a begin in common; does no I/O.
 */
#ifndef TDRI_BATCH_H
#define TDRI_BATCH_H

#include "async/halving.h"
#include "writer/lanes.h"

typedef struct tdri_batch {
    tdri_lanes *lanes;
    tdri_segment *segments; /* the text of the first one is the body */
    size_t rows;
    uint64_t first_table, last_table; /* hashes */
    tdri_buf part;          /* the body of some of the rows */
    size_t part_charge;
} tdri_batch;

/*
 * Makes the body of segments that were just taken. TDREST_OK, or TDREST_ENOMEM: they are as before.
 */
int tdri_batch_make(tdri_batch *batch, tdri_lanes *lanes, tdri_segment *segments);
/* Frees the segments, which are settled, and the bodies. */
void tdri_batch_clear(tdri_batch *batch);

/* The body of rows [from, to), which stands until the next call. TDREST_OK or TDREST_ENOMEM. */
int tdri_batch_body(tdri_batch *batch, size_t from, size_t to, const char **body, size_t *len);

/* The tables of rows [from, to), at least one: each head is one. */
tdri_tables tdri_batch_tables(const tdri_batch *batch, size_t from, size_t to);

/* Consecutive numbers of one segment. */
typedef struct tdri_batch_range {
    tdri_segment *segment;
    int64_t first, count;       /* the numbers */
    const char *clause, *text;  /* the head without its begin; the rows */
    size_t clause_len, len;
    size_t row, end, run, base; /* of the segment: its rows [row, end) are of that run, whose first one is `base` */
    size_t left;                /* rows to go behind them */
} tdri_batch_range;

/* Goes through rows [from, to), at least one: the first range. */
void tdri_batch_begin(const tdri_batch *batch, size_t from, size_t to, tdri_batch_range *range);
/* 1, or 0 behind the last one. */
int tdri_batch_next(const tdri_batch *batch, tdri_batch_range *range);

#endif
