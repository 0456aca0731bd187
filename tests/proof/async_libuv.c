/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A loop with libuv. Built where there is one. */
#include "proof/async_loops.h"

#include <stdlib.h>
#include <uv.h>

enum { FDS = 8192 };

static uv_loop_t loop;
static uv_timer_t timer, limit;
static uv_poll_t *polls[FDS]; /* by descriptor */
static tdrest_async *driven;
static int last_rc, watched;

static void note(int rc)
{
    last_rc = rc;
    if (rc != TDREST_OK)
        uv_stop(&loop);
}

static int fd_of(const uv_poll_t *poll)
{
    return (int)(intptr_t)poll->data;
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    int happened = (status < 0 || events & UV_READABLE ? TDREST_SOCKET_READ : 0) | (status < 0 || events & UV_WRITABLE ? TDREST_SOCKET_WRITE : 0);

    note(tdrest_async_socket_event(driven, fd_of(poll), happened));
}

static void on_timeout(uv_timer_t *which)
{
    (void)which;
    note(tdrest_async_timeout_event(driven));
}

static void on_limit(uv_timer_t *which)
{
    (void)which;
    uv_stop(&loop);
}

static void free_poll(uv_handle_t *handle)
{
    free(handle);
}

static int on_socket(void *context, int fd, int events)
{
    uv_poll_t **at;

    (void)context;
    if (fd >= FDS)
        return -1;
    at = &polls[fd];
    if (events == TDREST_SOCKET_NONE) {
        uv_close((uv_handle_t *)*at, free_poll);
        *at = NULL;
        watched--;
        return 0;
    }
    if (*at == NULL) {
        *at = (uv_poll_t *)calloc(1, sizeof **at);
        if (*at == NULL || uv_poll_init(&loop, *at, fd) != 0)
            return -1;
        (*at)->data = (void *)(intptr_t)fd;
        watched++;
    }
    return uv_poll_start(*at, (events & TDREST_SOCKET_READ ? UV_READABLE : 0) | (events & TDREST_SOCKET_WRITE ? UV_WRITABLE : 0), on_poll);
}

static void on_timer(void *context, int64_t ms)
{
    (void)context;
    uv_update_time(&loop);
    if (ms < 0)
        uv_timer_stop(&timer);
    else
        uv_timer_start(&timer, on_timeout, (uint64_t)ms, 0);
}

static int open_libuv(tdrest_async *async)
{
    const tdrest_async_hooks hooks = {sizeof hooks, on_socket, on_timer};

    driven = async;
    return uv_loop_init(&loop) == 0 && uv_timer_init(&loop, &timer) == 0 && uv_timer_init(&loop, &limit) == 0 &&
           tdrest_async_set_hooks(async, &hooks, NULL) == TDREST_OK;
}

static int run_libuv(tdrest_async *async, int64_t ms)
{
    (void)async;
    last_rc = TDREST_OK;
    uv_timer_start(&limit, on_limit, (uint64_t)ms, 0);
    uv_run(&loop, UV_RUN_DEFAULT);
    uv_timer_stop(&limit);
    return last_rc;
}

static int close_libuv(void)
{
    uv_close((uv_handle_t *)&timer, NULL);
    uv_close((uv_handle_t *)&limit, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    return watched + (uv_loop_close(&loop) != 0);
}

const tdrt_async_loop tdrt_libuv_loop = {"libuv", open_libuv, run_libuv, close_libuv};
