/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The command line as a struct. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <tdrest.h>

#include "format.h"

enum cli_task { CLI_TASK_RUN, CLI_TASK_HELP, CLI_TASK_HELP_ALL, CLI_TASK_VERSION };

typedef struct cli_args {
    enum cli_task task;
    const cli_format *format; /* NULL: goes by where standard output leads */
    tdrest_options *options;
    char **sql;               /* texts of statements */
    size_t sql_count;
} cli_args;

/*
 * Reads command line and environment; what is wrong is told on stderr. CLI_OK or an exit status.
 * argv is reordered, and what is secret in it is blanked. cli_args_clear is due in either case.
 */
int cli_args_read(cli_args *args, int argc, char **argv);
void cli_args_clear(cli_args *args);

#endif
