/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The statements of a bulk ingest. */
#include "adbc/ingest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A name in backquotes. 0 when it is none. */
static int put_name(const char *name, FILE *out)
{
    char quoted[512];
    size_t needed;

    return name != NULL && tdrest_quote_ident(name, TDREST_CSTR, quoted, sizeof quoted, &needed) == TDREST_OK && fprintf(out, "%s", quoted) > 0;
}

static AdbcStatusCode put_column_name(const tda_job *job, int64_t index, FILE *out)
{
    return put_name(job->schema.children[index]->name, out)
               ? ADBC_STATUS_OK
               : tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "column %lld: no name that a column can have", (long long)index);
}

/* The column's type as SQL. 0: there is none. */
static int put_type(const tda_job *job, int64_t index, FILE *out)
{
    static const struct { char format; const char *name; } types[] = {
        {'b', "BOOL"}, {'c', "TINYINT"}, {'s', "SMALLINT"}, {'i', "INT"}, {'l', "BIGINT"}, {'C', "TINYINT UNSIGNED"}, {'S', "SMALLINT UNSIGNED"},
        {'I', "INT UNSIGNED"}, {'L', "BIGINT UNSIGNED"}, {'e', "FLOAT"}, {'f', "FLOAT"}, {'g', "DOUBLE"},
    };
    const struct ArrowSchema *field = job->schema.children[index];
    const char *format = tda_field_format(field);
    int precision, scale, bits = 128;

    if (tda_field_is_time(field))
        return fprintf(out, "TIMESTAMP") > 0;
    if (tda_field_has_length(field))
        return fprintf(out, "%s(%lld)", strchr("uU", format[format[0] == 'v']) != NULL ? "VARCHAR" : "VARBINARY", (long long)job->bytes[index]) > 0;
    if (sscanf(format, "d:%d,%d,%d", &precision, &scale, &bits) >= 2)
        return bits <= 128 && precision <= 38 && scale >= 0 && fprintf(out, "DECIMAL(%d,%d)", precision, scale) > 0;
    for (size_t i = 0; format[1] == '\0' && i < sizeof types / sizeof *types; i++)
        if (types[i].format == format[0])
            return fprintf(out, "%s", types[i].name) > 0;
    return 0;
}

/* `name` TYPE, with a comma in front of it but for the first. */
static AdbcStatusCode put_column(const tda_job *job, int64_t index, int *count, FILE *out)
{
    const struct ArrowSchema *field = job->schema.children[index];
    AdbcStatusCode status;

    if ((*count)++ > 0)
        fprintf(out, ", ");
    status = put_column_name(job, index, out);
    if (status != ADBC_STATUS_OK)
        return status;
    fprintf(out, " ");
    if (!put_type(job, index, out))
        return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "column %s: its Arrow type, %s, tells no type for a new column", field->name, field->format);
    return ADBC_STATUS_OK;
}

/* The columns of a new table, the key first, or its tags. */
static AdbcStatusCode put_columns(const tda_job *job, int tags, FILE *out)
{
    AdbcStatusCode status = ADBC_STATUS_OK;
    int64_t key = -1;
    int count = 0;

    for (int64_t i = 0; !tags && key < 0 && i < job->schema.n_children; i++)
        if (tda_field_is_time(job->schema.children[i]) && !tda_job_is_tag(job, i))
            key = i;
    if (!tags && key < 0)
        return tda_fail(job->error, ADBC_STATUS_INVALID_ARGUMENT, "no column is a timestamp; a table needs one as its key");
    if (!tags)
        status = put_column(job, key, &count, out);
    for (int64_t i = 0; status == ADBC_STATUS_OK && i < job->schema.n_children; i++)
        if (i != key && !tda_job_is_tbname(job, i) && tda_job_is_tag(job, i) == tags)
            status = put_column(job, i, &count, out);
    return status;
}

static AdbcStatusCode put_create(const tda_job *job, FILE *out)
{
    const int is_super = job->super[0] != '\0';
    AdbcStatusCode status;

    fprintf(out, "CREATE %s %s (", is_super ? "STABLE" : "TABLE", is_super ? job->super : job->table);
    status = put_columns(job, 0, out);
    if (status == ADBC_STATUS_OK && is_super) {
        fprintf(out, ") TAGS (");
        status = put_columns(job, 1, out);
    }
    fprintf(out, ")");
    return status;
}

/* The names of the columns that are tags, or not, and as many placeholders. */
static AdbcStatusCode put_names(const tda_job *job, int tags, const char *between, FILE *out)
{
    AdbcStatusCode status = ADBC_STATUS_OK;
    int count = 0;

    fprintf(out, " (");
    for (int64_t i = 0; status == ADBC_STATUS_OK && i < job->schema.n_children; i++) {
        if (tda_job_one_child(job) && tda_job_is_tag(job, i) != tags)
            continue;
        if (count++ > 0)
            fprintf(out, ", ");
        if (tda_job_is_tbname(job, i))
            fprintf(out, "tbname");
        else
            status = put_column_name(job, i, out);
    }
    fprintf(out, ") %s (", between);
    for (int i = 0; i < count; i++)
        fprintf(out, i > 0 ? ", ?" : "?");
    fprintf(out, ")");
    return status;
}

static AdbcStatusCode put(const tda_job *job, enum tda_text which, FILE *out)
{
    const int drops_super = job->super[0] != '\0' && !tda_job_one_child(job);

    switch (which) {
    case TDA_DROP:
        fprintf(out, "DROP %s IF EXISTS %s", drops_super ? "STABLE" : "TABLE", drops_super ? job->super : job->table);
        return ADBC_STATUS_OK;
    case TDA_CREATE:
        return put_create(job, out);
    case TDA_CREATE_CHILD:
        fprintf(out, "CREATE TABLE %s USING %s", job->table, job->super);
        return put_names(job, 1, "TAGS", out);
    default:
        fprintf(out, "INSERT INTO %s", job->table);
        return put_names(job, 0, "VALUES", out);
    }
}

/* A text that is being written; *text is its memory. NULL with the error. */
static FILE *open_text(const tda_job *job, char **text, size_t *len, AdbcStatusCode *status)
{
    FILE *out = open_memstream(text, len);

    *status = out == NULL ? tda_no_memory(job->error) : ADBC_STATUS_OK;
    return out;
}

static char *close_text(const tda_job *job, FILE *out, char *const *text, AdbcStatusCode *status)
{
    const int failed = ferror(out) | (fclose(out) != 0);

    if (failed && *status == ADBC_STATUS_OK)
        *status = tda_no_memory(job->error);
    if (*status == ADBC_STATUS_OK)
        return *text;
    free(*text);
    return NULL;
}

char *tda_job_sql(const tda_job *job, enum tda_text which, AdbcStatusCode *status)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_text(job, &text, &len, status);

    if (out == NULL)
        return NULL;
    *status = put(job, which, out);
    return close_text(job, out, &text, status);
}

char *tda_job_sql_longer(const tda_job *job, int64_t index, AdbcStatusCode *status)
{
    int count = 0;
    char *text = NULL;
    size_t len;
    FILE *out = open_text(job, &text, &len, status);

    if (out == NULL)
        return NULL;
    fprintf(out, "ALTER TABLE %s MODIFY %s ", job->super[0] != '\0' ? job->super : job->table, tda_job_is_tag(job, index) ? "TAG" : "COLUMN");
    *status = put_column(job, index, &count, out);
    return close_text(job, out, &text, status);
}
