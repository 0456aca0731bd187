/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The rows that a format writes: those of a statement, or a grid that a command has filled. Knows nothing of formats. */
#ifndef CLI_RESULT_H
#define CLI_RESULT_H

#include <stddef.h>
#include <stdint.h>

#include <tdrest.h>

#include "cell/grid.h"

enum { CLI_RESULT_ROOM = 24 };

typedef struct cli_result {
    tdrest_result *res;   /* of a statement; NULL: */
    const cli_grid *grid; /* the rows are here */
    int64_t next;         /* row of the grid */
    char room[CLI_RESULT_ROOM]; /* the text of a number in it */
    int (*wants)(void *context, struct cli_result *r); /* is the row at hand written? NULL: all are */
    void *context;
    struct ArrowArrayStream stream; /* unless its release is NULL, it owns res */
} cli_result;

/* Frees the result of a statement. */
void cli_result_close(cli_result *r);

/* Each does what the function of the library with that name does. A grid is one block, and holds texts and integers. */

static inline size_t cli_result_column_count(const cli_result *r)
{
    return r->res != NULL ? tdrest_result_column_count(r->res) : r->grid->count;
}

static inline const tdrest_column *cli_result_column(const cli_result *r, size_t index)
{
    return r->res != NULL ? tdrest_result_column(r->res, index) : &r->grid->columns[index].view;
}

static inline int cli_result_next(cli_result *r)
{
    if (r->res != NULL)
        return tdrest_result_next(r->res);
    return r->next < r->grid->rows ? (r->next++, TDREST_ROW) : TDREST_DONE;
}

static inline int cli_result_wants(cli_result *r)
{
    return r->wants == NULL || r->wants(r->context, r);
}

int cli_result_text(cli_result *r, size_t column, const char **text, size_t *len);
int cli_result_time(const cli_result *r, size_t column, int64_t *value, int *precision);
int cli_result_double(const cli_result *r, size_t column, double *value);

/* The next rows are read; their number. */
int cli_result_next_block(cli_result *r, int64_t *rows);

#endif
