/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The answering end of a measurement: the answer is made once with its
 * headers and chunks, and then only sent. Knows nothing of the library.
 */
#include "bench/server.h"

#include "bench/measure.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* CHUNK as the adapter sends them. */
enum { PEERS = 1024, REQUEST_MAX = 4096, DRAIN_MAX = 65536, CHUNK = 16384, FRAME_ROOM = 16, HEAD_ROOM = 256 };

typedef struct peer {
    int fd; /* -1: none */
    size_t len;
    size_t body_left; /* bytes of the request's body to come; those are not kept */
    double due;       /* when its answer is; 0: no request is whole */
    char request[REQUEST_MAX + 1];
} peer;

typedef struct answer {
    char *bytes;
    size_t len;
} answer;

/* Status line, headers, chunks. 0 when memory is out. */
static int frame(const tdrt_body *body, answer *out)
{
    size_t at = 0, piece;

    out->bytes = malloc(HEAD_ROOM + body->len + (body->len / CHUNK + 2) * FRAME_ROOM);
    if (out->bytes == NULL)
        return 0;
    out->len = (size_t)snprintf(out->bytes, HEAD_ROOM, "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
                                "Date: Thu, 29 Feb 2024 00:00:00 GMT\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (; at < body->len; at += piece) {
        piece = body->len - at < CHUNK ? body->len - at : CHUNK;
        out->len += (size_t)snprintf(out->bytes + out->len, FRAME_ROOM, "%zx\r\n", piece);
        memcpy(out->bytes + out->len, body->bytes + at, piece);
        out->len += piece;
        out->len += (size_t)snprintf(out->bytes + out->len, FRAME_ROOM, "\r\n");
    }
    out->len += (size_t)snprintf(out->bytes + out->len, FRAME_ROOM, "0\r\n\r\n");
    return 1;
}

/* Is there a whole request? If not, body_left tells of one whose headers are there. */
static int is_whole(peer *p)
{
    const char *body, *length;
    size_t expected, have;

    p->request[p->len] = '\0';
    body = strstr(p->request, "\r\n\r\n");
    if (body == NULL)
        return 0;
    length = strcasestr(p->request, "\r\nContent-Length:");
    body += 4;
    expected = length == NULL || length > body ? 0 : strtoul(length + 17, NULL, 10);
    have = p->len - (size_t)(body - p->request);
    p->body_left = expected > have ? expected - have : 0;
    return p->body_left == 0;
}

static int send_all(int fd, const answer *a)
{
    size_t at = 0;

    while (at < a->len) {
        ssize_t n = send(fd, a->bytes + at, a->len - at, 0);

        if (n < 0 && errno != EINTR)
            return 0;
        if (n > 0)
            at += (size_t)n;
    }
    return 1;
}

static void admit(peer peers[PEERS], int listener)
{
    int fd = accept(listener, NULL, NULL), on = 1, i = 0;

    if (fd < 0)
        return;
    while (i < PEERS && peers[i].fd >= 0)
        i++;
    if (i == PEERS) {
        close(fd);
        return;
    }
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    peers[i].fd = fd;
    peers[i].len = peers[i].body_left = 0;
    peers[i].due = 0;
}

static void leave(peer *p)
{
    close(p->fd);
    p->fd = -1;
}

/* What came in: bytes; 0: the peer is gone; -1: nothing. */
static ssize_t receive(peer *p)
{
    static char drain[DRAIN_MAX];
    ssize_t n = p->body_left == 0 ? recv(p->fd, p->request + p->len, REQUEST_MAX - p->len, 0)
                                  : recv(p->fd, drain, p->body_left < DRAIN_MAX ? p->body_left : DRAIN_MAX, 0);

    return n < 0 && errno != EINTR ? 0 : n;
}

static void attend(peer *p, const answer *a, double delay)
{
    int drains = p->body_left > 0, whole;
    ssize_t n = receive(p);

    if (n == 0)
        leave(p);
    if (n <= 0)
        return;
    if (drains)
        p->body_left -= (size_t)n;
    else
        p->len += (size_t)n;
    whole = drains ? p->body_left == 0 : is_whole(p);
    if (!whole)
        return;
    p->len = 0;
    if (delay > 0)
        p->due = tdrt_wall_seconds() + delay;
    else if (!send_all(p->fd, a))
        leave(p);
}

/* Sends the answers that are due. Seconds until the next one; negative: there is none. */
static double send_due(peer peers[PEERS], const answer *a)
{
    double now = tdrt_wall_seconds(), next = -1;

    for (int i = 0; i < PEERS; i++) {
        peer *p = &peers[i];

        if (p->fd < 0 || p->due == 0)
            continue;
        if (p->due > now) {
            next = next < 0 || p->due - now < next ? p->due - now : next;
            continue;
        }
        p->due = 0;
        if (!send_all(p->fd, a))
            leave(p);
    }
    return next;
}

static int wait_for(struct pollfd *fds, nfds_t count, double seconds)
{
    const struct timespec limit = {0, (long)(seconds * 1e9)}; /* delays are below one second */

    return ppoll(fds, count, seconds < 0 ? NULL : &limit, NULL);
}

static void serve(int listener, int lifeline, const answer *a, double delay)
{
    static peer peers[PEERS];
    static struct pollfd fds[PEERS + 2];

    for (int i = 0; i < PEERS; i++)
        peers[i].fd = -1;
    for (;;) {
        double wait = delay > 0 ? send_due(peers, a) : -1;

        fds[PEERS] = (struct pollfd){listener, POLLIN, 0};
        fds[PEERS + 1] = (struct pollfd){lifeline, POLLIN, 0};
        for (int i = 0; i < PEERS; i++)
            fds[i] = (struct pollfd){peers[i].fd, POLLIN, 0};
        if (wait_for(fds, PEERS + 2, wait) < 0)
            continue;
        if (fds[PEERS + 1].revents != 0)
            return;
        for (int i = 0; i < PEERS; i++)
            if (fds[i].revents != 0)
                attend(&peers[i], a, delay);
        if (fds[PEERS].revents != 0)
            admit(peers, listener);
    }
}

static void run(int listener, int lifeline, tdrt_make_body *make, double delay)
{
    tdrt_body body;
    answer a;

    signal(SIGPIPE, SIG_IGN);
    tdrt_pin(TDRT_LAST_PROCESSOR);
    if (!make(&body) || !frame(&body, &a))
        _exit(1);
    free(body.bytes);
    serve(listener, lifeline, &a, delay);
    _exit(0);
}

/* A listening socket on a free port of 127.0.0.1; -1 when there is none. */
static int listen_somewhere(int *port)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0)
        return -1;
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, PEERS) != 0
        || getsockname(fd, (struct sockaddr *)&address, &len) != 0) {
        close(fd);
        return -1;
    }
    *port = ntohs(address.sin_port);
    return fd;
}

int tdrt_bench_server_start(tdrt_bench_server *server, tdrt_make_body *make)
{
    return tdrt_bench_server_start_slow(server, make, 0);
}

int tdrt_bench_server_start_slow(tdrt_bench_server *server, tdrt_make_body *make, int delay_ms)
{
    int ends[2], listener = listen_somewhere(&server->port);

    if (listener < 0)
        return 0;
    if (pipe(ends) != 0) {
        close(listener);
        return 0;
    }
    /* Programs that are started meanwhile must not hold the lifeline. */
    (void)fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    server->lifeline = ends[1];
    fflush(NULL);
    server->pid = fork();
    if (server->pid == 0) {
        close(ends[1]);
        run(listener, ends[0], make, delay_ms / 1000.0);
    }
    close(listener);
    close(ends[0]);
    if (server->pid < 0)
        close(ends[1]);
    return server->pid > 0;
}

void tdrt_bench_server_stop(tdrt_bench_server *server)
{
    close(server->lifeline);
    while (waitpid(server->pid, NULL, 0) < 0 && errno == EINTR)
        ;
}
