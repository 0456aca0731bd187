/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The rows of a batch, found in its text, and the texts of parts of it. */
#ifndef TDRI_SPOOL_ROWS_H
#define TDRI_SPOOL_ROWS_H

#include "base/buf.h"
#include "spool/record.h"

/* Places in the text of the batch. */
typedef struct tdri_spool_row {
    uint32_t head, head_end; /* of SQL: the clause in front of it; else empty */
    uint32_t from, end;
} tdri_spool_row;

typedef struct tdri_spool_rows {
    int protocol;
    const char *text;  /* borrowed */
    size_t start;      /* bytes in front of the first clause, which every part begins with */
    tdri_spool_row *at;
    size_t count;
} tdri_spool_rows;

/* Zeroed before the first time. TDREST_OK; TDREST_ENOMEM; TDREST_EANSWER: these are not the rows that the record speaks of. */
int tdri_spool_rows_read(tdri_spool_rows *rows, const tdri_spool_record *record, const tdrest_allocator *mem);
void tdri_spool_rows_clear(tdri_spool_rows *rows, const tdrest_allocator *mem);

/* Appends the text of rows [from, to), at least one, as a batch of its own. */
void tdri_spool_rows_add(const tdri_spool_rows *rows, size_t from, size_t to, tdri_buf *out);

/* Where rows [from, to), more than one, are best cut: between two clauses, as near to the middle as there are any, else in the middle. */
size_t tdri_spool_rows_middle(const tdri_spool_rows *rows, size_t from, size_t to);

#endif
