/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Schemaless data out of a file or standard input, a piece at a time. */
#ifndef CLI_POINTS_H
#define CLI_POINTS_H

#include <tdrest.h>

#include "input/reader.h"

/* A source that is being read. */
typedef struct cli_points {
    cli_reader in;
    int json;
    size_t size;      /* of a piece at which no more is read for it */
    size_t taken;     /* of the buffer, by pieces before */
    size_t cut;       /* where the next piece can end, behind a line, or at a comma between points; 0: nowhere yet */
    size_t scanned;   /* up to here that is known */
    int depth;        /* of brackets in JSON, at `scanned` */
    int quoted;       /* within a string there, 2: behind its backslash */
} cli_points;

/* cli_points_close is due in any case; a failure is told by cli_points_next. */
void cli_points_open(cli_points *p, const cli_source *source, int json, size_t size);
void cli_points_close(cli_points *p);

/*
 * The next piece: whole lines, or a JSON text that holds whole points. It may be written over, and lasts until the next call. What a slow pipe has is not
 * waited for to become more. TDREST_ROW, TDREST_DONE, or a failure: TDREST_EUSAGE (cli_reader_failed), TDREST_ERANGE (no end of a line or
 * point for much too long), TDREST_ECANCELLED, TDREST_ENOMEM.
 */
int cli_points_next(cli_points *p, char **data, size_t *len);

#endif
