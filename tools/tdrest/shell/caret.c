/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The place in a statement that a failure is about: told by the library, or read from the server's words, which repeat a part of the statement. */
#include "shell/caret.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "term/show.h"

static int is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The last place of a part, since the server repeats the statement up to its end. */
static int64_t find_last(const char *sql, size_t len, const char *part, size_t n)
{
    size_t at;

    for (at = n == 0 || n > len ? 0 : len - n + 1; at > 0; at--)
        if (strncasecmp(sql + at - 1, part, n) == 0)
            return (int64_t)at - 1;
    return -1;
}

/* The only place of a word; -1 as well when there are several. */
static int64_t find_word(const char *sql, size_t len, const char *word, size_t n)
{
    int64_t found = -1;
    size_t at;

    for (at = 0; n > 0 && at + n <= len; at++) {
        if (strncasecmp(sql + at, word, n) != 0 || (at > 0 && is_word(sql[at - 1])) || (at + n < len && is_word(sql[at + n])))
            continue;
        if (found >= 0)
            return -1;
        found = (int64_t)at;
    }
    return found;
}

/* Of `... near "PART"`; the server cuts a long part off. */
static int64_t find_near(const char *part, const char *sql, size_t len)
{
    char quote = *part++;
    const char *end = strrchr(part, quote);
    size_t n = end == NULL ? strlen(part) : (size_t)(end - part), word;
    int64_t at;

    while (n > 0 && isspace((unsigned char)part[n - 1]))
        n--;
    at = find_last(sql, len, part, n);
    if (at >= 0)
        return at;
    for (word = 0; word < n && is_word(part[word]); word++)
        ;
    return find_word(sql, len, part, word);
}

int64_t cli_caret_find(const tdrest_error *err, const char *sql, size_t len)
{
    const char *near = strstr(err->message, "near "), *colon = strrchr(err->message, ':');
    size_t n = 0;

    if (err->server_code == 0)
        return err->code == TDREST_EUSAGE && err->offset >= 0 && (uint64_t)err->offset <= len ? err->offset : -1;
    if (near != NULL && (near[5] == '"' || near[5] == '\''))
        return find_near(near + 5, sql, len);
    if (colon == NULL)
        return -1;
    colon += 1 + strspn(colon + 1, " `'\"");
    while (is_word(colon[n]))
        n++;
    return colon[n] == '\0' || strchr("`'\" ", colon[n]) != NULL ? find_word(sql, len, colon, n) : -1;
}

/* A part of a line as it is shown, from its start or up to its end, in some columns. */
static size_t show(const char *text, size_t len, size_t columns, char *out, size_t *width)
{
    return cli_show(text, len, columns, out, width);
}

void cli_caret_put(FILE *out, const char *sql, size_t len, size_t at, size_t columns)
{
    enum { PART = 200 };
    size_t from = at, to = at, line = 1, i, width = 0, n;
    char head[32], shown[CLI_SHOW_ROOM(PART) + 1];
    int head_len;

    while (from > 0 && sql[from - 1] != '\n' && at - from < PART)
        from--;
    while (to < len && sql[to] != '\n' && to - at < PART)
        to++;
    for (i = 0; i < at; i++)
        line += sql[i] == '\n';
    head_len = snprintf(head, sizeof head, "line %zu: ", line);
    columns = columns > 20 ? columns - (size_t)head_len - 1 : 60;
    /* What stands far behind the start of a long line is shown without that start. */
    do {
        n = show(sql + from, at - from, CLI_NO_LIMIT, shown, &width);
        if (width > columns / 2)
            from++;
    } while (width > columns / 2);
    while (from < at && ((unsigned char)sql[from] & 0xC0) == 0x80)
        from++;
    n = show(sql + from, at - from, CLI_NO_LIMIT, shown, &width);
    fprintf(out, "%s%.*s", head, (int)n, shown);
    n = show(sql + at, to - at, columns - width, shown, &i);
    fprintf(out, "%.*s\n%*s^\n", (int)n, shown, head_len + (int)width, "");
}
