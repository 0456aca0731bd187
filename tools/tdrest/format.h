/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The ways a result is written to standard output. */
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include <tdrest.h>

#include "output.h"

/* What the command line says about all formats. */
typedef struct cli_style {
    const char *null; /* the text for NULL; NULL: what the format has for it */
    int bare;         /* no line of names */
    int epoch;        /* times as counts of their unit since 1970 */
} cli_style;

/* Where a result goes. */
typedef struct cli_sink {
    cli_output *out;
    cli_style style;
    size_t columns; /* of the terminal; 0 without one */
    int replaced;   /* set by a format that put U+FFFD where bytes were not UTF-8 */
} cli_sink;

/* What was written of one result. */
typedef struct cli_written {
    int64_t rows;
    size_t columns; /* those that are shown */
    const char *refusal; /* why the format cannot show such a result; NULL: it can */
} cli_written;

typedef struct cli_format {
    const char *name;
    int summary;   /* is a line about rows and time said on stderr? */
    int separated; /* does an empty line stand between two results? */
    /*
     * Writes all rows of a result. TDREST_DONE, or the error that ended it: of the result where that has one, else of
     * our own (TDREST_ENOMEM, TDREST_ECANCELLED, TDREST_EUSAGE with a refusal). Stops early when output fails: TDREST_ROW.
     */
    int (*write)(cli_sink *sink, tdrest_result *res, cli_written *written);
} cli_format;

extern const cli_format cli_csv;
extern const cli_format cli_json;
extern const cli_format cli_jsonl;
extern const cli_format cli_line;
extern const cli_format cli_none;
extern const cli_format cli_plotted;
extern const cli_format cli_table;
extern const cli_format cli_tsv;

/* The format of that name, or NULL. */
const cli_format *cli_format_find(const char *name);

/* What a column's cells look like as text. */
enum cli_look {
    CLI_LOOK_TEXT,    /* any bytes */
    CLI_LOOK_JSON,    /* the same, one JSON value */
    CLI_LOOK_BYTES,   /* hexadecimal digits, to be marked with \x */
    CLI_LOOK_TIME,    /* few plain characters, as are all that follow */
    CLI_LOOK_BOOL,
    CLI_LOOK_EPOCH,   /* a time as a number; numbers are all that follow */
    CLI_LOOK_DECIMAL,
    CLI_LOOK_NUMBER
};

/* The looks of all columns, to be freed; NULL when memory is out. */
enum cli_look *cli_looks(const cli_sink *sink, const tdrest_result *res);

enum { CLI_CELL_ROOM = 24 };

/* A cell as text, as tdrest_result_text has it but for CLI_LOOK_EPOCH, which is made in room. */
int cli_cell(tdrest_result *res, size_t column, enum cli_look look, char room[CLI_CELL_ROOM], const char **text, size_t *len);

/* As tdrest_result_next, and TDREST_ECANCELLED when Ctrl-C came between two calls. */
int cli_next(tdrest_result *res);

#endif
