/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One call of the user's as a whole: its limit holds while bytes keep coming and over all requests, and a broken exchange leaves nothing to the next one. */
#include "dialed.h"

#include "curl_hook.h"

#include <pthread.h>
#include <signal.h>

enum { LIMIT_MS = 500, LATEST_MS = 10000 };

static void begin(tdrt_handler *handler, const char *parameters)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    conn = tdrt_dial_new(&server, handler, parameters);
}

/* ---- one limit ---- */

#define TEXT_HEAD(column) "{\"code\":0,\"column_meta\":[[\"" column "\",\"VARCHAR\",16]],\"data\":["
#define DESCRIBE_HEAD "{\"code\":0,\"column_meta\":[[\"field\",\"VARCHAR\",64],[\"type\",\"VARCHAR\",20],[\"length\",\"INT\",4],[\"note\",\"VARCHAR\",12]],\"data\":["

/* Sends the columns, then `what` again and again: every 300 ms where the statement says "slowly", else without pause. */
static int answer_without_end(const tdrt_visit *visit, const char *head, const char *what, int pause_ms)
{
    int open = tdrt_send(visit, TDRT_HEAD_CHUNKED, 0) && tdrt_send_chunk(visit, head, strlen(head));

    while (open) {
        tdrt_pause(pause_ms);
        open = tdrt_send_chunk(visit, what, strlen(what));
    }
    return 0;
}

static int answer_slowly(const tdrt_visit *visit)
{
    if (strstr(visit->sql, "DESCRIBE") != NULL)
        return answer_without_end(visit, DESCRIBE_HEAD, " ", 300);
    return answer_without_end(visit, TEXT_HEAD("v"), " ", 300);
}

/* The first question of describe takes most of the time, the second one never ends. */
static int answer_second_slowly(const tdrt_visit *visit)
{
    static const char table[] = DESCRIBE_HEAD "[\"ts\",\"TIMESTAMP\",8,\"\"],[\"v\",\"INT\",4,\"\"]],\"rows\":2}";

    if (strstr(visit->sql, "DESCRIBE") == NULL)
        return answer_without_end(visit, TEXT_HEAD("precision"), " ", 300);
    tdrt_pause(LIMIT_MS - 200);
    return tdrt_send_answer(visit, &(tdrt_answer){.body = table});
}

static int ping(const tdrest_call *call)
{
    return tdrest_conn_ping(conn, call);
}

static int version(const tdrest_call *call)
{
    char text[64];

    return tdrest_conn_query_version(conn, call, text, sizeof text);
}

static int describe(const tdrest_call *call)
{
    tdrest_stmt *stmt;
    int rc;

    CU_ASSERT_FATAL(tdrest_stmt_new(conn, "INSERT INTO db.t VALUES (?, ?)", TDREST_CSTR, &stmt) == TDREST_OK);
    rc = tdrest_stmt_describe(stmt, call);
    tdrest_stmt_free(stmt);
    return rc;
}

typedef int question(const tdrest_call *call);

static void expect_timeout(const char *name, question *ask)
{
    tdrest_call call = TDREST_CALL_INIT;
    int64_t from = tdrt_now_ms(), took;
    int rc;

    call.timeout_ms = LIMIT_MS;
    rc = ask(&call);
    took = tdrt_now_ms() - from;
    CHECK(rc == TDREST_ETIMEOUT && took >= LIMIT_MS - 5 && took < LATEST_MS, "%s: %s after %" PRId64 " ms", name, tdrest_code_name(rc), took);
}

static void one_limit_for_questions(void)
{
    begin(answer_slowly, "");
    expect_timeout("ping", ping);
    expect_timeout("version", version);
    expect_timeout("describe", describe);
    finish();
    begin(answer_second_slowly, "");
    expect_timeout("describe, second question", describe);
    finish();
}

/* ---- a limit while bytes come ---- */

static int answer_endless(const tdrt_visit *visit)
{
    static char rows[8192 * 4];

    for (size_t i = 0; i + 4 < sizeof rows; i += 4)
        memcpy(rows + i, "[1],", 4);
    return answer_without_end(visit, TDRT_START, rows, 0);
}

static void limit_while_bytes_come(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    int64_t from, took, rows;
    tdrest_error err;
    int rc;

    begin(answer_endless, "");
    call.timeout_ms = LIMIT_MS;
    call.buffered = 1;
    from = tdrt_now_ms();
    rc = tdrt_dial_ask(conn, "select rows", &call, &rows, &err);
    took = tdrt_now_ms() - from;
    CHECK(rc == TDREST_ETIMEOUT && took >= LIMIT_MS - 5 && took < LATEST_MS, "%s after %" PRId64 " ms: %s", tdrest_code_name(rc), took,
          err.message);
    finish();
}

/* ---- one cancel scope ---- */

static int answer_describe_late(const tdrt_visit *visit)
{
    if (strstr(visit->sql, "DESCRIBE") != NULL)
        return answer_second_slowly(visit);
    return tdrt_hold(visit);
}

static void *cancel_often(void *running)
{
    while (atomic_load((atomic_int *)running)) {
        tdrest_conn_cancel(conn);
        tdrt_pause(5);
    }
    return NULL;
}

/* From the first moment to the last one, also between its two questions, a call hears a cancel. */
static void cancelled_between_questions(void)
{
    atomic_int running = 1;
    int64_t from;
    pthread_t thread;

    begin(answer_describe_late, "");
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, cancel_often, &running) == 0);
    from = tdrt_now_ms();
    CHECK_INT(describe(NULL), TDREST_ECANCELLED);
    CHECK(tdrt_now_ms() - from < LATEST_MS, "after %" PRId64 " ms", tdrt_now_ms() - from);
    atomic_store(&running, 0);
    pthread_join(thread, NULL);
    finish();
}

/* ---- what a broken exchange leaves behind ---- */

/* Every second request of a connection is read, and dies. */
static int answer_every_other(const tdrt_visit *visit)
{
    return visit->request % 2 == 0 ? 0 : tdrt_send_three(visit);
}

/* libcurl's code for a dead kept-alive connection changes with the number of such deaths; what is known of the statement does not. */
static void judged_by_bytes(void)
{
    begin(answer_every_other, "");
    for (int i = 0; i < 14; i++) {
        char sql[32];
        tdrest_error err;
        int64_t rows;
        int rc;

        snprintf(sql, sizeof sql, "select %d", i);
        rc = tdrt_dial_ask(conn, sql, NULL, &rows, &err);
        if (i % 2 == 0)
            CHECK(rc == TDREST_DONE, "%s: %s: %s", sql, tdrest_code_name(rc), err.message);
        else
            CHECK(rc == TDREST_ECONNECT && err.phase == TDREST_PHASE_WAIT && err.repeat == TDREST_REPEAT_IDEMPOTENT, "%s: %s, phase %d, repeat %d",
                  sql, tdrest_code_name(rc), err.phase, err.repeat);
        CHECK_INT(tdrt_server_arrivals(&server, sql), 1);
    }
    finish();
}

static int answer_as_told(const tdrt_visit *visit)
{
    if (tdrt_starts(visit, "select three"))
        return tdrt_send_three(visit);
    if (strcmp(visit->sql, "select reset") == 0)
        return tdrt_reset(visit);
    if (strcmp(visit->sql, "select cut") == 0)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_THREE, .end = TDRT_CLOSED, .cut = 20});
    if (strcmp(visit->sql, "select garbage") == 0)
        return tdrt_send(visit, "garbage\r\n\r\n", 0) && 0;
    return 0;
}

/* Three exchanges after each kind of failure, on the same connection object. */
static void three_after_each_failure(void)
{
    static const char *const failures[] = {"select reset", "select cut", "select garbage", "select nothing"};

    begin(answer_as_told, "");
    for (int round = 0; round < 3; round++)
        for (size_t i = 0; i < COUNT_OF(failures); i++) {
            tdrest_error err;
            int64_t rows;

            CHECK(tdrt_dial_ask(conn, failures[i], NULL, &rows, &err) < 0, "%s succeeded", failures[i]);
            for (int after = 0; after < 3; after++)
                tdrt_dial_three(conn);
        }
    finish();
}

/* ---- SIGPIPE ---- */

static atomic_int pipes;

static void on_pipe(int number)
{
    (void)number;
    atomic_fetch_add(&pipes, 1);
}

/* Whatever in libcurl or its TLS library raises it: the program does not hear of it; one of its own it does. */
static void sigpipe_stays_inside(void)
{
    struct sigaction hear, before;

    memset(&hear, 0, sizeof hear);
    hear.sa_handler = on_pipe;
    CU_ASSERT_FATAL(sigaction(SIGPIPE, &hear, &before) == 0);
    atomic_store(&pipes, 0);
    begin(answer_as_told, "");
    tdrt_curl.raises_sigpipe = 1;
    for (int i = 0; i < 3; i++) {
        tdrest_error err;
        int64_t rows;

        tdrt_dial_three(conn);
        (void)tdrt_dial_ask(conn, "select reset", NULL, &rows, &err);
    }
    tdrest_conn_free(conn);
    CHECK(tdrt_curl.raised > 10, "raised %d times", tdrt_curl.raised);
    tdrt_curl.raises_sigpipe = 0;
    tdrt_server_stop(&server);
    CHECK_INT(atomic_load(&pipes), 0);
    raise(SIGPIPE);
    CHECK_INT(atomic_load(&pipes), 1);
    sigaction(SIGPIPE, &before, NULL);
}

/* A program that blocks SIGPIPE by itself finds the one that was pending. */
static void pending_sigpipe_stays(void)
{
    sigset_t only, before, pending;
    int number;

    sigemptyset(&only);
    sigaddset(&only, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &only, &before);
    raise(SIGPIPE);
    begin(answer_as_told, "");
    tdrt_dial_three(conn);
    finish();
    CU_ASSERT_FATAL(sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1);
    sigwait(&only, &number);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

CU_TestInfo tdrt_limits[] = {
    {"one limit for questions", one_limit_for_questions},
    {"limit while bytes come", limit_while_bytes_come},
    {"cancelled between questions", cancelled_between_questions},
    {"judged by bytes", judged_by_bytes},
    {"three after each failure", three_after_each_failure},
    {"SIGPIPE stays inside", sigpipe_stays_inside},
    {"pending SIGPIPE stays", pending_sigpipe_stays},
    CU_TEST_INFO_NULL,
};
