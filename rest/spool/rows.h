/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The rows of a batch, found in its text, and the texts of parts of it. */
#ifndef TDRI_SPOOL_ROWS_H
#define TDRI_SPOOL_ROWS_H

#include "async/halving.h"
#include "base/buf.h"
#include "spool/record.h"

/* Places in the text of the batch. */
typedef struct tdri_spool_row {
    uint32_t head, head_end; /* of SQL: the clause in front of it; else empty */
    uint32_t from, end;
    uint32_t table;          /* the first row of its table, all the rows between being of that too */
} tdri_spool_row;

typedef struct tdri_spool_rows {
    int protocol;
    const char *text;  /* borrowed */
    size_t start;      /* bytes in front of the first clause, which every part begins with */
    tdri_spool_row *at;
    size_t count;
} tdri_spool_rows;

/* Zeroed before the first time; of the record, table_name_key ends with a NUL. TDREST_OK; TDREST_ENOMEM; TDREST_EANSWER: these are not the rows that the record speaks of. */
int tdri_spool_rows_read(tdri_spool_rows *rows, const tdri_spool_record *record, const tdrest_allocator *mem);
void tdri_spool_rows_clear(tdri_spool_rows *rows, const tdrest_allocator *mem);

/* Appends the text of rows [from, to), at least one, as a batch of its own. */
void tdri_spool_rows_add(const tdri_spool_rows *rows, size_t from, size_t to, tdri_buf *out);

/* The tables of rows [from, to), at least one: a clause of SQL is one. */
tdri_tables tdri_spool_rows_tables(const tdri_spool_rows *rows, size_t from, size_t to);

#endif
