/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Data is cut while it is read, so that its size does not matter. Of JSON only strings and brackets are followed: whether it is
 * right is told by the library, which gets every piece.
 */
#include "input/points.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "term/interrupt.h"

/* One line or point may have so many bytes. */
enum { MAX_POINT = 1 << 24 };

void cli_points_open(cli_points *p, const cli_source *source, int json, size_t size)
{
    *p = (cli_points){.json = json, .size = size};
    p->fd = cli_source_open(source, &p->name);
    p->error = p->fd < 0 ? errno : 0;
}

void cli_points_close(cli_points *p)
{
    if (p->fd > STDIN_FILENO)
        close(p->fd);
    free(p->buffer);
}

/* ---- where to cut ---- */

static void scan_lines(cli_points *p)
{
    for (size_t i = p->len; i > p->scanned; i--)
        if (p->buffer[i - 1] == '\n') {
            p->cut = i;
            break;
        }
    p->scanned = p->len;
}

/* A comma within the outermost array stands between two points. */
static void scan_json_byte(cli_points *p, char c)
{
    if (p->quoted == 2)
        p->quoted = 1;
    else if (c == '"')
        p->quoted = !p->quoted;
    else if (p->quoted)
        p->quoted = c == '\\' ? 2 : 1;
    else if (c == '[' || c == '{')
        p->depth++;
    else if (c == ']' || c == '}')
        p->depth--;
    else if (c == ',' && p->depth == 1)
        p->cut = p->scanned;
}

static int is_array(const cli_points *p)
{
    size_t i = 0;

    while (i < p->len && (p->buffer[i] == ' ' || p->buffer[i] == '\t' || p->buffer[i] == '\r' || p->buffer[i] == '\n'))
        i++;
    return i < p->len && p->buffer[i] == '[';
}

static void scan(cli_points *p)
{
    if (!p->json) {
        scan_lines(p);
        return;
    }
    for (; p->scanned < p->len; p->scanned++)
        scan_json_byte(p, p->buffer[p->scanned]);
    if (!is_array(p))
        p->cut = 0; /* the comma stood in a single point */
}

/* ---- reading ---- */

/* Forgets what was handed out; in what is left nothing ends. The comma behind a piece of JSON begins the array of the next one. */
static void drop_taken(cli_points *p)
{
    if (p->taken == 0)
        return;
    p->len -= p->taken;
    p->scanned -= p->taken;
    memmove(p->buffer, p->buffer + p->taken, p->len);
    p->taken = 0;
    p->cut = 0;
    if (p->json && p->len > 0)
        p->buffer[0] = '[';
}

static int reserve(cli_points *p)
{
    size_t cap = p->cap == 0 ? p->size + 1 : 2 * p->cap;
    char *buffer;

    if (p->len < p->cap)
        return TDREST_OK;
    if (p->len >= MAX_POINT)
        return TDREST_ERANGE;
    buffer = realloc(p->buffer, cap);
    if (buffer == NULL)
        return TDREST_ENOMEM;
    p->buffer = buffer;
    p->cap = cap;
    return TDREST_OK;
}

/* Behind the first bytes, of which a slow pipe may have one at a time: are they a text? */
static int look_at_start(cli_points *p, int ended)
{
    size_t mark;

    if (p->started || (p->len < CLI_SOURCE_START && !ended))
        return TDREST_OK;
    p->started = 1;
    mark = cli_source_mark(p->buffer, p->len);
    p->fault = cli_source_fault(p->buffer, p->len);
    p->len -= mark;
    memmove(p->buffer, p->buffer + mark, p->len);
    return p->fault == NULL ? TDREST_OK : TDREST_EUSAGE;
}

static int read_more(cli_points *p)
{
    int rc = reserve(p);
    ssize_t n;

    if (rc < 0)
        return rc;
    do
        n = read(p->fd, p->buffer + p->len, p->cap - p->len);
    while (n < 0 && errno == EINTR && !cli_interrupted());
    if (n < 0 && cli_interrupted())
        return TDREST_ECANCELLED;
    if (n < 0) {
        p->error = errno;
        return TDREST_EUSAGE;
    }
    p->len += (size_t)n;
    rc = look_at_start(p, n == 0);
    if (n == 0) {
        if (p->fd > STDIN_FILENO)
            close(p->fd);
        p->fd = -1;
    }
    if (p->started)
        scan(p);
    return rc;
}

static int more_is_there(const cli_points *p)
{
    struct pollfd waiting = {p->fd, POLLIN, 0};

    return poll(&waiting, 1, 0) > 0;
}

int cli_points_next(cli_points *p, char **data, size_t *len)
{
    int rc = p->error != 0 || p->fault != NULL ? TDREST_EUSAGE : TDREST_OK;

    drop_taken(p);
    while (rc == TDREST_OK && p->fd >= 0 && (p->cut == 0 || !p->started || (p->len < p->size && more_is_there(p))))
        rc = read_more(p);
    if (rc < 0)
        return rc;
    *data = p->buffer;
    if (p->fd >= 0 && p->json)
        p->buffer[p->cut] = ']';
    *len = p->fd < 0 ? p->len : p->cut + (size_t)p->json;
    p->taken = p->fd < 0 ? p->len : p->cut;
    return *len == 0 ? TDREST_DONE : TDREST_ROW;
}
