/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A server, a connection to it and a statement of that, for a suite of statements: each suite that includes this has its own. */
#ifndef TDRT_STATED_H
#define TDRT_STATED_H

#include "dial.h"

static tdrt_server server;
static tdrest_conn *conn;
static tdrest_stmt *stmt;

/* Another statement in place of the one before. */
static inline void prepare(const char *sql)
{
    tdrest_stmt_free(stmt);
    CHECK(tdrest_stmt_new(conn, sql, TDREST_CSTR, &stmt) == TDREST_OK, "%.80s: %s", sql, tdrest_conn_error(conn)->message);
    CU_ASSERT_FATAL(stmt != NULL);
}

static inline void begin_stmt(tdrt_handler *handler, const char *parameters, const char *sql)
{
    conn = tdrt_dial_new(&server, handler, parameters);
    stmt = NULL;
    prepare(sql);
}

static inline void finish(void)
{
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

static inline void good(int rc)
{
    CHECK(rc == TDREST_OK, "%d: %s", rc, tdrest_stmt_error(stmt)->message);
}

/* The call failed, and its record has that code, column and row, and a word in its message. */
static inline void bad_at(int rc, int code, int column, int64_t row, const char *part)
{
    const tdrest_error *e = tdrest_stmt_error(stmt);

    CHECK(rc == code && e->code == code && e->column == column && e->row == row && strstr(e->message, part) != NULL,
          "%d, column %d, row %" PRId64 ": %s", rc, e->column, e->row, e->message);
}

#endif
