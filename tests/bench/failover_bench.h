/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a dead first host costs the first statement. */
#ifndef TDRT_FAILOVER_BENCH_H
#define TDRT_FAILOVER_BENCH_H

#include <stdio.h>

/* Prints a table and writes the JSON member "failover". 0 when a statement failed. */
int tdrt_failover_bench(FILE *json);

#endif
