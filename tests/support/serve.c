/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A scripted HTTP server over raw sockets. Knows nothing of the library. */
#include "serve.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    REQUEST_MAX = 1 << 21,
    LINE_MAX_BYTES = 600, /* of a statement among those that arrived */
    LIFE_SECONDS = 600    /* no server outlives a test program that crashed by more */
};

/* ---- requests ---- */

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

/* One process after the other, so that nobody sees a line behind one that is not written yet. A process that was killed at it does not hold up the rest for long. */
static void note_arrival(tdrt_counts *counts, const char *sql)
{
    size_t len = strnlen(sql, LINE_MAX_BYTES), at;

    for (int i = 0; i < 1000000 && atomic_exchange(&counts->writing, 1); i++)
        (void)sched_yield();
    at = atomic_load(&counts->used);
    if (at + len + 1 < sizeof counts->arrived) {
        memcpy(counts->arrived + at, sql, len);
        counts->arrived[at + len] = '\n';
        atomic_store(&counts->used, at + len + 1);
    }
    atomic_store(&counts->writing, 0);
}

int tdrt_server_arrivals(const tdrt_server *server, const char *sql)
{
    const char *p = server->counts->arrived, *end;
    size_t len = strlen(sql);
    int count = 0;

    for (; (end = strchr(p, '\n')) != NULL; p = end + 1)
        count += (size_t)(end - p) == len && memcmp(p, sql, len) == 0;
    return count;
}

/* ---- answers ---- */

void tdrt_pause(int ms)
{
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};

    while (nanosleep(&pause, &pause) != 0 && errno == EINTR)
        ;
}

void tdrt_wait_for_gate(const tdrt_visit *visit)
{
    while (!atomic_load(&visit->counts->gate))
        tdrt_pause(1);
}

void tdrt_server_open_gate(const tdrt_server *server)
{
    atomic_store(&server->counts->gate, 1);
}

int tdrt_hold(const tdrt_visit *visit)
{
    char bytes[4096];

    while (read(visit->fd, bytes, sizeof bytes) > 0)
        ;
    return 0;
}

int tdrt_reset(const tdrt_visit *visit)
{
    struct linger at_once = {1, 0};

    setsockopt(visit->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    return 0;
}

int tdrt_send(const tdrt_visit *visit, const char *bytes, size_t len)
{
    if (len == 0)
        len = strlen(bytes);
    while (len > 0) {
        ssize_t wrote = write(visit->fd, bytes, len);

        if (wrote <= 0)
            return 0;
        atomic_fetch_add(&visit->counts->written, (long long)wrote);
        bytes += wrote;
        len -= (size_t)wrote;
    }
    return 1;
}

int tdrt_send_chunk(const tdrt_visit *visit, const char *bytes, size_t len)
{
    char head[32];

    snprintf(head, sizeof head, "%zx\r\n", len == 0 ? strlen(bytes) : len);
    return tdrt_send(visit, head, 0) && tdrt_send(visit, bytes, len) && tdrt_send(visit, "\r\n", 0);
}

int tdrt_send_end(const tdrt_visit *visit)
{
    return tdrt_send(visit, "0\r\n\r\n", 0);
}

/* An answer as it goes over the wire. */
typedef struct image {
    char *bytes;
    size_t len;
    size_t pause_at;
} image;

static void add(image *m, const char *bytes, size_t len)
{
    memcpy(m->bytes + m->len, bytes, len);
    m->len += len;
}

static void add_head(image *m, const tdrt_answer *a, size_t len)
{
    char text[1024];
    int n = snprintf(text, sizeof text, "HTTP/1.1 %d X\r\n%s", a->status == 0 ? 200 : a->status, a->fields == NULL ? TDRT_JSON : a->fields);

    add(m, text, (size_t)n);
    if (a->chunk > 0)
        n = snprintf(text, sizeof text, "Transfer-Encoding: chunked\r\n\r\n");
    else
        n = snprintf(text, sizeof text, "Content-Length: %lld\r\n\r\n", (long long)len + a->more_promised);
    add(m, text, (size_t)n);
}

/* Body bytes from..to, in which the pause may lie. */
static void add_piece(image *m, const tdrt_answer *a, size_t from, size_t to)
{
    if (a->pause_at >= from && a->pause_at <= to)
        m->pause_at = m->len + (a->pause_at - from);
    add(m, a->body + from, to - from);
}

/* The chunks of the first `sent` bytes of a body of len; the last but one is broken off when they end within it. */
static void add_chunks(image *m, const tdrt_answer *a, size_t len, size_t sent)
{
    char head[32];

    for (size_t at = 0; at < sent; at += a->chunk) {
        size_t n = len - at < a->chunk ? len - at : a->chunk;
        int digits = snprintf(head, sizeof head, "%zx\r\n", n);

        add(m, head, (size_t)digits);
        add_piece(m, a, at, at + n < sent ? at + n : sent);
        if (at + n <= sent)
            add(m, "\r\n", 2);
    }
    if (a->pause_at >= sent)
        m->pause_at = m->len;
    if (a->end < TDRT_CLOSED)
        add(m, "0\r\n\r\n", 5);
}

static void pause_within(const tdrt_visit *visit, int ms)
{
    atomic_fetch_add(&visit->counts->pauses, 1);
    tdrt_pause(ms);
}

static int send_image(const tdrt_visit *visit, const tdrt_answer *a, const image *m)
{
    for (size_t at = 0, n; at < m->len; at += n) {
        size_t stop = a->pause_ms > 0 && at < m->pause_at ? m->pause_at : m->len;

        if (a->pause_ms > 0 && at == m->pause_at)
            pause_within(visit, a->pause_ms);
        n = a->drip > 0 && stop - at > a->drip ? a->drip : stop - at;
        if (!tdrt_send(visit, m->bytes + at, n))
            return 0;
    }
    if (a->pause_ms > 0 && m->pause_at == m->len)
        pause_within(visit, a->pause_ms);
    return 1;
}

int tdrt_send_answer(const tdrt_visit *visit, const tdrt_answer *a)
{
    size_t whole = a->len == 0 ? strlen(a->body) : a->len, len = a->end == TDRT_ENDED ? a->cut : whole;
    size_t sent = a->end == TDRT_WHOLE ? whole : a->cut;
    image m = {malloc(4096 + whole + (a->chunk == 0 ? 0 : (whole / a->chunk + 1) * 24)), 0, 0};
    int good;

    if (m.bytes == NULL)
        return 0;
    add_head(&m, a, len);
    if (a->chunk > 0)
        add_chunks(&m, a, len, sent);
    else
        add_piece(&m, a, 0, sent);
    good = send_image(visit, a, &m) && a->end < TDRT_CLOSED;
    if (a->end == TDRT_RESET)
        tdrt_reset(visit);
    free(m.bytes);
    return good;
}

static void close_once(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

/* ---- the table ---- */

typedef struct table {
    const tdrt_reply *replies;
    size_t count;
} table;

static int answer_from_table(const tdrt_visit *visit)
{
    const table *t = (const table *)visit->context;
    const tdrt_reply *r = t->replies;
    char fields[256];
    size_t i = 0;

    while (i < t->count && strstr(visit->sql, r[i].sql) == NULL)
        i++;
    if (i == t->count)
        return 0;
    r += i;
    snprintf(fields, sizeof fields, r->type == NULL ? "%s" : "Content-Type: %s\r\n", r->type == NULL ? "" : r->type);
    return tdrt_send_answer(visit, &(tdrt_answer){
        .status = r->status, .fields = fields, .body = r->body, .chunk = (size_t)r->chunked, .end = r->cut < 0 ? TDRT_WHOLE : TDRT_CLOSED,
        .cut = r->cut < 0 ? 0 : (size_t)r->cut, .pause_ms = r->pause_ms, .pause_at = r->cut < 0 ? strlen(r->body) : (size_t)r->cut});
}

pid_t tdrt_serve_start(const tdrt_reply *replies, size_t count, int *port)
{
    table t = {replies, count};
    tdrt_server server = TDRT_SERVER_INIT;
    int good = tdrt_server_start(&server, answer_from_table, &t);

    *port = server.port;
    close_once(&server.alive);
    if (server.counts != NULL)
        munmap(server.counts, sizeof *server.counts);
    return good ? server.pid : -1;
}

void tdrt_serve_stop(pid_t server)
{
    kill(-server, SIGKILL);
    waitpid(server, NULL, 0);
}

/* ---- connections ---- */

static void converse(int fd, int connection, const tdrt_server *server, tdrt_handler *handler, const void *context)
{
    static char buf[REQUEST_MAX + 1];
    tdrt_visit visit = {fd, 0, connection, buf, NULL, context, server->counts};

    while (server->deaf)
        pause();
    while ((visit.sql = read_request(fd, buf)) != NULL) {
        visit.request++;
        note_arrival(server->counts, visit.sql);
        if (!handler(&visit))
            break;
    }
    close(fd);
}

static void serve(const tdrt_server *server, tdrt_handler *handler, const void *context)
{
    int one = 1;

    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_IGN);
    signal(SIGALRM, SIG_DFL);
    alarm(LIFE_SECONDS);
    for (;;) {
        int fd = accept(server->listener, NULL, NULL), number;

        if (fd < 0)
            continue;
        number = atomic_fetch_add(&server->counts->connections, 1) + 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        if (server->serial)
            converse(fd, number, server, handler, context);
        else if (fork() == 0) {
            close(server->listener);
            alarm(LIFE_SECONDS);
            converse(fd, number, server, handler, context);
            _exit(0);
        } else
            close(fd);
    }
}

/* ---- the process ---- */

/* Of one that went down it is the port that it had. */
static int bind_to_port(tdrt_server *server)
{
    int one = 1;
    struct sockaddr_in at;
    socklen_t len = sizeof at;

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons((uint16_t)server->port);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (server->listener < 0 || bind(server->listener, (struct sockaddr *)&at, sizeof at) != 0 || getsockname(server->listener, (struct sockaddr *)&at, &len) != 0) {
        close_once(&server->listener);
        return 0;
    }
    server->port = ntohs(at.sin_port);
    return 1;
}

static int listen_at_port(tdrt_server *server, int backlog)
{
    /* A peer that is not read then fills up long before a megabyte. */
    int small_segment = 536, small_buffer = 2048;

    if (server->counts == NULL)
        server->counts = mmap(NULL, sizeof *server->counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (server->counts == MAP_FAILED) {
        server->counts = NULL;
        return 0;
    }
    if (server->listener < 0 && !bind_to_port(server))
        return 0;
    if (server->deaf) {
        setsockopt(server->listener, IPPROTO_TCP, TCP_MAXSEG, &small_segment, sizeof small_segment);
        setsockopt(server->listener, SOL_SOCKET, SO_RCVBUF, &small_buffer, sizeof small_buffer);
    }
    return listen(server->listener, backlog) == 0;
}

/* A connection may be there for who connects before it is for who listens. */
static int has_come(int listener)
{
    enum { PATIENCE_MS = 60000 };

    return poll(&(struct pollfd){listener, POLLIN, 0}, 1, PATIENCE_MS) == 1;
}

/* With a backlog of 0 one connection that nobody accepts fills it: the system lets the next ones wait. */
int tdrt_server_block(tdrt_server *server)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;

    if (!listen_at_port(server, 0) || getsockname(server->listener, (struct sockaddr *)&at, &len) != 0)
        return 0;
    server->filler = socket(AF_INET, SOCK_STREAM, 0);
    return server->filler >= 0 && connect(server->filler, (struct sockaddr *)&at, len) == 0 && has_come(server->listener);
}

int tdrt_server_start(tdrt_server *server, tdrt_handler *handler, const void *context)
{
    int ends[2];

    if (!listen_at_port(server, 64) || pipe(ends) != 0)
        return 0;
    close_once(&server->filler);
    server->pid = fork();
    if (server->pid == 0) {
        setpgid(0, 0);
        close(ends[0]);
        serve(server, handler, context);
    }
    if (server->pid > 0)
        setpgid(server->pid, server->pid);
    server->alive = ends[0];
    close(ends[1]);
    close_once(&server->listener);
    return server->pid > 0;
}

/* Its children end by themselves, some time after they were told to. */
static void wait_for_children(tdrt_server *server)
{
    char byte;

    while (read(server->alive, &byte, 1) < 0 && errno == EINTR)
        ;
    close_once(&server->alive);
}

#ifndef POLLRDHUP
#define POLLRDHUP POLLIN
#endif

/* Whether fd is connected to that port and has not heard that the peer is gone. */
static int is_open_to(int fd, int port)
{
    struct sockaddr_in peer;
    socklen_t len = sizeof peer;

    return getpeername(fd, (struct sockaddr *)&peer, &len) == 0 && peer.sin_family == AF_INET && ntohs(peer.sin_port) == port &&
           poll(&(struct pollfd){fd, POLLRDHUP, 0}, 1, 0) == 0;
}

/* A process that ends may close the pipe before its connection. */
static void wait_for_ends(int port)
{
    enum { PATIENCE_MS = 10000 };

    for (int fd = 3, ms = 0; fd < 1024 && ms < PATIENCE_MS;)
        if (is_open_to(fd, port)) {
            tdrt_pause(1);
            ms++;
        } else {
            fd++;
        }
}

void tdrt_server_down(tdrt_server *server)
{
    tdrt_serve_stop(server->pid);
    server->pid = 0;
    wait_for_children(server);
    wait_for_ends(server->port);
    (void)bind_to_port(server);
}

void tdrt_server_stop(tdrt_server *server)
{
    if (server->pid > 0)
        tdrt_serve_stop(server->pid);
    close_once(&server->alive);
    close_once(&server->filler);
    close_once(&server->listener);
    if (server->counts != NULL)
        munmap(server->counts, sizeof *server->counts);
    *server = (tdrt_server)TDRT_SERVER_INIT;
}
