/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * New rows of a table, as they come: each poll asks from the newest time shown on, --overlap earlier, and leaves out the rows that were shown, by table, time
 * and composite key. Times are only the server's: its clock at the start, then those of the rows. A poll that fails moves nothing on. A plot shows all rows
 * since the start, so that each poll asks for them.
 */
#include "tail/tail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args/check.h"
#include "args/duration.h"
#include "catalog/catalog.h"
#include "run/sink.h"
#include "tail/shown.h"
#include "term/interrupt.h"

enum { LONGEST_WAIT_MS = 30000, KEYS = 16 };

typedef struct tail {
    const cli_args *args;
    cli_catalog catalog;
    const char *table;
    cli_columns columns;
    int by_table;        /* rows have the name of their table: it has tags */
    int precision;
    cli_text start;      /* the condition that never changes */
    int is_plot;
    int64_t plotted;     /* rows of the last plot */
    int64_t newest;      /* time of the rows shown, */
    int has_newest;      /* when there were any */
    int64_t overlap;     /* in units of the database, as newest */
    cli_shown shown;
    int poll;
    int failed;          /* the polls since the last good one */
    int has_memory;
    cli_sink sink;
    const cli_format *format;
    cli_progress progress;
    cli_output *out;
    cli_output *collect; /* what one poll writes */
    FILE *collected;
    uint64_t head;       /* of the columns that were written last; 0: none */
    int64_t poll_newest;
    size_t keys[KEYS];   /* columns of the result that make a row's key */
    size_t key_count;
    size_t time;         /* the one of these that is the time */
} tail;

static int64_t units(int precision, int64_t ms)
{
    return precision == TDREST_NS ? ms * 1000000 : precision == TDREST_US ? ms * 1000 : ms;
}

/* ---- rows ---- */

/* Is the row at hand new? */
static int is_new(void *context, cli_result *r)
{
    tail *t = context;
    uint64_t key = CLI_SHOWN_KEY;
    const char *text;
    size_t i, len;
    int64_t time = 0;
    int precision, added;

    for (i = 0; i < t->key_count; i++) {
        if (cli_result_text(r, t->keys[i], &text, &len) < 0)
            len = 0;
        key = cli_shown_key(key, text, len);
    }
    (void)cli_result_time(r, t->time, &time, &precision);
    added = cli_shown_add(&t->shown, key, time, t->poll);
    t->has_memory &= added >= 0;
    if (added > 0 && time > t->poll_newest)
        t->poll_newest = time;
    return added > 0;
}

/* Of a plot; looks for the newest. */
static int is_any(void *context, cli_result *r)
{
    tail *t = context;
    int64_t time;
    int precision;

    if (cli_result_time(r, t->time, &time, &precision) == TDREST_OK && time > t->poll_newest)
        t->poll_newest = time;
    return 1;
}

/* Where in the result the parts of a row's key are. */
static void find_keys(tail *t, const tdrest_result *res)
{
    size_t i, first = t->by_table ? 1 : 0;

    t->key_count = 0;
    if (t->by_table)
        t->keys[t->key_count++] = 0;
    t->time = first;
    t->keys[t->key_count++] = first;
    for (i = 1; i < t->columns.count && i + first < tdrest_result_column_count(res) && t->key_count < KEYS; i++)
        if (t->columns.items[i].is_key)
            t->keys[t->key_count++] = i + first;
}

/* Names and types of the columns: when they change, a head is written again. */
static uint64_t head_of(const tdrest_result *res)
{
    uint64_t key = CLI_SHOWN_KEY;
    size_t i;

    for (i = 0; i < tdrest_result_column_count(res); i++) {
        const tdrest_column *c = tdrest_result_column(res, i);

        key = cli_shown_key(cli_shown_key(key, c->name, c->name_len), c->type_name, strlen(c->type_name));
    }
    return key;
}

/* ---- one poll ---- */

static void make_sql(tail *t)
{
    cli_text *sql = &t->catalog.sql;

    cli_text_reset(sql);
    cli_text_add(sql, t->by_table ? "select tbname, * from " : "select * from ");
    cli_catalog_put_table(&t->catalog, sql, t->table);
    cli_text_add(sql, " where ");
    cli_text_ident(sql, t->columns.items[0].name);
    cli_text_add(sql, t->start.data);
    if (t->has_newest && !t->is_plot) {
        cli_text_add(sql, " and ");
        cli_text_ident(sql, t->columns.items[0].name);
        cli_text_add(sql, " >= ");
        cli_text_int(sql, t->newest - t->overlap);
    }
    cli_text_add(sql, " order by ");
    cli_text_ident(sql, t->columns.items[0].name);
    cli_text_add(sql, t->by_table ? ", tbname" : "");
}

/* What was collected goes to the output, and through a pipe at once; a plot in place of the one before. */
static void pass_on(tail *t)
{
    const int moves = t->is_plot && cli_terminal_moves(t->out->fd);
    char bytes[4096];
    size_t n;

    rewind(t->collected);
    cli_output_text(t->out, moves ? "\033[?2026h\033[H\033[J" : "");
    while ((n = fread(bytes, 1, sizeof bytes, t->collected)) > 0)
        cli_output_put(t->out, bytes, n);
    cli_output_text(t->out, moves ? "\033[?2026l" : "");
    cli_output_flush(t->out);
}

/* Writes the new rows of a result, all or none. */
static int write_rows(tail *t, tdrest_result *res)
{
    cli_result rows = {.res = res, .wants = t->is_plot ? is_any : is_new, .context = t};
    cli_written written = {.rows = 0};
    uint64_t head = head_of(res);
    int rc;

    find_keys(t, res);
    if (ftruncate(fileno(t->collected), 0) < 0 || lseek(fileno(t->collected), 0, SEEK_SET) < 0)
        return TDREST_ENOMEM;
    cli_output_init(t->collect, fileno(t->collected));
    t->sink.out = t->collect;
    t->sink.size = cli_terminal_size(t->out->fd);
    /* csv and tsv are one table for their reader; others begin again with each poll. */
    t->sink.style.bare = t->args->style.bare || (!t->format->summary && t->head == head);
    rc = t->format->write(&t->sink, &rows, &written);
    cli_output_flush(t->collect);
    if (rc < 0 || t->collect->error != 0 || !t->has_memory)
        return rc < 0 ? rc : TDREST_ENOMEM;
    if (t->is_plot ? written.rows != t->plotted || t->poll_newest > t->newest : written.rows > 0) {
        t->head = head;
        t->plotted = written.rows;
        pass_on(t);
    }
    return TDREST_OK;
}

/* Could the next poll do better? */
static int may_mend(const tdrest_error *err)
{
    return err->code != TDREST_ECANCELLED && err->code != TDREST_EAUTH && (tdrest_class_is_a(err->cls, TDREST_CLASS_CONNECTION) || err->repeat != TDREST_REPEAT_NO);
}

/* A failure that ends the command. The server refuses a --since that it cannot read. */
static int tell_failure(const tail *t, const tdrest_result *res, const tdrest_error *err)
{
    enum { INVALID_TIMESTAMP = 0x0127 };

    if (t->args->tailing.since != NULL && err->server_code == INVALID_TIMESTAMP)
        return cli_refuse_value(CLI_FLAG_SINCE, "a time as in RFC 3339, an integer in the database's precision, or a duration such as 5m", t->args->tailing.since);
    return cli_catalog_report(&t->catalog, res, t->table);
}

/* CLI_OK, also when it failed and the next one may do better; else the status of what was told. */
static int poll_once(tail *t)
{
    tdrest_result *res = NULL;
    const tdrest_error *err;
    int rc;

    t->poll++;
    t->poll_newest = t->has_newest ? t->newest : INT64_MIN;
    make_sql(t);
    rc = t->catalog.sql.failed ? TDREST_ENOMEM : tdrest_query(t->catalog.conn, t->catalog.sql.data, t->catalog.sql.len, &t->catalog.call, &res);
    err = tdrest_conn_error(t->catalog.conn);
    if (rc >= 0) {
        rc = write_rows(t, res);
        err = tdrest_result_error(res);
    }
    if (rc >= 0) {
        if (t->failed > 0)
            fputs("tdrest: the server answers again\n", stderr);
        t->failed = 0;
        t->has_newest |= t->poll_newest != INT64_MIN;
        t->newest = t->poll_newest;
        rc = t->has_newest && cli_shown_forget(&t->shown, t->newest - t->overlap, 0) < 0 ? TDREST_ENOMEM : TDREST_OK;
        tdrest_result_free(res);
        return rc < 0 ? cli_report_no_memory() : CLI_OK;
    }
    rc = cli_interrupted() ? CLI_INTERRUPTED : err->code == 0 ? cli_report_no_memory() : !may_mend(err) || t->poll == 1 ? tell_failure(t, res, err) : CLI_OK;
    if (rc == CLI_OK && t->failed++ == 0) {
        cli_catalog_report(&t->catalog, res, t->table);
        fputs("tdrest: trying again until it answers; no row is lost\n", stderr);
    }
    tdrest_result_free(res);
    (void)cli_shown_forget(&t->shown, INT64_MIN, t->poll);
    return rc;
}

/* ---- before the first one ---- */

/* The server's clock, less a time, in units of the database. */
static int read_clock(tail *t, int64_t before_ms)
{
    tdrest_result *res;
    int64_t now = 0;
    int precision = TDREST_MS, status = cli_catalog_ask_text(&t->catalog, "select now()", &res);

    if (status != CLI_OK)
        return status;
    if (tdrest_result_next(res) != TDREST_ROW || tdrest_result_time(res, 0, &now, &precision) < 0)
        status = cli_usage("the server does not tell its time");
    tdrest_result_free(res);
    now = precision == TDREST_NS ? now / 1000000 : precision == TDREST_US ? now / 1000 : now;
    cli_text_add(&t->start, " >= ");
    cli_text_int(&t->start, units(t->precision, now - before_ms));
    return status;
}

static int is_integer(const char *text)
{
    text += *text == '-';
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static int read_since(tail *t)
{
    const char *since = t->args->tailing.since;
    int64_t ms = since == NULL ? 0 : cli_duration_ms(since);

    if (ms >= 0)
        return read_clock(t, ms);
    cli_text_add(&t->start, " >= ");
    if (is_integer(since))
        cli_text_add(&t->start, since);
    else
        cli_text_literal(&t->start, since, strlen(since));
    return t->start.failed ? cli_report_no_memory() : CLI_OK;
}

static int begin(tail *t)
{
    int status = cli_sink_open(&t->sink, &t->format, t->args, t->out, &t->progress);

    if (status == CLI_OK)
        status = cli_catalog_open(&t->catalog, t->args, &t->progress, t->args->sources[0].text);
    if (status != CLI_OK)
        return status;
    t->is_plot = t->format->unpaged;
    t->table = cli_catalog_table(t->args->sources[0].text);
    status = cli_catalog_describe(&t->catalog, t->table, &t->columns);
    if (status == CLI_OK)
        status = cli_catalog_precision(&t->catalog, &t->precision);
    if (status == CLI_OK)
        status = read_since(t);
    t->by_table = t->columns.tags > 0;
    t->overlap = units(t->precision, t->args->tailing.overlap_ms);
    t->collect = malloc(sizeof *t->collect);
    t->collected = tmpfile();
    t->has_memory = 1;
    if (status == CLI_OK && (t->collect == NULL || t->collected == NULL || t->columns.count == 0))
        return cli_usage("%s: %s", t->table, t->columns.count == 0 ? "it has no columns" : strerror(errno));
    return status;
}

static void end(tail *t)
{
    free(t->collect);
    if (t->collected != NULL)
        fclose(t->collected);
    cli_shown_clear(&t->shown);
    cli_text_clear(&t->start);
    cli_columns_clear(&t->columns);
    cli_catalog_close(&t->catalog);
}

/* ---- on and on ---- */

/* From start to start there is the interval; while the server is not there, longer and longer. */
static int64_t next_due(const tail *t, int64_t due)
{
    int64_t now = cli_now_ms(), step = t->args->tailing.interval_ms;
    int i;

    for (i = 1; i < t->failed && step < LONGEST_WAIT_MS; i++)
        step *= 2;
    due += step > LONGEST_WAIT_MS && t->failed > 1 ? LONGEST_WAIT_MS : step;
    return due < now ? now : due;
}

int cli_tail(const cli_args *args, cli_output *out)
{
    tail t = {.args = args, .out = out};
    int64_t due = cli_now_ms();
    int status = begin(&t);

    if (status == CLI_OK && isatty(STDERR_FILENO) && t.is_plot)
        fputs("tdrest: Ctrl-C ends it.\n", stderr);
    else if (status == CLI_OK && isatty(STDERR_FILENO) && t.overlap == 0)
        fputs("tdrest: rows with times before the newest one shown are not seen; --overlap DURATION looks for them. Ctrl-C ends it.\n", stderr);
    while (status == CLI_OK) {
        status = poll_once(&t);
        if (status != CLI_OK || cli_interrupted() || out->error != 0)
            break;
        due = next_due(&t, due);
        if (!cli_wait_until(due))
            break;
    }
    end(&t);
    return cli_interrupted() ? CLI_INTERRUPTED : status;
}
