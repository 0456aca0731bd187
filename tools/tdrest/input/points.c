/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Data is cut while it is read, so that its size does not matter. Of JSON only strings and brackets are followed: whether it is
 * right is told by the library, which gets every piece.
 */
#include "input/points.h"

#include <poll.h>

/* One line or point may have so many bytes. */
enum { MAX_POINT = 1 << 24 };

void cli_points_open(cli_points *p, const cli_source *source, int json, size_t size)
{
    *p = (cli_points){.json = json, .size = size};
    cli_reader_open(&p->in, source, 0);
}

void cli_points_close(cli_points *p)
{
    cli_reader_close(&p->in);
}

/* ---- where to cut ---- */

static void scan_lines(cli_points *p)
{
    for (size_t i = p->in.len; i > p->scanned; i--)
        if (p->in.buffer[i - 1] == '\n') {
            p->cut = i;
            break;
        }
    p->scanned = p->in.len;
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

    while (i < p->in.len && (p->in.buffer[i] == ' ' || p->in.buffer[i] == '\t' || p->in.buffer[i] == '\r' || p->in.buffer[i] == '\n'))
        i++;
    return i < p->in.len && p->in.buffer[i] == '[';
}

static void scan(cli_points *p)
{
    if (!p->json) {
        scan_lines(p);
        return;
    }
    for (; p->scanned < p->in.len; p->scanned++)
        scan_json_byte(p, p->in.buffer[p->scanned]);
    if (!is_array(p))
        p->cut = 0; /* the comma stood in a single point */
}

/* ---- reading ---- */

/* Forgets what was handed out; in what is left nothing ends. The comma behind a piece of JSON begins the array of the next one. */
static void drop_taken(cli_points *p)
{
    if (p->taken == 0)
        return;
    cli_reader_drop(&p->in, p->taken);
    p->scanned -= p->taken;
    p->taken = 0;
    p->cut = 0;
    if (p->json && p->in.len > 0)
        p->in.buffer[0] = '[';
}

static int read_more(cli_points *p)
{
    int rc = p->in.len >= MAX_POINT ? TDREST_ERANGE : cli_reader_more(&p->in, p->size + 1);

    if (rc == TDREST_OK && p->in.started)
        scan(p);
    return rc;
}

static int more_is_there(const cli_points *p)
{
    struct pollfd waiting = {p->in.fd, POLLIN, 0};

    return poll(&waiting, 1, 0) > 0;
}

int cli_points_next(cli_points *p, char **data, size_t *len)
{
    int rc = cli_reader_failed(&p->in) ? TDREST_EUSAGE : TDREST_OK;

    drop_taken(p);
    while (rc == TDREST_OK && p->in.fd >= 0 && (p->cut == 0 || !p->in.started || (p->in.len < p->size && more_is_there(p))))
        rc = read_more(p);
    if (rc < 0)
        return rc;
    *data = p->in.buffer;
    if (p->in.fd >= 0 && p->json)
        p->in.buffer[p->cut] = ']';
    *len = p->in.fd < 0 ? p->in.len : p->cut + (size_t)p->json;
    p->taken = p->in.fd < 0 ? p->in.len : p->cut;
    return *len == 0 ? TDREST_DONE : TDREST_ROW;
}
