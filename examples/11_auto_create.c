/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Tables created on first write, with their tags, in both forms of INSERT that do so, in tdrest_example: 11_auto_create [DSN]. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

static const char create[] = "create stable if not exists auto_meters (ts timestamp, current float) tags (groupid int, location varchar(24))";

/* USING names the supertable; tags that are not listed are NULL. An existing table keeps its tags. */
static int with_using(tdrest_conn *conn, const tdrest_call *call, tdrest_stmt **out)
{
    int rc = tdrest_stmt_new(conn, "insert into ? using auto_meters (location) tags (?) values (?, ?)", TDREST_CSTR, out);

    if (rc == TDREST_OK && (rc = tdrest_stmt_set_table(*out, "auto_d1001", TDREST_CSTR)) == TDREST_OK &&
        (rc = tdrest_stmt_bind_text(*out, 0, "San Francisco", TDREST_CSTR)) == TDREST_OK &&
        (rc = tdrest_stmt_bind_time(*out, 1, 1700000000000, TDREST_MS)) == TDREST_OK && (rc = tdrest_stmt_bind_double(*out, 2, 10.5)) == TDREST_OK)
        rc = tdrest_stmt_run(*out, call, NULL);
    return rc;
}

/* tbname is a column: each row names its own table, and tdrest_stmt_bind_column can bind it too. */
static int with_tbname(tdrest_conn *conn, const tdrest_call *call, tdrest_stmt **out)
{
    static const char *const tables[] = {"auto_d1002", "auto_d1003"};
    int rc = tdrest_stmt_new(conn, "insert into auto_meters (tbname, groupid, ts, current) values (?, ?, ?, ?)", TDREST_CSTR, out);

    for (int i = 0; rc == TDREST_OK && i < 2; i++)
        if ((rc = tdrest_stmt_bind_text(*out, 0, tables[i], TDREST_CSTR)) == TDREST_OK && (rc = tdrest_stmt_bind_int64(*out, 1, i + 2)) == TDREST_OK &&
            (rc = tdrest_stmt_bind_time(*out, 2, 1700000001000, TDREST_MS)) == TDREST_OK && (rc = tdrest_stmt_bind_double(*out, 3, 11 + i)) == TDREST_OK)
            rc = tdrest_stmt_add_row(*out);
    return rc == TDREST_OK ? tdrest_stmt_run(*out, call, NULL) : rc;
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
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_conn *conn = NULL;
    tdrest_stmt *stmt = NULL;
    char why[512];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);

    call.database = "tdrest_example";
    if (rc == TDREST_OK)
        rc = tdrest_exec(conn, "create database if not exists tdrest_example", TDREST_CSTR, NULL, NULL);
    if (rc == TDREST_OK)
        rc = tdrest_exec(conn, create, TDREST_CSTR, &call, NULL);
    if (rc == TDREST_OK)
        rc = with_using(conn, &call, &stmt);
    if (rc == TDREST_OK) {
        tdrest_stmt_free(stmt);
        rc = with_tbname(conn, &call, &stmt);
    }
    if (rc < 0)
        fprintf(stderr, "%s\n", conn == NULL ? why : stmt == NULL ? tdrest_conn_error(conn)->message : tdrest_stmt_error(stmt)->message);
    else
        rc = print_rows(conn, &call, "select tbname, groupid, location, ts, current from auto_meters order by tbname");
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    return rc < 0;
}
