/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A script, cut into statements while it is read. */
#ifndef CLI_SCRIPT_H
#define CLI_SCRIPT_H

#include <tdrest.h>

#include "input/reader.h"

/* A source that is being read. */
typedef struct cli_script {
    cli_reader in;    /* ended, with nothing in it, when the statements are an argument */
    const char *text; /* what it holds, or the argument */
    size_t len;
    size_t pos;       /* up to here statements were taken */
    int64_t lines;    /* before text */
    tdrest_sql_statement statement;
} cli_script;

/* cli_script_close is due in any case; a failure is told by cli_script_next. */
void cli_script_open(cli_script *s, const cli_source *source);
void cli_script_close(cli_script *s);

/*
 * Goes to the next statement, as soon as its end was read; sql and line are told. TDREST_ROW, TDREST_DONE, or a failure:
 * TDREST_EUSAGE (cli_reader_failed, or a quote that s->statement tells is not closed at line), TDREST_ERANGE (much too long),
 * TDREST_ECANCELLED, TDREST_ENOMEM.
 */
int cli_script_next(cli_script *s, const char **sql, size_t *len, int64_t *line);

#endif
