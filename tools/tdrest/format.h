/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The ways a result is written to standard output. */
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include <tdrest.h>

#include "output.h"

/* What was written of one result. */
typedef struct cli_written {
    int64_t rows;
    size_t columns; /* those that are shown */
} cli_written;

typedef struct cli_format {
    const char *name;
    int summary; /* is a line about rows and time said on stderr? */
    /*
     * Writes all rows of a result. TDREST_DONE, or the error that ended it: of the result where that has one, else of
     * our own (TDREST_ENOMEM). Stops early when output fails: TDREST_OK. columns is what the terminal has, 0 without one.
     */
    int (*write)(cli_output *out, tdrest_result *res, size_t columns, cli_written *written);
} cli_format;

extern const cli_format cli_csv;
extern const cli_format cli_table;

/* The format of that name, or NULL. */
const cli_format *cli_format_find(const char *name);

/* What a column's cells look like as text. */
enum cli_look {
    CLI_LOOK_TEXT,   /* any bytes */
    CLI_LOOK_BYTES,  /* hexadecimal digits, to be marked with \x */
    CLI_LOOK_WORD,   /* a time or a truth value: few plain characters */
    CLI_LOOK_NUMBER  /* the same, set to the right in tables */
};

enum cli_look cli_look_of(int type);

#endif
