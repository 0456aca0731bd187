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

int tdri_stmt_render(tdrest_stmt *stmt, tdri_buf *out)
{
    int rc = tdri_stmt_check_bound(stmt);

    if (rc != TDREST_OK)
        return rc;
    tdri_buf_reset(out);
    rc = tdri_stmt_fill(stmt, &stmt->row_template.row, 0, out);
    if (rc == TDREST_OK && tdri_buf_code(out) == TDREST_ERANGE)
        return tdri_err_set(&stmt->err, TDREST_EBIND, "the statement with its values has more than %zu bytes", out->max);
    if (rc == TDREST_OK && tdri_buf_code(out) != TDREST_OK)
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
    rc = tdri_stmt_render(stmt, &stmt->conn->sql);
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
    int rc = tdri_stmt_ready_to_run(stmt);

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
    return tdri_err_set(&stmt->err, TDREST_EUSAGE, "row %zu may have been written, and its NOW or TODAY would write another one; "
                        "drop such rows with tdrest_stmt_drop_rows, or call tdrest_stmt_reset", i);
}

static size_t pack(const tdrest_stmt *stmt, tdri_packing_cursor *cursor, size_t max_sql, tdri_buf *out)
{
    return tdri_packing_pack(&stmt->packing, cursor, stmt->tpl.text.data, stmt->tpl.clause_at, max_sql, out);
}

static int64_t count_requests(const tdrest_stmt *stmt, size_t max_sql)
{
    tdri_packing_cursor cursor = tdri_packing_begin(&stmt->packing);
    int64_t count = 0;

    for (; !cursor.at_end; count++)
        (void)pack(stmt, &cursor, max_sql, NULL);
    return count;
}

int tdri_stmt_begin_run(tdrest_stmt *stmt, tdri_stmt_sending *sending, size_t max_sql)
{
    int rc = add_rest(stmt);

    if (rc == TDREST_OK)
        rc = check_repeat(stmt);
    if (rc != TDREST_OK)
        return rc;
    stmt->report.requests = count_requests(stmt, max_sql);
    sending->from = sending->to = tdri_packing_begin(&stmt->packing);
    sending->at = 0;
    sending->max_sql = max_sql;
    return rc;
}

int tdri_stmt_next_request(tdrest_stmt *stmt, tdri_stmt_sending *sending, tdri_buf *out)
{
    if (sending->to.at_end) {
        tdri_stmt_forget_rows(stmt);
        return 0;
    }
    sending->from = sending->to;
    tdri_buf_reset(out);
    (void)pack(stmt, &sending->to, sending->max_sql, out);
    return 1;
}

/* The row that the refusal of the request between two cursors is about, as far as its message tells; -1: not told. */
static int64_t find_row(const tdrest_stmt *stmt, const tdri_stmt_sending *sending, const tdri_buf *sql, const tdrest_error *err)
{
    size_t row = SIZE_MAX;

    if (err->code == TDREST_ESERVER && (tdri_servercode_facts(err->server_code) & TDRI_SQL_NOT_RUN) != 0)
        row = tdri_packing_packed_row(&stmt->packing, sending->from, sending->to, stmt->tpl.clause_at, tdri_quoted_at(err->message, tdri_buf_text(sql), sql->len));
    return row == SIZE_MAX ? -1 : (int64_t)row;
}

/* Says in the record which request it was, and which row. */
static void tell_request(tdrest_stmt *stmt, int64_t at, int64_t row, tdrest_error *err)
{
    char message[sizeof err->message], request[64] = "", number[32] = "";

    stmt->report.failed_at = at;
    row += row >= 0 ? stmt->rows_sent : 0;
    err->row = row;
    if (stmt->report.requests > 1)
        (void)snprintf(request, sizeof request, "request %lld of %lld: ", (long long)at + 1, (long long)stmt->report.requests);
    if (row >= 0)
        (void)snprintf(number, sizeof number, "row %lld: ", (long long)row);
    memcpy(message, err->message, sizeof message);
    (void)snprintf(err->message, sizeof err->message, "%s%s%.540s", request, number, message);
}

void tdri_stmt_note_request(tdrest_stmt *stmt, tdri_stmt_sending *sending, const tdri_buf *sql, int64_t affected, tdrest_error *err)
{
    int state = affected >= 0 ? TDREST_ROWS_WRITTEN : err->ran == TDREST_RAN_NO ? TDREST_ROWS_NOT_WRITTEN : TDREST_ROWS_UNKNOWN;
    int64_t row = affected >= 0 ? -1 : find_row(stmt, sending, sql, err);

    tdri_packing_set_state(&stmt->packing, sending->from, sending->to, state);
    if (affected >= 0)
        stmt->report.affected += affected;
    else
        tell_request(stmt, sending->at, row, err);
    sending->at++;
}

/* One request, whose text stands in the connection. TDREST_OK, or the code with the record in conn. */
static int send_request(tdri_call *call, int64_t *affected)
{
    tdrest_conn *conn = call->conn;
    tdrest_result *res = NULL;
    int rc;

    tdri_err_reset(&conn->err);
    *affected = -1;
    if (tdri_buf_code(&conn->sql) != TDREST_OK) {
        (void)tdri_err_set(&conn->err, TDREST_ENOMEM, NULL);
        return tdri_conn_unsent(conn);
    }
    tdri_call_renew_deadline(call);
    rc = tdri_query_send(call, TDRI_SQL_INSERT, &res);
    *affected = tdrest_result_affected(res);
    tdrest_result_free(res);
    if (rc == TDREST_OK && *affected < 0) {
        rc = tdri_err_set(&conn->err, TDREST_EANSWER, "the answer to an INSERT has rows");
        conn->err.phase = TDREST_PHASE_READ;
        conn->err.ran = TDREST_RAN_YES;
        tdri_conn_stamp(conn, &conn->err);
    }
    return rc;
}

static int run_rows(tdrest_stmt *stmt, tdri_call *call)
{
    tdrest_conn *conn = stmt->conn;
    tdri_stmt_sending sending;
    int64_t affected;
    int rc = tdri_stmt_begin_run(stmt, &sending, conn->sql.max);

    while (rc == TDREST_OK && tdri_stmt_next_request(stmt, &sending, &conn->sql)) {
        rc = send_request(call, &affected);
        tdri_stmt_note_request(stmt, &sending, &conn->sql, rc == TDREST_OK ? affected : -1, &conn->err);
        if (rc != TDREST_OK)
            rc = take_error(stmt);
    }
    return rc;
}

static int call_run_rows(tdrest_stmt *stmt, const tdrest_call *settings)
{
    tdri_call call;
    int rc = tdri_call_begin(&call, stmt->conn, settings, 0);

    return rc == TDREST_OK ? tdri_call_end(&call, run_rows(stmt, &call)) : take_error(stmt);
}

/* The account of a run that begins. */
void tdri_stmt_reset_report(tdrest_stmt *stmt)
{
    stmt->range_index = 0;
    stmt->report.requests = stmt->report.affected = 0;
    stmt->report.failed_at = -1;
}

/* Whether a run can begin: a source whose rows cannot be sent is not read. */
static int check_run(tdrest_stmt *stmt, const tdrest_call *settings)
{
    tdri_call call;
    int rc = tdri_call_begin(&call, stmt->conn, settings, 0);

    return rc == TDREST_OK ? tdri_call_end(&call, rc) : take_error(stmt);
}

/*
 * The source's rows instead of what is bound; it is gone afterwards. The report is of the rows held then: those of a request that failed, or not sent yet.
 * All of it is one call: a cancel that comes while the source is read ends the next request.
 */
static int run_source(tdrest_stmt *stmt, const tdrest_call *call)
{
    const tdri_stmt_source source = stmt->source;
    int64_t affected = -1;
    int rc = check_run(stmt, call);

    if (rc != TDREST_OK)
        return rc;
    memset(&stmt->source, 0, sizeof stmt->source);
    tdri_loop_enter(stmt->conn->loop);
    rc = source.run(stmt, source.held, call, &affected);
    tdri_loop_leave(stmt->conn->loop);
    source.let_go(&stmt->mem, source.held);
    if (rc != TDREST_OK && stmt->report.failed_at < 0)
        tdri_stmt_reset_report(stmt);
    stmt->report.rows = (int64_t)stmt->packing.row_count;
    stmt->rows_sent = 0;
    stmt->affected = affected;
    return rc;
}

static int run_bound(tdrest_stmt *stmt, const tdrest_call *call)
{
    int rc = tdri_stmt_ready_to_run(stmt);

    if (rc != TDREST_OK)
        return rc;
    tdri_stmt_reset_report(stmt);
    if (stmt->tpl.is_rows) {
        rc = call_run_rows(stmt, call);
        stmt->affected = stmt->report.affected;
        stmt->report.rows = (int64_t)stmt->packing.row_count;
    } else {
        rc = run_plain(stmt, call);
    }
    return rc;
}

int tdrest_stmt_run(tdrest_stmt *stmt, const tdrest_call *call, int64_t *affected)
{
    int rc;

    if (affected != NULL)
        *affected = -1;
    rc = tdri_stmt_ready(stmt);
    if (rc != TDREST_OK)
        return rc;
    stmt->affected = -1;
    rc = stmt->source.run != NULL ? run_source(stmt, call) : run_bound(stmt, call);
    if (affected != NULL)
        *affected = stmt->affected;
    return rc;
}
