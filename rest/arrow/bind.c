/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow batches and streams bound to a statement. Knows no layouts. */
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

    if (tdri_stmt_open(stmt) != TDREST_OK)
        return stmt->err.code;
    if (schema == NULL || array == NULL || schema->release == NULL || array->release == NULL)
        return refuse(stmt, "an Arrow array with its schema, neither of them released");
    if (schema->format == NULL || strcmp(schema->format, "+s") != 0 || schema->n_children != array->n_children || array->offset < 0)
        return refuse(stmt, "an Arrow struct array: a batch of columns");
    if (schema->n_children != params)
        return tdri_err_set(&stmt->err, TDREST_EUSAGE, "number of columns in the Arrow batch: %lld; expected %d, one for each parameter", (long long)schema->n_children, params);
    for (int64_t i = 0; array->null_count != 0 && i < array->length; i++)
        if (!tdri_arrow_has_value(array, (size_t)(array->offset + i)))
            return refuse(stmt, "an Arrow struct array without NULLs of its own");
    return TDREST_OK;
}

static int import(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *array, int index, tdri_arrow_column *out)
{
    const tdri_arrow_rows rows = {schema->children[index], array->children[index], array->offset, array->length, stmt->params[index].pub.column};
    const char *expected = tdri_arrow_import(&stmt->mem, &rows, out);

    if (expected == NULL)
        return TDREST_OK;
    if (out->code == TDREST_ENOMEM)
        return tdri_err_set(&stmt->err, TDREST_ENOMEM, NULL);
    return tdri_stmt_refuse(stmt, out->code, index, out->bad_row < 0 ? -1 : tdri_stmt_row(stmt) + out->bad_row - array->offset, expected);
}

/* The first of a column's rows, as a value. */
static int bind_first(tdrest_stmt *stmt, int index, const tdrest_column *column)
{
    tdri_value value = {TDREST_TYPE_UNKNOWN, 0, {0}, NULL, 0};

    if (column->count > 0)
        tdri_bound_array_get(column, 0, &value);
    return tdri_stmt_bind(stmt, index, &value);
}

static int is_same(const tdri_value *a, const tdri_value *b)
{
    if (a->type != b->type || a->len != b->len)
        return 0;
    return a->bytes != NULL ? memcmp(a->bytes, b->bytes, a->len) == 0 : memcmp(&a->as, &b->as, sizeof a->as) == 0;
}

/* A tag is the same in all rows. */
static int bind_tag(tdrest_stmt *stmt, int index, const tdrest_column *column)
{
    tdri_value first = {TDREST_TYPE_UNKNOWN, 0, {0}, NULL, 0}, other = first;

    for (int64_t row = 0; row < column->count; row++) {
        tdri_bound_array_get(column, (size_t)row, row == 0 ? &first : &other);
        if (row > 0 && !is_same(&first, &other))
            return tdri_stmt_refuse(stmt, TDREST_EBIND, index, tdri_stmt_row(stmt) + row, "the tag of the batch's first row: a tag is the same in all rows of a table");
    }
    return bind_first(stmt, index, column);
}

static int bind_field(tdrest_stmt *stmt, int index, const tdrest_column *column)
{
    if (stmt->params[index].pub.role == TDREST_PARAM_TAG)
        return bind_tag(stmt, index, column);
    return !stmt->tpl.is_rows && column->count == 1 ? bind_first(stmt, index, column) : tdrest_stmt_bind_column(stmt, index, column);
}

/* What a batch is bound by: columns that are Arrow's own arrays where they can be, else converted. */
typedef struct held_columns {
    int count;
    tdri_arrow_column columns[];
} held_columns;

static void let_go_columns(const tdrest_allocator *mem, void *held)
{
    held_columns *columns = (held_columns *)held;

    for (int i = 0; i < columns->count; i++)
        tdri_arrow_import_clear(mem, &columns->columns[i]);
    tdri_mem_free(mem, columns);
}

/* The columns of a batch that was checked, to *held, which the caller lets go in any case. */
static int bind_columns(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *array, held_columns **held)
{
    int rc = TDREST_OK, count = tdrest_stmt_param_count(stmt);

    *held = (held_columns *)tdri_mem_zeroed(&stmt->mem, 1, sizeof **held + (size_t)count * sizeof (*held)->columns[0]);
    if (*held == NULL)
        return tdri_err_set(&stmt->err, TDREST_ENOMEM, NULL);
    while (rc == TDREST_OK && (*held)->count < count) {
        int index = (*held)->count++;

        rc = import(stmt, schema, array, index, &(*held)->columns[index]);
        if (rc == TDREST_OK)
            rc = bind_field(stmt, index, &(*held)->columns[index].pub);
    }
    return rc;
}

int tdrest_stmt_bind_arrow(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    int rc = check(stmt, schema, array);
    tdri_stmt_source source = {NULL, let_go_columns, NULL, NULL, 0};
    held_columns *held;

    if (rc != TDREST_OK)
        return rc;
    tdri_stmt_set_source(stmt, NULL);
    rc = bind_columns(stmt, schema, array, &held);
    source.held = held;
    stmt->source = source;
    if (rc != TDREST_OK)
        tdri_stmt_set_source(stmt, NULL);
    return rc;
}

/* ---- streams ---- */

/* What the stream says of its failure. */
static int stream_failed(tdrest_stmt *stmt, struct ArrowArrayStream *stream, int error)
{
    const char *why = stream->get_last_error(stream);

    return tdri_err_set(&stmt->err, TDREST_EUSAGE, "the Arrow stream failed: %s (errno %d)", why == NULL ? "no message" : why, error);
}

/* Runs what is bound or held; the rows that the server counted are added to *total, or it is -1 when it does not count them. */
static int run_and_count(tdrest_stmt *stmt, const tdrest_call *call, int64_t *total)
{
    int64_t affected = 0, rows = (int64_t)stmt->packing.row_count;
    int rc = tdrest_stmt_run(stmt, call, &affected);

    if (rc == TDREST_OK)
        stmt->rows_sent += rows;
    if (rc == TDREST_OK || affected > 0)
        *total = *total < 0 || affected < 0 ? -1 : *total + affected;
    return rc;
}

static int add_batch(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *batch, const tdrest_call *call, int64_t *total)
{
    int rc = tdrest_stmt_bind_arrow(stmt, schema, batch);

    if (rc == TDREST_OK)
        rc = tdrest_stmt_add_row(stmt);
    return rc == TDREST_FULL ? run_and_count(stmt, call, total) : rc;
}

/* What is no INSERT of rows runs once per row. */
static int run_each(tdrest_stmt *stmt, const struct ArrowSchema *schema, const struct ArrowArray *batch, const tdrest_call *call, int64_t *total)
{
    struct ArrowArray one = *batch;
    int rc = TDREST_OK;

    one.length = 1;
    for (int64_t row = 0; rc == TDREST_OK && row < batch->length; row++) {
        one.offset = batch->offset + row;
        rc = tdrest_stmt_bind_arrow(stmt, schema, &one);
        if (rc == TDREST_OK)
            rc = run_and_count(stmt, call, total);
        stmt->rows_sent++;
    }
    return rc;
}

static int run_batches(tdrest_stmt *stmt, struct ArrowArrayStream *stream, const struct ArrowSchema *schema, const tdrest_call *call, int64_t *total)
{
    struct ArrowArray batch;
    int rc = TDREST_OK, error;

    do {
        memset(&batch, 0, sizeof batch);
        error = stream->get_next(stream, &batch);
        if (error != 0)
            return stream_failed(stmt, stream, error);
        if (batch.release == NULL)
            break;
        rc = (stmt->tpl.is_rows ? add_batch : run_each)(stmt, schema, &batch, call, total);
        tdri_stmt_set_source(stmt, NULL);
        batch.release(&batch);
    } while (rc == TDREST_OK);
    return rc == TDREST_OK && stmt->packing.row_count > 0 ? run_and_count(stmt, call, total) : rc;
}

/* A stream that is bound; of a writer's statement, with the batch whose rows are bound. */
typedef struct held_stream {
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;
    held_columns *columns;
} held_stream;

static int run_stream(tdrest_stmt *stmt, void *held, const tdrest_call *call, int64_t *affected)
{
    held_stream *s = (held_stream *)held;
    int error;

    *affected = 0;
    error = s->stream.get_schema(&s->stream, &s->schema);
    if (error != 0)
        return stream_failed(stmt, &s->stream, error);
    return run_batches(stmt, &s->stream, &s->schema, call, affected);
}

static void let_go_batch(const tdrest_allocator *mem, held_stream *s)
{
    if (s->columns != NULL)
        let_go_columns(mem, s->columns);
    s->columns = NULL;
    if (s->batch.release != NULL)
        s->batch.release(&s->batch);
    memset(&s->batch, 0, sizeof s->batch);
}

static void let_go_stream(const tdrest_allocator *mem, void *held)
{
    held_stream *s = (held_stream *)held;

    let_go_batch(mem, s);
    if (s->schema.release != NULL)
        s->schema.release(&s->schema);
    s->stream.release(&s->stream);
    tdri_mem_free(mem, s);
}

/* The next batch that has rows: its length, 0 at the end, or an error in the record. */
static int64_t read_batch(tdrest_stmt *stmt, held_stream *s)
{
    int error = 0;

    if (s->schema.release == NULL)
        error = s->stream.get_schema(&s->stream, &s->schema);
    while (error == 0) {
        let_go_batch(&stmt->mem, s);
        error = s->stream.get_next(&s->stream, &s->batch);
        if (error == 0 && (s->batch.release == NULL || s->batch.length > 0))
            return s->batch.release == NULL ? 0 : s->batch.length;
    }
    return stream_failed(stmt, &s->stream, error);
}

/* As the stream's, beside which nothing else can be bound. */
static int bind_from(tdrest_stmt *stmt, held_stream *s)
{
    const tdri_stmt_source source = stmt->source;
    int rc;

    memset(&stmt->source, 0, sizeof stmt->source);
    rc = bind_columns(stmt, &s->schema, &s->batch, &s->columns);
    stmt->source = source;
    return rc;
}

static int next_batch(tdrest_stmt *stmt, void *held)
{
    held_stream *s = (held_stream *)held;
    int64_t length, before = s->batch.length;
    int rc;

    length = read_batch(stmt, s);
    if (length <= 0)
        return length == 0 ? TDREST_DONE : (int)length;
    rc = check(stmt, &s->schema, &s->batch);
    stmt->rows_sent += before;
    if (rc == TDREST_OK)
        rc = bind_from(stmt, s);
    return rc == TDREST_OK ? TDREST_ROW : rc;
}

int tdrest_stmt_bind_stream(tdrest_stmt *stmt, struct ArrowArrayStream *stream)
{
    tdri_stmt_source source = {NULL, let_go_stream, stmt->lent == TDRI_STMT_OWN ? run_stream : NULL, stmt->lent == TDRI_STMT_OWN ? NULL : next_batch, 0};
    int rc = tdri_stmt_open(stmt);
    held_stream *held;

    if (rc != TDREST_OK)
        return rc;
    if (stream == NULL || stream->release == NULL)
        return refuse(stmt, "an Arrow stream that is not released");
    held = (held_stream *)tdri_mem_zeroed(&stmt->mem, 1, sizeof *held);
    if (held == NULL)
        return tdri_err_set(&stmt->err, TDREST_ENOMEM, NULL);
    held->stream = *stream;
    stream->release = NULL;
    source.held = held;
    tdri_stmt_set_source(stmt, &source);
    return TDREST_OK;
}
