/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A query with parameters runs once for each row that is bound, and its results are one stream. The first result with rows has the types of all: the server
 * takes a parameter for the literal that it is, so one row may make a column BIGINT and the next VARCHAR. A column of NULLs becomes what it has to be; other
 * types are an error.
 */
#include "adbc/builder.h"
#include "adbc/driver.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static void release_schema(struct ArrowSchema *schema)
{
    if (schema->release != NULL)
        schema->release(schema);
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    if (array->release != NULL)
        array->release(array);
    array->release = NULL;
}

static void release_bound(tda_run *run)
{
    release_array(&run->bound_batch);
    release_schema(&run->bound_schema);
    if (run->bound.release != NULL)
        run->bound.release(&run->bound);
    run->bound.release = NULL;
}

void tda_bound_clear(tda_run *run)
{
    release_bound(run);
    release_array(&run->ahead);
    release_schema(&run->current);
}

/* ---- the next row's result ---- */

/* 1: bound_row is a row of bound_batch; 0: there is none; -1: the stream failed. */
static int next_bound_row(tda_run *run, struct AdbcError *error)
{
    if (run->bound.release == NULL)
        return 0;
    if (run->bound_batch.release != NULL && ++run->bound_row < run->bound_batch.length)
        return 1;
    run->bound_row = 0;
    do {
        if (run->bound_batch.release != NULL)
            run->bound_before += run->bound_batch.length;
        release_array(&run->bound_batch);
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
    AdbcStatusCode status;
    tdrest_result *result;
    struct ArrowArray row;
    int found = next_bound_row(run, error), rc;

    *more = found > 0;
    if (found == 0)
        release_bound(run);
    if (found <= 0)
        return found == 0 ? ADBC_STATUS_OK : ADBC_STATUS_INVALID_ARGUMENT;
    if (tda_run_was_cancelled(run))
        return tda_run_cancelled(error);
    row = run->bound_batch;
    row.offset += run->bound_row;
    row.length = 1;
    rc = tdrest_stmt_bind_arrow(run->stmt, &run->bound_schema, &row);
    if (rc == TDREST_OK)
        rc = tdrest_stmt_query(run->stmt, &call, &result);
    if (rc != TDREST_OK)
        return tda_fail_with(error, tdrest_stmt_error(run->stmt));
    release_schema(&run->current);
    status = tda_run_take(run, result, NULL, error);
    if (status == ADBC_STATUS_OK && run->inner.get_schema(&run->inner, &run->current) != 0) {
        run->current.release = NULL;
        status = tda_fail_with(error, tdrest_result_error(run->result));
    }
    return status;
}

/* What was no query, and has no rows, runs once for each further row too. */
static AdbcStatusCode count_rest(tda_run *run, int64_t *affected, struct AdbcError *error)
{
    AdbcStatusCode status = ADBC_STATUS_OK;

    *affected = 0;
    for (int more = 1; status == ADBC_STATUS_OK && more;) {
        *affected += tdrest_result_affected(run->result);
        status = query_next(run, &more, error);
    }
    return status;
}

AdbcStatusCode tda_bound_query(tda_run *run, const char *sql, struct ArrowArrayStream *bound, int *any, int64_t *affected, struct AdbcError *error)
{
    AdbcStatusCode status;
    int more;

    *any = 0;
    run->bound = *bound;
    bound->release = NULL;
    if (run->bound.get_schema(&run->bound, &run->bound_schema) != 0) {
        run->bound_schema.release = NULL;
        return tda_fail(error, ADBC_STATUS_INVALID_ARGUMENT, "the bound stream has no schema");
    }
    if (tdrest_stmt_new(run->conn, sql, TDREST_CSTR, &run->stmt) != TDREST_OK)
        return tda_fail_with(error, tdrest_conn_error(run->conn));
    do {
        status = query_next(run, &more, error);
        if (status != ADBC_STATUS_OK || !more)
            return status;
        if (tdrest_result_affected(run->result) >= 0)
            return count_rest(run, affected, error);
        *any = 1;
        release_schema(&run->columns);
        run->columns = run->current;
        run->current.release = NULL;
        if (run->inner.get_next(&run->inner, &run->ahead) != 0) {
            run->ahead.release = NULL;
            return tda_fail_with(error, tdrest_result_error(run->result));
        }
    } while (run->ahead.release == NULL);
    return ADBC_STATUS_OK;
}

/* ---- one result in the types of another ---- */

static int all_null(const struct ArrowArray *array)
{
    const unsigned char *valid = (const unsigned char *)array->buffers[0];

    if (valid == NULL)
        return array->length == 0;
    for (int64_t i = array->offset; i < array->offset + array->length; i++)
        if (valid[i / 8] >> i % 8 & 1)
            return 0;
    return 1;
}

/* Buffers of zeros are NULLs of any type: they share one. */
typedef struct zeros {
    const void *buffers[3];
    void *memory;
} zeros;

static void release_zeros(struct ArrowArray *array)
{
    zeros *z = (zeros *)array->private_data;

    free(z->memory);
    free(z);
    array->release = NULL;
}

/* In place of an array of NULLs. 0 when memory is out. */
static int become_nulls(struct ArrowArray *array, const char *format)
{
    const int64_t length = array->length;
    const size_t widest = 16, align = 64; /* of a value; of each buffer */
    zeros *z = (zeros *)calloc(1, sizeof *z);
    char *start;

    if (z != NULL)
        z->memory = calloc(1, ((size_t)length + 1) * widest + 2 * align);
    if (z == NULL || z->memory == NULL) {
        free(z);
        return 0;
    }
    start = (char *)z->memory + (align - (uintptr_t)z->memory % align);
    for (int i = 0; i < 3; i++)
        z->buffers[i] = start;
    release_array(array);
    memset(array, 0, sizeof *array);
    array->length = array->null_count = length;
    array->n_buffers = format[0] == 'u' || format[0] == 'z' ? 3 : 2;
    array->buffers = z->buffers;
    array->private_data = z;
    array->release = release_zeros;
    return 1;
}

static AdbcStatusCode fit(tda_run *run, const struct ArrowArray *batch)
{
    const long long row = (long long)(run->bound_before + run->bound_row);

    if (run->current.n_children != run->columns.n_children)
        return tda_fail(&run->error, ADBC_STATUS_INVALID_DATA, "bound row %lld: its result has another number of columns than that of the rows before", row);
    for (int64_t i = 0; i < batch->n_children; i++) {
        const char *is = run->current.children[i]->format, *expected = run->columns.children[i]->format;

        if (strcmp(is, expected) == 0)
            continue;
        if (!all_null(batch->children[i]))
            return tda_fail(&run->error, ADBC_STATUS_INVALID_DATA, "bound row %lld: column %s of its result has the Arrow type %s, and %s in the rows before", row,
                            run->current.children[i]->name, is, expected);
        if (!become_nulls(batch->children[i], expected))
            return tda_no_memory(&run->error);
    }
    return ADBC_STATUS_OK;
}

int tda_bound_next(tda_run *run, struct ArrowArray *out, AdbcStatusCode *status)
{
    int rc, more = 1;

    *status = ADBC_STATUS_OK;
    *out = run->ahead;
    run->ahead.release = NULL;
    while (out->release == NULL && more) {
        rc = run->inner.get_next(&run->inner, out);
        if (rc != 0)
            return rc;
        if (out->release == NULL)
            *status = query_next(run, &more, &run->error);
        if (*status != ADBC_STATUS_OK)
            return EIO;
    }
    if (out->release == NULL || run->current.release == NULL)
        return 0;
    *status = fit(run, out);
    if (*status == ADBC_STATUS_OK)
        return 0;
    release_array(out);
    return EIO;
}
