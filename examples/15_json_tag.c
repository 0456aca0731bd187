/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* JSON tags: written, queried with -> and read back whole, in the database tdrest_example: 15_json_tag [DSN]. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

typedef struct device {
    const char *table, *info;
    double value;
} device;

static const device devices[] = {
    {"json_d1", "{\"site\": \"it's \\\"north\\\"\", \"floor\": 2, \"ok\": true}", 10.5},
    {"json_d2", "{\"site\": \"汉\", \"floor\": 3}", 11.25},
};

/* Rejects an object that the server would reject or change, or that would crash it. */
static int add(tdrest_stmt *stmt, const device *d)
{
    int rc;

    if ((rc = tdrest_stmt_set_table(stmt, d->table, TDREST_CSTR)) < 0 || (rc = tdrest_stmt_bind_json(stmt, 0, d->info, TDREST_CSTR)) < 0 ||
        (rc = tdrest_stmt_bind_time(stmt, 1, 1700000000000, TDREST_MS)) < 0 || (rc = tdrest_stmt_bind_double(stmt, 2, d->value)) < 0)
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
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_conn *conn = NULL;
    tdrest_stmt *stmt = NULL;
    char why[512];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);

    call.database = "tdrest_example";
    if (rc == TDREST_OK && (rc = tdrest_exec(conn, "create database if not exists tdrest_example", TDREST_CSTR, NULL, NULL)) == TDREST_OK &&
        (rc = tdrest_exec(conn, "create stable if not exists json_devices (ts timestamp, v double) tags (info json)", TDREST_CSTR, &call, NULL)) == TDREST_OK)
        rc = tdrest_stmt_new(conn, "insert into ? using json_devices tags (?) values (?, ?)", TDREST_CSTR, &stmt);
    for (size_t i = 0; rc == TDREST_OK && i < sizeof devices / sizeof devices[0]; i++)
        rc = add(stmt, &devices[i]);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_run(stmt, &call, NULL);
    if (rc < 0)
        fprintf(stderr, "%s\n", conn == NULL ? why : stmt == NULL ? tdrest_conn_error(conn)->message : tdrest_stmt_error(stmt)->message);
    else if ((rc = print_rows(conn, &call, "select tbname, v, info from json_devices order by tbname")) == TDREST_DONE)
        rc = print_rows(conn, &call, "select tbname, v, info->'floor', info->'ok' from json_devices where info->'floor' > 2");
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    return rc < 0;
}
