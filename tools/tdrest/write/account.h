/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What became of lines: counted, told on stderr and, where the server refused them, put aside. Sends nothing. */
#ifndef CLI_ACCOUNT_H
#define CLI_ACCOUNT_H

#include <tdrest.h>

#include "args/args.h"
#include "input/points.h"
#include "term/progress.h"
#include "write/reasons.h"
#include "write/reject.h"

/* What went by way of a spool. */
typedef struct cli_spool_counts {
    int is_used;
    int64_t delivered, stored; /* lines of this run */
    int64_t earlier;           /* rows of earlier runs that were delivered */
} cli_spool_counts;

typedef struct cli_account {
    const cli_args *args;
    cli_reject reject;
    const char *unit;     /* "line", "point" */
    const char *name;     /* of the source */
    int stopped;          /* at that source, although there may be more; */
    int64_t stopped_line; /* its last line that was looked at, 0: none */
    int64_t lines, bytes; /* of all sources: written, with a spool taken */
    int64_t failed;       /* lines */
    int64_t told;         /* refusals */
    cli_reasons reasons;  /* of refused lines */
    cli_spool_counts spool;
    cli_progress progress;
} cli_account;

/* Lines of one source that failed, by their numbers from 1; last 0: how many is not known. */
typedef struct cli_failed {
    int64_t first, last;
    int64_t count;
    int unknown;      /* perhaps written */
    int refused;      /* by the server, which would do so again: they go to the file of rejected lines, where there is one */
    const char *data;
    size_t len;
} cli_failed;

/* Counts and tells of lines that failed; where the reasons have a file, few are told. The exit status. */
int cli_account_fail(cli_account *a, const tdrest_error *err, const cli_failed *failed);

/* May the next lines be sent? Refused lines that go to a file need no --keep-going. */
int cli_account_goes_on(const cli_account *a, int status, int refused);

/* Tells why a source does not go on at that line. The exit status. */
int cli_account_report_source(cli_account *a, const cli_points *p, int rc, int64_t line);

/* The end: why lines were refused, how many there were, and how long it took. */
void cli_account_summarize(cli_account *a);

#endif
