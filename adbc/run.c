/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A running statement: it holds one connection of the pool from its start to the end of its rows, or to an error, and not until somebody releases it.
 * What it handed out as a stream may outlive statement, connection and database.
 */
#include "adbc/driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WAIT_SLICE_MS = 100 }; /* of a wait for a connection: a cancel is looked for in between */

AdbcStatusCode tda_run_new(tda_database *database, const char *schema, tda_run **out, struct AdbcError *error)
{
    tda_run *run = (tda_run *)calloc(1, sizeof *run);

    *out = NULL;
    if (run == NULL)
        return tda_no_memory(error);
    run->schema = tda_copy(schema);
    if (run->schema == NULL || pthread_mutex_init(&run->lock, NULL) != 0) {
        free(run->schema);
        free(run);
        return tda_no_memory(error);
    }
    atomic_init(&run->users, 1);
    run->database = database;
    atomic_fetch_add(&database->users, 1);
    run->error.vendor_code = ADBC_ERROR_VENDOR_CODE_PRIVATE_DATA;
    run->busy = 1;
    *out = run;
    return ADBC_STATUS_OK;
}

tdrest_call tda_run_call(const tda_run *run)
{
    tdrest_call call = TDREST_CALL_INIT;

    if (run->schema[0] != '\0')
        call.database = run->schema;
    return call;
}

static void set_busy(tda_run *run, int busy)
{
    pthread_mutex_lock(&run->lock);
    run->busy = busy;
    if (busy)
        run->cancelled = 0;
    pthread_mutex_unlock(&run->lock);
}

static int was_cancelled(tda_run *run)
{
    int cancelled;

    pthread_mutex_lock(&run->lock);
    cancelled = run->cancelled;
    pthread_mutex_unlock(&run->lock);
    return cancelled;
}

void tda_run_cancel(tda_run *run)
{
    pthread_mutex_lock(&run->lock);
    if (run->busy) {
        run->cancelled = 1;
        if (run->conn != NULL)
            tdrest_conn_cancel(run->conn);
    }
    pthread_mutex_unlock(&run->lock);
}

static AdbcStatusCode cancelled(struct AdbcError *error)
{
    return tda_fail(error, ADBC_STATUS_CANCELLED, "the call was cancelled");
}

AdbcStatusCode tda_run_open(tda_run *run, struct AdbcError *error)
{
    tda_database *database = run->database;
    tdrest_error record = TDREST_ERROR_INIT;
    tdrest_conn *conn = NULL;
    int64_t left = database->wait_ms;
    int rc;

    do {
        if (was_cancelled(run))
            return cancelled(error);
        if (atomic_load(&database->open_streams) >= database->pool_max)
            return tda_fail(error, ADBC_STATUS_INVALID_STATE, "all %d connections are held by results that are still being read; read them to their end, release "
                            "them, or set tdrest.pool_max higher", database->pool_max);
        rc = tdrest_pool_get(database->pool, left < WAIT_SLICE_MS ? left : WAIT_SLICE_MS, &record, &conn);
        left -= WAIT_SLICE_MS;
    } while (rc == TDREST_ETIMEOUT && left > 0);
    if (rc != TDREST_OK)
        return tda_fail_with(error, &record);
    pthread_mutex_lock(&run->lock);
    run->conn = conn;
    pthread_mutex_unlock(&run->lock);
    return was_cancelled(run) ? cancelled(error) : ADBC_STATUS_OK;
}

/* The connection goes back to the pool; the result, which is at its end or of no use any more, stays. */
static void give_back(tda_run *run)
{
    tdrest_conn *conn;

    pthread_mutex_lock(&run->lock);
    conn = run->conn;
    run->conn = NULL;
    pthread_mutex_unlock(&run->lock);
    tdrest_stmt_free(run->stmt);
    run->stmt = NULL;
    tdrest_pool_put(run->database->pool, conn);
    if (run->counted)
        atomic_fetch_sub(&run->database->open_streams, 1);
    run->counted = 0;
}

static void release_all(struct ArrowArrayStream *inner)
{
    if (inner->release != NULL)
        inner->release(inner);
    memset(inner, 0, sizeof *inner);
}

static void unbind(tda_run *run)
{
    if (run->bound_batch.release != NULL)
        run->bound_batch.release(&run->bound_batch);
    if (run->bound_schema.release != NULL)
        run->bound_schema.release(&run->bound_schema);
    release_all(&run->bound);
}

void tda_run_close(tda_run *run)
{
    if (run->database->process != getpid())
        return;
    release_all(&run->inner);
    run->result = NULL;
    give_back(run);
    unbind(run);
    if (run->failed == 0) {
        run->failed = EINVAL;
        run->status = tda_fail(&run->error, ADBC_STATUS_INVALID_STATE, "the statement of this result was released, or executed again");
    }
}

void tda_run_leave(tda_run *run)
{
    if (atomic_fetch_sub(&run->users, 1) != 1)
        return;
    tda_run_close(run);
    tda_error_clear(&run->error);
    pthread_mutex_destroy(&run->lock);
    tda_database_leave(run->database);
    free(run->schema);
    free(run);
}

AdbcStatusCode tda_run_exec(tda_run *run, const char *sql, int64_t *affected, struct AdbcError *error)
{
    tdrest_call call = tda_run_call(run);
    int rc;

    if (was_cancelled(run))
        return cancelled(error);
    rc = tdrest_exec(run->conn, sql, TDREST_CSTR, &call, affected);
    return rc == TDREST_OK ? ADBC_STATUS_OK : tda_fail_with(error, tdrest_conn_error(run->conn));
}

/* A result becomes the inner stream. */
static AdbcStatusCode take_result(tda_run *run, tdrest_result *result, int64_t *affected, struct AdbcError *error)
{
    AdbcStatusCode status;

    if (affected != NULL)
        *affected = tdrest_result_affected(result);
    if (tdrest_result_export_arrow(result, &run->inner) == TDREST_OK) {
        run->result = result;
        return ADBC_STATUS_OK;
    }
    status = tda_fail_with(error, tdrest_result_error(result));
    tdrest_result_free(result);
    return status;
}

AdbcStatusCode tda_run_query(tda_run *run, const char *sql, int64_t *affected, struct AdbcError *error)
{
    tdrest_call call = tda_run_call(run);
    tdrest_result *result;

    if (was_cancelled(run))
        return cancelled(error);
    if (tdrest_query(run->conn, sql, TDREST_CSTR, &call, &result) != TDREST_OK)
        return tda_fail_with(error, tdrest_conn_error(run->conn));
    return take_result(run, result, affected, error);
}

/* ---- queries with parameters: once per row that is bound ---- */

/* 1: bound_row is a row of bound_batch; 0: there is none; -1: the stream failed. */
static int next_bound_row(tda_run *run, struct AdbcError *error)
{
    if (run->bound_batch.release != NULL && ++run->bound_row < run->bound_batch.length)
        return 1;
    run->bound_row = 0;
    do {
        if (run->bound_batch.release != NULL)
            run->bound_batch.release(&run->bound_batch);
        if (run->bound.get_next(&run->bound, &run->bound_batch) != 0) {
            const char *why = run->bound.get_last_error(&run->bound);

            run->bound_batch.release = NULL;
            (void)tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "the bound stream failed: %s", why == NULL ? "it does not say why" : why);
            return -1;
        }
    } while (run->bound_batch.release != NULL && run->bound_batch.length == 0);
    return run->bound_batch.release != NULL;
}

/* The next row's query. *more 0: there is none. */
static AdbcStatusCode query_next(tda_run *run, int *more, struct AdbcError *error)
{
    tdrest_call call = tda_run_call(run);
    tdrest_result *result;
    struct ArrowArray row;
    int found = next_bound_row(run, error), rc;

    *more = found > 0;
    if (found <= 0)
        return found == 0 ? ADBC_STATUS_OK : ADBC_STATUS_INVALID_ARGUMENT;
    if (was_cancelled(run))
        return cancelled(error);
    row = run->bound_batch;
    row.offset += run->bound_row;
    row.length = 1;
    rc = tdrest_stmt_bind_arrow(run->stmt, &run->bound_schema, &row);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_query(run->stmt, &call, &result);
    if (rc != TDREST_OK)
        return tda_fail_with(error, tdrest_stmt_error(run->stmt));
    release_all(&run->inner);
    return take_result(run, result, NULL, error);
}

/* What was no query, and has no rows, runs once for each further row too. */
static AdbcStatusCode count_rest(tda_run *run, int *more, int64_t *affected, struct AdbcError *error)
{
    AdbcStatusCode status = ADBC_STATUS_OK;

    *affected = 0;
    while (status == ADBC_STATUS_OK && *more) {
        *affected += tdrest_result_affected(run->result);
        status = query_next(run, more, error);
    }
    *more = 0;
    return status;
}

AdbcStatusCode tda_run_query_bound(tda_run *run, const char *sql, struct ArrowArrayStream *bound, int *any, int64_t *affected, struct AdbcError *error)
{
    AdbcStatusCode status;

    *any = 0;
    run->bound = *bound;
    memset(bound, 0, sizeof *bound);
    if (run->bound.get_schema(&run->bound, &run->bound_schema) != 0) {
        run->bound_schema.release = NULL;
        return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "the bound stream has no schema");
    }
    if (tdrest_stmt_new(run->conn, sql, TDREST_CSTR, &run->stmt) != TDREST_OK)
        return tda_fail_with(error, tdrest_conn_error(run->conn));
    status = query_next(run, any, error);
    if (status == ADBC_STATUS_OK && *any && tdrest_result_affected(run->result) >= 0)
        return count_rest(run, any, affected, error);
    return status;
}

/* ---- the stream ---- */

static int fail(tda_run *run, int error)
{
    run->failed = error;
    give_back(run);
    unbind(run);
    return error;
}

static int fail_with_status(tda_run *run, AdbcStatusCode status)
{
    run->status = status;
    return fail(run, status == ADBC_STATUS_CANCELLED ? ECANCELED : status == ADBC_STATUS_TIMEOUT ? ETIMEDOUT : EIO);
}

static int forked(tda_run *run)
{
    if (run->database->process == getpid())
        return 0;
    run->status = tda_fail(&run->error, ADBC_STATUS_INVALID_STATE, "the database was opened before a fork; open one in this process");
    return EINVAL;
}

/* What the result says of its failure. */
static int fail_with_result(tda_run *run, int error)
{
    const tdrest_error *record = tdrest_result_error(run->result);

    run->status = record->code != 0 ? tda_fail_with(&run->error, record) : tda_fail(&run->error, ADBC_STATUS_INTERNAL, "out of memory");
    return fail(run, error);
}

/* What it failed with already, or as it is used in a forked process; 0: it goes on. */
static int is_over(tda_run *run)
{
    int rc = forked(run);

    return rc != 0 ? rc : run->failed;
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    tda_run *run = (tda_run *)self->private_data;
    int rc = is_over(run);

    memset(out, 0, sizeof *out);
    if (rc != 0)
        return rc;
    set_busy(run, 1);
    rc = run->inner.get_schema(&run->inner, out);
    set_busy(run, 0);
    return rc == 0 ? 0 : fail_with_result(run, rc);
}

/* The next batch of this result, or of that of the next row that is bound. */
static int read_next(tda_run *run, struct ArrowArray *out)
{
    int more = 1, rc = run->inner.get_next(&run->inner, out);

    while (rc == 0 && out->release == NULL && run->stmt != NULL && more) {
        AdbcStatusCode status = query_next(run, &more, &run->error);

        if (status != ADBC_STATUS_OK)
            return fail_with_status(run, status);
        rc = more ? run->inner.get_next(&run->inner, out) : 0;
    }
    return rc == 0 ? 0 : fail_with_result(run, rc);
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    tda_run *run = (tda_run *)self->private_data;
    int rc = is_over(run);

    memset(out, 0, sizeof *out);
    if (rc != 0)
        return rc;
    set_busy(run, 1);
    rc = read_next(run, out);
    set_busy(run, 0);
    if (rc == 0 && out->release == NULL)
        give_back(run);
    return rc;
}

static const char *get_last_error(struct ArrowArrayStream *self)
{
    return ((const tda_run *)self->private_data)->error.message;
}

static void release(struct ArrowArrayStream *self)
{
    tda_run *run = (tda_run *)self->private_data;

    self->release = NULL;
    tda_run_close(run);
    tda_run_leave(run);
}

void tda_run_idle(tda_run *run)
{
    set_busy(run, 0);
}

void tda_run_stream(tda_run *run, struct ArrowArrayStream *out)
{
    atomic_fetch_add(&run->users, 1);
    if (run->conn != NULL) {
        run->counted = 1;
        atomic_fetch_add(&run->database->open_streams, 1);
    }
    out->get_schema = get_schema;
    out->get_next = get_next;
    out->get_last_error = get_last_error;
    out->release = release;
    out->private_data = run;
}

const struct AdbcError *tda_error_of_stream(struct ArrowArrayStream *stream, AdbcStatusCode *status)
{
    tda_run *run;

    if (stream == NULL || stream->release != release)
        return NULL;
    run = (tda_run *)stream->private_data;
    if (run->error.message == NULL)
        return NULL;
    if (status != NULL)
        *status = run->status;
    return &run->error;
}
