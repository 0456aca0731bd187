/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Connections that are kept between exchanges: which they are, and which are of no more use. Knows nothing of requests. */
#include "net/curl_net.h"

#include "base/clock.h"

#include <poll.h>
#include <sys/socket.h>

/*
 * Bytes that came while nothing was asked for, or the connection's end. libcurl before 8 would take such bytes for the answer to the
 * next request.
 */
int tdri_exchange_is_stale(const tdri_exchange *x)
{
    struct pollfd p = {x->idle, POLLIN, 0};

    if (x->idle == CURL_SOCKET_BAD)
        return 0;
    return (x->idle_until_ms != INT64_MAX && tdri_clock_ages.read_ms(tdri_clock_ages.context) >= x->idle_until_ms) || poll(&p, 1, 0) > 0;
}

/* A request must not leave when the server is about to close: the last second of what it said does not count. */
static int64_t idle_until(int64_t keep_alive_s)
{
    if (keep_alive_s < 0)
        return INT64_MAX;
    return tdri_clock_ages.read_ms(tdri_clock_ages.context) + (keep_alive_s - 1) * 1000;
}

void tdri_exchange_set_idle(tdri_exchange *x, curl_socket_t idle)
{
    tdri_loop *loop = x->loop;
    long port = -1;

    if (x->idle != CURL_SOCKET_BAD) {
        *x->idle_at = x->idle_next;
        if (x->idle_next != NULL)
            x->idle_next->idle_at = x->idle_at;
    }
    x->idle = idle;
    if (idle == CURL_SOCKET_BAD)
        return;
    x->idle_port = curl_easy_getinfo(x->easy, CURLINFO_LOCAL_PORT, &port) == CURLE_OK ? (int)port : -1;
    x->idle_until_ms = idle_until(x->keep_alive_s);
    x->idle_next = loop->idle;
    x->idle_at = &loop->idle;
    if (loop->idle != NULL)
        loop->idle->idle_at = &x->idle_next;
    loop->idle = x;
}

/* libcurl picks among the idle connections of the whole loop, so the stale ones are made unusable first. */
int tdri_exchange_shed_stale(tdri_loop *loop)
{
    int found = 0;

    for (tdri_exchange *x = loop->idle, *next; x != NULL; x = next) {
        next = x->idle_next;
        if (!tdri_exchange_is_stale(x))
            continue;
        (void)shutdown(x->idle, SHUT_RDWR);
        tdri_exchange_set_idle(x, CURL_SOCKET_BAD);
        found = 1;
    }
    return found;
}
