/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* HTTP/1.1 as a server needs it: a request out of bytes, an answer into bytes. Does no I/O. */
#ifndef TDRT_HTTP_H
#define TDRT_HTTP_H

#include <stddef.h>

typedef struct tdrt_bytes {
    char *p;
    size_t len;
    size_t cap;
} tdrt_bytes;

/* Exits when memory is out. */
void tdrt_bytes_add(tdrt_bytes *b, const void *bytes, size_t len);
void tdrt_bytes_print(tdrt_bytes *b, const char *format, ...)
#ifdef __GNUC__
    __attribute__((format(printf, 2, 3)))
#endif
    ;

typedef struct tdrt_http_request {
    char method[16];
    char path[1024];     /* as sent */
    char query[2048];
    char login[1024];    /* Authorization */
    char coding[32];     /* Content-Encoding */
    int gzip;            /* may the answer be compressed? */
    int expects;         /* waits for 100 Continue */
    int close;           /* wants no other answer on this connection */
    int chunks;          /* understands chunked answers */
    const char *body;
    size_t body_len;
} tdrt_http_request;

enum { TDRT_HTTP_BAD = -1, TDRT_HTTP_PARTIAL = 0, TDRT_HTTP_HEAD = 1, TDRT_HTTP_WHOLE = 2 };

/*
 * Reads a request at the start of bytes, which a NUL follows: TDRT_HTTP_PARTIAL, _HEAD (body missing), _WHOLE (used bytes are its), _BAD.
 * body refers to bytes.
 */
int tdrt_http_read(const char *bytes, size_t len, tdrt_http_request *request, size_t *used);

const char *tdrt_http_reason(int status);

/* Undoes percent-encoding, and + for a blank, in place. */
void tdrt_http_decode(char *text);
/* The value of a query parameter, decoded, cut to cap; 0 when there is none, and then value is "". */
int tdrt_http_parameter(const char *query, const char *key, char *value, size_t cap);

#endif
