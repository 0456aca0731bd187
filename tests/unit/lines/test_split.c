/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Schemaless data: what is refused, where it is cut, which of it carries its times. */
#include "test.h"

#include "lines/split.h"

#define LINE TDREST_PROTOCOL_LINE
#define TELNET TDREST_PROTOCOL_TELNET
#define JSON TDREST_PROTOCOL_JSON

/* ---- what is refused ---- */

static void refusals(void)
{
    static const struct { int protocol; const char *data; int offset; const char *message; } cases[] = {
        {LINE, "m f=1", -1, NULL},
        {LINE, "# c\n\n  m f=1\n", -1, NULL},
        {LINE, " # in column 2 it is no comment", -1, NULL},
        {LINE, "", 0, "it contains no line to write"},
        {LINE, "\n\r\n \t\n", 6, "it contains no line to write"},
        {LINE, "# c\n#", 5, "it contains no line to write"},
        {TELNET, "# this is no comment", -1, NULL},
        {TELNET, "m 1 2 a=b", -1, NULL},
        {TELNET, "\n \n", 3, "it contains no line to write"},
        {JSON, "{}", -1, NULL},
        {JSON, " [ {\"a\":[1,2]} , {} ] \n", -1, NULL},
        {JSON, "", 0, "it contains no data point"},
        {JSON, " \n", 2, "it contains no data point"},
        {JSON, "[]", 1, "expected a data point here"},
        {JSON, "[{},]", 4, "expected a data point here"},
        {JSON, "[{},1]", 4, "expected a data point here"},
        {JSON, "[{}", 3, "expected a comma or the end of the array"},
        {JSON, "[{} {}]", 4, "expected a comma or the end of the array"},
        {JSON, "[{\"a\":1}, {\"a\":}]", 10, "expected a data point here"},
        {JSON, "{not json", 0, "expected a JSON object, or an array of them"},
        {JSON, "\"text\"", 0, "expected a JSON object, or an array of them"},
        {JSON, "null", 0, "expected a JSON object, or an array of them"},
        {JSON, "{}{}", 2, "expected nothing after the JSON"},
        {JSON, "{},{}", 2, "expected nothing after the JSON"},
        {JSON, "[{}] x", 5, "expected nothing after the JSON"},
        {JSON, "m f=1", 0, "expected a JSON object"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdrest_error err;
        int rc;

        tdri_err_reset(&err);
        rc = tdri_split_check(cases[i].protocol, cases[i].data, strlen(cases[i].data), &err);
        CHECK(rc == (cases[i].message == NULL ? TDREST_OK : TDREST_EUSAGE) && rc == err.code && err.offset == cases[i].offset &&
                  (cases[i].message == NULL || strstr(err.message, cases[i].message) != NULL),
              "%s: %d at %d, %s", cases[i].data, rc, (int)err.offset, err.message);
    }
}

/* A point may be nested 64 deep; what is too deep elsewhere is not what is wrong with another point. */
static void deep(void)
{
    static const struct { const char *before, *behind; int depth; int offset; const char *message; } cases[] = {
        {"", "", 64, -1, NULL}, {"", "", 65, 0, "at most 64 deep"}, {"[{},", "]", 64, -1, NULL}, {"[{},", "]", 65, 4, "at most 64 deep"},
        {"[", "]", 65, 1, "at most 64 deep"}, {"[{\"a\":}, ", "]", 65, 1, "expected a data point here: a complete JSON object"},
        {"[{\"b\":, ", "}]", 63, 1, "expected a data point here: a complete JSON object"}, {"[{\"b\":, ", "}]", 64, 1, "at most 64 deep"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char data[512];
        size_t len = (size_t)snprintf(data, sizeof data, "%s{\"a\":", cases[i].before);
        tdrest_error err;

        for (int d = 1; d < cases[i].depth; d++)
            data[len++] = '[';
        for (int d = 1; d < cases[i].depth; d++)
            data[len++] = ']';
        len += (size_t)snprintf(data + len, sizeof data - len, "}%s", cases[i].behind);
        tdri_err_reset(&err);
        (void)tdri_split_check(JSON, data, len, &err);
        CHECK(err.offset == cases[i].offset && (cases[i].message == NULL ? err.code == TDREST_OK : strstr(err.message, cases[i].message) != NULL), "%s: %d, %s", data,
              (int)err.offset, err.message);
    }
}

static void nul(void)
{
    for (int protocol = LINE; protocol <= JSON; protocol++) {
        tdrest_error err;

        tdri_err_reset(&err);
        CHECK_INT(tdri_split_check(protocol, "{}\0", 3, &err), TDREST_EUSAGE);
        CHECK_INT(err.offset, 2);
        CU_ASSERT(strstr(err.message, "a NUL") != NULL);
    }
}

/* ---- where it is cut ---- */

/* The batches as text: each in angle brackets, a bare one in square ones inside, with lines and points behind. */
static void cut(int protocol, const char *data, size_t max_bytes, char *out, size_t cap)
{
    size_t pos = 0, len = 0, behind = 0;
    tdri_split_part part;

    out[0] = '\0';
    while (tdri_split_next(protocol, data, strlen(data), max_bytes, &pos, &part)) {
        len += (size_t)snprintf(out + len, cap - len, part.bare ? "<[%.*s]>%d/%d" : "<%.*s>%d/%d", (int)part.len, data + part.offset,
                                (int)part.lines, (int)part.points);
        CU_ASSERT(part.behind == pos && pos > behind && part.offset >= behind && part.offset + part.len <= pos);
        behind = pos;
    }
}

static void cuts(void)
{
    static const struct { int protocol; size_t max; const char *data, *batches; } cases[] = {
        {LINE, 4, "a\nb\nc\nd\n", "<a\nb\n>2/2<c\nd\n>2/2"},
        {LINE, 5, "a\nb\nc\nd", "<a\nb\n>2/2<c\nd>2/2"},
        {LINE, 1, "abc\nd\n", "<abc\n>1/1<d\n>1/1"},
        {LINE, 100, "a\r\nb\r\n", "<a\r\nb\r\n>2/2"},
        {LINE, 4, "#x\n#y\n#z\na\nb\n", "<#x\n#y\n#z\na\n>4/1<b\n>1/1"},
        {LINE, 4, "a\n\n\n\n#b\n", "<a\n\n\n>3/1<\n#b\n>2/0"},
        {LINE, 100, "a\n\n", "<a\n\n>2/1"},
        {TELNET, 4, "#x\n#y\n", "<#x\n>1/1<#y\n>1/1"},
        {JSON, 100, "{\"a\":1} ", "<{\"a\":1} >1/1"},
        {JSON, 1, " [ {\"a\":1} ] ", "< [ {\"a\":1} ] >1/1"},
        {JSON, 100, "[{\"a\":1}, {\"b\":2}]", "<[{\"a\":1}, {\"b\":2}]>2/2"},
        {JSON, 5, "[{\"a\":1} , {\"b\":2} ]\n", "<[{\"a\":1}]>1/1<[{\"b\":2}]>1/1"},
        {JSON, 7, "[{},{},{},{}]", "<[{},{}]>2/2<[{},{}]>2/2"},
        {JSON, 4, "[{},{},{\"a\":\"]},{\"},{}]", "<[{}]>1/1<[{}]>1/1<[{\"a\":\"]},{\"}]>1/1<[{}]>1/1"},
    };
    char seen[400];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        cut(cases[i].protocol, cases[i].data, cases[i].max, seen, sizeof seen);
        CHECK(strcmp(seen, cases[i].batches) == 0, "%s\nis cut to\n%s\nnot to\n%s", cases[i].data, seen, cases[i].batches);
    }
}

/* Whatever the limit, nothing is lost, doubled or put elsewhere. */
static void cut_everywhere(void)
{
    static const char data[] = "a b=1\n\n# c\nd e=2\r\nlonger,x=y z=\"q\" 12\n#\nlast f=3";

    for (size_t max = 1; max <= sizeof data; max++) {
        size_t pos = 0, behind = 0;
        int64_t lines = 0, points = 0;
        tdri_split_part part;

        while (tdri_split_next(LINE, data, sizeof data - 1, max, &pos, &part)) {
            CU_ASSERT(part.offset == behind && part.offset + part.len == part.behind);
            CU_ASSERT(part.len <= max || part.points <= 1);
            behind = part.behind;
            lines += part.lines;
            points += part.points;
        }
        CHECK(behind == sizeof data - 1 && lines == 7 && points == 4, "at %zu: %zu bytes, %d lines, %d points", max, behind, (int)lines, (int)points);
    }
}

/* ---- times ---- */

static void timed(void)
{
    static const struct { int protocol; const char *data; int timed; } cases[] = {
        {LINE, "m f=1 1700000000", 1},
        {LINE, "m f=1  1700000000", 1},
        {LINE, "m f=1 1700000000 ignored", 1},
        {LINE, "m f=1 1700000000\r\n", 1},
        {LINE, "m,a=b\\ c,d=e f=\"x y\",g=L\"a \\\" 0\" 17", 1},
        {LINE, "a\\,b\\ c f=\"\\\\\" 10", 1},
        {LINE, "# comment\n\nm f=1 1\nm f=1 2", 1},
        {LINE, "m,t=\"a f=1 17", 1},
        {LINE, "m f=1", 0},
        {LINE, "m f=1 ", 0},
        {LINE, "m f=1 0", 0},
        {LINE, "m f=1 000", 0},
        {LINE, "m f=1 -17", 0},
        {LINE, "m f=1 17x", 0},
        {LINE, "m f=1\t17", 0},
        {LINE, "m f=1 1700000000\nm f=1", 0},
        {LINE, "m f=1\nm f=1 1700000000", 0},
        {LINE, "m f=\"a 17", 0},
        {LINE, "m f=\"a 17\"", 0},
        {LINE, "m f=\"a\\\" 17\"", 0},
        {LINE, "m\\ f=1 17", 0},
        {LINE, "m\\\\ f=1 17", 0}, /* is that blank escaped? */
        {LINE, "m,a=b\\\\ f=1 17", 0},
        {LINE, "m k\"=\" 17\"", 0}, /* is that quote the end of a text? */
        {LINE, "m k\\=\" 17 \"=1", 0},
        {LINE, "m f=ab\"x\" 17", 0},
        {LINE, "m", 0},
        {LINE, "m f=1\\", 0},
        {TELNET, "m 1700000000 1 a=b", 1},
        {TELNET, "put m 1700000000 1 a=b\r\n\n  put m 1700000000123 1 a=b", 1},
        {TELNET, "m 0 1 a=b", 0},
        {TELNET, "m x 1700000000 a=b", 0},
        {TELNET, "m 1700000000 1 a=b\nm 0 1 a=b", 0},
        {TELNET, "m\\ 0 1700000000 a=b", 0}, /* nothing is escaped: the time is 0 */
        {TELNET, "m\\ 1700000000 0 a=b", 1},
        {TELNET, "put put 1700000000 1 a=b", 1},
        {TELNET, "put 1700000000 0 a=b", 0},
        {TELNET, "\tput 1700000000 0 1 a=b", 0}, /* the white space goes, then the put; the time is 0 */
        {TELNET, "\xc2\xa0put 1700000000 0 1 a=b", 0},
        {TELNET, "put 17", 0},
        {TELNET, "m", 0},
        {JSON, "{\"timestamp\":1700000000}", 1},
        {JSON, "[{\"metric\":\"m\",\"timestamp\" : 17,\"value\":0},{\"timestamp\":{\"type\":\"s\",\"value\":17}}]", 1},
        {JSON, "{\"timestamp\":0}", 0},
        {JSON, "{\"timestamp\":{\"value\":0,\"type\":\"s\"}}", 0},
        {JSON, "{\"timestamp\":{\"type\":\"s\"}}", 0},
        {JSON, "{\"timestamp\":{\"value\":{\"value\":17}}}", 0},
        {JSON, "{\"timestamp\":1e-400}", 0},
        {JSON, "{\"timestamp\":{\"value\":1.7e-9,\"type\":\"s\"}}", 0},
        {JSON, "{\"timestamp\":17 }", 1},
        {JSON, "{\"timestamp\":\"17\"}", 0},
        {JSON, "{\"timestamp\":null}", 0},
        {JSON, "{\"timestamp\":-17}", 0},
        {JSON, "{\"tags\":{\"timestamp\":17}}", 0},
        {JSON, "{\"timestamp\":17,\"timestamp\":0}", 0},
        {JSON, "{\"timestamp\":17,\"Timestamp\":0}", 0},
        {JSON, "{\"time\\u0073tamp\":0,\"timestamp\":17}", 0},
        {JSON, "[{\"timestamp\":17},{}]", 0},
        {JSON, "[{},{\"timestamp\":17}]", 0},
        {JSON, "{}", 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(tdri_split_is_timed(cases[i].protocol, cases[i].data, strlen(cases[i].data)) == cases[i].timed, "%s is said to be %s", cases[i].data,
              cases[i].timed ? "without times" : "timed");
    /* Of an array, up to the point where it is cut. */
    CHECK_INT(tdri_split_is_timed(JSON, "[{\"timestamp\":17},{\"timestamp\":0}]", 18), 1);
}

/* ---- line by line ---- */

static void single_lines(void)
{
    static const char data[] = "a f=1\n\n # b\r\n#c\n \r\nlast";
    static const struct { size_t at, count, pos; } influx[] = {{0, 5, 6}, {7, 4, 13}, {19, 4, 23}};
    size_t pos = 0, at, count;

    for (size_t i = 0; i < COUNT_OF(influx); i++) {
        CHECK_INT(tdri_split_next_line(TDREST_PROTOCOL_LINE, data, sizeof data - 1, &pos, &at, &count), 1);
        CHECK(at == influx[i].at && count == influx[i].count && pos == influx[i].pos, "line %zu: %zu+%zu, then %zu", i, at, count, pos);
    }
    CHECK_INT(tdri_split_next_line(TDREST_PROTOCOL_LINE, data, sizeof data - 1, &pos, &at, &count), 0);
    CHECK_INT(pos, sizeof data - 1);
    pos = 0;
    CHECK_INT(tdri_split_next_line(TDREST_PROTOCOL_LINE, "\n#\n", 3, &pos, &at, &count), 0);
    CHECK_INT(pos, 3);
}

/* ---- point by point ---- */

/* The points with a bar behind each, then where it ends, or the byte and the begin of the message. */
static void take_points(const char *data, char *out, size_t cap)
{
    size_t pos = 0, at, count, len = 0, before;
    tdrest_error err;
    int rc;

    tdri_err_reset(&err);
    do {
        before = pos;
        rc = tdri_split_next_point(data, strlen(data), &pos, &at, &count, &err);
        if (rc == 1)
            len += (size_t)snprintf(out + len, cap - len, "%.*s|", (int)count, data + at);
    } while (rc == 1);
    CHECK(rc == 0 ? pos == strlen(data) && err.code == TDREST_OK : rc == TDREST_EUSAGE && err.code == rc && pos == before, "%s: %d at %zu", data, rc, pos);
    if (rc == 0)
        snprintf(out + len, cap - len, "end");
    else
        snprintf(out + len, cap - len, "%d %.15s", (int)err.offset, err.message + sizeof "data: " - 1);
}

static void points(void)
{
    static const struct { const char *data, *points; } cases[] = {
        {"", "end"},
        {" \n", "end"},
        {"[]", "end"},
        {" [ ] ", "end"},
        {"{}", "{}|end"},
        {" {\"a\":\"}\"} ", "{\"a\":\"}\"}|end"},
        {"[{\"a\":[1,{}]} , {\"b\":2}]\n", "{\"a\":[1,{}]}|{\"b\":2}|end"},
        /* What an array leaves behind a point. */
        {",{\"b\":2},{}]", "{\"b\":2}|{}|end"},
        {" , {} ] ", "{}|end"},
        {"]", "end"},
        {" ] ", "end"},
        {",{},{}", "{}|{}|end"},
        {"[", "1 expected a data"},
        {"[{}", "{}|3 expected a comm"},
        {"[{} ", "{}|4 expected a comm"},
        {"[{},]", "{}|4 expected a data"},
        {"[{},", "{}|4 expected a data"},
        {"[,{}]", "1 expected a data"},
        {",]", "1 expected a data"},
        {",", "1 expected a data"},
        {"[{},1]", "{}|4 expected a data"},
        {"[{} {}]", "{}|4 expected a comm"},
        {"{}{}", "{}|2 expected a comm"},
        {"[{}] x", "{}|5 expected nothin"},
        {"] {}", "2 expected nothin"},
        {"[{\"a\":}]", "1 expected a data"},
        {"[{\"a\":\"b", "1 expected a data"},
        {"m f=1", "0 expected a JSON"},
        {"[[{}]]", "1 expected a data"},
    };
    char seen[200];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        take_points(cases[i].data, seen, sizeof seen);
        CHECK(strcmp(seen, cases[i].points) == 0, "%s gives %s, not %s", cases[i].data, seen, cases[i].points);
    }
}

/* However an array is cut behind a point, the rest gives the points that are left. */
static void points_in_pieces(void)
{
    static const char data[] = " [ {\"a\":1},{\"b\":[2]} , {} ]";
    size_t from = 0, pos, at, count, points_seen = 0;
    tdrest_error err;

    tdri_err_reset(&err);
    for (;; from += pos) {
        pos = 0;
        if (tdri_split_next_point(data + from, sizeof data - 1 - from, &pos, &at, &count, &err) != 1)
            break;
        points_seen++;
    }
    CHECK_INT(points_seen, 3);
    CHECK_INT(err.code, TDREST_OK);
    CHECK_INT(from + pos, sizeof data - 1);
    pos = 0;
    CHECK_INT(tdri_split_next_point("[{\"a\":\"\0\"}]", 10, &pos, &at, &count, &err), TDREST_EUSAGE);
    CHECK_INT(err.offset, 7);
    CU_ASSERT(strstr(err.message, "a NUL") != NULL);
}

static uint64_t table(int protocol, const char *line, const char *key)
{
    return tdri_split_table_hash(protocol, line, strlen(line), key);
}

/* Lines of one table have one number; most of others have another. */
static void tables(void)
{
    static const struct { int protocol; const char *a, *b, *key; int same; } pairs[] = {
        {TDREST_PROTOCOL_LINE, "m,a=1,b=2 f=1 1", "m,b=2,a=1 g=2 2", NULL, 1},
        {TDREST_PROTOCOL_LINE, "m,a=1 f=1", "m,a=2 f=1", NULL, 0},
        {TDREST_PROTOCOL_LINE, "m f=1", "n f=1", NULL, 0},
        {TDREST_PROTOCOL_LINE, " m f=1 1", "m f=2", NULL, 1},
        {TDREST_PROTOCOL_LINE, "m,a=x\\ y f=1", "m,a=x\\ z f=1", NULL, 0},
        {TDREST_PROTOCOL_LINE, "m,a=x\\y f=1", "m,a=xy f=1", NULL, 1}, /* perhaps the same */
        {TDREST_PROTOCOL_LINE, "m,a=1,id=7 f=1", "m,a=2,id=7 f=1", "id", 1},
        {TDREST_PROTOCOL_LINE, "m,a=1,id=7 f=1", "m,a=1,id=8 f=1", "id", 0},
        {TDREST_PROTOCOL_TELNET, "m 1 5 a=1 b=2", "put m 2 6 b=2 a=1", NULL, 1},
        {TDREST_PROTOCOL_TELNET, "m 1 5 a=1", "m 1 5 a=2", NULL, 0},
        {TDREST_PROTOCOL_TELNET, "m 1 5", "m", NULL, 1},
        {JSON, "{\"metric\":\"m\",\"timestamp\":1,\"value\":5,\"tags\":{\"a\":1,\"b\":\"x\"}}", "{ \"tags\": {\"b\":\"x\",\"a\":1.0}, \"value\":6, \"metric\":\"m\"}", NULL, 1},
        {JSON, "{\"metric\":\"m\"}", "{\"metric\":\"n\"}", NULL, 0},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"a\":1}}", "{\"metric\":\"m\",\"tags\":{\"a\":2}}", NULL, 0},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"a\":\"x\"}}", "{\"metric\":\"m\",\"tags\":{\"a\":\"y\"}}", NULL, 0},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"a\":\"x\"}}", "{\"metric\":\"m\",\"tags\":{\"b\":\"x\"}}", NULL, 0},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"a\":\"x\",\"b\":\"y\"}}", "{\"metric\":\"m\",\"tags\":{\"a\":\"y\",\"b\":\"x\"}}", NULL, 0},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"a\":true}}", "{\"metric\":\"m\",\"tags\":{\"a\":false}}", NULL, 0},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"a\":-0}}", "{\"metric\":\"m\",\"tags\":{\"a\":0e1}}", NULL, 1},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"a\":100}}", "{\"metric\":\"m\",\"tags\":{\"a\":1e2}}", NULL, 1},
        {JSON, "{\"metric\":\"\\u006d\",\"tags\":{\"\\u0061\":\"\\/\"}}", "{\"Metric\":\"m\",\"TAGS\":{\"a\":\"/\"}}", NULL, 1},
        {JSON, "{\"m\\u0065tric\":\"m\",\"t\\u0061gs\":{\"a\":1}}", "{\"metric\":\"m\",\"tags\":{\"a\":{\"v\\u0061lue\":1}}}", NULL, 1},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"\\u0069d\":\"7\",\"a\":1}}", "{\"metric\":\"m\",\"tags\":{\"id\":\"7\",\"a\":2}}", "id", 1},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"ID\":\"7\",\"a\":1}}", "{\"metric\":\"m\",\"tags\":{\"ID\":\"7\",\"a\":2}}", "id", 0},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"a\":{\"value\":3,\"type\":\"i8\"}}}", "{\"metric\":\"m\",\"tags\":{\"a\":{\"type\":\"i8\",\"value\":3.0}}}", NULL, 1},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"a\":[1]}}", "{\"metric\":\"m\",\"tags\":{\"a\":{}}}", NULL, 1}, /* the server refuses both */
        {JSON, "{\"metric\":\"m\",\"tags\":[]}", "{\"metric\":\"m\"}", NULL, 1},
        {JSON, "{\"metric\":7}", "{}", NULL, 1},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"a\":1,\"id\":\"7\"}}", "{\"metric\":\"m\",\"tags\":{\"id\":\"7\",\"a\":2}}", "id", 1},
        {JSON, "{\"metric\":\"m\",\"tags\":{\"a\":1,\"id\":\"7\"}}", "{\"metric\":\"m\",\"tags\":{\"a\":1,\"id\":\"8\"}}", "id", 0},
    };

    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        CHECK((table(pairs[i].protocol, pairs[i].a, pairs[i].key) == table(pairs[i].protocol, pairs[i].b, pairs[i].key)) == pairs[i].same, "%s and %s",
              pairs[i].a, pairs[i].b);
}

CU_TestInfo tdrt_split[] = {
    {"single lines", single_lines},
    {"points", points},
    {"points in pieces", points_in_pieces},
    {"tables of lines", tables},
    {"refusals", refusals},
    {"NUL", nul},
    {"deep points", deep},
    {"cuts", cuts},
    {"cut everywhere", cut_everywhere},
    {"timed", timed},
    CU_TEST_INFO_NULL,
};
