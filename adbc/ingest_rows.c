/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A bulk ingest sends its rows: from round to round, since longer texts need longer columns first. */
#include "adbc/ingest.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the columns of a statement: all, or in a child table's those that are tags, or are none ---- */

static int is_part(const tda_job *job, int64_t index, int tags)
{
    return !tda_job_one_child(job) || tda_job_is_tag(job, index) == tags;
}

static void release_schema_part(struct ArrowSchema *schema)
{
    free(schema->private_data);
    schema->release = NULL;
}

/* The job's schema with these columns; it is valid as long as the job. */
static int schema_part(const tda_job *job, int tags, struct ArrowSchema *out)
{
    struct ArrowSchema **children = (struct ArrowSchema **)malloc(((size_t)job->schema.n_children + 1) * sizeof *children);

    if (children == NULL)
        return ENOMEM;
    *out = job->schema;
    out->children = children;
    out->private_data = children;
    out->release = release_schema_part;
    out->n_children = 0;
    for (int64_t i = 0; i < job->schema.n_children; i++)
        if (is_part(job, i, tags))
            children[out->n_children++] = job->schema.children[i];
    return 0;
}

typedef struct array_part {
    struct ArrowArray whole;
    struct ArrowArray *children[1];
} array_part;

static void release_array_part(struct ArrowArray *array)
{
    array_part *part = (array_part *)array->private_data;

    part->whole.release(&part->whole);
    free(part);
    array->release = NULL;
}

static void release_borrowed(struct ArrowArray *array)
{
    array->release = NULL;
}

/* The batch with these columns; it takes the batch. */
static int array_take_part(const tda_job *job, int tags, struct ArrowArray *whole, struct ArrowArray *out)
{
    array_part *part = (array_part *)malloc(sizeof *part + (size_t)whole->n_children * sizeof *part->children);

    if (part == NULL)
        return ENOMEM;
    part->whole = *whole;
    whole->release = NULL;
    *out = part->whole;
    out->children = part->children;
    out->private_data = part;
    out->release = release_array_part;
    out->n_children = 0;
    for (int64_t i = 0; i < part->whole.n_children; i++)
        if (is_part(job, i, tags))
            part->children[out->n_children++] = part->whole.children[i];
    return 0;
}

/* ---- the stream of a round ---- */

AdbcStatusCode tda_job_next(tda_job *job)
{
    do {
        if (job->next.release != NULL)
            job->next.release(&job->next);
        if (job->rest->get_next(job->rest, &job->next) != 0) {
            const char *why = job->rest->get_last_error(job->rest);

            job->next.release = NULL;
            return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "the bound stream failed: %s", why == NULL ? "it does not say why" : why);
        }
    } while (job->next.release != NULL && job->next.length == 0);
    return ADBC_STATUS_OK;
}

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    tda_job *job = (tda_job *)self->private_data;
    const int rc = schema_part(job, 0, out);

    job->no_memory = rc != 0;
    return rc;
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    tda_job *job = (tda_job *)self->private_data;
    struct ArrowArrayStream *rest = job->rest;
    int rc = 0;

    out->release = NULL;
    while (rc == 0 && (job->next.release == NULL || job->next.length == 0)) {
        if (job->next.release != NULL)
            job->next.release(&job->next);
        rc = rest->get_next(rest, &job->next);
        if (rc != 0)
            job->next.release = NULL;
        if (rc != 0 || job->next.release == NULL)
            return rc;
        job->paused = job->next.length > 0 && job->made && tda_job_measure(job);
        if (job->paused)
            return 0;
    }
    if (tda_job_one_child(job) && !tda_job_check_tags(job))
        return EINVAL;
    rc = array_take_part(job, 0, &job->next, out);
    job->no_memory = rc != 0;
    return rc;
}

static const char *get_last_error(struct ArrowArrayStream *self)
{
    const tda_job *job = (const tda_job *)self->private_data;

    return job->no_memory ? "out of memory" : job->refusal[0] != '\0' ? job->refusal : job->rest->get_last_error(job->rest);
}

/* What it stands for is the job's. */
static void release(struct ArrowArrayStream *self)
{
    self->release = NULL;
}

/* ---- the table that is there ---- */

/* Types that have values in common have the same letter. */
static char kind_of(int type)
{
    switch (type) {
    case TDREST_TYPE_BOOL: return 'b';
    case TDREST_TYPE_TIMESTAMP: return 't';
    case TDREST_TYPE_VARCHAR: case TDREST_TYPE_NCHAR: case TDREST_TYPE_JSON: case TDREST_TYPE_VARBINARY: case TDREST_TYPE_GEOMETRY: case TDREST_TYPE_BLOB: return 'u';
    default: return 'g';
    }
}

/* Whether a column of that type is what would have been made for the field; not exact: whether it may take a value of it. */
static int fits(const struct ArrowSchema *field, int type, int exact)
{
    static const struct { char format; int type; } types[] = {
        {'b', TDREST_TYPE_BOOL}, {'c', TDREST_TYPE_TINYINT}, {'s', TDREST_TYPE_SMALLINT}, {'i', TDREST_TYPE_INT}, {'l', TDREST_TYPE_BIGINT},
        {'C', TDREST_TYPE_UTINYINT}, {'S', TDREST_TYPE_USMALLINT}, {'I', TDREST_TYPE_UINT}, {'L', TDREST_TYPE_UBIGINT}, {'e', TDREST_TYPE_FLOAT}, {'f', TDREST_TYPE_FLOAT},
        {'g', TDREST_TYPE_DOUBLE}, {'t', TDREST_TYPE_TIMESTAMP}, {'d', TDREST_TYPE_DECIMAL},
    };
    const char *format = tda_field_format(field);

    if (!exact && type == TDREST_TYPE_UNKNOWN)
        return 1;
    if (tda_field_has_length(field))
        return kind_of(type) == 'u' || (!exact && type == TDREST_TYPE_DECIMAL);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].format == format[0])
            return exact ? type == types[i].type : kind_of(type) == kind_of(types[i].type);
    return 1; /* NULL goes into any; what nothing takes has an error of its own */
}

/* Before a row is sent: a table of another shape is not the one that was meant. */
static AdbcStatusCode compare(const tda_job *job, const tdrest_stmt *stmt, int exact)
{
    int at = 0;

    for (int64_t i = 0; i < job->schema.n_children; i++) {
        const tdrest_param *param = is_part(job, i, 0) ? tdrest_stmt_param(stmt, at++) : NULL;

        if (param != NULL && param->column != NULL && !tda_job_is_tbname(job, i) && !fits(job->schema.children[i], param->column->type, exact))
            return tda_fail(job->error, ADBC_STATUS_ALREADY_EXISTS, "the table exists with another type for column %s: %s", job->schema.children[i]->name,
                            param->column->type_name);
    }
    return ADBC_STATUS_OK;
}

AdbcStatusCode tda_job_fail(const tda_job *job, const tdrest_error *record, const char *table)
{
    const AdbcStatusCode status = tda_fail_with(job->error, record);

    if (record->code != TDREST_ESERVER || (status != ADBC_STATUS_ALREADY_EXISTS && status != ADBC_STATUS_NOT_FOUND))
        return status;
    return tda_fail_more(job->error, record, ": %s", table);
}

/* ---- rounds ---- */

static AdbcStatusCode describe(const tda_job *job, tdrest_stmt *stmt, int must_match, const tdrest_call *call)
{
    AdbcStatusCode status;

    if (tdrest_stmt_describe(stmt, call) == TDREST_OK)
        return job->made ? ADBC_STATUS_OK : compare(job, stmt, must_match);
    status = tda_job_fail(job, tdrest_stmt_error(stmt), job->table);
    return tdrest_stmt_error(stmt)->code == TDREST_EBIND ? ADBC_STATUS_ALREADY_EXISTS : status; /* a column that the table has not */
}

/* A statement of the job, to bind to. */
static AdbcStatusCode open_statement(tda_job *job, enum tda_text which, tdrest_stmt **out)
{
    AdbcStatusCode status;
    char *sql = tda_job_sql(job, which, &status);
    int rc;

    if (sql == NULL)
        return status;
    rc = tdrest_stmt_new(job->run->conn, sql, TDREST_CSTR, out);
    free(sql);
    return rc == TDREST_OK ? ADBC_STATUS_OK : tda_fail_with(job->error, tdrest_conn_error(job->run->conn));
}

/* What ended a round, and how many rows of this ingest went before. */
static AdbcStatusCode fail_round(const tda_job *job, const tdrest_stmt *stmt, int64_t affected)
{
    if (job->no_memory)
        return tda_no_memory(job->error);
    if (job->refusal[0] != '\0')
        return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "%s (%lld rows were written)", job->refusal, (long long)affected);
    return tda_fail_more(job->error, tdrest_stmt_error(stmt), " (%lld rows were written)", (long long)affected);
}

/* The rows up to a batch with longer texts, or to the end. */
static AdbcStatusCode send_round(tda_job *job, int must_match, int64_t *affected)
{
    struct ArrowArrayStream round = {get_schema, get_next, get_last_error, release, job};
    tdrest_call call = tda_run_call(job->run);
    AdbcStatusCode status;
    tdrest_stmt *stmt;
    int64_t sent = 0;
    int rc = TDREST_OK;

    status = open_statement(job, TDA_INSERT, &stmt);
    if (status != ADBC_STATUS_OK)
        return status;
    status = describe(job, stmt, must_match, &call);
    if (status == ADBC_STATUS_OK && tda_run_was_cancelled(job->run)) /* before the run begins, which has the library's own look for it */
        status = tda_run_cancelled(job->error);
    if (status == ADBC_STATUS_OK)
        rc = tdrest_stmt_bind_stream(stmt, &round);
    if (status == ADBC_STATUS_OK && rc == TDREST_OK)
        rc = tdrest_stmt_run(stmt, &call, &sent);
    *affected += sent > 0 ? sent : 0;
    if (rc != TDREST_OK)
        status = fail_round(job, stmt, *affected);
    tdrest_stmt_free(stmt);
    return status;
}

/* The columns that were measured longer than the table has them. */
static AdbcStatusCode make_longer(tda_job *job)
{
    int64_t *had = job->bytes + job->schema.n_children;
    AdbcStatusCode status = ADBC_STATUS_OK;

    for (int64_t i = 0; status == ADBC_STATUS_OK && i < job->schema.n_children; i++) {
        char *sql = job->bytes[i] > had[i] ? tda_job_sql_longer(job, i, &status) : NULL;

        if (sql != NULL)
            status = tda_run_exec(job->run, sql, NULL, job->error);
        free(sql);
        had[i] = job->bytes[i];
    }
    return status;
}

AdbcStatusCode tda_job_insert(tda_job *job, int must_match, int64_t *affected)
{
    AdbcStatusCode status;

    memcpy(job->bytes + job->schema.n_children, job->bytes, (size_t)job->schema.n_children * sizeof *job->bytes);
    do {
        job->paused = 0;
        status = send_round(job, must_match, affected);
        if (status == ADBC_STATUS_OK && job->paused)
            status = make_longer(job);
    } while (status == ADBC_STATUS_OK && job->paused);
    return status;
}

AdbcStatusCode tda_job_make_child(tda_job *job)
{
    tdrest_call call = tda_run_call(job->run);
    struct ArrowArray borrowed = job->next, row;
    struct ArrowSchema tags;
    AdbcStatusCode status;
    tdrest_stmt *stmt;

    status = open_statement(job, TDA_CREATE_CHILD, &stmt);
    if (status != ADBC_STATUS_OK)
        return status;
    borrowed.release = release_borrowed;
    borrowed.length = 1;
    if (schema_part(job, 1, &tags) != 0) {
        status = tda_no_memory(job->error);
    } else if (array_take_part(job, 1, &borrowed, &row) != 0) {
        tags.release(&tags);
        status = tda_no_memory(job->error);
    } else {
        if (tdrest_stmt_bind_arrow(stmt, &tags, &row) != TDREST_OK || tdrest_stmt_run(stmt, &call, NULL) != TDREST_OK)
            status = tda_job_fail(job, tdrest_stmt_error(stmt), job->table);
        row.release(&row);
        tags.release(&tags);
    }
    tdrest_stmt_free(stmt);
    return status;
}
