/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The decoder from inside. decode.c says which part takes the next byte; the parts stand on decode_base.c, and call neither it nor
 * each other, but for decode_cell.c, which leaves plain cells to decode_plain.c.
 */
#ifndef TDRI_DECODE_PARTS_H
#define TDRI_DECODE_PARTS_H

#include "answer/decode.h"

/* ---- decode_base.c: what every part needs ---- */

/* Reports a failure at a byte of the piece at hand, with row and column where one is being read. Answers NULL. */
const char *tdri_decode_fail(tdri_decode *decode, const char *at, int code, const char *format, ...) TDRI_PRINTF(4, 5);
/* Room for that many bytes of text. 1; 0 when the block must be recycled first (full) or a failure was reported (broken). */
int tdri_decode_room(tdri_decode *decode, const char *at, size_t bytes);
/* The cell of that row is NULL; its element becomes 0 or "". */
void tdri_decode_set_null(tdri_decode *decode, tdri_column *column, size_t row);

/* The unfinished row becomes a complete one. */
static inline void tdri_decode_row_done(tdri_decode *decode)
{
    decode->block.rows++;
    decode->block.row_start = decode->block.arena_len;
    decode->column = 0;
}

/* ---- the parts: each takes bytes from [p, end) and answers the byte behind; NULL when it reported a failure ---- */

/* decode_head.c: what stands before the rows, and behind them. */
const char *tdri_decode_head(tdri_decode *decode, const char *p, const char *end);
const char *tdri_decode_tail(tdri_decode *decode, const char *p, const char *end);
/* decode_cell.c: the start of a row or cell, whatever it is, and the rest of it when the end of a piece cut it. */
const char *tdri_decode_cell(tdri_decode *decode, const char *p, const char *end);
const char *tdri_decode_text(tdri_decode *decode, const char *p, const char *end);
const char *tdri_decode_escape(tdri_decode *decode, const char *p, const char *end);
const char *tdri_decode_raw(tdri_decode *decode, const char *p, const char *end);
/* decode_plain.c: cells as long as they come whole and plain; stops at what decode_cell.c must read, at least where it began. */
const char *tdri_decode_plain_cells(tdri_decode *decode, const char *p, const char *end);

#endif
