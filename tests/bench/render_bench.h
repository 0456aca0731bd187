/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows of an INSERT as SQL beside snprintf. */
#ifndef TDRT_RENDER_BENCH_H
#define TDRT_RENDER_BENCH_H

#include <stdio.h>

/* Prints a table and writes the JSON member "render". 0 when a row was refused or memory is out. */
int tdrt_render_bench(FILE *json);

#endif
