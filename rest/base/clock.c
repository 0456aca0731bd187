/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A clock for ages, and random numbers for jitter. Knows nothing of what is timed. */
#if defined(__linux__) && !defined(_GNU_SOURCE)
#define _GNU_SOURCE /* CLOCK_BOOTTIME */
#endif
#include "base/clock.h"

#include <stddef.h>
#include <time.h>

static int64_t read_ages(void *context)
{
    struct timespec t;

    (void)context;
#ifdef CLOCK_BOOTTIME
    if (clock_gettime(CLOCK_BOOTTIME, &t) == 0)
        return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
#endif
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

const tdri_clock tdri_clock_ages = {read_ages, NULL};

/* splitmix64 */
uint64_t tdri_random_next(uint64_t *state)
{
    uint64_t x = *state += 0x9e3779b97f4a7c15u;

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}
