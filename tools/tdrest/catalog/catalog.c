/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the server says of a database and its tables. Knows nothing of what that is needed for. */
#include "catalog/catalog.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/connect.h"

/* ---- statements ---- */

int cli_catalog_report(const cli_catalog *c, const tdrest_result *res, const char *table)
{
    char where[CLI_PLACE_MAX];
    cli_place place = {.verbose = c->verbose, .text = table == NULL ? NULL : where};

    snprintf(where, sizeof where, "table %.192s", table == NULL ? "" : table);
    return cli_report(res == NULL ? tdrest_conn_error(c->conn) : tdrest_result_error(res), &place);
}

/* A failure names the table, if there is one. */
static int ask_about(cli_catalog *c, const char *table, tdrest_result **res)
{
    *res = NULL;
    if (c->sql.failed == TDREST_ENOMEM)
        return cli_report_no_memory();
    if (c->sql.failed != 0)
        return cli_usage("table '%.200s': expected a name of 1 to 192 bytes, without backslash", table == NULL ? "" : table);
    if (tdrest_query(c->conn, c->sql.data, c->sql.len, &c->call, res) < 0)
        return cli_catalog_report(c, NULL, table);
    return CLI_OK;
}

int cli_catalog_ask(cli_catalog *c, tdrest_result **res)
{
    return ask_about(c, NULL, res);
}

int cli_catalog_ask_text(cli_catalog *c, const char *sql, tdrest_result **res)
{
    cli_text_reset(&c->sql);
    cli_text_add(&c->sql, sql);
    return cli_catalog_ask(c, res);
}

void cli_catalog_put_table(const cli_catalog *c, cli_text *sql, const char *table)
{
    cli_text_add(sql, c->quoted);
    cli_text_char(sql, '.');
    cli_text_ident(sql, table);
}

/* ---- lists ---- */

int cli_names_has(const cli_names *names, const char *name)
{
    size_t i;

    for (i = 0; i < names->count && strcmp(names->items[i], name) != 0; i++)
        ;
    return i < names->count;
}

void cli_names_clear(cli_names *names)
{
    size_t i;

    for (i = 0; i < names->count; i++)
        free(names->items[i]);
    free(names->items);
    *names = (cli_names){.items = NULL};
}

static int add_name(cli_names *names, const char *text, size_t len)
{
    if (names->count == names->cap) {
        size_t cap = names->cap == 0 ? 16 : 2 * names->cap;
        char **items = realloc(names->items, cap * sizeof *items);

        if (items == NULL)
            return TDREST_ENOMEM;
        names->items = items;
        names->cap = cap;
    }
    names->items[names->count] = cli_copy(text, len);
    if (names->items[names->count] == NULL)
        return TDREST_ENOMEM;
    names->count++;
    return TDREST_ROW;
}

/* How reading a result ended. */
static int finish(const cli_catalog *c, tdrest_result *res, int rc)
{
    int status = rc == TDREST_DONE ? CLI_OK : rc == TDREST_ENOMEM && tdrest_result_error(res)->code == 0 ? cli_report_no_memory() : cli_catalog_report(c, res, NULL);

    tdrest_result_free(res);
    return status;
}

int cli_catalog_list(cli_catalog *c, const char *sql, cli_names *names)
{
    tdrest_result *res;
    const char *text;
    size_t len;
    int rc, status = cli_catalog_ask_text(c, sql, &res);

    if (status != CLI_OK)
        return status;
    while ((rc = tdrest_result_next(res)) == TDREST_ROW) {
        if (tdrest_result_text(res, 0, &text, &len) >= 0)
            rc = add_name(names, text, len);
        if (rc < 0)
            break;
    }
    return finish(c, res, rc);
}

/* ---- columns ---- */

void cli_columns_clear(cli_columns *columns)
{
    size_t i;

    for (i = 0; i < columns->count; i++) {
        free(columns->items[i].name);
        free(columns->items[i].type);
        free(columns->items[i].storage);
    }
    free(columns->items);
    *columns = (cli_columns){.items = NULL};
}

/* How a column is stored, as SHOW CREATE writes it: encode, compress, level. A server before 3.3 does not say. TDREST_OK or an error. */
static int add_storage(cli_column *column, tdrest_result *res)
{
    static const char *const words[] = {"ENCODE ", " COMPRESS ", " LEVEL "};
    const size_t count = sizeof words / sizeof words[0];
    cli_text sql = {.data = NULL};
    const char *text;
    size_t i, len = 1;
    int rc = TDREST_OK;

    if (column->is_tag || tdrest_result_column_count(res) < 4 + count)
        return TDREST_OK;
    for (i = 0; i < count && len > 0 && rc >= 0; i++) {
        rc = tdrest_result_text(res, 4 + i, &text, &len);
        if (rc < 0 || len == 0)
            break;
        cli_text_add(&sql, words[i]);
        cli_text_literal(&sql, text, len);
    }
    if (i == count && sql.failed == 0)
        column->storage = cli_copy(sql.data, sql.len);
    rc = sql.failed != 0 || (i == count && column->storage == NULL) ? TDREST_ENOMEM : TDREST_OK; /* a NULL there says nothing */
    cli_text_clear(&sql);
    return rc;
}

int cli_catalog_has_length(const char *type)
{
    static const char *const types[] = {"VARCHAR", "BINARY", "NCHAR", "VARBINARY", "GEOMETRY"};
    size_t i;

    for (i = 0; i < sizeof types / sizeof types[0] && strcmp(types[i], type) != 0; i++)
        ;
    return i < sizeof types / sizeof types[0];
}

static int read_type(tdrest_result *res, char **type)
{
    cli_text made = {.data = NULL};
    const char *name;
    size_t len;
    int64_t length;
    int rc;

    if ((rc = tdrest_result_text(res, 1, &name, &len)) < 0 || (rc = tdrest_result_int64(res, 2, &length)) < 0)
        return rc;
    cli_text_put(&made, name, len);
    if (made.failed == 0 && cli_catalog_has_length(made.data)) {
        cli_text_char(&made, '(');
        cli_text_int(&made, (long long)length);
        cli_text_char(&made, ')');
    }
    if (made.failed != 0) {
        cli_text_clear(&made);
        return TDREST_ENOMEM;
    }
    *type = made.data;
    return TDREST_OK;
}

/* Field, type, length, note, and how it is stored. */
static int add_column(cli_columns *columns, tdrest_result *res)
{
    cli_column *items = realloc(columns->items, (columns->count + 1) * sizeof *items), *column;
    const char *name, *note = "";
    size_t name_len, note_len = 0;
    int rc;

    if (items == NULL)
        return TDREST_ENOMEM;
    columns->items = items;
    column = &items[columns->count];
    *column = (cli_column){.name = NULL};
    if ((rc = tdrest_result_text(res, 0, &name, &name_len)) < 0 || (rc = read_type(res, &column->type)) < 0)
        return rc;
    if (tdrest_result_text(res, 3, &note, &note_len) < 0)
        note_len = 0;
    column->name = cli_copy(name, name_len);
    columns->count++;
    column->is_tag = note_len == 3 && memcmp(note, "TAG", 3) == 0;
    column->is_key = note_len == 13 && memcmp(note, "COMPOSITE KEY", 13) == 0;
    columns->tags += (size_t)column->is_tag;
    if (column->name == NULL || add_storage(column, res) != TDREST_OK)
        return TDREST_ENOMEM;
    return TDREST_ROW;
}

int cli_catalog_describe(cli_catalog *c, const char *table, cli_columns *columns)
{
    tdrest_result *res;
    int rc, status;

    *columns = (cli_columns){.items = NULL};
    cli_text_reset(&c->sql);
    cli_text_add(&c->sql, "DESCRIBE ");
    cli_catalog_put_table(c, &c->sql, table);
    status = ask_about(c, table, &res);
    if (status != CLI_OK)
        return status;
    if (tdrest_result_column_count(res) < 4) {
        tdrest_result_free(res);
        cli_usage("the answer to DESCRIBE %s does not describe a table", table);
        return CLI_BROKEN;
    }
    while ((rc = tdrest_result_next(res)) == TDREST_ROW)
        if ((rc = add_column(columns, res)) < 0)
            break;
    return finish(c, res, rc);
}

/* ---- the database ---- */

int cli_catalog_setting(cli_catalog *c, const char *word, char *value, size_t cap)
{
    tdrest_result *res;
    const char *text, *at;
    size_t len, found = 0;
    int status;

    *value = '\0';
    cli_text_reset(&c->sql);
    cli_text_add(&c->sql, "SHOW CREATE DATABASE ");
    cli_text_add(&c->sql, c->quoted);
    status = cli_catalog_ask(c, &res);
    if (status != CLI_OK)
        return status;
    if (tdrest_result_column_count(res) > 1 && tdrest_result_next(res) == TDREST_ROW && tdrest_result_text(res, 1, &text, &len) >= 0) {
        char wanted[64];

        snprintf(wanted, sizeof wanted, " %s ", word);
        at = strstr(text, wanted);
        if (at != NULL) {
            at += strlen(wanted);
            found = strcspn(at, " ");
            found = found < cap ? found : 0;
            memcpy(value, at, found);
            value[found] = '\0';
        }
    }
    tdrest_result_free(res);
    return CLI_OK;
}

int cli_catalog_precision(cli_catalog *c, int *precision)
{
    char value[16];
    int status = cli_catalog_setting(c, "PRECISION", value, sizeof value);

    *precision = TDREST_MS;
    if (status != CLI_OK)
        return status;
    if (value[0] == '\0') {
        cli_usage("the precision of database %s is not known", c->database);
        return CLI_BROKEN;
    }
    *precision = strcmp(value, "'ns'") == 0 ? TDREST_NS : strcmp(value, "'us'") == 0 ? TDREST_US : TDREST_MS;
    return CLI_OK;
}

const char *cli_catalog_table(const char *name)
{
    const char *point = strchr(name, '.');

    return point == NULL ? name : point + 1;
}

int cli_catalog_use(cli_catalog *c, const char *name, size_t len)
{
    cli_text quoted = {.data = NULL};

    if (len == 0 || len >= sizeof c->database)
        return cli_usage("no database; -d names it");
    memcpy(c->database, name, len);
    c->database[len] = '\0';
    cli_text_ident(&quoted, c->database);
    if (quoted.failed == 0)
        memcpy(c->quoted, quoted.data, quoted.len + 1);
    cli_text_clear(&quoted);
    c->call.database = c->quoted;
    return c->quoted[0] == '\0' ? cli_usage("database %s: a name has at most 64 bytes, and no backslash", c->database) : CLI_OK;
}

/* The database of the connection, in the server's spelling. named: the one that it was asked for. */
static int ask_database(cli_catalog *c, const char *named)
{
    cli_names names = {.items = NULL};
    int status = cli_catalog_list(c, "SELECT DATABASE()", &names);

    if (status == CLI_OK)
        status = names.count == 1 ? cli_catalog_use(c, names.items[0], strlen(names.items[0]))
            : named != NULL && *named != '\0' ? cli_usage("there is no database %s", named) : cli_usage("no database; -d names it");
    cli_names_clear(&names);
    return status;
}

int cli_catalog_open(cli_catalog *c, const cli_args *args, cli_progress *progress, const char *name)
{
    const char *point = name == NULL ? NULL : strchr(name, '.');
    int status = cli_connect(args, progress, &c->conn);

    c->call = TDREST_CALL_INIT;
    c->verbose = args->verbose;
    if (status != CLI_OK)
        return status;
    return point != NULL ? cli_catalog_use(c, name, (size_t)(point - name)) : ask_database(c, tdrest_options_get(args->options, "database"));
}

void cli_catalog_close(cli_catalog *c)
{
    cli_disconnect(c->conn);
    cli_text_clear(&c->sql);
}
