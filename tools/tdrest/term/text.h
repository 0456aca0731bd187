/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A text that grows. */
#ifndef CLI_TEXT_H
#define CLI_TEXT_H

#include <stddef.h>

/* What a hexadecimal digit stands for; -1: it is none. */
int cli_hex_digit(char c);

/* A copy of a text, with a NUL behind it, to be freed; NULL: out of memory. */
char *cli_copy(const char *text, size_t len);

/* Starts as all zero. Once something could not be added nothing more is. */
typedef struct cli_text {
    char *data; /* ends with a NUL; NULL as long as nothing was added */
    size_t len;
    size_t cap;
    int failed; /* 0, TDREST_ENOMEM, or what tdrest_quote_ident or tdrest_quote_literal said */
} cli_text;

void cli_text_put(cli_text *t, const char *bytes, size_t len);
void cli_text_add(cli_text *t, const char *text);
void cli_text_char(cli_text *t, char c);
void cli_text_int(cli_text *t, long long value);
/* As SQL: a name in backquotes, a text in quotes. */
void cli_text_ident(cli_text *t, const char *name);
void cli_text_literal(cli_text *t, const char *text, size_t len);
/* As JSON, in quotes. */
void cli_text_json(cli_text *t, const char *text, size_t len);
/* Empties it and keeps its memory. */
void cli_text_reset(cli_text *t);
void cli_text_clear(cli_text *t);

#endif
