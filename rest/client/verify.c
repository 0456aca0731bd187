/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * verify_rows=count: asks the server beforehand how many rows a statement has, as an answer that the server cut looks complete. Knows which statements can be
 * counted.
 */
#include "client/call.h"
#include "client/result.h"

#include "base/text.h"
#include "sql/lexer.h"

enum { IS_COUNTED = 1 }; /* the place of `count` among the option's words */

static const char before[] = "SELECT COUNT(*) FROM (";

int tdri_verify_is_asked(const tdrest_call *settings, const tdrest_options *options)
{
    if (settings->verify_rows != TDREST_VERIFY_OPTION)
        return settings->verify_rows == TDREST_VERIFY_COUNT;
    return tdri_opts_int(options, TDRI_OPT_VERIFY_ROWS) == IS_COUNTED;
}

/* TDREST_OK when the statement can stand in brackets behind FROM. */
static int check_nestable(const char *sql, size_t len, tdrest_error *err)
{
    tdri_sql_walk walk = {sql, len, 0, 0};
    tdri_sql_token token = tdri_sql_walk_token(&walk);

    while (token.kind == TDRI_SQL_OTHER && sql[token.offset] == '(')
        token = tdri_sql_walk_token(&walk);
    if (token.kind != TDRI_SQL_WORD || !tdri_text_is(sql + token.offset, token.len, "select"))
        return tdri_err_set(err, TDREST_EUSAGE, "verify_rows=count: only the rows of a SELECT can be counted; run other statements with verify_rows=none");
    for (; token.kind != TDRI_SQL_END; token = tdri_sql_walk_token(&walk))
        if (token.kind == TDRI_SQL_WORD &&
            (tdri_text_is(sql + token.offset, token.len, "slimit") || tdri_text_is(sql + token.offset, token.len, "soffset")))
            return tdri_err_set_at(err, TDREST_EUSAGE, (int64_t)token.offset,
                                   "verify_rows=count: a SELECT with SLIMIT or SOFFSET cannot be counted; run it with verify_rows=none");
    return TDREST_OK;
}

int tdri_verify_wrap(const char *sql, size_t len, tdri_buf *out, size_t *offset, tdrest_error *err)
{
    int rc = check_nestable(sql, len, err);

    if (rc != TDREST_OK)
        return rc;
    *offset = sizeof before - 1;
    tdri_buf_add_text(out, before);
    tdri_buf_add(out, sql, len);
    tdri_buf_add_char(out, ')');
    rc = tdri_buf_code(out);
    if (rc == TDREST_OK)
        return rc;
    return tdri_err_set(err, rc == TDREST_ENOMEM ? TDREST_ENOMEM : TDREST_EUSAGE,
                        "verify_rows=count: the statement within SELECT COUNT(*) FROM () has more than %zu bytes", out->max);
}

int tdri_verify_read(tdrest_result *res, int64_t *rows, tdrest_error *err)
{
    int rc = tdrest_result_next(res);

    *rows = 0;
    if (rc == TDREST_DONE || (rc == TDREST_ROW && tdrest_result_int64(res, 0, rows) == TDREST_OK))
        return TDREST_OK;
    rc = tdri_err_set(err, TDREST_EANSWER, "verify_rows=count: the answer to SELECT COUNT(*) is not a number");
    err->phase = TDREST_PHASE_READ;
    err->ran = TDREST_RAN_YES;
    return rc;
}

void tdri_verify_note_failure(tdrest_error *err)
{
    if (err->code == TDREST_ESERVER)
        tdri_err_add(err, " (verify_rows=count: from SELECT COUNT(*) FROM (statement))");
}

static int ask(const tdri_call *call, int64_t *rows)
{
    tdrest_conn *conn = call->conn;
    tdri_call counting = *call;
    tdrest_result *res;
    int rc;

    counting.whole = counting.settings.buffered = 1;
    rc = tdri_query_send(&counting, TDRI_SQL_READS, &res);
    if (rc != TDREST_OK)
        tdri_verify_note_failure(&conn->err);
    else if ((rc = tdri_verify_read(res, rows, &conn->err)) != TDREST_OK)
        tdri_conn_stamp(conn, &conn->err);
    tdrest_result_free(res);
    return rc;
}

int tdri_verify_count(const tdri_call *call, int64_t *rows)
{
    tdrest_conn *conn = call->conn;
    tdri_buf statement = conn->sql;
    size_t offset;
    int rc;

    tdri_buf_init(&conn->sql, &conn->mem, statement.max);
    rc = tdri_verify_wrap(tdri_buf_text(&statement), statement.len, &conn->sql, &offset, &conn->err);
    rc = rc == TDREST_OK ? ask(call, rows) : tdri_conn_unsent(conn);
    tdri_buf_clear(&conn->sql);
    conn->sql = statement;
    return rc;
}
