/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A server that answers from a table, and a connection to it: each suite that includes this has its own. */
#ifndef TDRT_REPLIED_H
#define TDRT_REPLIED_H

#include "dial.h"

static pid_t server;
static tdrest_conn *conn;

static inline void connect_to(const tdrt_reply *replies, size_t count, const char *parameters)
{
    char dsn[256], why[512];
    int port, rc;

    server = tdrt_serve_start(replies, count, &port);
    tdrt_dial_dsn(port, parameters, dsn, sizeof dsn);
    rc = tdrest_open(dsn, &conn, why, sizeof why);
    CHECK(rc == TDREST_OK, "%s", why);
}

static inline void finish(void)
{
    tdrest_conn_free(conn);
    tdrt_serve_stop(server);
}

static inline tdrest_result *query(const char *sql)
{
    tdrest_result *res;
    int rc = tdrest_query(conn, sql, TDREST_CSTR, NULL, &res);

    CHECK(rc == TDREST_OK, "%s: %s", sql, tdrest_conn_error(conn)->message);
    return res;
}

#endif
