/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Whatever bytes come and however they are cut, the decoder makes the same of
 * them, and an answer that passes has its closing brace; and read as an answer without rows they are an error
 * that says something. The first two bytes choose the cuts.
 */
#include "answer/reply.h"
#include "dump.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_reply(const char *body, size_t len, int http_status, enum tdri_endpoint endpoint)
{
    const tdri_reply_origin origin = {endpoint, http_status, "application/json", NULL, NULL};
    tdrest_error err;

    tdri_err_reset(&err);
    if (tdri_reply_error(body, len, &origin, &err) >= 0 || err.message[0] == '\0' || err.cls == TDREST_CLASS_NONE)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const tdrt_cuts whole = {0, 0, 0, 4096};
    tdrt_cuts cuts = {1, 1, 1, 4096};
    tdri_buf expected, seen;
    tdrest_error err;
    const char *body = (const char *)data + 2;
    int rc;

    if (size < 3)
        return 0;
    cuts.first = data[0];
    cuts.step = data[1] % 64u + 1;
    cuts.hand_out = data[1] & 1;
    tdri_buf_init(&expected, &tdri_mem_default, SIZE_MAX / 2);
    tdri_buf_init(&seen, &tdri_mem_default, SIZE_MAX / 2);
    rc = tdrt_decode(body, size - 2, &whole, &tdri_mem_default, &expected, &err);
    (void)tdrt_decode(body, size - 2, &cuts, &tdri_mem_default, &seen, &err);
    if (expected.len != seen.len || memcmp(tdri_buf_text(&expected), tdri_buf_text(&seen), seen.len) != 0)
        abort();
    if (rc == TDREST_DONE && memchr(body, '}', size - 2) == NULL)
        abort();
    if (rc < 0 && err.message[0] == '\0')
        abort();
    tdri_buf_clear(&expected);
    tdri_buf_clear(&seen);
    check_reply(body, size - 2, data[0] % 2 ? 200 : 503, TDRI_SQL);
    check_reply(body, size - 2, data[0] % 2 ? 500 : 401, TDRI_INFLUX);
    return 0;
}
