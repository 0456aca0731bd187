/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* HTTP: routes, parameters, logins, headers, bodies, faults. Of the engine it knows request.h alone. */
#ifndef SBX_HTTP_H
#define SBX_HTTP_H

#include "../base/request.h"
#include "listen.h"

typedef struct sbx_settings {
    int ports[SBX_MAX_PORTS]; /* 0: any free one */
    size_t port_count;
    const char *data;     /* a file, or ":memory:" */
    const char *user;
    const char *password;
    int quiet;            /* no line for each request */
    int faults;           /* X-Sandbox-Fault is heeded */
} sbx_settings;

typedef struct sbx_server sbx_server;

/* Listens on 127.0.0.1; NULL and why when it cannot. A port 0 is replaced by the one that was free. */
sbx_server *sbx_server_start(sbx_settings *settings, sbx_store *store, sbx_buf *why);
/* Answers what has been asked, then ends. */
void sbx_server_stop(sbx_server *server);

#endif
