/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What listen.h says: a thread that takes connections, a pipe that wakes it, a list of what is open. */
#include "listen.h"

#include "exchange.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

typedef struct address {
    int port;
    int fd;           /* -1: does not listen */
    sbx_manner wanted;
    sbx_manner manner;
    int64_t until_ns; /* when it serves again; 0: not by itself */
} address;

struct sbx_open {
    sbx_listen *listen;
    address *at;
    int fd;
    sbx_open *next;
};

struct sbx_listen {
    address addresses[SBX_MAX_PORTS];
    size_t count;
    sbx_open *open;
    int stopping;
    int running;
    int wake[2];
    pthread_t thread;
    pthread_mutex_t lock; /* of all that is above but the thread */
    pthread_cond_t changed;
    void (*take)(void *context, int fd, const struct sockaddr *from, socklen_t len);
    void *context;
};

/* ---- sockets ---- */

/* Closed unless it listens. Nothing waits in accept: who was there may have gone. */
static int listen_on(int *port, sbx_buf *why)
{
    struct sockaddr_in at = {0};
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

    at.sin_family = AF_INET;
    at.sin_port = htons((uint16_t)*port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
        listen(fd, SOMAXCONN) == 0 && getsockname(fd, (struct sockaddr *)&at, &len) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0) {
        *port = ntohs(at.sin_port);
        return fd;
    }
    sbx_buf_format(why, "port %d of 127.0.0.1: %s", *port, strerror(errno));
    if (*port != 0 && errno == EADDRINUSE)
        sbx_buf_text(why, " (--port 0 takes a free one)");
    if (fd >= 0)
        close(fd);
    return -1;
}

static void close_listener(address *at)
{
    if (at->fd >= 0)
        close(at->fd);
    at->fd = -1;
}

/* The other side sees a reset, as when a process dies with bytes unread. */
static void break_open(sbx_listen *listen, const address *at)
{
    const struct linger none = {1, 0};
    sbx_open *open;

    for (open = listen->open; open != NULL; open = open->next)
        if (open->at == at) {
            setsockopt(open->fd, SOL_SOCKET, SO_LINGER, &none, sizeof none);
            shutdown(open->fd, SHUT_RDWR);
        }
}

/* ---- the thread ---- */

static void become_wanted(sbx_listen *listen, address *at)
{
    sbx_buf why = {0};

    /* However short a time it is wanted for, it happens. */
    if (at->until_ns != 0 && at->manner == at->wanted && sbx_monotonic_ns() >= at->until_ns) {
        at->wanted = SBX_SERVES;
        at->until_ns = 0;
    }
    if (at->wanted == SBX_REFUSES || at->wanted == SBX_KILLED)
        close_listener(at);
    else if (at->fd < 0)
        at->fd = listen_on(&at->port, &why);
    if (at->wanted == SBX_KILLED && at->manner != SBX_KILLED)
        break_open(listen, at);
    at->manner = at->wanted;
    sbx_buf_clear(&why);
}

/* Milliseconds until an address serves again, or one that could not listen is tried again; -1: none does by itself. */
static int next_change(const sbx_listen *listen)
{
    int64_t now = sbx_monotonic_ns(), next = -1;

    for (size_t i = 0; i < listen->count; i++) {
        const address *at = &listen->addresses[i];
        int64_t left = at->until_ns > now ? (at->until_ns - now) / 1000000 + 1 : at->until_ns != 0 ? 0 : -1;

        if (at->fd < 0 && at->manner == SBX_SERVES)
            left = 10;
        if (left >= 0 && (next < 0 || left < next))
            next = left;
    }
    return (int)next;
}

/* Brings the addresses to what is wanted; 0: stop. The last of fds is the pipe's. */
static int settle(sbx_listen *listen, struct pollfd *fds, int *ms)
{
    int goes_on;

    pthread_mutex_lock(&listen->lock);
    for (size_t i = 0; i < listen->count; i++) {
        become_wanted(listen, &listen->addresses[i]);
        fds[i] = (struct pollfd){listen->addresses[i].fd, POLLIN, 0};
    }
    fds[listen->count] = (struct pollfd){listen->wake[0], POLLIN, 0};
    *ms = next_change(listen);
    goes_on = !listen->stopping;
    pthread_cond_broadcast(&listen->changed);
    pthread_mutex_unlock(&listen->lock);
    return goes_on;
}

static void take_one(sbx_listen *listen, int listener)
{
    struct sockaddr_in from = {0};
    socklen_t len = sizeof from;
    int fd = accept(listener, (struct sockaddr *)&from, &len);

    if (fd >= 0)
        listen->take(listen->context, fd, (struct sockaddr *)&from, len);
}

static void *run(void *context)
{
    sbx_listen *listen = context;
    struct pollfd fds[SBX_MAX_PORTS + 1];
    char bytes[16];
    int ms;

    while (settle(listen, fds, &ms)) {
        if (poll(fds, listen->count + 1, ms) <= 0)
            continue;
        if (fds[listen->count].revents != 0 && read(listen->wake[0], bytes, sizeof bytes) < 0)
            continue;
        for (size_t i = 0; i < listen->count; i++)
            if (fds[i].revents != 0)
                take_one(listen, fds[i].fd);
    }
    return NULL;
}

/* A pipe that is full wakes it anyhow. */
static void wake(const sbx_listen *listen)
{
    while (write(listen->wake[1], "", 1) < 0 && errno == EINTR)
        ;
}

/* ---- from outside ---- */

sbx_listen *sbx_listen_new(int *ports, size_t count, sbx_buf *why)
{
    sbx_listen *listen = calloc(1, sizeof *listen);

    if (listen == NULL || pipe(listen->wake) != 0) {
        sbx_buf_text(why, strerror(errno));
        free(listen);
        return NULL;
    }
    fcntl(listen->wake[1], F_SETFL, O_NONBLOCK);
    pthread_mutex_init(&listen->lock, NULL);
    pthread_cond_init(&listen->changed, NULL);
    for (; listen->count < count; listen->count++) {
        address *at = &listen->addresses[listen->count];

        *at = (address){ports[listen->count], -1, SBX_SERVES, SBX_SERVES, 0};
        at->fd = listen_on(&at->port, why);
        if (at->fd < 0) {
            sbx_listen_free(listen);
            return NULL;
        }
        ports[listen->count] = at->port;
    }
    return listen;
}

int sbx_listen_start(sbx_listen *listen, void (*take)(void *context, int fd, const struct sockaddr *from, socklen_t len), void *context)
{
    listen->take = take;
    listen->context = context;
    listen->running = pthread_create(&listen->thread, NULL, run, listen) == 0;
    return listen->running;
}

void sbx_listen_stop(sbx_listen *listen)
{
    if (!listen->running)
        return;
    pthread_mutex_lock(&listen->lock);
    listen->stopping = 1;
    wake(listen);
    pthread_cond_broadcast(&listen->changed);
    pthread_mutex_unlock(&listen->lock);
    pthread_join(listen->thread, NULL);
    for (size_t i = 0; i < listen->count; i++)
        close_listener(&listen->addresses[i]);
    listen->running = 0;
}

void sbx_listen_free(sbx_listen *listen)
{
    sbx_listen_stop(listen);
    for (size_t i = 0; i < listen->count; i++)
        close_listener(&listen->addresses[i]);
    close(listen->wake[0]);
    close(listen->wake[1]);
    pthread_cond_destroy(&listen->changed);
    pthread_mutex_destroy(&listen->lock);
    free(listen);
}

int sbx_listen_set(sbx_listen *listen, int port, sbx_manner manner, int ms)
{
    address *at = NULL;

    pthread_mutex_lock(&listen->lock);
    for (size_t i = 0; i < listen->count; i++)
        if (listen->addresses[i].port == port)
            at = &listen->addresses[i];
    if (at != NULL) {
        at->wanted = manner;
        at->until_ns = ms == 0 ? 0 : sbx_monotonic_ns() + (int64_t)ms * 1000000;
        wake(listen);
        while (!listen->stopping && at->manner != at->wanted)
            pthread_cond_wait(&listen->changed, &listen->lock);
    }
    pthread_mutex_unlock(&listen->lock);
    return at != NULL;
}

/* ---- open connections ---- */

sbx_open *sbx_open_add(sbx_listen *listen, int fd)
{
    sbx_open *open = calloc(1, sizeof *open);
    struct sockaddr_in at = {0};
    socklen_t len = sizeof at;

    if (open == NULL || getsockname(fd, (struct sockaddr *)&at, &len) != 0) {
        free(open);
        return NULL;
    }
    pthread_mutex_lock(&listen->lock);
    *open = (sbx_open){listen, NULL, fd, listen->open};
    for (size_t i = 0; i < listen->count; i++)
        if (listen->addresses[i].port == ntohs(at.sin_port))
            open->at = &listen->addresses[i];
    listen->open = open;
    pthread_mutex_unlock(&listen->lock);
    return open;
}

void sbx_open_wait(sbx_open *open)
{
    sbx_listen *listen;

    if (open == NULL || open->at == NULL)
        return;
    listen = open->listen;
    pthread_mutex_lock(&listen->lock);
    while (!listen->stopping && open->at->manner == SBX_HANGS)
        pthread_cond_wait(&listen->changed, &listen->lock);
    pthread_mutex_unlock(&listen->lock);
}

void sbx_open_remove(sbx_open *open)
{
    sbx_listen *listen;
    sbx_open **at;

    if (open == NULL)
        return;
    listen = open->listen;
    pthread_mutex_lock(&listen->lock);
    for (at = &listen->open; *at != open; at = &(*at)->next)
        ;
    *at = open->next;
    pthread_mutex_unlock(&listen->lock);
    free(open);
}
