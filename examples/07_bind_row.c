/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows bound value by value, written to the database tdrest_example and read back: 07_bind_row [DSN]. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

typedef struct reading {
    int64_t time_ms;
    double current;
    int voltage;
    const char *note; /* NULL: none */
} reading;

static const reading readings[] = {
    {1700000000000, 10.3, 219, "it's \"new\""},
    {1700000001000, 12.6, 218, NULL},
    {1700000002000, 12.3, 221, "汉字"},
};

/* Sends nothing yet; a value that cannot be written as SQL is rejected here. */
static int add(tdrest_stmt *stmt, const reading *r)
{
    int rc;

    if ((rc = tdrest_stmt_bind_time(stmt, 0, r->time_ms, TDREST_MS)) < 0 || (rc = tdrest_stmt_bind_double(stmt, 1, r->current)) < 0 ||
        (rc = tdrest_stmt_bind_int64(stmt, 2, r->voltage)) < 0 ||
        (rc = r->note == NULL ? tdrest_stmt_bind_null(stmt, 3) : tdrest_stmt_bind_text(stmt, 3, r->note, TDREST_CSTR)) < 0)
        return rc;
    return tdrest_stmt_add_row(stmt);
}

/* Prints every value as text, whatever its type. */
static int print_rows(tdrest_conn *conn, const tdrest_call *call, const char *sql)
{
    const char *text;
    tdrest_result *res;
    int rc = tdrest_query(conn, sql, TDREST_CSTR, call, &res);

    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        for (size_t i = 0, count = tdrest_result_column_count(res); i < count; i++)
            printf("%s%c", tdrest_result_text(res, i, &text, NULL) == TDREST_OK ? text : "NULL", i + 1 < count ? ' ' : '\n');
    if (rc < 0)
        fprintf(stderr, "%s\n", res == NULL ? tdrest_conn_error(conn)->message : tdrest_result_error(res)->message);
    tdrest_result_free(res);
    return rc;
}

int main(int argc, char **argv)
{
    static const char create[] = "create table if not exists bind_row (ts timestamp, current float, voltage int, note varchar(40))";
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_conn *conn = NULL;
    tdrest_stmt *stmt = NULL;
    int64_t affected = 0;
    char why[512];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);

    call.database = "tdrest_example";
    if (rc == TDREST_OK && (rc = tdrest_exec(conn, "create database if not exists tdrest_example", TDREST_CSTR, NULL, NULL)) == TDREST_OK &&
        (rc = tdrest_exec(conn, create, TDREST_CSTR, &call, NULL)) == TDREST_OK)
        rc = tdrest_stmt_new(conn, "insert into bind_row values (?, ?, ?, ?)", TDREST_CSTR, &stmt);
    for (size_t i = 0; rc == TDREST_OK && i < sizeof readings / sizeof readings[0]; i++)
        if ((rc = add(stmt, &readings[i])) == TDREST_FULL) /* enough for one request */
            rc = tdrest_stmt_run(stmt, &call, NULL);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_run(stmt, &call, &affected);
    if (rc < 0)
        fprintf(stderr, "%s\n", conn == NULL ? why : stmt == NULL ? tdrest_conn_error(conn)->message : tdrest_stmt_error(stmt)->message);
    else if (printf("%" PRId64 " rows are written\n", affected) > 0)
        rc = print_rows(conn, &call, "select * from bind_row order by ts");
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    return rc < 0;
}
