/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Runs statements one after the other. Knows nothing of flags and layouts. */
#include "run.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "report.h"

typedef struct runner {
    cli_output *out;
    const cli_format *format;
    size_t columns;  /* of the terminal; 0 without one */
    tdrest_conn *conn;
    cli_place place;
    int tables;      /* results that were written */
} runner;

/* 80 where a terminal does not tell; COLUMNS is asked next. */
static size_t terminal_columns(int fd)
{
    struct winsize size;
    const char *text = getenv("COLUMNS");
    long columns = text == NULL ? 0 : strtol(text, NULL, 10);

    if (!isatty(fd))
        return 0;
    if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col != 0)
        return size.ws_col;
    return columns > 0 && columns <= 4096 ? (size_t)columns : 80;
}

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void summarize(const tdrest_result *res, const cli_written *written, int64_t ms)
{
    size_t columns = tdrest_result_column_count(res);
    int64_t rows = columns == 0 ? tdrest_result_affected(res) : written->rows;
    char note[64] = "";

    if (columns == 0)
        snprintf(note, sizeof note, " affected");
    else if (written->columns < columns)
        snprintf(note, sizeof note, ", %zu of %zu columns shown", written->columns, columns);
    fprintf(stderr, "(%lld row%s%s, %lld ms)\n", (long long)rows, rows == 1 ? "" : "s", note, (long long)ms);
}

static int write_result(runner *r, tdrest_result *res, int64_t started)
{
    cli_written written = {0, 0};
    int rc, status = CLI_OK;

    if (tdrest_result_column_count(res) != 0) {
        if (r->tables++ > 0)
            cli_output_char(r->out, '\n');
        rc = r->format->write(r->out, res, r->columns, &written);
    } else {
        rc = tdrest_result_next(res); /* INSERT, DDL: nothing to show, only whether the answer is whole */
    }
    cli_output_flush(r->out); /* before anything is said on stderr */
    if (rc < 0 && tdrest_result_error(res)->code != 0)
        status = cli_report(tdrest_result_error(res), &r->place);
    else if (rc < 0)
        status = cli_report_code(rc, tdrest_code_text(rc), &r->place);
    else if (r->format->summary && r->out->error == 0)
        summarize(res, &written, now_ms() - started);
    return status;
}

static int run_statement(runner *r, const char *sql, size_t len)
{
    int64_t started = now_ms();
    tdrest_result *res;
    int status;

    if (tdrest_query(r->conn, sql, len, NULL, &res) < 0)
        return cli_report(tdrest_conn_error(r->conn), &r->place);
    status = write_result(r, res, started);
    tdrest_result_free(res);
    return status;
}

/* One text of statements; their numbers go on from text to text, lines are counted within each. */
static int run_text(runner *r, const char *text)
{
    tdrest_sql_statement st = {.size = sizeof st};
    char message[32];
    size_t pos = 0;
    int rc, status = CLI_OK;

    while (status == CLI_OK && r->out->error == 0) {
        rc = tdrest_sql_next(text, TDREST_CSTR, &pos, &st);
        if (rc == TDREST_DONE)
            break;
        r->place.number++;
        r->place.line = st.line;
        if (rc == TDREST_ROW) {
            status = run_statement(r, text + st.offset, st.len);
        } else {
            snprintf(message, sizeof message, "the quote %c is not closed", st.open);
            status = cli_report_code(rc, message, &r->place);
        }
    }
    return status;
}

int cli_run(const cli_args *args, cli_output *out)
{
    runner r = {.out = out, .format = args->format, .columns = terminal_columns(out->fd)};
    size_t i;
    int status = CLI_OK;

    if (r.format == NULL)
        r.format = isatty(out->fd) ? &cli_table : &cli_csv;
    if (tdrest_conn_new(args->options, &r.conn) < 0)
        return cli_report(tdrest_options_error(args->options), &r.place);
    for (i = 0; status == CLI_OK && out->error == 0 && i < args->sql_count; i++)
        status = run_text(&r, args->sql[i]);
    tdrest_conn_free(r.conn);
    return status;
}
