/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The client's side of tests over the scripted server: connections, whole results, time. Knows nothing of what is answered. */
#ifndef TDRT_DIAL_H
#define TDRT_DIAL_H

#include "serve.h"
#include "test.h"

/* Sanitizers and emulators take their time: limits of ours on how long something may take are longer with them, those of the library are not. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(TDRT_EMULATED)
enum { TDRT_SLOW = 4 };
#else
enum { TDRT_SLOW = 1 };
#endif
/* Upper limits on how long something may take are multiplied by this: machines are shared, and a limit is there to tell at once from never. */
enum { TDRT_SLACK = 4 * TDRT_SLOW };

/* An answer with one column of INTs, and one to INSERT. */
#define TDRT_START "{\"code\":0,\"column_meta\":[[\"c\",\"INT\",4]],\"data\":["
#define TDRT_INTS(rows) TDRT_START rows "]"
#define TDRT_THREE TDRT_INTS("[1],[2],[3]") ",\"rows\":3}"
#define TDRT_READY TDRT_INTS("[1]") ",\"rows\":1}" /* to server_status() */
#define TDRT_INSERTED "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[[1]],\"rows\":1}"

int64_t tdrt_now_ms(void);

/* The DSN of the database test at that port. Parameters begin with '?', or are ""; without `retry` among them it is `never`: most tests look at one failure. */
void tdrt_dial_dsn(int port, const char *parameters, char *dsn, size_t cap);
/* A connection to the server, by that DSN. The test ends when none can be made, or a statement that must succeed fails. */
tdrest_conn *tdrt_dial(const tdrt_server *server, const char *parameters);
/* A pool whose connections go to the server. */
tdrest_pool *tdrt_dial_pool(const tdrt_server *server, const char *parameters);
/* Starts a server with that handler, or the test ends. */
void tdrt_dial_serve(tdrt_server *server, tdrt_handler *handler);
/* Starts a server with that handler and dials it; tdrest_conn_free and tdrt_server_stop end both. */
tdrest_conn *tdrt_dial_new(tdrt_server *server, tdrt_handler *handler, const char *parameters);
tdrest_result *tdrt_dial_query(tdrest_conn *conn, const char *sql, const tdrest_call *call);

/* A connection to two servers as the hosts of one DSN, and options of it. */
tdrest_options *tdrt_dial_options_of(const tdrt_server *a, const tdrt_server *b, const char *parameters);
tdrest_conn *tdrt_dial_both(const tdrt_server *a, const tdrt_server *b, const char *parameters);

/* Reads to the end: TDREST_DONE or an error. */
int tdrt_dial_read(tdrest_result *res, int64_t *rows);

/* A whole statement: TDREST_DONE or an error, whose record is copied. */
int tdrt_dial_ask(tdrest_conn *conn, const char *sql, const tdrest_call *call, int64_t *rows, tdrest_error *err);

/* That the connection still works, whatever its limits on time: `select three` is answered with TDRT_THREE. */
void tdrt_dial_three(tdrest_conn *conn);

/* ---- waiting for what a test needs, however slow the machine is ---- */

/* Until so many connections of this process to the server have something to be read: bytes, their end, or a reset. The test fails after a minute. */
void tdrt_await_input(const tdrt_server *server, int connections);

/* Who calls; and until that thread of this process waits for something that does not come. Where there is no /proc, for a while. */
long tdrt_thread_id(void);
void tdrt_await_asleep(long thread);

/* For handlers: the statement begins with that text; TDRT_THREE as the answer. */
int tdrt_starts(const tdrt_visit *visit, const char *with);
int tdrt_send_three(const tdrt_visit *visit);
/* A handler: every host is ready, and has TDRT_THREE. */
int tdrt_send_ready(const tdrt_visit *visit);

#endif
