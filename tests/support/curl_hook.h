/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * libcurl as other versions and builds of it are: settings that it does not know or has no memory for, HTTP/0.9 taken as before 7.66, and
 * damage told when a paused transfer goes on, bodies written in part. In the test program only, which calls these instead of libcurl's own.
 */
#ifndef TDRT_CURL_HOOK_H
#define TDRT_CURL_HOOK_H

#include <curl/curl.h>

typedef struct tdrt_curl_hook {
    CURLoption refused; /* what this setting is answered, and it is not made; with CURLE_OK: none is refused */
    CURLcode refusal;
    CURLcode resumed;   /* what curl_easy_pause answers when the transfer is to go on; with CURLE_OK: its own answer */
    CURLcode result;    /* how each transfer ends that did not end well; with CURLE_OK: as it did */
    int no_https_proxy; /* 1: a build that lacks them */
    int takes_http09;   /* 1: CURLOPT_HTTP09_ALLOWED is not known, and such answers are taken */
    curl_off_t held_back; /* of each body, bytes that it says it has not written */
    int raises_sigpipe; /* 1: what may write to a connection raises SIGPIPE, as a TLS library does on a closed one */
    int raised;         /* counts: how often */
    int resumes;        /* counts: transfers that were to go on */
    int events;         /* counts: events of sockets that it was told of */
    int no_ca_path;     /* counts: CURLOPT_CAPATH set to NULL */
} tdrt_curl_hook;

extern tdrt_curl_hook tdrt_curl;

#endif
