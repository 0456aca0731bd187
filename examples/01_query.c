/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A query with its columns and typed rows: 01_query [DSN [SQL]]. Each value is read by the getter of its type. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

/* Prints a value as its C type; returns the getter's code. */
static int print_cell(tdrest_result *res, size_t i)
{
    const char *text;
    int64_t number;
    uint64_t magnitude;
    double real;
    int rc, flag, precision;

    switch (tdrest_result_column(res, i)->type) {
    case TDREST_TYPE_BOOL:
        if ((rc = tdrest_result_bool(res, i, &flag)) == TDREST_OK)
            printf("%s", flag ? "true" : "false");
        return rc;
    case TDREST_TYPE_TIMESTAMP: /* milli-, micro- or nanoseconds since 1970, according to precision */
        if ((rc = tdrest_result_time(res, i, &number, &precision)) == TDREST_OK)
            printf("%" PRId64 "e-%d s", number, precision);
        return rc;
    case TDREST_TYPE_TINYINT: case TDREST_TYPE_SMALLINT: case TDREST_TYPE_INT: case TDREST_TYPE_BIGINT:
        if ((rc = tdrest_result_int64(res, i, &number)) == TDREST_OK)
            printf("%" PRId64, number);
        return rc;
    case TDREST_TYPE_UTINYINT: case TDREST_TYPE_USMALLINT: case TDREST_TYPE_UINT: case TDREST_TYPE_UBIGINT:
        if ((rc = tdrest_result_uint64(res, i, &magnitude)) == TDREST_OK)
            printf("%" PRIu64, magnitude);
        return rc;
    case TDREST_TYPE_FLOAT: case TDREST_TYPE_DOUBLE:
        if ((rc = tdrest_result_double(res, i, &real)) == TDREST_OK)
            printf("%g", real);
        return rc;
    default: /* text, JSON and DECIMAL unchanged; bytes as hexadecimal digits */
        if ((rc = tdrest_result_text(res, i, &text, NULL)) == TDREST_OK)
            printf("\"%s\"", text);
        return rc;
    }
}

int main(int argc, char **argv)
{
    const char *dsn = argc > 1 ? argv[1] : getenv("TDREST_DSN"), *sql = argc > 2 ? argv[2] : "select server_version()";
    const tdrest_error *err;
    tdrest_conn *conn;
    tdrest_result *res;
    char why[512];
    int rc = tdrest_open(dsn, &conn, why, sizeof why); /* NULL: the default server */

    if (rc < 0) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    rc = tdrest_query(conn, sql, TDREST_CSTR, NULL, &res);
    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        for (size_t i = 0, count = tdrest_result_column_count(res); i < count; i++) {
            printf("%s%s (%s) = ", i == 0 ? "" : "; ", tdrest_result_column(res, i)->name, tdrest_result_column(res, i)->type_name);
            if (print_cell(res, i) == TDREST_ENULL)
                printf("NULL");
            printf(i + 1 < count ? "" : "\n");
        }
    err = res != NULL ? tdrest_result_error(res) : tdrest_conn_error(conn);
    if (rc < 0)
        fprintf(stderr, "%s (%s): %s\n", tdrest_class_name(err->cls), tdrest_code_name(err->code), err->message);
    tdrest_result_free(res);
    tdrest_conn_free(conn);
    return rc < 0;
}
