/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A pool shared by threads: who waits for whom, and that nothing that goes wrong leaves anybody waiting. */
#include "dial.h"

#include "client/pool.h"

#include <pthread.h>

enum { CROWD = 200, ROUNDS = 5, PATIENCE = 60000 };

static tdrt_server server;
static tdrest_pool *pool;

/* Every second connection ends with its first statement, without an answer. */
static int answer(const tdrt_visit *visit)
{
    if (tdrt_starts(visit, "select luck") && visit->connection % 2 == 0)
        return tdrt_reset(visit);
    return tdrt_send_three(visit);
}

static tdrest_pool_counts stats(void)
{
    tdrest_pool_counts c = TDREST_POOL_COUNTS_INIT;

    CHECK_INT(tdrest_pool_stats(pool, &c), TDREST_OK);
    return c;
}

static void check_sums(void)
{
    tdrest_pool_counts c = stats();

    CHECK_INT(c.in_use, 0);
    CHECK_INT(c.waiting, 0);
    CHECK_INT(c.made, c.idle + c.closed_failed + c.closed_stale + c.closed_idle + c.closed_lifetime + c.closed_freed);
}

static void begin(const char *parameters)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    pool = tdrt_dial_pool(&server, parameters);
}

static void finish(void)
{
    check_sums();
    tdrest_pool_free(pool);
    tdrt_server_stop(&server);
}

static tdrest_conn *get(void)
{
    tdrest_conn *conn;

    CU_ASSERT_FATAL(tdrest_pool_get(pool, PATIENCE, NULL, &conn) == TDREST_OK);
    return conn;
}

/* Those who gave up count, too. */
static void wait_for_waiters(int64_t count)
{
    while (stats().waiting + stats().timeouts < count)
        tdrt_pause(1);
}

/* ---- one waiter ---- */

typedef struct waiting {
    pthread_t thread;
    int64_t wait_ms;
    int rc;
    tdrest_conn *conn;
    tdrest_error err;
    int turn; /* when it was served */
} waiting;

static pthread_mutex_t turns = PTHREAD_MUTEX_INITIALIZER;
static int turn;

static void *stand_in_line(void *context)
{
    waiting *w = (waiting *)context;

    w->err = TDREST_ERROR_INIT;
    w->rc = tdrest_pool_get(pool, w->wait_ms, &w->err, &w->conn);
    pthread_mutex_lock(&turns);
    w->turn = ++turn;
    pthread_mutex_unlock(&turns);
    if (w->rc == TDREST_OK)
        tdrest_pool_put(pool, w->conn);
    return NULL;
}

/* A thread that waits, behind `before` others. */
static void send_in_line(waiting *w, int before, int64_t wait_ms)
{
    w->wait_ms = wait_ms;
    CU_ASSERT_FATAL(pthread_create(&w->thread, NULL, stand_in_line, w) == 0);
    wait_for_waiters(before + 1);
}

/* First come, first served; who comes when a connection is given back does not overtake. */
static void first_come(void)
{
    waiting line[8];
    tdrest_conn *held, *conn;

    begin("?pool_max=1");
    held = get();
    turn = 0;
    for (int i = 0; i < (int)COUNT_OF(line); i++)
        send_in_line(&line[i], i, PATIENCE);
    CHECK_INT(tdrest_pool_get(pool, 0, NULL, &conn), TDREST_ETIMEOUT);
    tdrest_pool_put(pool, held);
    for (size_t i = 0; i < COUNT_OF(line); i++) {
        pthread_join(line[i].thread, NULL);
        CHECK_INT(line[i].rc, TDREST_OK);
        CHECK_INT(line[i].turn, i + 1);
        CU_ASSERT(line[i].conn == held); /* handed over as it is */
    }
    CHECK_INT(stats().made, 1);
    CHECK_INT(stats().waits, COUNT_OF(line));
    finish();
}

/* The first, one in the middle, and the last give up after so long. 0: one of them did before all were in line. */
static int give_up(int64_t after_ms)
{
    waiting line[5], late;
    tdrest_conn *held;
    int all;

    begin("?pool_max=1");
    held = get();
    for (int i = 0; i < (int)COUNT_OF(line); i++)
        send_in_line(&line[i], i, i % 2 == 0 ? after_ms : PATIENCE);
    all = stats().waiting == COUNT_OF(line);
    for (size_t i = 0; i < COUNT_OF(line); i += 2) {
        pthread_join(line[i].thread, NULL);
        CHECK_INT(line[i].rc, TDREST_ETIMEOUT);
        CHECK_INT(line[i].err.code, TDREST_ETIMEOUT);
    }
    send_in_line(&late, 5, PATIENCE); /* behind the last one that is left, and the three that are not */
    tdrest_pool_put(pool, held);
    pthread_join(late.thread, NULL);
    CHECK_INT(late.rc, TDREST_OK);
    for (size_t i = 1; i < COUNT_OF(line); i += 2) {
        pthread_join(line[i].thread, NULL);
        CHECK_INT(line[i].rc, TDREST_OK);
    }
    CHECK_INT(stats().timeouts, 3);
    finish();
    return all;
}

/* Those who give up leave the line whole. */
static void giving_up(void)
{
    int all = 0;

    for (int64_t ms = 300; !all && ms <= PATIENCE / 2; ms *= 2)
        all = give_up(ms);
    CHECK(all, "%s", "they never stood in line together");
}

static int lose_by_failure(tdrest_conn *conn)
{
    int rc = tdrest_exec(conn, "select luck", TDREST_CSTR, NULL, NULL);

    tdrest_pool_put(pool, conn);
    return rc;
}

static int lose_by_free(tdrest_conn *conn)
{
    tdrest_conn_free(conn);
    return TDREST_ECONNECT;
}

/* A connection that is not kept leaves its place to who waits. */
static void lost_connections(void)
{
    static int (*const ways[])(tdrest_conn *) = {lose_by_failure, lose_by_free};
    waiting w;
    tdrest_conn *conn;

    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        begin("?pool_max=1");
        conn = get();
        CHECK_INT(tdrest_exec(conn, "select three", TDREST_CSTR, NULL, NULL), TDREST_OK);
        tdrest_conn_free(conn); /* the next TCP connection is the second, which is unlucky */
        conn = get();
        send_in_line(&w, 0, PATIENCE);
        CHECK_INT(ways[i](conn), TDREST_ECONNECT);
        pthread_join(w.thread, NULL);
        CHECK_INT(w.rc, TDREST_OK);
        CHECK_INT(stats().made, 3);
        finish();
    }
}

/* Freeing the pool ends the waits, at once. */
static void freed(void)
{
    waiting line[3];
    tdrest_conn *held;
    int64_t before;

    begin("?pool_max=1");
    held = get();
    for (int i = 0; i < (int)COUNT_OF(line); i++)
        send_in_line(&line[i], i, PATIENCE);
    before = tdrt_now_ms();
    tdrest_pool_free(pool);
    for (size_t i = 0; i < COUNT_OF(line); i++) {
        pthread_join(line[i].thread, NULL);
        CHECK_INT(line[i].rc, TDREST_EUSAGE);
        CHECK_TEXT(line[i].err.message, "the pool was freed");
    }
    CHECK(tdrt_now_ms() - before < PATIENCE / 2, "%" PRId64 " ms", tdrt_now_ms() - before);
    tdrt_dial_three(held);
    tdrest_pool_put(pool, held);
    tdrt_server_stop(&server);
}

/* ---- a crowd ---- */

static void *take_turns(void *context)
{
    tdrest_conn *conn;

    for (int i = 0; i < ROUNDS; i++) {
        if (tdrest_pool_get(pool, PATIENCE, NULL, &conn) != TDREST_OK)
            continue;
        tdrt_pause(2);
        tdrest_pool_put(pool, conn);
        *(int *)context += 1;
    }
    return NULL;
}

/* A crowd takes its turns: the longest wait and the mean in microseconds. */
static void wait_in_crowd(int64_t *longest, int64_t *mean)
{
    static pthread_t threads[CROWD];
    static int served[CROWD];
    tdrest_pool_counts c;
    int all = 0;

    begin("?pool_max=5");
    for (int i = 0; i < CROWD; i++) {
        served[i] = 0;
        CU_ASSERT_FATAL(pthread_create(&threads[i], NULL, take_turns, &served[i]) == 0);
    }
    for (int i = 0; i < CROWD; i++) {
        pthread_join(threads[i], NULL);
        all += served[i];
    }
    c = stats();
    CHECK_INT(all, CROWD * ROUNDS);
    CHECK_INT(c.gets, CROWD * ROUNDS);
    CHECK_INT(c.timeouts, 0);
    CHECK(c.made <= 5, "%" PRId64 " made", c.made);
    *longest = c.longest_wait_us;
    *mean = c.waits == 0 ? 0 : c.waited_us / c.waits;
    finish();
}

/* Nobody waits much longer than the others. A machine that stops a thread for a moment does so once; a queue that is not fair always is. */
static void crowd(void)
{
    int64_t longest = 1, mean = 0;

    for (int i = 0; i < 20 && longest > 3 * mean; i++)
        wait_in_crowd(&longest, &mean);
    CHECK(longest <= 3 * TDRT_SLOW * mean, "the longest wait was %" PRId64 " us, the mean %" PRId64 " us", longest, mean);
}

/* A clock on which every reading is a second after the one before: whatever is idle is looked at, while others take it. */
static _Atomic int64_t hurry;

static int64_t read_hurry(void *context)
{
    (void)context;
    return atomic_fetch_add(&hurry, 1000);
}

static void *take_turns_with_pauses(void *context)
{
    uint64_t seed = (uint64_t)(uintptr_t)context;
    tdrest_conn *conn;

    for (int i = 0; i < 200; i++) {
        if (tdrest_pool_get(pool, PATIENCE, NULL, &conn) != TDREST_OK)
            continue;
        tdrt_pause((int)(tdri_random_next(&seed) % 2));
        tdrest_pool_put(pool, conn);
        tdrt_pause((int)(tdri_random_next(&seed) % 3));
        *(int *)context += 1;
    }
    return NULL;
}

/* Looking at idle connections neither loses one nor makes more of them than are needed. */
static void looked_at(void)
{
    static pthread_t threads[16];
    static int served[16];
    int all = 0;

    begin("?pool_max=8&pool_idle_ms=0&pool_ping_ms=0&pool_lifetime_ms=0");
    pool->clock = (tdri_clock){read_hurry, NULL};
    for (int i = 0; i < 16; i++) {
        served[i] = 0;
        CU_ASSERT_FATAL(pthread_create(&threads[i], NULL, take_turns_with_pauses, &served[i]) == 0);
    }
    for (int i = 0; i < 16; i++) {
        pthread_join(threads[i], NULL);
        all += served[i];
    }
    CHECK_INT(all, 16 * 200);
    CHECK_INT(stats().timeouts, 0);
    CHECK(stats().made == stats().idle && stats().made <= 8, "%" PRId64 " made", stats().made);
    finish();
}

/* ---- what goes wrong ---- */

typedef struct unlucky {
    pthread_t thread;
    uint64_t seed;
    int done, out_of_memory, broken, other;
    int64_t longest_ms;
} unlucky;

/* An allocator whose allocations fail now and then. */
static _Thread_local uint64_t *fate; /* NULL: they do not */

static int is_refused(void)
{
    return fate != NULL && tdri_random_next(fate) % 40 == 0;
}

static void *alloc_or_not(void *context, size_t bytes)
{
    (void)context;
    return is_refused() ? NULL : malloc(bytes);
}

static void *resize_or_not(void *context, void *old, size_t bytes)
{
    (void)context;
    return is_refused() ? NULL : realloc(old, bytes);
}

static void release(void *context, void *old)
{
    (void)context;
    free(old);
}

static const tdrest_allocator scarce = {sizeof scarce, NULL, alloc_or_not, resize_or_not, release};

static void note(unlucky *u, int rc)
{
    *(rc >= 0 ? &u->done : rc == TDREST_ENOMEM ? &u->out_of_memory : rc == TDREST_ECONNECT ? &u->broken : &u->other) += 1;
}

static void *try_luck(void *context)
{
    unlucky *u = (unlucky *)context;
    tdrest_conn *conn;
    int64_t before;
    int rc;

    fate = &u->seed;
    for (int i = 0; i < 50; i++) {
        before = tdrt_now_ms();
        rc = tdrest_pool_get(pool, PATIENCE, NULL, &conn);
        before = tdrt_now_ms() - before;
        if (before > u->longest_ms)
            u->longest_ms = before;
        if (rc == TDREST_OK) {
            rc = tdrest_exec(conn, "select luck", TDREST_CSTR, NULL, NULL);
            tdrest_pool_put(pool, conn);
        }
        note(u, rc);
    }
    fate = NULL;
    return NULL;
}

/* A pool of 2 for 16 threads; half of the connections break, and memory is short. */
static void everything_fails(void)
{
    unlucky all[16];
    tdrest_options *options = NULL;
    char dsn[96];
    int done = 0, failed = 0;

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?pool_max=2&retry=never", server.port);
    CU_ASSERT_FATAL(tdrest_options_new(&scarce, &options) == TDREST_OK);
    CU_ASSERT_FATAL(tdrest_options_parse(options, dsn) == TDREST_OK && tdrest_pool_new(options, &pool) == TDREST_OK);
    tdrest_options_free(options);
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        all[i] = (unlucky){.seed = i};
        CU_ASSERT_FATAL(pthread_create(&all[i].thread, NULL, try_luck, &all[i]) == 0);
    }
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        pthread_join(all[i].thread, NULL);
        CHECK_INT(all[i].other, 0);
        CHECK(all[i].longest_ms < PATIENCE, "%" PRId64 " ms", all[i].longest_ms);
        done += all[i].done;
        failed += all[i].out_of_memory > 0 && all[i].broken > 0;
    }
    CHECK(done > 0 && failed > 0, "%d done, %d threads saw both failures", done, failed);
    CHECK_INT(stats().timeouts, 0);
    CU_ASSERT(stats().closed_failed > 0);
    finish();
}

CU_TestInfo tdrt_pool_threads[] = {
    {"first come, first served", first_come},
    {"giving up", giving_up},
    {"lost connections", lost_connections},
    {"freed pool", freed},
    {"crowd", crowd},
    {"looked at", looked_at},
    {"everything fails", everything_fails},
    CU_TEST_INFO_NULL,
};
