/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What import and export cost. */
#ifndef TDRT_DATA_BENCH_H
#define TDRT_DATA_BENCH_H

#include <stdio.h>

/* Writes two members of an object. sandbox: the program. 0 when something failed. */
int tdrt_data_bench(FILE *json, const char *tool, const char *sandbox);

#endif
