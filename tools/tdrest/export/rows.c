/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The rows of a table or of a query. Knows nothing of files. */
#include "export/rows.h"

#include <string.h>
#include <strings.h>

#include "export/parallel.h"
#include "export/ranges.h"
#include "run/connect.h"
#include "run/sink.h"
#include "term/interrupt.h"

int cli_rows_init(cli_rows *r, const cli_args *args, cli_catalog *catalog, cli_output *out)
{
    int status;

    *r = (cli_rows){.catalog = catalog, .args = args, .near = args->output};
    status = cli_sink_open(&r->sink, &r->format, args, out, &r->progress);
    r->verify = cli_settings_has(&args->settings, "verify_rows") ? TDREST_VERIFY_OPTION : TDREST_VERIFY_COUNT;
    if (cli_exports_folder(args))
        cli_progress_begin(&r->progress, args->progress != CLI_NEVER, args->progress == CLI_ALWAYS);
    return status;
}

static uint64_t mix(uint64_t hash, const char *bytes, size_t len)
{
    for (size_t i = 0; i <= len; i++) /* with the zero at the end */
        hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3u;
    return hash;
}

/* A number for the names and types of the columns: FNV-1a. */
static uint64_t shape_of(const tdrest_result *res)
{
    uint64_t hash = 0xcbf29ce484222325u;

    for (size_t i = 0; i < tdrest_result_column_count(res); i++) {
        const tdrest_column *column = tdrest_result_column(res, i);

        hash = mix(hash, column->name, column->name_len);
        hash = mix(hash, column->type_name, strlen(column->type_name));
    }
    return hash;
}

/* Ranges with different columns are no table. */
static int report_changed(cli_rows *r, const char *table)
{
    cli_progress_clear(&r->progress);
    cli_usage("table %s: its columns changed while it was read", table);
    return CLI_BROKEN;
}

/* Why a result ended. */
static int report(cli_rows *r, const cli_result *rows, int rc, const char *table)
{
    cli_progress_clear(&r->progress);
    if (cli_interrupted())
        return CLI_INTERRUPTED;
    if (tdrest_result_error(rows->res)->code != 0)
        return cli_catalog_report(r->catalog, rows->res, table);
    return cli_report_code(rc, tdrest_code_text(rc), &(cli_place){.number = 0});
}

/* Sends catalog->sql and writes its rows. */
static int fetch(cli_rows *r, const char *table, int verify, cli_written *written)
{
    cli_catalog *c = r->catalog;
    tdrest_call call = c->call;
    cli_result rows = {.res = NULL};
    uint64_t shape;
    int rc, status = CLI_OK;

    if (c->sql.failed != 0)
        return cli_report_no_memory();
    call.verify_rows = verify;
    if (tdrest_query(c->conn, c->sql.data, c->sql.len, &call, &rows.res) < 0) {
        cli_progress_clear(&r->progress);
        return cli_catalog_report(c, NULL, table);
    }
    shape = shape_of(rows.res);
    if (r->shape != 0 && r->shape != shape)
        status = report_changed(r, table);
    else if ((rc = r->format->write(&r->sink, &rows, written)) < 0)
        status = report(r, &rows, rc, table);
    r->shape = shape;
    cli_result_close(&rows);
    return status;
}

static void make_select(const cli_rows *r, const char *table, const cli_columns *columns, int is_super, const cli_range *range)
{
    cli_text *sql = &r->catalog->sql;
    size_t i;

    cli_text_reset(sql);
    cli_text_add(sql, is_super ? "SELECT tbname, * FROM " : "SELECT * FROM ");
    cli_catalog_put_table(r->catalog, sql, table);
    cli_range_put(range, columns->items[0].name, sql);
    cli_text_add(sql, " ORDER BY ");
    cli_text_ident(sql, columns->items[0].name);
    cli_text_add(sql, is_super ? ", tbname" : "");
    for (i = 1; i < columns->count; i++)
        if (columns->items[i].is_key) {
            cli_text_add(sql, ", ");
            cli_text_ident(sql, columns->items[i].name);
        }
}

static void warn_replaced(cli_rows *r, const char *table)
{
    if (!r->sink.replaced)
        return;
    cli_progress_clear(&r->progress);
    cli_usage("warning: %s: bytes that are not UTF-8 were written as U+FFFD; csv and tsv keep them", table);
    r->sink.replaced = 0;
}

/* A table, and its ranges. */
typedef struct job {
    cli_rows *rows;
    const char *table;
    const cli_columns *columns;
    int is_super;
    cli_ranges ranges;
} job;

/* What is in front of the rows stands in front of the first range only. */
static int fetch_range(const job *j, size_t index, cli_written *written)
{
    cli_rows *r = j->rows;
    int bare = r->sink.style.bare, status;

    make_select(r, j->table, j->columns, j->is_super, &j->ranges.items[index]);
    r->sink.style.bare |= index > 0;
    r->sink.continues = index > 0;
    r->sink.goes_on = index + 1 < j->ranges.count;
    status = fetch(r, j->table, r->verify, written);
    r->sink.style.bare = bare;
    return status;
}

/* In a process of its own, with a connection of its own. */
static void make_range(void *context, size_t index, cli_output *out, cli_piece *piece)
{
    const job *j = context;
    cli_rows *r = j->rows;
    cli_written written = {.rows = 0};

    r->progress.on = 0;
    r->sink.out = out;
    piece->status = cli_connect(r->args, &r->progress, &r->catalog->conn);
    if (piece->status == CLI_OK)
        piece->status = fetch_range(j, index, &written);
    piece->rows = written.rows;
    piece->replaced = r->sink.replaced;
    piece->shape = r->shape;
}

static int fetch_side_by_side(job *j, cli_output *out, int64_t *rows)
{
    cli_piece all;

    cli_parallel(out, j->ranges.count, (size_t)j->rows->args->exporting.parallel, j->rows->near, make_range, j, &all);
    if (all.differs)
        all.status = report_changed(j->rows, j->table);
    j->rows->sink.replaced |= all.replaced;
    *rows = all.rows;
    return all.status;
}

static int fetch_one_by_one(job *j, cli_output *out, int64_t *rows)
{
    cli_written written = {.rows = j->rows->written};
    int status = CLI_OK;
    size_t i;

    for (i = 0; status == CLI_OK && out->error == 0 && i < j->ranges.count; i++)
        status = fetch_range(j, i, &written);
    *rows = written.rows - j->rows->written;
    return status;
}

int cli_rows_table(cli_rows *r, const char *table, const cli_columns *columns, int is_super, cli_output *out, int64_t *rows)
{
    job j = {.rows = r, .table = table, .columns = columns, .is_super = is_super};
    int status = cli_ranges_plan(r->catalog, table, columns->items[0].name, r->args->exporting.range_rows, &j.ranges);

    r->sink.out = out;
    r->shape = 0;
    *rows = 0;
    if (status == CLI_OK && j.ranges.count > 1 && r->args->exporting.parallel > 1)
        status = fetch_side_by_side(&j, out, rows);
    else if (status == CLI_OK)
        status = fetch_one_by_one(&j, out, rows);
    cli_ranges_clear(&j.ranges);
    warn_replaced(r, table);
    r->written += *rows;
    return status;
}

int cli_rows_query(cli_rows *r, const char *sql, cli_output *out, int64_t *rows)
{
    cli_written written = {.rows = 0};
    int status, is_select = strncasecmp(sql + strspn(sql, " \t\r\n"), "select", 6) == 0; /* what else reads cannot be counted */

    r->sink.out = out;
    cli_text_reset(&r->catalog->sql);
    cli_text_add(&r->catalog->sql, sql);
    status = fetch(r, NULL, is_select ? r->verify : TDREST_VERIFY_NONE, &written);
    warn_replaced(r, "the query");
    *rows = r->written = written.rows;
    return status;
}
