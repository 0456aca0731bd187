/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Making, asking and freeing an async object. Knows no requests. */
#include "async/engine.h"

#include "base/clock.h"
#include "base/sizes.h"

#include <time.h>
#include <unistd.h>

enum { FALLBACK_MS = 1000 }; /* while something runs: libcurl does not tell of every change of its state */

/* Within libcurl. */
static int watch(void *context, int fd, int events)
{
    tdrest_async *async = (tdrest_async *)context;
    int known = tdri_sockets_are_watching(&async->sockets, fd);

    if (events == 0 && !known)
        return TDREST_OK;
    if (tdri_sockets_watch(&async->sockets, &async->mem, fd, events) != TDREST_OK)
        return TDREST_ENOMEM;
    if (async->hooks.socket == NULL || async->hooks.socket(async->hooks_context, fd, events) == 0)
        return TDREST_OK;
    (void)tdri_sockets_watch(&async->sockets, &async->mem, fd, 0);
    if (known) /* nobody would tell it when the descriptor is closed */
        (void)async->hooks.socket(async->hooks_context, fd, TDREST_SOCKET_NONE);
    return TDREST_ECANCELLED; /* by the program */
}

static uint64_t seed(const tdrest_async *async)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec + ((uint64_t)getpid() << 44) + (uint64_t)(uintptr_t)async;
}

static int set_up(tdrest_async *async, tdrest_options *options, tdrest_error *err)
{
    int rc = tdri_conn_copy_options(options, &async->options, err);

    if (rc != TDREST_OK)
        return rc;
    rc = tdri_hosts_of(options, &async->hosts);
    if (rc != TDREST_OK)
        return tdri_err_set(err, rc, NULL);
    async->host_count = tdri_hosts_count(async->hosts);
    async->sites = (tdri_site *)tdri_mem_zeroed(&async->mem, async->host_count, sizeof *async->sites);
    if (async->sites == NULL || tdri_heap_reserve(&async->heap, &async->mem, 1) != TDREST_OK)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    tdri_async_set_per_host(async, (size_t)tdri_opts_int(async->options, TDRI_OPT_MAX_PER_HOST));
    return tdri_loop_new(&async->mem, &async->loop, err);
}

int tdrest_async_new(tdrest_options *options, tdrest_async **out)
{
    tdrest_async *async = (tdrest_async *)tdri_mem_zeroed(&options->mem, 1, sizeof *async);
    int rc;

    *out = NULL;
    tdri_err_reset(&options->err);
    if (async == NULL)
        return tdri_err_set(&options->err, TDREST_ENOMEM, NULL);
    async->mem = options->mem;
    async->told_ms = INT64_MAX;
    tdri_buf_init(&async->scratch, &async->mem, (size_t)tdri_opts_int(options, TDRI_OPT_MAX_SQL_BYTES));
    async->last_req_id = seed(async);
    tdri_err_reset(&async->err);
    rc = set_up(async, options, &options->err);
    if (rc == TDREST_OK)
        *out = async;
    else
        tdri_async_destroy(async);
    return rc;
}

/* libcurl is told how many connections to keep when the first request is started. */
void tdri_async_set_per_host(tdrest_async *async, size_t most)
{
    async->per_host = most;
}

int tdri_async_has_hooks(const tdrest_async *async)
{
    return async->hooks.socket != NULL;
}

void tdri_async_set_alarm(tdrest_async *async, int64_t at_ms)
{
    async->alarm_ms = at_ms;
    if (async->depth == 0)
        tdri_async_tell_timer(async);
}

void tdrest_async_free(tdrest_async *async)
{
    if (async == NULL)
        return;
    async->freed = 1;
    if (async->depth == 0)
        tdri_async_destroy(async);
}

const tdrest_error *tdrest_async_error(const tdrest_async *async)
{
    return async == NULL ? tdri_err_none() : &async->err;
}

size_t tdrest_async_count(const tdrest_async *async)
{
    return async->count;
}

int tdri_async_is_ours(tdrest_async *async)
{
    if (!async->has_thread) {
        async->thread = pthread_self();
        async->has_thread = 1;
    }
    return pthread_equal(async->thread, pthread_self());
}

/* Another thread gets the code alone: the record is the owner's. */
int tdri_async_enter(tdrest_async *async)
{
    if (!tdri_async_is_ours(async))
        return TDREST_EUSAGE;
    tdri_err_reset(&async->err);
    return async->freed ? tdri_err_set(&async->err, TDREST_EUSAGE, "the async object is being freed") : TDREST_OK;
}

int tdri_async_start_loop(tdrest_async *async, tdrest_error *err)
{
    size_t lanes = async->per_host * async->host_count;

    if (async->started)
        return TDREST_OK;
    if (tdri_loop_drive(async->loop, watch, async, lanes > 100000 ? 100000 : (long)lanes) != TDREST_OK)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    async->started = 1;
    return TDREST_OK;
}

/* ---- when it is due ---- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* The moment of the next timeout_event; INT64_MAX: none. */
static int64_t next_due(const tdrest_async *async)
{
    const tdri_due *first = tdri_heap_first(&async->heap);
    int64_t due = tdri_loop_due_ms(async->loop);

    if (async->lines_changed && (async->fresh.first != NULL || async->again.first != NULL))
        return 0;
    if (first != NULL)
        due = earlier(due, first->at_ms);
    if (async->alarm_ms != 0)
        due = earlier(due, async->alarm_ms);
    return due;
}

int64_t tdrest_async_wait_ms(const tdrest_async *async)
{
    int64_t due = next_due(async), now = tdri_now_ms(), left = due == INT64_MAX ? INT64_MAX : due > now ? due - now : 0;

    if (async->running > 0)
        left = earlier(left, FALLBACK_MS);
    return left == INT64_MAX ? -1 : left;
}

/* A timer that comes too early does no harm, so it is told only of earlier moments, and when there is none any more. */
void tdri_async_tell_timer(tdrest_async *async)
{
    int64_t ms, at;

    if (async->hooks.timer == NULL)
        return;
    ms = tdrest_async_wait_ms(async);
    at = ms < 0 ? INT64_MAX : tdri_now_ms() + ms;
    if (at >= async->told_ms && (at != INT64_MAX || async->told_ms == INT64_MAX))
        return;
    async->told_ms = at;
    async->hooks.timer(async->hooks_context, ms);
}

int tdrest_async_set_hooks(tdrest_async *async, const tdrest_async_hooks *hooks, void *context)
{
    tdrest_async_hooks taken = TDREST_ASYNC_HOOKS_INIT;
    int rc = tdri_async_enter(async);

    if (rc != TDREST_OK)
        return rc;
    if (hooks == NULL || !tdri_sizes_take(&tdri_sizes_async_hooks, hooks, &taken))
        return tdri_err_set(&async->err, TDREST_EUSAGE, "hooks: expected a struct initialised with TDREST_ASYNC_HOOKS_INIT");
    if (taken.socket == NULL || taken.timer == NULL)
        return tdri_err_set(&async->err, TDREST_EUSAGE, "hooks: expected both members to be set");
    if (async->started)
        return tdri_err_set(&async->err, TDREST_EUSAGE, "hooks must be set before the first request is started");
    async->hooks = taken;
    async->hooks_context = context;
    return TDREST_OK;
}
