/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The ADBC driver when memory fails, at each of its allocations. */
#include "adbc_server.h"

/* The driver's allocations, which its objects for tests make here. */

static int64_t made, fail_at;
void *tdrt_adbc_malloc(size_t bytes), *tdrt_adbc_calloc(size_t count, size_t bytes), *tdrt_adbc_realloc(void *old, size_t bytes);

void *tdrt_adbc_malloc(size_t bytes)
{
    return ++made == fail_at ? NULL : malloc(bytes);
}

void *tdrt_adbc_calloc(size_t count, size_t bytes)
{
    return ++made == fail_at ? NULL : calloc(count, bytes);
}

void *tdrt_adbc_realloc(void *old, size_t bytes)
{
    return ++made == fail_at ? NULL : realloc(old, bytes);
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

static void use_everything(void)
{
    struct AdbcError error = {NULL, ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA, {0}, NULL, NULL, NULL};
    struct AdbcStatement st = {NULL, NULL};
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    int failure;

    if (!good_or_no_memory(open_database(&error, ""), &error))
        return;
    if (!good_or_no_memory(driver.StatementNew(&connection, &st, &error), &error))
        return;
    if (good_or_no_memory(driver.StatementSetSqlQuery(&st, "rows 10", &error), &error) &&
        good_or_no_memory(driver.StatementExecuteQuery(&st, &stream, NULL, &error), &error)) {
        CHECK_INT(count_rows(&stream, &failure), 10);
        stream.release(&stream);
    }
    if (good_or_no_memory(driver.StatementSetSqlQuery(&st, "INSERT INTO t VALUES (?, ?)", &error), &error) &&
        good_or_no_memory(driver.StatementGetParameterSchema(&st, &schema, &error), &error))
        schema.release(&schema);
    if (good_or_no_memory(driver.ConnectionGetInfo(&connection, NULL, 0, &stream, &error), &error))
        stream.release(&stream);
    if (good_or_no_memory(driver.ConnectionGetTableTypes(&connection, &stream, &error), &error)) {
        (void)stream.get_schema(&stream, &schema);
        if (schema.release != NULL)
            schema.release(&schema);
        stream.release(&stream);
    }
    (void)driver.StatementRelease(&st, NULL);
}

static void release_both(void)
{
    if (connection.private_data != NULL)
        (void)driver.ConnectionRelease(&connection, NULL);
    if (database.private_data != NULL)
        (void)driver.DatabaseRelease(&database, NULL);
}

static void out_of_memory(void)
{
    int64_t count;

    begin("");
    release_both();
    made = fail_at = 0;
    use_everything();
    release_both();
    count = made;
    CHECK(count > 40, "%d allocations", (int)count);
    for (int64_t n = 1; n <= count; n++) {
        made = 0;
        fail_at = n;
        use_everything();
        fail_at = 0;
        release_both();
    }
    tdrt_server_stop(&server);
}

CU_TestInfo tdrt_adbc_memory[] = {
    {"out of memory", out_of_memory},
    CU_TEST_INFO_NULL,
};
