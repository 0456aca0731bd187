/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A script, cut into statements while it is read. */
#ifndef CLI_SCRIPT_H
#define CLI_SCRIPT_H

#include <tdrest.h>

#include "input/source.h"

/* A source that is being read. */
typedef struct cli_script {
    const char *name; /* for messages */
    int fd;           /* -1: all is in text */
    int error;        /* errno of open or read that failed */
    const char *fault; /* why it cannot be SQL; NULL: it can */
    const char *text;
    char *buffer;     /* what text is when there is a file */
    size_t len;
    size_t cap;
    int started;      /* the first bytes were looked at */
    size_t pos;       /* up to here statements were taken */
    int64_t lines;    /* before text */
    tdrest_sql_statement statement;
} cli_script;

/* cli_script_close is due in any case; a failure is told by cli_script_next. */
void cli_script_open(cli_script *s, const cli_source *source);
void cli_script_close(cli_script *s);

/*
 * Goes to the next statement, as soon as its end was read; sql and line are told. TDREST_ROW, TDREST_DONE, or a failure:
 * TDREST_EUSAGE (s->error, s->fault, or a quote that s->statement tells is not closed at line), TDREST_ERANGE (much too long),
 * TDREST_ECANCELLED, TDREST_ENOMEM.
 */
int cli_script_next(cli_script *s, const char **sql, size_t *len, int64_t *line);

#endif
