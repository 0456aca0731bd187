/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a writer holds, for the files of this room. */
#ifndef TDRI_WRITER_STATE_H
#define TDRI_WRITER_STATE_H

#include "async/async.h"
#include "client/stmt.h"
#include "writer/batch.h"
#include "async/halving.h"

#include <pthread.h>

/* A batch from the moment it is taken until all of its rows have their fate. */
typedef struct tdri_flight {
    struct tdri_flight *next;
    tdrest_allocator mem;
    tdrest_writer *writer;   /* NULL: it is gone, and what is left here goes with the request */
    tdri_batch batch;
    tdri_halving halving;
    tdrest_request *request; /* NULL: none runs */
    tdri_buf orphan;         /* without a writer: the bytes of the request */
} tdri_flight;

struct tdrest_writer {
    tdrest_allocator mem;
    tdrest_conn *conn;             /* of the statement */
    tdrest_stmt *stmt;             /* NULL: lines */
    tdrest_async *async;
    int owns_async;
    tdrest_writer_options settings; /* what is 0 there has its value here */
    tdrest_call call;
    char *call_texts[3];
    pthread_t thread;
    tdri_lanes lanes;
    tdri_buf head;                 /* INSERT INTO with the clause of the table at hand; empty: to be made */
    tdri_lane *lane;               /* of that table, as long as the epoch is the same */
    uint64_t epoch;
    tdri_buf line;                 /* the one that is being added */
    int line_is_used;
    int64_t worked_ms;             /* when an add last did what was due, */
    size_t unworked;               /* and bytes of rows since then */
    tdri_flight *flights;          /* the oldest first */
    size_t flight_count;
    struct tdri_stow *stow;        /* NULL: no spool */
    tdri_streak streak;            /* that the last batch left, */
    uint64_t streak_table;         /* and the table it ended with */
    tdrest_writer_counts counts;
    int64_t flush_target, flush_left; /* rows below that number are waited for; so many of them are pending */
    int64_t forgiven;              /* refused and unknown rows that no longer count */
    tdrest_error failure;          /* the first since then */
    int needs_room;                /* rows are sent although more would fit in */
    int is_closed;                 /* 1: nothing is added; */
    int gives_up;                  /* nothing is sent either */
    int depth;                     /* calls that run */
    int in_callback;
    int is_doomed;                 /* to be freed when the last of them ends */
    tdrest_error err;
};

/*
 * Begins a call: TDREST_OK; TDREST_EUSAGE when it is another thread's, which changes nothing, or, unless `anywhere`, within a callback. After TDREST_OK,
 * tdri_writer_leave is due, which returns rc. A call that did not fail leaves no record of one within it that did.
 */
int tdri_writer_enter(tdrest_writer *w, int anywhere);
int tdri_writer_leave(tdrest_writer *w, int rc);
/* The end of what came from the loop, which has raised the depth. */
void tdri_writer_leave_event(tdrest_writer *w);

/* send.c: starts the requests that are due. TDREST_OK, or TDREST_ENOMEM in the record: the rows stay where they are. */
int tdri_send_due(tdrest_writer *w);
/* The same when something has come, unless the writer gives up. What fails for want of memory is due again with the next call, and has no record. */
void tdri_send_more(tdrest_writer *w);

/* Frees everything; nothing runs. */
void tdri_writer_destroy(tdrest_writer *w);

#endif
