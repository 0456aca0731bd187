/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Descriptors by number, and poll. Knows neither requests nor libcurl. */
#include "async/sockets.h"

#include "base/mem.h"

#include <limits.h>

/* Room for the descriptor's number. */
static int grow_places(tdri_sockets *s, const tdrest_allocator *mem, size_t fd)
{
    size_t places = s->places == 0 ? 64 : s->places;
    int *more;

    while (places <= fd)
        places *= 2;
    if (places == s->places)
        return 1;
    more = (int *)tdri_mem_resize(mem, s->place, places * sizeof *more);
    if (more == NULL)
        return 0;
    for (size_t i = s->places; i < places; i++)
        more[i] = -1;
    s->place = more;
    s->places = places;
    return 1;
}

static int grow(tdri_sockets *s, const tdrest_allocator *mem)
{
    size_t cap = s->cap == 0 ? 16 : s->cap * 2;
    struct pollfd *more;

    if (s->count < s->cap)
        return 1;
    more = (struct pollfd *)tdri_mem_resize(mem, s->polled, cap * sizeof *more);
    if (more == NULL)
        return 0;
    s->polled = more;
    more = (struct pollfd *)tdri_mem_resize(mem, s->hits, cap * sizeof *more);
    if (more == NULL)
        return 0;
    s->hits = more;
    s->cap = cap;
    return 1;
}

int tdri_sockets_are_watching(const tdri_sockets *s, int fd)
{
    return fd >= 0 && (size_t)fd < s->places && s->place[fd] >= 0;
}

/* The last one takes its place. */
static void forget(tdri_sockets *s, int fd)
{
    int place = s->place[fd];
    struct pollfd last = s->polled[--s->count];

    s->polled[place] = last;
    s->place[last.fd] = place;
    s->place[fd] = -1;
}

int tdri_sockets_watch(tdri_sockets *s, const tdrest_allocator *mem, int fd, int events)
{
    short wanted = (short)(((events & TDREST_SOCKET_READ) != 0 ? POLLIN : 0) | ((events & TDREST_SOCKET_WRITE) != 0 ? POLLOUT : 0));

    if (!tdri_sockets_are_watching(s, fd)) {
        if (events == 0)
            return TDREST_OK;
        if (!grow_places(s, mem, (size_t)fd) || !grow(s, mem))
            return TDREST_ENOMEM;
        s->place[fd] = (int)s->count;
        s->polled[s->count++] = (struct pollfd){fd, wanted, 0};
    } else if (events == 0) {
        forget(s, fd);
    } else {
        s->polled[s->place[fd]].events = wanted;
    }
    return TDREST_OK;
}

void tdri_sockets_clear(tdri_sockets *s, const tdrest_allocator *mem)
{
    tdri_mem_free(mem, s->polled);
    tdri_mem_free(mem, s->hits);
    tdri_mem_free(mem, s->place);
    *s = (tdri_sockets){0};
}

void tdri_sockets_wait(tdri_sockets *s, int64_t ms)
{
    int ready = poll(s->polled, (nfds_t)s->count, ms > INT_MAX ? INT_MAX : (int)ms);

    s->hit_count = 0;
    for (size_t i = 0; ready > 0 && i < s->count; i++)
        if (s->polled[i].revents != 0) {
            s->hits[s->hit_count++] = s->polled[i];
            ready--;
        }
}

int tdri_sockets_events(const struct pollfd *hit)
{
    int events = 0;

    if ((hit->revents & (POLLIN | POLLERR | POLLHUP | POLLNVAL)) != 0)
        events |= TDREST_SOCKET_READ;
    if ((hit->revents & (POLLOUT | POLLERR | POLLHUP | POLLNVAL)) != 0)
        events |= TDREST_SOCKET_WRITE;
    return events;
}
