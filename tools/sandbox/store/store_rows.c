/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows of tables: one is the bytes of its values under (table, time). Knows nothing of databases, tags and the rules of writing. */
#include "store_private.h"

/* The bytes of a column become values that live in the arena. */
static void decode(sbx_request *request, sqlite3_stmt *statement, int at, sbx_value *values, size_t count)
{
    sbx_text bytes = sbx_column_copy(request, statement, at);

    sbx_row_decode(bytes.p, bytes.len, values, count);
}

static void bind_range(sqlite3_stmt *statement, const sbx_table *table, int64_t from, int64_t to)
{
    sqlite3_bind_int64(statement, 1, table->id);
    sqlite3_bind_int64(statement, 2, from);
    sqlite3_bind_int64(statement, 3, to);
}

int sbx_store_row(sbx_request *request, const sbx_table *table, int64_t time, sbx_value *values, int *found)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_ROW_GET);

    sqlite3_bind_int64(statement, 1, table->id);
    sqlite3_bind_int64(statement, 2, time);
    *found = sbx_store_step(statement);
    if (*found)
        decode(request, statement, 0, values, table->column_count);
    return sbx_store_done(request, statement);
}

int sbx_store_put_row(sbx_request *request, const sbx_table *table, const sbx_value *values)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_ROW_PUT);
    sbx_buf *bytes = &request->store->bytes;

    bytes->len = 0;
    sbx_row_encode(values, table->column_count, bytes);
    sqlite3_bind_int64(statement, 1, table->id);
    sqlite3_bind_int64(statement, 2, values[0].as.i);
    sbx_bind_bytes(statement, 3, bytes->p, bytes->len);
    return sbx_store_run(request, statement);
}

int sbx_store_delete_rows(sbx_request *request, const sbx_table *table, int64_t from, int64_t to, int64_t *count)
{
    sqlite3_stmt *statement = sbx_store_statement(request, STORE_ROW_DROP);

    bind_range(statement, table, from, to);
    if (sbx_store_run(request, statement) != 0)
        return request->err.code;
    *count = sqlite3_changes(request->store->connection);
    return 0;
}

struct sbx_cursor {
    sbx_request *request;
    sqlite3_stmt *statement;
    int shared; /* it is the store's statement, else one of its own */
    size_t column_count;
};

int sbx_cursor_open(sbx_request *request, const sbx_table *table, int64_t from, int64_t to, sbx_cursor **out)
{
    sbx_store *store = request->store;
    sbx_cursor *cursor = sbx_alloc(request->arena, sizeof *cursor);

    cursor->request = request;
    cursor->column_count = table->column_count;
    cursor->shared = !store->range_taken;
    if (cursor->shared)
        cursor->statement = store->statements[STORE_ROW_RANGE];
    else if (sqlite3_prepare_v2(store->connection, sbx_store_sql[STORE_ROW_RANGE], -1, &cursor->statement, NULL) != SQLITE_OK)
        return sbx_store_fail(request);
    store->range_taken = 1;
    bind_range(cursor->statement, table, from, to);
    *out = cursor;
    return 0;
}

int sbx_cursor_next(sbx_cursor *cursor, sbx_value *values)
{
    int rc;

    if (cursor->statement == NULL)
        return 0;
    rc = sqlite3_step(cursor->statement);
    if (rc == SQLITE_ROW) {
        decode(cursor->request, cursor->statement, 1, values, cursor->column_count);
        return 1;
    }
    if (rc != SQLITE_DONE)
        sbx_store_fail(cursor->request);
    sbx_cursor_close(cursor);
    return 0;
}

void sbx_cursor_close(sbx_cursor *cursor)
{
    if (cursor == NULL || cursor->statement == NULL)
        return;
    if (cursor->shared) {
        sqlite3_reset(cursor->statement);
        sqlite3_clear_bindings(cursor->statement);
        cursor->request->store->range_taken = 0;
    } else {
        sqlite3_finalize(cursor->statement);
    }
    cursor->statement = NULL;
}
