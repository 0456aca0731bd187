/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A scripted HTTP server over raw sockets. Knows nothing of the library. */
#include "serve.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_MAX = 1 << 21 };

/* One whole request into buf, NUL-terminated; the body's place, or NULL when the peer is gone. */
static char *read_request(int fd, char *buf)
{
    size_t len = 0, need = 0;
    char *body = NULL;

    for (;;) {
        ssize_t got = read(fd, buf + len, REQUEST_MAX - len);

        if (got <= 0)
            return NULL;
        len += (size_t)got;
        buf[len] = '\0';
        if (body == NULL && (body = strstr(buf, "\r\n\r\n")) != NULL) {
            const char *field = strcasestr(buf, "\r\nContent-Length:");

            body += 4;
            need = (size_t)(body - buf) + (field == NULL ? 0 : strtoul(field + 17, NULL, 10));
        }
        if (body != NULL && len >= need)
            return body;
    }
}

static int put(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t wrote = write(fd, bytes, len);

        if (wrote <= 0)
            return 0;
        bytes += wrote;
        len -= (size_t)wrote;
    }
    return 1;
}

static int put_chunks(int fd, const tdrt_reply *r, size_t len)
{
    char head[32];
    struct timespec pause = {r->pause_ms / 1000, r->pause_ms % 1000 * 1000000L};

    for (size_t at = 0; at < len; at += (size_t)r->chunked) {
        size_t n = len - at < (size_t)r->chunked ? len - at : (size_t)r->chunked;

        snprintf(head, sizeof head, "%zx\r\n", n);
        if (!put(fd, head, strlen(head)) || !put(fd, r->body + at, n) || !put(fd, "\r\n", 2))
            return 0;
    }
    if (r->pause_ms > 0)
        nanosleep(&pause, NULL);
    return r->cut >= 0 || put(fd, "0\r\n\r\n", 5);
}

/* 1 when the connection stays open. */
static int answer(int fd, const tdrt_reply *r)
{
    char head[512], length[64] = "Transfer-Encoding: chunked";
    size_t len = r->cut >= 0 ? (size_t)r->cut : strlen(r->body);

    if (r->chunked == 0)
        snprintf(length, sizeof length, "Content-Length: %zu", strlen(r->body));
    snprintf(head, sizeof head, "HTTP/1.1 %d X\r\n%s%s%s%s\r\n\r\n", r->status, r->type == NULL ? "" : "Content-Type: ",
             r->type == NULL ? "" : r->type, r->type == NULL ? "" : "\r\n", length);
    if (!put(fd, head, strlen(head)))
        return 0;
    if (r->chunked > 0)
        return put_chunks(fd, r, len) && r->cut < 0;
    return put(fd, r->body, len) && r->cut < 0;
}

static void converse(int fd, const tdrt_reply *replies, size_t count)
{
    char *buf = malloc(REQUEST_MAX + 1), *body;

    while (buf != NULL && (body = read_request(fd, buf)) != NULL) {
        size_t i = 0;

        while (i < count && strstr(body, replies[i].sql) == NULL)
            i++;
        if (i == count || !answer(fd, &replies[i]))
            break;
    }
    free(buf);
    close(fd);
}

static void serve(int listener, const tdrt_reply *replies, size_t count)
{
    int one = 1;

    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    for (;;) {
        int fd = accept(listener, NULL, NULL);

        if (fd < 0)
            continue;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (fork() == 0) {
            close(listener);
            converse(fd, replies, count);
            _exit(0);
        }
        close(fd);
    }
}

pid_t tdrt_serve_start(const tdrt_reply *replies, size_t count, int *port)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    pid_t child;

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (listener < 0 || bind(listener, (struct sockaddr *)&at, sizeof at) != 0 || listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&at, &len) != 0)
        return -1;
    *port = ntohs(at.sin_port);
    child = fork();
    if (child == 0) {
        setpgid(0, 0);
        serve(listener, replies, count);
    }
    if (child > 0)
        setpgid(child, child);
    close(listener);
    return child;
}

void tdrt_serve_stop(pid_t server)
{
    kill(-server, SIGKILL);
    waitpid(server, NULL, 0);
}
