/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What the files of the store share: the connection and its statements, which are prepared once. No text of a request ever becomes part of a
 * statement; it is bound. Included by store*.c alone.
 */
#ifndef SBX_STORE_PRIVATE_H
#define SBX_STORE_PRIVATE_H

#include "connection.h"

#include <sqlite3.h>

typedef enum store_statement {
    STORE_BEGIN,
    STORE_COMMIT,
    STORE_ROLLBACK,
    STORE_DATABASE_GET,
    STORE_DATABASE_ADD,
    STORE_DATABASE_KEEP,
    STORE_DATABASE_DROP,
    STORE_DATABASE_DROP_TABLES,
    STORE_DATABASE_DROP_FIELDS,
    STORE_DATABASE_DROP_ROWS,
    STORE_TABLE_GET,
    STORE_TABLE_LIST,
    STORE_TABLE_NAME,
    STORE_TABLE_ADD,
    STORE_TABLE_COMMENT,
    STORE_TABLE_TAGS,
    STORE_TABLE_DROP,
    STORE_TABLE_DROP_FIELDS,
    STORE_TABLE_DROP_ROWS,
    STORE_FIELD_LIST,
    STORE_FIELD_ADD,
    STORE_ROW_GET,
    STORE_ROW_PUT,
    STORE_ROW_LIST,
    STORE_USER_GET,
    STORE_USER_PUT,
    STORE_USER_SET,
    STORE_USER_DROP,
    STORE_STATEMENTS
} store_statement;

struct sbx_store {
    sqlite3 *connection;
    sqlite3_stmt *statements[STORE_STATEMENTS];
    sbx_request *running; /* whose statement calls functions */
    int is_set_up;        /* the connection has the functions of others */
    sbx_buf bytes;   /* a row or tags on their way into the database */
};

extern const char *const sbx_store_sql[STORE_STATEMENTS];

/* Ready to be bound; it must be ended by sbx_store_run or sbx_store_done. */
sqlite3_stmt *sbx_store_statement(sbx_request *request, store_statement which);
/* Ends a statement; the error of its last step, if it had one, becomes that of the request. */
int sbx_store_done(sbx_request *request, sqlite3_stmt *statement);
/* For one that gives no rows: step and end. */
int sbx_store_run(sbx_request *request, sqlite3_stmt *statement);
int sbx_store_fail(sbx_request *request);

/* What is bound must live until the statement is ended. */
void sbx_bind_text(sqlite3_stmt *statement, int at, sbx_text text);
void sbx_bind_bytes(sqlite3_stmt *statement, int at, const void *bytes, size_t len);

#endif
