/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The loop. Knows nothing of the library but its interface. */
#include "polling.h"

#include "dial.h"

#ifndef TDREST_NO_ASYNC
static int watch(void *context, int fd, int events)
{
    tdrt_polling *p = (tdrt_polling *)context;
    nfds_t i = 0;

    if (events != 0 && ++p->calls == p->fail_at) {
        p->refused++;
        return -1;
    }
    while (i < p->count && p->fds[i].fd != fd)
        i++;
    if (events == 0) {
        if (i < p->count)
            p->fds[i] = p->fds[--p->count];
        return 0;
    }
    if (i == TDRT_POLLING_FDS)
        return -1;
    p->fds[i] = (struct pollfd){fd, (short)((events & TDREST_SOCKET_READ ? POLLIN : 0) | (events & TDREST_SOCKET_WRITE ? POLLOUT : 0)), 0};
    if (i == p->count)
        p->count++;
    return 0;
}

static void set_timer(void *context, int64_t ms)
{
    ((tdrt_polling *)context)->due_ms = ms < 0 ? -1 : tdrt_now_ms() + ms;
}

void tdrt_polling_hook(tdrt_polling *p, tdrest_async *async)
{
    tdrest_async_hooks hooks = TDREST_ASYNC_HOOKS_INIT;

    hooks.socket = watch;
    hooks.timer = set_timer;
    p->async = async;
    p->due_ms = -1;
    CHECK(tdrest_async_set_hooks(async, &hooks, p) == TDREST_OK, "%s", tdrest_async_error(async)->message);
}

static int events_of(const struct pollfd *p)
{
    int events = 0;

    if (p->revents & (POLLIN | POLLHUP | POLLERR))
        events |= TDREST_SOCKET_READ;
    if (p->revents & (POLLOUT | POLLHUP | POLLERR))
        events |= TDREST_SOCKET_WRITE;
    return events;
}

int tdrt_polling_turn(tdrt_polling *p, int longest)
{
    struct pollfd hits[TDRT_POLLING_FDS];
    nfds_t count = p->count;
    int64_t now = tdrt_now_ms(), left = p->due_ms < 0 ? longest : p->due_ms > now ? p->due_ms - now : 0;
    int rc = TDREST_OK;

    if (poll(p->fds, count, left < longest ? (int)left : longest) > 0) {
        memcpy(hits, p->fds, count * sizeof *hits);
        for (nfds_t i = 0; i < count; i++)
            if (hits[i].revents != 0) {
                p->wakes++;
                rc = tdrest_async_socket_event(p->async, hits[i].fd, events_of(&hits[i]));
            }
    }
    if (p->due_ms >= 0 && tdrt_now_ms() >= p->due_ms) {
        p->due_ms = -1;
        p->wakes++;
        rc = tdrest_async_timeout_event(p->async);
    }
    return rc;
}
#else
typedef int tdrt_no_polling; /* a file is not empty */
#endif
