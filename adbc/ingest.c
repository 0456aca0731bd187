/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Bulk ingest: a bound stream becomes a table, or rows of one.
 *
 * Without options of ours, the target is a table without tags. With `tbname`, which names a column, each row goes to the child table that it names, of the super
 * table `using`, or else of the target; `tags` are the columns that are tags. With `using` and `tags` alone, the target is one child table, with one
 * value of each tag. A super table that is missing is made in the modes that make tables; one that is there has to have the columns.
 */
#include "adbc/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void tda_ingest_clear(tda_ingest *ingest)
{
    free(ingest->table);
    free(ingest->schema);
    free(ingest->mode);
    free(ingest->using);
    free(ingest->tags);
    free(ingest->tbname);
    free(ingest->varchar_bytes);
    memset(ingest, 0, sizeof *ingest);
}

/* ---- the options ---- */

int tda_job_one_child(const tda_job *job)
{
    return job->ingest->using != NULL && job->ingest->tbname == NULL;
}

/* Whether the list has it; blanks around names do not count. */
static int is_listed(const char *list, const char *name)
{
    const size_t len = name == NULL ? 0 : strlen(name);

    for (const char *p = list; len > 0 && p != NULL; p = strchr(p, ','), p += p != NULL) {
        p += strspn(p, " ");
        if (strncmp(p, name, len) == 0 && (p[len + strspn(p + len, " ")] == ',' || p[len + strspn(p + len, " ")] == '\0'))
            return 1;
    }
    return 0;
}

int tda_job_is_tag(const tda_job *job, int64_t index)
{
    return is_listed(job->ingest->tags, job->schema.children[index]->name);
}

int tda_job_is_tbname(const tda_job *job, int64_t index)
{
    const char *name = job->schema.children[index]->name;

    return job->ingest->tbname != NULL && name != NULL && strcmp(name, job->ingest->tbname) == 0;
}

static AdbcStatusCode check_options(const tda_job *job, int makes)
{
    const tda_ingest *ingest = job->ingest;

    if (ingest->tags != NULL && ingest->tbname == NULL && ingest->using == NULL)
        return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "tdrest.ingest.tags needs tdrest.ingest.tbname, the column that names the tables, or "
                        "tdrest.ingest.using, the super table of the target");
    if (makes && ingest->tags == NULL && (ingest->tbname != NULL || ingest->using != NULL))
        return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "a super table is made with tags; tdrest.ingest.tags has to name the columns that are");
    return ADBC_STATUS_OK;
}

/* Each name in the list, and the one column that names tables, is a column. */
static AdbcStatusCode check_columns(const tda_job *job)
{
    const char *tags = job->ingest->tags;
    int64_t listed = tags != NULL, found = 0, named = 0;

    for (const char *p = tags; p != NULL && *p != '\0'; p++)
        listed += *p == ',';
    for (int64_t i = 0; i < job->schema.n_children; i++) {
        found += tda_job_is_tag(job, i);
        named += tda_job_is_tbname(job, i);
    }
    if (found != listed)
        return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "tdrest.ingest.tags: %lld names, of which %lld are columns", (long long)listed, (long long)found);
    if (job->ingest->tbname != NULL && named != 1)
        return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "tdrest.ingest.tbname: there is no column %s", job->ingest->tbname);
    return ADBC_STATUS_OK;
}

/* `schema`.`name`. 0 when it is no name. */
static int quote(const char *schema, const char *name, char *out, size_t cap)
{
    char table[512];
    size_t needed;

    if (tdrest_quote_ident(name, TDREST_CSTR, table, sizeof table, &needed) != TDREST_OK)
        return 0;
    (void)snprintf(out, cap, "%s%s%s", schema, schema[0] != '\0' ? "." : "", table);
    return 1;
}

static AdbcStatusCode name_tables(tda_job *job)
{
    const tda_ingest *ingest = job->ingest;
    char schema[256] = "";
    size_t needed;

    if (ingest->schema != NULL && ingest->schema[0] != '\0' && tdrest_quote_ident(ingest->schema, TDREST_CSTR, schema, sizeof schema, &needed) != TDREST_OK)
        return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "adbc.ingest.target_db_schema is no name of a database");
    if (!quote(schema, ingest->table, job->table, sizeof job->table))
        return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "adbc.ingest.target_table is no name of a table");
    if (ingest->using != NULL && !quote(schema, ingest->using, job->super, sizeof job->super))
        return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "tdrest.ingest.using is no name of a super table");
    if (ingest->tbname != NULL && ingest->using == NULL)
        memcpy(job->super, job->table, sizeof job->super);
    if (ingest->tbname != NULL)
        memcpy(job->table, job->super, sizeof job->table);
    return ADBC_STATUS_OK;
}

/* ---- the whole ---- */

static AdbcStatusCode begin(tda_job *job, int makes)
{
    AdbcStatusCode status = check_options(job, makes);

    if (status == ADBC_STATUS_OK)
        status = name_tables(job);
    if (status != ADBC_STATUS_OK)
        return status;
    if (job->rest->get_schema(job->rest, &job->schema) != 0) {
        job->schema.release = NULL;
        return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "the bound stream has no schema");
    }
    status = check_columns(job);
    if (status == ADBC_STATUS_OK)
        status = tda_job_next(job);
    if (status != ADBC_STATUS_OK)
        return status;
    job->bytes = (int64_t *)calloc(2 * (size_t)job->schema.n_children + 1, sizeof *job->bytes);
    job->kept = (tda_kept *)calloc((size_t)job->schema.n_children + 1, sizeof *job->kept);
    if (job->bytes == NULL || job->kept == NULL)
        return tda_no_memory(job->error);
    (void)tda_job_measure(job);
    return ADBC_STATUS_OK;
}

/* May be there already: may_exist. */
static AdbcStatusCode make(tda_job *job, const char *sql, int may_exist)
{
    AdbcStatusCode status = tda_run_exec(job->run, sql, NULL, job->error);

    job->made = status == ADBC_STATUS_OK;
    if ((status == ADBC_STATUS_ALREADY_EXISTS && !may_exist) || status == ADBC_STATUS_NOT_FOUND)
        return tda_job_fail(job, tdrest_conn_error(job->run->conn), job->super[0] != '\0' ? job->super : job->table);
    if (status != ADBC_STATUS_ALREADY_EXISTS)
        return status;
    tda_error_forget(job->error);
    return ADBC_STATUS_OK;
}

static AdbcStatusCode make_child(tda_job *job, int may_exist)
{
    AdbcStatusCode status = tda_job_make_child(job);

    if (status != ADBC_STATUS_ALREADY_EXISTS || !may_exist)
        return status;
    tda_error_forget(job->error);
    return ADBC_STATUS_OK;
}

/* Statements are written before the first is run: what cannot be made is no reason to drop what is there. */
static AdbcStatusCode make_tables(tda_job *job, const char *mode)
{
    const int replaces = strcmp(mode, "replace") == 0, may_exist = strcmp(mode, "create_append") == 0;
    AdbcStatusCode status;
    char *create = tda_job_sql(job, TDA_CREATE, &status), *drop = create == NULL || !replaces ? NULL : tda_job_sql(job, TDA_DROP, &status);

    if (status == ADBC_STATUS_OK && drop != NULL)
        status = tda_run_exec(job->run, drop, NULL, job->error);
    if (status == ADBC_STATUS_OK)
        status = make(job, create, may_exist || tda_job_one_child(job));
    if (status == ADBC_STATUS_OK && tda_job_one_child(job) && job->next.release != NULL)
        status = make_child(job, may_exist);
    free(create);
    free(drop);
    return status;
}

static AdbcStatusCode run(tda_job *job, const char *mode, int64_t *affected)
{
    const int makes = strcmp(mode, "append") != 0;
    AdbcStatusCode status = begin(job, makes);

    if (status == ADBC_STATUS_OK && makes)
        status = make_tables(job, mode);
    if (status != ADBC_STATUS_OK || (tda_job_one_child(job) && job->next.release == NULL))
        return status; /* no row, no tags, no table */
    return tda_job_insert(job, makes && !job->made, affected);
}

AdbcStatusCode tda_ingest_run(tda_statement *statement, tda_run *running, int64_t *affected, struct AdbcError *error)
{
    const char *mode = statement->ingest.mode == NULL ? "create" : statement->ingest.mode + strlen("adbc.ingest.mode.");
    AdbcStatusCode status;
    tda_job job;

    *affected = 0;
    if (statement->bound.release == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "nothing is bound to ingest");
    memset(&job, 0, sizeof job);
    job.ingest = &statement->ingest;
    job.run = running;
    job.rest = &statement->bound;
    job.error = error;
    status = run(&job, mode, affected);
    if (job.next.release != NULL)
        job.next.release(&job.next);
    tda_job_forget_tags(&job);
    if (job.schema.release != NULL)
        job.schema.release(&job.schema);
    free(job.bytes);
    statement->ingest.ran = 1;
    return status;
}
