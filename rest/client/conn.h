/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a connection holds, for the files of this layer. */
#ifndef TDRI_CONN_H
#define TDRI_CONN_H

#include "client/attempt.h"
#include "net/exchange.h"
#include "config/options.h"
#include "config/zones.h"
#include "error/outcome.h"
#include "request/request.h"

struct tdrest_conn {
    tdrest_allocator mem;
    tdrest_options *options;   /* a copy; `local` is resolved in it */
    tdri_loop *loop;
    int borrows;               /* the two are somebody else's */
    tdri_exchange *exchange;
    tdri_request request;
    tdri_zone zone;            /* that of the request, as far as zone files tell it */
    char zone_name[TDRI_ZONE_NAME]; /* whose `zone` is; "": none was looked up yet */
    tdri_buf sql;              /* the statement as sent */
    tdri_buf body;             /* what tdrest_write sends when that does not stand so in the data */
    tdri_buf answer;           /* the answer to it, unless it succeeds */
    tdrest_written written;
    tdri_hosts *hosts;         /* shared with others of the same options object */
    size_t host;               /* the one that the connection is at */
    tdri_attempts *attempts;   /* of the request */
    tdri_attempts own_attempts; /* those of requests that are not waited for elsewhere */
    tdrest_result *open;       /* the result whose stream is running */
    tdrest_stmt *stmts;        /* made on it, the last one first */
    uint64_t last_req_id;
    int last_failure;          /* the code with which the last exchange failed; 0: it did not */
    struct tdri_lease *lease;  /* its place in a pool that handed it out; NULL: none did */
    tdrest_error err;
};

/* tdrest_conn_new, but the options are only read, their hosts are given, and the record of a failure is err. */
int tdri_conn_make(const tdrest_options *options, tdri_hosts *hosts, tdrest_conn **out, tdrest_error *err);
/* One of many on a loop: loop and options, which have been checked and name no zone `local`, are borrowed until it is freed. */
int tdri_conn_make_lane(tdrest_options *options, tdri_hosts *hosts, tdri_loop *loop, tdrest_conn **out, tdrest_error *err);

/* A copy of the options for connections, checked, with `local` resolved. TDREST_OK, TDREST_EOPTION or TDREST_ENOMEM in err; *out may be made then, too. */
int tdri_conn_copy_options(const tdrest_options *options, tdrest_options **out, tdrest_error *err);

/* tdri_exchange_is_stale of its exchange. */
int tdri_conn_is_stale(const tdrest_conn *conn);

/* Ends what the connection was used for: an open result and statements are detached as by tdrest_conn_free; of the answer some more may be read. */
void tdri_conn_settle(tdrest_conn *conn);

/* Gives the place of a connection that its holder freed back to the pool. */
void tdri_pool_give_up(struct tdri_lease *lease);

/* The option `timezone` as it is, with `local` resolved. TDREST_OK, or TDREST_EOPTION or TDREST_ENOMEM in err. */
int tdri_conn_resolve_zone(tdrest_options *options, tdrest_error *err);

/* A new request id: positive, 63 bits. */
int64_t tdri_conn_next_req_id(tdrest_conn *conn);

/* Parts the statements made on conn from it. */
void tdri_stmt_detach(tdrest_conn *conn);

/* Tells the listener, when there is one and log_level lets it through. */
void tdri_conn_log(const tdrest_conn *conn, int level, const char *format, ...) TDRI_PRINTF(3, 4);

/* Adds what the connection knows of the exchange that failed to a record that holds an error, its attempts, and the judgement on it. Remembers its code. */
void tdri_conn_stamp(tdrest_conn *conn, tdrest_error *err);
/* The same for the error in conn's own record of a request that was never sent. Returns its code. */
int tdri_conn_unsent(tdrest_conn *conn);

#endif
