/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Rows of an INSERT, rendered, until they are sent: kept in the order they came, chained by table, and packed into statements.
 * Knows neither values nor who sends.
 */
#ifndef TDRI_PACKING_H
#define TDRI_PACKING_H

#include "base/buf.h"

/* Rows of one batch at most. */
#define TDRI_BATCH_ROWS_MAX UINT32_C(0x7fffffff)

/* One row; its text ends where the next one's begins. */
typedef struct tdri_batch_row {
    size_t end;
    uint32_t next; /* of the same group; TDRI_BATCH_ROWS_MAX: none */
    uint8_t state; /* TDREST_ROWS_... */
} tdri_batch_row;

/* Rows of one table's clause. A table has another group whenever its clause changes, so that all its rows keep their order. */
typedef struct tdri_batch_group {
    size_t head_at, head_len;
    size_t table_len; /* the first bytes of the head tell the table */
    uint32_t first, last;
} tdri_batch_group;

typedef struct tdri_batch {
    const tdrest_allocator *mem;
    tdri_buf text;           /* of the rows */
    tdri_buf heads;          /* of the groups */
    tdri_batch_row *rows;
    size_t row_count, row_cap;
    tdri_batch_group *groups;
    size_t group_count, group_cap;
    uint32_t *slots;         /* the last group of each table, by hash, plus 1; 0: free. A power of two, at least twice group_count */
    size_t slot_count;
    size_t group;            /* that rows are added to */
} tdri_batch;

/* What a failed addition goes back to. */
typedef struct tdri_batch_mark {
    size_t text_len, row_count;
    uint32_t last;
} tdri_batch_mark;

/* How far packing got: a row of a group; at_end when there is none left. */
typedef struct tdri_batch_cursor {
    size_t group;
    uint32_t row;
    int at_end;
} tdri_batch_cursor;

void tdri_batch_init(tdri_batch *batch, const tdrest_allocator *mem);
void tdri_batch_clear(tdri_batch *batch);
/* Forgets the rows, keeps the memory. */
void tdri_batch_reset(tdri_batch *batch);

/* Rows go to the clause with this text from now on, whose first table_len bytes tell the table. TDREST_OK or TDREST_ENOMEM. */
int tdri_batch_select(tdri_batch *batch, const char *head, size_t len, size_t table_len);

/* Takes what was appended to batch->text since the last row as one more. TDREST_OK; TDREST_ENOMEM, also at TDRI_BATCH_ROWS_MAX. */
int tdri_batch_add(tdri_batch *batch);

/* Where the text of a row begins in batch->text. */
size_t tdri_batch_row_at(const tdri_batch *batch, size_t row);

tdri_batch_mark tdri_batch_where(const tdri_batch *batch);
/* Forgets the rows added to the current group since, and text that is no row yet. */
void tdri_batch_back(tdri_batch *batch, const tdri_batch_mark *mark);

/* Forgets rows [first, first + count), which are there; those behind them move up and keep their order. */
void tdri_batch_drop(tdri_batch *batch, size_t first, size_t count);

/* The first row that is not TDREST_ROWS_WRITTEN. */
tdri_batch_cursor tdri_batch_begin(const tdri_batch *batch);

/*
 * Packs rows that are not TDREST_ROWS_WRITTEN, from cursor on, behind `start` (start_len bytes) into one statement of at most `max` bytes, at
 * least one row; cursor moves behind them. out may be NULL: nothing is written. The bytes; out's own failure is asked for there.
 */
size_t tdri_batch_pack(const tdri_batch *batch, tdri_batch_cursor *cursor, const char *start, size_t start_len, size_t max, tdri_buf *out);

/* The row whose text has byte `at` of the statement that was packed between two cursors; SIZE_MAX when it is no row's. */
size_t tdri_batch_packed_row(const tdri_batch *batch, tdri_batch_cursor from, tdri_batch_cursor to, size_t start_len, size_t at);

/* Gives the rows that were packed between two cursors that state. */
void tdri_batch_mark_rows(tdri_batch *batch, tdri_batch_cursor from, tdri_batch_cursor to, int state);

#endif
