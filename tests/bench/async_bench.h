/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What many requests on one thread cost, beside a bare loop over libcurl's multi handle that sends the same bytes. */
#ifndef TDRT_ASYNC_BENCH_H
#define TDRT_ASYNC_BENCH_H

#include <stdio.h>

/* Writes the member "async" and prints its table. 0 when something could not be measured. */
int tdrt_async_bench(FILE *json);

#endif
