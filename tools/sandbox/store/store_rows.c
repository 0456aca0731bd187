/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows of tables: one is the bytes of its values under (table, time, key). Knows nothing of databases, tags and the rules of writing. */
#include "store_private.h"

/* Of ?3. A table without a second key has one of 0. */
static void bind_key(sqlite3_stmt *statement, const sbx_table *table, const sbx_value *values)
{
    unsigned char bytes[8];

    if (!table->keyed) {
        sqlite3_bind_int(statement, 3, 0);
    } else if (sbx_type_is_text(values[1].type)) {
        sqlite3_bind_text64(statement, 3, values[1].as.s.p, values[1].as.s.len, SQLITE_STATIC, SQLITE_UTF8);
    } else if (sbx_type_is_unsigned(values[1].type) && values[1].as.u > INT64_MAX) {
        sbx_ordered_bytes(values[1].as.u, bytes);
        sqlite3_bind_blob(statement, 3, bytes, 8, SQLITE_TRANSIENT);
    } else {
        sqlite3_bind_int64(statement, 3, values[1].as.i);
    }
}

int sbx_store_row(sbx_request *request, const sbx_table *table, const sbx_value *key, sbx_value *values, int *found)
{
    sqlite3_stmt *statement = sbx_store_bind(request, "SELECT bytes FROM data WHERE tbl = ?1 AND time = ?2 AND key = ?3", "ii-", table->id, key[0].as.i);
    sbx_text bytes;

    bind_key(statement, table, key);
    *found = sbx_store_step(statement);
    if (*found) {
        sbx_store_read(request, statement, "t", &bytes);
        sbx_row_decode(bytes.p, bytes.len, values, table->column_count);
    }
    return sbx_store_done(request, statement);
}

int sbx_store_put_row(sbx_request *request, const sbx_table *table, const sbx_value *values)
{
    sbx_buf *bytes = &request->store->bytes;
    sqlite3_stmt *statement;

    bytes->len = 0;
    sbx_row_encode(values, table->column_count, bytes);
    statement = sbx_store_bind(request, "INSERT OR REPLACE INTO data (tbl, time, key, bytes) VALUES (?1, ?2, ?3, ?4)", "ii-b", table->id, values[0].as.i,
                               bytes);
    bind_key(statement, table, values);
    return sbx_store_run(request, statement);
}
