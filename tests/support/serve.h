/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A scripted HTTP server in a child process, on a free port of 127.0.0.1, for
 * one test. It answers from a table, or from code that runs in the child and
 * may do anything to the socket. Knows nothing of the library.
 */
#ifndef TDRT_SERVE_H
#define TDRT_SERVE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TDRT_HEAD_CHUNKED "HTTP/1.1 200 OK\r\n" TDRT_JSON "Transfer-Encoding: chunked\r\n\r\n"
#define TDRT_JSON "Content-Type: application/json; charset=utf-8\r\n"

/* ---- a table ---- */

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

/* ---- code ---- */

/* Seen by the server's processes and by the test. */
typedef struct tdrt_counts {
    atomic_int connections; /* TCP connections accepted */
    atomic_llong written;   /* bytes that could be written to sockets */
    atomic_int pauses;      /* begun within answers: all in front of them is written */
    atomic_int gate;        /* 1: open */
    atomic_int writing;     /* a process adds to arrived */
    atomic_size_t used;     /* bytes of it */
    char arrived[1 << 20];  /* the statements in order, one a line; long ones cut, later ones left out */
} tdrt_counts;

/* One request. */
typedef struct tdrt_visit {
    int fd;
    int request;         /* on this connection, from 1 */
    int connection;      /* of this server, from 1 */
    const char *head;    /* request line and headers */
    const char *sql;     /* the body, NUL-terminated */
    const void *context; /* of the server */
    tdrt_counts *counts;
} tdrt_visit;

/* Answers a request. 1: the connection stays open; 0: it is closed. */
typedef int tdrt_handler(const tdrt_visit *visit);

typedef struct tdrt_server {
    int serial;   /* 1: one connection after the other, quickly; 0: each in a process of its own */
    int deaf;     /* 1: connections are taken, and never read */
    int port;
    int listener; /* while nothing runs on it, its socket at that port; -1: none */
    int filler;   /* a connection that nobody accepts; -1: none */
    pid_t pid;    /* 0: not running */
    int alive;    /* a pipe that ends with the last of its processes; -1: not running */
    tdrt_counts *counts;
} tdrt_server;

#define TDRT_SERVER_INIT {0, 0, 0, -1, -1, 0, -1, NULL}

/* Listens on a free port and serves. 1 when it worked. */
int tdrt_server_start(tdrt_server *server, tdrt_handler *handler, const void *context);
void tdrt_server_stop(tdrt_server *server);
/* When it returns, nobody listens at the port, which stays the server's, and its connections have ended; tdrt_server_start brings it back, and it goes on counting. */
void tdrt_server_down(tdrt_server *server);

/* Listens, and sees to it that no further connection is answered until the server is started on it. 1 when it worked. */
int tdrt_server_block(tdrt_server *server);

/* Lets those of its processes go on that wait in tdrt_wait_for_gate, now and later. */
void tdrt_server_open_gate(const tdrt_server *server);

/* How often exactly that statement arrived. */
int tdrt_server_arrivals(const tdrt_server *server, const char *sql);

/* ---- what handlers do ---- */

/* How the body of an answer ends. */
enum {
    TDRT_WHOLE,  /* as it should */
    TDRT_ENDED,  /* after `cut` bytes, as if they were all */
    TDRT_CLOSED, /* after `cut` bytes the connection is closed */
    TDRT_RESET   /* after `cut` bytes it is reset */
};

typedef struct tdrt_answer {
    int status;         /* 0: 200 */
    const char *fields; /* header lines, each with its CRLF; NULL: the type of JSON */
    const char *body;
    size_t len;         /* 0: it is a text */
    size_t chunk;       /* bytes of each chunk; 0: Content-Length instead */
    size_t drip;        /* bytes of each write; 0: all at once */
    int end;
    size_t cut;
    int more_promised;  /* what Content-Length is wrong by */
    int pause_ms;
    size_t pause_at;    /* byte of the body in front of which there is a pause; its length: before the last chunk */
} tdrt_answer;

/* One chunk, and the end of an answer whose head and chunks a handler sends by itself. 1 while the peer takes them. */
int tdrt_send_chunk(const tdrt_visit *visit, const char *bytes, size_t len);
int tdrt_send_end(const tdrt_visit *visit);
int tdrt_send_answer(const tdrt_visit *visit, const tdrt_answer *answer);
/* The bytes, a text's when len is 0. 1 while the peer takes them. */
int tdrt_send(const tdrt_visit *visit, const char *bytes, size_t len);
void tdrt_pause(int ms);
/* Until the test opens the server's gate. */
void tdrt_wait_for_gate(const tdrt_visit *visit);
/* No answer: waits until the peer gives up. Answers 0, as the handler shall. */
int tdrt_hold(const tdrt_visit *visit);
/* The close that follows resets the connection. Answers 0, as the handler shall. */
int tdrt_reset(const tdrt_visit *visit);

#endif
