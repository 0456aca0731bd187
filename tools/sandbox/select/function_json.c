/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* SQLite's functions about JSON tags, whose members are kept as the raw text that the server emits for them. */
#include "../insert/literal.h"
#include "select.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static int find(sqlite3_context *context, sqlite3_value **args, sbx_text *raw)
{
    return sbx_json_member(sbx_function_request(context)->arena, sbx_function_text(args[0]), sbx_function_text(args[1]), raw);
}

/* json_member(object, key): NULL where there is none, or it is null. */
static void member(sqlite3_context *context, sqlite3_value **args)
{
    sbx_text raw;

    if (find(context, args, &raw) && !sbx_text_is(raw, "null"))
        sqlite3_result_text64(context, raw.p, raw.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static int is_string(sbx_text raw)
{
    return raw.len >= 2 && raw.p[0] == '"';
}

/* json_text(member): the text that it is; NULL of what is none. */
static void plain_text(sqlite3_context *context, sqlite3_value **args)
{
    sbx_text raw = sbx_function_text(args[0]);

    if (is_string(raw))
        sqlite3_result_text64(context, raw.p + 1, raw.len - 2, SQLITE_TRANSIENT, SQLITE_UTF8);
}

/* json_truth(member): 0 or 1; NULL of what is none. */
static void truth(sqlite3_context *context, sqlite3_value **args)
{
    sbx_text raw = sbx_function_text(args[0]);

    if (sbx_text_is(raw, "true") || sbx_text_is(raw, "false"))
        sqlite3_result_int(context, raw.p[0] == 't');
}

/* json_number(member): NULL of what is none. */
static void number(sqlite3_context *context, sqlite3_value **args)
{
    sbx_text raw = sbx_function_text(args[0]);

    if (raw.len != 0 && strchr("-0123456789", raw.p[0]) != NULL)
        sqlite3_result_double(context, strtod((const char *)sqlite3_value_text(args[0]), NULL));
}

int sbx_add_json_functions(sqlite3 *connection, sbx_store *store)
{
    static const sbx_sql_function functions[] = {
        {"json_member", 2, member}, {"json_text", 1, plain_text}, {"json_truth", 1, truth}, {"json_number", 1, number}};

    return sbx_add_functions(connection, store, functions, sizeof functions / sizeof functions[0]);
}
