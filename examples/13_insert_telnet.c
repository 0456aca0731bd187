/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * OpenTSDB telnet lines, written to the database tdrest_example and read back; what is known when one is rejected: 13_insert_telnet [DSN [LINES]].
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

/* Ten digits are seconds, thirteen milliseconds. */
static const char some[] =
    "tmeters.current 1700000000 10.3 location=SF groupid=2\n"
    "tmeters.current 1700000001 12.6 location=SF groupid=2\n";

/* Which lines need attention, and where to continue. */
static void explain(const tdrest_error *err, const tdrest_written *written)
{
    printf("%s 0x%04x: %s\n", tdrest_class_name(err->cls), (unsigned)err->server_code, err->message);
    printf("  %" PRId64 " lines are written, %" PRId64 " were never sent\n", written->lines, written->unsent_lines);
    if (written->failed_lines > 0)
        printf("  lines %" PRId64 " to %" PRId64 " are %s\n", written->lines + 1, written->lines + written->failed_lines,
               written->failed_unknown ? "perhaps written, all or some" : "not written");
    printf("  the call %s\n", err->repeat == TDREST_REPEAT_NO ? "must not be sent again as it is" : "may be sent again");
}

/* A metric becomes a table, with `_` for each dot in its name; its value column is _value. */
static int print_rows(tdrest_conn *conn, const tdrest_call *call)
{
    const char *text;
    tdrest_result *res;
    int rc = tdrest_query(conn, "select _ts, _value, location from tmeters_current order by _ts", TDREST_CSTR, call, &res);

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
    const char *lines = argc > 2 ? argv[2] : some;
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_conn *conn;
    char why[512];
    int rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);

    if (rc < 0) {
        fprintf(stderr, "%s\n", why);
        return 1;
    }
    call.database = "tdrest_example";
    rc = tdrest_exec(conn, "create database if not exists tdrest_example", TDREST_CSTR, NULL, NULL);
    if (rc == TDREST_OK)
        rc = tdrest_write(conn, TDREST_PROTOCOL_TELNET, 0, lines, TDREST_CSTR, &call);
    if (rc < 0) {
        explain(tdrest_conn_error(conn), tdrest_conn_get_written(conn));
    } else {
        printf("%" PRId64 " lines are written\n", tdrest_conn_get_written(conn)->lines);
        rc = print_rows(conn, &call);
    }
    tdrest_conn_free(conn);
    return rc < 0;
}
