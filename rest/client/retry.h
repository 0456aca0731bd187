/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Whether a request that failed is sent again, where and when. A pure decision: no I/O, no clock of its own; what may have happened is for the
 * judge (error/outcome.h) to say, whether running twice does harm for who sends it.
 *
 *  - never past the deadline;
 *  - else while attempts are left, or until for_ms have passed since the first failure; of broken answers, which are no outage, attempts alone count;
 *  - what did not run is repeated, what may have run only where that does no harm;
 *  - a certificate that was refused stays so: as many attempts as there are hosts.
 */
#ifndef TDRI_RETRY_H
#define TDRI_RETRY_H

#include "error/outcome.h"

#include <stdint.h>

/* The words of the option `retry`, in its order. */
enum tdri_retry_mode { TDRI_RETRY_AUTO, TDRI_RETRY_CONNECT, TDRI_RETRY_NEVER };

typedef struct tdri_retry {
    /* fixed for one request */
    enum tdri_retry_mode mode;
    int64_t retries;        /* conn_retries */
    int64_t backoff_ms;
    int64_t backoff_max_ms;
    int64_t for_ms;         /* 0: attempts alone count */
    int64_t deadline_ms;    /* of the call; 0: none */
    int64_t hosts;          /* how many there are */
    /* what has happened */
    int64_t rounds;         /* failures so far: its own, and those of others whose result it waited for */
    int64_t since_ms;       /* of the first of them; 0: none yet */
    int waits;              /* for the backoff */
    int at_once;            /* repeats without a wait, in a row */
    int64_t distrusts;      /* failures by a certificate */
    uint64_t random;
} tdri_retry;

typedef struct tdri_failure {
    int code;               /* TDREST_E... */
    int phase;              /* TDREST_PHASE_... */
    tdri_outcome outcome;
    int harmless;           /* running twice does no harm */
    int distrusts;          /* the host's certificate was refused, or ours by it */
} tdri_failure;

enum tdri_retry_what {
    TDRI_STOP,
    TDRI_HERE, /* the same host, after wait_ms */
    TDRI_MOVE  /* the host is the cause: it is set aside, and the next attempt goes where there is a better one */
};

typedef struct tdri_retry_step {
    enum tdri_retry_what what;
    int64_t wait_ms;
} tdri_retry_step;

/* An attempt failed at now_ms. */
tdri_retry_step tdri_retry_next(tdri_retry *retry, const tdri_failure *failure, int64_t now_ms);

/* Whether the failure tells that the host is the cause, whatever becomes of the request. */
int tdri_retry_blames_host(const tdri_retry *retry, const tdri_failure *failure);

/* Somebody else's attempt failed while this request waited for its result. */
void tdri_retry_note_round(tdri_retry *retry, int64_t now_ms);

/* Whether a wait that begins now may still be followed by an attempt. */
int tdri_retry_may_wait(const tdri_retry *retry, int64_t wait_ms, int64_t now_ms);

/* The longest time for connecting in the attempt that comes now: 0: no limit of its own. While there are hosts left to try, half of what is left. */
int64_t tdri_retry_connect_ms(const tdri_retry *retry, int attempts, int64_t now_ms);

#endif
