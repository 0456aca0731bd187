/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Writes lines with several requests at a time. The writer of the library does the work, finds bad lines by halving, and tells what became of lines
 * by their numbers among all that were added; here those become numbers of lines in their file.
 */
#include "write/parallel.h"

#include <stdlib.h>
#include <string.h>

#include "input/points.h"
#include "run/connect.h"
#include "term/interrupt.h"
#include "term/report.h"
#include "write/lines.h"

#ifndef TDREST_NO_WRITER

/* How long to wait before Ctrl-C is looked for, and for answers after it. */
enum { LOOK_MS = 100, LAST_MS = 1000 };

/* Lines that follow each other in their file and among those added. */
typedef struct span {
    int64_t row;   /* the first one's number among those added */
    int64_t line;  /* in its file, from 1 */
    int64_t count;
} span;

typedef struct parallel {
    cli_account *account;
    tdrest_writer *writer;
    cli_lines numbers; /* of the piece at hand */
    int64_t before;    /* lines of the source in front of it */
    int64_t added;     /* rows */
    span *spans;       /* of lines whose fate may not be known yet, in their order */
    size_t count, cap;
    int status;        /* of the first failure */
    int stops;         /* nothing more is added */
    int told, told_server_code; /* the failure told last that is not the lines' */
} parallel;

static int64_t pending(const parallel *p)
{
    tdrest_writer_counts counts = TDREST_WRITER_COUNTS_INIT;

    return tdrest_writer_stats(p->writer, &counts) == TDREST_OK ? counts.pending : 0;
}

static void note(parallel *p, int status, int goes_on)
{
    if (p->status == CLI_OK)
        p->status = status;
    p->stops |= !goes_on;
}

/* ---- numbers ---- */

static int64_t line_of(const parallel *p, int64_t row)
{
    size_t low = 0, high = p->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (p->spans[middle].row <= row)
            low = middle;
        else
            high = middle;
    }
    return p->spans[low].line + (row - p->spans[low].row);
}

/* The next row stands at that line. 0: out of memory. */
static int number_row(parallel *p, int64_t line)
{
    span *last = p->count == 0 ? NULL : &p->spans[p->count - 1];

    if (last != NULL && last->line + last->count == line) {
        last->count++;
        p->added++;
        return 1;
    }
    if (p->count == p->cap) {
        span *more = realloc(p->spans, (2 * p->cap + 64) * sizeof *more);

        if (more == NULL)
            return 0;
        p->spans = more;
        p->cap = 2 * p->cap + 64;
    }
    p->spans[p->count++] = (span){p->added, line, 1};
    p->added++;
    return 1;
}

/* ---- what became of lines ---- */

/* Was this failure told already? One that is not the lines' comes for each table that waits. */
static int is_told(parallel *p, const tdrest_error *err)
{
    int same = p->told == err->code && p->told_server_code == err->server_code;

    p->told = err->code;
    p->told_server_code = err->server_code;
    return same;
}

static void on_delivery(void *context, const tdrest_delivery *d)
{
    parallel *p = context;
    cli_failed f = {.count = d->count, .unknown = d->state == TDREST_ROWS_UNKNOWN, .data = d->text, .len = d->len};
    int status;

    if (d->state == TDREST_ROWS_WRITTEN) {
        p->account->lines += d->count;
        p->account->bytes += (int64_t)d->len;
        return;
    }
    if (d->first < 0 || d->state == TDREST_ROWS_STORED)
        return;
    f.refused = d->state == TDREST_ROWS_REFUSED && d->blames_rows;
    if (!f.refused && is_told(p, d->error)) {
        p->account->failed += d->count;
        return;
    }
    f.first = line_of(p, d->first);
    f.last = f.refused ? line_of(p, d->first + d->count - 1) : 0;
    status = cli_account_fail(p->account, d->error, &f);
    note(p, status, cli_account_goes_on(p->account, status, f.refused));
}

/* ---- lines in ---- */

/* All of it, waiting for room: TDREST_OK, or the writer's error. */
static int add(parallel *p, const char *data, size_t len)
{
    size_t done = 0, taken;
    int rc;

    while ((rc = tdrest_writer_add_lines(p->writer, data + done, len - done, &taken)) == TDREST_FULL && !p->stops && !cli_interrupted()) {
        done += taken;
        if (tdrest_writer_run(p->writer, LOOK_MS) == TDREST_ENOMEM)
            return TDREST_ENOMEM;
    }
    return rc == TDREST_FULL ? TDREST_OK : rc;
}

static int number_lines(parallel *p, const char *data, size_t len)
{
    const char *end = data + len, *next;
    int64_t index = 0;
    int ok = 1;

    for (; ok && data < end; data = next, index++) {
        next = data + cli_lines_offset(data, (size_t)(end - data), 1);
        if (cli_lines_have_point(p->account->args->write.protocol, data, (size_t)(next - data)))
            ok = number_row(p, p->before + 1 + cli_lines_number(&p->numbers, index));
    }
    return ok;
}

static int write_piece(parallel *p, char *data, size_t len)
{
    int rc;

    if (!cli_lines_clean(&p->numbers, data, &len) || !number_lines(p, data, len))
        return cli_report_no_memory();
    rc = len == 0 ? TDREST_OK : add(p, data, len);
    p->before += p->numbers.total;
    return rc < 0 ? cli_report(tdrest_writer_error(p->writer), &(cli_place){.verbose = p->account->args->verbose}) : CLI_OK;
}

/* Waits until the fate of all lines is known; after Ctrl-C for a moment only. */
static void flush(parallel *p)
{
    int rc = TDREST_OK;

    while (pending(p) > 0 && !cli_interrupted() && rc != TDREST_ENOMEM)
        rc = tdrest_writer_flush(p->writer, LOOK_MS);
    if (pending(p) > 0)
        (void)!tdrest_writer_close(p->writer, LAST_MS);
    p->count = 0;
    p->told = 0;
}

static void write_source(parallel *p, const cli_source *source, size_t size)
{
    cli_points points;
    int rc = TDREST_DONE;
    char *data;
    size_t len;

    cli_points_open(&points, source, 0, size);
    p->account->name = points.name;
    p->before = 0;
    while (!p->stops && !cli_interrupted() && (rc = cli_points_next(&points, &data, &len)) == TDREST_ROW) {
        int status = write_piece(p, data, len);

        if (status != CLI_OK)
            note(p, status, 0);
        cli_progress_tell(&p->account->progress, p->account->unit, p->account->lines, p->account->bytes);
    }
    flush(p);
    if (rc < 0)
        note(p, cli_account_report_source(p->account, &points, rc, p->before + 1), p->account->args->keep_going);
    cli_points_close(&points);
}

static int open_writer(parallel *p, const tdrest_call *call)
{
    const cli_args *args = p->account->args;
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;

    settings.max_in_flight = (int)args->write.parallel;
    settings.when_full = TDREST_WRITER_FULL;
    settings.protocol = args->write.protocol;
    settings.precision = args->write.precision;
    settings.call = call;
    settings.delivered = on_delivery;
    settings.context = p;
    if (tdrest_writer_new(args->options, &settings, NULL, 0, &p->writer) < 0)
        return cli_report(tdrest_options_error(args->options), &(cli_place){.verbose = args->verbose});
    return CLI_OK;
}

int cli_write_parallel(cli_account *account, const tdrest_call *call)
{
    const cli_args *args = account->args;
    size_t i, size = (size_t)strtol(tdrest_options_get(args->options, "batch_bytes"), NULL, 10);
    parallel p = {.account = account};

    p.status = open_writer(&p, call);
    for (i = 0; p.writer != NULL && i < args->source_count && !p.stops && !cli_interrupted(); i++)
        write_source(&p, &args->sources[i], size);
    tdrest_writer_free(p.writer);
    cli_lines_clear(&p.numbers);
    free(p.spans);
    return p.status;
}

#else

int cli_write_parallel(cli_account *account, const tdrest_call *call)
{
    (void)account, (void)call;
    return cli_usage("option --parallel: this tdrest was built without the writer");
}

#endif
