/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Sending statements with parameters, and keeping account of rows. Knows neither values nor HTTP. */
#include "client/stmt.h"

#include "error/servercode.h"

#include "sql/quoted.h"

#include <stdio.h>
#include <string.h>

/* The connection's record becomes the statement's. */
static int take_error(tdrest_stmt *stmt)
{
    stmt->err = stmt->conn->err;
    return stmt->err.code;
}

/* ---- statements that are sent as they are ---- */

/* The statement with its values, to the connection's buffer. */
static int render_plain(tdrest_stmt *stmt)
{
    tdrest_conn *conn = stmt->conn;
    int rc = tdri_stmt_check_bound(stmt);

    if (rc != TDREST_OK)
        return rc;
    tdri_buf_reset(&conn->sql);
    rc = tdri_stmt_fill(stmt, &stmt->row_template.row, 0, &conn->sql);
    if (rc == TDREST_OK && tdri_buf_code(&conn->sql) == TDREST_ERANGE)
        return tdri_err_set(&stmt->err, TDREST_EBIND, "the statement with its values has more than %zu bytes", conn->sql.max);
    if (rc == TDREST_OK && tdri_buf_code(&conn->sql) != TDREST_OK)
        return tdri_err_set(&stmt->err, TDREST_ENOMEM, NULL);
    return rc;
}

static int send_plain(tdrest_stmt *stmt, const tdrest_call *settings, int rows_are_wanted, tdrest_result **out)
{
    tdri_call call;
    int rc = tdri_call_begin(&call, stmt->conn, settings, 0);

    *out = NULL;
    if (rc != TDREST_OK)
        return take_error(stmt);
    rc = render_plain(stmt);
    if (rc == TDREST_OK && (rows_are_wanted ? tdri_query_send_verified : tdri_query_send)(&call, stmt->tpl.verb, out) != TDREST_OK)
        rc = take_error(stmt);
    return tdri_call_end(&call, rc);
}

static int run_plain(tdrest_stmt *stmt, const tdrest_call *call)
{
    tdrest_result *res;
    int rc = send_plain(stmt, call, 0, &res);

    stmt->affected = rc == TDREST_OK ? tdrest_result_affected(res) : -1;
    tdrest_result_free(res);
    return rc;
}

int tdrest_stmt_query(tdrest_stmt *stmt, const tdrest_call *call, tdrest_result **out)
{
    int rc = tdri_stmt_ready(stmt);

    *out = NULL;
    if (rc != TDREST_OK)
        return rc;
    if (stmt->tpl.is_rows)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "an INSERT has no rows to read; tdrest_stmt_run sends it");
    return send_plain(stmt, call, 1, out);
}

/* ---- rows ---- */

static int is_anything_bound(const tdrest_stmt *stmt)
{
    for (size_t i = 0; i < stmt->tpl.param_count; i++)
        if (stmt->params[i].pub.role == TDREST_PARAM_VALUE && stmt->slots[i].bound != TDRI_UNBOUND)
            return 1;
    return 0;
}

/* What is bound and not yet added; where rows have no parameter, a row when there is none. */
static int add_rest(tdrest_stmt *stmt)
{
    int rc = TDREST_OK;

    if (is_anything_bound(stmt) || (stmt->value_params == 0 && stmt->packing.row_count == 0))
        rc = tdri_stmt_add(stmt);
    return rc == TDREST_FULL ? TDREST_OK : rc;
}

/* Whether sending a row once more would make another one: it has the time by which it is sent. */
static int is_new_each_time(const tdrest_stmt *stmt, size_t row)
{
    tdri_sql_walk walk = {stmt->packing.text.data, stmt->packing.rows[row].end, tdri_packing_row_at(&stmt->packing, row), 0};
    tdri_sql_token token;

    if (stmt->tpl.says_now || !stmt->texts_may_be_times)
        return stmt->tpl.says_now;
    do {
        token = tdri_sql_walk_token(&walk);
    } while (token.kind != TDRI_SQL_END && !tdri_sql_is_moving(walk.text, token));
    return token.kind != TDRI_SQL_END;
}

/* Rows whose fate is unknown may be sent once more: their time says which they are. Not where the time is another one each time. */
static int check_repeat(tdrest_stmt *stmt)
{
    size_t i = 0;

    if (!stmt->tpl.says_now && !stmt->texts_may_be_times)
        return TDREST_OK;
    while (i < stmt->packing.row_count && (stmt->packing.rows[i].state != TDREST_ROWS_UNKNOWN || !is_new_each_time(stmt, i)))
        i++;
    if (i == stmt->packing.row_count)
        return TDREST_OK;
    stmt->err.row = (int64_t)i;
    return tdri_err_set(&stmt->err, TDREST_EUSAGE, "row %zu may have been written, and its NOW or TODAY would write it again; "
                        "expected tdrest_stmt_drop_rows for those rows, or tdrest_stmt_reset", i);
}

static size_t pack(const tdrest_stmt *stmt, tdri_packing_cursor *cursor, tdri_buf *out)
{
    return tdri_packing_pack(&stmt->packing, cursor, stmt->tpl.text.data, stmt->tpl.clause_at, stmt->conn->sql.max, out);
}

static int64_t count_requests(const tdrest_stmt *stmt)
{
    tdri_packing_cursor cursor = tdri_packing_begin(&stmt->packing);
    int64_t count = 0;

    for (; !cursor.at_end; count++)
        (void)pack(stmt, &cursor, NULL);
    return count;
}

/* One request; its rows are those up to where cursor goes. */
static int send_request(tdrest_stmt *stmt, tdri_call *call, tdri_packing_cursor *cursor)
{
    tdrest_conn *conn = stmt->conn;
    tdrest_result *res = NULL;
    int64_t affected;
    int rc;

    tdri_err_reset(&conn->err);
    tdri_buf_reset(&conn->sql);
    (void)pack(stmt, cursor, &conn->sql);
    if (tdri_buf_code(&conn->sql) != TDREST_OK) {
        (void)tdri_err_set(&conn->err, TDREST_ENOMEM, NULL);
        return tdri_conn_unsent(conn);
    }
    tdri_call_renew_deadline(call);
    rc = tdri_query_send(call, TDRI_SQL_INSERT, &res);
    affected = tdrest_result_affected(res);
    tdrest_result_free(res);
    if (rc != TDREST_OK)
        return rc;
    if (affected < 0) {
        rc = tdri_err_set(&conn->err, TDREST_EANSWER, "the answer to an INSERT has rows");
        conn->err.phase = TDREST_PHASE_READ;
        conn->err.ran = TDREST_RAN_YES;
        tdri_conn_stamp(conn, &conn->err);
        return rc;
    }
    stmt->report.affected += affected;
    return TDREST_OK;
}

/* The row that the refusal of the request between two cursors is about, as far as its message tells; -1: not told. */
static int64_t find_row(const tdrest_stmt *stmt, tdri_packing_cursor from, tdri_packing_cursor to)
{
    const tdri_buf *sql = &stmt->conn->sql;
    size_t row = SIZE_MAX;

    if (stmt->conn->err.code == TDREST_ESERVER && (tdri_servercode_facts(stmt->conn->err.server_code) & TDRI_SQL_NOT_RUN) != 0)
        row = tdri_packing_packed_row(&stmt->packing, from, to, stmt->tpl.clause_at, tdri_quoted_at(stmt->conn->err.message, tdri_buf_text(sql), sql->len));
    return row == SIZE_MAX ? -1 : (int64_t)row;
}

/* Says in the record which request it was, and which row. */
static int tell_request(tdrest_stmt *stmt, int64_t at, int64_t row)
{
    char message[sizeof stmt->err.message], request[64] = "", number[32] = "";

    stmt->report.failed_at = at;
    stmt->err = stmt->conn->err;
    stmt->err.row = row;
    if (stmt->report.requests > 1)
        (void)snprintf(request, sizeof request, "request %lld of %lld: ", (long long)at + 1, (long long)stmt->report.requests);
    if (row >= 0)
        (void)snprintf(number, sizeof number, "row %lld: ", (long long)row);
    memcpy(message, stmt->err.message, sizeof message);
    (void)snprintf(stmt->err.message, sizeof stmt->err.message, "%s%s%.540s", request, number, message);
    return stmt->err.code;
}

static int send_rows(tdrest_stmt *stmt, tdri_call *call)
{
    tdri_packing_cursor from = tdri_packing_begin(&stmt->packing), to = from;
    int64_t row;
    int rc, state;

    for (int64_t at = 0; !from.at_end; at++, from = to) {
        rc = send_request(stmt, call, &to);
        row = rc == TDREST_OK ? -1 : find_row(stmt, from, to);
        state = rc == TDREST_OK ? TDREST_ROWS_WRITTEN : stmt->conn->err.ran == TDREST_RAN_NO ? TDREST_ROWS_NOT_WRITTEN : TDREST_ROWS_UNKNOWN;
        tdri_packing_set_state(&stmt->packing, from, to, state);
        if (rc != TDREST_OK)
            return tell_request(stmt, at, row);
    }
    return TDREST_OK;
}

static int run_rows(tdrest_stmt *stmt, tdri_call *call)
{
    int rc = add_rest(stmt);

    if (rc == TDREST_OK)
        rc = check_repeat(stmt);
    if (rc != TDREST_OK)
        return rc;
    stmt->report.requests = count_requests(stmt);
    rc = send_rows(stmt, call);
    if (rc == TDREST_OK)
        tdri_stmt_forget_rows(stmt);
    return rc;
}

static int call_run_rows(tdrest_stmt *stmt, const tdrest_call *settings)
{
    tdri_call call;
    int rc = tdri_call_begin(&call, stmt->conn, settings, 0);

    return rc == TDREST_OK ? tdri_call_end(&call, run_rows(stmt, &call)) : take_error(stmt);
}

int tdrest_stmt_run(tdrest_stmt *stmt, const tdrest_call *call, int64_t *affected)
{
    int rc = tdri_stmt_ready(stmt);

    if (affected != NULL)
        *affected = -1;
    if (rc != TDREST_OK)
        return rc;
    stmt->range_index = 0;
    stmt->report.requests = stmt->report.affected = 0;
    stmt->report.failed_at = -1;
    if (stmt->tpl.is_rows) {
        rc = call_run_rows(stmt, call);
        stmt->affected = stmt->report.affected;
        stmt->report.rows = (int64_t)stmt->packing.row_count;
    } else {
        rc = run_plain(stmt, call);
    }
    if (affected != NULL)
        *affected = stmt->affected;
    return rc;
}
