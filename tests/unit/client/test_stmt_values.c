/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What may be bound where, and what becomes of it in the statement that is sent: the time of a row. */
#include "dial.h"

static tdrt_server server;
static tdrest_conn *conn;
static tdrest_stmt *stmt;

static int answer(const tdrt_visit *visit)
{
    return tdrt_starts(visit, "SELECT") ? tdrt_send_three(visit) : tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
}

static void prepare(const char *sql)
{
    tdrest_stmt_free(stmt);
    CHECK(tdrest_stmt_new(conn, sql, TDREST_CSTR, &stmt) == TDREST_OK, "%.80s: %s", sql, tdrest_conn_error(conn)->message);
    CU_ASSERT_FATAL(stmt != NULL);
}

static void begin(const char *parameters, const char *sql)
{
    conn = tdrt_dial_new(&server, answer, parameters);
    stmt = NULL;
    prepare(sql);
}

static void finish(void)
{
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

static void good(int rc)
{
    CHECK(rc == TDREST_OK, "%d: %s", rc, tdrest_stmt_error(stmt)->message);
}

static void bad(int rc, int code, int column, int64_t row, const char *part)
{
    const tdrest_error *e = tdrest_stmt_error(stmt);

    CHECK(rc == code && e->code == code && e->column == column && e->row == row && strstr(e->message, part) != NULL,
          "%d, column %d, row %" PRId64 ": %s", rc, e->column, e->row, e->message);
}

static void arrived_once(const char *sql)
{
    CHECK(tdrt_server_arrivals(&server, sql) == 1, "%s: %.*s", sql, (int)server.counts->used, server.counts->arrived);
}

/* ---- the time of a row ---- */

/* Named columns: which of them is the time is not known, but one of them gets one. */
static void named_columns_want_a_time(void)
{
    static const char part[] = "expected a time";
    int64_t numbers[] = {1, 2};
    tdrest_column column = TDREST_COLUMN(TDREST_TYPE_BIGINT, numbers, 2);

    begin("", "INSERT INTO t (ts,v) VALUES(?,?)");
    good(tdrest_stmt_bind_int64(stmt, 0, INT64_C(1704067200000)));
    good(tdrest_stmt_bind_double(stmt, 1, 1));
    bad(tdrest_stmt_add_row(stmt), TDREST_EBIND, 0, 0, part);
    good(tdrest_stmt_bind_double(stmt, 0, 1704067200000.0));
    bad(tdrest_stmt_add_row(stmt), TDREST_EBIND, 0, 0, part);
    good(tdrest_stmt_bind_text(stmt, 0, "2024-01-01T00:00:00Z", TDREST_CSTR));
    bad(tdrest_stmt_run(stmt, NULL, NULL), TDREST_EBIND, 0, 0, part);
    good(tdrest_stmt_bind_null(stmt, 0));
    bad(tdrest_stmt_add_row(stmt), TDREST_EBIND, 0, 0, part);
    good(tdrest_stmt_bind_column(stmt, 0, &column));
    bad(tdrest_stmt_add_row(stmt), TDREST_EBIND, 0, 0, part);
    column.type = TDREST_TYPE_TIMESTAMP;
    column.precision = TDREST_MS;
    good(tdrest_stmt_bind_column(stmt, 0, &column));
    good(tdrest_stmt_add_row(stmt));
    good(tdrest_stmt_bind_time(stmt, 0, 3, TDREST_MS));
    good(tdrest_stmt_bind_double(stmt, 1, 2));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("INSERT INTO t (ts,v) VALUES('1970-01-01T00:00:00.001Z',1)('1970-01-01T00:00:00.002Z',1)('1970-01-01T00:00:00.003Z',2)");
    finish();
}

/* In any place; also where the statement's own text fills an item, which may be the time; a table's name never is. */
static void the_time_may_stand_anywhere(void)
{
    begin("", "INSERT INTO t (v,ts) VALUES(?,?)");
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    good(tdrest_stmt_bind_time(stmt, 1, 1, TDREST_MS));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("INSERT INTO t (v,ts) VALUES(1,'1970-01-01T00:00:00.001Z')");
    prepare("INSERT INTO t (v,ts) VALUES(?,1704067200000)");
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("INSERT INTO t (v,ts) VALUES(1,1704067200000)");
    prepare("INSERT INTO t (v,ts) VALUES(?,NOW+?)");
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    good(tdrest_stmt_bind_int64(stmt, 1, 2));
    good(tdrest_stmt_add_row(stmt));
    prepare("INSERT INTO s (tbname,ts) VALUES(?,?)");
    good(tdrest_stmt_bind_text(stmt, 0, "a", TDREST_CSTR));
    good(tdrest_stmt_bind_int64(stmt, 1, 1));
    bad(tdrest_stmt_add_row(stmt), TDREST_EBIND, 1, 0, "expected a time");
    good(tdrest_stmt_bind_time(stmt, 1, 1, TDREST_MS));
    good(tdrest_stmt_add_row(stmt));
    finish();
}

CU_TestInfo tdrt_stmt_values[] = {
    {"named columns want a time", named_columns_want_a_time},
    {"the time may stand anywhere", the_time_may_stand_anywhere},
    CU_TEST_INFO_NULL,
};
