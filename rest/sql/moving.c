/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which token of a statement has another value each time it is sent. The one rule for NOW; knows no statements. */
#include "sql/lexer.h"

#include "base/text.h"

static int is_blank(char c)
{
    return c == ' ' || (unsigned char)c < 0x20;
}

/* A string's bytes as the server has them, its first few behind blanks: it also reads `n\ow` as now. */
static size_t begin_of(const char *p, const char *end, char *out, size_t cap)
{
    size_t n = 0;

    for (; p < end && n < cap; p++) {
        char c = *p;

        if (c == '\\' && p + 1 < end) {
            c = *++p;
            c = c == 'n' || c == 'r' || c == 't' ? ' ' : c;
        }
        if (n > 0 || !is_blank(c))
            out[n++] = c;
    }
    return n;
}

/* Quoted, now and today are times as well, with what may follow them: 'now+1h'. They are just text to a VARCHAR column; which it is cannot be seen here. */
static int is_quoted_now(const char *text, tdri_sql_token token)
{
    char begin[6];
    size_t len = begin_of(text + token.offset + 1, text + token.offset + token.len - 1, begin, sizeof begin);
    size_t word = 0;

    while (word < len && (tdri_is_alpha((unsigned char)begin[word]) || tdri_is_digit((unsigned char)begin[word]) || begin[word] == '_'))
        word++;
    return tdri_text_is(begin, word, "now") || tdri_text_is(begin, word, "today");
}

int tdri_sql_is_moving(const char *text, tdri_sql_token token)
{
    static const char *const words[] = {"now", "today", "rand"};
    size_t quotes = token.kind == TDRI_SQL_NAME;

    if (token.kind == TDRI_SQL_STRING)
        return is_quoted_now(text, token);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (tdri_text_is(text + token.offset + quotes, token.len - 2 * quotes, words[i]))
            return 1;
    return 0;
}
