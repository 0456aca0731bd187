/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The place in a statement that a failure is about. */
#ifndef CLI_CARET_H
#define CLI_CARET_H

#include <stdio.h>
#include <tdrest.h>

/* Where in the statement the failure is; -1: that is not known. */
int64_t cli_caret_find(const tdrest_error *err, const char *sql, size_t len);

/* Shows the line with that place, and points at it. columns: of the terminal. */
void cli_caret_put(FILE *out, const char *sql, size_t len, size_t at, size_t columns);

#endif
