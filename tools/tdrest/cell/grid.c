/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows that a command makes itself. */
#include "cell/grid.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static int init_column(cli_grid_column *c, const cli_grid_head *head, size_t rows)
{
    c->view = (tdrest_column)TDREST_COLUMN(head->type, NULL, 0);
    c->view.name = head->name;
    c->view.name_len = strlen(head->name);
    c->view.type_name = tdrest_type_name(head->type);
    c->view.values = c->values = calloc(rows, sizeof *c->values);
    c->view.offset = c->offset = calloc(rows, sizeof *c->offset);
    c->view.length = c->length = calloc(rows, sizeof *c->length);
    c->view.validity = c->validity = calloc(rows / 8 + 1, 1);
    return c->values != NULL && c->offset != NULL && c->length != NULL && c->validity != NULL;
}

void cli_grid_init(cli_grid *g, const cli_grid_head *heads, size_t count, size_t rows)
{
    size_t i;

    *g = (cli_grid){.columns = calloc(count, sizeof *g->columns), .cap = (int64_t)rows};
    g->is_short = g->columns == NULL;
    g->count = g->columns == NULL ? 0 : count;
    for (i = 0; i < g->count; i++)
        g->is_short |= !init_column(&g->columns[i], &heads[i], rows);
}

void cli_grid_clear(cli_grid *g)
{
    size_t i;

    for (i = 0; i < g->count; i++) {
        free(g->columns[i].values);
        free(g->columns[i].offset);
        free(g->columns[i].length);
        free(g->columns[i].validity);
        free(g->columns[i].bytes);
    }
    free(g->columns);
}

void cli_grid_row(cli_grid *g)
{
    size_t i;

    if (g->is_short)
        return;
    assert(g->rows < g->cap);
    g->rows++;
    for (i = 0; i < g->count; i++)
        g->columns[i].view.count = g->rows;
}

static void set_valid(cli_grid *g, cli_grid_column *c)
{
    int64_t row = g->rows - 1;

    c->validity[row >> 3] |= (uint8_t)(1u << (row & 7));
}

void cli_grid_text(cli_grid *g, size_t column, const char *text)
{
    cli_grid_column *c = g->is_short ? NULL : &g->columns[column];
    size_t len = strlen(text);
    char *bytes = c == NULL ? NULL : realloc(c->bytes, c->used + len + 1);

    if (bytes == NULL) {
        g->is_short = 1;
        return;
    }
    memcpy(bytes + c->used, text, len + 1);
    c->view.bytes = c->bytes = bytes;
    c->offset[g->rows - 1] = (uint32_t)c->used;
    c->length[g->rows - 1] = (uint32_t)len;
    c->used += len + 1;
    set_valid(g, c);
}

void cli_grid_int(cli_grid *g, size_t column, int64_t value)
{
    if (g->is_short)
        return;
    g->columns[column].values[g->rows - 1] = value;
    set_valid(g, &g->columns[column]);
}
