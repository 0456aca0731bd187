/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What was typed of a statement so far. The library tells where statements, quotes and comments end. */
#include "shell/typed.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <tdrest.h>

int cli_typed_add(cli_typed *t, const char *line, size_t len)
{
    size_t cap = 2 * t->cap + len + 256;
    char *text;

    if (t->cap - t->len < len + 2) {
        text = realloc(t->text, cap);
        if (text == NULL)
            return -1;
        t->text = text;
        t->cap = cap;
    }
    memcpy(t->text + t->len, line, len);
    t->len += len;
    t->text[t->len++] = '\n';
    t->text[t->len] = '\0';
    return 0;
}

int cli_typed_is_empty(const cli_typed *t)
{
    size_t i;

    for (i = 0; i < t->len && isspace((unsigned char)t->text[i]); i++)
        ;
    return i == t->len;
}

void cli_typed_drop(cli_typed *t)
{
    t->len = t->taken = 0;
    t->open = 0;
}

void cli_typed_clear(cli_typed *t)
{
    free(t->text);
    *t = (cli_typed){.len = 0};
}

/* As tdrest_sql_next, from the start of what is left. */
static int look(cli_typed *t, size_t *pos, tdrest_sql_statement *st)
{
    int rc;

    memmove(t->text, t->text + t->taken, t->len - t->taken);
    t->len -= t->taken;
    t->taken = *pos = 0;
    rc = tdrest_sql_next(t->text, t->len, pos, st);
    t->open = rc < 0 ? st->open : 0;
    return rc;
}

int cli_typed_next(cli_typed *t, const char **sql, size_t *len)
{
    tdrest_sql_statement st = TDREST_SQL_STATEMENT_INIT;
    size_t pos;
    int rc;

    if (t->len == 0)
        return 0;
    rc = look(t, &pos, &st);
    if (rc == TDREST_DONE)
        cli_typed_drop(t);
    if (rc != TDREST_ROW || !st.closed)
        return 0;
    t->taken = pos;
    *sql = t->text + st.offset;
    *len = st.len;
    return 1;
}

int cli_typed_rest(cli_typed *t, const char **sql, size_t *len)
{
    tdrest_sql_statement st = TDREST_SQL_STATEMENT_INIT;
    size_t pos;

    if (t->len == 0 || look(t, &pos, &st) != TDREST_ROW)
        return 0;
    *sql = t->text + st.offset;
    *len = st.len;
    return 1;
}

/* Is a quote or comment open behind what was typed and the first bytes of a line? */
static int is_open(const cli_typed *t, const char *line, size_t len)
{
    tdrest_sql_statement st = TDREST_SQL_STATEMENT_INIT;
    size_t left = t->len - t->taken, pos = 0;
    char *text = malloc(left + len + 1);
    int rc;

    if (text == NULL)
        return 1;
    if (left > 0)
        memcpy(text, t->text + t->taken, left);
    memcpy(text + left, line, len);
    text[left + len] = '\n';
    while ((rc = tdrest_sql_next(text, left + len + 1, &pos, &st)) == TDREST_ROW)
        ;
    free(text);
    return rc < 0;
}

size_t cli_typed_command(const cli_typed *t, const char *line)
{
    size_t len = strlen(line), at, word;
    const char *comment = strstr(line, "--");

    for (at = 0; at < len; at++) {
        if (line[at] != '\\' || is_open(t, line, at) || (comment != NULL && comment < line + at && !is_open(t, line, (size_t)(comment - line))))
            continue;
        word = at + 1;
        while (isalpha((unsigned char)line[word]) || line[word] == '?')
            word++;
        if (word > at + 1 || line[strspn(line, " \t")] == '\\')
            return at;
    }
    return len;
}

int cli_typed_join(const char *sql, size_t len, char *out)
{
    size_t i, from = 0;
    const char *lf;

    for (i = 0; i < len; i++) {
        out[i] = sql[i];
        if (sql[i] != '\n' && sql[i] != '\r')
            continue;
        /* Within quotes a line end is a character of the text, and without it a comment would go on. */
        {
            const cli_typed none = {.len = 0};

            if (is_open(&none, sql, i))
                return 0;
        }
        for (lf = sql + from; lf + 1 < sql + i; lf++)
            if (lf[0] == '-' && lf[1] == '-')
                return 0;
        from = i + 1;
        out[i] = ' ';
    }
    out[len] = '\0';
    return 1;
}
