/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Runs statements one after the other. Knows nothing of flags and layouts. */
#include "run/run.h"

#include <stdio.h>
#include <string.h>

#include "format/formats.h"
#include "input/script.h"
#include "run/connect.h"
#include "run/fill.h"
#include "run/pager.h"
#include "run/sink.h"
#include "term/interrupt.h"
#include "term/report.h"

typedef struct runner {
    const cli_params *params;
    int rehearses; /* what is not to be sent is only filled with its parameters */
    cli_sink sink;
    const cli_format *format;
    tdrest_conn *conn;
    cli_place place;
    cli_progress progress;
    int64_t text_statements; /* of arguments, which are counted over all of them */
    int tables; /* results that were written */
    int warned; /* that bytes were replaced */
} runner;

static void summarize(int64_t rows, const char *note, int64_t started)
{
    fprintf(stderr, "(%lld row%s%s, %lld ms)\n", (long long)rows, rows == 1 ? "" : "s", note, (long long)(cli_now_ms() - started));
}

static void summarize_result(const tdrest_result *res, const cli_written *written, int64_t started)
{
    size_t columns = tdrest_result_column_count(res);
    char note[128] = "";
    size_t len = 0;

    if (columns == 0)
        snprintf(note, sizeof note, " affected");
    else if (written->columns < columns)
        len = (size_t)snprintf(note, sizeof note, ", %zu of %zu columns shown", written->columns, columns);
    if (written->cut > 0)
        len += (size_t)snprintf(note + len, sizeof note - len, ", %lld value%s cut", (long long)written->cut, written->cut == 1 ? "" : "s");
    if (len > 0)
        snprintf(note + len, sizeof note - len, "; --no-cut shows all");
    summarize(columns == 0 ? tdrest_result_affected(res) : written->rows, note, started);
}

static int write_result(runner *r, tdrest_result *res, int64_t started)
{
    cli_output *out = r->sink.out;
    cli_written written = {.rows = 0};
    cli_result rows = {.res = res};
    int rc, status = CLI_OK;

    if (tdrest_result_column_count(res) != 0) {
        if (!r->format->unpaged)
            cli_pager_begin(out, r->sink.size);
        if (r->tables++ > 0 && r->format->separated && r->sink.picture == NULL)
            cli_output_char(out, '\n');
        rc = r->format->write(&r->sink, &rows, &written);
        cli_pager_end(out);
    } else {
        rc = tdrest_result_next(res); /* INSERT, DDL: nothing to show, only whether the answer is whole */
    }
    cli_output_flush(out); /* before anything is said on stderr */
    cli_progress_clear(&r->progress);
    if (rc < 0 && tdrest_result_error(res)->code != 0)
        status = cli_report(tdrest_result_error(res), &r->place);
    else if (rc < 0)
        status = cli_report_code(rc, written.refusal != NULL ? written.refusal : tdrest_code_text(rc), &r->place);
    else if (r->format->summary && out->error == 0)
        summarize_result(res, &written, started);
    if (r->sink.replaced && !r->warned)
        cli_usage("warning: bytes that are not UTF-8 were written as U+FFFD");
    r->warned = r->sink.replaced;
    return status;
}

/* An INSERT of rows, of which nothing comes back. */
static int run_rows(runner *r, tdrest_stmt *stmt, int64_t started)
{
    int64_t affected;

    if (tdrest_stmt_run(stmt, NULL, &affected) < 0)
        return cli_report_stmt(stmt, &r->place);
    if (r->format->summary && r->sink.out->error == 0)
        summarize(affected, " affected", started);
    return CLI_OK;
}

static int run_filled(runner *r, const cli_filled *filled, int64_t started)
{
    tdrest_result *res;
    int status, rc;

    if (filled->is_rows)
        return run_rows(r, filled->stmt, started);
    if (filled->stmt != NULL)
        rc = tdrest_stmt_query(filled->stmt, NULL, &res);
    else
        rc = tdrest_query(r->conn, filled->sql, filled->len, NULL, &res);
    if (rc < 0)
        return filled->stmt != NULL ? cli_report_stmt(filled->stmt, &r->place) : cli_report(tdrest_conn_error(r->conn), &r->place);
    status = write_result(r, res, started);
    tdrest_result_free(res);
    return status;
}

static int run_statement(runner *r, const char *sql, size_t len)
{
    int64_t started = cli_now_ms();
    cli_filled filled;
    int status = cli_fill(r->params, r->conn, sql, len, !r->rehearses, &r->place, &filled);

    if (status == CLI_OK && !r->rehearses)
        status = run_filled(r, &filled, started);
    cli_filled_clear(&filled);
    return status;
}

/* Why a script does not go on. */
static int report_script(const runner *r, const cli_script *s, int rc)
{
    char message[64];

    if (rc == TDREST_ECANCELLED)
        return CLI_INTERRUPTED;
    if (r->rehearses)
        return CLI_OK; /* it will be told when it is due */
    if (s->error != 0)
        return cli_usage("%s: %s", s->name, strerror(s->error));
    if (s->fault != NULL)
        return cli_usage("%s: %s", s->name, s->fault);
    if (rc == TDREST_ERANGE)
        return cli_report_code(TDREST_EUSAGE, "the statement is much too long", &r->place);
    if (rc != TDREST_EUSAGE)
        return cli_report_code(rc, tdrest_code_text(rc), &r->place);
    if (s->statement.open == '*')
        snprintf(message, sizeof message, "the comment is not closed");
    else
        snprintf(message, sizeof message, "the quote %c is not closed", s->statement.open);
    return cli_report_code(rc, message, &r->place);
}

/* May the next statement run after one that ended with this status? */
static int goes_on(const runner *r, int status, int keep_going)
{
    return r->sink.out->error == 0 && !cli_interrupted() && (status == CLI_OK || (keep_going && status != CLI_INTERRUPTED));
}

/* The statements of one source. Those of a file are counted in it, those of arguments over all of them; lines are counted within each. The first failure. */
static int run_source(runner *r, const cli_source *source, int keep_going)
{
    cli_script s;
    const char *sql;
    size_t len;
    int rc = TDREST_ROW, status = CLI_OK, first = CLI_OK;

    cli_script_open(&s, source);
    r->place.file = source->text == NULL && source->file != NULL && strcmp(source->file, "-") != 0 ? source->file : NULL;
    r->place.number = r->place.file == NULL ? r->text_statements : 0;
    while (rc == TDREST_ROW && goes_on(r, status, keep_going)) {
        rc = cli_script_next(&s, &sql, &len, &r->place.line);
        if (rc == TDREST_DONE)
            break;
        r->place.number += s.error == 0 && s.fault == NULL;
        status = rc == TDREST_ROW ? run_statement(r, sql, len) : report_script(r, &s, rc);
        first = first == CLI_OK ? status : first;
    }
    if (r->place.file == NULL)
        r->text_statements = r->place.number;
    cli_script_close(&s);
    return status == CLI_INTERRUPTED ? status : first;
}

static int run_sources(runner *r, const cli_source *sources, size_t count, int keep_going)
{
    size_t i;
    int first = CLI_OK, status = CLI_OK;

    r->text_statements = 0;
    for (i = 0; i < count && goes_on(r, status, keep_going); i++) {
        status = run_source(r, &sources[i], keep_going);
        first = first == CLI_OK ? status : first;
    }
    return first;
}

/* What is wrong with parameters is told before anything is sent: all that can be known without reading what can be read only once. */
static int rehearse(runner *r, const cli_args *args)
{
    size_t lasting = 0;
    int status = cli_params_check(r->params, r->conn);

    if (r->params->count == 0)
        return CLI_OK;
    while (lasting < args->source_count && cli_source_is_lasting(&args->sources[lasting]))
        lasting++;
    r->rehearses = 1;
    if (status == CLI_OK)
        status = run_sources(r, args->sources, lasting, 0);
    r->rehearses = 0;
    return status == CLI_OK && lasting == args->source_count ? cli_params_check_used(r->params) : status;
}

int cli_run(const cli_args *args, cli_output *out)
{
    runner r = {.params = &args->params, .place = {.verbose = args->verbose}};
    int status;

    status = cli_sink_open(&r.sink, &r.format, args, out, &r.progress);
    if (status == CLI_OK)
        status = cli_connect(args, &r.progress, &r.conn);
    if (status != CLI_OK)
        return status;
    status = rehearse(&r, args);
    if (status == CLI_OK)
        status = run_sources(&r, args->sources, args->source_count, args->keep_going);
    if (status == CLI_OK && out->error == 0 && !cli_interrupted())
        status = cli_params_check_used(r.params);
    cli_disconnect(r.conn);
    return cli_interrupted() ? CLI_INTERRUPTED : status;
}
