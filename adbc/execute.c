/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Running a statement: as a query, for its rows; as an update, for their number; with what is bound, in batches or row by row. */
#include "adbc/builder.h"
#include "adbc/driver.h"

#include <stdlib.h>
#include <string.h>

/* Makes it the statement's run, in place of the one before, whose stream ends. */
static void replace_run(tda_statement *statement, tda_run *run)
{
    tda_run *old;

    pthread_mutex_lock(&statement->lock);
    old = statement->run;
    statement->run = run;
    pthread_mutex_unlock(&statement->lock);
    if (old == NULL)
        return;
    tda_run_close(old);
    tda_run_leave(old);
}

static AdbcStatusCode begin(tda_statement *statement, struct AdbcError *error)
{
    AdbcStatusCode status = tda_database_check(statement->connection->database, error);
    tda_run *run;

    if (status != ADBC_STATUS_OK)
        return status;
    if (statement->sql == NULL && statement->ingest.table == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "no SQL is set");
    replace_run(statement, NULL);
    status = tda_run_new(statement->connection->database, statement->connection->schema, &run, error);
    if (status != ADBC_STATUS_OK)
        return status;
    replace_run(statement, run);
    return tda_run_open(run, error);
}

/* ---- with parameters ---- */

static int has_values(const tdrest_stmt *stmt)
{
    int count = tdrest_stmt_param_count(stmt), values = 0;

    for (int i = 0; i < count; i++)
        values |= tdrest_stmt_param(stmt, i)->role == TDREST_PARAM_VALUE;
    return values;
}

/* An INSERT of rows takes batches; anything else runs once per row. */
static AdbcStatusCode update_bound(tda_statement *statement, tda_run *run, tdrest_stmt *stmt, int64_t *affected, struct AdbcError *error)
{
    tdrest_call call = tda_run_call(run);
    int rc = has_values(stmt) ? tdrest_stmt_describe(stmt, &call) : TDREST_OK;

    *affected = 0;
    if (rc == TDREST_EUSAGE) /* what cannot be described is left to the server */
        rc = TDREST_OK;
    if (rc == TDREST_OK && tda_run_was_cancelled(run))
        return tda_run_cancelled(error);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_stream(stmt, &statement->bound);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_run(stmt, &call, affected);
    return rc == TDREST_OK ? ADBC_STATUS_OK : tda_fail_with(error, tdrest_stmt_error(stmt));
}

/* *any 1: there is a result to be read. */
static AdbcStatusCode run_bound(tda_statement *statement, tda_run *run, int wants_rows, int *any, int64_t *affected, struct AdbcError *error)
{
    AdbcStatusCode status;
    tdrest_stmt *stmt;
    int values;

    *any = 0;
    if (tdrest_stmt_new(run->conn, statement->sql, TDREST_CSTR, &stmt) != TDREST_OK)
        return tda_fail_with(error, tdrest_conn_error(run->conn));
    values = has_values(stmt);
    if (values || !wants_rows) {
        status = update_bound(statement, run, stmt, affected, error);
        tdrest_stmt_free(stmt);
        return status;
    }
    tdrest_stmt_free(stmt);
    return tda_bound_query(run, statement->sql, &statement->bound, any, affected, error);
}

/* Over REST each request is a session of its own: what a USE that ran has chosen is kept here. */
static AdbcStatusCode use(const tda_statement *statement, struct AdbcError *error)
{
    char name[256];

    if (!tda_sql_use(statement->sql, name, sizeof name))
        return ADBC_STATUS_OK;
    return tda_connection_use(statement->connection, name, error);
}

static AdbcStatusCode run_statement(tda_statement *statement, tda_run *run, int wants_rows, int *any, int64_t *affected, struct AdbcError *error)
{
    AdbcStatusCode status;

    *any = 0;
    if (statement->ingest.table != NULL)
        return tda_ingest_run(statement, run, affected, error);
    if (statement->bound.release != NULL)
        return run_bound(statement, run, wants_rows, any, affected, error);
    if (!wants_rows) {
        status = tda_run_exec(run, statement->sql, affected, error);
        return status == ADBC_STATUS_OK ? use(statement, error) : status;
    }
    status = tda_run_query(run, statement->sql, affected, error);
    *any = status == ADBC_STATUS_OK && *affected < 0; /* what has no rows holds no connection */
    return status == ADBC_STATUS_OK && !*any ? use(statement, error) : status;
}

/* A stream without fields, for what has no rows. */
static AdbcStatusCode no_rows(struct ArrowArrayStream *out, struct AdbcError *error)
{
    tda_column *none = tda_column_new(NULL, "+s", "", 0);

    return tda_column_stream(none, out) ? ADBC_STATUS_OK : tda_no_memory(error);
}

AdbcStatusCode tda_execute(struct AdbcStatement *self, struct ArrowArrayStream *out, int64_t *affected, struct AdbcError *error)
{
    tda_statement *statement = TDA_OF(tda_statement, self);
    AdbcStatusCode status = statement == NULL ? tda_database_check(NULL, error) : begin(statement, error);
    int64_t count = -1;
    int any = 0;

    if (out != NULL)
        memset(out, 0, sizeof *out);
    if (status == ADBC_STATUS_OK)
        status = run_statement(statement, statement->run, out != NULL, &any, &count, error);
    if (statement != NULL && statement->bound.release != NULL && status != ADBC_STATUS_INVALID_STATE)
        tda_unbind(statement);
    if (affected != NULL)
        *affected = status == ADBC_STATUS_OK ? count : -1;
    if (statement == NULL || statement->run == NULL)
        return status;
    tda_run_idle(statement->run);
    if (status == ADBC_STATUS_OK && any)
        tda_run_stream(statement->run, out);
    else
        replace_run(statement, NULL);
    return status == ADBC_STATUS_OK && out != NULL && !any ? no_rows(out, error) : status;
}

/* There is no way to ask for the columns alone: the query starts, and ends once they are known. */
AdbcStatusCode tda_execute_schema(struct AdbcStatement *self, struct ArrowSchema *out, struct AdbcError *error)
{
    tda_statement *statement = TDA_OF(tda_statement, self);
    struct ArrowArrayStream stream;
    AdbcStatusCode status;

    if (out == NULL)
        return tda_need(out, "place for the answer", error);
    memset(out, 0, sizeof *out);
    if (statement == NULL)
        return tda_database_check(NULL, error);
    if (statement->sql == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "no SQL is set");
    if (tdrest_sql_kind(statement->sql, TDREST_CSTR) != TDREST_SQL_READ)
        return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "only the schema of a query can be asked for: another statement would be run");
    status = tda_execute(self, &stream, NULL, error);
    if (status != ADBC_STATUS_OK)
        return status;
    if (stream.get_schema(&stream, out) != 0) {
        const char *why = stream.get_last_error(&stream);

        status = tda_fail(error, ADBC_STATUS_IO, "%s", why == NULL ? "the schema cannot be read" : why);
    }
    stream.release(&stream);
    replace_run(statement, NULL);
    return status;
}

static int has_field(const tda_column *root, const char *name)
{
    int found = 0;

    for (int i = 0; i < root->children; i++)
        found |= strcmp(root->child[i]->name, name) == 0;
    return found;
}

/* By the specification: fields without a type that is known, and without a name for `?`. `:name` is one parameter, however often it stands there. */
static AdbcStatusCode list_parameters(const char *sql, struct ArrowSchema *out, struct AdbcError *error)
{
    tda_column *root = tda_column_new(NULL, "+s", "", 0);
    char *names = tda_copy(sql); /* each gets its end there */
    size_t pos = 0, at = 0;
    int rc = TDREST_ROW, good;

    while (root != NULL && names != NULL && (rc = tdrest_sql_next_param(sql, strlen(sql), &pos, &at)) == TDREST_ROW) {
        const char *name = sql[at] == ':' ? names + at + 1 : "";

        names[pos] = '\0';
        if (name[0] == '\0' || !has_field(root, name))
            (void)tda_column_new(root, "n", name, 1);
    }
    good = names != NULL && rc >= 0 && tda_column_schema(root, out);
    if (names == NULL || rc < 0)
        tda_column_free(root);
    free(names);
    if (rc < 0)
        return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "the SQL has a quote or comment without an end, or a word that touches a ?, at byte %lld", (long long)at);
    return good ? ADBC_STATUS_OK : tda_no_memory(error);
}

AdbcStatusCode tda_parameter_schema(struct AdbcStatement *self, struct ArrowSchema *out, struct AdbcError *error)
{
    const tda_statement *statement = TDA_OF(tda_statement, self);
    AdbcStatusCode status = tda_database_check(statement == NULL ? NULL : statement->connection->database, error);

    if (out == NULL)
        return tda_need(out, "place for the answer", error);
    memset(out, 0, sizeof *out);
    if (status != ADBC_STATUS_OK)
        return status;
    if (statement->sql == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "no SQL is set");
    return list_parameters(statement->sql, out, error);
}
