/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The interactive shell. */
#ifndef CLI_SHELL_H
#define CLI_SHELL_H

#include "args/args.h"
#include "run/runner.h"
#include "shell/editor.h"
#include "shell/history.h"
#include "shell/known.h"
#include "shell/typed.h"

typedef struct cli_shell {
    const cli_args *args;
    cli_runner run;
    cli_output *screen;        /* standard output */
    cli_output *file;          /* of \o; NULL: none */
    char *file_name;
    FILE *terminal;            /* where prompts go */
    cli_editor *editor;
    cli_typed typed;
    cli_known names;
    cli_history history;
    char *database;            /* "": none */
    char *last;                /* the last statement; NULL: none */
    const cli_format *folded;  /* the format that \x goes back to; NULL: \x is off */
    tdrest_error error;        /* of the last statement; code 0: it did not fail */
    int status;                /* of the last statement or command */
    int ended;
} cli_shell;

/* Talks to the person at the terminal until they leave. The exit status. */
int cli_shell_run(const cli_args *args, cli_output *out);

/* For the commands: one statement, sent, shown, and remembered as the last one unless it is ours. Its status. */
int cli_shell_statement(cli_shell *s, const char *sql, size_t len);
int cli_shell_ask(cli_shell *s, const char *sql);

/* Sends a statement whose rows the caller reads; a failure is told. CLI_OK, or a status. */
int cli_shell_query(cli_shell *s, const char *sql, tdrest_result **res);

/* What comes now goes there, NULL: to the screen; and it does again when \o names nothing. */
int cli_shell_output(cli_shell *s, const char *file);

/* Follows `use NAME`, which the server has accepted. 0, or -1: out of memory. */
int cli_shell_use(cli_shell *s, const char *name, size_t len);

#endif
