/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Loads the driver, asks one question and unloads it, again and again, from several threads: tests/adbc/load.c DRIVER URI TIMES. */
#include "adbc/abi.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8 };

typedef AdbcStatusCode init_function(int version, void *raw, struct AdbcError *error);

static char **arguments;

/* The number of rows of `SELECT 1`; -1 when something failed. */
static int64_t ask(const struct AdbcDriver *driver, struct AdbcDatabase *database, struct AdbcConnection *connection, struct AdbcStatement *statement)
{
    struct ArrowArrayStream stream;
    struct ArrowArray batch;
    int64_t rows = -1;

    if (driver->DatabaseNew(database, NULL) || driver->DatabaseSetOption(database, "uri", arguments[2], NULL) || driver->DatabaseInit(database, NULL) ||
        driver->ConnectionNew(connection, NULL) || driver->ConnectionInit(connection, database, NULL) || driver->StatementNew(connection, statement, NULL) ||
        driver->StatementSetSqlQuery(statement, "SELECT 1", NULL) || driver->StatementExecuteQuery(statement, &stream, NULL, NULL))
        return -1;
    if (stream.get_next(&stream, &batch) == 0 && batch.release != NULL) {
        rows = batch.length;
        batch.release(&batch);
    }
    stream.release(&stream);
    return rows;
}

static int load(void)
{
    void *library = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL), *symbol = library == NULL ? NULL : dlsym(library, "AdbcDriverTdrestInit");
    struct AdbcDatabase database = {NULL, NULL};
    struct AdbcConnection connection = {NULL, NULL};
    struct AdbcStatement statement = {NULL, NULL};
    struct AdbcDriver driver;
    init_function *init;
    int good;

    if (symbol == NULL)
        return 0;
    memcpy(&init, &symbol, sizeof init);
    good = init(ADBC_VERSION_1_1_0, &driver, NULL) == ADBC_STATUS_OK && ask(&driver, &database, &connection, &statement) == 1 &&
           driver.StatementRelease(&statement, NULL) == ADBC_STATUS_OK && driver.ConnectionRelease(&connection, NULL) == ADBC_STATUS_OK &&
           driver.DatabaseRelease(&database, NULL) == ADBC_STATUS_OK && driver.release(&driver, NULL) == ADBC_STATUS_OK;
    return dlclose(library) == 0 && good;
}

static void *work(void *failures)
{
    for (int i = 0; i < atoi(arguments[3]); i++)
        *(int *)failures += !load();
    return NULL;
}

int main(int argc, char **argv)
{
    pthread_t thread[THREADS];
    int failures[THREADS] = {0}, sum = 0;

    if (argc != 4)
        return 2;
    arguments = argv;
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&thread[i], NULL, work, &failures[i]) != 0)
            return 2;
    for (int i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        sum += failures[i];
    }
    printf("  loaded and unloaded %d times by %d threads, %d failures\n", THREADS * atoi(argv[3]), THREADS, sum);
    return sum != 0;
}
