/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A thousand small statements in flight on one thread: through an async object, and through a bare loop over libcurl's multi handle that sends
 * the same bytes and starts the next request when one is done. Of ours it sees tdrest.h only.
 */
#include "bench/async_bench.h"

#include "bench/measure.h"
#include "bench/plain.h"
#include "bench/server.h"

#include <sys/resource.h>

#ifndef TDREST_NO_ASYNC

enum { ROUNDS = 7, IN_FLIGHT = 1000, REQUESTS = 10000 };

#define TARGET_RATIO 1.4

/* ---- ours ---- */

typedef struct ours {
    tdrest_async *async;
    int started, ended, failed;
    int64_t sum;
} ours;

static void start_next(ours *o);

static void on_rows(void *user, tdrest_request *request, tdrest_result *rows)
{
    int64_t value;

    (void)request;
    while (tdrest_result_next(rows) == TDREST_ROW)
        if (tdrest_result_int64(rows, 0, &value) == TDREST_OK)
            ((ours *)user)->sum += value;
}

static void on_end(void *user, tdrest_request *request, const tdrest_error *error)
{
    ours *o = (ours *)user;

    (void)request;
    o->ended++;
    o->failed += error->code != TDREST_OK;
    start_next(o);
}

static void start_next(ours *o)
{
    static const tdrest_async_callbacks callbacks = {sizeof callbacks, on_rows, on_end};

    if (o->started == REQUESTS)
        return;
    o->started++;
    if (tdrest_async_query(o->async, "SELECT 1", 8, NULL, &callbacks, o, NULL) != TDREST_OK)
        o->failed++;
}

static double run_ours(ours *o)
{
    double cpu = tdrt_cpu_seconds();

    o->started = o->ended = 0;
    o->sum = 0;
    for (int i = 0; i < IN_FLIGHT; i++)
        start_next(o);
    if (tdrest_async_run(o->async, 60000) != TDREST_DONE || o->ended != REQUESTS || o->sum != REQUESTS)
        o->failed++;
    return tdrt_cpu_seconds() - cpu;
}

static tdrest_async *open_ours(int port)
{
    tdrest_options *options = NULL;
    tdrest_async *async = NULL;
    char dsn[96];

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d?max_per_host=%d", port, IN_FLIGHT);
    if (tdrest_options_new(NULL, &options) != TDREST_OK || tdrest_options_parse(options, dsn) != TDREST_OK || tdrest_async_new(options, &async) != TDREST_OK)
        async = NULL;
    tdrest_options_free(options);
    return async;
}

/* ---- libcurl's ---- */

typedef struct theirs {
    CURLM *multi;
    tdrt_plain plain[IN_FLIGHT];
    int opened, failed;
} theirs;

static int open_theirs(theirs *t, int port)
{
    t->multi = curl_multi_init();
    if (t->multi == NULL)
        return 0;
    curl_multi_setopt(t->multi, CURLMOPT_MAXCONNECTS, (long)IN_FLIGHT);
    while (t->opened < IN_FLIGHT && tdrt_plain_open(&t->plain[t->opened], port))
        t->opened++;
    return t->opened == IN_FLIGHT;
}

static void close_theirs(theirs *t)
{
    for (int i = 0; i < t->opened; i++)
        tdrt_plain_close(&t->plain[i]);
    curl_multi_cleanup(t->multi);
}

/* Those that are done begin anew, as long as there is something to do. The number that ended. */
static int turn_over(theirs *t, int *started)
{
    CURLMsg *message;
    int left, ended = 0;

    while ((message = curl_multi_info_read(t->multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;

        t->failed += message->data.result != CURLE_OK;
        ended++;
        curl_multi_remove_handle(t->multi, easy);
        if (*started < REQUESTS) {
            ++*started;
            curl_multi_add_handle(t->multi, easy);
        }
    }
    return ended;
}

static double run_theirs(theirs *t)
{
    double cpu = tdrt_cpu_seconds(), limit = tdrt_wall_seconds() + 60;
    int started = IN_FLIGHT, ended = 0, running;

    for (int i = 0; i < IN_FLIGHT; i++)
        curl_multi_add_handle(t->multi, t->plain[i].easy);
    while (ended < REQUESTS && tdrt_wall_seconds() < limit) {
        curl_multi_perform(t->multi, &running);
        ended += turn_over(t, &started);
        if (ended < REQUESTS)
            curl_multi_wait(t->multi, NULL, 0, 1000, NULL);
    }
    t->failed += ended != REQUESTS;
    return tdrt_cpu_seconds() - cpu;
}

/* ---- both ---- */

/* The first round connects and is not counted; who comes first changes with each. */
static int measure(ours *o, theirs *t, double *us, double *ratio)
{
    double ratios[ROUNDS], costs[ROUNDS];

    for (int i = -1; i < ROUNDS; i++) {
        double mine = 0, bare;

        if (i % 2 == 0)
            mine = run_ours(o);
        bare = run_theirs(t);
        if (i % 2 != 0)
            mine = run_ours(o);
        if (i >= 0) {
            ratios[i] = mine / bare;
            costs[i] = mine / REQUESTS * 1e6;
        }
    }
    *us = tdrt_median(costs, ROUNDS);
    *ratio = tdrt_median(ratios, ROUNDS);
    return o->failed == 0 && t->failed == 0;
}

/* Both sides have that many connections. */
static int can_open_files(void)
{
    struct rlimit files;

    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return 0;
    if (files.rlim_cur < 2 * IN_FLIGHT + 100)
        files.rlim_cur = files.rlim_max < 2 * IN_FLIGHT + 100 ? files.rlim_max : 2 * IN_FLIGHT + 100;
    return setrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur >= 2 * IN_FLIGHT + 100;
}

int tdrt_async_bench(FILE *json)
{
    static theirs t;
    static ours o;
    tdrt_bench_server server, other;
    double us = 0, ratio = 0;
    int good = can_open_files() && tdrt_bench_server_start(&server, tdrt_small_answer);

    if (!good || !tdrt_bench_server_start(&other, tdrt_small_answer)) {
        fputs("the servers of the measurements do not start\n", stderr);
        fputs("\"async\":{\"cpu_us_per_request\":null,\"cpu_ratio_vs_curl_multi\":null}", json);
        return 0;
    }
    o.async = open_ours(server.port);
    good = o.async != NULL && open_theirs(&t, other.port) && measure(&o, &t, &us, &ratio);
    tdrest_async_free(o.async);
    close_theirs(&t);
    tdrt_bench_server_stop(&other); /* the second one holds what ends the first */
    tdrt_bench_server_stop(&server);
    if (!good) {
        fputs("\"async\":{\"cpu_us_per_request\":null,\"cpu_ratio_vs_curl_multi\":null}", json);
        return 0;
    }
    fprintf(json, "\"async\":{\"cpu_us_per_request\":%.2f,\"cpu_ratio_vs_curl_multi\":%.3f}", us, ratio);
    printf("async, %d in flight %9.1f us of CPU a request %18s %6.2f x the CPU of a bare curl_multi loop\n", IN_FLIGHT, us, "", ratio);
    tdrt_judge("async: CPU beside a bare curl_multi loop", ratio, TARGET_RATIO, "x");
    return 1;
}

#else

int tdrt_async_bench(FILE *json)
{
    fputs("\"async\":null", json);
    return 1;
}

#endif
