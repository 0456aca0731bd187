/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the server says of a database and its tables. */
#ifndef CLI_CATALOG_H
#define CLI_CATALOG_H

#include <tdrest.h>

#include "args/args.h"
#include "term/progress.h"
#include "term/report.h"
#include "term/text.h"

enum { CLI_NAME_ROOM = 193 }; /* the longest name of a table, and a NUL */

/* A connection, and the database that its statements go to. */
typedef struct cli_catalog {
    tdrest_conn *conn;
    tdrest_call call;             /* names the database */
    char database[CLI_NAME_ROOM]; /* as it is spelled; "" as long as there is none */
    char quoted[2 * CLI_NAME_ROOM + 2];
    cli_text sql;                 /* a statement being made */
    int verbose;
} cli_catalog;

typedef struct cli_column {
    char *name;
    char *type;     /* "VARCHAR(20)", "DECIMAL(18, 4)" */
    char *storage;  /* "ENCODE 'delta-i' COMPRESS 'lz4' LEVEL 'medium'"; NULL: of a tag, or the server does not say */
    int is_tag;
    int is_key;     /* of a composite key, besides the time */
} cli_column;

/* The columns of a table, its time first, its tags last. */
typedef struct cli_columns {
    cli_column *items;
    size_t count;
    size_t tags; /* of these */
} cli_columns;

typedef struct cli_names {
    char **items;
    size_t count;
    size_t cap;
} cli_names;

/* The database: that of name, `db.table`, where it has one, else that of the connection. Connects. CLI_OK, or what is wrong is told. cli_catalog_close is due in either case. */
int cli_catalog_open(cli_catalog *c, const cli_args *args, cli_progress *progress, const char *name);
void cli_catalog_close(cli_catalog *c);

/* Another database, as it is spelled. */
int cli_catalog_use(cli_catalog *c, const char *name, size_t len);

/* The part of `db.table` behind the point. */
const char *cli_catalog_table(const char *name);

/* Asks c->sql. CLI_OK and a result, or the failure is told. */
int cli_catalog_ask(cli_catalog *c, tdrest_result **res);
/* The same of a text; empties c->sql first. */
int cli_catalog_ask_text(cli_catalog *c, const char *sql, tdrest_result **res);
/* Tells why a result, or a statement in c->sql, failed; the exit status. */
int cli_catalog_report(const cli_catalog *c, const tdrest_result *res, const char *table);

/* The first column of all rows of a statement, added to names. */
int cli_catalog_list(cli_catalog *c, const char *sql, cli_names *names);
int cli_names_has(const cli_names *names, const char *name);
void cli_names_clear(cli_names *names);

/* `db`.`table` at the end of sql. */
void cli_catalog_put_table(const cli_catalog *c, cli_text *sql, const char *table);

/* Does SQL give a type of that name a length? */
int cli_catalog_has_length(const char *type);

int cli_catalog_describe(cli_catalog *c, const char *table, cli_columns *columns);
void cli_columns_clear(cli_columns *columns);

/* What follows a word of SHOW CREATE DATABASE, such as PRECISION, up to the next blank: "'ms'"; "" when it is not there. CLI_OK, or what is wrong is told. */
int cli_catalog_setting(cli_catalog *c, const char *word, char *value, size_t cap);
/* TDREST_MS, TDREST_US or TDREST_NS. */
int cli_catalog_precision(cli_catalog *c, int *precision);

#endif
