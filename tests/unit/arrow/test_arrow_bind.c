/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow batches bound to statements: every type, sliced, with NULLs, as dictionaries; what is refused. The statements that arrive are compared. */
#include "dial.h"
#include "memory.h"

#include "arrow_batch.h"

#include <errno.h>

static tdrt_server server;
static tdrest_conn *conn;

static int answer_any(const tdrt_visit *visit)
{
    tdrt_answer answer = {.body = TDRT_INSERTED};

    if (tdrt_starts(visit, "DESCRIBE"))
        answer.body = "{\"code\":0,\"column_meta\":[[\"field\",\"VARCHAR\",64],[\"type\",\"VARCHAR\",20],[\"length\",\"INT\",4],[\"note\",\"VARCHAR\",16]],\"data\":["
                      "[\"ts\",\"TIMESTAMP\",8,\"\"],[\"v\",\"VARCHAR\",60,\"\"],[\"n\",\"NCHAR\",8,\"\"],[\"g\",\"GEOMETRY\",100,\"\"],[\"i\",\"INT\",4,\"\"]],\"rows\":5}";
    if (strstr(visit->sql, "ins_databases") != NULL)
        answer.body = "{\"code\":0,\"column_meta\":[[\"precision\",\"VARCHAR\",2]],\"data\":[[\"ms\"]],\"rows\":1}";
    if (tdrt_starts(visit, "refused"))
        answer.body = "{\"code\":9731,\"desc\":\"Table does not exist\"}";
    return tdrt_send_answer(visit, &answer);
}

static const int64_t counts[] = {101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112};
static const uint8_t some[] = {0xed, 0xff}; /* rows 1 and 4 are NULL */
static const uint8_t bits[] = {0xa5, 0x0f};
static const int8_t i8[] = {-128, 0, 127};
static const uint8_t u8[] = {255, 0, 1};
static const int16_t i16[] = {-32768, 32767};
static const uint16_t u16[] = {65535, 0};
static const int32_t i32[] = {INT32_MIN, 7, INT32_MAX, 5, 4, 3};
static const uint32_t u32[] = {UINT32_MAX, 0};
static const int64_t i64[] = {-9223372036854775807, INT64_MAX, INT64_MIN};
static const uint64_t u64[] = {UINT64_MAX, 0};
static const uint16_t f16[] = {0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x8000, 0x2e66, 0x7c00, 0xfe00};
static const float f32[] = {0.1f, -1.5f};
static const double f64[] = {0.1, -1e300};
static const int32_t days[] = {19723, 0, 1};
static const int32_t offsets[] = {0, 1, 1, 4, 6, 6, 9};
static const int64_t wide[] = {0, 1, 1, 4, 6, 6, 9};
static const char texts[] = "abcde\xc3\xa9xyz";
static const char quoted[] = "a'cde\xc3\xa9xyz";
static const char fixed[] = "abcdefgh";
static const int32_t small_decimals[] = {-1005, 5};
static const int64_t middle_decimals[] = {-1005, 5};
/* A short view, an empty one, and one of 15 bytes in the first buffer, from its third byte on. */
static const union { int32_t word[4]; struct { int32_t len; char text[12]; } small; } views[] = {{.small = {3, "abc"}}, {.word = {0, 0, 0, 0}}, {.word = {15, 0, 0, 2}}};
static const union { int32_t word[4]; } bad_views[] = {{.word = {15, 0, 1, 2}}};
static const union { int32_t word[4]; } no_views[] = {{.word = {0, 0, 0, 0}}, {.word = {-1, 0, 0, 0}}, {.word = {15, 0, -1, 2}}, {.word = {15, 0, 0, -1}}};
static const int32_t falling[] = {0, 1, 0}, negative[] = {0, 0, -1, 4};
static const int64_t wide_falling[] = {0, 1, 0}, wide_negative[] = {-1, 0};
static const union { int32_t word[4]; struct { int32_t len; char text[12]; } small; } edge_views[] = {
    {.small = {12, {'t', 'w', 'e', 'l', 'v', 'e', ' ', 'b', 'y', 't', 'e', 's'}}}, {.small = {5, "abcde"}}, {.word = {13, 0, 0, 2}}};
static const char viewed[] = "..fifteen bytes .";
static const int8_t indexes[] = {1, 0, 3, 2, 1};
static const int8_t bad_indexes[] = {0, 4};
static const uint16_t indexes_u16[] = {3, 2, 1};
static const int16_t indexes_i16[] = {3, 2, -1};
static const uint32_t indexes_u32[] = {3, 2};
static const int32_t indexes_i32[] = {3, 2};
static const int64_t indexes_i64[] = {3, 2};
static const uint64_t indexes_u64[] = {3, UINT64_MAX};
static const tdrt_sample words = {"u", NULL, offsets, texts, 4, 0, NULL, NULL, NULL, 0};
static const tdrt_sample sliced_words = {"u", NULL, offsets, texts, 3, 1, NULL, NULL, NULL, 0}, view_words = {"vu", NULL, views, viewed, 3, 0, NULL, NULL, NULL, 0};
static const tdrt_sample bool_words = {"b", NULL, bits, NULL, 3, 1, NULL, NULL, NULL, 0};
static const tdrt_sample null_words = {"i", some, i32, NULL, 4, 0, NULL, NULL, NULL, 0};
static const tdrt_sample list = {"+l", NULL, offsets, NULL, 2, 0, NULL, NULL, NULL, 0};

#define ROWS(format, validity, first, second, length, offset, expected) {format, validity, first, second, length, offset, NULL, expected, NULL, 0}
#define REFUSED(format, first, length, row, message) {format, NULL, first, NULL, length, 0, NULL, NULL, message, row}

static const tdrt_sample samples[] = {
    ROWS("n", NULL, NULL, NULL, 2, 0, "NULL,NULL"),
    ROWS("b", NULL, bits, NULL, 4, 0, "true,false,true,false"),
    ROWS("b", some, bits, NULL, 4, 3, "false,NULL,true,false"),
    ROWS("c", NULL, i8, NULL, 3, 0, "-128,0,127"),
    ROWS("C", NULL, u8, NULL, 2, 1, "0,1"),
    ROWS("s", NULL, i16, NULL, 2, 0, "-32768,32767"),
    ROWS("S", NULL, u16, NULL, 2, 0, "65535,0"),
    ROWS("i", some, i32, NULL, 5, 1, "NULL,2147483647,5,NULL,3"),
    ROWS("I", NULL, u32, NULL, 2, 0, "4294967295,0"),
    ROWS("l", NULL, i64, NULL, 2, 0, "-9223372036854775807,9223372036854775807"),
    ROWS("L", NULL, u64, NULL, 1, 1, "0"),
    ROWS("e", NULL, f16, NULL, 4, 0, "1,-2,65504,0.000061035156"),
    ROWS("e", some, f16, NULL, 4, 4, "NULL,-0.00006097555,-0,0.099975586"),
    ROWS("e", NULL, f16, NULL, 1, 4, "5.9604645e-08"),
    ROWS("f", NULL, f32, NULL, 2, 0, "0.1,-1.5"),
    ROWS("g", NULL, f64, NULL, 2, 0, "0.1,-1e+300"),
    ROWS("tsm:UTC", some, counts, NULL, 2, 0, "'1970-01-01T00:00:00.101Z',NULL"),
    ROWS("tsm:", NULL, counts, NULL, 2, 1, "'1970-01-01T00:00:00.102Z','1970-01-01T00:00:00.103Z'"),
    ROWS("tss:", NULL, counts, NULL, 2, 0, "'1970-01-01T00:01:41.000Z','1970-01-01T00:01:42.000Z'"),
    ROWS("tdD", NULL, days, NULL, 2, 0, "'2024-01-01T00:00:00.000Z','1970-01-01T00:00:00.000Z'"),
    ROWS("tdm", NULL, counts, NULL, 1, 2, "'1970-01-01T00:00:00.103Z'"),
    ROWS("u", NULL, offsets, texts, 6, 0, "'a','','bcd','e\xc3','','\xa9xy'"),
    ROWS("u", some, offsets, quoted, 3, 0, "'a',NULL,'\\'cd'"),
    ROWS("u", some, offsets, texts, 3, 2, "'bcd','e\xc3',NULL"),
    ROWS("U", some, wide, texts, 3, 2, "'bcd','e\xc3',NULL"),
    ROWS("z", NULL, offsets, texts, 3, 0, "'\\x61','\\x','\\x626364'"),
    ROWS("Z", NULL, wide, texts, 1, 2, "'\\x626364'"),
    ROWS("w:3", NULL, fixed, NULL, 1, 1, "'\\x646566'"),
    ROWS("vu", NULL, views, viewed, 3, 0, "'abc','','fifteen bytes .'"),
    ROWS("vz", some, views, viewed, 2, 1, "NULL,'\\x6669667465656e206279746573202e'"),
    ROWS("vu", NULL, edge_views, viewed, 3, 0, "'twelve bytes','abcde','fifteen bytes'"),
    ROWS("d:4,2,32", NULL, small_decimals, NULL, 2, 0, "-10.05,0.05"),
    ROWS("d:4,2,64", NULL, middle_decimals, NULL, 2, 0, "-10.05,0.05"),
    ROWS("d:10,0,64", some, middle_decimals, NULL, 2, 0, "-1005,NULL"),
    {"c", NULL, indexes, NULL, 5, 0, &words, "'','a','e\xc3','bcd',''", NULL, 0},
    {"c", some, indexes, NULL, 3, 1, &words, "NULL,'e\xc3','bcd'", NULL, 0},
    {"c", NULL, indexes, NULL, 4, 1, &null_words, "-2147483648,5,2147483647,NULL", NULL, 0},
    {"C", NULL, indexes, NULL, 2, 0, &sliced_words, "'bcd',''", NULL, 0},
    {"c", NULL, indexes, NULL, 2, 0, &view_words, "'','abc'", NULL, 0},
    {"c", NULL, indexes, NULL, 2, 0, &bool_words, "true,false", NULL, 0},
    {"S", NULL, indexes_u16, NULL, 3, 0, &words, "'e\xc3','bcd',''", NULL, 0},
    {"s", NULL, indexes_i16, NULL, 2, 0, &words, "'e\xc3','bcd'", NULL, 0},
    {"I", NULL, indexes_u32, NULL, 2, 0, &words, "'e\xc3','bcd'", NULL, 0},
    {"i", NULL, indexes_i32, NULL, 2, 0, &words, "'e\xc3','bcd'", NULL, 0},
    {"l", NULL, indexes_i64, NULL, 1, 1, &words, "'bcd'", NULL, 0},
    {"L", NULL, indexes_u64, NULL, 1, 0, &words, "'e\xc3'", NULL, 0},
    {"s", NULL, indexes_i16, NULL, 3, 0, &words, NULL, "row 2: expected an index within the dictionary", 2},
    {"L", NULL, indexes_u64, NULL, 2, 0, &words, NULL, "row 1: expected an index within the dictionary", 1},
    {"g", NULL, f64, NULL, 2, 0, &words, NULL, "row 0: expected an index within the dictionary", 0},
    {"c", NULL, bad_indexes, NULL, 2, 0, &words, NULL, "row 1: expected an index within the dictionary", 1},
    {"c", NULL, indexes, NULL, 2, 0, &list, NULL, "expected an Arrow type that a value can have", -1},
    {"vu", NULL, bad_views, viewed, 1, 0, NULL, NULL, "row 0: expected a view into a buffer", 0},
    {"vu", NULL, no_views, viewed, 2, 0, NULL, NULL, "row 1: expected a view into a buffer", 1},
    {"vu", NULL, no_views, viewed, 1, 2, NULL, NULL, "row 0: expected a view into a buffer", 0},
    {"vz", NULL, no_views, viewed, 1, 3, NULL, NULL, "row 0: expected a view into a buffer", 0},
    {"u", NULL, falling, texts, 2, 0, NULL, NULL, "row 1: expected offsets that do not fall", 1},
    {"z", NULL, negative, texts, 1, 1, NULL, NULL, "row 0: expected offsets that do not fall", 0},
    {"u", NULL, negative, texts, 1, 2, NULL, NULL, "row 0: expected offsets that do not fall", 0},
    {"U", NULL, wide_falling, texts, 2, 0, NULL, NULL, "row 1: expected offsets that do not fall", 1},
    {"Z", NULL, wide_negative, texts, 1, 0, NULL, NULL, "row 0: expected offsets that do not fall", 0},
    REFUSED("tss:", i64, 2, 0, "row 0: expected a time within 64 bits"),
    REFUSED("+l", offsets, 2, -1, "expected an Arrow type that a value can have"),
    REFUSED("+r", offsets, 2, -1, "expected an Arrow type that a value can have"),
    REFUSED("ttm", i32, 2, -1, "expected an Arrow type that a value can have"),
    REFUSED("tDm", i64, 2, -1, "expected an Arrow type that a value can have"),
    REFUSED("w:x", fixed, 2, -1, "expected an Arrow format of bytes of fixed size"),
    REFUSED("d:76,3,256", i64, 2, -1, "expected an Arrow decimal of at most"),
};

/* The statement that the rows become; the database's precision is not known, so times are texts. */
static void expect_sql(const tdrt_sample *s, char *sql, size_t cap)
{
    char values[512], *at = values;
    size_t n = (size_t)snprintf(sql, cap, "INSERT INTO t VALUES ");

    snprintf(values, sizeof values, "%s", s->expected);
    for (int64_t row = 0; row < s->length; row++) {
        size_t len = strcspn(at, ",");

        n += (size_t)snprintf(sql + n, cap - n, "('1970-01-01T00:00:00.%dZ', %.*s)", 101 + (int)row, (int)len, at);
        at += len + (at[len] == ',');
    }
}

static tdrest_stmt *prepare(const char *sql)
{
    tdrest_stmt *stmt;

    CHECK(tdrest_stmt_new(conn, sql, TDREST_CSTR, &stmt) == TDREST_OK, "%s", tdrest_conn_error(conn)->message);
    return stmt;
}

static void add_sample(const tdrt_sample *s, int odd)
{
    const tdrt_sample times = {"tsm:UTC", NULL, counts, NULL, s->length, 0, NULL, NULL, NULL, 0};
    const tdrt_sample *const columns[2] = {&times, s};
    tdrest_stmt *stmt = prepare("INSERT INTO t VALUES (?, ?)");
    char sql[1024] = "";
    tdrt_batch b;
    int rc;

    tdrt_make_batch(columns, 2, s->length, &b);
    if (odd)
        tdrt_make_odd(columns, 2, &b);
    rc = tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_add_row(stmt);
    if (s->expected == NULL) {
        CHECK(rc == TDREST_EBIND, "%s: %d", s->format, rc);
        CHECK(strstr(tdrest_stmt_error(stmt)->message, s->message) != NULL, "%s: %s", s->format, tdrest_stmt_error(stmt)->message);
        CHECK_INT(tdrest_stmt_error(stmt)->row, s->row);
        CHECK_INT(tdrest_stmt_error(stmt)->column, 1);
        CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK); /* nothing was added */
    } else {
        CHECK(rc == TDREST_OK, "%s: %s", s->format, tdrest_stmt_error(stmt)->message);
        CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK);
        expect_sql(s, sql, sizeof sql);
        CHECK(tdrt_server_arrivals(&server, sql) == 1 + odd, "%s: expected %s in %.2000s", s->format, sql, server.counts->arrived);
    }
    tdrest_stmt_free(stmt);
}

static void types(void)
{
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        conn = tdrt_dial_new(&server, answer_any, "");
        add_sample(&samples[i], 0);
        if (samples[i].expected != NULL)
            add_sample(&samples[i], 1);
        tdrest_conn_free(conn);
        tdrt_server_stop(&server);
    }
}

/* 128 bits in the machine's order. */
static void wide_decimals(void)
{
    static const uint16_t one = 1;
    const int little = *(const uint8_t *)&one == 1;
    uint64_t word[4][2] = {{0, 0}, {0, 0}, {0, 0}, {0, 0}};
    const tdrt_sample s = {"d:38,3", NULL, word, NULL, 4, 0, NULL, "99999999999999999999999999999999999.999,-99999999999999999999999999999999999.999,-0.001,-18446744073709551.616", NULL, 0};

    word[0][little ? 0 : 1] = UINT64_C(0x098a223fffffffff); /* 10^38 - 1 */
    word[0][little ? 1 : 0] = UINT64_C(0x4b3b4ca85a86c47a);
    word[1][little ? 0 : 1] = ~UINT64_C(0x098a223fffffffff) + 1;
    word[1][little ? 1 : 0] = ~UINT64_C(0x4b3b4ca85a86c47a);
    word[2][0] = word[2][1] = UINT64_MAX;
    word[3][little ? 1 : 0] = UINT64_MAX; /* -2^64 */
    conn = tdrt_dial_new(&server, answer_any, "");
    add_sample(&s, 0);
    add_sample(&s, 1);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

/* The struct itself is sliced; a tag is the same in all rows; single rows and lists for other statements. */
static void rows(void)
{
    static const tdrt_sample times = {"tsm:UTC", NULL, counts, NULL, 6, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample numbers = {"i", NULL, i32, NULL, 6, 0, NULL, NULL, NULL, 0};
    static const int32_t tags[] = {7, 7};
    static const tdrt_sample one_tag = {"i", NULL, tags, NULL, 2, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample *const columns[2] = {&times, &numbers}, *const tagged[3] = {&one_tag, &times, &numbers}, *const mixed[3] = {&numbers, &times, &numbers}, *const listed[1] = {&numbers};
    tdrest_stmt *stmt;
    tdrt_batch b;

    conn = tdrt_dial_new(&server, answer_any, "");
    tdrt_make_batch(columns, 2, 2, &b);
    b.array.offset = 3;
    stmt = prepare("INSERT INTO sliced VALUES (?, ?)");
    CHECK(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK);
    CHECK(tdrt_server_arrivals(&server, "INSERT INTO sliced VALUES ('1970-01-01T00:00:00.104Z', 5)('1970-01-01T00:00:00.105Z', 4)") == 1, "%.2000s", server.counts->arrived);
    tdrest_stmt_free(stmt);
    tdrt_make_batch(tagged, 3, 2, &b);
    stmt = prepare("INSERT INTO d USING m TAGS (?) VALUES (?, ?)");
    CHECK(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK);
    CHECK(tdrt_server_arrivals(&server, "INSERT INTO d USING m TAGS (7) VALUES ('1970-01-01T00:00:00.101Z', -2147483648)"
                                        "('1970-01-01T00:00:00.102Z', 7)") == 1, "%.2000s", server.counts->arrived);
    tdrt_make_batch(mixed, 3, 2, &b);
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EBIND);
    CHECK_INT(tdrest_stmt_error(stmt)->row, 1);
    CHECK_INT(tdrest_stmt_error(stmt)->column, 0);
    tdrest_stmt_free(stmt);
    tdrt_make_batch(columns, 2, 6, &b);
    stmt = prepare("DELETE FROM m WHERE ts = ? AND i = ?");
    b.array.offset = 2;
    b.array.length = 1;
    CHECK(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK);
    CHECK(tdrt_server_arrivals(&server, "DELETE FROM m WHERE ts = '1970-01-01T00:00:00.103Z' AND i = 2147483647") == 1 ||
          strstr(server.counts->arrived, "AND i = 2147483647") != NULL, "%.2000s", server.counts->arrived);
    b.array.length = 2;
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EUSAGE);
    CHECK(strstr(tdrest_stmt_error(stmt)->message, "expected a single value") != NULL, "%s", tdrest_stmt_error(stmt)->message);
    tdrest_stmt_free(stmt);
    tdrt_make_batch(listed, 1, 3, &b);
    stmt = prepare("SELECT i FROM m WHERE i IN (?)");
    CHECK(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK);
    CHECK(tdrt_server_arrivals(&server, "SELECT i FROM m WHERE i IN (-2147483648,7,2147483647)") == 1, "%.2000s", server.counts->arrived);
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

/* What columns the server has decides what texts and bytes are. */
static int bind_and_add(tdrest_stmt *stmt, const tdrt_batch *b)
{
    int rc = tdrest_stmt_bind_arrow(stmt, &b->schema, &b->array);

    return rc == TDREST_OK ? tdrest_stmt_add_row(stmt) : rc;
}

static void described(void)
{
    static const int32_t wkb_offsets[] = {0, 21};
    static const char wkb[] = "\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\x00\x40";
    static const int64_t ns[] = {1000000, 1000001};
    static const tdrt_sample times = {"tsn:UTC", NULL, ns, NULL, 1, 0, NULL, NULL, NULL, 0}, bad_times = {"tsn:UTC", NULL, ns, NULL, 1, 1, NULL, NULL, NULL, 0};
    static const tdrt_sample bytes = {"z", NULL, offsets, texts, 1, 0, NULL, NULL, NULL, 0}, text = {"u", NULL, offsets, texts, 1, 2, NULL, NULL, NULL, 0};
    static const tdrt_sample point = {"z", NULL, wkb_offsets, wkb, 1, 0, NULL, NULL, NULL, 0}, number = {"l", NULL, counts, NULL, 1, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample nothing = {"n", NULL, NULL, NULL, 1, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample *const columns[5] = {&times, &bytes, &text, &point, &number}, *const bad[5] = {&bad_times, &bytes, &text, &point, &number};
    static const tdrt_sample *const nulls[5] = {&times, &nothing, &nothing, &nothing, &nothing};
    tdrest_stmt *stmt;
    tdrt_batch b;

    conn = tdrt_dial_new(&server, answer_any, "");
    stmt = prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?)");
    CHECK(tdrest_stmt_describe(stmt, NULL) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    tdrt_make_batch(columns, 5, 1, &b);
    CHECK(bind_and_add(stmt, &b) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    tdrt_make_batch(nulls, 5, 1, &b);
    CHECK(bind_and_add(stmt, &b) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    tdrt_make_batch(bad, 5, 1, &b);
    CHECK_INT(bind_and_add(stmt, &b), TDREST_EBIND);
    CHECK_INT(tdrest_stmt_error(stmt)->row, 2);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_EBIND); /* it is bound as long as nothing else is */
    tdrt_make_batch(nulls, 5, 0, &b);
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_OK);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK);
    CHECK(tdrt_server_arrivals(&server, "INSERT INTO t VALUES (1, 'a', 'bcd', 'POINT(1 2)', 101)(1, NULL, NULL, NULL, NULL)") == 1, "%.3000s", server.counts->arrived);
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

static int answer_other_columns(const tdrt_visit *visit)
{
    tdrt_answer answer = {.body = "{\"code\":0,\"column_meta\":[[\"field\",\"VARCHAR\",64],[\"type\",\"VARCHAR\",20],[\"length\",\"INT\",4],[\"note\",\"VARCHAR\",16]],\"data\":["
                                  "[\"ts\",\"TIMESTAMP\",8,\"\"],[\"m\",\"DECIMAL(10, 2)\",16,\"\"],[\"b\",\"VARBINARY\",16,\"\"]],\"rows\":3}"};

    return tdrt_starts(visit, "DESCRIBE") ? tdrt_send_answer(visit, &answer) : answer_any(visit);
}

/* Text is a DECIMAL where the column is one; bytes are a GEOMETRY where their field says so. */
static void other_columns(void)
{
    static const int32_t ends[] = {0, 3}, wkb_ends[] = {0, 21};
    static const char wkb[] = "\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\x00\x40";
    static const struct { int32_t pairs, key; char name[20]; int32_t len; char value[12]; } metadata = {1, 20, {"ARROW:extension:name"}, 12, {"geoarrow.wkb"}};
    static const tdrt_sample times = {"tsm:UTC", NULL, counts, NULL, 1, 0, NULL, NULL, NULL, 0}, number = {"u", NULL, ends, "1.5", 1, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample bytes = {"z", NULL, ends, "abc", 1, 0, NULL, NULL, NULL, 0}, point = {"z", NULL, wkb_ends, wkb, 1, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample *const columns[3] = {&times, &number, &bytes}, *const points[2] = {&times, &point};
    tdrest_stmt *stmt;
    tdrt_batch b;

    conn = tdrt_dial_new(&server, answer_other_columns, "");
    stmt = prepare("INSERT INTO t VALUES (?, ?, ?)");
    CHECK(tdrest_stmt_describe(stmt, NULL) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    tdrt_make_batch(columns, 3, 1, &b);
    CHECK(bind_and_add(stmt, &b) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK);
    CHECK(tdrt_server_arrivals(&server, "INSERT INTO t VALUES (101, 1.5, '\\x616263')") == 1, "%.3000s", server.counts->arrived);
    tdrest_stmt_free(stmt);
    stmt = prepare("INSERT INTO p VALUES (?, ?)");
    tdrt_make_batch(points, 2, 1, &b);
    b.column[1].schema.metadata = (const char *)&metadata;
    CHECK(bind_and_add(stmt, &b) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK);
    CHECK(tdrt_server_arrivals(&server, "INSERT INTO p VALUES ('1970-01-01T00:00:00.101Z', 'POINT(1 2)')") == 1, "%.3000s", server.counts->arrived);
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

static void misuse(void)
{
    static const uint8_t no_bits[] = {0xfe};
    static const tdrt_sample times = {"tsm:UTC", NULL, counts, NULL, 6, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample *const columns[2] = {&times, &times};
    tdrest_stmt *stmt;
    tdrt_batch b;

    conn = tdrt_dial_new(&server, answer_any, "");
    stmt = prepare("INSERT INTO t VALUES (?, ?)");
    tdrt_make_batch(columns, 1, 6, &b);
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EUSAGE);
    tdrt_make_batch(columns, 2, 7, &b);
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EUSAGE); /* a child is shorter than its struct */
    tdrt_make_batch(columns, 2, 6, &b);
    b.array.offset = -1;
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EUSAGE);
    b.array.offset = 0;
    b.buffers[0] = no_bits;
    b.array.null_count = 1;
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EUSAGE);
    tdrt_make_batch(columns, 2, 6, &b);
    b.schema.format = "i";
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EUSAGE);
    tdrt_make_batch(columns, 2, 6, &b);
    b.column[1].array.release = NULL;
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EUSAGE);
    tdrt_make_batch(columns, 2, 6, &b);
    b.column[1].buffers[1] = NULL;
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EUSAGE);
    CHECK(strstr(tdrest_stmt_error(stmt)->message, "all buffers") != NULL, "%s", tdrest_stmt_error(stmt)->message);
    tdrt_make_batch(columns, 2, 6, &b);
    b.column[1].array.n_buffers = 1;
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EUSAGE);
    tdrt_make_batch(columns, 2, 0, &b);
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_OK);
    b.array.release = NULL;
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_bind_arrow(stmt, NULL, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_bind_stream(stmt, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_OK);
    CHECK(strstr(server.counts->arrived, "INSERT") == NULL, "%.2000s", server.counts->arrived);
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

static int add_all(tdrest_conn *c)
{
    tdrest_stmt *stmt = NULL;
    int rc = tdrest_stmt_new(c, "INSERT INTO t VALUES (?, ?)", TDREST_CSTR, &stmt);

    for (size_t i = 0; rc == TDREST_OK && i < COUNT_OF(samples); i++) {
        const tdrt_sample times = {"tsm:UTC", NULL, counts, NULL, samples[i].length, 0, NULL, NULL, NULL, 0};
        const tdrt_sample *const columns[2] = {&times, &samples[i]};
        tdrt_batch b;

        tdrt_make_batch(columns, 2, samples[i].length, &b);
        rc = bind_and_add(stmt, &b);
        if (rc == TDREST_EBIND && samples[i].expected == NULL)
            rc = TDREST_OK;
    }
    tdrest_stmt_free(stmt);
    return rc;
}

static void out_of_memory(void)
{
    tdrest_options *options;
    tdrest_conn *c;
    int64_t before, count;

    CHECK_INT(tdrest_options_new(&tdrt_memory, &options), TDREST_OK);
    CHECK_INT(tdrest_conn_new(options, &c), TDREST_OK);
    before = tdrt_memory_live();
    tdrt_memory_plan(0, 0);
    CHECK_INT(add_all(c), TDREST_OK);
    count = tdrt_memory_count();
    CU_ASSERT(count > 50);
    for (int64_t n = 1; n <= count; n++) {
        for (int persistent = 0; persistent < 2; persistent++) {
            int rc;

            tdrt_memory_plan(n, persistent);
            rc = add_all(c);
            tdrt_memory_plan(0, 0);
            CHECK(rc == TDREST_ENOMEM, "allocation %d: %d", (int)n, rc);
            CHECK(tdrt_memory_live() == before, "allocation %d: %d blocks are left", (int)n, (int)(tdrt_memory_live() - before));
        }
    }
    tdrest_conn_free(c);
    tdrest_options_free(options);
}

/* Halves that are no numbers are as little bound as other floats. */
static void halves(void)
{
    conn = tdrt_dial_new(&server, answer_any, "");
    for (int i = 8; i < 10; i++) {
        const tdrt_sample half = {"e", NULL, f16 + i, NULL, 1, 0, NULL, NULL, NULL, 0};
        const tdrt_sample *const columns[1] = {&half};
        tdrest_stmt *stmt = prepare("INSERT INTO t VALUES ('2024-01-01 00:00:00', ?)");
        tdrt_batch b;

        tdrt_make_batch(columns, 1, 1, &b);
        CHECK_INT(tdrest_stmt_bind_arrow(stmt, &b.schema, &b.array), TDREST_OK);
        CHECK_INT(tdrest_stmt_add_row(stmt), TDREST_EBIND);
        CHECK(strstr(tdrest_stmt_error(stmt)->message, "finite") != NULL, "%s", tdrest_stmt_error(stmt)->message);
        tdrest_stmt_free(stmt);
    }
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
}

CU_TestInfo tdrt_arrow_bind[] = {
    {"every type", types},
    {"decimals of 128 bits", wide_decimals},
    {"slices, tags, single rows, lists", rows},
    {"described columns", described},
    {"other columns", other_columns},
    {"misuse", misuse},
    {"out of memory", out_of_memory},
    {"halves that are no numbers", halves},
    CU_TEST_INFO_NULL,
};
