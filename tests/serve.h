/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A scripted HTTP server in a child process, on a free port of 127.0.0.1, for one test. */
#ifndef TDRT_SERVE_H
#define TDRT_SERVE_H

#include <stddef.h>
#include <sys/types.h>

/* What is answered to a statement. */
typedef struct tdrt_reply {
    const char *sql;   /* a part of the request's body; the first reply that fits is given */
    int status;
    const char *type;  /* Content-Type; NULL: none */
    const char *body;
    int chunked;       /* bytes of each chunk; 0: Content-Length instead */
    int cut;           /* close after this many bytes of the body; -1: do not */
    int pause_ms;      /* before the last chunk */
} tdrt_reply;

/* Starts the server; its process, or -1. */
pid_t tdrt_serve_start(const tdrt_reply *replies, size_t count, int *port);
void tdrt_serve_stop(pid_t server);

#endif
