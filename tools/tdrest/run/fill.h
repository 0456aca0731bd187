/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A statement with its `:name`s filled. */
#ifndef CLI_FILL_H
#define CLI_FILL_H

#include "args/param.h"
#include "term/report.h"

typedef struct cli_filled {
    const char *sql;   /* names are in their places */
    size_t len;
    tdrest_stmt *stmt; /* holds the values; NULL: there are none, sql is to be sent as it is */
    int is_rows;       /* stmt is an INSERT of rows, to be run, else to be queried */
    char *text;        /* what sql is when there are names */
} cli_filled;

/*
 * Fills a statement; without any params it stays as it is. CLI_OK, or what is wrong is told: an exit status. cli_filled_clear is due in either case. Sends nothing, unless it asks the
 * server for the columns of an INSERT, which values may need.
 */
int cli_fill(const cli_params *params, tdrest_conn *conn, const char *sql, size_t len, int asks, const cli_place *place, cli_filled *out);
void cli_filled_clear(cli_filled *filled);

#endif
