/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a loop and an exchange hold, for the files of this room: the only ones that see libcurl. */
#ifndef TDRI_CURL_NET_H
#define TDRI_CURL_NET_H

#include "config/proxy.h"
#include "net/exchange.h"
#include "net/sigpipe.h"
#include "net/retry_after.h"

#include <curl/curl.h>
#include <stdatomic.h>

#if LIBCURL_VERSION_NUM < 0x073d00
#error "tdrest needs libcurl 7.61 or later"
#endif

#if ATOMIC_INT_LOCK_FREE != 2
#error "tdrest needs lock-free atomic int: cancelling is done from signal handlers"
#endif

/* A transfer that was given up while its name is looked up. */
typedef struct tdri_muted {
    struct tdri_muted *next;
    CURL *easy;
} tdri_muted;

enum { TDRI_PORT_LISTS = 1024, TDRI_IP_MAX = 64 };

/* Of a TCP connection. To different hosts several may have the same port here; of those that are open at once, no two have all of it in common. */
typedef struct tdri_ends {
    char peer[TDRI_IP_MAX], here[TDRI_IP_MAX];
    int peer_port;
    int port; /* of this end; 0: there is no connection, or libcurl does not tell */
} tdri_ends;

struct tdri_loop {
    tdrest_allocator mem;
    CURLM *multi;
    tdri_exchange *exchanges; /* the newest first */
    tdri_muted *muted;
    int abandons_lookups; /* a transfer can be removed while its name is looked up */
    atomic_uint call;     /* number and stage of the user's call */
    int depth;            /* of enter */
    tdri_sigpipe sigpipe; /* between the outermost enter and leave */
    int wake[2];          /* a pipe whose end libcurl's wait watches too; -1: not open */
    tdri_exchange *idle;  /* those with a connection that is kept */
    tdri_exchange **by_port; /* of a driven loop: TDRI_PORT_LISTS lists of those with a connection */
    tdri_exchange *with_port; /* of another one, which has few exchanges: those with a connection */
    tdri_watch *watch;    /* NULL: it is not driven from outside */
    void *watch_context;
    int64_t due_ms;       /* of a driven loop: libcurl's timer; INT64_MAX: none */
    int64_t look_ms;      /* of a driven loop: when libcurl is asked for exchanges that connect; INT64_MAX: none does */
    int found_stale;      /* of a driven loop: connections were given up when it was last looked */
    tdri_exchange *ready, *ready_last; /* of a driven loop: something was brought for them */
};

/* libcurl hands out pieces of at most this size; one is kept while the taker is full. */
enum { TDRI_PIECE = CURL_MAX_WRITE_SIZE, TDRI_CONTENT_TYPE_MAX = 64, TDRI_ENCODING_MAX = 32, TDRI_HEADERS_MAX = 307200 };

struct tdri_exchange {
    tdrest_allocator mem;
    tdri_loop *loop;
    tdri_exchange *next;  /* of the loop */
    const tdrest_options *options;
    CURL *easy;           /* NULL: the next start makes it. A transfer that failed takes its handle with it */
    struct curl_slist *headers;
    tdri_buf header_lines; /* what they were made from; empty: the easy handle has none */
    tdri_buf url;
    const tdri_request *request;
    size_t sent;          /* bytes of the body handed to libcurl */
    int may_join;         /* this libcurl has two sends for head and body unless it is given the body at once */
    int joined;           /* the body at hand is given at once */
    int looking_up;       /* a name lookup may be pending */
    int tells_lookup;     /* of a driven loop: it is ready when that is over */
    tdri_exchange *ready_next;
    int is_ready;         /* in the list of the loop */
    void *owner;
    int unwatched;        /* TDREST_OK, or why its socket could not be watched */
    curl_socket_t idle;   /* of the kept-alive connection between exchanges; CURL_SOCKET_BAD: none is known */
    tdri_ends ends;       /* of that connection, or of the one that its request left over */
    int lost;             /* another exchange's request has left over the connection since */
    curl_socket_t socket; /* of the connection with those ends; CURL_SOCKET_BAD: libcurl has to be asked */
    tdri_exchange *port_next;
    tdri_exchange *idle_next;
    tdri_exchange **idle_at; /* what points to it in the list of the loop */
    int64_t idle_until_ms; /* by the clock of ages: when it is not used any more, as the server said */
    int64_t keep_alive_s; /* what the answer at hand says of that; -1: nothing */
    int active;           /* the easy handle is in the multi handle */
    int finished;         /* libcurl is through with it, with `result` */
    CURLcode result;
    int paused;
    int tells_departure;  /* libcurl calls back before it writes a request */
    int departed;         /* it has done so: the request may have been written */
    int answered;         /* a status line has come */
    size_t header_bytes;  /* of all answers so far, interim ones and trailers included: libcurl keeps every line of them */
    tdri_retry_after retry_after; /* of the answer at hand */
    int chunked;          /* the answer at hand has a Transfer-Encoding, which tells where it ends */
    int speaks_http;      /* one has come in any exchange so far */
    int decodes;          /* the request asks for gzip: libcurl decodes the answer */
    int with_taker;       /* the last step handed out bytes: the time since then is the taker's */
    int64_t deadline_ms;  /* 0: none */
    int late;             /* it had passed when the last step ended */
    int64_t stall_ms;
    int64_t connect_ms;
    curl_socket_t opened; /* the one that was opened last; CURL_SOCKET_BAD: none was */
    int64_t waiting_since_ms;
    tdri_sink *sink;      /* of the step at hand */
    void *context;
    size_t taken;         /* bytes the sink took since the last one */
    size_t held_len;      /* bytes kept for a full taker */
    size_t held_at;
    int http_status;      /* of an exchange whose handle is gone */
    char content_type[TDRI_CONTENT_TYPE_MAX];
    char encoding[TDRI_ENCODING_MAX]; /* the answer's Content-Encoding, cut; "" when there is none */
    char answerer[TDRI_PROXY_ADDRESS_MAX + 1]; /* host:port of the proxy that wants a login; "": none, or not known */
    char held[TDRI_PIECE];
    char message[CURL_ERROR_SIZE];
};

/* Lets libcurl do what can be done now for every exchange. TDREST_OK or TDREST_ENOMEM. */
int tdri_loop_perform(tdri_loop *loop);
/* Hands each result that libcurl has to its exchange. */
void tdri_loop_note_results(tdri_loop *loop);
/* Keeps a transfer whose removal would wait for a name lookup, until that is over. 0: out of memory. */
int tdri_loop_mute(tdri_loop *loop, CURL *easy);
/* Removes and frees one that is muted. */
void tdri_loop_reap(tdri_loop *loop, CURL *easy);

/* Something was brought for x. */
void tdri_loop_note_ready(tdri_exchange *x);
/* It is of no more interest. */
void tdri_loop_forget_ready(tdri_exchange *x);

/* Milliseconds after which libcurl has to be called for an exchange that connects; INT64_MAX: it does not. */
int64_t tdri_exchange_look_ms(const tdri_exchange *x);
/* A socket was opened for x, which connects from now on. */
void tdri_exchange_note_opened(tdri_exchange *x, curl_socket_t opened);
/* Of a driven loop: calls libcurl for each exchange that connects, when it is time. */
void tdri_loop_look(tdri_loop *loop);

/* The request of x leaves over the connection with these ends: it is that of x from now on, and not idle. */
void tdri_exchange_claim(tdri_exchange *x, const tdri_ends *ends);
/* It has none any more. */
void tdri_exchange_disclaim(tdri_exchange *x);
/* The answer has ended: the connection that it came over is idle, if there is one still. */
void tdri_exchange_keep(tdri_exchange *x);
/* x keeps a connection, or none any more (CURL_SOCKET_BAD). */
void tdri_exchange_set_idle(tdri_exchange *x, curl_socket_t idle);
/* Idle connections that are of no more use are made unusable. 1 when there were any. */
int tdri_exchange_shed_stale(tdri_loop *loop);

/* libcurl is through with the transfer of x. */
void tdri_exchange_note_result(tdri_exchange *x, CURLcode result);

/* Ends the exchange and throws the easy handle away: releases of libcurl differ in what one still remembers of a transfer that failed. */
void tdri_exchange_throw_away(tdri_exchange *x);
/* The exchange ends with this code: phase and curl code go into err. */
int tdri_exchange_fail(tdri_exchange *x, int code, CURLcode curl_code, const char *what, tdrest_error *err);
/* The same for a failure that libcurl tells. */
int tdri_exchange_fail_curl(tdri_exchange *x, CURLcode curl_code, tdrest_error *err);

/* Keeps the address of whoever sent the answer at hand, or the one to CONNECT. */
void tdri_exchange_note_answerer(tdri_exchange *x, int is_tunnel);

/* The handle sends this request's body. */
void tdri_body_set(tdri_exchange *x, const tdri_request *request);
/* The request is about to be written. */
void tdri_body_depart(tdri_exchange *x);
/* Whether the whole body may have left: over this connection, or over one before it that died. */
int tdri_body_may_be_out(const tdri_exchange *x);
/* Whether it certainly has. */
int tdri_body_is_out(const tdri_exchange *x);
void tdri_body_set_callbacks(tdri_exchange *x);

/* Makes the easy handle, with all that stays the same for every exchange. TDREST_OK; TDREST_ECONNECT, TDREST_EOPTION, TDREST_ENOMEM in err. */
int tdri_easy_make(tdri_exchange *x, tdrest_error *err);
void tdri_easy_set_callbacks(tdri_exchange *x);

#endif
