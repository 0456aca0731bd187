/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The file of what was typed. */
#ifndef CLI_HISTORY_H
#define CLI_HISTORY_H

#include <stddef.h>

enum { CLI_HISTORY_PATH = 1024 };

typedef struct cli_history {
    char path[CLI_HISTORY_PATH]; /* "": there is none */
} cli_history;

/*
 * Finds the file: TDREST_HISTORY, else tdrest/history in XDG_STATE_HOME or ~/.local/state; calls `each` for its newest entries, oldest first. What is
 * wrong with it is warned about once, and nothing is kept then.
 */
void cli_history_open(cli_history *h, void (*each)(void *context, const char *entry), void *context);

/* Appends an entry, unless it holds a password or begins with a blank. Shells that run side by side may do so at the same time. */
void cli_history_add(cli_history *h, const char *entry, size_t len);

/* Does the statement hold a password? */
int cli_history_is_secret(const char *entry, size_t len);

#endif
