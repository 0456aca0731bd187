/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Threads with a connection each against tdrest-replay, while one more thread
 * cancels their calls at random moments: each call is answered as recorded, or
 * is cancelled. Knows only the public header. Prints "N passed, N failed".
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

enum { WORKERS = 4, STATEMENTS = 200 };

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
    _Atomic(tdrest_conn *) conn; /* NULL: not open yet */
    uint32_t seed;
    int right; /* calls */
    int cancelled;
    char wrong[512]; /* the first call that was neither */
} worker;

static worker workers[WORKERS];
static atomic_int done; /* workers */
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
    tdrest_conn *conn = atomic_load(&w->conn);
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
static void *work(void *context)
{
    worker *w = (worker *)context;
    tdrest_conn *conn;

    if (tdrest_open(w->url, &conn, w->wrong, sizeof w->wrong) == TDREST_OK) {
        atomic_store(&w->conn, conn);
        for (int i = 0; i < STATEMENTS; i++)
            ask(w, &statements[i % 16 == 15 ? 3 : next_random(&w->seed) % 3]);
    }
    atomic_fetch_add(&done, 1);
    return NULL;
}

/* Moments are up to two milliseconds apart: within that a short call begins and ends. */
static void *disturb(void *context)
{
    uint32_t seed = 7;
    tdrest_conn *conn;

    (void)context;
    while (atomic_load(&done) < WORKERS) {
        struct timespec moment = {0, (long)(next_random(&seed) % 2000) * 1000};

        nanosleep(&moment, NULL);
        conn = atomic_load(&workers[next_random(&seed) % WORKERS].conn);
        if (conn != NULL)
            tdrest_conn_cancel(conn);
    }
    return NULL;
}

/* What is left when all is quiet: a connection that works. */
static void finish(worker *w, int number)
{
    char counts[64];

    check(w->wrong[0] == '\0' && w->right + w->cancelled == STATEMENTS, number, "answered as recorded or cancelled", w->wrong);
    snprintf(counts, sizeof counts, "%d answered, %d cancelled", w->right, w->cancelled);
    check(w->right > 0 && w->cancelled > 0, number, "both happened", counts);
    w->right = w->cancelled = 0;
    if (atomic_load(&w->conn) != NULL)
        for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
            ask(w, &statements[i]);
    check(w->right == (int)(sizeof statements / sizeof *statements), number, "answers when nobody cancels", w->wrong);
    tdrest_conn_free(atomic_load(&w->conn));
}

int main(int argc, char **argv)
{
    pthread_t disturber;
    int started = 0;

    if (argc != 2) {
        fputs("usage: tdrt-threads URL\n", stderr);
        return 2;
    }
    for (; started < WORKERS; started++) {
        workers[started].url = argv[1];
        workers[started].seed = (uint32_t)started + 1;
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0)
            return 2;
    }
    if (pthread_create(&disturber, NULL, disturb, NULL) != 0)
        return 2;
    for (int i = 0; i < WORKERS; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_join(disturber, NULL);
    for (int i = 0; i < WORKERS; i++)
        finish(&workers[i], i + 1);
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
