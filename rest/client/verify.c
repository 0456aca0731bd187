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

int tdri_verify_is_asked(const tdri_call *call)
{
    if (call->settings.verify_rows != TDREST_VERIFY_OPTION)
        return call->settings.verify_rows == TDREST_VERIFY_COUNT;
    return tdri_opts_int(call->conn->options, TDRI_OPT_VERIFY_ROWS) == IS_COUNTED;
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

/* The one number of the answer; an answer without rows counts none. */
static int read_count(tdrest_conn *conn, tdrest_result *res, int64_t *rows)
{
    int rc = tdrest_result_next(res);

    *rows = 0;
    if (rc == TDREST_ROW && tdrest_result_int64(res, 0, rows) == TDREST_OK)
        return TDREST_OK;
    if (rc == TDREST_DONE)
        return TDREST_OK;
    (void)tdri_err_set(&conn->err, TDREST_EANSWER, "verify_rows=count: the answer to SELECT COUNT(*) is not a number");
    conn->err.phase = TDREST_PHASE_READ;
    tdri_conn_stamp(conn, &conn->err);
    return conn->err.code;
}

static int ask(const tdri_call *call, int64_t *rows)
{
    tdri_call counting = *call;
    tdrest_result *res;
    int rc;

    counting.whole = counting.settings.buffered = 1;
    rc = tdri_query_send(&counting, TDRI_SQL_READS, &res);
    if (rc == TDREST_OK)
        rc = read_count(call->conn, res, rows);
    else if (rc == TDREST_ESERVER)
        tdri_err_add(&call->conn->err, " (verify_rows=count: from SELECT COUNT(*) FROM (statement))");
    tdrest_result_free(res);
    return rc;
}

int tdri_verify_count(const tdri_call *call, int64_t *rows)
{
    tdrest_conn *conn = call->conn;
    tdri_buf statement = conn->sql;
    int rc = check_nestable(statement.data, statement.len, &conn->err);

    if (rc != TDREST_OK)
        return tdri_conn_unsent(conn);
    tdri_buf_init(&conn->sql, &conn->mem, statement.max);
    tdri_buf_add_text(&conn->sql, "SELECT COUNT(*) FROM (");
    tdri_buf_add(&conn->sql, statement.data, statement.len);
    tdri_buf_add_char(&conn->sql, ')');
    if (tdri_buf_code(&conn->sql) == TDREST_OK) {
        rc = ask(call, rows);
    } else {
        (void)tdri_err_set(&conn->err, tdri_buf_code(&conn->sql) == TDREST_ENOMEM ? TDREST_ENOMEM : TDREST_EUSAGE,
                           "verify_rows=count: the statement within SELECT COUNT(*) FROM () has more than %zu bytes", statement.max);
        rc = tdri_conn_unsent(conn);
    }
    tdri_buf_clear(&conn->sql);
    conn->sql = statement;
    return rc;
}
