/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A run of many rows of which one does not fit: the requests before it are written, the others are not, and nothing is lost. With a wider
 * column the next run completes it.
 */
#include "live.h"

enum { ROWS = 10000, BAD = 7000 };

static const char wide[] = "more than eight bytes";

static int64_t count(tdrt_live *live)
{
    tdrest_result *res = tdrt_live_query(live, live->db[TDRT_LIVE_MS], NULL, 1, "select count(*) from narrow");
    int64_t rows = -1;

    if (res != NULL)
        tdrt_live_check(live, tdrest_result_int64(res, 0, &rows) == TDREST_OK, "no count");
    tdrest_result_free(res);
    return rows;
}

static const char *text_of(size_t row, char text[16])
{
    snprintf(text, 16, "r%zu", row);
    return row == BAD ? wide : text;
}

static void bind_rows(tdrt_live *live, tdrest_stmt *stmt)
{
    char text[16];
    int rc = TDREST_OK;

    for (size_t row = 0; rc >= 0 && row < ROWS; row++) {
        rc = tdrest_stmt_bind_time(stmt, 0, 1700000000000 + (int64_t)row, TDREST_MS);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_bind_text(stmt, 1, text_of(row, text), TDREST_CSTR);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_add_row(stmt);
    }
    tdrt_live_check(live, rc >= 0, "rows: %s", tdrest_stmt_error(stmt)->message);
}

/* Rows up to the request with the bad one are written, the rest is not. */
static void first_run(tdrt_live *live, tdrest_stmt *stmt, const tdrest_call *call)
{
    const tdrest_stmt_report *report = tdrest_stmt_get_report(stmt);
    const tdrest_row_range *range;
    int64_t affected = -1, written = 0;
    int rc = tdrest_stmt_run(stmt, call, &affected);

    tdrt_live_check(live, rc == TDREST_ESERVER && tdrest_stmt_error(stmt)->server_code == 0x2653, "a text too long: %s: %s", tdrest_code_name(rc),
                    tdrest_stmt_error(stmt)->message);
    tdrt_live_check(live, report->requests > 3 && report->failed_at > 0 && report->failed_at < report->requests - 1 && report->rows == ROWS,
                    "request %" PRId64 " of %" PRId64 ", %" PRId64 " rows", report->failed_at, report->requests, report->rows);
    range = tdrest_stmt_get_range(stmt, 0);
    if (range != NULL)
        written = range->count;
    tdrt_live_check(live, range != NULL && range->first == 0 && range->state == TDREST_ROWS_WRITTEN && written > 0 && written <= BAD && affected == written,
                    "%" PRId64 " rows written, %" PRId64 " affected", written, affected);
    range = tdrest_stmt_get_range(stmt, 1);
    tdrt_live_check(live, range != NULL && range->first == written && range->count == ROWS - written && range->state == TDREST_ROWS_NOT_WRITTEN, "the others");
    tdrt_live_check(live, tdrest_stmt_get_range(stmt, 2) == NULL && count(live) == written, "%" PRId64 " rows in the table", count(live));
}

static void second_run(tdrt_live *live, tdrest_stmt *stmt, const tdrest_call *call)
{
    int64_t affected = -1, missing = ROWS - count(live);
    int rc;

    tdrt_live_exec(live, live->db[TDRT_LIVE_MS], NULL, "alter table narrow modify column v varchar(32)", TDREST_CSTR);
    rc = tdrest_stmt_run(stmt, call, &affected);
    tdrt_live_check(live, rc == TDREST_OK && affected == missing && tdrest_stmt_get_report(stmt)->rows == 0, "%" PRId64 " rows of %" PRId64 ": %s", affected,
                    missing, tdrest_stmt_error(stmt)->message);
}

static void read_all(tdrt_live *live)
{
    tdrest_result *res = tdrt_live_query(live, live->db[TDRT_LIVE_MS], NULL, 0, "select v from narrow order by ts");
    char text[16];
    size_t row = 0;
    int rc = TDREST_DONE;

    while (res != NULL && (rc = tdrest_result_next(res)) == TDREST_ROW && row < ROWS &&
           tdrt_live_is(res, 0, text_of(row, text), strlen(text_of(row, text))))
        row++;
    tdrt_live_check(live, rc == TDREST_DONE && row == ROWS, "row %zu of %d: %s", row, ROWS, tdrest_code_name(rc));
    tdrest_result_free(res);
}

void tdrt_live_faults(tdrt_live *live)
{
    tdrest_call call = tdrt_live_call(live->db[TDRT_LIVE_MS], NULL);
    tdrest_conn *conn = tdrt_live_connect(live, "max_sql_bytes", "32768");
    tdrest_stmt *stmt = NULL;

    tdrt_live_exec(live, live->db[TDRT_LIVE_MS], NULL, "create table narrow (ts timestamp, v varchar(8))", TDREST_CSTR);
    if (conn != NULL && tdrt_live_check(live, tdrest_stmt_new(conn, "INSERT INTO narrow VALUES(?,?)", TDREST_CSTR, &stmt) == TDREST_OK, "no statement")) {
        bind_rows(live, stmt);
        first_run(live, stmt, &call);
        second_run(live, stmt, &call);
        read_all(live);
    }
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
}
