/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Literals with a grammar of their own, JSON tags and geometry, and what fits a known column. */
#include "test.h"

#include "base/buf.h"
#include "sql/literal.h"

#include <float.h>

#define TEXT(literal) literal, sizeof(literal) - 1

/* ---- JSON ---- */

typedef struct json_case {
    const char *text;
    size_t len;
    const char *part; /* of the refusal; NULL: taken */
} json_case;

static void json(void)
{
    static const json_case cases[] = {
        {TEXT("{\"k\":1}"), NULL}, {TEXT(" { \"k\" : \"v\" , \"b\":true,\"f\" :false,\"n\":null } "), NULL}, {TEXT("{\"k\":\"\\u00e9\\n\\\"\xc3\xa9\"}"), NULL},
        {TEXT("{\"k\":-1.5e-7}"), NULL}, {TEXT("{\"k\":9.9e49}"), NULL}, {TEXT("{\"k\":123456789012345}"), NULL}, {TEXT("{\"k\":100000000000000000000}"), NULL},
        {TEXT("{\"a\":1,\"b\":2,\"aa\":3}"), NULL}, {TEXT("{\"a b~!\":1}"), NULL}, {TEXT("{\"k\":-0.0}"), NULL},
        {TEXT("{\"k\":1e50}"), "1e50"}, {TEXT("{\"k\":-1e80}"), "1e50"}, {TEXT("{\"k\":1e400}"), "1e50"},
        {TEXT("{\"k\":-0.00123456789012345000}"), NULL}, {TEXT("{\"k\":0.000}"), NULL}, {TEXT("{\"k\":0.30000000000000004}"), "15 significant digits"},
        {TEXT("{\"k\":1.234567890123456e3}"), "15 significant digits"}, {TEXT("{\"k\":1e-400}"), "underflow"},
        {TEXT("{\"k\":1234567890123456}"), "15 significant digits"}, {TEXT("{\"k\":-9007199254740993}"), "15 significant digits"}, {TEXT("{}"), "non-empty object"}, {TEXT("{ }"), "non-empty object"},
        {TEXT(""), "JSON"}, {TEXT("null"), "JSON"}, {TEXT("[1]"), "JSON"}, {TEXT("{k:1}"), "JSON"}, {TEXT("{\"k\"}"), "JSON"}, {TEXT("{\"k\":1"), "JSON"},
        {TEXT("{\"k\":1}x"), "nothing after"}, {TEXT("{\"k\":1}{"), "nothing after"}, {TEXT("{\"k\":1,}"), "JSON"}, {TEXT("{,\"k\":1}"), "JSON"},
        {TEXT("{\"k\":01}"), "JSON"}, {TEXT("{\"k\":tru}"), "JSON"}, {TEXT("{\"k\":\"a\\x\"}"), "JSON"}, {TEXT("{\"k\":\"a\nb\"}"), "JSON"}, {TEXT("{\"k\":\"a"), "JSON"},
        {TEXT("{\"k\":[1]}"), "arrays"}, {TEXT("{\"k\":{\"a\":1}}"), "arrays"}, {TEXT("{\"\":1}"), "non-empty"}, {TEXT("{\"\xc3\xa9\":1}"), "ASCII"}, {TEXT("{\"k\x7f\":1}"), "ASCII"},
        {TEXT("{\"\\u0041\":1}"), "ASCII"}, {TEXT("{\"k\":1,\"k\":2}"), "each key once"}, {TEXT("{\"a\":\"k\",\"b\":{},\"a\":2}"), "arrays"},
        {TEXT("{\"a\":1,\"b\":2,\"a\" :3}"), "each key once"}, {TEXT("{\"k\":\"\\u0000\"}"), "u0000"}, {TEXT("{\"k\":\"\xff\"}"), "UTF-8"}, {TEXT("{\"k\":1}\0"), "NUL"},
    };
    char text[5000];
    size_t len;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *expected = tdri_json_tag_check(cases[i].text, cases[i].len);

        CHECK(cases[i].part == NULL ? expected == NULL : expected != NULL && strstr(expected, cases[i].part) != NULL, "%s: %s", cases[i].text,
              expected == NULL ? "taken" : expected);
    }
    for (int key = 256; key <= 257; key++) {
        snprintf(text, sizeof text, "{\"%0*d\":1}", key, 7);
        CHECK_INT(tdri_json_tag_check(text, strlen(text)) == NULL, key == 256);
    }
    for (int value = 4095 - 8; value <= 4096 - 8; value++) {
        len = (size_t)snprintf(text, sizeof text, "{\"k\":\"%0*d\"}", value, 7);
        CHECK_INT(tdri_json_tag_check(text, len) == NULL, len == 4095);
    }
}

/* ---- geometry ---- */

static void wkt(void)
{
    static const struct { const char *text; size_t size; const char *part; } cases[] = {
        {"POINT(1 2)", 21, NULL}, {" point ( -1.5e3 2 ) ", 21, NULL}, {"LINESTRING(1 2,3 4)", 41, NULL}, {"POLYGON((0 0,1 0,1 1,0 0))", 77, NULL},
        {"POLYGON((0 0,9 0,9 9,0 0),(1 1,2 1,2 2,1 1))", 145, NULL}, {"MULTIPOINT(1 2,3 4)", 51, NULL}, {"MULTIPOINT((1 2),(3 4))", 51, NULL},
        {"MULTILINESTRING((1 2,3 4),(5 6,7 8))", 91, NULL}, {"MULTIPOLYGON(((0 0,1 0,1 1,0 0)))", 86, NULL},
        {"", 0, "POINT"}, {"POINT", 0, "POINT"}, {"POINT()", 0, "POINT"}, {"POINT(1)", 0, "POINT"}, {"POINT(1 2", 0, "POINT"}, {"POINT(1 2))", 0, "POINT"}, {"POINT 1 2", 0, "POINT"},
        {"POINT(1 2 3)", 0, "third"}, {"LINESTRING(1 2 3,4 5 6)", 0, "third"}, {"POINT EMPTY", 0, "POINT"}, {"POINT(nan 1)", 0, "POINT"}, {"POINT(1e999 1)", 0, "POINT"},
        {"LINESTRING(1 2)", 0, "two points"}, {"POLYGON((0 0,1 0,1 1))", 0, "four points"}, {"POLYGON((0 0,1 0,1 1,0 1))", 0, "first one"}, {"POLYGON(0 0,1 0,1 1,0 0)", 0, "POINT"},
        {"GEOMETRYCOLLECTION(POINT(1 2))", 0, "POINT"}, {"SRID=4326;POINT(1 2)", 0, "POINT"}, {"POINTS(1 2)", 0, "POINT"}, {"POINT(1 2)x", 0, "POINT"},
        {"0101000000000000000000F03F0000000000000040", 0, "POINT"}, {"\\x0101000000000000000000F03F0000000000000040", 0, "POINT"}, {"POINT(1 2); drop", 0, "POINT"},
        {"MULTIPOINT(1 2,(3 4)", 0, "POINT"}, {"POINT((1 2))", 0, "POINT"}, {"POINT(1,2)", 0, "POINT"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t size = 0;
        const char *expected = tdri_wkt_check(cases[i].text, strlen(cases[i].text), &size);

        CHECK(cases[i].part == NULL ? expected == NULL : expected != NULL && strstr(expected, cases[i].part) != NULL, "%s: %s", cases[i].text,
              expected == NULL ? "taken" : expected);
        if (expected == NULL)
            CHECK_INT(size, cases[i].size);
    }
}

#define ORDER "\x01"
#define SHAPE(n) n "\0\0\0"
#define ONE "\0\0\0\0\0\0\xf0\x3f"
#define TWO "\0\0\0\0\0\0\0\x40"

static void wkb(void)
{
    static const struct { const char *bytes; size_t len; const char *want; } cases[] = {
        {TEXT(ORDER SHAPE("\x01") ONE TWO), "POINT(1 2)"},
        {TEXT("\0\0\0\0\x01" "\x3f\xf0\0\0\0\0\0\0" "\x40\0\0\0\0\0\0\0"), "POINT(1 2)"},
        {TEXT(ORDER SHAPE("\x02") SHAPE("\x02") ONE TWO TWO ONE), "LINESTRING(1 2,2 1)"},
        {TEXT(ORDER SHAPE("\x03") SHAPE("\x01") SHAPE("\x02") ONE TWO TWO ONE), "POLYGON((1 2,2 1))"},
        {TEXT(ORDER SHAPE("\x04") SHAPE("\x02") ORDER SHAPE("\x01") ONE TWO ORDER SHAPE("\x01") TWO ONE), "MULTIPOINT((1 2),(2 1))"},
        {TEXT(ORDER SHAPE("\x06") SHAPE("\x01") ORDER SHAPE("\x03") SHAPE("\x01") SHAPE("\x01") ONE TWO), "MULTIPOLYGON(((1 2)))"},
        {TEXT(ORDER SHAPE("\x07") ONE TWO), NULL}, {TEXT(ORDER SHAPE("\0") ONE TWO), NULL}, {TEXT("\x02" SHAPE("\x01") ONE TWO), NULL},
        {TEXT(ORDER SHAPE("\x02") SHAPE("\0")), NULL}, {TEXT(ORDER SHAPE("\x02") "\xff\xff\xff\xff" ONE TWO), NULL},
        {TEXT(ORDER SHAPE("\x01") ONE TWO "\0"), NULL}, {TEXT(ORDER SHAPE("\x01") "\0\0\0\0\0\0\xf8\x7f" ONE), NULL},
        {TEXT(ORDER SHAPE("\x04") SHAPE("\x01") ORDER SHAPE("\x02") SHAPE("\x01") ONE TWO), NULL},
    };
    tdri_buf out;

    tdri_buf_init(&out, &tdri_mem_default, SIZE_MAX);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdri_buf_reset(&out);
        CHECK_INT(tdri_wkb_add(&out, cases[i].bytes, cases[i].len) == NULL, cases[i].want != NULL);
        CHECK_TEXT(tdri_buf_text(&out), cases[i].want == NULL ? "" : cases[i].want);
        for (size_t cut = 0; cases[i].want != NULL && cut < cases[i].len; cut++)
            CHECK(tdri_wkb_add(&out, cases[i].bytes, cut) != NULL, "%s cut at %zu", cases[i].want, cut);
    }
    tdri_buf_clear(&out);
}

static void geometry_literals(void)
{
    static const tdrest_column narrow = {.size = sizeof narrow, .type = TDREST_TYPE_GEOMETRY, .declared = 20};
    const tdrest_column *const narrow_alone[] = {&narrow, NULL};
    tdri_place place = {NULL, 0, 0, 0, 0};
    tdri_value v = {TDREST_TYPE_GEOMETRY, 0, {0}, TEXT(ORDER SHAPE("\x01") ONE TWO)};
    tdri_buf out;

    tdri_buf_init(&out, &tdri_mem_default, SIZE_MAX);
    CU_ASSERT(tdri_literal_add(&out, &v, &place) == NULL);
    CHECK_TEXT(tdri_buf_text(&out), "'POINT(1 2)'");
    place.columns = narrow_alone;
    tdri_buf_reset(&out);
    CU_ASSERT(tdri_literal_add(&out, &v, &place) != NULL && out.len == 0);
    v.bytes = "POINT(1 2)";
    v.len = 10;
    CU_ASSERT(tdri_literal_add(&out, &v, &place) != NULL && out.len == 0);
    place.columns = NULL;
    CU_ASSERT(tdri_literal_add(&out, &v, &place) == NULL);
    CHECK_TEXT(tdri_buf_text(&out), "'POINT(1 2)'");
    tdri_buf_clear(&out);
}

/* Binary that is short enough may be too long as text: 21 bytes of a point become up to 50. */
static void long_geometry(void)
{
    enum { POINTS = 4000 };
    static char line[9 + 16 * POINTS] = "\x01\x02\0\0\0\xa0\x0f"; /* order, shape, how many points */
    const double long_number = -1.2345678901234567e-100;
    tdri_place place = {NULL, 0, 0, 0, 0};
    tdri_value v = {TDREST_TYPE_GEOMETRY, 0, {0}, line, sizeof line};
    const char *expected;
    tdri_buf out;

    tdri_buf_init(&out, &tdri_mem_default, SIZE_MAX);
    CU_ASSERT(tdri_literal_add(&out, &v, &place) == NULL && out.len == strlen("'LINESTRING()'") + POINTS * 4 - 1);
    for (size_t i = 0; i < 2 * POINTS; i++)
        memcpy(line + 9 + 8 * i, &long_number, sizeof long_number);
    expected = tdri_literal_add(&out, &v, &place);
    CU_ASSERT(expected != NULL && strstr(expected, "65,530") != NULL && out.len == strlen("'LINESTRING()'") + POINTS * 4 - 1);
    tdri_buf_clear(&out);
}

/* ---- known columns ---- */

static tdri_value integer(int64_t i)
{
    tdri_value v = {TDREST_TYPE_BIGINT, 0, {i}, NULL, 0};

    return v;
}

static void integer_ranges(void)
{
    static const struct { int type; int64_t least; uint64_t most; } cases[] = {
        {TDREST_TYPE_TINYINT, INT8_MIN, INT8_MAX}, {TDREST_TYPE_SMALLINT, INT16_MIN, INT16_MAX}, {TDREST_TYPE_INT, INT32_MIN, INT32_MAX},
        {TDREST_TYPE_BIGINT, INT64_MIN, INT64_MAX}, {TDREST_TYPE_UTINYINT, 0, UINT8_MAX}, {TDREST_TYPE_USMALLINT, 0, UINT16_MAX},
        {TDREST_TYPE_UINT, 0, UINT32_MAX}, {TDREST_TYPE_UBIGINT, 0, UINT64_MAX}, {TDREST_TYPE_FLOAT, -16777216, 16777216},
        {TDREST_TYPE_DOUBLE, -9007199254740992, 9007199254740992u}, {TDREST_TYPE_DECIMAL, -99999999, 99999999},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdrest_column column = {.size = sizeof column, .type = cases[i].type, .precision = 10, .scale = 2}; /* DECIMAL(10,2) */
        tdri_value v = integer(cases[i].least);

        CHECK(tdri_column_check(&v, &column, 0) == NULL, "%s: its least", tdrest_type_name(cases[i].type));
        if (cases[i].least > INT64_MIN) {
            v.as.i--;
            CHECK(tdri_column_check(&v, &column, 0) != NULL, "%s: below its least", tdrest_type_name(cases[i].type));
        }
        v.type = TDREST_TYPE_UBIGINT;
        v.as.u = cases[i].most;
        CHECK(tdri_column_check(&v, &column, 0) == NULL, "%s: its most", tdrest_type_name(cases[i].type));
        if (cases[i].most < UINT64_MAX) {
            v.as.u++;
            CHECK(tdri_column_check(&v, &column, 0) != NULL, "%s: above its most", tdrest_type_name(cases[i].type));
        }
    }
}

/* Which types of columns take which types of values, where the value is small. */
static void types_that_fit(void)
{
    static const int columns[] = {TDREST_TYPE_BOOL, TDREST_TYPE_INT, TDREST_TYPE_UTINYINT, TDREST_TYPE_FLOAT, TDREST_TYPE_DOUBLE, TDREST_TYPE_VARCHAR,
        TDREST_TYPE_TIMESTAMP, TDREST_TYPE_NCHAR, TDREST_TYPE_JSON, TDREST_TYPE_VARBINARY, TDREST_TYPE_DECIMAL, TDREST_TYPE_BLOB, TDREST_TYPE_GEOMETRY};
    static const struct { int type; const char *bytes; const char *fits; } values[] = {
        {TDREST_TYPE_BOOL, NULL, "1............"}, {TDREST_TYPE_BIGINT, NULL, ".1111.....1.."}, {TDREST_TYPE_UBIGINT, NULL, ".1111.....1.."},
        {TDREST_TYPE_FLOAT, NULL, "...11........"}, {TDREST_TYPE_DOUBLE, NULL, "...11........"}, {TDREST_TYPE_VARCHAR, "7", ".....1.1....."},
        {TDREST_TYPE_NCHAR, "7", ".....1.1....."}, {TDREST_TYPE_TIMESTAMP, NULL, "......1......"}, {TDREST_TYPE_JSON, "7", "........1...."},
        {TDREST_TYPE_VARBINARY, "7", ".........1.1."}, {TDREST_TYPE_DECIMAL, "7", "..........1.."}, {TDREST_TYPE_GEOMETRY, "7", "............1"},
        {TDREST_TYPE_UNKNOWN, NULL, "............."},
    };

    for (size_t i = 0; i < COUNT_OF(values); i++)
        for (size_t k = 0; k < COUNT_OF(columns); k++) {
            tdrest_column column = {.size = sizeof column, .type = columns[k], .declared = 64, .precision = 10, .scale = 2};
            tdri_value v = {values[i].type, TDREST_MS, {0}, values[i].bytes, values[i].bytes == NULL ? 0 : 1};

            CHECK((tdri_column_check(&v, &column, 1) == NULL) == (values[i].fits[k] == '1'), "%s in %s", tdrest_type_name(values[i].type),
                  tdrest_type_name(columns[k]));
        }
}

static void lengths_that_fit(void)
{
    static const struct { int value, column; int64_t declared; const char *text; size_t len; int fits; } cases[] = {
        {TDREST_TYPE_VARCHAR, TDREST_TYPE_VARCHAR, 4, TEXT("abcd"), 1}, {TDREST_TYPE_VARCHAR, TDREST_TYPE_VARCHAR, 4, TEXT("abcde"), 0},
        {TDREST_TYPE_NCHAR, TDREST_TYPE_VARCHAR, 2, TEXT("\xe6\xb8\xa9"), 0}, {TDREST_TYPE_NCHAR, TDREST_TYPE_NCHAR, 1, TEXT("\xf0\x9f\x98\x80"), 1},
        {TDREST_TYPE_VARCHAR, TDREST_TYPE_NCHAR, 2, TEXT("\xf0\x9f\x98\x80xy"), 0}, {TDREST_TYPE_VARCHAR, TDREST_TYPE_NCHAR, 9, TEXT("\xff"), 0},
        {TDREST_TYPE_VARBINARY, TDREST_TYPE_VARBINARY, 2, TEXT("\0\0"), 1}, {TDREST_TYPE_VARBINARY, TDREST_TYPE_VARBINARY, 2, TEXT("\0\0\0"), 0},
    };
    static const struct { const char *text; int precision, scale, fits; } decimals[] = {
        {"12345678.90", 10, 2, 1}, {"123456789", 10, 2, 0}, {"1.005", 10, 2, 0}, {"1.500", 10, 2, 1}, {"0.5", 18, 0, 0}, {"-0.50", 2, 2, 1}, {"-0.50", 3, 2, 1},
        {"1", 38, 38, 0}, {"0.00000000000000000000000000000000000001", 38, 38, 1}, {"-007.1", 2, 1, 1}, {"0", 38, 38, 1}, {"-0.0", 1, 1, 1}, {"10.0", 2, 1, 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdrest_column column = {.size = sizeof column, .type = cases[i].column, .declared = cases[i].declared};
        tdri_value v = {cases[i].value, 0, {0}, cases[i].text, cases[i].len};

        CHECK((tdri_column_check(&v, &column, 0) == NULL) == cases[i].fits, "case %zu", i);
    }
    for (size_t i = 0; i < COUNT_OF(decimals); i++) {
        tdrest_column column = {.size = sizeof column, .type = TDREST_TYPE_DECIMAL, .precision = decimals[i].precision, .scale = decimals[i].scale};
        tdri_value v = {TDREST_TYPE_DECIMAL, 0, {0}, decimals[i].text, strlen(decimals[i].text)};

        CHECK((tdri_column_check(&v, &column, 0) == NULL) == decimals[i].fits, "%s in (%d,%d)", decimals[i].text, decimals[i].precision, decimals[i].scale);
    }
}

static void doubles_that_fit(void)
{
    tdrest_column column = {.size = sizeof column, .type = TDREST_TYPE_FLOAT};
    tdri_value v = {TDREST_TYPE_DOUBLE, 0, {0}, NULL, 0};

    v.as.d = FLT_MAX;
    CU_ASSERT(tdri_column_check(&v, &column, 0) == NULL);
    v.as.d = (double)FLT_MAX * 1.0000001;
    CU_ASSERT(tdri_column_check(&v, &column, 0) != NULL);
    v.as.d = -v.as.d;
    CU_ASSERT(tdri_column_check(&v, &column, 0) != NULL);
    column.type = TDREST_TYPE_DOUBLE;
    CU_ASSERT(tdri_column_check(&v, &column, 0) == NULL);
}

CU_TestInfo tdrt_grammar[] = {
    {"JSON tags", json},
    {"well-known text", wkt},
    {"well-known binary", wkb},
    {"geometry", geometry_literals},
    {"geometry that is too long as text", long_geometry},
    {"integers within their columns", integer_ranges},
    {"doubles within theirs", doubles_that_fit},
    {"which types fit which", types_that_fit},
    {"lengths and digits", lengths_that_fit},
    CU_TEST_INFO_NULL,
};
