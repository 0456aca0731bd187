/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the server describes, once, and what is then refused before anything is sent; and a block written back as it was read. */
#include "stated.h"

#define META "{\"code\":0,\"column_meta\":[[\"field\",\"VARCHAR\",64],[\"type\",\"VARCHAR\",20],[\"length\",\"INT\",4],[\"note\",\"VARCHAR\",16]],\"data\":["

static const char described[] = META
    "[\"ts\",\"TIMESTAMP\",8,\"\"],[\"i\",\"TINYINT\",1,\"\"],[\"f\",\"FLOAT\",4,\"\"],[\"v\",\"VARCHAR\",4,\"\"],[\"n\",\"NCHAR\",2,\"\"],"
    "[\"d\",\"DECIMAL(10, 2)\",8,\"\"],[\"b\",\"VARBINARY\",2,\"\"],[\"G\",\"INT\",4,\"TAG\"],[\"loc\",\"VARCHAR\",3,\"TAG\"]],\"rows\":9}";
static const char precision[] = "{\"code\":0,\"column_meta\":[[\"precision\",\"VARCHAR\",2]],\"data\":[[\"us\"]],\"rows\":1}";
static const char block[] =
    "{\"code\":0,\"column_meta\":[[\"ts\",\"TIMESTAMP\",8],[\"b\",\"BOOL\",1],[\"i\",\"INT\",4],[\"u\",\"BIGINT UNSIGNED\",8],[\"f\",\"FLOAT\",4],[\"v\",\"VARCHAR\",20],"
    "[\"x\",\"VARBINARY\",20],[\"n\",\"DECIMAL(10,2)\",8],[\"g\",\"GEOMETRY\",100],[\"never\",\"TIMESTAMP\",8]],\"data\":["
    "[\"2024-02-29T23:59:59.120+08:00\",true,-7,18446744073709551615,10.3,\"a'b\",\"00ff\",\"-0.05\",\"0101000000000000000000f03f0000000000000040\",null],"
    "[\"2024-02-29T23:59:59.121+08:00\",null,null,null,null,null,null,null,null,null]],\"rows\":2}";

static int answer(const tdrt_visit *visit)
{
    if (strstr(visit->sql, "nowhere") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":9731,\"desc\":\"Table does not exist\",\"timing\":1}"});
    if (strstr(visit->sql, "DESCRIBE `odd`") != NULL)
        return tdrt_send_three(visit);
    if (strstr(visit->sql, "DESCRIBE `none`") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = META "],\"rows\":0}"});
    if (tdrt_starts(visit, "DESCRIBE"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = described});
    if (strstr(visit->sql, "name='us'") != NULL || strstr(visit->sql, "name='U`s'") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = precision});
    if (strstr(visit->sql, "ins_databases") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":9731,\"desc\":\"Table does not exist\",\"timing\":1}"});
    if (tdrt_starts(visit, "SELECT"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = block});
    return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
}

static void begin(const char *sql)
{
    begin_stmt(answer, "", sql);
}

static void bad(int rc, int code, const char *part)
{
    const tdrest_error *e = tdrest_stmt_error(stmt);

    CHECK(rc == code && e->code == code && strstr(e->message, part) != NULL, "%d: %s", rc, e->message);
}

/* The name of a parameter's column; "" when it has none. */
static const char *column(int index)
{
    const tdrest_column *c = tdrest_stmt_param(stmt, index)->column;

    return c == NULL ? "" : c->name;
}

static void asked_once(void)
{
    begin("INSERT INTO ? USING `Us`.meters TAGS(?,?) VALUES(?,?,?,?,?,?,?)");
    good(tdrest_stmt_describe(stmt, NULL));
    good(tdrest_stmt_describe(stmt, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "DESCRIBE `Us`.meters"), 1);
    CHECK_INT(tdrt_server_arrivals(&server, "SELECT `precision` FROM information_schema.ins_databases WHERE name='Us'"), 1);
    CHECK_TEXT(column(0), "G");
    CHECK_TEXT(column(1), "loc");
    CHECK_TEXT(column(2), "ts");
    CHECK_TEXT(column(8), "b");
    CHECK_INT(tdrest_stmt_param(stmt, 7)->column->precision, 10);
    CHECK_INT(tdrest_stmt_param(stmt, 7)->column->scale, 2);
    CHECK_INT(tdrest_stmt_param(stmt, 6)->column->declared, 2);
    CHECK_TEXT(tdrest_stmt_param(stmt, 7)->column->type_name, "DECIMAL(10, 2)");
    finish();
}

static void checked(void)
{
    begin("INSERT INTO us.t VALUES(:ts,:i,:f,:v,:n,:d,:b)");
    good(tdrest_stmt_bind_int64(stmt, 1, 1000)); /* bound before: nothing is known yet */
    good(tdrest_stmt_describe(stmt, NULL));
    bad(tdrest_stmt_bind_int64(stmt, 1, 128), TDREST_EBIND, "parameter 1 (:i) for column i, TINYINT, row 0: expected a number within its range");
    bad(tdrest_stmt_bind_double(stmt, 1, 1), TDREST_EBIND, "a value of its type, not a floating point number");
    bad(tdrest_stmt_bind_double(stmt, 2, 1e39), TDREST_EBIND, "range");
    bad(tdrest_stmt_bind_text(stmt, 3, "abcde", 5), TDREST_EBIND, "for column v, VARCHAR(4), row 0: expected at most its declared length in bytes");
    bad(tdrest_stmt_bind_text(stmt, 4, "\xff", 1), TDREST_EBIND, "UTF-8");
    bad(tdrest_stmt_bind_nchar(stmt, 4, "abc", 3), TDREST_EBIND, "characters");
    bad(tdrest_stmt_bind_decimal_text(stmt, 5, "1.005", TDREST_CSTR), TDREST_EBIND, "rounds");
    bad(tdrest_stmt_bind_varbinary(stmt, 6, "abc", 3), TDREST_EBIND, "bytes");
    bad(tdrest_stmt_bind_time(stmt, 0, 1, TDREST_NS), TDREST_EBIND, "truncate");
    good(tdrest_stmt_bind_time(stmt, 0, -1, TDREST_MS)); /* no gap: an integer of the database's precision */
    good(tdrest_stmt_bind_int64(stmt, 1, -128));
    good(tdrest_stmt_bind_float(stmt, 2, 0.1f));
    good(tdrest_stmt_bind_text(stmt, 3, "abcd", 4));
    good(tdrest_stmt_bind_text(stmt, 4, "\xf0\x9f\x98\x80x", 5));
    good(tdrest_stmt_bind_decimal_text(stmt, 5, "99999999.990", TDREST_CSTR));
    good(tdrest_stmt_bind_varbinary(stmt, 6, "ab", 2));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT INTO us.t VALUES(-1000,-128,0.1,'abcd','\xf0\x9f\x98\x80x',99999999.99,'\\x6162')"), 1);
    finish();
}

static void named_columns(void)
{
    begin("INSERT INTO us.t (V, ts, `G`) VALUES(?,?,?)");
    good(tdrest_stmt_describe(stmt, NULL));
    CHECK_TEXT(column(0), "v");
    CHECK_TEXT(column(1), "ts");
    CHECK_TEXT(column(2), "G");
    bad(tdrest_stmt_bind_null(stmt, 1), TDREST_EBIND, "never NULL");
    good(tdrest_stmt_bind_null(stmt, 0));
    prepare("INSERT INTO us.t (tbname, ts, v) VALUES(:t,:ts,:t)");
    good(tdrest_stmt_describe(stmt, NULL));
    CHECK_TEXT(column(0), "v");
    bad(tdrest_stmt_bind_null(stmt, 0), TDREST_EBIND, "table name");
    prepare("INSERT INTO us.t (ts, v, n, f) VALUES(:ts,:a,:a,:a)");
    good(tdrest_stmt_describe(stmt, NULL));
    CHECK_TEXT(column(1), ""); /* three columns that are not the same */
    prepare("INSERT INTO us.t (ts, x) VALUES(?,?)");
    bad(tdrest_stmt_describe(stmt, NULL), TDREST_EBIND, "x is not a column");
    CHECK_TEXT(column(0), "");
    prepare("INSERT INTO us.t (ts, g) VALUES(?,?)");
    bad(tdrest_stmt_describe(stmt, NULL), TDREST_EBIND, "g is not a column"); /* it is G */
    prepare("INSERT INTO us.t VALUES(?,?)");
    bad(tdrest_stmt_describe(stmt, NULL), TDREST_EBIND, "VALUES: expected 7 values");
    prepare("INSERT INTO ? USING us.t TAGS(?) VALUES(?,?,?,?,?,?,?)");
    bad(tdrest_stmt_describe(stmt, NULL), TDREST_EBIND, "TAGS: expected 2 values");
    finish();
}

/* A value that goes to several columns must fit each: one would be stored wrongly, in silence. */
static void several_columns(void)
{
    int32_t numbers[] = {5, 200};
    tdrest_column column = TDREST_COLUMN(TDREST_TYPE_INT, numbers, 2);

    begin("INSERT INTO us.t (ts, v, b) VALUES(1,:a,:a)");
    good(tdrest_stmt_describe(stmt, NULL));
    bad(tdrest_stmt_bind_varbinary(stmt, 0, "ab", 2), TDREST_EBIND, "a value of its type, not VARBINARY");
    bad(tdrest_stmt_bind_text(stmt, 0, "ab", 2), TDREST_EBIND, "a value of its type, not a text");
    prepare("INSERT INTO us.t (ts, d, i) VALUES(1,:a,:a)");
    good(tdrest_stmt_describe(stmt, NULL));
    bad(tdrest_stmt_bind_int64(stmt, 0, 200), TDREST_EBIND, "within its range");
    bad(tdrest_stmt_bind_double(stmt, 0, 0.5), TDREST_EBIND, "not a floating point number");
    good(tdrest_stmt_bind_null(stmt, 0));
    good(tdrest_stmt_bind_int64(stmt, 0, 5));
    good(tdrest_stmt_add_row(stmt));
    good(tdrest_stmt_bind_column(stmt, 0, &column));
    bad(tdrest_stmt_add_row(stmt), TDREST_EBIND, "within its range");
    prepare("INSERT INTO us.t (ts, d, i) VALUES(1,:a,:a)"); /* nothing of the description stays behind */
    good(tdrest_stmt_bind_int64(stmt, 0, 200));
    finish();
}

/* Which database is asked for, and what there is when none tells its precision. */
static void databases(void)
{
    tdrest_call call = TDREST_CALL_INIT;

    begin("INSERT INTO ? (ts) VALUES(?)");
    good(tdrest_stmt_set_table(stmt, "T", 1));
    good(tdrest_stmt_describe(stmt, NULL)); /* the connection has no database */
    CHECK_INT(tdrt_server_arrivals(&server, "DESCRIBE `T`"), 1);
    good(tdrest_stmt_bind_time(stmt, 0, 1, TDREST_MS));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT INTO `T` (ts) VALUES('1970-01-01T00:00:00.001Z')"), 1);
    prepare("INSERT INTO other.? (ts) VALUES(?)");
    good(tdrest_stmt_set_table(stmt, "T", 1));
    good(tdrest_stmt_describe(stmt, NULL)); /* the server does not tell */
    CHECK_INT(tdrt_server_arrivals(&server, "DESCRIBE other.`T`"), 1);
    good(tdrest_stmt_bind_time(stmt, 0, 1, TDREST_MS));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT INTO other.`T` (ts) VALUES('1970-01-01T00:00:00.001Z')"), 1);
    call.database = "US";
    prepare("INSERT INTO t (ts) VALUES(?)");
    good(tdrest_stmt_describe(stmt, &call));
    good(tdrest_stmt_bind_time(stmt, 0, 1, TDREST_MS));
    good(tdrest_stmt_run(stmt, &call, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT INTO t (ts) VALUES(1000)"), 1);
    prepare("INSERT INTO `U``s`.t (ts) VALUES(?)");
    good(tdrest_stmt_describe(stmt, NULL));
    good(tdrest_stmt_bind_time(stmt, 0, 2, TDREST_MS));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT INTO `U``s`.t (ts) VALUES(2000)"), 1);
    finish();
}

/* What a statement learns after a column was bound holds for that column: its rows become text only when they are added. */
static void columns_bound_before(void)
{
    static const int64_t times[] = {1}, numbers[] = {1000}, large[] = {INT64_MAX}, late[] = {31556995200001};
    tdrest_column ts = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, times, 1), i = TDREST_COLUMN(TDREST_TYPE_BIGINT, numbers, 1),
                  f = TDREST_COLUMN(TDREST_TYPE_BIGINT, large, 1);

    ts.precision = TDREST_MS;
    begin("INSERT INTO us.t (ts, i) VALUES(?,?)");
    good(tdrest_stmt_set_precision(stmt, TDREST_MS));
    good(tdrest_stmt_bind_column(stmt, 0, &ts));
    good(tdrest_stmt_bind_column(stmt, 1, &i));
    good(tdrest_stmt_describe(stmt, NULL));
    bad(tdrest_stmt_add_row(stmt), TDREST_EBIND, "for column i, TINYINT, row 0: expected a number within its range");
    good(tdrest_stmt_bind_int64(stmt, 1, 5));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT INTO us.t (ts, i) VALUES(1000,5)"), 1); /* the database has microseconds */
    good(tdrest_stmt_set_precision(stmt, TDREST_MS));
    ts.values = late;
    good(tdrest_stmt_bind_column(stmt, 0, &ts));
    good(tdrest_stmt_bind_int64(stmt, 1, 5));
    bad(tdrest_stmt_add_row(stmt), TDREST_EBIND, "a time up to 2970-01-01");
    ts.values = times;
    good(tdrest_stmt_bind_column(stmt, 0, &ts));
    good(tdrest_stmt_set_precision(stmt, TDREST_PRECISION_UNKNOWN));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT INTO us.t (ts, i) VALUES('1970-01-01T00:00:00.001Z',5)"), 1);
    prepare("INSERT INTO us.t (ts, f) VALUES(?,?)");
    good(tdrest_stmt_bind_column(stmt, 0, &ts));
    good(tdrest_stmt_bind_column(stmt, 1, &f));
    good(tdrest_stmt_describe(stmt, NULL));
    bad(tdrest_stmt_add_row(stmt), TDREST_EBIND, "a FLOAT rounds larger ones");
    finish();
}

/* Without USING the columns are the table's own: another table is asked for anew. */
static void another_table(void)
{
    begin("INSERT INTO us.? (ts, i) VALUES(?,?)");
    good(tdrest_stmt_set_table(stmt, "a", 1));
    good(tdrest_stmt_describe(stmt, NULL));
    good(tdrest_stmt_describe(stmt, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "DESCRIBE us.`a`"), 1);
    good(tdrest_stmt_set_table(stmt, "b", 1));
    bad(tdrest_stmt_bind_int64(stmt, 1, 1000), TDREST_EBIND, "TINYINT"); /* until then a's hold */
    good(tdrest_stmt_describe(stmt, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "DESCRIBE us.`b`"), 1);
    good(tdrest_stmt_set_table(stmt, "nowhere", TDREST_CSTR));
    bad(tdrest_stmt_describe(stmt, NULL), TDREST_ESERVER, "does not exist");
    CHECK_TEXT(column(1), "");
    good(tdrest_stmt_bind_int64(stmt, 1, 1000)); /* nothing is known now */
    bad(tdrest_stmt_describe(stmt, NULL), TDREST_ESERVER, "does not exist");
    prepare("INSERT INTO ? USING us.s TAGS(1,2) (ts, i) VALUES(?,?)");
    good(tdrest_stmt_describe(stmt, NULL));
    good(tdrest_stmt_set_table(stmt, "c", 1));
    good(tdrest_stmt_describe(stmt, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "DESCRIBE us.s"), 1);
    finish();
}

static void failures(void)
{
    tdrest_result *res;

    begin("INSERT INTO nowhere VALUES(?)");
    bad(tdrest_stmt_describe(stmt, NULL), TDREST_ESERVER, "does not exist");
    CHECK_INT(tdrest_stmt_error(stmt)->server_code, 0x2603);
    prepare("INSERT INTO ? VALUES(?)");
    good(tdrest_stmt_set_table(stmt, "odd", 3));
    bad(tdrest_stmt_describe(stmt, NULL), TDREST_EANSWER, "name, type, length and note");
    good(tdrest_stmt_set_table(stmt, "none", 4));
    bad(tdrest_stmt_describe(stmt, NULL), TDREST_EANSWER, "no rows");
    CHECK_INT(tdrest_query(conn, "SELECT 1", TDREST_CSTR, NULL, &res), TDREST_OK);
    bad(tdrest_stmt_describe(stmt, NULL), TDREST_EBUSY, "open");
    tdrest_result_free(res);
    good(tdrest_stmt_set_table(stmt, "t", 1));
    bad(tdrest_stmt_describe(stmt, NULL), TDREST_EBIND, "expected 7 values");
    finish();
}

static void written_back(void)
{
    const tdrest_block *rows;
    tdrest_result *res;

    begin("INSERT INTO t VALUES(?,?,?,?,?,?,?,?,?,?)");
    CHECK_INT(tdrest_query(conn, "SELECT * FROM t", TDREST_CSTR, NULL, &res), TDREST_OK);
    CHECK_INT(tdrest_result_next_block(res, &rows), TDREST_ROW);
    for (int i = 0; i < 10; i++)
        good(tdrest_stmt_bind_column(stmt, i, tdrest_block_column(rows, (size_t)i)));
    good(tdrest_stmt_add_row(stmt));
    tdrest_result_free(res);
    good(tdrest_stmt_run(stmt, NULL, NULL));
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT INTO t VALUES('2024-02-29T15:59:59.120Z',true,-7,18446744073709551615,10.3,'a\\'b','\\x00ff',-0.05,'POINT(1 2)',NULL)"
                                            "('2024-02-29T15:59:59.121Z',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL)"), 1);
    finish();
}

/* Described, it is known which of the named columns is the time; also of a value that was bound before. */
static void the_time_is_known(void)
{
    begin("INSERT INTO us.t (i,ts) VALUES(?,?)");
    good(tdrest_stmt_bind_time(stmt, 0, 1, TDREST_MS));
    good(tdrest_stmt_bind_int64(stmt, 1, 1));
    good(tdrest_stmt_describe(stmt, NULL));
    bad(tdrest_stmt_add_row(stmt), TDREST_EBIND, "parameter 1 for column ts, TIMESTAMP, row 0: expected a time with its precision: this is the first column");
    bad(tdrest_stmt_bind_int64(stmt, 1, 1), TDREST_EBIND, "expected a time with its precision: this is the first column");
    good(tdrest_stmt_bind_time(stmt, 1, 1, TDREST_MS));
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    good(tdrest_stmt_add_row(stmt));
    finish();
}

CU_TestInfo tdrt_describe[] = {
    {"the time is known", the_time_is_known},
    {"asked once", asked_once},
    {"checked against the columns", checked},
    {"columns by name", named_columns},
    {"several columns for one value", several_columns},
    {"databases and precision", databases},
    {"columns bound before", columns_bound_before},
    {"another table", another_table},
    {"failures", failures},
    {"a block written back", written_back},
    CU_TEST_INFO_NULL,
};
