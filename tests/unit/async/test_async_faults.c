/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What nobody hopes for: callbacks that never stop starting, hooks that change their mind, hosts that die with a long line, old addresses. */
#include "async_dial.h"
#include "polling.h"

#include "async/engine.h"

#include <unistd.h>

static tdrt_server server;
static tdrest_async *async;
static tdrt_job jobs[100];

/* `select slow` is never answered: the process ends with the server. */
static int answer(const tdrt_visit *visit)
{
    if (tdrt_starts(visit, "select slow"))
        return pause() == 0;
    if (tdrt_starts(visit, "insert"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    return tdrt_send_ready(visit);
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

static void run_until_arrived(const char *sql)
{
    const int64_t until = tdrt_now_ms() + 60000;

    while (tdrt_server_arrivals(&server, sql) == 0 && tdrt_now_ms() < until)
        (void)!tdrest_async_run(async, 10);
    CHECK_INT(tdrt_server_arrivals(&server, sql), 1);
}

/* ---- callbacks that never stop ---- */

/* The next one is such that it ends at once, without an answer. */
enum endless { FAILS_UNSENT, CANCELLED_AT_ONCE, HAS_NO_ROWS, KINDS };

static enum endless kind;
static int64_t endless_until; /* so that the test ends although run does not */
static tdrest_stmt *empty;

static void start_endless(void);

static void on_endless_end(void *user, tdrest_request *request, const tdrest_error *error)
{
    (void)user;
    (void)request;
    (void)error;
    if (tdrt_now_ms() < endless_until)
        start_endless();
}

static void start_endless(void)
{
    static const tdrest_async_callbacks callbacks = {sizeof callbacks, NULL, on_endless_end};
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_request *request = NULL;
    int rc;

    if (kind == FAILS_UNSENT)
        call.database = "no/database";
    if (kind == HAS_NO_ROWS)
        rc = tdrest_async_stmt_run(async, empty, NULL, &callbacks, NULL, &request);
    else
        rc = tdrest_async_query(async, "select three", TDREST_CSTR, &call, &callbacks, NULL, &request);
    CHECK(rc == TDREST_OK, "%s", tdrest_async_error(async)->message);
    if (kind == CANCELLED_AT_ONCE)
        tdrest_request_cancel(request);
}

/* Each end starts what ends at once: run comes back all the same when its time is up, others have their turn, and nothing else is sent or connects. */
static void endless_starts(void)
{
    tdrest_conn *conn;

    begin("");
    conn = tdrt_dial(&server, "");
    CU_ASSERT_FATAL(tdrest_stmt_new(conn, "insert into t values(?, ?)", TDREST_CSTR, &empty) == TDREST_OK);
    for (int k = 0; k < KINDS; k++) {
        kind = (enum endless)k;
        endless_until = tdrt_now_ms() + 60000;
        start_endless();
        CHECK_INT(tdrest_async_run(async, 0), TDREST_OK);
        CHECK(tdrt_now_ms() < endless_until, "kind %d: run did not come back", k);
        tdrt_async_query(async, "select three", NULL, &jobs[0]);
        while (jobs[0].ends == 0 && tdrt_now_ms() < endless_until)
            (void)!tdrest_async_run(async, 1);
        CHECK(jobs[0].ends == 1 && jobs[0].err.code == 0 && jobs[0].rows == 3, "kind %d: %d ends: %s", k, jobs[0].ends, jobs[0].err.message);
        endless_until = 0;
        tdrt_async_finish(async);
    }
    CHECK_INT(tdrt_server_arrivals(&server, "select three"), KINDS);
    CHECK_INT(atomic_load(&server.counts->connections), 1);
    tdrest_stmt_free(empty);
    tdrest_conn_free(conn);
    finish();
}

/* ---- the address of a host is looked up anew ---- */

/* libcurl forgets it after a minute. A request that goes out over a connection that is kept needs none, however long its answer takes. */
static void an_old_address_holds_up_nobody(void)
{
    begin("?max_per_host=2");
    tdrt_async_query(async, "select three", NULL, &jobs[0]);
    tdrt_async_query(async, "select three", NULL, &jobs[1]);
    tdrt_async_finish(async);
    async->sites[0].known_until_ms = 0;
    tdrt_async_query(async, "select slow", NULL, &jobs[0]);
    tdrt_async_query(async, "select three", NULL, &jobs[1]);
    for (int64_t until = tdrt_now_ms() + 60000; jobs[1].ends == 0 && tdrt_now_ms() < until;)
        (void)!tdrest_async_run(async, 10);
    CHECK(jobs[1].ends == 1 && jobs[1].rows == 3 && jobs[0].ends == 0, "%d and %d ends", jobs[0].ends, jobs[1].ends);
    finish();
    CHECK(jobs[0].ends == 1 && jobs[0].err.code == TDREST_ECANCELLED, "%s", jobs[0].err.message);
}

/* ---- hooks ---- */

/* What the hook has once taken on it is told to let go, although it refuses what is asked of it next. */
static void refused_changes(void)
{
    static tdrt_polling p;
    int n = 0;

    begin("");
    do {
        n++;
        tdrest_async_free(async);
        async = tdrt_async_dial(server.port, "?max_per_host=1");
        p = (tdrt_polling){.fail_at = n};
        tdrt_polling_hook(&p, async);
        tdrt_async_query(async, "select three", NULL, &jobs[0]);
        for (int64_t until = tdrt_now_ms() + 60000; tdrest_async_count(async) > 0 && tdrt_now_ms() < until;)
            (void)tdrt_polling_turn(&p, 100);
        tdrest_async_free(async);
        CHECK(p.count == 0, "refused at call %d: %d descriptors are still watched", n, (int)p.count);
        async = NULL;
    } while (p.refused > 0 && n < 100);
    CHECK(n > 2, "the hook was called %d times", n);
    finish();
}

/* ---- pauses and time ---- */

/* An answer that has come in time waits for its paused program as long as it takes. */
static void deadline_while_paused(void)
{
    tdrest_call call = TDREST_CALL_INIT;

    for (int buffered = 0; buffered < 2; buffered++) {
        tdrest_request *r;

        begin("");
        call.timeout_ms = 600000;
        call.buffered = buffered;
        tdrt_async_query(async, "select three", &call, &jobs[0]);
        r = jobs[0].request;
        tdrest_request_pause(r);
        for (int64_t until = tdrt_now_ms() + 60000; (r->res == NULL || r->res->ended == 0) && tdrt_now_ms() < until;)
            (void)!tdrest_async_run(async, 10);
        r->deadline_ms = 1;
        tdri_job_set_due(r, 1);
        CHECK_INT(tdrest_async_run(async, 20), TDREST_OK);
        CHECK(jobs[0].ends == 0 && jobs[0].rows == 0, "%s, %d rows", jobs[0].err.message, (int)jobs[0].rows);
        tdrest_request_resume(r);
        tdrt_async_finish(async);
        CHECK(jobs[0].ends == 1 && jobs[0].err.code == 0 && jobs[0].rows == 3, "%s, %d rows", jobs[0].err.message, (int)jobs[0].rows);
        finish();
    }
}

/* Paused or not, a request without an answer ends when its time is up, and not before it is resumed for lack of one. */
static void time_is_up_while_paused(void)
{
    tdrest_call call = TDREST_CALL_INIT;

    begin("?max_per_host=1");
    call.timeout_ms = 600000;
    tdrt_async_query(async, "select slow", &call, &jobs[0]);
    tdrt_async_query(async, "select three", &call, &jobs[1]);
    tdrest_request_pause(jobs[0].request);
    tdrest_request_pause(jobs[1].request);
    run_until_arrived("select slow");
    jobs[1].request->deadline_ms = 1;
    tdri_job_set_due(jobs[1].request, 1);
    CHECK_INT(tdrest_async_run(async, 20), TDREST_OK);
    CHECK(jobs[0].ends == 0 && jobs[1].ends == 1 && jobs[1].err.code == TDREST_ETIMEOUT && jobs[1].err.ran == TDREST_RAN_NO, "%s", jobs[1].err.message);
    tdrest_request_cancel(jobs[0].request);
    tdrt_async_finish(async);
    CHECK(jobs[0].err.code == TDREST_ECANCELLED && jobs[0].err.ran == TDREST_RAN_MAYBE, "%s", jobs[0].err.message);
    finish();
}

/* ---- hosts ---- */

static tdrt_server hosts[3];
static int downed;

static void down_first(void *user, tdrest_request *request, const tdrest_error *error)
{
    tdrt_job_callbacks.end(user, request, error);
    if (downed++ == 10)
        tdrt_server_down(&hosts[0]);
}

/* One host of three dies while a hundred requests run and wait in line: the others serve all of them. */
static void one_of_three_dies(void)
{
    static const tdrest_async_callbacks callbacks = {sizeof callbacks, NULL, down_first};
    tdrest_options *options = NULL;
    char dsn[200];

    for (int i = 0; i < 3; i++)
        tdrt_dial_serve(&hosts[i], answer);
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d/test?max_per_host=3&retry_backoff_ms=1&retry_for_ms=60000", hosts[0].port, hosts[1].port,
             hosts[2].port);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK);
    CU_ASSERT_FATAL(tdrest_async_new(options, &async) == TDREST_OK);
    tdrest_options_free(options);
    downed = 0;
    for (int i = 0; i < 100; i++) {
        jobs[i] = (tdrt_job){.affected = -1};
        CHECK_INT(tdrest_async_exec(async, "insert into t values(1700000000000, 1)", TDREST_CSTR, NULL, &callbacks, &jobs[i], &jobs[i].request), TDREST_OK);
    }
    tdrt_async_finish(async);
    for (int i = 0; i < 100; i++)
        CHECK(jobs[i].ends == 1 && jobs[i].err.code == 0 && jobs[i].affected == 1, "%d: %d ends, %s", i, jobs[i].ends, jobs[i].err.message);
    CHECK(tdrt_server_arrivals(&hosts[1], "insert into t values(1700000000000, 1)") > 0 && tdrt_server_arrivals(&hosts[2], "insert into t values(1700000000000, 1)") > 0,
          "%s", "one host alone has served");
    tdrest_async_free(async);
    for (int i = 0; i < 3; i++)
        tdrt_server_stop(&hosts[i]);
}

CU_TestInfo tdrt_async_faults[] = {
    {"endless starts", endless_starts},
    {"an old address holds up nobody", an_old_address_holds_up_nobody},
    {"refused changes", refused_changes},
    {"deadline while paused", deadline_while_paused},
    {"time is up while paused", time_is_up_while_paused},
    {"one of three dies", one_of_three_dies},
    CU_TEST_INFO_NULL,
};
