/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Runs one statement and writes its result. */
#ifndef CLI_RUNNER_H
#define CLI_RUNNER_H

#include "args/args.h"
#include "cell/cell.h"
#include "term/report.h"

typedef struct cli_runner {
    const cli_params *params;
    int rehearses;      /* what is not to be sent is only filled with its parameters */
    cli_sink sink;
    const cli_format *format;
    tdrest_conn *conn;
    tdrest_call call;   /* the settings of every call */
    cli_place place;
    cli_progress progress;
    int tables;         /* results that were written */
    int reads;          /* statements that read, where the format is for one */
    int warned;         /* that bytes were replaced */
    int quiet;          /* neither summaries nor a pager */
    int untimed;        /* summaries without the time */
    const char *uncut;  /* what shows values in full, for summaries; NULL: --no-cut */
    cli_written written; /* of the last result */
} cli_runner;

/* Everything but the connection. As cli_sink_open; r stays where it is. */
int cli_runner_init(cli_runner *r, const cli_args *args, cli_output *out);

/* Runs a statement; failures are told on stderr. The exit status; the output's error must be looked at as well. */
int cli_runner_statement(cli_runner *r, const char *sql, size_t len);

#endif
