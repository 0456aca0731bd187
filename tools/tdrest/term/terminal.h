/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the terminal is like. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stddef.h>

typedef struct cli_size {
    size_t columns; /* 0: no terminal */
    size_t rows;
} cli_size;

/* The size of the terminal behind a descriptor; where it does not tell, COLUMNS and LINES, then 80 and 24. */
cli_size cli_terminal_size(int fd);

/* Does the environment say that characters are UTF-8? */
int cli_terminal_is_utf8(void);

/* Is there a terminal whose cursor can be moved? */
int cli_terminal_moves(int fd);

/* Is color welcome there? NO_COLOR and TERM are asked. */
int cli_terminal_has_color(int fd);

#endif
