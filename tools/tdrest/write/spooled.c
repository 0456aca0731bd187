/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Lines by way of a spool, with a writer: each is stored, and delivered as far as that goes. The first failure that is not the rows' ends the wait for
 * delivery; the library has tried for retry_for_ms by then.
 */
#include "write/spooled.h"

#include "term/report.h"

#ifdef TDREST_NO_SPOOL

int cli_write_spooled(const cli_args *args)
{
    (void)args;
    return cli_usage("this program was built without the spool");
}

int cli_spooled_send(const cli_args *args)
{
    return cli_write_spooled(args);
}

#else

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "input/points.h"
#include "term/interrupt.h"
#include "term/progress.h"
#include "write/lines.h"

/* How long to wait before Ctrl-C is looked for. */
enum { LOOK_MS = 100 };

/* How long rows in memory may wait for a disk that fails, or for room in the spool; and when nothing is delivered that could make some. */
enum { STALLED_MS = 30000, STALLED_HELD_MS = 2000 };

typedef struct spooled {
    const cli_args *args;
    tdrest_writer *writer;
    cli_lines numbers;  /* of the piece at hand */
    const char *name;   /* of the source */
    int64_t before;     /* lines of it in front of that piece */
    int64_t delivered;  /* rows, those of earlier runs too */
    int64_t refused;    /* rows, likewise */
    int64_t failed;     /* lines that were not added */
    int64_t bytes;
    int is_held;        /* something other than the rows keeps the spool */
    int is_lost;        /* are there rows that were neither stored nor blamed? It is told once */
    int is_stuck;       /* its files are reported: a disk fails, it is full, or one is damaged */
    int64_t moved_ms;   /* when rows last left memory, or were delivered; */
    int64_t moved_sum;  /* what tells that */
    int held_status;
    int status;         /* of the first failure that is one */
    cli_progress progress;
} spooled;

static void fail(spooled *s, int status)
{
    s->status = s->status == CLI_OK ? status : s->status;
}

static int tell(spooled *s, const tdrest_error *err, const char *where)
{
    cli_progress_clear(&s->progress);
    return cli_report(err, &(cli_place){.text = where, .verbose = s->args->verbose});
}

static void on_delivery(void *context, const tdrest_delivery *d)
{
    spooled *s = context;

    if (d->state == TDREST_ROWS_WRITTEN)
        s->delivered += d->count;
    if (d->state == TDREST_ROWS_REFUSED) {
        s->refused += d->count;
        if (d->blames_rows || !s->is_lost)
            fail(s, tell(s, d->error, NULL));
        s->is_lost |= !d->blames_rows;
    }
    if (d->state == TDREST_ROWS_STORED && d->error != NULL) {
        const int status = tell(s, d->error, NULL);

        s->is_stuck |= d->error->code == TDREST_ESPOOL;
        s->is_held |= d->error->code != TDREST_ESPOOL;
        s->held_status = d->error->code != TDREST_ESPOOL || s->held_status == CLI_OK ? status : s->held_status;
    }
}

static int open_writer(spooled *s)
{
    const cli_write_args *w = &s->args->write;
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_options *options = s->args->options;
    tdrest_call call = TDREST_CALL_INIT;
    int rc = cli_settings_has(&s->args->settings, "retry_for_ms") ? TDREST_OK : tdrest_options_set(options, "retry_for_ms", "0");

    call.ttl_days = w->ttl_days;
    call.table_name_key = w->table_name_key;
    settings.protocol = w->protocol == 0 ? TDREST_PROTOCOL_LINE : w->protocol;
    settings.precision = w->protocol == 0 ? TDREST_NS : w->precision;
    settings.when_full = TDREST_WRITER_FULL;
    settings.call = &call;
    settings.delivered = on_delivery;
    settings.context = s;
    if (rc >= 0)
        rc = tdrest_writer_new(options, &settings, NULL, 0, &s->writer);
    return rc < 0 ? cli_report(tdrest_options_error(options), &(cli_place){.number = 0}) : CLI_OK;
}

/* ---- delivery ---- */

static int64_t count_pending(const spooled *s)
{
    tdrest_writer_counts counts = TDREST_WRITER_COUNTS_INIT;

    (void)tdrest_writer_stats(s->writer, &counts);
    return counts.pending;
}

/* Do rows in memory wait in vain? */
static int is_stalled(spooled *s)
{
    const int64_t pending = count_pending(s), sum = s->delivered + s->refused - pending, now = cli_now_ms();

    if (s->moved_ms == 0 || sum != s->moved_sum) {
        s->moved_sum = sum;
        s->moved_ms = now;
    }
    return pending > 0 && s->is_stuck && now - s->moved_ms >= (s->is_held ? STALLED_HELD_MS : STALLED_MS);
}

/* Is it of no use to wait on? */
static int is_over(spooled *s)
{
    return (s->is_held && count_pending(s) == 0) || is_stalled(s);
}

/* 1: the spool is empty. */
static int deliver(spooled *s)
{
    int rc;

    while ((rc = tdrest_writer_flush(s->writer, LOOK_MS)) == TDREST_ETIMEOUT && !is_over(s) && !cli_interrupted())
        ;
    if (rc == TDREST_ENOMEM)
        fail(s, tell(s, tdrest_writer_error(s->writer), NULL));
    return rc != TDREST_ETIMEOUT && rc != TDREST_ENOMEM;
}

/* What is in memory still is lost, and reported. */
static void close_writer(spooled *s, tdrest_writer_counts *counts)
{
    if (s->writer == NULL)
        return;
    if (tdrest_writer_close(s->writer, 0) == TDREST_ESPOOL)
        fail(s, CLI_USAGE);
    (void)tdrest_writer_stats(s->writer, counts);
    tdrest_writer_free(s->writer);
    s->writer = NULL;
}

/* ---- lines ---- */

static int report_line(spooled *s, size_t line, const tdrest_error *err)
{
    char where[CLI_PLACE_MAX];

    snprintf(where, sizeof where, "line %lld of %.200s", (long long)(s->before + 1 + cli_lines_number(&s->numbers, (int64_t)line)), s->name);
    s->failed++;
    return tell(s, err, where);
}

/* The bytes up to the line at which the writer stopped, whose number is line. */
static size_t find_line(const spooled *s, const char *data, size_t len, size_t from, size_t *line)
{
    const int protocol = s->args->write.protocol;
    size_t at = from, end;

    for (*line = (size_t)cli_lines_count(data, from); at < len; at = end, ++*line) {
        const char *feed = memchr(data + at, '\n', len - at);

        end = feed == NULL ? len : (size_t)(feed - data) + 1;
        if (!cli_lines_have_times(protocol, data + at, end - at))
            return at;
    }
    return at;
}

/* Where what was added ends; a failure is in s->status. */
static size_t add(spooled *s, const char *data, size_t len)
{
    size_t taken = 0, done = 0;
    int rc;

    while (((rc = tdrest_writer_add_lines(s->writer, data + done, len - done, &taken)) == TDREST_FULL) && !cli_interrupted() && !is_stalled(s)) {
        done += taken;
        if (tdrest_writer_run(s->writer, LOOK_MS) == TDREST_ENOMEM)
            break;
    }
    done += taken;
    s->bytes += (int64_t)done;
    if (rc == TDREST_FULL)
        fail(s, cli_interrupted() ? CLI_INTERRUPTED : s->held_status);
    return rc == TDREST_OK ? len : done;
}

static void add_piece(spooled *s, char *data, size_t len)
{
    size_t done = 0, line;

    if (!cli_lines_clean(&s->numbers, data, &len)) {
        fail(s, cli_report_no_memory());
        return;
    }
    while (done < len) {
        const size_t begin = done;
        const char *feed;
        tdrest_error err;

        done += add(s, data + begin, len - begin);
        if (done == len || s->status == CLI_INTERRUPTED || tdrest_writer_error(s->writer)->code != TDREST_EUSAGE)
            break;
        err = *tdrest_writer_error(s->writer);
        done = find_line(s, data, len, done, &line);
        fail(s, report_line(s, line, &err));
        feed = done < len ? memchr(data + done, '\n', len - done) : NULL;
        done = feed == NULL ? len : (size_t)(feed - data) + 1;
        if (!s->args->keep_going)
            break;
    }
    s->before += s->numbers.total;
}

static int goes_on(spooled *s)
{
    return !cli_interrupted() && (s->status == CLI_OK || (s->args->keep_going && !is_stalled(s)));
}

static void add_source(spooled *s, const cli_source *source, size_t size)
{
    cli_points p;
    char *data;
    size_t len;
    int rc = TDREST_DONE;

    cli_points_open(&p, source, 0, size);
    s->name = p.name;
    s->before = 0;
    while (goes_on(s) && (rc = cli_points_next(&p, &data, &len)) == TDREST_ROW)
        add_piece(s, data, len);
    cli_progress_clear(&s->progress);
    if (rc < 0 && rc != TDREST_ECANCELLED)
        fail(s, cli_usage("%s: %s", p.name, p.error != 0 ? strerror(p.error) : p.fault != NULL ? p.fault : tdrest_code_text(rc)));
    cli_points_close(&p);
}

static void summarize(spooled *s, const tdrest_writer_counts *counts)
{
    const int64_t ms = cli_now_ms() - s->progress.began_ms, failed = s->failed + counts->refused, earlier = s->delivered - counts->written;

    cli_progress_clear(&s->progress);
    fprintf(stderr, "(%lld line%s, %lld bytes, %lld.%03d s; %lld delivered, %lld stored", (long long)counts->added, cli_plural(counts->added), (long long)s->bytes,
            (long long)(ms / 1000), (int)(ms % 1000), (long long)counts->written, (long long)counts->stored);
    if (failed > 0)
        fprintf(stderr, "; %lld line%s failed", (long long)failed, cli_plural(failed));
    if (earlier > 0)
        fprintf(stderr, "; %lld row%s of earlier runs delivered", (long long)earlier, cli_plural(earlier));
    fputs(")\n", stderr);
}

int cli_write_spooled(const cli_args *args)
{
    spooled s = {.args = args};
    tdrest_writer_counts counts = TDREST_WRITER_COUNTS_INIT;
    const size_t size = (size_t)strtol(tdrest_options_get(args->options, "batch_bytes"), NULL, 10);

    s.status = open_writer(&s);
    if (s.writer == NULL)
        return s.status;
    cli_progress_begin(&s.progress, args->progress != CLI_NEVER, args->progress == CLI_ALWAYS);
    for (size_t i = 0; i < args->source_count && goes_on(&s); i++)
        add_source(&s, &args->sources[i], size);
    (void)deliver(&s);
    close_writer(&s, &counts);
    cli_lines_clear(&s.numbers);
    summarize(&s, &counts);
    return cli_interrupted() ? CLI_INTERRUPTED : s.status;
}

/* ---- what is left ---- */

static int is_waiting(void *context, const tdrest_spool_entry *e)
{
    (void)context;
    return e->state == TDREST_SPOOL_WAITING;
}

int cli_spooled_send(const cli_args *args)
{
    spooled s = {.args = args};
    tdrest_writer_counts counts = TDREST_WRITER_COUNTS_INIT;
    int rc = tdrest_spool_list(args->options, is_waiting, NULL), is_empty = 1;
    int64_t ms;

    if (rc < 0)
        return cli_report(tdrest_options_error(args->options), &(cli_place){.number = 0});
    cli_progress_begin(&s.progress, 0, 0);
    if (rc > 0) { /* else a directory that is no spool would become one */
        s.status = open_writer(&s);
        if (s.writer == NULL)
            return s.status;
        is_empty = deliver(&s);
        close_writer(&s, &counts);
    }
    ms = cli_now_ms() - s.progress.began_ms;
    fprintf(stderr, "(%lld row%s delivered, %lld.%03d s", (long long)s.delivered, cli_plural(s.delivered), (long long)(ms / 1000), (int)(ms % 1000));
    if (s.refused > 0)
        fprintf(stderr, "; %lld row%s refused", (long long)s.refused, cli_plural(s.refused));
    fputs(is_empty ? ")\n" : "; the rest stays)\n", stderr);
    if (!is_empty)
        fail(&s, s.held_status);
    return cli_interrupted() ? CLI_INTERRUPTED : s.status;
}

#endif
