/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What a pool costs: threads that get a connection, ask a small statement and
 * put the connection back, beside as many threads with a libcurl easy handle
 * each that sends the same bytes. Of ours it sees tdrest.h only.
 */
#include "bench/pool_bench.h"

#include "bench/measure.h"
#include "bench/plain.h"
#include "bench/server.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

enum { ROUNDS = 7, STATEMENTS = 4000, THREADS_MAX = 16 };

#define TARGET_RATIO 1.3

/* Each of `threads` runs STATEMENTS / threads statements. */
typedef struct crew {
    int threads;
    tdrest_pool *pool;
    tdrt_plain plain[THREADS_MAX];
    atomic_int next; /* of plain, for the thread that comes */
    atomic_int failed;
} crew;

typedef struct spent {
    double cpu, wall;
} spent;

static void *work_with_pool(void *context)
{
    crew *c = (crew *)context;
    tdrest_conn *conn;

    for (int i = 0; i < STATEMENTS / c->threads; i++) {
        if (tdrest_pool_get(c->pool, -1, NULL, &conn) != TDREST_OK) {
            atomic_fetch_add(&c->failed, 1);
            continue;
        }
        if (!tdrt_small_ask(conn))
            atomic_fetch_add(&c->failed, 1);
        tdrest_pool_put(c->pool, conn);
    }
    return NULL;
}

static void *work_with_curl(void *context)
{
    crew *c = (crew *)context;
    tdrt_plain *own = &c->plain[atomic_fetch_add(&c->next, 1)];

    for (int i = 0; i < STATEMENTS / c->threads; i++)
        if (!tdrt_plain_ask(own))
            atomic_fetch_add(&c->failed, 1);
    return NULL;
}

static spent run(crew *c, void *(*work)(void *))
{
    pthread_t threads[THREADS_MAX];
    double cpu = tdrt_cpu_seconds(), wall = tdrt_wall_seconds();
    int started = 0;

    atomic_store(&c->next, 0);
    while (started < c->threads && pthread_create(&threads[started], NULL, work, c) == 0)
        started++;
    if (started < c->threads)
        atomic_fetch_add(&c->failed, 1);
    for (int i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    return (spent){tdrt_cpu_seconds() - cpu, tdrt_wall_seconds() - wall};
}

/* The first round connects and is not counted; who comes first changes with each. */
static int measure(crew *c, double *per_second, double *ratio)
{
    double speeds[ROUNDS], ratios[ROUNDS];
    spent ours, theirs;

    for (int i = -1; i < ROUNDS; i++) {
        if (i % 2 == 0)
            ours = run(c, work_with_pool);
        theirs = run(c, work_with_curl);
        if (i % 2 != 0)
            ours = run(c, work_with_pool);
        if (i >= 0) {
            speeds[i] = STATEMENTS / ours.wall;
            ratios[i] = ours.cpu / theirs.cpu;
        }
    }
    *per_second = tdrt_median(speeds, ROUNDS);
    *ratio = tdrt_median(ratios, ROUNDS);
    return atomic_load(&c->failed) == 0;
}

static int open_crew(crew *c, int threads, int port)
{
    tdrest_options *options = NULL;
    char dsn[64];
    int good;

    memset(c, 0, sizeof *c);
    c->threads = threads;
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d?pool_max=%d", port, threads);
    good = tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK &&
           tdrest_pool_new(options, &c->pool) == TDREST_OK;
    tdrest_options_free(options);
    for (int i = 0; good && i < threads; i++)
        good = tdrt_plain_open(&c->plain[i], port);
    return good;
}

static void close_crew(crew *c)
{
    tdrest_pool_free(c->pool);
    for (int i = 0; i < c->threads; i++)
        tdrt_plain_close(&c->plain[i]);
}

static int bench_threads(FILE *json, int threads, int port)
{
    static crew c;
    char what[64];
    double per_second, ratio;
    int good = open_crew(&c, threads, port) && measure(&c, &per_second, &ratio);

    close_crew(&c);
    if (!good) {
        fprintf(json, "\"threads_%d\":{\"statements_per_s\":null,\"cpu_ratio_vs_curl\":null}", threads);
        return 0;
    }
    fprintf(json, "\"threads_%d\":{\"statements_per_s\":%.0f,\"cpu_ratio_vs_curl\":%.3f}", threads, per_second, ratio);
    printf("pool, %2d threads %9.0f statements/s %24s %6.2f x the CPU of plain libcurl\n", threads, per_second, "", ratio);
    snprintf(what, sizeof what, "pool, %d threads: CPU beside plain libcurl", threads);
    tdrt_judge(what, ratio, TARGET_RATIO, "x");
    return 1;
}

int tdrt_pool_bench(FILE *json)
{
    static const int threads[] = {1, 4, THREADS_MAX};
    tdrt_bench_server server;
    int good = 1;

    if (!tdrt_bench_server_start(&server, tdrt_small_answer)) {
        fputs("the server of the measurements does not start\n", stderr);
        return 0;
    }
    fputs("\"pool\":{", json);
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        fputs(i == 0 ? "" : ",", json);
        good = bench_threads(json, threads[i], server.port) && good;
    }
    fputs("}", json);
    tdrt_bench_server_stop(&server);
    return good;
}
