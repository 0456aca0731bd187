/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What was typed of a statement so far. */
#ifndef CLI_TYPED_H
#define CLI_TYPED_H

#include <stddef.h>

typedef struct cli_typed {
    char *text;
    size_t len;
    size_t cap;
    size_t taken; /* of text, by the statement that cli_typed_next handed out */
    int open;     /* the quote, or * for the comment, that is open at its end; 0: none */
} cli_typed;

/* Adds a line. 0, or -1: out of memory. */
int cli_typed_add(cli_typed *t, const char *line, size_t len);
/* Has nothing begun? */
int cli_typed_is_empty(const cli_typed *t);
void cli_typed_drop(cli_typed *t);
void cli_typed_clear(cli_typed *t);

/* The next statement that a `;` has ended, until the next call: 1; 0: the rest is not whole. */
int cli_typed_next(cli_typed *t, const char **sql, size_t *len);

/* The statement as far as it goes: 1; 0: there is none. */
int cli_typed_rest(cli_typed *t, const char **sql, size_t *len);

/* Where a backslash command begins in the line that would be added next; its length: there is none. */
size_t cli_typed_command(const cli_typed *t, const char *line);

/* Texts on one line: line ends become blanks. 0: that would change what they say. */
int cli_typed_join(const char *sql, size_t len, char *out);

#endif
