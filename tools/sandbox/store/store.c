/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The store as a whole: opening a file or memory, the statements, transactions, SQLite's errors. Knows nothing of tables and rows. */
#include "store_private.h"

#include <stdarg.h>
#include <stdlib.h>

enum { APPLICATION_ID = 0x54445342, LAYOUT = 3 }; /* "TDSB": our file, and how it is laid out inside */

static const char layout_sql[] =
    "CREATE TABLE db (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digits INTEGER NOT NULL, keep_min INTEGER NOT NULL,"
    " vgroups INTEGER NOT NULL, created_ms INTEGER NOT NULL);"
    "CREATE TABLE tbl (id INTEGER PRIMARY KEY, db INTEGER NOT NULL, name TEXT NOT NULL, kind INTEGER NOT NULL, super INTEGER NOT NULL,"
    " ttl INTEGER NOT NULL, comment TEXT NOT NULL, created_ms INTEGER NOT NULL, tags BLOB NOT NULL,"
    " keyed INTEGER NOT NULL, UNIQUE (db, name));"
    "CREATE INDEX tbl_super ON tbl (super);"
    "CREATE TABLE field (tbl INTEGER NOT NULL, is_tag INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, type INTEGER NOT NULL,"
    " length INTEGER NOT NULL, precision INTEGER NOT NULL, scale INTEGER NOT NULL, PRIMARY KEY (tbl, is_tag, position)) WITHOUT ROWID;"
    "CREATE TABLE data (tbl INTEGER NOT NULL, time INTEGER NOT NULL, key NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (tbl, time, key)) WITHOUT ROWID;"
    "CREATE TABLE user (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, password BLOB NOT NULL, enabled INTEGER NOT NULL, created_ms INTEGER NOT NULL);"
    "PRAGMA application_id = 1413763906; PRAGMA user_version = 3;";

/* 1: it ran; 0: not, and why says what SQLite thinks of it. */
static int execute(sqlite3 *connection, const char *sql, sbx_buf *why)
{
    if (sqlite3_exec(connection, sql, NULL, NULL, NULL) == SQLITE_OK)
        return 1;
    sbx_buf_text(why, sqlite3_errmsg(connection));
    return 0;
}

/* The first number a query gives; -1 when it fails. */
static int64_t number(sqlite3 *connection, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int64_t result = -1;

    if (sqlite3_prepare_v2(connection, sql, -1, &statement, NULL) == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW)
        result = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return result;
}

/* Takes the file for this process alone, then finds out whose it is before anything is written into it. */
static int take(sqlite3 *connection, sbx_buf *why)
{
    int64_t tables;

    if (sqlite3_db_readonly(connection, "main") == 1) {
        sbx_buf_text(why, "it cannot be written");
        return 0;
    }
    if (!execute(connection, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", why))
        return 0;
    tables = number(connection, "SELECT count(*) FROM sqlite_master");
    if (tables != 0 && number(connection, "PRAGMA application_id") != APPLICATION_ID) {
        sbx_buf_text(why, "it is an SQLite database, but not one of tdrest-sandbox");
        return 0;
    }
    if (tables != 0 && number(connection, "PRAGMA user_version") != LAYOUT) {
        sbx_buf_text(why, "it was written by another version of tdrest-sandbox");
        return 0;
    }
    if (tables == 0 && !execute(connection, layout_sql, why))
        return 0;
    return execute(connection, "COMMIT; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", why);
}

sbx_store *sbx_store_open(const char *path, sbx_buf *why)
{
    sbx_store *store = calloc(1, sizeof *store);
    int rc;

    if (store == NULL) {
        sbx_buf_text(why, "out of memory");
        return NULL;
    }
    rc = sqlite3_open_v2(path, &store->connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    if (rc != SQLITE_OK)
        sbx_buf_text(why, store->connection == NULL ? "out of memory" : sqlite3_errmsg(store->connection));
    else if (take(store->connection, why))
        return store;
    if (store->connection != NULL && sqlite3_errcode(store->connection) == SQLITE_BUSY)
        sbx_buf_text(why, ": another process has it open");
    sbx_store_close(store);
    return NULL;
}

void sbx_store_close(sbx_store *store)
{
    if (store == NULL)
        return;
    for (int i = 0; i < STORE_STATEMENTS; i++)
        sqlite3_finalize(store->prepared[i].statement);
    sqlite3_close(store->connection);
    sbx_buf_clear(&store->bytes);
    free(store);
}

int sbx_store_fail(sbx_request *request)
{
    return sbx_fail(request, 0x02FF, "Internal error: %s", sqlite3_errmsg(request->store->connection));
}

int sbx_store_step(sqlite3_stmt *statement)
{
    return sqlite3_step(statement) == SQLITE_ROW;
}

int sbx_store_done(sbx_request *request, sqlite3_stmt *statement)
{
    if (sqlite3_reset(statement) != SQLITE_OK)
        sbx_store_fail(request);
    if (statement != NULL)
        sqlite3_clear_bindings(statement);
    return request->err.code;
}

int sbx_store_run(sbx_request *request, sqlite3_stmt *statement)
{
    if (statement != NULL)
        sqlite3_step(statement);
    return sbx_store_done(request, statement);
}

/* NULL: SQLite does not take it, and the request's error is set. */
static sqlite3_stmt *prepared(sbx_request *request, const char *sql)
{
    sbx_store *store = request->store;
    int i = 0;

    while (i < STORE_STATEMENTS - 1 && store->prepared[i].sql != NULL && store->prepared[i].sql != sql)
        i++;
    if (store->prepared[i].sql != sql) {
        sqlite3_finalize(store->prepared[i].statement);
        store->prepared[i].statement = NULL;
        store->prepared[i].sql = sql;
        sqlite3_prepare_v3(store->connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &store->prepared[i].statement, NULL);
    }
    if (store->prepared[i].statement == NULL)
        sbx_store_fail(request);
    return store->prepared[i].statement;
}

static void bind_text(sqlite3_stmt *statement, int at, sbx_text text)
{
    sqlite3_bind_text64(statement, at, text.len == 0 ? "" : text.p, text.len, SQLITE_STATIC, SQLITE_UTF8);
}

static void bind_bytes(sqlite3_stmt *statement, int at, const sbx_buf *bytes)
{
    sqlite3_bind_blob64(statement, at, bytes->len == 0 ? "" : bytes->p, bytes->len, SQLITE_STATIC);
}

sqlite3_stmt *sbx_store_bind(sbx_request *request, const char *sql, const char *letters, ...)
{
    sqlite3_stmt *statement = prepared(request, sql);
    va_list args;

    va_start(args, letters);
    for (int at = 1; statement != NULL && letters[at - 1] != '\0'; at++)
        switch (letters[at - 1]) {
        case 'i':
            sqlite3_bind_int64(statement, at, va_arg(args, int64_t));
            break;
        case 'n':
            sqlite3_bind_int(statement, at, va_arg(args, int));
            break;
        case 't':
            bind_text(statement, at, va_arg(args, sbx_text));
            break;
        case 'b':
            bind_bytes(statement, at, va_arg(args, const sbx_buf *));
            break;
        default:
            break;
        }
    va_end(args);
    return statement;
}

void sbx_store_read(sbx_request *request, sqlite3_stmt *statement, const char *letters, ...)
{
    va_list args;

    va_start(args, letters);
    for (int at = 0; letters[at] != '\0'; at++)
        if (letters[at] == 'i')
            *va_arg(args, int64_t *) = sqlite3_column_int64(statement, at);
        else if (letters[at] == 'n')
            *va_arg(args, int *) = sqlite3_column_int(statement, at);
        else
            *va_arg(args, sbx_text *) = sbx_column_copy(request, statement, at);
    va_end(args);
}

sbx_text sbx_column_copy(sbx_request *request, sqlite3_stmt *statement, int at)
{
    const char *p = sqlite3_column_blob(statement, at);

    return sbx_copy(request->arena, p, (size_t)sqlite3_column_bytes(statement, at));
}

int sbx_store_begin(sbx_request *request)
{
    return sbx_store_run(request, sbx_store_bind(request, "BEGIN", ""));
}

int sbx_store_commit(sbx_request *request)
{
    return sbx_store_run(request, sbx_store_bind(request, "COMMIT", ""));
}

void sbx_store_rollback(sbx_request *request)
{
    if (!sqlite3_get_autocommit(request->store->connection))
        sbx_store_run(request, sbx_store_bind(request, "ROLLBACK", ""));
}
