/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows of tables: one is the bytes of its values under (table, time, key). Knows nothing of databases, tags and the rules of writing. */
#include "store_private.h"

/* The bytes of a column become values that live in the arena. */
static void decode(sbx_request *request, sqlite3_stmt *statement, sbx_value *values, size_t count)
{
    sbx_text bytes = sbx_column_copy(request, statement, 0);

    sbx_row_decode(bytes.p, bytes.len, values, count);
}

/* A table without a second key has one of 0. */
static void bind_key(sqlite3_stmt *statement, const sbx_table *table, const sbx_value *values)
{
    unsigned char bytes[8];

    sqlite3_bind_int64(statement, 1, table->id);
    sqlite3_bind_int64(statement, 2, values[0].as.i);
    if (!table->keyed) {
        sqlite3_bind_int(statement, 3, 0);
    } else if (sbx_type_is_text(values[1].type)) {
        sbx_bind_text(statement, 3, values[1].as.s);
    } else if (sbx_type_is_unsigned(values[1].type) && values[1].as.u > INT64_MAX) {
        sbx_ordered_bytes(values[1].as.u, bytes);
        sqlite3_bind_blob(statement, 3, bytes, 8, SQLITE_TRANSIENT);
    } else {
        sqlite3_bind_int64(statement, 3, values[1].as.i);
    }
}

int sbx_store_row(sbx_request *request, const sbx_table *table, const sbx_value *key, sbx_value *values, int *found)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_ROW_GET);

    bind_key(statement, table, key);
    *found = sbx_store_step(statement);
    if (*found)
        decode(request, statement, values, table->column_count);
    return sbx_store_done(request, statement);
}

int sbx_store_put_row(sbx_request *request, const sbx_table *table, const sbx_value *values)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_ROW_PUT);
    sbx_buf *bytes = &request->store->bytes;

    bytes->len = 0;
    sbx_row_encode(values, table->column_count, bytes);
    bind_key(statement, table, values);
    sbx_bind_bytes(statement, 4, bytes->p, bytes->len);
    return sbx_store_run(request, statement);
}

int sbx_store_rows(sbx_request *request, const sbx_table *table, sbx_value ***rows, size_t *count)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_ROW_LIST);

    *rows = NULL;
    *count = 0;
    sqlite3_bind_int64(statement, 1, table->id);
    while (sbx_store_step(statement)) {
        *rows = sbx_alloc_one_more(request->arena, *rows, *count, sizeof **rows);
        (*rows)[*count] = sbx_alloc_array(request->arena, table->column_count, sizeof(sbx_value));
        decode(request, statement, (*rows)[(*count)++], table->column_count);
    }
    return sbx_store_done(request, statement);
}
