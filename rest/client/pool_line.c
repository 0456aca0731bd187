/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Who gets which place of a pool. Those who wait are served in the order they came and are handed a place by
 * whoever gives it back, so that no newcomer overtakes them; idle connections are taken newest first, so that what a burst left over
 * ages and is closed. All is done under the pool's lock and does no I/O but waiting.
 */
#include "client/pool.h"

#include <errno.h>
#include <time.h>

#ifdef __APPLE__
#define TDRI_WAIT_CLOCK CLOCK_REALTIME /* the only one its condition variables know */
#else
#define TDRI_WAIT_CLOCK CLOCK_MONOTONIC
#endif

enum {
    LOOK_MS = 20,        /* longest time that somebody looks at an idle connection */
    LOOK_AFTER_MS = 1000 /* idle time from which it is looked at */
};

int tdri_pool_line_init(tdrest_pool *pool)
{
    if (pthread_condattr_init(&pool->timing) != 0)
        return 0;
#ifndef __APPLE__
    (void)pthread_condattr_setclock(&pool->timing, TDRI_WAIT_CLOCK);
#endif
    if (pthread_mutex_init(&pool->lock, NULL) == 0)
        return 1;
    pthread_condattr_destroy(&pool->timing);
    return 0;
}

void tdri_pool_line_clear(tdrest_pool *pool)
{
    pthread_mutex_destroy(&pool->lock);
    pthread_condattr_destroy(&pool->timing);
}

static void unlink_idle(tdrest_pool *pool, tdri_lease *lease)
{
    if (pool->look_next == lease)
        pool->look_next = lease->newer;
    *(lease->newer == NULL ? &pool->newest : &lease->newer->older) = lease->older;
    *(lease->older == NULL ? &pool->oldest : &lease->older->newer) = lease->newer;
    lease->newer = lease->older = NULL;
    pool->counts.idle--;
}

static void push_idle(tdrest_pool *pool, tdri_lease *lease)
{
    lease->state = TDRI_LEASE_IDLE;
    lease->newer = NULL;
    lease->older = pool->newest;
    *(pool->newest == NULL ? &pool->oldest : &pool->newest->newer) = lease;
    pool->newest = lease;
    pool->counts.idle++;
}

/* The newest idle lease that nobody looks at. */
static tdri_lease *newest_unseen(const tdrest_pool *pool)
{
    tdri_lease *lease = pool->newest;

    while (lease != NULL && lease->state == TDRI_LEASE_SEEN)
        lease = lease->older;
    return lease;
}

static tdri_lease *hand_out(tdrest_pool *pool, tdri_lease *lease, int64_t now_ms)
{
    lease->state = TDRI_LEASE_OUT;
    lease->out_since_ms = now_ms;
    pool->counts.in_use++;
    return lease;
}

tdri_lease *tdri_pool_line_take_idle(tdrest_pool *pool, int64_t now_ms)
{
    tdri_lease *lease = newest_unseen(pool);

    if (lease == NULL)
        return NULL;
    unlink_idle(pool, lease);
    return hand_out(pool, lease, now_ms);
}

/* While the only idle connection is looked at no further one is made: it is back at once. */
tdri_lease *tdri_pool_line_take(tdrest_pool *pool, int64_t now_ms)
{
    tdri_lease *lease = tdri_pool_line_take_idle(pool, now_ms);

    if (lease != NULL || pool->seen > 0 || pool->free == NULL)
        return lease;
    lease = pool->free;
    pool->free = lease->older;
    lease->older = NULL;
    return hand_out(pool, lease, now_ms);
}

/* Gives away what there is, in the order of the line. */
static void serve(tdrest_pool *pool, int64_t now_ms)
{
    tdri_waiter *waiter;
    tdri_lease *lease;

    while (!pool->closed && (waiter = pool->first) != NULL && (lease = tdri_pool_line_take(pool, now_ms)) != NULL) {
        waiter->lease = lease;
        pool->first = waiter->next;
        if (pool->first == NULL)
            pool->last = NULL;
        pool->counts.waiting--;
        pthread_cond_signal(&waiter->wake);
    }
}

void tdri_pool_line_return(tdri_lease *lease, int64_t now_ms)
{
    tdrest_pool *pool = lease->pool;

    if (lease->state == TDRI_LEASE_SEEN) {
        pool->seen--;
        lease->state = TDRI_LEASE_IDLE;
        if (lease->conn == NULL)
            unlink_idle(pool, lease);
    } else {
        pool->counts.in_use--;
        lease->idle_since_ms = now_ms;
        if (lease->conn != NULL)
            push_idle(pool, lease);
    }
    if (lease->conn == NULL) {
        lease->state = TDRI_LEASE_FREE;
        lease->older = pool->free;
        pool->free = lease;
    }
    serve(pool, now_ms);
}

int64_t tdri_pool_line_longest_out(const tdrest_pool *pool, int64_t now_ms)
{
    int64_t since = now_ms;

    for (size_t i = 0; i < pool->max; i++)
        if (pool->leases[i].state == TDRI_LEASE_OUT && pool->leases[i].out_since_ms < since)
            since = pool->leases[i].out_since_ms;
    return since;
}

static void leave_line(tdrest_pool *pool, tdri_waiter *waiter)
{
    tdri_waiter **at = &pool->first, *before = NULL;

    while (*at != waiter) {
        before = *at;
        at = &before->next;
    }
    *at = waiter->next;
    if (pool->last == waiter)
        pool->last = before;
    pool->counts.waiting--;
}

static int64_t now_us(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct timespec moment_in_ms(int64_t ms)
{
    struct timespec t;

    clock_gettime(TDRI_WAIT_CLOCK, &t);
    t.tv_sec += (time_t)(ms / 1000);
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

static void note_wait(tdrest_pool_counts *counts, int64_t us)
{
    counts->waits++;
    counts->waited_us += us;
    if (us > counts->longest_wait_us)
        counts->longest_wait_us = us;
}

tdri_lease *tdri_pool_line_wait(tdrest_pool *pool, int64_t wait_ms, int *rc)
{
    tdri_waiter self = {NULL, PTHREAD_COND_INITIALIZER, NULL};
    int64_t began = now_us();
    struct timespec until = moment_in_ms(wait_ms < LOOK_MS && pool->seen > 0 ? LOOK_MS : wait_ms);
    int ended = 0;

    *rc = TDREST_OK;
    if (pthread_cond_init(&self.wake, &pool->timing) != 0) {
        *rc = TDREST_ENOMEM;
        return NULL;
    }
    *(pool->last == NULL ? &pool->first : &pool->last->next) = &self;
    pool->last = &self;
    pool->counts.waiting++;
    while (self.lease == NULL && !pool->closed && ended != ETIMEDOUT)
        ended = pthread_cond_timedwait(&self.wake, &pool->lock, &until);
    if (self.lease == NULL)
        leave_line(pool, &self);
    pthread_cond_destroy(&self.wake);
    note_wait(&pool->counts, now_us() - began);
    return self.lease;
}

void tdri_pool_line_close(tdrest_pool *pool)
{
    pool->closed = 1;
    for (tdri_waiter *w = pool->first; w != NULL; w = w->next)
        pthread_cond_signal(&w->wake);
}

/* The newest is looked at when it is handed out, and one that is idle for a moment only has hardly changed: in a busy pool nobody looks. */
static int is_worth_a_look(const tdrest_pool *pool, const tdri_lease *lease, int64_t now_ms)
{
    return lease != NULL && lease != pool->newest && now_ms - lease->idle_since_ms >= LOOK_AFTER_MS;
}

int tdri_pool_line_see(tdrest_pool *pool, int64_t now_ms, tdri_lease *seen[TDRI_POOL_LOOKS])
{
    tdri_lease *lease = pool->look_next == NULL ? pool->oldest : pool->look_next;
    int count = 0;

    for (; is_worth_a_look(pool, lease, now_ms) && count < TDRI_POOL_LOOKS; lease = lease->newer)
        if (lease->state == TDRI_LEASE_IDLE) {
            lease->state = TDRI_LEASE_SEEN;
            pool->seen++;
            seen[count++] = lease;
        }
    pool->look_next = is_worth_a_look(pool, lease, now_ms) ? lease : NULL;
    return count;
}
