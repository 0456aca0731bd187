/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Memory that runs out at each allocation that the driver makes, those of the library in it too: tests/adbc/oom.c DRIVER URI. This program's own malloc looks at
 * who calls it. A call ends rightly or says that memory is out; afterwards all of its memory is free again.
 */
#define _GNU_SOURCE
#include "tests/support/three_rows.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *__libc_malloc(size_t bytes), *__libc_calloc(size_t count, size_t bytes), *__libc_realloc(void *old, size_t bytes);
void __libc_free(void *memory);

/* ---- malloc, by whose code calls it ---- */

static uintptr_t driver_begin, driver_end;
static atomic_llong made, fail_at;

static int refuses(const void *caller)
{
    uintptr_t at = (uintptr_t)caller;

    return at >= driver_begin && at < driver_end && atomic_fetch_add(&made, 1) + 1 == atomic_load(&fail_at);
}

void *malloc(size_t bytes)
{
    if (!refuses(__builtin_return_address(0)))
        return __libc_malloc(bytes);
    errno = ENOMEM;
    return NULL;
}

void *calloc(size_t count, size_t bytes)
{
    if (!refuses(__builtin_return_address(0)))
        return __libc_calloc(count, bytes);
    errno = ENOMEM;
    return NULL;
}

void *realloc(void *old, size_t bytes)
{
    if (!refuses(__builtin_return_address(0)))
        return __libc_realloc(old, bytes);
    errno = ENOMEM;
    return NULL;
}

static int find_driver(struct dl_phdr_info *info, size_t size, void *name)
{
    (void)size;
    if (strstr(info->dlpi_name, (const char *)name) == NULL)
        return 0;
    driver_begin = (uintptr_t)info->dlpi_addr;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_LOAD && driver_begin + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz > driver_end)
            driver_end = driver_begin + info->dlpi_phdr[i].p_vaddr + info->dlpi_phdr[i].p_memsz;
    return 1;
}

/* ---- ways through the driver ---- */

static struct AdbcDriver driver;
static struct AdbcDatabase database;
static struct AdbcConnection connection;
static struct AdbcStatement statement;
static struct AdbcError error;
static const char *uri;
static int wrong;

/* 1 when it went well. */
static int went(AdbcStatusCode status, const char *call)
{
    if (status != ADBC_STATUS_OK && status != ADBC_STATUS_INTERNAL) {
        printf("%.60s: allocation %lld: status %d, %s\n", call, atomic_load(&fail_at), status, error.message == NULL ? "-" : error.message);
        wrong++;
    }
    if (error.release != NULL)
        error.release(&error);
    return status == ADBC_STATUS_OK;
}

#define WENT(call) went(call, #call)

static int set_up(void)
{
    return WENT(driver.DatabaseNew(&database, &error)) && WENT(driver.DatabaseSetOption(&database, "uri", uri, &error)) &&
           WENT(driver.DatabaseSetOption(&database, "tdrest.retry", "never", &error)) && WENT(driver.DatabaseInit(&database, &error)) &&
           WENT(driver.ConnectionNew(&connection, &error)) && WENT(driver.ConnectionInit(&connection, &database, &error)) &&
           WENT(driver.StatementNew(&connection, &statement, &error));
}

static void tear_down(void)
{
    if (statement.private_data != NULL)
        (void)driver.StatementRelease(&statement, NULL);
    if (connection.private_data != NULL)
        (void)driver.ConnectionRelease(&connection, NULL);
    if (database.private_data != NULL)
        (void)driver.DatabaseRelease(&database, NULL);
}

/* The rows; -1 when memory was out. */
static int64_t drain(struct ArrowArrayStream *stream)
{
    struct ArrowSchema schema;
    struct ArrowArray batch;
    int64_t rows = 0;
    int rc = stream->get_schema(stream, &schema);

    if (rc == 0)
        schema.release(&schema);
    while (rc == 0 && (rc = stream->get_next(stream, &batch)) == 0 && batch.release != NULL) {
        rows += batch.length;
        batch.release(&batch);
    }
    stream->release(stream);
    return rc == 0 ? rows : -1;
}

static int bind_batch(int count)
{
    int good;

    make_batch(count);
    good = WENT(driver.StatementBind(&statement, &row_array, &row_schema, &error));
    if (row_array.release != NULL && !good) {
        row_array.release(&row_array);
        row_schema.release(&row_schema);
    }
    return good;
}

static int execute(const char *sql, struct ArrowArrayStream *stream)
{
    return WENT(driver.StatementSetSqlQuery(&statement, sql, &error)) && WENT(driver.StatementExecuteQuery(&statement, stream, NULL, &error));
}

static int64_t query(void)
{
    struct ArrowArrayStream stream;

    return execute("SELECT name FROM information_schema.ins_databases WHERE name = 'oom'", &stream) ? drain(&stream) : -1;
}

static int64_t ingest(void)
{
    int64_t affected;

    return WENT(driver.StatementSetOption(&statement, "adbc.ingest.target_table", "t", &error)) &&
                   WENT(driver.StatementSetOption(&statement, "adbc.ingest.target_db_schema", "oom", &error)) &&
                   WENT(driver.StatementSetOption(&statement, "adbc.ingest.mode", "adbc.ingest.mode.replace", &error)) && bind_batch(COLUMNS) &&
                   WENT(driver.StatementExecuteQuery(&statement, NULL, &affected, &error))
               ? affected
               : -1;
}

static int64_t parameters(void)
{
    struct ArrowArrayStream stream;

    return WENT(driver.StatementSetSqlQuery(&statement, "SELECT ts FROM oom.t WHERE ts = ? AND x = ?", &error)) && bind_batch(2) &&
                   WENT(driver.StatementExecuteQuery(&statement, &stream, NULL, &error))
               ? drain(&stream)
               : -1;
}

static int64_t objects(void)
{
    struct ArrowArrayStream stream;

    return WENT(driver.ConnectionGetObjects(&connection, ADBC_OBJECT_DEPTH_ALL, NULL, "oom", NULL, NULL, NULL, &stream, &error)) ? drain(&stream) : -1;
}

typedef int64_t way(void);

static int64_t once(way *go, long long n)
{
    int64_t rows = -1;

    atomic_store(&made, 0);
    atomic_store(&fail_at, n);
    if (set_up())
        rows = go();
    atomic_store(&fail_at, 0);
    tear_down();
    return rows;
}

/* Each allocation fails, once: the same rows as ever, or an error. */
static long long fail_each(way *go, int64_t expected, const char *name)
{
    int64_t rows = once(go, 0);
    long long count = atomic_load(&made);

    if (rows != expected)
        printf("%s: %lld rows, expected %lld\n", name, (long long)rows, (long long)expected), wrong++;
    for (long long n = 1; n <= count; n++) {
        rows = once(go, n);
        if (rows != expected && rows != -1)
            printf("%s: %lld rows, expected %lld, at allocation %lld\n", name, (long long)rows, (long long)expected, n), wrong++;
    }
    return count;
}

int main(int argc, char **argv)
{
    void *library = argc == 3 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL, *symbol = library == NULL ? NULL : dlsym(library, "AdbcDriverTdrestInit");
    AdbcStatusCode (*init)(int, void *, struct AdbcError *);
    long long count;

    if (symbol == NULL || dl_iterate_phdr(find_driver, strrchr(argv[1], '/')) != 1)
        return 2;
    memcpy(&init, &symbol, sizeof init);
    uri = argv[2];
    if (init(ADBC_VERSION_1_1_0, &driver, NULL) != ADBC_STATUS_OK || !set_up() || !execute("CREATE DATABASE IF NOT EXISTS oom", NULL))
        return 2;
    tear_down();
    count = fail_each(query, 1, "query");
    count += fail_each(ingest, ROWS, "ingest");
    count += fail_each(parameters, ROWS, "parameters");
    count += fail_each(objects, 1, "objects");
    printf("  memory ran out at each of %lld allocations, %d failures\n", count, wrong);
    return wrong != 0 || count < 200;
}
