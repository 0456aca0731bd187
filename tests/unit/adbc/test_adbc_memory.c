/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The ADBC driver when memory fails, or a question is cancelled, at each of its allocations. */
#include "adbc_server.h"
#include "three_rows.h"

#include <errno.h>

/* The driver's allocations, which its objects for tests make here. */

static int64_t made, fail_at, cancel_at;
static AdbcStatusCode cancelled;
void *tdrt_adbc_malloc(size_t bytes), *tdrt_adbc_calloc(size_t count, size_t bytes), *tdrt_adbc_realloc(void *old, size_t bytes);

/* Counts one more: whether it fails. */
static int fails(void)
{
    if (++made == cancel_at)
        cancelled = driver.ConnectionCancel(&connection, NULL);
    return made == fail_at;
}

void *tdrt_adbc_malloc(size_t bytes)
{
    return fails() ? NULL : malloc(bytes);
}

void *tdrt_adbc_calloc(size_t count, size_t bytes)
{
    return fails() ? NULL : calloc(count, bytes);
}

void *tdrt_adbc_realloc(void *old, size_t bytes)
{
    return fails() ? NULL : realloc(old, bytes);
}

static int good_or_no_memory(AdbcStatusCode status, struct AdbcError *error)
{
    if (status == ADBC_STATUS_OK)
        return 1;
    CHECK(status == ADBC_STATUS_INTERNAL, "status %d: %s", status, error->message == NULL ? "" : error->message);
    if (error->release != NULL)
        error->release(error);
    return 0;
}

/* ---- a server with a catalog ---- */

#define TEXTS(name) "{\"code\":0,\"column_meta\":[[\"" name "\",\"VARCHAR\",64]],\"data\":["

static int catalog_answer(const tdrt_visit *visit)
{
    static const struct { const char *sql, *body; } answers[] = {
        {"COUNT(*) FROM `other`.`d1`", "{\"code\":9731,\"desc\":\"Table does not exist\"}"}, /* dropped meanwhile */
        {"COUNT(*) FROM `other`.`t`", "{\"code\":0,\"column_meta\":[[\"count(*)\",\"BIGINT\",8]],\"data\":[],\"rows\":0}"},
        {"COUNT(*)", "{\"code\":0,\"column_meta\":[[\"count(*)\",\"BIGINT\",8]],\"data\":[[7]],\"rows\":1}"},
        {"SELECT name FROM information_schema.ins_databases", TEXTS("name") "[\"test\"],[\"other\"]],\"rows\":2}"},
        {"ins_databases", TEXTS("precision") "[\"ms\"]],\"rows\":1}"},
        {"ins_stables", TEXTS("stable_name") "[\"st\"]],\"rows\":1}"},
        {"ins_tables", "{\"code\":0,\"column_meta\":[[\"table_name\",\"VARCHAR\",192],[\"type\",\"VARCHAR\",20],[\"stable_name\",\"VARCHAR\",192]],\"data\":["
                       "[\"d1\",\"CHILD_TABLE\",\"st\"],[\"t\",\"NORMAL_TABLE\",null],[\"odd\",\"SYSTEM_TABLE\",null]],\"rows\":3}"},
        {"DESCRIBE `test`.`odd`", "{\"code\":534,\"desc\":\"Syntax error in SQL\"}"},
        {"DESCRIBE", "{\"code\":0,\"column_meta\":[[\"field\",\"VARCHAR\",64],[\"type\",\"VARCHAR\",20],[\"length\",\"INT\",4],[\"note\",\"VARCHAR\",16]],\"data\":["
                     "[\"ts\",\"TIMESTAMP\",8,\"\"],[\"x\",\"BIGINT\",8,\"\"],[\"v\",\"VARCHAR\",64,\"\"]],\"rows\":3}"},
    };

    for (size_t i = 0; i < COUNT_OF(answers); i++) {
        const tdrt_answer reply = {.body = answers[i].body};

        if (strstr(visit->sql, answers[i].sql) != NULL)
            return tdrt_send_answer(visit, &reply);
    }
    return answer(visit);
}

/* ---- ways through the driver ---- */

static int bind_rows(struct AdbcStatement *st, int count, int64_t rows, struct AdbcError *error)
{
    int good;

    make_batch(count);
    row_array.length = rows;
    good = good_or_no_memory(driver.StatementBind(st, &row_array, &row_schema, error), error);
    if (!good && row_array.release != NULL) { /* it was not taken */
        row_array.release(&row_array);
        row_schema.release(&row_schema);
    }
    return good;
}

static int bind_batch(struct AdbcStatement *st, int count, struct AdbcError *error)
{
    return bind_rows(st, count, ROWS, error);
}

static void drain(struct ArrowArrayStream *stream)
{
    struct ArrowSchema schema;
    struct ArrowArray batch;

    if (stream->get_schema(stream, &schema) == 0)
        schema.release(&schema);
    while (stream->get_next(stream, &batch) == 0 && batch.release != NULL)
        batch.release(&batch);
    stream->release(stream);
}

static void query(struct AdbcStatement *st, struct AdbcError *error)
{
    struct ArrowArrayStream stream;
    int failure;

    if (good_or_no_memory(driver.ConnectionSetOption(&connection, "adbc.connection.db_schema", "test", error), error) &&
        good_or_no_memory(driver.StatementSetSqlQuery(st, "rows 10", error), error) &&
        good_or_no_memory(driver.StatementExecuteQuery(st, &stream, NULL, error), error)) {
        CHECK_INT(count_rows(&stream, &failure), 10);
        stream.release(&stream);
    }
}

static void ingest(struct AdbcStatement *st, struct AdbcError *error)
{
    static const char *const modes[] = {"adbc.ingest.mode.replace", "adbc.ingest.mode.create_append"};

    for (size_t i = 0; i < COUNT_OF(modes); i++) {
        int64_t affected;

        if (good_or_no_memory(driver.StatementSetOption(st, "adbc.ingest.target_table", "t", error), error) &&
            good_or_no_memory(driver.StatementSetOption(st, "adbc.ingest.target_db_schema", "test", error), error) &&
            good_or_no_memory(driver.StatementSetOption(st, "adbc.ingest.mode", modes[i], error), error) && bind_batch(st, COLUMNS, error) &&
            good_or_no_memory(driver.StatementExecuteQuery(st, NULL, &affected, error), error))
            CHECK_INT(affected, 1); /* what the server answers to each INSERT */
    }
}

static void parameters(struct AdbcStatement *st, struct AdbcError *error)
{
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    int64_t affected;

    if (good_or_no_memory(driver.StatementSetSqlQuery(st, "INSERT INTO t (ts, x) VALUES (?, ?)", error), error) &&
        good_or_no_memory(driver.StatementGetParameterSchema(st, &schema, error), error))
        schema.release(&schema);
    if (good_or_no_memory(driver.StatementSetSqlQuery(st, "INSERT INTO t (ts, x) VALUES (?, ?)", error), error) && bind_batch(st, 2, error))
        (void)good_or_no_memory(driver.StatementExecuteQuery(st, NULL, &affected, error), error);
    if (good_or_no_memory(driver.StatementSetSqlQuery(st, "rows 3 where ts = ? and x = ?", error), error) && bind_batch(st, 2, error) &&
        good_or_no_memory(driver.StatementExecuteQuery(st, &stream, NULL, error), error))
        drain(&stream);
    if (good_or_no_memory(driver.StatementSetSqlQuery(st, "DELETE FROM t WHERE ts = ? AND x = ?", error), error) && bind_batch(st, 2, error) &&
        good_or_no_memory(driver.StatementExecuteQuery(st, NULL, &affected, error), error))
        CHECK_INT(affected, ROWS);
}

/* One child table of a super table. */
static void child(struct AdbcStatement *st, struct AdbcError *error)
{
    int64_t affected;

    if (good_or_no_memory(driver.StatementSetOption(st, "adbc.ingest.target_table", "c1", error), error) &&
        good_or_no_memory(driver.StatementSetOption(st, "tdrest.ingest.using", "t", error), error) &&
        good_or_no_memory(driver.StatementSetOption(st, "tdrest.ingest.tags", "v", error), error) && bind_rows(st, COLUMNS, 1, error) &&
        good_or_no_memory(driver.StatementExecuteQuery(st, NULL, &affected, error), error))
        CHECK_INT(affected, 1);
}

/* Results of bound rows, one of which has to be fitted. */
static void bound(struct AdbcStatement *st, struct AdbcError *error)
{
    static const int64_t numbers[] = {1, 2};
    struct ArrowArrayStream stream;
    int_batch batch;
    int failure;

    make_ints(&batch, numbers, 2);
    if (good_or_no_memory(driver.StatementSetSqlQuery(st, "give ?", error), error) &&
        good_or_no_memory(driver.StatementBind(st, &batch.array, &batch.schema, error), error) &&
        good_or_no_memory(driver.StatementExecuteQuery(st, &stream, NULL, error), error)) {
        const int64_t rows = count_rows(&stream, &failure);

        CHECK(failure == 0 ? rows == 5 : failure == ENOMEM || failure == EIO, "%d rows, error %d", (int)rows, failure);
        stream.release(&stream);
    }
    if (good_or_no_memory(driver.ConnectionGetStatisticNames(&connection, &stream, error), error))
        drain(&stream);
}

static void objects(struct AdbcStatement *st, struct AdbcError *error)
{
    static const char *types[] = {"TABLE", "CHILD TABLE", "SUPER TABLE", NULL};
    struct ArrowArrayStream stream;

    (void)st;
    if (good_or_no_memory(driver.ConnectionGetObjects(&connection, ADBC_OBJECT_DEPTH_ALL, NULL, "test", "%", types, "%", &stream, error), error))
        drain(&stream);
}

static void table_schema(struct AdbcStatement *st, struct AdbcError *error)
{
    struct ArrowSchema schema;

    (void)st;
    if (good_or_no_memory(driver.ConnectionGetTableSchema(&connection, NULL, NULL, "t", &schema, error), error))
        schema.release(&schema);
}

/* What no server is asked for. */
static void info(struct AdbcStatement *st, struct AdbcError *error)
{
    struct ArrowArrayStream stream;

    (void)st;
    if (good_or_no_memory(driver.ConnectionGetObjects(&connection, ADBC_OBJECT_DEPTH_CATALOGS, NULL, NULL, NULL, NULL, NULL, &stream, error), error))
        drain(&stream);
    if (good_or_no_memory(driver.ConnectionGetTableTypes(&connection, &stream, error), error))
        drain(&stream);
    if (good_or_no_memory(driver.ConnectionGetInfo(&connection, NULL, 0, &stream, error), error))
        drain(&stream);
}

static void statistics(struct AdbcStatement *st, struct AdbcError *error)
{
    struct ArrowArrayStream stream;
    struct ArrowArray batch;

    (void)st;
    if (!good_or_no_memory(driver.ConnectionGetStatistics(&connection, NULL, NULL, NULL, 0, &stream, error), error))
        return;
    CU_ASSERT(error->message == NULL);
    if (stream.get_next(&stream, &batch) == 0 && batch.release != NULL) {
        const struct ArrowArray *schemas = batch.children[1]->children[0], *tables = schemas->children[1]->children[0];

        CHECK_INT(schemas->length, 2);
        CHECK_INT(tables->length, 5); /* one of six was dropped */
        for (int64_t i = 0; i < tables->length; i++) /* the last one had nothing to count, and no row */
            CHECK_INT(((const int64_t *)tables->children[3]->children[0]->buffers[1])[i], i < 4 ? 7 : 0);
        batch.release(&batch);
    }
    stream.release(&stream);
}

typedef void way(struct AdbcStatement *st, struct AdbcError *error);

/* With the database and connection that are open, or with new ones; the allocation n fails, 0: none. */
static void run(way *go, int opens, int64_t n)
{
    struct AdbcError error = {NULL, ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA, {0}, NULL, NULL, NULL};
    struct AdbcStatement st = {NULL, NULL};

    made = 0;
    fail_at = n;
    if ((!opens || good_or_no_memory(open_database(&error, ""), &error)) && good_or_no_memory(driver.StatementNew(&connection, &st, &error), &error)) {
        go(&st, &error);
        CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    }
    fail_at = 0;
    if (opens && connection.private_data != NULL)
        CHECK_INT(driver.ConnectionRelease(&connection, NULL), ADBC_STATUS_OK);
    if (opens && database.private_data != NULL)
        CHECK_INT(driver.DatabaseRelease(&database, NULL), ADBC_STATUS_OK);
}

static void fail_each(way *go, int opens)
{
    int64_t count;

    run(go, opens, 0);
    count = made;
    CHECK(count > 3, "%d allocations", (int)count);
    for (int64_t n = 1; n <= count; n++)
        run(go, opens, n);
}

/* Each allocation of the driver's own, once: an error that says so, or the right end; nothing is left, which the leak checkers see. */
static void out_of_memory(void)
{
    const tdrt_server none = TDRT_SERVER_INIT;

    server = none;
    memset(&database, 0, sizeof database);
    memset(&connection, 0, sizeof connection);
    CU_ASSERT(tdrt_server_start(&server, catalog_answer, NULL));
    CHECK_INT(AdbcDriverTdrestInit(ADBC_VERSION_1_1_0, &driver, NULL), ADBC_STATUS_OK);
    fail_each(query, 1);
    CHECK_INT(open_database(NULL, ""), ADBC_STATUS_OK);
    fail_each(ingest, 0);
    fail_each(child, 0);
    fail_each(parameters, 0);
    fail_each(bound, 0);
    fail_each(objects, 0);
    fail_each(statistics, 0);
    fail_each(table_schema, 0);
    fail_each(info, 0);
    finish();
}

/* What GetObjects or GetStatistics with the n-th allocation as the time of its cancel comes to; 0: no cancel. */
static AdbcStatusCode cancel_at_allocation(int counts, int64_t n)
{
    struct ArrowArrayStream stream;
    AdbcStatusCode status;

    CHECK_INT(driver.ConnectionNew(&connection, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.ConnectionInit(&connection, &database, NULL), ADBC_STATUS_OK);
    made = 0;
    cancel_at = n;
    status = counts ? driver.ConnectionGetStatistics(&connection, NULL, NULL, NULL, 0, &stream, NULL)
                    : driver.ConnectionGetObjects(&connection, ADBC_OBJECT_DEPTH_ALL, NULL, NULL, NULL, NULL, NULL, &stream, NULL);
    cancel_at = 0;
    if (status == ADBC_STATUS_OK)
        stream.release(&stream);
    CHECK_INT(driver.ConnectionRelease(&connection, NULL), ADBC_STATUS_OK);
    return status;
}

/* One question of the caller's is several to the server: a cancel between two of them ends it, too. */
static void cancel_between_questions(void)
{
    const tdrt_server none = TDRT_SERVER_INIT;
    int64_t count;

    server = none;
    memset(&database, 0, sizeof database);
    memset(&connection, 0, sizeof connection);
    CU_ASSERT(tdrt_server_start(&server, catalog_answer, NULL));
    CHECK_INT(AdbcDriverTdrestInit(ADBC_VERSION_1_1_0, &driver, NULL), ADBC_STATUS_OK);
    CHECK_INT(open_database(NULL, ""), ADBC_STATUS_OK);
    CHECK_INT(driver.ConnectionRelease(&connection, NULL), ADBC_STATUS_OK);
    for (int counts = 0; counts < 2; counts++) {
        CHECK_INT(cancel_at_allocation(counts, 0), ADBC_STATUS_OK);
        count = made;
        for (int64_t n = 1; n <= count / 2; n += 3) { /* in the second half the last question may be over */
            AdbcStatusCode status = cancel_at_allocation(counts, n);

            CHECK(status == (cancelled == ADBC_STATUS_OK ? ADBC_STATUS_CANCELLED : ADBC_STATUS_OK), "allocation %d of %d: %d, %d", (int)n, (int)count, cancelled, status);
        }
        CHECK_INT(cancelled, ADBC_STATUS_OK);
    }
    CHECK_INT(driver.DatabaseRelease(&database, NULL), ADBC_STATUS_OK);
    tdrt_server_stop(&server);
}

CU_TestInfo tdrt_adbc_memory[] = {
    {"out of memory", out_of_memory},
    {"cancel between questions", cancel_between_questions},
    CU_TEST_INFO_NULL,
};
