/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is exported, and into which files. Knows nothing of rows. */
#include "export/export.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "export/folder.h"
#include "export/rows.h"
#include "export/schema.h"
#include "run/connect.h"
#include "term/interrupt.h"

#define SCHEMA "schema.sql"

typedef struct exporter {
    const cli_args *args;
    cli_catalog catalog;
    cli_rows rows;
    cli_folder folder;
    cli_names stables;
    cli_output *file; /* of the folder, at hand */
    size_t files;
} exporter;

static void summarize(exporter *x)
{
    int64_t ms = cli_now_ms() - x->rows.progress.began_ms;

    cli_progress_clear(&x->rows.progress);
    fprintf(stderr, "(%lld row%s", (long long)x->rows.written, x->rows.written == 1 ? "" : "s");
    if (x->files > 0)
        fprintf(stderr, ", %zu file%s", x->files, x->files == 1 ? "" : "s");
    fprintf(stderr, ", %lld.%03d s)\n", (long long)(ms / 1000), (int)(ms % 1000));
}

/* Does it make sense to go on with the next table? */
static int goes_on(int status)
{
    return !cli_interrupted() && status != CLI_INTERRUPTED && status != CLI_DISCONNECTED;
}

static int describe(exporter *x, const char *table, cli_columns *columns)
{
    int status = cli_catalog_describe(&x->catalog, table, columns);

    if (status != CLI_OK || columns->count > 0)
        return status;
    cli_usage("table %s has no columns", table);
    return CLI_BROKEN;
}

/* ---- statements ---- */

static int put_children(exporter *x, const char *table, const cli_columns *columns, cli_output *out)
{
    int64_t skipped;
    int status = cli_schema_children(&x->catalog, table, columns, out, &skipped);

    if (skipped > 0)
        cli_usage("warning: super table %s: %lld child table%s with tags that SQL cannot hold; import makes those that have rows", table, (long long)skipped,
                  skipped == 1 ? "" : "s");
    return status;
}

static int put_table(exporter *x, const char *table, int is_super, cli_output *out)
{
    cli_columns columns;
    int status = describe(x, table, &columns);

    if (status == CLI_OK && !is_super) {
        columns.count -= columns.tags; /* of a child table, its super table's */
        columns.tags = 0;
    }
    if (status == CLI_OK)
        status = cli_schema_table(&x->catalog, table, &columns, out);
    if (status == CLI_OK && is_super)
        status = put_children(x, table, &columns, out);
    if (!is_super)
        columns.count += columns.tags;
    cli_columns_clear(&columns);
    return status;
}

static int put_schema(exporter *x, const cli_names *tables, cli_output *out)
{
    int status = cli_schema_database(&x->catalog, out);
    size_t i;

    for (i = 0; status == CLI_OK && i < x->stables.count; i++)
        status = put_table(x, x->stables.items[i], 1, out);
    for (i = 0; status == CLI_OK && i < tables->count; i++)
        status = put_table(x, tables->items[i], 0, out);
    return status;
}

/* ---- a database ---- */

static void put_line(exporter *x, cli_text *line)
{
    cli_text_add(line, "}\n");
    if (line->failed != 0)
        x->folder.manifest->error = ENOMEM; /* told when the folder is closed */
    else
        cli_output_put(x->folder.manifest, line->data, line->len);
    cli_text_clear(line);
}

static void put_text(cli_text *line, const char *key, const char *value)
{
    cli_text_char(line, line->len == 0 ? '{' : ',');
    cli_text_json(line, key, strlen(key));
    cli_text_char(line, ':');
    cli_text_json(line, value, strlen(value));
}

static int put_head(exporter *x)
{
    cli_text line = {.data = NULL};
    char precision[4];
    int unit, status = cli_catalog_precision(&x->catalog, &unit);

    snprintf(precision, sizeof precision, "%s", unit == TDREST_NS ? "ns" : unit == TDREST_US ? "us" : "ms");
    put_text(&line, "tdrest", tdrest_version());
    put_text(&line, "database", x->catalog.database);
    put_text(&line, "precision", precision);
    put_text(&line, "format", x->rows.format->name);
    put_text(&line, "schema", SCHEMA);
    put_line(x, &line);
    return status;
}

static void put_file(exporter *x, const char *name, const char *kind, const char *table, int64_t rows)
{
    cli_text line = {.data = NULL};

    put_text(&line, "file", name);
    put_text(&line, kind, table);
    cli_text_add(&line, ",\"rows\":");
    cli_text_int(&line, (long long)rows);
    put_line(x, &line);
}

/* Rows of a table into a file of the folder. */
static int export_file(exporter *x, const char *table, int is_super)
{
    char name[256], ending[16];
    cli_columns columns;
    int64_t rows = 0;
    int ended, status = describe(x, table, &columns);

    snprintf(ending, sizeof ending, ".%s", x->rows.format->ending != NULL ? x->rows.format->ending : x->rows.format->name);
    cli_folder_name(table, ending, x->files, name);
    if (status == CLI_OK)
        status = cli_folder_begin(&x->folder, name, x->file);
    if (status == CLI_OK) {
        status = cli_rows_table(&x->rows, table, &columns, is_super, x->file, &rows);
        ended = cli_folder_end(&x->folder, name, x->file, status == CLI_OK);
        status = status == CLI_OK ? ended : status;
    }
    if (status == CLI_OK) {
        put_file(x, name, is_super ? "stable" : "table", table, rows);
        x->files++;
    }
    cli_columns_clear(&columns);
    return status;
}

/* All of a list; the first failure. What is left is exported nevertheless. */
static int export_list(exporter *x, const cli_names *tables, int is_super)
{
    int first = CLI_OK, status = CLI_OK;
    size_t i;

    for (i = 0; goes_on(status) && status != CLI_BROKEN && i < tables->count; i++) {
        status = export_file(x, tables->items[i], is_super);
        first = first == CLI_OK ? status : first;
        if (status == CLI_BROKEN && x->file->error == 0)
            status = CLI_OK; /* rows that the server held back: other tables may be whole */
    }
    return first;
}

static int export_schema(exporter *x, const cli_names *tables)
{
    int ended, status = cli_folder_begin(&x->folder, SCHEMA, x->file);

    if (status != CLI_OK)
        return status;
    status = put_schema(x, tables, x->file);
    ended = cli_folder_end(&x->folder, SCHEMA, x->file, status == CLI_OK);
    return status == CLI_OK ? ended : status;
}

static int fill_folder(exporter *x, const cli_names *tables)
{
    cli_names children = {.items = NULL};
    int second = CLI_OK, status = put_head(x);

    if (status == CLI_OK)
        status = export_schema(x, tables);
    if (status != CLI_OK)
        return status;
    if (x->args->exporting.split)
        status = cli_catalog_list(&x->catalog, "SHOW CHILD TABLES", &children);
    if (status == CLI_OK)
        status = x->args->exporting.split ? export_list(x, &children, 0) : export_list(x, &x->stables, 1);
    if (goes_on(status))
        second = export_list(x, tables, 0);
    cli_names_clear(&children);
    return status == CLI_OK ? second : status;
}

static int export_database(exporter *x, cli_output *out)
{
    cli_names tables = {.items = NULL};
    int closed, status = cli_catalog_list(&x->catalog, "SHOW NORMAL TABLES", &tables);

    if (status == CLI_OK && x->args->exporting.schema) {
        status = put_schema(x, &tables, out);
    } else if (status == CLI_OK) {
        status = cli_folder_open(&x->folder, x->args->output, x->args->exporting.force);
        if (status == CLI_OK)
            status = fill_folder(x, &tables);
        closed = cli_folder_close(&x->folder, status == CLI_OK && !cli_interrupted());
        status = status == CLI_OK ? closed : status;
    }
    cli_names_clear(&tables);
    return status;
}

/* ---- a table, a query ---- */

/*
 * All batches of an Arrow stream have times of one unit: that of the database, which the times of a range may not tell. The workers' connections have the
 * option as well.
 */
static int fix_unit(exporter *x)
{
    static const char *const units[] = {[TDREST_MS] = "ms", [TDREST_US] = "us", [TDREST_NS] = "ns"};
    cli_catalog *c = &x->catalog;
    int unit, status = cli_catalog_precision(c, &unit);

    if (status != CLI_OK)
        return status;
    if (tdrest_options_set(x->args->options, "arrow_timestamp", units[unit]) < 0)
        return cli_report(tdrest_options_error(x->args->options), &(cli_place){.number = 0});
    cli_disconnect(c->conn);
    return cli_connect(x->args, &x->rows.progress, &c->conn);
}

static int export_table(exporter *x, const char *table, cli_output *out)
{
    cli_columns columns;
    int64_t rows;
    int status, is_super = cli_names_has(&x->stables, table);

    if (x->args->exporting.schema)
        return put_table(x, table, is_super, out);
    status = describe(x, table, &columns);
    if (status == CLI_OK)
        status = cli_rows_table(&x->rows, table, &columns, is_super, out, &rows);
    cli_columns_clear(&columns);
    return status;
}

static int perform(exporter *x, cli_output *out)
{
    const char *table = x->args->source_count > 0 ? x->args->sources[0].text : NULL;
    int64_t rows;
    int status;

    if (x->args->exporting.query != NULL) {
        status = cli_connect(x->args, &x->rows.progress, &x->catalog.conn);
        x->catalog.call = TDREST_CALL_INIT;
        return status != CLI_OK ? status : cli_rows_query(&x->rows, x->args->exporting.query, out, &rows);
    }
    status = cli_catalog_open(&x->catalog, x->args, &x->rows.progress, table);
    if (status == CLI_OK)
        status = cli_catalog_list(&x->catalog, "SHOW STABLES", &x->stables);
    if (status == CLI_OK && x->rows.format->binary && !x->args->exporting.schema && strcmp(tdrest_options_get(x->args->options, "arrow_timestamp"), "auto") == 0)
        status = fix_unit(x);
    if (status != CLI_OK)
        return status;
    return table != NULL ? export_table(x, cli_catalog_table(table), out) : export_database(x, out);
}

int cli_export(const cli_args *args, cli_output *out)
{
    exporter x = {.args = args};
    int status;

    x.catalog.verbose = args->verbose;
    x.file = malloc(sizeof *x.file);
    if (x.file == NULL)
        return cli_report_no_memory();
    cli_output_init(x.file, -1);
    status = cli_rows_init(&x.rows, args, &x.catalog, out);
    if (status == CLI_OK)
        status = perform(&x, out);
    if (status == CLI_OK && !args->exporting.schema && out->error == 0)
        summarize(&x);
    cli_catalog_close(&x.catalog);
    cli_names_clear(&x.stables);
    free(x.file);
    return cli_interrupted() ? CLI_INTERRUPTED : status;
}
