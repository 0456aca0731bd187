/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The decoder over answers made by hand: every rendering, every way to be broken, each in one piece and byte by byte. */
#include "test.h"

#include "dump.h"

/* One column of a type and the rows' cells; what the dump then says, or the place and text of the error. */
typedef struct cell_case {
    const char *type;
    const char *cells;  /* JSON rows: "[1],[2]" */
    const char *dump;   /* the lines of the rows; NULL: an error */
    const char *error;  /* a part of its message */
} cell_case;

static const cell_case cell_cases[] = {
    {"BOOL", "[true],[false],[null]", "1|\n0|\nNULL 0|\n", NULL},
    {"BOOL", "[1]", NULL, "not a valid BOOL"},
    {"BOOL", "[truf]", NULL, "not a valid BOOL"},
    {"BOOL", "[\"true\"]", NULL, "not a valid BOOL"},
    {"TINYINT", "[-128],[127],[0]", "80|\n7f|\n0|\n", NULL},
    {"TINYINT", "[128]", NULL, "not a valid TINYINT"},
    {"TINYINT", "[-129]", NULL, "not a valid TINYINT"},
    {"SMALLINT", "[-32768],[32767]", "8000|\n7fff|\n", NULL},
    {"SMALLINT", "[32768]", NULL, "not a valid SMALLINT"},
    {"INT", "[-2147483648],[2147483647],[-0]", "80000000|\n7fffffff|\n0|\n", NULL},
    {"INT", "[2147483648]", NULL, "not a valid INT"},
    {"INT", "[1.0]", NULL, "not a valid INT"},
    {"INT", "[1e3]", NULL, "not a valid INT"},
    {"INT", "[01]", NULL, "not a valid INT"},
    {"INT", "[+1]", NULL, "not a valid INT"},
    {"INT", "[-]", NULL, "not a valid INT"},
    {"INT", "[]", NULL, "not a valid INT"},
    {"INT", "[{}]", NULL, "not a valid INT"},
    {"INT", "[\"1\"]", NULL, "not a valid INT"},
    {"BIGINT", "[-9223372036854775808],[9223372036854775807]", "8000000000000000|\n7fffffffffffffff|\n", NULL},
    {"BIGINT", "[9223372036854775808]", NULL, "not a valid BIGINT"},
    {"BIGINT", "[-9223372036854775809]", NULL, "not a valid BIGINT"},
    {"TINYINT UNSIGNED", "[255],[0]", "ff|\n0|\n", NULL},
    {"TINYINT UNSIGNED", "[256]", NULL, "not a valid TINYINT UNSIGNED"},
    {"TINYINT UNSIGNED", "[-1]", NULL, "not a valid TINYINT UNSIGNED"},
    {"SMALLINT UNSIGNED", "[65535]", "ffff|\n", NULL},
    {"SMALLINT UNSIGNED", "[65536]", NULL, "not a valid SMALLINT UNSIGNED"},
    {"INT UNSIGNED", "[4294967295]", "ffffffff|\n", NULL},
    {"INT UNSIGNED", "[4294967296]", NULL, "not a valid INT UNSIGNED"},
    {"BIGINT UNSIGNED", "[18446744073709551615],[9223372036854775808]", "ffffffffffffffff|\n8000000000000000|\n", NULL},
    {"BIGINT UNSIGNED", "[18446744073709551616]", NULL, "not a valid BIGINT UNSIGNED"},
    {"FLOAT", "[-0],[1e-07],[3.4028235e+38],[10.3],[1.401298464324817e-45]", "80000000|\n33d6bf95|\n7f7fffff|\n4124cccd|\n1|\n", NULL},
    {"FLOAT", "[3.5e+38]", NULL, "not a valid FLOAT"},
    {"FLOAT", "[nan]", NULL, "not a valid FLOAT"},
    {"FLOAT", "[1.]", NULL, "not a valid FLOAT"},
    {"FLOAT", "[.5]", NULL, "not a valid FLOAT"},
    {"DOUBLE", "[-0],[5e-324],[1.7976931348623157e+308],[100000000000000000000],[1e+21]",
     "8000000000000000|\n1|\n7fefffffffffffff|\n4415af1d78b58c40|\n444b1ae4d6e2ef50|\n", NULL},
    {"DOUBLE", "[9007199254740993],[0.1]", "4340000000000000|\n3fb999999999999a|\n", NULL},
    {"DOUBLE", "[1e309]", NULL, "not a valid DOUBLE"},
    {"DOUBLE", "[1e]", NULL, "not a valid DOUBLE"},
    {"DECIMAL(18,6)", "[\"-999999999999.999999\"],[\"-0.0500\"],[\"12\"]", "-999999999999.999999|\n-0.0500|\n12|\n", NULL},
    {"DECIMAL(38,10)", "[\"9999999999999999999999999999.9999999999\"],[null]", "9999999999999999999999999999.9999999999|\nNULL |\n", NULL},
    {"DECIMAL(10,2)", "[\"1e3\"]", NULL, "not a valid DECIMAL(10,2)"},
    {"DECIMAL(10,2)", "[\"\"]", NULL, "not a valid DECIMAL(10,2)"},
    {"DECIMAL(10,2)", "[1.5]", NULL, "not a valid DECIMAL(10,2)"},
    {"TIMESTAMP", "[\"1970-01-01T00:00:00.001Z\"],[null],[\"1969-12-31T23:59:59.999Z\"]",
     "1@0.3|\nNULL 0@0.0|\nffffffffffffffff@0.3|\n", NULL},
    {"TIMESTAMP", "[\"1970-01-01T08:00:00.000001+08:00\"],[\"1900-01-01T08:05:43.000000+08:05\"]", "1@480.6|\nfff826efb9d380c0@485.6|\n", NULL},
    {"TIMESTAMP", "[\"292278994-08-17T07:12:55.807Z\"],[\"-292275055-05-16T16:47:04.192Z\"]", "7fffffffffffffff@0.3|\n8000000000000000@0.3|\n", NULL},
    {"TIMESTAMP", "[\"2262-04-11T23:47:16.854775807Z\"],[\"1677-09-21T00:12:43.145224192Z\"]", "7fffffffffffffff@0.9|\n8000000000000000@0.9|\n", NULL},
    {"TIMESTAMP", "[\"1970-01-01T00:00:01Z\"],[\"1970-01-01T00:00:01.5Z\"]", "3e8@0.0|\n5dc@0.1|\n", NULL},
    {"TIMESTAMP", "[\"1970-01-01T00:00:01.000Z\"],[\"1970-01-01T00:00:01.000000Z\"]", NULL, "6 fraction digits"},
    {"TIMESTAMP", "[\"2262-04-11T23:47:16.854775808Z\"]", NULL, "beyond 64 bits"},
    {"TIMESTAMP", "[\"2023-02-29T00:00:00.000Z\"]", NULL, "not a valid TIMESTAMP"},
    {"TIMESTAMP", "[\"\"]", NULL, "not a valid TIMESTAMP"},
    {"TIMESTAMP", "[1]", NULL, "not a valid TIMESTAMP"},
    {"VARCHAR", "[\"\"],[\"a\"],[null],[\"a\\\"b\\\\c\\/\\b\\f\\n\\r\\t\"]", "|\na|\nNULL |\na\"b\\c/\b\f\n\r\t|\n", NULL},
    {"VARCHAR", "[\"\\u0041\\u00e9\\u6c49\\ud83d\\ude00\"]", "A\xc3\xa9\xe6\xb1\x89\xf0\x9f\x98\x80|\n", NULL},
    {"VARCHAR", "[\"\xff\xfe raw\"]", "\xff\xfe raw|\n", NULL},
    {"VARCHAR", "[\"\x7f\xe2\x80\xa8/<>&\"]", "\x7f\xe2\x80\xa8/<>&|\n", NULL},
    {"VARCHAR", "[\"\\ud83d\"]", NULL, "invalid escape"},
    {"VARCHAR", "[\"\\ud83dx\"]", NULL, "invalid escape"},
    {"VARCHAR", "[\"\\ud83d\\u0041\"]", NULL, "invalid escape"},
    {"VARCHAR", "[\"\\ude00\"]", NULL, "invalid escape"},
    {"VARCHAR", "[\"\\u12g4\"]", NULL, "invalid escape"},
    {"VARCHAR", "[\"\\x41\"]", NULL, "invalid escape"},
    {"VARCHAR", "[\"a\nb\"]", NULL, "control byte 0x0a"},
    {"VARCHAR", "[abc]", NULL, "not a valid VARCHAR"},
    {"VARCHAR", "[1]", NULL, "not a valid VARCHAR"},
    {"NCHAR", "[\"\xe6\xb1\x89\"]", "\xe6\xb1\x89|\n", NULL},
    {"VARBINARY", "[\"00fF10\"],[\"\"],[null]", NULL, NULL}, /* checked by bytes below */
    {"VARBINARY", "[\"0\"]", NULL, "not a valid VARBINARY"},
    {"VARBINARY", "[\"0g\"]", NULL, "not a valid VARBINARY"},
    {"GEOMETRY", "[\"4142\"]", "AB|\n", NULL},
    {"BLOB", "[\"4a4B\"]", "JK|\n", NULL},
    {"JSON", "[{\"a\":[1,\"x]\",{}],\"b\":null}],[null],[\"t\"],[1.000000000],[true]",
     "{\"a\":[1,\"x]\",{}],\"b\":null}|\nNULL |\n\"t\"|\n1.000000000|\ntrue|\n", NULL},
    {"JSON", "[{\"a\":}]", NULL, "not a valid JSON"},
    {"JSON", "[\"a\"b\"]", NULL, "whole tag"},
    {"JSON", "[\"a\nb\"]", NULL, "whole tag"},
    {"JSON", "[\"a\",\"b\"]", NULL, "whole tag"},
    {"FLOAT128", "[1.5e99],[\"x\\u0041\"],[{\"k\":[]}],[null]", "1.5e99|\n\"x\\u0041\"|\n{\"k\":[]}|\nNULL |\n", NULL},
    {"", "[\"m\"]", "\"m\"|\n", NULL},
    {"INT", "[1,2]", NULL, "more cells"},
    {"INT", "[1]]", NULL, "end of the answer"},
    {"INT", "[1],", NULL, "expected a row"},
    {"INT", "[1][2]", NULL, "a row is followed"},
    {"INT", "[1 2]", NULL, "a cell is followed"},
    {"INT", "{\"c\":1}", NULL, "row_with_meta"},
    {"INT", " [ 1 ] , [\t2\n] ", "1|\n2|\n", NULL},
};

/* The answer around a case's rows; the count of rows is that of its brackets at depth one, or what the case's dump has. */
static int make_body(const cell_case *c, char *out, size_t cap)
{
    int rows = 0, len;

    for (const char *p = c->dump == NULL ? "" : c->dump; *p != '\0'; p++)
        rows += p[0] == '|' && p[1] == '\n';
    len = snprintf(out, cap, "{\"code\":0,\"column_meta\":[[\"c\",\"%s\",8]],\"data\":[%s],\"rows\":%d}", c->type, c->cells, rows);
    return len > 0 && (size_t)len < cap ? len : -1;
}

static void cells(void)
{
    char body[2048];
    static const tdrt_cuts ways[] = {{0, 0, 0, 0}, {1, 1, 0, 0}, {1, 1, 1, 0}, {70, 3, 1, 4096}};

    for (size_t i = 0; i < COUNT_OF(cell_cases); i++) {
        const cell_case *c = &cell_cases[i];
        int len = make_body(c, body, sizeof body);

        if (c->dump == NULL && c->error == NULL)
            continue;
        for (size_t way = 0; way < COUNT_OF(ways); way++) {
            tdri_buf out;
            tdrest_error err;
            int rc;
            const char *rows;

            tdri_buf_init(&out, &tdri_mem_default, 1 << 20);
            rc = tdrt_decode(body, (size_t)len, &ways[way], &tdri_mem_default, &out, &err);
            rows = strchr(tdri_buf_text(&out), '\n');
            if (c->error != NULL)
                CHECK(rc == TDREST_EANSWER && err.cls == TDREST_CLASS_RESULT && strstr(err.message, c->error) != NULL,
                      "%s %s, way %zu: %d %s", c->type, c->cells, way, rc, err.message);
            else
                CHECK(rc == TDREST_DONE && rows != NULL && strncmp(rows + 1, c->dump, strlen(c->dump)) == 0,
                      "%s %s, way %zu: %d %s %s", c->type, c->cells, way, rc, err.message, tdri_buf_text(&out));
            tdri_buf_clear(&out);
        }
    }
}

/* Whole bodies: what is around the rows. */
typedef struct body_case {
    const char *body;
    int rc;
    const char *error;
} body_case;

#define META "{\"code\":0,\"column_meta\":[[\"c\",\"INT\",4]],"

static const body_case body_cases[] = {
    {META "\"data\":[],\"rows\":0}", TDREST_DONE, NULL},
    {META "\"data\":[[1]],\"rows\":1,\"timing\":12345}", TDREST_DONE, NULL},
    {META "\"data\":[[1]],\"rows\":1,\"later\":{\"a\":[1]},\"timing\":1}", TDREST_DONE, NULL},
    {" { \"code\" : 0 , \"column_meta\" : [ [ \"c\" , \"INT\" , 4 ] ] , \"data\" : [ [ 1 ] ] , \"rows\" : 1 } \n", TDREST_DONE, NULL},
    {"{\"later\":[1,[2]],\"code\":0,\"column_meta\":[[\"data\",\"INT\",4]],\"x\":{\"data\":[1]},\"data\":[[1]],\"rows\":1}", TDREST_DONE, NULL},
    {"{\"code\":0,\"column_meta\":[[\"c\",\"INT\",4,null]],\"data\":[[1]],\"rows\":1}", TDREST_DONE, NULL},
    {"{\"code\":0,\"column_meta\":[[\"c\",\"INT\",4,0,\"x]\"],[\"d\",\"INT\",4 , {\"data\":[[1]]} , [[2],[]]]],\"data\":[[1,2]],\"rows\":1}", TDREST_DONE, NULL},
    {"{\"code\":0,\"column_meta\":[[\"c\",\"INT\",4,]],\"data\":[[1]],\"rows\":1}", TDREST_EANSWER, "beginning of the answer"},
    {"{\"code\":0,\"column_meta\":[[\"c\",\"INT\",4 5]],\"data\":[[1]],\"rows\":1}", TDREST_EANSWER, "beginning of the answer"},
    {META "\"data\":[[1]],\"rows\":2}", TDREST_EANSWER, "says 2 rows but has 1"},
    {META "\"data\":[[1],[2]],\"rows\":1}", TDREST_EANSWER, "says 1 rows but has 2"},
    {META "\"data\":[[1]]}", TDREST_EANSWER, "does not say how many rows"},
    {META "\"data\":[[1]],\"rows\":-1}", TDREST_EANSWER, "does not say how many rows"},
    {META "\"data\":[[1]],\"rows\":1,\"code\":0}", TDREST_DONE, NULL},
    {META "\"data\":[[1]],\"rows\":1,\"code\":534,\"desc\":\"x\"}", TDREST_EANSWER, "end of the answer"},
    {META "\"data\":[[1]],\"code\":\"0\",\"rows\":1}", TDREST_EANSWER, "end of the answer"},
    {META "\"data\":[[1]],\"data\":[[2]],\"rows\":1}", TDREST_EANSWER, "end of the answer"},
    {META "\"data\":[[1]],\"column_meta\":[],\"rows\":1}", TDREST_EANSWER, "end of the answer"},
    {META "\"data\":[[1]],\"rows\":1.0}", TDREST_EANSWER, "end of the answer"},
    {META "\"data\":[[1]],\"rows\":1", TDREST_EANSWER, "truncated after"},
    {META "\"data\":[[1]],\"rows\":1}x", TDREST_EANSWER, "bytes follow"},
    {META "\"data\":[[1]],\"rows\":1}\x1f\x8b", TDREST_EANSWER, "truncated after"},
    {META "\"data\":[[1]],\"rows\":1,}", TDREST_EANSWER, "end of the answer"},
    {"{\"code\":1,\"column_meta\":[[\"c\",\"INT\",4]],\"data\":[],\"rows\":0}", TDREST_EANSWER, "beginning of the answer"},
    {"{\"code\":0,\"data\":[],\"rows\":0}", TDREST_EANSWER, "beginning of the answer"},
    {"{\"code\":0,\"column_meta\":[],\"data\":[],\"rows\":0}", TDREST_EANSWER, "beginning of the answer"},
    {"{\"code\":0,\"column_meta\":[[\"c\",\"INT\"]],\"data\":[],\"rows\":0}", TDREST_EANSWER, "beginning of the answer"},
    {"{\"code\":0,\"column_meta\":[[\"c\",4,\"INT\"]],\"data\":[],\"rows\":0}", TDREST_EANSWER, "beginning of the answer"},
    {"{\"code\":0,\"column_meta\":[[\"c\",\"INT\",4]}],\"data\":[],\"rows\":0}", TDREST_OK, NULL},
    {"", TDREST_OK, NULL},
    {"404 page not found", TDREST_OK, NULL},
    {"\"memory exceeds threshold\"", TDREST_OK, NULL},
    {"{\"code\":855,\"desc\":\"Authentication failure\"}", TDREST_OK, NULL},
    {META "\"da", TDREST_OK, NULL},
};

static void bodies(void)
{
    static const tdrt_cuts ways[] = {{0, 0, 0, 0}, {1, 1, 0, 0}, {1, 1, 1, 0}};

    for (size_t i = 0; i < COUNT_OF(body_cases); i++)
        for (size_t way = 0; way < COUNT_OF(ways); way++) {
            const body_case *c = &body_cases[i];
            tdrest_error err;
            int rc = tdrt_decode(c->body, strlen(c->body), &ways[way], &tdri_mem_default, NULL, &err);

            CHECK(rc == c->rc && (c->error == NULL || strstr(err.message, c->error) != NULL), "%s: %d %s", c->body, rc, err.message);
        }
}

/* The known stray bytes pass, whole; one of them changed does not. */
static void stray_bytes(void)
{
    static const char json[] = META "\"data\":[[1]],\"rows\":1}";
    const tdrt_cuts cuts = {1, 1, 0, 0};
    char body[sizeof json + TDRI_STRAY_BYTES];
    size_t len = sizeof json - 1;
    tdrest_error err;

    memcpy(body, json, len);
    memcpy(body + len, tdri_decode_stray, TDRI_STRAY_BYTES);
    for (size_t n = 0; n <= TDRI_STRAY_BYTES; n++)
        CHECK_INT(tdrt_decode(body, len + n, &cuts, &tdri_mem_default, NULL, &err),
                  n == 0 || n == TDRI_STRAY_BYTES ? TDREST_DONE : TDREST_EANSWER);
    for (size_t n = 0; n < TDRI_STRAY_BYTES; n++) {
        body[len + n] ^= 0x40;
        CHECK_INT(tdrt_decode(body, len + TDRI_STRAY_BYTES, &cuts, &tdri_mem_default, NULL, &err), TDREST_EANSWER);
        body[len + n] ^= 0x40;
    }
}

static void count_row(void *context, const tdri_decode *decode)
{
    *(int64_t *)context += (int64_t)decode->block.rows;
}

/* Duplicate names, a name with a line feed, thousands of columns. */
static void many_columns(void)
{
    enum { COLUMNS = 4096 };
    tdri_buf body;
    tdrest_error err;
    int64_t rows = 0;
    static const tdrt_cuts ways[] = {{0, 0, 0, 0}, {1, 997, 1, 0}};

    tdri_buf_init(&body, &tdri_mem_default, 1 << 24);
    tdri_buf_add_text(&body, "{\"code\":0,\"column_meta\":[");
    for (int i = 0; i < COLUMNS; i++)
        tdri_buf_add_text(&body, i == 0 ? "[\"a\\nb\",\"INT\",4]" : i % 2 ? ",[\"a\",\"VARCHAR\",4]" : ",[\"a\",\"DOUBLE\",8]");
    tdri_buf_add_text(&body, "],\"data\":[");
    for (int row = 0; row < 20; row++)
        for (int i = 0; i < COLUMNS; i++)
            tdri_buf_add_text(&body, i == 0 ? (row == 0 ? "[7" : "],[7") : i % 2 ? (row & 1 ? ",null" : ",\"x\"") : ",0.5");
    tdri_buf_add_text(&body, "]],\"rows\":20}");
    for (size_t way = 0; way < COUNT_OF(ways); way++) {
        rows = 0;
        CHECK_INT(tdrt_decode_blocks(tdri_buf_text(&body), body.len, &ways[way], &tdri_mem_default, count_row, &rows, &err), TDREST_DONE);
        CHECK_INT(rows, 20);
    }
    tdri_buf_clear(&body);
}

typedef struct large_seen {
    int64_t rows;
    size_t longest, most_arena;
} large_seen;

static void see_large(void *context, const tdri_decode *decode)
{
    large_seen *seen = (large_seen *)context;
    const tdri_column *c = &decode->block.columns[0];

    seen->rows += (int64_t)decode->block.rows;
    for (size_t row = 0; row < decode->block.rows; row++)
        if (c->length[row] > seen->longest)
            seen->longest = c->length[row];
    seen->most_arena = decode->block.arena_cap;
}

/* Cells far larger than a block; the memory goes back to what it was. */
static void large_cells(void)
{
    enum { LARGE = 1 << 20 };
    tdri_buf body;
    tdrest_error err;
    static const tdrt_cuts ways[] = {{0, 0, 0, 0}, {5000, 16384, 1, 0}, {1, 16381, 0, 8192}};

    tdri_buf_init(&body, &tdri_mem_default, 1 << 24);
    tdri_buf_add_text(&body, "{\"code\":0,\"column_meta\":[[\"v\",\"VARCHAR\",9]],\"data\":[[\"small\"],[\"");
    for (int i = 0; i < LARGE / 16; i++)
        tdri_buf_add_text(&body, "0123456789ab\\ncde");
    tdri_buf_add_text(&body, "\"]");
    for (int i = 0; i < 20000; i++)
        tdri_buf_add_text(&body, ",[\"after\"]");
    tdri_buf_add_text(&body, "],\"rows\":20002}");
    for (size_t way = 0; way < COUNT_OF(ways); way++) {
        large_seen seen = {0, 0, 0};
        size_t expected = LARGE;

        CHECK_INT(tdrt_decode_blocks(tdri_buf_text(&body), body.len, &ways[way], &tdri_mem_default, see_large, &seen, &err), TDREST_DONE);
        CHECK_INT(seen.rows, 20002);
        CHECK_INT(seen.longest, expected);
        CHECK(seen.most_arena < 140000, "the arena stays at %zu bytes", seen.most_arena);
    }
    tdri_buf_clear(&body);
}

/* Hex, embedded NULs: what a text comparison cannot see. */
static void bytes(void)
{
    static const char body[] = "{\"code\":0,\"column_meta\":[[\"b\",\"VARBINARY\",9],[\"v\",\"VARCHAR\",9]],"
                               "\"data\":[[\"00fF10\",\"a\\u0000b\"]],\"rows\":1}";
    const tdri_decode_limits limits = {131072, 1000};
    tdri_decode decode;
    tdrest_error err;
    const tdri_column *c;

    tdri_err_reset(&err);
    tdri_decode_init(&decode, &tdri_mem_default, &limits);
    (void)tdri_decode_feed(&decode, body, sizeof body - 1, &err);
    CHECK_INT(tdri_decode_end(&decode, &err), TDREST_OK);
    c = decode.block.columns;
    CHECK_INT(c[0].length[0], 3);
    CU_ASSERT(memcmp(decode.block.arena + c[0].offset[0], "\0\xff\x10", 4) == 0);
    CHECK_INT(c[1].length[0], 3);
    CU_ASSERT(memcmp(decode.block.arena + c[1].offset[0], "a\0b", 4) == 0);
    CHECK_INT(decode.timing_ns, -1);
    tdri_decode_clear(&decode);
}

/* Name, type and what the type says of itself. */
static void columns(void)
{
    static const char body[] = "{\"code\":0,\"column_meta\":[[\"d\",\"DECIMAL(38,10)\",16],[\"n\\u00e4\",\"NCHAR\",60],"
                               "[\"x\",\"DECIMAL(,2)\",16],[\"y\",\"VARCHAR(8)\",16],[\"null\",\"VARCHAR\",0]],\"data\":[],\"rows\":0}";
    const tdri_decode_limits limits = {131072, 1000};
    tdri_decode decode;
    tdrest_error err;
    const tdri_column *c;

    tdri_err_reset(&err);
    tdri_decode_init(&decode, &tdri_mem_default, &limits);
    (void)tdri_decode_feed(&decode, body, sizeof body - 1, &err);
    CHECK_INT(tdri_decode_end(&decode, &err), TDREST_OK);
    c = decode.block.columns;
    CHECK_INT(c[0].pub.type, TDREST_TYPE_DECIMAL);
    CHECK_INT(c[0].pub.precision, 38);
    CHECK_INT(c[0].pub.scale, 10);
    CHECK_TEXT(c[0].pub.type_name, "DECIMAL(38,10)");
    CHECK_TEXT(c[1].pub.name, "n\xc3\xa4");
    CHECK_INT(c[1].pub.declared, 60);
    CHECK_INT(c[2].pub.type, TDREST_TYPE_UNKNOWN);
    CHECK_INT(c[3].pub.type, TDREST_TYPE_UNKNOWN);
    CHECK_INT(c[4].pub.declared, 0);
    tdri_decode_clear(&decode);
}

static int64_t allocations;

static void *counting(void *context, void *old, size_t size)
{
    (void)context;
    allocations++;
    return realloc(old, size);
}

static void *counting_new(void *context, size_t size)
{
    return counting(context, NULL, size);
}

static void release(void *context, void *old)
{
    (void)context;
    free(old);
}

/* What is allocated for a few rows is what is allocated for many. */
static void no_allocation_per_row(void)
{
    static const tdrest_allocator mem = {sizeof mem, NULL, counting_new, counting, release};
    static const tdrt_cuts cuts = {100, 100, 0, 0};
    int64_t seen = 0;
    tdri_buf body;
    tdrest_error err;

    for (int rows = 100; rows <= 40000; rows += 39900) {
        tdri_buf_init(&body, &tdri_mem_default, 1 << 24);
        tdri_buf_add_text(&body, "{\"code\":0,\"column_meta\":[[\"t\",\"TIMESTAMP\",8],[\"d\",\"DOUBLE\",8],[\"v\",\"VARCHAR\",9]],\"data\":[");
        for (int i = 0; i < rows; i++)
            tdri_buf_add_text(&body, i == 0 ? "[\"2024-01-01T00:00:00.000Z\",1.25,\"a\\nb\"]" : ",[null,-1e-7,\"text\"]");
        tdri_buf_add_text(&body, "],\"rows\":");
        tdri_buf_add_int(&body, rows);
        tdri_buf_add_char(&body, '}');
        allocations = 0;
        CHECK_INT(tdrt_decode_blocks(tdri_buf_text(&body), body.len, &cuts, &mem, count_row, &seen, &err), TDREST_DONE);
        CHECK(allocations < 20, "%d rows take %lld allocations", rows, (long long)allocations);
        tdri_buf_clear(&body);
    }
}

CU_TestInfo tdrt_decode_tests[] = {
    {"cells of every type", cells},
    {"bodies", bodies},
    {"stray bytes", stray_bytes},
    {"many columns", many_columns},
    {"large cells", large_cells},
    {"bytes", bytes},
    {"columns", columns},
    {"no allocation a row", no_allocation_per_row},
    CU_TEST_INFO_NULL,
};
