/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The daemon over libmicrohttpd: collects requests, sends replies with the faults asked for, tells of each on stderr. What is answered
 * is decided elsewhere. One thread for each connection, one at a time in the engine.
 */
#include "exchange.h"
#include "listen.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum {
    CHUNK = 16384,
    HEAD_BYTES = 1024 * 1024 + 64 * 1024, /* the adapter takes 1 MiB of headers and a little */
    SWALLOWED = 256 * 1024,               /* an unread body up to this is read before an early reply, as Go does */
    LAST_REPLIES_MS = 5000
};

struct sbx_server {
    const sbx_settings *settings;
    sbx_store *store;
    sbx_listen *listen;
    struct MHD_Daemon *daemon;
    pthread_mutex_t engine;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    int busy;             /* exchanges between their last byte and their reply's */
    int stopping;
};

/* An exchange as it goes through the daemon's callbacks. */
typedef struct visit {
    sbx_exchange exchange;
    sbx_server *server;
    sbx_open *open;
    int busy;
} visit;

/* ---- waiting ---- */

static struct timespec deadline(int ms)
{
    int64_t at = sbx_monotonic_ns() + (int64_t)ms * 1000000;
    struct timespec ts;

    ts.tv_sec = (time_t)(at / 1000000000);
    ts.tv_nsec = (long)(at % 1000000000);
    return ts;
}

/* Sleeps; not when the server stops. */
static void pause_for(sbx_server *server, int ms)
{
    struct timespec until = deadline(ms);

    pthread_mutex_lock(&server->lock);
    while (!server->stopping && pthread_cond_timedwait(&server->changed, &server->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&server->lock);
}

static void count_busy(visit *v, int by)
{
    pthread_mutex_lock(&v->server->lock);
    v->busy += by;
    v->server->busy += by;
    pthread_cond_broadcast(&v->server->changed);
    pthread_mutex_unlock(&v->server->lock);
}

static void wait_for_replies(sbx_server *server)
{
    struct timespec until = deadline(LAST_REPLIES_MS);

    pthread_mutex_lock(&server->lock);
    server->stopping = 1;
    pthread_cond_broadcast(&server->changed);
    while (server->busy != 0 && pthread_cond_timedwait(&server->changed, &server->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&server->lock);
}

/* ---- replies ---- */

/* How far the reply goes from pos in one piece: to the next place where something happens. */
static size_t piece_end(const sbx_exchange *exchange, size_t pos)
{
    size_t end = exchange->reply.body.len;
    const uint64_t stops[] = {end - exchange->reply.stray, (uint64_t)exchange->fault.stall_at, (uint64_t)exchange->fault.drop_after};

    for (size_t i = 0; i < sizeof stops / sizeof stops[0]; i++) /* those that are not asked for are huge */
        if (stops[i] > pos && stops[i] < end)
            end = (size_t)stops[i];
    return end - pos < CHUNK ? end : pos + CHUNK;
}

static ssize_t read_body(void *context, uint64_t pos, char *to, size_t max)
{
    visit *v = context;
    sbx_exchange *exchange = &v->exchange;
    size_t at = (size_t)pos, end;

    if (exchange->fault.drop_after >= 0 && (pos == (uint64_t)exchange->fault.drop_after || at == exchange->reply.body.len))
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (at == exchange->reply.body.len)
        return MHD_CONTENT_READER_END_OF_STREAM;
    sbx_open_wait(v->open);
    if (pos == (uint64_t)exchange->fault.stall_at)
        pause_for(v->server, exchange->fault.stall_ms);
    end = piece_end(exchange, at);
    if (end - at > max)
        end = at + max;
    memcpy(to, exchange->reply.body.p + at, end - at);
    return (ssize_t)(end - at);
}

static void add_headers(struct MHD_Response *response, const sbx_exchange *exchange, int old)
{
    const sbx_reply *reply = &exchange->reply;

    if (reply->type != NULL)
        MHD_add_response_header(response, "Content-Type", reply->type);
    if (reply->location.len != 0)
        MHD_add_response_header(response, "Location", reply->location.p);
    if (reply->encoded) {
        MHD_add_response_header(response, "Content-Encoding", "gzip");
        MHD_add_response_header(response, "Vary", "Accept-Encoding");
    }
    if (exchange->from_elsewhere)
        MHD_add_response_header(response, "Access-Control-Allow-Origin", "*");
    if (reply->close || old)
        MHD_add_response_header(response, "Connection", "close");
}

/* What the fault says of one of the addresses, once the request is answered but for its reply. */
static void change_address(visit *v)
{
    const sbx_fault *fault = &v->exchange.fault;

    if (fault->port != 0)
        sbx_listen_set(v->server->listen, fault->port, fault->manner, fault->manner_ms);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, visit *v, int old)
{
    sbx_exchange *exchange = &v->exchange;
    uint64_t size;
    struct MHD_Response *response;
    enum MHD_Result ok;

    sbx_exchange_finish(exchange);
    change_address(v);
    if (exchange->fault.delay_ms != 0)
        pause_for(v->server, exchange->fault.delay_ms);
    sbx_open_wait(v->open);
    size = exchange->reply.chunked ? MHD_SIZE_UNKNOWN : exchange->reply.body.len;
    response = MHD_create_response_from_callback(size, CHUNK, read_body, v, NULL);
    if (response == NULL)
        return MHD_NO;
    add_headers(response, exchange, old);
    ok = MHD_queue_response(connection, (unsigned)exchange->reply.status, response);
    MHD_destroy_response(response);
    return ok;
}

/* ---- requests ---- */

static sbx_text header(struct MHD_Connection *connection, sbx_arena *arena, const char *name)
{
    const char *value = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, name);

    return value == NULL ? (sbx_text){"", 0} : sbx_copy(arena, value, strlen(value));
}

static void read_head(struct MHD_Connection *connection, sbx_exchange *exchange, const char *method)
{
    sbx_arena *arena = exchange->arena;
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    exchange->now_ns = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
    exchange->began_ns = sbx_monotonic_ns();
    exchange->method = sbx_copy(arena, method, strlen(method)).p;
    exchange->authorization = header(connection, arena, "Authorization");
    exchange->accept_encoding = header(connection, arena, "Accept-Encoding");
    exchange->content_encoding = header(connection, arena, "Content-Encoding");
    exchange->expect = header(connection, arena, "Expect");
    exchange->fault_header = header(connection, arena, "X-Sandbox-Fault");
    exchange->from_elsewhere = header(connection, arena, "Origin").len != 0;
}

/* The first length, unless a later one says something else. */
static enum MHD_Result same_length(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    const char **first = context;

    (void)kind;
    if (value == NULL || strcasecmp(name, "Content-Length") != 0)
        return MHD_YES;
    if (*first != NULL && strcmp(*first, value) != 0) {
        *first = NULL;
        return MHD_NO;
    }
    *first = value;
    return MHD_YES;
}

/* What the daemon does not refuse, and Go does. */
static int is_malformed(struct MHD_Connection *connection, int old)
{
    const char *first = NULL;
    int has_length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length") != NULL;

    if (!old && MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host") == NULL)
        return 1;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, same_length, &first);
    return has_length && first == NULL;
}

/* An early reply does not wait for a body that the client holds back, or that is long. */
static int answers_at_once(struct MHD_Connection *connection, const sbx_exchange *exchange)
{
    const char *length = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");

    return exchange->reply.status != 0 && (exchange->expect.len != 0 || (length != NULL && strtoull(length, NULL, 10) > SWALLOWED));
}

static void take_body(sbx_exchange *exchange, const char *bytes, size_t len)
{
    if (exchange->reply.status != 0 || exchange->too_long)
        return;
    exchange->too_long = len > SBX_MAX_BODY - exchange->body.len;
    if (!exchange->too_long)
        sbx_buf_put(&exchange->body, bytes, len);
}

static void in_engine(visit *v, void (*act)(sbx_exchange *))
{
    pthread_mutex_lock(&v->server->engine);
    act(&v->exchange);
    pthread_mutex_unlock(&v->server->engine);
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
    const char *bytes, size_t *len, void **state)
{
    visit *v = *state;
    sbx_exchange *exchange = &v->exchange;
    int old = strcmp(version, "HTTP/1.0") == 0;

    (void)context;
    (void)url;
    if (exchange->method == NULL) {
        read_head(connection, exchange, method);
        exchange->malformed = is_malformed(connection, old);
        sbx_open_wait(v->open);
        if (!sbx_exchange_waits(exchange))
            in_engine(v, sbx_exchange_head);
        return answers_at_once(connection, exchange) ? send_reply(connection, v, old) : MHD_YES;
    }
    if (*len != 0) {
        take_body(exchange, bytes, *len);
        *len = 0;
        return MHD_YES;
    }
    count_busy(v, 1);
    in_engine(v, sbx_exchange_run);
    return send_reply(connection, v, old);
}

/* The target is kept as it was sent: the daemon would decode it. */
static void *begin(void *context, const char *target, struct MHD_Connection *connection)
{
    visit *v = calloc(1, sizeof *v);

    if (v == NULL) {
        fputs("tdrest-sandbox: out of memory\n", stderr);
        exit(1);
    }
    v->server = context;
    v->open = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    v->exchange.settings = v->server->settings;
    v->exchange.store = v->server->store;
    v->exchange.arena = sbx_arena_new();
    v->exchange.raw = sbx_copy(v->exchange.arena, target, strlen(target));
    return v;
}

static void completed(void *context, struct MHD_Connection *connection, void **state, enum MHD_RequestTerminationCode why)
{
    visit *v = *state;

    (void)context;
    (void)connection;
    (void)why;
    if (v == NULL)
        return;
    *state = NULL;
    if (v->exchange.reply.status != 0 && !v->exchange.settings->quiet)
        sbx_exchange_tell(&v->exchange);
    if (v->busy != 0)
        count_busy(v, -1);
    sbx_buf_clear(&v->exchange.body);
    sbx_buf_clear(&v->exchange.reply.body);
    sbx_arena_free(v->exchange.arena);
    free(v);
}

static void opened_or_closed(void *context, struct MHD_Connection *connection, void **state, enum MHD_ConnectionNotificationCode what)
{
    sbx_server *server = context;

    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        *state = sbx_open_add(server->listen, MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
    else
        sbx_open_remove(*state);
}

/* ---- start and stop ---- */

static void free_server(sbx_server *server)
{
    pthread_cond_destroy(&server->changed);
    pthread_mutex_destroy(&server->lock);
    pthread_mutex_destroy(&server->engine);
    free(server);
}

static sbx_server *new_server(const sbx_settings *settings, sbx_store *store, sbx_listen *listen)
{
    sbx_server *server = calloc(1, sizeof *server);
    pthread_condattr_t monotonic;

    if (server == NULL)
        return NULL;
    server->settings = settings;
    server->store = store;
    server->listen = listen;
    pthread_mutex_init(&server->engine, NULL);
    pthread_mutex_init(&server->lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&server->changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return server;
}

/* The daemon's part of a connection that was taken. */
static void take(void *context, int fd, const struct sockaddr *from, socklen_t len)
{
    sbx_server *server = context;

    MHD_add_connection(server->daemon, fd, from, len);
}

sbx_server *sbx_server_start(sbx_settings *settings, sbx_store *store, sbx_buf *why)
{
    sbx_listen *listen = sbx_listen_new(settings->ports, settings->port_count, why);
    sbx_server *server = listen == NULL ? NULL : new_server(settings, store, listen);

    if (listen == NULL)
        return NULL;
    if (server != NULL)
        server->daemon = MHD_start_daemon(MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_AUTO | MHD_USE_ITC |
            MHD_USE_NO_LISTEN_SOCKET, 0, NULL, NULL, handle, server, MHD_OPTION_URI_LOG_CALLBACK, begin, server,
            MHD_OPTION_NOTIFY_COMPLETED, completed, server, MHD_OPTION_NOTIFY_CONNECTION, opened_or_closed, server,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HEAD_BYTES, MHD_OPTION_END);
    if (server != NULL && server->daemon != NULL && sbx_listen_start(listen, take, server))
        return server;
    sbx_buf_text(why, "the HTTP server did not start");
    if (server != NULL && server->daemon != NULL)
        MHD_stop_daemon(server->daemon);
    if (server != NULL)
        free_server(server);
    sbx_listen_free(listen);
    return NULL;
}

void sbx_server_stop(sbx_server *server)
{
    sbx_listen_stop(server->listen);
    wait_for_replies(server);
    MHD_stop_daemon(server->daemon);
    sbx_listen_free(server->listen);
    free_server(server);
}
