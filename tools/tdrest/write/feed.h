/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A writer of the library at work for a command: waits for room, looks for Ctrl-C, tells what comes out of a spool. Knows nothing of what rows hold. */
#ifndef CLI_FEED_H
#define CLI_FEED_H

#include "args/args.h"
#include "term/progress.h"

#ifndef TDREST_NO_WRITER

typedef struct cli_feed {
    const cli_args *args;
    cli_progress *progress;
    tdrest_delivery_callback *numbered; /* told what became of rows that have numbers */
    void *context;
    tdrest_writer *writer;
    tdrest_writer_counts counts;        /* once it is closed */
    int status;                         /* of the first failure that is not one of rows with numbers */
    /* Of a spool: */
    int64_t delivered;  /* rows, those of earlier runs too */
    int64_t refused;    /* likewise */
    int is_held;        /* something other than the rows keeps them; */
    int held_status;    /* which means that, and is no failure of what is stored */
    int is_lost;        /* were there rows that were neither stored nor blamed? It is told once */
    int is_stuck;       /* its files are reported: a disk fails, it is full, or one is damaged */
    int64_t moved_ms;   /* when rows last left memory, or were delivered; */
    int64_t moved_sum;  /* what tells that */
} cli_feed;

/* Opens the writer. settings: its protocol, call and requests at a time; sql as for tdrest_writer_new. CLI_OK, or what is wrong is told. cli_feed_close is due in either case. */
int cli_feed_open(cli_feed *f, const cli_args *args, cli_progress *progress, const tdrest_writer_options *settings, const char *sql, size_t len);

/* Works on, because there was no room. 1: add again; 0: it is of no use, and status says why. */
int cli_feed_wait(cli_feed *f);

/* Sends all that was added, until each row is reported or stored. After Ctrl-C for a moment only. */
void cli_feed_flush(cli_feed *f);

/* Until the spool is empty, or something other than the rows keeps it. 1: it is empty. */
int cli_feed_deliver(cli_feed *f);

/* Reports and loses what is in memory still. */
void cli_feed_close(cli_feed *f);

#endif

#endif
