/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A writer of the library at work. What becomes of rows with numbers is the business of those who added them; rows that come out of a spool have none,
 * and are counted and told here. Failures other than the rows' end the wait for a spool, since what is stored is safe.
 */
#include "write/feed.h"

#ifndef TDREST_NO_WRITER

#include "run/connect.h"
#include "term/interrupt.h"
#include "term/report.h"

/* How long to wait before Ctrl-C is looked for, and for answers after it. */
enum { LOOK_MS = 100, LAST_MS = 1000 };

/* How long rows in memory may wait for a disk that fails, or for room in the spool; and when nothing is delivered that could make some. */
enum { STALLED_MS = 30000, STALLED_HELD_MS = 2000 };

static void fail(cli_feed *f, int status)
{
    f->status = f->status == CLI_OK ? status : f->status;
}

static int tell(cli_feed *f, const tdrest_error *err)
{
    cli_progress_clear(f->progress);
    return cli_report(err, &(cli_place){.verbose = f->args->verbose});
}

static void note_hold(cli_feed *f, const tdrest_error *err)
{
    const int status = tell(f, err), is_disk = err->code == TDREST_ESPOOL;

    f->is_stuck |= is_disk;
    f->is_held |= !is_disk;
    if (!is_disk || f->held_status == CLI_OK)
        f->held_status = status;
}

static void on_delivery(void *context, const tdrest_delivery *d)
{
    cli_feed *f = context;

    if (d->first >= 0) {
        f->numbered(f->context, d);
    } else if (d->state == TDREST_ROWS_WRITTEN) {
        f->delivered += d->count;
    } else if (d->state == TDREST_ROWS_REFUSED) {
        f->refused += d->count;
        if (d->blames_rows || !f->is_lost)
            fail(f, tell(f, d->error));
        f->is_lost |= !d->blames_rows;
    } else if (d->error != NULL) {
        note_hold(f, d->error);
    }
}

int cli_feed_open(cli_feed *f, const cli_args *args, cli_progress *progress, const tdrest_writer_options *settings, const char *sql, size_t len)
{
    tdrest_writer_options own = *settings;
    int status = cli_listen(args, progress);

    f->args = args;
    f->progress = progress;
    f->counts = TDREST_WRITER_COUNTS_INIT;
    own.when_full = TDREST_WRITER_FULL;
    own.delivered = on_delivery;
    own.context = f;
    if (status == CLI_OK && tdrest_writer_new(args->options, &own, sql, len, &f->writer) < 0)
        return cli_report(tdrest_options_error(args->options), &(cli_place){.verbose = args->verbose});
    return status;
}

static int64_t count_pending(cli_feed *f)
{
    return tdrest_writer_stats(f->writer, &f->counts) == TDREST_OK ? f->counts.pending : 0;
}

/* Do rows in memory wait in vain? */
static int is_stalled(cli_feed *f)
{
    const int64_t pending = count_pending(f), sum = f->delivered + f->refused - pending, now = cli_now_ms();

    if (f->moved_ms == 0 || sum != f->moved_sum) {
        f->moved_sum = sum;
        f->moved_ms = now;
    }
    return pending > 0 && f->is_stuck && now - f->moved_ms >= (f->is_held ? STALLED_HELD_MS : STALLED_MS);
}

/* rc of a call that does work: may the next one follow? */
static int goes_on(cli_feed *f, int rc)
{
    if (rc == TDREST_ENOMEM)
        fail(f, tell(f, tdrest_writer_error(f->writer)));
    else if (cli_interrupted())
        fail(f, CLI_INTERRUPTED);
    else if (is_stalled(f))
        fail(f, f->held_status);
    else
        return 1;
    return 0;
}

int cli_feed_wait(cli_feed *f)
{
    return goes_on(f, tdrest_writer_run(f->writer, LOOK_MS));
}

void cli_feed_flush(cli_feed *f)
{
    int rc = tdrest_writer_flush(f->writer, 0); /* what is to be stored needs no more: nothing of it waits for the server */

    while (count_pending(f) > 0 && goes_on(f, rc))
        rc = tdrest_writer_flush(f->writer, LOOK_MS);
    if (f->counts.pending > 0)
        (void)!tdrest_writer_close(f->writer, cli_interrupted() ? LAST_MS : 0);
}

int cli_feed_deliver(cli_feed *f)
{
    int rc;

    do
        rc = tdrest_writer_flush(f->writer, LOOK_MS);
    while (rc == TDREST_ETIMEOUT && goes_on(f, rc) && !(f->is_held && f->counts.pending == 0));
    if (rc == TDREST_ENOMEM)
        (void)goes_on(f, rc);
    return rc != TDREST_ETIMEOUT && rc != TDREST_ENOMEM;
}

void cli_feed_close(cli_feed *f)
{
    if (f->writer == NULL)
        return;
    if (tdrest_writer_close(f->writer, 0) == TDREST_ESPOOL)
        fail(f, CLI_USAGE);
    (void)tdrest_writer_stats(f->writer, &f->counts);
    tdrest_writer_free(f->writer);
    f->writer = NULL;
}

#endif
