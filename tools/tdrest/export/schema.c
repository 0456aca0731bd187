/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A database as statements. Of how the server stores columns (ENCODE, COMPRESS, LEVEL) nothing is written: that is the other server's to choose. */
#include "export/schema.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static int put_statement(cli_text *sql, cli_output *out)
{
    if (sql->failed != 0)
        return cli_report_no_memory();
    cli_output_put(out, sql->data, sql->len);
    cli_output_text(out, ";\n");
    return CLI_OK;
}

int cli_schema_database(cli_catalog *c, cli_output *out)
{
    static const char *const words[] = {"PRECISION", "DURATION", "KEEP"};
    cli_text sql = {.data = NULL};
    char value[128];
    size_t i;
    int status = CLI_OK;

    cli_text_add(&sql, "CREATE DATABASE IF NOT EXISTS ");
    cli_text_add(&sql, c->quoted);
    for (i = 0; status == CLI_OK && i < sizeof words / sizeof words[0]; i++) {
        status = cli_catalog_setting(c, words[i], value, sizeof value);
        if (value[0] == '\0')
            continue;
        cli_text_char(&sql, ' ');
        cli_text_add(&sql, words[i]);
        cli_text_char(&sql, ' ');
        cli_text_add(&sql, value);
    }
    if (status == CLI_OK)
        status = put_statement(&sql, out);
    cli_text_clear(&sql);
    return status;
}

/* ---- tables ---- */

/* The columns, or the tags. */
static void put_columns(cli_text *sql, const cli_columns *columns, int tags)
{
    size_t i, written = 0;

    for (i = 0; i < columns->count; i++) {
        const cli_column *column = &columns->items[i];

        if (column->is_tag != tags)
            continue;
        cli_text_add(sql, written++ == 0 ? " (" : ", ");
        cli_text_ident(sql, column->name);
        cli_text_char(sql, ' ');
        cli_text_add(sql, column->type);
        if (column->storage != NULL) {
            cli_text_char(sql, ' ');
            cli_text_add(sql, column->storage);
        }
        cli_text_add(sql, column->is_key ? " PRIMARY KEY" : "");
    }
    cli_text_char(sql, ')');
}

int cli_schema_table(cli_catalog *c, const char *table, const cli_columns *columns, cli_output *out)
{
    cli_text sql = {.data = NULL};
    int status;

    cli_text_add(&sql, columns->tags > 0 ? "CREATE STABLE IF NOT EXISTS " : "CREATE TABLE IF NOT EXISTS ");
    cli_catalog_put_table(c, &sql, table);
    put_columns(&sql, columns, 0);
    if (columns->tags > 0) {
        cli_text_add(&sql, " TAGS");
        put_columns(&sql, columns, 1);
    }
    status = put_statement(&sql, out);
    cli_text_clear(&sql);
    return status;
}

/* ---- tags ---- */

/* The server reads a FLOAT as a double and casts it; subnormal numbers it takes quoted and hexadecimal only. */
static void put_double(cli_text *sql, double value, int is_float)
{
    char room[64];
    size_t len = 0;

    if (value != 0 && fabs(value) < DBL_MIN)
        len = (size_t)snprintf(room, sizeof room, "'%a'", value);
    else if (is_float && value != 0 && fabs(value) < (double)FLT_MIN)
        len = (size_t)snprintf(room, sizeof room, "'%a'", value);
    else if (tdrest_double_format(value, room, sizeof room, &len) < 0)
        len = 0;
    cli_text_put(sql, room, len);
}

/* A tag as a literal. 1; 0: its type has none; or an error of the result. */
static int put_tag(cli_text *sql, tdrest_result *res, size_t i)
{
    int type = tdrest_result_column(res, i)->type;
    const char *text;
    size_t len;
    int64_t time;
    double number;
    int rc;

    if (tdrest_result_is_null(res, i) == 1) {
        cli_text_add(sql, "NULL");
        return 1;
    }
    if (type == TDREST_TYPE_TIMESTAMP) {
        if ((rc = tdrest_result_time(res, i, &time, NULL)) >= 0)
            cli_text_int(sql, (long long)time);
        return rc < 0 ? rc : 1;
    }
    if (type == TDREST_TYPE_FLOAT || type == TDREST_TYPE_DOUBLE) {
        if ((rc = tdrest_result_double(res, i, &number)) >= 0)
            put_double(sql, number, type == TDREST_TYPE_FLOAT);
        return rc < 0 ? rc : isfinite(number) != 0;
    }
    if ((rc = tdrest_result_text(res, i, &text, &len)) < 0)
        return rc;
    if (type == TDREST_TYPE_VARCHAR || type == TDREST_TYPE_NCHAR || type == TDREST_TYPE_JSON) {
        cli_text_literal(sql, text, len);
    } else if (type == TDREST_TYPE_VARBINARY) {
        cli_text_add(sql, "'\\x");
        cli_text_put(sql, text, len);
        cli_text_char(sql, '\'');
    } else {
        cli_text_put(sql, text, len);
    }
    return type != TDREST_TYPE_GEOMETRY && type != TDREST_TYPE_UNKNOWN;
}

/* CREATE TABLE for the row at hand: its name, then its tags. 1, 0 or an error as put_tag. */
static int put_child(const cli_catalog *c, const char *head, cli_text *sql, tdrest_result *res)
{
    const char *name;
    size_t i, len;
    int rc = tdrest_result_text(res, 0, &name, &len);

    if (rc < 0)
        return rc;
    cli_text_reset(sql);
    cli_text_add(sql, "CREATE TABLE IF NOT EXISTS ");
    cli_catalog_put_table(c, sql, name);
    cli_text_add(sql, head);
    for (i = 1, rc = 1; rc == 1 && i < tdrest_result_column_count(res); i++) {
        cli_text_add(sql, i == 1 ? "" : ", ");
        rc = put_tag(sql, res, i);
    }
    cli_text_char(sql, ')');
    return rc;
}

/* The names of the tags, separated by commas. */
static void put_names(cli_text *sql, const cli_columns *columns)
{
    size_t i, written = 0;

    for (i = 0; i < columns->count; i++)
        if (columns->items[i].is_tag) {
            cli_text_add(sql, written++ == 0 ? "" : ", ");
            cli_text_ident(sql, columns->items[i].name);
        }
}

static int put_children(cli_catalog *c, const char *table, const char *head, tdrest_result *res, cli_output *out, int64_t *skipped)
{
    cli_text sql = {.data = NULL};
    int rc, status = CLI_OK;

    while (status == CLI_OK && out->error == 0 && (rc = tdrest_result_next(res)) != TDREST_DONE) {
        if (rc == TDREST_ROW)
            rc = put_child(c, head, &sql, res);
        if (rc == 1)
            status = put_statement(&sql, out);
        else if (rc < 0)
            status = cli_catalog_report(c, res, table);
        else
            ++*skipped;
    }
    cli_text_clear(&sql);
    return status;
}

int cli_schema_children(cli_catalog *c, const char *table, const cli_columns *columns, cli_output *out, int64_t *skipped)
{
    cli_text head = {.data = NULL};
    tdrest_result *res;
    int status;

    *skipped = 0;
    cli_text_add(&head, " USING ");
    cli_catalog_put_table(c, &head, table);
    cli_text_add(&head, " (");
    put_names(&head, columns);
    cli_text_add(&head, ") TAGS (");
    cli_text_reset(&c->sql);
    cli_text_add(&c->sql, "SELECT TAGS tbname, ");
    put_names(&c->sql, columns);
    cli_text_add(&c->sql, " FROM ");
    cli_catalog_put_table(c, &c->sql, table);
    status = head.failed != 0 ? cli_report_no_memory() : cli_catalog_ask(c, &res);
    if (status == CLI_OK) {
        status = put_children(c, table, head.data, res, out, skipped);
        tdrest_result_free(res);
    }
    cli_text_clear(&head);
    return status;
}
