/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Clocks, medians, processors, targets. Knows nothing of what is measured. */
#include "bench/measure.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double tdrt_cpu_seconds(void)
{
    return seconds(CLOCK_PROCESS_CPUTIME_ID);
}

double tdrt_wall_seconds(void)
{
    return seconds(CLOCK_MONOTONIC);
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double tdrt_median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return values[count / 2];
}

void tdrt_pin(enum tdrt_processor which)
{
#ifdef __linux__
    static cpu_set_t allowed;
    static int known;
    cpu_set_t one;
    int chosen = -1;

    if (!known && sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    known = 1;
    for (int i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET((size_t)i, &allowed) && (chosen < 0 || which == TDRT_LAST_PROCESSOR))
            chosen = i;
    if (chosen < 0)
        return;
    CPU_ZERO(&one);
    CPU_SET((size_t)chosen, &one);
    (void)sched_setaffinity(0, sizeof one, &one);
#else
    (void)which;
#endif
}

void tdrt_judge(const char *what, double value, double target, const char *unit)
{
    printf("%-44s %10.3f %-4s target <= %7.3f %-4s %s\n", what, value, unit, target, unit, value <= target ? "met" : "MISSED");
}
