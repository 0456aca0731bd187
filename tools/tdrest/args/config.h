/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The configuration file: lines `key = value`, profiles in sections `[name]`. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include <stddef.h>

/* One line of it. */
typedef struct cli_config_line {
    const char *section; /* "": the general part */
    const char *key;     /* of the option table, or "dsn" */
    char *value;
    int number;          /* from 1 */
} cli_config_line;

typedef struct cli_config {
    char path[1024]; /* "": nowhere */
    int found;
    char *text;      /* what all others point into */
    cli_config_line *lines;
    size_t count;
    const char **sections;
    size_t section_count;
} cli_config;

/*
 * Reads $XDG_CONFIG_HOME/tdrest/config, or ~/.config/tdrest/config; a file that is not there is an empty one. CLI_OK, or what is wrong
 * is told: CLI_USAGE. cli_config_clear is due in either case.
 */
int cli_config_read(cli_config *config);
void cli_config_clear(cli_config *config);

/* Is there such a profile? CLI_OK, or CLI_USAGE and told, with the names that are there. */
int cli_config_check_profile(const cli_config *config, const char *name);

#endif
