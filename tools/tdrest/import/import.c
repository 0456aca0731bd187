/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which files go into which table. Knows nothing of records. */
#include "import/import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "args/check.h"
#include "import/folder.h"
#include "import/load.h"
#include "run/connect.h"
#include "term/interrupt.h"

/* The kind of a file: what -F says, else what its name ends with, else csv. */
static enum cli_records_kind kind_of(const cli_args *args, const cli_source *source)
{
    const char *name = args->format != NULL ? args->format->name : source->file != NULL ? strrchr(source->file, '.') : NULL;

    name += name != NULL && *name == '.';
    if (name == NULL || strcmp(name, "csv") == 0)
        return CLI_RECORDS_CSV;
    return strcmp(name, "tsv") == 0 ? CLI_RECORDS_TSV : strcmp(name, "jsonl") == 0 || strcmp(name, "ndjson") == 0 ? CLI_RECORDS_JSONL : CLI_RECORDS_CSV;
}

/* The bytes of all files; 0: not known. */
static int64_t size_of(const cli_args *args)
{
    struct stat about;
    int64_t size = 0;
    size_t i;

    for (i = 0; i < args->source_count; i++) {
        if (!cli_source_is_lasting(&args->sources[i]) || stat(args->sources[i].file, &about) < 0)
            return 0;
        size += (int64_t)about.st_size;
    }
    return size;
}

static int load_files(cli_load *l, cli_outcome *o)
{
    size_t i;
    int status = CLI_OK;

    o->progress.total = size_of(l->args);
    for (i = 0; status == CLI_OK && !o->stop && !cli_interrupted() && i < l->args->source_count; i++) {
        l->kind = kind_of(l->args, &l->args->sources[i]);
        if (l->kind != CLI_RECORDS_CSV && l->args->importing.delimiter != '\0')
            return cli_usage("option --delimiter is for csv");
        status = cli_load_file(l, o, &l->args->sources[i]);
    }
    return status;
}

static void tell_times(cli_load *l)
{
    char first[48], last[48];

    if (l->first > l->last)
        return;
    cli_times_show(l->first, l->times.precision, first);
    cli_times_show(l->last, l->times.precision, last);
    fprintf(stderr, "(times from %s to %s", first, last);
    if (l->times.naive > 0)
        fprintf(stderr, "; %lld without an offset, read as %s", (long long)l->times.naive, l->times.zone);
    fputs(")\n", stderr);
}

/* Without a table it can only be a folder. CLI_OK, or what is wrong is told. */
static int check_folder(const char *name)
{
    struct stat about;

    if (stat(name, &about) != 0)
        return cli_usage("%s: %s", name, strerror(errno));
    return S_ISDIR(about.st_mode) ? CLI_OK : cli_refuse_import();
}

static int load_tables(cli_load *l, cli_outcome *o, cli_catalog *c)
{
    const cli_import_args *i = &l->args->importing;
    int status = cli_catalog_open(c, l->args, &o->progress, i->table != NULL ? i->table : i->using);

    if (status == CLI_OK)
        status = cli_catalog_precision(c, &l->times.precision);
    if (status == CLI_OK)
        status = cli_times_zone(&l->times, tdrest_options_get(l->args->options, "timezone"));
    l->times.unit = i->time_unit != 0 ? i->time_unit : l->times.precision;
    return status == CLI_OK ? load_files(l, o) : status;
}

static int load_folder(cli_load *l, cli_outcome *o, cli_catalog *c)
{
    int status = cli_connect(l->args, &o->progress, &c->conn);

    c->call = TDREST_CALL_INIT;
    if (status == CLI_OK)
        status = cli_times_zone(&l->times, "server"); /* all times have their offset */
    return status == CLI_OK ? cli_import_folder(l, o, l->args->sources[0].file) : status;
}

/* What a user can do about a run that did not come to its end. */
static void tell_resume(const cli_load *load, const cli_outcome *o)
{
    if (load->resumes && o->written > 0 && (o->stop || cli_interrupted()))
        fputs("tdrest: to continue from there, repeat the command with --resume\n", stderr);
}

int cli_import(const cli_args *args)
{
    cli_catalog catalog = {.verbose = args->verbose};
    cli_outcome outcome;
    cli_load load;
    const int folder = args->importing.table == NULL && args->importing.using == NULL;
    int closed, status = folder ? check_folder(args->sources[0].file) : CLI_OK;

    if (status != CLI_OK)
        return status;
    if (folder && args->write.reject != NULL)
        return cli_usage("option --reject is for one table: it cannot be combined with a folder");
    status = cli_outcome_open(&outcome, args, args->importing.resume);
    cli_load_init(&load, args, &catalog);
    if (status == CLI_OK)
        status = folder ? load_folder(&load, &outcome, &catalog) : load_tables(&load, &outcome, &catalog);
    if (status == CLI_OK || outcome.read > 0) {
        cli_outcome_summarize(&outcome);
        tell_times(&load);
        tell_resume(&load, &outcome);
    }
    cli_catalog_close(&catalog);
    closed = cli_outcome_close(&outcome);
    if (status == CLI_OK)
        status = cli_outcome_status(&outcome);
    return status == CLI_OK ? closed : status;
}
