/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * tdrest-replay: an HTTP server on 127.0.0.1 that answers as a taosAdapter did when it was recorded. One process, any
 * number of kept-alive connections. Shares no code with the library, so that it cannot share a mistake with it.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exchange.h"
#include "http.h"

enum { CLIENTS = 64, PIECE = 65536 };

typedef struct client {
    int fd;            /* -1: free */
    int continued;     /* 100 Continue was said for the request at hand */
    int closing;       /* once everything is sent */
    tdrt_bytes in;
    tdrt_bytes out;
    size_t sent;
} client;

typedef struct server {
    tdrt_exchanges all;
    size_t chunk;
    int listener;
    client clients[CLIENTS];
} server;

static int stop_pipe[2];

static void on_stop(int sig)
{
    int saved = errno;

    (void)sig;
    if (write(stop_pipe[1], "", 1) < 0) {
        /* nothing that could be done about it here */
    }
    errno = saved;
}

/* ---- answers ---- */

static void add_chunks(tdrt_bytes *out, const char *body, size_t len, size_t chunk)
{
    size_t n;

    for (; len != 0; body += n, len -= n) {
        n = len < chunk ? len : chunk;
        tdrt_bytes_print(out, "%zx\r\n", n);
        tdrt_bytes_add(out, body, n);
        tdrt_bytes_add(out, "\r\n", 2);
    }
    tdrt_bytes_add(out, "0\r\n\r\n", 5);
}

static void add_head(tdrt_bytes *out, int status, int closing)
{
    tdrt_bytes_print(out, "HTTP/1.1 %d %s\r\n%s", status, tdrt_http_reason(status), closing ? "Connection: close\r\n" : "");
}

static void add_body(tdrt_bytes *out, const char *body, size_t len)
{
    tdrt_bytes_print(out, "Content-Length: %zu\r\n\r\n", len);
    tdrt_bytes_add(out, body, len);
}

static void answer_recorded(const server *s, client *c, const tdrt_exchange *e, const tdrt_http_request *r)
{
    json_t *value, *headers = json_object_get(e->head, "response_headers");
    const char *key;

    add_head(&c->out, e->status, r->close);
    json_object_foreach(headers, key, value)
        if (strcmp(key, "Content-Length") != 0 && strcmp(key, "Transfer-Encoding") != 0)
            tdrt_bytes_print(&c->out, "%s: %s\r\n", key, json_string_value(value));
    if (e->status == 204) {
        tdrt_bytes_add(&c->out, "\r\n", 2);
    } else if (e->chunked && r->chunks) {
        tdrt_bytes_print(&c->out, "Transfer-Encoding: chunked\r\n\r\n");
        add_chunks(&c->out, e->body, e->len, s->chunk);
    } else {
        add_body(&c->out, e->body, e->len);
    }
}

/* What no recording has: a syntax error, as the server words it, for SQL; 404 for the rest. */
static void answer_unknown(server *s, client *c, const tdrt_http_request *r)
{
    tdrt_exchange *missing = tdrt_exchanges_status(&s->all, 404);
    char near[32], desc[64];
    json_t *object;
    char *body;

    if (strcmp(r->method, "POST") != 0 || strncmp(r->path, "/rest/sql", 9) != 0 || (r->path[9] != '\0' && r->path[9] != '/')) {
        if (missing != NULL) {
            answer_recorded(s, c, missing, r);
            return;
        }
        add_head(&c->out, 404, r->close);
        tdrt_bytes_print(&c->out, "Content-Type: text/plain\r\n");
        add_body(&c->out, "404 page not found", 18);
        return;
    }
    snprintf(near, sizeof near, "%.*s", r->body_len < 20 ? (int)r->body_len : 20, r->body);
    snprintf(desc, sizeof desc, "syntax error near \"%s\"", near);
    object = json_pack("{s:i, s:s, s:i}", "code", 9728, "desc", desc, "timing", 1);
    if (object == NULL) /* cut within a character */
        object = json_pack("{s:i, s:s, s:i}", "code", 9728, "desc", "syntax error", "timing", 1);
    body = json_dumps(object, JSON_COMPACT);
    add_head(&c->out, 200, r->close);
    tdrt_bytes_print(&c->out, "Content-Type: application/json; charset=utf-8\r\n");
    add_body(&c->out, body, strlen(body));
    free(body);
    json_decref(object);
}

/* ---- connections ---- */

static void drop(client *c)
{
    close(c->fd);
    free(c->in.p);
    free(c->out.p);
    memset(c, 0, sizeof *c);
    c->fd = -1;
}

/* Answers every request that is there in full. */
static void answer(server *s, client *c)
{
    tdrt_http_request request;
    tdrt_exchange *e;
    size_t used;
    int state;

    while (!c->closing) {
        tdrt_bytes_add(&c->in, "", 0);
        state = tdrt_http_read(c->in.p, c->in.len, &request, &used);
        if (state == TDRT_HTTP_HEAD && request.expects && !c->continued) {
            tdrt_bytes_print(&c->out, "HTTP/1.1 100 Continue\r\n\r\n");
            c->continued = 1;
        }
        if (state == TDRT_HTTP_PARTIAL || state == TDRT_HTTP_HEAD)
            return;
        if (state == TDRT_HTTP_BAD) {
            add_head(&c->out, 400, 1);
            add_body(&c->out, "", 0);
            c->closing = 1;
            return;
        }
        e = tdrt_exchanges_find(&s->all, &request);
        if (e != NULL)
            answer_recorded(s, c, e, &request);
        else
            answer_unknown(s, c, &request);
        c->closing = request.close;
        c->continued = 0;
        memmove(c->in.p, c->in.p + used, c->in.len - used);
        c->in.len -= used;
    }
}

static void receive(server *s, client *c)
{
    char piece[PIECE];
    ssize_t n = recv(c->fd, piece, sizeof piece, 0);

    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR)) {
        drop(c);
    } else if (n > 0) {
        tdrt_bytes_add(&c->in, piece, (size_t)n);
        answer(s, c);
    }
}

static void transmit(client *c)
{
    ssize_t n = send(c->fd, c->out.p + c->sent, c->out.len - c->sent, 0);

    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        drop(c);
        return;
    }
    c->sent += n > 0 ? (size_t)n : 0;
    if (c->sent < c->out.len)
        return;
    c->sent = c->out.len = 0;
    if (c->closing)
        drop(c);
}

static void accept_client(server *s)
{
    size_t i;
    int fd = accept(s->listener, NULL, NULL);

    for (i = 0; fd >= 0 && i < CLIENTS; i++) {
        if (s->clients[i].fd >= 0)
            continue;
        fcntl(fd, F_SETFL, O_NONBLOCK);
        s->clients[i].fd = fd;
        return;
    }
    if (fd >= 0)
        close(fd);
}

static void serve(server *s)
{
    struct pollfd fds[CLIENTS + 2];
    size_t i;

    for (;;) {
        fds[0] = (struct pollfd){stop_pipe[0], POLLIN, 0};
        fds[1] = (struct pollfd){s->listener, POLLIN, 0};
        for (i = 0; i < CLIENTS; i++) /* a client that does not read is not read either */
            fds[i + 2] = (struct pollfd){s->clients[i].fd, s->clients[i].out.len != 0 ? POLLOUT : POLLIN, 0};
        if (poll(fds, CLIENTS + 2, -1) < 0)
            continue;
        if (fds[0].revents != 0)
            return;
        for (i = 0; i < CLIENTS; i++) {
            if (fds[i + 2].fd < 0 || fds[i + 2].revents == 0)
                continue;
            if (fds[i + 2].events == POLLOUT)
                transmit(&s->clients[i]);
            else
                receive(s, &s->clients[i]);
        }
        if (fds[1].revents != 0)
            accept_client(s);
    }
}

/* ---- the program ---- */

/* A socket that listens on a port, 0: a free one. The port; -1 when that fails. */
static int listen_on(server *s, int port)
{
    struct sockaddr_in address;
    socklen_t len = sizeof address;
    int on = 1;

    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((unsigned short)port);
    s->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (s->listener < 0 || setsockopt(s->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) < 0 ||
        bind(s->listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(s->listener, CLIENTS) < 0 ||
        getsockname(s->listener, (struct sockaddr *)&address, &len) < 0)
        return -1;
    fcntl(s->listener, F_SETFL, O_NONBLOCK);
    return ntohs(address.sin_port);
}

static int watch_signals(void)
{
    struct sigaction action;

    signal(SIGPIPE, SIG_IGN);
    if (pipe(stop_pipe) < 0)
        return -1;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_stop;
    return sigaction(SIGTERM, &action, NULL) < 0 || sigaction(SIGINT, &action, NULL) < 0 ? -1 : 0;
}

static int usage(void)
{
    fputs("usage: tdrest-replay [--port N] [--chunk BYTES] DIRECTORY...\n", stderr);
    return 2;
}

static int number(const char *text, long least, long most, long *out)
{
    char *end;

    *out = text == NULL ? -1 : strtol(text, &end, 10);
    return text != NULL && *text != '\0' && *end == '\0' && *out >= least && *out <= most;
}

int main(int argc, char **argv)
{
    static server s;
    long port = 0, chunk = 16384;
    int i, bound;
    size_t k;

    for (i = 1; i + 1 < argc && argv[i][0] == '-'; i += 2) {
        if (strcmp(argv[i], "--port") == 0 && number(argv[i + 1], 0, 65535, &port))
            continue;
        if (strcmp(argv[i], "--chunk") == 0 && number(argv[i + 1], 1, 1 << 30, &chunk))
            continue;
        return usage();
    }
    if (i >= argc || argv[i][0] == '-')
        return usage();
    s.chunk = (size_t)chunk;
    for (k = 0; k < CLIENTS; k++)
        s.clients[k].fd = -1;
    for (; i < argc; i++)
        if (tdrt_exchanges_read(&s.all, argv[i]) < 0)
            return 1;
    bound = watch_signals() < 0 ? -1 : listen_on(&s, (int)port);
    if (bound < 0) {
        perror("tdrest-replay");
        return 1;
    }
    printf("http://127.0.0.1:%d\n", bound);
    fflush(stdout);
    serve(&s);
    for (k = 0; k < CLIENTS; k++)
        if (s.clients[k].fd >= 0)
            drop(&s.clients[k]);
    tdrt_exchanges_clear(&s.all);
    close(s.listener);
    return 0;
}
