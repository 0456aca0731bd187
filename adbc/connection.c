/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A connection: a current db_schema, which is a database of the server's. It holds no connection of the pool; statements do. */
#include "adbc/driver.h"

#include <stdlib.h>
#include <string.h>

static const char autocommit[] = "adbc.connection.autocommit", read_only[] = "adbc.connection.readonly", current_schema[] = "adbc.connection.db_schema",
                  current_catalog[] = "adbc.connection.catalog", isolation[] = "adbc.connection.transaction.isolation_level",
                  any_isolation[] = "adbc.connection.transaction.isolation.default";

AdbcStatusCode tda_connection_check(const struct AdbcConnection *self, struct AdbcError *error)
{
    const tda_connection *connection = TDA_OF(tda_connection, self);

    return tda_database_check(connection == NULL ? NULL : connection->database, error);
}

void tda_connection_leave(tda_connection *connection)
{
    if (atomic_fetch_sub(&connection->users, 1) != 1)
        return;
    if (connection->database != NULL)
        tda_database_leave(connection->database);
    pthread_mutex_destroy(&connection->lock);
    free(connection->schema);
    free(connection);
}

static AdbcStatusCode connection_new(struct AdbcConnection *self, struct AdbcError *error)
{
    tda_connection *connection = self == NULL ? NULL : (tda_connection *)calloc(1, sizeof *connection);

    if (self == NULL)
        return tda_need(self, "place for the connection", error);
    if (connection == NULL || pthread_mutex_init(&connection->lock, NULL) != 0) {
        free(connection);
        return tda_no_memory(error);
    }
    atomic_init(&connection->users, 1);
    self->private_data = connection;
    return ADBC_STATUS_OK;
}

AdbcStatusCode tda_connection_use(tda_connection *connection, const char *schema, struct AdbcError *error)
{
    int good;

    pthread_mutex_lock(&connection->lock);
    good = tda_replace(&connection->schema, schema == NULL ? "" : schema);
    pthread_mutex_unlock(&connection->lock);
    return good ? ADBC_STATUS_OK : tda_no_memory(error);
}

AdbcStatusCode tda_connection_set_option(struct AdbcConnection *self, const char *key, const char *value, struct AdbcError *error)
{
    tda_connection *connection = TDA_OF(tda_connection, self);

    if (connection == NULL)
        return tda_database_check(NULL, error);
    if (key == NULL)
        return tda_need(key, "option", error);
    if (strcmp(key, autocommit) == 0)
        return tda_take_flag(key, value, 1, "a transaction: each statement is its own, and autocommit=false", error);
    if (strcmp(key, read_only) == 0)
        return tda_take_flag(key, value, 0, "a connection that only reads", error);
    if (strcmp(key, isolation) == 0)
        return value != NULL && strcmp(value, any_isolation) == 0 ? ADBC_STATUS_OK : tda_not_implemented(error, "a level of isolation but the default");
    if (strcmp(key, current_catalog) == 0)
        return value == NULL || value[0] == '\0' ? ADBC_STATUS_OK : tda_fail(error, ADBC_STATUS_NOT_FOUND, "there is no catalog but the one without a name");
    if (strcmp(key, current_schema) == 0)
        return tda_connection_use(connection, value, error);
    return tda_fail(error, ADBC_STATUS_NOT_IMPLEMENTED, "unknown option %s of a connection", key);
}

AdbcStatusCode tda_connection_get_option(struct AdbcConnection *self, const char *key, char *out, size_t *len, struct AdbcError *error)
{
    static const struct { const char *key, *value; } fixed[] = {
        {autocommit, "true"}, {read_only, "false"}, {isolation, any_isolation}, {current_catalog, ""},
    };
    tda_connection *connection = TDA_OF(tda_connection, self);
    AdbcStatusCode status = tda_need_option(tda_connection_check(self, error), key, len, error);

    if (status != ADBC_STATUS_OK)
        return status;
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (strcmp(key, fixed[i].key) == 0)
            return tda_give_text(fixed[i].value, out, len);
    if (strcmp(key, current_schema) != 0)
        return tda_fail(error, ADBC_STATUS_NOT_FOUND, "unknown option %s of a connection", key);
    pthread_mutex_lock(&connection->lock);
    status = tda_give_text(connection->schema, out, len);
    pthread_mutex_unlock(&connection->lock);
    return status;
}

static AdbcStatusCode connection_init(struct AdbcConnection *self, struct AdbcDatabase *of, struct AdbcError *error)
{
    tda_connection *connection = TDA_OF(tda_connection, self);
    tda_database *database = TDA_OF(tda_database, of);
    AdbcStatusCode status = tda_database_check(connection == NULL ? NULL : database, error);
    const char *schema;

    if (status != ADBC_STATUS_OK)
        return status;
    if (database->pool == NULL || connection->database != NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, database->pool == NULL ? "the database is not initialised" : "the connection is initialised already");
    schema = tdrest_options_get(database->options, "database");
    if (connection->schema == NULL && !tda_replace(&connection->schema, schema == NULL ? "" : schema))
        return tda_no_memory(error);
    connection->database = database;
    atomic_fetch_add(&database->users, 1);
    return ADBC_STATUS_OK;
}

static AdbcStatusCode connection_release(struct AdbcConnection *self, struct AdbcError *error)
{
    tda_connection *connection = TDA_OF(tda_connection, self);

    if (connection == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "the connection was released already");
    tda_connection_leave(connection);
    self->private_data = NULL;
    return ADBC_STATUS_OK;
}

static void publish(tda_connection *connection, tda_run *run)
{
    pthread_mutex_lock(&connection->lock);
    connection->run = run;
    connection->asked = 1;
    pthread_mutex_unlock(&connection->lock);
}

AdbcStatusCode tda_connection_ask(tda_connection *connection, tda_run **out, struct AdbcError *error)
{
    AdbcStatusCode status = tda_run_new(connection->database, connection->schema, out, error);

    if (status != ADBC_STATUS_OK)
        return status;
    publish(connection, *out);
    return tda_run_open(*out, error);
}

void tda_connection_done(tda_connection *connection, tda_run *run)
{
    publish(connection, NULL);
    if (run != NULL)
        tda_run_leave(run);
}

/* What a question has been answered with is in memory: then there is nothing to end, and that is no error. */
AdbcStatusCode tda_connection_cancel(struct AdbcConnection *self, struct AdbcError *error)
{
    tda_connection *connection = TDA_OF(tda_connection, self);
    AdbcStatusCode status = tda_connection_check(self, error);
    int asked;

    if (status != ADBC_STATUS_OK)
        return status;
    pthread_mutex_lock(&connection->lock);
    asked = connection->asked;
    if (connection->run != NULL)
        (void)tda_run_cancel(connection->run);
    pthread_mutex_unlock(&connection->lock);
    return asked ? ADBC_STATUS_OK : tda_fail(error, ADBC_STATUS_INVALID_STATE, "there is nothing to cancel");
}

/* Both are for autocommit=false, which there is not. */
static AdbcStatusCode end_transaction(struct AdbcConnection *self, struct AdbcError *error)
{
    AdbcStatusCode status = tda_connection_check(self, error);

    return status != ADBC_STATUS_OK ? status : tda_fail(error, ADBC_STATUS_INVALID_STATE, "no transaction: each statement is its own");
}

static AdbcStatusCode read_partition(struct AdbcConnection *self, const uint8_t *partition, size_t len, struct ArrowArrayStream *out, struct AdbcError *error)
{
    (void)self, (void)partition, (void)len, (void)out;
    return tda_not_implemented(error, "reading partitions");
}

void tda_connection_functions(struct AdbcDriver *driver)
{
    driver->ConnectionNew = connection_new;
    driver->ConnectionSetOption = tda_connection_set_option;
    driver->ConnectionInit = connection_init;
    driver->ConnectionRelease = connection_release;
    driver->ConnectionCommit = end_transaction;
    driver->ConnectionRollback = end_transaction;
    driver->ConnectionReadPartition = read_partition;
    driver->ConnectionGetInfo = tda_get_info;
    driver->ConnectionGetObjects = tda_get_objects;
    driver->ConnectionGetTableSchema = tda_get_table_schema;
    driver->ConnectionGetTableTypes = tda_get_table_types;
}
