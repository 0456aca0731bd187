/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is sent again, and where: the rules are those of connections, so a few cells of their table, and what is different with many at once. */
#include "async_dial.h"

static tdrt_server a, b;
static tdrest_async *async;
static tdrt_job jobs[40];

/* `once`: the first arrival fails, in the way that the statement says; a later one succeeds. */
static int fail_once(const tdrt_visit *visit)
{
    int first = visit->counts == NULL || strstr(visit->counts->arrived, visit->sql) == NULL || strstr(strstr(visit->counts->arrived, visit->sql) + 1, visit->sql) == NULL;

    if (tdrt_starts(visit, "select server_status()"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_READY});
    if (strstr(visit->sql, "reset") != NULL && first)
        return tdrt_reset(visit);
    if (strstr(visit->sql, "busy") != NULL && first)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 503, .body = "{\"code\":65535,\"desc\":\"service unavailable\"}"});
    if (strstr(visit->sql, "half") != NULL && first)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_THREE, .chunk = 8, .end = TDRT_CLOSED, .cut = 60});
    if (tdrt_starts(visit, "insert"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    return tdrt_send_three(visit);
}

static void begin(const char *parameters)
{
    async = tdrt_async_dial_new(&a, fail_once, parameters);
}

static void finish(void)
{
    tdrest_async_free(async);
    tdrt_server_stop(&a);
}

typedef struct cell {
    const char *sql;
    int arrivals, code, attempts, ran;
} cell;

static void table(void)
{
    static const cell cells[] = {
        {"select 1 reset", 2, 0, 2, 0},
        {"select 2 busy", 2, 0, 2, 0},
        {"select 3 half", 2, 0, 2, 0},
        {"insert into t values(1700000000000, 'reset')", 2, 0, 2, 0},
        {"insert into t values(now, 'reset')", 1, TDREST_ECONNECT, 1, TDREST_RAN_MAYBE},
        {"insert into t values(now, 'busy')", 2, 0, 2, 0},
        {"create table t reset", 1, TDREST_ECONNECT, 1, TDREST_RAN_MAYBE},
    };

    begin("?retry=auto&retry_backoff_ms=5");
    for (size_t i = 0; i < COUNT_OF(cells); i++)
        tdrt_async_exec(async, cells[i].sql, NULL, &jobs[i]);
    tdrt_async_finish(async);
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        const cell *c = &cells[i];

        CHECK(jobs[i].ends == 1 && jobs[i].err.code == c->code && jobs[i].err.attempts == c->attempts && tdrt_server_arrivals(&a, c->sql) == c->arrivals,
              "%s: code %d, %d attempts, %d arrivals: %s", c->sql, jobs[i].err.code, jobs[i].err.attempts, tdrt_server_arrivals(&a, c->sql), jobs[i].err.message);
        CHECK(c->code == 0 || jobs[i].err.ran == c->ran, "%s: ran %d", c->sql, jobs[i].err.ran);
    }
    finish();
}

/* Rows that were handed out are not handed out again: the request fails. Those that were not are not seen. */
static int three_then_break(const tdrt_visit *visit)
{
    if (tdrt_server_arrivals(&a, "select half") > 1)
        return tdrt_send_three(visit);
    (void)tdrt_send(visit, TDRT_HEAD_CHUNKED, 0);
    (void)tdrt_send_chunk(visit, TDRT_START "[1],[2]", strlen(TDRT_START "[1],[2]"));
    tdrt_wait_for_gate(visit);
    return tdrt_reset(visit);
}

static void rows_are_handed_out_once(void)
{
    tdrest_call call = TDREST_CALL_INIT;

    async = tdrt_async_dial_new(&a, three_then_break, "?retry=auto&retry_backoff_ms=5");
    tdrt_async_query(async, "select half", NULL, &jobs[0]);
    for (int i = 0; i < 6000 && jobs[0].rows == 0; i++)
        (void)tdrest_async_run(async, 10);
    tdrt_server_open_gate(&a);
    tdrt_async_finish(async);
    CHECK(jobs[0].ends == 1 && jobs[0].err.code == TDREST_ECONNECT && jobs[0].err.ran == TDREST_RAN_YES, "%s", jobs[0].err.message);
    CHECK((jobs[0].rows == 2 || jobs[0].rows == 1) && tdrt_server_arrivals(&a, "select half") == 1, "%d rows, %d arrivals", (int)jobs[0].rows, tdrt_server_arrivals(&a, "select half"));
    finish();
    CU_ASSERT_FATAL(tdrt_server_start(&a, three_then_break, NULL));
    tdrt_server_open_gate(&a);
    async = tdrt_async_dial(a.port, "?retry=auto&retry_backoff_ms=5");
    call.buffered = 1;
    tdrt_async_query(async, "select half", &call, &jobs[0]);
    tdrt_async_finish(async);
    CHECK(jobs[0].err.code == 0 && jobs[0].rows == 3 && jobs[0].blocks == 1 && jobs[0].err.attempts == 2, "%s, %d rows in %d blocks", jobs[0].err.message, (int)jobs[0].rows,
          jobs[0].blocks);
    finish();
}

/* Nobody listens: all fail, each with the reason, by its own attempts and those it waited for. */
static void refused(void)
{
    begin("?retry=auto&retry_backoff_ms=5&retry_backoff_max_ms=20");
    tdrt_server_down(&a);
    for (int i = 0; i < 10; i++)
        tdrt_async_query(async, "select three", NULL, &jobs[i]);
    tdrt_async_finish(async);
    for (int i = 0; i < 10; i++)
        CHECK(jobs[i].ends == 1 && jobs[i].err.code == TDREST_ECONNECT && jobs[i].err.ran == TDREST_RAN_NO && jobs[i].err.attempts >= 1, "%d: %s, %d attempts", i,
              jobs[i].err.message, jobs[i].err.attempts);
    finish();
}

/* ---- two hosts ---- */

static tdrest_async *dial_both(const char *parameters)
{
    tdrest_options *options = NULL;
    tdrest_async *out = NULL;
    char dsn[512];

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d,127.0.0.1:%d/test?%s", a.port, b.port, parameters);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK);
    CHECK(tdrest_async_new(options, &out) == TDREST_OK, "%s", tdrest_options_error(options)->message);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(out != NULL);
    return out;
}

static void ask_all(int count)
{
    for (int i = 0; i < count; i++)
        tdrt_async_query(async, "select three", NULL, &jobs[i]);
    tdrt_async_finish(async);
    for (int i = 0; i < count; i++)
        CHECK(jobs[i].ends == 1 && jobs[i].err.code == 0 && jobs[i].rows == 3, "%d: %s", i, jobs[i].err.message);
}

/* Both serve; one goes away, and the other serves all, with no more at a time than it may have; it comes back, is asked, and serves again. */
static void a_host_goes_and_comes_back(void)
{
    int64_t until;
    int before;

    a = b = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&a, fail_once, NULL) && tdrt_server_start(&b, fail_once, NULL));
    async = dial_both("retry_backoff_ms=5&max_per_host=2");
    ask_all(40);
    CHECK(tdrt_server_arrivals(&a, "select three") >= 2 && tdrt_server_arrivals(&b, "select three") >= 2, "%d and %d", tdrt_server_arrivals(&a, "select three"),
          tdrt_server_arrivals(&b, "select three"));
    CHECK(atomic_load(&a.counts->connections) == 2 && atomic_load(&b.counts->connections) == 2, "%d and %d", atomic_load(&a.counts->connections),
          atomic_load(&b.counts->connections));
    tdrt_server_down(&a);
    before = tdrt_server_arrivals(&a, "select three");
    ask_all(40);
    CHECK(tdrt_server_arrivals(&a, "select three") == before && atomic_load(&b.counts->connections) <= 8, "%d connections", atomic_load(&b.counts->connections));
    CU_ASSERT_FATAL(tdrt_server_start(&a, fail_once, NULL));
    until = tdrt_now_ms() + 30000;
    while (tdrt_server_arrivals(&a, "select three") == before && tdrt_now_ms() < until)
        ask_all(10);
    CHECK(tdrt_server_arrivals(&a, "select server_status()") >= 1 && tdrt_server_arrivals(&a, "select three") > before, "asked %d times",
          tdrt_server_arrivals(&a, "select server_status()"));
    tdrest_async_free(async);
    tdrt_server_stop(&a);
    tdrt_server_stop(&b);
}

CU_TestInfo tdrt_attempts[] = {
    {"table", table},
    {"rows are handed out once", rows_are_handed_out_once},
    {"refused", refused},
    {"a host goes and comes back", a_host_goes_and_comes_back},
    CU_TEST_INFO_NULL,
};
