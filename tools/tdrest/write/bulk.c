/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Writes lines or points through a writer. The writer does the work, finds bad ones by halving, and tells what became of lines by their numbers among all that
 * were added; here those become numbers of lines in their file.
 */
#include "write/bulk.h"

#include <stdlib.h>
#include <string.h>

#include "input/points.h"
#include "term/interrupt.h"
#include "term/report.h"
#include "write/array.h"
#include "write/feed.h"
#include "write/lines.h"

#ifndef TDREST_NO_WRITER

/* Lines that follow each other in their file and among those added. */
typedef struct span {
    int64_t row;   /* the first one's number among those added */
    int64_t line;  /* in its file, from 1 */
    int64_t count;
} span;

typedef struct bulk {
    cli_account *account;
    cli_feed feed;
    cli_lines numbers; /* of the piece at hand */
    int64_t before;    /* lines of the source in front of it */
    int64_t last;      /* line of the source that was looked at last */
    int64_t added;     /* rows that have a number */
    int64_t lost;      /* rows with numbers that were refused */
    span *spans;       /* of lines whose fate may not be known yet, in their order */
    size_t count, cap;
    int status;        /* of the first failure */
    int stops;         /* nothing more is added */
    int told, told_server_code; /* the failure told last that is not the lines' */
} bulk;

static void note(bulk *b, int status, int goes_on)
{
    if (b->status == CLI_OK)
        b->status = status;
    b->stops |= !goes_on;
}

/* ---- numbers ---- */

static int64_t line_of(const bulk *b, int64_t row)
{
    size_t low = 0, high = b->count;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;

        if (b->spans[middle].row <= row)
            low = middle;
        else
            high = middle;
    }
    return b->spans[low].line + (row - b->spans[low].row);
}

/* The next row stands at that line. 0: out of memory. */
static int number_row(bulk *b, int64_t line)
{
    span *last = b->count == 0 ? NULL : &b->spans[b->count - 1];

    if (last != NULL && last->line + last->count == line) {
        last->count++;
        b->added++;
        return 1;
    }
    if (b->count == b->cap) {
        span *more = realloc(b->spans, (2 * b->cap + 64) * sizeof *more);

        if (more == NULL)
            return 0;
        b->spans = more;
        b->cap = 2 * b->cap + 64;
    }
    b->spans[b->count++] = (span){b->added, line, 1};
    b->added++;
    return 1;
}

static int is_json(const bulk *b)
{
    return b->account->args->write.protocol == TDREST_PROTOCOL_JSON;
}

static int number_points(bulk *b, const char *data, size_t len, size_t at)
{
    int64_t line = b->before + 1 + cli_array_count(data, at), count = cli_array_count(data + at, len - at);

    while (count > 0 && number_row(b, line++))
        count--;
    return count == 0;
}

/* Rows of the piece from byte `at` on. 0: out of memory. */
static int number_lines(bulk *b, const char *data, size_t len, size_t at)
{
    const char *p = data + at, *end = data + len, *next;
    int64_t index = cli_lines_count(data, at);
    int ok = 1;

    for (; ok && p < end; p = next, index++) {
        next = p + cli_lines_offset(p, (size_t)(end - p), 1);
        if (cli_lines_have_point(b->account->args->write.protocol, p, (size_t)(next - p)))
            ok = number_row(b, b->before + 1 + cli_lines_number(&b->numbers, index));
    }
    return ok;
}

/* Only the first `added` rows were taken. */
static void forget_numbers(bulk *b, int64_t added)
{
    for (; b->added > added; b->added--)
        b->count -= --b->spans[b->count - 1].count == 0;
}

/* ---- what became of lines ---- */

/* Was this failure told already? One that is not the lines' comes for each table that waits. */
static int is_told(bulk *b, const tdrest_error *err)
{
    int same = b->told == err->code && b->told_server_code == err->server_code;

    b->told = err->code;
    b->told_server_code = err->server_code;
    return same;
}

static void on_delivery(void *context, const tdrest_delivery *d)
{
    bulk *b = context;
    cli_failed f = {.count = d->count, .unknown = d->state == TDREST_ROWS_UNKNOWN, .data = d->text, .len = d->len};
    int status;

    if (d->state == TDREST_ROWS_WRITTEN) {
        b->account->lines += d->count;
        b->account->bytes += (int64_t)d->len;
    }
    if (d->state == TDREST_ROWS_WRITTEN || d->state == TDREST_ROWS_STORED)
        return;
    b->lost += f.unknown ? 0 : d->count;
    f.refused = d->state == TDREST_ROWS_REFUSED && d->blames_rows;
    if (!f.refused && is_told(b, d->error)) {
        b->account->failed += d->count;
        return;
    }
    f.first = line_of(b, d->first);
    f.last = f.refused ? line_of(b, d->first + d->count - 1) : 0;
    status = cli_account_fail(b->account, d->error, &f);
    note(b, status, cli_account_goes_on(b->account, status, f.refused));
}

/* ---- lines in ---- */

/* What stands from *at on, waiting for room. TDREST_OK, or an error of the line at or behind *at. */
static int add(bulk *b, const char *data, size_t len, size_t *at)
{
    const size_t from = *at;
    size_t taken;
    int rc;

    while ((rc = tdrest_writer_add_lines(b->feed.writer, data + *at, len - *at, &taken)) == TDREST_FULL && !b->stops) {
        *at += taken;
        taken = 0;
        if (!cli_feed_wait(&b->feed)) {
            note(b, b->feed.status, 0);
            break;
        }
    }
    *at += taken;
    if (b->account->spool.is_used)
        b->account->bytes += (int64_t)(*at - from);
    return rc == TDREST_FULL ? TDREST_OK : rc;
}

/*
 * Tells of the point that the writer does not take, the first one from *at on, and goes behind it; where it cannot be read, nothing behind it can, and all that is left of
 * the piece is lost.
 */
static void refuse_point(bulk *b, const char *data, size_t len, size_t *at)
{
    const tdrest_error err = *tdrest_writer_error(b->feed.writer);
    const int is_broken = err.offset >= 0;
    cli_failed f = {.count = !is_broken};
    int status;

    f.first = b->before + 1 + cli_array_count(data, *at);
    f.last = is_broken ? 0 : f.first;
    *at = is_broken ? len : *at + cli_array_offset(data + *at, len - *at, 1);
    status = cli_account_fail(b->account, &err, &f);
    note(b, status, cli_account_goes_on(b->account, status, 0));
}

/* Tells of the line that the writer does not take, the first one from *at on that means something, and goes behind it. */
static void refuse_line(bulk *b, const char *data, size_t len, size_t *at)
{
    const tdrest_error err = *tdrest_writer_error(b->feed.writer);
    const int protocol = b->account->args->write.protocol;
    cli_failed f = {.count = 1};
    size_t end;
    int status;

    while ((end = *at + cli_lines_offset(data + *at, len - *at, 1)) < len && memchr(data + *at, '\0', end - *at) == NULL &&
           !cli_lines_have_point(protocol, data + *at, end - *at))
        *at = end;
    f.first = f.last = b->before + 1 + cli_lines_number(&b->numbers, cli_lines_count(data, *at));
    *at = end;
    status = cli_account_fail(b->account, &err, &f);
    note(b, status, cli_account_goes_on(b->account, status, 0));
}

/* The number of the last line or point in front of byte `at` of the piece. */
static int64_t last_line(const bulk *b, const char *data, size_t at)
{
    const int64_t count = is_json(b) ? cli_array_count(data, at) : cli_lines_count(data, at);

    return b->before + (is_json(b) || count == 0 ? count : cli_lines_number(&b->numbers, count - 1) + 1);
}

static void write_piece(bulk *b, char *data, size_t len)
{
    size_t at = 0;

    if (is_json(b))
        b->numbers.total = cli_array_count(data, len);
    else if (!cli_lines_clean(&b->numbers, data, &len))
        note(b, cli_report_no_memory(), 0);
    while (at < len && !b->stops) {
        if (!(is_json(b) ? number_points : number_lines)(b, data, len, at)) {
            note(b, cli_report_no_memory(), 0);
            break;
        }
        if (add(b, data, len, &at) == TDREST_OK)
            break;
        (void)tdrest_writer_stats(b->feed.writer, &b->feed.counts);
        forget_numbers(b, b->feed.counts.added);
        if (tdrest_writer_error(b->feed.writer)->code == TDREST_EUSAGE)
            (is_json(b) ? refuse_point : refuse_line)(b, data, len, &at);
        else
            note(b, cli_report(tdrest_writer_error(b->feed.writer), &(cli_place){.verbose = b->account->args->verbose}), 0);
    }
    b->last = last_line(b, data, at);
    b->before += b->numbers.total;
}

static void tell_progress(bulk *b)
{
    if (b->account->spool.is_used) {
        (void)tdrest_writer_stats(b->feed.writer, &b->feed.counts);
        b->account->lines = b->feed.counts.added;
    }
    cli_progress_tell(&b->account->progress, b->account->unit, b->account->lines, b->account->bytes);
}

static void write_source(bulk *b, const cli_source *source, size_t size)
{
    cli_points points;
    int rc = TDREST_ROW, status;
    char *data;
    size_t len;

    cli_points_open(&points, source, is_json(b), size);
    b->account->name = points.in.name;
    b->before = b->last = 0;
    while (!b->stops && !cli_interrupted() && (rc = cli_points_next(&points, &data, &len)) == TDREST_ROW) {
        write_piece(b, data, len);
        tell_progress(b);
    }
    cli_feed_flush(&b->feed); /* numbers are those of this file */
    b->count = 0;
    b->told = 0;
    if (rc < 0) {
        status = cli_account_report_source(b->account, &points, rc, b->before + 1);
        note(b, status, cli_account_goes_on(b->account, status, 0));
    }
    b->account->stopped = rc == TDREST_ROW;
    b->account->stopped_line = b->last;
    cli_points_close(&points);
}

static int open_writer(bulk *b, const tdrest_call *call)
{
    const cli_write_args *w = &b->account->args->write;
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;

    settings.max_in_flight = (int)w->parallel;
    settings.protocol = w->protocol;
    settings.precision = w->precision;
    settings.call = call;
    b->feed.numbered = on_delivery;
    b->feed.context = b;
    return cli_feed_open(&b->feed, b->account->args, &b->account->progress, &settings, NULL, 0);
}

/* Waits for the delivery of what is stored, as far as that goes; the counts. */
static void end(bulk *b)
{
    cli_spool_counts *spool = &b->account->spool;
    const tdrest_writer_counts *c = &b->feed.counts;

    if (spool->is_used)
        (void)cli_feed_deliver(&b->feed);
    cli_feed_close(&b->feed);
    note(b, b->feed.status, 1);
    if (!spool->is_used)
        return;
    *spool = (cli_spool_counts){.is_used = 1, .delivered = c->written, .stored = c->stored, .earlier = b->feed.delivered - c->written};
    b->account->lines = c->added;
    b->account->failed += c->refused - b->lost;
}

int cli_write_bulk(cli_account *account, const tdrest_call *call)
{
    const cli_args *args = account->args;
    size_t i, size = (size_t)strtol(tdrest_options_get(args->options, "batch_bytes"), NULL, 10);
    bulk b = {.account = account};

    account->spool.is_used = cli_has_spool(args);
    b.status = open_writer(&b, call);
    for (i = 0; b.feed.writer != NULL && i < args->source_count && !b.stops && !cli_interrupted(); i++)
        write_source(&b, &args->sources[i], size);
    account->stopped |= i > 0 && i < args->source_count;
    if (b.feed.writer != NULL)
        end(&b);
    cli_lines_clear(&b.numbers);
    free(b.spans);
    return b.status;
}

#else

int cli_write_bulk(cli_account *account, const tdrest_call *call)
{
    (void)call;
    return cli_usage("%s: this tdrest was built without the writer", cli_has_spool(account->args) ? "spool_dir" : "option --parallel");
}

#endif
