/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The rows of an INSERT as sql/packing makes it: one clause after the other, each with its rows behind VALUES. Only brackets and VALUES are looked for. */
#ifndef TDRI_INSERT_ROWS_H
#define TDRI_INSERT_ROWS_H

#include "sql/lexer.h"

/* A walk along rows. Begins with {text, len}. */
typedef struct tdri_insert_rows {
    const char *text;
    size_t len;
    size_t start;         /* behind INSERT INTO and its blanks */
    size_t head, row;     /* where the clause of the row at hand begins, up to its first row; and that row, */
    size_t head_end, end; /* and where they end */
} tdri_insert_rows;

/* The next row: 1; 0 behind the last one; -1 when that is no such INSERT. */
int tdri_insert_rows_next(tdri_insert_rows *rows);

#endif
