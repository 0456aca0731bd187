/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A folder that export wrote: its manifest says what is in it. Knows nothing of rows. */
#include "import/folder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "import/journal.h"
#include "input/failure.h"
#include "term/interrupt.h"

#define MANIFEST "manifest.jsonl"

typedef struct folder {
    cli_load *load;
    cli_outcome *outcome;
    const char *path;
    cli_records manifest;
    cli_text name;      /* path of the file at hand */
    cli_import_args how;
    int begun;          /* the first line has been read */
    int tidies;         /* all is done: journals go */
} folder;

static int join(folder *f, const char *name)
{
    cli_text_reset(&f->name);
    cli_text_add(&f->name, f->path);
    cli_text_char(&f->name, '/');
    cli_text_add(&f->name, name);
    return f->name.failed != 0 ? cli_report_no_memory() : CLI_OK;
}

/* A value of the line at hand, ended by a NUL, to be freed; NULL: it is not there. */
static char *value_of(const folder *f, const char *key)
{
    const cli_record *record = &f->manifest.record;
    size_t i;

    for (i = 0; i < record->count; i++) {
        const cli_field *field = &record->fields[i];

        if (field->key_len == strlen(key) && memcmp(field->key, key, field->key_len) == 0)
            return cli_copy(field->text, field->len);
    }
    return NULL;
}

static int bad_manifest(const folder *f)
{
    return cli_usage("%s/%s:%lld: not a line that export writes", f->path, MANIFEST, (long long)f->manifest.record.line);
}

/* ---- the schema ---- */

static int run_statements(folder *f, cli_script *s)
{
    cli_catalog *c = f->load->catalog;
    cli_place place = {.number = 1, .file = s->in.name, .verbose = f->load->args->verbose};
    const char *sql;
    size_t len;
    int rc, status = CLI_OK;

    while (status == CLI_OK && (rc = cli_script_next(s, &sql, &len, &place.line)) == TDREST_ROW) {
        if (tdrest_exec(c->conn, sql, len, NULL, NULL) < 0)
            status = cli_report(tdrest_conn_error(c->conn), &place);
        place.number++;
    }
    return status == CLI_OK && rc != TDREST_DONE ? cli_script_report(s, rc, &place) : status;
}

static int make_tables(folder *f, const char *file)
{
    cli_source source = {.file = f->name.data};
    cli_script script;
    int status = join(f, file);

    source.file = f->name.data;
    if (status != CLI_OK || f->load->args->importing.dry_run)
        return status;
    cli_script_open(&script, &source);
    status = run_statements(f, &script);
    cli_script_close(&script);
    return status;
}

/* Times of another precision would be others. */
static int check_precision(folder *f, const char *precision)
{
    static const char *const names[] = {[TDREST_MS] = "ms", [TDREST_US] = "us", [TDREST_NS] = "ns"};
    int status = cli_catalog_precision(f->load->catalog, &f->load->times.precision);

    f->load->times.unit = f->load->times.precision;
    if (status == CLI_OK && strcmp(names[f->load->times.precision], precision) != 0)
        return cli_usage("database %s has precision %s here; it was exported with %s", f->load->catalog->database, names[f->load->times.precision], precision);
    return status;
}

static int read_head(folder *f)
{
    char *database = value_of(f, "database"), *precision = value_of(f, "precision"), *format = value_of(f, "format"), *schema = value_of(f, "schema");
    int status = CLI_OK;

    if (database == NULL || precision == NULL || format == NULL || schema == NULL)
        status = bad_manifest(f);
    if (status == CLI_OK && strcmp(format, "csv") != 0 && strcmp(format, "tsv") != 0 && strcmp(format, "jsonl") != 0)
        status = cli_usage("folder %s holds files of format %s; import reads csv, tsv or jsonl", f->path, format);
    if (status == CLI_OK) {
        f->load->kind = strcmp(format, "tsv") == 0 ? CLI_RECORDS_TSV : strcmp(format, "jsonl") == 0 ? CLI_RECORDS_JSONL : CLI_RECORDS_CSV;
        status = make_tables(f, schema);
    }
    if (status == CLI_OK)
        status = cli_catalog_use(f->load->catalog, database, strlen(database));
    if (status == CLI_OK)
        status = check_precision(f, precision);
    free(database);
    free(precision);
    free(format);
    free(schema);
    return status;
}

/* ---- files ---- */

static int load_file(folder *f, const char *file, const char *rows)
{
    cli_outcome *o = f->outcome;
    cli_source source = {.file = NULL};
    int64_t read = o->read, expected = strtoll(rows, NULL, 10);
    int status = join(f, file);

    source.file = f->name.data;
    if (status == CLI_OK)
        status = cli_load_file(f->load, o, &source);
    if (status != CLI_OK || o->stop || cli_interrupted() || f->how.resume || o->read - read == expected)
        return status;
    cli_usage("%s: %lld records, and the manifest says %lld", f->name.data, (long long)(o->read - read), (long long)expected);
    if (o->status == CLI_OK)
        o->status = CLI_BROKEN;
    return CLI_OK;
}

static int read_file(folder *f)
{
    char *file = value_of(f, "file"), *rows = value_of(f, "rows"), *table = value_of(f, "table"), *stable = value_of(f, "stable");
    int status;

    if (f->tidies && file != NULL && join(f, file) == CLI_OK)
        cli_journal_remove(f->name.data);
    f->how.table = table;
    f->how.using = stable;
    if (f->tidies)
        status = CLI_OK;
    else if (file == NULL || rows == NULL || (table == NULL) == (stable == NULL) || strchr(file, '/') != NULL)
        status = bad_manifest(f);
    else
        status = load_file(f, file, rows);
    free(file);
    free(rows);
    free(table);
    free(stable);
    return status;
}

static int read_lines(folder *f)
{
    int rc, status = CLI_OK;

    while (status == CLI_OK && !f->outcome->stop && !cli_interrupted() && (rc = cli_records_next(&f->manifest)) != TDREST_DONE) {
        if (rc != TDREST_ROW && f->manifest.in.error == ENOENT)
            return cli_usage("%s has no %s: it is not a complete export", f->path, MANIFEST);
        if (rc != TDREST_ROW)
            return cli_reader_report(&f->manifest.in, rc, &(cli_place){.number = 0});
        if (f->manifest.record.fault != NULL)
            return bad_manifest(f);
        status = f->begun ? read_file(f) : f->tidies ? CLI_OK : read_head(f);
        f->begun = 1;
    }
    return status;
}

static int read_manifest(folder *f, const char *name)
{
    int status;

    cli_records_open(&f->manifest, &(cli_source){.file = name}, CLI_RECORDS_JSONL, ',', 0, 1);
    status = read_lines(f);
    cli_records_close(&f->manifest);
    return status;
}

int cli_import_folder(cli_load *l, cli_outcome *o, const char *path)
{
    folder f = {.load = l, .outcome = o, .path = path, .how = l->args->importing};
    cli_text manifest = {.data = NULL};
    const cli_import_args *how = l->how;
    int status = join(&f, MANIFEST);

    cli_text_add(&manifest, f.name.data == NULL ? "" : f.name.data);
    if (status == CLI_OK && manifest.failed == 0) {
        l->how = &f.how;
        l->trusted = 1;
        status = read_manifest(&f, manifest.data);
        f.begun = 0;
        f.tidies = 1;
        if (status == CLI_OK && !o->stop && o->status == CLI_OK && !cli_interrupted() && !f.how.resume && !f.how.dry_run)
            (void)!read_manifest(&f, manifest.data);
        l->how = how;
    }
    cli_text_clear(&manifest);
    cli_text_clear(&f.name);
    return status;
}
