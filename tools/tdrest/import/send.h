/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The one place that knows how rows get to the server. */
#ifndef CLI_SEND_H
#define CLI_SEND_H

#include "catalog/catalog.h"
#include "write/account.h"

/* What became of consecutive rows, which are counted from 0 in the order in which they were added. */
typedef struct cli_delivery {
    int64_t first;
    int64_t count;
    int state;                 /* TDREST_ROWS_WRITTEN, TDREST_ROWS_STORED, TDREST_ROWS_UNKNOWN, TDREST_ROWS_NOT_WRITTEN */
    int blames_rows;           /* not written, because of what is in them */
    const tdrest_error *error; /* NULL: written or stored */
} cli_delivery;

typedef void cli_delivered(void *context, const cli_delivery *delivery);

typedef struct cli_sender cli_sender;

/* rehearses: nothing is sent. CLI_OK, or what is wrong is told. */
int cli_sender_open(cli_sender **s, const cli_args *args, cli_progress *progress, cli_catalog *catalog, const cli_text *sql, int rehearses, cli_delivered *delivered, void *context);
void cli_sender_free(cli_sender *s);

/* Rows are bound to it. */
tdrest_stmt *cli_sender_stmt(cli_sender *s);

/* Counts up when table and tags of the statement are lost, and have to be set anew. */
int cli_sender_generation(const cli_sender *s);

/* Adds the bound row, and sends what is due. TDREST_OK; TDREST_ECANCELLED by Ctrl-C or when a spool has no room and gets none, or an error of the row: it is not added. Deliveries may be told before it returns. */
int cli_sender_add(cli_sender *s);

/* Drops the bound row, which has to be whole: a statement has no other way to forget half of one, and would send it. */
void cli_sender_discard(cli_sender *s);

/* Sends everything, and returns when all has been told; with a spool, when all is in it. */
void cli_sender_flush(cli_sender *s);

/*
 * The end: flushes, delivers what is in a spool as far as that goes, and adds what went by way of it to the counts. *refused: of these rows, which are no
 * longer counted there. The status of a failure that no delivery has told.
 */
int cli_sender_end(cli_sender *s, cli_spool_counts *counts, int64_t *refused);

#endif
