/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows that a command makes itself, in columns as results have them: texts (VARCHAR) and integers (BIGINT). Knows nothing of results. */
#ifndef CLI_GRID_H
#define CLI_GRID_H

#include <stddef.h>
#include <stdint.h>

#include <tdrest.h>

typedef struct cli_grid_column {
    tdrest_column view;
    int64_t *values; /* of integers */
    uint32_t *offset, *length;
    uint8_t *validity;
    char *bytes; /* of texts */
    size_t used;
} cli_grid_column;

typedef struct cli_grid {
    cli_grid_column *columns;
    size_t count;
    int64_t rows, cap;
    int is_short; /* of memory: rows are missing */
} cli_grid;

/* A column: TDREST_TYPE_VARCHAR or TDREST_TYPE_BIGINT. */
typedef struct cli_grid_head {
    const char *name; /* static */
    int type;
} cli_grid_head;

/* For at most so many rows. When memory is out, all calls do nothing, and is_short says so. */
void cli_grid_init(cli_grid *g, const cli_grid_head *heads, size_t count, size_t rows);
void cli_grid_clear(cli_grid *g);

/* Begins a row, whose values are NULL until they are set. */
void cli_grid_row(cli_grid *g);
void cli_grid_text(cli_grid *g, size_t column, const char *text);
void cli_grid_int(cli_grid *g, size_t column, int64_t value);

#endif
