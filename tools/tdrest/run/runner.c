/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Runs one statement and writes its result. Knows nothing of flags and layouts, and not where statements come from. */
#include "run/runner.h"

#include <stdio.h>

#include "run/fill.h"
#include "run/pager.h"
#include "run/sink.h"

static void summarize(const cli_runner *r, int64_t rows, const char *note, int64_t started)
{
    char time[40] = "";

    if (!r->untimed)
        snprintf(time, sizeof time, ", %lld ms", (long long)(cli_now_ms() - started));
    fprintf(stderr, "(%lld row%s%s%s)\n", (long long)rows, rows == 1 ? "" : "s", note, time);
}

static void summarize_result(const cli_runner *r, const tdrest_result *res, const cli_written *written, int64_t started)
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
        snprintf(note + len, sizeof note - len, "; %s shows all", r->uncut != NULL ? r->uncut : "--no-cut");
    summarize(r, columns == 0 ? tdrest_result_affected(res) : written->rows, note, started);
}

static int refuse_second(const cli_runner *r)
{
    char message[96];

    snprintf(message, sizeof message, "format %s is for one result: this statement gives a second one", r->format->name);
    return cli_report_code(TDREST_EUSAGE, message, &r->place);
}

static int write_result(cli_runner *r, cli_result *rows, int64_t started)
{
    tdrest_result *res = rows->res;
    cli_output *out = r->sink.out;
    cli_written written = {.rows = 0};
    int rc, status = CLI_OK;

    if (tdrest_result_column_count(res) != 0 && r->format->binary && r->tables > 0)
        return refuse_second(r);
    if (tdrest_result_column_count(res) != 0) {
        if (!r->format->unpaged && !r->quiet)
            cli_pager_begin(out, r->sink.size);
        if (r->tables++ > 0 && r->format->separated && r->sink.picture == NULL)
            cli_output_char(out, '\n');
        rc = r->format->write(&r->sink, rows, &written);
        cli_pager_end(out);
    } else {
        rc = tdrest_result_next(res); /* INSERT, DDL: nothing to show, only whether the answer is whole */
    }
    r->written = written;
    cli_output_flush(out); /* before anything is said on stderr */
    cli_progress_clear(&r->progress);
    if (rc < 0 && tdrest_result_error(res)->code != 0)
        status = cli_report(tdrest_result_error(res), &r->place);
    else if (rc < 0)
        status = cli_report_code(rc, written.refusal != NULL ? written.refusal : tdrest_code_text(rc), &r->place);
    else if (r->format->summary && !r->quiet && out->error == 0)
        summarize_result(r, res, &written, started);
    if (r->sink.replaced && !r->warned)
        cli_usage("warning: bytes that are not UTF-8 were written as U+FFFD");
    r->warned = r->sink.replaced;
    return status;
}

/* An INSERT of rows, of which nothing comes back. */
static int run_rows(cli_runner *r, tdrest_stmt *stmt, int64_t started)
{
    int64_t affected;

    if (tdrest_stmt_run(stmt, &r->call, &affected) < 0)
        return cli_report_stmt(stmt, NULL, &r->place);
    if (r->format->summary && !r->quiet && r->sink.out->error == 0)
        summarize(r, affected, " affected", started);
    return CLI_OK;
}

static int run_filled(cli_runner *r, const cli_filled *filled, int64_t started)
{
    cli_result rows = {.res = NULL};
    int status, rc;

    if (filled->is_rows)
        return run_rows(r, filled->stmt, started);
    if (filled->stmt != NULL)
        rc = tdrest_stmt_query(filled->stmt, &r->call, &rows.res);
    else
        rc = tdrest_query(r->conn, filled->sql, filled->len, &r->call, &rows.res);
    if (rc < 0)
        return filled->stmt != NULL ? cli_report_stmt(filled->stmt, NULL, &r->place) : cli_report(tdrest_conn_error(r->conn), &r->place);
    status = write_result(r, &rows, started);
    cli_result_close(&rows);
    return status;
}

int cli_runner_statement(cli_runner *r, const char *sql, size_t len)
{
    int64_t started = cli_now_ms();
    cli_filled filled;
    int status;

    if (r->format->binary && tdrest_sql_kind(sql, len) == TDREST_SQL_READ && r->reads++ > 0)
        return refuse_second(r);
    status = cli_fill(r->params, r->conn, sql, len, !r->rehearses, &r->place, &filled);
    if (status == CLI_OK && !r->rehearses)
        status = run_filled(r, &filled, started);
    cli_filled_clear(&filled);
    return status;
}

int cli_runner_init(cli_runner *r, const cli_args *args, cli_output *out)
{
    *r = (cli_runner){.params = &args->params, .place = {.verbose = args->verbose}, .call = TDREST_CALL_INIT};
    return cli_sink_open(&r->sink, &r->format, args, out, &r->progress);
}
