/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What became of records: counts that add up, what is told, and the file of rejected ones. */
#ifndef CLI_OUTCOME_H
#define CLI_OUTCOME_H

#include "args/args.h"
#include "import/records.h"
#include "term/progress.h"
#include "write/account.h"

typedef struct cli_outcome {
    const cli_args *args;
    const char *file;   /* at hand */
    cli_reject reject;
    int has_header;     /* stands in the file of rejected records */
    cli_progress progress;
    int64_t read;       /* records; = written + rejected + unknown + unsent, once all is told */
    int64_t written;    /* of these, with a spool those stored in it too: */
    int64_t replaced;   /* by the next record of the same table and key */
    int64_t rejected;
    int64_t unknown;
    int64_t unsent;     /* not written, for no fault of theirs */
    cli_spool_counts spool;
    int64_t bytes;      /* read, of all files */
    int64_t before;     /* bytes of the files that are done */
    int64_t settled;    /* bytes of which it is known what became of them */
    int64_t told;
    cli_reasons reasons; /* of rejected records */
    int stop;           /* nothing more is sent */
    int status;         /* the first failure that is not a rejected record */
} cli_outcome;

/* Opens the file of --reject. appends: it is the one of a run that goes on. CLI_OK, or what is wrong is told. cli_outcome_close is due. */
int cli_outcome_open(cli_outcome *o, const cli_args *args, int appends);
int cli_outcome_close(cli_outcome *o);

/* In front of the first record of a file, since rejected ones are to be imported again. */
int cli_outcome_header(cli_outcome *o, const char *bytes, size_t len);

/*
 * A record that is not sent, or that the server refused.
 * bytes: NULL when they are not kept; column: of the value to blame, "column v, INT"; NULL: the record is. value: that one, in quotes, or NULL: there is none. Rejected records are counted together, whatever the reason.
 */
void cli_outcome_reject(cli_outcome *o, int64_t line, const char *bytes, size_t len, const char *column, const char *value, const char *reason);

/* Records from line first to last that failed for no fault of theirs. */
void cli_outcome_fail(cli_outcome *o, int64_t first, int64_t last, int64_t count, int unknown, const tdrest_error *err);

/* The last line. */
void cli_outcome_summarize(cli_outcome *o);

/* The exit status. */
int cli_outcome_status(const cli_outcome *o);

#endif
