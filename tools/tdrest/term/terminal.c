/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the terminal is like. Sets nothing, and calls no setlocale: the variables are read as texts. */
#include "term/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

static size_t number_of(const char *variable, size_t otherwise)
{
    const char *text = getenv(variable);
    long number = text == NULL ? 0 : strtol(text, NULL, 10);

    return number > 0 && number <= 4096 ? (size_t)number : otherwise;
}

cli_size cli_terminal_size(int fd)
{
    struct winsize size = {.ws_col = 0};
    cli_size out = {0, 0};

    if (!isatty(fd))
        return out;
    (void)ioctl(fd, TIOCGWINSZ, &size);
    out.columns = size.ws_col != 0 ? size.ws_col : number_of("COLUMNS", 80);
    out.rows = size.ws_row != 0 ? size.ws_row : number_of("LINES", 24);
    return out;
}

int cli_terminal_is_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"}; /* the first that is set decides */
    const char *value = NULL, *charset;
    size_t i;

    for (i = 0; i < 3 && (value == NULL || *value == '\0'); i++)
        value = getenv(names[i]);
    charset = value == NULL ? NULL : strchr(value, '.');
    return charset != NULL && (strncasecmp(charset, ".utf-8", 6) == 0 || strncasecmp(charset, ".utf8", 5) == 0);
}

int cli_terminal_moves(int fd)
{
    const char *term = getenv("TERM");

    return isatty(fd) && term != NULL && *term != '\0' && strcmp(term, "dumb") != 0;
}

int cli_terminal_has_color(int fd)
{
    const char *no = getenv("NO_COLOR");

    return (no == NULL || *no == '\0') && cli_terminal_moves(fd);
}
