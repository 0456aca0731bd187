/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Values through every type: the extremes and NULL of each in one row, floats that are easily lost, timestamps and zones, texts. */
#include "live.h"

typedef struct column {
    const char *name, *type;
    const char *low, *low_text;   /* literal and what is read; NULL: NULL */
    const char *high, *high_text;
} column;

static const column columns[] = {
    {"b", "bool", "false", "false", "true", "true"},
    {"t", "tinyint", "-128", "-128", "127", "127"},
    {"s", "smallint", "-32768", "-32768", "32767", "32767"},
    {"i", "int", "-2147483648", "-2147483648", "2147483647", "2147483647"},
    {"g", "bigint", "-9223372036854775808", "-9223372036854775808", "9223372036854775807", "9223372036854775807"},
    {"ut", "tinyint unsigned", "0", "0", "255", "255"},
    {"us", "smallint unsigned", "0", "0", "65535", "65535"},
    {"ui", "int unsigned", "0", "0", "4294967295", "4294967295"},
    {"ug", "bigint unsigned", "0", "0", "18446744073709551615", "18446744073709551615"},
    {"f", "float", "-3.4028234663852886e+38", "-3.4028235e+38", "3.4028234663852886e+38", "3.4028235e+38"},
    {"d", "double", "-1.7976931348623157e+308", "-1.7976931348623157e+308", "1.7976931348623157e+308", "1.7976931348623157e+308"},
    {"v", "varchar(200)", "''", "", "'plain'", "plain"},
    {"n", "nchar(60)", "''", "", "'汉字😀é'", "汉字😀é"},
    {"vb", "varbinary(64)", "''", "", "'\\x00ff10'", "00ff10"},
    {"ge", "geometry(128)", "NULL", NULL, "'POINT(1 2)'", "0101000000000000000000f03f0000000000000040"},
    {"d64", "decimal(18,6)", "-999999999999.999999", "-999999999999.999999", "999999999999.999999", "999999999999.999999"},
    {"d128", "decimal(38,10)", "-9999999999999999999999999999.9999999999", "-9999999999999999999999999999.9999999999",
     "9999999999999999999999999999.9999999999", "9999999999999999999999999999.9999999999"},
};

enum { DECIMALS = 2 }; /* at the end */

static void add(char *sql, size_t cap, const char *format, const char *a, const char *b)
{
    size_t len = strlen(sql);

    snprintf(sql + len, cap - len, format, a, b);
}

/* Three rows: lowest, highest, NULL, in keys of 1, 2, 3 seconds. */
static void write_wide(tdrt_live *live, int database, size_t count)
{
    static const char *const keys[] = {"1700000001000", "1700000002000", "1700000003000"};
    static const char *const zeros[] = {"", "000", "000000"};
    char sql[4096] = "create table wide (ts timestamp";

    for (size_t i = 0; i < count; i++)
        add(sql, sizeof sql, ", %s %s", columns[i].name, columns[i].type);
    add(sql, sizeof sql, "%s%s", ")", "");
    tdrt_live_exec(live, live->db[database], NULL, sql, TDREST_CSTR);
    snprintf(sql, sizeof sql, "insert into wide values");
    for (size_t row = 0; row < 3; row++) {
        add(sql, sizeof sql, " (%s%s", keys[row], zeros[database]);
        for (size_t i = 0; i < count; i++)
            add(sql, sizeof sql, ", %s%s", row == 0 ? columns[i].low : row == 1 ? columns[i].high : "NULL", "");
        add(sql, sizeof sql, "%s%s", ")", "");
    }
    tdrt_live_check(live, tdrt_live_exec(live, live->db[database], NULL, sql, TDREST_CSTR) == 3, "not three rows written");
}

static void wide(tdrt_live *live, int database, size_t count)
{
    tdrest_result *res;

    write_wide(live, database, count);
    res = tdrt_live_query(live, live->db[database], NULL, 0, "select * from wide order by ts");
    if (res == NULL)
        return;
    tdrt_live_check(live, tdrest_result_column_count(res) == count + 1, "%zu columns", tdrest_result_column_count(res));
    for (int row = 0; row < 3; row++) {
        tdrt_live_check(live, tdrest_result_next(res) == TDREST_ROW, "row %d: %s", row, tdrest_result_error(res)->message);
        for (size_t i = 0; i < count; i++) {
            const char *expected = row == 0 ? columns[i].low_text : row == 1 ? columns[i].high_text : NULL, *text = "";

            tdrest_result_text(res, i + 1, &text, NULL);
            tdrt_live_check(live, tdrt_live_is(res, i + 1, expected, expected == NULL ? 0 : strlen(expected)),
                            "column %s of row %d: \"%s\"", columns[i].name, row, text);
        }
    }
    tdrt_live_check(live, tdrest_result_next(res) == TDREST_DONE, "a fourth row");
    tdrest_result_free(res);
}

static void round_text(tdrt_live *live, const char *type, const char *literal, size_t literal_len, const char *expected, size_t len)
{
    tdrt_live_value v = {type, TDRT_LIVE_MS, NULL, NULL, literal, literal_len, expected, len, 0, 0};

    tdrt_live_round(live, &v);
}

static void floats(tdrt_live *live)
{
    static const struct { const char *type, *literal, *expected; } cases[] = {
        {"FLOAT", "-0.0", "-0"},
        {"DOUBLE", "-0", "-0"},
        {"FLOAT", "1e-07", "1e-07"},
        {"DOUBLE", "1e-07", "1e-07"},
        {"FLOAT", "1.1754943508222875e-38", "1.1754944e-38"},
        {"FLOAT", "7.0385306918512091e-26", "7.038531e-26"},
        {"FLOAT", "7.038531e-26", "7.0385313e-26"}, /* read as a double, then cast: not the nearest float */
        {"FLOAT", "10.300000190734863", "10.3"},
        {"DOUBLE", "2.2250738585072014e-308", "2.2250738585072014e-308"},
        {"DOUBLE", "'0x1p-1074'", "5e-324"},
        {"DOUBLE", "0.10000000000000001", "0.1"},
        {"DOUBLE", "100000000000000000000", "1e20"},
        {"DOUBLE", "-1.7976931348623157e+308", "-1.7976931348623157e+308"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        round_text(live, cases[i].type, cases[i].literal, strlen(cases[i].literal), cases[i].expected, strlen(cases[i].expected));
}

void tdrt_live_values(tdrt_live *live)
{
    static const int decimals[4] = {3, 3, 6, 0}, blobs[4] = {3, 3, 7, 0};
    size_t count = COUNT_OF(columns) - (tdrt_live_since(live, decimals, "DECIMAL") ? 0 : DECIMALS);

    for (int database = 0; database < TDRT_LIVE_DATABASES; database++)
        wide(live, database, count);
    floats(live);
    if (tdrt_live_since(live, blobs, "BLOB"))
        round_text(live, "BLOB", "'\\x00ff10'", 10, "00ff10", 6);
}

/* ---- timestamps ---- */

typedef struct instant {
    int database;
    const char *zone, *literal, *text;
    int64_t value;
    int precision;
} instant;

static const instant instants[] = {
    {TDRT_LIVE_MS, "UTC", "'2024-01-02 03:04:05.678'", "2024-01-02T03:04:05.678Z", 1704164645678, TDREST_MS},
    {TDRT_LIVE_MS, "Asia/Shanghai", "'2024-01-02 03:04:05.678'", "2024-01-02T03:04:05.678+08:00", 1704135845678, TDREST_MS},
    {TDRT_LIVE_MS, "Asia/Kolkata", "'2024-01-02 03:04:05.678'", "2024-01-02T03:04:05.678+05:30", 1704144845678, TDREST_MS},
    {TDRT_LIVE_MS, "America/New_York", "'2024-01-02 03:04:05.678'", "2024-01-02T03:04:05.678-05:00", 1704182645678, TDREST_MS},
    {TDRT_LIVE_MS, "America/New_York", "'2024-07-02 03:04:05.678'", "2024-07-02T03:04:05.678-04:00", 1719903845678, TDREST_MS},
    {TDRT_LIVE_MS, "America/New_York", "'2024-03-10 01:59:59.999'", "2024-03-10T01:59:59.999-05:00", 1710053999999, TDREST_MS},
    {TDRT_LIVE_MS, "America/New_York", "'2024-03-10 03:00:00.000'", "2024-03-10T03:00:00.000-04:00", 1710054000000, TDREST_MS},
    {TDRT_LIVE_MS, "America/New_York", "'2024-11-03 01:30:00.000'", "2024-11-03T01:30:00.000-04:00", 1730611800000, TDREST_MS},
    {TDRT_LIVE_MS, "America/New_York", "'2024-11-03T06:30:00Z'", "2024-11-03T01:30:00.000-05:00", 1730615400000, TDREST_MS},
    {TDRT_LIVE_US, "Asia/Shanghai", "'2024-01-02 03:04:05.678901'", "2024-01-02T03:04:05.678901+08:00", 1704135845678901, TDREST_US},
    {TDRT_LIVE_NS, "Asia/Kolkata", "'2024-01-02 03:04:05.678901234'", "2024-01-02T03:04:05.678901234+05:30", 1704144845678901234, TDREST_NS},
    {TDRT_LIVE_MS, "UTC", "9223372036854775807", "292278994-08-17T07:12:55.807Z", INT64_MAX, TDREST_MS},
    {TDRT_LIVE_MS, "UTC", "-9223372036854775808", "-292275055-05-16T16:47:04.192Z", INT64_MIN, TDREST_MS},
    {TDRT_LIVE_US, "UTC", "9223372036854775807", "294247-01-10T04:00:54.775807Z", INT64_MAX, TDREST_US},
    {TDRT_LIVE_US, "UTC", "-9223372036854775808", "-290308-12-21T19:59:05.224192Z", INT64_MIN, TDREST_US},
    {TDRT_LIVE_NS, "UTC", "9223372036854775807", "2262-04-11T23:47:16.854775807Z", INT64_MAX, TDREST_NS},
    {TDRT_LIVE_NS, "UTC", "-9223372036854775808", "1677-09-21T00:12:43.145224192Z", INT64_MIN, TDREST_NS},
    {TDRT_LIVE_NS, "UTC", "-1", "1969-12-31T23:59:59.999999999Z", -1, TDREST_NS},
};

/* The value as a number. Tokyo's offset had seconds until 1887. */
static void number_is(tdrt_live *live, const instant *t, const char *select)
{
    tdrest_result *res = tdrt_live_query(live, live->db[t->database], "Asia/Tokyo", 1, select);
    int64_t value;
    int rc, precision;

    if (res == NULL)
        return;
    rc = tdrest_result_time(res, 0, &value, &precision);
    tdrt_live_check(live, rc == TDREST_OK && value == t->value && precision == t->precision, "%s in %s: %s %" PRId64 "e-%d", t->literal,
                    t->zone, tdrest_code_name(rc), value, precision);
    tdrest_result_free(res);
}

void tdrt_live_times(tdrt_live *live)
{
    static const char *const zeros[] = {"", "000", "000000"};
    char sql[128], select[96];

    for (int database = 0; database < TDRT_LIVE_DATABASES; database++)
        tdrt_live_exec(live, live->db[database], NULL, "create table times (ts timestamp, c timestamp)", TDREST_CSTR);
    for (size_t i = 0; i < COUNT_OF(instants); i++) {
        const instant *t = &instants[i];
        tdrt_live_value v = {"TIMESTAMP", t->database, t->zone, t->zone, t->literal, strlen(t->literal), t->text, strlen(t->text), 0, 0};

        tdrt_live_round(live, &v);
        snprintf(sql, sizeof sql, "insert into times values (%" PRId64 "%s, %s)", live->key, zeros[t->database], t->literal);
        snprintf(select, sizeof select, "select c from times where ts = %" PRId64 "%s", live->key++, zeros[t->database]);
        if (tdrt_live_exec(live, live->db[t->database], t->zone, sql, TDREST_CSTR) == 1)
            number_is(live, t, select);
    }
}

/* ---- texts ---- */

static void quoted(tdrt_live *live, const char *type, const char *text, size_t len)
{
    static char literal[12000];
    size_t n;
    int rc = tdrest_quote_literal(text, len, literal, sizeof literal, &n);

    if (tdrt_live_check(live, rc == TDREST_OK, "%s: %s", text, tdrest_code_name(rc)))
        round_text(live, type, literal, n, text, len);
}

void tdrt_live_texts(tdrt_live *live)
{
    static const char *const texts[] = {
        "", " ", "it's", "say \"x\"", "`name`", "a\\b", "\\", "\\\\", "\\'", "'", "''", "\"", "a\\%b\\_c", "%_", "a\nb\rc\td", "null", "NULL",
        "a;b--c/*d*/?", "{\"k\":\"v\"}", "é€汉字", "😀👩‍👩‍👧", "\xef\xbb\xbf mark", "\xe2\x80\xa8", "</script>&", "%s%n", "\\u0041\\x41\\0",
    };
    char controls[32], wide_text[4001];

    for (int c = 1; c < 32; c++)
        controls[c - 1] = (char)c;
    controls[31] = 0x7f;
    memset(wide_text, '\'', sizeof wide_text);
    for (int nchar = 0; nchar < 2; nchar++) {
        for (size_t i = 0; i < COUNT_OF(texts); i++)
            quoted(live, nchar ? "NCHAR(4000)" : "VARCHAR(4000)", texts[i], strlen(texts[i]));
        quoted(live, nchar ? "NCHAR(4000)" : "VARCHAR(4000)", controls, sizeof controls);
        quoted(live, nchar ? "NCHAR(4000)" : "VARCHAR(4000)", wide_text, 4000);
    }
    quoted(live, "VARCHAR(4000)", "\xff\xfe\x80 caf\xe9", 8);
}
