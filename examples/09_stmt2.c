/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Like stmt2: many tables with their tags and rows in one statement and one run, in the database tdrest_example: 09_stmt2 [DSN]. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

enum { METERS = 3, ROWS = 2 };

static const struct meter {
    const char *table, *location;
    int group;
    int64_t times[ROWS];
    float currents[ROWS];
} meters[METERS] = {
    {"stmt2_d1001", "California.SanFrancisco", 2, {1700000000000, 1700000001000}, {10.3f, 12.6f}},
    {"stmt2_d1002", "California.SanFrancisco", 3, {1700000000000, 1700000001000}, {10.2f, 13.0f}},
    {"stmt2_d1003", "California.LosAngeles", 2, {1700000000000, 1700000001000}, {11.8f, 9.75f}},
};

static int add(tdrest_stmt *stmt, const struct meter *m)
{
    tdrest_column ts = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, m->times, ROWS), current = TDREST_COLUMN(TDREST_TYPE_FLOAT, m->currents, ROWS);
    int rc;

    ts.precision = TDREST_MS;
    if ((rc = tdrest_stmt_set_table(stmt, m->table, TDREST_CSTR)) < 0 || (rc = tdrest_stmt_bind_int64(stmt, 0, m->group)) < 0 ||
        (rc = tdrest_stmt_bind_text(stmt, 1, m->location, TDREST_CSTR)) < 0 || (rc = tdrest_stmt_bind_column(stmt, 2, &ts)) < 0 ||
        (rc = tdrest_stmt_bind_column(stmt, 3, &current)) < 0)
        return rc;
    return tdrest_stmt_add_row(stmt);
}

/* A query with parameters, which stay bound from run to run. */
static int print_group(tdrest_conn *conn, const tdrest_call *call, int group)
{
    const char *text;
    tdrest_stmt *stmt = NULL;
    tdrest_result *res = NULL;
    int rc = tdrest_stmt_new(conn, "select tbname, ts, current, location from stmt2_meters where groupid = :group order by tbname, ts", TDREST_CSTR, &stmt);

    if (rc == TDREST_OK && (rc = tdrest_stmt_bind_int64(stmt, tdrest_stmt_param_index(stmt, "group"), group)) == TDREST_OK)
        rc = tdrest_stmt_query(stmt, call, &res);
    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        for (size_t i = 0; i < 4; i++)
            printf("%s%c", tdrest_result_text(res, i, &text, NULL) == TDREST_OK ? text : "NULL", i < 3 ? ' ' : '\n');
    if (rc < 0)
        fprintf(stderr, "%s\n", (res != NULL ? tdrest_result_error(res) : stmt != NULL ? tdrest_stmt_error(stmt) : tdrest_conn_error(conn))->message);
    tdrest_result_free(res);
    tdrest_stmt_free(stmt);
    return rc;
}

int main(int argc, char **argv)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_conn *conn = NULL;
    tdrest_stmt *stmt = NULL;
    char why[512];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);

    call.database = "tdrest_example";
    if (rc == TDREST_OK && (rc = tdrest_exec(conn, "create database if not exists tdrest_example", TDREST_CSTR, NULL, NULL)) == TDREST_OK &&
        (rc = tdrest_exec(conn, "create stable if not exists stmt2_meters (ts timestamp, current float) tags (groupid int, location varchar(24))",
                          TDREST_CSTR, &call, NULL)) == TDREST_OK)
        rc = tdrest_stmt_new(conn, "insert into ? using stmt2_meters tags (?, ?) values (?, ?)", TDREST_CSTR, &stmt);
    for (size_t i = 0; rc >= 0 && i < METERS; i++)
        rc = add(stmt, &meters[i]);
    if (rc >= 0) /* call tdrest_stmt_describe first to have values checked against the columns */
        rc = tdrest_stmt_run(stmt, &call, NULL);
    if (rc < 0)
        fprintf(stderr, "%s\n", conn == NULL ? why : stmt == NULL ? tdrest_conn_error(conn)->message : tdrest_stmt_error(stmt)->message);
    else if (printf("%" PRId64 " rows in %" PRId64 " request\n", tdrest_stmt_affected(stmt), tdrest_stmt_get_report(stmt)->requests) > 0)
        rc = print_group(conn, &call, 2);
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    return rc < 0;
}
