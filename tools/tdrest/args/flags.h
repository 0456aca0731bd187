/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of the tool's own flags. */
#ifndef CLI_FLAGS_H
#define CLI_FLAGS_H

#include <stddef.h>

#include "args/commands.h"

enum cli_flag {
    CLI_FLAG_DSN,
    CLI_FLAG_DATABASE,
    CLI_FLAG_PROFILE,
    CLI_FLAG_NO_CONFIG,
    CLI_FLAG_PASSWORD_FILE,
    CLI_FLAG_ASK_PASSWORD,
    CLI_FLAG_HEADER,
    CLI_FLAG_FILE,
    CLI_FLAG_PARAM,
    CLI_FLAG_KEEP_GOING,
    CLI_FLAG_FORMAT,
    CLI_FLAG_OUTPUT,
    CLI_FLAG_SVG,
    CLI_FLAG_TITLE,
    CLI_FLAG_NULL,
    CLI_FLAG_TIME,
    CLI_FLAG_NO_HEADER,
    CLI_FLAG_TYPES,
    CLI_FLAG_NO_CUT,
    CLI_FLAG_ASCII,
    CLI_FLAG_COLOR,
    CLI_FLAG_PROTOCOL,
    CLI_FLAG_PRECISION,
    CLI_FLAG_TTL,
    CLI_FLAG_TABLE_NAME_KEY,
    CLI_FLAG_SPOOL,
    CLI_FLAG_REJECT,
    CLI_FLAG_TABLE,
    CLI_FLAG_USING,
    CLI_FLAG_TABLE_COLUMN,
    CLI_FLAG_TAGS,
    CLI_FLAG_DELIMITER,
    CLI_FLAG_TIME_UNIT,
    CLI_FLAG_TIME_FORMAT,
    CLI_FLAG_PARALLEL,
    CLI_FLAG_MAX_ERRORS,
    CLI_FLAG_RATE,
    CLI_FLAG_RESUME,
    CLI_FLAG_DRY_RUN,
    CLI_FLAG_QUERY,
    CLI_FLAG_SPLIT,
    CLI_FLAG_SCHEMA,
    CLI_FLAG_FORCE,
    CLI_FLAG_RANGE_ROWS,
    CLI_FLAG_SINCE,
    CLI_FLAG_INTERVAL,
    CLI_FLAG_OVERLAP,
    CLI_FLAG_PROGRESS,
    CLI_FLAG_VERBOSE,
    CLI_FLAG_COMPLETION,
    CLI_FLAG_HELP,
    CLI_FLAG_VERSION,
    CLI_FLAG_NONE
};

/* What completion offers for a flag's value. */
enum cli_value { CLI_VALUE_TEXT, CLI_VALUE_FILE, CLI_VALUE_FORMAT, CLI_VALUE_WORDS };

typedef struct cli_flag_info {
    char letter;        /* '\0': has none */
    const char *name;   /* without dashes */
    const char *value;  /* what help calls its value; NULL: takes none */
    enum cli_value kind;
    const char *words;  /* of CLI_VALUE_WORDS, separated by blanks */
    unsigned tasks;     /* bits of the tasks it is for, and CLI_FLAG_EVERYWHERE */
    int common;         /* does the short help have it? */
    const char *about;
} cli_flag_info;

const cli_flag_info *cli_flag_at(enum cli_flag flag);

/* What it is for, in that task; NULL: its value is a format. */
const char *cli_flag_about(enum cli_flag flag, enum cli_task task);

/* CLI_FLAG_NONE when there is none. */
enum cli_flag cli_flag_find(const char *name, size_t len);
enum cli_flag cli_flag_of_letter(char letter);

/* A bit of tasks: the flag may be given anywhere. */
#define CLI_FLAG_EVERYWHERE (1u << 30)

/* Does it change what that task does? May it be given with that task? */
int cli_flag_is_of(enum cli_flag flag, enum cli_task task);
int cli_flag_fits(enum cli_flag flag, enum cli_task task);

#endif
