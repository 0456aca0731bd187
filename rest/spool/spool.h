/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Batches on disk until they are delivered: what a writer sees of a spool. Records come out in the order in which they went in, also those of
 * earlier runs; a delivered one may come once more after a crash. Knows no requests. The files: docs/SPOOL.md.
 *
 * A writer with a spool goes like this:
 *
 *     open      whatever is there from earlier runs is next in line
 *     append    a closed batch; then its own copy can go, the record is read back when its turn comes
 *     sync      after the batches that are closed by now: one sync for all; batches up to `stored` are durable
 *     next      the batch to send
 *     delivered or reject     what became of it. Any other failure: back off, then `next` once more
 *     close
 *
 * Every function but tdri_spool_close is refused with TDREST_EUSAGE in a process that was forked from the one that opened it.
 */
#ifndef TDRI_SPOOL_H
#define TDRI_SPOOL_H

#include "base/clock.h"
#include "error/record.h"
#include "spool/files.h"
#include "spool/names.h"
#include "spool/record.h"

typedef struct tdri_spool tdri_spool;

enum tdri_spool_sync { TDRI_SPOOL_SYNC_BATCH, TDRI_SPOOL_SYNC_INTERVAL, TDRI_SPOOL_SYNC_NEVER };

/* What happened to files, to be told to people. */
enum tdri_spool_event_kind {
    TDRI_SPOOL_EVENT_TORN = 1,  /* a write that did not get that far was cut off the last file: it was not stored */
    TDRI_SPOOL_EVENT_DAMAGED,   /* bytes that are no record were skipped; the file will be kept as damaged.* */
    TDRI_SPOOL_EVENT_NEWER,     /* a file of a newer version is left as it is */
    TDRI_SPOOL_EVENT_DROPPED,   /* the oldest file went, to make room */
    TDRI_SPOOL_EVENT_SYNC,      /* a sync failed: its file was given up, its batches go to a new one */
    TDRI_SPOOL_EVENT_STUCK      /* a delivered file cannot be removed now; it is tried again */
};

typedef struct tdri_spool_event {
    enum tdri_spool_event_kind kind;
    const char *file;  /* its name in the directory */
    uint64_t from, len; /* bytes of it */
    int64_t records, rows; /* dropped with it; -1: not known */
    int error;         /* errno; 0: none */
} tdri_spool_event;

typedef struct tdri_spool_config {
    const char *dir; /* made when it is not there, its parent is */
    enum tdri_spool_sync sync;
    int64_t interval_ms;  /* of TDRI_SPOOL_SYNC_INTERVAL */
    int64_t max_bytes;    /* of all files, in whole blocks of 4 KiB; 0: no limit */
    int drop_oldest;      /* what gives way at the limit: the oldest, or the new batch */
    size_t segment_bytes; /* a file is closed when the next record would make it larger; 0: 1 MiB. At most a quarter of max_bytes */
    const tdri_clock *clock; /* NULL: the system's */
    const tdri_files *files; /* NULL: the system's */
    void (*report)(void *context, const tdri_spool_event *event); /* may be NULL; must not call the spool */
    void *context;
} tdri_spool_config;

/*
 * Opens the directory and locks it. TDREST_OK; TDREST_EOPTION in err when the directory cannot be used or another holds it, TDREST_ENOMEM.
 * Damaged files are no error.
 */
int tdri_spool_open(tdri_spool **out, const tdri_spool_config *config, const tdrest_allocator *mem, tdrest_error *err);

/*
 * Writes one batch; the record's own number does not count. TDREST_OK: *number is its number, larger than all before. TDREST_FULL: it does not fit below
 * max_bytes. TDREST_ESPOOL: the disk is full, read-only or broken; TDREST_ERANGE: too long; TDREST_ENOMEM. Only with TDREST_OK it is in the spool.
 */
int tdri_spool_append(tdri_spool *spool, const tdri_spool_record *record, uint64_t *number, tdrest_error *err);

/* Syncs when the policy wants it now. TDREST_OK, TDREST_ESPOOL or TDREST_ENOMEM: it is tried again by the next call; nothing is lost in memory. */
int tdri_spool_sync(tdri_spool *spool, tdrest_error *err);
/* Milliseconds until tdri_spool_sync has something to do; -1: nothing. */
int64_t tdri_spool_wait(const tdri_spool *spool);
/* Numbers of this run are at least that. */
uint64_t tdri_spool_first(const tdri_spool *spool);
/* Every record that was appended since opening, with a number up to this one, survives a power cut. Never moves with TDRI_SPOOL_SYNC_NEVER. */
uint64_t tdri_spool_stored(const tdri_spool *spool);

/*
 * The oldest record behind `after` that is still to be delivered; after 0: behind none. Those of this run come once they are stored. TDREST_ROW: its texts are valid until the next call with this spool.
 * TDREST_DONE: none now. Those of the next file come once all of this file are delivered or rejected, so the caller may have several out, each with its
 * number, and yet files are forgotten in order. TDREST_ESPOOL (out of descriptors), TDREST_ENOMEM: try again later.
 */
int tdri_spool_next(tdri_spool *spool, uint64_t after, tdri_spool_record *out, tdrest_error *err);

/* It need not be kept any more. Writes nothing. Numbers that are not out are ignored: their file may have been dropped. */
int tdri_spool_delivered(tdri_spool *spool, uint64_t number, tdrest_error *err);

/* Rows of a record that the server refuses, as a batch of their own. */
typedef struct tdri_spool_refused {
    int64_t rows;
    int64_t code;
    tdri_spool_text reason, body;
} tdri_spool_refused;

/*
 * The server refuses some of its rows, at least one, and all others are delivered: these go to a rejected.* file, a record for each code and reason, or its whole file does
 * when that cannot be written. TDREST_ENOMEM: they are still to be delivered.
 */
int tdri_spool_reject(tdri_spool *spool, uint64_t number, const tdri_spool_refused *refused, size_t count, tdrest_error *err);

typedef struct tdri_spool_counts {
    int64_t bytes;    /* of all files, in whole blocks */
    int64_t segments; /* with records to deliver, or that could not be removed yet */
    int64_t unstored; /* records appended, but not yet durable */
    int64_t syncs, written_bytes; /* since opening */
} tdri_spool_counts;

void tdri_spool_count(const tdri_spool *spool, tdri_spool_counts *out);

/* Syncs unless the policy is never, removes the file when all of it was delivered, frees. NULL is fine. TDREST_ESPOOL: the last batches are not durable. */
int tdri_spool_close(tdri_spool *spool, tdrest_error *err);

/* ---- looking in, beside a running writer, without a lock ---- */

typedef struct tdri_spool_item {
    enum tdri_spool_file_kind kind;
    const char *file;
    int newer;                    /* a version that this library does not know: nothing else is told */
    tdri_spool_piece piece;       /* one of its records, or damage; TDRI_SPOOL_END once for a file without any */
} tdri_spool_item;

/* Calls take for all that is in the files, oldest first, rejected and damaged ones first; ends with what it answers when that is not 0. */
int tdri_spool_walk(const char *dir, const tdri_files *files, const tdrest_allocator *mem, int (*take)(void *context, const tdri_spool_item *item),
                    void *context, tdrest_error *err);

/* Names of files, those that are kept before those that are to be sent, each kind by number. Begins zeroed; `at` is freed by its owner. */
typedef struct tdri_spool_names {
    tdri_spool_name *at;
    size_t count, cap;
} tdri_spool_names;

/* Reads them anew. 0 or -errno. */
int tdri_spool_names_list(tdri_spool_names *names, const tdri_files *files, const char *dir, const tdrest_allocator *mem);

#endif
