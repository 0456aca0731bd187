/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Every column type as Arrow: formats, extremes, NULLs, and what is refused; each answer also in small pieces. */
#include "dial.h"

#include "arrow_check.h"

#include <errno.h>

/* One column of a type, its cells, and what becomes of them. */
typedef struct type_case {
    const char *parameters; /* of the DSN */
    const char *type;
    const char *cells;      /* JSON rows */
    const char *format;
    const char *values;     /* each with a blank behind it; NULL: refused */
    const char *message;    /* a part of the refusal */
    int error;
    int row;                /* that the record names */
} type_case;

#define GOOD(type, cells, format, values) {"", type, cells, format, values, NULL, 0, 0}
#define WITH(parameters, type, cells, format, values) {"&" parameters, type, cells, format, values, NULL, 0, 0}
#define BAD(parameters, type, cells, format, error, row, message) {parameters, type, cells, format, NULL, message, error, row}

static const type_case cases[] = {
    GOOD("BOOL", "[true],[false],[null],[true],[true],[false],[true],[true],[true]", "b", "true false NULL true true false true true true "),
    GOOD("BOOL", "[null]", "b", "NULL "),
    GOOD("TINYINT", "[-128],[127],[null],[0]", "c", "-128 127 NULL 0 "),
    GOOD("SMALLINT", "[-32768],[32767],[null]", "s", "-32768 32767 NULL "),
    GOOD("INT", "[-2147483648],[2147483647],[null]", "i", "-2147483648 2147483647 NULL "),
    GOOD("BIGINT", "[-9223372036854775808],[9223372036854775807],[null]", "l", "-9223372036854775808 9223372036854775807 NULL "),
    GOOD("TINYINT UNSIGNED", "[0],[255],[null]", "C", "0 255 NULL "),
    GOOD("SMALLINT UNSIGNED", "[0],[65535],[null]", "S", "0 65535 NULL "),
    GOOD("INT UNSIGNED", "[0],[4294967295],[null]", "I", "0 4294967295 NULL "),
    GOOD("BIGINT UNSIGNED", "[0],[18446744073709551615],[null]", "L", "0 18446744073709551615 NULL "),
    GOOD("FLOAT", "[3.4028235e+38],[-0],[0.1],[null]", "f", "3.40282347e+38 -0 0.100000001 NULL "),
    GOOD("DOUBLE", "[1.7976931348623157e+308],[5e-324],[0.1],[null]", "g",
         "1.7976931348623157e+308 4.9406564584124654e-324 0.10000000000000001 NULL "),
    /* times */
    GOOD("TIMESTAMP", "[null],[\"1970-01-01T00:00:00.001Z\"]", "tsm:UTC", "NULL 1 "),
    GOOD("TIMESTAMP", "[\"1969-12-31T23:59:59.999999Z\"]", "tsu:UTC", "-1 "),
    GOOD("TIMESTAMP", "[\"2262-04-11T23:47:16.854775807Z\"],[\"1677-09-21T00:12:43.145224192Z\"]", "tsn:UTC", "9223372036854775807 -9223372036854775808 "),
    GOOD("TIMESTAMP", "[\"292278994-08-17T07:12:55.807Z\"],[\"-292275055-05-16T16:47:04.192Z\"]", "tsm:UTC", "9223372036854775807 -9223372036854775808 "),
    GOOD("TIMESTAMP", "[null],[null]", "tsm:UTC", "NULL NULL "),
    WITH("arrow_timestamp=ns", "TIMESTAMP", "[null]", "tsn:UTC", "NULL "),
    WITH("arrow_timestamp=us", "TIMESTAMP", "[\"1970-01-01T00:00:00.001Z\"],[null],[\"1969-12-31T23:59:59.999Z\"]", "tsu:UTC", "1000 NULL -1000 "),
    WITH("arrow_timestamp=ns", "TIMESTAMP", "[\"1970-01-01T00:00:00.001Z\"]", "tsn:UTC", "1000000 "),
    WITH("arrow_timestamp=ms", "TIMESTAMP", "[\"1970-01-01T00:00:00.002000Z\"],[\"1969-12-31T23:59:59.999000Z\"]", "tsm:UTC", "2 -1 "),
    BAD("&arrow_timestamp=ms", "TIMESTAMP", "[null],[\"1970-01-01T00:00:00.000001Z\"]", "tsm:UTC", ERANGE, 1, "row 1, column 0 (c): a time with more fraction digits"),
    BAD("&arrow_timestamp=ns", "TIMESTAMP", "[\"2262-04-11T23:47:16.854Z\"],[\"2262-04-11T23:47:16.855Z\"]", "tsn:UTC", ERANGE, 1, "beyond 64 bits"),
    BAD("&arrow_timestamp=ns", "TIMESTAMP", "[\"1677-09-21T00:12:43.145Z\"]", "tsn:UTC", ERANGE, 0, "beyond 64 bits"),
    /* texts and bytes */
    GOOD("VARCHAR", "[\"\"],[\"a\"],[null],[\"sixteen bytes ..\"],[\"and seventeen ...\"],[\"\\u6c49\"]", "u",
         "\"\" \"a\" NULL \"sixteen bytes ..\" \"and seventeen ...\" \"\xe6\xb1\x89\" "),
    GOOD("VARCHAR", "[\"\"],[\"\"]", "u", "\"\" \"\" "),
    GOOD("VARCHAR", "[null],[null]", "u", "NULL NULL "),
    GOOD("NCHAR", "[\"\xe6\xb1\x89\"],[null]", "u", "\"\xe6\xb1\x89\" NULL "),
    WITH("arrow_text=binary", "VARCHAR", "[\"\xff\xfe\"],[\"\"],[null]", "z", "x'fffe' x'' NULL "),
    WITH("arrow_text=binary", "NCHAR", "[\"a\"]", "u", "\"a\" "),
    BAD("", "VARCHAR", "[\"ok\"],[null],[\"\xff\"]", "u", EILSEQ, 2, "row 2, column 0 (c): bytes that are not UTF-8; arrow_text=binary"),
    /* Halves that are only together a character. */
    BAD("", "VARCHAR", "[\"\xc3\"],[\"\xa9\"]", "u", EILSEQ, 0, "row 0"),
    BAD("&arrow_text=binary", "NCHAR", "[\"\xff\"]", "u", EILSEQ, 0, "row 0, column 0 (c): bytes that are not UTF-8, although the column is NCHAR"),
    BAD("", "JSON", "[{\"a\":\"\xff\"}]", "u", EILSEQ, 0, "bytes that are not UTF-8, although the column is JSON"),
    GOOD("JSON", "[{\"a\":[1,null]}],[null]", "u", "\"{\"a\":[1,null]}\" NULL "),
    GOOD("VARBINARY", "[\"00ff\"],[\"\"],[null]", "z", "x'00ff' x'' NULL "),
    GOOD("GEOMETRY", "[\"0101000000\"],[null]", "z", "x'0101000000' NULL "),
    GOOD("BLOB", "[\"4a4B\"],[null]", "z", "x'4a4b' NULL "),
    GOOD("FLOAT128", "[1.5e99],[null]", "u", "\"1.5e99\" NULL "),
    WITH("arrow_text=binary", "FLOAT128", "[1]", "z", "x'31' "),
    /* decimals */
    GOOD("DECIMAL(10,2)", "[\"1.5\"],[\"-1.50\"],[null],[\"0\"],[\"-0.00\"],[\"99999999.99\"],[\"0.0100\"],[\"7.000\"]", "d:10,2",
         "150 -150 NULL 0 0 9999999999 1 700 "),
    GOOD("DECIMAL(38,0)", "[\"99999999999999999999999999999999999999\"],[\"-99999999999999999999999999999999999999\"]", "d:38,0",
         "99999999999999999999999999999999999999 -99999999999999999999999999999999999999 "),
    GOOD("DECIMAL(38,38)", "[\"0.99999999999999999999999999999999999999\"],[\"-0.5\"]", "d:38,38",
         "99999999999999999999999999999999999999 -50000000000000000000000000000000000000 "),
    GOOD("DECIMAL", "[\"1.5\"]", "u", "\"1.5\" "),
    GOOD("DECIMAL(3,5)", "[\"0.00001\"]", "u", "\"0.00001\" "),
    BAD("", "DECIMAL(3,1)", "[\"100\"]", "d:3,1", ERANGE, 0, "row 0, column 0 (c): a decimal with more digits"),
    GOOD("DECIMAL(39,1)", "[\"1.5\"]", "u", "\"1.5\" "),
    BAD("", "DECIMAL(3,1)", "[\"1.0\"],[\"100.0\"]", "d:3,1", ERANGE, 1, "row 1, column 0 (c): a decimal with more digits"),
    BAD("", "DECIMAL(3,1)", "[\"1.05\"]", "d:3,1", ERANGE, 0, "a decimal with more digits"),
};

static char *body_of(const type_case *c)
{
    static char body[4096];
    int rows = 1;

    for (const char *p = c->cells; (p = strstr(p, "],[")) != NULL; p++)
        rows++;
    snprintf(body, sizeof body, "{\"code\":0,\"column_meta\":[[\"c\",\"%s\",8]],\"data\":[%s],\"rows\":%d}", c->type, c->cells, rows);
    return body;
}

/* "case N": in one piece; "bits N": in chunks of three bytes. */
static int answer_case(const tdrt_visit *visit)
{
    tdrt_answer answer = {.body = body_of(&cases[atoi(visit->sql + 5)]), .chunk = tdrt_starts(visit, "bits") ? 3 : 0};

    return tdrt_send_answer(visit, &answer);
}

static void read_case(const type_case *c, struct ArrowArrayStream *stream, const tdrest_error *err)
{
    struct ArrowSchema schema;
    struct ArrowArray batch;
    char text[512], all[1024] = "";
    int rc = stream->get_schema(stream, &schema);

    CHECK_INT(rc, 0);
    if (rc != 0)
        return;
    CHECK_TEXT(schema.children[0]->format, c->format);
    CHECK_TEXT(schema.children[0]->name, "c");
    CHECK_TEXT(tdrt_arrow_metadata(schema.children[0], "tdrest.type"), c->type);
    rc = stream->get_next(stream, &batch);
    if (c->values == NULL) {
        CHECK_INT(rc, c->error);
        CHECK(strstr(stream->get_last_error(stream), c->message) != NULL, "%s: %s", c->type, stream->get_last_error(stream));
        CHECK_INT(err->row, c->row);
        CHECK_INT(err->column, 0);
        CHECK_INT(stream->get_next(stream, &batch), c->error);
    } else if (rc == 0) {
        CHECK(tdrt_arrow_check(&schema, &batch), "%s %s", c->type, c->cells);
        for (int64_t i = 0; i < batch.length; i++) {
            tdrt_arrow_cell(schema.children[0], batch.children[0], i, text, sizeof text);
            snprintf(all + strlen(all), sizeof all - strlen(all), "%s ", text);
        }
        CHECK_TEXT(all, c->values);
        batch.release(&batch);
        CHECK_INT(stream->get_next(stream, &batch), 0);
        CU_ASSERT(batch.release == NULL);
    } else {
        CHECK(0, "%s: %s", c->type, stream->get_last_error(stream));
    }
    schema.release(&schema);
}

static void types(void)
{
    tdrt_server server = TDRT_SERVER_INIT;

    CU_ASSERT(tdrt_server_start(&server, answer_case, NULL));
    for (size_t i = 0; i < 2 * COUNT_OF(cases); i++) {
        const type_case *c = &cases[i / 2];
        struct ArrowArrayStream stream;
        char parameters[80], sql[32];
        tdrest_conn *conn;
        tdrest_result *res;

        snprintf(parameters, sizeof parameters, "?block_bytes=4096%s", c->parameters);
        snprintf(sql, sizeof sql, "%s %zu", i % 2 == 0 ? "case" : "bits", i / 2);
        conn = tdrt_dial(&server, parameters);
        res = tdrt_dial_query(conn, sql, NULL);
        CHECK_INT(tdrest_result_export_arrow(res, &stream), TDREST_OK);
        read_case(c, &stream, tdrest_result_error(res));
        tdrt_dial_ask(conn, "case 0", NULL, &(int64_t){0}, &(tdrest_error){0}); /* the connection is free at the end */
        CHECK_INT(tdrest_conn_error(conn)->code, 0);
        stream.release(&stream);
        CU_ASSERT(stream.release == NULL);
        tdrest_conn_free(conn);
    }
    tdrt_server_stop(&server);
}

/* DECIMAL of every precision and scale: 0, the smallest steps, the extremes. */
static char *decimal_body(int precision)
{
    static char body[64 * 1024];
    size_t at = (size_t)snprintf(body, sizeof body, "{\"code\":0,\"column_meta\":[");

    for (int scale = 0; scale <= precision; scale++)
        at += (size_t)snprintf(body + at, sizeof body - at, "%s[\"s%d\",\"DECIMAL(%d,%d)\",16]", scale == 0 ? "" : ",", scale, precision, scale);
    at += (size_t)snprintf(body + at, sizeof body - at, "],\"data\":[");
    for (int row = 0; row < 5; row++) {
        for (int scale = 0; scale <= precision; scale++) {
            char whole[48], part[48];
            char most = row == 3 || row == 4 ? '9' : '0';

            memset(whole, most, sizeof whole);
            memset(part, most, sizeof part);
            whole[precision - scale] = '\0';
            part[scale] = '\0';
            if (row == 1 || row == 2)
                (scale > 0 ? part : whole)[scale > 0 ? scale - 1 : precision - 1] = '1';
            at += (size_t)snprintf(body + at, sizeof body - at, "%s\"%s%s%s%s\"", scale == 0 ? row == 0 ? "[" : ",[" : ",", row == 2 || row == 4 ? "-" : "",
                                   whole[0] == '\0' ? "0" : whole, scale > 0 ? "." : "", part);
        }
        at += (size_t)snprintf(body + at, sizeof body - at, "]");
    }
    snprintf(body + at, sizeof body - at, "],\"rows\":5}");
    return body;
}

static int answer_decimals(const tdrt_visit *visit)
{
    tdrt_answer answer = {.body = decimal_body(atoi(visit->sql + 8))};

    return tdrt_send_answer(visit, &answer);
}

static void decimals(void)
{
    tdrt_server server = TDRT_SERVER_INIT;
    tdrest_conn *conn = tdrt_dial_new(&server, answer_decimals, "");

    for (int precision = 1; precision <= 38; precision++) {
        char sql[32], nines[48], minus[48], text[64], *const expected[5] = {(char[]){"0"}, (char[]){"1"}, (char[]){"-1"}, nines, minus};
        struct ArrowArrayStream stream;
        struct ArrowSchema schema;
        struct ArrowArray batch;

        memset(nines, '9', sizeof nines);
        nines[precision] = '\0';
        snprintf(minus, sizeof minus, "-%.38s", nines);
        snprintf(sql, sizeof sql, "decimal %d", precision);
        CHECK_INT(tdrest_result_export_arrow(tdrt_dial_query(conn, sql, NULL), &stream), TDREST_OK);
        CHECK_INT(stream.get_schema(&stream, &schema), 0);
        CHECK_INT(stream.get_next(&stream, &batch), 0);
        CU_ASSERT(tdrt_arrow_check(&schema, &batch));
        for (int64_t scale = 0; scale <= precision; scale++) {
            for (int row = 0; row < 5; row++) {
                tdrt_arrow_cell(schema.children[scale], batch.children[scale], row, text, sizeof text);
                CHECK_TEXT(text, expected[row]);
            }
        }
        batch.release(&batch);
        schema.release(&schema);
        stream.release(&stream);
    }
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

static void extensions(void)
{
    static const tdrt_reply reply = {"select", 200, "application/json",
        "{\"code\":0,\"column_meta\":[[\"j\",\"JSON\",9],[\"g\",\"GEOMETRY\",9],[\"v\",\"VARCHAR\",9]],\"data\":[],\"rows\":0}", 0, -1, 0};
    static const char *const names[3] = {"arrow.json", "geoarrow.wkb", NULL};
    int port;
    pid_t server = tdrt_serve_start(&reply, 1, &port);

    for (int on = 0; on < 2; on++) {
        struct ArrowArrayStream stream;
        struct ArrowSchema schema;
        struct ArrowArray batch;
        tdrest_conn *conn;
        char dsn[128], why[256];

        tdrt_dial_dsn(port, on ? "?arrow_extensions=true" : "", dsn, sizeof dsn);
        CHECK_INT(tdrest_open(dsn, &conn, why, sizeof why), TDREST_OK);
        CHECK_INT(tdrest_result_export_arrow(tdrt_dial_query(conn, "select", NULL), &stream), TDREST_OK);
        CHECK_INT(stream.get_schema(&stream, &schema), 0);
        for (int64_t i = 0; i < 3; i++) {
            const char *name = tdrt_arrow_metadata(schema.children[i], "ARROW:extension:name");

            CHECK((name == NULL) == (!on || names[i] == NULL) && (name == NULL || strcmp(name, names[i]) == 0), "column %d: %s", (int)i, name == NULL ? "none" : name);
        }
        CHECK_TEXT(schema.children[0]->format, "u");
        CHECK_TEXT(schema.children[1]->format, "z");
        CHECK_INT(stream.get_next(&stream, &batch), 0);
        CU_ASSERT(batch.release == NULL);
        schema.release(&schema);
        stream.release(&stream);
        tdrest_conn_free(conn);
    }
    tdrt_serve_stop(server);
}

CU_TestInfo tdrt_arrow_types[] = {
    {"every type", types},
    {"decimals of every precision and scale", decimals},
    {"extension names", extensions},
    CU_TEST_INFO_NULL,
};
