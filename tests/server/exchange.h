/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Recorded exchanges: read from a directory, found again by request. */
#ifndef TDRT_EXCHANGE_H
#define TDRT_EXCHANGE_H

#include <jansson.h>
#include <stddef.h>

#include "http.h"

typedef struct tdrt_exchange {
    json_t *head;        /* the .json file */
    const char *method;
    const char *path;    /* own copy of the target, cut at its question mark */
    const char *query;   /* "" when there is none */
    const char *login;   /* Authorization; "" when there is none */
    const char *coding;  /* Content-Encoding of the request */
    int gzip;            /* is the answer's body compressed? */
    int chunked;
    int status;
    char *sent;
    size_t sent_len;
    char *body;
    size_t len;
    int served;          /* how often */
} tdrt_exchange;

typedef struct tdrt_exchanges {
    tdrt_exchange *items;
    size_t count;
} tdrt_exchanges;

/* Adds NNN-name.json, .request and .response of a directory. 0; -1 when there is none or one cannot be read, told on stderr. */
int tdrt_exchanges_read(tdrt_exchanges *all, const char *dir);
void tdrt_exchanges_clear(tdrt_exchanges *all);

/*
 * The recording of a request, or NULL. Method, path, trimmed body and the body's coding must be the same; a compressed answer needs a
 * client that asked for it. Of several, that of the same login, time zone and query parameters; among equals one after the other
 * in the order of recording, the last one again and again.
 */
tdrt_exchange *tdrt_exchanges_find(tdrt_exchanges *all, const tdrt_http_request *request);
/* The first recording with that status, or NULL. */
tdrt_exchange *tdrt_exchanges_status(tdrt_exchanges *all, int status);

#endif
