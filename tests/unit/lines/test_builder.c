/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The builder of InfluxDB lines: what it writes byte by byte, and what it refuses to write. */
#include "test.h"

#include <float.h>
#include <math.h>

static tdrest_lines *lines;

static void begin(void)
{
    CHECK_INT(tdrest_lines_new(NULL, &lines), TDREST_OK);
}

static void finish(void)
{
    tdrest_lines_free(lines);
    lines = NULL;
}

static int begin_line(void)
{
    return tdrest_lines_add_measurement(lines, "m");
}

/* The line that was ended last is that one. */
static void last_is(const char *expected)
{
    size_t len, want = strlen(expected);
    const char *data = tdrest_lines_get_data(lines, &len);

    CHECK(len > want && data[len - 1] == '\n' && memcmp(data + len - 1 - want, expected, want) == 0 && (len == want + 1 || data[len - 2 - want] == '\n'),
          "the last line of\n%sshould be\n%s", data, expected);
}

/* The open line fails with that code and message, nothing else changes its mind, and it is dropped. */
static void fails(int rc, int code, const char *message)
{
    int64_t count = tdrest_lines_count(lines);
    const tdrest_error *err = tdrest_lines_error(lines);

    CHECK(rc == code && err->code == code && strstr(err->message, message) != NULL, "%d, \"%s\"; expected %d, \"%s\"", rc, err->message, code, message);
    CHECK_INT(tdrest_lines_add_bool(lines, "later", 1), code);
    CHECK_INT(tdrest_lines_add_time(lines, 1), code);
    CHECK_INT(tdrest_lines_end(lines), code);
    CHECK(strstr(tdrest_lines_error(lines)->message, message) != NULL, "%s", tdrest_lines_error(lines)->message);
    CHECK_INT(tdrest_lines_count(lines), count);
}

/* ---- what is written ---- */

static void whole_lines(void)
{
    size_t len;

    begin();
    CHECK_TEXT(tdrest_lines_get_data(lines, &len), "");
    CHECK_INT(len, 0);
    CHECK_INT(tdrest_lines_add_measurement(lines, "meters"), TDREST_OK);
    CHECK_TEXT(tdrest_lines_get_data(lines, NULL), "");
    CHECK_INT(tdrest_lines_add_tag(lines, "location", "San Francisco", TDREST_CSTR), TDREST_OK);
    CHECK_INT(tdrest_lines_add_tag(lines, "groupid", "23", 1), TDREST_OK);
    CHECK_INT(tdrest_lines_add_double(lines, "current", 11.8), TDREST_OK);
    CHECK_INT(tdrest_lines_add_integer(lines, "voltage", TDREST_TYPE_INT, 221), TDREST_OK);
    CHECK_INT(tdrest_lines_add_nchar(lines, "note", "a \"q\" \\ \xe6\xb1\x89", TDREST_CSTR), TDREST_OK);
    CHECK_INT(tdrest_lines_add_bool(lines, "ok", 7), TDREST_OK);
    CHECK_INT(tdrest_lines_add_time(lines, 1700000000000), TDREST_OK);
    CHECK_INT(tdrest_lines_count(lines), 0);
    CHECK_INT(tdrest_lines_end(lines), TDREST_OK);
    CHECK_TEXT(tdrest_lines_get_data(lines, &len),
               "meters,location=San\\ Francisco,groupid=2 current=11.8,voltage=221i32,note=L\"a \\\"q\\\" \\\\ \xe6\xb1\x89\",ok=true 1700000000000\n");
    CHECK_INT(len, strlen(tdrest_lines_get_data(lines, NULL)));
    CHECK_INT(begin_line(), TDREST_OK);
    CHECK_INT(tdrest_lines_add_bool(lines, "b", 0), TDREST_OK);
    CHECK_INT(tdrest_lines_end(lines), TDREST_OK);
    last_is("m b=false");
    CHECK_INT(tdrest_lines_count(lines), 2);
    CHECK_INT(begin_line(), TDREST_OK);
    tdrest_lines_reset(lines);
    CHECK_INT(tdrest_lines_count(lines), 0);
    CHECK_TEXT(tdrest_lines_get_data(lines, NULL), "");
    CHECK_INT(begin_line(), TDREST_OK);
    CHECK_INT(tdrest_lines_add_uint64(lines, "u", UINT64_MAX), TDREST_OK);
    CHECK_INT(tdrest_lines_end(lines), TDREST_OK);
    CHECK_TEXT(tdrest_lines_get_data(lines, NULL), "m u=18446744073709551615u64\n");
    finish();
}

static void names_and_tags(void)
{
    static const struct { const char *measurement, *key, *value, *line; } cases[] = {
        {"a", "k", "v", "a,k=v"},
        {"a b,c=d", "k", "v", "a\\ b\\,c=d,k=v"},
        {"a", "k =,", "v =,", "a,k\\ \\=\\,=v\\ \\=\\,"},
        {"a", " ", " ", "a,\\ =\\ "},
        {"a#", "#", "#", "a#,#=#"},
        {"a\"b", "\"", "\"x\"", "a\"b,\"=\"x\""},
        {"a\\b", "k\\k", "v\\v\\w", "a\\b,k\\k=v\\v\\w"},
        {"\xe6\xb1\x89", "\xc3\xa9", "\xf0\x9f\x98\x80", "\xe6\xb1\x89,\xc3\xa9=\xf0\x9f\x98\x80"},
    };

    begin();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char expected[80];

        snprintf(expected, sizeof expected, "%s b=true 9", cases[i].line);
        CHECK_INT(tdrest_lines_add_measurement(lines, cases[i].measurement), TDREST_OK);
        CHECK_INT(tdrest_lines_add_tag(lines, cases[i].key, cases[i].value, TDREST_CSTR), TDREST_OK);
        (void)tdrest_lines_add_bool(lines, "b", 1);
        (void)tdrest_lines_add_time(lines, 9);
        CHECK(tdrest_lines_end(lines) == TDREST_OK, "%s: %s", cases[i].line, tdrest_lines_error(lines)->message);
        last_is(expected);
    }
    finish();
}

static void floating(void)
{
    static const struct { double value; const char *text; } doubles[] = {
        {0.1, "0.1"}, {1, "1"}, {-0.0, "-0"}, {1e21, "1e+21"}, {1e-7, "1e-07"}, {DBL_MAX, "1.7976931348623157e+308"}, {5e-324, "5e-324"},
    };
    /* The last four: read as a double and cast, the shortest text would be another float, or out of range. */
    static const struct { float value; const char *text; } floats[] = {
        {10.3f, "10.3f32"}, {-0.0f, "-0f32"}, {1e-45f, "1e-45f32"}, {16777216.0f, "16777216f32"},
        {FLT_MAX, "3.4028234663852886e+38f32"}, {-FLT_MAX, "-3.4028234663852886e+38f32"},
        {0x1.5c87fap-84f, "7.038530691851209e-26f32"}, {-0x1.5c87fap-84f, "-7.038530691851209e-26f32"},
    };
    char expected[80];

    begin();
    for (size_t i = 0; i < COUNT_OF(doubles); i++) {
        snprintf(expected, sizeof expected, "m f=%s", doubles[i].text);
        (void)begin_line();
        CHECK_INT(tdrest_lines_add_double(lines, "f", doubles[i].value), TDREST_OK);
        CHECK_INT(tdrest_lines_end(lines), TDREST_OK);
        last_is(expected);
    }
    for (size_t i = 0; i < COUNT_OF(floats); i++) {
        const char *text;

        (void)begin_line();
        CHECK_INT(tdrest_lines_add_float(lines, "f", floats[i].value), TDREST_OK);
        CHECK_INT(tdrest_lines_end(lines), TDREST_OK);
        text = strrchr(tdrest_lines_get_data(lines, NULL), '=') + 1;
        CHECK((float)strtod(text, NULL) == floats[i].value && fabs(strtod(text, NULL)) <= (double)FLT_MAX, "%s", text);
        CHECK(strncmp(text, floats[i].text, strlen(floats[i].text)) == 0, "%s, expected %s", text, floats[i].text);
    }
    finish();
}

static void integers(void)
{
    static const struct { int type; int64_t least, most; const char *least_text, *most_text; } types[] = {
        {TDREST_TYPE_TINYINT, INT8_MIN, INT8_MAX, "-128i8", "127i8"},
        {TDREST_TYPE_SMALLINT, INT16_MIN, INT16_MAX, "-32768i16", "32767i16"},
        {TDREST_TYPE_INT, INT32_MIN, INT32_MAX, "-2147483648i32", "2147483647i32"},
        {TDREST_TYPE_BIGINT, INT64_MIN, INT64_MAX, "-9223372036854775808i64", "9223372036854775807i64"},
        {TDREST_TYPE_UTINYINT, 0, UINT8_MAX, "0u8", "255u8"},
        {TDREST_TYPE_USMALLINT, 0, UINT16_MAX, "0u16", "65535u16"},
        {TDREST_TYPE_UINT, 0, UINT32_MAX, "0u32", "4294967295u32"},
        {TDREST_TYPE_UBIGINT, 0, INT64_MAX, "0u64", "9223372036854775807u64"},
    };
    char expected[80];

    begin();
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        snprintf(expected, sizeof expected, "m a=%s,b=%s", types[i].least_text, types[i].most_text);
        (void)begin_line();
        CHECK_INT(tdrest_lines_add_integer(lines, "a", types[i].type, types[i].least), TDREST_OK);
        CHECK_INT(tdrest_lines_add_integer(lines, "b", types[i].type, types[i].most), TDREST_OK);
        CHECK_INT(tdrest_lines_end(lines), TDREST_OK);
        last_is(expected);
        (void)begin_line();
        if (types[i].least > INT64_MIN)
            fails(tdrest_lines_add_integer(lines, "a", types[i].type, types[i].least - 1), TDREST_EBIND, "field a: out of the range of ");
        else
            CHECK_INT(tdrest_lines_add_int64(lines, "a", 1) + tdrest_lines_end(lines), TDREST_OK);
        (void)begin_line();
        if (types[i].most < INT64_MAX)
            fails(tdrest_lines_add_integer(lines, "a", types[i].type, types[i].most + 1), TDREST_EBIND, tdrest_type_name(types[i].type));
        else
            CHECK_INT(tdrest_lines_add_int64(lines, "a", 1) + tdrest_lines_end(lines), TDREST_OK);
    }
    (void)begin_line();
    fails(tdrest_lines_add_integer(lines, "a", TDREST_TYPE_DOUBLE, 1), TDREST_EUSAGE, "field a: type 7 is not an integer type");
    finish();
}

static void texts(void)
{
    begin();
    (void)begin_line();
    CHECK_INT(tdrest_lines_add_text(lines, "empty", "", 0), TDREST_OK);
    CHECK_INT(tdrest_lines_add_text(lines, "raw", "\xff\r\t\\n", TDREST_CSTR), TDREST_OK);
    CHECK_INT(tdrest_lines_add_text(lines, "part", "abc", 2), TDREST_OK);
    CHECK_INT(tdrest_lines_add_nchar(lines, "n", "", 0), TDREST_OK);
    CHECK_INT(tdrest_lines_add_varbinary(lines, "x", "\x00\xff\x0a", 3), TDREST_OK);
    CHECK_INT(tdrest_lines_add_varbinary(lines, "none", NULL, 0), TDREST_OK);
    CHECK_INT(tdrest_lines_add_geometry(lines, "g", "POINT(1.5 2.5)"), TDREST_OK);
    CHECK_INT(tdrest_lines_end(lines), TDREST_OK);
    last_is("m empty=\"\",raw=\"\xff\r\t\\\\n\",part=\"ab\",n=L\"\",x=B\"\\x00ff0a\",none=B\"\\x\",g=G\"POINT(1.5 2.5)\"");
    finish();
}

/* ---- what is refused ---- */

static void bad_names(void)
{
    static const struct { const char *name, *message; } names[] = {
        {"", "expected 1 to 192 bytes"},
        {"#m", "a leading # starts a comment"},
        {" m", "leading white space is lost"},
        {"\xc2\xa0m", "leading white space is lost"},
        {"\xe3\x80\x80", "leading white space is lost"},
        {"\xe2\x80\x89m", "leading white space is lost"},
        {"a\nb", "measurement a?b: control characters cannot be escaped"},
        {"a\tb", "control characters"},
        {"a\x7f", "control characters"},
        {"a\\", "a backslash at the end"},
        {"a\\,b", "a backslash at the end, or before a comma"},
        {"a\\ b", "equals sign, space or backslash"},
        {"a\\=b", "equals sign, space or backslash"},
        {"\\\\nas01\\data", "space or backslash, cannot be written"}, /* one of the two would be lost */
        {"a\\\\b", "space or backslash, cannot be written"},
        {"a\xff", "expected UTF-8"},
    };
    char name[200];

    begin();
    for (size_t i = 0; i < COUNT_OF(names); i++)
        fails(tdrest_lines_add_measurement(lines, names[i].name), TDREST_EBIND, names[i].message);
    memset(name, 'x', sizeof name);
    name[193] = '\0';
    fails(tdrest_lines_add_measurement(lines, name), TDREST_EBIND, "expected 1 to 192 bytes");
    name[192] = '\0';
    CHECK_INT(tdrest_lines_add_measurement(lines, name), TDREST_OK);
    name[65] = '\0';
    fails(tdrest_lines_add_tag(lines, name, "v", 1), TDREST_EBIND, "expected 1 to 64 bytes");
    (void)begin_line();
    fails(tdrest_lines_add_bool(lines, name, 1), TDREST_EBIND, "expected 1 to 64 bytes");
    (void)begin_line();
    name[64] = '\0';
    CHECK_INT(tdrest_lines_add_tag(lines, name, "v", 1), TDREST_OK);
    fails(tdrest_lines_add_bool(lines, name, 1), TDREST_EBIND, "it is already in this line");
    for (size_t i = 6; i < COUNT_OF(names); i++) {
        (void)begin_line();
        fails(tdrest_lines_add_tag(lines, names[i].name, "v", 1), TDREST_EBIND, strchr(names[i].message, ':') == NULL ? names[i].message : "key a?b: control");
        (void)begin_line();
        fails(tdrest_lines_add_tag(lines, "k", names[i].name, TDREST_CSTR), TDREST_EBIND, "tag k: ");
        (void)begin_line();
        fails(tdrest_lines_add_bool(lines, names[i].name, 1), TDREST_EBIND, "key ");
    }
    finish();
}

static void bad_values(void)
{
    char *text = (char *)malloc(4 * 16380 + 1);

    CU_ASSERT(text != NULL);
    for (size_t i = 0; text != NULL && i < 4 * 16380; i++)
        text[i] = "\xf0\x9f\x98\x80"[i % 4];
    begin();
    (void)begin_line();
    fails(tdrest_lines_add_tag(lines, "k", "", 0), TDREST_EBIND, "tag k: expected a value; omit a tag that has none");
    (void)begin_line();
    fails(tdrest_lines_add_tag(lines, "k", "a\0b", 3), TDREST_EBIND, "tag k: control characters");
    (void)begin_line();
    fails(tdrest_lines_add_double(lines, "d", NAN), TDREST_EBIND, "field d: NaN and infinity");
    (void)begin_line();
    fails(tdrest_lines_add_double(lines, "d", -INFINITY), TDREST_EBIND, "field d: NaN and infinity");
    (void)begin_line();
    fails(tdrest_lines_add_float(lines, "f", NAN), TDREST_EBIND, "field f: NaN and infinity");
    (void)begin_line();
    fails(tdrest_lines_add_float(lines, "f", INFINITY), TDREST_EBIND, "field f: NaN and infinity");
    (void)begin_line();
    fails(tdrest_lines_add_text(lines, "v", "a\nb", TDREST_CSTR), TDREST_EBIND, "field v: a line feed cannot be escaped");
    (void)begin_line();
    fails(tdrest_lines_add_text(lines, "v", "a\0b", 3), TDREST_EBIND, "field v: a NUL byte would end the text early");
    (void)begin_line();
    fails(tdrest_lines_add_nchar(lines, "n", "a\nb", TDREST_CSTR), TDREST_EBIND, "field n: a line feed");
    (void)begin_line();
    fails(tdrest_lines_add_nchar(lines, "n", "a\0b", 3), TDREST_EBIND, "field n: a NUL");
    (void)begin_line();
    fails(tdrest_lines_add_nchar(lines, "n", "\xed\xa0\x80", TDREST_CSTR), TDREST_EBIND, "field n: expected UTF-8");
    (void)begin_line();
    CHECK_INT(tdrest_lines_add_nchar(lines, "n", text, 4 * 16379), TDREST_OK);
    fails(tdrest_lines_add_nchar(lines, "o", text, 4 * 16380), TDREST_EBIND, "field o: expected at most 16379 characters");
    (void)begin_line();
    CHECK_INT(tdrest_lines_add_text(lines, "v", text, 65517), TDREST_OK);
    fails(tdrest_lines_add_text(lines, "w", text, 65518), TDREST_EBIND, "field w: expected at most 65517 bytes");
    (void)begin_line();
    CHECK_INT(tdrest_lines_add_varbinary(lines, "x", text, 65517), TDREST_OK);
    fails(tdrest_lines_add_varbinary(lines, "y", text, 65518), TDREST_EBIND, "field y: expected at most 65517 bytes");
    for (const char *const *wkt = (const char *const[]){"", "POINT(1 2)\n", "\"", "\\", "\xc3\xa9", NULL}; *wkt != NULL; wkt++) {
        (void)begin_line();
        fails(tdrest_lines_add_geometry(lines, "g", *wkt), TDREST_EBIND, "field g: expected well-known text");
    }
    finish();
    free(text);
}

static void out_of_order(void)
{
    begin();
    fails(tdrest_lines_add_tag(lines, "k", "v", 1), TDREST_EUSAGE, "no line is open");
    fails(tdrest_lines_add_bool(lines, "k", 1), TDREST_EUSAGE, "no line is open");
    fails(tdrest_lines_end(lines), TDREST_EUSAGE, "no line is open");
    CHECK_INT(begin_line(), TDREST_OK);
    fails(begin_line(), TDREST_EUSAGE, "a line is open");
    CHECK_INT(begin_line(), TDREST_OK);
    CHECK_INT(tdrest_lines_error(lines)->code, 0);
    fails(tdrest_lines_add_time(lines, 1), TDREST_EUSAGE, "the time must come after the fields");
    CHECK_INT(begin_line(), TDREST_OK);
    CHECK_INT(tdrest_lines_add_tag(lines, "k", "v", 1), TDREST_OK);
    CHECK_INT(tdrest_lines_end(lines), TDREST_EUSAGE);
    CU_ASSERT(strstr(tdrest_lines_error(lines)->message, "the line has no field") != NULL);
    CHECK_INT(begin_line(), TDREST_OK);
    CHECK_INT(tdrest_lines_add_bool(lines, "b", 1), TDREST_OK);
    fails(tdrest_lines_add_tag(lines, "k", "v", 1), TDREST_EUSAGE, "tag k: tags must come before fields");
    for (int64_t time = -1; time <= 0; time++) {
        CHECK_INT(begin_line() + tdrest_lines_add_bool(lines, "b", 1), TDREST_OK);
        fails(tdrest_lines_add_time(lines, time), TDREST_EBIND, "time: expected a number above 0");
    }
    CHECK_INT(begin_line() + tdrest_lines_add_bool(lines, "b", 1) + tdrest_lines_add_time(lines, 1), TDREST_OK);
    fails(tdrest_lines_add_time(lines, 1), TDREST_EUSAGE, "the line already has a time");
    CHECK_INT(begin_line() + tdrest_lines_add_bool(lines, "b", 1) + tdrest_lines_add_time(lines, 1), TDREST_OK);
    fails(tdrest_lines_add_bool(lines, "c", 1), TDREST_EUSAGE, "field c: fields must come before the time");
    CHECK_INT(tdrest_lines_count(lines), 0);
    CHECK_TEXT(tdrest_lines_get_data(lines, NULL), "");
    finish();
}

static void nulls(void)
{
    tdrest_allocator broken = {0, NULL, NULL, NULL, NULL};
    tdrest_lines *none = NULL;

    CHECK_INT(tdrest_lines_new(&broken, &none), TDREST_EUSAGE);
    CU_ASSERT(none == NULL);
    CHECK_INT(tdrest_lines_error(NULL)->code, 0);
    tdrest_lines_free(NULL);
    begin();
    fails(tdrest_lines_add_measurement(lines, NULL), TDREST_EUSAGE, "an argument is NULL");
    (void)begin_line();
    fails(tdrest_lines_add_tag(lines, NULL, "v", 1), TDREST_EUSAGE, "an argument is NULL");
    (void)begin_line();
    fails(tdrest_lines_add_tag(lines, "k", NULL, 0), TDREST_EUSAGE, "an argument is NULL");
    (void)begin_line();
    fails(tdrest_lines_add_double(lines, NULL, 1), TDREST_EUSAGE, "an argument is NULL");
    (void)begin_line();
    fails(tdrest_lines_add_text(lines, "k", NULL, 0), TDREST_EUSAGE, "an argument is NULL");
    (void)begin_line();
    fails(tdrest_lines_add_nchar(lines, "k", NULL, 0), TDREST_EUSAGE, "an argument is NULL");
    (void)begin_line();
    fails(tdrest_lines_add_geometry(lines, "k", NULL), TDREST_EUSAGE, "an argument is NULL");
    (void)begin_line();
    fails(tdrest_lines_add_varbinary(lines, "k", NULL, 1), TDREST_EUSAGE, "an argument is NULL");
    finish();
}

/* As many keys as a table has columns; each is found again, as tag and as field. */
static void many_keys(void)
{
    enum { KEYS = 4000 };
    char name[16];

    begin();
    for (int again = 0; again < KEYS; again += 397) {
        CHECK_INT(begin_line(), TDREST_OK);
        for (int i = 0; i < KEYS; i++) {
            snprintf(name, sizeof name, "k%d", i);
            if ((i < 100 ? tdrest_lines_add_tag(lines, name, "v", 1) : tdrest_lines_add_bool(lines, name, 1)) != TDREST_OK)
                CU_FAIL("a key that is there once is refused");
        }
        snprintf(name, sizeof name, "k%d", again);
        fails(tdrest_lines_add_bool(lines, name, 1), TDREST_EBIND, "it is already in this line");
    }
    finish();
}

CU_TestInfo tdrt_builder[] = {
    {"whole lines", whole_lines},
    {"names and tags", names_and_tags},
    {"floating", floating},
    {"integers", integers},
    {"texts", texts},
    {"bad names", bad_names},
    {"bad values", bad_values},
    {"out of order", out_of_order},
    {"NULLs", nulls},
    {"many keys", many_keys},
    CU_TEST_INFO_NULL,
};
