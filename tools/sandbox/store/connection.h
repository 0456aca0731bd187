/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Statements that others write for the store's SQLite, over tables db, tbl, field, data and user; and its values as ours. */
#ifndef SBX_CONNECTION_H
#define SBX_CONNECTION_H

#include "store.h"

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;
typedef struct sqlite3_value sqlite3_value;
typedef struct sqlite3_context sqlite3_context;

/* Gives the connection its functions, once. 1: it has them. */
typedef int sbx_setup(sqlite3 *connection, sbx_store *store);

/* Ready for its first step; NULL, and the request's error is set. sbx_store_query_end ends it, also NULL. */
sqlite3_stmt *sbx_store_query(sbx_request *request, sbx_text sql, sbx_setup *setup);
int sbx_store_query_end(sbx_request *request, sqlite3_stmt *statement);
/* A row is there: 1; else 0, which may be an error: the end of the statement says so. */
int sbx_store_step(sqlite3_stmt *statement);
/* Runs one without rows. */
int sbx_store_change(sbx_request *request, sbx_text sql, sbx_setup *setup, int64_t *changed);

/* The request whose statement runs, for a function of SQLite's. */
sbx_request *sbx_store_running(const sbx_store *store);

/*
 * Our values in SQLite: times, integers and BOOL are its integers, BIGINT UNSIGNED beyond them its blobs of eight bytes, so that
 * SQLite orders all of them; texts are texts, DECIMAL too, what is binary are blobs. Which type it was is not in it.
 */
sbx_value sbx_column_value(sbx_arena *arena, sqlite3_stmt *statement, int at, const sbx_type *type);
sbx_text sbx_column_copy(sbx_request *request, sqlite3_stmt *statement, int at);
sbx_value sbx_sqlite_value(sqlite3_value *value, const sbx_type *type); /* texts point into it */
void sbx_sqlite_result(sqlite3_context *context, const sbx_value *value);
/* The bytes of large BIGINT UNSIGNED. */
void sbx_ordered_bytes(uint64_t value, unsigned char out[8]);

#endif
