/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A script is cut into statements while it is read, so that neither a dump of any size nor a pipe that stays open has to be in
 * memory as a whole. Knows nothing of what statements do.
 */
#include "input/script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "term/interrupt.h"

/* The server takes a mebibyte; comments come on top. */
enum { PIECE = 1 << 16, MAX_STATEMENT = 1 << 24 };

void cli_script_open(cli_script *s, const cli_source *source)
{
    *s = (cli_script){.fd = -1, .statement = TDREST_SQL_STATEMENT_INIT};
    if (source->text != NULL) {
        s->text = source->text;
        s->len = strlen(source->text);
        return;
    }
    s->text = "";
    s->fd = cli_source_open(source, &s->name);
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

/* Behind the first bytes, of which a slow pipe may have one at a time: are they a text? */
static int look_at_start(cli_script *s, int ended)
{
    size_t mark;

    if (s->started || (s->len < CLI_SOURCE_START && !ended))
        return TDREST_OK;
    s->started = 1;
    mark = cli_source_mark(s->buffer, s->len);
    s->fault = cli_source_fault(s->buffer, s->len);
    s->len -= mark;
    memmove(s->buffer, s->buffer + mark, s->len);
    return s->fault == NULL ? TDREST_OK : TDREST_EUSAGE;
}

/* Reads on until a `;` came, without which no statement can have ended, or the end. */
static int read_more(cli_script *s)
{
    ssize_t n = 0;
    int rc = TDREST_OK;

    if (s->buffer != NULL)
        compact(s);
    while (rc == TDREST_OK && s->fd >= 0) {
        size_t before = s->started ? s->len : 0;

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
        rc = look_at_start(s, n == 0);
        if (n == 0) {
            if (s->fd > STDIN_FILENO)
                close(s->fd);
            s->fd = -1;
        } else if (s->started && memchr(s->buffer + before, ';', s->len - before) != NULL) {
            break;
        }
    }
    return rc;
}

/* What looks like nothing: a byte order mark between joined files, blanks that are not ASCII. The bytes of one at text. */
static size_t blank_at(const char *text, size_t len)
{
    static const char *const blanks[] = {"\xEF\xBB\xBF", "\xC2\xA0", "\xE2\x80\x8B", "\xE3\x80\x80"};
    size_t i;

    for (i = 0; i < sizeof blanks / sizeof blanks[0]; i++)
        if (len >= strlen(blanks[i]) && memcmp(text, blanks[i], strlen(blanks[i])) == 0)
            return strlen(blanks[i]);
    return len > 0 && strchr(" \t\r\n", *text) != NULL && *text != '\0';
}

/* Takes them from both ends of a statement: outside of quotes they are no SQL. */
static void trim(const char **sql, size_t *len, int64_t *line)
{
    size_t n, i;

    while ((n = blank_at(*sql, *len)) > 0) {
        *line += **sql == '\n';
        *sql += n;
        *len -= n;
    }
    for (i = 1; i <= 3 && i <= *len; i++) {
        if (blank_at(*sql + *len - i, i) != i)
            continue;
        *len -= i;
        i = 0;
    }
}

int cli_script_next(cli_script *s, const char **sql, size_t *len, int64_t *line)
{
    int rc = TDREST_OK;

    *line = s->lines;
    if (s->error != 0 || s->fault != NULL)
        return TDREST_EUSAGE;
    for (;;) {
        size_t before = s->pos;

        rc = tdrest_sql_next(s->text, s->len, &s->pos, &s->statement);
        *sql = s->text + s->statement.offset;
        *len = s->statement.len;
        *line = s->lines + s->statement.line;
        if (s->fd < 0 || (rc == TDREST_ROW && s->statement.closed)) {
            if (rc == TDREST_ROW)
                trim(sql, len, line);
            if (rc != TDREST_ROW || *len > 0)
                return rc;
            continue;
        }
        s->pos = before; /* what was seen may go on */
        rc = read_more(s);
        if (rc < 0)
            return rc;
    }
}
