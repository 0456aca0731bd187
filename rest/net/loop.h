/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What the exchanges of one thread stand on: libcurl's multi handle, the clock
 * of all time limits, and a pipe through which a call is cancelled from
 * elsewhere. Knows nothing of what is exchanged.
 *
 * Only `tdri_loop_cancel` may be called from another thread or a signal handler.
 */
#ifndef TDRI_LOOP_H
#define TDRI_LOOP_H

#include "error/record.h"

typedef struct tdri_loop tdri_loop;

/* The clock of all time limits: milliseconds that only grow. */
int64_t tdri_now_ms(void);
/* The same clock as the system last looked at it: some milliseconds behind at most, and read in a fraction of the time. */
int64_t tdri_recent_ms(void);
/* The moment at which a limit of that many milliseconds from now ends; 0 when there is no limit, as 0 stands for. */
int64_t tdri_deadline_ms(int64_t limit_ms);

/* TDREST_OK; TDREST_ECONNECT or TDREST_ENOMEM in err. */
int tdri_loop_new(const tdrest_allocator *mem, tdri_loop **out, tdrest_error *err);
/* Its exchanges are freed already. */
void tdri_loop_free(tdri_loop *loop);

/*
 * Begin and end a call of the user's. A cancel takes effect only between them; each call has a number, so one that comes too late cannot hit the
 * next call. In between, SIGPIPE is blocked in the calling thread. Pairs nest, and the outermost counts; the functions of this room that call
 * libcurl enter by themselves.
 */
void tdri_loop_enter(tdri_loop *loop);
void tdri_loop_leave(tdri_loop *loop);
/* Ends the call that runs: each of its exchanges fails with TDREST_ECANCELLED at its next step, and a wait returns. */
void tdri_loop_cancel(tdri_loop *loop);
int tdri_loop_is_cancelled(const tdri_loop *loop);

/* Waits until an exchange of the loop can go on, the call is cancelled, or ms milliseconds have passed. TDREST_OK, or TDREST_ENOMEM. */
int tdri_loop_wait(tdri_loop *loop, int64_t ms);

/* Within a call: waits that long while nothing is exchanged. TDREST_OK; TDREST_ECANCELLED as soon as the call is cancelled; TDREST_ENOMEM. */
int tdri_loop_pause(tdri_loop *loop, int64_t ms);

/* ---- driven from outside ---- */

/* What a socket is watched for. */
enum { TDRI_WATCH_READ = 1, TDRI_WATCH_WRITE = 2 };

struct tdri_exchange;

/*
 * How a driven loop asks for a socket to be watched (events 0: not any more; then it is about to be closed). Called within libcurl: it may call nothing of
 * this room. TDREST_OK, or a code: the exchange that needs it, if that is known, then fails with it.
 */
typedef int tdri_watch(void *context, int fd, int events);

/*
 * From now on nobody waits in this loop: a step of an exchange only takes what events have brought. `connections`: how many are kept. Before the first exchange
 * is started. TDREST_OK or TDREST_ENOMEM.
 */
int tdri_loop_drive(tdri_loop *loop, tdri_watch *watch, void *context, long connections);
/* A watched socket is ready. TDREST_OK or TDREST_ENOMEM. */
int tdri_loop_socket_event(tdri_loop *loop, int fd, int events);
/* The moment came that tdri_loop_due_ms told. */
int tdri_loop_timeout_event(tdri_loop *loop);
/* The moment at which libcurl wants or has to be called; INT64_MAX: none. */
int64_t tdri_loop_due_ms(const tdri_loop *loop);
/* An exchange for which events have brought something, once for each; NULL: none is left. */
struct tdri_exchange *tdri_loop_take_ready(tdri_loop *loop);
/* Before exchanges are started: idle connections that are of no more use are given up. */
void tdri_loop_shed(tdri_loop *loop);

/* "libcurl/7.88.1", and 1 when a name lookup that is given up does not hold up whoever waits for it. */
const char *tdri_loop_version(int *interruptible);

#endif
