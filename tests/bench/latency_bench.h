/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One small statement through the library beside one through plain libcurl. */
#ifndef TDRT_LATENCY_BENCH_H
#define TDRT_LATENCY_BENCH_H

#include <stdio.h>

/* Prints a table and writes the JSON member "latency". 0 when a statement failed. */
int tdrt_latency_bench(FILE *json);

#endif
