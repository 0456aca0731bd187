/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The body of a request: how libcurl gets it, which is once, and how much of it has left. libcurl would send a POST again by itself when a kept-alive
 * connection dies; whether to repeat is not its decision. Knows neither limits nor answers.
 *
 *     by callback   libcurl asks for it piece by piece, and has to rewind before it repeats: that is refused
 *     joined        libcurl has all of it and could repeat; it asks on_departure first, which refuses. As it does not tell what it wrote to a connection
 *                   that died, all of the body counts as handed over when the request departs
 */
#include "net/curl_net.h"

#include <string.h>

/* Room that libcurl makes for each request's body: the least it takes, and its default. */
enum { SMALL_BODY = 16384, LARGE_BODY = 65536 };

/* Above this the cost of a second send does not count. Head and body fit into one record of TLS. */
enum { JOINED_MAX = 8192 };

/* From 8.7 on libcurl puts into the first send what it read by callback, too. */
static int sends_twice(void)
{
    return curl_version_info(CURLVERSION_NOW)->version_num < 0x080700;
}

void tdri_body_set(tdri_exchange *x, const tdri_request *request)
{
    x->joined = x->may_join && request->body_len > 0 && request->body_len <= JOINED_MAX;
    curl_easy_setopt(x->easy, CURLOPT_POSTFIELDS, x->joined ? (const char *)request->body : NULL);
    if (strcmp(request->method, "POST") != 0) {
        curl_easy_setopt(x->easy, CURLOPT_HTTPGET, 1L);
        return;
    }
    curl_easy_setopt(x->easy, CURLOPT_POST, 1L);
    curl_easy_setopt(x->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_len);
#if LIBCURL_VERSION_NUM >= 0x073e00
    curl_easy_setopt(x->easy, CURLOPT_UPLOAD_BUFFERSIZE, request->body_len <= SMALL_BODY ? (long)SMALL_BODY : (long)LARGE_BODY);
#endif
}

void tdri_body_depart(tdri_exchange *x)
{
    if (x->joined)
        x->sent = x->request->body_len;
}

static size_t on_read(char *to, size_t size, size_t count, void *context)
{
    tdri_exchange *x = (tdri_exchange *)context;
    size_t len = x->request->body_len - x->sent;

    if (len > size * count)
        len = size * count;
    if (len != 0)
        memcpy(to, (const char *)x->request->body + x->sent, len);
    x->sent += len;
    return len;
}

/* Only a body that has not been touched may be rewound: libcurl still asks for that in the exchange after one that failed so. */
static int on_seek(void *context, curl_off_t offset, int origin)
{
    const tdri_exchange *x = (const tdri_exchange *)context;

    return x->sent == 0 && offset == 0 && origin == SEEK_SET ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

void tdri_body_set_callbacks(tdri_exchange *x)
{
    curl_easy_setopt(x->easy, CURLOPT_READFUNCTION, on_read);
    curl_easy_setopt(x->easy, CURLOPT_READDATA, x);
    curl_easy_setopt(x->easy, CURLOPT_SEEKFUNCTION, on_seek);
    curl_easy_setopt(x->easy, CURLOPT_SEEKDATA, x);
    x->may_join = x->tells_departure && sends_twice();
}

/* ---- how much of it has left ---- */

int tdri_body_may_be_out(const tdri_exchange *x)
{
    return x->sent > 0 && x->sent == x->request->body_len;
}

int tdri_body_is_out(const tdri_exchange *x)
{
    curl_off_t written = 0;

    if (x->sent < x->request->body_len || !x->joined)
        return x->sent == x->request->body_len;
    return curl_easy_getinfo(x->easy, CURLINFO_SIZE_UPLOAD_T, &written) == CURLE_OK && (uint64_t)written >= x->request->body_len;
}

int tdri_exchange_body_left(const tdri_exchange *x)
{
    return x->request == NULL || x->request->body_len == 0 || tdri_body_may_be_out(x);
}
