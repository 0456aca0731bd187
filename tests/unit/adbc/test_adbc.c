/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The ADBC driver through its table of functions: versions, errors, who may be released when, one pool for many cursors. */
#include "adbc_server.h"

#include <errno.h>
#include <pthread.h>
#include <sys/wait.h>

/* ---- versions ---- */

static void versions(void)
{
    unsigned char bytes[sizeof(struct AdbcDriver)];
    struct AdbcError error = {NULL, ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA, {0}, NULL, NULL, NULL};
    size_t untouched = 0;

    memset(bytes, 0xa5, sizeof bytes);
    CHECK_INT(AdbcDriverTdrestInit(ADBC_VERSION_1_0_0, bytes, NULL), ADBC_STATUS_OK);
    for (size_t i = ADBC_DRIVER_1_0_0_SIZE; i < sizeof bytes; i++)
        untouched += bytes[i] == 0xa5;
    CHECK_INT(untouched, sizeof bytes - ADBC_DRIVER_1_0_0_SIZE);
    CHECK_INT(AdbcDriverTdrestInit(1002000, &driver, &error), ADBC_STATUS_NOT_IMPLEMENTED);
    CU_ASSERT(error.message != NULL && error.release != NULL);
    error.release(&error);
    CHECK_INT(AdbcDriverTdrestInit(ADBC_VERSION_1_1_0, &driver, NULL), ADBC_STATUS_OK);
    for (size_t i = offsetof(struct AdbcDriver, release); i < sizeof driver; i += sizeof(void *)) {
        void *function;

        memcpy(&function, (const char *)&driver + i, sizeof function);
        CHECK(function != NULL, "function %zu is missing", i / sizeof(void *));
    }
}

/* ---- errors ---- */

static void errors(void)
{
    static const struct { const char *sql; int status; const char *sqlstate; int code; } cases[] = {
        {"missing", ADBC_STATUS_NOT_FOUND, "42S02", 0x2603}, {"login", ADBC_STATUS_UNAUTHENTICATED, "28000", 0x0357}, {"two; statements", ADBC_STATUS_INVALID_ARGUMENT, "HY000", 0},
    };

    begin("");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct AdbcError detailed = {NULL, ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA, {0}, NULL, NULL, NULL};
        struct { char *message; int32_t vendor_code; char sqlstate[5]; void (*release)(struct AdbcError *); void *guard[2]; } old = {NULL, 0, {0}, NULL, {&old, &old}};
        struct AdbcStatement st = statement(cases[i].sql);
        struct ArrowArrayStream stream;

        CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), cases[i].status);
        CU_ASSERT(stream.release == NULL);
        CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, &detailed), cases[i].status);
        CHECK(memcmp(detailed.sqlstate, cases[i].sqlstate, 5) == 0, "%.5s", detailed.sqlstate);
        CHECK_INT(detailed.vendor_code, ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA);
        CHECK(driver.ErrorGetDetailCount(&detailed) >= 1, "%s", cases[i].sql);
        CHECK_TEXT(driver.ErrorGetDetail(&detailed, 0).key, "tdrest.code");
        CU_ASSERT(driver.ErrorGetDetail(&detailed, 99).key == NULL);
        /* Used again without a release in between, then one of 1.0 with what lies behind it. */
        CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, &detailed), cases[i].status);
        detailed.release(&detailed);
        CU_ASSERT(detailed.release == NULL && detailed.message == NULL);
        CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, (struct AdbcError *)(void *)&old), cases[i].status);
        CHECK_INT(old.vendor_code, cases[i].code);
        CU_ASSERT(old.guard[0] == &old && old.guard[1] == &old);
        old.release((struct AdbcError *)(void *)&old);
        CU_ASSERT(old.guard[0] == &old);
        CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    }
    finish();
}

/* What is used out of turn is an error, not a crash. */
static void out_of_turn(void)
{
    struct AdbcDatabase d = {NULL, NULL};
    struct AdbcConnection c = {NULL, NULL};
    struct AdbcStatement st = {NULL, NULL};
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    char text[16];
    size_t len = sizeof text;

    begin("");
    CHECK_INT(driver.DatabaseInit(&d, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.DatabaseRelease(&d, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.ConnectionInit(&c, &d, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.ConnectionRelease(&c, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementNew(&c, &st, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementSetSqlQuery(&st, "x", NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.DatabaseNew(&d, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.DatabaseSetOption(&d, "tdrest.no_such", "1", NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.DatabaseSetOption(&d, "other", "1", NULL), ADBC_STATUS_NOT_IMPLEMENTED);
    CHECK_INT(driver.DatabaseSetOption(&d, "username", "me", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.DatabaseSetOption(&d, "uri", "tdrest+https://you:secret@a:1/b", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.DatabaseGetOption(&d, "username", text, &len, NULL), ADBC_STATUS_OK);
    CHECK_TEXT(text, "me"); /* whichever was set first */
    len = sizeof text;
    CHECK_INT(driver.DatabaseGetOption(&d, "tdrest.scheme", text, &len, NULL), ADBC_STATUS_OK);
    CHECK_TEXT(text, "https");
    CHECK_INT(len, 6);
    CHECK_INT(driver.ConnectionNew(&c, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.ConnectionInit(&c, &d, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.ConnectionRelease(&c, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.DatabaseRelease(&d, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.ConnectionSetOption(&connection, "adbc.connection.autocommit", "false", NULL), ADBC_STATUS_NOT_IMPLEMENTED);
    CHECK_INT(driver.ConnectionSetOption(&connection, "adbc.connection.autocommit", "true", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.ConnectionCommit(&connection, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementNew(&connection, &st, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementPrepare(&st, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementSetSqlQuery(&st, "INSERT INTO t VALUES (?, ?)", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementExecuteSchema(&st, &schema, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementGetParameterSchema(&st, &schema, NULL), ADBC_STATUS_OK);
    CHECK_INT(schema.n_children, 2);
    schema.release(&schema);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    finish();
}

/* ---- streams ---- */

static void reading(void)
{
    struct AdbcStatement st, again;
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    int64_t affected;
    int error;

    begin("&pool_max=1");
    st = statement("rows 9000");
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, &affected, NULL), ADBC_STATUS_OK);
    CHECK_INT(affected, -1);
    CHECK_INT(count_rows(&stream, &error), 9000);
    CHECK_INT(stream.get_schema(&stream, &schema), 0); /* also at the end */
    schema.release(&schema);
    stream.release(&stream);
    CHECK_INT(driver.StatementSetSqlQuery(&st, "INSERT INTO t VALUES (1)", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementExecuteQuery(&st, NULL, &affected, NULL), ADBC_STATUS_OK);
    CHECK_INT(affected, 1);
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, &affected, NULL), ADBC_STATUS_OK);
    CHECK_INT(affected, 1);
    again = statement("rows 10"); /* what has no rows holds no connection, read or not */
    CHECK_INT(driver.StatementExecuteQuery(&again, NULL, &affected, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementRelease(&again, NULL), ADBC_STATUS_OK);
    CHECK_INT(count_rows(&stream, &error), 0);
    stream.release(&stream);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    finish();
}

/* A failure on the way keeps its status and details. */
static void broken_stream(void)
{
    struct AdbcStatement st;
    struct ArrowArrayStream stream, foreign;
    const struct AdbcError *why;
    AdbcStatusCode status = 0;
    int error;

    begin("");
    st = statement("cut  9000");
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
    (void)count_rows(&stream, &error);
    CHECK_INT(error, EIO);
    why = driver.ErrorFromArrayStream(&stream, &status);
    CU_ASSERT_FATAL(why != NULL);
    CHECK_INT(status, ADBC_STATUS_IO);
    CHECK(strlen(why->message) > 5 && strcmp(why->message, stream.get_last_error(&stream)) == 0, "%s", why->message);
    CHECK(driver.ErrorGetDetailCount(why) >= 2, "%d details", driver.ErrorGetDetailCount(why));
    memset(&foreign, 0, sizeof foreign);
    CU_ASSERT(driver.ErrorFromArrayStream(&foreign, &status) == NULL);
    stream.release(&stream);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    finish();
}

/* Executing again, or releasing the statement, ends an earlier stream; batches live on. */
static void ended_early(void)
{
    for (int again = 0; again < 2; again++) {
        struct AdbcStatement st;
        struct ArrowArrayStream first, second;
        struct ArrowSchema schema;
        struct ArrowArray batch, none;
        AdbcStatusCode status = 0;
        int error;

        begin("");
        st = statement("rows 70000");
        CHECK_INT(driver.StatementExecuteQuery(&st, &first, NULL, NULL), ADBC_STATUS_OK);
        CHECK_INT(first.get_schema(&first, &schema), 0);
        CHECK_INT(first.get_next(&first, &batch), 0);
        if (again)
            CHECK_INT(driver.StatementExecuteQuery(&st, &second, NULL, NULL), ADBC_STATUS_OK);
        else
            CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
        CHECK_INT(first.get_next(&first, &none), EINVAL);
        CU_ASSERT(driver.ErrorFromArrayStream(&first, &status) != NULL);
        CHECK_INT(status, ADBC_STATUS_INVALID_STATE);
        if (again) {
            CHECK_INT(count_rows(&second, &error), 70000);
            second.release(&second);
            CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
        }
        finish();
        first.release(&first);
        CU_ASSERT(tdrt_arrow_check(&schema, &batch));
        batch.release(&batch);
        schema.release(&schema);
    }
}

/* Everything is released, the outermost first, while a stream is being read. */
static void outermost_first(void)
{
    struct AdbcStatement st;
    struct ArrowArrayStream stream;
    struct ArrowArray batch;

    begin("");
    st = statement("rows 70000");
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.DatabaseRelease(&database, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.ConnectionRelease(&connection, NULL), ADBC_STATUS_OK);
    CHECK_INT(stream.get_next(&stream, &batch), 0);
    batch.release(&batch);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    stream.release(&stream);
    tdrt_server_stop(&server);
}

/* Two cursors hold the two connections; a third is told so at once. Read to their ends, and not released, they hold none. */
static void full_pool(void)
{
    struct AdbcStatement st[3];
    struct ArrowArrayStream stream[3];
    struct AdbcError why = {NULL, 0, {0}, NULL, NULL, NULL};
    int error;

    begin("&pool_max=2");
    for (int i = 0; i < 3; i++)
        st[i] = statement("rows 70000");
    for (int i = 0; i < 2; i++)
        CHECK_INT(driver.StatementExecuteQuery(&st[i], &stream[i], NULL, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementExecuteQuery(&st[2], &stream[2], NULL, &why), ADBC_STATUS_INVALID_STATE);
    CHECK(strstr(why.message, "all 2 connections are held") != NULL, "%s", why.message);
    why.release(&why);
    for (int i = 0; i < 2; i++)
        CHECK_INT(count_rows(&stream[i], &error), 70000);
    CHECK_INT(driver.StatementExecuteQuery(&st[2], &stream[2], NULL, NULL), ADBC_STATUS_OK);
    CHECK_INT(count_rows(&stream[2], &error), 70000);
    for (int i = 0; i < 3; i++) {
        stream[i].release(&stream[i]);
        CHECK_INT(driver.StatementRelease(&st[i], NULL), ADBC_STATUS_OK);
    }
    finish();
}

/* ---- cancel, fork ---- */

static void *cancel_when_sent(void *context)
{
    struct AdbcStatement *st = context;

    while (tdrt_server_arrivals(&server, "slow") == 0)
        tdrt_pause(1);
    CHECK_INT(driver.StatementCancel(st, NULL), ADBC_STATUS_OK);
    for (int i = 0; i < 2; i++) { /* in between, the answer is waited for, or is over */
        AdbcStatusCode status = driver.StatementCancel(st, NULL);

        CHECK(status == ADBC_STATUS_OK || status == ADBC_STATUS_INVALID_STATE, "status %d", status);
        tdrt_pause(5);
    }
    return NULL;
}

static void *cancel_objects(void *context)
{
    (void)context;
    while (tdrt_server_arrivals(&server, "SELECT name FROM information_schema.ins_databases ORDER BY name") == 0)
        tdrt_pause(1);
    CHECK_INT(driver.ConnectionCancel(&connection, NULL), ADBC_STATUS_OK);
    return NULL;
}

/* A question of the connection's own. */
static void cancelling_objects(void)
{
    struct ArrowArrayStream stream;
    pthread_t thread;

    begin("");
    CHECK_INT(driver.ConnectionCancel(&connection, NULL), ADBC_STATUS_INVALID_STATE); /* nothing was asked */
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, cancel_objects, NULL) == 0);
    CHECK_INT(driver.ConnectionGetObjects(&connection, ADBC_OBJECT_DEPTH_DB_SCHEMAS, NULL, NULL, NULL, NULL, NULL, &stream, NULL), ADBC_STATUS_CANCELLED);
    pthread_join(thread, NULL);
    finish();
}

static void cancelling(void)
{
    struct AdbcStatement st;
    struct ArrowArrayStream stream;
    pthread_t thread;
    int error;

    begin("");
    st = statement("slow");
    CHECK_INT(driver.StatementCancel(&st, NULL), ADBC_STATUS_INVALID_STATE); /* nothing runs, and nothing is remembered */
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, cancel_when_sent, &st) == 0);
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_CANCELLED);
    pthread_join(thread, NULL);
    CHECK_INT(driver.StatementSetSqlQuery(&st, "rows 10", NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
    CHECK_INT(count_rows(&stream, &error), 10);
    stream.release(&stream);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    finish();
}

static void forking(void)
{
    struct AdbcStatement st;
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    int status = -1, error;
    pid_t child;

    begin("");
    st = statement("rows 70000");
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
    child = fork();
    if (child == 0) {
        int good = stream.get_next(&stream, &batch) == EINVAL && batch.release == NULL;

        stream.release(&stream);
        good = good && driver.StatementExecuteQuery(&st, &stream, NULL, NULL) == ADBC_STATUS_INVALID_STATE;
        (void)driver.StatementRelease(&st, NULL);
        (void)driver.ConnectionRelease(&connection, NULL);
        (void)driver.DatabaseRelease(&database, NULL);
        execl("/bin/sh", "sh", "-c", good ? "exit 0" : "exit 1", (char *)NULL); /* what it inherited stays unreleased: no leak checker shall see to it */
        _exit(2);
    }
    CU_ASSERT(child > 0 && waitpid(child, &status, 0) == child);
    CHECK_INT(status, 0);
    CHECK_INT(count_rows(&stream, &error), 70000);
    stream.release(&stream);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    finish();
}

CU_TestInfo tdrt_adbc[] = {
    {"versions", versions},
    {"errors", errors},
    {"out of turn", out_of_turn},
    {"reading", reading},
    {"a stream that breaks", broken_stream},
    {"a stream that is ended", ended_early},
    {"the outermost first", outermost_first},
    {"a full pool", full_pool},
    {"cancel", cancelling},
    {"cancel of a connection", cancelling_objects},
    {"fork", forking},
    CU_TEST_INFO_NULL,
};
