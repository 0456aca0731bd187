/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A script is cut into statements while it is read, so that neither a dump of any size nor a pipe that stays open has to be in
 * memory as a whole. Knows nothing of what statements do.
 */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "interrupt.h"

/* The server takes a mebibyte; comments come on top. */
enum { PIECE = 1 << 16, MAX_STATEMENT = 1 << 24 };

int cli_source_is_lasting(const cli_source *source)
{
    struct stat about;

    return source->text != NULL || (source->file != NULL && strcmp(source->file, "-") != 0 && stat(source->file, &about) == 0 && S_ISREG(about.st_mode));
}

void cli_script_open(cli_script *s, const cli_source *source)
{
    *s = (cli_script){.fd = -1, .statement = TDREST_SQL_STATEMENT_INIT};
    if (source->text != NULL) {
        s->text = source->text;
        s->len = strlen(source->text);
        return;
    }
    s->text = "";
    s->name = source->file == NULL || strcmp(source->file, "-") == 0 ? "standard input" : source->file;
    s->fd = s->name != source->file ? STDIN_FILENO : open(source->file, O_RDONLY | O_CLOEXEC);
    s->error = s->fd < 0 ? errno : 0;
}

void cli_script_close(cli_script *s)
{
    if (s->fd > STDIN_FILENO)
        close(s->fd);
    free(s->buffer);
}

/* Forgets the statements that were taken. */
static void compact(cli_script *s)
{
    const char *at = s->text, *end = s->text + s->pos;

    for (; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        s->lines++;
    s->len -= s->pos;
    memmove(s->buffer, s->buffer + s->pos, s->len);
    s->pos = 0;
    s->statement = (tdrest_sql_statement)TDREST_SQL_STATEMENT_INIT;
}

static int reserve(cli_script *s)
{
    size_t cap = 2 * s->cap + PIECE;
    char *buffer;

    if (s->len >= MAX_STATEMENT)
        return TDREST_ERANGE;
    if (s->cap - s->len >= PIECE)
        return TDREST_OK;
    buffer = realloc(s->buffer, cap);
    if (buffer == NULL)
        return TDREST_ENOMEM;
    s->buffer = buffer;
    s->text = buffer;
    s->cap = cap;
    return TDREST_OK;
}

static void skip_byte_order_mark(cli_script *s)
{
    if (s->len < 3 || memcmp(s->buffer, "\xEF\xBB\xBF", 3) != 0)
        return;
    s->len -= 3;
    memmove(s->buffer, s->buffer + 3, s->len);
}

/* Reads on until a `;` came, without which no statement can have ended, or the end. */
static int read_more(cli_script *s)
{
    ssize_t n = 0;
    int rc = TDREST_OK, first = s->buffer == NULL;

    if (!first)
        compact(s);
    while (rc == TDREST_OK && s->fd >= 0) {
        size_t before = s->len;

        rc = reserve(s);
        if (rc < 0)
            break;
        do
            n = read(s->fd, s->buffer + s->len, s->cap - s->len);
        while (n < 0 && errno == EINTR && !cli_interrupted());
        if (n < 0 && cli_interrupted())
            return TDREST_ECANCELLED;
        if (n < 0) {
            s->error = errno;
            return TDREST_EUSAGE;
        }
        s->len += (size_t)n;
        if (first)
            skip_byte_order_mark(s);
        first = 0;
        if (n == 0) {
            if (s->fd > STDIN_FILENO)
                close(s->fd);
            s->fd = -1;
        } else if (memchr(s->buffer + before, ';', s->len - before) != NULL) {
            break;
        }
    }
    return rc;
}

int cli_script_next(cli_script *s, const char **sql, size_t *len, int64_t *line)
{
    int rc = TDREST_OK;

    *line = s->lines;
    if (s->error != 0)
        return TDREST_EUSAGE;
    for (;;) {
        size_t before = s->pos;

        rc = tdrest_sql_next(s->text, s->len, &s->pos, &s->statement);
        *sql = s->text + s->statement.offset;
        *len = s->statement.len;
        *line = s->lines + s->statement.line;
        if (s->fd < 0 || (rc == TDREST_ROW && s->statement.closed))
            return rc;
        s->pos = before; /* what was seen may go on */
        rc = read_more(s);
        if (rc < 0)
            return rc;
    }
}
