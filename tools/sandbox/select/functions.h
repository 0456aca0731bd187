/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the files of SQLite's functions share. Private to function*.c. */
#ifndef SBX_FUNCTIONS_H
#define SBX_FUNCTIONS_H

#include "../store/connection.h"
#include "select.h"

typedef struct sbx_sql_function {
    const char *name;
    int args;
    void (*call)(sqlite3_context *context, sqlite3_value **args);
} sbx_sql_function;

int sbx_add_functions(sqlite3 *connection, sbx_store *store, const sbx_sql_function *list, size_t count);
int sbx_add_json_functions(sqlite3 *connection, sbx_store *store); /* function_json.c */
int sbx_add_aggregates(sqlite3 *connection);                       /* function_aggregate.c */
/* The request whose statement calls the function. */
sbx_request *sbx_function_request(sqlite3_context *context);

#endif
