/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Rows of an INSERT, rendered, until they are sent: kept in the order they came, chained by table, and packed into statements.
 * Knows neither values nor who sends.
 */
#ifndef TDRI_PACKING_H
#define TDRI_PACKING_H

#include "base/buf.h"

/* Rows at most. */
#define TDRI_PACKING_ROWS_MAX UINT32_C(0x7fffffff)

/* One row; its text ends where the next one's begins. */
typedef struct tdri_packing_row {
    size_t end;
    uint32_t next; /* of the same group; TDRI_PACKING_ROWS_MAX: none */
    uint8_t state; /* TDREST_ROWS_... */
} tdri_packing_row;

/* Rows of one table's clause. A table has another group whenever its clause changes, so that all its rows keep their order. */
typedef struct tdri_packing_group {
    size_t clause_at, clause_len;
    size_t table_len; /* the first bytes of the clause tell the table */
    uint32_t first, last;
} tdri_packing_group;

typedef struct tdri_packing {
    const tdrest_allocator *mem;
    tdri_buf text;           /* of the rows */
    tdri_buf clauses;          /* of the groups */
    tdri_packing_row *rows;
    size_t row_count, row_cap;
    tdri_packing_group *groups;
    size_t group_count, group_cap;
    uint32_t *slots;         /* the last group of each table, by hash, plus 1; 0: free. A power of two, at least twice group_count */
    size_t slot_count;
    size_t group;            /* that rows are added to */
} tdri_packing;

/* What a failed addition goes back to. */
typedef struct tdri_packing_mark {
    size_t text_len, row_count;
    uint32_t last;
} tdri_packing_mark;

/* How far packing got: a row of a group; at_end when there is none left. */
typedef struct tdri_packing_cursor {
    size_t group;
    uint32_t row;
    int at_end;
} tdri_packing_cursor;

void tdri_packing_init(tdri_packing *packing, const tdrest_allocator *mem);
void tdri_packing_clear(tdri_packing *packing);
/* Forgets the rows, keeps the memory. */
void tdri_packing_reset(tdri_packing *packing);

/* Rows go to the clause with this text from now on, whose first table_len bytes tell the table. TDREST_OK or TDREST_ENOMEM. */
int tdri_packing_select(tdri_packing *packing, const char *clause, size_t len, size_t table_len);

/* Takes what was appended to packing->text since the last row as one more. TDREST_OK; TDREST_ENOMEM, also at TDRI_PACKING_ROWS_MAX. */
int tdri_packing_add(tdri_packing *packing);

/* Where the text of a row begins in packing->text. */
size_t tdri_packing_row_at(const tdri_packing *packing, size_t row);

tdri_packing_mark tdri_packing_where(const tdri_packing *packing);
/* Forgets the rows added to the current group since, and text that is no row yet. */
void tdri_packing_rewind(tdri_packing *packing, const tdri_packing_mark *mark);

/* Forgets rows [first, first + count), which are there; those behind them move up and keep their order. */
void tdri_packing_drop(tdri_packing *packing, size_t first, size_t count);

/* The first row that is not TDREST_ROWS_WRITTEN. */
tdri_packing_cursor tdri_packing_begin(const tdri_packing *packing);

/*
 * Packs rows that are not TDREST_ROWS_WRITTEN, from cursor on, behind `start` (start_len bytes) into one statement of at most `max` bytes, at
 * least one row; cursor moves behind them. out may be NULL: nothing is written. The bytes; out's own failure is asked for there.
 */
size_t tdri_packing_pack(const tdri_packing *packing, tdri_packing_cursor *cursor, const char *start, size_t start_len, size_t max, tdri_buf *out);

/* The row whose text has byte `at` of the statement that was packed between two cursors; SIZE_MAX when it is no row's. */
size_t tdri_packing_packed_row(const tdri_packing *packing, tdri_packing_cursor from, tdri_packing_cursor to, size_t start_len, size_t at);

/* Gives the rows that were packed between two cursors that state. */
void tdri_packing_set_state(tdri_packing *packing, tdri_packing_cursor from, tdri_packing_cursor to, int state);

#endif
