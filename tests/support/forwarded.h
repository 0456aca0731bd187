/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A spool over a disk in memory whose batches go to the scripted server, for tests of what is delivered. */
#ifndef TDRT_FORWARDED_H
#define TDRT_FORWARDED_H

#include "async_dial.h"
#include "memory_disk.h"
#include "spool/forward.h"

/* Of the one that is tested. */
extern struct tdrt_forwarded {
    tdrt_server server;
    tdrest_async *async;
    tdri_forward *forward;
    tdrt_disk *disk;
    tdri_files files;
    char told[65536]; /* what the test makes of the ends; held: the code of the last failure that kept the spool, */
    char held[256];
    int helds;        /* and how many were told */
    uint64_t stored;
    int64_t skipped;  /* milliseconds that its clock is ahead of the system's */
} tdrt_forwarded;

typedef void tdrt_forward_end(void *context, const tdri_spool_record *record, int of_this_run, const tdrest_error *err);

/* A server and a disk; then a spool on it, which may be closed and opened again. It waits 1 to 8 ms after a failure, or as said. */
void tdrt_forward_begin(tdrt_handler *handler);
void tdrt_forward_open(enum tdri_spool_sync sync, tdrt_forward_end *end, const tdrest_allocator *mem);
void tdrt_forward_open_slow(enum tdri_spool_sync sync, tdrt_forward_end *end, int64_t interval_ms, int64_t backoff_ms, int64_t backoff_max_ms);
void tdrt_forward_close(void);
/* Closes all of it. */
void tdrt_forward_finish(void);

/* Runs the request that is in flight. */
void tdrt_forward_run(void);
/* Works until the condition holds; NULL: until it is idle. */
void tdrt_forward_work_until(int (*done)(void));

int tdrt_count_lines(const char *text);

#endif
