/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Store and forward: batches go into a spool, and from there to the server, one at a time and in their order, until the server takes each or blames its rows:
 * then it goes in parts. Any other failure keeps the spool: it is told once, and tried again later.
 *
 *     new ─► add (a closed batch) ─► work: sync, tell what is stored, send the next one ... ─► free
 */
#ifndef TDRI_SPOOL_FORWARD_H
#define TDRI_SPOOL_FORWARD_H

#include "async/async.h"
#include "spool/spool.h"

typedef struct tdri_forward tdri_forward;

/* Told within tdri_forward_work and steps of the async object. They may add, but not free. */
typedef struct tdri_forward_told {
    void *context;
    /* Before and after all that one answer brings; leave may free. */
    void (*enter)(void *context);
    void (*leave)(void *context);
    /* All batches of this run up to that number survive a power cut. */
    void (*stored)(void *context, uint64_t number);
    /*
     * One is settled, or some of its rows: err is NULL when they are written; else the server blames them, and they are kept as rejected.* once all of the batch
     * is settled. The record has those rows and their text only. of_this_run: 0 when an earlier run added it. It dies with the return.
     */
    void (*ended)(void *context, const tdri_spool_record *record, int of_this_run, const tdrest_error *err);
    /* A failure that keeps the spool: once until another one comes, or something is delivered. */
    void (*held)(void *context, const tdrest_error *err);
} tdri_forward_told;

/* async outlives it, or is freed just before it. backoff_ms doubles up to backoff_max_ms; both are at least 1. TDREST_OK, or as tdri_spool_open. */
int tdri_forward_new(tdri_forward **out, const tdri_spool_config *config, tdrest_async *async, const tdri_forward_told *told, int64_t backoff_ms,
                     int64_t backoff_max_ms, const tdrest_allocator *mem, tdrest_error *err);

/* As tdri_spool_append. */
int tdri_forward_add(tdri_forward *forward, const tdri_spool_record *record, uint64_t *number, tdrest_error *err);

/* Does what is due. Failures are told as `held`; each is tried again. */
void tdri_forward_work(tdri_forward *forward);
/* Milliseconds until work has something to do besides answers that come; -1: nothing. */
int64_t tdri_forward_wait_ms(const tdri_forward *forward);

/* 1 when nothing is in the spool that can be sent, and nothing is in flight. */
int tdri_forward_is_idle(const tdri_forward *forward);
/* The store's, for statistics. */
void tdri_forward_count(const tdri_forward *forward, tdri_spool_counts *out);

/* 1: the policy is never, so no batch is told as stored. */
int tdri_forward_is_never_stored(const tdri_forward *forward);
int tdri_forward_in_flight(const tdri_forward *forward);

/*
 * Syncs what is not durable, closes the spool, gives up the request in flight, whose batch stays there, and frees; nothing is told any more. NULL is
 * fine. TDREST_OK, or TDREST_ESPOOL in err: the last batches are not durable. Memory of a request in flight goes with its end.
 */
int tdri_forward_free(tdri_forward *forward, tdrest_error *err);

#endif
