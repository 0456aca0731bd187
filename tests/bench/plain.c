/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One small statement: through the library, and through a libcurl easy handle. Of ours it sees tdrest.h only. */
#include "bench/plain.h"

#include <stdio.h>
#include <string.h>

static const char sql[] = "SELECT 1";

int tdrt_small_answer(tdrt_body *out)
{
    static const char text[] = "{\"code\":0,\"column_meta\":[[\"1\",\"BIGINT\",8]],\"data\":[[1]],\"rows\":1}";

    memset(out, 0, sizeof *out);
    out->bytes = strdup(text);
    out->len = sizeof text - 1;
    return out->bytes != NULL;
}

static size_t on_write(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes;
    *(size_t *)context += size * count;
    return size * count;
}

/* The same request line and headers as the library's, and nothing else. */
int tdrt_plain_open(tdrt_plain *plain, int port)
{
    static const char *const lines[] = {"Expect:", "Content-Type: text/plain; charset=utf-8", "Authorization: Basic cm9vdDp0YW9zZGF0YQ=="};
    char url[160];

    plain->easy = curl_easy_init();
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
        plain->headers = curl_slist_append(plain->headers, lines[i]);
    if (plain->easy == NULL || plain->headers == NULL)
        return 0;
    snprintf(url, sizeof url, "http://127.0.0.1:%d/rest/sql?req_id=1234567890123456789&conn_tz=UTC&tz=UTC&app=tdrest", port);
    curl_easy_setopt(plain->easy, CURLOPT_URL, url);
    curl_easy_setopt(plain->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(plain->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(plain->easy, CURLOPT_HTTPHEADER, plain->headers);
    curl_easy_setopt(plain->easy, CURLOPT_POSTFIELDS, sql);
    curl_easy_setopt(plain->easy, CURLOPT_POSTFIELDSIZE, (long)(sizeof sql - 1));
    curl_easy_setopt(plain->easy, CURLOPT_WRITEFUNCTION, on_write);
    curl_easy_setopt(plain->easy, CURLOPT_WRITEDATA, &plain->received);
    return 1;
}

int tdrt_small_ask(tdrest_conn *conn)
{
    tdrest_result *res;
    int64_t value = 0;
    int rc = tdrest_query(conn, sql, sizeof sql - 1, NULL, &res);

    if (rc == TDREST_OK)
        rc = tdrest_result_next(res);
    if (rc == TDREST_ROW && tdrest_result_int64(res, 0, &value) == TDREST_OK)
        rc = tdrest_result_next(res);
    tdrest_result_free(res);
    return rc == TDREST_DONE && value == 1;
}

int tdrt_plain_ask(tdrt_plain *plain)
{
    plain->received = 0;
    return curl_easy_perform(plain->easy) == CURLE_OK && plain->received > 0;
}

void tdrt_plain_close(tdrt_plain *plain)
{
    curl_easy_cleanup(plain->easy);
    curl_slist_free_all(plain->headers);
}
