/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A server and a connection to it: each suite that includes this has its own. */
#ifndef TDRT_DIALED_H
#define TDRT_DIALED_H

#include "dial.h"

static tdrt_server server;
static tdrest_conn *conn;

static inline void finish(void)
{
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

/* How many connections the server has seen. */
static inline int connections(void)
{
    return atomic_load(&server.counts->connections);
}

#endif
