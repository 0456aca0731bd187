/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* HTTP/1.1 as a server needs it. Knows nothing of recordings and sockets. */
#include "http.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MAX_HEAD = 65536, MAX_BODY = 1 << 26 };

static void reserve(tdrt_bytes *b, size_t more)
{
    if (b->cap - b->len > more)
        return;
    b->cap = b->cap * 2 + more + 1;
    b->p = realloc(b->p, b->cap);
    if (b->p == NULL) {
        perror("tdrest-replay");
        exit(1);
    }
}

void tdrt_bytes_add(tdrt_bytes *b, const void *bytes, size_t len)
{
    reserve(b, len);
    if (len != 0)
        memcpy(b->p + b->len, bytes, len);
    b->len += len;
    b->p[b->len] = '\0';
}

void tdrt_bytes_print(tdrt_bytes *b, const char *format, ...)
{
    char text[4096];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len > 0)
        tdrt_bytes_add(b, text, (size_t)len < sizeof text ? (size_t)len : sizeof text - 1);
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void tdrt_http_decode(char *text)
{
    char *to = text;

    for (; *text != '\0'; text++) {
        if (*text == '%' && hex(text[1]) >= 0 && hex(text[2]) >= 0) {
            *to++ = (char)(hex(text[1]) * 16 + hex(text[2]));
            text += 2;
        } else {
            *to++ = (char)(*text == '+' ? ' ' : *text);
        }
    }
    *to = '\0';
}

int tdrt_http_parameter(const char *query, const char *key, char *value, size_t cap)
{
    size_t key_len = strlen(key);
    const char *p;

    value[0] = '\0';
    for (p = query; *p != '\0'; p += strcspn(p, "&"), p += *p == '&') {
        if (strncmp(p, key, key_len) != 0 || p[key_len] != '=')
            continue;
        p += key_len + 1;
        snprintf(value, cap, "%.*s", (int)strcspn(p, "&"), p);
        tdrt_http_decode(value);
        return 1;
    }
    return 0;
}

const char *tdrt_http_reason(int status)
{
    switch (status) {
    case 200: return "OK";
    case 204: return "No Content";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 500: return "Internal Server Error";
    case 502: return "Bad Gateway";
    case 503: return "Service Unavailable";
    default: return "Unknown";
    }
}

/* A header's value, cut to cap; "" when it is missing. line is the first behind the request line. */
static void header(const char *line, const char *end, const char *name, char *value, size_t cap)
{
    size_t name_len = strlen(name);
    const char *eol;

    value[0] = '\0';
    for (; line < end; line = eol + 2) {
        eol = strstr(line, "\r\n");
        if (strncasecmp(line, name, name_len) != 0 || line[name_len] != ':')
            continue;
        line += name_len + 1;
        line += strspn(line, " \t");
        snprintf(value, cap, "%.*s", (int)(eol - line), line);
        return;
    }
}

static int read_line(const char *line, tdrt_http_request *r)
{
    char target[sizeof r->path + sizeof r->query], version[16], *query;

    if (sscanf(line, "%15s %3071s %15s", r->method, target, version) != 3 || strncmp(version, "HTTP/1.", 7) != 0)
        return -1;
    query = strchr(target, '?');
    if (query != NULL)
        *query++ = '\0';
    if (strlen(target) >= sizeof r->path || (query != NULL && strlen(query) >= sizeof r->query))
        return -1;
    strcpy(r->path, target);
    strcpy(r->query, query == NULL ? "" : query);
    r->chunks = version[7] != '0';
    r->close = version[7] == '0';
    return 0;
}

int tdrt_http_read(const char *bytes, size_t len, tdrt_http_request *r, size_t *used)
{
    const char *end = strstr(bytes, "\r\n\r\n"), *lines;
    char text[256], *rest;
    unsigned long body_len;

    memset(r, 0, sizeof *r);
    if (end == NULL)
        return len > MAX_HEAD ? TDRT_HTTP_BAD : TDRT_HTTP_PARTIAL;
    if (read_line(bytes, r) < 0)
        return TDRT_HTTP_BAD;
    lines = strstr(bytes, "\r\n") + 2;
    end += 2;
    header(lines, end, "Authorization", r->login, sizeof r->login);
    header(lines, end, "Content-Encoding", r->coding, sizeof r->coding);
    header(lines, end, "Accept-Encoding", text, sizeof text);
    r->gzip = strstr(text, "gzip") != NULL;
    header(lines, end, "Connection", text, sizeof text);
    r->close |= strcasecmp(text, "close") == 0;
    header(lines, end, "Expect", text, sizeof text);
    r->expects = strcasecmp(text, "100-continue") == 0;
    header(lines, end, "Transfer-Encoding", text, sizeof text);
    if (text[0] != '\0')
        return TDRT_HTTP_BAD; /* no client of ours sends chunks */
    header(lines, end, "Content-Length", text, sizeof text);
    body_len = strtoul(text, &rest, 10);
    if (*rest != '\0' || body_len > MAX_BODY)
        return TDRT_HTTP_BAD;
    r->body = end + 2;
    r->body_len = body_len;
    *used = (size_t)(r->body - bytes) + body_len;
    return *used <= len ? TDRT_HTTP_WHOLE : TDRT_HTTP_HEAD;
}
