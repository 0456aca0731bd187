/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The rules of repeats. Pure. */
#include "client/retry.h"

#include "base/clock.h"

#include <tdrest.h>

void tdri_retry_note_round(tdri_retry *retry, int64_t now_ms)
{
    if (retry->rounds++ == 0)
        retry->since_ms = now_ms;
}

/*
 * A wait that the server asks for, longer than any of ours, needs an end that is known: for_ms or the deadline. Else a Retry-After of days
 * would look like a hang.
 */
int tdri_retry_may_wait(const tdri_retry *retry, int64_t wait_ms, int64_t now_ms)
{
    int64_t since = retry->rounds == 0 ? now_ms : retry->since_ms;

    if (retry->mode == TDRI_RETRY_NEVER)
        return 0;
    if (retry->deadline_ms != 0 && wait_ms >= retry->deadline_ms - now_ms)
        return 0;
    if (wait_ms < retry->for_ms - (now_ms - since))
        return 1;
    return retry->rounds <= retry->retries && (retry->deadline_ms != 0 || wait_ms <= retry->backoff_max_ms);
}

/* A connection that dies at once again is no stale one. */
int tdri_retry_blames_host(const tdri_retry *retry, const tdri_failure *failure)
{
    if (failure->distrusts)
        return 1;
    if (failure->outcome.again == TDRI_AT_ONCE)
        return failure->code == TDREST_ECONNECT && retry->at_once > 0;
    return failure->outcome.again == TDRI_ELSEWHERE;
}

/* Whether a repeat can be right at all, at any time. */
static int is_repeatable(const tdri_retry *retry, const tdri_failure *failure)
{
    if (failure->outcome.again == TDRI_NEVER || failure->code == TDREST_ECANCELLED)
        return 0;
    if (retry->mode == TDRI_RETRY_NEVER || (retry->mode == TDRI_RETRY_CONNECT && failure->phase != TDREST_PHASE_CONNECT))
        return 0;
    return failure->outcome.ran == TDREST_RAN_NO || failure->harmless;
}

/* Full jitter under a limit that doubles. */
static int64_t backoff(tdri_retry *retry)
{
    int64_t limit = retry->backoff_ms;

    for (int i = 0; i < retry->waits && limit < retry->backoff_max_ms; i++)
        limit *= 2;
    if (limit > retry->backoff_max_ms)
        limit = retry->backoff_max_ms;
    retry->waits++;
    return (int64_t)(tdri_random_next(&retry->random) % ((uint64_t)limit + 1));
}

tdri_retry_step tdri_retry_next(tdri_retry *retry, const tdri_failure *failure, int64_t now_ms)
{
    tdri_retry_step step = {TDRI_HERE, 0};
    int blames = tdri_retry_blames_host(retry, failure), at_once = failure->outcome.again == TDRI_AT_ONCE && retry->at_once == 0;

    tdri_retry_note_round(retry, now_ms);
    retry->distrusts += failure->distrusts;
    if (!is_repeatable(retry, failure) || (failure->code == TDREST_EANSWER && retry->rounds > retry->retries) ||
        (failure->distrusts && retry->distrusts >= retry->hosts))
        return (tdri_retry_step){TDRI_STOP, 0};
    if (blames)
        step.what = TDRI_MOVE;
    else if (!at_once)
        step.wait_ms = backoff(retry);
    if (!blames && failure->outcome.wait_ms > step.wait_ms)
        step.wait_ms = failure->outcome.wait_ms;
    retry->at_once = at_once;
    return tdri_retry_may_wait(retry, step.wait_ms, now_ms) ? step : (tdri_retry_step){TDRI_STOP, 0};
}

int64_t tdri_retry_connect_ms(const tdri_retry *retry, int attempts, int64_t now_ms)
{
    int64_t left = retry->deadline_ms - now_ms;
    int more = retry->mode != TDRI_RETRY_NEVER && (retry->rounds < retry->retries || retry->for_ms > 0);

    if (retry->deadline_ms == 0 || !more || attempts >= retry->hosts - 1)
        return 0;
    return left > 2 ? left / 2 : 1;
}
