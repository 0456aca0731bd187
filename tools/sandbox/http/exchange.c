/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * An exchange from head to reply: the order in which the adapter looks at a request, what its gzip layer does to requests and replies,
 * the faults asked for. What the endpoints do is theirs.
 */
#include "exchange.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

/* What the adapter writes behind an uncompressed reply to a request that came in gzip and accepts gzip: an empty member. */
static const char STRAY[] = "\x1f\x8b\b\0\0\0\0\0\0\xff\1\0\0\xff\xff\0\0\0\0\0\0\0";

int64_t sbx_monotonic_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

sbx_request sbx_exchange_request(const sbx_exchange *exchange)
{
    sbx_request request = {0};

    request.arena = exchange->arena;
    request.store = exchange->store;
    request.zone = exchange->zone;
    request.now_ns = exchange->now_ns;
    request.user = exchange->login.user;
    return request;
}

int sbx_exchange_waits(const sbx_exchange *exchange)
{
    return sbx_text_holds(exchange->content_encoding, "gzip");
}

/* Go's own refusals, before any of the adapter's code. */
static void check_http(sbx_exchange *exchange)
{
    sbx_reply *reply = &exchange->reply;

    if (exchange->malformed || !sbx_target_parse(exchange->arena, exchange->raw, &exchange->target))
        sbx_reply_text(reply, 400, "text/plain; charset=utf-8", "400 Bad Request");
    else if (exchange->expect.len != 0 && strcasecmp(exchange->expect.p, "100-continue") != 0)
        sbx_reply_empty(reply, 417);
    if (reply->status != 0) {
        reply->plain = 1;
        reply->close = 1;
    }
}

static void check_fault(sbx_exchange *exchange)
{
    sbx_text header = exchange->settings->faults ? exchange->fault_header : (sbx_text){"", 0};
    sbx_buf why = {0};

    if (!sbx_fault_parse(exchange->settings, header, &exchange->fault, &why)) {
        sbx_reply_text(&exchange->reply, 400, "text/plain; charset=utf-8", why.p);
        sbx_fault_parse(exchange->settings, (sbx_text){"", 0}, &exchange->fault, &why);
    }
    sbx_buf_clear(&why);
}

void sbx_exchange_head(sbx_exchange *exchange)
{
    exchange->head_done = 1;
    exchange->pattern = "(none)";
    exchange->zone = exchange->shown = SBX_UTC;
    check_fault(exchange);
    if (exchange->reply.status == 0)
        check_http(exchange);
    if (exchange->reply.status == 0)
        sbx_route(exchange);
    if (exchange->reply.status != 0)
        return;
    if (exchange->endpoint == SBX_AT_PING)
        sbx_reply_empty(&exchange->reply, 200);
    else if (exchange->endpoint == SBX_AT_SQL || exchange->endpoint == SBX_AT_LOGIN)
        sbx_rest_head(exchange);
    else
        sbx_schemaless_head(exchange);
}

/* ---- bodies in gzip ---- */

/* One layer; 0 when the reply is decided. */
static int unzip(sbx_exchange *exchange)
{
    sbx_buf plain = {0};
    const char *why;
    sbx_gunzip_result result = sbx_gunzip(&exchange->body, &plain, &why);

    if (result == SBX_GUNZIP_NOT_GZIP) {
        sbx_buf_clear(&plain);
        sbx_reply_empty(&exchange->reply, 400);
        exchange->reply.plain = 1;
        return 0;
    }
    if (result == SBX_GUNZIP_DAMAGED)
        exchange->damage = why;
    sbx_buf_clear(&exchange->body);
    exchange->body = plain;
    return exchange->damage == NULL;
}

/* The header's members from left to right, as the adapter takes them. */
static void unzip_all(sbx_exchange *exchange)
{
    sbx_text left = exchange->content_encoding;

    exchange->unzipped = 1;
    while (left.len != 0) {
        const char *comma = memchr(left.p, ',', left.len);
        sbx_text member = {left.p, comma == NULL ? left.len : (size_t)(comma - left.p)};
        size_t taken = member.len + (comma != NULL);

        member = sbx_trim(member);
        if (member.len != 4 || strncasecmp(member.p, "gzip", 4) != 0) {
            sbx_reply_empty(&exchange->reply, 415);
            exchange->reply.plain = 1;
            return;
        }
        if (!unzip(exchange))
            return;
        left = (sbx_text){left.p + taken, left.len - taken};
    }
}

void sbx_exchange_run(sbx_exchange *exchange)
{
    if (exchange->too_long)
        sbx_reply_text(&exchange->reply, 413, "text/plain; charset=utf-8", "request body too long");
    else if (!exchange->head_done && sbx_exchange_waits(exchange))
        unzip_all(exchange);
    if (exchange->reply.status == 0 && !exchange->head_done)
        sbx_exchange_head(exchange);
    if (exchange->reply.status == 0 && (exchange->endpoint == SBX_AT_SQL || exchange->endpoint == SBX_AT_LOGIN))
        sbx_rest_run(exchange);
    else if (exchange->reply.status == 0)
        sbx_schemaless_run(exchange);
}

/* ---- replies in gzip ---- */

static void compress(sbx_exchange *exchange)
{
    sbx_reply *reply = &exchange->reply;
    sbx_buf small = {0};

    if (exchange->unzipped) {
        reply->stray = reply->body.len == 0 ? 0 : sizeof STRAY;
        sbx_buf_put(&reply->body, STRAY, reply->stray);
        return;
    }
    reply->encoded = 1;
    if (reply->status == 404) { /* of the adapter's router: the status is lost in its gzip layer */
        reply->status = 200;
        reply->body.len = 0;
    }
    if (reply->body.len == 0)
        return;
    sbx_gzip(&reply->body, &small);
    sbx_buf_clear(&reply->body);
    reply->body = small;
}

void sbx_exchange_finish(sbx_exchange *exchange)
{
    sbx_reply *reply = &exchange->reply;
    const sbx_fault *fault = &exchange->fault;

    if (!reply->plain && sbx_text_holds(exchange->accept_encoding, "gzip"))
        compress(exchange);
    if (!exchange->head_done)
        return;
    if (fault->status != 0)
        reply->status = fault->status;
    if (fault->truncate >= 0 && (uint64_t)fault->truncate < reply->body.len) {
        reply->body.len = (size_t)fault->truncate;
        reply->stray = 0;
    }
}

/* Endpoints instead of paths: these may hold a password. */
void sbx_exchange_tell(const sbx_exchange *exchange)
{
    const sbx_reply *reply = &exchange->reply;
    const char *method = strspn(exchange->method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == strlen(exchange->method) ? exchange->method : "?";
    char code[32] = "";

    if (exchange->code != 0)
        snprintf(code, sizeof code, " code 0x%04x", (unsigned)exchange->code);
    fprintf(stderr, "%s %s %d%s %zu bytes %.3f ms\n", method, exchange->pattern == NULL ? "(none)" : exchange->pattern, reply->status, code,
        reply->body.len, (double)(sbx_monotonic_ns() - exchange->began_ns) / 1e6);
}
