/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The descriptors that libcurl wants watched, by number, and waiting for them with poll. Knows neither requests nor libcurl. */
#ifndef TDRI_SOCKETS_H
#define TDRI_SOCKETS_H

#include <poll.h>

#include <tdrest.h>

typedef struct tdri_sockets {
    struct pollfd *polled; /* those that are watched */
    struct pollfd *hits;   /* room for as many, of one wait */
    size_t count, cap;
    size_t hit_count;
    int *place;            /* of each descriptor in `polled`; -1: it is not watched */
    size_t places;
} tdri_sockets;

/* Watches for events, a sum of TDREST_SOCKET_READ and _WRITE; 0: no more. TDREST_OK or TDREST_ENOMEM. */
int tdri_sockets_watch(tdri_sockets *sockets, const tdrest_allocator *mem, int fd, int events);
int tdri_sockets_are_watching(const tdri_sockets *sockets, int fd);
void tdri_sockets_clear(tdri_sockets *sockets, const tdrest_allocator *mem);

/* Waits for at most ms milliseconds (-1: as long as it takes); what is ready is then in `hits`. An interrupted wait is over. */
void tdri_sockets_wait(tdri_sockets *sockets, int64_t ms);
/* What a hit is ready for. */
int tdri_sockets_events(const struct pollfd *hit);

#endif
