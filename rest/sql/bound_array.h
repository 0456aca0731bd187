/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Columns that a program binds: checked once, then read row by row as values. Knows the layout of tdrest_column, no SQL. */
#ifndef TDRI_BOUND_ARRAY_H
#define TDRI_BOUND_ARRAY_H

#include "sql/literal.h"

/*
 * Copies a program's column of any version of the struct; its arrays stay where they are. NULL when they are there for its type and count; else what was expected of
 * it. A member it lacks is misuse: *code is TDREST_EUSAGE, else TDREST_EBIND.
 */
const char *tdri_bound_array_copy(const tdrest_column *given, tdrest_column *column, int *code);

/* The value of one row of a column that was checked. */
void tdri_bound_array_get(const tdrest_column *column, size_t row, tdri_value *out);

#endif
