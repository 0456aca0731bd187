/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A template made ready to be filled again and again: each piece of its text with the value behind it, and what is bound to the
 * parameters. Knows how a value or a column's row is found; what becomes of it is sql/literal's.
 */
#ifndef TDRI_ROW_TEMPLATE_H
#define TDRI_ROW_TEMPLATE_H

#include "sql/template.h"
#include "sql/bound_array.h"

enum tdri_bound { TDRI_UNBOUND, TDRI_BOUND_VALUE, TDRI_BOUND_COLUMN };

/* What is bound to a parameter, or to the table's placeholder. */
typedef struct tdri_slot {
    tdri_place place;
    enum tdri_bound bound;
    int type;             /* TDREST_TYPE_... of what is bound */
    int quick;            /* TDRI_BOUND_COLUMN: its values can be written without asking more of the place; */
    int64_t most;         /* times up to this one */
    tdri_buf literal;     /* TDRI_BOUND_VALUE */
    tdrest_column column; /* TDRI_BOUND_COLUMN: arrays borrowed */
} tdri_slot;

/* A piece of text, with the blanks that keep its value apart, and the value behind it. */
typedef struct tdri_row_piece {
    const char *before;
    size_t before_len;
    size_t room;           /* for it and those behind it that are written in one go: the pieces, and TDRI_NUMBER_ROOM for each value */
    int begins;            /* it is the first one of those */
    const tdri_slot *slot; /* NULL: none, it is the last one */
    int param;             /* -1: the table */
} tdri_row_piece;

/* Some pieces, one behind the other; the last one has no slot. */
typedef struct tdri_row_part {
    const tdri_row_piece *pieces;
    size_t count;
} tdri_row_part;

typedef struct tdri_row_template {
    const tdrest_allocator *mem;
    char *text;           /* of the pieces */
    tdri_row_piece *pieces;
    tdri_row_part clause; /* of the table; only of statements whose row repeats */
    tdri_row_part row;    /* one row; of all other statements, the whole of it */
} tdri_row_template;

void tdri_row_template_init(tdri_row_template *rows, const tdrest_allocator *mem);
void tdri_row_template_clear(tdri_row_template *rows);

/* Cuts the template's text at its placeholders. slots has one for each parameter and, behind them, that of the table. TDREST_OK or TDREST_ENOMEM. */
int tdri_row_template_make(tdri_row_template *rows, const tdri_template *tpl, const tdri_slot *slots);

/* Before rows of a column are filled in, after its place may have changed. Columns stand in rows, never in expressions. */
void tdri_slot_ready(tdri_slot *slot);

/* Appends the text, placeholders filled; row is that of bound columns. NULL; or what was expected of the value of *param. Memory: as tdri_literal_add. */
const char *tdri_row_part_add(const tdri_row_part *part, size_t row, tdri_buf *out, int *param);

#endif
