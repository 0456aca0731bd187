/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A script is cut into statements while it is read, so that neither a dump of any size nor a pipe that stays open has to be in
 * memory as a whole. Knows nothing of what statements do.
 */
#include "input/script.h"

#include <string.h>

/* The server takes a mebibyte; comments come on top. */
enum { PIECE = 1 << 16, MAX_STATEMENT = 1 << 24 };

void cli_script_open(cli_script *s, const cli_source *source)
{
    *s = (cli_script){.in = {.fd = -1}, .text = "", .statement = TDREST_SQL_STATEMENT_INIT};
    if (source->text == NULL) {
        cli_reader_open(&s->in, source, 0);
    } else {
        s->text = source->text;
        s->len = strlen(source->text);
    }
}

void cli_script_close(cli_script *s)
{
    cli_reader_close(&s->in);
}

/* Forgets the statements that were taken. */
static void drop_taken(cli_script *s)
{
    s->lines += cli_source_lines(s->text, s->pos);
    cli_reader_drop(&s->in, s->pos);
    s->pos = 0;
    s->statement = (tdrest_sql_statement)TDREST_SQL_STATEMENT_INIT;
}

/* Reads on until a `;` came, without which no statement can have ended, or the end. */
static int read_more(cli_script *s)
{
    size_t before;
    int rc;

    drop_taken(s);
    do {
        before = s->in.started ? s->in.len : 0;
        rc = s->in.len >= MAX_STATEMENT ? TDREST_ERANGE : cli_reader_more(&s->in, PIECE);
    } while (rc == TDREST_OK && s->in.fd >= 0 && !(s->in.started && memchr(s->in.buffer + before, ';', s->in.len - before) != NULL));
    s->text = s->in.buffer;
    s->len = s->in.len;
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
    if (cli_reader_failed(&s->in))
        return TDREST_EUSAGE;
    for (;;) {
        size_t before = s->pos;

        rc = tdrest_sql_next(s->text, s->len, &s->pos, &s->statement);
        *sql = s->text + s->statement.offset;
        *len = s->statement.len;
        *line = s->lines + s->statement.line;
        if (s->in.fd < 0 || (rc == TDREST_ROW && s->statement.closed)) {
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
