/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Many rows at once, bound as arrays, for several tables of the database tdrest_example, which sums them: 08_bind_columns [DSN]. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

enum { TABLES = 3, ROWS = 20000 };

static const char *const tables[TABLES] = {"bind_columns_1", "bind_columns_2", "bind_columns_3"}, *const cities[TABLES] = {"LA", "NY", "SF"};

/* A table's rows as arrays; they are copied when the rows are added and can then be reused. */
static int add(tdrest_stmt *stmt, int table)
{
    static int64_t times[ROWS];
    static int32_t voltages[ROWS];
    static uint8_t present[(ROWS + 7) / 8];
    tdrest_column ts = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, times, ROWS), voltage = TDREST_COLUMN(TDREST_TYPE_INT, voltages, ROWS);
    int rc;

    ts.precision = TDREST_MS;
    voltage.validity = present;
    for (int i = 0; i < ROWS; i++) {
        times[i] = 1700000000000 + 1000 * (int64_t)i;
        voltages[i] = 215 + table + i % 10;
        if (i % 10 != 0) /* the others are NULL */
            present[i / 8] = (uint8_t)(present[i / 8] | 1 << i % 8);
    }
    if ((rc = tdrest_stmt_set_table(stmt, tables[table], TDREST_CSTR)) < 0 || (rc = tdrest_stmt_bind_text(stmt, 0, cities[table], TDREST_CSTR)) < 0 ||
        (rc = tdrest_stmt_bind_column(stmt, 1, &ts)) < 0 || (rc = tdrest_stmt_bind_column(stmt, 2, &voltage)) < 0)
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
    static const char create[] = "create stable if not exists bind_columns (ts timestamp, voltage int) tags (city varchar(8))";
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_conn *conn = NULL;
    tdrest_stmt *stmt = NULL;
    char why[512];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);

    call.database = "tdrest_example";
    if (rc == TDREST_OK && (rc = tdrest_exec(conn, "create database if not exists tdrest_example", TDREST_CSTR, NULL, NULL)) == TDREST_OK &&
        (rc = tdrest_exec(conn, create, TDREST_CSTR, &call, NULL)) == TDREST_OK)
        rc = tdrest_stmt_new(conn, "insert into ? using bind_columns tags (?) values (?, ?)", TDREST_CSTR, &stmt);
    if (rc == TDREST_OK) /* queries the columns once: values that do not fit are rejected before sending, and times are sent as integers */
        rc = tdrest_stmt_describe(stmt, &call);
    for (int table = 0; rc >= 0 && table < TABLES; table++)
        rc = add(stmt, table); /* TDREST_FULL: if there were more rows, it would be time to run */
    if (rc >= 0)
        rc = tdrest_stmt_run(stmt, &call, NULL);
    if (rc < 0)
        fprintf(stderr, "%s\n", conn == NULL ? why : stmt == NULL ? tdrest_conn_error(conn)->message : tdrest_stmt_error(stmt)->message);
    else if (printf("%" PRId64 " rows in %" PRId64 " requests\n", tdrest_stmt_affected(stmt), tdrest_stmt_get_report(stmt)->requests) > 0)
        rc = print_rows(conn, &call, "select city, count(*), count(voltage), sum(voltage) from bind_columns group by city order by city");
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    return rc < 0;
}
