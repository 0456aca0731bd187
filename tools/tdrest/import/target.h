/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Where records go: names of a file matched with the columns of a table, and the statement that follows from them. */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "catalog/catalog.h"
#include "import/records.h"

/* A column of the table that the file fills. */
typedef struct cli_slot {
    const cli_column *column;
    int type;      /* TDREST_TYPE_... */
    int parameter; /* of the statement */
} cli_slot;

/* Where a field goes. */
enum { CLI_FIELD_UNKNOWN = -1, CLI_FIELD_TABLE = -2 };

typedef struct cli_target {
    const cli_import_args *how;
    cli_catalog *catalog;
    char table[CLI_NAME_ROOM];  /* or the super table */
    cli_columns columns;
    cli_slot *slots;            /* tags first */
    size_t slot_count;
    size_t tag_count;
    int *fields;                /* of a header: a slot, or CLI_FIELD_TABLE */
    size_t field_count;
    size_t table_field;         /* which of them names the child table; field_count: none */
    cli_text sql;               /* INSERT */
} cli_target;

/* Asks the server for the columns. CLI_OK, or what is wrong is told. cli_target_close is due in either case. */
int cli_target_open(cli_target *t, cli_catalog *catalog, const cli_import_args *how);
void cli_target_close(cli_target *t);

/* Matches a header, and makes the statement. NULL: the records name their columns, all of which the statement has. CLI_OK, or what is wrong is told. */
int cli_target_match(cli_target *t, const char *file, const cli_record *header);

/* The column or key of a file that names the child table. */
const char *cli_target_table_column(const cli_target *t);

/* The slot of a name; CLI_FIELD_TABLE, or CLI_FIELD_UNKNOWN. hint: a slot to try first. */
int cli_target_find(const cli_target *t, const char *name, size_t len, int hint);

#endif
