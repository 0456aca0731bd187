/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What a dead first host costs: the time from a new connection object to the
 * first answer, which the second host gives. The dead one refuses connections,
 * or lets them wait for ever. Of ours it sees tdrest.h only.
 */
#include "bench/failover_bench.h"

#include "bench/measure.h"
#include "bench/plain.h"
#include "bench/server.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Connections begin at a random host: those that begin at the live one are not counted. */
enum { ROUNDS = 7, TRIES = 500, CONNECT_MS = 200 };

/* Beside the connect timeout: what the failure itself and the second attempt may take. */
#define TARGET_EXTRA_MS 25.0

typedef struct dead_host {
    int listener, filler; /* -1: none, */
    int port;             /* which then refuses */
} dead_host;

/* A port of 127.0.0.1 where nobody listens. With `silent` somebody does, whose backlog is full: the system lets further connections wait. */
static int open_dead(dead_host *dead, int silent)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    dead->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (dead->listener < 0 || bind(dead->listener, (struct sockaddr *)&at, sizeof at) != 0 || getsockname(dead->listener, (struct sockaddr *)&at, &len) != 0)
        return 0;
    dead->port = ntohs(at.sin_port);
    if (!silent)
        return 1; /* bound, so that nobody else takes it; it does not listen */
    dead->filler = socket(AF_INET, SOCK_STREAM, 0);
    return listen(dead->listener, 0) == 0 && dead->filler >= 0 && connect(dead->filler, (struct sockaddr *)&at, len) == 0;
}

static void close_dead(dead_host *dead)
{
    if (dead->filler >= 0)
        close(dead->filler);
    if (dead->listener >= 0)
        close(dead->listener);
}

static void count_requests(void *context, int level, const char *message)
{
    (void)level;
    *(int *)context += strncmp(message, "POST ", 5) == 0;
}

/* One connection, its first statement and another one. The milliseconds of both, and how many attempts the first one had; 0 when one failed. */
static int try_once(const char *dsn, double *first_ms, double *second_ms, int *attempts)
{
    tdrest_options *options = NULL;
    tdrest_conn *conn = NULL;
    double begin;
    int good, requests = 0;

    good = tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK;
    if (good)
        tdrest_options_set_log(options, count_requests, &requests);
    begin = tdrt_wall_seconds();
    good = good && tdrest_conn_new(options, &conn) == TDREST_OK && tdrt_small_ask(conn);
    *first_ms = (tdrt_wall_seconds() - begin) * 1e3;
    *attempts = requests;
    begin = tdrt_wall_seconds();
    good = good && tdrt_small_ask(conn);
    *second_ms = (tdrt_wall_seconds() - begin) * 1e3;
    tdrest_conn_free(conn);
    tdrest_options_free(options);
    return good;
}

/* The medians of the first answer and of the next one, over connections that began at the dead host. */
static int measure(int silent, int port, double *first_ms, double *second_ms)
{
    dead_host dead = {-1, -1, 0};
    double first[ROUNDS], second[ROUNDS];
    char dsn[160];
    int good = open_dead(&dead, silent), counted = 0, attempts;

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d,127.0.0.1:%d?connect_timeout_ms=%d&log_level=info", dead.port, port, CONNECT_MS);
    for (int i = 0; good && i < TRIES && counted < ROUNDS; i++) {
        good = try_once(dsn, &first[counted], &second[counted], &attempts);
        counted += attempts > 1;
    }
    close_dead(&dead);
    if (!good || counted < ROUNDS)
        return 0;
    *first_ms = tdrt_median(first, ROUNDS);
    *second_ms = tdrt_median(second, ROUNDS);
    return 1;
}

static int bench_hosts(FILE *json, int port)
{
    double refused, silent, after_refused, after_silent;

    if (!measure(0, port, &refused, &after_refused) || !measure(1, port, &silent, &after_silent)) {
        fputs("\"failover\":{\"first_answer_ms\":null}", json);
        return 0;
    }
    fprintf(json, "\"failover\":{\"first_answer_ms\":%.3f,\"connect_timeout_ms\":%d,\"next_answer_ms\":%.3f,\"refused\":{\"first_answer_ms\":%.3f,\"next_answer_ms\":%.3f}}",
            silent, CONNECT_MS, after_silent, refused, after_refused);
    printf("failover, first host silent  %9.2f ms to the first answer, connect timeout %d ms; the next one %.2f ms\n", silent, CONNECT_MS, after_silent);
    printf("failover, first host refuses %9.2f ms to the first answer; the next one %.2f ms\n", refused, after_refused);
    tdrt_judge("failover, silent host: beyond the connect timeout", silent - CONNECT_MS, TARGET_EXTRA_MS, "ms");
    tdrt_judge("failover, refusing host: all of it", refused, TARGET_EXTRA_MS, "ms");
    return 1;
}

int tdrt_failover_bench(FILE *json)
{
    tdrt_bench_server server;
    int good;

    if (!tdrt_bench_server_start(&server, tdrt_small_answer)) {
        fputs("the server of the measurements does not start\n", stderr);
        return 0;
    }
    good = bench_hosts(json, server.port);
    tdrt_bench_server_stop(&server);
    return good;
}
