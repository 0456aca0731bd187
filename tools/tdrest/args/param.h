/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Values for the `:name`s of statements, as the command line has them. */
#ifndef CLI_PARAM_H
#define CLI_PARAM_H

#include <tdrest.h>

#include "term/show.h"

enum cli_param_type {
    CLI_PARAM_TEXT,
    CLI_PARAM_INT,
    CLI_PARAM_UINT,
    CLI_PARAM_FLOAT,
    CLI_PARAM_BOOL,
    CLI_PARAM_TIME,
    CLI_PARAM_S,
    CLI_PARAM_MS,
    CLI_PARAM_US,
    CLI_PARAM_NS,
    CLI_PARAM_DECIMAL,
    CLI_PARAM_JSON,
    CLI_PARAM_HEX,
    CLI_PARAM_NULL,
    CLI_PARAM_IDENT
};

typedef struct cli_param {
    const char *name;
    enum cli_param_type type;
    const char *text; /* the value; of CLI_PARAM_HEX its bytes */
    size_t len;
    union {
        int64_t i; /* and CLI_PARAM_BOOL, CLI_PARAM_S in milliseconds, CLI_PARAM_MS ... */
        uint64_t u;
        double d;
    } as;
    int used; /* by a statement */
} cli_param;

typedef struct cli_params {
    cli_param *items;
    size_t count;
} cli_params;

/* Adds what stands behind -p, NAME[:TYPE]=VALUE, to items that have room; arg is written over and kept. CLI_OK, or what is wrong is told: CLI_USAGE. */
int cli_params_add(cli_params *params, char *arg);

/* The one of a name; NULL: there is none. */
cli_param *cli_params_find(const cli_params *params, const char *name, size_t len);

/* The types, from 0; NULL past the end. */
const char *cli_param_type_at(size_t index, const char **about);

/* The value in quotes, for a message; NULL: bytes, or a text, which may be anything, such as a new password. */
const char *cli_param_shown(const cli_param *param, char room[CLI_QUOTED_ROOM]);

/* Is it a time, or bytes? These need to know the column they go to. */
int cli_param_depends_on_column(const cli_param *param);

/* As the tdrest_stmt_bind of its type; not for CLI_PARAM_IDENT. */
int cli_param_bind(const cli_param *param, tdrest_stmt *stmt, int index);

/* Could every value be sent? CLI_OK, or the first that could not is told. Does no network. */
int cli_params_check(const cli_params *params, tdrest_conn *conn);

/* Was every one used? CLI_OK, or the first that was not is told: CLI_USAGE. */
int cli_params_check_used(const cli_params *params);

#endif
