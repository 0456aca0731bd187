/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a spool costs without syncs, beside write(2) with the same bytes, and what it writes for each row. */
#ifndef TDRT_SPOOL_BENCH_H
#define TDRT_SPOOL_BENCH_H

#include <stdio.h>

/* Writes the member "spool" and prints its table. 0 when something could not be measured. */
int tdrt_spool_bench(FILE *json);

#endif
