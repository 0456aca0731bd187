/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of commands. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <stddef.h>

/* What the tool is asked to do. Those that no word asks for come last. */
enum cli_task {
    CLI_TASK_RUN,
    CLI_TASK_PING,
    CLI_TASK_WRITE,
    CLI_TASK_EXPORT,
    CLI_TASK_IMPORT,
    CLI_TASK_TAIL,
    CLI_TASK_SPOOL,
    CLI_TASK_OPTIONS,
    CLI_TASK_EXPLAIN,
    CLI_TASK_HELP,
    CLI_TASK_COMPLETION,
    CLI_TASK_VERSION
};

typedef struct cli_command {
    const char *name;     /* the first word; "": statements need none */
    enum cli_task task;
    int connects;         /* does it need the options of a connection? */
    int loads;            /* does it bring data to the server? Then retry_for_ms keeps the library's default, to outlast a restart of the server. It is 0 for
                             others, where a person waits for the error, and with a spool, where rows are safe */
    const char *operands; /* as in a usage line */
    int files;            /* are its operands names of files? */
    const char *formats;  /* what it reads or writes; NULL: as statements, but for what is no text */
    const char *verbs;    /* words that its first operand can be, in front of the name of a file; NULL: none */
    const char *about;    /* a line of help, in lower case */
    const char *details;  /* what help on the command says below its usage; several lines */
} cli_command;

/* The rows of the table, from 0, statements first; NULL past the end. */
const cli_command *cli_command_at(size_t index);

/* The command of that name, and of that task; NULL: there is none. */
const cli_command *cli_command_find(const char *name);
const cli_command *cli_command_of(enum cli_task task);

#endif
