/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* tdrest_jansson.h: cells and rows as json_t, and what Jansson cannot hold. */
#include "test.h"

#include <tdrest_jansson.h>

#include "serve.h"

#define JSON_TYPE "application/json; charset=utf-8"
#define META(columns, rows) "{\"code\":0,\"column_meta\":[" columns "],\"data\":[" rows "],\"rows\":1}"

static const char all_types[] =
    "{\"code\":0,\"column_meta\":[[\"ts\",\"TIMESTAMP\",8],[\"b\",\"BOOL\",1],[\"i\",\"INT\",4],[\"g\",\"BIGINT\",8],[\"u\",\"BIGINT UNSIGNED\",8],"
    "[\"f\",\"FLOAT\",4],[\"d\",\"DOUBLE\",8],[\"v\",\"VARCHAR\",20],[\"n\",\"NCHAR\",20],[\"x\",\"VARBINARY\",20],[\"ge\",\"GEOMETRY\",30],"
    "[\"m\",\"DECIMAL(10,2)\",8],[\"j\",\"JSON\",4095],[\"new\",\"FUTURE\",8]],\"data\":["
    "[\"2024-02-29T23:59:59.120+08:00\",true,-7,9007199254740993,9223372036854775807,0.5,-0.1,\"a\\u0000b\",\"\\u6c49\",\"00ff\",\"0101\",\"-0.05\","
    "{\"k\":[1]},{\"z\":2}],[null,null,null,null,null,null,null,null,null,null,null,null,null,null]],\"rows\":2}";

static const tdrt_reply replies[] = {
    {"all_types", 200, JSON_TYPE, all_types, 7, -1, 0},
    {"too_big", 200, JSON_TYPE, META("[\"a\",\"INT\",4],[\"u\",\"BIGINT UNSIGNED\",8]", "[1,18446744073709551615]"), 16, -1, 0},
    {"not_utf8", 200, JSON_TYPE, META("[\"a\",\"INT\",4],[\"b\",\"INT\",4],[\"v\",\"VARCHAR\",8]", "[1,2,\"caf\xe9\"]"), 16, -1, 0},
    {"bad_name", 200, JSON_TYPE, META("[\"a\",\"INT\",4],[\"caf\xe9\",\"INT\",4]", "[1,2]"), 16, -1, 0},
    {"same", 200, JSON_TYPE, META("[\"a\",\"INT\",4],[\"a\",\"INT\",4],[\"b\",\"INT\",4]", "[1,2,3]"), 16, -1, 0},
    {"bare", 200, JSON_TYPE, META("[\"s\",\"JSON\",9],[\"n\",\"JSON\",9],[\"t\",\"JSON\",9]", "[\"text\",1.500000000,true]"), 16, -1, 0},
    {"insert", 200, JSON_TYPE, META("[\"affected_rows\",\"INT\",4]", "[3]"), 16, -1, 0},
};

static pid_t server;
static tdrest_conn *conn;

/* The result of a statement, at its first row when there is one. */
static tdrest_result *start(const char *sql)
{
    char dsn[64], why[512];
    tdrest_result *res;
    int port;

    server = tdrt_serve_start(replies, COUNT_OF(replies), &port);
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", port);
    CHECK_INT(tdrest_open(dsn, &conn, why, sizeof why), TDREST_OK);
    CHECK_INT(tdrest_query(conn, sql, TDREST_CSTR, NULL, &res), TDREST_OK);
    CHECK_INT(tdrest_result_next(res), tdrest_result_column_count(res) > 0 ? TDREST_ROW : TDREST_DONE);
    return res;
}

static void finish(tdrest_result *res)
{
    tdrest_result_free(res);
    tdrest_conn_free(conn);
    tdrt_serve_stop(server);
}

/* What is made of a cell, as JSON text. */
static void cell_is(tdrest_result *res, size_t column, const char *expected)
{
    json_t *cell;
    char *text;
    int rc = tdrest_result_json_cell(res, column, &cell);

    CHECK_INT(rc, TDREST_OK);
    text = json_dumps(cell, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(15));
    CHECK_TEXT(text, expected);
    free(text);
    json_decref(cell);
}

static void every_type(void)
{
    static const char *const expected[] = {
        "\"2024-02-29T23:59:59.120+08:00\"", "true", "-7", "9007199254740993", "9223372036854775807", "0.5", "-0.1", "\"a\\u0000b\"",
        "\"\\u6C49\"", "\"00ff\"", "\"0101\"", "\"-0.05\"", "{\"k\":[1]}", "{\"z\":2}",
    };
    tdrest_result *res = start("select * from all_types");
    json_t *cell;

    for (size_t i = 0; i < COUNT_OF(expected); i++)
        cell_is(res, i, expected[i]);
    CHECK_INT(tdrest_result_json_cell(res, COUNT_OF(expected), &cell), TDREST_EUSAGE);
    CU_ASSERT(cell == NULL);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        cell_is(res, i, "null");
    CHECK_INT(tdrest_result_next(res), TDREST_DONE);
    CHECK_INT(tdrest_result_json_cell(res, 0, &cell), TDREST_EUSAGE);
    finish(res);
}

static void bare_json(void)
{
    tdrest_result *res = start("select bare");

    cell_is(res, 0, "\"text\"");
    cell_is(res, 1, "1.5");
    cell_is(res, 2, "true");
    finish(res);
}

static void whole_rows(void)
{
    static const struct { const char *sql; int rc, bad; const char *expected; } cases[] = {
        {"select same", TDREST_OK, -1, "{\"a\":2,\"b\":3}"},
        {"select bare", TDREST_OK, -1, "{\"n\":1.5,\"s\":\"text\",\"t\":true}"},
        {"select too_big", TDREST_ERANGE, 1, NULL},
        {"select not_utf8", TDREST_ETYPE, 2, NULL},
        {"select bad_name", TDREST_ETYPE, 1, NULL},
        {"insert into t values (1)", TDREST_EUSAGE, -1, NULL},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdrest_result *res = start(cases[i].sql);
        int bad = 99, rc;
        json_t *row;
        char *text;

        rc = tdrest_result_json_row(res, &row, &bad);
        CHECK(rc == cases[i].rc && bad == cases[i].bad, "%s: %s, column %d", cases[i].sql, tdrest_code_name(rc), bad);
        CU_ASSERT((row == NULL) == (cases[i].expected == NULL));
        text = row == NULL ? NULL : json_dumps(row, JSON_COMPACT | JSON_SORT_KEYS);
        if (cases[i].expected != NULL)
            CHECK_TEXT(text, cases[i].expected);
        free(text);
        json_decref(row);
        CHECK_INT(tdrest_result_json_row(res, &row, NULL), cases[i].rc);
        json_decref(row);
        finish(res);
    }
}

/* The cells beside the one that cannot be held are there. */
static void beside(void)
{
    tdrest_result *res = start("select too_big");
    json_t *cell;

    cell_is(res, 0, "1");
    CHECK_INT(tdrest_result_json_cell(res, 1, &cell), TDREST_ERANGE);
    CU_ASSERT(cell == NULL);
    finish(res);
    res = start("select not_utf8");
    cell_is(res, 1, "2");
    CHECK_INT(tdrest_result_json_cell(res, 2, &cell), TDREST_ETYPE);
    CU_ASSERT(cell == NULL);
    finish(res);
}

/* A row that is no more, or never was, has no members. */
static void no_row(void)
{
    tdrest_result *res = start("select bare");
    json_t *row;
    int bad = 99;

    CHECK_INT(tdrest_result_next(res), TDREST_DONE);
    CHECK_INT(tdrest_result_json_row(res, &row, &bad), TDREST_EUSAGE);
    CU_ASSERT(row == NULL && bad == 0);
    finish(res);
}

CU_TestInfo tdrt_jansson[] = {
    {"every type", every_type},
    {"JSON that is no object", bare_json},
    {"whole rows", whole_rows},
    {"beside what cannot be held", beside},
    {"no row", no_row},
    CU_TEST_INFO_NULL,
};
