/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Every type bound and read back in the database tdrest_example, except JSON, which is for tags (15_json_tag): 10_all_types [DSN]. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

static const char create[] =
    "create table if not exists all_types (ts timestamp, b bool, t tinyint, s smallint, i int, g bigint, ut tinyint unsigned, us smallint unsigned, "
    "ui int unsigned, ug bigint unsigned, f float, d double, v varchar(40), n nchar(20), x varbinary(20), p geometry(64), m decimal(20, 4))";

static int bind(tdrest_stmt *stmt)
{
    int rc = tdrest_stmt_bind_time_text(stmt, 0, "2024-02-29T23:59:59.999+01:00", TDREST_CSTR);

    if (rc < 0 || (rc = tdrest_stmt_bind_bool(stmt, 1, 1)) < 0 ||
        (rc = tdrest_stmt_bind_int64(stmt, 2, INT8_MIN)) < 0 || (rc = tdrest_stmt_bind_int64(stmt, 3, INT16_MIN)) < 0 ||
        (rc = tdrest_stmt_bind_int64(stmt, 4, INT32_MIN)) < 0 || (rc = tdrest_stmt_bind_int64(stmt, 5, INT64_MIN)) < 0 ||
        (rc = tdrest_stmt_bind_uint64(stmt, 6, UINT8_MAX)) < 0 || (rc = tdrest_stmt_bind_uint64(stmt, 7, UINT16_MAX)) < 0 ||
        (rc = tdrest_stmt_bind_uint64(stmt, 8, UINT32_MAX)) < 0 || (rc = tdrest_stmt_bind_uint64(stmt, 9, UINT64_MAX)) < 0 ||
        (rc = tdrest_stmt_bind_float(stmt, 10, 0.1f)) < 0 || (rc = tdrest_stmt_bind_double(stmt, 11, 0.1)) < 0 ||
        (rc = tdrest_stmt_bind_text(stmt, 12, "it's a \\ and a \n", TDREST_CSTR)) < 0 ||
        (rc = tdrest_stmt_bind_nchar(stmt, 13, "汉字 😀", TDREST_CSTR)) < 0 ||
        (rc = tdrest_stmt_bind_varbinary(stmt, 14, "\0\xff", 2)) < 0 ||
        (rc = tdrest_stmt_bind_geometry_wkt(stmt, 15, "POINT(1.5 -2)", TDREST_CSTR)) < 0)
        return rc;
    return tdrest_stmt_bind_decimal_text(stmt, 16, "-1234567890123456.7890", TDREST_CSTR);
}

/* Reads one row. As always, a getter fails for another type, a NULL, or a value that does not fit. */
static int print_row(tdrest_result *res)
{
    int64_t ms, g;
    uint64_t ug;
    double f, d;
    const char *v, *n, *m;
    const void *x, *p;
    size_t x_len, p_len;
    int rc, b;

    if ((rc = tdrest_result_time(res, 0, &ms, NULL)) < 0 || (rc = tdrest_result_bool(res, 1, &b)) < 0 ||
        (rc = tdrest_result_int64(res, 5, &g)) < 0 ||
        (rc = tdrest_result_uint64(res, 9, &ug)) < 0 || (rc = tdrest_result_double(res, 10, &f)) < 0 || (rc = tdrest_result_double(res, 11, &d)) < 0 ||
        (rc = tdrest_result_text(res, 12, &v, NULL)) < 0 || (rc = tdrest_result_text(res, 13, &n, NULL)) < 0 ||
        (rc = tdrest_result_bytes(res, 14, &x, &x_len)) < 0 || (rc = tdrest_result_bytes(res, 15, &p, &p_len)) < 0 ||
        (rc = tdrest_result_text(res, 16, &m, NULL)) < 0)
        return rc;
    printf("%" PRId64 " ms, %s, %" PRId64 ", %" PRIu64 ", %.9g, %.17g\n", ms, b ? "true" : "false", g, ug, f, d);
    printf("\"%s\", \"%s\", %zu bytes, %zu bytes of geometry, %s\n", v, n, x_len, p_len, m);
    return TDREST_OK;
}

int main(int argc, char **argv)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_conn *conn = NULL;
    tdrest_stmt *stmt = NULL;
    tdrest_result *res = NULL;
    char why[512];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);

    call.database = "tdrest_example";
    if (rc == TDREST_OK && (rc = tdrest_exec(conn, "create database if not exists tdrest_example", TDREST_CSTR, NULL, NULL)) == TDREST_OK &&
        (rc = tdrest_exec(conn, create, TDREST_CSTR, &call, NULL)) == TDREST_OK)
        rc = tdrest_stmt_new(conn, "insert into all_types values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", TDREST_CSTR, &stmt);
    if (rc == TDREST_OK && (rc = bind(stmt)) == TDREST_OK && (rc = tdrest_stmt_run(stmt, &call, NULL)) == TDREST_OK)
        rc = tdrest_query(conn, "select * from all_types", TDREST_CSTR, &call, &res);
    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        rc = print_row(res);
    if (rc < 0)
        fprintf(stderr, "%s: %s\n", tdrest_code_name(rc),
                res != NULL ? tdrest_result_error(res)->message : tdrest_stmt_error(stmt)->code != 0 ? tdrest_stmt_error(stmt)->message
                : conn != NULL ? tdrest_conn_error(conn)->message : why);
    tdrest_result_free(res);
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    return rc < 0;
}
