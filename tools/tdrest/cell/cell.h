/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The ways a result is written to standard output. */
#ifndef CLI_FORMAT_H
#define CLI_FORMAT_H

#include <tdrest.h>

#include "cell/result.h"
#include "term/output.h"
#include "term/progress.h"
#include "term/terminal.h"

/* What the command line says about all formats. */
typedef struct cli_style {
    const char *null; /* the text for NULL; NULL: what the format has for it */
    int bare;         /* no line of names */
    int epoch;        /* times as counts of their unit since 1970 */
    int types;        /* types with the names */
    int no_cut;       /* nothing is cut to the width of a terminal */
    int ascii;        /* nothing of ours but ASCII */
    const char *title; /* of a plot; NULL: none */
} cli_style;

/* Where a result goes. */
typedef struct cli_sink {
    cli_output *out;
    cli_style style;
    cli_size size;  /* of the terminal */
    int color;      /* are colors wanted? */
    cli_output *picture; /* a plot goes there, as SVG; NULL: it is drawn with characters */
    int pictures;   /* plots so far */
    cli_progress *progress;
    int replaced;   /* set by a format that put U+FFFD where bytes were not UTF-8 */
    int continues;  /* the result continues the rows before it, as one part of a binary format; */
    int goes_on;    /* and others will continue it */
} cli_sink;

/* What was written of one result. */
typedef struct cli_written {
    int64_t rows;
    size_t columns; /* those that are shown */
    int64_t cut;    /* values that are not shown in full */
    const char *refusal; /* why the format cannot show such a result; NULL: it can */
} cli_written;

typedef struct cli_format {
    const char *name;
    const char *about; /* for help */
    int summary;       /* is a line about rows and time said on stderr? */
    int separated;     /* does an empty line stand between two results? */
    int typed;         /* has its head room for types? */
    int unpaged;       /* is it made to fit the terminal? */
    const char *null_excludes; /* characters that the text for NULL must not have; NULL: any will do */
    int binary;        /* is it for files and programs only, one result each? */
    const char *ending; /* of a file of an export's folder; NULL: the name */
    const char *missing; /* why it cannot be used; NULL: it can */
    /*
     * Writes all rows of a result. TDREST_DONE, or the error that ended it: of the result where that has one, else of
     * our own (TDREST_ENOMEM, TDREST_ECANCELLED, TDREST_EUSAGE with a refusal). Stops early when output fails: TDREST_ROW.
     */
    int (*write)(cli_sink *sink, cli_result *res, cli_written *written);
} cli_format;

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
enum cli_look *cli_looks(const cli_sink *sink, const cli_result *res);

enum { CLI_CELL_ROOM = 24 };

/* A cell as text, as cli_result_text has it but for CLI_LOOK_EPOCH, which is made in room. */
int cli_cell(cli_result *res, size_t column, enum cli_look look, char room[CLI_CELL_ROOM], const char **text, size_t *len);

/* As cli_result_next for rows that are wanted, and TDREST_ECANCELLED when Ctrl-C came between two calls. Counts the row, and tells progress. */
int cli_next(cli_sink *sink, cli_result *res, cli_written *written);
/* The same for any row; those that are not wanted are to be taken back from written->rows. */
int cli_next_any(cli_sink *sink, cli_result *res, cli_written *written);

enum { CLI_HEAD_ROOM = 400 };

/* The name of a column, with its type when --types asks for it; its bytes. */
size_t cli_head(const cli_sink *sink, const tdrest_column *column, char room[CLI_HEAD_ROOM]);

/* The text that stands for NULL: the format's own unless --null names another. */
const char *cli_null(const cli_sink *sink, const char *usual);

#endif
