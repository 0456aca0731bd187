/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* SQLite's functions about JSON tags, whose members are kept as the raw text that the server emits for them. */
#include "../insert/literal.h"
#include "functions.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static sbx_text text_of(sqlite3_value *value)
{
    const char *p = sqlite3_value_blob(value);

    return (sbx_text){p == NULL ? "" : p, (size_t)sqlite3_value_bytes(value)};
}

static int find(sqlite3_context *context, sqlite3_value **args, sbx_text *raw)
{
    return sbx_json_member(sbx_function_request(context)->arena, text_of(args[0]), text_of(args[1]), raw);
}

/* json_member(object, key): NULL where there is none, or it is null. */
static void member(sqlite3_context *context, int count, sqlite3_value **args)
{
    sbx_text raw;

    (void)count;
    if (find(context, args, &raw) && !sbx_text_is(raw, "null"))
        sqlite3_result_text64(context, raw.p, raw.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static void contains(sqlite3_context *context, int count, sqlite3_value **args)
{
    sbx_text raw;

    (void)count;
    sqlite3_result_int(context, find(context, args, &raw));
}

static int is_string(sbx_text raw)
{
    return raw.len >= 2 && raw.p[0] == '"';
}

/* json_text(member): the text that it is; NULL of what is none. */
static void plain_text(sqlite3_context *context, int count, sqlite3_value **args)
{
    sbx_text raw = text_of(args[0]);

    (void)count;
    if (is_string(raw))
        sqlite3_result_text64(context, raw.p + 1, raw.len - 2, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static int holds(char op, int order)
{
    switch (op) {
    case '=': return order == 0;
    case 'n': return order != 0;
    case '<': return order < 0;
    case '>': return order > 0;
    case 'l': return order <= 0;
    default: return order >= 0;
    }
}

static int order_texts(sbx_text a, sbx_text b)
{
    int order = memcmp(a.p, b.p, a.len < b.len ? a.len : b.len);

    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

/* json_compare(member, op, constant, whether it is a truth): with its own kind alone; with others nothing holds. */
static void compare(sqlite3_context *context, int count, sqlite3_value **args)
{
    sbx_text raw = text_of(args[0]);
    char op = *(const char *)sqlite3_value_text(args[1]);
    int is_truth = sbx_text_is(raw, "true") || sbx_text_is(raw, "false"), holding = 0;

    (void)count;
    if (is_string(raw)) {
        holding = sqlite3_value_type(args[2]) == SQLITE_TEXT && holds(op, order_texts((sbx_text){raw.p + 1, raw.len - 2}, text_of(args[2])));
    } else if (sqlite3_value_type(args[2]) == SQLITE_INTEGER || sqlite3_value_type(args[2]) == SQLITE_FLOAT) {
        double a = is_truth ? raw.p[0] == 't' : strtod((const char *)sqlite3_value_text(args[0]), NULL), b = sqlite3_value_double(args[2]);

        holding = is_truth == sqlite3_value_int(args[3]) && holds(op, (a > b) - (a < b));
    }
    sqlite3_result_int(context, holding);
}

int sbx_add_json_functions(sqlite3 *connection, sbx_store *store)
{
    static const sbx_sql_function functions[] = {
        {"json_member", 2, member}, {"json_contains", 2, contains}, {"json_text", 1, plain_text}, {"json_compare", 4, compare}};

    return sbx_add_functions(connection, store, functions, sizeof functions / sizeof functions[0]);
}
