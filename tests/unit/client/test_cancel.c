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

static tdrt_server server;
static tdrest_conn *conn;

enum { PATIENCE = 20000 }; /* milliseconds after which a call that is not ended by what is tested ends anyway */

/* "select wait": no answer; "select head": not all of the columns; "select read": 2 rows, and no more. */
static int answer_slowly(const tdrt_visit *visit)
{
    tdrt_answer a = {.body = TDRT_THREE, .chunk = 16, .pause_ms = 4 * PATIENCE};

    if (strcmp(visit->sql, "select three") == 0)
        a.pause_ms = 0;
    else if (strcmp(visit->sql, "select head") == 0)
        a.pause_at = 10;
    else if (strcmp(visit->sql, "select read") == 0)
        a.pause_at = sizeof TDRT_START "[1],[2]," - 1;
    else
        return tdrt_hold(visit);
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

/* The server's part in coming to the place. */
static int is_reached(const place *p)
{
    if (p->blocked)
        return 1;
    if (p->phase == TDREST_PHASE_READ)
        return atomic_load(&server.counts->pauses) > 0;
    return p->deaf ? atomic_load(&server.counts->connections) > 0 : atomic_load(&server.counts->used) > 0;
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
    const char *parameters; /* %d: the limit */
    const char *message;
    int everywhere; /* 0: while connecting only */
    int rows;       /* 1: also after the columns came */
} limit;

static const limit limits[] = {
    {"?stall_timeout_ms=%d", "stall_timeout_ms", 1, 1},
    {"?timeout_ms=%d&stall_timeout_ms=60000", "timeout_ms", 1, 0},
    {"?connect_timeout_ms=%d&stall_timeout_ms=60000", "", 0, 0},
};

/* 0 when the limit was too short to come to the place. */
static int hold_up(const place *p, const limit *l, int limit_ms, int is_last)
{
    int64_t from, took, rows;
    char parameters[128];
    tdrest_error err;
    int rc, came;

    snprintf(parameters, sizeof parameters, l->parameters, limit_ms);
    begin(p, parameters);
    from = tdrt_now_ms();
    rc = tdrt_dial_ask(conn, statement(p), NULL, &rows, &err);
    took = tdrt_now_ms() - from;
    came = err.phase >= p->phase && rows >= p->rows;
    if (came || is_last) {
        CHECK(rc == TDREST_ETIMEOUT && rows == p->rows && took >= limit_ms - 5 && took < limit_ms + PATIENCE / 2, "%s, %s: %s after %" PRId64 " ms, %" PRId64 " rows: %s",
              p->name, parameters, tdrest_code_name(rc), took, rows, err.message);
        CHECK(err.phase == p->phase && strstr(err.message, l->message) != NULL, "%s, %s: phase %d: %s", p->name, parameters, err.phase, err.message);
        CHECK_INT(err.repeat, p->phase < TDREST_PHASE_WAIT ? TDREST_REPEAT_SAFE : TDREST_REPEAT_IDEMPOTENT);
    }
    finish(p);
    return came;
}

/* A busy machine may need longer to come to the place. */
static void hold_up_long_enough(const place *p, const limit *l)
{
    enum { LONGEST = 6400 };

    for (int ms = 200; !hold_up(p, l, ms, ms >= LONGEST) && ms < LONGEST; ms *= 2)
        ;
}

static void time_limits(void)
{
    for (size_t i = 0; i < COUNT_OF(limits); i++)
        for (size_t k = 0; k < COUNT_OF(places); k++)
            if ((limits[i].everywhere || places[k].blocked) && (limits[i].rows || places[k].rows == 0))
                hold_up_long_enough(&places[k], &limits[i]);
}

/* A call's own limits go before those of its connection; exec has the total limit to its end. */
static void limits_of_calls(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_error err;
    int64_t from, rows;

    begin(&places[2], "?timeout_ms=60000&stall_timeout_ms=60000");
    call.timeout_ms = 150;
    from = tdrt_now_ms();
    CHECK_INT(tdrest_exec(conn, "insert wait", TDREST_CSTR, &call, NULL), TDREST_ETIMEOUT);
    CHECK(tdrt_now_ms() - from < 20000, "%" PRId64 " ms", tdrt_now_ms() - from);
    call.timeout_ms = 0;
    call.stall_timeout_ms = 150;
    CHECK_INT(tdrest_exec(conn, "insert wait", TDREST_CSTR, &call, NULL), TDREST_ETIMEOUT);
    CHECK(tdrt_now_ms() - from < 40000, "%" PRId64 " ms", tdrt_now_ms() - from);
    call.timeout_ms = call.stall_timeout_ms = INT64_MAX;
    CHECK_INT(tdrt_dial_ask(conn, "select three", &call, &rows, &err), TDREST_DONE);
    finish(&places[2]);
}

/* ---- cancelling ---- */

static atomic_llong cancelled_at;

/* Who waits for the call that is to be cancelled, and how. */
typedef struct canceller {
    const place *place;
    long caller;
    pthread_t caller_thread;
    int by_signal;
    pthread_t thread;
} canceller;

/* Once the exchange has come to the place where it stops. */
static void *cancel_there(void *context)
{
    const canceller *c = (const canceller *)context;

    for (int i = 0; i < 60000 && !is_reached(c->place); i++)
        tdrt_pause(1);
    tdrt_await_asleep(c->caller);
    atomic_store(&cancelled_at, tdrt_now_ms());
    if (c->by_signal)
        pthread_kill(c->caller_thread, SIGALRM);
    else
        tdrest_conn_cancel(conn);
    return NULL;
}

static void start_cancelling(canceller *c, const place *p, int by_signal)
{
    *c = (canceller){.place = p, .caller = tdrt_thread_id(), .caller_thread = pthread_self(), .by_signal = by_signal};
    CU_ASSERT_FATAL(pthread_create(&c->thread, NULL, cancel_there, c) == 0);
}

static tdrest_conn *volatile signalled;

static void on_alarm(int number)
{
    (void)number;
    tdrest_conn_cancel(signalled);
}

/* The statement, ended by a cancel from outside. */
static int ask_and_cancel(const place *p, int by_signal, int64_t *rows, tdrest_error *err)
{
    struct sigaction action, before;
    canceller c;
    int rc;

    signalled = conn;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, &before);
    start_cancelling(&c, p, by_signal);
    rc = tdrt_dial_ask(conn, statement(p), NULL, rows, err);
    pthread_join(c.thread, NULL);
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

        begin(p, "?stall_timeout_ms=20000");
        atomic_store(&cancelled_at, 0);
        rc = ask_and_cancel(p, by_signal, &rows, &err);
        late = tdrt_now_ms() - atomic_load(&cancelled_at);
        CHECK(rc == TDREST_ECANCELLED && rows == p->rows && late < PATIENCE / 2, "%s: %s %" PRId64 " ms late, %" PRId64 " rows: %s", p->name,
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
    canceller c;
    tdrest_result *res;

    begin(&places[4], "?stall_timeout_ms=20000");
    res = tdrt_dial_query(conn, "select read", NULL);
    start_cancelling(&c, &places[4], 0);
    CHECK_INT(tdrest_result_store(res), TDREST_ECANCELLED);
    pthread_join(c.thread, NULL);
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
    int statements, done, cancelled, other;
} worker;

static atomic_int working, cancels; /* that one was cancelled */

static void *work(void *context)
{
    worker *w = (worker *)context;

    for (; w->statements < STATEMENTS || (atomic_load(&cancels) == 0 && w->statements < 1000 * STATEMENTS); w->statements++) {
        tdrest_error err;
        int64_t rows;
        int rc = tdrt_dial_ask(w->conn, "select three", NULL, &rows, &err);

        w->done += rc == TDREST_DONE && rows == 3;
        w->cancelled += rc == TDREST_ECANCELLED;
        if (rc == TDREST_ECANCELLED)
            atomic_store(&cancels, 1);
        w->other += (rc != TDREST_DONE || rows != 3) && rc != TDREST_ECANCELLED;
    }
    atomic_fetch_sub(&working, 1);
    return NULL;
}

/* Each thread has a connection; all are cancelled at any moment, until at least one statement was. A statement comes whole, or is cancelled. */
static void threads(void)
{
    worker workers[THREADS];
    int cancelled = 0, statements = 0;

    begin(&places[2], "");
    atomic_store(&cancels, 0);
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
        CHECK(workers[i].done + workers[i].cancelled == workers[i].statements && workers[i].other == 0, "%d whole, %d cancelled, %d neither", workers[i].done,
              workers[i].cancelled, workers[i].other);
        cancelled += workers[i].cancelled;
        statements += workers[i].statements;
        tdrt_dial_three(workers[i].conn);
        tdrest_conn_free(workers[i].conn);
    }
    printf(" %d of %d cancelled ", cancelled, statements);
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
