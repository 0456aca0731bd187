/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The command line as a struct. */
#ifndef CLI_ARGS_H
#define CLI_ARGS_H

#include <tdrest.h>

#include "args/commands.h"
#include "args/param.h"
#include "args/settings.h"
#include "format/formats.h"
#include "input/source.h"

/* Of CLI_TASK_WRITE. */
typedef struct cli_write_args {
    int protocol;               /* TDREST_PROTOCOL_...; 0: not told */
    int precision;              /* 0: not told */
    int64_t ttl_days;
    const char *table_name_key; /* or NULL */
    const char *reject;         /* a file, or NULL */
    int64_t parallel;           /* requests at a time */
} cli_write_args;

/* Of CLI_TASK_EXPORT. */
typedef struct cli_export_args {
    const char *query; /* or NULL */
    int split;         /* a file for each child table */
    int schema;        /* statements, no rows */
    int force;
    int64_t range_rows; /* of a range of time, at most */
    int64_t parallel;   /* ranges at a time */
} cli_export_args;

/* Of CLI_TASK_IMPORT; the file of rejected records is that of cli_write_args. */
typedef struct cli_import_args {
    const char *table;        /* or NULL */
    const char *using;        /* a super table, or NULL */
    const char *table_column; /* NULL: tbname */
    const char *tags;         /* NULL: all */
    char delimiter;           /* 0: not told */
    int time_unit;            /* TDREST_SECOND, TDREST_MS ...; 0: not told */
    const char *time_format;  /* or NULL */
    int64_t parallel;         /* requests at a time */
    int64_t max_errors;       /* -1: not told */
    int64_t rate;             /* 0: as fast as it goes */
    int resume;
    int dry_run;
} cli_import_args;

/* Of CLI_TASK_TAIL. */
typedef struct cli_tail_args {
    const char *since;   /* a time or a duration; NULL: now */
    int64_t interval_ms;
    int64_t overlap_ms;
} cli_tail_args;

/* When something is done: progress, colors. */
enum cli_when { CLI_AUTO, CLI_ALWAYS, CLI_NEVER };

typedef struct cli_args {
    enum cli_task task;
    const cli_format *format; /* NULL: goes by where the output leads */
    cli_style style;
    const char *output;       /* a file; NULL: standard output */
    const char *svg;          /* a file for a picture, `-`: standard output; NULL: none */
    enum cli_when color;
    enum cli_when progress;
    int keep_going;
    int verbose;
    cli_params params;
    cli_write_args write;
    cli_export_args exporting;
    cli_tail_args tailing;
    cli_import_args importing;
    cli_settings settings;
    tdrest_options *options;
    cli_source *sources;      /* in their order; the codes of CLI_TASK_EXPLAIN, the files of CLI_TASK_WRITE and CLI_TASK_IMPORT, the table of CLI_TASK_EXPORT */
    size_t source_count;
    const char *topic;        /* of CLI_TASK_HELP: a command, "all", or NULL; of CLI_TASK_COMPLETION: a shell */
} cli_args;

/* Is the option spool_dir set? */
int cli_has_spool(const cli_args *args);

/* Does -o name a folder? */
int cli_exports_folder(const cli_args *args);

/*
 * Reads command line, configuration file and environment, and asks for a password where that is wanted; what is wrong is told on stderr.
 * CLI_OK or an exit status. What is secret in argv is blanked. cli_args_clear is due in either case.
 */
int cli_args_read(cli_args *args, int argc, char **argv);
void cli_args_clear(cli_args *args);

#endif
