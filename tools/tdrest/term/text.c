/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A text that grows. Knows nothing of what it is for. */
#include "term/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tdrest.h>

int cli_hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *at = c == '\0' ? NULL : strchr(digits, c);

    return at == NULL ? -1 : (int)((at - digits) & 15);
}

char *cli_copy(const char *text, size_t len)
{
    char *copy = malloc(len + 1);

    if (copy == NULL)
        return NULL;
    if (len != 0)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

/* Room for so many bytes more and a NUL; 0: there is none. */
static int reserve(cli_text *t, size_t more)
{
    size_t need = t->len + more + 1, cap = t->cap < 64 ? 64 : t->cap;
    char *data;

    if (t->failed || need < more)
        return 0;
    if (need <= t->cap)
        return 1;
    while (cap < need)
        cap = cap > (size_t)-1 / 2 ? need : 2 * cap;
    data = realloc(t->data, cap);
    if (data == NULL) {
        t->failed = TDREST_ENOMEM;
        return 0;
    }
    t->data = data;
    t->cap = cap;
    return 1;
}

void cli_text_put(cli_text *t, const char *bytes, size_t len)
{
    if (!reserve(t, len))
        return;
    if (len != 0)
        memcpy(t->data + t->len, bytes, len);
    t->len += len;
    t->data[t->len] = '\0';
}

void cli_text_add(cli_text *t, const char *text)
{
    cli_text_put(t, text, strlen(text));
}

void cli_text_char(cli_text *t, char c)
{
    cli_text_put(t, &c, 1);
}

void cli_text_int(cli_text *t, long long value)
{
    char room[24];

    cli_text_put(t, room, (size_t)snprintf(room, sizeof room, "%lld", value));
}

/* What the library makes of text, by one of its two functions for that. */
static void put_quoted(cli_text *t, const char *text, size_t len, int (*quote)(const char *, size_t, char *, size_t, size_t *))
{
    size_t written = 0;
    int rc;

    if (!reserve(t, 2 * len + 3))
        return;
    rc = quote(text, len, t->data + t->len, t->cap - t->len, &written);
    if (rc < 0)
        t->failed = rc;
    else
        t->len += written;
}

void cli_text_ident(cli_text *t, const char *name)
{
    put_quoted(t, name, strlen(name), tdrest_quote_ident);
}

void cli_text_literal(cli_text *t, const char *text, size_t len)
{
    put_quoted(t, text, len, tdrest_quote_literal);
}

void cli_text_json(cli_text *t, const char *text, size_t len)
{
    char room[8];
    size_t i;

    cli_text_char(t, '"');
    for (i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c == '"' || c == '\\') {
            cli_text_char(t, '\\');
            cli_text_char(t, (char)c);
        } else if (c < 0x20) {
            cli_text_put(t, room, (size_t)snprintf(room, sizeof room, "\\u%04x", c));
        } else {
            cli_text_char(t, (char)c);
        }
    }
    cli_text_char(t, '"');
}

void cli_text_reset(cli_text *t)
{
    t->len = 0;
    if (t->data != NULL)
        t->data[0] = '\0';
}

void cli_text_clear(cli_text *t)
{
    free(t->data);
    *t = (cli_text){.data = NULL};
}
