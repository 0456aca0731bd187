/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What the library adds to the CPU time of a small statement on a kept-alive
 * connection: pairs of it and of a libcurl easy handle that sends the same
 * bytes, in turn, in one process. Of ours it sees tdrest.h only.
 */
#include "bench/latency_bench.h"

#include "bench/measure.h"
#include "bench/plain.h"
#include "bench/server.h"

/* WARM_UP pairs are not counted. */
enum { PAIRS = 20000, WARM_UP = 500, TARGET_US = 15 };

typedef struct both {
    tdrest_conn *conn;
    tdrt_plain plain;
    double ours[PAIRS], theirs[PAIRS], extra[PAIRS];
} both;

/* Who comes first changes with each pair. */
static int pair(both *b, int i, double *ours, double *theirs)
{
    double start = tdrt_cpu_seconds(), middle;

    if (!(i % 2 == 0 ? tdrt_small_ask(b->conn) : tdrt_plain_ask(&b->plain)))
        return 0;
    middle = tdrt_cpu_seconds();
    if (!(i % 2 == 0 ? tdrt_plain_ask(&b->plain) : tdrt_small_ask(b->conn)))
        return 0;
    *ours = middle - start;
    *theirs = tdrt_cpu_seconds() - middle;
    if (i % 2 != 0) {
        double first = *ours;

        *ours = *theirs;
        *theirs = first;
    }
    return 1;
}

static int measure(both *b)
{
    for (int i = -WARM_UP; i < PAIRS; i++) {
        int at = i < 0 ? 0 : i;

        if (!pair(b, i, &b->ours[at], &b->theirs[at])) {
            fprintf(stderr, "a small statement failed: %s\n", tdrest_conn_error(b->conn)->message);
            return 0;
        }
        b->extra[at] = b->ours[at] - b->theirs[at];
    }
    return 1;
}

static void tell(FILE *json, both *b)
{
    double ours = tdrt_median(b->ours, PAIRS) * 1e6, theirs = tdrt_median(b->theirs, PAIRS) * 1e6;
    double extra = tdrt_median(b->extra, PAIRS) * 1e6;

    fprintf(json, "\"latency\":{\"extra_cpu_us\":%.2f,\"ratio_vs_curl\":%.3f}", extra, ours / theirs);
    printf("small statement  %8.1f us CPU %8.1f us with plain libcurl %6.2f x\n", ours, theirs, ours / theirs);
    tdrt_judge("small statement: CPU beyond plain libcurl", extra, TARGET_US, "us");
}

int tdrt_latency_bench(FILE *json)
{
    static both b;
    tdrt_bench_server server;
    char dsn[64], why[512] = "";
    int good;

    if (!tdrt_bench_server_start(&server, tdrt_small_answer)) {
        fputs("the server of the measurements does not start\n", stderr);
        return 0;
    }
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", server.port);
    good = tdrest_open(dsn, &b.conn, why, sizeof why) == TDREST_OK && tdrt_plain_open(&b.plain, server.port) && measure(&b);
    if (good)
        tell(json, &b);
    else
        fprintf(json, "\"latency\":{\"extra_cpu_us\":null,\"ratio_vs_curl\":null}");
    if (why[0] != '\0')
        fprintf(stderr, "%s\n", why);
    tdrest_conn_free(b.conn);
    tdrt_plain_close(&b.plain);
    tdrt_bench_server_stop(&server);
    return good;
}
