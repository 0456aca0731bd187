/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * One HTTP exchange: request, body, limits, and the answer as it comes. The
 * object is used again and again, and keeps its TCP connection between
 * exchanges. Knows HTTP and time limits, neither JSON nor SQL.
 *
 *     start ─► step, step, ...  until DONE or an error      (finish: sooner)
 *                │
 *                └─ TDRI_WAIT: nothing can be done now; tdri_loop_wait, for this exchange or for many
 */
#ifndef TDRI_EXCHANGE_H
#define TDRI_EXCHANGE_H

#include "net/loop.h"
#include "request/request.h"

/* Takes bytes of the answer; returns how many. Fewer than offered: the taker is full, the rest is kept and offered again. */
typedef size_t tdri_sink(void *context, const char *bytes, size_t len);

typedef struct tdri_exchange tdri_exchange;

/* Time limits; 0 means none. */
typedef struct tdri_limits {
    int64_t connect_ms;  /* name lookup, TCP and TLS, from the start of the exchange */
    int64_t deadline_ms; /* a moment of tdri_now_ms */
    int64_t stall_ms;    /* without a byte while the exchange waits; the taker's own time does not count */
} tdri_limits;

/* What step returns besides TDREST_ROW, TDREST_DONE and errors. */
enum { TDRI_WAIT = 100 };

/*
 * An exchange with the options' TLS, proxy and compression; they and the loop are borrowed until it is freed. TDREST_OK;
 * TDREST_ECONNECT, TDREST_EOPTION or TDREST_ENOMEM in err.
 */
int tdri_exchange_new(tdri_loop *loop, const tdrest_options *options, tdri_exchange **out, tdrest_error *err);
void tdri_exchange_free(tdri_exchange *x);

/*
 * Sends the request, whose buffers are borrowed until the exchange ends, to `origin`. TDREST_OK or an error in err. Steps of other exchanges of the loop
 * may bring its answer: none of it is lost before its own first step.
 */
int tdri_exchange_start(tdri_exchange *x, const char *origin, const tdri_request *request, const tdri_limits *limits, tdrest_error *err);

/*
 * Does what can be done now; does not block. TDREST_ROW: the sink took bytes, there may be more; TDRI_WAIT; TDREST_DONE: the answer has
 * ended; or an error with phase, HTTP status and curl code in err. After the last two the exchange is over.
 */
int tdri_exchange_step(tdri_exchange *x, tdri_sink *sink, void *context, tdrest_error *err);
/* Milliseconds until the nearest limit of an exchange that waits. */
int64_t tdri_exchange_wait_ms(const tdri_exchange *x);
/* Steps and waits until there is something: as step, but never TDRI_WAIT. */
int tdri_exchange_run(tdri_exchange *x, tdri_sink *sink, void *context, tdrest_error *err);

/* The moment of the nearest limit of an exchange that waits; INT64_MAX: none. */
int64_t tdri_exchange_due_ms(const tdri_exchange *x);
/* Ends an exchange that runs with TDREST_ECANCELLED in err, at once. */
int tdri_exchange_cancel(tdri_exchange *x, tdrest_error *err);
/* The time until the next step is the taker's. */
void tdri_exchange_rest(tdri_exchange *x);
/* 1 while its host's name may be being looked up. */
int tdri_exchange_looks_up(const tdri_exchange *x);
/* Of a driven loop, once it was started: it is among those that tdri_loop_take_ready answers when that is over. */
void tdri_exchange_tell_lookup(tdri_exchange *x);

/* Whose it is, for loops with many. */
void tdri_exchange_set_owner(tdri_exchange *x, void *owner);
void *tdri_exchange_owner(const tdri_exchange *x);

/* The deadline no longer counts: the caller reads rows at its own pace. */
void tdri_exchange_lift_deadline(tdri_exchange *x);
/* Ends an exchange early: reads what is left for at most that many bytes and milliseconds to keep the TCP connection, else closes it. */
void tdri_exchange_finish(tdri_exchange *x, size_t max_bytes, int64_t max_ms);

/*
 * Is the connection kept between exchanges of no more use: closed by the peer or, as its last answer said, about to be, or with bytes on it that nobody
 * asked for? 0 also when there is none.
 */
int tdri_exchange_is_stale(const tdri_exchange *x);

/* Of the answer at hand, once bytes came or it ended. 0 and NULL: none came. */
int tdri_exchange_http_status(tdri_exchange *x);
const char *tdri_exchange_content_type(tdri_exchange *x);
/* With HTTP status 407: host:port of the proxy, or of whoever else answered so; NULL: not known. */
const char *tdri_exchange_answerer(const tdri_exchange *x);
/* Its Retry-After in milliseconds (net/retry_after.h); -1: none. */
int64_t tdri_exchange_retry_after_ms(const tdri_exchange *x);
/* 1 when the whole body of the request may have left, 0 when some of it certainly did not. Of the exchange at hand, or the last one. */
int tdri_exchange_body_left(const tdri_exchange *x);
/* Of a body that is handed out as it came, not decoded; NULL: none. */
const char *tdri_exchange_content_encoding(const tdri_exchange *x);

#endif
