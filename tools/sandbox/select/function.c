/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The functions that our statements call where SQLite has none, or has one with rules of its own. Each is NULL where its first argument is. */
#include "../ddl/ddl.h"
#include "select.h"
#include "../base/decimal.h"

#include <math.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

sbx_text sbx_function_text(sqlite3_value *value)
{
    const char *p = sqlite3_value_blob(value);

    return (sbx_text){p == NULL ? "" : p, (size_t)sqlite3_value_bytes(value)};
}

static void give_text(sqlite3_context *context, sbx_text text)
{
    sqlite3_result_text64(context, text.p, text.len, SQLITE_TRANSIENT, SQLITE_UTF8);
}

static int is_null(sqlite3_value *value)
{
    return sqlite3_value_type(value) == SQLITE_NULL;
}

static int64_t integer(sqlite3_value *value)
{
    return sqlite3_value_int64(value);
}

/* ---- cells ---- */

/* cell(bytes of a row, number) */
static void cell(sqlite3_context *context, sqlite3_value **args)
{
    sbx_text bytes = sbx_function_text(args[0]);
    sbx_value value;

    sbx_row_cell(bytes.p, bytes.len, (size_t)integer(args[1]), &value);
    sbx_sqlite_result(context, &value);
}

/* without_cell(bytes of a row, number) */
static void without_cell(sqlite3_context *context, sqlite3_value **args)
{
    sbx_text bytes = sbx_function_text(args[0]);
    sbx_buf rest = {0};

    sbx_row_without(bytes.p, bytes.len, (size_t)integer(args[1]), &rest);
    sqlite3_result_blob64(context, rest.len == 0 ? "" : rest.p, rest.len, SQLITE_TRANSIENT);
    sbx_buf_clear(&rest);
}

/* full_type(id, length, precision, scale), of a column */
static void full_type(sqlite3_context *context, sqlite3_value **args)
{
    sbx_type type = {(sbx_type_id)sqlite3_value_int(args[0]), sqlite3_value_int(args[1]), sqlite3_value_int(args[2]), sqlite3_value_int(args[3])};

    give_text(context, type.id == SBX_JSON ? SBX_TEXT("JSON(16382)") : sbx_full_type_name(sbx_function_request(context)->arena, &type));
}

/* tag_text(bytes of tags, number) */
static void tag_text(sqlite3_context *context, sqlite3_value **args)
{
    sbx_text bytes = sbx_function_text(args[0]);
    sbx_value value;

    sbx_row_cell(bytes.p, bytes.len, (size_t)integer(args[1]), &value);
    if (value.type != SBX_NULL)
        give_text(context, sbx_tag_text(sbx_function_request(context)->arena, &value));
}

/* ---- numbers ---- */

/* Through its text: rounded once. */
static void decimal_real(sqlite3_context *context, sqlite3_value **args)
{
    char text[SBX_DECIMAL_ROOM];

    sbx_decimal_print(text, sbx_function_text(args[0]), sqlite3_value_int(args[1]));
    sqlite3_result_double(context, strtod(text, NULL));
}

static void decimal_text(sqlite3_context *context, sqlite3_value **args)
{
    char text[SBX_DECIMAL_ROOM];

    sbx_decimal_print(text, sbx_function_text(args[0]), sqlite3_value_int(args[1]));
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

static void decimal_negate(sqlite3_context *context, sqlite3_value **args)
{
    give_text(context, sbx_decimal_negated(sbx_function_request(context)->arena, sbx_function_text(args[0])));
}

/* decimal_math(op, precision, scale, a, its type, precision, scale, b, likewise) */
static void decimal_math(sqlite3_context *context, sqlite3_value **args)
{
    sbx_type type = {SBX_DECIMAL, 16, sqlite3_value_int(args[1]), sqlite3_value_int(args[2])};
    sbx_value values[2], result = {SBX_DECIMAL, type.scale, {0}};

    for (int i = 0; i < 2; i++) {
        sqlite3_value **of = args + 3 + 4 * i;

        if (is_null(of[0]))
            return;
        values[i] = sbx_sqlite_value(of[0], &(sbx_type){(sbx_type_id)sqlite3_value_int(of[1]), 0, sqlite3_value_int(of[2]), sqlite3_value_int(of[3])});
    }
    if (sbx_decimal_compute(sbx_function_request(context)->arena, &values[0], &values[1], (char)sqlite3_value_int(args[0]), &type, &result.as.s)) {
        sbx_sqlite_result(context, &result);
    } else {
        sbx_fail(sbx_function_request(context), 0x013D, "Decimal value overflow");
        sqlite3_result_error(context, "overflow", -1);
    }
}

static void unsigned_real(sqlite3_context *context, sqlite3_value **args)
{
    sqlite3_result_double(context, (double)sbx_sqlite_value(args[0], &(sbx_type){.id = SBX_UBIGINT}).as.u);
}

static void unsigned_text(sqlite3_context *context, sqlite3_value **args)
{
    give_text(context, sbx_format(sbx_function_request(context)->arena, "%llu",
                                  (unsigned long long)sbx_sqlite_value(args[0], &(sbx_type){.id = SBX_UBIGINT}).as.u));
}

static void to_float(sqlite3_context *context, sqlite3_value **args)
{
    sqlite3_result_double(context, (double)(float)sqlite3_value_double(args[0]));
}

/* Narrower integers keep their low bits, as in C. */
static void to_integer(sqlite3_context *context, sqlite3_value **args)
{
    sbx_type_id id = (sbx_type_id)sqlite3_value_int(args[1]);
    sbx_value value = sbx_sqlite_value(args[0], &(sbx_type){.id = SBX_UBIGINT});
    unsigned bits = 8 * (unsigned)sbx_type_fixed(id, 0).length;
    uint64_t kept = bits == 64 ? value.as.u : value.as.u & ((UINT64_C(1) << bits) - 1);

    if (sbx_type_is_signed(id) && bits != 64 && (kept >> (bits - 1) & 1) != 0)
        kept |= ~((UINT64_C(1) << bits) - 1);
    sbx_sqlite_result(context, &(sbx_value){id, 0, {.u = kept}});
}

static void remainder_of(sqlite3_context *context, sqlite3_value **args)
{
    if (!is_null(args[1]) && sqlite3_value_double(args[1]) != 0)
        sqlite3_result_double(context, fmod(sqlite3_value_double(args[0]), sqlite3_value_double(args[1])));
}

/* What is no number of this world SQLite cannot keep: it is refused. */
static void text_real(sqlite3_context *context, sqlite3_value **args)
{
    double d = strtod((const char *)sqlite3_value_text(args[0]), NULL);

    if (isnan(d)) {
        sbx_fail(sbx_function_request(context), 0x0200, "Invalid operation");
        sqlite3_result_error(context, "not a number", -1);
    } else {
        sqlite3_result_double(context, d);
    }
}

/* ---- times ---- */

static void window_start(sqlite3_context *context, sqlite3_value **args)
{
    sqlite3_result_int64(context, sbx_window_start(integer(args[0]), integer(args[1])));
}

/* read_time(text, digits): what is no time is the first one there is. */
static void read_time(sqlite3_context *context, sqlite3_value **args)
{
    int64_t time = 0;
    int read = sbx_time_parse(sbx_function_text(args[0]), sqlite3_value_int(args[1]), &sbx_function_request(context)->zone, &time);

    sqlite3_result_int64(context, read ? time : 0);
}

/* ---- texts ---- */

/* cut_text(text, length, type): to so many bytes, or characters of NCHAR. */
static void cut_text(sqlite3_context *context, sqlite3_value **args)
{
    sbx_text text = sbx_function_text(args[0]);
    size_t limit = (size_t)integer(args[1]), at = 0, chars = 0;
    sbx_type_id id = (sbx_type_id)sqlite3_value_int(args[2]);

    for (; id == SBX_NCHAR && at < text.len; at++)
        if (((unsigned char)text.p[at] & 0xC0) != 0x80 && chars++ == limit)
            break;
    text.len = id == SBX_NCHAR ? at : text.len < limit ? text.len : limit;
    sbx_sqlite_result(context, &(sbx_value){id, 0, {.s = text}});
}

static void bytes_apart(sqlite3_context *context, sqlite3_value **args)
{
    give_text(context, sbx_bytes_apart(sbx_function_request(context)->arena, sbx_function_text(args[0])));
}

/* ---- all of them ---- */

static const sbx_sql_function functions[] = {
    {"cell", 2, cell},
    {"without_cell", 2, without_cell},
    {"full_type", 4, full_type},
    {"tag_text", 2, tag_text},
    {"decimal_real", 2, decimal_real},
    {"decimal_text", 2, decimal_text},
    {"decimal_negate", 1, decimal_negate},
    {"decimal_math", 11, decimal_math},
    {"unsigned_real", 1, unsigned_real},
    {"unsigned_text", 1, unsigned_text},
    {"to_float", 1, to_float},
    {"to_integer", 2, to_integer},
    {"remainder", 2, remainder_of},
    {"text_real", 1, text_real},
    {"window_start", 2, window_start},
    {"read_time", 2, read_time},
    {"cut_text", 3, cut_text},
    {"bytes_apart", 1, bytes_apart},
};

/* A function as it belongs to one store. */
typedef struct bound {
    const sbx_sql_function *function;
    const sbx_store *store;
} bound;

sbx_request *sbx_function_request(sqlite3_context *context)
{
    const bound *b = sqlite3_user_data(context);

    return sbx_store_running(b->store);
}

/* Where the first argument is NULL, so is the result. */
static void unless_null(sqlite3_context *context, int count, sqlite3_value **args)
{
    const bound *b = sqlite3_user_data(context);

    (void)count;
    if (!is_null(args[0]))
        b->function->call(context, args);
}

int sbx_add_functions(sqlite3 *connection, sbx_store *store, const sbx_sql_function *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bound *b = malloc(sizeof *b);

        if (b == NULL)
            return 0;
        *b = (bound){&list[i], store};
        if (sqlite3_create_function_v2(connection, list[i].name, list[i].args, SQLITE_UTF8 | SQLITE_DETERMINISTIC, b, unless_null, NULL, NULL, free) !=
            SQLITE_OK)
            return 0;
    }
    return 1;
}

int sbx_select_functions(sqlite3 *connection, sbx_store *store)
{
    return sbx_add_functions(connection, store, functions, sizeof functions / sizeof functions[0]) && sbx_add_json_functions(connection, store) &&
           sbx_add_aggregates(connection);
}
