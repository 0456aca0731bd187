/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Every type through its getter, and the errors a getter can return: 02_types [DSN [SQL]]. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

/* Calls the getter for the column's type; returns its code. */
static int print_value(tdrest_result *res, size_t i)
{
    const char *text;
    const void *bytes;
    tdrest_decimal decimal;
    int64_t number;
    uint64_t natural;
    double real;
    size_t len;
    int rc, flag, precision;

    switch (tdrest_result_column(res, i)->type) {
    case TDREST_TYPE_BOOL:
        if ((rc = tdrest_result_bool(res, i, &flag)) == TDREST_OK)
            printf("bool %d", flag);
        return rc;
    case TDREST_TYPE_TINYINT: case TDREST_TYPE_SMALLINT: case TDREST_TYPE_INT: case TDREST_TYPE_BIGINT:
        if ((rc = tdrest_result_int64(res, i, &number)) == TDREST_OK)
            printf("int64 %" PRId64, number);
        return rc;
    case TDREST_TYPE_UTINYINT: case TDREST_TYPE_USMALLINT: case TDREST_TYPE_UINT: case TDREST_TYPE_UBIGINT:
        if ((rc = tdrest_result_uint64(res, i, &natural)) == TDREST_OK)
            printf("uint64 %" PRIu64, natural);
        return rc;
    case TDREST_TYPE_FLOAT: case TDREST_TYPE_DOUBLE: /* %.17g prints a double exactly */
        if ((rc = tdrest_result_double(res, i, &real)) == TDREST_OK)
            printf("double %.17g", real);
        return rc;
    case TDREST_TYPE_TIMESTAMP: /* units since 1970-01-01T00:00:00Z */
        if ((rc = tdrest_result_time(res, i, &number, &precision)) == TDREST_OK)
            printf("time %" PRId64 " (%d digits)", number, precision);
        return rc;
    case TDREST_TYPE_DECIMAL: /* 128 bits in two halves; the text getter returns what the server wrote */
        if ((rc = tdrest_result_decimal(res, i, &decimal)) == TDREST_OK)
            printf("decimal %016" PRIx64 "%016" PRIx64 " / 10^%d", (uint64_t)decimal.hi, decimal.lo, decimal.scale);
        return rc;
    case TDREST_TYPE_VARBINARY: case TDREST_TYPE_GEOMETRY: case TDREST_TYPE_BLOB:
        if ((rc = tdrest_result_bytes(res, i, &bytes, &len)) == TDREST_OK)
            printf("%zu bytes", len);
        return rc;
    case TDREST_TYPE_JSON:
        if ((rc = tdrest_result_json(res, i, &text, NULL)) == TDREST_OK)
            printf("json %s", text);
        return rc;
    default: /* VARCHAR and NCHAR; the text may contain a NUL */
        if ((rc = tdrest_result_text(res, i, &text, &len)) == TDREST_OK)
            printf("text of %zu \"%s\"", len, text);
        return rc;
    }
}

int main(int argc, char **argv)
{
    const char *sql = argc > 2 ? argv[2] : "select * from wire_ms.alltypes order by ts";
    tdrest_result *res = NULL;
    tdrest_conn *conn;
    char why[512];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);

    if (rc < 0 || (rc = tdrest_query(conn, sql, TDREST_CSTR, NULL, &res)) < 0)
        fprintf(stderr, "%s\n", conn == NULL ? why : tdrest_conn_error(conn)->message);
    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        for (size_t i = 0; i < tdrest_result_column_count(res); i++) {
            printf("%s: ", tdrest_result_column(res, i)->name);
            printf("%s\n", print_value(res, i) == TDREST_ENULL ? "NULL" : "");
        }
    tdrest_result_free(res);
    tdrest_conn_free(conn);
    return rc < 0;
}
