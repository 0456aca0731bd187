/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The command line as a struct. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <tdrest.h>

#include "format.h"
#include "param.h"
#include "source.h"

enum cli_task { CLI_TASK_RUN, CLI_TASK_PING, CLI_TASK_EXPLAIN, CLI_TASK_WRITE, CLI_TASK_HELP, CLI_TASK_HELP_ALL, CLI_TASK_VERSION };

/* Of CLI_TASK_WRITE. */
typedef struct cli_write_args {
    int protocol;               /* TDREST_PROTOCOL_...; 0: not told */
    int precision;              /* 0: not told */
    int64_t ttl_days;
    const char *table_name_key; /* or NULL */
    int progress;               /* 1: always, -1: never, 0: on a terminal */
    const char *used;           /* one of its flags that was there; NULL: none */
} cli_write_args;

typedef struct cli_args {
    enum cli_task task;
    const cli_format *format; /* NULL: goes by where the output leads */
    cli_style style;
    const char *output;       /* a file; NULL: standard output */
    int keep_going;
    int verbose;
    cli_params params;
    cli_write_args write;
    tdrest_options *options;
    cli_source *sources;      /* in their order; the codes of CLI_TASK_EXPLAIN, the files of CLI_TASK_WRITE */
    size_t source_count;
} cli_args;

/*
 * Reads command line and environment, and asks for a password where that is wanted; what is wrong is told on stderr. CLI_OK
 * or an exit status. What is secret in argv is blanked. cli_args_clear is due in either case.
 */
int cli_args_read(cli_args *args, int argc, char **argv);
void cli_args_clear(cli_args *args);

#endif
