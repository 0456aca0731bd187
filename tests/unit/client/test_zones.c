/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Time zones end to end: which one is sent, which file is read for it, times before 1972 with and without that file, and zones that the server
 * refuses. The zone files are those of tests/data/zones.
 */
#include "dial.h"
#include "environment.h"

#define ZONES "tests/data/zones"
#define TIMES(rows) "{\"code\":0,\"column_meta\":[[\"k\",\"INT\",4],[\"ts\",\"TIMESTAMP\",8]],\"data\":[" rows "]"

static tdrt_server server;
static tdrest_conn *conn;

/* ---- the server ---- */

/* The zone that the request names, as an answer of one text; "" when it names none. */
static int answer_zone(const tdrt_visit *visit)
{
    const char *at = strstr(visit->head, "conn_tz=");
    size_t len = at == NULL ? 0 : strcspn(at + 8, "& ");
    char body[256];

    snprintf(body, sizeof body, "{\"code\":0,\"column_meta\":[[\"z\",\"VARCHAR\",64]],\"data\":[[\"%.*s\"]],\"rows\":1}", (int)len,
             at == NULL ? "" : at + 8);
    return tdrt_send_answer(visit, &(tdrt_answer){.body = body});
}

static int answer(const tdrt_visit *visit)
{
    static const struct {
        const char *sql, *body;
        int status;
    } table[] = {
        {"select shanghai", TIMES("[1,\"2024-01-02T03:04:05.000+08:00\"],[2,\"1900-01-01T08:05:43.000+08:05\"],[3,null],"
                                  "[4,\"1901-01-01T00:00:00.000+08:00\"],[5,\"1900-01-01T00:00:00.000Z\"]") ",\"rows\":5}", 200},
        {"select monrovia", TIMES("[1,\"1972-01-06T23:59:59.999-00:44\"],[2,\"1972-01-07T00:44:30.000Z\"]") ",\"rows\":2}", 200},
        {"select luanda", TIMES("[1,\"1891-12-31T23:59:08.000+00:52\"]") ",\"rows\":1}", 200},
        {"select edge", TIMES("[1,\"1972-01-08T08:00:00.000+08:00\"],[2,\"1972-01-08T07:59:59.999+08:00\"]") ",\"rows\":2}", 200},
        {"select not then", TIMES("[1,\"1950-01-01T08:05:43.000+08:05\"]") ",\"rows\":1}", 200},
        {"insert", TDRT_INSERTED, 200},
        {"refused", "{\"code\":65535,\"desc\":\"unknown time zone Mars/Base\",\"timing\":1}", 400},
    };

    if (tdrt_starts(visit, "select zone"))
        return answer_zone(visit);
    if (strstr(visit->head, "/influxdb/") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 400, .body = "{\"code\":\"\",\"message\":\"unknown time zone Mars/Base\"}"});
    for (size_t i = 0; i < COUNT_OF(table); i++)
        if (tdrt_starts(visit, table[i].sql))
            return tdrt_send_answer(visit, &(tdrt_answer){.status = table[i].status, .body = table[i].body});
    return tdrt_send_three(visit);
}

static void begin(const char *parameters)
{
    tdrt_keep_environment();
    tdrt_set_variable("TZDIR", ZONES);
    conn = tdrt_dial_new(&server, answer, parameters);
}

static void finish(void)
{
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
    tdrt_restore_environment();
}

/* ---- values ---- */

static void check_row(tdrest_result *res, int64_t value, const char *text)
{
    const char *seen = NULL;
    int64_t time = 0;
    int precision;

    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CHECK_INT(tdrest_result_time(res, 1, &time, &precision), TDREST_OK);
    CHECK_INT(time, value);
    CHECK_INT(tdrest_result_text(res, 1, &seen, NULL), TDREST_OK);
    CHECK_TEXT(seen, text);
}

/* What only the file tells is told in UTC, the rest as the server wrote it. */
static void corrected(void)
{
    tdrest_result *res;

    begin("?timezone=Asia/Shanghai");
    res = tdrt_dial_query(conn, "select shanghai", NULL);
    check_row(res, 1704135845000, "2024-01-02T03:04:05.000+08:00");
    check_row(res, -2208988800000, "1900-01-01T00:00:00.000Z");
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CU_ASSERT(tdrest_result_is_null(res, 1));
    check_row(res, -2177481600000, "1901-01-01T00:00:00.000+08:00");
    check_row(res, -2208988800000, "1900-01-01T00:00:00.000Z");
    CHECK_INT(tdrest_result_next(res), TDREST_DONE);
    tdrest_result_free(res);
    finish();
}

/* Each call has the zone that it names, whatever the one before had. */
static void of_the_call(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_error err;
    tdrest_result *res;
    int64_t rows;

    begin("?timezone=Asia/Shanghai");
    for (int i = 0; i < 2; i++) {
        call.timezone = "Africa/Monrovia";
        res = tdrt_dial_query(conn, "select monrovia", &call);
        check_row(res, 63593069999, "1972-01-07T00:44:29.999Z");
        check_row(res, 63593070000, "1972-01-07T00:44:30.000Z");
        CHECK_INT(tdrest_result_next(res), TDREST_DONE);
        tdrest_result_free(res);
        res = tdrt_dial_query(conn, "select shanghai", NULL);
        check_row(res, 1704135845000, "2024-01-02T03:04:05.000+08:00");
        check_row(res, -2208988800000, "1900-01-01T00:00:00.000Z");
        tdrest_result_free(res);
        CHECK_INT(tdrt_dial_ask(conn, "select monrovia", NULL, &rows, &err), TDREST_EANSWER);
        call.timezone = "local";
        tdrt_set_variable("TZ", "Africa/Monrovia");
        CHECK_INT(tdrt_dial_ask(conn, "select monrovia", &call, &rows, &err), TDREST_DONE);
        tdrt_set_variable("TZ", "Asia/Shanghai");
        CHECK_INT(tdrt_dial_ask(conn, "select monrovia", &call, &rows, &err), TDREST_EANSWER);
    }
    finish();
}

/* 52 seconds before the change at 1891-12-31T23:07:04Z are written again behind it. */
static void the_earlier(void)
{
    tdrest_result *res;

    begin("?timezone=Africa/Luanda");
    res = tdrt_dial_query(conn, "select luanda", NULL);
    check_row(res, -2461452828000, "1891-12-31T23:06:12.000Z");
    tdrest_result_free(res);
    finish();
}

/* In every form the instants are the same, and what is bound back is what was read. */
static void bound_back(void)
{
    tdrest_result *res;
    tdrest_stmt *stmt = NULL;
    const tdrest_block *block;
    const tdrest_column *c;
    static const int64_t expected[] = {1704135845000, -2208988800000, 0, -2177481600000, -2208988800000};
    static const int16_t minutes[] = {480, 0, 0, 480, 0};
    char arrived[512];

    begin("?timezone=Asia/Shanghai");
    res = tdrt_dial_query(conn, "select shanghai", NULL);
    CHECK_INT(tdrest_result_store(res), TDREST_OK);
    CHECK_INT(tdrest_result_next_block(res, &block), TDREST_ROW);
    c = tdrest_block_column(block, 1);
    CHECK_INT(c->count, COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        CHECK(((const int64_t *)c->values)[i] == expected[i] && c->zone_min[i] == minutes[i], "row %zu: %" PRId64 "@%d", i,
              ((const int64_t *)c->values)[i], c->zone_min[i]);
    CHECK_INT(tdrest_stmt_new(conn, "insert into t values(1, ?)", TDREST_CSTR, &stmt), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_column(stmt, 0, c), TDREST_OK);
    CHECK(tdrest_stmt_run(stmt, NULL, NULL) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    snprintf(arrived, sizeof arrived, "%.*s", (int)server.counts->used, server.counts->arrived);
    CHECK_TEXT(strchr(arrived, '\n'),
               "\ninsert into t values(1, '2024-01-01T19:04:05.000Z')(1, '1900-01-01T00:00:00.000Z')(1, NULL)(1, '1900-12-31T16:00:00.000Z')"
               "(1, '1900-01-01T00:00:00.000Z')\n");
    tdrest_stmt_free(stmt);
    tdrest_result_free(res);
    finish();
}

/* ---- without a file ---- */

static void check_refused(const char *sql, const tdrest_call *call, int64_t row)
{
    tdrest_error err;
    int64_t rows;
    int rc = tdrt_dial_ask(conn, sql, call, &rows, &err);

    CHECK(rc == TDREST_EANSWER && err.cls == TDREST_CLASS_RESULT && rows == row && err.row == row && err.column == 1, "%s: %d after %" PRId64
          " rows, at %" PRId64 " and %d: %s", sql, rc, rows, err.row, err.column, err.message);
    CHECK(strstr(err.message, "timezone=UTC") != NULL && strstr(err.message, "zone files") != NULL, "no way out: %s", err.message);
    tdrt_dial_three(conn);
}

static void without_file(void)
{
    static const char *const zones[] = {"Europe/Berlin", "Mars/Base", "server"};
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_error err;
    int64_t rows;

    begin("");
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        call.timezone = zones[i];
        check_refused("select shanghai", &call, 1);
        check_refused("select edge", &call, 1);
    }
    call.timezone = "Etc/GMT-8";
    CHECK_INT(tdrt_dial_ask(conn, "select edge", &call, &rows, &err), TDREST_DONE);
    call.timezone = "Asia/Shanghai";
    check_refused("select not then", &call, 0);
    CHECK_INT(tdrt_dial_ask(conn, "select edge", &call, &rows, &err), TDREST_DONE);
    tdrt_set_variable("TZDIR", ZONES "/nowhere");
    CHECK_INT(tdrt_dial_ask(conn, "select edge", &call, &rows, &err), TDREST_DONE); /* its file was read for the call before */
    finish();
    begin("?timezone=Asia/Shanghai");
    tdrt_set_variable("TZDIR", ZONES "/nowhere");
    check_refused("select shanghai", NULL, 1);
    finish();
}

/* ---- this machine's zone ---- */

static void check_sent(const tdrest_call *call, const char *expected)
{
    tdrest_result *res = tdrt_dial_query(conn, "select zone", call);
    const char *text = NULL;

    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CHECK_INT(tdrest_result_text(res, 0, &text, NULL), TDREST_OK);
    CHECK_TEXT(text, expected);
    tdrest_result_free(res);
}

/* That of the connection is the one there was when it was made; that of a call, the one there is. */
static void local_is_sent(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    char dsn[128], why[256];
    tdrest_conn *none;

    tdrt_keep_environment();
    tdrt_set_variable("TZ", ":Asia/Shanghai");
    conn = tdrt_dial_new(&server, answer, "?timezone=local");
    tdrt_set_variable("TZ", "Africa/Luanda");
    check_sent(NULL, "Asia%2FShanghai");
    call.timezone = "local";
    check_sent(&call, "Africa%2FLuanda");
    call.timezone = "server";
    check_sent(&call, "");
    call.timezone = "Mars/Base";
    check_sent(&call, "Mars%2FBase");
    tdrt_set_variable("TZ", "CET-1CEST");
    call.timezone = "local";
    CHECK_INT(tdrest_exec(conn, "select zone", TDREST_CSTR, &call, NULL), TDREST_EOPTION);
    CHECK_INT(tdrest_conn_error(conn)->phase, TDREST_PHASE_PREPARE);
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d?timezone=local", server.port);
    CHECK_INT(tdrest_open(dsn, &none, why, sizeof why), TDREST_EOPTION);
    CHECK(strstr(why, "timezone") != NULL, "%s", why);
    finish();
}

/* ---- zones that the server refuses ---- */

static void refused_there(void)
{
    tdrest_result *res;
    tdrest_stmt *stmt = NULL;

    begin("?timezone=Mars/Base");
    CHECK_INT(tdrest_query(conn, "refused", TDREST_CSTR, NULL, &res), TDREST_EOPTION);
    CHECK_INT(tdrest_conn_error(conn)->cls, TDREST_CLASS_INTERFACE);
    CHECK_INT(tdrest_conn_error(conn)->http_status, 400);
    CHECK_INT(tdrest_conn_error(conn)->repeat, TDREST_REPEAT_NO);
    CHECK_TEXT(tdrest_conn_error(conn)->message, "timezone: the server says: unknown time zone Mars/Base");
    CHECK_INT(tdrest_exec(conn, "refused", TDREST_CSTR, NULL, NULL), TDREST_EOPTION);
    CHECK_INT(tdrest_stmt_new(conn, "refused ?", TDREST_CSTR, &stmt), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 0, 1), TDREST_OK);
    CHECK_INT(tdrest_stmt_query(stmt, NULL, &res), TDREST_EOPTION);
    tdrest_stmt_free(stmt);
    CHECK_INT(tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_MS, "m f=1 1", TDREST_CSTR, NULL), TDREST_EOPTION);
    CHECK_INT(tdrest_conn_get_written(conn)->failed_unknown, 0);
    finish();
}

CU_TestInfo tdrt_zones[] = {
    {"corrected", corrected},
    {"of the call", of_the_call},
    {"the earlier", the_earlier},
    {"bound back", bound_back},
    {"without file", without_file},
    {"local is sent", local_is_sent},
    {"refused there", refused_there},
    CU_TEST_INFO_NULL,
};
