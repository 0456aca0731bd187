/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What other rooms use of async besides its public functions: requests whose bytes stay the caller's, and one round of the loop. Knows neither
 * tables nor batches.
 *
 *     tdrest_async_new ─► tdri_async_exec, tdri_async_write ─► tdri_async_step ... ─► done, once for each request
 */
#ifndef TDRI_ASYNC_H
#define TDRI_ASYNC_H

#include <tdrest.h>

/*
 * A request has ended: err->code is TDREST_OK, or what it failed with, of all its attempts: `ran` is the most that any of them may have done, `attempts`
 * their number, `repeat` and `server_code` as in the record of a connection. affected: -1 when the answer tells no number. The record dies with the
 * return; the bytes of the request are the caller's again. Runs within step, run, the event functions and tdrest_async_free only, with what
 * callbacks may do: start and cancel requests, free the object.
 */
typedef void tdri_async_done(void *user, tdrest_request *request, const tdrest_error *err, int64_t affected);

/*
 * Starts one statement that writes: an INSERT as it is sent, ready-made, at most max_sql_bytes. The bytes are borrowed until `done` is called, whatever
 * the end; so is nothing else. TDREST_OK, or the code with the record in tdrest_async_error: then nothing was started, and done is not called.
 */
int tdri_async_exec(tdrest_async *async, const char *sql, size_t len, const tdrest_call *call, tdri_async_done *done, void *user, tdrest_request **out);

/* The same for one request of schemaless data, which is not split; a JSON array has its brackets. */
int tdri_async_write(tdrest_async *async, int protocol, int precision, const char *data, size_t len, const tdrest_call *call, tdri_async_done *done,
                     void *user, tdrest_request **out);

/* Whether a foreign loop drives it. */
int tdri_async_has_hooks(const tdrest_async *async);

/* How many requests run on one host at a time, instead of the option max_per_host; before the first start. */
void tdri_async_set_per_host(tdrest_async *async, size_t most);

/*
 * One round without hooks: waits at most ms milliseconds (-1: as long as it takes) until something can be done, does it, and calls back. Returns sooner than
 * that when any request has ended. TDREST_DONE: no request is left; TDREST_OK; or the code with the record in tdrest_async_error.
 */
int tdri_async_step(tdrest_async *async, int64_t ms);

/*
 * With hooks, the writer's own deadlines join those of the timer hook: the moment (by tdri_now_ms) at which the next timeout_event shall come at the latest;
 * 0: none. It is told with the next return of an event function, or at once outside of one.
 */
void tdri_async_set_alarm(tdrest_async *async, int64_t at_ms);

#endif
