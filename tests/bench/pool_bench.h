/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Small statements of many threads through a pool beside as many libcurl handles. */
#ifndef TDRT_POOL_BENCH_H
#define TDRT_POOL_BENCH_H

#include <stdio.h>

/* Prints a table and writes the JSON member "pool". 0 when a statement failed. */
int tdrt_pool_bench(FILE *json);

#endif
