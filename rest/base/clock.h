/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A clock for ages, and random numbers for jitter: both can be replaced in tests. */
#ifndef TDRI_CLOCK_H
#define TDRI_CLOCK_H

#include <stdint.h>

typedef struct tdri_clock {
    int64_t (*read_ms)(void *context); /* milliseconds since some moment; never goes back */
    void *context;
} tdri_clock;

/* Counts the time in which the machine sleeps too, where the system has such a clock: a server goes on counting as well. */
extern const tdri_clock tdri_clock_ages;

/* The next number of the sequence that begins with *state; all 64 bits are random. Not for secrets. */
uint64_t tdri_random_next(uint64_t *state);

#endif
