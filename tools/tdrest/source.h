/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Where statements come from: arguments, files, standard input. */
#ifndef CLI_SOURCE_H
#define CLI_SOURCE_H

#include <tdrest.h>

/* What the command line names. */
typedef struct cli_source {
    const char *text; /* SQL, or NULL */
    const char *file; /* a name; `-` and NULL are standard input */
} cli_source;

/* A source that is being read. */
typedef struct cli_script {
    const char *name; /* for messages */
    int fd;           /* -1: all is in text */
    int error;        /* errno of open or read that failed */
    const char *text;
    char *buffer;     /* what text is when there is a file */
    size_t len;
    size_t cap;
    size_t pos;       /* up to here statements were taken */
    int64_t lines;    /* before text */
    tdrest_sql_statement statement;
} cli_script;

/* Can it be read twice? */
int cli_source_is_lasting(const cli_source *source);

/* cli_script_close is due in any case; a failure is told by cli_script_next. */
void cli_script_open(cli_script *s, const cli_source *source);
void cli_script_close(cli_script *s);

/*
 * Goes to the next statement, as soon as its end was read; sql and line are told. TDREST_ROW, TDREST_DONE, or a failure:
 * TDREST_EUSAGE (s->error, or a quote that s->statement tells is not closed at line), TDREST_ERANGE (much too long),
 * TDREST_ECANCELLED, TDREST_ENOMEM.
 */
int cli_script_next(cli_script *s, const char **sql, size_t *len, int64_t *line);

#endif
