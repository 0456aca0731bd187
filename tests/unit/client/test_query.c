/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A statement over a socket and back: result, getters, errors, what a connection allows. */
#include "replied.h"

#define JSON_TYPE "application/json; charset=utf-8"
#define META(type) "{\"code\":0,\"column_meta\":[[\"c\",\"" type "\",8]],\"data\":["

#define AFFECTED(number) "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[[" number "]],\"rows\":1}"

static const char all_types[] =
    "{\"code\":0,\"column_meta\":[[\"ts\",\"TIMESTAMP\",8],[\"b\",\"BOOL\",1],[\"i\",\"INT\",4],[\"u\",\"BIGINT UNSIGNED\",8],"
    "[\"f\",\"FLOAT\",4],[\"d\",\"DOUBLE\",8],[\"v\",\"VARCHAR\",20],[\"x\",\"VARBINARY\",20],[\"n\",\"DECIMAL(10,2)\",8],"
    "[\"j\",\"JSON\",4095],[\"g\",\"BIGINT\",8]],\"data\":["
    "[\"2024-02-29T23:59:59.120+08:00\",true,-7,18446744073709551615,10.3,0.1,\"a\\u0000b\",\"00ff\",\"-0.05\",{\"k\":1},9007199254740993],"
    "[null,null,null,null,null,null,null,null,null,null,null]],\"rows\":2,\"timing\":4711}";

static const tdrt_reply replies[] = {
    {"all_types", 200, JSON_TYPE, all_types, 7, -1, 0},
    {"three", 200, JSON_TYPE, META("INT") "[1],[2],[3]],\"rows\":3}", 16, -1, 0},
    {"none", 200, JSON_TYPE, META("INT") "],\"rows\":0}", 16, -1, 0},
    {"insert", 200, JSON_TYPE, "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[[3]],\"rows\":1}", 16, -1, 0},
    {"bad_update", 200, JSON_TYPE, "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[[3],[4]],\"rows\":2}", 16, -1, 0},
    {"delete max", 200, JSON_TYPE, AFFECTED("2147483647"), 16, -1, 0},
    {"delete min", 200, JSON_TYPE, AFFECTED("-2147483648"), 16, -1, 0},
    {"delete 3e9", 200, JSON_TYPE, AFFECTED("-1294967296"), 16, -1, 0},
    {"delete all", 200, JSON_TYPE, AFFECTED("-1"), 16, -1, 0},
    {"delete much", 200, JSON_TYPE, AFFECTED("3000000000"), 16, -1, 0},
    {"affected_rows", 200, JSON_TYPE, "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[[3]],\"rows\":1}", 16, -1, 0},
    {"syntax", 200, JSON_TYPE, "{\"code\":9728,\"desc\":\"syntax error near \\\"x\\\"\",\"timing\":1}", 0, -1, 0},
    {"login", 200, JSON_TYPE, "{\"code\":855,\"desc\":\"Authentication failure\",\"timing\":1}", 0, -1, 0},
    {"proxy", 502, "text/html", "<html>bad gateway</html>", 0, -1, 0},
    {"moved", 307, NULL, "", 0, -1, 0},
    {"lost", 404, "text/plain", "404 page not found", 0, -1, 0},
    {"short", 200, JSON_TYPE, META("INT") "[1],[2],[3]],\"rows\":4}", 16, -1, 0},
    {"cut", 200, JSON_TYPE, META("INT") "[1],[2],[3]],\"rows\":3}", 16, 52, 0},
    {"early_end", 200, JSON_TYPE, META("INT") "[1],[2],[", 16, -1, 0},
    {"stall", 200, JSON_TYPE, META("INT") "[1],[2],[3]],\"rows\":3}", 16, 52, 30000},
};

static void begin(const char *parameters)
{
    connect_to(replies, COUNT_OF(replies), parameters);
}

static void first_row(tdrest_result *res)
{
    const char *text, *again;
    const void *bytes;
    size_t len;
    int64_t i;
    uint64_t u;
    double d;
    int b, precision;
    tdrest_decimal n;

    CHECK_INT(tdrest_result_time(res, 0, &i, &precision), TDREST_OK);
    CHECK_INT(i, 1709222399120);
    CHECK_INT(precision, TDREST_MS);
    CHECK_INT(tdrest_result_bool(res, 1, &b), TDREST_OK);
    CHECK_INT(b, 1);
    CHECK_INT(tdrest_result_int64(res, 2, &i), TDREST_OK);
    CHECK_INT(i, -7);
    CHECK_INT(tdrest_result_uint64(res, 2, &u), TDREST_ERANGE);
    CHECK_INT(tdrest_result_uint64(res, 3, &u), TDREST_OK);
    CU_ASSERT(u == UINT64_MAX);
    CHECK_INT(tdrest_result_int64(res, 3, &i), TDREST_ERANGE);
    CHECK_INT(tdrest_result_double(res, 3, &d), TDREST_ERANGE);
    CHECK_INT(tdrest_result_double(res, 4, &d), TDREST_OK);
    CU_ASSERT(d == (double)(float)10.3);
    CHECK_INT(tdrest_result_double(res, 5, &d), TDREST_OK);
    CU_ASSERT(d == 0.1);
    CHECK_INT(tdrest_result_double(res, 2, &d), TDREST_OK);
    CU_ASSERT(d == -7.0);
    CHECK_INT(tdrest_result_double(res, 10, &d), TDREST_ERANGE);
    CHECK_INT(tdrest_result_bytes(res, 6, &bytes, &len), TDREST_OK);
    CU_ASSERT(len == 3 && memcmp(bytes, "a\0b", 4) == 0);
    CHECK_INT(tdrest_result_bytes(res, 7, &bytes, &len), TDREST_OK);
    CU_ASSERT(len == 2 && memcmp(bytes, "\0\xff", 2) == 0);
    CHECK_INT(tdrest_result_decimal(res, 8, &n), TDREST_OK);
    CU_ASSERT(n.hi == -1 && n.lo == (uint64_t)-5 && n.scale == 2 && n.negative == 1);
    CHECK_INT(tdrest_result_json(res, 9, &text, &len), TDREST_OK);
    CHECK_TEXT(text, "{\"k\":1}");
    CHECK_INT(tdrest_result_text(res, 0, &text, &len), TDREST_OK);
    CHECK_INT(tdrest_result_text(res, 7, &again, NULL), TDREST_OK);
    CHECK_TEXT(text, "2024-02-29T23:59:59.120+08:00");
    CHECK_TEXT(again, "00ff");
}

static void texts_of_every_type(tdrest_result *res)
{
    static const char *const expected[] = {"2024-02-29T23:59:59.120+08:00", "true", "-7", "18446744073709551615", "10.3", "0.1",
                                           "a", "00ff", "-0.05", "{\"k\":1}", "9007199254740993"};
    const char *text;

    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        CHECK_INT(tdrest_result_text(res, i, &text, NULL), TDREST_OK);
        CHECK_TEXT(text, expected[i]);
        CHECK_INT(tdrest_result_is_null(res, i), 0);
    }
}

static void null_row(tdrest_result *res)
{
    const char *text = NULL;
    const void *bytes;
    size_t len = 9;
    int64_t i = 9;
    uint64_t u;
    double d;
    int b;
    tdrest_decimal n;

    for (size_t c = 0; c < 11; c++) {
        CHECK_INT(tdrest_result_is_null(res, c), 1);
        CHECK_INT(tdrest_result_text(res, c, &text, &len), TDREST_ENULL);
        CHECK_TEXT(text, "");
        CHECK_INT(len, 0);
        CHECK_INT(tdrest_result_int64(res, c, &i), TDREST_ENULL);
        CHECK_INT(i, 0);
        CHECK_INT(tdrest_result_uint64(res, c, &u), TDREST_ENULL);
        CHECK_INT(tdrest_result_double(res, c, &d), TDREST_ENULL);
        CHECK_INT(tdrest_result_bool(res, c, &b), TDREST_ENULL);
        CHECK_INT(tdrest_result_bytes(res, c, &bytes, &len), TDREST_ENULL);
        CHECK_INT(tdrest_result_decimal(res, c, &n), TDREST_ENULL);
        CHECK_INT(tdrest_result_json(res, c, &text, NULL), TDREST_ENULL);
        CHECK_INT(tdrest_result_time(res, c, &i, NULL), TDREST_ENULL);
    }
}

static void wrong_types(tdrest_result *res)
{
    const char *text;
    const void *bytes;
    size_t len;
    int64_t i;
    uint64_t u;
    double d;
    int b;
    tdrest_decimal n;

    CHECK_INT(tdrest_result_int64(res, 0, &i), TDREST_ETYPE);
    CHECK_INT(tdrest_result_uint64(res, 4, &u), TDREST_ETYPE);
    CHECK_INT(tdrest_result_double(res, 6, &d), TDREST_ETYPE);
    CHECK_INT(tdrest_result_bool(res, 2, &b), TDREST_ETYPE);
    CHECK_INT(tdrest_result_time(res, 2, &i, NULL), TDREST_ETYPE);
    CHECK_INT(tdrest_result_bytes(res, 2, &bytes, &len), TDREST_ETYPE);
    CHECK_INT(tdrest_result_decimal(res, 5, &n), TDREST_ETYPE);
    CHECK_INT(tdrest_result_json(res, 6, &text, NULL), TDREST_ETYPE);
    CHECK_INT(tdrest_result_int64(res, 11, &i), TDREST_EUSAGE);
    CHECK_INT(tdrest_result_text(res, 11, &text, NULL), TDREST_EUSAGE);
}

static void getters(void)
{
    tdrest_result *res;
    int64_t i;

    begin("");
    res = query("select * from all_types");
    CHECK_INT(tdrest_result_column_count(res), 11);
    CHECK_INT(tdrest_result_column_index(res, "v"), 6);
    CHECK_INT(tdrest_result_column_index(res, "V"), -1);
    CHECK_TEXT(tdrest_result_column(res, 8)->type_name, "DECIMAL(10,2)");
    CU_ASSERT(tdrest_result_column(res, 11) == NULL);
    CHECK_INT(tdrest_result_int64(res, 2, &i), TDREST_EUSAGE);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    first_row(res);
    texts_of_every_type(res);
    wrong_types(res);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    null_row(res);
    CHECK_INT(tdrest_result_next(res), TDREST_DONE);
    CHECK_INT(tdrest_result_timing(res), 4711);
    CHECK_INT(tdrest_result_next(res), TDREST_DONE);
    CHECK_INT(tdrest_result_affected(res), -1);
    CHECK_INT(tdrest_result_int64(res, 2, &i), TDREST_EUSAGE);
    tdrest_result_free(res);
    finish();
}

static void blocks(void)
{
    const tdrest_block *block;
    tdrest_result *res;
    int64_t rows = 0;

    begin("");
    res = query("select three");
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    while (tdrest_result_next_block(res, &block) == TDREST_ROW) {
        const tdrest_column *c = tdrest_block_column(block, 0);

        CHECK_INT(c->count, tdrest_block_rows(block));
        rows += tdrest_block_rows(block);
        CU_ASSERT(tdrest_block_column(block, 1) == NULL);
    }
    CU_ASSERT(block == NULL && rows <= 2);
    tdrest_result_free(res);
    res = query("select three");
    for (rows = 0; tdrest_result_next_block(res, &block) == TDREST_ROW;)
        rows += tdrest_block_rows(block);
    CHECK_INT(rows, 3);
    CHECK_INT(tdrest_result_error(res)->code, 0);
    tdrest_result_free(res);
    finish();
}

static void updates(void)
{
    tdrest_result *res;
    int64_t affected;

    begin("");
    CHECK_INT(tdrest_exec(conn, "insert into t values (1)", TDREST_CSTR, NULL, &affected), TDREST_OK);
    CHECK_INT(affected, 3);
    res = query("insert into t values (1)");
    CHECK_INT(tdrest_result_column_count(res), 0);
    CHECK_INT(tdrest_result_affected(res), 3);
    CHECK_INT(tdrest_result_next(res), TDREST_DONE);
    CHECK_INT(tdrest_exec(conn, "select three", TDREST_CSTR, NULL, &affected), TDREST_OK);
    CHECK_INT(affected, -1);
    tdrest_result_free(res);
    res = query("select 3 affected_rows");
    CHECK_INT(tdrest_result_column_count(res), 1);
    CHECK_INT(tdrest_result_affected(res), -1);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    tdrest_result_free(res);
    CHECK_INT(tdrest_exec(conn, "delete bad_update", TDREST_CSTR, NULL, &affected), TDREST_EANSWER);
    CHECK_INT(affected, -1);
    CU_ASSERT(tdrest_conn_error(conn)->req_id > 0);
    finish();
}

/* One stream at a time; what opens the way again. */
static void one_stream(void)
{
    tdrest_result *res, *other;

    begin("");
    res = query("select three");
    CHECK_INT(tdrest_query(conn, "select three", TDREST_CSTR, NULL, &other), TDREST_EBUSY);
    CU_ASSERT(other == NULL && strstr(tdrest_conn_error(conn)->message, "another connection") != NULL);
    CHECK_INT(tdrest_exec(conn, "insert", TDREST_CSTR, NULL, NULL), TDREST_EBUSY);
    while (tdrest_result_next(res) == TDREST_ROW)
        ;
    other = query("select three");
    tdrest_result_free(res);
    CHECK_INT(tdrest_query(conn, "select three", TDREST_CSTR, NULL, &res), TDREST_EBUSY);
    tdrest_result_free(other);
    res = query("select three");
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    tdrest_conn_free(conn);
    while (tdrest_result_next(res) == TDREST_ROW)
        ;
    CHECK_INT(tdrest_result_next(res), TDREST_EUSAGE);
    tdrest_result_free(res);
    tdrt_serve_stop(server);
}

typedef struct failure {
    const char *sql;
    int code, cls, server_code, http_status;
    const char *message;
} failure;

static void failures(void)
{
    static const failure cases[] = {
        {"select syntax", TDREST_ESERVER, TDREST_CLASS_PROGRAMMING, 0x2600, 200, "syntax error near"},
        {"select login", TDREST_EAUTH, TDREST_CLASS_CONNECTION, 0x0357, 200, "Authentication failure"},
        {"select proxy", TDREST_EGATEWAY, TDREST_CLASS_CONNECTION, 0, 502, ""},
        {"select moved", TDREST_ENOTADAPTER, TDREST_CLASS_INTERFACE, 0, 307, ""},
        {"select lost", TDREST_ENOTADAPTER, TDREST_CLASS_INTERFACE, 0, 404, ""},
        {"select 1; select 2", TDREST_EUSAGE, TDREST_CLASS_INTERFACE, 0, 0, ";"},
        {"select 'abc", TDREST_EUSAGE, TDREST_CLASS_INTERFACE, 0, 0, ""},
        {"", TDREST_EUSAGE, TDREST_CLASS_INTERFACE, 0, 0, ""},
    };

    begin("");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const failure *c = &cases[i];
        tdrest_result *res;
        const tdrest_error *e;
        int rc = tdrest_query(conn, c->sql, TDREST_CSTR, NULL, &res);

        e = tdrest_conn_error(conn);
        CHECK(rc == c->code && e->code == rc && e->cls == c->cls && e->server_code == c->server_code &&
                  e->http_status == c->http_status && strstr(e->message, c->message) != NULL && res == NULL,
              "%s: %d class %d server 0x%04x http %d: %s", c->sql, rc, e->cls, (unsigned)e->server_code, e->http_status, e->message);
        CHECK((rc == TDREST_EUSAGE) == (e->phase == TDREST_PHASE_PREPARE), "%s: phase %d", c->sql, e->phase);
        if (rc != TDREST_EUSAGE)
            CHECK(e->req_id > 0 && e->attempts == 1 && strncmp(e->endpoint, "http://127.0.0.1:", 17) == 0 &&
                  strstr(e->endpoint, "/rest/sql/test") != NULL, "%s: %s", c->sql, e->endpoint);
    }
    finish();
}

/* Rows come, then the failure, and it stays. */
static void broken_in_the_middle(void)
{
    static const struct { const char *sql; int rows, code; } cases[] = {
        {"select short", 3, TDREST_EANSWER},
        {"select early_end", 2, TDREST_EANSWER},
        {"select cut", 1, TDREST_ECONNECT},
    };

    begin("");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdrest_result *res = query(cases[i].sql);
        int rows = 0, rc;

        while ((rc = tdrest_result_next(res)) == TDREST_ROW)
            rows++;
        CHECK(rows >= cases[i].rows && rc == cases[i].code, "%s: %d rows, then %d", cases[i].sql, rows, rc);
        CHECK_INT(tdrest_result_next(res), cases[i].code);
        CHECK_INT(tdrest_result_error(res)->code, cases[i].code);
        CHECK_INT(tdrest_result_error(res)->phase, TDREST_PHASE_READ);
        CHECK_INT(tdrest_result_error(res)->http_status, 200);
        CHECK_INT(tdrest_result_error(res)->repeat, TDREST_REPEAT_IDEMPOTENT);
        tdrest_result_free(res);
        tdrest_result_free(query("select three"));
    }
    finish();
}

static void limits(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_result *res;
    int rc;

    begin("");
    call.stall_timeout_ms = 200;
    while (tdrest_query(conn, "select stall", TDREST_CSTR, &call, &res) == TDREST_ETIMEOUT && call.stall_timeout_ms < 10000)
        call.stall_timeout_ms *= 2; /* too short for the columns to come */
    CU_ASSERT_FATAL(res != NULL);
    while ((rc = tdrest_result_next(res)) == TDREST_ROW)
        ;
    CHECK_INT(rc, TDREST_ETIMEOUT);
    CU_ASSERT(strstr(tdrest_result_error(res)->message, "stall_timeout_ms") != NULL);
    tdrest_result_free(res);
    call.size = 0;
    CHECK_INT(tdrest_query(conn, "select three", TDREST_CSTR, &call, &res), TDREST_EUSAGE);
    call = TDREST_CALL_INIT;
    call.req_id = -1;
    CHECK_INT(tdrest_query(conn, "select three", TDREST_CSTR, &call, &res), TDREST_EUSAGE);
    call = TDREST_CALL_INIT;
    call.ttl_days = 1;
    CHECK_INT(tdrest_query(conn, "select three", TDREST_CSTR, &call, &res), TDREST_EUSAGE);
    CHECK_TEXT(tdrest_conn_error(conn)->message, "call.ttl_days and call.table_name_key are for tdrest_write");
    call = TDREST_CALL_INIT;
    call.table_name_key = "tag";
    CHECK_INT(tdrest_query(conn, "select three", TDREST_CSTR, &call, &res), TDREST_EUSAGE);
    call = TDREST_CALL_INIT;
    call.req_id = 77;
    call.timezone = "+08:00";
    CHECK_INT(tdrest_query(conn, "select three", TDREST_CSTR, &call, &res), TDREST_EOPTION);
    call.timezone = "Asia/Shanghai";
    call.database = "other";
    CHECK_INT(tdrest_query(conn, "select syntax", TDREST_CSTR, &call, &res), TDREST_ESERVER);
    CHECK_INT(tdrest_conn_error(conn)->req_id, 77);
    CU_ASSERT(strstr(tdrest_conn_error(conn)->endpoint, "/rest/sql/other") != NULL);
    finish();
}

static void unreachable(void)
{
    char why[512];
    tdrest_result *res;
    int rc;

    begin("");
    tdrt_serve_stop(server);
    rc = tdrest_query(conn, "select three", TDREST_CSTR, NULL, &res);
    CHECK_INT(rc, TDREST_ECONNECT);
    CHECK_INT(tdrest_conn_error(conn)->phase, TDREST_PHASE_CONNECT);
    CHECK_INT(tdrest_conn_error(conn)->repeat, TDREST_REPEAT_SAFE);
    CU_ASSERT(tdrest_conn_error(conn)->curl_code != 0);
    tdrest_conn_free(conn);
    CHECK_INT(tdrest_open("ws://localhost", &conn, why, sizeof why), TDREST_EUNSUPPORTED);
    CU_ASSERT(conn == NULL && why[0] != '\0');
    tdrest_conn_free(NULL);
    tdrest_result_free(NULL);
    CHECK_INT(tdrest_conn_error(NULL)->code, 0);
    CHECK_INT(tdrest_result_error(NULL)->code, 0);
    CHECK_INT(tdrest_result_column_count(NULL), 0);
    CHECK_INT(tdrest_result_affected(NULL), -1);
    CHECK_INT(tdrest_result_timing(NULL), -1);
    CHECK_INT(tdrest_block_rows(NULL), 0);
    CU_ASSERT(strstr(tdrest_version(), "libcurl/") != NULL && strstr(tdrest_version(), "lookup=") != NULL);
}

static int log_lines;

static void on_log(void *context, int level, const char *message)
{
    log_lines += level <= TDREST_LOG_DEBUG && strstr(message, "taosdata") == NULL && strstr(message, "select") == NULL && context == &log_lines;
}

static void listener(void)
{
    tdrest_options *options;
    char dsn[128];
    int port;

    server = tdrt_serve_start(replies, COUNT_OF(replies), &port);
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d?log_level=debug", port);
    CHECK_INT(tdrest_options_new(NULL, &options), TDREST_OK);
    CHECK_INT(tdrest_options_parse(options, dsn), TDREST_OK);
    tdrest_options_set_log(options, on_log, &log_lines);
    CHECK_INT(tdrest_conn_new(options, &conn), TDREST_OK);
    tdrest_options_free(options);
    log_lines = 0;
    CHECK_INT(tdrest_exec(conn, "insert", TDREST_CSTR, NULL, NULL), TDREST_OK);
    CHECK_INT(log_lines, 2);
    CHECK_INT(tdrest_exec(conn, "syntax", TDREST_CSTR, NULL, NULL), TDREST_ESERVER);
    CHECK_INT(log_lines, 4);
    /* The next record knows nothing of that failure. */
    CHECK_INT(tdrest_exec(conn, "syntax", TDREST_CSTR, NULL, NULL), TDREST_ESERVER);
    CHECK_TEXT(tdrest_conn_error(conn)->first_cause, "");
    finish();
}

/* The server's count is a C int: one that has passed 2^31 comes with a sign. It is no error, and no answer with rows. */
static void affected_wraps(void)
{
    static const struct { const char *sql; int64_t affected; } cases[] = {
        {"delete max", 2147483647}, {"delete min", 2147483648}, {"delete 3e9", 3000000000}, {"delete all", 4294967295},
    };
    tdrest_result *res;
    int64_t affected;

    begin("");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CHECK_INT(tdrest_exec(conn, cases[i].sql, TDREST_CSTR, NULL, &affected), TDREST_OK);
        CHECK_INT(affected, cases[i].affected);
        res = query(cases[i].sql);
        CHECK_INT(tdrest_result_column_count(res), 0);
        CHECK_INT(tdrest_result_affected(res), cases[i].affected);
        CHECK_INT(tdrest_result_next(res), TDREST_DONE);
        tdrest_result_free(res);
    }
    CHECK_INT(tdrest_exec(conn, "delete much", TDREST_CSTR, NULL, &affected), TDREST_EANSWER); /* no INT, as the column says */
    CHECK_INT(affected, -1);
    finish();
}

CU_TestInfo tdrt_query[] = {
    {"getters", getters},
    {"blocks", blocks},
    {"updates", updates},
    {"affected rows beyond 31 bits", affected_wraps},
    {"one stream a connection", one_stream},
    {"failures", failures},
    {"broken in the middle", broken_in_the_middle},
    {"limits", limits},
    {"unreachable", unreachable},
    {"listener", listener},
    CU_TEST_INFO_NULL,
};
