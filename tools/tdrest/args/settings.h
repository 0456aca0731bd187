/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The options of the connection, layer over layer: the general part of the configuration file, the environment, the profile that was
 * asked for by name, flags.
 */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include <tdrest.h>

#include "args/config.h"

/* Where the value of an option came from. */
typedef struct cli_origin {
    enum { CLI_FROM_DEFAULT, CLI_FROM_FILE, CLI_FROM_ENVIRONMENT, CLI_FROM_PROFILE, CLI_FROM_FLAG } layer;
    int line;         /* of the configuration file */
    const char *flag; /* its name without dashes */
    int by_dsn;       /* was it part of a DSN? */
} cli_origin;

/* A flag that sets an option. */
typedef struct cli_setting {
    const char *key; /* NULL: a header to be added */
    char *value;
    const char *flag;
} cli_setting;

typedef struct cli_settings {
    char *dsn;           /* of --dsn, or NULL */
    cli_setting *items;  /* the other flags, in their order */
    size_t count;
    const char *profile; /* of --profile, or NULL; then of TDREST_PROFILE */
    int profile_by_flag;
    int no_config;
    cli_config config;
    cli_origin *origins; /* of each row of the option table */
} cli_settings;

/*
 * Makes the options. CLI_OK, or what is wrong is told: an exit status; *options may be NULL then. cli_settings_clear and
 * tdrest_options_free are due in either case.
 */
int cli_settings_apply(cli_settings *settings, tdrest_options **options);
void cli_settings_clear(cli_settings *settings);

/* Notes that a flag has set an option since. */
void cli_settings_note(cli_settings *settings, const char *key, const char *flag);

/* Was the option set anywhere? */
int cli_settings_has(const cli_settings *settings, const char *key);

#endif
