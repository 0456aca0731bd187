/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A running statement: it holds one connection of the pool from its start to the end of its rows, or to an error, and not until somebody releases it.
 * What it handed out as a stream may outlive statement, connection and database.
 */
#include "adbc/builder.h"
#include "adbc/driver.h"

#include <errno.h>
#include <stdio.h>
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
    pthread_mutex_unlock(&run->lock);
}

int tda_run_was_cancelled(tda_run *run)
{
    int cancelled;

    pthread_mutex_lock(&run->lock);
    cancelled = run->cancelled;
    pthread_mutex_unlock(&run->lock);
    return cancelled;
}

int tda_run_cancel(tda_run *run)
{
    int goes_on;

    pthread_mutex_lock(&run->lock);
    goes_on = run->busy || run->conn != NULL;
    if (goes_on)
        run->cancelled = 1;
    if (run->busy && run->conn != NULL)
        tdrest_conn_cancel(run->conn);
    pthread_mutex_unlock(&run->lock);
    return goes_on;
}

AdbcStatusCode tda_run_cancelled(struct AdbcError *error)
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
        if (tda_run_was_cancelled(run))
            return tda_run_cancelled(error);
        if (atomic_load(&database->open_streams) >= database->pool_max)
            return tda_fail(error, ADBC_STATUS_INVALID_STATE, "all %d connections are held by results that are still being read; read them to their end, release "
                            "them, or set tdrest.pool_max higher", database->pool_max);
        rc = tdrest_pool_get(database->pool, left < WAIT_SLICE_MS ? left : WAIT_SLICE_MS, &record, &conn);
        left -= WAIT_SLICE_MS;
    } while (rc == TDREST_ETIMEOUT && left > 0);
    if (rc == TDREST_ETIMEOUT) /* the record speaks of the last slice */
        (void)snprintf(record.message, sizeof record.message, "all %d connections of the pool are in use, and none became free within %lld ms; tdrest.pool_max and "
                       "tdrest.pool_wait_ms are the limits", database->pool_max, (long long)database->wait_ms);
    if (rc != TDREST_OK)
        return tda_fail_with(error, &record);
    pthread_mutex_lock(&run->lock);
    run->conn = conn;
    pthread_mutex_unlock(&run->lock);
    return tda_run_was_cancelled(run) ? tda_run_cancelled(error) : ADBC_STATUS_OK;
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

void tda_run_close(tda_run *run)
{
    if (run->database->process != getpid())
        return;
    release_all(&run->inner);
    run->result = NULL;
    give_back(run);
    tda_bound_clear(run);
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
    if (run->columns.release != NULL)
        run->columns.release(&run->columns);
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

    if (tda_run_was_cancelled(run))
        return tda_run_cancelled(error);
    rc = tdrest_exec(run->conn, sql, TDREST_CSTR, &call, affected);
    return rc == TDREST_OK ? ADBC_STATUS_OK : tda_fail_with(error, tdrest_conn_error(run->conn));
}

AdbcStatusCode tda_run_take(tda_run *run, tdrest_result *result, int64_t *affected, struct AdbcError *error)
{
    AdbcStatusCode status;

    release_all(&run->inner);
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

    if (tda_run_was_cancelled(run))
        return tda_run_cancelled(error);
    if (tdrest_query(run->conn, sql, TDREST_CSTR, &call, &result) != TDREST_OK)
        return tda_fail_with(error, tdrest_conn_error(run->conn));
    return tda_run_take(run, result, affected, error);
}

/* ---- the stream ---- */

static int fail(tda_run *run, int error)
{
    run->failed = error;
    give_back(run);
    tda_bound_clear(run);
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

/* A cancel came between two calls: the rest of the answer is not wanted. */
static int end_cancelled(tda_run *run)
{
    release_all(&run->inner);
    run->result = NULL;
    return fail_with_status(run, tda_run_cancelled(&run->error));
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    tda_run *run = (tda_run *)self->private_data;
    int rc = is_over(run);

    memset(out, 0, sizeof *out);
    if (rc != 0)
        return rc;
    if (run->columns.release != NULL)
        return tda_schema_copy(&run->columns, out) ? 0 : ENOMEM;
    set_busy(run, 1);
    rc = run->inner.get_schema(&run->inner, out);
    set_busy(run, 0);
    return rc == 0 ? 0 : fail_with_result(run, rc);
}

static int read_next(tda_run *run, struct ArrowArray *out)
{
    AdbcStatusCode status = ADBC_STATUS_OK;
    int rc;

    if (run->conn != NULL && tda_run_was_cancelled(run))
        return end_cancelled(run);
    rc = run->stmt != NULL ? tda_bound_next(run, out, &status) : run->inner.get_next(&run->inner, out);
    return rc == 0 ? 0 : status != ADBC_STATUS_OK ? fail_with_status(run, status) : fail_with_result(run, rc);
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
