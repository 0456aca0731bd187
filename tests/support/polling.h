/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A program's own loop over poll(2), which drives an async object through its hooks. */
#ifndef TDRT_POLLING_H
#define TDRT_POLLING_H

#include <poll.h>
#include <stdint.h>
#include <tdrest.h>

enum { TDRT_POLLING_FDS = 64 };

typedef struct tdrt_polling {
    tdrest_async *async;
    struct pollfd fds[TDRT_POLLING_FDS];
    nfds_t count;
    int64_t due_ms;     /* of the timer; -1: none */
    int wakes;          /* times that there was something, or the timer fired */
    int fail_at, calls; /* the socket hook fails at that call; 0: never */
    int refused;
} tdrt_polling;

/* Sets the hooks. All but fail_at begins as 0. */
void tdrt_polling_hook(tdrt_polling *p, tdrest_async *async);

/* One turn of the loop: at most `longest` milliseconds. What the last event function said. */
int tdrt_polling_turn(tdrt_polling *p, int longest);

#endif
