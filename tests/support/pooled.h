/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A pool over the scripted server, with a clock of the test's own, for tests of one thread. The server answers `select three` and what its name
 * says: `refused`, `login`, `cut`, `wrong`, `gateway`, `tail` and `slow` (pauses), `junk` (bytes behind the answer), `brief` (closes soon after).
 */
#ifndef TDRT_POOLED_H
#define TDRT_POOLED_H

#include "dial.h"

extern tdrt_server tdrt_pool_server;
extern tdrest_pool *tdrt_the_pool;
extern int64_t tdrt_pool_ms; /* the pool's clock of ages */

/* How the server answers pings. */
typedef struct tdrt_manners {
    int mute_pings;    /* not at all on its first connection */
    const char *ready; /* the status; NULL: 1 */
} tdrt_manners;

void tdrt_pool_begin(const char *parameters);
void tdrt_pool_begin_with(const char *parameters, tdrt_manners m);
void tdrt_pool_finish(void);

/* A connection, without waiting. */
tdrest_conn *tdrt_pool_get(void);
/* One statement on a connection of the pool, and how it must end. */
void tdrt_pool_run(const char *sql, int expected);
/* `count` connections at a time, each used and put back in order. */
void tdrt_pool_burst(int count, const char *sql);

/* TCP connections that the server has seen. */
int tdrt_pool_tcp(void);
/* The pool's counts, which must add up. */
tdrest_pool_counts tdrt_pool_stats(void);

#define CHECK_STATS(member, expected) CHECK_INT(tdrt_pool_stats().member, expected)

#endif
