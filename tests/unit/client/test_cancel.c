/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Calls that end before they are done: time limits, and cancelling from
 * another thread and from a signal handler, while connecting, sending,
 * waiting and reading.
 */
#include "dial.h"

#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

static tdrt_server server;
static tdrest_conn *conn;

enum { PATIENCE = 5000 }; /* milliseconds after which a call that is not ended by what is tested ends anyway */

/* "select wait": no answer; "select head": not all of the columns; "select read": 2 rows, and no more. */
static int answer_slowly(const tdrt_visit *visit)
{
    tdrt_answer a = {.body = TDRT_THREE, .chunk = 16, .pause_ms = 2 * PATIENCE};

    if (strcmp(visit->sql, "select three") == 0)
        a.pause_ms = 0;
    else if (strcmp(visit->sql, "select head") == 0)
        a.pause_at = 10;
    else if (strcmp(visit->sql, "select read") == 0)
        a.pause_at = sizeof TDRT_START "[1],[2]," - 1;
    else
        tdrt_pause(2 * PATIENCE);
    return tdrt_send_answer(visit, &a);
}

/* Where a call is held up. */
typedef struct place {
    const char *name;
    const char *sql; /* NULL: a long INSERT */
    int blocked;     /* nobody accepts the connection */
    int deaf;        /* nobody reads the request */
    int64_t rows;    /* given before */
    int phase;
} place;

static const place places[] = {
    {"connecting", "select three", 1, 0, 0, TDREST_PHASE_CONNECT},
    {"sending", NULL, 0, 1, 0, TDREST_PHASE_SEND},
    {"waiting", "select wait", 0, 0, 0, TDREST_PHASE_WAIT},
    {"reading the head", "select head", 0, 0, 0, TDREST_PHASE_READ},
    {"reading", "select read", 0, 0, 2, TDREST_PHASE_READ},
};

static void begin(const place *p, const char *parameters)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    server.deaf = p->deaf;
    CU_ASSERT_FATAL(p->blocked ? tdrt_server_block(&server) : tdrt_server_start(&server, answer_slowly, NULL));
    conn = tdrt_dial(&server, parameters);
}

/* That the next call works, where a server can be had for it. */
static void finish(const place *p)
{
    if (p->blocked)
        CU_ASSERT_FATAL(tdrt_server_start(&server, answer_slowly, NULL));
    while (p->blocked && atomic_load(&server.counts->connections) == 0)
        tdrt_pause(1);
    if (!p->deaf)
        tdrt_dial_three(conn);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

static const char *statement(const place *p)
{
    static char insert[1000000];

    if (p->sql != NULL)
        return p->sql;
    memset(insert, ' ', sizeof insert - 1);
    memcpy(insert, "insert into t values", 20);
    insert[sizeof insert - 2] = '1';
    return insert;
}

/* ---- time limits ---- */

typedef struct limit {
    const char *parameters;
    const char *message;
    int everywhere; /* 0: while connecting only */
    int rows;       /* 1: also after the columns came */
} limit;

static const limit limits[] = {
    {"?stall_timeout_ms=200", "stall_timeout_ms", 1, 1},
    {"?timeout_ms=200&stall_timeout_ms=5000", "timeout_ms", 1, 0},
    {"?connect_timeout_ms=200&stall_timeout_ms=5000", "", 0, 0},
};

static void hold_up(const place *p, const limit *l)
{
    int64_t from, took, rows;
    tdrest_error err;
    int rc;

    begin(p, l->parameters);
    from = tdrt_now_ms();
    rc = tdrt_dial_ask(conn, statement(p), NULL, &rows, &err);
    took = tdrt_now_ms() - from;
    CHECK(rc == TDREST_ETIMEOUT && rows == p->rows && took >= 195 && took < 400, "%s, %s: %s after %" PRId64 " ms, %" PRId64 " rows: %s", p->name,
          l->parameters, tdrest_code_name(rc), took, rows, err.message);
    CHECK(err.phase == p->phase && strstr(err.message, l->message) != NULL, "%s, %s: phase %d: %s", p->name, l->parameters, err.phase, err.message);
    CHECK_INT(err.repeat, p->phase < TDREST_PHASE_WAIT ? TDREST_REPEAT_SAFE : TDREST_REPEAT_IDEMPOTENT);
    finish(p);
}

static void time_limits(void)
{
    for (size_t i = 0; i < COUNT_OF(limits); i++)
        for (size_t k = 0; k < COUNT_OF(places); k++)
            if ((limits[i].everywhere || places[k].blocked) && (limits[i].rows || places[k].rows == 0))
                hold_up(&places[k], &limits[i]);
}

/* A call's own limits go before those of its connection; exec has the total limit to its end. */
static void limits_of_calls(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_error err;
    int64_t from, rows;

    begin(&places[2], "?timeout_ms=4000&stall_timeout_ms=4000");
    call.timeout_ms = 150;
    from = tdrt_now_ms();
    CHECK_INT(tdrest_exec(conn, "insert wait", TDREST_CSTR, &call, NULL), TDREST_ETIMEOUT);
    CHECK(tdrt_now_ms() - from < 300 * TDRT_SLACK, "%" PRId64 " ms", tdrt_now_ms() - from);
    call.timeout_ms = 0;
    call.stall_timeout_ms = 150;
    CHECK_INT(tdrest_exec(conn, "insert wait", TDREST_CSTR, &call, NULL), TDREST_ETIMEOUT);
    CHECK(tdrt_now_ms() - from < 600 * TDRT_SLACK, "%" PRId64 " ms", tdrt_now_ms() - from);
    call.timeout_ms = call.stall_timeout_ms = INT64_MAX;
    CHECK_INT(tdrt_dial_ask(conn, "select three", &call, &rows, &err), TDREST_DONE);
    finish(&places[2]);
}

/* ---- cancelling ---- */

/* By then the exchange has come to the place where it stops. */
enum { SOON_MS = 100 * TDRT_SLOW };

static atomic_llong cancelled_at;

static void *cancel_later(void *connection)
{
    tdrt_pause(SOON_MS);
    atomic_store(&cancelled_at, tdrt_now_ms());
    tdrest_conn_cancel(connection);
    return NULL;
}

static tdrest_conn *volatile signalled;

static void on_alarm(int number)
{
    (void)number;
    atomic_store(&cancelled_at, tdrt_now_ms());
    tdrest_conn_cancel(signalled);
}

/* The statement, ended by a cancel from outside. */
static int ask_and_cancel(const char *sql, int by_signal, int64_t *rows, tdrest_error *err)
{
    static const struct itimerval soon = {{0, 0}, {0, SOON_MS * 1000}}, never;
    struct sigaction action, before;
    pthread_t thread;
    int rc;

    signalled = conn;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, &before);
    if (by_signal)
        setitimer(ITIMER_REAL, &soon, NULL);
    else
        CU_ASSERT_FATAL(pthread_create(&thread, NULL, cancel_later, conn) == 0);
    rc = tdrt_dial_ask(conn, sql, NULL, rows, err);
    if (by_signal)
        setitimer(ITIMER_REAL, &never, NULL);
    else
        pthread_join(thread, NULL);
    sigaction(SIGALRM, &before, NULL);
    return rc;
}

static void cancel_everywhere(int by_signal)
{
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        const place *p = &places[i];
        int64_t rows, late;
        tdrest_error err;
        int rc;

        begin(p, "?stall_timeout_ms=5000");
        atomic_store(&cancelled_at, 0);
        rc = ask_and_cancel(statement(p), by_signal, &rows, &err);
        late = tdrt_now_ms() - atomic_load(&cancelled_at);
        CHECK(rc == TDREST_ECANCELLED && rows == p->rows && late < 100 * TDRT_SLACK, "%s: %s %" PRId64 " ms late, %" PRId64 " rows: %s", p->name,
              tdrest_code_name(rc), late, rows, err.message);
        CHECK(err.phase == p->phase && err.cls == TDREST_CLASS_QUERY && err.curl_code == 0, "%s: phase %d, %s", p->name, err.phase, tdrest_class_name(err.cls));
        CHECK_INT(err.repeat, p->phase < TDREST_PHASE_WAIT ? TDREST_REPEAT_SAFE : TDREST_REPEAT_IDEMPOTENT);
        CHECK_INT(err.ran, p->phase < TDREST_PHASE_WAIT ? TDREST_RAN_NO : p->rows > 0 ? TDREST_RAN_YES : TDREST_RAN_MAYBE);
        finish(p);
    }
}

static void cancel_by_thread(void)
{
    cancel_everywhere(0);
}

static void cancel_by_signal(void)
{
    cancel_everywhere(1);
}

/* Without a running call nothing happens, and nothing is remembered. */
static void cancel_nothing(void)
{
    tdrest_result *res;

    begin(&places[2], "");
    tdrest_conn_cancel(conn);
    tdrt_dial_three(conn);
    tdrest_conn_cancel(conn);
    res = tdrt_dial_query(conn, "select three", NULL);
    tdrest_conn_cancel(conn);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    for (int i = 0; i < 100000; i++)
        tdrest_conn_cancel(conn);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CHECK_INT(tdrest_result_next(res), TDREST_DONE);
    tdrest_conn_cancel(conn);
    tdrest_result_free(res);
    finish(&places[2]);
}

static void cancel_while_storing(void)
{
    pthread_t thread;
    tdrest_result *res;

    begin(&places[4], "?stall_timeout_ms=5000");
    res = tdrt_dial_query(conn, "select read", NULL);
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, cancel_later, conn) == 0);
    CHECK_INT(tdrest_result_store(res), TDREST_ECANCELLED);
    pthread_join(thread, NULL);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CHECK_INT(tdrest_result_next(res), TDREST_ECANCELLED);
    CHECK_INT(tdrest_result_next(res), TDREST_ECANCELLED);
    CHECK_INT(tdrest_result_error(res)->code, TDREST_ECANCELLED);
    tdrest_result_free(res);
    finish(&places[4]);
}

/* ---- threads ---- */

enum { THREADS = 4, STATEMENTS = 300 };

typedef struct worker {
    pthread_t thread;
    tdrest_conn *conn;
    int done, cancelled, other;
} worker;

static atomic_int working;

static void *work(void *context)
{
    worker *w = (worker *)context;

    for (int i = 0; i < STATEMENTS; i++) {
        tdrest_error err;
        int64_t rows;
        int rc = tdrt_dial_ask(w->conn, "select three", NULL, &rows, &err);

        w->done += rc == TDREST_DONE && rows == 3;
        w->cancelled += rc == TDREST_ECANCELLED;
        w->other += (rc != TDREST_DONE || rows != 3) && rc != TDREST_ECANCELLED;
    }
    atomic_fetch_sub(&working, 1);
    return NULL;
}

/* Each thread has a connection; all are cancelled at any moment. A statement comes whole, or is cancelled. */
static void threads(void)
{
    worker workers[THREADS];
    int cancelled = 0;

    begin(&places[2], "");
    memset(workers, 0, sizeof workers);
    atomic_store(&working, THREADS);
    for (int i = 0; i < THREADS; i++) {
        workers[i].conn = tdrt_dial(&server, "?stall_timeout_ms=60000");
        CU_ASSERT_FATAL(pthread_create(&workers[i].thread, NULL, work, &workers[i]) == 0);
    }
    for (int i = 0; atomic_load(&working) > 0; i++) {
        /* Time for the server to start as many processes. */
        struct timespec pause = {0, i % THREADS != 0 ? 100000 : 5000000 * TDRT_SLOW * TDRT_SLOW};

        tdrest_conn_cancel(workers[i % THREADS].conn);
        nanosleep(&pause, NULL);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        CHECK(workers[i].done + workers[i].cancelled == STATEMENTS && workers[i].other == 0, "%d whole, %d cancelled, %d neither", workers[i].done,
              workers[i].cancelled, workers[i].other);
        cancelled += workers[i].cancelled;
        tdrt_dial_three(workers[i].conn);
        tdrest_conn_free(workers[i].conn);
    }
    printf(" %d of %d cancelled ", cancelled, THREADS * STATEMENTS);
    CU_ASSERT(cancelled > 0);
    finish(&places[2]);
}

CU_TestInfo tdrt_cancel[] = {
    {"time limits", time_limits},
    {"limits of calls", limits_of_calls},
    {"by another thread", cancel_by_thread},
    {"by a signal handler", cancel_by_signal},
    {"without a call", cancel_nothing},
    {"while storing", cancel_while_storing},
    {"threads", threads},
    CU_TEST_INFO_NULL,
};
