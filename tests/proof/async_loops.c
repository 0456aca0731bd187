/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The library's own loop, and one with epoll. */
#include "proof/async_loops.h"

#include <string.h>

/* ---- run ---- */

static int open_none(tdrest_async *async)
{
    (void)async;
    return 1;
}

static int run_own(tdrest_async *async, int64_t ms)
{
    return tdrest_async_run(async, ms);
}

static int close_none(void)
{
    return 0;
}

static const tdrt_async_loop own_loop = {"run", open_none, run_own, close_none};

/* ---- epoll ---- */

#ifdef __linux__

#include <errno.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

static int epoll = -1, watched;
static int64_t due = -1;

static int64_t now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int on_socket(void *context, int fd, int events)
{
    struct epoll_event wanted;

    (void)context;
    memset(&wanted, 0, sizeof wanted);
    wanted.events = (events & TDREST_SOCKET_READ ? EPOLLIN : 0u) | (events & TDREST_SOCKET_WRITE ? EPOLLOUT : 0u);
    wanted.data.fd = fd;
    if (events == TDREST_SOCKET_NONE) {
        watched--;
        return epoll_ctl(epoll, EPOLL_CTL_DEL, fd, &wanted);
    }
    if (epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &wanted) == 0)
        return 0;
    watched++;
    return errno == ENOENT ? epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &wanted) : -1;
}

static void on_timer(void *context, int64_t ms)
{
    (void)context;
    due = ms < 0 ? -1 : now_ms() + ms;
}

static int open_epoll(tdrest_async *async)
{
    const tdrest_async_hooks hooks = {sizeof hooks, on_socket, on_timer};

    epoll = epoll_create1(EPOLL_CLOEXEC);
    return epoll >= 0 && tdrest_async_set_hooks(async, &hooks, NULL) == TDREST_OK;
}

static int turn(tdrest_async *async)
{
    struct epoll_event hits[64];
    int64_t left = due < 0 ? 1000 : due > now_ms() ? due - now_ms() : 0;
    int count = epoll_wait(epoll, hits, 64, left > 1000 ? 1000 : (int)left), rc = TDREST_OK;

    for (int i = 0; i < count && rc >= 0; i++)
        rc = tdrest_async_socket_event(async, hits[i].data.fd, (hits[i].events & ~(uint32_t)EPOLLOUT ? TDREST_SOCKET_READ : 0) |
                                                                   (hits[i].events & ~(uint32_t)EPOLLIN ? TDREST_SOCKET_WRITE : 0));
    if (rc >= 0 && due >= 0 && now_ms() >= due) {
        due = -1;
        rc = tdrest_async_timeout_event(async);
    }
    return rc;
}

static int run_epoll(tdrest_async *async, int64_t ms)
{
    const int64_t until = now_ms() + ms;
    int rc = TDREST_OK;

    while (rc == TDREST_OK && now_ms() < until)
        rc = turn(async);
    return rc;
}

static int close_epoll(void)
{
    close(epoll);
    return watched;
}

static const tdrt_async_loop epoll_loop = {"epoll", open_epoll, run_epoll, close_epoll};

#endif

const tdrt_async_loop *tdrt_async_loop_find(const char *name)
{
    static const tdrt_async_loop *const all[] = {
        &own_loop,
#ifdef __linux__
        &epoll_loop,
#endif
#ifdef TDRT_LIBUV
        &tdrt_libuv_loop,
#endif
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (strcmp(all[i]->name, name) == 0)
            return all[i];
    return NULL;
}
