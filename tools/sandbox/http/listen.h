/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The addresses of a sandbox, as those of a cluster: several ports of 127.0.0.1, each of which can stop taking connections, hang, or die
 * and come back. Knows sockets alone, nothing of HTTP. One thread takes the connections of all of them.
 */
#ifndef SBX_LISTEN_H
#define SBX_LISTEN_H

#include "../base/memory.h"

#include <sys/socket.h>

enum { SBX_MAX_PORTS = 8 };

typedef enum sbx_manner {
    SBX_SERVES,
    SBX_REFUSES, /* new connections are refused; open ones go on */
    SBX_HANGS,   /* connections are taken and requests read; nothing is said */
    SBX_KILLED   /* new connections are refused, open ones are broken */
} sbx_manner;

typedef struct sbx_listen sbx_listen;
typedef struct sbx_open sbx_open; /* an open connection */

/* ports: 0 takes a free one, and the number replaces it. NULL and why when one of them cannot be listened on. */
sbx_listen *sbx_listen_new(int *ports, size_t count, sbx_buf *why);
/* From here on each new connection goes to take, which owns it. 0: no thread. */
int sbx_listen_start(sbx_listen *listen, void (*take)(void *context, int fd, const struct sockaddr *from, socklen_t len), void *context);
/* Takes no more connections, and none hangs; what is open stays so. */
void sbx_listen_stop(sbx_listen *listen);
/* After its last connection was closed. */
void sbx_listen_free(sbx_listen *listen);

/* How the address is from here on, for so many milliseconds (0: until it is told otherwise). 0: there is no such address. */
int sbx_listen_set(sbx_listen *listen, int port, sbx_manner manner, int ms);

sbx_open *sbx_open_add(sbx_listen *listen, int fd);
/* Waits as long as the connection's address hangs. */
void sbx_open_wait(sbx_open *open);
void sbx_open_remove(sbx_open *open);

#endif
