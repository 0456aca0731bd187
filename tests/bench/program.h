/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A program that is run to its end, and what it has used. */
#ifndef TDRT_BENCH_PROGRAM_H
#define TDRT_BENCH_PROGRAM_H

enum { TDRT_NO_PROGRAM = 127 }; /* an exit status: there is no such command */

typedef struct tdrt_usage {
    double cpu_s, wall_s, rss_kib;
} tdrt_usage;

/* The program's exit status; -1 when it was not even one. It reads and writes /dev/null only, and has none of the caller's settings but PATH. */
int tdrt_run_program(const char *const argv[], tdrt_usage *out);

#endif
