/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Commands that begin with a backslash. */
#ifndef CLI_BACKSLASH_H
#define CLI_BACKSLASH_H

#include <stddef.h>

struct cli_shell;

typedef struct cli_backslash {
    const char *name; /* with its backslash */
    const char *args; /* for help */
    const char *about;
    enum { CLI_TAKES_NOTHING, CLI_TAKES_TEXT, CLI_TAKES_TABLE, CLI_TAKES_DATABASE, CLI_TAKES_FORMAT } takes;
    int (*run)(struct cli_shell *s, const char *arg); /* a status */
} cli_backslash;

/* From 0; NULL past the end. */
const cli_backslash *cli_backslash_at(size_t index);
const cli_backslash *cli_backslash_find(const char *name, size_t len);

/* Runs a line that begins with a backslash. A status. */
int cli_backslash_run(struct cli_shell *s, const char *line);

/* The command that somebody means who types this out of habit, such as `help`; NULL: it is none. use: `use db` is one of them, and SQL as well. */
const char *cli_backslash_habit(const char *line, char *room, size_t cap);

#endif
