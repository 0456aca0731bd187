/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows of Arrow arrays through a statement. Knows no layouts. */
#include "arrow/import.h"

#include "client/stmt.h"
#include "sql/bound_array.h"

#include <string.h>

static int refuse(tdrest_stmt *stmt, const char *what)
{
    return tdri_err_set(&stmt->err, TDREST_EUSAGE, "expected %s", what);
}

/* A struct array with one field for each parameter. */
static int check(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    int params = tdrest_stmt_param_count(stmt);

    tdri_stmt_begin(stmt);
    if (schema == NULL || array == NULL || schema->release == NULL || array->release == NULL)
        return refuse(stmt, "an Arrow array with its schema, neither of them released");
    if (schema->format == NULL || strcmp(schema->format, "+s") != 0 || schema->n_children != array->n_children || array->offset < 0)
        return refuse(stmt, "an Arrow struct array: a batch of columns");
    if (schema->n_children != params)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "the Arrow batch has %lld columns; expected %d, one for each parameter", (long long)schema->n_children, params);
    for (int64_t i = 0; array->null_count != 0 && i < array->length; i++)
        if (!tdri_arrow_has_value(array, (size_t)(array->offset + i)))
            return refuse(stmt, "an Arrow struct array without NULLs of its own");
    return TDREST_OK;
}

static int import(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *array, int index, int64_t from, int64_t count,
                  tdri_arrow_column *out)
{
    const tdri_arrow_rows rows = {schema->children[index], array->children[index], array->offset + from, count, stmt->params[index].pub.column};
    const char *expected = tdri_arrow_import(&stmt->mem, &rows, out);

    if (expected == NULL)
        return TDREST_OK;
    if (out->code == TDREST_ENOMEM)
        return tdri_err_set(&stmt->err, TDREST_ENOMEM, NULL);
    return tdri_stmt_refuse(stmt, out->code, index, out->bad_row < 0 ? -1 : out->bad_row - array->offset, expected);
}

int tdrest_stmt_bind_arrow(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *array, int64_t row)
{
    int rc = check(stmt, schema, array), count = tdrest_stmt_param_count(stmt);

    if (rc == TDREST_OK && (row < 0 || row >= array->length))
        return refuse(stmt, "a row within the Arrow batch");
    for (int i = 0; rc == TDREST_OK && i < count; i++) {
        tdri_arrow_column column;
        tdri_value value = {0, 0, {0}, NULL, 0};

        rc = import(stmt, schema, array, i, row, 1, &column);
        if (rc == TDREST_OK) {
            tdri_bound_array_get(&column.pub, 0, &value);
            rc = tdri_stmt_bind(stmt, i, &value);
        }
        tdri_arrow_import_clear(&stmt->mem, &column);
    }
    return rc;
}

/* Row by row, for tags, which are a group's and not a row's. */
static int add_each(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    int rc = TDREST_OK, full = 0;

    for (int64_t row = 0; rc == TDREST_OK && row < array->length; row++) {
        rc = tdrest_stmt_bind_arrow(stmt, schema, array, row);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_add_row(stmt);
        full |= rc == TDREST_FULL;
        rc = rc == TDREST_FULL ? TDREST_OK : rc;
    }
    return rc == TDREST_OK && full ? TDREST_FULL : rc;
}

static int add_columns(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    size_t count = (size_t)schema->n_children, made = 0;
    tdri_arrow_column *columns = (tdri_arrow_column *)tdri_mem_zeroed(&stmt->mem, count, sizeof *columns);
    int rc = columns == NULL ? tdri_err_set(&stmt->err, TDREST_ENOMEM, NULL) : TDREST_OK;

    for (; rc == TDREST_OK && made < count; made++) {
        rc = import(stmt, schema, array, (int)made, 0, array->length, &columns[made]);
        if (rc == TDREST_OK)
            rc = tdrest_stmt_bind_column(stmt, (int)made, &columns[made].pub);
    }
    if (rc == TDREST_OK)
        rc = tdrest_stmt_add_row(stmt);
    for (size_t i = 0; i < made; i++) {
        tdri_arrow_import_clear(&stmt->mem, &columns[i]);
        stmt->slots[i].bound = TDRI_UNBOUND; /* what it pointed to is gone */
    }
    tdri_mem_free(&stmt->mem, columns);
    return rc;
}

int tdrest_stmt_add_arrow(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    int rc = check(stmt, schema, array), has_tags = 0;

    if (rc != TDREST_OK)
        return rc;
    if (!stmt->tpl.is_rows || schema->n_children == 0)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "not an INSERT with one row of VALUES and placeholders; tdrest_stmt_bind_arrow binds one row for any statement");
    for (int64_t i = 0; i < schema->n_children; i++)
        has_tags |= stmt->params[i].pub.role != TDREST_PARAM_VALUE;
    if (array->length == 0)
        return TDREST_OK;
    return has_tags ? add_each(stmt, schema, array) : add_columns(stmt, schema, array);
}

/* What the stream says of its failure. */
static int stream_failed(tdrest_stmt *stmt, struct ArrowArrayStream *stream, int error)
{
    const char *why = stream->get_last_error(stream);

    return tdri_err_set(&stmt->err, TDREST_EUSAGE, "the Arrow stream failed: %s (errno %d)", why == NULL ? "no message" : why, error);
}

static int add_and_run(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *batch, const tdrest_call *call, int64_t *total)
{
    int64_t affected = 0;
    int rc = tdrest_stmt_add_arrow(stmt, schema, batch);

    if (rc == TDREST_FULL) {
        rc = tdrest_stmt_run(stmt, call, &affected);
        *total += affected > 0 ? affected : 0;
    }
    return rc;
}

static int run_batches(tdrest_stmt *stmt, struct ArrowArrayStream *stream, const struct ArrowSchema *schema, const tdrest_call *call, int64_t *total)
{
    struct ArrowArray batch;
    int64_t affected = 0;
    int rc = TDREST_OK, error;

    do {
        memset(&batch, 0, sizeof batch);
        error = stream->get_next(stream, &batch);
        if (error != 0)
            return stream_failed(stmt, stream, error);
        if (batch.release == NULL)
            break;
        rc = add_and_run(stmt, schema, &batch, call, total);
        batch.release(&batch);
    } while (rc == TDREST_OK);
    if (rc == TDREST_OK && stmt->packing.row_count > 0) {
        rc = tdrest_stmt_run(stmt, call, &affected);
        *total += affected > 0 ? affected : 0;
    }
    return rc;
}

int tdrest_stmt_run_arrow(tdrest_stmt *stmt, struct ArrowArrayStream *stream, const tdrest_call *call, int64_t *affected)
{
    struct ArrowSchema schema;
    int64_t total = 0;
    int rc, error;

    if (affected != NULL)
        *affected = -1;
    tdri_stmt_begin(stmt);
    if (stream == NULL || stream->release == NULL)
        return refuse(stmt, "an Arrow stream that is not released");
    memset(&schema, 0, sizeof schema);
    error = stream->get_schema(stream, &schema);
    if (error != 0)
        return stream_failed(stmt, stream, error);
    rc = run_batches(stmt, stream, &schema, call, &total);
    schema.release(&schema);
    if (affected != NULL)
        *affected = total;
    return rc;
}
