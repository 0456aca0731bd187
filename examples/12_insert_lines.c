/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* InfluxDB lines, built field by field, written to the database tdrest_example and read back: 12_insert_lines [DSN]. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <tdrest.h>

typedef struct reading {
    int64_t time_ns;
    const char *location, *group;
    double current;
    int voltage;
    double phase;
    const char *note;
    int ok;
} reading;

static const reading readings[] = {
    {1700000000000000000, "SF", "2", 11.8, 221, 0.28, "a \"q\"", 1},
    {1700000001000000000, "LA", "3", 12.1, 223, 0.29, "汉字", 0},
};

/* Ending a line reports the first error of any of its parts. */
static int add(tdrest_lines *lines, const reading *r)
{
    tdrest_lines_add_measurement(lines, "meters");
    tdrest_lines_add_tag(lines, "location", r->location, TDREST_CSTR);
    tdrest_lines_add_tag(lines, "groupid", r->group, TDREST_CSTR);
    tdrest_lines_add_double(lines, "current", r->current);
    tdrest_lines_add_integer(lines, "voltage", TDREST_TYPE_INT, r->voltage);
    tdrest_lines_add_double(lines, "phase", r->phase);
    tdrest_lines_add_nchar(lines, "note", r->note, TDREST_CSTR);
    tdrest_lines_add_bool(lines, "ok", r->ok);
    tdrest_lines_add_time(lines, r->time_ns);
    return tdrest_lines_end(lines);
}

/* The server names the time column _ts. */
static int print_rows(tdrest_conn *conn, const tdrest_call *call)
{
    const char *text;
    tdrest_result *res;
    int rc = tdrest_query(conn, "select _ts, location, current, note from meters order by _ts", TDREST_CSTR, call, &res);

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
    tdrest_lines *lines = NULL;
    char why[512] = "out of memory";
    int rc = tdrest_lines_new(NULL, &lines);

    call.database = "tdrest_example";
    if (rc == TDREST_OK)
        rc = tdrest_open(argc > 1 ? argv[1] : getenv("TDREST_DSN"), &conn, why, sizeof why);
    for (size_t i = 0; rc == TDREST_OK && i < sizeof readings / sizeof readings[0]; i++)
        rc = add(lines, &readings[i]);
    if (rc == TDREST_OK)
        rc = tdrest_exec(conn, "create database if not exists tdrest_example", TDREST_CSTR, NULL, NULL);
    if (rc == TDREST_OK) /* may be repeated: every line carries its time */
        rc = tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_NS, tdrest_lines_get_data(lines, NULL), TDREST_CSTR, &call);
    if (rc < 0) {
        fprintf(stderr, "%s%s\n", tdrest_lines_error(lines)->message, conn == NULL ? why : tdrest_conn_error(conn)->message);
    } else {
        printf("%" PRId64 " lines are written\n", tdrest_conn_get_written(conn)->lines);
        rc = print_rows(conn, &call);
    }
    tdrest_lines_free(lines);
    tdrest_conn_free(conn);
    return rc < 0;
}
