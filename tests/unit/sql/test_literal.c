/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Values as literals: every type, every refusal, limits at both sides; names; times; JSON; geometry. */
#include "test.h"

#include "base/buf.h"
#include "sql/literal.h"
#include "sql/bound_array.h"

#include <float.h>
#include <math.h>

enum { MS = TDREST_MS, US = TDREST_US, NS = TDREST_NS };

#define TEXT(literal) literal, sizeof(literal) - 1

static tdri_buf out;

static const tdri_place anywhere, in_expression = {NULL, 0, 1, 0, 0}, as_key = {NULL, 0, 0, 1, 0}, as_table = {NULL, 0, 0, 0, 1};

static void begin(void)
{
    tdri_buf_init(&out, &tdri_mem_default, SIZE_MAX);
    tdri_buf_add_text(&out, "#");
}

/* The literal, or NULL with what was expected. A refusal must leave nothing behind. */
static const char *literal(const tdri_value *value, const tdri_place *place, const char **expected)
{
    tdri_buf_cut(&out, 1);
    *expected = tdri_literal_add(&out, value, place);
    CHECK_INT(tdri_buf_code(&out), TDREST_OK);
    CHECK((*expected == NULL) == (out.len > 1) && strlen(out.data) == out.len, "%s behind a refusal", out.data);
    return *expected == NULL ? out.data + 1 : NULL;
}

static void must_be(const tdri_value *value, const tdri_place *place, const char *want)
{
    const char *expected, *got = literal(value, place, &expected);

    CHECK(got != NULL && strcmp(got, want) == 0, "%s, expected %s", got == NULL ? expected : got, want);
}

/* part: a word of the reason. */
static void must_refuse(const tdri_value *value, const tdri_place *place, const char *part)
{
    const char *expected, *got = literal(value, place, &expected);

    CHECK(got == NULL && strstr(expected, part) != NULL, "%.80s instead of a refusal with \"%s\"", got == NULL ? expected : got, part);
}

static tdri_value text_value(int type, const char *text, size_t len)
{
    tdri_value v = {type, 0, {0}, text, len};

    return v;
}

/* ---- numbers ---- */

static void integers(void)
{
    tdri_value v = {TDREST_TYPE_BIGINT, 0, {INT64_MIN}, NULL, 0};

    begin();
    must_be(&v, &anywhere, "-9223372036854775808");
    v.as.i = INT64_MAX;
    must_be(&v, &anywhere, "9223372036854775807");
    must_be(&v, &in_expression, "9223372036854775807");
    v.type = TDREST_TYPE_UBIGINT;
    v.as.u = UINT64_MAX;
    must_be(&v, &anywhere, "18446744073709551615");
    v.type = TDREST_TYPE_BOOL;
    v.as.i = 1;
    must_be(&v, &anywhere, "true");
    v.as.i = 0;
    must_be(&v, &in_expression, "false");
    v.type = TDREST_TYPE_UNKNOWN;
    must_be(&v, &anywhere, "NULL");
    must_refuse(&v, &as_key, "never NULL");
    must_refuse(&v, &as_table, "not NULL");
    v.type = TDREST_TYPE_BIGINT;
    must_refuse(&v, &as_key, "a time");
    must_refuse(&v, &as_table, "table name");
    v.type = 19;
    must_refuse(&v, &anywhere, "a type that can be written");
    tdri_buf_clear(&out);
}

static void doubles(void)
{
    static const struct { double value; const char *insert, *expression; } cases[] = {
        {0.0, "0", "0.0"}, {-0.0, "-0", "-0.0"}, {1, "1", "1.0"}, {-10.3, "-10.3", "-10.3"}, {1e20, "100000000000000000000", "100000000000000000000.0"},
        {1e21, "1e+21", "1e+21"}, {1e-7, "1e-07", "1e-07"}, {DBL_MAX, "1.7976931348623157e+308", "1.7976931348623157e+308"},
        {DBL_MIN, "2.2250738585072014e-308", "2.2250738585072014e-308"}, {0x1p-1074, "'0x1p-1074'", "'0x1p-1074'"},
        {-0x1.8p-1073, "'-0x3p-1074'", "'-0x3p-1074'"}, {0x0.fffffffffffffp-1022, "'0xfffffffffffffp-1074'", "'0xfffffffffffffp-1074'"},
        {9007199254740993.0, "9007199254740992", "9007199254740992.0"},
    };
    tdri_value v = {TDREST_TYPE_DOUBLE, 0, {0}, NULL, 0};

    begin();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        v.as.d = cases[i].value;
        must_be(&v, &anywhere, cases[i].insert);
        must_be(&v, &in_expression, cases[i].expression);
    }
    v.as.d = NAN;
    must_refuse(&v, &anywhere, "finite");
    v.as.d = INFINITY;
    must_refuse(&v, &anywhere, "finite");
    v.as.d = -INFINITY;
    must_refuse(&v, &in_expression, "finite");
    tdri_buf_clear(&out);
}

static void floats(void)
{
    static const struct { float value; const char *text; } cases[] = {
        {0.0f, "0"}, {-0.0f, "-0"}, {10.3f, "10.3"}, {0.31f, "0.31"}, {-998.999f, "-998.999"}, {999.25f, "999.25"}, {1e-7f, "1e-07"}, {16777216.0f, "16777216"},
        {0.001f, "0.001"}, {0.0005f, "0.0005"}, {1.1754943508222875e-38f, "1.1754944e-38"}, {1.4012984643248171e-45f, "1e-45"},
        /* the shortest float text would be refused, or come back as the neighbour */
        {FLT_MAX, "3.4028234663852886e+38"}, {-FLT_MAX, "-3.4028234663852886e+38"},
    };
    const tdrest_column as_double = {.size = sizeof as_double, .type = TDREST_TYPE_DOUBLE};
    const tdrest_column *const double_alone[] = {&as_double, NULL};
    const tdri_place double_place = {double_alone, 0, 0, 0, 0};
    tdri_value v = {TDREST_TYPE_FLOAT, 0, {0}, NULL, 0};
    uint32_t bits = 0x15ae43fd;
    const char *expected, *got;

    begin();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        v.as.f = cases[i].value;
        must_be(&v, &anywhere, cases[i].text);
    }
    memcpy(&v.as.f, &bits, sizeof bits);
    got = literal(&v, &anywhere, &expected);
    CHECK(got != NULL && strcmp(got, "7.038531e-26") != 0 && (float)strtod(got, NULL) == v.as.f, "%s", got == NULL ? expected : got);
    v.as.f = 5.0f;
    must_be(&v, &in_expression, "5.0");
    v.as.f = 0.1f;
    must_be(&v, &double_place, "0.10000000149011612");
    v.as.f = NAN;
    must_refuse(&v, &anywhere, "finite");
    must_refuse(&v, &double_place, "finite");
    v.as.f = -INFINITY;
    must_refuse(&v, &anywhere, "finite");
    tdri_buf_clear(&out);
}

static void decimals(void)
{
    static const struct { const char *text, *want; } cases[] = {
        {"0", "0"}, {"-0", "-0"}, {"-123.4500", "-123.45"}, {"1.000", "1"}, {"007", "7"}, {"-007.50", "-7.5"}, {"00", "0"}, {"-00.0", "-0"}, {"0.5", "0.5"}, {"100", "100"}, {"0.0", "0"},
        {"99999999999999999999999999999999999999", "99999999999999999999999999999999999999"},
        {"-0.99999999999999999999999999999999999999", "-0.99999999999999999999999999999999999999"},
        {"000000000000000000000000000000000000000001", "1"},
        {"1.00000000000000000000000000000000000000000", "1"},
        {"", NULL}, {"-", NULL}, {"1.", NULL}, {".5", NULL}, {"+1", NULL}, {" 1", NULL}, {"1 ", NULL}, {"1e3", NULL}, {"0x10", NULL}, {"1,000", NULL},
        {"1.2.3", NULL}, {"nan", NULL}, {"'1'", NULL}, {"1)--", NULL},
        {"100000000000000000000000000000000000000", NULL}, {"1.00000000000000000000000000000000000001", NULL},
        {"0.000000000000000000000000000000000000001", NULL},
    };

    begin();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdri_value v = text_value(TDREST_TYPE_DECIMAL, cases[i].text, strlen(cases[i].text));

        if (cases[i].want != NULL)
            must_be(&v, &anywhere, cases[i].want);
        else
            must_refuse(&v, &anywhere, "digits");
    }
    tdri_buf_clear(&out);
}

/* ---- texts and bytes ---- */

static void texts(void)
{
    static char long_text[70000];
    tdri_value v = text_value(TDREST_TYPE_VARCHAR, TEXT("it's a \\ \"x\"\n\xff"));
    const char *expected;

    begin();
    must_be(&v, &anywhere, "'it\\'s a \\\\ \"x\"\n\xff'");
    must_be(&v, &in_expression, "'it\\'s a \\\\ \"x\"\n\xff'");
    v.type = TDREST_TYPE_NCHAR;
    must_refuse(&v, &anywhere, "UTF-8");
    v = text_value(TDREST_TYPE_NCHAR, TEXT("\xed\xa0\x80"));
    must_refuse(&v, &anywhere, "UTF-8");
    v = text_value(TDREST_TYPE_NCHAR, TEXT("\xf4\x90\x80\x80"));
    must_refuse(&v, &anywhere, "UTF-8");
    v.type = TDREST_TYPE_VARCHAR;
    must_be(&v, &anywhere, "'\xf4\x90\x80\x80'");
    v = text_value(TDREST_TYPE_NCHAR, TEXT("\xe6\xb8\xa9'\xf0\x9f\x98\x80"));
    must_be(&v, &anywhere, "'\xe6\xb8\xa9\\'\xf0\x9f\x98\x80'");
    v = text_value(TDREST_TYPE_VARCHAR, "", 0);
    must_be(&v, &anywhere, "''");
    v = text_value(TDREST_TYPE_VARCHAR, TEXT("a\0b"));
    must_refuse(&v, &anywhere, "NUL");
    memset(long_text, 'x', sizeof long_text);
    v = text_value(TDREST_TYPE_VARCHAR, long_text, 65528);
    CU_ASSERT(literal(&v, &anywhere, &expected) != NULL && out.len == 65531);
    v.len++;
    must_refuse(&v, &anywhere, "65,530");
    long_text[65528] = '\0';
    must_refuse(&v, &anywhere, "NUL");
    memset(long_text, '\'', sizeof long_text);
    v.len = 32764;
    CU_ASSERT(literal(&v, &anywhere, &expected) != NULL && out.len == 65531);
    v.len++;
    must_refuse(&v, &anywhere, "65,530");
    tdri_buf_clear(&out);
}

static void bytes(void)
{
    static char many[70000];
    tdri_value v = text_value(TDREST_TYPE_VARBINARY, TEXT("\x7f\x82\x00\xff'"));
    const char *expected;

    begin();
    must_be(&v, &anywhere, "'\\x7f8200ff27'");
    v.type = TDREST_TYPE_BLOB;
    must_be(&v, &in_expression, "'\\x7f8200ff27'");
    v.len = 0;
    must_be(&v, &anywhere, "'\\x'");
    v = text_value(TDREST_TYPE_VARBINARY, many, 65517);
    CU_ASSERT(literal(&v, &anywhere, &expected) != NULL && out.len == 2 * 65517 + 5);
    v.len = 32763;
    CU_ASSERT(literal(&v, &in_expression, &expected) != NULL && out.len == 65531);
    v.len++;
    must_refuse(&v, &in_expression, "32,763");
    tdri_buf_clear(&out);
}

static void names(void)
{
    static const struct { enum tdri_name kind; const char *name; size_t len; const char *want; } cases[] = {
        {TDRI_NAME_TABLE, TEXT("d1001"), "`d1001`"}, {TDRI_NAME_TABLE, TEXT("D 1"), "`D 1`"}, {TDRI_NAME_COLUMN, TEXT("a`b.c"), "`a``b.c`"},
        {TDRI_NAME_ANY, TEXT("a.b"), "`a.b`"}, {TDRI_NAME_TABLE, TEXT("a.b"), NULL}, {TDRI_NAME_DATABASE, TEXT("a.b"), NULL},
        {TDRI_NAME_TABLE, TEXT(""), NULL}, {TDRI_NAME_TABLE, TEXT("a\0"), NULL}, {TDRI_NAME_COLUMN, TEXT("a\\"), NULL},
    };
    static const struct { enum tdri_name kind; size_t most; } limits[] = {
        {TDRI_NAME_DATABASE, 64}, {TDRI_NAME_TABLE, 192}, {TDRI_NAME_COLUMN, 64}, {TDRI_NAME_ANY, 192},
    };
    char name[200];

    begin();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdri_buf_cut(&out, 1);
        CHECK((tdri_name_add(&out, cases[i].kind, cases[i].name, cases[i].len) == NULL) == (cases[i].want != NULL), "%s", cases[i].name);
        CHECK_TEXT(out.data + 1, cases[i].want == NULL ? "" : cases[i].want);
    }
    memset(name, 'n', sizeof name);
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        CU_ASSERT(tdri_name_check(limits[i].kind, name, limits[i].most) == NULL);
        CU_ASSERT(tdri_name_check(limits[i].kind, name, limits[i].most + 1) != NULL);
    }
    tdri_buf_clear(&out);
}

static void table_texts(void)
{
    static char name[193];
    tdri_value v = text_value(TDREST_TYPE_VARCHAR, TEXT("child '1'"));

    begin();
    must_be(&v, &as_table, "'child \\'1\\''");
    v.type = TDREST_TYPE_JSON;
    must_refuse(&v, &as_table, "table name");
    memset(name, 'n', sizeof name);
    v = text_value(TDREST_TYPE_NCHAR, name, 193);
    must_refuse(&v, &as_table, "192");
    v = text_value(TDREST_TYPE_VARCHAR, TEXT("a.b"));
    must_refuse(&v, &as_table, "dot");
    v.len = 0;
    must_refuse(&v, &as_table, "at least one");
    tdri_buf_clear(&out);
}

/* ---- times ---- */

typedef struct time_case {
    int64_t count;
    int precision, database, is_key;
    const char *want; /* begins with '!': a word of the refusal */
} time_case;

static void times(void)
{
    static const time_case cases[] = {
        {1704164645123, MS, 0, 0, "'2024-01-02T03:04:05.123Z'"}, {0, MS, 0, 1, "'1970-01-01T00:00:00.000Z'"},
        {1704164645123456789, NS, 0, 0, "'2024-01-02T03:04:05.123456789Z'"}, {-1001, MS, 0, 0, "'1969-12-31T23:59:58.999Z'"},
        {-1000, MS, 0, 0, "!second before 1970"}, {-1, NS, 0, 0, "!second before 1970"}, {-1, US, 0, 0, "!second before 1970"},
        {INT64_MAX, NS, 0, 0, "'2262-04-11T23:47:16.854775807Z'"}, {INT64_MIN, NS, 0, 0, "'1677-09-21T00:12:43.145224192Z'"},
        {9223372035999, MS, 0, 0, "'2262-04-11T23:47:15.999Z'"}, {9223372036000, MS, 0, 0, "!2262-04-11"},
        {-9223372036000, MS, 0, 0, "'1677-09-21T00:12:44.000Z'"}, {-9223372036001, MS, 0, 0, "!1677-09-21"}, {INT64_MAX, US, 0, 0, "!2262-04-11"},
        {1, 0, 0, 0, "!TDREST_MS"}, {1, 4, 0, 0, "!TDREST_MS"}, {1, 0, MS, 0, "!TDREST_MS"},
        {-1, MS, MS, 0, "-1"}, {INT64_MAX, MS, MS, 0, "9223372036854775807"}, {INT64_MIN, US, US, 0, "-9223372036854775808"},
        {5, MS, US, 0, "5000"}, {-5, MS, NS, 0, "-5000000"}, {5000, US, MS, 0, "5"}, {5001, US, MS, 0, "!truncate"}, {-5000000001, NS, MS, 0, "!truncate"},
        {9223372036854775, MS, US, 0, "9223372036854775000"}, {9223372036854776, MS, US, 0, "!range"}, {-9223372036855, MS, NS, 0, "!range"},
        {-9223372036854775, MS, US, 0, "-9223372036854775000"}, {-9223372036854776, MS, US, 0, "!range"}, {9223372036854, MS, NS, 0, "9223372036854000000"},
        {31556995200000, MS, MS, 1, "31556995200000"}, {31556995200001, MS, MS, 1, "!2970-01-01"}, {31556995200001, MS, MS, 0, "31556995200001"},
        {9214646400000000000, NS, NS, 1, "9214646400000000000"}, {9214646400000000001, NS, NS, 1, "!2262-01-01"},
    };

    begin();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdri_value v = {TDREST_TYPE_TIMESTAMP, cases[i].precision, {cases[i].count}, NULL, 0};
        tdri_place place = {NULL, cases[i].database, 0, cases[i].is_key, 0};

        if (cases[i].want[0] == '!')
            must_refuse(&v, &place, cases[i].want + 1);
        else
            must_be(&v, &place, cases[i].want);
    }
    tdri_buf_clear(&out);
}

static void time_texts(void)
{
    static const struct { const char *text; int64_t count; int precision; } cases[] = {
        {"2024-01-02T03:04:05Z", 1704164645000, MS}, {"2024-01-02 03:04:05.1z", 1704164645100, MS}, {"2024-01-02T03:04:05+08:00", 1704135845000, MS},
        {"2024-01-02T03:04:05-0530", 1704184445000, MS}, {"2024-01-02T03:04:05+08", 1704135845000, MS}, {"2024-01-02T03:04:05.1234Z", 1704164645123400, US},
        {"2024-01-02T03:04:05.123456789Z", 1704164645123456789, NS}, {"2024-01-02T03:04:05+13:59", 1704114305000, MS},
        {"1969-12-31T23:59:59Z", -1000, MS}, {"0000-01-01T00:00:00Z", -62167219200000, MS}, {"2024-02-29T00:00:00-13:59", 1709215140000 + 0, MS},
        {"2023-02-29T00:00:00Z", 0, 0}, {"2024-04-31T00:00:00Z", 0, 0}, {"2024-01-01T23:59:60Z", 0, 0}, {"2024-01-01T24:00:00Z", 0, 0},
        {"2024-01-02 03:04:05", 0, 0}, {"2024-01-02", 0, 0}, {"2024-01-02Z", 0, 0}, {"2024-01-02T03:04Z", 0, 0}, {"2024-01-02T03:04:05 +08:00", 0, 0},
        {"2024-01-02T03:04:05+14:00", 0, 0}, {"2024-01-02T03:04:05-14:00", 0, 0}, {"2024-01-02T03:04:05.5junk", 0, 0}, {"2024-01-02T03:04:05.1234567899Z", 0, 0},
        {"2024-1-2T03:04:05Z", 0, 0}, {"now", 0, 0}, {"", 0, 0}, {"1704164645123", 0, 0}, {"2262-04-11T23:47:16.854775808Z", 0, 0},
        {"2024-01-02T03:04:05+", 0, 0}, {"2024-01-02T03:04:05+8", 0, 0}, {"2024-01-02T03:04:05ZZ", 0, 0}, {"2024-01-02T03:04:05+08:00:00", 0, 0},
        {"2024-01-02X03:04:05Z", 0, 0}, {"2024-01-02T03:04:05.000000000000000000000000000000000000000Z", 0, 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t count = 0;
        int precision = 0;
        const char *expected = tdri_time_parse(cases[i].text, strlen(cases[i].text), &count, &precision);

        CHECK((expected == NULL) == (cases[i].precision != 0), "%s: %s", cases[i].text, expected == NULL ? "taken" : expected);
        if (expected != NULL || cases[i].precision == 0)
            continue;
        CHECK(count == cases[i].count && precision == cases[i].precision, "%s is %" PRId64 " in %d", cases[i].text, count, precision);
    }
}

/* Texts of a column without lengths: row i is what stands between two offsets. */
static void offsets(void)
{
    static const uint32_t rising[] = {0, 2, 2, 3}, falling[] = {0, 2, 1, 3}, length[] = {2, 1, 2};
    tdrest_column column = TDREST_TEXT_COLUMN(TDREST_TYPE_VARCHAR, "abc", rising, NULL, 3);
    tdri_value value = {0};
    tdrest_column taken;
    int code = 0;

    CU_ASSERT(tdri_bound_array_copy(&column, &taken, &code) == NULL);
    tdri_bound_array_get(&taken, 1, &value);
    CHECK_INT(value.len, 0);
    tdri_bound_array_get(&taken, 2, &value);
    CHECK(value.len == 1 && value.bytes[0] == 'c', "%zu bytes", value.len);
    column.offset = falling;
    CHECK_TEXT(tdri_bound_array_copy(&column, &taken, &code), "offset with one more entry than rows, none below the one before it; or length");
    CHECK_INT(code, TDREST_EUSAGE);
    column.length = length; /* then texts may lie in any order */
    CU_ASSERT(tdri_bound_array_copy(&column, &taken, &code) == NULL);
    tdri_bound_array_get(&taken, 1, &value);
    CHECK(value.len == 1 && value.bytes[0] == 'c', "%zu bytes", value.len);
}

CU_TestInfo tdrt_literal[] = {
    {"integers, BOOL, NULL", integers},
    {"doubles", doubles},
    {"floats", floats},
    {"decimals", decimals},
    {"texts", texts},
    {"bytes", bytes},
    {"names", names},
    {"tables' names as texts", table_texts},
    {"times", times},
    {"times from texts", time_texts},
    {"texts of a column", offsets},
    CU_TEST_INFO_NULL,
};
