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

/* "libcurl/7.88.1", and 1 when a name lookup that is given up does not hold up whoever waits for it. */
const char *tdri_loop_version(int *interruptible);

#endif
