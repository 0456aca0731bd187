/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * One request and its attempts: which host, what is repeated, what the record tells of it. The one place where requests are sent; knows no
 * endpoint's answers.
 *
 *     begin ─► start ─► (the caller reads the answer) ─► succeed
 *                ▲                 │ failed
 *                └── goes on: 1 ◄──┴──► 0: the record stands
 */
#ifndef TDRI_ATTEMPT_H
#define TDRI_ATTEMPT_H

#include "client/hosts.h"
#include "client/retry.h"
#include "net/exchange.h"

/* Of the request at hand, or the last one. */
typedef struct tdri_attempts {
    tdri_retry retry;
    tdri_limits limits;
    tdri_host_pick pick;
    int picked;            /* the hosts have not yet heard how it went */
    int64_t tries;         /* of the hosts, when it began to wait for one; -1: it does not wait */
    int count;
    int ran;               /* the most that an attempt which failed may have done: TDREST_RAN_... */
    tdri_outcome outcome;  /* of the attempt that failed last */
    char hosts[sizeof((tdrest_error *)0)->hosts];
    char first_cause[sizeof((tdrest_error *)0)->first_cause];
} tdri_attempts;

struct tdri_call;

/* The request in call->conn begins, with the call's limits. */
void tdri_attempts_begin(const struct tdri_call *call);

/* ---- step by step, for those who do their own waiting: none of these waits ---- */

/*
 * Asks for a host. 0: it has one; > 0: none may be tried yet, ask again after so many milliseconds; -1: it may not wait any longer. The first
 * attempt of a request always gets one in the end.
 */
int64_t tdri_attempts_turn(tdrest_conn *conn);

/* Sends the request to the host it has. TDREST_OK, or the error's code with the stamped record in err. */
int tdri_attempts_send(tdrest_conn *conn, tdrest_error *err);

/* The attempt failed; err has the stamped record. Tells the hosts, and decides whether there is another one, and after which wait. */
tdri_retry_step tdri_attempts_judge(tdrest_conn *conn, const tdrest_error *err);

/* Another attempt would come too late: its failure would only say that the time is up, where the last one tells more. Gives back the host it may have. */
int tdri_attempts_are_over(tdrest_conn *conn);

/* Gives back a host that it has and was not sent to, or of which nothing was learned. */
void tdri_attempts_give_up(tdrest_conn *conn);

/* The record of a request that fails before it is sent, which no attempt has an answer to. Its code. */
int tdri_attempts_fail_unsent(tdrest_conn *conn, tdrest_error *err, int code, const char *message);

/* ---- with their waits ---- */

/* Chooses a host and sends the request. TDREST_OK, or the error's code with the stamped record in err. */
int tdri_attempts_start(tdrest_conn *conn, tdrest_error *err);

/* The attempt succeeded, as far as a repeat goes. */
void tdri_attempts_succeed(tdrest_conn *conn);

/*
 * The attempt failed; err has the stamped record. 1: it is to be started again, the wait before it is over, and err is empty. 0: err stands. A cancel
 * during the wait, too, is an end.
 */
int tdri_attempts_go_on(tdrest_conn *conn, tdrest_error *err);

/* Reads the answer to conn->request: TDREST_OK, or the error's code with the stamped record in conn->err. */
typedef int tdri_receive(void *context);

/* All of it for answers that are received as a whole: begin to succeed, or the last failure. */
int tdri_attempts_run(const struct tdri_call *call, tdri_receive *receive, void *context);

/* Adds to a record what the attempts so far tell, its own outcome among them. */
void tdri_attempts_stamp(tdri_attempts *attempts, const tdri_outcome *outcome, tdrest_error *err);

/*
 * Asks a host that is due, when there is one, whether it serves again: at most TDRI_PROBE_MS, and a quarter of the time until the deadline. TDREST_OK
 * whatever came of it, but for a refused login: TDREST_EAUTH with the record in the connection's.
 */
int tdri_probe_due_host(tdrest_conn *conn, int64_t deadline_ms);

/* What the answer to that question, or its lack, tells of the host; err: what it failed by. A failure of our own tells nothing. */
enum tdri_host_news tdri_probe_news(int is_ready, const tdrest_error *err);

#endif
