/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which endpoint a method and a path mean; unknown ones are 404, a slash too many is sent where it belongs. */
#include "exchange.h"

#include <string.h>

static const struct {
    const char *method;
    const char *pattern; /* :name stands for one part, empty ones too */
    sbx_endpoint endpoint;
} routes[] = {
    {"POST", "/rest/sql", SBX_AT_SQL},
    {"POST", "/rest/sql/:db", SBX_AT_SQL},
    {"GET", "/rest/login/:user/:password", SBX_AT_LOGIN},
    {"GET", "/-/ping", SBX_AT_PING},
    {"POST", "/influxdb/v1/write", SBX_AT_INFLUX},
    {"POST", "/opentsdb/v1/put/telnet/:db", SBX_AT_TELNET},
    {"POST", "/opentsdb/v1/put/json/:db", SBX_AT_OPENTSDB},
};

enum { ROUTES = sizeof routes / sizeof routes[0] };

/* Takes what the path and the pattern have up to the next slash behind the first byte. */
static size_t part(const char *p, size_t len)
{
    const char *slash = len < 2 ? NULL : memchr(p + 1, '/', len - 1);

    return slash == NULL ? len : (size_t)(slash - p);
}

/* How far a path goes along a pattern: what is left of the pattern; NULL when they differ. args: of its names, two at most. */
static const char *match(sbx_text path, const char *pattern, sbx_text *args)
{
    size_t count = 0;

    while (path.len != 0) {
        size_t n = part(path.p, path.len), m = part(pattern, strlen(pattern));

        if (m >= 2 && pattern[1] == ':' && path.p[0] == '/')
            args[count++] = (sbx_text){path.p + 1, n - 1};
        else if (m != n || memcmp(path.p, pattern, n) != 0)
            return NULL;
        path = (sbx_text){path.p + n, path.len - n};
        pattern += m;
    }
    return pattern;
}

/* Bytes that a path may hold as they are, by Go's escaping. */
static int is_plain(char c)
{
    return c != '\0' && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~$&+,/:;=@", c) != NULL;
}

static void put_html(sbx_buf *out, char c)
{
    switch (c) {
    case '&': sbx_buf_text(out, "&amp;"); break;
    case '<': sbx_buf_text(out, "&lt;"); break;
    case '>': sbx_buf_text(out, "&gt;"); break;
    case '"': sbx_buf_text(out, "&#34;"); break;
    case '\'': sbx_buf_text(out, "&#39;"); break;
    default: sbx_buf_char(out, c); break;
    }
}

static void redirect(sbx_exchange *exchange, sbx_text path)
{
    sbx_reply *reply = &exchange->reply;
    sbx_text query = exchange->target.query;
    sbx_buf to = {0};
    int get = strcmp(exchange->method, "GET") == 0;

    for (size_t i = 0; i < path.len; i++)
        sbx_buf_format(&to, is_plain(path.p[i]) ? "%c" : "%%%02X", (unsigned char)path.p[i]);
    sbx_buf_put(&to, query.p, query.len);
    reply->location = sbx_copy(exchange->arena, to.p, to.len);
    reply->plain = 1;
    if (!get) {
        sbx_reply_empty(reply, 307);
    } else {
        sbx_reply_text(reply, 301, "text/html; charset=utf-8", "<a href=\"");
        for (size_t i = 0; i < to.len; i++)
            put_html(&reply->body, to.p[i]);
        sbx_buf_text(&reply->body, "\">Moved Permanently</a>.\n\n");
    }
    sbx_buf_clear(&to);
}

/* A path with a slash behind is sent on when the one without is an endpoint, or an endpoint's first parts before a name. */
static int goes_on(sbx_text path, const char *method)
{
    const char *rest;
    sbx_text args[2];

    for (size_t i = 0; i < ROUTES; i++) {
        if (strcmp(routes[i].method, method) != 0)
            continue;
        rest = match(path, routes[i].pattern, args);
        if (rest != NULL && (rest[0] == '\0' || rest[1] == ':'))
            return 1;
    }
    return 0;
}

void sbx_route(sbx_exchange *exchange)
{
    sbx_text path = exchange->target.path, shorter = {path.p, path.len == 0 ? 0 : path.len - 1};

    exchange->pattern = "(unknown)";
    if (path.len > 1 && path.p[path.len - 1] == '/' && goes_on(shorter, exchange->method)) {
        redirect(exchange, shorter);
        return;
    }
    for (size_t i = 0; i < ROUTES; i++) {
        const char *rest = strcmp(routes[i].method, exchange->method) == 0 ? match(path, routes[i].pattern, exchange->args) : NULL;

        if (rest != NULL && rest[0] == '\0') {
            exchange->endpoint = routes[i].endpoint;
            exchange->pattern = routes[i].pattern;
            return;
        }
    }
    sbx_reply_text(&exchange->reply, 404, "text/plain", "404 page not found");
}
