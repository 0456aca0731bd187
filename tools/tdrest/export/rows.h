/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The rows of a table or of a query, written to one output. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include "catalog/catalog.h"
#include "format/formats.h"

/* What all rows of an export have in common. */
typedef struct cli_rows {
    cli_catalog *catalog;
    const cli_format *format;
    cli_sink sink;         /* where they go at the moment */
    cli_progress progress;
    int verify;            /* TDREST_VERIFY_... */
    uint64_t shape;        /* of the columns of the range before; 0: there is none */
    int64_t written;       /* rows of all tables */
    const cli_args *args;
    const char *near;      /* a path in whose folder ranges can be kept; NULL: TMPDIR */
} cli_rows;

/* What the command line says. CLI_OK, or what is wrong is told. */
int cli_rows_init(cli_rows *r, const cli_args *args, cli_catalog *catalog, cli_output *out);

/*
 * Writes a table in the order of its times, a super table with the names of its children in front. Each range of time is counted before it is read,
 * and fewer rows than that are a failure. CLI_OK, or it is told. rows: how many were written.
 */
int cli_rows_table(cli_rows *r, const char *table, const cli_columns *columns, int is_super, cli_output *out, int64_t *rows);

/* The same for a query. */
int cli_rows_query(cli_rows *r, const char *sql, cli_output *out, int64_t *rows);

#endif
