/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The command `tdrest` beside the command `curl`. */
#ifndef TDRT_TOOL_BENCH_H
#define TDRT_TOOL_BENCH_H

#include <stdio.h>

/*
 * Prints a table and writes the JSON member "tool". To be called while this process is small: the system counts what the
 * caller of a program occupied as if the program had. 0 when the tool fails; without curl the figures are null.
 */
int tdrt_tool_bench(FILE *json, const char *tool);

#endif
