/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Names that the server knows, for completion: asked for when needed, kept, on a connection of their own, with little patience. */
#ifndef CLI_KNOWN_H
#define CLI_KNOWN_H

#include <stdint.h>
#include <tdrest.h>

#include "shell/editor.h"

typedef struct cli_name_list {
    char *about;   /* what was asked */
    char *text;    /* the names, each with a NUL behind it */
    size_t len;
    int whole;     /* are these all? */
} cli_name_list;

enum { CLI_NAME_LISTS = 64, CLI_KNOWN_MS = 300 /* unless TDREST_COMPLETION_MS says otherwise */ };

typedef struct cli_known {
    tdrest_options *options;
    tdrest_conn *own;
    tdrest_conn *main;    /* Ctrl-C cancels its calls again afterwards */
    cli_name_list lists[CLI_NAME_LISTS];
    size_t next;          /* the list that is given up for a new one */
    int64_t patience_ms;
    int64_t due_ms;       /* of the answers of this completion */
    int64_t quiet_ms;     /* until then nothing is asked, since the last answer did not come */
} cli_known;

void cli_known_init(cli_known *n, tdrest_options *options, tdrest_conn *main);
void cli_known_clear(cli_known *n);
/* Something may have been created or dropped. */
void cli_known_forget(cli_known *n);
/* A completion begins: what it asks takes patience_ms at most, in all. */
void cli_known_begin(cli_known *n);

/* What one of these calls is given: each name that begins like the prefix, without regard to case. */
typedef void cli_name_found(void *context, const char *name, size_t len);

void cli_known_databases(cli_known *n, const char *prefix, size_t len, cli_name_found *found, void *context);
/* Super tables and other tables of a database; child tables from three letters of the prefix on. */
void cli_known_tables(cli_known *n, const char *database, const char *prefix, size_t len, cli_name_found *found, void *context);
/* Columns and tags of a table, which is given as it is in the database. */
void cli_known_columns(cli_known *n, const char *database, const char *table, const char *prefix, size_t len, cli_name_found *found, void *context);

#endif
