/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Bytes of unknown origin as text that is safe on a terminal, measured in its columns. */
#ifndef CLI_SHOW_H
#define CLI_SHOW_H

#include <stddef.h>

#define CLI_NO_LIMIT ((size_t)-1)
/* Room that cli_show may need for len bytes: one byte becomes at most four, and an ellipsis may follow. */
#define CLI_SHOW_ROOM(len) (4 * (len) + 3)

/*
 * Writes text to out, which has CLI_SHOW_ROOM(len) bytes; the bytes written. Control characters, those that turn the
 * writing direction and bytes that are not UTF-8 become \n, \x1b, \u202e and the like. What would be wider than limit
 * columns is cut, and ends with an ellipsis. width receives the columns.
 */
size_t cli_show(const char *text, size_t len, size_t limit, char *out, size_t *width);

/* How many bytes of a text made by cli_show fit into limit columns. */
size_t cli_fit(const char *text, size_t len, size_t limit, size_t *width);

/* A value for a message: in quotes, made safe, cut to CLI_QUOTED_COLUMNS. Answers out. */
enum { CLI_QUOTED_COLUMNS = 64, CLI_QUOTED_BYTES = 4 * CLI_QUOTED_COLUMNS, CLI_QUOTED_ROOM = CLI_SHOW_ROOM(CLI_QUOTED_BYTES) + sizeof "''" };
const char *cli_quoted(const char *text, size_t len, char out[CLI_QUOTED_ROOM]);

#endif
