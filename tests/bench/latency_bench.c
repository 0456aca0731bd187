/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What the library adds to the CPU time of a small statement on a kept-alive
 * connection: pairs of it and of a libcurl easy handle that sends the same
 * bytes, in turn, in one process. Of ours it sees tdrest.h only.
 */
#include "bench/latency_bench.h"

#include "bench/measure.h"
#include "bench/server.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>
#include <tdrest.h>

/* WARM_UP pairs are not counted. */
enum { PAIRS = 20000, WARM_UP = 500, TARGET_US = 15 };

static const char sql[] = "SELECT 1";

typedef struct both {
    tdrest_conn *conn;
    CURL *easy;
    struct curl_slist *headers;
    size_t received;
    double ours[PAIRS], theirs[PAIRS], extra[PAIRS];
} both;

static int small_answer(tdrt_body *out)
{
    static const char text[] = "{\"code\":0,\"column_meta\":[[\"1\",\"BIGINT\",8]],\"data\":[[1]],\"rows\":1}";

    memset(out, 0, sizeof *out);
    out->bytes = strdup(text);
    out->len = sizeof text - 1;
    return out->bytes != NULL;
}

static size_t on_write(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    *(size_t *)context += size * count;
    return size * count;
}

/* The same request line and headers as the library's, and nothing else. */
static int open_easy(both *b, int port)
{
    static const char *const lines[] = {"Expect:", "Content-Type: text/plain; charset=utf-8", "Authorization: Basic cm9vdDp0YW9zZGF0YQ=="};
    char url[160];

    b->easy = curl_easy_init();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        b->headers = curl_slist_append(b->headers, lines[i]);
    if (b->easy == NULL || b->headers == NULL)
        return 0;
    snprintf(url, sizeof url, "http://127.0.0.1:%d/rest/sql?req_id=1234567890123456789&conn_tz=UTC&tz=UTC&app=tdrest", port);
    curl_easy_setopt(b->easy, CURLOPT_URL, url);
    curl_easy_setopt(b->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(b->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(b->easy, CURLOPT_HTTPHEADER, b->headers);
    curl_easy_setopt(b->easy, CURLOPT_POSTFIELDS, sql);
    curl_easy_setopt(b->easy, CURLOPT_POSTFIELDSIZE, (long)(sizeof sql - 1));
    curl_easy_setopt(b->easy, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(b->easy, CURLOPT_WRITEDATA, &b->received);
    return 1;
}

static int ask_library(both *b)
{
    tdrest_result *res;
    int64_t value = 0;
    int rc = tdrest_query(b->conn, sql, sizeof sql - 1, NULL, &res);

    if (rc == TDREST_OK)
        rc = tdrest_result_next(res);
    if (rc == TDREST_ROW && tdrest_result_int64(res, 0, &value) == TDREST_OK)
        rc = tdrest_result_next(res);
    tdrest_result_free(res);
    return rc == TDREST_DONE && value == 1;
}

static int ask_curl(both *b)
{
    b->received = 0;
    return curl_easy_perform(b->easy) == CURLE_OK && b->received > 0;
}

/* Who comes first changes with each pair. */
static int pair(both *b, int i, double *ours, double *theirs)
{
    double start = tdrt_cpu_seconds(), middle;

    if (!(i % 2 == 0 ? ask_library(b) : ask_curl(b)))
        return 0;
    middle = tdrt_cpu_seconds();
    if (!(i % 2 == 0 ? ask_curl(b) : ask_library(b)))
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

    if (!tdrt_bench_server_start(&server, small_answer)) {
        fputs("the server of the measurements does not start\n", stderr);
        return 0;
    }
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", server.port);
    good = tdrest_open(dsn, &b.conn, why, sizeof why) == TDREST_OK && open_easy(&b, server.port) && measure(&b);
    if (good)
        tell(json, &b);
    else
        fprintf(json, "\"latency\":{\"extra_cpu_us\":null,\"ratio_vs_curl\":null}");
    if (why[0] != '\0')
        fprintf(stderr, "%s\n", why);
    tdrest_conn_free(b.conn);
    curl_easy_cleanup(b.easy);
    curl_slist_free_all(b.headers);
    tdrt_bench_server_stop(&server);
    return good;
}
