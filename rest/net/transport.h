/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * One HTTP exchange at a time over a kept-alive connection, pulled: bytes of
 * the answer are read when the caller asks for them. Knows HTTP and time
 * limits, neither JSON nor SQL.
 */
#ifndef TDRI_TRANSPORT_H
#define TDRI_TRANSPORT_H

#include "request/request.h"

/* Takes bytes of the answer; answers how many. Fewer than offered: the taker is full, the rest is kept and offered again. */
typedef size_t tdri_sink(void *context, const char *bytes, size_t len);

typedef struct tdri_transport tdri_transport;

/* Time limits of one exchange; 0 means none. */
typedef struct tdri_limits {
    int64_t connect_ms;
    int64_t total_ms; /* from start; tdri_transport_ops.untimed lifts it */
    int64_t stall_ms; /* without a byte while the transport waits */
} tdri_limits;

typedef struct tdri_transport_ops {
    /* A call of the user's begins and ends: between them, and only there, cancel has an effect. */
    void (*enter)(tdri_transport *transport);
    void (*leave)(tdri_transport *transport);
    /* Ends the call that runs, from any thread or signal handler: its start or pull answers TDREST_ECANCELLED. */
    void (*cancel)(tdri_transport *transport);
    /* Sends the request, whose buffers are borrowed until the exchange ends, to `origin`. TDREST_OK or an error in err. */
    int (*start)(tdri_transport *transport, const char *origin, const tdri_request *request, const tdri_limits *limits, tdrest_error *err);
    /*
     * Waits until the sink has taken bytes or the answer ends. TDREST_ROW: there may be more; TDREST_DONE: the answer has ended, the
     * exchange is over; or an error, with phase, HTTP status and curl code: over as well.
     */
    int (*pull)(tdri_transport *transport, tdri_sink *sink, void *context, tdrest_error *err);
    /* The total limit no longer counts: the caller reads rows at its own pace. */
    void (*untimed)(tdri_transport *transport);
    /* Ends an exchange early: reads what is left for at most that many bytes and milliseconds to keep the connection, else closes it. */
    void (*finish)(tdri_transport *transport, size_t max_bytes, int64_t max_ms);
    /* Of the answer at hand, once bytes came or it ended. */
    int (*http_status)(const tdri_transport *transport);
    const char *(*content_type)(const tdri_transport *transport);
    void (*free)(tdri_transport *transport);
} tdri_transport_ops;

/* The first member of every transport. */
struct tdri_transport {
    const tdri_transport_ops *ops;
};

/* The clock of all time limits: milliseconds that only grow. */
int64_t tdri_now_ms(void);

/* When a limit that begins now ends; 0: never, for no limit. One that the clock cannot reach ends at INT64_MAX. */
int64_t tdri_deadline_ms(int64_t limit_ms);

/* A transport over libcurl with the options' TLS, proxy and compression. TDREST_OK, TDREST_ECONNECT, TDREST_ENOMEM in err. */
int tdri_curl_new(const tdrest_options *options, tdri_transport **out, tdrest_error *err);

/* "libcurl/7.88.1", and 1 when a name lookup can be cut short. */
const char *tdri_curl_version(int *interruptible);

#endif
