/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What a pool holds, for its two files: pool_line.c says who gets which
 * place, under the lock; pool.c makes, looks at and closes connections,
 * without it.
 *
 * A place is a permit: there are `max` of them, whether a connection is in
 * them or not, so nothing that becomes of a connection can lose one.
 */
#ifndef TDRI_POOL_H
#define TDRI_POOL_H

#include "base/clock.h"
#include "client/conn.h"

#include <pthread.h>

enum { TDRI_POOL_LOOKS = 2 }; /* idle connections that each get and put looks at besides its own */

enum tdri_lease_state {
    TDRI_LEASE_FREE, /* without a connection */
    TDRI_LEASE_OUT,  /* a thread's, from the moment it is promised to it */
    TDRI_LEASE_IDLE,
    TDRI_LEASE_SEEN  /* idle, and a thread looks at it at the moment */
};

/* A place. Of one that is OUT or SEEN all but state, newer and older belongs to that thread. */
typedef struct tdri_lease {
    struct tdrest_pool *pool;
    tdrest_conn *conn;
    enum tdri_lease_state state;
    int64_t idle_since_ms;    /* both by the clock of ages */
    int64_t out_since_ms;
    int64_t expires_ms;       /* when the connection has lived long enough; INT64_MAX: never */
    struct tdri_lease *newer; /* among the idle ones */
    struct tdri_lease *older; /* also: the next free one */
} tdri_lease;

/* A thread that waits; it lives on that thread's stack. */
typedef struct tdri_waiter {
    struct tdri_waiter *next;
    pthread_cond_t wake;
    tdri_lease *lease; /* what it was given */
} tdri_waiter;

/* The first members are fixed, the others are read and written under the lock. */
struct tdrest_pool {
    tdrest_allocator mem;
    tdrest_options *options;   /* a copy; `local` is resolved in it */
    tdri_hosts *hosts;         /* shared with the other connections of the options object */
    tdri_clock clock;
    size_t max;
    int64_t wait_ms, idle_ms, lifetime_ms, ping_ms;
    pthread_condattr_t timing; /* of waiters: their clock */
    pthread_mutex_t lock;
    int closed;                /* tdrest_pool_free was called */
    int users;                 /* its owner, calls in progress and leases out; the last one frees it */
    int seen;                  /* leases in that state */
    uint64_t random;
    tdri_lease *leases;        /* max of them */
    tdri_lease *free;          /* a stack */
    tdri_lease *newest, *oldest; /* idle ones, seen ones among them */
    tdri_lease *look_next;     /* idle one at which the next look begins; NULL: the oldest */
    tdri_waiter *first, *last;
    tdrest_pool_counts counts;
};

/* ---- pool_line.c: the lock is held, except by the first two ---- */

/* 1 when lock and timing could be made. */
int tdri_pool_line_init(tdrest_pool *pool);
void tdri_pool_line_clear(tdrest_pool *pool);
/* Takes a place out of turn: the newest idle connection, else an empty one. NULL when the caller must wait. */
tdri_lease *tdri_pool_line_take(tdrest_pool *pool, int64_t now_ms);
/* Stands in line until it is given a place or the time is up. The place; NULL when there is none. TDREST_ENOMEM in *rc when it cannot wait. */
tdri_lease *tdri_pool_line_wait(tdrest_pool *pool, int64_t wait_ms, int *rc);
/* A place comes back, idle with its connection or, without one, free, and goes to whoever waits longest. */
void tdri_pool_line_return(tdri_lease *lease, int64_t now_ms);
/* Wakes everybody, for a pool that is closed. */
void tdri_pool_line_close(tdrest_pool *pool);
/* Takes some connections that are idle for a while to look at, others each time. How many. */
int tdri_pool_line_see(tdrest_pool *pool, int64_t now_ms, tdri_lease *seen[TDRI_POOL_LOOKS]);
/* Takes all idle connections that nobody looks at, one by one; NULL: no more. */
tdri_lease *tdri_pool_line_take_idle(tdrest_pool *pool, int64_t now_ms);
/* Since when the lease has been out that has been out longest. */
int64_t tdri_pool_line_longest_out(const tdrest_pool *pool, int64_t now_ms);

#endif
