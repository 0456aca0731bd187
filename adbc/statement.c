/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A statement: what is to be run, and with what. */
#include "adbc/driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static AdbcStatusCode check(const struct AdbcStatement *self, struct AdbcError *error)
{
    const tda_statement *statement = TDA_OF(tda_statement, self);

    return tda_database_check(statement == NULL ? NULL : statement->connection->database, error);
}

static AdbcStatusCode statement_new(struct AdbcConnection *of, struct AdbcStatement *self, struct AdbcError *error)
{
    AdbcStatusCode status = tda_connection_check(of, error);
    tda_statement *statement;

    if (status == ADBC_STATUS_OK)
        status = tda_need(self, "place for the statement", error);
    if (status != ADBC_STATUS_OK)
        return status;
    statement = (tda_statement *)calloc(1, sizeof *statement);
    if (statement == NULL || pthread_mutex_init(&statement->lock, NULL) != 0) {
        free(statement);
        return tda_no_memory(error);
    }
    statement->connection = TDA_OF(tda_connection, of);
    atomic_fetch_add(&statement->connection->users, 1);
    self->private_data = statement;
    return ADBC_STATUS_OK;
}

void tda_unbind(tda_statement *statement)
{
    if (statement->bound.release != NULL)
        statement->bound.release(&statement->bound);
    memset(&statement->bound, 0, sizeof statement->bound);
}

static AdbcStatusCode statement_release(struct AdbcStatement *self, struct AdbcError *error)
{
    tda_statement *statement = TDA_OF(tda_statement, self);

    if (statement == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "the statement was released already");
    if (statement->run != NULL) {
        tda_run_close(statement->run);
        tda_run_leave(statement->run);
    }
    tda_unbind(statement);
    tda_ingest_clear(&statement->ingest);
    tda_connection_leave(statement->connection);
    pthread_mutex_destroy(&statement->lock);
    free(statement->sql);
    free(statement);
    self->private_data = NULL;
    return ADBC_STATUS_OK;
}

/* Semicolons at the end say nothing; a second one the server would take for more text. */
static void drop_semicolons(char *sql)
{
    size_t len = strlen(sql);

    while (len > 0 && strchr("; \t\r\n", sql[len - 1]) != NULL)
        len--;
    sql[len] = '\0';
}

static AdbcStatusCode set_sql(struct AdbcStatement *self, const char *sql, struct AdbcError *error)
{
    tda_statement *statement = TDA_OF(tda_statement, self);
    AdbcStatusCode status = check(self, error);

    if (status != ADBC_STATUS_OK)
        return status;
    if (sql == NULL)
        return tda_need(sql, "SQL", error);
    if (!tda_replace(&statement->sql, sql))
        return tda_no_memory(error);
    pthread_mutex_lock(&statement->lock);
    (void)tda_replace(&statement->ingest.table, NULL);
    (void)tda_replace(&statement->ingest.schema, NULL);
    pthread_mutex_unlock(&statement->lock);
    drop_semicolons(statement->sql);
    tda_sql_quote_names(statement->sql);
    return ADBC_STATUS_OK;
}

static AdbcStatusCode prepare(struct AdbcStatement *self, struct AdbcError *error)
{
    AdbcStatusCode status = check(self, error);

    if (status != ADBC_STATUS_OK)
        return status;
    if (TDA_OF(tda_statement, self)->sql == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "no SQL is set");
    return ADBC_STATUS_OK;
}

static const char mode_prefix[] = "adbc.ingest.mode.", catalog[] = "adbc.ingest.target_catalog", temporary[] = "adbc.ingest.temporary",
                  incremental[] = "adbc.statement.exec.incremental", varchar_bytes[] = "tdrest.ingest.varchar_bytes";

/* The text of the ingest that an option sets; NULL: none. */
static char **ingest_text(tda_ingest *ingest, const char *key)
{
    if (strcmp(key, "adbc.ingest.target_table") == 0)
        return &ingest->table;
    if (strcmp(key, "adbc.ingest.target_db_schema") == 0)
        return &ingest->schema;
    if (strcmp(key, "adbc.ingest.mode") == 0)
        return &ingest->mode;
    if (strcmp(key, "tdrest.ingest.using") == 0)
        return &ingest->using;
    if (strcmp(key, "tdrest.ingest.tags") == 0)
        return &ingest->tags;
    if (strcmp(key, "tdrest.ingest.tbname") == 0)
        return &ingest->tbname;
    return strcmp(key, varchar_bytes) == 0 ? &ingest->varchar_bytes : NULL;
}

/* Whether it may become that: the mode and the length have values of their own. */
static AdbcStatusCode check_ingest(const char *key, const char *value, struct AdbcError *error)
{
    static const char *const modes[] = {"create", "append", "replace", "create_append"};
    char *end;
    long long bytes;
    int known = 0;

    if (value != NULL && strcmp(key, varchar_bytes) == 0) {
        bytes = strtoll(value, &end, 10);
        if (*end != '\0' || end == value || bytes < 1 || bytes > TDA_TEXT_MAX)
            return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "%s: expected a number from 1 to %d", key, TDA_TEXT_MAX);
    }
    if (value == NULL || strcmp(key, "adbc.ingest.mode") != 0)
        return ADBC_STATUS_OK;
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        known |= strncmp(value, mode_prefix, sizeof mode_prefix - 1) == 0 && strcmp(value + sizeof mode_prefix - 1, modes[i]) == 0;
    return known ? ADBC_STATUS_OK : tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "%s: expected adbc.ingest.mode.create, .append, .replace or .create_append", key);
}

/* A further ingest goes to the current db_schema again: DB-API sets another one only where its caller names it. */
static void begin_ingest(tda_statement *statement)
{
    (void)tda_replace(&statement->sql, NULL);
    if (statement->ingest.ran)
        (void)tda_replace(&statement->ingest.schema, NULL);
    statement->ingest.ran = 0;
}

static AdbcStatusCode set_ingest(tda_statement *statement, char **text, const char *key, const char *value, struct AdbcError *error)
{
    AdbcStatusCode status = check_ingest(key, value, error);

    if (status != ADBC_STATUS_OK)
        return status;
    pthread_mutex_lock(&statement->lock);
    if (text == &statement->ingest.table)
        begin_ingest(statement);
    if (!tda_replace(text, value))
        status = tda_no_memory(error);
    pthread_mutex_unlock(&statement->lock);
    return status;
}

AdbcStatusCode tda_statement_set_option(struct AdbcStatement *self, const char *key, const char *value, struct AdbcError *error)
{
    tda_statement *statement = TDA_OF(tda_statement, self);
    AdbcStatusCode status = check(self, error);
    char **text;

    if (status == ADBC_STATUS_OK)
        status = tda_need(key, "option", error);
    if (status != ADBC_STATUS_OK)
        return status;
    text = ingest_text(&statement->ingest, key);
    if (text != NULL)
        return set_ingest(statement, text, key, value, error);
    if (strcmp(key, catalog) == 0 && (value == NULL || value[0] == '\0'))
        return ADBC_STATUS_OK;
    if (strcmp(key, catalog) == 0)
        return tda_fail(error, ADBC_STATUS_NOT_FOUND, "there is no catalog but the one without a name; a database is a db_schema");
    if (strcmp(key, temporary) == 0)
        return tda_take_flag(key, value, 0, "a temporary table", error);
    if (strcmp(key, incremental) == 0)
        return tda_take_flag(key, value, 0, "partitioned execution", error);
    return tda_fail(error, ADBC_STATUS_NOT_IMPLEMENTED, "unknown option %s of a statement", key);
}

AdbcStatusCode tda_statement_get_option(struct AdbcStatement *self, const char *key, char *out, size_t *len, struct AdbcError *error)
{
    tda_statement *statement = TDA_OF(tda_statement, self);
    AdbcStatusCode status = tda_need_option(check(self, error), key, len, error);
    const char *value = NULL;
    char **text;

    if (status != ADBC_STATUS_OK)
        return status;
    pthread_mutex_lock(&statement->lock);
    text = ingest_text(&statement->ingest, key);
    if (text != NULL)
        value = *text != NULL || text != &statement->ingest.mode ? *text : "adbc.ingest.mode.create";
    else if (strcmp(key, temporary) == 0 || strcmp(key, incremental) == 0)
        value = "false";
    else if (strcmp(key, catalog) == 0)
        value = "";
    status = value == NULL ? ADBC_STATUS_NOT_FOUND : tda_give_text(value, out, len);
    pthread_mutex_unlock(&statement->lock);
    return status == ADBC_STATUS_OK ? status : tda_fail(error, status, "option %s is not set, or not known", key);
}

/* ---- a batch that is bound, as a stream ---- */

typedef struct bound_batch {
    struct ArrowSchema schema;
    struct ArrowArray array;
} bound_batch;

/* Once: the driver asks once. */
static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    bound_batch *batch = (bound_batch *)self->private_data;

    *out = batch->schema;
    batch->schema.release = NULL;
    return out->release == NULL ? EINVAL : 0;
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    bound_batch *batch = (bound_batch *)self->private_data;

    *out = batch->array;
    batch->array.release = NULL;
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *self)
{
    (void)self;
    return "the batch was used already";
}

static void release(struct ArrowArrayStream *self)
{
    bound_batch *batch = (bound_batch *)self->private_data;

    if (batch->schema.release != NULL)
        batch->schema.release(&batch->schema);
    if (batch->array.release != NULL)
        batch->array.release(&batch->array);
    free(batch);
    self->release = NULL;
}

static AdbcStatusCode bind(struct AdbcStatement *self, struct ArrowArray *array, struct ArrowSchema *schema, struct AdbcError *error)
{
    tda_statement *statement = TDA_OF(tda_statement, self);
    AdbcStatusCode status = check(self, error);
    bound_batch *batch;

    if (status != ADBC_STATUS_OK)
        return status;
    if (array == NULL || array->release == NULL || schema == NULL || schema->release == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "expected a batch and its schema, neither of them released");
    batch = (bound_batch *)malloc(sizeof *batch);
    if (batch == NULL)
        return tda_no_memory(error);
    tda_unbind(statement);
    batch->schema = *schema;
    batch->array = *array;
    schema->release = NULL;
    array->release = NULL;
    statement->bound.get_schema = get_schema;
    statement->bound.get_next = get_next;
    statement->bound.get_last_error = get_last_error;
    statement->bound.release = release;
    statement->bound.private_data = batch;
    return ADBC_STATUS_OK;
}

static AdbcStatusCode bind_stream(struct AdbcStatement *self, struct ArrowArrayStream *stream, struct AdbcError *error)
{
    tda_statement *statement = TDA_OF(tda_statement, self);
    AdbcStatusCode status = check(self, error);

    if (status != ADBC_STATUS_OK)
        return status;
    if (stream == NULL || stream->release == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "expected a stream that is not released");
    tda_unbind(statement);
    statement->bound = *stream;
    stream->release = NULL;
    return ADBC_STATUS_OK;
}

AdbcStatusCode tda_statement_cancel(struct AdbcStatement *self, struct AdbcError *error)
{
    tda_statement *statement = TDA_OF(tda_statement, self);
    AdbcStatusCode status = check(self, error);
    int goes_on;

    if (status != ADBC_STATUS_OK)
        return status;
    pthread_mutex_lock(&statement->lock);
    goes_on = statement->run != NULL && tda_run_cancel(statement->run);
    pthread_mutex_unlock(&statement->lock);
    return goes_on ? ADBC_STATUS_OK : tda_fail(error, ADBC_STATUS_INVALID_STATE, "there is no query to cancel");
}

static AdbcStatusCode set_plan(struct AdbcStatement *self, const uint8_t *plan, size_t len, struct AdbcError *error)
{
    (void)self, (void)plan, (void)len;
    return tda_not_implemented(error, "Substrait");
}

static AdbcStatusCode partitions(struct AdbcStatement *self, struct ArrowSchema *schema, struct AdbcPartitions *out, int64_t *affected, struct AdbcError *error)
{
    (void)self, (void)schema, (void)out, (void)affected;
    return tda_not_implemented(error, "partitioned execution");
}

void tda_statement_functions(struct AdbcDriver *driver)
{
    driver->StatementNew = statement_new;
    driver->StatementRelease = statement_release;
    driver->StatementSetSqlQuery = set_sql;
    driver->StatementSetOption = tda_statement_set_option;
    driver->StatementPrepare = prepare;
    driver->StatementBind = bind;
    driver->StatementBindStream = bind_stream;
    driver->StatementExecuteQuery = tda_execute;
    driver->StatementExecutePartitions = partitions;
    driver->StatementGetParameterSchema = tda_parameter_schema;
    driver->StatementSetSubstraitPlan = set_plan;
}
