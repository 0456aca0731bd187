/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rounds: what events brought, what is due, what can be sent. Knows no answers. */
#include "async/engine.h"

#include "base/clock.h"

enum {
    KICK_MS = 1000,     /* while something runs, libcurl is called at least so often */
    ROUNDS_MAX = 8,     /* of one call: the program's loop has other things to do, too */
    EVENTS_AT_ONCE = 8  /* then what they ended is replaced: what belongs to a connection is still in the processor's cache when its next request is sent */
};

/* ---- waiting requests ---- */

void tdri_job_set_due(tdrest_request *r, int64_t at_ms)
{
    tdri_heap_set(&r->async->heap, &r->due, at_ms);
}

static int64_t deadline_of(const tdrest_request *r)
{
    return r->deadline_ms != 0 ? r->deadline_ms : INT64_MAX;
}

void tdri_job_park(tdrest_request *r, int64_t wake_ms)
{
    tdri_line_leave(r);
    r->state = TDRI_PARKED;
    r->wake_ms = wake_ms;
    if (!r->cancelled)
        tdri_job_set_due(r, deadline_of(r) < wake_ms ? r->deadline_ms : wake_ms);
}

void tdri_job_line_up(tdrest_request *r)
{
    r->state = TDRI_IN_LINE;
    tdri_line_append(&r->async->again, r);
    r->async->lines_changed = 1;
    if (!r->cancelled)
        tdri_job_set_due(r, deadline_of(r));
}

static void take_due(tdrest_request *r, int64_t now)
{
    tdri_job_set_due(r, INT64_MAX);
    if (r->is_done)
        tdri_job_end(r, NULL);
    else if (r->cancelled)
        tdri_job_cancel(r);
    else if (r->state == TDRI_RUNNING)
        tdri_job_advance(r);
    else if (deadline_of(r) <= now)
        tdri_job_end_failed(r);
    else if (r->state == TDRI_PARKED)
        tdri_job_line_up(r);
}

/* ---- a round ---- */

static void take_ready(tdrest_async *async)
{
    tdri_exchange *x;

    while (!async->freed && (x = tdri_loop_take_ready(async->loop)) != NULL) {
        const tdri_lane *lane = (const tdri_lane *)tdri_exchange_owner(x);

        if (lane->request != NULL)
            tdri_job_advance(lane->request);
    }
}

/* No more than there are now, as in tdri_async_dispatch; what was due first comes first. */
static void take_all_due(tdrest_async *async)
{
    int64_t now = tdri_now_ms();
    tdri_due *due;

    for (size_t left = async->heap.count; left > 0 && !async->freed && (due = tdri_heap_first(&async->heap)) != NULL && due->at_ms <= now; left--)
        take_due((tdrest_request *)(void *)((char *)due - offsetof(tdrest_request, due)), now);
}

static int note_loop(tdrest_async *async, int rc)
{
    return rc == TDREST_OK ? rc : tdri_err_set(&async->err, rc, "libcurl is out of memory");
}

static int take_event(tdrest_async *async, int fd, int events)
{
    return note_loop(async, tdri_loop_socket_event(async->loop, fd, events));
}

static int kick(tdrest_async *async)
{
    int64_t now = tdri_now_ms();

    if (tdri_loop_due_ms(async->loop) > now && (async->running == 0 || now - async->kicked_ms < KICK_MS))
        return TDREST_OK;
    async->kicked_ms = now;
    return tdri_loop_timeout_event(async->loop);
}

static int round_once(tdrest_async *async)
{
    int rc = kick(async);

    take_ready(async);
    take_all_due(async);
    if (!async->freed)
        tdri_async_dispatch(async);
    return note_loop(async, rc);
}

int tdri_async_round(tdrest_async *async)
{
    int rc = TDREST_OK, rounds = 0;

    async->told_ms = async->told_ms <= tdri_now_ms() ? INT64_MAX : async->told_ms; /* that one has fired */
    do
        rc = round_once(async);
    while (rc == TDREST_OK && !async->freed && ++rounds < ROUNDS_MAX && tdrest_async_wait_ms(async) == 0);
    return rc;
}

/* ---- public functions that call back ---- */

static int begin(tdrest_async *async)
{
    int rc = tdri_async_is_ours(async) ? TDREST_OK : TDREST_EUSAGE;

    if (rc == TDREST_OK && async->depth > 0)
        return TDREST_EBUSY; /* the record is that of the function that calls back */
    if (rc == TDREST_OK)
        rc = tdri_async_enter(async);
    if (rc != TDREST_OK)
        return rc;
    async->depth++;
    tdri_loop_enter(async->loop);
    return rc;
}

static int end(tdrest_async *async, int rc)
{
    tdri_loop_leave(async->loop);
    async->depth--;
    if (async->freed) {
        tdri_async_destroy(async);
        return TDREST_DONE;
    }
    tdri_async_tell_timer(async);
    return rc != TDREST_OK ? rc : async->count == 0 ? TDREST_DONE : TDREST_OK;
}

static int64_t shorter(int64_t a, int64_t b)
{
    return a < 0 ? b : b < 0 || a < b ? a : b;
}

static int take_events(tdrest_async *async)
{
    const tdri_sockets *s = &async->sockets;
    int rc = TDREST_OK;

    for (size_t i = 0; i < s->hit_count && rc == TDREST_OK && !async->freed; i++) {
        if (tdri_sockets_are_watching(s, s->hits[i].fd))
            rc = take_event(async, s->hits[i].fd, tdri_sockets_events(&s->hits[i]));
        if (rc == TDREST_OK && (i + 1) % EVENTS_AT_ONCE == 0)
            rc = tdri_async_round(async);
    }
    return rc;
}

/* Until none is left, `ends` requests have ended, or the time is up. */
static int run(tdrest_async *async, int64_t ms, int64_t ends)
{
    int64_t until = ms < 0 ? INT64_MAX : tdri_deadline_ms(ms), left = -1;
    int rc = tdri_async_round(async);

    while (rc == TDREST_OK && !async->freed && async->count > 0 && async->ends < ends && left != 0) {
        if (ms >= 0)
            left = (left = until - tdri_now_ms()) > 0 ? left : 0;
        tdri_sockets_wait(&async->sockets, shorter(left, tdrest_async_wait_ms(async)));
        rc = take_events(async);
        if (rc == TDREST_OK && !async->freed)
            rc = tdri_async_round(async);
    }
    return rc;
}

int tdrest_async_run(tdrest_async *async, int64_t ms)
{
    int rc = begin(async);

    if (rc != TDREST_OK)
        return rc;
    if (async->hooks.socket != NULL)
        rc = tdri_err_set(&async->err, TDREST_EUSAGE, "hooks are set: the program's own loop runs the requests");
    else
        rc = run(async, ms, INT64_MAX);
    return end(async, rc);
}

int tdri_async_step(tdrest_async *async, int64_t ms)
{
    int rc = begin(async);

    return rc == TDREST_OK ? end(async, run(async, ms, async->ends + 1)) : rc;
}

int tdrest_async_socket_event(tdrest_async *async, int fd, int events)
{
    int rc = begin(async);

    if (rc != TDREST_OK)
        return rc;
    if (tdri_sockets_are_watching(&async->sockets, fd))
        rc = take_event(async, fd, events);
    return end(async, rc == TDREST_OK ? tdri_async_round(async) : rc);
}

int tdrest_async_timeout_event(tdrest_async *async)
{
    int rc = begin(async);

    if (rc != TDREST_OK)
        return rc;
    async->told_ms = INT64_MAX;
    return end(async, tdri_async_round(async));
}

/* ---- the end ---- */

static void free_trials(tdrest_async *async)
{
    while (async->trials != NULL) {
        tdri_trial *gone = async->trials;

        async->trials = gone->next;
        tdri_mem_free(&async->mem, gone);
    }
}

static void end_all(tdrest_async *async)
{
    async->depth++;
    tdri_loop_enter(async->loop);
    while (async->oldest != NULL)
        tdri_job_cancel(async->oldest);
    tdri_async_free_lanes(async);
    tdri_loop_leave(async->loop);
    tdri_loop_free(async->loop);
}

void tdri_async_destroy(tdrest_async *async)
{
    tdrest_allocator mem = async->mem;

    async->freed = 1;
    if (async->loop != NULL)
        end_all(async);
    if (async->hooks.timer != NULL && async->told_ms != INT64_MAX)
        async->hooks.timer(async->hooks_context, -1);
    free_trials(async);
    tdri_sockets_clear(&async->sockets, &mem);
    tdri_heap_clear(&async->heap, &mem);
    tdri_buf_clear(&async->scratch);
    tdri_mem_free(&mem, async->sites);
    tdri_hosts_release(async->hosts);
    tdrest_options_free(async->options);
    tdri_mem_free(&mem, async);
}
