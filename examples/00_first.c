/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The first program of README.md and of tdrest.h: 00_first [DSN]. */
#include <stdio.h>
#include <tdrest.h>

static void print_row(tdrest_result *res)
{
    const char *ts;
    double amps;
    int rc = tdrest_result_text(res, 0, &ts, NULL);

    printf("%s ", rc == TDREST_OK ? ts : tdrest_code_text(rc));
    rc = tdrest_result_double(res, 1, &amps);
    if (rc == TDREST_OK)
        printf("%g\n", amps);
    else
        printf("%s\n", rc == TDREST_ENULL ? "NULL" : tdrest_code_text(rc));
}

int main(int argc, char **argv)
{
    char why[512];
    tdrest_conn *conn;
    tdrest_result *res = NULL;
    int rc = tdrest_open(argc > 1 ? argv[1] : "http://root:taosdata@localhost:6041/test", &conn, why, sizeof why);

    if (rc == TDREST_OK)
        rc = tdrest_query(conn, "SELECT ts, current FROM d1001", TDREST_CSTR, NULL, &res);
    while (rc >= 0 && (rc = tdrest_result_next(res)) == TDREST_ROW)
        print_row(res);
    if (rc < 0)
        fprintf(stderr, "%s\n", conn == NULL ? why : res == NULL ? tdrest_conn_error(conn)->message : tdrest_result_error(res)->message);
    tdrest_result_free(res);
    tdrest_conn_free(conn);
    return rc < 0;
}
