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

enum { STORE_STATEMENTS = 32 };

struct sbx_store {
    sqlite3 *connection;
    struct {
        const char *sql;      /* a literal: it is known by its place */
        sqlite3_stmt *statement;
    } prepared[STORE_STATEMENTS];
    sbx_request *running; /* whose statement calls functions */
    int is_set_up;        /* the connection has the functions of others */
    sbx_buf bytes;        /* a row or tags on their way into the database */
};

/*
 * The statement of that literal, ready for its first step, and what is bound to ?1 ?2 ...: for each letter i an int64_t, n an int, t an sbx_text,
 * b a const sbx_buf * of bytes, - what is bound by hand; it must live until sbx_store_done ends the statement.
 */
sqlite3_stmt *sbx_store_bind(sbx_request *request, const char *sql, const char *letters, ...);
/* Columns of the row it stands on, by the same letters, without b, to where each belongs. Texts are copied. */
void sbx_store_read(sbx_request *request, sqlite3_stmt *statement, const char *letters, ...);
/* Ends a statement; the error of its last step, if it had one, becomes that of the request. */
int sbx_store_done(sbx_request *request, sqlite3_stmt *statement);
/* For one that gives no rows: step and end. */
int sbx_store_run(sbx_request *request, sqlite3_stmt *statement);
int sbx_store_fail(sbx_request *request);

#endif
