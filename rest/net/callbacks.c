/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What libcurl calls while an exchange runs: sockets, the request's departure, headers and body in. Knows neither limits nor errors. */
#include "net/curl_net.h"

#include "net/header.h"
#include "net/keep_alive.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The name is known, or none is needed: over a connection that is kept. What libcurl tells of the time it took may be that of the last exchange. */
static void note_looked_up(tdri_exchange *x)
{
    if (x->looking_up && x->tells_lookup)
        tdri_loop_note_ready(x);
    x->looking_up = 0;
}

/*
 * libcurl would open another connection to send the request over that has died under way, and only then find that it cannot. What was sent
 * once is not sent again, so that connection is not opened. Nor is one for a transfer that is muted.
 */
static curl_socket_t on_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    tdri_exchange *x = (tdri_exchange *)context;
    curl_socket_t opened = CURL_SOCKET_BAD;

    (void)purpose;
    if (x != NULL)
        note_looked_up(x);
    if (x != NULL && x->sent == 0)
        opened = socket(address->family, address->socktype, address->protocol);
    if (opened == CURL_SOCKET_BAD)
        return opened;
    (void)fcntl(opened, F_SETFD, FD_CLOEXEC);
    tdri_exchange_note_opened(x, opened);
    return opened;
}

/* Of the loop, as the connections are: libcurl keeps them when the exchange that opened them is freed. */
static int on_close_socket(void *context, curl_socket_t closed)
{
    const tdri_loop *loop = (const tdri_loop *)context;

    for (tdri_exchange *x = loop->exchanges; x != NULL; x = x->next)
        if (x->socket == closed || x->idle == closed)
            tdri_exchange_disclaim(x);
    if (loop->watch != NULL) /* libcurl may tell so later, when the number is another one's already */
        (void)loop->watch(loop->watch_context, (int)closed, 0);
    return close(closed);
}

#if LIBCURL_VERSION_NUM >= 0x075000
static void copy_cut(char to[TDRI_IP_MAX], const char *from)
{
    const size_t len = strlen(from);

    memcpy(to, from, len < TDRI_IP_MAX ? len + 1 : TDRI_IP_MAX);
    to[TDRI_IP_MAX - 1] = '\0';
}

/*
 * The connection is established, TLS and all, and the request is about to be written. Whichever exchange used it before, it is that of this one now.
 * libcurl comes here again for each connection that it would send the request over once more.
 */
static int on_departure(void *context, char *peer, char *here, int peer_port, int port)
{
    tdri_exchange *x = (tdri_exchange *)context;
    const int direct = strcmp(tdri_opts_text(x->options, TDRI_OPT_PROXY), "none") == 0;
    tdri_ends ends = {"", "", direct ? peer_port : 0, port < 0 ? 0 : port}; /* a proxy has one port, whichever server's libcurl may tell */

    if (x->sent > 0)
        return CURL_PREREQFUNC_ABORT;
    x->departed = 1;
    note_looked_up(x);
    tdri_body_depart(x);
    copy_cut(ends.peer, peer);
    copy_cut(ends.here, here);
    tdri_exchange_claim(x, &ends);
    return CURL_PREREQFUNC_OK;
}
#endif

/* Keeps the Content-Encoding of the answer whose headers come, as far as it is printable. */
static void note_encoding(tdri_exchange *x, const char *line, size_t len)
{
    const char *value = tdri_header_value(line, len, "Content-Encoding", &len);
    size_t room = 0;

    if (value == NULL)
        return;
    for (; room < len && value[room] >= ' ' && value[room] < 0x7f && room < sizeof x->encoding - 1; room++)
        x->encoding[room] = value[room];
    x->encoding[room] = '\0';
}

static void note_chunked(tdri_exchange *x, const char *line, size_t len)
{
    if (tdri_header_value(line, len, "Transfer-Encoding", &len) != NULL)
        x->chunked = 1;
}

static void note_keep_alive(tdri_exchange *x, const char *line, size_t len)
{
    int64_t seconds = tdri_keep_alive_s(line, len);

    if (seconds >= 0)
        x->keep_alive_s = seconds;
}

/* Those of interest begin with different letters, but for the status line. */
static void note_header(tdri_exchange *x, const char *line, size_t len)
{
    switch (len == 0 ? '\0' : line[0]) {
    case 'H':
    case 'D': case 'd':
    case 'R': case 'r': tdri_retry_after_note(&x->retry_after, line, len); break;
    case 'C': case 'c': note_encoding(x, line, len); break;
    case 'T': case 't': note_chunked(x, line, len); break;
    case 'K': case 'k': note_keep_alive(x, line, len); break;
    default: break;
    }
}

static size_t on_header(char *line, size_t size, size_t count, void *context)
{
    tdri_exchange *x = (tdri_exchange *)context;

    x->header_bytes += size * count;
    if (x->header_bytes > TDRI_HEADERS_MAX)
        return 0;
    if (tdri_header_begins(line, size * count)) { /* those of an interim answer, or a proxy's to CONNECT, do not count */
        x->encoding[0] = '\0';
        x->keep_alive_s = -1;
        x->chunked = 0;
    }
    note_header(x, line, size * count);
    x->answered = x->speaks_http = 1;
    note_looked_up(x);
    x->waiting_since_ms = tdri_now_ms();
    return size * count;
}

/* What comes before the first step, while another exchange of the loop runs, is kept for it. */
static size_t on_write(char *bytes, size_t size, size_t count, void *context)
{
    tdri_exchange *x = (tdri_exchange *)context;
    size_t len = size * count, took;

    if (!x->answered) /* libcurl before 7.66 takes HTTP/0.9: a body without status and headers */
        return 0;
    if (x->held_len > 0) {
        x->paused = 1;
        return CURL_WRITEFUNC_PAUSE;
    }
    tdri_loop_note_ready(x);
    took = x->sink == NULL ? 0 : x->sink(x->context, bytes, len);
    x->taken += len;
    x->waiting_since_ms = tdri_now_ms();
    if (took < len) {
        memcpy(x->held, bytes + took, len - took);
        x->held_at = 0;
        x->held_len = len - took;
    }
    return len;
}

void tdri_easy_set_callbacks(tdri_exchange *x)
{
    curl_easy_setopt(x->easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket);
    curl_easy_setopt(x->easy, CURLOPT_OPENSOCKETDATA, x);
    curl_easy_setopt(x->easy, CURLOPT_CLOSESOCKETFUNCTION, on_close_socket);
    curl_easy_setopt(x->easy, CURLOPT_CLOSESOCKETDATA, x->loop);
    curl_easy_setopt(x->easy, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(x->easy, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(x->easy, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(x->easy, CURLOPT_WRITEDATA, x);
#if LIBCURL_VERSION_NUM >= 0x075000
    curl_easy_setopt(x->easy, CURLOPT_PREREQDATA, x);
    x->tells_departure = curl_easy_setopt(x->easy, CURLOPT_PREREQFUNCTION, on_departure) == CURLE_OK;
#endif
    tdri_body_set_callbacks(x);
}
