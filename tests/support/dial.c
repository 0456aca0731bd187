/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The client's side of tests over the scripted server. */
#include "dial.h"

#include <time.h>

int64_t tdrt_now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void tdrt_dial_dsn(int port, const char *parameters, char *dsn, size_t cap)
{
    const char *more = parameters[0] == '?' ? parameters + 1 : parameters;
    const char *never = strstr(parameters, "retry=") == NULL ? "?retry=never" : "";

    snprintf(dsn, cap, "http://127.0.0.1:%d/test%s%s%s", port, never, *more == '\0' ? "" : *never != '\0' ? "&" : "?", more);
}

tdrest_conn *tdrt_dial(const tdrt_server *server, const char *parameters)
{
    char dsn[512], why[512];
    tdrest_conn *conn;

    tdrt_dial_dsn(server->port, parameters, dsn, sizeof dsn);
    if (tdrest_open(dsn, &conn, why, sizeof why) != TDREST_OK)
        CHECK(0, "%s: %s", dsn, why);
    CU_ASSERT_FATAL(conn != NULL);
    return conn;
}

tdrest_pool *tdrt_dial_pool(const tdrt_server *server, const char *parameters)
{
    tdrest_options *options = NULL;
    tdrest_pool *pool = NULL;
    char dsn[512];

    tdrt_dial_dsn(server->port, parameters, dsn, sizeof dsn);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    if (tdrest_options_parse(options, dsn) != TDREST_OK || tdrest_pool_new(options, &pool) != TDREST_OK)
        CHECK(0, "%s: %s", dsn, tdrest_options_error(options)->message);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(pool != NULL);
    return pool;
}

tdrest_result *tdrt_dial_query(tdrest_conn *conn, const char *sql, const tdrest_call *call)
{
    tdrest_result *res;

    if (tdrest_query(conn, sql, TDREST_CSTR, call, &res) != TDREST_OK)
        CHECK(0, "%s: %s", sql, tdrest_conn_error(conn)->message);
    CU_ASSERT_FATAL(res != NULL);
    return res;
}

int tdrt_dial_read(tdrest_result *res, int64_t *rows)
{
    int rc;

    for (*rows = 0; (rc = tdrest_result_next(res)) == TDREST_ROW; (*rows)++)
        ;
    return rc;
}

int tdrt_dial_ask(tdrest_conn *conn, const char *sql, const tdrest_call *call, int64_t *rows, tdrest_error *err)
{
    tdrest_result *res;
    int rc = tdrest_query(conn, sql, TDREST_CSTR, call, &res);

    *rows = 0;
    if (rc != TDREST_OK) {
        *err = *tdrest_conn_error(conn);
        return rc;
    }
    rc = tdrt_dial_read(res, rows);
    *err = *tdrest_result_error(res);
    tdrest_result_free(res);
    return rc;
}

void tdrt_dial_three(tdrest_conn *conn)
{
    tdrest_error err;
    int64_t rows;
    int rc = tdrt_dial_ask(conn, "select three", NULL, &rows, &err);

    CHECK(rc == TDREST_DONE && rows == 3, "%d after %" PRId64 " rows: %s", rc, rows, err.message);
}

void tdrt_dial_serve(tdrt_server *server, tdrt_handler *handler)
{
    *server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(server, handler, NULL));
}

tdrest_options *tdrt_dial_options_of(const tdrt_server *a, const tdrt_server *b, const char *parameters)
{
    tdrest_options *options = NULL;
    char dsn[512];

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d,127.0.0.1:%d/test?%s", a->port, b->port, parameters);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    CHECK(tdrest_options_parse(options, dsn) == TDREST_OK, "%s", tdrest_options_error(options)->message);
    return options;
}

tdrest_conn *tdrt_dial_both(const tdrt_server *a, const tdrt_server *b, const char *parameters)
{
    tdrest_options *options = tdrt_dial_options_of(a, b, parameters);
    tdrest_conn *out = NULL;

    CHECK_INT(tdrest_conn_new(options, &out), TDREST_OK);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(out != NULL);
    return out;
}

tdrest_conn *tdrt_dial_new(tdrt_server *server, tdrt_handler *handler, const char *parameters)
{
    tdrt_dial_serve(server, handler);
    return tdrt_dial(server, parameters);
}

int tdrt_starts(const tdrt_visit *visit, const char *with)
{
    return strncmp(visit->sql, with, strlen(with)) == 0;
}

int tdrt_send_three(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_THREE, .chunk = 16});
}

int tdrt_send_ready(const tdrt_visit *visit)
{
    return tdrt_starts(visit, "select server_status()") ? tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_READY}) : tdrt_send_three(visit);
}
