/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Threads against tdrest-replay, first with a connection each, then with a pool,
 * while one more thread cancels their calls at random moments: each call is
 * answered as recorded, or is cancelled. Knows only the public header. Prints "N passed, N failed".
 *
 *     tdrt-threads URL
 */
#include <tdrest.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { WORKERS = 4, SHARERS = 16, STATEMENTS = 200 };

/* Statements and what is recorded of them: rows, or the error when there are none. */
typedef struct recorded {
    const char *sql;
    int rows;
    int code;
} recorded;

static const recorded statements[] = {
    {"select * from wire_ms.e1", 3, TDREST_OK},
    {"select * from wire_ms.nope", 0, TDREST_ESERVER},
    {"select * from wire_ns.e1", 3, TDREST_OK},
    {"select * from wire_ms.long", 20000, TDREST_OK},
};

typedef struct worker {
    const char *url;
    pthread_t thread;
    pthread_mutex_t lock; /* a connection does not end while it is cancelled */
    tdrest_conn *conn;    /* NULL: none at the moment */
    uint32_t seed;
    int left_alone; /* 1: nobody cancels now */
    int right; /* calls */
    int cancelled;
    char wrong[512]; /* the first call that was neither */
} worker;

static worker workers[SHARERS];
static int count; /* of workers that run */
static atomic_int done;
static tdrest_pool *pool;
static int passed, failed;

static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

static void check(int good, int number, const char *what, const char *why)
{
    *(good ? &passed : &failed) += 1;
    printf("%s thread %d: %s%s%s\n", good ? "ok     " : "FAILED ", number, what, *why != '\0' ? ": " : "", why);
}

/* Rows, until the code. */
static int read_rows(tdrest_result *res, int *rows)
{
    const tdrest_block *block;
    int rc;

    while ((rc = tdrest_result_next_block(res, &block)) == TDREST_ROW)
        *rows += (int)tdrest_block_rows(block);
    return rc == TDREST_DONE ? TDREST_OK : rc;
}

static void ask(worker *w, const recorded *s)
{
    tdrest_conn *conn = w->conn;
    tdrest_result *res;
    int rows = 0, rc = tdrest_query(conn, s->sql, TDREST_CSTR, NULL, &res);
    const tdrest_error *error = tdrest_conn_error(conn);

    if (rc == TDREST_OK) {
        rc = read_rows(res, &rows);
        error = tdrest_result_error(res);
    }
    if (rc == s->code && rows == s->rows)
        w->right++;
    else if (rc == TDREST_ECANCELLED && error->code == rc && rows <= s->rows)
        w->cancelled++;
    else if (w->wrong[0] == '\0')
        snprintf(w->wrong, sizeof w->wrong, "%s: %d, %d rows, %.300s", s->sql, rc, rows, error->message);
    tdrest_result_free(res);
}

/* Long answers are one in sixteen. */
static const recorded *any_statement(worker *w, int i)
{
    return &statements[i % 16 == 15 ? 3 : next_random(&w->seed) % 3];
}

/* One call in four is left alone, so that some are answered, however slow the machine is. */
static void set_conn(worker *w, tdrest_conn *conn, int i)
{
    pthread_mutex_lock(&w->lock);
    w->conn = conn;
    w->left_alone = i % 4 == 3;
    pthread_mutex_unlock(&w->lock);
}

static void *work(void *context)
{
    worker *w = (worker *)context;
    tdrest_conn *conn;

    if (tdrest_open(w->url, &conn, w->wrong, sizeof w->wrong) == TDREST_OK) {
        for (int i = 0; i < STATEMENTS; i++) {
            set_conn(w, conn, i);
            ask(w, any_statement(w, i));
        }
        set_conn(w, conn, 0);
        for (; w->cancelled == 0 && w->wrong[0] == '\0'; w->right--) /* on a fast one: again, in place of one that was answered */
            ask(w, &statements[3]);
    }
    atomic_fetch_add(&done, 1);
    return NULL;
}

/* The same with connections of the pool; now and then a result is still open when its connection goes back, or the connection is freed instead. */
static void *share(void *context)
{
    worker *w = (worker *)context;
    tdrest_error error = TDREST_ERROR_INIT;
    tdrest_result *res = NULL;
    tdrest_conn *conn;

    for (int i = 0; i < STATEMENTS; i++) {
        if (tdrest_pool_get(pool, -1, &error, &conn) != TDREST_OK) {
            snprintf(w->wrong, sizeof w->wrong, "%.500s", error.message);
            break;
        }
        set_conn(w, conn, i);
        ask(w, any_statement(w, i));
        if (i % 8 == 0)
            (void)!tdrest_query(conn, statements[3].sql, TDREST_CSTR, NULL, &res);
        set_conn(w, NULL, i);
        if (i % 32 == 0)
            tdrest_conn_free(conn);
        else
            tdrest_pool_put(pool, conn);
        tdrest_result_free(res);
        res = NULL;
    }
    atomic_fetch_add(&done, 1);
    return NULL;
}

/* Moments are up to two milliseconds apart: within that a short call begins and ends. */
static void *disturb(void *context)
{
    uint32_t seed = 7;
    worker *w;

    (void)context;
    while (atomic_load(&done) < count) {
        struct timespec moment = {0, (long)(next_random(&seed) % 2000) * 1000};

        nanosleep(&moment, NULL);
        w = &workers[next_random(&seed) % (uint32_t)count];
        pthread_mutex_lock(&w->lock);
        if (w->conn != NULL && !w->left_alone)
            tdrest_conn_cancel(w->conn);
        pthread_mutex_unlock(&w->lock);
    }
    return NULL;
}

/* What the thread saw. */
static void judge(const worker *w, int number)
{
    check(w->wrong[0] == '\0' && w->right + w->cancelled == STATEMENTS, number, "answered as recorded or cancelled", w->wrong);
}

static void judge_sums(int number, int right, int cancelled)
{
    char counts[64];

    snprintf(counts, sizeof counts, "%d answered, %d cancelled", right, cancelled);
    check(right > 0 && cancelled > 0, number, "both happened", counts);
}

/* What is left when all is quiet: a connection that works. */
static void finish(worker *w, int number)
{
    judge(w, number);
    judge_sums(number, w->right, w->cancelled);
    w->right = w->cancelled = 0;
    if (w->conn != NULL)
        for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
            ask(w, &statements[i]);
    check(w->right == (int)(sizeof statements / sizeof *statements), number, "answers when nobody cancels", w->wrong);
    tdrest_conn_free(w->conn);
}

/* A pool of 4 for all, with limits so short that connections age all the time. 1 when it could be made. */
static int open_pool(const char *url)
{
    tdrest_options *options = NULL;
    char dsn[256];
    int rc = tdrest_options_new(NULL, &options);

    snprintf(dsn, sizeof dsn, "%s?pool_max=4&pool_idle_ms=4&pool_ping_ms=2&pool_lifetime_ms=5", url);
    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, dsn);
    if (rc == TDREST_OK)
        rc = tdrest_pool_new(options, &pool);
    tdrest_options_free(options);
    return rc == TDREST_OK;
}

static void finish_pool(void)
{
    tdrest_pool_counts c = TDREST_POOL_COUNTS_INIT;
    char counts[160];
    int right = 0, cancelled = 0;

    for (int i = 0; i < SHARERS; i++) {
        judge(&workers[i], i + 1);
        right += workers[i].right;
        cancelled += workers[i].cancelled;
    }
    judge_sums(0, right, cancelled);
    (void)tdrest_pool_stats(pool, &c);
    check(c.gets == (int64_t)SHARERS * STATEMENTS && c.timeouts == 0 && c.in_use == 0 && c.waiting == 0, 0, "everybody got a connection of the pool", "");
    snprintf(counts, sizeof counts, "%lld made, %lld failed, %lld idle, %lld old, %lld freed, %lld tried", (long long)c.made, (long long)c.closed_failed,
             (long long)c.closed_idle, (long long)c.closed_lifetime, (long long)c.closed_freed, (long long)c.pings);
    check(c.made == c.idle + c.closed_failed + c.closed_stale + c.closed_idle + c.closed_lifetime + c.closed_freed, 0, "the counts add up", counts);
    check(c.closed_failed > 0 && c.closed_idle + c.closed_lifetime > 0 && c.closed_freed > 0, 0, "all ways to end happened", counts);
    tdrest_pool_free(pool);
}

/* Runs so many threads, and the one that disturbs them, to their end. 1 when they could be started. */
static int run(int threads, void *(*body)(void *), const char *url)
{
    pthread_t disturber;

    count = threads;
    atomic_store(&done, 0);
    for (int i = 0; i < threads; i++) {
        workers[i] = (worker){.url = url, .seed = (uint32_t)i + 1};
        if (pthread_mutex_init(&workers[i].lock, NULL) != 0 || pthread_create(&workers[i].thread, NULL, body, &workers[i]) != 0)
            return 0;
    }
    if (pthread_create(&disturber, NULL, disturb, NULL) != 0)
        return 0;
    for (int i = 0; i < threads; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_join(disturber, NULL);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: tdrt-threads URL\n", stderr);
        return 2;
    }
    if (!run(WORKERS, work, argv[1]))
        return 2;
    for (int i = 0; i < WORKERS; i++)
        finish(&workers[i], i + 1);
    if (!open_pool(argv[1]) || !run(SHARERS, share, argv[1]))
        return 2;
    finish_pool();
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
