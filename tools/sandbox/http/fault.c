/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Faults that a request asks for: what the header X-Sandbox-Fault means. */
#include "exchange.h"

#include <string.h>

enum { MAX_MS = 600000 };

static const char EXPECTED[] =
    "expected, separated by commas: drop-after=BYTES, truncate=BYTES, status=200..599, delay=MS, stall=BYTES:MS (up to 600000 ms)";

/* Digits at the text's front, at most max; what they are is taken from it. */
static int number(sbx_text *text, int64_t max, int64_t *out)
{
    size_t i;
    int64_t n = 0;

    for (i = 0; i < text->len && text->p[i] >= '0' && text->p[i] <= '9' && n <= max; i++)
        n = n * 10 + (text->p[i] - '0');
    *text = (sbx_text){text->p + i, text->len - i};
    *out = n;
    return i != 0 && n <= max;
}

static int skip(sbx_text *text, const char *what)
{
    size_t len = strlen(what);

    if (!sbx_text_begins(*text, what))
        return 0;
    *text = (sbx_text){text->p + len, text->len - len};
    return 1;
}

static int one(sbx_text text, sbx_fault *fault)
{
    int64_t n = 0, most = (int64_t)1 << 40;
    int ok;

    if (skip(&text, "drop-after=")) {
        ok = number(&text, most, &fault->drop_after);
    } else if (skip(&text, "truncate=")) {
        ok = number(&text, most, &fault->truncate);
    } else if (skip(&text, "status=")) {
        ok = number(&text, 599, &n) && n >= 200;
        fault->status = (int)n;
    } else if (skip(&text, "delay=")) {
        ok = number(&text, MAX_MS, &n);
        fault->delay_ms = (int)n;
    } else {
        ok = skip(&text, "stall=") && number(&text, most, &fault->stall_at) && skip(&text, ":") && number(&text, MAX_MS, &n);
        fault->stall_ms = (int)n;
    }
    return ok && text.len == 0;
}

int sbx_fault_parse(sbx_text header, sbx_fault *fault, sbx_buf *why)
{
    *fault = (sbx_fault){-1, -1, -1, 0, 0, 0};
    while (header.len != 0) {
        const char *comma = memchr(header.p, ',', header.len);
        size_t len = comma == NULL ? header.len : (size_t)(comma - header.p);
        sbx_text text = sbx_trim((sbx_text){header.p, len});

        if (!one(text, fault)) {
            sbx_buf_format(why, "X-Sandbox-Fault: '%.*s': %s\n", (int)(text.len < 100 ? text.len : 100), text.p, EXPECTED);
            return 0;
        }
        len += comma != NULL;
        header = (sbx_text){header.p + len, header.len - len};
    }
    return 1;
}
