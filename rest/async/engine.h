/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What an async object and its requests hold, for the files of this room.
 *
 *            start                turn                 sent            answer
 *     ─► IN_LINE ─────► (lane, host) ───────► RUNNING ───────► end callback
 *           ▲                │ no host yet       │ failed
 *           └──── PARKED ◄───┴───────────────────┘
 *
 * A lane is a connection on the shared loop; there are max_per_host of them for each host. All of this runs outside of libcurl's callbacks.
 */
#ifndef TDRI_ENGINE_H
#define TDRI_ENGINE_H

#include "async/async.h"
#include "async/heap.h"
#include "async/sockets.h"
#include "client/result.h"
#include "client/stmt.h"
#include "client/write.h"

#include <pthread.h>

enum tdri_job_state { TDRI_IN_LINE, TDRI_PARKED, TDRI_RUNNING };

enum tdri_job_kind {
    TDRI_JOB_COUNT, /* of the rows of a query, which it is next */
    TDRI_JOB_QUERY,
    TDRI_JOB_EXEC,
    TDRI_JOB_WRITE,
    TDRI_JOB_STMT,
    TDRI_JOB_PROBE
};

/* What a request has from its first turn on. */
typedef struct tdri_trial {
    struct tdri_trial *next; /* among those that are kept for later */
    tdri_attempts attempts;
    tdrest_error err;        /* of the attempt that failed last; code 0: none has */
    int begun;               /* the attempts at what is at hand */
    tdrest_result result;    /* while the request has one */
} tdri_trial;

/* A run of a statement's rows. */
typedef struct tdri_rows_run {
    tdrest_stmt *stmt;       /* NULL: it was freed */
    tdri_stmt_sending sending;
    tdri_buf sql;            /* the request at hand */
} tdri_rows_run;

typedef struct tdri_lane {
    tdrest_conn *conn;
    tdrest_request *request; /* NULL: it is free */
    struct tdri_lane *next;  /* free, of the same seat */
    size_t seat;             /* the host it is for while that is healthy */
    size_t host;             /* where its request runs */
} tdri_lane;

struct tdrest_request {
    tdrest_async *async;
    tdrest_request *older, *newer; /* of all */
    tdrest_request *before, *behind; /* in its line */
    struct tdri_line *line;        /* NULL: in none */
    tdri_due due;
    enum tdri_job_state state;
    enum tdri_job_kind kind;
    int cancelled;
    int paused;
    tdrest_async_callbacks on;
    tdri_async_done *done;         /* instead of them; NULL: they are called */
    void *user;
    tdrest_call settings;          /* req_id is set; its texts are the request's */
    int64_t deadline_ms;           /* 0: none */
    int64_t wake_ms;               /* while it is parked */
    const char *bytes;             /* the statement as it is sent */
    size_t len;
    enum tdri_sql_verb verb;
    size_t query_at, query_len;    /* TDRI_JOB_COUNT: the query within `bytes` */
    int64_t expected_rows;         /* TDRI_JOB_QUERY: as counted; 0: not counted, or none */
    tdri_writing writing;          /* TDRI_JOB_WRITE */
    tdrest_written written;
    tdri_rows_run *rows_run;       /* TDRI_JOB_STMT */
    int is_done;                   /* there is nothing to send */
    tdri_trial *trial;             /* NULL: it has had no turn yet */
    tdri_lane *lane;               /* while it runs */
    tdrest_result *res;            /* the answer, while it comes and in the end callback */
    int is_ending;                 /* in its end callback */
};

typedef struct tdri_line {
    tdrest_request *first, *last;
} tdri_line;

/* What is known of a host here; whether it serves is for client/hosts to say. */
typedef struct tdri_site {
    size_t running;       /* without probes */
    tdri_lane *free;
    size_t lanes;
    tdri_lane *looks_up;  /* the one that looks its name up for all; NULL: none */
    int64_t known_until_ms; /* libcurl knows its address */
} tdri_site;

struct tdrest_async {
    tdrest_allocator mem;
    tdrest_options *options;
    tdri_hosts *hosts;
    tdri_loop *loop;
    tdri_sockets sockets;
    tdri_heap heap;
    tdrest_async_hooks hooks;
    void *hooks_context;
    int64_t told_ms;               /* the moment that the timer hook was told; INT64_MAX: none */
    int64_t alarm_ms;              /* of tdri_async_set_alarm; 0: none */
    size_t per_host;
    size_t host_count;
    tdri_site *sites;
    tdri_line fresh;               /* requests that have had no turn yet */
    tdri_line again;               /* those that have; they go first */
    int lines_changed;             /* a request or a lane has come since the lines were looked at */
    tdrest_request *newest, *oldest; /* of all requests */
    int64_t kicked_ms;             /* when libcurl was called last without an event */
    size_t count;                  /* without probes */
    size_t running;
    int64_t ends;                  /* how many have ended so far */
    tdri_trial *trials;            /* kept for later */
    size_t trial_count;
    tdri_buf scratch;              /* a statement while it is prepared */
    uint64_t last_req_id;
    pthread_t thread;
    int has_thread;
    int started;                   /* a request was */
    int depth;                     /* of public functions that call back */
    int freed;                     /* tdrest_async_free was called */
    tdrest_error err;
};

/* ---- engine.c ---- */

/* Begins a public function: the record anew. TDREST_OK, or TDREST_EUSAGE: another thread, or it is being freed. */
int tdri_async_enter(tdrest_async *async);
/* Whether it is the object's thread that asks; the first one that does is. */
int tdri_async_is_ours(tdrest_async *async);
/* Before the first request. TDREST_OK or TDREST_ENOMEM in err. */
int tdri_async_start_loop(tdrest_async *async, tdrest_error *err);
/* Calls the timer hook, when there is one and it does not know yet. */
void tdri_async_tell_timer(tdrest_async *async);

/* ---- start.c ---- */

/* A request with room for `extra` bytes behind it, among all of them, but in no line. NULL: out of memory. */
tdrest_request *tdri_job_make(tdrest_async *async, enum tdri_job_kind kind, size_t extra);
void tdri_job_destroy(tdrest_request *request);

/* What a start was given, checked, before the request is there. */
typedef struct tdri_order {
    tdrest_call settings;
    tdrest_async_callbacks on;
    tdri_async_done *done;
    void *user;
} tdri_order;

/* Checks a call of the user's; `writes`: settings for schemaless data are allowed. TDREST_OK, or the code with the record in async. */
int tdri_order_begin(tdrest_async *async, const tdrest_call *call, int writes, const tdrest_async_callbacks *callbacks, void *user, tdri_order *order);
/* The request with its copies of settings and, of the statement or the data, `copied` bytes. NULL: out of memory, as the record in async says. */
tdrest_request *tdri_order_make(tdrest_async *async, enum tdri_job_kind kind, const tdri_order *order, const char *bytes, size_t copied);
/* A statement as it is sent, which stands in async->scratch. */
int tdri_order_sql(tdrest_async *async, enum tdri_job_kind kind, enum tdri_sql_verb verb, const tdri_order *order, tdrest_request **out);
/* It is looked at in the next round, and not sent before. */
void tdri_job_make_due(tdrest_request *request);
/* It is in line from now on. TDREST_OK. */
int tdri_order_line_up(tdrest_request *request, tdrest_request **out);

/* ---- statement.c ---- */

/* The request at hand is done, with an answer that is in r->res. 1: there is another one, which is in line. 0: the run is over. */
int tdri_rows_run_go_on(tdrest_request *request);
/* The run is over: the statement is its owner's again. err: the record of a failure, which then names request and row; NULL: none. */
void tdri_rows_run_end(tdrest_request *request, tdrest_error *err);
void tdri_rows_run_free(tdrest_request *request);

/* ---- line.c ---- */

void tdri_line_append(tdri_line *line, tdrest_request *request);
/* Out of whichever line it is in. */
void tdri_line_leave(tdrest_request *request);

/* ---- lane.c ---- */

/* Sends requests that are in line, as far as there are lanes and hosts. */
void tdri_async_dispatch(tdrest_async *async);
/* The request's lane is free again. */
void tdri_lane_release(tdrest_request *request);
void tdri_lane_note_lookup(tdri_lane *lane);
void tdri_async_free_lanes(tdrest_async *async);

/* ---- probe.c ---- */

/* Asks a host that is due, when there is one, whether it serves again. */
void tdri_async_probe(tdrest_async *async);
/* Takes what events have brought. */
void tdri_probe_advance(tdrest_request *probe);
/* It is over, without an answer unless `served`. */
void tdri_probe_end(tdrest_request *probe, int served, const tdrest_error *err);

/* How a request of ours is launched: lane and host are chosen. */
void tdri_lane_launch(tdrest_request *request, tdri_lane *lane);
/* What it has from its first turn on. 0: out of memory. */
int tdri_job_take_trial(tdrest_request *request);
/* A lane that is free, or NULL. */
tdri_lane *tdri_lane_take(tdrest_async *async, size_t seat, tdrest_error *err);

/* ---- job.c ---- */

/* The bytes of the request at hand go to the lane's connection. TDREST_OK, or the code with the record in conn. */
int tdri_job_build(tdrest_request *request, tdrest_conn *conn);
/* Takes what events have brought, hands rows out, and ends the request or its attempt when that is over. */
void tdri_job_advance(tdrest_request *request);
/* The request at hand succeeded, and another one of the same start follows: in line, with attempts of its own. */
void tdri_job_go_on(tdrest_request *request);
/* The attempt failed, with the stamped record in err: it is sent again, or ends. */
void tdri_job_fail(tdrest_request *request, const tdrest_error *err);

/* ---- end.c ---- */

/* The request has ended: its end callback is called, and it is freed. err NULL: it succeeded. */
void tdri_job_end(tdrest_request *request, const tdrest_error *err);
/* It ends without an answer to its last attempt: cancelled, out of time or memory. */
void tdri_job_end_unsent(tdrest_request *request, int code, const char *message);
/* It was cancelled. */
void tdri_job_cancel(tdrest_request *request);
/* Frees the answer. */
void tdri_job_drop_result(tdrest_request *request);
/* Its attempts are over: the last failure stands. */
void tdri_job_end_failed(tdrest_request *request);

/* ---- run.c ---- */

/* Waits, outside of its line, until that moment or its deadline. */
void tdri_job_park(tdrest_request *request, int64_t wake_ms);
/* Back in line, before those that have had no turn. */
void tdri_job_line_up(tdrest_request *request);

/* Sets when the request is looked at again. */
void tdri_job_set_due(tdrest_request *request, int64_t at_ms);
/* All that can be done now. TDREST_OK or TDREST_ENOMEM. */
int tdri_async_round(tdrest_async *async);
/* Ends every request, and frees. */
void tdri_async_destroy(tdrest_async *async);

#endif
