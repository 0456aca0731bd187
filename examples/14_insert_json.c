/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * OpenTSDB points as JSON, written to the database tdrest_example and read back: 14_insert_json [DSN [JSON]]. If your points are
 * Jansson values, use tdrest_write_json of tdrest_jansson.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

/* Tags keep their types here, unlike in lines. */
static const char some[] =
    "[{\"metric\": \"jm.current\", \"timestamp\": 1700000000, \"value\": 10.3, \"tags\": {\"location\": \"SF\", \"groupid\": 2}},"
    " {\"metric\": \"jm.current\", \"timestamp\": 1700000001, \"value\": 12.6, \"tags\": {\"location\": \"LA\", \"groupid\": 3}}]";

static void explain(const tdrest_error *err)
{
    printf("%s: %s", tdrest_class_name(err->cls), err->message);
    if (err->offset >= 0) /* found before anything was sent */
        printf(" (byte %" PRId64 ")", err->offset);
    printf("\n");
}

static int print_rows(tdrest_conn *conn, const tdrest_call *call)
{
    const char *text;
    tdrest_result *res;
    int rc = tdrest_query(conn, "select _ts, _value, location, groupid from jm_current order by _ts", TDREST_CSTR, call, &res);

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
    tdrest_conn *conn;
    char why[512];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);

    if (rc < 0) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    call.database = "tdrest_example";
    call.timeout_ms = 10000; /* for all requests together */
    rc = tdrest_exec(conn, "create database if not exists tdrest_example", TDREST_CSTR, NULL, NULL);
    if (rc == TDREST_OK)
        rc = tdrest_write(conn, TDREST_PROTOCOL_JSON, 0, argc > 2 ? argv[2] : some, TDREST_CSTR, &call);
    if (rc < 0) {
        explain(tdrest_conn_error(conn));
    } else {
        printf("%" PRId64 " points are written\n", tdrest_conn_get_written(conn)->lines);
        rc = print_rows(conn, &call);
    }
    tdrest_conn_free(conn);
    return rc < 0;
}
