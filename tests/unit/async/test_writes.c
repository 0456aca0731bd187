/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writing: schemaless data, statements with parameters, and requests whose bytes stay the caller's. */
#include "async_dial.h"

#include "async/async.h"

static tdrt_server server;
static tdrest_async *async;
static tdrt_job jobs[16];
static tdrest_written written;

static int answer(const tdrt_visit *visit)
{
    static const char refusal[] = "{\"code\":534,\"desc\":\"syntax error near \\\"'bad'\\\"\"}";

    if (strstr(visit->sql, "bad") != NULL)
        return strncmp(visit->head, "POST /rest/sql", 14) == 0 ? tdrt_send_answer(visit, &(tdrt_answer){.body = refusal})
                                                               : tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .body = "{\"code\":12290,\"message\":\"invalid line\"}"});
    if (strstr(visit->sql, "slow") != NULL)
        return tdrt_hold(visit);
    if (strncmp(visit->head, "POST /rest/sql", 14) != 0)
        return tdrt_send(visit, "HTTP/1.1 204 No Content\r\n\r\n", 0);
    return tdrt_starts(visit, "select") ? tdrt_send_three(visit) : tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
}

static void begin(const char *parameters)
{
    async = tdrt_async_dial_new(&server, answer, parameters);
}

static void finish(void)
{
    tdrest_async_free(async);
    tdrt_server_stop(&server);
}

/* ---- schemaless data ---- */

static void note_written(void *user, tdrest_request *request, const tdrest_error *error)
{
    tdrt_job_callbacks.end(user, request, error);
    written = *tdrest_request_get_written(request);
}

static void write_lines(const char *data, tdrt_job *job)
{
    tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT;

    callbacks.end = note_written;
    *job = (tdrt_job){.affected = -1};
    CHECK(tdrest_async_write(async, TDREST_PROTOCOL_LINE, TDREST_MS, data, TDREST_CSTR, NULL, &callbacks, job, &job->request) == TDREST_OK, "%s",
          tdrest_async_error(async)->message);
    tdrt_async_finish(async);
}

/* In requests of 4096 bytes; the third one has a line that is refused. */
static void lines(void)
{
    static char data[20000];
    size_t at = 0;

    begin("?batch_bytes=4096");
    for (int i = 0; i < 200; i++)
        at += (size_t)snprintf(data + at, sizeof data - at, "m,t=a value_of_something_long=%d 1700000000%03d\n", i, i);
    write_lines(data, &jobs[0]);
    CHECK(jobs[0].ends == 1 && jobs[0].err.code == 0 && written.lines == 200 && written.requests == 3 && written.bytes == at, "%s: %d lines in %d requests",
          jobs[0].err.message, (int)written.lines, (int)written.requests);
    memcpy(strstr(data, "=190"), "=bad", 4);
    write_lines(data, &jobs[0]);
    CHECK(jobs[0].ends == 1 && jobs[0].err.code == TDREST_ESERVER && written.requests == 2 && written.lines + written.failed_lines == 200 && written.failed_lines > 0 &&
          jobs[0].err.row == written.lines && written.unsent_lines == 0, "%s: %d lines, %d failed", jobs[0].err.message, (int)written.lines, (int)written.failed_lines);
    finish();
}

/* ---- statements with parameters ---- */

static tdrest_conn *conn;
static tdrest_stmt *stmt;

static void begin_stmt(const char *sql, const char *parameters)
{
    begin(parameters);
    conn = tdrt_dial(&server, "");
    CU_ASSERT_FATAL(tdrest_stmt_new(conn, sql, TDREST_CSTR, &stmt) == TDREST_OK);
}

static void finish_stmt(void)
{
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    finish();
}

/* Of a range of its rows; -1: there is none. */
static int state_of(size_t range)
{
    const tdrest_row_range *r = tdrest_stmt_get_range(stmt, range);

    return r == NULL ? -1 : r->state;
}

static void run_stmt(tdrt_job *job)
{
    *job = (tdrt_job){.affected = -1};
    CHECK(tdrest_async_stmt_run(async, stmt, NULL, &tdrt_job_callbacks, job, &job->request) == TDREST_OK, "%s", tdrest_async_error(async)->message);
}

static void add_rows(int count, const char *text)
{
    for (int i = 0; i < count; i++) {
        CHECK_INT(tdrest_stmt_bind_time(stmt, 0, 1700000000000 + i, TDREST_MS), TDREST_OK);
        CHECK_INT(tdrest_stmt_bind_text(stmt, 1, text, TDREST_CSTR), TDREST_OK);
        CHECK(tdrest_stmt_add_row(stmt) >= 0, "%s", tdrest_stmt_error(stmt)->message);
    }
}

/* Several requests, one after the other; meanwhile the statement is busy, and afterwards it is empty. */
static void rows(void)
{
    begin_stmt("INSERT INTO t VALUES(?, ?)", "?max_sql_bytes=1024");
    add_rows(100, "good");
    run_stmt(&jobs[0]);
    CHECK(tdrest_stmt_bind_text(stmt, 1, "x", 1) == TDREST_EBUSY && tdrest_stmt_run(stmt, NULL, NULL) == TDREST_EBUSY && tdrest_stmt_drop_rows(stmt, 0, 1) == TDREST_EBUSY &&
          tdrest_stmt_set_precision(stmt, TDREST_MS) == TDREST_EBUSY && tdrest_stmt_add_row(stmt) == TDREST_EBUSY, "%s", tdrest_stmt_error(stmt)->message);
    CHECK_INT(tdrest_async_stmt_run(async, stmt, NULL, NULL, NULL, NULL), TDREST_EBUSY);
    tdrest_stmt_reset(stmt);
    tdrt_async_finish(async);
    CHECK(jobs[0].ends == 1 && jobs[0].err.code == 0 && tdrest_stmt_get_report(stmt)->requests > 2 && tdrest_stmt_get_report(stmt)->rows == 0 &&
          tdrest_stmt_affected(stmt) == tdrest_stmt_get_report(stmt)->requests, "%s: %d requests, %d rows left", jobs[0].err.message,
          (int)tdrest_stmt_get_report(stmt)->requests, (int)tdrest_stmt_get_report(stmt)->rows);
    add_rows(1, "good");
    run_stmt(&jobs[0]);
    tdrt_async_finish(async);
    CHECK(jobs[0].err.code == 0 && tdrest_stmt_affected(stmt) == 1, "%s", jobs[0].err.message);
    finish_stmt();
}

/* A refused request in the middle: rows before it are written, the others are not, and can be sent again. */
static void refused_rows(void)
{
    int64_t held;

    begin_stmt("INSERT INTO t VALUES(?, ?)", "?max_sql_bytes=1024");
    add_rows(40, "good");
    add_rows(1, "bad");
    add_rows(40, "good");
    run_stmt(&jobs[0]);
    tdrt_async_finish(async);
    held = tdrest_stmt_get_report(stmt)->rows;
    CHECK(jobs[0].ends == 1 && jobs[0].err.code == TDREST_ESERVER && tdrest_stmt_error(stmt)->code == TDREST_ESERVER && held == 81,
          "%s: row %d, %d held", jobs[0].err.message, (int)jobs[0].err.row, (int)held);
    CHECK_INT(state_of(0), TDREST_ROWS_WRITTEN);
    CHECK_INT(state_of(1), TDREST_ROWS_NOT_WRITTEN);
    CHECK_INT(tdrest_stmt_drop_rows(stmt, 40, 1), TDREST_OK);
    run_stmt(&jobs[0]);
    tdrt_async_finish(async);
    CHECK(jobs[0].err.code == 0 && tdrest_stmt_get_report(stmt)->rows == 0, "%s", jobs[0].err.message);
    finish_stmt();
}

static void statements_that_go_away(void)
{
    begin_stmt("INSERT INTO t VALUES(?, ?)", "?max_sql_bytes=1024");
    add_rows(50, "good");
    run_stmt(&jobs[0]);
    tdrest_stmt_free(stmt);
    tdrt_async_finish(async);
    CHECK(jobs[0].ends == 1 && jobs[0].err.code == TDREST_ECANCELLED, "%s", jobs[0].err.message);
    CU_ASSERT_FATAL(tdrest_stmt_new(conn, "INSERT INTO t VALUES(?, ?)", TDREST_CSTR, &stmt) == TDREST_OK);
    add_rows(1, "slow");
    run_stmt(&jobs[0]);
    for (int i = 0; i < 6000 && strstr(server.counts->arrived, "'slow'") == NULL; i++)
        CHECK_INT(tdrest_async_run(async, 10), TDREST_OK);
    tdrest_async_free(async); /* the statement's rows may be there */
    async = NULL;
    CHECK(jobs[0].ends == 1 && state_of(0) == TDREST_ROWS_UNKNOWN, "%s", jobs[0].err.message);
    CHECK(tdrest_stmt_bind_text(stmt, 1, "x", 1) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    finish_stmt();
}

/* A statement without rows is its text. */
static void plain_statements(void)
{
    begin_stmt("SELECT c FROM t WHERE a = ?", "");
    *jobs = (tdrt_job){.affected = -1};
    CHECK_INT(tdrest_async_stmt_run(async, stmt, NULL, &tdrt_job_callbacks, &jobs[0], NULL), TDREST_EBIND);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 0, 5), TDREST_OK);
    run_stmt(&jobs[0]);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 0, 6), TDREST_OK);
    run_stmt(&jobs[1]);
    tdrt_async_finish(async);
    CHECK(jobs[0].err.code == 0 && jobs[1].err.code == 0, "%s", jobs[0].err.message);
    CHECK(tdrt_server_arrivals(&server, "SELECT c FROM t WHERE a = 5") == 1 && tdrt_server_arrivals(&server, "SELECT c FROM t WHERE a = 6") == 1, "%s", "values");
    finish_stmt();
}

/* ---- borrowed bytes ---- */

static void note_done(void *user, tdrest_request *request, const tdrest_error *err, int64_t affected)
{
    tdrt_job *job = (tdrt_job *)user;

    CU_ASSERT(request == job->request);
    job->ends++;
    job->err = *err;
    job->affected = affected;
}

static void borrowed(void)
{
    static const char sql[] = "insert into t values(1700000000000, 1)---", data[] = "m v=1 1700000000000\nm v=2 1700000000001\n", bad[] = "m bad=1 1700000000000\n";

    begin("");
    memset(jobs, 0, sizeof jobs);
    CHECK_INT(tdri_async_exec(async, sql, sizeof sql - 4, NULL, note_done, &jobs[0], &jobs[0].request), TDREST_OK);
    CHECK_INT(tdri_async_write(async, TDREST_PROTOCOL_LINE, TDREST_MS, data, sizeof data - 1, NULL, note_done, &jobs[1], &jobs[1].request), TDREST_OK);
    CHECK_INT(tdri_async_write(async, TDREST_PROTOCOL_LINE, TDREST_MS, bad, sizeof bad - 1, NULL, note_done, &jobs[2], &jobs[2].request), TDREST_OK);
    for (int i = 0; i < 100 && tdri_async_step(async, 1000) == TDREST_OK; i++)
        ;
    CHECK(jobs[0].ends == 1 && jobs[0].err.code == 0 && jobs[0].affected == 1, "%s", jobs[0].err.message);
    CHECK(jobs[1].ends == 1 && jobs[1].err.code == 0 && jobs[1].affected == -1, "%s", jobs[1].err.message);
    CHECK(jobs[2].ends == 1 && jobs[2].err.code == TDREST_ESERVER, "%s", jobs[2].err.message);
    CHECK(tdrt_server_arrivals(&server, "insert into t values(1700000000000, 1)") == 1, "%s", server.counts->arrived);
    finish();
}

CU_TestInfo tdrt_writes[] = {
    {"lines", lines},
    {"rows", rows},
    {"refused rows", refused_rows},
    {"statements that go away", statements_that_go_away},
    {"plain statements", plain_statements},
    {"borrowed bytes", borrowed},
    CU_TEST_INFO_NULL,
};
