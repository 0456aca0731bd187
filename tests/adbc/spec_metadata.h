/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What tests/adbc/spec.c checks of metadata: objects, patterns, statistics, schemas of tables. */
#include "spec.h"

/* What a column's xdbc_ fields say of lengths, precisions and scales. */
static void lengths_in_objects(void)
{
    static const int32_t sizes[] = {-1, 20, 10, 30}, octets[] = {-1, -1, 40, 30};
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    const struct ArrowArray *columns, *table;

    IS(execute("CREATE TABLE lengths (ts TIMESTAMP, m DECIMAL(20,4), n NCHAR(10), v VARCHAR(30))", NULL), ADBC_STATUS_OK);
    IS(driver.ConnectionGetObjects(&connection, 0, NULL, "spec", "lengths", NULL, NULL, &stream, &why), ADBC_STATUS_OK);
    if (stream.release == NULL || stream.get_next(&stream, &array) != 0 || array.release == NULL)
        return;
    table = array.children[1]->children[0]->children[1]->children[0];
    columns = table->children[2]->children[0];
    CHECK(columns->length == 4, "%d columns", (int)columns->length);
    for (int i = 0; i < 4 && i < columns->length; i++) {
        const int has_size = ((const uint8_t *)columns->children[5]->buffers[0])[0] >> i & 1, has_octets = ((const uint8_t *)columns->children[12]->buffers[0])[0] >> i & 1;

        CHECK((has_size ? ((const int32_t *)columns->children[5]->buffers[1])[i] : -1) == sizes[i], "size of column %d", i);
        CHECK((has_octets ? ((const int32_t *)columns->children[12]->buffers[1])[i] : -1) == octets[i], "octets of column %d", i);
    }
    CHECK(((const int16_t *)columns->children[6]->buffers[1])[1] == 4 && ((const int16_t *)columns->children[7]->buffers[1])[1] == 10, "%s", "the scale");
    CHECK(table->children[3]->children[0]->children[3]->null_count == 1, "%s", "a primary key refers to nothing");
    array.release(&array);
    stream.release(&stream);
}

/* An underscore is a character, of however many bytes; many percent signs take no time. */
static void patterns_of_columns(void)
{
    static const struct { const char *pattern; int64_t columns; } cases[] = {
        {"_", 2}, {"__", 1}, {"%", 4}, {"a%a", 1}, {"\xc3\xa9", 1}, {"%_", 4}, {"%\xc3\xa9%", 1}, {"", 0}, {"a_", 0}, {"%s", 1}, {"t%%s", 1},
        {"%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%ab", 0}, {"%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%aa", 1},
    };
    struct ArrowArrayStream stream;
    struct ArrowArray array;

    IS(execute("CREATE TABLE patterns (ts TIMESTAMP, x INT, `\xc3\xa9` INT, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa INT)", NULL), ADBC_STATUS_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        IS(driver.ConnectionGetObjects(&connection, 0, "", "spec", "patterns", NULL, cases[i].pattern, &stream, &why), ADBC_STATUS_OK);
        if (stream.release == NULL || stream.get_next(&stream, &array) != 0 || array.release == NULL)
            continue;
        CHECK(array.children[1]->children[0]->children[1]->children[0]->children[2]->children[0]->length == cases[i].columns, "%s", cases[i].pattern);
        array.release(&array);
        stream.release(&stream);
    }
}

static void metadata(void)
{
    static const char *const no_types[] = {"no such type", NULL}, *const none[] = {NULL};
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray array;

    for (int depth = ADBC_OBJECT_DEPTH_ALL; depth <= ADBC_OBJECT_DEPTH_TABLES; depth++) {
        /* Also of what cannot be described: without filters, all of it. */
        IS(driver.ConnectionGetObjects(&connection, depth, NULL, NULL, NULL, NULL, NULL, &stream, &why), ADBC_STATUS_OK);
        if (stream.release == NULL)
            continue;
        CHECK(stream.get_next(&stream, &array) == 0 && array.release != NULL && array.length == 1, "depth %d", depth);
        array.release(&array);
        stream.release(&stream);
    }
    IS(driver.ConnectionGetObjects(&connection, 4, NULL, NULL, NULL, NULL, NULL, &stream, &why), ADBC_STATUS_INVALID_ARGUMENT);
    IS(driver.ConnectionGetObjects(&connection, 0, NULL, NULL, NULL, (const char **)no_types, NULL, &stream, &why), ADBC_STATUS_OK);
    CHECK(stream.get_next(&stream, &array) == 0 && array.children[1]->children[0]->children[1]->children[0]->length == 0, "tables of no type");
    array.release(&array);
    stream.release(&stream);
    IS(driver.ConnectionGetObjects(&connection, 3, "", "spec", "%", (const char **)none, NULL, &stream, &why), ADBC_STATUS_OK);
    stream.release(&stream);
    IS(driver.ConnectionCancel(&connection, &why), ADBC_STATUS_OK);
    IS(driver.ConnectionGetTableSchema(&connection, NULL, NULL, "(SELECT CURRENT_TIME)", &schema, &why), ADBC_STATUS_NOT_FOUND);
    IS(driver.ConnectionGetTableSchema(&connection, NULL, "no_such", "t", &schema, &why), ADBC_STATUS_NOT_FOUND);
    IS(driver.ConnectionGetTableSchema(&connection, "no_such", NULL, "t", &schema, &why), ADBC_STATUS_NOT_FOUND);
    IS(driver.ConnectionGetTableSchema(&connection, NULL, NULL, NULL, &schema, &why), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK(schema.release == NULL, "%s", "no schema");
    IS(driver.ConnectionReadPartition(&connection, (const uint8_t *)"x", 1, &stream, &why), ADBC_STATUS_NOT_IMPLEMENTED);
}

/* Exact row counts: of one table; of all with a pattern; of none. */
static void statistics(void)
{
    static const struct { const char *catalog, *schema, *table; int64_t catalogs, schemas, tables; } cases[] = {
        {NULL, "spec", "lengths", 1, 1, 1}, {"", "spec", "super_", 1, 1, 4}, {NULL, "spec", "no such", 1, 1, 0}, {NULL, "no such", NULL, 1, 0, 0}, {"x", NULL, NULL, 0, 0, 0},
    };
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray array;

    IS(execute("INSERT INTO lengths VALUES (1700000000000, 1, 'n', 'v') (1700000001000, 1, 'n', 'v')", NULL), ADBC_STATUS_OK);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct ArrowArray *schemas, *tables;

        IS(driver.ConnectionGetStatistics(&connection, cases[i].catalog, cases[i].schema, cases[i].table, i == 0, &stream, &why), ADBC_STATUS_OK);
        CHECK(stream.get_schema(&stream, &schema) == 0 && strcmp(schema.children[1]->children[0]->children[1]->children[0]->children[3]->format, "+ud:0,1,2,3") == 0, "case %d", (int)i);
        schema.release(&schema);
        if (stream.get_next(&stream, &array) != 0 || array.release == NULL) {
            CHECK(cases[i].catalogs == 0, "case %d", (int)i);
            stream.release(&stream);
            continue;
        }
        schemas = array.children[1]->children[0];
        tables = schemas->children[1]->children[0];
        CHECK(array.length == cases[i].catalogs && schemas->length == cases[i].schemas && tables->length == cases[i].tables, "case %d: %d tables", (int)i, (int)tables->length);
        if (i == 0 && tables->length == 1)
            CHECK(((const int16_t *)tables->children[2]->buffers[1])[0] == 6 && ((const int64_t *)tables->children[3]->children[0]->buffers[1])[0] == 2 &&
                      tables->children[1]->null_count == 1, "%s", "the count");
        array.release(&array);
        stream.release(&stream);
    }
    IS(driver.ConnectionGetStatistics(&connection, NULL, NULL, NULL, 1, NULL, &why), ADBC_STATUS_INVALID_ARGUMENT);
}
