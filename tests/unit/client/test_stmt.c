/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Statements with parameters over a socket: what is sent, in how many requests, what is refused before, what a failure leaves. */
#include "stated.h"

#define AFFECTED(n) "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[[" #n "]],\"rows\":1}"
#define REFUSED(code, desc) "{\"code\":" #code ",\"desc\":\"" desc "\",\"timing\":1}"

/* Tables named after what shall happen to the first request that has them; from then on all is well. */
static int answer(const tdrt_visit *visit)
{
    static int failed;

    if (tdrt_starts(visit, "SELECT") || tdrt_starts(visit, "select"))
        return tdrt_send_three(visit);
    if (failed == 0 && strstr(visit->sql, "lost") != NULL) {
        failed = 1;
        return 0;
    }
    if (failed == 0 && strstr(visit->sql, "refused") != NULL) {
        failed = 1;
        return tdrt_send_answer(visit, &(tdrt_answer){.body = REFUSED(9731, "Table does not exist")});
    }
    if (failed == 0 && strstr(visit->sql, "keep") != NULL) {
        failed = 1;
        return tdrt_send_answer(visit, &(tdrt_answer){.body = REFUSED(1547, "Timestamp data out of range")});
    }
    if (failed == 0 && strstr(visit->sql, "stall") != NULL) {
        failed = 1;
        return tdrt_hold(visit);
    }
    if (failed == 0 && strstr(visit->sql, "rows") != NULL) {
        failed = 1;
        return tdrt_send_three(visit);
    }
    return tdrt_send_answer(visit, &(tdrt_answer){.body = AFFECTED(2)});
}

static void begin_with(const char *parameters, const char *sql)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    server.serial = 1;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    conn = tdrt_dial(&server, parameters);
    stmt = NULL;
    prepare(sql);
}

/* All that arrived, a line for each statement. */
static void arrived(const char *expected)
{
    char text[4096];

    snprintf(text, sizeof text, "%.*s", (int)server.counts->used, server.counts->arrived);
    CHECK_TEXT(text, expected);
}

static void add(int64_t ts, double v)
{
    good(tdrest_stmt_bind_time(stmt, tdrest_stmt_param_count(stmt) - 2, ts, TDREST_MS));
    good(tdrest_stmt_bind_double(stmt, tdrest_stmt_param_count(stmt) - 1, v));
    good(tdrest_stmt_add_row(stmt));
}

/* ---- what is sent ---- */

static void rows_of_tables(void)
{
    int64_t affected = -1;

    begin_with("", "INSERT INTO ? USING meters TAGS(?,?) VALUES(?,?) -- it's a comment");
    CHECK_INT(tdrest_stmt_param_count(stmt), 4);
    CHECK_INT(tdrest_stmt_param(stmt, 1)->role, TDREST_PARAM_TAG);
    CHECK_INT(tdrest_stmt_param(stmt, 2)->role, TDREST_PARAM_VALUE);
    CU_ASSERT(tdrest_stmt_param(stmt, 4) == NULL && tdrest_stmt_param(stmt, -1) == NULL && tdrest_stmt_param(stmt, 0)->column == NULL);
    good(tdrest_stmt_set_table(stmt, "D`1001", TDREST_CSTR));
    good(tdrest_stmt_bind_int64(stmt, 0, 2));
    good(tdrest_stmt_bind_text(stmt, 1, "it's", TDREST_CSTR));
    add(0, 10.3);
    good(tdrest_stmt_set_table(stmt, "d2", 2));
    good(tdrest_stmt_bind_null(stmt, 1));
    add(1, -1);
    good(tdrest_stmt_set_table(stmt, "D`1001", TDREST_CSTR));
    good(tdrest_stmt_bind_text(stmt, 1, "it's", TDREST_CSTR));
    add(2, 0.5);
    good(tdrest_stmt_bind_time(stmt, 2, 3, TDREST_MS));
    good(tdrest_stmt_bind_null(stmt, 3));
    good(tdrest_stmt_run(stmt, NULL, &affected));
    CHECK_INT(affected, 2);
    CHECK_INT(tdrest_stmt_affected(stmt), 2);
    arrived("INSERT INTO `D``1001` USING meters TAGS(2,'it\\'s') VALUES('1970-01-01T00:00:00.000Z',10.3)('1970-01-01T00:00:00.002Z',0.5)"
            "('1970-01-01T00:00:00.003Z',NULL)`d2` USING meters TAGS(2,NULL) VALUES('1970-01-01T00:00:00.001Z',-1)\n");
    CHECK_INT(tdrest_stmt_get_report(stmt)->requests, 1);
    CHECK_INT(tdrest_stmt_get_report(stmt)->rows, 0);
    CU_ASSERT(tdrest_stmt_get_range(stmt, 0) == NULL);
    good(tdrest_stmt_run(stmt, NULL, &affected));
    CHECK_INT(affected, 0);
    CHECK_INT(server.counts->connections, 1);
    finish();
}

static void table_and_tags_stay(void)
{
    begin_with("", "INSERT INTO ? USING m TAGS(:g) VALUES(:ts,:v)");
    CHECK_INT(tdrest_stmt_param_index(stmt, "v"), 2);
    CHECK_INT(tdrest_stmt_param_index(stmt, ":v"), -1);
    CHECK_INT(tdrest_stmt_param_index(stmt, ""), -1);
    CHECK_TEXT(tdrest_stmt_param(stmt, 0)->name, "g");
    good(tdrest_stmt_set_table(stmt, "a", TDREST_CSTR));
    good(tdrest_stmt_bind_int64(stmt, tdrest_stmt_param_index(stmt, "g"), 1));
    for (int i = 0; i < 2; i++) {
        add(i, i);
        good(tdrest_stmt_run(stmt, NULL, NULL));
    }
    arrived("INSERT INTO `a` USING m TAGS(1) VALUES('1970-01-01T00:00:00.000Z',0)\nINSERT INTO `a` USING m TAGS(1) VALUES('1970-01-01T00:00:00.001Z',1)\n");
    tdrest_stmt_reset(stmt);
    CHECK_INT(tdrest_stmt_affected(stmt), -1);
    good(tdrest_stmt_bind_time(stmt, 1, 5, TDREST_MS));
    good(tdrest_stmt_bind_double(stmt, 2, 5));
    bad_at(tdrest_stmt_add_row(stmt), TDREST_EBIND, 0, 0, "parameter 0 (:g), row 0: expected a value");
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    bad_at(tdrest_stmt_add_row(stmt), TDREST_EBIND, -1, -1, "no table is set");
    finish();
}

static void every_type(void)
{
    begin_with("", "INSERT INTO t VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    good(tdrest_stmt_bind_time_text(stmt, 0, "2024-01-02 03:04:05+08:00", TDREST_CSTR));
    good(tdrest_stmt_bind_bool(stmt, 1, 7));
    good(tdrest_stmt_bind_int64(stmt, 2, -5));
    good(tdrest_stmt_bind_uint64(stmt, 3, UINT64_MAX));
    good(tdrest_stmt_bind_double(stmt, 4, 0x1p-1074));
    good(tdrest_stmt_bind_float(stmt, 5, 10.3f));
    good(tdrest_stmt_bind_text(stmt, 6, "a\\b", 3));
    good(tdrest_stmt_bind_bytes(stmt, 7, "\xff", 1));
    good(tdrest_stmt_bind_nchar(stmt, 8, "\xe6\xb8\xa9", TDREST_CSTR));
    good(tdrest_stmt_bind_json(stmt, 9, "{\"k\":\"it's\"}", TDREST_CSTR));
    good(tdrest_stmt_bind_decimal_text(stmt, 10, "-1.50", TDREST_CSTR));
    good(tdrest_stmt_bind_varbinary(stmt, 11, "\0\1", 2));
    good(tdrest_stmt_bind_varbinary(stmt, 12, NULL, 0));
    good(tdrest_stmt_bind_geometry_wkt(stmt, 13, "POINT(1 2)", TDREST_CSTR));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived("INSERT INTO t VALUES('2024-01-01T19:04:05.000Z',true,-5,18446744073709551615,'0x1p-1074',10.3,'a\\\\b','\xff','\xe6\xb8\xa9',"
            "'{\"k\":\"it\\'s\"}',-1.5,'\\x0001','\\x','POINT(1 2)')\n");
    finish();
}

static void columns(void)
{
    static const int64_t times[] = {0, 1, 2, 3};
    static const float amps[] = {10.3f, 0, 0.31f, 1};
    static const uint8_t valid[] = {0x0d};
    static const char bytes[] = "abcde";
    static const uint32_t offset[] = {0, 1, 3, 3, 5}, length[] = {1, 2, 0, 2};
    tdrest_column ts = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, times, 4), current = TDREST_COLUMN(TDREST_TYPE_FLOAT, amps, 4),
                  text = TDREST_TEXT_COLUMN(TDREST_TYPE_VARCHAR, bytes, offset, length, 4);

    begin_with("", "INSERT INTO t VALUES(?,?,?,?)");
    bad_at(tdrest_stmt_bind_column(stmt, 0, &ts), TDREST_EBIND, 0, -1, "precision");
    ts.precision = TDREST_MS;
    current.validity = valid;
    good(tdrest_stmt_bind_column(stmt, 0, &ts));
    good(tdrest_stmt_bind_column(stmt, 1, &current));
    good(tdrest_stmt_bind_column(stmt, 2, &text));
    good(tdrest_stmt_bind_int64(stmt, 3, 7));
    good(tdrest_stmt_add_row(stmt));
    text.length = NULL;
    ts.count = current.count = text.count = 1;
    good(tdrest_stmt_bind_column(stmt, 0, &ts));
    good(tdrest_stmt_bind_column(stmt, 1, &current));
    good(tdrest_stmt_bind_column(stmt, 2, &text));
    good(tdrest_stmt_bind_null(stmt, 3));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived("INSERT INTO t VALUES('1970-01-01T00:00:00.000Z',10.3,'a',7)('1970-01-01T00:00:00.001Z',NULL,'bc',7)('1970-01-01T00:00:00.002Z',0.31,'',7)"
            "('1970-01-01T00:00:00.003Z',1,'de',7)('1970-01-01T00:00:00.000Z',10.3,'a',NULL)\n");
    finish();
}

/* Every type that is bound as a column, against what single values give. */
static void columns_of_every_type(void)
{
    static const uint8_t b[] = {1}, u8[] = {255};
    static const int8_t i8[] = {-128};
    static const int16_t i16[] = {-32768};
    static const int32_t i32[] = {INT32_MIN};
    static const int64_t i64[] = {INT64_MIN};
    static const uint16_t u16[] = {65535};
    static const uint32_t u32[] = {UINT32_MAX}, zero[] = {0};
    static const uint64_t u64[] = {UINT64_MAX};
    static const double d[] = {0.1};
    static const char wkb[] = "\x01\x01\0\0\0\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\0\x40";
    static const uint32_t one[] = {1}, two[] = {2}, five[] = {5}, seven[] = {7}, twenty_one[] = {21};
    const tdrest_column cases[] = {
        TDREST_COLUMN(TDREST_TYPE_BOOL, b, 1), TDREST_COLUMN(TDREST_TYPE_TINYINT, i8, 1), TDREST_COLUMN(TDREST_TYPE_SMALLINT, i16, 1),
        TDREST_COLUMN(TDREST_TYPE_INT, i32, 1), TDREST_COLUMN(TDREST_TYPE_BIGINT, i64, 1), TDREST_COLUMN(TDREST_TYPE_UTINYINT, u8, 1),
        TDREST_COLUMN(TDREST_TYPE_USMALLINT, u16, 1), TDREST_COLUMN(TDREST_TYPE_UINT, u32, 1), TDREST_COLUMN(TDREST_TYPE_UBIGINT, u64, 1),
        TDREST_COLUMN(TDREST_TYPE_DOUBLE, d, 1), TDREST_TEXT_COLUMN(TDREST_TYPE_NCHAR, "x", zero, one, 1),
        TDREST_TEXT_COLUMN(TDREST_TYPE_VARBINARY, "\0\1", zero, two, 1), TDREST_TEXT_COLUMN(TDREST_TYPE_BLOB, "\0\1", zero, two, 1),
        TDREST_TEXT_COLUMN(TDREST_TYPE_DECIMAL, "-0.05", zero, five, 1), TDREST_TEXT_COLUMN(TDREST_TYPE_JSON, "{\"k\":1}", zero, seven, 1),
        TDREST_TEXT_COLUMN(TDREST_TYPE_GEOMETRY, wkb, zero, twenty_one, 1),
    };

    begin_with("", "INSERT INTO t VALUES(1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        good(tdrest_stmt_bind_column(stmt, (int)i, &cases[i]));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived("INSERT INTO t VALUES(1,true,-128,-32768,-2147483648,-9223372036854775808,255,65535,4294967295,18446744073709551615,0.1,'x','\\x0001','\\x0001',"
            "-0.05,'{\"k\":1}','POINT(1 2)')\n");
    finish();
}

static void bad_columns(void)
{
    static const int64_t numbers[] = {0, -1, 2};
    static const double values[] = {1, 2, 0};
    tdrest_column ts = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, numbers, 3), v = TDREST_COLUMN(TDREST_TYPE_DOUBLE, values, 2),
                  text = TDREST_TEXT_COLUMN(TDREST_TYPE_VARCHAR, "", NULL, NULL, 1);

    ts.precision = TDREST_MS;
    begin_with("", "INSERT INTO t USING s TAGS(?) VALUES(?,?)");
    bad_at(tdrest_stmt_bind_column(stmt, 0, &v), TDREST_EUSAGE, 0, -1, "single value");
    bad_at(tdrest_stmt_bind_column(stmt, 1, NULL), TDREST_EUSAGE, 1, -1, "not NULL");
    bad_at(tdrest_stmt_bind_column(stmt, 1, &(tdrest_column){0}), TDREST_EUSAGE, 1, -1, "TDREST_COLUMN");
    bad_at(tdrest_stmt_bind_column(stmt, 2, &text), TDREST_EUSAGE, 2, -1, "offset");
    v.values = NULL;
    bad_at(tdrest_stmt_bind_column(stmt, 2, &v), TDREST_EUSAGE, 2, -1, "values");
    v.values = values;
    v.count = -1;
    bad_at(tdrest_stmt_bind_column(stmt, 2, &v), TDREST_EUSAGE, 2, -1, "count");
    v.count = 2;
    v.type = TDREST_TYPE_UNKNOWN;
    bad_at(tdrest_stmt_bind_column(stmt, 2, &v), TDREST_EBIND, 2, -1, "type");
    v.type = TDREST_TYPE_DOUBLE;
    good(tdrest_stmt_bind_column(stmt, 1, &ts));
    good(tdrest_stmt_bind_column(stmt, 2, &v));
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    bad_at(tdrest_stmt_add_row(stmt), TDREST_EUSAGE, 2, -1, "as many rows as the columns before it have");
    v.count = 3;
    good(tdrest_stmt_bind_column(stmt, 2, &v));
    bad_at(tdrest_stmt_add_row(stmt), TDREST_EBIND, 1, 1, "parameter 1, row 1: expected a time other than");
    good(tdrest_stmt_set_precision(stmt, TDREST_MS));
    good(tdrest_stmt_add_row(stmt)); /* all is still bound, and no row was taken twice */
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived("INSERT INTO t USING s TAGS(1) VALUES(0,1)(-1,2)(2,0)\n");
    finish();
}

static void expressions(void)
{
    tdrest_result *res = NULL;
    int64_t affected = 0;

    begin_with("", "SELECT a-:x FROM t WHERE b=? AND c > :x AND d = ?");
    bad_at(tdrest_stmt_query(stmt, NULL, &res), TDREST_EBIND, 0, -1, "parameter 0 (:x): expected a value");
    good(tdrest_stmt_bind_int64(stmt, 0, -5));
    good(tdrest_stmt_bind_text(stmt, 1, "it's", TDREST_CSTR));
    good(tdrest_stmt_bind_double(stmt, 2, 2));
    good(tdrest_stmt_query(stmt, NULL, &res));
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    bad_at(tdrest_stmt_run(stmt, NULL, &affected), TDREST_EBUSY, -1, -1, "open");
    CHECK_INT(affected, -1);
    tdrest_result_free(res);
    good(tdrest_stmt_bind_float(stmt, 2, 3));
    good(tdrest_stmt_run(stmt, NULL, &affected));
    CHECK_INT(affected, -1);
    arrived("SELECT a- -5 FROM t WHERE b= 'it\\'s' AND c > -5 AND d = 2.0\nSELECT a- -5 FROM t WHERE b= 'it\\'s' AND c > -5 AND d = 3.0\n");
    bad_at(tdrest_stmt_add_row(stmt), TDREST_EUSAGE, -1, -1, "not an INSERT");
    bad_at(tdrest_stmt_describe(stmt, NULL), TDREST_EUSAGE, -1, -1, "not an INSERT");
    bad_at(tdrest_stmt_set_table(stmt, "t", 1), TDREST_EUSAGE, -1, -1, "no placeholder");
    finish();
}

static void inserts_of_other_shapes(void)
{
    int64_t affected = 0;

    begin_with("", "INSERT INTO a VALUES(?,1) b VALUES(?,2)");
    good(tdrest_stmt_bind_time(stmt, 0, 1000, TDREST_MS));
    good(tdrest_stmt_bind_int64(stmt, 1, 5));
    good(tdrest_stmt_run(stmt, NULL, &affected));
    CHECK_INT(affected, 2);
    arrived("INSERT INTO a VALUES('1970-01-01T00:00:01.000Z',1) b VALUES(5,2)\n");
    finish();
    begin_with("", "INSERT INTO ? VALUES(NOW,1)");
    bad_at(tdrest_stmt_bind_null(stmt, 0), TDREST_EUSAGE, -1, -1, "no parameter 0: the statement has none");
    good(tdrest_stmt_set_table(stmt, "t", 1));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived("INSERT INTO `t` VALUES(NOW,1)\nINSERT INTO `t` VALUES(NOW,1)\n");
    finish();
}

/* ---- how much ---- */

static void full(void)
{
    int rc = TDREST_OK, rows = 0;

    begin_with("?batch_bytes=4096", "INSERT INTO t VALUES(?,?)");
    for (; rc == TDREST_OK && rows < 1000; rows++) {
        good(tdrest_stmt_bind_time(stmt, 0, rows, TDREST_MS));
        good(tdrest_stmt_bind_int64(stmt, 1, rows));
        rc = tdrest_stmt_add_row(stmt);
    }
    CHECK_INT(rc, TDREST_FULL);
    CU_ASSERT(rows > 100 && rows < 200);
    good(tdrest_stmt_run(stmt, NULL, NULL));
    CHECK_INT(tdrest_stmt_get_report(stmt)->requests, 1);
    finish();
}

static void too_long(void)
{
    static char text[20000];

    memset(text, 'x', sizeof text);
    begin_with("?max_sql_bytes=16384", "INSERT INTO t VALUES(1,?)");
    good(tdrest_stmt_bind_text(stmt, 0, text, 16384 - 20 - 6));
    good(tdrest_stmt_add_row(stmt));
    good(tdrest_stmt_bind_text(stmt, 0, text, 16384 - 20 - 5));
    bad_at(tdrest_stmt_add_row(stmt), TDREST_EBIND, -1, 1, "row 1: expected at most");
    good(tdrest_stmt_bind_text(stmt, 0, "y", 1));
    good(tdrest_stmt_add_row(stmt));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    CHECK_INT(tdrest_stmt_get_report(stmt)->requests, 2);
    tdrest_stmt_free(stmt);
    CHECK_INT(tdrest_stmt_new(conn, "SELECT ?", TDREST_CSTR, &stmt), TDREST_OK);
    good(tdrest_stmt_bind_text(stmt, 0, text, sizeof text));
    bad_at(tdrest_stmt_run(stmt, NULL, NULL), TDREST_EBIND, -1, -1, "more than 16384 bytes");
    finish();
}

/* ---- what a failure leaves ---- */

static void range(size_t index, int64_t first, int64_t count, int state)
{
    const tdrest_row_range *r = tdrest_stmt_get_range(stmt, index);

    CHECK(r != NULL && r->first == first && r->count == count && r->state == state, "range %zu is %" PRId64 ", %" PRId64 ", %d; %s", index,
          r == NULL ? -1 : r->first, r == NULL ? -1 : r->count, r == NULL ? -1 : r->state, tdrest_stmt_error(stmt)->message);
}

/* Rows of three tables in turn, one request for each table. */
static void three_requests(const char *second)
{
    static char pad[9000];

    memset(pad, 'p', sizeof pad - 1);
    begin_with("?max_sql_bytes=16384", "INSERT INTO ? VALUES(?,?)");
    for (int i = 0; i < 3; i++) {
        good(tdrest_stmt_set_table(stmt, i == 1 ? second : i == 0 ? "a" : "c", TDREST_CSTR));
        good(tdrest_stmt_bind_time(stmt, 0, i, TDREST_MS));
        good(tdrest_stmt_bind_text(stmt, 1, pad, TDREST_CSTR));
        good(tdrest_stmt_add_row(stmt));
    }
    good(tdrest_stmt_set_table(stmt, "a", TDREST_CSTR));
    good(tdrest_stmt_bind_time(stmt, 0, 3, TDREST_MS));
    good(tdrest_stmt_bind_text(stmt, 1, "x", 1));
    good(tdrest_stmt_add_row(stmt));
}

static void after_failure(const char *table, int code, int state)
{
    const tdrest_stmt_report *report;
    tdrest_call call = TDREST_CALL_INIT;
    int64_t affected = 0;
    int rc;

    three_requests(table);
    call.timeout_ms = strcmp(table, "stall") == 0 ? 1000 : -1;
    rc = tdrest_stmt_run(stmt, &call, &affected);
    CHECK(rc == code && strncmp(tdrest_stmt_error(stmt)->message, "request 2 of 3: ", 16) == 0, "%s: %d: %s", table, rc, tdrest_stmt_error(stmt)->message);
    report = tdrest_stmt_get_report(stmt);
    CHECK_INT(report->requests, 3);
    CHECK_INT(report->failed_at, 1);
    CHECK_INT(report->rows, 4);
    CHECK_INT(report->affected, 2);
    CHECK_INT(affected, 2);
    range(0, 0, 1, TDREST_ROWS_WRITTEN);
    if (state == TDREST_ROWS_UNKNOWN) {
        range(1, 1, 1, TDREST_ROWS_UNKNOWN);
        range(2, 2, 1, TDREST_ROWS_NOT_WRITTEN);
        range(3, 3, 1, TDREST_ROWS_WRITTEN);
    } else {
        range(1, 1, 2, TDREST_ROWS_NOT_WRITTEN);
        range(2, 3, 1, TDREST_ROWS_WRITTEN);
    }
    range(0, 0, 1, TDREST_ROWS_WRITTEN);
    CU_ASSERT(tdrest_stmt_get_range(stmt, 4) == NULL);
    good(tdrest_stmt_run(stmt, NULL, &affected)); /* the two that were not written, no other */
    CHECK_INT(tdrest_stmt_get_report(stmt)->requests, 2);
    CHECK_INT(affected, 4);
    CHECK_INT(tdrest_stmt_get_report(stmt)->rows, 0);
    finish();
}

static void failures(void)
{
    after_failure("lost", TDREST_ECONNECT, TDREST_ROWS_UNKNOWN);
    after_failure("stall", TDREST_ETIMEOUT, TDREST_ROWS_UNKNOWN);
    after_failure("refused", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN);
    after_failure("keep", TDREST_ESERVER, TDREST_ROWS_UNKNOWN);
    after_failure("rows", TDREST_EANSWER, TDREST_ROWS_UNKNOWN);
}

static void not_twice(void)
{
    begin_with("", "INSERT INTO ? VALUES(NOW,?)");
    good(tdrest_stmt_set_table(stmt, "lost", TDREST_CSTR));
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ECONNECT);
    range(0, 0, 1, TDREST_ROWS_UNKNOWN);
    bad_at(tdrest_stmt_run(stmt, NULL, NULL), TDREST_EUSAGE, -1, 0, "NOW");
    tdrest_stmt_reset(stmt);
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived("INSERT INTO `lost` VALUES(NOW,1)\n");
    finish();
}

static void bad_calls(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_result *res;

    begin_with("", "INSERT INTO ? VALUES(?,?)");
    call.size = 0;
    bad_at(tdrest_stmt_bind_int64(stmt, 2, 1), TDREST_EUSAGE, -1, -1, "no parameter 2; expected 0 to 1");
    bad_at(tdrest_stmt_bind_text(stmt, -1, "", 0), TDREST_EUSAGE, -1, -1, "no parameter -1; expected 0 to 1, or the name of one");
    bad_at(tdrest_stmt_bind_text(stmt, 1, NULL, 0), TDREST_EUSAGE, 1, -1, "non-NULL pointer");
    bad_at(tdrest_stmt_bind_time_text(stmt, 0, NULL, 0), TDREST_EUSAGE, 0, -1, "non-NULL pointer");
    bad_at(tdrest_stmt_bind_null(stmt, 0), TDREST_EBIND, 0, 0, "never NULL");
    bad_at(tdrest_stmt_bind_int64(stmt, 0, 5), TDREST_EBIND, 0, 0, "a time");
    bad_at(tdrest_stmt_bind_time_text(stmt, 0, "2023-02-29T00:00:00Z", TDREST_CSTR), TDREST_EBIND, 0, 0, "a time that exists");
    bad_at(tdrest_stmt_set_table(stmt, "a.b", TDREST_CSTR), TDREST_EBIND, -1, -1, "table: expected a name without a dot");
    bad_at(tdrest_stmt_set_table(stmt, NULL, 0), TDREST_EUSAGE, -1, -1, "NULL");
    bad_at(tdrest_stmt_set_precision(stmt, 4), TDREST_EUSAGE, -1, -1, "TDREST_MS");
    bad_at(tdrest_stmt_query(stmt, NULL, &res), TDREST_EUSAGE, -1, -1, "tdrest_stmt_run");
    bad_at(tdrest_stmt_describe(stmt, NULL), TDREST_EUSAGE, -1, -1, "no table is set");
    good(tdrest_stmt_set_table(stmt, "t", 1));
    add(1, 2);
    bad_at(tdrest_stmt_run(stmt, &call, NULL), TDREST_EUSAGE, -1, -1, "call.size");
    range(0, 0, 1, TDREST_ROWS_NOT_WRITTEN);
    good(tdrest_stmt_bind_double(stmt, 1, 3));
    bad_at(tdrest_stmt_run(stmt, NULL, NULL), TDREST_EBIND, 0, 1, "parameter 0, row 1: expected a value"); /* half a row is not sent, nor forgotten */
    arrived("");
    tdrest_stmt_free(stmt);
    CHECK_INT(tdrest_stmt_new(conn, "SELECT * FROM ?", TDREST_CSTR, &stmt), TDREST_EUSAGE);
    CU_ASSERT(stmt == NULL && tdrest_conn_error(conn)->offset == 14);
    CHECK_INT(tdrest_stmt_new(conn, NULL, 0, &stmt), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_param_count(NULL), 0);
    CHECK_INT(tdrest_stmt_param_index(NULL, "a"), -1);
    CHECK_INT(tdrest_stmt_affected(NULL), -1);
    CHECK_INT(tdrest_stmt_error(NULL)->code, 0);
    tdrest_stmt_reset(NULL);
    finish();
}

CU_TestInfo tdrt_stmt[] = {
    {"rows of several tables", rows_of_tables},
    {"table and tags stay", table_and_tags_stay},
    {"every type", every_type},
    {"columns", columns},
    {"columns of every type", columns_of_every_type},
    {"columns that are wrong", bad_columns},
    {"expressions", expressions},
    {"INSERTs of other shapes", inserts_of_other_shapes},
    {"full", full},
    {"too long", too_long},
    {"after a failure", failures},
    {"not twice", not_twice},
    {"calls that are wrong", bad_calls},
    CU_TEST_INFO_NULL,
};
