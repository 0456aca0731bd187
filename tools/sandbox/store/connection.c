/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Statements of others over the store's connection, and values on their way between SQLite and us. Knows nothing of what they mean. */
#include "connection.h"
#include "store_private.h"

#include <math.h>
#include <string.h>

/* ---- statements ---- */

sbx_request *sbx_store_running(const sbx_store *store)
{
    return store->running;
}

sqlite3_stmt *sbx_store_query(sbx_request *request, sbx_text sql, sbx_setup *setup)
{
    sbx_store *store = request->store;
    sqlite3_stmt *statement = NULL;

    if (!store->is_set_up && !(store->is_set_up = setup(store->connection, store))) {
        sbx_store_fail(request);
        return NULL;
    }
    store->running = request;
    if (sqlite3_prepare_v2(store->connection, sql.p, (int)sql.len, &statement, NULL) != SQLITE_OK)
        sbx_store_fail(request);
    return statement;
}

int sbx_store_query_end(sbx_request *request, sqlite3_stmt *statement)
{
    if (sqlite3_finalize(statement) != SQLITE_OK)
        sbx_store_fail(request);
    return request->err.code;
}

int sbx_store_change(sbx_request *request, sbx_text sql, sbx_setup *setup, int64_t *changed)
{
    sqlite3_stmt *statement = sbx_store_query(request, sql, setup);

    if (statement != NULL)
        sqlite3_step(statement);
    if (sbx_store_query_end(request, statement) == 0)
        *changed = sqlite3_changes(request->store->connection);
    return request->err.code;
}

/* ---- bytes that order as their numbers do ---- */

void sbx_ordered_bytes(uint64_t value, unsigned char out[8])
{
    for (int i = 0; i < 8; i++)
        out[i] = (unsigned char)(value >> (56 - 8 * i));
}

static uint64_t from_bytes(const unsigned char *bytes)
{
    uint64_t value = 0;

    for (int i = 0; i < 8; i++)
        value = value << 8 | bytes[i];
    return value;
}

/* ---- values ---- */

static sbx_value from_blob(const void *bytes, size_t len, const sbx_type *type)
{
    if (sbx_type_is_unsigned(type->id) && len == 8)
        return (sbx_value){type->id, 0, {.u = from_bytes(bytes)}};
    return (sbx_value){type->id, type->id == SBX_DECIMAL ? type->scale : 0, {.s = {len == 0 ? "" : bytes, len}}};
}

sbx_value sbx_sqlite_value(sqlite3_value *value, const sbx_type *type)
{
    switch (sqlite3_value_type(value)) {
    case SQLITE_NULL:
        return SBX_NO_VALUE;
    case SQLITE_INTEGER:
        if (type->id == SBX_FLOAT || type->id == SBX_DOUBLE)
            return (sbx_value){type->id, 0, {.d = sqlite3_value_double(value)}};
        return (sbx_value){type->id, type->id == SBX_TIMESTAMP ? type->precision : 0, {.i = sqlite3_value_int64(value)}};
    case SQLITE_FLOAT:
        if (type->id != SBX_FLOAT && type->id != SBX_DOUBLE)
            return (sbx_value){type->id, type->id == SBX_TIMESTAMP ? type->precision : 0, {.i = sqlite3_value_int64(value)}};
        return (sbx_value){type->id, 0, {.d = sqlite3_value_double(value)}};
    default: {
        const void *bytes = sqlite3_value_blob(value);

        return from_blob(bytes, (size_t)sqlite3_value_bytes(value), type);
    }
    }
}

sbx_value sbx_column_value(sbx_arena *arena, sqlite3_stmt *statement, int at, const sbx_type *type)
{
    sbx_value value = sbx_sqlite_value(sqlite3_column_value(statement, at), type);

    if (sbx_type_is_bytes(value.type))
        value.as.s = sbx_copy(arena, value.as.s.p, value.as.s.len);
    return value;
}

void sbx_sqlite_result(sqlite3_context *context, const sbx_value *value)
{
    unsigned char bytes[8];

    if (value->type == SBX_NULL) {
        sqlite3_result_null(context);
    } else if (value->type == SBX_FLOAT || value->type == SBX_DOUBLE) {
        sqlite3_result_double(context, value->as.d);
    } else if (sbx_type_is_text(value->type) || value->type == SBX_JSON || value->type == SBX_DECIMAL) {
        sqlite3_result_text64(context, value->as.s.p, value->as.s.len, SQLITE_TRANSIENT, SQLITE_UTF8);
    } else if (sbx_type_has_length(value->type)) {
        sqlite3_result_blob64(context, value->as.s.len == 0 ? "" : value->as.s.p, value->as.s.len, SQLITE_TRANSIENT);
    } else if (sbx_type_is_unsigned(value->type) && value->as.u > INT64_MAX) {
        sbx_ordered_bytes(value->as.u, bytes);
        sqlite3_result_blob(context, bytes, 8, SQLITE_TRANSIENT);
    } else {
        sqlite3_result_int64(context, value->as.i);
    }
}
