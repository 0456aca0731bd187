/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Faults that a request asks for: what the header X-Sandbox-Fault means. */
#include "exchange.h"

#include <string.h>

enum { MAX_MS = 600000 };

static const char EXPECTED[] =
    "expected, separated by commas: drop-after=BYTES, truncate=BYTES, status=200..599, delay=MS, stall=BYTES:MS, "
    "refuse=PORT[:MS], hang=PORT[:MS], kill=PORT[:MS], serve=PORT (one of its own; up to 600000 ms)";

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

/* `kill=PORT` and its like, behind the name. */
static int address(sbx_text *text, sbx_manner manner, sbx_fault *fault)
{
    int64_t port = 0, ms = 0;
    int ok = number(text, 65535, &port) && port != 0 && (!skip(text, ":") || (manner != SBX_SERVES && number(text, MAX_MS, &ms)));

    fault->port = (int)port;
    fault->manner = manner;
    fault->manner_ms = (int)ms;
    return ok;
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
    } else if (skip(&text, "refuse=")) {
        ok = address(&text, SBX_REFUSES, fault);
    } else if (skip(&text, "hang=")) {
        ok = address(&text, SBX_HANGS, fault);
    } else if (skip(&text, "kill=")) {
        ok = address(&text, SBX_KILLED, fault);
    } else if (skip(&text, "serve=")) {
        ok = address(&text, SBX_SERVES, fault);
    } else {
        ok = skip(&text, "stall=") && number(&text, most, &fault->stall_at) && skip(&text, ":") && number(&text, MAX_MS, &n);
        fault->stall_ms = (int)n;
    }
    return ok && text.len == 0;
}

static int is_own(const sbx_settings *settings, int port)
{
    size_t i;

    for (i = 0; i < settings->port_count && settings->ports[i] != port; i++)
        ;
    return i < settings->port_count;
}

int sbx_fault_parse(const sbx_settings *settings, sbx_text header, sbx_fault *fault, sbx_buf *why)
{
    *fault = (sbx_fault){.drop_after = -1, .truncate = -1, .stall_at = -1};
    while (header.len != 0) {
        const char *comma = memchr(header.p, ',', header.len);
        size_t len = comma == NULL ? header.len : (size_t)(comma - header.p);
        sbx_text text = sbx_trim((sbx_text){header.p, len});

        if (!one(text, fault) || (fault->port != 0 && !is_own(settings, fault->port))) {
            sbx_buf_format(why, "X-Sandbox-Fault: '%.*s': %s\n", (int)(text.len < 100 ? text.len : 100), text.p, EXPECTED);
            return 0;
        }
        len += comma != NULL;
        header = (sbx_text){header.p + len, header.len - len};
    }
    return 1;
}
