/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The rules of the judge. A request did not run only where it is certain: what is not listed may have run, wholly or in part. Several nodes write
 * what one request brings and each decides for itself, while the answer is that of one of them: a code by which a node refuses says nothing of
 * the others, although the server calls it safe to repeat.
 */
#include "error/outcome.h"

#include "error/servercode.h"

enum { UNSPECIFIED = 0xffff, OVER_LIMIT = 0xfffe, CUT_BODY = 0x1121 }; /* the adapter's own codes */

/* Failures of the call itself, before anything is sent or after everything has come. */
static int is_local(int code)
{
    switch (code) {
    case TDREST_EUSAGE:
    case TDREST_EOPTION:
    case TDREST_EBUSY:
    case TDREST_ENULL:
    case TDREST_ETYPE:
    case TDREST_ERANGE:
    case TDREST_EBIND:
    case TDREST_EUNSUPPORTED: return 1;
    default: return 0;
    }
}

/*
 * Statuses by which the adapter, or a gateway in front of it, refuses before anything runs. 400 is not among them: an adapter with
 * httpCodeServerError has it also for a refusal of a node that writes, 0x060B.
 */
static int is_refusal(int http_status)
{
    switch (http_status) {
    case 301: /* redirects are not followed */
    case 307:
    case 308:
    case 401:
    case 403:
    case 404:
    case 407: /* a proxy wants a login */
    case 413: /* proxies alone */
    case 415:
    case 417:
    case 429: /* a gateway's limit */
    case 431: return 1;
    default: return 0;
    }
}

/* The adapter had no connection to the server, or no memory, to begin with. An error object has its code for whatever has none, or none. */
static int is_adapter_full(const tdri_evidence *e)
{
    return e->http_status == 503 && !e->says_ran && (e->server_code == 0 || e->server_code == UNSPECIFIED || e->server_code == OVER_LIMIT);
}

/* A ping got its answer: the server is not ready. No other statement fails with status 200 and without a code. */
static int is_not_ready(const tdri_evidence *e)
{
    return e->http_status == 200 && e->server_code == 0 && !e->is_lines;
}

/* Whether a whole answer of the adapter refuses what did not run. */
static int is_refused(const tdri_evidence *e)
{
    if (is_adapter_full(e) || is_not_ready(e))
        return 1;
    if (e->http_status == 400 && (e->server_code == 0 || e->server_code == UNSPECIFIED)) /* a parameter, or an encoding */
        return 1;
    return (tdri_servercode_facts(e->server_code) & (e->is_lines ? TDRI_LINES_NOT_RUN : TDRI_SQL_NOT_RUN)) != 0;
}

static int judge_ran(const tdri_evidence *e)
{
    if (is_local(e->code) || e->code == TDREST_EAUTH)
        return TDREST_RAN_NO;
    if (e->says_ran)
        return TDREST_RAN_YES;
    if (e->phase == TDREST_PHASE_PREPARE || e->phase == TDREST_PHASE_CONNECT || e->phase == TDREST_PHASE_SEND)
        return TDREST_RAN_NO;
    if (e->phase == TDREST_PHASE_NONE)
        return TDREST_RAN_MAYBE;
    if (!e->body_left || is_refusal(e->http_status)) /* the adapter begins when it has the whole body */
        return TDREST_RAN_NO;
    if (e->code == TDREST_ESERVER && is_refused(e))
        return TDREST_RAN_NO;
    if (e->code == TDREST_ENOTADAPTER && e->http_status == 400)
        return TDREST_RAN_NO;
    return TDREST_RAN_MAYBE;
}

/* By what the adapter answered. */
static enum tdri_again again_by_answer(const tdri_evidence *e)
{
    int cls, repeat;

    if (is_adapter_full(e) || is_not_ready(e) || (e->says_ran && e->http_status == 503) ||
        (tdri_servercode_facts(e->server_code) & TDRI_OTHER_HOST) != 0)
        return TDRI_ELSEWHERE;
    if (e->server_code == CUT_BODY)
        return TDRI_AT_ONCE;
    (void)tdri_servercode_get(e->server_code, &cls, &repeat);
    return repeat == TDREST_REPEAT_NO ? TDRI_NEVER : TDRI_LATER;
}

/* By the status alone: of a gateway's answer, or of one that was cut. */
static enum tdri_again again_by_status(int http_status, enum tdri_again otherwise)
{
    switch (http_status) {
    case 408:
    case 429: return TDRI_LATER;
    case 502:
    case 503:
    case 504: return TDRI_ELSEWHERE;
    default: return is_refusal(http_status) ? TDRI_NEVER : otherwise;
    }
}

/* A refused login is never tried again, here or elsewhere: accounts lock. */
static enum tdri_again judge_again(const tdri_evidence *e)
{
    int is_connecting = e->phase == TDREST_PHASE_CONNECT;

    switch (e->code) {
    case TDREST_ECONNECT: return again_by_status(e->http_status, is_connecting ? TDRI_ELSEWHERE : TDRI_AT_ONCE);
    case TDREST_EANSWER:
    case TDREST_ECANCELLED: return again_by_status(e->http_status, TDRI_AT_ONCE);
    case TDREST_ETIMEOUT: return again_by_status(e->http_status, is_connecting || e->phase == TDREST_PHASE_SEND ? TDRI_ELSEWHERE : TDRI_LATER);
    case TDREST_EGATEWAY: /* 500: tinyproxy's word for a host that it cannot reach */
        return e->http_status == 500 ? TDRI_ELSEWHERE : again_by_status(e->http_status, TDRI_NEVER);
    case TDREST_ESERVER: return is_refusal(e->http_status) ? again_by_status(e->http_status, TDRI_NEVER) : again_by_answer(e);
    default: return TDRI_NEVER;
    }
}

tdri_outcome tdri_outcome_judge(const tdri_evidence *evidence)
{
    tdri_outcome outcome = {judge_ran(evidence), judge_again(evidence), -1};

    if (outcome.again != TDRI_NEVER)
        outcome.wait_ms = evidence->retry_after_ms;
    if (outcome.again == TDRI_AT_ONCE && outcome.wait_ms > 0)
        outcome.again = TDRI_LATER;
    return outcome;
}

static int repeat_of(const tdri_outcome *outcome)
{
    if (outcome->again == TDRI_NEVER)
        return TDREST_REPEAT_NO;
    return outcome->ran == TDREST_RAN_NO ? TDREST_REPEAT_SAFE : TDREST_REPEAT_IDEMPOTENT;
}

tdri_outcome tdri_outcome_tell(tdrest_error *err, int is_lines, int body_left)
{
    const tdri_evidence evidence = {
        .code = err->code, .server_code = err->server_code, .http_status = err->http_status, .phase = err->phase, .is_lines = is_lines,
        .body_left = body_left, .says_ran = err->ran == TDREST_RAN_YES, .retry_after_ms = err->retry_after_ms,
    };
    tdri_outcome outcome = tdri_outcome_judge(&evidence);

    err->ran = outcome.ran;
    err->repeat = repeat_of(&outcome);
    return outcome;
}

int tdri_outcome_default(int code)
{
    return is_local(code) ? TDREST_RAN_NO : TDREST_RAN_MAYBE;
}
