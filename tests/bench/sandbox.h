/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A sandbox to measure with: a server that has to make its answers. */
#ifndef TDRT_BENCH_SANDBOX_H
#define TDRT_BENCH_SANDBOX_H

#include <sys/types.h>

typedef struct tdrt_bench_sandbox {
    pid_t pid;
    char url[128];
} tdrt_bench_sandbox;

/* 1 when it runs. data: the file that keeps its tables; NULL: memory, and requests may ask for faults. */
int tdrt_bench_sandbox_start(tdrt_bench_sandbox *sandbox, const char *program, const char *data);
void tdrt_bench_sandbox_stop(tdrt_bench_sandbox *sandbox);

#endif
