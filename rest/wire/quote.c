/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Texts and names written as SQL. Knows the server's escapes and limits, no statements. */
#include "base/text.h"

#include <string.h>

enum {
    LITERAL_MAX = 65530, /* both quotes included: INSERT refuses longer ones, other statements cut them modulo 65,536 */
    NAME_MAX_BYTES = 192 /* of a table, the longest there is: INSERT copies names into buffers without looking */
};

/* Text to be put between two quotes, an `escape` before each byte that is in `escaped`. */
typedef struct quoting {
    char quote;
    char escape;
    const char *escaped;
} quoting;

static int needs_escape(const quoting *q, char c)
{
    return strchr(q->escaped, c) != NULL;
}

/* The length with both quotes; more than LITERAL_MAX for all that is longer. */
static size_t measure(const quoting *q, const char *text, size_t len)
{
    size_t total = len < LITERAL_MAX ? len + 2 : LITERAL_MAX + 1;

    for (size_t i = 0; i < len && total <= LITERAL_MAX; i++)
        total += (size_t)needs_escape(q, text[i]);
    return total;
}

static void write_quoted(const quoting *q, const char *text, size_t len, char *out)
{
    *out++ = q->quote;
    for (size_t i = 0; i < len; i++) {
        if (needs_escape(q, text[i]))
            *out++ = q->escape;
        *out++ = text[i];
    }
    *out++ = q->quote;
    *out = '\0';
}

/* text holds no NUL. */
static int quote(const quoting *q, const char *text, size_t len, char *out, size_t cap, size_t *needed)
{
    size_t total = measure(q, text, len);

    if (total > LITERAL_MAX)
        return TDREST_EBIND;
    if (needed != NULL)
        *needed = total;
    if (cap <= total)
        return TDREST_ERANGE;
    write_quoted(q, text, len, out);
    return TDREST_OK;
}

static void set_neutral(char *out, size_t cap, size_t *needed)
{
    if (cap > 0)
        out[0] = '\0';
    if (needed != NULL)
        *needed = 0;
}

int tdrest_quote_literal(const char *text, size_t len, char *out, size_t cap, size_t *needed)
{
    static const quoting literal = {'\'', '\\', "\\'"};

    set_neutral(out, cap, needed);
    if (text == NULL)
        return TDREST_EUSAGE;
    len = tdri_text_len(text, len);
    if (memchr(text, '\0', len) != NULL)
        return TDREST_EBIND;
    return quote(&literal, text, len, out, cap, needed);
}

int tdrest_quote_ident(const char *name, size_t len, char *out, size_t cap, size_t *needed)
{
    static const quoting ident = {'`', '`', "`"};

    set_neutral(out, cap, needed);
    if (name == NULL)
        return TDREST_EUSAGE;
    len = tdri_text_len(name, len);
    if (len == 0 || len > NAME_MAX_BYTES || memchr(name, '\0', len) != NULL || memchr(name, '\\', len) != NULL)
        return TDREST_EBIND;
    return quote(&ident, name, len, out, cap, needed);
}
