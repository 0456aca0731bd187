/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One small statement: through the library, and through a libcurl easy handle that sends the same bytes. */
#ifndef TDRT_PLAIN_H
#define TDRT_PLAIN_H

#include "bench/bodies.h"

#include <curl/curl.h>
#include <tdrest.h>

typedef struct tdrt_plain {
    CURL *easy;
    struct curl_slist *headers;
    size_t received;
} tdrt_plain;

/* The answer to it, for tdrt_bench_server_start. */
int tdrt_small_answer(tdrt_body *out);

/* 1 when the whole answer came. */
int tdrt_small_ask(tdrest_conn *conn);
int tdrt_plain_ask(tdrt_plain *plain);

/* Closing is fine after an opening that failed. */
int tdrt_plain_open(tdrt_plain *plain, int port);
void tdrt_plain_close(tdrt_plain *plain);

#endif
