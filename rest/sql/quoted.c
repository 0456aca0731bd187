/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Where in an INSERT the value stands that a refusal of it quotes: of a bare value the statement from there on, at most 63 bytes, in lower case; of a string what is
 * between its quotes. Knows the form of these messages; no rows.
 */
#include "sql/quoted.h"

#include "base/text.h"

#include <string.h>

/* What is quoted: the bytes behind *from; 0 when the message is of another kind. A character that was cut is left out. */
static size_t quotation(const char *message, const char **from)
{
    static const char near[] = "syntax error near '", close[] = "' (", cut[] = "\xef\xbf\xbd";
    const char *end = NULL, *p;

    if (strncmp(message, near, sizeof near - 1) != 0)
        return 0;
    *from = message + sizeof near - 1;
    for (p = strstr(*from, close); p != NULL; p = strstr(p + 1, close))
        end = p;
    if (end == NULL)
        return 0;
    p = strstr(*from, cut);
    return (size_t)((p != NULL && p < end ? p : end) - *from);
}

/* A record's message has `?` for bytes that it cannot hold: it may have been any. */
static int is_same(const char *sql, const char *quoted, size_t len)
{
    size_t i = 0;

    while (i < len && (quoted[i] == '?' || tdri_lower((unsigned char)sql[i]) == tdri_lower((unsigned char)quoted[i])))
        i++;
    return i == len;
}

size_t tdri_quoted_at(const char *message, const char *sql, size_t len)
{
    const char *quoted = NULL;
    size_t quoted_len = quotation(message, &quoted), at = SIZE_MAX;

    if (quoted_len == 0 || memchr(sql, '\\', len) != NULL)
        return SIZE_MAX;
    for (size_t i = 0; i + quoted_len <= len; i++) {
        if (!is_same(sql + i, quoted, quoted_len))
            continue;
        if (at != SIZE_MAX)
            return SIZE_MAX;
        at = i;
    }
    return at;
}
