/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A source is read into a buffer that grows while its reader finds no end in it. */
#include "input/reader.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <tdrest.h>
#include <unistd.h>

#include "term/interrupt.h"

void cli_reader_open(cli_reader *r, const cli_source *source, int64_t from)
{
    *r = (cli_reader){.base = from, .started = from > 0};
    r->fd = cli_source_open(source, &r->name);
    if (r->fd < 0 || (from > 0 && lseek(r->fd, (off_t)from, SEEK_SET) < 0))
        r->error = errno;
}

static void close_fd(cli_reader *r)
{
    if (r->fd > STDIN_FILENO)
        close(r->fd);
    r->fd = -1;
}

void cli_reader_close(cli_reader *r)
{
    close_fd(r);
    free(r->buffer);
}

int cli_reader_failed(const cli_reader *r)
{
    return r->error != 0 || r->fault != NULL;
}

void cli_reader_drop(cli_reader *r, size_t bytes)
{
    if (bytes == 0)
        return;
    r->len -= bytes;
    r->base += (int64_t)bytes;
    memmove(r->buffer, r->buffer + bytes, r->len);
}

static int reserve(cli_reader *r, size_t first)
{
    size_t cap = r->cap == 0 ? first : 2 * r->cap;
    char *buffer;

    if (r->len < r->cap)
        return TDREST_OK;
    buffer = realloc(r->buffer, cap);
    if (buffer == NULL)
        return TDREST_ENOMEM;
    r->buffer = buffer;
    r->cap = cap;
    return TDREST_OK;
}

/* Are the first bytes, of which a slow pipe may have one at a time, those of a text? */
static int check_start(cli_reader *r)
{
    if (r->started || (r->len < CLI_SOURCE_START && r->fd >= 0))
        return TDREST_OK;
    r->started = 1;
    r->fault = cli_source_fault(r->buffer, r->len);
    cli_reader_drop(r, cli_source_mark(r->buffer, r->len));
    return r->fault == NULL ? TDREST_OK : TDREST_EUSAGE;
}

int cli_reader_more(cli_reader *r, size_t first)
{
    int rc = reserve(r, first);
    ssize_t n;

    if (rc < 0)
        return rc;
    do {
        if (cli_interrupt_wait(r->fd))
            return TDREST_ECANCELLED;
        n = read(r->fd, r->buffer + r->len, r->cap - r->len);
    } while (n < 0 && errno == EINTR);
    if (n < 0) {
        r->error = errno;
        return TDREST_EUSAGE;
    }
    r->len += (size_t)n;
    if (n == 0)
        close_fd(r);
    return check_start(r);
}
