/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A million rows as an Arrow table: through the library, and through the ADBC driver beside plain libcurl. */
#ifndef TDRT_ARROW_BENCH_H
#define TDRT_ARROW_BENCH_H

#include <stdio.h>

/* Prints a table and writes the JSON members "arrow" and "adbc". sandbox: the program. 0 when something failed. */
int tdrt_arrow_bench(FILE *json, const char *sandbox);

#endif
