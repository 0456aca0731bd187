/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * tdrt-inject DSN [SEED [STRINGS]]: over 10^5 strings that aim at breaking out of their place, bound to statements in every way, as values, tags,
 * names and in expressions. Each is refused before anything is sent, for a reason that is foretold, or read back as it was; and nothing
 * else is in the database in the end. Writes to a database of its own, `inj`, which must not be there: a server for tests alone.
 */
#include "inject.h"

#include <stdarg.h>

enum { STRINGS = 200000, ACCEPTED_PERCENT = 60 };

int tdrt_check(tdrt_run *run, int good, const char *format, ...)
{
    va_list arguments;

    if (good) {
        run->passed++;
        return 1;
    }
    run->failed++;
    va_start(arguments, format);
    printf("FAILED: ");
    vprintf(format, arguments);
    putchar('\n');
    va_end(arguments);
    return 0;
}

int tdrt_check_string(tdrt_run *run, int good, const tdrt_string *s, const char *what)
{
    enum { SHOWN = 120 };
    char digits[2 * SHOWN + 1] = "";

    for (size_t i = 0; !good && i < s->len && i < SHOWN; i++)
        snprintf(digits + 2 * i, 3, "%02x", (unsigned char)s->p[i]);
    return tdrt_check(run, good, "%s: %zu bytes: %s", what, s->len, digits);
}

int tdrt_judged(tdrt_run *run, const tdrt_string *s, enum tdrt_reason reason, int code, const char *what)
{
    char text[128];

    run->strings++;
    run->accepted += code == TDREST_OK;
    run->refused[reason] += code != TDREST_OK;
    snprintf(text, sizeof text, "%s: %s, foretold: %s", what, tdrest_code_name(code), tdrt_reason_name(reason));
    tdrt_check_string(run, code == (reason == TDRT_FINE ? TDREST_OK : TDREST_EBIND), s, text);
    return code == TDREST_OK;
}

/* ---- statements of the test itself ---- */

int64_t tdrt_exec(tdrt_run *run, const char *sql)
{
    int64_t affected = -1;
    int rc = tdrest_exec(run->conn, sql, TDREST_CSTR, NULL, &affected);

    tdrt_check(run, rc == TDREST_OK, "%.200s: %s", sql, tdrest_conn_error(run->conn)->message);
    return affected;
}

tdrest_result *tdrt_rows(tdrt_run *run, const char *sql)
{
    tdrest_result *res = NULL;
    int rc = tdrest_query(run->conn, sql, TDREST_CSTR, NULL, &res);

    tdrt_check(run, rc == TDREST_OK, "%.200s: %s", sql, tdrest_conn_error(run->conn)->message);
    return res;
}

int64_t tdrt_number(tdrt_run *run, const char *sql)
{
    tdrest_result *res = tdrt_rows(run, sql);
    int64_t number = -1;
    int rc = res == NULL ? TDREST_OK : tdrest_result_next(res);

    if (rc == TDREST_ROW)
        rc = tdrest_result_int64(res, 0, &number);
    tdrt_check(run, rc == TDREST_OK, "%.200s: %s", sql, tdrest_code_name(rc));
    tdrest_result_free(res);
    return number;
}

tdrest_stmt *tdrt_prepare(tdrt_run *run, const char *sql)
{
    tdrest_stmt *stmt = NULL;
    int rc = tdrest_stmt_new(run->conn, sql, TDREST_CSTR, &stmt);

    tdrt_check(run, rc == TDREST_OK, "%.200s: %s", sql, tdrest_conn_error(run->conn)->message);
    return stmt;
}

/* ---- the run ---- */

static void tell(const tdrt_run *run)
{
    printf("%" PRId64 " strings: %" PRId64 " accepted", run->strings, run->accepted);
    for (int i = 1; i < TDRT_REASONS; i++)
        printf(", %" PRId64 " %s", run->refused[i], tdrt_reason_name((enum tdrt_reason)i));
    putchar('\n');
}

/* The generator does aim: every reason was met, and most strings were not refused. */
static void check_aim(tdrt_run *run)
{
    tdrt_check(run, run->accepted * 100 >= run->strings * ACCEPTED_PERCENT, "fewer than %d %% accepted", ACCEPTED_PERCENT);
    for (int i = 1; i < TDRT_REASONS; i++)
        tdrt_check(run, run->refused[i] > 0 || run->strings < STRINGS, "no string was refused for: %s", tdrt_reason_name((enum tdrt_reason)i));
}

static void bind_all(tdrt_run *run, int64_t strings)
{
    tdrt_exec(run, "create database inj precision 'ms' keep 36500");
    tdrt_make_tables(run);
    while (run->strings < strings && run->failed < 20) {
        tdrt_values(run);
        tdrt_tags(run);
        tdrt_names(run);
        tdrt_expressions(run);
    }
    tdrt_count_values(run);
    tdrt_count_tables(run);
    tdrt_exec(run, "drop database inj");
}

static int dial(tdrt_run *run, const char *dsn)
{
    tdrest_options *options = NULL;
    int rc = tdrest_options_new(NULL, &options);

    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, dsn);
    if (rc == TDREST_OK)
        rc = tdrest_options_set(options, "database", "inj");
    if (rc == TDREST_OK)
        rc = tdrest_conn_new(options, &run->conn);
    tdrt_check(run, rc == TDREST_OK, "%s: %s", dsn, tdrest_options_error(options)->message);
    tdrest_options_free(options);
    return rc == TDREST_OK;
}

int main(int argc, char **argv)
{
    static tdrt_run run;

    if (argc < 2 || argc > 4) {
        fputs("usage: tdrt-inject DSN [SEED [STRINGS]]\n", stderr);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    run.seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;
    run.key = 1700000000000;
    printf("seed %" PRIu64 "\n", run.seed);
    if (dial(&run, argv[1]))
        bind_all(&run, argc > 3 ? strtoll(argv[3], NULL, 0) : STRINGS);
    tdrest_conn_free(run.conn);
    tell(&run);
    check_aim(&run);
    printf("%" PRId64 " passed, %" PRId64 " failed\n", run.passed, run.failed);
    return run.failed > 0;
}
