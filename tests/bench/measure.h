/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What all measurements share: clocks, medians, processors and the words for a target. Knows nothing of what is measured. */
#ifndef TDRT_MEASURE_H
#define TDRT_MEASURE_H

#include <stddef.h>

/* User and system time of this process, in seconds. */
double tdrt_cpu_seconds(void);
double tdrt_wall_seconds(void);

/* Sorts the values and gives the one in the middle; count is at least 1. */
double tdrt_median(double *values, size_t count);

enum tdrt_processor { TDRT_FIRST_PROCESSOR, TDRT_LAST_PROCESSOR };

/* Keeps this process on the first or last of the processors it was started with, where the system can. */
void tdrt_pin(enum tdrt_processor which);

/* Prints a figure beside its target. A missed target is told and nothing else: machines differ. */
void tdrt_judge(const char *what, double value, double target, const char *unit);

#endif
