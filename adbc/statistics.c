/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * GetStatistics: how many rows a table has, which the server counts. It is the one figure that the server has exactly and without reading all values; an
 * approximate answer would be no cheaper. Tables are those of GetObjects, but for system tables.
 */
#include "adbc/builder.h"
#include "adbc/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 256, ROW_COUNT = 6, IS_INT64 = 0 }; /* by the specification: a statistic's key; a type of the union of values */

/* What is filled: the columns of the answer from outside to inside. */
typedef struct answer {
    tda_column *catalogs, *schemas, *tables;
} answer;

/* A list of structs, and the struct. */
static tda_column *list_of(tda_column *parent, const char *name, tda_column **list)
{
    *list = parent == NULL ? NULL : tda_column_new(parent, "+l", name, 0);
    return *list == NULL ? NULL : tda_column_new(*list, "+s", "item", 1);
}

static int make_shape(answer *a)
{
    tda_column *schema, *row, *value;

    a->catalogs = tda_column_new(NULL, "+s", "", 0);
    if (a->catalogs == NULL || tda_column_new(a->catalogs, "u", "catalog_name", 1) == NULL)
        return 0;
    schema = list_of(a->catalogs, "catalog_db_schemas", &a->schemas);
    if (schema == NULL || tda_column_new(schema, "u", "db_schema_name", 1) == NULL)
        return 0;
    row = list_of(schema, "db_schema_statistics", &a->tables);
    if (row == NULL || tda_column_new(row, "u", "table_name", 0) == NULL || tda_column_new(row, "u", "column_name", 1) == NULL ||
        tda_column_new(row, "s", "statistic_key", 0) == NULL)
        return 0;
    value = tda_column_new(row, "+ud:0,1,2,3", "statistic_value", 0);
    return value != NULL && tda_column_new(value, "l", "int64", 1) != NULL && tda_column_new(value, "L", "uint64", 1) != NULL &&
           tda_column_new(value, "g", "float64", 1) != NULL && tda_column_new(value, "z", "binary", 1) != NULL &&
           tda_column_new(row, "b", "statistic_is_approximate", 0) != NULL;
}

static void add_rows(const answer *a, const char *table, int64_t rows)
{
    tda_column *row = a->tables->child[0], *value = row->child[3];

    tda_add_text(row->child[0], table);
    tda_add_null(row->child[1]); /* of the whole table */
    tda_add_int(row->child[2], ROW_COUNT);
    tda_add_int(value->child[IS_INT64], rows);
    tda_close_union(value, IS_INT64);
    tda_add_int(row->child[4], 0);
    tda_close(row);
}

/* ---- the server's counts ---- */

/* *rows -1: the table was dropped meanwhile, or is not for this user, which is no reason to say nothing of the others. */
static AdbcStatusCode count(tda_run *run, const char *schema, const char *table, int64_t *rows, struct AdbcError *error)
{
    char name[3 * NAME], sql[4 * NAME];
    tdrest_call call = tda_run_call(run);
    tdrest_result *result;
    AdbcStatusCode status;
    int rc;

    *rows = -1;
    if (!tda_quote_table(schema, table, name, sizeof name))
        return ADBC_STATUS_OK;
    if (tda_run_was_cancelled(run))
        return tda_run_cancelled(error);
    (void)snprintf(sql, sizeof sql, "SELECT COUNT(*) FROM %s", name);
    if (tdrest_query(run->conn, sql, TDREST_CSTR, &call, &result) != TDREST_OK) {
        status = tda_fail_with(error, tdrest_conn_error(run->conn));
        if (status != ADBC_STATUS_NOT_FOUND && status != ADBC_STATUS_UNAUTHORIZED)
            return status;
        tda_error_forget(error);
        return ADBC_STATUS_OK;
    }
    rc = tdrest_result_next(result);
    *rows = 0;
    if (rc == TDREST_ROW) /* none: there was nothing to count */
        rc = tdrest_result_int64(result, 0, rows);
    status = rc >= 0 ? ADBC_STATUS_OK : tda_fail_with(error, tdrest_result_error(result));
    tdrest_result_free(result);
    return status;
}

/* The text at a place of a column of GetObjects. */
static void text_at(const struct ArrowArray *column, int64_t at, char out[NAME])
{
    const int32_t *offsets = (const int32_t *)column->buffers[1] + at;
    const int len = offsets[1] - offsets[0] < NAME ? offsets[1] - offsets[0] : 0;

    memcpy(out, (const char *)column->buffers[2] + offsets[0], (size_t)len);
    out[len] = '\0';
}

/* All tables of the one catalog. */
static AdbcStatusCode count_all(const answer *a, tda_run *run, const struct ArrowArray *catalog, struct AdbcError *error)
{
    const struct ArrowArray *schemas = catalog->children[1]->children[0], *tables = schemas->children[1]->children[0];
    const int32_t *ends = (const int32_t *)schemas->children[1]->buffers[1] + 1;
    AdbcStatusCode status = ADBC_STATUS_OK;
    char schema[NAME], table[NAME];
    int64_t rows, t = 0;

    for (int64_t s = 0; status == ADBC_STATUS_OK && s < schemas->length; s++) {
        text_at(schemas->children[0], s, schema);
        for (; status == ADBC_STATUS_OK && t < ends[s]; t++) {
            text_at(tables->children[0], t, table);
            status = count(run, schema, table, &rows, error);
            if (status == ADBC_STATUS_OK && rows >= 0)
                add_rows(a, table, rows);
        }
        tda_add_text(a->schemas->child[0]->child[0], schema);
        tda_close(a->tables);
        tda_close(a->schemas->child[0]);
    }
    tda_add_text(a->catalogs->child[0], "");
    tda_close(a->schemas);
    tda_close(a->catalogs);
    return status;
}

static AdbcStatusCode ask(tda_connection *connection, const answer *a, const struct ArrowArray *catalog, struct AdbcError *error)
{
    tda_run *run;
    AdbcStatusCode status = tda_connection_ask(connection, &run, error);

    if (status == ADBC_STATUS_OK)
        status = count_all(a, run, catalog, error);
    tda_connection_done(connection, run);
    return status;
}

AdbcStatusCode tda_get_statistics(struct AdbcConnection *self, const char *catalog, const char *schema, const char *table, char approximate,
                                  struct ArrowArrayStream *out, struct AdbcError *error)
{
    static const char *types[] = {"TABLE", "SUPER TABLE", "CHILD TABLE", NULL};
    struct ArrowArrayStream objects;
    struct ArrowArray found = {0};
    AdbcStatusCode status;
    answer a = {NULL, NULL, NULL};

    (void)approximate;
    if (out == NULL)
        return tda_need(out, "place for the answer", error);
    memset(out, 0, sizeof *out);
    status = tda_get_objects(self, ADBC_OBJECT_DEPTH_TABLES, catalog, schema, table, types, NULL, &objects, error);
    if (status != ADBC_STATUS_OK)
        return status;
    if (!make_shape(&a) || objects.get_next(&objects, &found) != 0)
        status = tda_no_memory(error);
    else if (found.release != NULL)
        status = ask(TDA_OF(tda_connection, self), &a, &found, error);
    if (found.release != NULL)
        found.release(&found);
    objects.release(&objects);
    if (status == ADBC_STATUS_OK)
        return tda_column_stream(a.catalogs, out) ? ADBC_STATUS_OK : tda_no_memory(error);
    tda_column_free(a.catalogs);
    return status;
}
