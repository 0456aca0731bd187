/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Bulk ingest: a bound stream becomes a table, or rows of one. */
#include "adbc/driver.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MIN = 64, TEXT_MAX = 65517, NAME = 900, AHEAD = 64 };

void tda_ingest_clear(tda_ingest *ingest)
{
    free(ingest->table);
    free(ingest->schema);
    free(ingest->mode);
    free(ingest->tags);
    free(ingest->tbname);
    memset(ingest, 0, sizeof *ingest);
}

/* What is at work: the stream's schema and its first batches, which tell how long texts are. */
typedef struct job {
    const tda_ingest *ingest;
    tda_run *run;
    struct ArrowSchema schema;
    struct ArrowArray ahead[AHEAD];
    int read, used;        /* of those */
    struct ArrowArrayStream *rest;
    char name[NAME];       /* of the table, quoted */
    struct AdbcError *error;
} job;

/* ---- the stream with its first batches in front again ---- */

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    job *j = (job *)self->private_data;

    *out = j->schema;
    j->schema.release = NULL;
    return 0;
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    job *j = (job *)self->private_data;

    if (j->used == j->read)
        return j->rest->get_next(j->rest, out);
    *out = j->ahead[j->used++];
    return 0;
}

static const char *get_last_error(struct ArrowArrayStream *self)
{
    const job *j = (const job *)self->private_data;

    return j->rest->get_last_error(j->rest);
}

/* What it stands for is the job's. */
static void release(struct ArrowArrayStream *self)
{
    self->release = NULL;
}

/* ---- types ---- */

static int is_listed(const char *list, const char *name)
{
    size_t len = strlen(name);

    for (const char *p = list; p != NULL; p = strchr(p, ','), p += p != NULL)
        if (strncmp(p, name, len) == 0 && (p[len] == ',' || p[len] == '\0'))
            return 1;
    return 0;
}

static int is_time(const struct ArrowSchema *field)
{
    return strncmp(field->format, "ts", 2) == 0 || strncmp(field->format, "td", 2) == 0;
}

/* The longest text among the rows of an array. */
static int64_t longest(const char *format, const struct ArrowArray *array)
{
    int64_t most = 0;
    int large = format[0] == 'U' || format[0] == 'Z', view = format[0] == 'v';

    if (format[0] == 'w')
        return strtoll(format + 2, NULL, 10);
    for (int64_t i = array->offset; array->buffers[1] != NULL && i < array->offset + array->length; i++) {
        const int32_t *narrow = (const int32_t *)array->buffers[1];
        const int64_t *wide = (const int64_t *)array->buffers[1];
        int64_t len = view ? narrow[4 * i] : large ? wide[i + 1] - wide[i] : narrow[i + 1] - narrow[i];

        most = len > most ? len : most;
    }
    return most;
}

static int64_t text_bytes(const job *j, int64_t index, const char *format)
{
    int64_t bytes = TEXT_MIN;

    if (j->ingest->varchar_bytes > 0)
        return j->ingest->varchar_bytes;
    for (int i = 0; i < j->read; i++) {
        const struct ArrowArray *array = j->ahead[i].children[index];
        int64_t most = longest(format, array->dictionary != NULL ? array->dictionary : array);

        while (bytes < most)
            bytes *= 2;
    }
    return bytes > TEXT_MAX ? TEXT_MAX : bytes;
}

/* The column's type as SQL. 0: there is none. */
static int put_type(const job *j, int64_t index, FILE *out)
{
    static const struct { char format; const char *name; } types[] = {
        {'b', "BOOL"}, {'c', "TINYINT"}, {'s', "SMALLINT"}, {'i', "INT"}, {'l', "BIGINT"}, {'C', "TINYINT UNSIGNED"}, {'S', "SMALLINT UNSIGNED"},
        {'I', "INT UNSIGNED"}, {'L', "BIGINT UNSIGNED"}, {'f', "FLOAT"}, {'g', "DOUBLE"},
    };
    const struct ArrowSchema *field = j->schema.children[index];
    const char *format = field->dictionary != NULL ? field->dictionary->format : field->format;
    int precision, scale;

    if (is_time(field))
        return fprintf(out, "TIMESTAMP") > 0;
    if (format[0] == 'u' || format[0] == 'U' || strcmp(format, "vu") == 0)
        return fprintf(out, "VARCHAR(%lld)", (long long)text_bytes(j, index, format)) > 0;
    if (format[0] == 'z' || format[0] == 'Z' || format[0] == 'w' || strcmp(format, "vz") == 0)
        return fprintf(out, "VARBINARY(%lld)", (long long)text_bytes(j, index, format)) > 0;
    if (sscanf(format, "d:%d,%d", &precision, &scale) == 2)
        return fprintf(out, "DECIMAL(%d,%d)", precision, scale) > 0;
    for (size_t i = 0; format[1] == '\0' && i < sizeof types / sizeof *types; i++)
        if (types[i].format == format[0])
            return fprintf(out, "%s", types[i].name) > 0;
    return 0;
}

/* ---- statements ---- */

/* A name in backquotes. 0 when it is none. */
static int put_name(const char *name, FILE *out)
{
    char quoted[512];
    size_t needed;

    return tdrest_quote_ident(name, TDREST_CSTR, quoted, sizeof quoted, &needed) == TDREST_OK && fprintf(out, "%s", quoted) > 0;
}

static int is_tag(const job *j, int64_t index)
{
    return is_listed(j->ingest->tags, j->schema.children[index]->name);
}

static int is_tbname(const job *j, int64_t index)
{
    return j->ingest->tbname != NULL && strcmp(j->schema.children[index]->name, j->ingest->tbname) == 0;
}

/* `name` TYPE, with a comma in front of it but for the first. */
static AdbcStatusCode put_column(const job *j, int64_t index, int *count, FILE *out)
{
    const struct ArrowSchema *field = j->schema.children[index];

    if ((*count)++ > 0)
        fprintf(out, ", ");
    if (!put_name(field->name, out))
        return tda_fail(j->error, ADBC_STATUS_INVALID_ARGUMENT, "column %lld: no name that a column can have", (long long)index);
    fprintf(out, " ");
    if (!put_type(j, index, out))
        return tda_fail(j->error, ADBC_STATUS_INVALID_ARGUMENT, "column %s: its Arrow type, %s, tells no type for a new column", field->name, field->format);
    return ADBC_STATUS_OK;
}

/* The columns of a new table, the key first, or its tags. */
static AdbcStatusCode put_columns(const job *j, int tags, FILE *out)
{
    AdbcStatusCode status = ADBC_STATUS_OK;
    int64_t key = -1;
    int count = 0;

    for (int64_t i = 0; !tags && key < 0 && i < j->schema.n_children; i++)
        if (is_time(j->schema.children[i]) && !is_tag(j, i))
            key = i;
    if (!tags && key < 0)
        return tda_fail(j->error, ADBC_STATUS_INVALID_ARGUMENT, "no column is a timestamp; a table needs one as its key");
    if (!tags)
        status = put_column(j, key, &count, out);
    for (int64_t i = 0; status == ADBC_STATUS_OK && i < j->schema.n_children; i++)
        if (i != key && !is_tbname(j, i) && is_tag(j, i) == tags)
            status = put_column(j, i, &count, out);
    return status;
}

static AdbcStatusCode put_create(const job *j, int if_not_exists, FILE *out)
{
    AdbcStatusCode status;

    fprintf(out, "CREATE %s %s%s (", j->ingest->tags != NULL ? "STABLE" : "TABLE", if_not_exists ? "IF NOT EXISTS " : "", j->name);
    status = put_columns(j, 0, out);
    if (status == ADBC_STATUS_OK && j->ingest->tags != NULL) {
        fprintf(out, ") TAGS (");
        status = put_columns(j, 1, out);
    }
    fprintf(out, ")");
    return status;
}

static AdbcStatusCode put_insert(const job *j, FILE *out)
{
    fprintf(out, "INSERT INTO %s (", j->name);
    for (int64_t i = 0; i < j->schema.n_children; i++) {
        if (i > 0)
            fprintf(out, ", ");
        if (is_tbname(j, i))
            fprintf(out, "tbname");
        else if (!put_name(j->schema.children[i]->name, out))
            return tda_fail(j->error, ADBC_STATUS_INVALID_ARGUMENT, "column %lld: no name that a column can have", (long long)i);
    }
    fprintf(out, ") VALUES (");
    for (int64_t i = 0; i < j->schema.n_children; i++)
        fprintf(out, i > 0 ? ", ?" : "?");
    fprintf(out, ")");
    return ADBC_STATUS_OK;
}

enum text { DROP, CREATE, CREATE_MISSING, INSERT };

/* The text of a statement, to be freed; NULL with the error. */
static char *make_sql(const job *j, enum text which, AdbcStatusCode *status)
{
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    if (out == NULL) {
        *status = tda_no_memory(j->error);
        return NULL;
    }
    if (which == DROP)
        *status = fprintf(out, "DROP %s IF EXISTS %s", j->ingest->tags != NULL ? "STABLE" : "TABLE", j->name) > 0 ? ADBC_STATUS_OK : ADBC_STATUS_INTERNAL;
    else
        *status = which == INSERT ? put_insert(j, out) : put_create(j, which == CREATE_MISSING, out);
    if (fclose(out) != 0 && *status == ADBC_STATUS_OK)
        *status = tda_no_memory(j->error);
    if (*status == ADBC_STATUS_OK)
        return text;
    free(text);
    return NULL;
}

static AdbcStatusCode run_sql(const job *j, enum text which)
{
    AdbcStatusCode status;
    char *sql = make_sql(j, which, &status);

    if (sql == NULL)
        return status;
    status = tda_run_exec(j->run, sql, NULL, j->error);
    free(sql);
    return status;
}

/* ---- the table that is there ---- */

static int fits(const struct ArrowSchema *field, const tdrest_column *column)
{
    static const struct { char format; int type; } types[] = {
        {'b', TDREST_TYPE_BOOL}, {'c', TDREST_TYPE_TINYINT}, {'s', TDREST_TYPE_SMALLINT}, {'i', TDREST_TYPE_INT}, {'l', TDREST_TYPE_BIGINT},
        {'C', TDREST_TYPE_UTINYINT}, {'S', TDREST_TYPE_USMALLINT}, {'I', TDREST_TYPE_UINT}, {'L', TDREST_TYPE_UBIGINT}, {'f', TDREST_TYPE_FLOAT},
        {'g', TDREST_TYPE_DOUBLE}, {'t', TDREST_TYPE_TIMESTAMP}, {'d', TDREST_TYPE_DECIMAL},
    };

    for (size_t i = 0; column != NULL && i < sizeof types / sizeof *types; i++)
        if (field->dictionary == NULL && types[i].format == field->format[0])
            return column->type == types[i].type;
    return 1; /* texts and bytes go into several types; NULL into any */
}

/* Before a row is sent: a table of another shape is not the one that was to be created. */
static AdbcStatusCode compare(const job *j, const tdrest_stmt *stmt)
{
    for (int64_t i = 0; i < j->schema.n_children; i++) {
        const tdrest_param *param = tdrest_stmt_param(stmt, (int)i);

        if (!is_tbname(j, i) && param != NULL && !fits(j->schema.children[i], param->column))
            return tda_fail(j->error, ADBC_STATUS_ALREADY_EXISTS, "the table exists with another type for column %s: %s", j->schema.children[i]->name,
                            param->column->type_name);
    }
    return ADBC_STATUS_OK;
}

static AdbcStatusCode insert(job *j, int must_match, int64_t *affected)
{
    struct ArrowArrayStream all = {get_schema, get_next, get_last_error, release, j};
    tdrest_call call = tda_run_call(j->run);
    AdbcStatusCode status;
    tdrest_stmt *stmt;
    char *sql = make_sql(j, INSERT, &status);
    int rc;

    if (sql == NULL)
        return status;
    rc = tdrest_stmt_new(j->run->conn, sql, TDREST_CSTR, &stmt);
    free(sql);
    if (rc != TDREST_OK)
        return tda_fail_with(j->error, tdrest_conn_error(j->run->conn));
    rc = tdrest_stmt_describe(stmt, &call);
    if (rc != TDREST_OK) {
        status = tda_fail_with(j->error, tdrest_stmt_error(stmt));
        if (must_match && tdrest_stmt_error(stmt)->code == TDREST_EBIND) /* a column that the table has not */
            status = ADBC_STATUS_ALREADY_EXISTS;
    } else if (must_match) {
        status = compare(j, stmt);
    }
    if (rc == TDREST_OK && status == ADBC_STATUS_OK && (tdrest_stmt_bind_stream(stmt, &all) != TDREST_OK || tdrest_stmt_run(stmt, &call, affected) != TDREST_OK)) {
        tdrest_error record = *tdrest_stmt_error(stmt);

        (void)snprintf(record.message, sizeof record.message, "%.*s (%lld rows were written)", (int)sizeof record.message - 40,
                       tdrest_stmt_error(stmt)->message, (long long)*affected);
        status = tda_fail_with(j->error, &record);
    }
    tdrest_stmt_free(stmt);
    return status;
}

/* ---- the whole ---- */

static AdbcStatusCode begin(job *j)
{
    const tda_ingest *ingest = j->ingest;
    char schema[256] = "", table[512];
    size_t needed;

    if (ingest->schema != NULL && ingest->schema[0] != '\0' && tdrest_quote_ident(ingest->schema, TDREST_CSTR, schema, sizeof schema, &needed) != TDREST_OK)
        return tda_fail(j->error, ADBC_STATUS_INVALID_ARGUMENT, "adbc.ingest.target_db_schema is no name of a database");
    if (tdrest_quote_ident(ingest->table, TDREST_CSTR, table, sizeof table, &needed) != TDREST_OK)
        return tda_fail(j->error, ADBC_STATUS_INVALID_ARGUMENT, "adbc.ingest.target_table is no name of a table");
    (void)snprintf(j->name, sizeof j->name, "%s%s%s", schema, schema[0] != '\0' ? "." : "", table);
    if ((ingest->tags == NULL) != (ingest->tbname == NULL))
        return tda_fail(j->error, ADBC_STATUS_INVALID_ARGUMENT, "tdrest.ingest.tags and tdrest.ingest.tbname go together: the tags of a super table, and the column "
                        "that names its tables");
    if (j->rest->get_schema(j->rest, &j->schema) != 0) {
        j->schema.release = NULL;
        return tda_fail(j->error, ADBC_STATUS_INVALID_ARGUMENT, "the bound stream has no schema");
    }
    return ADBC_STATUS_OK;
}

/* Reads on, as far as the lengths of a new table's texts are looked for. */
static AdbcStatusCode read_ahead(job *j)
{
    do {
        struct ArrowArray *batch = &j->ahead[j->read];

        if (j->rest->get_next(j->rest, batch) != 0) {
            const char *why = j->rest->get_last_error(j->rest);

            return tda_fail(j->error, ADBC_STATUS_INVALID_ARGUMENT, "the bound stream failed: %s", why == NULL ? "it does not say why" : why);
        }
        if (batch->release == NULL)
            break;
        j->read++;
    } while (j->read < AHEAD);
    return ADBC_STATUS_OK;
}

static void finish(job *j)
{
    for (; j->used < j->read; j->used++)
        j->ahead[j->used].release(&j->ahead[j->used]);
    if (j->schema.release != NULL)
        j->schema.release(&j->schema);
}

AdbcStatusCode tda_ingest_run(tda_statement *statement, tda_run *run, int64_t *affected, struct AdbcError *error)
{
    const char *mode = statement->ingest.mode == NULL ? "create" : statement->ingest.mode + strlen("adbc.ingest.mode.");
    int exact = strcmp(mode, "create_append") == 0;
    AdbcStatusCode status;
    job j;

    memset(&j, 0, sizeof j);
    j.ingest = &statement->ingest;
    j.run = run;
    j.rest = &statement->bound;
    j.error = error;
    *affected = 0;
    if (statement->bound.release == NULL)
        return tda_fail(error, ADBC_STATUS_INVALID_STATE, "nothing is bound to ingest");
    status = begin(&j);
    if (status == ADBC_STATUS_OK && strcmp(mode, "append") != 0)
        status = read_ahead(&j);
    if (status == ADBC_STATUS_OK && strcmp(mode, "replace") == 0)
        status = run_sql(&j, DROP);
    if (status == ADBC_STATUS_OK && strcmp(mode, "append") != 0)
        status = run_sql(&j, exact ? CREATE_MISSING : CREATE);
    if (status == ADBC_STATUS_OK)
        status = insert(&j, exact, affected);
    finish(&j);
    statement->ingest.ran = 1;
    return status;
}
