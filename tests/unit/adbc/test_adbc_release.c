/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The ADBC driver: database, connection, statement, stream and batch released in every order, a column of the batch after all; structs of 1.0 right before memory that is not there; NULLs. */
#include "adbc_server.h"

#include <errno.h>
#include <sys/mman.h>

/* ---- every order of release ---- */

enum { DATABASE, CONNECTION, STATEMENT, STREAM, BATCH, THINGS };

static struct AdbcStatement st;
static struct ArrowArrayStream stream;
static struct ArrowSchema schema;
static struct ArrowArray batch, column;

static void release_one(int thing)
{
    switch (thing) {
    case DATABASE: CHECK_INT(driver.DatabaseRelease(&database, NULL), ADBC_STATUS_OK); return;
    case CONNECTION: CHECK_INT(driver.ConnectionRelease(&connection, NULL), ADBC_STATUS_OK); return;
    case STATEMENT: CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK); return;
    case STREAM: stream.release(&stream); CU_ASSERT(stream.release == NULL); return;
    default: batch.release(&batch); CU_ASSERT(batch.release == NULL);
    }
}

/* What is still there still does its work. */
static void use_rest(unsigned released)
{
    struct ArrowSchema again;
    struct ArrowArray none;
    int error;

    if (!(released & 1u << BATCH))
        CHECK_INT(batch.length, 100);
    CHECK_INT(((const int64_t *)column.buffers[1])[99], INT64_C(1704067200099));
    if (released & 1u << STREAM)
        return;
    error = stream.get_schema(&stream, &again);
    CHECK_INT(error, released & 1u << STATEMENT ? EINVAL : 0);
    if (error == 0)
        again.release(&again);
    error = stream.get_next(&stream, &none);
    CHECK_INT(error, released & 1u << STATEMENT ? EINVAL : 0);
    CU_ASSERT(none.release == NULL);
}

/* A statement that has executed, one of its batches, and a column of that, moved out. */
static void make_all(void)
{
    CHECK_INT(open_database(NULL, ""), ADBC_STATUS_OK);
    st = statement("rows 100");
    CHECK_INT(driver.StatementExecuteQuery(&st, &stream, NULL, NULL), ADBC_STATUS_OK);
    CHECK_INT(stream.get_schema(&stream, &schema), 0);
    CHECK_INT(stream.get_next(&stream, &batch), 0);
    CU_ASSERT_FATAL(batch.release != NULL && batch.n_children > 0);
    CU_ASSERT(tdrt_arrow_check(&schema, &batch));
    schema.release(&schema);
    column = *batch.children[0];
    batch.children[0]->release = NULL;
}

/* The orders of those that are left, each from here to its end. */
static void try_orders(int *order, int count, int *tried)
{
    unsigned released = 0;

    if (count < THINGS) {
        for (int i = 0; i < THINGS; i++) {
            int used = 0;

            for (int k = 0; k < count; k++)
                used |= order[k] == i;
            order[count] = i;
            if (!used)
                try_orders(order, count + 1, tried);
        }
        return;
    }
    make_all();
    for (int i = 0; i < THINGS; i++) {
        release_one(order[i]);
        released |= 1u << order[i];
        use_rest(released);
    }
    column.release(&column);
    CU_ASSERT(column.release == NULL);
    ++*tried;
}

static void every_order(void)
{
    int order[THINGS], tried = 0;

    begin("");
    CHECK_INT(driver.ConnectionRelease(&connection, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.DatabaseRelease(&database, NULL), ADBC_STATUS_OK);
    try_orders(order, 0, &tried);
    CHECK_INT(tried, 120);
    tdrt_server_stop(&server);
}

/* ---- structs before a guard page ---- */

#define ERROR_1_0_0_SIZE offsetof(struct AdbcError, private_data)

/* The end of a page behind which nothing may be read or written. */
static void *before_guard(size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    CU_ASSERT_FATAL(memory != MAP_FAILED);
    CU_ASSERT_FATAL(mprotect(memory + page, page, PROT_NONE) == 0);
    return memory + page - size;
}

static void give_back(void *place, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    (void)munmap((char *)place + size - page, 2 * page);
}

/* Each call that fails, with this error. */
static void fail_with_each(const struct AdbcDriver *table, struct AdbcError *error)
{
    struct AdbcDatabase d = {NULL, NULL};
    struct AdbcConnection c = {NULL, NULL};
    struct AdbcStatement s = {NULL, NULL};
    struct ArrowArrayStream out;

    CU_ASSERT(table->DatabaseInit(&d, error) != ADBC_STATUS_OK);
    CU_ASSERT(table->DatabaseNew(&d, error) == ADBC_STATUS_OK);
    CU_ASSERT(table->DatabaseSetOption(&d, "uri", "other://x", error) != ADBC_STATUS_OK);
    CU_ASSERT(table->DatabaseSetOption(&d, "tdrest.nothing", "x", error) != ADBC_STATUS_OK);
    CU_ASSERT(table->DatabaseRelease(&d, error) == ADBC_STATUS_OK);
    CU_ASSERT(table->DatabaseRelease(&d, error) != ADBC_STATUS_OK);
    CU_ASSERT(table->ConnectionInit(&c, &d, error) != ADBC_STATUS_OK);
    CU_ASSERT(table->ConnectionSetOption(&connection, "adbc.connection.autocommit", "false", error) != ADBC_STATUS_OK);
    CU_ASSERT(table->ConnectionCommit(&connection, error) != ADBC_STATUS_OK);
    CU_ASSERT(table->ConnectionGetObjects(&connection, 99, NULL, NULL, NULL, NULL, NULL, &out, error) != ADBC_STATUS_OK);
    CU_ASSERT(table->StatementNew(&connection, &s, error) == ADBC_STATUS_OK);
    CU_ASSERT(table->StatementExecuteQuery(&s, &out, NULL, error) != ADBC_STATUS_OK);
    CU_ASSERT(table->StatementSetSqlQuery(&s, "missing", error) == ADBC_STATUS_OK);
    CU_ASSERT(table->StatementExecuteQuery(&s, &out, NULL, error) != ADBC_STATUS_OK);
    CU_ASSERT(table->StatementExecuteQuery(&s, NULL, NULL, error) != ADBC_STATUS_OK);
    CU_ASSERT(table->StatementSetOption(&s, "no.such.option", "x", error) != ADBC_STATUS_OK);
    CU_ASSERT(table->StatementSetSubstraitPlan(&s, NULL, 0, error) != ADBC_STATUS_OK);
    CU_ASSERT(table->StatementRelease(&s, error) == ADBC_STATUS_OK);
    CU_ASSERT(table->StatementRelease(&s, error) != ADBC_STATUS_OK);
}

static int holds(void (*released)(struct AdbcError *), const char *message)
{
    return released != NULL && message != NULL && message[0] != '\0';
}

/* No error, one of 1.0 whose fields behind the old ones are not there, one of 1.1; used again without a release in between. */
static void errors_of_either_version(void)
{
    struct AdbcError full = {NULL, ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA, {0}, NULL, NULL, NULL};
    struct AdbcError *old = before_guard(ERROR_1_0_0_SIZE);
    struct AdbcDriver *table = before_guard(ADBC_DRIVER_1_0_0_SIZE);

    begin("");
    CHECK_INT(AdbcDriverTdrestInit(ADBC_VERSION_1_0_0, table, NULL), ADBC_STATUS_OK);
    fail_with_each(table, NULL);
    fail_with_each(table, old);
    CU_ASSERT(holds(old->release, old->message));
    old->release(old);
    CU_ASSERT(old->release == NULL && old->message == NULL);
    fail_with_each(table, old);
    old->release(old);
    fail_with_each(&driver, NULL);
    fail_with_each(&driver, &full);
    CU_ASSERT(holds(full.release, full.message));
    CHECK_INT(full.vendor_code, ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA);
    full.release(&full);
    CHECK_INT(table->release(table, NULL), ADBC_STATUS_OK);
    finish();
    give_back(old, ERROR_1_0_0_SIZE);
    give_back(table, ADBC_DRIVER_1_0_0_SIZE);
}

/* A NULL is an error with a status, never a crash: an object is not initialised, what has to be given is missing. */
#define CHECK_NULLS(Object, object)                                                                                                 \
    do {                                                                                                                            \
        char text_[64];                                                                                                             \
        size_t len_ = sizeof text_;                                                                                                 \
        CHECK_INT(driver.Object##SetOption(NULL, "x", "y", NULL), ADBC_STATUS_INVALID_STATE);                                       \
        CHECK_INT(driver.Object##GetOption(NULL, "x", text_, &len_, NULL), ADBC_STATUS_INVALID_STATE);                              \
        CHECK_INT(driver.Object##Release(NULL, NULL), ADBC_STATUS_INVALID_STATE);                                                   \
        CHECK_INT(driver.Object##SetOption(object, NULL, "y", NULL), ADBC_STATUS_INVALID_ARGUMENT);                                 \
        CHECK_INT(driver.Object##SetOptionInt(object, NULL, 1, NULL), ADBC_STATUS_INVALID_ARGUMENT);                                \
        CHECK_INT(driver.Object##SetOptionDouble(object, NULL, 1, NULL), ADBC_STATUS_INVALID_ARGUMENT);                             \
        CHECK_INT(driver.Object##SetOptionBytes(object, NULL, (const uint8_t *)"x", 1, NULL), ADBC_STATUS_INVALID_ARGUMENT);        \
        CHECK_INT(driver.Object##SetOptionBytes(object, NULL, NULL, 0, NULL), ADBC_STATUS_INVALID_ARGUMENT);                        \
        CHECK_INT(driver.Object##GetOption(object, NULL, text_, &len_, NULL), ADBC_STATUS_INVALID_ARGUMENT);                        \
        CHECK_INT(driver.Object##GetOption(object, "x", text_, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);                          \
        CHECK_INT(driver.Object##GetOptionInt(object, "x", NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);                              \
        CHECK_INT(driver.Object##GetOptionDouble(object, "x", NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);                           \
        CHECK_INT(driver.Object##GetOptionBytes(object, "x", NULL, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);                      \
    } while (0)

static void nulls(void)
{
    begin("");
    CHECK_INT(driver.StatementNew(&connection, &st, NULL), ADBC_STATUS_OK);
    CHECK_NULLS(Database, &database);
    CHECK_NULLS(Connection, &connection);
    CHECK_NULLS(Statement, &st);
    CHECK_INT(driver.DatabaseNew(NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.DatabaseInit(NULL, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.ConnectionNew(NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.ConnectionInit(NULL, &database, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.ConnectionInit(&connection, NULL, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.ConnectionCancel(NULL, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.ConnectionGetInfo(NULL, NULL, 0, &stream, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.ConnectionGetInfo(&connection, NULL, 0, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.ConnectionGetTableTypes(&connection, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.ConnectionGetTableSchema(&connection, NULL, NULL, "t", NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.ConnectionGetObjects(NULL, 0, NULL, NULL, NULL, NULL, NULL, &stream, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.ConnectionGetObjects(&connection, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.ConnectionGetStatisticNames(&connection, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementNew(NULL, &st, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementNew(&connection, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementSetSqlQuery(NULL, "x", NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementExecuteQuery(NULL, &stream, NULL, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementExecuteSchema(NULL, &schema, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementExecuteSchema(&st, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementGetParameterSchema(&st, NULL, NULL), ADBC_STATUS_INVALID_ARGUMENT);
    CHECK_INT(driver.StatementCancel(NULL, NULL), ADBC_STATUS_INVALID_STATE);
    CHECK_INT(driver.StatementRelease(&st, NULL), ADBC_STATUS_OK);
    CHECK_INT(driver.ErrorGetDetailCount(NULL), 0);
    CU_ASSERT(driver.ErrorFromArrayStream(NULL, NULL) == NULL);
    finish();
}

CU_TestInfo tdrt_adbc_release[] = {
    {"every order of release", every_order},
    {"errors and drivers of either version", errors_of_either_version},
    {"NULLs", nulls},
    CU_TEST_INFO_NULL,
};
