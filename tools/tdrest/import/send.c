/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Rows to the server: through a writer, several requests at a time; where the library is built without one, through a statement, one at a time. A dry
 * run has a statement that is never run. Knows nothing of files.
 */
#include "import/send.h"

#include <stdlib.h>
#include <string.h>

#include "term/interrupt.h"
#include "write/feed.h"

struct cli_sender {
    cli_catalog *catalog;
    tdrest_stmt *stmt;
#ifndef TDREST_NO_WRITER
    cli_feed feed; /* stmt is its writer's; no writer: a dry run */
    int64_t lost;  /* rows with numbers that were refused */
    int has_spool;
#endif
    int rehearses;
    int generation;
    int64_t added;
    int64_t *numbers; /* of the rows that the statement holds */
    size_t held;
    size_t cap;
    cli_delivered *delivered;
    void *context;
};

/* ---- a writer ---- */

#ifndef TDREST_NO_WRITER

static void on_written(void *context, const tdrest_delivery *d)
{
    cli_sender *s = context;
    cli_delivery told = {.first = d->first, .count = d->count, .state = d->state, .blames_rows = d->blames_rows, .error = d->error};

    if (d->state == TDREST_ROWS_REFUSED) {
        told.state = TDREST_ROWS_NOT_WRITTEN;
        s->lost += d->count;
    }
    s->delivered(s->context, &told);
}

static int open_writer(cli_sender *s, const cli_args *args, cli_progress *progress, const cli_text *sql)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    int status;

    settings.max_in_flight = (int)args->importing.parallel;
    settings.call = &s->catalog->call;
    s->has_spool = cli_has_spool(args);
    s->feed = (cli_feed){.numbered = on_written, .context = s};
    status = cli_feed_open(&s->feed, args, progress, &settings, sql->data, sql->len);
    if (s->feed.writer != NULL)
        s->stmt = tdrest_writer_stmt(s->feed.writer);
    return status;
}

static int add_to_writer(cli_sender *s)
{
    int rc;

    while ((rc = tdrest_writer_add(s->feed.writer)) == TDREST_FULL && cli_feed_wait(&s->feed))
        ;
    return rc == TDREST_FULL ? TDREST_ECANCELLED : rc;
}

/* Up to that many of the rows that an earlier file of this run has left in the spool. */
static int64_t take_stored(cli_spool_counts *counts, int64_t rows)
{
    rows = rows < counts->stored ? rows : counts->stored;
    counts->stored -= rows;
    return rows;
}

static void count_spooled(const cli_sender *s, cli_spool_counts *counts, int64_t *refused)
{
    const tdrest_writer_counts *c = &s->feed.counts;
    const int64_t own = c->refused - s->lost, earlier = s->feed.delivered - c->written, taken = take_stored(counts, earlier);

    *refused = own + take_stored(counts, s->feed.refused - own);
    counts->is_used = 1;
    counts->delivered += c->written + taken;
    counts->earlier += earlier - taken;
    counts->stored += c->stored;
}

static int end_writer(cli_sender *s, cli_spool_counts *counts, int64_t *refused)
{
    if (s->has_spool)
        (void)cli_feed_deliver(&s->feed);
    s->stmt = NULL;
    cli_feed_close(&s->feed);
    if (s->has_spool)
        count_spooled(s, counts, refused);
    return s->feed.status;
}

#endif

/* ---- a statement ---- */

int cli_sender_open(cli_sender **out, const cli_args *args, cli_progress *progress, cli_catalog *catalog, const cli_text *sql, int rehearses, cli_delivered *delivered, void *context)
{
    cli_sender *s = calloc(1, sizeof *s);

    *out = s;
    if (s == NULL)
        return cli_report_no_memory();
    *s = (cli_sender){.catalog = catalog, .rehearses = rehearses, .delivered = delivered, .context = context};
#ifndef TDREST_NO_WRITER
    if (!rehearses) {
        int status = open_writer(s, args, progress, sql);

        if (status != CLI_OK)
            return status;
    }
#else
    (void)progress;
    if (!rehearses && cli_has_spool(args))
        return cli_usage("spool_dir: this tdrest was built without the writer");
#endif
    if (s->stmt == NULL && tdrest_stmt_new(catalog->conn, sql->data, sql->len, &s->stmt) < 0)
        return cli_catalog_report(catalog, NULL, NULL);
    if (tdrest_stmt_describe(s->stmt, &catalog->call) < 0)
        return cli_report(tdrest_stmt_error(s->stmt), &(cli_place){.verbose = catalog->verbose});
    return CLI_OK;
}

void cli_sender_free(cli_sender *s)
{
    if (s == NULL)
        return;
#ifndef TDREST_NO_WRITER
    if (s->feed.writer != NULL)
        s->stmt = NULL;
    cli_feed_close(&s->feed);
#endif
    tdrest_stmt_free(s->stmt);
    free(s->numbers);
    free(s);
}

tdrest_stmt *cli_sender_stmt(cli_sender *s)
{
    return s->stmt;
}

int cli_sender_generation(const cli_sender *s)
{
    return s->generation;
}

/* ---- what became of rows ---- */

/* Tells of rows that the statement holds, from index on, and forgets their numbers. */
static void tell(cli_sender *s, size_t index, size_t count, int state, int blames, const tdrest_error *err)
{
    size_t i, run;

    for (i = 0; i < count; i += run) {
        cli_delivery d = {.first = s->numbers[index + i], .state = state, .blames_rows = blames, .error = err};

        for (run = 1; i + run < count && s->numbers[index + i + run] == d.first + (int64_t)run; run++)
            ;
        d.count = (int64_t)run;
        s->delivered(s->context, &d);
    }
    memmove(s->numbers + index, s->numbers + index + count, (s->held - index - count) * sizeof *s->numbers);
    s->held -= count;
}

/* All rows, by what is known of each after a failed run. */
static void tell_all(cli_sender *s, const tdrest_error *err)
{
    const tdrest_row_range *range;
    size_t i;

    for (i = 0; (range = tdrest_stmt_get_range(s->stmt, i)) != NULL; i++)
        tell(s, 0, (size_t)range->count, range->state, 0, range->state == TDREST_ROWS_WRITTEN ? NULL : err);
    tdrest_stmt_reset(s->stmt);
    s->generation++;
}

/* Takes the row that the server names out of the others. 1; 0: it names none. */
static int single_out(cli_sender *s, const tdrest_error *err)
{
    int64_t row = err->row;

    if (err->code != TDREST_ESERVER || err->repeat != TDREST_REPEAT_NO || (row < 0 && s->held > 1))
        return 0;
    row = row < 0 ? 0 : row;
    if (tdrest_stmt_drop_rows(s->stmt, row, 1) < 0)
        return 0;
    tell(s, (size_t)row, 1, TDREST_ROWS_NOT_WRITTEN, 1, err);
    return 1;
}

void cli_sender_flush(cli_sender *s)
{
#ifndef TDREST_NO_WRITER
    if (s->feed.writer != NULL) {
        cli_feed_flush(&s->feed);
        return;
    }
#endif
    while (s->held > 0) {
        tdrest_error err;

        if (s->rehearses) {
            tdrest_stmt_reset(s->stmt);
            s->generation++;
        } else if (tdrest_stmt_run(s->stmt, &s->catalog->call, NULL) < 0) {
            err = *tdrest_stmt_error(s->stmt);
            if (!single_out(s, &err))
                tell_all(s, &err);
            continue;
        }
        tell(s, 0, s->held, TDREST_ROWS_WRITTEN, 0, NULL);
    }
}

int cli_sender_end(cli_sender *s, cli_spool_counts *counts, int64_t *refused)
{
    *refused = 0;
    cli_sender_flush(s);
#ifndef TDREST_NO_WRITER
    if (s->feed.writer != NULL)
        return end_writer(s, counts, refused);
#else
    (void)counts;
#endif
    return CLI_OK;
}

void cli_sender_discard(cli_sender *s)
{
#ifndef TDREST_NO_WRITER
    if (s->feed.writer != NULL)
        return; /* it sends what was added, and nothing else */
#endif
    if (tdrest_stmt_add_row(s->stmt) < 0 || tdrest_stmt_drop_rows(s->stmt, (int64_t)s->held, 1) < 0)
        cli_sender_flush(s);
}

int cli_sender_add(cli_sender *s)
{
    int rc;

#ifndef TDREST_NO_WRITER
    if (s->feed.writer != NULL)
        return add_to_writer(s);
#endif
    if (s->held == s->cap) {
        size_t cap = s->cap == 0 ? 1024 : 2 * s->cap;
        int64_t *numbers = realloc(s->numbers, cap * sizeof *numbers);

        if (numbers == NULL)
            return TDREST_ENOMEM;
        s->numbers = numbers;
        s->cap = cap;
    }
    rc = tdrest_stmt_add_row(s->stmt);
    if (rc < 0)
        return rc;
    s->numbers[s->held++] = s->added++;
    if (rc == TDREST_FULL)
        cli_sender_flush(s);
    return TDREST_OK;
}
