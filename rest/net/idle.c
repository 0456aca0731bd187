/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Connections that are kept between exchanges: whose they are, and which are of no more use. Knows nothing of requests. */
#include "net/curl_net.h"

#include "base/clock.h"

#include <poll.h>
#include <string.h>
#include <sys/socket.h>

enum { AT_ONCE = 64 }; /* connections that are looked at with one call */

static int is_expired(const tdri_exchange *x)
{
    return x->idle_until_ms != INT64_MAX && tdri_clock_ages.read_ms(tdri_clock_ages.context) >= x->idle_until_ms;
}

/*
 * Bytes that came while nothing was asked for, or the connection's end. libcurl before 8 would take such bytes for the answer to the
 * next request.
 */
int tdri_exchange_is_stale(const tdri_exchange *x)
{
    struct pollfd p = {x->idle, POLLIN, 0};

    return x->idle != CURL_SOCKET_BAD && (is_expired(x) || poll(&p, 1, 0) > 0);
}

/* A request must not leave when the server is about to close: the last second of what it said does not count. */
static int64_t idle_until(int64_t keep_alive_s)
{
    if (keep_alive_s < 0)
        return INT64_MAX;
    return tdri_clock_ages.read_ms(tdri_clock_ages.context) + (keep_alive_s - 1) * 1000;
}

/* ---- whose a connection is ---- */

static void leave_idle(tdri_exchange *x)
{
    if (x->idle == CURL_SOCKET_BAD)
        return;
    *x->idle_at = x->idle_next;
    if (x->idle_next != NULL)
        x->idle_next->idle_at = x->idle_at;
    x->idle = CURL_SOCKET_BAD;
}

static void enter_idle(tdri_exchange *x, curl_socket_t idle, int64_t until_ms)
{
    tdri_loop *loop = x->loop;

    leave_idle(x);
    x->idle = idle;
    x->idle_until_ms = until_ms;
    if (idle == CURL_SOCKET_BAD)
        return;
    x->idle_next = loop->idle;
    x->idle_at = &loop->idle;
    if (loop->idle != NULL)
        loop->idle->idle_at = &x->idle_next;
    loop->idle = x;
}

void tdri_exchange_set_idle(tdri_exchange *x, curl_socket_t idle)
{
    enter_idle(x, idle, idle == CURL_SOCKET_BAD ? INT64_MAX : idle_until(x->keep_alive_s));
}

void tdri_exchange_keep(tdri_exchange *x)
{
    if (x->ends.port == 0 || x->socket == CURL_SOCKET_BAD) /* this is slow where there are many connections */
        if (curl_easy_getinfo(x->easy, CURLINFO_ACTIVESOCKET, &x->socket) != CURLE_OK)
            x->socket = CURL_SOCKET_BAD;
    tdri_exchange_set_idle(x, x->socket);
}

/* Systems that choose ports for connections choose even ones only. */
static tdri_exchange **list_of(tdri_loop *loop, int port)
{
    return loop->by_port != NULL ? &loop->by_port[(port >> 1) % TDRI_PORT_LISTS] : &loop->with_port;
}

static int are_same(const tdri_ends *a, const tdri_ends *b)
{
    return a->port == b->port && a->peer_port == b->peer_port && strcmp(a->peer, b->peer) == 0 && strcmp(a->here, b->here) == 0;
}

static void set_connection(tdri_exchange *x, const tdri_ends *ends, curl_socket_t socket)
{
    tdri_exchange **at = list_of(x->loop, x->ends.port);

    x->socket = socket;
    if (x->ends.port != 0) {
        while (*at != x)
            at = &(*at)->port_next;
        *at = x->port_next;
    }
    x->ends = *ends;
    if (ends->port == 0)
        return;
    at = list_of(x->loop, ends->port);
    x->port_next = *at;
    *at = x;
}

/*
 * The one that had it before gets the one that x had. It may be one that has not ended yet: libcurl gives a connection away within the call in which it is
 * through with a transfer.
 */
void tdri_exchange_claim(tdri_exchange *x, const tdri_ends *ends)
{
    tdri_exchange *before = *list_of(x->loop, ends->port);
    curl_socket_t socket = CURL_SOCKET_BAD;

    while (before != NULL && !are_same(&before->ends, ends))
        before = before->port_next;
    if (before != NULL)
        socket = before->socket;
    if (before != NULL && before != x) {
        before->lost = before->active;
        set_connection(before, &x->ends, x->socket);
        enter_idle(before, x->idle, x->idle_until_ms);
    }
    leave_idle(x);
    set_connection(x, ends, socket);
    x->lost = 0;
}

void tdri_exchange_disclaim(tdri_exchange *x)
{
    static const tdri_ends none = {"", "", 0, 0};

    leave_idle(x);
    set_connection(x, &none, CURL_SOCKET_BAD);
}

/* ---- which of them are of no more use ---- */

/* Of some that are idle. 1 when there were any. */
static int shed(tdri_exchange *const some[], struct pollfd polled[], int count)
{
    int ready = poll(polled, (nfds_t)count, 0), found = 0;

    for (int i = 0; i < count; i++) {
        if (!is_expired(some[i]) && (ready <= 0 || polled[i].revents == 0))
            continue;
        (void)shutdown(some[i]->idle, SHUT_RDWR);
        tdri_exchange_set_idle(some[i], CURL_SOCKET_BAD);
        found = 1;
    }
    return found;
}

/* libcurl picks among the idle connections of the whole loop, so the stale ones are made unusable first. */
int tdri_exchange_shed_stale(tdri_loop *loop)
{
    tdri_exchange *some[AT_ONCE], *x = loop->idle;
    struct pollfd polled[AT_ONCE];
    int found = 0, count;

    while (x != NULL) {
        for (count = 0; x != NULL && count < AT_ONCE; x = x->idle_next) {
            some[count] = x;
            polled[count++] = (struct pollfd){x->idle, POLLIN, 0};
        }
        found |= shed(some, polled, count);
    }
    return found;
}
