/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Delivers what is in a spool, through a writer to which nothing is added. */
#include "spool/send.h"

#ifndef TDREST_NO_SPOOL

#include <stdio.h>

#include "term/interrupt.h"
#include "term/report.h"
#include "write/feed.h"

static int is_waiting(void *context, const tdrest_spool_entry *e)
{
    (void)context;
    return e->state == TDREST_SPOOL_WAITING;
}

/* 1: the spool is empty. */
static int deliver(cli_feed *f, const cli_args *args, cli_progress *progress)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    int is_empty = 0;

    settings.protocol = TDREST_PROTOCOL_LINE; /* of what is added: the spool knows of each of its requests what it is */
    settings.precision = TDREST_NS;
    f->status = cli_feed_open(f, args, progress, &settings, NULL, 0);
    if (f->writer != NULL)
        is_empty = cli_feed_deliver(f);
    cli_feed_close(f);
    return is_empty;
}

int cli_spool_send(const cli_args *args)
{
    cli_feed feed = {.delivered = 0};
    cli_progress progress;
    int rc = tdrest_spool_list(args->options, is_waiting, NULL), is_empty = 1;
    int64_t ms;

    if (rc < 0)
        return cli_report(tdrest_options_error(args->options), &(cli_place){.number = 0});
    cli_progress_begin(&progress, 0, 0);
    if (rc > 0) /* else a directory that is no spool would become one */
        is_empty = deliver(&feed, args, &progress);
    ms = cli_now_ms() - progress.began_ms;
    fprintf(stderr, "(%lld row%s delivered, %lld.%03d s", (long long)feed.delivered, cli_plural(feed.delivered), (long long)(ms / 1000), (int)(ms % 1000));
    if (feed.refused > 0)
        fprintf(stderr, "; %lld row%s refused", (long long)feed.refused, cli_plural(feed.refused));
    fputs(is_empty ? ")\n" : "; the rest stays)\n", stderr);
    if (!is_empty && feed.status == CLI_OK)
        feed.status = feed.held_status;
    return cli_interrupted() ? CLI_INTERRUPTED : feed.status;
}

#endif
