/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What tests/adbc/spec.c checks with: the driver and what is open on it, batches in memory that stays, statements. */
#include "adbc/abi.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct AdbcDriver driver;
static struct AdbcDatabase database;
static struct AdbcConnection connection;
static int checks, failures;

#define CHECK(good, ...) check(good, __LINE__, #good, __VA_ARGS__)

static void check(int good, int line, const char *text, const char *format, ...)
{
    va_list args;

    checks++;
    if (good)
        return;
    failures++;
    printf("line %d: %s: ", line, text);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    printf("\n");
}

/* The status of a call, with the message that it leaves. */
static struct AdbcError why = {NULL, ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA, {0}, NULL, NULL, NULL};
#define IS(call, expected)                                                                                                                   \
    do {                                                                                                                                     \
        int status_ = (call);                                                                                                                \
        CHECK(status_ == (expected), "%s: status %d: %s", #call, status_, status_ != 0 && why.message != NULL ? why.message : "");           \
        if (why.release != NULL)                                                                                                             \
            why.release(&why);                                                                                                               \
    } while (0)

/* An error about a table, or a database that it is to be in, names it. */
#define NAMES(call, expected, name)                                                                                                          \
    do {                                                                                                                                     \
        CHECK((call) == (expected) && why.message != NULL && strstr(why.message, name) != NULL, "%s", why.message);                          \
        if (why.release != NULL)                                                                                                             \
            why.release(&why);                                                                                                               \
    } while (0)

/* ---- batches ---- */

enum { FIELDS = 13 };

typedef struct batch {
    struct ArrowSchema schema, field[FIELDS], *fields[FIELDS];
    struct ArrowArray array, column[FIELDS], *columns[FIELDS];
    const void *none[1], *buffers[FIELDS][4];
} batch;

static void release_schema(struct ArrowSchema *schema) { schema->release = NULL; }
static void release_array(struct ArrowArray *array) { array->release = NULL; }

static void empty(batch *b, int64_t rows)
{
    memset(b, 0, sizeof *b);
    b->schema.format = "+s";
    b->schema.children = b->fields;
    b->schema.release = release_schema;
    b->array.length = rows;
    b->array.n_buffers = 1;
    b->array.buffers = b->none;
    b->array.children = b->columns;
    b->array.release = release_array;
}

static void add(batch *b, const char *name, const char *format, const void *valid, const void *values, const void *texts)
{
    static const int64_t sizes[] = {28}; /* of the texts that views point to */
    const int i = (int)b->schema.n_children;

    b->field[i].format = format;
    b->field[i].name = name;
    b->field[i].flags = ARROW_FLAG_NULLABLE;
    b->field[i].release = release_schema;
    b->column[i].length = b->array.length;
    b->column[i].null_count = -1;
    b->column[i].n_buffers = format[0] == 'v' ? 4 : texts != NULL ? 3 : strcmp(format, "n") == 0 ? 0 : 2;
    b->column[i].buffers = b->buffers[i];
    b->column[i].release = release_array;
    b->buffers[i][0] = valid;
    b->buffers[i][1] = values;
    b->buffers[i][2] = texts;
    b->buffers[i][3] = sizes;
    b->fields[i] = &b->field[i];
    b->columns[i] = &b->column[i];
    b->schema.n_children = b->array.n_children = i + 1;
}

/* Several batches as a stream. */
typedef struct several {
    batch *batches;
    int count, at;
} several;

static int several_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    *out = ((several *)self->private_data)->batches[0].schema;
    return 0;
}

static int several_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    several *s = (several *)self->private_data;

    out->release = NULL;
    if (s->at < s->count)
        *out = s->batches[s->at++].array;
    return 0;
}

static int several_fail(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    several *s = (several *)self->private_data;

    return s->at < s->count ? several_next(self, out) : EIO;
}

static const char *several_error(struct ArrowArrayStream *self)
{
    (void)self;
    return "no more of it";
}

static void several_release(struct ArrowArrayStream *self) { self->release = NULL; }

static struct ArrowArrayStream stream_of(several *s, batch *batches, int count)
{
    const struct ArrowArrayStream stream = {several_schema, several_next, several_error, several_release, s};

    s->batches = batches;
    s->count = count;
    s->at = 0;
    return stream;
}

/* ---- statements ---- */

static struct AdbcStatement new_statement(void)
{
    struct AdbcStatement st = {NULL, NULL};

    IS(driver.StatementNew(&connection, &st, &why), ADBC_STATUS_OK);
    return st;
}

static AdbcStatusCode execute(const char *sql, int64_t *affected)
{
    struct AdbcStatement st = new_statement();
    AdbcStatusCode status = driver.StatementSetSqlQuery(&st, sql, &why);

    if (status == ADBC_STATUS_OK)
        status = driver.StatementExecuteQuery(&st, NULL, affected, &why);
    (void)driver.StatementRelease(&st, NULL);
    return status;
}

/* The one 64-bit integer that a query gives; -1: none. */
static int64_t number(const char *sql)
{
    struct AdbcStatement st = new_statement();
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    int64_t value = -1;

    IS(driver.StatementSetSqlQuery(&st, sql, &why), ADBC_STATUS_OK);
    IS(driver.StatementExecuteQuery(&st, &stream, NULL, &why), ADBC_STATUS_OK);
    if (stream.release != NULL && stream.get_next(&stream, &array) == 0 && array.release != NULL) {
        value = ((const int64_t *)array.children[0]->buffers[1])[0];
        array.release(&array);
    }
    if (stream.release != NULL)
        stream.release(&stream);
    IS(driver.StatementRelease(&st, &why), ADBC_STATUS_OK);
    return value;
}

/* The bytes of a column, as the server describes it. */
static int64_t length_of(const char *table, const char *column)
{
    struct AdbcStatement st = new_statement();
    struct ArrowArrayStream stream;
    struct ArrowArray array;
    char sql[128];
    int64_t length = -1;

    snprintf(sql, sizeof sql, "DESCRIBE %s", table);
    IS(driver.StatementSetSqlQuery(&st, sql, &why), ADBC_STATUS_OK);
    IS(driver.StatementExecuteQuery(&st, &stream, NULL, &why), ADBC_STATUS_OK);
    while (stream.release != NULL && stream.get_next(&stream, &array) == 0 && array.release != NULL) {
        const int32_t *offsets = (const int32_t *)array.children[0]->buffers[1], *lengths = (const int32_t *)array.children[2]->buffers[1];
        const char *names = (const char *)array.children[0]->buffers[2];

        for (int64_t i = 0; i < array.length; i++)
            if ((size_t)(offsets[i + 1] - offsets[i]) == strlen(column) && memcmp(names + offsets[i], column, strlen(column)) == 0)
                length = lengths[i];
        array.release(&array);
    }
    if (stream.release != NULL)
        stream.release(&stream);
    IS(driver.StatementRelease(&st, &why), ADBC_STATUS_OK);
    return length;
}

/* Options as pairs, NULL at the end. */
static AdbcStatusCode ingest_stream(struct ArrowArrayStream *stream, int64_t *affected, const char *const *options)
{
    struct AdbcStatement st = new_statement();
    AdbcStatusCode status = ADBC_STATUS_OK;

    for (; status == ADBC_STATUS_OK && options[0] != NULL; options += 2)
        status = driver.StatementSetOption(&st, options[0], options[1], &why);
    if (status == ADBC_STATUS_OK)
        status = driver.StatementBindStream(&st, stream, &why);
    if (status == ADBC_STATUS_OK)
        status = driver.StatementExecuteQuery(&st, NULL, affected, &why);
    (void)driver.StatementRelease(&st, NULL);
    return status;
}

#define TABLE "adbc.ingest.target_table"
#define MODE "adbc.ingest.mode"
#define AS(mode) MODE, "adbc.ingest.mode." mode
#define SCHEMA "adbc.ingest.target_db_schema"

/* Options are the arguments after the two. */
#define INGEST(batches, count, affected, ...) ingest(batches, count, affected, (const char *const[]){__VA_ARGS__, NULL})

static AdbcStatusCode ingest(batch *batches, int count, int64_t *affected, const char *const *options)
{
    several s;
    struct ArrowArrayStream stream = stream_of(&s, batches, count);

    return ingest_stream(&stream, affected, options);
}
