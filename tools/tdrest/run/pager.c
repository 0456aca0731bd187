/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A program that shows a long text a screen at a time. Knows nothing of the text but how many lines of the terminal it takes. */
#include "run/pager.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "term/interrupt.h"
#include "term/report.h"
#include "term/show.h"

/* There is one terminal. */
static struct {
    const char *command;
    cli_size size;
    int terminal; /* the descriptor that the pager stands for; -1: none is running */
    pid_t pid;
} pager = {.terminal = -1};

/* Can a shell find the first word of the command? */
static int is_there(const char *command)
{
    char test[1200];
    size_t len;

    command += strspn(command, " \t");
    len = strcspn(command, " \t");
    if (len == 0 || len > 1000 || memchr(command, '\'', len) != NULL)
        return len != 0;
    snprintf(test, sizeof test, "command -v '%.*s' >/dev/null 2>&1", (int)len, command);
    return system(test) == 0;
}

/* The command, or NULL. An empty or blank variable means that none is wanted. */
static const char *find(void)
{
    const char *command = getenv("TDREST_PAGER");

    if (command == NULL)
        command = getenv("PAGER");
    if (command == NULL)
        command = "less";
    return command[strspn(command, " \t")] == '\0' ? NULL : command;
}

static void start(cli_output *out)
{
    int pipes[2];

    if (!is_there(pager.command)) {
        if (strcmp(pager.command, "less") != 0)
            cli_usage("warning: the pager '%s' was not found", pager.command);
        return;
    }
    if (pipe(pipes) < 0)
        return;
    pager.pid = fork();
    if (pager.pid == 0) {
        setenv("LESS", "FRSX", 0);
        dup2(pipes[0], STDIN_FILENO);
        close(pipes[0]);
        close(pipes[1]);
        signal(SIGPIPE, SIG_DFL);
        execl("/bin/sh", "sh", "-c", pager.command, (char *)NULL);
        _exit(127);
    }
    close(pipes[0]);
    if (pager.pid < 0) {
        close(pipes[1]);
        return;
    }
    cli_interrupt_waits(1);
    pager.terminal = out->fd;
    out->fd = pipes[1];
}

void cli_pager_begin(cli_output *out, cli_size size)
{
    pager.command = find();
    if (size.columns == 0 || !isatty(STDIN_FILENO) || pager.command == NULL)
        return;
    cli_output_flush(out);
    pager.size = size;
    out->filled = start;
}

/* The bytes of a sequence of a terminal at text, such as a color; 0: there is none. */
static size_t sequence_at(const char *text, size_t len)
{
    size_t i = 2;

    if (len < 3 || text[0] != '\033' || text[1] != '[')
        return 0;
    while (i < len && text[i] >= 0x20 && text[i] < 0x40)
        i++;
    return i < len ? i + 1 : 0;
}

/* The lines that a line of text takes. */
static size_t rows_of(const char *text, size_t len, size_t columns)
{
    size_t at = 0, width = 0, n, part;

    while (at < len) {
        const char *escape = memchr(text + at, '\033', len - at);

        n = escape == NULL ? len - at : (size_t)(escape - (text + at));
        if (n > 0)
            cli_fit(text + at, n, CLI_NO_LIMIT, &part);
        else
            part = 0;
        width += part;
        at += n;
        n = at < len ? sequence_at(text + at, len - at) : 0;
        at += n == 0 && at < len ? 1 : n;
    }
    return width <= columns ? 1 : (width + columns - 1) / columns;
}

/* With the summary and the next prompt below. */
static int fits(const cli_output *out)
{
    const char *p = out->bytes, *end = p + out->len, *next;
    size_t rows = 2;

    for (; p < end; p = next) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));

        next = lf == NULL ? end : lf + 1;
        rows += rows_of(p, (size_t)((lf == NULL ? end : lf) - p), pager.size.columns);
    }
    return rows <= pager.size.rows;
}

void cli_pager_end(cli_output *out)
{
    if (out->filled != NULL && fits(out))
        out->filled = NULL;
    cli_output_flush(out);
    if (pager.terminal < 0)
        return;
    close(out->fd);
    out->fd = pager.terminal;
    pager.terminal = -1;
    while (waitpid(pager.pid, NULL, 0) < 0 && errno == EINTR)
        ;
    cli_interrupt_waits(0);
    if (out->error == EPIPE)
        out->error = 0;
}
