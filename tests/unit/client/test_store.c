/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Calls around a query: ping, the server's version, rows read ahead into memory. */
#include "replied.h"

#define JSON_TYPE "application/json; charset=utf-8"
#define META(type) "{\"code\":0,\"column_meta\":[[\"c\",\"" type "\",8]],\"data\":["

static const tdrt_reply replies[] = {
    {"server_status", 200, JSON_TYPE, META("INT") "[1]],\"rows\":1}", 16, -1, 0},
    {"server_version", 200, JSON_TYPE, META("VARCHAR") "[\"3.3.6.9\"]],\"rows\":1}", 16, -1, 0},
    {"three", 200, JSON_TYPE, META("INT") "[1],[2],[3]],\"rows\":3}", 16, -1, 0},
    {"insert", 200, JSON_TYPE, "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[[3]],\"rows\":1}", 16, -1, 0},
    {"short", 200, JSON_TYPE, META("INT") "[1],[2],[3]],\"rows\":4}", 16, -1, 0},
};

static void asking(void)
{
    static const tdrt_reply not_ready[] = {
        {"server_status", 200, JSON_TYPE, META("INT") "[0]],\"rows\":1}", 16, -1, 0},
        {"server_version", 200, JSON_TYPE, META("VARCHAR") "],\"rows\":0}", 16, -1, 0},
    };
    char text[16];

    connect_to(replies, COUNT_OF(replies), "");
    CHECK_INT(tdrest_conn_ping(conn, NULL), TDREST_OK);
    CHECK_INT(tdrest_conn_query_version(conn, NULL, text, sizeof text), TDREST_OK);
    CHECK_TEXT(text, "3.3.6.9");
    CHECK_INT(tdrest_conn_query_version(conn, NULL, text, 7), TDREST_ERANGE);
    CHECK_TEXT(text, "");
    finish();
    connect_to(not_ready, COUNT_OF(not_ready), "");
    CHECK_INT(tdrest_conn_ping(conn, NULL), TDREST_ESERVER);
    CHECK_INT(tdrest_conn_error(conn)->cls, TDREST_CLASS_OPERATIONAL);
    CU_ASSERT(tdrest_conn_error(conn)->req_id > 0);
    CHECK_INT(tdrest_conn_query_version(conn, NULL, text, sizeof text), TDREST_EANSWER);
    finish();
    connect_to(replies, COUNT_OF(replies), "");
    tdrt_serve_stop(server);
    CHECK_INT(tdrest_conn_ping(conn, NULL), TDREST_ECONNECT);
    tdrest_conn_free(conn);
}

/* The rows of a stored result, walked while the connection does other things. */
static void storing(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_result *res, *other;
    int64_t i;

    connect_to(replies, COUNT_OF(replies), "");
    res = query("select three");
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CHECK_INT(tdrest_result_store(res), TDREST_OK);
    CHECK_INT(tdrest_result_int64(res, 0, &i), TDREST_OK);
    CHECK_INT(i, 1);
    other = query("select three");
    tdrest_result_free(other);
    for (int64_t n = 2; n <= 3; n++) {
        CHECK_INT(tdrest_result_next(res), TDREST_ROW);
        CHECK_INT(tdrest_result_int64(res, 0, &i), TDREST_OK);
        CHECK_INT(i, n);
    }
    CHECK_INT(tdrest_result_next(res), TDREST_DONE);
    CHECK_INT(tdrest_result_store(res), TDREST_OK);
    tdrest_result_free(res);
    call.buffered = 1;
    CHECK_INT(tdrest_query(conn, "select three", TDREST_CSTR, &call, &res), TDREST_OK);
    CHECK_INT(tdrest_exec(conn, "insert", TDREST_CSTR, &call, &i), TDREST_OK);
    CHECK_INT(i, 3);
    for (i = 0; tdrest_result_next(res) == TDREST_ROW; i++)
        ;
    CHECK_INT(i, 3);
    tdrest_result_free(res);
    CHECK_INT(tdrest_query(conn, "select short", TDREST_CSTR, &call, &res), TDREST_EANSWER);
    CU_ASSERT(res == NULL);
    res = query("select short");
    CHECK_INT(tdrest_result_store(res), TDREST_EANSWER);
    for (i = 0; tdrest_result_next(res) == TDREST_ROW; i++)
        ;
    CHECK_INT(i, 3);
    CHECK_INT(tdrest_result_next(res), TDREST_EANSWER);
    tdrest_result_free(res);
    finish();
}

/* More rows than a block holds, cut anywhere in the middle of rows. */
static void storing_many(void)
{
    enum { ROWS = 20000 };
    static char body[ROWS * 40];
    tdrt_reply reply = {"many", 200, JSON_TYPE, body, 1000, -1, 0};
    char expected[32];
    const char *text;
    tdrest_result *res = NULL;
    int64_t i, n = 0;
    size_t len = (size_t)snprintf(body, sizeof body, "{\"code\":0,\"column_meta\":[[\"i\",\"INT\",4],[\"v\",\"VARCHAR\",9]],\"data\":[");

    for (int row = 0; row < ROWS; row++)
        len += (size_t)snprintf(body + len, sizeof body - len, "%s[%.*s%.*d,\"t%d\"]",
                                row == 0 ? "" : ",", row % 7 == 0 ? 4 : 0, "null", row % 7 == 0 ? 0 : 1, row % 7 == 0 ? 0 : row, row);
    snprintf(body + len, sizeof body - len, "],\"rows\":%d}", ROWS);
    connect_to(&reply, 1, "?block_bytes=4096");
    res = query("select many");
    CHECK_INT(tdrest_result_store(res), TDREST_OK);
    for (; tdrest_result_next(res) == TDREST_ROW; n++) {
        snprintf(expected, sizeof expected, "t%" PRId64, n);
        if (n % 7 == 0)
            CHECK_INT(tdrest_result_is_null(res, 0), 1);
        else if (tdrest_result_int64(res, 0, &i) != TDREST_OK || i != n || tdrest_result_text(res, 1, &text, NULL) != TDREST_OK ||
                 strcmp(text, expected) != 0)
            CHECK(0, "row %" PRId64 " is not what was sent", n);
    }
    CHECK_INT(n, ROWS);
    tdrest_result_free(res);
    finish();
}

CU_TestInfo tdrt_store[] = {
    {"asking the server", asking},
    {"storing", storing},
    {"storing many blocks", storing_many},
    CU_TEST_INFO_NULL,
};
