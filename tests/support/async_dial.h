/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Async objects over scripted servers, and an account of what was called back. Knows nothing of what is answered. */
#ifndef TDRT_ASYNC_DIAL_H
#define TDRT_ASYNC_DIAL_H

#include "dial.h"

#ifndef TDREST_NO_ASYNC

/* What became of one request. */
typedef struct tdrt_job {
    tdrest_request *request;
    int ends;             /* end callbacks */
    int blocks;           /* rows callbacks */
    int64_t rows;         /* rows read in them */
    int64_t sum;          /* of their first column */
    int64_t affected;
    int64_t ended_ms;     /* when the end came */
    tdrest_error err;
} tdrt_job;

/* Callbacks whose `user` is a tdrt_job: they count and add up. */
extern const tdrest_async_callbacks tdrt_job_callbacks;

/* An object by the DSN of tdrt_dial_dsn. The test ends when none can be made. */
tdrest_async *tdrt_async_dial(int port, const char *parameters);
/* Starts a server with that handler, and an object for it. */
tdrest_async *tdrt_async_dial_new(tdrt_server *server, tdrt_handler *handler, const char *parameters);
/* Starts a request that must start. */
void tdrt_async_query(tdrest_async *async, const char *sql, const tdrest_call *call, tdrt_job *job);
void tdrt_async_exec(tdrest_async *async, const char *sql, const tdrest_call *call, tdrt_job *job);
/* Runs until all have ended; not for ever. */
void tdrt_async_finish(tdrest_async *async);

#endif
#endif
