/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The judge of failed exchanges: what may have happened on the server, and whether repeating the request may help. Whoever repeats a request, or
 * reports rows as written or not, asks here and decides nothing by itself. Knows no transport, no bodies and no statements: whether running
 * twice does harm depends on what was sent, and is its sender's business.
 */
#ifndef TDRI_OUTCOME_H
#define TDRI_OUTCOME_H

#include <tdrest.h>

/* What is known of an exchange that failed. Where something is not certain, the value that lets the server have done more. */
typedef struct tdri_evidence {
    int code;               /* ours, below 0; TDREST_ESERVER: the adapter's own answer, whole */
    int server_code;        /* 0: none */
    int http_status;        /* of the server's answer, or of a proxy that refused to connect; 0: none */
    int phase;              /* TDREST_PHASE_... */
    int is_lines;           /* 1: sent to an endpoint that takes lines; 0: SQL */
    int body_left;          /* 1: the whole body of the request may have left; 0: some of it certainly did not */
    int says_ran;           /* 1: the answer began as that of a statement that ran, or says so in words */
    int64_t retry_after_ms; /* -1: the answer does not say */
} tdri_evidence;

/* Whether the same request may succeed when it is repeated, and where. */
enum tdri_again {
    TDRI_NEVER,    /* it would fail again */
    TDRI_AT_ONCE,  /* on this host, over a new connection */
    TDRI_LATER,    /* on this host */
    TDRI_ELSEWHERE /* on another host at once; on this one later */
};

typedef struct tdri_outcome {
    int ran;               /* TDREST_RAN_... */
    enum tdri_again again;
    int64_t wait_ms;       /* this host asks not to be tried sooner; -1: it does not say */
} tdri_outcome;

tdri_outcome tdri_outcome_judge(const tdri_evidence *evidence);

/*
 * Judges the failure in err, of a request to such an endpoint whose body left or did not, and writes ran and repeat into it. As evidence err
 * brings code, server_code, http_status, phase, retry_after_ms, and as ran TDREST_RAN_YES where the answer says so.
 */
tdri_outcome tdri_outcome_tell(tdrest_error *err, int is_lines, int body_left);

/* What a failure with that code means for ran before anything else is known. */
int tdri_outcome_default(int code);

#endif
