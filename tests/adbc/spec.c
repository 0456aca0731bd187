/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The driver by the ADBC specification, over the sandbox: tests/adbc/spec.c DRIVER URI. What needs tables: bulk ingest, statements at the same time; metadata. */
#include "spec_metadata.h"

#include <dlfcn.h>

/* ---- bulk ingest ---- */

static const int64_t times[] = {1700000000000, 1700000001000, 1700000002000, 1700000003000};

static void every_type(void)
{
    static const uint8_t two[] = {3}, bits[] = {1};
    static const int8_t i8[] = {-128, 127};
    static const int16_t i16[] = {-32768, 32767};
    static const int32_t i32[] = {-2147483647 - 1, 2147483647}, offsets[] = {0, 0, 4};
    static const float f[] = {-1.5F, 1.5F};
    static const uint16_t halves[] = {0xbe00, 0x3e00};
    static const double d[] = {-1.5, 1.5};
    static const int64_t wide[] = {0, 0, 4};
    batch b;
    int64_t rows = 0;

    empty(&b, 2);
    add(&b, "ts", "tsm:", two, times, NULL);
    add(&b, "b", "b", two, bits, NULL);
    add(&b, "i8", "c", NULL, i8, NULL);
    add(&b, "i16", "s", NULL, i16, NULL);
    add(&b, "i32", "i", bits, i32, NULL);
    add(&b, "u8", "C", NULL, i8, NULL);
    add(&b, "f", "f", NULL, f, NULL);
    add(&b, "d", "g", NULL, d, NULL);
    add(&b, "h", "e", NULL, halves, NULL);
    add(&b, "s", "u", NULL, offsets, "1234");
    add(&b, "ls", "U", bits, wide, "1234");
    add(&b, "x", "z", NULL, offsets, "\1\2\3\4");
    add(&b, "w", "w:4", NULL, "abcdefgh", NULL);
    IS(INGEST(&b, 1, &rows, TABLE, "alltypes"), ADBC_STATUS_OK);
    CHECK(rows == 2, "%d rows", (int)rows);
    CHECK(number("SELECT COUNT(*) FROM alltypes WHERE d = 1.5 AND i8 = 127 AND h = 1.5 AND s = '1234'") == 1, "%s", "the second row");
    CHECK(number("SELECT COUNT(*) FROM alltypes WHERE i32 IS NULL") == 1, "%s", "a NULL");
}

/* What has no place in a table is refused before anything is sent, and a table to be replaced stays. */
static void refused_types(void)
{
    static const char *const formats[] = {"n", "tDm", "tts", "d:76,2,256", "d:10,-2", "+l", "tiM"};
    batch b;

    empty(&b, 1);
    add(&b, "ts", "tsm:", NULL, times, NULL);
    add(&b, "n", "l", NULL, times, NULL);
    IS(INGEST(&b, 1, NULL, TABLE, "stays"), ADBC_STATUS_OK);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        empty(&b, 1);
        add(&b, "ts", "tsm:", NULL, times, NULL);
        add(&b, "odd", formats[i], NULL, times, NULL);
        IS(INGEST(&b, 1, NULL, TABLE, "stays", AS("replace")), ADBC_STATUS_INVALID_ARGUMENT);
    }
    CHECK(number("SELECT COUNT(*) FROM stays") == 1, "%s", "the table to be replaced");
    empty(&b, 1);
    add(&b, "x", "l", NULL, times, NULL);
    IS(INGEST(&b, 1, NULL, TABLE, "stays", AS("replace")), ADBC_STATUS_INVALID_ARGUMENT); /* no key */
    empty(&b, 1);
    add(&b, "ts", "tsm:", NULL, times, NULL);
    add(&b, "", "l", NULL, times, NULL);
    IS(INGEST(&b, 1, NULL, TABLE, "stays", AS("replace")), ADBC_STATUS_INVALID_ARGUMENT); /* no name */
}

static void modes(void)
{
    static const int64_t numbers[] = {1, 2};
    static const int32_t offsets[] = {0, 1, 2};
    struct AdbcStatement st = new_statement();
    int64_t rows = -5;
    batch b, wrong, more;

    IS(driver.StatementSetOption(&st, TABLE, "modes", &why), ADBC_STATUS_OK);
    IS(driver.StatementExecuteQuery(&st, NULL, NULL, &why), ADBC_STATUS_INVALID_STATE); /* nothing is bound */
    IS(driver.StatementRelease(&st, &why), ADBC_STATUS_OK);
    empty(&b, 2);
    add(&b, "ts", "tsm:UTC", NULL, times, NULL);
    add(&b, "n", "l", NULL, numbers, NULL);
    empty(&wrong, 2);
    add(&wrong, "ts", "tsm:UTC", NULL, times, NULL);
    add(&wrong, "n", "u", NULL, offsets, "ab");
    empty(&more, 2);
    add(&more, "ts", "tsm:UTC", NULL, times, NULL);
    add(&more, "other", "l", NULL, numbers, NULL);
    NAMES(INGEST(&b, 1, NULL, TABLE, "modes", AS("append")), ADBC_STATUS_NOT_FOUND, ": `modes`");
    IS(INGEST(&b, 1, &rows, TABLE, "modes"), ADBC_STATUS_OK);
    CHECK(rows == 2, "%d rows", (int)rows);
    NAMES(INGEST(&b, 1, NULL, TABLE, "modes", AS("create")), ADBC_STATUS_ALREADY_EXISTS, ": `modes`");
    IS(INGEST(&wrong, 1, NULL, TABLE, "modes", AS("create_append")), ADBC_STATUS_ALREADY_EXISTS);
    IS(INGEST(&more, 1, NULL, TABLE, "modes", AS("create_append")), ADBC_STATUS_ALREADY_EXISTS);
    IS(INGEST(&wrong, 1, NULL, TABLE, "modes", AS("append")), ADBC_STATUS_ALREADY_EXISTS);
    IS(INGEST(&more, 1, NULL, TABLE, "modes", AS("append")), ADBC_STATUS_ALREADY_EXISTS);
    CHECK(number("SELECT COUNT(*) FROM modes") == 2, "%s", "nothing was added");
    wrong.field[1].format = "n"; /* NULLs of any type, and numbers of another */
    wrong.column[1].n_buffers = 0;
    IS(INGEST(&wrong, 1, NULL, TABLE, "modes", AS("append")), ADBC_STATUS_OK);
    wrong.field[1].format = "i";
    wrong.column[1].n_buffers = 2;
    IS(INGEST(&wrong, 1, NULL, TABLE, "modes", AS("append")), ADBC_STATUS_OK);
    IS(INGEST(&b, 1, &rows, TABLE, "modes", AS("create_append")), ADBC_STATUS_OK);
    IS(INGEST(&b, 1, &rows, TABLE, "modes", AS("append")), ADBC_STATUS_OK);
    b.array.length = b.column[0].length = b.column[1].length = 1;
    IS(INGEST(&b, 1, &rows, TABLE, "modes", AS("replace")), ADBC_STATUS_OK);
    CHECK(rows == 1 && number("SELECT COUNT(*) FROM modes") == 1, "%d rows", (int)rows);
    IS(INGEST(&b, 1, &rows, TABLE, "modes", SCHEMA, "spec2"), ADBC_STATUS_OK);
    NAMES(INGEST(&b, 1, &rows, TABLE, "modes", SCHEMA, "no_such_database"), ADBC_STATUS_NOT_FOUND, ": `no_such_database`.`modes`");
    CHECK(number("SELECT COUNT(*) FROM spec2.modes") == 1, "%s", "in another db_schema");
    IS(INGEST(&b, 0, &rows, TABLE, "no_rows"), ADBC_STATUS_OK);
    CHECK(rows == 0 && number("SELECT COUNT(*) FROM no_rows") == 0, "%d rows", (int)rows);
    IS(INGEST(&b, 1, &rows, TABLE, "create"), ADBC_STATUS_OK); /* a keyword */
}

/* A text of that many bytes in one row. */
static void text_batch(batch *b, const int64_t *time, int32_t offsets[2], const char *text, int32_t len)
{
    offsets[0] = 0;
    offsets[1] = len;
    empty(b, 1);
    add(b, "ts", "tsm:", NULL, time, NULL);
    add(b, "s", "u", NULL, offsets, text);
}

/* Texts of later batches may be longer: the column grows, but only in a table that the ingest made. */
static void longer_texts(void)
{
    static char text[70000];
    int32_t offsets[4][2];
    int64_t rows = 0;
    batch b[4];

    memset(text, 'x', sizeof text);
    text_batch(&b[0], &times[0], offsets[0], text, 3);
    text_batch(&b[1], &times[1], offsets[1], text, 64);
    text_batch(&b[2], &times[2], offsets[2], text, 65);
    text_batch(&b[3], &times[3], offsets[3], text, 5000);
    IS(INGEST(b, 4, &rows, TABLE, "longer"), ADBC_STATUS_OK);
    CHECK(rows == 4 && number("SELECT COUNT(*) FROM longer") == 4, "%d rows", (int)rows);
    CHECK(length_of("longer", "s") == 8192, "%d bytes", (int)length_of("longer", "s"));
    CHECK(number("SELECT COUNT(*) FROM longer WHERE LENGTH(s) = 5000") == 1, "%s", "the longest");
    text_batch(&b[0], &times[0], offsets[0], text, 9000);
    IS(INGEST(b, 1, &rows, TABLE, "longer", AS("append")), ADBC_STATUS_INVALID_DATA);
    IS(INGEST(b, 1, &rows, TABLE, "longer", AS("create_append")), ADBC_STATUS_INVALID_DATA);
    CHECK(length_of("longer", "s") == 8192, "%s", "not made by this ingest");
    text_batch(&b[0], &times[0], offsets[0], text, 3);
    text_batch(&b[1], &times[1], offsets[1], text, 65518);
    IS(INGEST(b, 2, &rows, TABLE, "too_long"), ADBC_STATUS_INVALID_DATA);
    text_batch(&b[1], &times[1], offsets[1], text, 33);
    IS(INGEST(b, 2, &rows, TABLE, "given", "tdrest.ingest.varchar_bytes", "32"), ADBC_STATUS_INVALID_DATA);
    CHECK(length_of("given", "s") == 32, "%s", "the length that was given");
}

/* A stream that fails on the way says so; what was sent before is counted. */
static void failing_stream(void)
{
    int32_t offsets[2][2];
    batch b[2];
    several s;
    struct ArrowArrayStream stream;
    int64_t rows = 0;

    text_batch(&b[0], &times[0], offsets[0], "abc", 3);
    stream = stream_of(&s, b, 1);
    stream.get_next = several_fail;
    CHECK(ingest_stream(&stream, &rows, (const char *const[]){TABLE, "fails", NULL}) == ADBC_STATUS_INVALID_ARGUMENT, "%s", "a stream that fails");
    CHECK(why.message != NULL && strstr(why.message, "no more of it") != NULL, "%s", why.message);
    why.release(&why);
    CHECK(rows == -1, "%d rows", (int)rows);
    stream = stream_of(&s, b, 0);
    stream.get_next = several_fail;
    IS(ingest_stream(&stream, &rows, (const char *const[]){TABLE, "fails2", NULL}), ADBC_STATUS_INVALID_ARGUMENT);
}

static void child_batch(batch *b, int tags, int names)
{
    static const int32_t g[] = {7, 7, 7, 7}, place[] = {0, 2, 4, 6, 8}, name[] = {0, 2, 4, 6, 8};
    static const double x[] = {1, 2, 3, 4};

    empty(b, 4);
    add(b, "x", "g", NULL, x, NULL);
    if (tags)
        add(b, "place", "u", NULL, place, "atatatat");
    add(b, "ts", "tsm:", NULL, times, NULL);
    if (tags)
        add(b, "g", "i", NULL, g, NULL);
    if (names)
        add(b, "tb", "u", NULL, name, "c1c2c1c3");
}

#define USING "tdrest.ingest.using"
#define TAGS "tdrest.ingest.tags"
#define TBNAME "tdrest.ingest.tbname"

/* One child table of a super table: its tags are no columns. */
static void one_child(void)
{
    int64_t rows = 0;
    batch b;

    child_batch(&b, 1, 0);
    IS(INGEST(&b, 1, &rows, TABLE, "child1", USING, "super1", TAGS, "g, place"), ADBC_STATUS_OK);
    CHECK(rows == 4 && number("SELECT COUNT(*) FROM super1 WHERE g = 7 AND place = 'at' AND tbname = 'child1'") == 4, "%d rows", (int)rows);
    CHECK(length_of("super1", "place") == 64, "%d bytes", (int)length_of("super1", "place"));
    NAMES(INGEST(&b, 1, &rows, TABLE, "child1", USING, "super1", TAGS, "g,place"), ADBC_STATUS_ALREADY_EXISTS, ": `child1`");
    IS(INGEST(&b, 1, &rows, TABLE, "child2", USING, "super1", TAGS, "g,place"), ADBC_STATUS_OK); /* the super table may be there */
    IS(INGEST(&b, 1, &rows, TABLE, "child3", USING, "super1", TAGS, "g,place", AS("create_append")), ADBC_STATUS_OK);
    IS(INGEST(&b, 1, &rows, TABLE, "child3", USING, "super1", TAGS, "g,place", AS("create_append")), ADBC_STATUS_OK);
    IS(INGEST(&b, 1, &rows, TABLE, "child2", USING, "super1", TAGS, "g,place", AS("replace")), ADBC_STATUS_OK);
    IS(INGEST(&b, 1, &rows, TABLE, "child4", USING, "super1", TAGS, "g,place", AS("append")), ADBC_STATUS_NOT_FOUND);
    CHECK(number("SELECT COUNT(*) FROM super1") == 12, "%s", "three children");
    IS(INGEST(&b, 1, &rows, TABLE, "child9", USING, "super1"), ADBC_STATUS_INVALID_ARGUMENT);
    IS(INGEST(&b, 1, &rows, TABLE, "child9", TAGS, "g"), ADBC_STATUS_INVALID_ARGUMENT);
    IS(INGEST(&b, 1, &rows, TABLE, "child9", USING, "super1", TAGS, "g,nowhere"), ADBC_STATUS_INVALID_ARGUMENT);
    IS(INGEST(&b, 1, &rows, TABLE, "child9", USING, "alltypes", TAGS, "g,place"), ADBC_STATUS_INVALID_DATA); /* a table without tags */
    IS(INGEST(&b, 0, &rows, TABLE, "child5", USING, "super5", TAGS, "g,place"), ADBC_STATUS_OK); /* no row: no tags, no child table */
    CHECK(rows == 0 && number("SELECT COUNT(*) FROM super5") == 0, "%s", "a super table without tables");
    child_batch(&b, 0, 0);
    IS(INGEST(&b, 1, &rows, TABLE, "child1", USING, "super1", AS("append")), ADBC_STATUS_OK); /* rows alone */
}

/* Rows with other tags are not of that child table; which row it is, whatever the tag's type. */
static void other_tags(void)
{
    static const int32_t same[] = {7, 7}, index[] = {1, 1}, other[] = {1, 0}, short_texts[] = {0, 2, 4}, dictionary_texts[] = {0, 1, 2};
    static const int64_t wide[] = {0, 2, 4};
    static const uint8_t bits[] = {1}, both[] = {3};
    static const struct { int32_t len; char text[12]; } views[] = {{2, "ab"}, {2, "ac"}};
    static const struct { int32_t len; char start[4]; int32_t buffer, offset; } long_views[] = {{14, "long", 0, 0}, {14, "long", 0, 14}};
    static const struct { const char *format; const void *valid, *values, *texts; } tags[] = {
        {"i", NULL, index + 1, NULL}, {"i", bits, same, NULL}, {"b", NULL, bits, NULL}, {"u", NULL, short_texts, "abac"}, {"U", NULL, wide, "abac"},
        {"z", both, short_texts, "abac"}, {"w:2", NULL, "abac", NULL}, {"vu", NULL, views, "unused, but of as many bytes"}, {"vu", NULL, long_views, "long texts, fourteen long texts"},
        {"l", NULL, times, NULL}, {"s", NULL, other, NULL},
    };
    struct ArrowSchema values = {.format = "u", .name = "", .release = release_schema};
    const void *buffers[] = {NULL, dictionary_texts, "xy"};
    struct ArrowArray texts = {.length = 2, .n_buffers = 3, .buffers = buffers, .release = release_array};
    int64_t rows = 0;
    char name[16];
    batch b, several[2];

    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        empty(&b, 2);
        add(&b, "ts", "tsm:", NULL, times, NULL);
        add(&b, "tag", tags[i].format, tags[i].valid, i == 0 ? other : tags[i].values, tags[i].texts);
        add(&b, "x", "i", NULL, same, NULL);
        snprintf(name, sizeof name, "other%d", (int)i);
        CHECK(INGEST(&b, 1, &rows, TABLE, "other_child", USING, name, TAGS, "tag", AS("create_append")) == ADBC_STATUS_INVALID_ARGUMENT, "tags %d", (int)i);
        CHECK(why.message != NULL && strncmp(why.message, "row 1: tag tag has another value", 32) == 0, "tags %d: %s", (int)i, why.message);
        if (why.release != NULL)
            why.release(&why);
        IS(execute("DROP TABLE IF EXISTS other_child", NULL), ADBC_STATUS_OK);
    }
    for (int i = 0; i < 2; i++) { /* in a later batch */
        empty(&several[i], 1);
        add(&several[i], "ts", "tsm:", NULL, times + i, NULL);
        add(&several[i], "tag", "i", NULL, other + i, NULL);
        add(&several[i], "x", "i", NULL, same, NULL);
    }
    IS(INGEST(several, 2, &rows, TABLE, "other_child", USING, "other0", TAGS, "tag"), ADBC_STATUS_INVALID_ARGUMENT);
    for (int i = 0; i < 2; i++) { /* a dictionary: by its values */
        empty(&b, 2);
        add(&b, "ts", "tsm:", NULL, times, NULL);
        add(&b, "tag", "i", NULL, i == 0 ? index : other, NULL);
        add(&b, "x", "i", NULL, same, NULL);
        b.field[1].dictionary = &values;
        b.column[1].dictionary = &texts;
        IS(INGEST(&b, 1, &rows, TABLE, i == 0 ? "child7" : "child8", USING, "other_dictionary", TAGS, "tag"), i == 0 ? ADBC_STATUS_OK : ADBC_STATUS_INVALID_ARGUMENT);
    }
}

/* A column names the tables. */
static void many_children(void)
{
    int64_t rows = 0;
    batch b;

    child_batch(&b, 1, 1);
    IS(INGEST(&b, 1, &rows, TABLE, "super2", TAGS, "g,place", TBNAME, "tb"), ADBC_STATUS_OK);
    IS(INGEST(&b, 1, &rows, TABLE, "anything", USING, "super2", TAGS, "g,place", TBNAME, "tb", AS("append")), ADBC_STATUS_OK);
    CHECK(rows == 4 && number("SELECT COUNT(*) FROM super2") == 4, "%d rows", (int)rows);
    CHECK(number("SELECT COUNT(*) FROM c1") == 2, "%s", "rows of c1");
    NAMES(INGEST(&b, 1, &rows, TABLE, "anything", USING, "super2", TAGS, "g,place", TBNAME, "tb"), ADBC_STATUS_ALREADY_EXISTS, ": `super2`");
    IS(INGEST(&b, 1, &rows, TABLE, "x", USING, "super2", TAGS, "g,place", TBNAME, "nowhere", AS("append")), ADBC_STATUS_INVALID_ARGUMENT);
    IS(INGEST(&b, 1, &rows, TABLE, "super2", TAGS, "g,place", TBNAME, "tb", AS("replace")), ADBC_STATUS_OK);
    CHECK(number("SELECT COUNT(*) FROM super2") == 4, "%s", "replaced");
}

/* Longer tags and longer columns of a super table. */
static void longer_in_super_tables(void)
{
    static char text[400];
    static const int32_t names[] = {0, 2};
    int32_t offsets[2][2];
    int64_t rows = 0;
    batch b[2];

    memset(text, 'y', sizeof text);
    for (int i = 0; i < 2; i++) {
        offsets[i][0] = 0;
        offsets[i][1] = i == 0 ? 10 : 300;
        empty(&b[i], 1);
        add(&b[i], "ts", "tsm:", NULL, &times[i], NULL);
        add(&b[i], "s", "u", NULL, offsets[i], text);
        add(&b[i], "tag", "u", NULL, offsets[i], text);
        add(&b[i], "tb", "u", NULL, names, i == 0 ? "l1" : "l2");
    }
    IS(INGEST(b, 2, &rows, TABLE, "super3", TAGS, "tag", TBNAME, "tb"), ADBC_STATUS_OK);
    CHECK(rows == 2 && length_of("super3", "s") == 512 && length_of("super3", "tag") == 512, "%d rows, %d bytes", (int)rows, (int)length_of("super3", "tag"));
}

/* ---- statements ---- */

static void several_statements(void)
{
    struct AdbcStatement st[2] = {new_statement(), new_statement()};
    struct ArrowArrayStream stream[2];
    struct ArrowSchema schema;
    struct AdbcPartitions partitions;
    int64_t rows = -5;

    for (int i = 0; i < 2; i++) {
        IS(driver.StatementSetSqlQuery(&st[i], "SELECT 'one'", &why), ADBC_STATUS_OK);
        IS(driver.StatementExecuteQuery(&st[i], &stream[i], &rows, &why), ADBC_STATUS_OK);
        CHECK(rows == -1, "%d rows", (int)rows);
    }
    for (int i = 0; i < 2; i++) {
        CHECK(stream[i].get_schema(&stream[i], &schema) == 0 && strcmp(schema.children[0]->format, "u") == 0, "stream %d", i);
        schema.release(&schema);
        stream[i].release(&stream[i]);
    }
    IS(driver.StatementExecutePartitions(&st[0], &schema, &partitions, &rows, &why), ADBC_STATUS_NOT_IMPLEMENTED);
    IS(driver.StatementSetSubstraitPlan(&st[0], (const uint8_t *)"x", 1, &why), ADBC_STATUS_NOT_IMPLEMENTED);
    IS(driver.StatementExecuteSchema(&st[0], &schema, &why), ADBC_STATUS_OK);
    CHECK(schema.n_children == 1, "%d columns", (int)schema.n_children);
    schema.release(&schema);
    for (int i = 0; i < 2; i++)
        IS(driver.StatementRelease(&st[i], &why), ADBC_STATUS_OK);
    IS(execute("this is not a query", NULL), ADBC_STATUS_INVALID_ARGUMENT);
    IS(execute("CREATE TABLE rows_affected (ts TIMESTAMP, id INT)", &rows), ADBC_STATUS_OK);
    CHECK(rows == 0 || rows == -1, "%d rows", (int)rows);
    IS(execute("INSERT INTO rows_affected VALUES (1700000000000, 1)", &rows), ADBC_STATUS_OK);
    CHECK(rows == 1, "%d rows", (int)rows);
    IS(execute("SELECT * FROM rows_affected", &rows), ADBC_STATUS_OK);
    CHECK(rows == -1, "%d rows", (int)rows);
}

int main(int argc, char **argv)
{
    AdbcStatusCode (*init)(int, void *, struct AdbcError *);
    void *library = argc == 3 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL, *symbol = library == NULL ? NULL : dlsym(library, "AdbcDriverTdrestInit");
    char uri[256];

    if (symbol == NULL) {
        printf("usage: spec DRIVER URI\n");
        return 2;
    }
    memcpy(&init, &symbol, sizeof init);
    snprintf(uri, sizeof uri, "%s", argv[2]);
    if (init(ADBC_VERSION_1_1_0, &driver, NULL) || driver.DatabaseNew(&database, NULL) || driver.DatabaseSetOption(&database, "uri", uri, NULL) ||
        driver.DatabaseInit(&database, NULL) || driver.ConnectionNew(&connection, NULL) || driver.ConnectionInit(&connection, &database, NULL))
        return 2;
    IS(execute("CREATE DATABASE spec", NULL), ADBC_STATUS_OK);
    IS(execute("CREATE DATABASE spec2", NULL), ADBC_STATUS_OK);
    IS(driver.ConnectionSetOption(&connection, "adbc.connection.db_schema", "spec", &why), ADBC_STATUS_OK);
    every_type();
    refused_types();
    modes();
    longer_texts();
    failing_stream();
    one_child();
    other_tags();
    many_children();
    longer_in_super_tables();
    several_statements();
    lengths_in_objects();
    statistics();
    patterns_of_columns();
    metadata();
    IS(execute("DROP DATABASE spec", NULL), ADBC_STATUS_OK);
    IS(execute("DROP DATABASE spec2", NULL), ADBC_STATUS_OK);
    IS(driver.ConnectionRelease(&connection, &why), ADBC_STATUS_OK);
    IS(driver.DatabaseRelease(&database, &why), ADBC_STATUS_OK);
    printf("  %d checks by the specification, %d failures\n", checks, failures);
    return failures != 0;
}
