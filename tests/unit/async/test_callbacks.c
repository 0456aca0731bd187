/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What callbacks may do, each in each callback: start, cancel themselves and others, pause, free the object; and what they may not. */
#include "async_dial.h"
#include "curl_hook.h"

#include <pthread.h>

enum action { START, CANCEL_SELF, CANCEL_OTHER, FREE, RUN, ACTIONS };
enum place { IN_ROWS, IN_END };

static tdrt_server server;
static tdrest_async *async;
static enum action what;
static enum place where;
static int acted, events; /* of sockets, until it was freed */
static tdrt_job job, other, started;
static int refused[3];

static int answer(const tdrt_visit *visit)
{
    if (tdrt_starts(visit, "select slow"))
        tdrt_pause(30000); /* whoever asks this is cancelled; the pause ends with the server */
    return tdrt_send_three(visit);
}

static void act(void)
{
    if (acted++ > 0)
        return;
    switch (what) {
    case START: tdrt_async_query(async, "select three", NULL, &started); break;
    case CANCEL_SELF: tdrest_request_cancel(job.request); break;
    case CANCEL_OTHER: tdrest_request_cancel(other.request); break;
    case FREE:
        tdrest_async_free(async);
        events = tdrt_curl.events;
        break;
    case RUN:
        refused[0] = tdrest_async_run(async, 0);
        refused[1] = tdrest_async_timeout_event(async);
        refused[2] = tdrest_async_socket_event(async, 0, TDREST_SOCKET_READ);
        break;
    default: break;
    }
}

static void on_rows(void *user, tdrest_request *request, tdrest_result *rows)
{
    tdrt_job_callbacks.rows(user, request, rows);
    if (where == IN_ROWS)
        act();
}

static void on_end(void *user, tdrest_request *request, const tdrest_error *error)
{
    tdrt_job_callbacks.end(user, request, error);
    if (where == IN_END)
        act();
}

static void start_acting(void)
{
    tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT;

    callbacks.rows = on_rows;
    callbacks.end = on_end;
    job = (tdrt_job){.affected = -1};
    CHECK_INT(tdrest_async_query(async, "select three", TDREST_CSTR, NULL, &callbacks, &job, &job.request), TDREST_OK);
}

/* The other one is in flight, or in line, when the callback comes. */
static void try_one(const char *parameters)
{
    const char *other_sql = what == CANCEL_OTHER || what == FREE ? "select slow" : "select three";
    int rc;

    acted = 0;
    started = (tdrt_job){.affected = -1};
    refused[0] = refused[1] = refused[2] = 0;
    async = tdrt_async_dial(server.port, parameters);
    if (strstr(parameters, "max_per_host=1") == NULL) {
        tdrt_async_query(async, other_sql, NULL, &other);
        start_acting();
    } else {
        start_acting();
        tdrt_async_query(async, other_sql, NULL, &other);
    }
    rc = tdrest_async_run(async, 60000);
    CHECK(rc == TDREST_DONE && job.ends == 1 && other.ends == 1, "action %d at %d: %d, %d and %d ends", (int)what, (int)where, rc, job.ends, other.ends);
    if (what != FREE)
        tdrest_async_free(async);
}

static void check_one(void)
{
    int cancelled = what == CANCEL_SELF && where == IN_ROWS;

    CHECK(job.err.code == (cancelled || (what == FREE && where == IN_ROWS) ? TDREST_ECANCELLED : TDREST_OK), "action %d at %d: %s", (int)what, (int)where, job.err.message);
    CHECK(other.err.code == (what == CANCEL_OTHER || what == FREE ? TDREST_ECANCELLED : TDREST_OK), "action %d at %d: %s", (int)what, (int)where, other.err.message);
    CHECK(started.ends == (what == START), "%d ends", started.ends);
    if (what == RUN)
        CHECK(refused[0] == TDREST_EBUSY && refused[1] == TDREST_EBUSY && refused[2] == TDREST_EBUSY, "%d %d %d", refused[0], refused[1], refused[2]);
}

static void every_action_in_every_callback(void)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    for (int w = 0; w < ACTIONS; w++)
        for (int p = IN_ROWS; p <= IN_END; p++) {
            what = (enum action)w;
            where = (enum place)p;
            try_one("");
            check_one();
            try_one("?max_per_host=1");
            check_one();
        }
    tdrt_server_stop(&server);
}

/* ---- starting from a callback that ends because of free ---- */

static int start_code;

static void start_in_end(void *user, tdrest_request *request, const tdrest_error *error)
{
    tdrt_job_callbacks.end(user, request, error);
    start_code = tdrest_async_query(async, "select three", TDREST_CSTR, NULL, NULL, NULL, NULL);
    tdrest_async_free(async);
}

static void free_with_requests_in_line(void)
{
    tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT;

    async = tdrt_async_dial_new(&server, answer, "");
    callbacks.end = start_in_end;
    job = (tdrt_job){.affected = -1};
    CHECK_INT(tdrest_async_query(async, "select three", TDREST_CSTR, NULL, &callbacks, &job, &job.request), TDREST_OK);
    tdrt_async_query(async, "select three", NULL, &other);
    tdrest_async_free(async);
    CHECK(job.ends == 1 && job.err.code == TDREST_ECANCELLED && job.err.ran == TDREST_RAN_NO && other.ends == 1, "%d and %d ends", job.ends, other.ends);
    CHECK_INT(start_code, TDREST_EUSAGE);
    CHECK_INT(tdrt_server_arrivals(&server, "select three"), 0);
    tdrt_server_stop(&server);
}

/* ---- freed by the first of many that are at hand in one turn ---- */

enum at_hand { ANSWERED, WITHOUT_ROWS, REFUSED_IN_LINE, AT_HAND };
enum { MANY = 20 };

static tdrt_job many[MANY];
static tdrest_stmt *empty[MANY];

static int answer_at_the_gate(const tdrt_visit *visit)
{
    tdrt_wait_for_gate(visit);
    return tdrt_send_three(visit);
}

static int start_at_hand(enum at_hand how, int i)
{
    tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT;
    tdrest_call call = TDREST_CALL_INIT;

    callbacks.rows = on_rows;
    callbacks.end = on_end;
    call.database = how == REFUSED_IN_LINE ? "no/database" : NULL;
    many[i] = (tdrt_job){.affected = -1};
    if (how == WITHOUT_ROWS)
        return tdrest_async_stmt_run(async, empty[i], NULL, &callbacks, &many[i], &many[i].request);
    return tdrest_async_query(async, "select three", TDREST_CSTR, &call, &callbacks, &many[i], &many[i].request);
}

/* All answers are there, and none is read. */
static void await_all_answers(void)
{
    const int64_t until = tdrt_now_ms() + 60000;

    while (tdrt_server_arrivals(&server, "select three") < MANY && tdrt_now_ms() < until)
        CHECK_INT(tdrest_async_run(async, 10), TDREST_OK);
    tdrt_server_open_gate(&server);
    tdrt_await_input(&server, MANY);
}

/* What is at hand behind the first is cancelled, as all that is left: no rows are handed out any more, no other end comes of it, and no answer is read for it. */
static void check_at_hand(enum at_hand how)
{
    int ends = 0, cancelled = 0;
    int64_t rows = 0;

    for (int i = 0; i < MANY; i++) {
        ends += many[i].ends;
        rows += many[i].rows;
        cancelled += many[i].err.code == TDREST_ECANCELLED;
    }
    CHECK(ends == MANY && cancelled == (where == IN_ROWS ? MANY : MANY - 1) && rows == (how == ANSWERED ? 3 : 0) && tdrt_curl.events == events,
          "kind %d at %d: %d ends, %d cancelled, %d rows, %d events of sockets", (int)how, (int)where, ends, cancelled, (int)rows, tdrt_curl.events - events);
}

static void try_at_hand(enum at_hand how)
{
    tdrest_conn *conn;

    async = tdrt_async_dial_new(&server, answer_at_the_gate, "?max_per_host=20");
    conn = tdrt_dial(&server, "");
    acted = 0;
    for (int i = 0; i < MANY; i++) {
        CU_ASSERT_FATAL(tdrest_stmt_new(conn, "insert into t values(?, ?)", TDREST_CSTR, &empty[i]) == TDREST_OK);
        CHECK_INT(start_at_hand(how, i), TDREST_OK);
    }
    if (how == ANSWERED)
        await_all_answers();
    CHECK_INT(tdrest_async_run(async, 60000), TDREST_DONE);
    check_at_hand(how);
    for (int i = 0; i < MANY; i++)
        tdrest_stmt_free(empty[i]);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

static void free_with_more_at_hand(void)
{
    what = FREE;
    where = IN_ROWS;
    try_at_hand(ANSWERED);
    where = IN_END;
    for (int how = 0; how < AT_HAND; how++)
        try_at_hand((enum at_hand)how);
}

/* Running, idle and refused ones at once. */
static void free_in_every_state(void)
{
    enum { FEW = 12 };

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    for (int rounds = 0; rounds < 5; rounds++) {
        async = tdrt_async_dial(server.port, "?max_per_host=4&retry=auto");
        tdrt_async_query(async, "select three", NULL, &many[0]);
        tdrt_async_query(async, "select three", NULL, &many[1]);
        tdrt_async_finish(async); /* idle connections */
        for (int i = 0; i < FEW; i++)
            tdrt_async_query(async, i % 3 == 0 ? "select slow" : "select three", NULL, &many[i]);
        for (int i = 0; i < rounds; i++)
            CHECK_INT(tdrest_async_run(async, 0), TDREST_OK);
        tdrest_async_free(async);
        for (int i = 0; i < FEW; i++)
            CHECK(many[i].ends == 1 && (many[i].err.code == TDREST_ECANCELLED || many[i].err.code == TDREST_OK), "%d: %d ends, %s", i, many[i].ends, many[i].err.message);
    }
    tdrt_server_stop(&server);
    tdrest_async_free(NULL);
}

/* ---- what is refused ---- */

static void bad_use(void)
{
    tdrest_async_callbacks bad = TDREST_ASYNC_CALLBACKS_INIT;
    tdrest_async_hooks hooks = TDREST_ASYNC_HOOKS_INIT;
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_request *request = (tdrest_request *)&bad;

    async = tdrt_async_dial(1, "");
    CHECK_INT(tdrest_async_query(async, NULL, 0, NULL, NULL, NULL, &request), TDREST_EUSAGE);
    CU_ASSERT(request == NULL);
    CHECK_INT(tdrest_async_exec(async, "  ", TDREST_CSTR, NULL, NULL, NULL, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_async_query(async, "select 'open", TDREST_CSTR, NULL, NULL, NULL, NULL), TDREST_EUSAGE);
    bad.size = 3;
    CHECK_INT(tdrest_async_query(async, "select 1", TDREST_CSTR, NULL, &bad, NULL, NULL), TDREST_EUSAGE);
    CHECK(strstr(tdrest_async_error(async)->message, "callbacks.size") != NULL, "%s", tdrest_async_error(async)->message);
    call.timeout_ms = -2;
    CHECK_INT(tdrest_async_query(async, "select 1", TDREST_CSTR, &call, NULL, NULL, NULL), TDREST_EUSAGE);
    call = TDREST_CALL_INIT;
    call.verify_rows = TDREST_VERIFY_COUNT + 1;
    CHECK_INT(tdrest_async_query(async, "select 1", TDREST_CSTR, &call, NULL, NULL, NULL), TDREST_EUSAGE);
    CHECK(strstr(tdrest_async_error(async)->message, "verify_rows") != NULL, "%s", tdrest_async_error(async)->message);
    CHECK_INT(tdrest_async_write(async, 99, 0, "a b=1", TDREST_CSTR, NULL, NULL, NULL, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_async_write(async, TDREST_PROTOCOL_LINE, TDREST_MS, "\n\n", TDREST_CSTR, NULL, NULL, NULL, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_async_set_hooks(async, &hooks, NULL), TDREST_EUSAGE);
    CHECK(tdrest_async_count(async) == 0 && tdrest_async_wait_ms(async) == -1 && tdrest_async_run(async, -1) == TDREST_DONE, "%d", (int)tdrest_async_count(async));
    CHECK(tdrest_request_get_written(NULL)->requests == 0 && tdrest_async_error(NULL)->code == 0, "%s", "NULL");
    tdrest_request_cancel(NULL);
    tdrest_async_free(async);
}

#ifndef TDREST_NO_ARROW
static void export_view(void *user, tdrest_request *request, tdrest_result *rows)
{
    struct ArrowArrayStream stream;

    CHECK_INT(tdrest_result_export_arrow(rows, &stream), TDREST_EUSAGE);
    CU_ASSERT(stream.release == NULL);
    tdrt_job_callbacks.rows(user, request, rows);
}

/* A callback's result is not the program's, so it cannot become a stream that owns it. */
static void views_are_not_exported(void)
{
    tdrest_async_callbacks callbacks = tdrt_job_callbacks;

    async = tdrt_async_dial_new(&server, answer, "");
    callbacks.rows = export_view;
    memset(&job, 0, sizeof job);
    CHECK_INT(tdrest_async_query(async, "select three", TDREST_CSTR, NULL, &callbacks, &job, &job.request), TDREST_OK);
    tdrt_async_finish(async);
    CHECK(job.ends == 1 && job.err.code == TDREST_OK && job.rows == 3, "%d rows, %s", (int)job.rows, job.err.message);
    tdrest_async_free(async);
    tdrt_server_stop(&server);
}
#endif

static void *call_from_another_thread(void *context)
{
    int *codes = (int *)context;

    codes[0] = tdrest_async_query(async, "select three", TDREST_CSTR, NULL, NULL, NULL, NULL);
    codes[1] = tdrest_async_run(async, 0);
    codes[2] = tdrest_async_timeout_event(async);
    tdrest_request_cancel(job.request);
    return NULL;
}

static void another_thread(void)
{
    pthread_t thread;
    int codes[3] = {0, 0, 0};

    async = tdrt_async_dial_new(&server, answer, "");
    tdrt_async_query(async, "select three", NULL, &job);
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, call_from_another_thread, codes) == 0);
    pthread_join(thread, NULL);
    CHECK(codes[0] == TDREST_EUSAGE && codes[1] == TDREST_EUSAGE && codes[2] == TDREST_EUSAGE, "%d %d %d", codes[0], codes[1], codes[2]);
    tdrt_async_finish(async);
    CHECK(job.ends == 1 && job.err.code == TDREST_OK, "%s", job.err.message);
    tdrest_async_free(async);
    tdrt_server_stop(&server);
}

CU_TestInfo tdrt_callbacks[] = {
    {"every action in every callback", every_action_in_every_callback},
    {"free with requests in line", free_with_requests_in_line},
    {"free with more at hand", free_with_more_at_hand},
    {"free in every state", free_in_every_state},
    {"bad use", bad_use},
#ifndef TDREST_NO_ARROW
    {"views are not exported", views_are_not_exported},
#endif
    {"another thread", another_thread},
    CU_TEST_INFO_NULL,
};
