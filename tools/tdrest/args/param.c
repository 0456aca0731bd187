/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Values for the `:name`s of statements, as the command line has them. What can be sent is the library's to say. Knows no statements. */
#include "args/param.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "term/report.h"
#include "term/text.h"

enum { NAME_MAX_BYTES = 64 };

/* ---- values of each type: 1, or 0 when the text is none ---- */

static int is_digits(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static int read_int(cli_param *p)
{
    errno = 0;
    p->as.i = strtoll(p->text, NULL, 10);
    return is_digits(p->text + (*p->text == '-')) && errno == 0;
}

static int read_seconds(cli_param *p)
{
    if (!read_int(p) || p->as.i > INT64_MAX / 1000 || p->as.i < INT64_MIN / 1000)
        return 0;
    p->as.i *= 1000;
    return 1;
}

static int read_uint(cli_param *p)
{
    errno = 0;
    p->as.u = strtoull(p->text, NULL, 10);
    return is_digits(p->text) && errno == 0;
}

/* What strtod takes besides, such as nan and 0x1p3, is no number here; neither is one that becomes 0 or infinite. */
static int read_float(cli_param *p)
{
    char *end;

    errno = 0;
    p->as.d = strtod(p->text, &end);
    return *p->text != '\0' && p->text[strspn(p->text, "+-.0123456789eE")] == '\0' && *end == '\0' && isfinite(p->as.d) &&
           (errno == 0 || p->as.d != 0);
}

static int read_bool(cli_param *p)
{
    p->as.i = strcmp(p->text, "true") == 0;
    return p->as.i || strcmp(p->text, "false") == 0;
}

/* The bytes take the place of their digits. With or without the \x that they are shown with. */
static int read_hex(cli_param *p, char *text)
{
    const char *digits = strncmp(text, "\\x", 2) == 0 ? text + 2 : text;

    for (p->len = 0; *digits != '\0'; digits += 2) {
        int high = cli_hex_digit(digits[0]), low = high < 0 ? -1 : cli_hex_digit(digits[1]);

        if (low < 0)
            return 0;
        text[p->len++] = (char)(high << 4 | low);
    }
    return 1;
}

/* ---- the command line ---- */

#define INT64 "an integer from -9223372036854775808 to 9223372036854775807"

static const struct {
    const char *name;
    const char *expected; /* NULL: what the library says */
    const char *about;
} types[] = {
    [CLI_PARAM_TEXT] = {"", NULL, "a text"},
    [CLI_PARAM_INT] = {"int", INT64, "an integer"},
    [CLI_PARAM_UINT] = {"uint", "an integer from 0 to 18446744073709551615", "an integer that is not negative"},
    [CLI_PARAM_FLOAT] = {"float", "a number, such as -1.5 or 1e-3, within the range of DOUBLE", "a FLOAT or DOUBLE"},
    [CLI_PARAM_BOOL] = {"bool", "true or false", "true or false"},
    [CLI_PARAM_TIME] = {"time", NULL, "a time with its zone: 2024-01-02T03:04:05.123Z or 2024-01-02 03:04:05+08:00"},
    [CLI_PARAM_S] = {"s", "seconds since 1970, from -9223372036854775 to 9223372036854775", "a time in seconds since 1970"},
    [CLI_PARAM_MS] = {"ms", INT64, "a time in milliseconds since 1970"},
    [CLI_PARAM_US] = {"us", INT64, "a time in microseconds since 1970"},
    [CLI_PARAM_NS] = {"ns", INT64, "a time in nanoseconds since 1970"},
    [CLI_PARAM_DECIMAL] = {"decimal", NULL, "a DECIMAL, such as -123.4500"},
    [CLI_PARAM_JSON] = {"json", NULL, "a JSON tag: an object"},
    [CLI_PARAM_HEX] = {"hex", "an even number of hexadecimal digits", "bytes in hexadecimal digits"},
    [CLI_PARAM_NULL] = {"null", "no value: -p NAME:null", "NULL"},
    [CLI_PARAM_IDENT] = {"ident", NULL, "the name of a database, table or column, capitals kept; each part of db.table on its own"},
};

const char *cli_param_type_at(size_t index, const char **about)
{
    if (index >= sizeof types / sizeof types[0])
        return NULL;
    *about = types[index].about;
    return types[index].name;
}

const char *cli_param_shown(const cli_param *param, char room[CLI_QUOTED_ROOM])
{
    return param->type == CLI_PARAM_TEXT || param->type == CLI_PARAM_HEX ? NULL : cli_quoted(param->text, param->len, room);
}

int cli_param_depends_on_column(const cli_param *param)
{
    return param->type == CLI_PARAM_HEX || (param->type >= CLI_PARAM_TIME && param->type <= CLI_PARAM_NS);
}

static int read_value(cli_param *p, char *text)
{
    switch (p->type) {
    case CLI_PARAM_INT:
    case CLI_PARAM_MS:
    case CLI_PARAM_US:
    case CLI_PARAM_NS: return read_int(p);
    case CLI_PARAM_S: return read_seconds(p);
    case CLI_PARAM_UINT: return read_uint(p);
    case CLI_PARAM_FLOAT: return read_float(p);
    case CLI_PARAM_BOOL: return read_bool(p);
    case CLI_PARAM_HEX: return read_hex(p, text);
    case CLI_PARAM_NULL: return 0;
    default: return 1;
    }
}

/* A name is what a statement can have behind a colon. */
static int is_name(const char *name)
{
    char text[NAME_MAX_BYTES + 2];
    size_t len = strlen(name), pos = 0, at;

    if (len > NAME_MAX_BYTES)
        return 0;
    text[0] = ':';
    memcpy(text + 1, name, len + 1);
    return tdrest_sql_next_param(text, len + 1, &pos, &at) == TDREST_ROW && at == 0 && pos == len + 1;
}

static int find_type(const char *name, enum cli_param_type *type)
{
    size_t i;

    for (i = CLI_PARAM_INT; i < sizeof types / sizeof types[0] && strcmp(types[i].name, name) != 0; i++)
        ;
    *type = (enum cli_param_type)i;
    return i < sizeof types / sizeof types[0];
}

/* Without the type, which may be a password behind the colon of a login. */
static int refuse_type(const char *name)
{
    char list[128] = "";
    size_t i, len = 0, count = sizeof types / sizeof types[0];

    for (i = CLI_PARAM_INT; i < count; i++)
        len += (size_t)snprintf(list + len, sizeof list - len, "%s%s", i == CLI_PARAM_INT ? "" : i + 1 == count ? " or " : ", ", types[i].name);
    return cli_usage("parameter %s: expected the type %s; without a type it is text", name, list);
}

int cli_params_add(cli_params *params, char *arg)
{
    char *value = strchr(arg, '='), *type;
    cli_param *p = &params->items[params->count];
    char shown[CLI_QUOTED_ROOM];

    if (value != NULL)
        *value++ = '\0';
    type = strchr(arg, ':');
    if (type != NULL)
        *type++ = '\0';
    *p = (cli_param){.name = arg, .text = value == NULL ? "" : value, .len = value == NULL ? 0 : strlen(value)};
    if (!is_name(arg) || (value == NULL && (type == NULL || strcmp(type, types[CLI_PARAM_NULL].name) != 0))) /* not what it is: it may be a password */
        return cli_usage("-p needs NAME=VALUE or NAME:TYPE=VALUE, and a name of at most 64 letters, digits and `_`");
    if (type != NULL && !find_type(type, &p->type))
        return refuse_type(arg);
    if (cli_params_find(params, arg, strlen(arg)) != NULL)
        return cli_usage("parameter %s is given twice", arg);
    if (value == NULL || read_value(p, value)) {
        params->count++;
        return CLI_OK;
    }
    if (cli_param_shown(p, shown) == NULL)
        return cli_usage("parameter %s: expected %s", arg, types[p->type].expected);
    return cli_usage("parameter %s, value %s: expected %s", arg, shown, types[p->type].expected);
}

cli_param *cli_params_find(const cli_params *params, const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < params->count; i++)
        if (strlen(params->items[i].name) == len && memcmp(params->items[i].name, name, len) == 0)
            return &params->items[i];
    return NULL;
}

/* ---- what can be sent ---- */

/* Bytes are a text where the column is one, as far as it is known. */
static int bind_bytes(const cli_param *param, tdrest_stmt *stmt, int index)
{
    const tdrest_column *column = tdrest_stmt_param(stmt, index) == NULL ? NULL : tdrest_stmt_param(stmt, index)->column;

    if (column != NULL && (column->type == TDREST_TYPE_VARCHAR || column->type == TDREST_TYPE_NCHAR))
        return tdrest_stmt_bind_bytes(stmt, index, param->text, param->len);
    return tdrest_stmt_bind_varbinary(stmt, index, param->text, param->len);
}

int cli_param_bind(const cli_param *param, tdrest_stmt *stmt, int index)
{
    switch (param->type) {
    case CLI_PARAM_INT: return tdrest_stmt_bind_int64(stmt, index, param->as.i);
    case CLI_PARAM_UINT: return tdrest_stmt_bind_uint64(stmt, index, param->as.u);
    case CLI_PARAM_FLOAT: return tdrest_stmt_bind_double(stmt, index, param->as.d);
    case CLI_PARAM_BOOL: return tdrest_stmt_bind_bool(stmt, index, (int)param->as.i);
    case CLI_PARAM_TIME: return tdrest_stmt_bind_time_text(stmt, index, param->text, param->len);
    case CLI_PARAM_S:
    case CLI_PARAM_MS: return tdrest_stmt_bind_time(stmt, index, param->as.i, TDREST_MS);
    case CLI_PARAM_US: return tdrest_stmt_bind_time(stmt, index, param->as.i, TDREST_US);
    case CLI_PARAM_NS: return tdrest_stmt_bind_time(stmt, index, param->as.i, TDREST_NS);
    case CLI_PARAM_DECIMAL: return tdrest_stmt_bind_decimal_text(stmt, index, param->text, param->len);
    case CLI_PARAM_JSON: return tdrest_stmt_bind_json(stmt, index, param->text, param->len);
    case CLI_PARAM_HEX: return bind_bytes(param, stmt, index);
    case CLI_PARAM_NULL: return tdrest_stmt_bind_null(stmt, index);
    default: return tdrest_stmt_bind_text(stmt, index, param->text, param->len);
    }
}

/* A time that cannot be sent as a text can be sent as a number, where the precision is known. */
static int fits_somewhere(const cli_param *param, tdrest_stmt *stmt)
{
    static const int precisions[] = {TDREST_MS, TDREST_US, TDREST_NS};
    size_t i;
    int fits = 0;

    for (i = 0; !fits && param->type >= CLI_PARAM_TIME && param->type <= CLI_PARAM_NS && i < 3; i++)
        fits = tdrest_stmt_set_precision(stmt, precisions[i]) == TDREST_OK && cli_param_bind(param, stmt, 0) == TDREST_OK;
    if (!fits) /* for the record of the failure */
        fits = tdrest_stmt_set_precision(stmt, TDREST_PRECISION_UNKNOWN) < 0 || cli_param_bind(param, stmt, 0) == TDREST_OK;
    return fits;
}

/* In a statement that takes any value in any place. */
static int check(const cli_param *param, tdrest_conn *conn)
{
    const cli_place nowhere = {.number = 0};
    char sql[NAME_MAX_BYTES + 64], shown[CLI_QUOTED_ROOM];
    tdrest_stmt *stmt;
    int status = CLI_OK;

    snprintf(sql, sizeof sql, "insert into t (c) values (1) (:%s)", param->name);
    if (tdrest_stmt_new(conn, sql, TDREST_CSTR, &stmt) < 0)
        return cli_report(tdrest_conn_error(conn), &nowhere);
    if (cli_param_bind(param, stmt, 0) < 0 && !fits_somewhere(param, stmt))
        status = cli_report_stmt(stmt, cli_param_shown(param, shown), &nowhere);
    tdrest_stmt_free(stmt);
    return status;
}

int cli_params_check(const cli_params *params, tdrest_conn *conn)
{
    char shown[CLI_QUOTED_ROOM];
    size_t i;
    int status = CLI_OK;

    for (i = 0; status == CLI_OK && i < params->count; i++) {
        const cli_param *p = &params->items[i];

        if (p->type != CLI_PARAM_IDENT)
            status = check(p, conn);
        else if (tdrest_quote_ident(p->text, p->len, NULL, 0, NULL) == TDREST_EBIND)
            status = cli_usage("parameter %s, value %s: expected a name of 1 to 192 bytes, without backslash", p->name, cli_param_shown(p, shown));
    }
    return status;
}

int cli_params_check_used(const cli_params *params)
{
    size_t i;

    for (i = 0; i < params->count; i++)
        if (!params->items[i].used)
            return cli_usage("parameter %s is not used by any statement", params->items[i].name);
    return CLI_OK;
}
