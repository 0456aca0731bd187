/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Many requests and few lanes: who waits, for how long, and in which order. */
#include "async_dial.h"

enum { MANY = 1000, LANES = 4 };

static tdrt_server server;
static tdrest_async *async;
static tdrt_job jobs[MANY];

static void begin(tdrt_handler *handler, const char *parameters)
{
    async = tdrt_async_dial_new(&server, handler, parameters);
}

static void finish(void)
{
    tdrest_async_free(async);
    tdrt_server_stop(&server);
}

/* Connections to a name, few and slow: those in line have no connect limit that could end. The first ones, too, wait for one lookup, not for a limit. */
static int answer_slowly(const tdrt_visit *visit)
{
    tdrt_pause(4);
    return tdrt_send_three(visit);
}

static void none_fails_in_line(void)
{
    int good = 0;

    begin(answer_slowly, "?connect_timeout_ms=900");
    for (int i = 0; i < MANY; i++)
        tdrt_async_query(async, "select three", NULL, &jobs[i]);
    CHECK_INT((int)tdrest_async_count(async), MANY);
    tdrt_async_finish(async);
    for (int i = 0; i < MANY; i++)
        good += jobs[i].ends == 1 && jobs[i].err.code == 0 && jobs[i].rows == 3;
    CHECK(good == MANY, "%d of %d", good, MANY);
    CHECK_INT(atomic_load(&server.counts->connections), LANES);
    finish();
}

/* With one lane they end in the order in which they were started; one that is started from a callback comes behind. */
static int order[MANY], ended;

static void note_order(void *user, tdrest_request *request, const tdrest_error *error)
{
    (void)request;
    CHECK(error->code == 0, "%s", error->message);
    order[ended++] = (int)((const tdrt_job *)user - jobs);
    if (ended == 1) {
        tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT;

        callbacks.end = note_order;
        CHECK_INT(tdrest_async_query(async, "select three", TDREST_CSTR, NULL, &callbacks, &jobs[20], NULL), TDREST_OK);
    }
}

static int answer(const tdrt_visit *visit)
{
    return tdrt_send_three(visit);
}

static void first_come_first_served(void)
{
    tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT;

    callbacks.end = note_order;
    ended = 0;
    begin(answer, "?max_per_host=1");
    for (int i = 0; i < 20; i++)
        CHECK_INT(tdrest_async_query(async, "select three", TDREST_CSTR, NULL, &callbacks, &jobs[i], NULL), TDREST_OK);
    tdrt_async_finish(async);
    CHECK_INT(ended, 21);
    for (int i = 0; i < ended; i++)
        CHECK_INT(order[i], i);
    finish();
}

/* The limit of a request counts from its start: it ends in line, unsent. */
static int hold_first(const tdrt_visit *visit)
{
    return tdrt_starts(visit, "select slow") ? tdrt_hold(visit) : tdrt_send_three(visit);
}

static void run_until_arrived(const char *sql)
{
    for (int i = 0; i < 6000 && tdrt_server_arrivals(&server, sql) == 0; i++)
        (void)tdrest_async_run(async, 10);
    CHECK_INT(tdrt_server_arrivals(&server, sql), 1);
}

static void deadline_in_line(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    int64_t from;

    call.timeout_ms = 300;
    begin(hold_first, "?max_per_host=1&retry=auto");
    tdrt_async_query(async, "select slow", NULL, &jobs[0]);
    run_until_arrived("select slow");
    from = tdrt_now_ms();
    tdrt_async_query(async, "select three", &call, &jobs[1]);
    for (int i = 0; i < 6000 && jobs[1].ends == 0; i++)
        (void)tdrest_async_run(async, 10);
    CHECK(jobs[1].ends == 1 && jobs[1].err.code == TDREST_ETIMEOUT && jobs[1].err.ran == TDREST_RAN_NO && jobs[1].err.attempts == 0 &&
          strstr(jobs[1].err.message, "in line") != NULL, "%s, ran %d", jobs[1].err.message, jobs[1].err.ran);
    CHECK(jobs[1].ended_ms - from >= 300, "after %d ms", (int)(jobs[1].ended_ms - from));
    CHECK_INT(tdrt_server_arrivals(&server, "select three"), 0);
    finish();
    CHECK(jobs[0].ends == 1 && jobs[0].err.code == TDREST_ECANCELLED && jobs[0].err.ran == TDREST_RAN_MAYBE, "%s, ran %d", jobs[0].err.message, jobs[0].err.ran);
}

/* The limit of a request that runs; its lane goes to the next one. */
static void deadline_while_running(void)
{
    tdrest_call call = TDREST_CALL_INIT;

    call.timeout_ms = 1000;
    begin(hold_first, "?max_per_host=1");
    tdrt_async_query(async, "select slow", &call, &jobs[0]);
    tdrt_async_query(async, "select three", NULL, &jobs[1]);
    tdrt_async_finish(async);
    CHECK(jobs[0].err.code == TDREST_ETIMEOUT && jobs[0].err.ran == TDREST_RAN_MAYBE && jobs[0].err.attempts == 1, "%s, ran %d", jobs[0].err.message, jobs[0].err.ran);
    CHECK(jobs[1].err.code == 0 && jobs[1].rows == 3, "%s", jobs[1].err.message);
    finish();
}

static void stalls(void)
{
    begin(hold_first, "?max_per_host=1&stall_timeout_ms=200");
    tdrt_async_query(async, "select slow", NULL, &jobs[0]);
    tdrt_async_finish(async);
    CHECK(jobs[0].err.code == TDREST_ETIMEOUT && strstr(jobs[0].err.message, "stall_timeout_ms") != NULL, "%s", jobs[0].err.message);
    finish();
}

/* In line, connecting, waiting, reading; each ends at once, and its record says what may have run. */
static int half_then_wait(const tdrt_visit *visit)
{
    if (tdrt_starts(visit, "select half")) {
        (void)tdrt_send(visit, TDRT_HEAD_CHUNKED, 0);
        (void)tdrt_send_chunk(visit, TDRT_START "[1],[2]", strlen(TDRT_START "[1],[2]"));
        tdrt_pause(30000);
    }
    return hold_first(visit);
}

static void check_cancelled(const tdrt_job *job, int phase, int ran)
{
    CHECK(job->ends == 1 && job->err.code == TDREST_ECANCELLED && job->err.phase == phase && job->err.ran == ran, "%d ends, %s, phase %d, ran %d", job->ends,
          job->err.message, job->err.phase, job->err.ran);
}

static void cancel_in_every_phase(void)
{
    begin(half_then_wait, "?max_per_host=1");
    tdrt_async_query(async, "select slow", NULL, &jobs[0]);
    tdrt_async_query(async, "select three", NULL, &jobs[1]);
    run_until_arrived("select slow");
    tdrest_request_cancel(jobs[1].request);
    tdrest_request_cancel(jobs[0].request);
    tdrest_request_cancel(jobs[0].request);
    CHECK(jobs[0].ends == 0 && jobs[1].ends == 0, "%s", "ended outside of run");
    tdrt_async_finish(async);
    check_cancelled(&jobs[1], TDREST_PHASE_PREPARE, TDREST_RAN_NO);
    check_cancelled(&jobs[0], TDREST_PHASE_WAIT, TDREST_RAN_MAYBE);
    tdrt_async_query(async, "select half", NULL, &jobs[0]);
    for (int i = 0; i < 6000 && jobs[0].rows == 0; i++)
        (void)tdrest_async_run(async, 10);
    tdrest_request_cancel(jobs[0].request);
    tdrt_async_finish(async);
    check_cancelled(&jobs[0], TDREST_PHASE_READ, TDREST_RAN_YES);
    tdrt_async_query(async, "select three", NULL, &jobs[2]);
    tdrt_async_finish(async);
    CHECK_INT((int)jobs[2].rows, 3);
    finish();
}

static void cancel_while_connecting(void)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_block(&server));
    async = tdrt_async_dial(server.port, "?max_per_host=2");
    tdrt_async_query(async, "select three", NULL, &jobs[0]);
    CHECK_INT(tdrest_async_run(async, 50), TDREST_OK);
    tdrest_request_cancel(jobs[0].request);
    tdrt_async_finish(async);
    check_cancelled(&jobs[0], TDREST_PHASE_CONNECT, TDREST_RAN_NO);
    finish();
}

CU_TestInfo tdrt_queue[] = {
    {"none fails in line", none_fails_in_line},
    {"first come, first served", first_come_first_served},
    {"deadline in line", deadline_in_line},
    {"deadline while running", deadline_while_running},
    {"stalls", stalls},
    {"cancel in every phase", cancel_in_every_phase},
    {"cancel while connecting", cancel_while_connecting},
    CU_TEST_INFO_NULL,
};
