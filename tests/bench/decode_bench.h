/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Decoding beside a plain Jansson program. */
#ifndef TDRT_DECODE_BENCH_H
#define TDRT_DECODE_BENCH_H

#include <stdio.h>

/* Prints a table and writes the JSON member "decode". 0 when the two readings differ or memory is out. */
int tdrt_decode_bench(FILE *json);

#endif
