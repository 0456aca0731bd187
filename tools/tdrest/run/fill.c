/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A statement with its `:name`s filled: names by quoting them in their places, values by the library's statement, which makes literals of
 * them. Knows neither where statements come from nor what they answer.
 */
#include "run/fill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Says of the placeholder of len bytes at `at`, in the statement of that place, what is wrong. */
static int refuse(const char *at, size_t len, const char *message, const cli_place *place)
{
    char text[640];

    snprintf(text, sizeof text, "parameter %.*s%.540s", len > 80 ? 80 : (int)len, at, message);
    return cli_report_code(TDREST_EUSAGE, text, place);
}

/* Is every placeholder given? Counts those that are names. */
static int check_given(const cli_params *params, const char *sql, size_t len, const cli_place *place, size_t *names)
{
    size_t pos = 0, at;

    for (*names = 0; tdrest_sql_next_param(sql, len, &pos, &at) == TDREST_ROW;) {
        cli_param *p = cli_params_find(params, sql + at + 1, pos - at - 1);

        if (sql[at] == '?')
            return refuse(sql + at, 1, " has no name: -p gives values to :NAME", place);
        if (p == NULL)
            return refuse(sql + at, pos - at, " is not given", place);
        p->used = 1;
        *names += p->type == CLI_PARAM_IDENT;
    }
    return CLI_OK; /* what cannot be read is refused when it is sent */
}

/* Writes the statement with names in their places. Two backquotes must not meet: they would stand for one within a name. */
static int put_names(const cli_params *params, const char *sql, size_t len, char *out, size_t *out_len)
{
    size_t pos = 0, at, from = 0, needed;
    char *p = out;
    int rc = TDREST_OK;

    while (rc == TDREST_OK && tdrest_sql_next_param(sql, len, &pos, &at) == TDREST_ROW) {
        const cli_param *param = cli_params_find(params, sql + at + 1, pos - at - 1);

        if (param->type != CLI_PARAM_IDENT)
            continue;
        memcpy(p, sql + from, at - from);
        p += at - from;
        if (p > out && p[-1] == '`')
            *p++ = ' ';
        rc = tdrest_quote_ident(param->text, param->len, p, 2 * param->len + 3, &needed);
        p += needed;
        if (pos < len && sql[pos] == '`')
            *p++ = ' ';
        from = pos;
    }
    memcpy(p, sql + from, len - from);
    *out_len = (size_t)(p - out) + len - from;
    return rc;
}

/* The bytes that names may need at most, with the blanks beside them. */
static size_t longest_name(const cli_params *params)
{
    size_t i, longest = 0;

    for (i = 0; i < params->count; i++)
        if (params->items[i].type == CLI_PARAM_IDENT && params->items[i].len > longest)
            longest = params->items[i].len;
    return 2 * longest + 5;
}

static int fill_names(const cli_params *params, size_t names, const cli_place *place, cli_filled *out)
{
    int rc;

    out->text = malloc(out->len + names * longest_name(params) + 1);
    rc = out->text == NULL ? TDREST_ENOMEM : put_names(params, out->sql, out->len, out->text, &out->len);
    out->sql = out->text;
    return rc == TDREST_OK ? CLI_OK : cli_report_code(rc, tdrest_code_text(rc), place);
}

/* What the library refused is told with the placeholder's name, when it is about one. */
static int report_new(tdrest_conn *conn, const cli_filled *filled, const cli_place *place)
{
    const tdrest_error *err = tdrest_conn_error(conn);
    char message[sizeof err->message + 64];
    size_t pos = 0, at;

    while (err->offset >= 0 && tdrest_sql_next_param(filled->sql, filled->len, &pos, &at) == TDREST_ROW) {
        if ((int64_t)at != err->offset)
            continue;
        snprintf(message, sizeof message, ": %s (-p NAME:ident=VALUE gives a name)", err->message);
        return refuse(filled->sql + at, pos - at, message, place);
    }
    return cli_report(err, place);
}

/* Does a value go to a column whose type or precision decides how it must be written? */
static int needs_columns(const cli_params *params, const cli_filled *filled)
{
    size_t pos = 0, at;

    while (tdrest_sql_next_param(filled->sql, filled->len, &pos, &at) == TDREST_ROW)
        if (cli_param_depends_on_column(cli_params_find(params, filled->sql + at + 1, pos - at - 1)))
            return 1;
    return 0;
}

/* What does not fit may do so once the column is known. */
static int may_fit(const cli_param *p, const tdrest_param *param, int asks)
{
    return !asks && cli_param_depends_on_column(p) && param->role != TDREST_PARAM_EXPRESSION;
}

/* Values at all placeholders that are left. The first one may be the table of an INSERT: that one takes a table's name. */
static int bind(const cli_params *params, int asks, const cli_place *place, cli_filled *filled)
{
    char shown[CLI_QUOTED_ROOM];
    size_t pos = 0, at;
    int index, rc, has_table = tdrest_stmt_set_table(filled->stmt, "t", TDREST_CSTR) != TDREST_EUSAGE;

    if (asks && !has_table && needs_columns(params, filled)) {
        rc = tdrest_stmt_describe(filled->stmt, NULL);
        if (rc < 0 && rc != TDREST_EUSAGE) /* no INSERT of one row: nothing can be known */
            return cli_report_stmt(filled->stmt, NULL, place);
    }
    while (tdrest_sql_next_param(filled->sql, filled->len, &pos, &at) == TDREST_ROW) {
        const cli_param *p = cli_params_find(params, filled->sql + at + 1, pos - at - 1);

        if (has_table)
            return refuse(filled->sql + at, pos - at, " stands for a name here: -p NAME:ident=VALUE gives one", place);
        index = tdrest_stmt_param_index(filled->stmt, p->name);
        if (cli_param_bind(p, filled->stmt, index) < 0 && !may_fit(p, tdrest_stmt_param(filled->stmt, index), asks))
            return cli_report_stmt(filled->stmt, cli_param_shown(p, shown), place);
        filled->is_rows = tdrest_stmt_param(filled->stmt, index)->role != TDREST_PARAM_EXPRESSION;
    }
    return CLI_OK;
}

int cli_fill(const cli_params *params, tdrest_conn *conn, const char *sql, size_t len, int asks, const cli_place *place, cli_filled *out)
{
    size_t names, pos = 0, at;
    int status = CLI_OK;

    *out = (cli_filled){.sql = sql, .len = len};
    if (params->count == 0)
        return CLI_OK;
    status = check_given(params, sql, len, place, &names);
    if (status == CLI_OK && names > 0)
        status = fill_names(params, names, place, out);
    if (status != CLI_OK || tdrest_sql_next_param(out->sql, out->len, &pos, &at) == TDREST_DONE)
        return status;
    if (tdrest_stmt_new(conn, out->sql, out->len, &out->stmt) < 0)
        return report_new(conn, out, place);
    return bind(params, asks, place, out);
}

void cli_filled_clear(cli_filled *filled)
{
    tdrest_stmt_free(filled->stmt);
    free(filled->text);
}
