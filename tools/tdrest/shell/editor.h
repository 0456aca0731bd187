/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Lines typed at a terminal: edited with libedit, or as the terminal itself allows. */
#ifndef CLI_EDITOR_H
#define CLI_EDITOR_H

#include <stddef.h>
#include <stdio.h>

typedef struct cli_editor cli_editor;

enum cli_read {
    CLI_READ_LINE,
    CLI_READ_END,         /* Ctrl-D on an empty line, or the terminal is gone */
    CLI_READ_INTERRUPTED, /* Ctrl-C: what was typed is dropped */
    CLI_READ_FAILED       /* out of memory */
};

/* Words that may stand in the place of the one at the cursor. */
typedef struct cli_choices {
    size_t from; /* where that word begins in the line */
    char **words;
    size_t count;
    size_t cap;
    int open;    /* no blank belongs behind a word that is the only one */
} cli_choices;

/* Copies a word into the choices, unless it is there. Does nothing when memory is out. */
void cli_choices_add(cli_choices *choices, const char *word, size_t len);
void cli_choices_clear(cli_choices *choices);

/* Finds the choices for the word that ends at the cursor. It may take a moment, and must not write to the terminal. */
typedef void cli_complete(void *context, const char *line, size_t cursor, cli_choices *choices);

/* Reads standard input, and writes to `out`. NULL: out of memory. */
cli_editor *cli_editor_new(FILE *out, cli_complete *complete, void *context);
void cli_editor_free(cli_editor *e);

/* Can lines be edited, and recalled? */
int cli_editor_edits(const cli_editor *e);

/* The next line, without its end, until the next call. */
enum cli_read cli_editor_read(cli_editor *e, const char *prompt, const char **line);

/* Drops the lines of a paste that were not read yet; how many. */
size_t cli_editor_drop_paste(cli_editor *e);

/* A line to be recalled; it has no line ends. */
void cli_editor_remember(cli_editor *e, const char *line);

#endif
