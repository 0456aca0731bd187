/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Per-call overrides: request id, time limit, database, time zone: 04_request_id [DSN]. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

static int show(tdrest_conn *conn, const char *sql, const tdrest_call *call)
{
    tdrest_result *res;
    const char *text;
    int rc = tdrest_query(conn, sql, TDREST_CSTR, call, &res);

    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        for (size_t i = 0, count = tdrest_result_column_count(res); i < count; i++)
            printf("%s%s", tdrest_result_text(res, i, &text, NULL) == TDREST_OK ? text : "NULL", i + 1 < count ? ", " : "\n");
    if (rc < 0) {
        const tdrest_error *err = res != NULL ? tdrest_result_error(res) : tdrest_conn_error(conn);

        printf("%s (request %" PRId64 ", to be found in the server's log)\n", err->message, err->req_id);
    }
    tdrest_result_free(res);
    return rc;
}

int main(int argc, char **argv)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_conn *conn;
    char why[512];
    int rc;

    if (tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why) < 0) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    call.timeout_ms = 5000; /* until the columns are known */
    call.database = "wire_ms";
    rc = show(conn, "select ts, i from e1", &call);
    call.database = NULL; /* the connection's, which has none */
    call.timezone = "Asia/Kolkata";
    if (rc >= 0)
        rc = show(conn, "select ts from wire_ms.e1", &call);
    call = TDREST_CALL_INIT;
    call.req_id = 4711;
    if (rc >= 0 && show(conn, "select * from e1", &call) >= 0) /* must fail: no database */
        rc = -1;
    tdrest_conn_free(conn);
    return rc < 0;
}
