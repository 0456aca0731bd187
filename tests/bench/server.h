/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A server that gives one answer to whatever is asked, from memory, as fast as sockets are or after a delay. */
#ifndef TDRT_BENCH_SERVER_H
#define TDRT_BENCH_SERVER_H

#include "bench/bodies.h"

#include <sys/types.h>

typedef struct tdrt_bench_server {
    pid_t pid;
    int port;     /* of 127.0.0.1 */
    int lifeline; /* the server ends when this is closed, by whatever way the caller goes */
} tdrt_bench_server;

/* Makes the answer; 1 when it could. Called in the server's process, so that the caller stays small. */
typedef int tdrt_make_body(tdrt_body *out);

/* 1 when the server runs: a process of its own, on the last processor. Until its answer is made, clients wait. */
int tdrt_bench_server_start(tdrt_bench_server *server, tdrt_make_body *make);
/* The same, with each answer so many milliseconds after its request has come. */
int tdrt_bench_server_start_slow(tdrt_bench_server *server, tdrt_make_body *make, int delay_ms);
void tdrt_bench_server_stop(tdrt_bench_server *server);

#endif
