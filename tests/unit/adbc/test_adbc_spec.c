/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The ADBC driver by its specification: options of four types, information, parameters, cancels, what is refused and with which status. */
#include "adbc_server.h"

#include <errno.h>

/* ---- options ---- */

/* One option of an object, by each of the four functions that read it. */
#define CHECK_OPTION(Object, object, key, expected)                                                                                 \
    do {                                                                                                                            \
        char text_[64];                                                                                                             \
        uint8_t bytes_[64];                                                                                                         \
        size_t len_ = sizeof text_, needed_ = strlen(expected) + 1;                                                                 \
        CHECK_INT(driver.Object##GetOption(object, key, text_, &len_, NULL), ADBC_STATUS_OK);                                       \
        CHECK_TEXT(text_, expected);                                                                                                \
        CHECK_INT(len_, needed_);                                                                                                   \
        len_ = needed_ - 1;                                                                                                         \
        text_[0] = '#';                                                                                                             \
        CHECK_INT(driver.Object##GetOption(object, key, text_, &len_, NULL), ADBC_STATUS_OK);                                       \
        CHECK_INT(len_, needed_);                                                                                                   \
        CU_ASSERT(text_[0] == '#'); /* too small: nothing is written */                                                             \
        len_ = 0;                                                                                                                   \
        CHECK_INT(driver.Object##GetOption(object, key, NULL, &len_, NULL), ADBC_STATUS_OK);                                        \
        CHECK_INT(len_, needed_);                                                                                                   \
        len_ = sizeof bytes_;                                                                                                       \
        CHECK_INT(driver.Object##GetOptionBytes(object, key, bytes_, &len_, NULL), ADBC_STATUS_OK);                                 \
        CHECK_INT(len_, needed_ - 1);                                                                                               \
        CU_ASSERT(memcmp(bytes_, expected, needed_ - 1) == 0);                                                                      \
    } while (0)

#define CHECK_UNKNOWN(Object, object)                                                                                               \
    do {                                                                                                                            \
        char text_[64];                                                                                                             \
        uint8_t bytes_[64];                                                                                                         \
        size_t len_ = sizeof text_;                                                                                                 \
        int64_t number_;                                                                                                            \
        double real_;                                                                                                               \
        CHECK_INT(driver.Object##GetOption(object, "no.such", text_, &len_, NULL), ADBC_STATUS_NOT_FOUND);                          \
        CHECK_INT(driver.Object##GetOptionBytes(object, "no.such", bytes_, &len_, NULL), ADBC_STATUS_NOT_FOUND);                    \
        CHECK_INT(driver.Object##GetOptionInt(object, "no.such", &number_, NULL), ADBC_STATUS_NOT_FOUND);                           \
        CHECK_INT(driver.Object##GetOptionDouble(object, "no.such", &real_, NULL), ADBC_STATUS_NOT_FOUND);                          \
        CHECK_INT(driver.Object##SetOption(object, "no.such", "x", NULL), ADBC_STATUS_NOT_IMPLEMENTED);                             \
        CHECK_INT(driver.Object##SetOption(object, "no.such", NULL, NULL), ADBC_STATUS_NOT_IMPLEMENTED);                            \
        CHECK_INT(driver.Object##SetOptionInt(object, "no.such", 1, NULL), ADBC_STATUS_NOT_IMPLEMENTED);                            \
        CHECK_INT(driver.Object##SetOptionDouble(object, "no.such", 1.5, NULL), ADBC_STATUS_NOT_IMPLEMENTED);                       \
        CHECK_INT(driver.Object##SetOptionBytes(object, "no.such", (const uint8_t *)"x", 1, NULL), ADBC_STATUS_NOT_IMPLEMENTED);    \
    } while (0)

static void options_of_database(void)
{
    struct AdbcDatabase d = {NULL, NULL};
    int64_t number = 0;
    double real = 0;

    begin("");
    CHECK_INT(driver.DatabaseNew(&d, NULL), ADBC_STATUS_OK);
    CHECK_UNKNOWN(Database, &d);
    CHECK_INT(driver.DatabaseSetOption(&d, "uri", NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.DatabaseSetOption(&d, "username", NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.DatabaseSetOptionBytes(&d, "username", (const uint8_t *)"me too", 2, NULL), ADBC_STATUS_OK);
    CHECK_OPTION(Database, &d, "username", "me");
    CHECK_INT(driver.DatabaseSetOptionBytes(&d, "username", (const uint8_t *)"m\0e", 3, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.DatabaseSetOptionInt(&d, "tdrest.timeout_ms", 1234, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.DatabaseGetOptionInt(&d, "tdrest.timeout_ms", &number, NULL), ADBC_STATUS_OK);
    CHECK_INT(number, 1234);
    CHECK_INT(driver.DatabaseSetOptionDouble(&d, "tdrest.timeout_ms", 4321, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.DatabaseGetOptionDouble(&d, "tdrest.timeout_ms", &real, NULL), ADBC_STATUS_OK);
    CHECK_INT((int64_t)real, 4321);
    CHECK_INT(driver.DatabaseSetOptionDouble(&d, "tdrest.timeout_ms", 0.5, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.DatabaseGetOptionInt(&d, "username", &number, NULL), ADBC_STATUS_NOT_FOUND);
    CHECK_INT(driver.DatabaseRelease(&d, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.DatabaseGetOptionInt(&d, "tdrest.timeout_ms", &number, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.DatabaseSetOption(&database, "username", "you", NULL), ADBC_STATUS_INVALID_STATE); /* it is initialised */
    finish();
}

static void options_of_connection(void)
{
    static const struct { const char *key, *value; AdbcStatusCode status; } settings[] = {
        {"adbc.connection.autocommit", "true", ADBC_STATUS_OK}, {"adbc.connection.autocommit", "false", ADBC_STATUS_NOT_IMPLEMENTED},
        {"adbc.connection.autocommit", "invalid", ADBC_STATUS_INVALID_ARGUMENT}, {"adbc.connection.autocommit", NULL, ADBC_STATUS_INVALID_ARGUMENT},
        {"adbc.connection.readonly", "false", ADBC_STATUS_OK}, {"adbc.connection.readonly", "true", ADBC_STATUS_NOT_IMPLEMENTED},
        {"adbc.connection.transaction.isolation_level", "adbc.connection.transaction.isolation.default", ADBC_STATUS_OK},
        {"adbc.connection.transaction.isolation_level", "adbc.connection.transaction.isolation.snapshot", ADBC_STATUS_NOT_IMPLEMENTED},
        {"adbc.connection.catalog", "", ADBC_STATUS_OK}, {"adbc.connection.catalog", NULL, ADBC_STATUS_OK}, {"adbc.connection.catalog", "x", ADBC_STATUS_NOT_FOUND},
        {"adbc.connection.db_schema", "other", ADBC_STATUS_OK},
    };

    begin("");
    CHECK_UNKNOWN(Connection, &connection);
    CHECK_OPTION(Connection, &connection, "adbc.connection.db_schema", "test");
    for (size_t i = 0; i < COUNT_OF(settings); i++)
        CHECK(driver.ConnectionSetOption(&connection, settings[i].key, settings[i].value, NULL) == settings[i].status, "%s", settings[i].key);
    CHECK_OPTION(Connection, &connection, "adbc.connection.db_schema", "other");
    CHECK_OPTION(Connection, &connection, "adbc.connection.catalog", "");
    CHECK_OPTION(Connection, &connection, "adbc.connection.autocommit", "true");
    CHECK_OPTION(Connection, &connection, "adbc.connection.readonly", "false");
    CHECK_INT(driver.ConnectionCommit(&connection, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.ConnectionRollback(&connection, NULL), ADBC_STATUS_INVALID_STATE);
    finish();
}

static void options_of_statement(void)
{
    static const struct { const char *key, *value; AdbcStatusCode status; } settings[] = {
        {"adbc.ingest.mode", "adbc.ingest.mode.upsert", ADBC_STATUS_INVALID_ARGUMENT}, {"adbc.ingest.mode", "create", ADBC_STATUS_INVALID_ARGUMENT},
        {"adbc.ingest.mode", "adbc.ingest.mode.create_append", ADBC_STATUS_OK}, {"adbc.ingest.temporary", "true", ADBC_STATUS_NOT_IMPLEMENTED},
        {"adbc.ingest.temporary", "perhaps", ADBC_STATUS_INVALID_ARGUMENT}, {"adbc.ingest.temporary", "false", ADBC_STATUS_OK},
        {"adbc.ingest.target_catalog", "", ADBC_STATUS_OK}, {"adbc.ingest.target_catalog", "x", ADBC_STATUS_NOT_FOUND},
        {"adbc.statement.exec.incremental", "false", ADBC_STATUS_OK}, {"adbc.statement.exec.incremental", "true", ADBC_STATUS_NOT_IMPLEMENTED},
        {"tdrest.ingest.varchar_bytes", "0", ADBC_STATUS_INVALID_ARGUMENT}, {"tdrest.ingest.varchar_bytes", "65518", ADBC_STATUS_INVALID_ARGUMENT},
        {"tdrest.ingest.varchar_bytes", "", ADBC_STATUS_INVALID_ARGUMENT}, {"tdrest.ingest.using", "s", ADBC_STATUS_OK},
        {"adbc.ingest.target_table", "t", ADBC_STATUS_OK}, {"adbc.ingest.target_db_schema", "d", ADBC_STATUS_OK},
    };
    struct AdbcStatement st = {NULL, NULL};
    int64_t number = 0;
    size_t len = 0;

    begin("");
    CHECK_INT(driver.StatementNew(&connection, &st, NULL), ADBC_STATUS_OK);
    CHECK_UNKNOWN(Statement, &st);
    CHECK_OPTION(Statement, &st, "adbc.ingest.mode", "adbc.ingest.mode.create");
    for (size_t i = 0; i < COUNT_OF(settings); i++)
        CHECK(driver.StatementSetOption(&st, settings[i].key, settings[i].value, NULL) == settings[i].status, "%s=%s", settings[i].key, settings[i].value);
    CHECK_INT(driver.StatementSetOptionInt(&st, "tdrest.ingest.varchar_bytes", 100, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementGetOptionInt(&st, "tdrest.ingest.varchar_bytes", &number, NULL), ADBC_STATUS_OK);
    CHECK_INT(number, 100);
    CHECK_OPTION(Statement, &st, "adbc.ingest.target_table", "t");
    CHECK_OPTION(Statement, &st, "adbc.ingest.temporary", "false");
    CHECK_OPTION(Statement, &st, "tdrest.ingest.using", "s");
    CHECK_INT(driver.StatementExecuteQuery(&st, NULL, NULL, NULL), ADBC_STATUS_INVALID_STATE); /* nothing is bound */
    CHECK_INT(driver.StatementSetSqlQuery(&st, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementSetSqlQuery(&st, "rows 1", NULL), ADBC_STATUS_OK);
    /* SQL takes the place of the target, and of nothing else. */
    CHECK_INT(driver.StatementGetOption(&st, "adbc.ingest.target_table", NULL, &len, NULL), ADBC_STATUS_NOT_FOUND);
    CHECK_INT(driver.StatementGetOption(&st, "adbc.ingest.target_db_schema", NULL, &len, NULL), ADBC_STATUS_NOT_FOUND);
    CHECK_OPTION(Statement, &st, "adbc.ingest.mode", "adbc.ingest.mode.create_append");
    CHECK_OPTION(Statement, &st, "tdrest.ingest.varchar_bytes", "100");
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    finish();
}

/* ---- information ---- */

/* Readers such as Rust's want each buffer where its values may stand, also one without values. */
static int is_aligned(const struct ArrowArray *array)
{
    int good = 1;

    for (int64_t i = 0; i < array->n_buffers; i++)
        good &= (uintptr_t)array->buffers[i] % 8 == 0;
    for (int64_t i = 0; i < array->n_children; i++)
        good &= is_aligned(array->children[i]);
    return good;
}

/* The rows of GetInfo for these codes, and the sum of the codes in them. */
static int64_t info(const uint32_t *codes, size_t count, uint32_t *sum)
{
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    int64_t rows = 0;

    *sum = 0;
    CHECK_INT(driver.ConnectionGetInfo(&connection, codes, count, &stream, NULL), ADBC_STATUS_OK);
    CHECK_INT(stream.get_schema(&stream, &schema), 0);
    CHECK_TEXT(schema.children[1]->format, "+ud:0,1,2,3,4,5");
    schema.release(&schema);
    while (stream.get_next(&stream, &batch) == 0 && batch.release != NULL) {
        rows += batch.length;
        CU_ASSERT(is_aligned(&batch));
        for (int64_t i = 0; i < batch.length; i++)
            *sum += ((const uint32_t *)batch.children[0]->buffers[1])[i];
        batch.release(&batch);
    }
    stream.release(&stream);
    return rows;
}

static void information(void)
{
    static const uint32_t some[] = {ADBC_INFO_DRIVER_NAME, 9999, 2, ADBC_INFO_DRIVER_ARROW_VERSION, ADBC_INFO_VENDOR_VERSION}, unknown[] = {12345, 5};
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    uint32_t sum;

    begin("");
    CHECK_INT(info(some, COUNT_OF(some), &sum), 3);
    CHECK_INT(sum, 100 + 102 + 1);
    CHECK_INT(info(unknown, COUNT_OF(unknown), &sum), 0);
    CHECK_INT(info(some, 0, &sum), 0);
    CHECK_INT(info(NULL, 0, &sum), 8);
    CHECK_INT(driver.ConnectionCancel(&connection, NULL), ADBC_STATUS_OK); /* the answer is in memory: nothing is left to cancel */
    CHECK_INT(driver.ConnectionGetStatisticNames(&connection, &stream, NULL), ADBC_STATUS_OK);
    CHECK_INT(stream.get_schema(&stream, &schema), 0);
    CHECK_INT(schema.n_children, 2);
    CHECK_TEXT(schema.children[1]->format, "s");
    CHECK_INT(schema.children[0]->flags | schema.children[1]->flags, 0);
    CHECK_INT(stream.get_next(&stream, &batch), 0);
    CU_ASSERT(batch.release == NULL);
    schema.release(&schema);
    stream.release(&stream);
    finish();
}

/* ---- parameters ---- */

static void parameter_schema(void)
{
    static const char *const names[] = {"a", "", "bc", "b"};
    char sql[512] = "INSERT INTO t VALUES (?";
    struct ArrowSchema schema;
    struct AdbcStatement st;

    for (int i = 1; i < 100; i++)
        strcat(sql, ", ?");
    strcat(sql, ")");
    begin("");
    st = statement(sql);
    CHECK_INT(driver.StatementPrepare(&st, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementGetParameterSchema(&st, &schema, NULL), ADBC_STATUS_OK);
    CHECK_INT(schema.n_children, 100);
    CHECK_TEXT(schema.children[99]->format, "n");
    CHECK_TEXT(schema.children[99]->name, "");
    schema.release(&schema);
    CHECK_INT(driver.StatementSetSqlQuery(&st, "SELECT * FROM t WHERE i IN (:a, ?, :bc, :a, ':d', :b)", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementGetParameterSchema(&st, &schema, NULL), ADBC_STATUS_OK);
    CHECK_INT(schema.n_children, COUNT_OF(names)); /* a name is one parameter, wherever it stands */
    for (int64_t i = 0; i < schema.n_children && i < (int64_t)COUNT_OF(names); i++)
        CHECK_TEXT(schema.children[i]->name, names[i]);
    schema.release(&schema);
    CHECK_INT(driver.StatementSetSqlQuery(&st, "SELECT ?, 'it", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementGetParameterSchema(&st, &schema, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CU_ASSERT(schema.release == NULL);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    finish();
}

static void bind_ints(struct AdbcStatement *st, const int64_t *values, int64_t count)
{
    static int_batch batch;

    make_ints(&batch, values, count);
    CHECK_INT(driver.StatementBind(st, &batch.array, &batch.schema, NULL), ADBC_STATUS_OK);
    CU_ASSERT(batch.array.release == NULL && batch.schema.release == NULL); /* taken */
}

/* Results of bound rows become one stream: empty ones say nothing of types, and NULLs take the types of the first. */
static void bound_results(void)
{
    static const int64_t several[] = {0, 1, 2, 0, 1, 2}, empty[] = {0, 0};
    struct ArrowArrayStream stream;
    struct ArrowSchema schema, again;
    struct AdbcStatement st;
    int error;

    begin("&pool_max=1");
    st = statement("give ?");
    bind_ints(&st, several, COUNT_OF(several));
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
    CHECK_INT(stream.get_schema(&stream, &schema), 0);
    CHECK_TEXT(schema.children[0]->format, "l");
    CHECK_TEXT(schema.children[1]->format, "u");
    CHECK_TEXT(tdrt_arrow_metadata(schema.children[0], "tdrest.type"), "BIGINT");
    CHECK_INT(count_rows(&stream, &error), 10); /* which checks each batch by the schema */
    CHECK_INT(stream.get_schema(&stream, &again), 0);
    schema.release(&schema);
    CHECK_TEXT(again.children[1]->name, "y");
    again.release(&again);
    stream.release(&stream);
    bind_ints(&st, empty, COUNT_OF(empty));
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
    CHECK_INT(count_rows(&stream, &error), 0);
    CHECK_INT(error, 0);
    stream.release(&stream);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    finish();
}

/* What cannot be one stream is an error that names the row; rows before it are read. */
static void bound_results_differ(void)
{
    static const struct { int64_t rows[2]; AdbcStatusCode status; const char *text; } cases[] = {
        {{1, 3}, ADBC_STATUS_INVALID_DATA, "bound row 1: column x"}, {{1, 4}, ADBC_STATUS_INVALID_DATA, "bound row 1: its result has another number"},
        {{1, 5}, ADBC_STATUS_NOT_FOUND, "Table does not exist"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct ArrowArrayStream stream;
        struct AdbcStatement st;
        const struct AdbcError *why;
        AdbcStatusCode status = 0;
        int error;

        begin("&pool_max=1");
        st = statement("give ?");
        bind_ints(&st, cases[i].rows, 2);
        CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
        (void)count_rows(&stream, &error);
        CHECK_INT(error, EIO);
        why = driver.ErrorFromArrayStream(&stream, &status);
        CU_ASSERT_FATAL(why != NULL);
        CHECK_INT(status, cases[i].status);
        CHECK(strstr(why->message, cases[i].text) != NULL, "%s", why->message);
        CHECK_INT(driver.StatementSetSqlQuery(&st, "rows 10", NULL), ADBC_STATUS_OK); /* the connection is back in the pool */
        stream.release(&stream);
        CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
        CHECK_INT(count_rows(&stream, &error), 10);
        stream.release(&stream);
        CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
        finish();
    }
}

static void binds_refused(void)
{
    static const int64_t one[] = {1};
    struct ArrowArrayStream stream;
    struct AdbcError why = {NULL, ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA, {0}, NULL, NULL, NULL};
    struct ArrowSchema schema;
    struct AdbcStatement st;
    int_batch batch;

    begin("");
    st = statement("give ?, ?");
    make_ints(&batch, one, 1);
    memset(&stream, 0, sizeof stream);
    CHECK_INT(driver.StatementBind(&st, NULL, &batch.schema, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementBind(&st, &batch.array, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementBindStream(&st, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementBindStream(&st, &stream, &why), ADBC_STATUS_INVALID_ARGUMENT);
    CU_ASSERT(why.private_data != NULL); /* there is an error, without details */
    CHECK_INT(driver.ErrorGetDetailCount(&why), 0);
    why.release(&why);
    CU_ASSERT(why.private_data == NULL);
    bind_ints(&st, one, 1);
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT); /* two parameters, one column */
    CU_ASSERT(stream.release == NULL);
    bind_ints(&st, one, 1);
    CHECK_INT(driver.StatementExecuteQuery(&st, NULL, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementSetSqlQuery(&st, "INSERT INTO t VALUES (?)", NULL), ADBC_STATUS_OK);
    bind_ints(&st, one, 1);
    CHECK_INT(driver.StatementExecuteSchema(&st, &schema, NULL), ADBC_STATUS_INVALID_ARGUMENT); /* it would be run */
    CU_ASSERT(schema.release == NULL);
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT"), 0);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    finish();
}

/* ---- cancels, texts ---- */

/* Between two batches: the stream ends with it, and nothing else does. */
static void cancel_between(void)
{
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    struct AdbcStatement st;
    AdbcStatusCode status = 0;
    int error;

    begin("&pool_max=1");
    st = statement("rows 200000");
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
    CHECK_INT(stream.get_next(&stream, &batch), 0);
    CU_ASSERT_FATAL(batch.release != NULL);
    CHECK_INT(driver.StatementCancel(&st, NULL), ADBC_STATUS_OK);
    batch.release(&batch);
    for (int i = 0; i < 2; i++)
        CHECK_INT(stream.get_next(&stream, &batch), ECANCELED);
    CU_ASSERT(driver.ErrorFromArrayStream(&stream, &status) != NULL);
    CHECK_INT(status, ADBC_STATUS_CANCELLED);
    CHECK_INT(driver.StatementCancel(&st, NULL), ADBC_STATUS_INVALID_STATE);
    stream.release(&stream);
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
    CHECK_INT(count_rows(&stream, &error), 200000);
    CHECK_INT(driver.StatementCancel(&st, NULL), ADBC_STATUS_INVALID_STATE); /* read to its end */
    stream.release(&stream);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    finish();
}

/* A stream that cancels the statement it is bound to, when its schema is asked for. */
static struct AdbcStatement cancelled;

static int cancel_and_give_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    *out = ((int_batch *)self->private_data)->schema;
    CHECK_INT(driver.StatementCancel(&cancelled, NULL), ADBC_STATUS_OK);
    return 0;
}

static int give_batch(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    int_batch *batch = (int_batch *)self->private_data;

    *out = batch->array;
    batch->array.release = NULL;
    return 0;
}

static const char *no_error(struct ArrowArrayStream *self)
{
    (void)self;
    return NULL;
}

static void release_stream(struct ArrowArrayStream *self)
{
    self->release = NULL;
}

/* A cancel while an ingest reads its stream, between two requests, is kept until the next one. */
static void cancel_while_reading(void)
{
    static const int64_t one[] = {1};
    int_batch batch;
    struct ArrowArrayStream stream = {cancel_and_give_schema, give_batch, no_error, release_stream, &batch};

    begin("");
    CHECK_INT(driver.StatementNew(&connection, &cancelled, NULL), ADBC_STATUS_OK);
    make_ints(&batch, one, 1);
    batch.field.format = "tsm:";
    CHECK_INT(driver.StatementSetOption(&cancelled, "adbc.ingest.target_table", "t", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementSetOption(&cancelled, "adbc.ingest.mode", "adbc.ingest.mode.append", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementBindStream(&cancelled, &stream, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementExecuteQuery(&cancelled, NULL, NULL, NULL), ADBC_STATUS_CANCELLED);
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT"), 0);
    CHECK_INT(driver.StatementRelease(&cancelled, NULL), ADBC_STATUS_OK);
    finish();
}

static void semicolons(void)
{
    struct ArrowArrayStream stream;
    struct AdbcStatement st;
    int error;

    begin("");
    st = statement("rows 10;; ;\n");
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
    CHECK_INT(count_rows(&stream, &error), 10);
    stream.release(&stream);
    CHECK_INT(driver.StatementSetSqlQuery(&st, "rows 10;; rows 10", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementSetSqlQuery(&st, ";", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    finish();
}

CU_TestInfo tdrt_adbc_spec[] = {
    {"options of a database", options_of_database},
    {"options of a connection", options_of_connection},
    {"options of a statement", options_of_statement},
    {"information", information},
    {"schema of parameters", parameter_schema},
    {"results of bound rows", bound_results},
    {"results of bound rows that differ", bound_results_differ},
    {"binds that are refused", binds_refused},
    {"cancel between batches", cancel_between},
    {"cancel while an ingest reads", cancel_while_reading},
    {"semicolons", semicolons},
    CU_TEST_INFO_NULL,
};
