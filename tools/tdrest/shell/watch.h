/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* \watch: a statement again and again. */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include "shell/shell.h"

/* arg: [i=]SECONDS, c=COUNT, m=ROWS. Until Ctrl-C, an error, COUNT times, or fewer than ROWS rows came. A status. */
int cli_watch(cli_shell *s, const char *sql, size_t len, const char *arg);

#endif
