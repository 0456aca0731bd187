/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a writer makes of rows, with one request and with four at a time, beside libcurl handles that send the same SQL ready-made. */
#ifndef TDRT_WRITER_BENCH_H
#define TDRT_WRITER_BENCH_H

#include <stdio.h>

/* Writes the member "writer" and prints its table. 0 when something could not be measured. */
int tdrt_writer_bench(FILE *json);

#endif
