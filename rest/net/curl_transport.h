/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the transport over libcurl holds, for its two files: making it, and one exchange. */
#ifndef TDRI_CURL_TRANSPORT_H
#define TDRI_CURL_TRANSPORT_H

#include "net/transport.h"

#include <curl/curl.h>
#include <stdatomic.h>

#if LIBCURL_VERSION_NUM < 0x073d00
#error "tdrest needs libcurl 7.61 or later"
#endif

#if ATOMIC_INT_LOCK_FREE != 2
#error "tdrest needs lock-free atomic int: cancelling is done from signal handlers"
#endif

/* libcurl hands out pieces of at most this size; one is kept while the caller is full. */
enum { TDRI_PIECE = CURL_MAX_WRITE_SIZE, TDRI_WAIT_MS = 1000 };

typedef struct tdri_curl_transport {
    tdri_transport base;
    tdrest_allocator mem;
    CURLM *multi;
    CURL *easy;
    struct curl_slist *headers;
    tdri_buf url;
    const tdri_request *request;
    size_t sent;          /* bytes of the body handed to libcurl */
    atomic_int running;   /* a call that can be cancelled */
    atomic_int cancelled;
    int wake[2];          /* a pipe whose end libcurl's wait watches too; -1: not open */
    int looking_up;       /* a name lookup may be pending */
    curl_socket_t idle;   /* of the kept-alive connection between exchanges; CURL_SOCKET_BAD: none is known */
    int active;           /* the easy handle is in the multi handle */
    int paused;
    int tells_departure;  /* libcurl calls back before it writes a request */
    int departed;         /* it has done so: the request may have been written */
    int answered;         /* a status line has come */
    int64_t deadline_ms;  /* monotonic; 0: none */
    int64_t stall_ms;
    int64_t waiting_since_ms;
    tdri_sink *sink;      /* of the pull at hand */
    void *context;
    size_t taken;         /* bytes the sink took during it */
    size_t held_len;      /* bytes kept for a full caller */
    size_t held_at;
    char held[TDRI_PIECE];
    char message[CURL_ERROR_SIZE];
} tdri_curl_transport;

extern const tdri_transport_ops tdri_curl_ops;

/* The callbacks of the easy handle. */
void tdri_curl_set_callbacks(tdri_curl_transport *transport);
void tdri_curl_free(tdri_transport *transport);
/* Takes the easy handle out of the multi handle; a transfer not at its end loses its connection. */
void tdri_curl_drop(tdri_curl_transport *transport);

#endif
