/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One file into one table, record by record. Knows nothing of how rows are sent. */
#include "import/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "import/row.h"
#include "input/failure.h"
#include "term/interrupt.h"
#include "term/show.h"

enum { TABLES_SEEN = 4096, NOTE_BYTES = 1 << 16, LOOK_ROWS = 1024 };


/* ---- deliveries ---- */

static void on_delivered(void *context, const cli_delivery *d)
{
    cli_loader *l = context;
    cli_outcome *o = l->outcome;
    int64_t number;
    char reason[CLI_REPORT_ROOM];

    for (number = d->first; number < d->first + d->count; number++) {
        cli_pending_row *row = cli_pending_at(&l->pending, number);

        row->settled = d->error == NULL || d->blames_rows; /* what else failed is to be tried again */
        if (d->error == NULL)
            o->written++;
        if (d->error != NULL && d->blames_rows) {
            cli_report_format(d->error, &(cli_place){.number = 0}, reason, sizeof reason);
            cli_outcome_reject(o, row->line, row->bytes, row->len, NULL, NULL, reason);
        }
    }
    if (d->error != NULL && !d->blames_rows)
        cli_outcome_fail(o, cli_pending_at(&l->pending, d->first)->line, cli_pending_at(&l->pending, d->first + d->count - 1)->line, d->count,
                         d->state == TDREST_ROWS_UNKNOWN, d->error);
}

/* Up to where everything is settled, in the file. */
static void note(cli_loader *l, int finally)
{
    int64_t offset, line;

    cli_pending_advance(&l->pending);
    if (l->pending.first < l->pending.end) {
        offset = cli_pending_at(&l->pending, l->pending.first)->offset;
        line = cli_pending_at(&l->pending, l->pending.first)->line;
    } else {
        offset = l->records.in.base + (int64_t)l->records.start;
        line = l->records.line;
    }
    l->outcome->settled = l->outcome->before + offset;
    if (l->load->args->importing.dry_run)
        return;
    if (offset > l->journal.offset + (finally ? 0 : NOTE_BYTES))
        cli_journal_note(&l->journal, offset, line);
}

/* ---- sending ---- */

static void count_replaced(cli_loader *l, uint64_t key)
{
    cli_seen *s = &l->seen[l->table_hash & (TABLES_SEEN - 1)];

    if (s->table == l->table_hash && s->key == key)
        l->outcome->replaced++;
    *s = (cli_seen){l->table_hash, key};
}

/* Within one request a NULL does not erase: a row with one begins another request when its key is in this one. */
static void send(cli_loader *l, uint64_t key)
{
    const cli_record *record = &l->records.record;
    int keeps = l->outcome->reject.name != NULL, rc;
    uint64_t again;
    char room[CLI_ROW_FAULT];

    if (l->has_null && cli_pending_has(&l->pending, key)) {
        cli_row_discard(l);
        cli_sender_flush(l->sender);
        (void)!cli_row_bind(l, &again, room);
    }
    cli_pending_advance(&l->pending);
    if (!cli_pending_add(&l->pending, record->offset, record->line, key, keeps ? record->bytes : NULL, record->len)) {
        l->outcome->stop = 1;
        l->outcome->unsent++;
        l->outcome->status = cli_report_no_memory();
        return;
    }
    rc = cli_sender_add(l->sender);
    if (rc < 0)
        cli_pending_drop(&l->pending);
    if (rc == TDREST_ECANCELLED) {
        l->outcome->unsent++;
        l->outcome->stop = 1;
        return;
    }
    if (rc < 0) {
        cli_outcome_reject(l->outcome, record->line, record->bytes, record->len, NULL, NULL, tdrest_stmt_error(cli_sender_stmt(l->sender))->message);
        return;
    }
    l->sent++;
    count_replaced(l, key);
}

/* The record at hand is none, or does not fit. */
static void reject(cli_loader *l, int64_t line, const char *fault)
{
    const cli_record *record = &l->records.record;
    char column[300], value[CLI_QUOTED_ROOM];

    if (l->column != NULL)
        snprintf(column, sizeof column, "column %.190s, %.60s", l->column, l->type);
    cli_outcome_reject(l->outcome, line, record->bytes, record->len, l->column == NULL ? NULL : column,
                       l->column == NULL || l->field == NULL ? NULL : cli_quoted(l->field->text, l->field->len, value), fault);
    if (l->column != NULL)
        cli_row_discard(l);
}

static void load_record(cli_loader *l)
{
    const cli_record *record = &l->records.record;
    uint64_t key = 0;
    char room[CLI_ROW_FAULT];
    const char *fault = record->fault;
    int64_t line = fault != NULL ? record->fault_line : record->line;

    l->outcome->read++;
    l->outcome->bytes += (int64_t)record->len;
    l->column = NULL;
    if (fault == NULL)
        fault = cli_row_bind(l, &key, room);
    if (l->outcome->stop) {
        l->outcome->unsent++;
        return;
    }
    if (fault != NULL) {
        reject(l, line, fault);
        return;
    }
    l->generation = cli_sender_generation(l->sender);
    send(l, key);
}

/* Not faster than --rate allows. */
static void hold_back(const cli_loader *l)
{
    int64_t rate = l->load->args->importing.rate, ahead;

    if (rate <= 0)
        return;
    ahead = l->outcome->read * 1000 / rate - (cli_now_ms() - l->outcome->progress.began_ms);
    if (ahead > 0)
        nanosleep(&(struct timespec){(time_t)(ahead / 1000), (long)(ahead % 1000 * 1000000)}, NULL); /* a signal ends it */
}

static void report_source(cli_loader *l, int rc)
{
    int status;

    cli_progress_clear(&l->outcome->progress);
    status = cli_reader_report(&l->records.in, rc, &(cli_place){.number = 0});
    if (l->outcome->status == CLI_OK)
        l->outcome->status = status;
    l->outcome->stop = 1;
}

/* What a slow pipe has brought is written before more is waited for. */
static void on_idle(void *context)
{
    cli_loader *l = context;

    cli_sender_flush(l->sender);
    note(l, 0);
}

/* All rows are told; what the server refused of a spool was told as stored. */
static void end(cli_loader *l)
{
    cli_outcome *o = l->outcome;
    int64_t refused;
    int status = cli_sender_end(l->sender, &o->spool, &refused);

    o->written -= refused;
    o->rejected += refused;
    o->status = o->status == CLI_OK ? status : o->status;
    note(l, 1);
}

/* 1: the file has ended. */
static int load_records(cli_loader *l)
{
    cli_outcome *o = l->outcome;
    int rc = TDREST_ROW;

    l->records.idle = on_idle;
    l->records.context = l;
    while (!o->stop && !cli_interrupted() && (rc = cli_records_next(&l->records)) == TDREST_ROW) {
        load_record(l);
        hold_back(l);
        if (o->read % LOOK_ROWS == 0) {
            note(l, 0);
            cli_progress_tell(&o->progress, "record", o->read, o->settled);
        }
    }
    if (rc < 0)
        report_source(l, rc);
    end(l);
    return rc == TDREST_DONE && !o->stop && !cli_interrupted();
}

/* ---- a file ---- */

/* The header, and what follows from it. */
static int match(cli_loader *l)
{
    int rc;

    if (l->load->kind == CLI_RECORDS_JSONL)
        return cli_target_match(&l->target, l->records.in.name, NULL);
    rc = cli_records_next(&l->records);
    if (rc == TDREST_DONE)
        return cli_usage("%s: it is empty, without even a header", l->records.in.name);
    if (rc < 0) {
        report_source(l, rc);
        return l->outcome->status;
    }
    if (l->records.record.fault != NULL)
        return cli_usage("%s:%lld: %s", l->records.in.name, (long long)l->records.record.fault_line, l->records.record.fault);
    rc = cli_target_match(&l->target, l->records.in.name, &l->records.record);
    return rc == CLI_OK ? cli_outcome_header(l->outcome, l->records.record.bytes, l->records.record.len) : rc;
}

static uint64_t hash_text(const char *text, uint64_t seed)
{
    return text == NULL ? seed + 1 : cli_hash(text, strlen(text), seed);
}

/* Of everything besides the file that decides what is stored. */
static uint64_t hash_options(const cli_loader *l)
{
    const cli_import_args *how = l->load->how;
    uint64_t h = hash_text(l->target.sql.data, 0);

    h = hash_text(how->time_format, hash_text(l->load->args->style.null, h));
    h = hash_text(tdrest_options_get(l->load->args->options, "timezone"), h);
    h = hash_text(tdrest_options_get(l->load->args->options, "host"), h);
    if (cli_has_spool(l->load->args)) /* what is in it comes before the rest, or later values would be replaced by earlier ones */
        h = hash_text(tdrest_options_get(l->load->args->options, "spool_dir"), h);
    return cli_hash((const char[]){how->delimiter, (char)how->time_unit, (char)l->load->kind}, 3, h);
}

static char delimiter_of(const cli_loader *l)
{
    return l->load->how->delimiter != '\0' ? l->load->how->delimiter : ',';
}

/* Goes on where an earlier run had come. */
static int begin(cli_loader *l, const cli_source *source)
{
    int resumes = l->load->args->importing.resume, is_standard = source->file == NULL || strcmp(source->file, "-") == 0;
    int status = CLI_OK;

    if (l->load->args->importing.dry_run)
        return CLI_OK;
    status = cli_journal_open(&l->journal, is_standard ? NULL : source->file, hash_options(l), resumes);
    l->load->resumes = l->journal.file != NULL;
    if (status == CLI_OK && l->journal.offset > 0) {
        cli_records_close(&l->records);
        cli_records_open(&l->records, source, l->load->kind, delimiter_of(l), l->journal.offset, l->journal.line);
    }
    return status;
}

static int prepare(cli_loader *l, const cli_source *source)
{
    cli_load *load = l->load;
    int status = cli_target_open(&l->target, load->catalog, load->how);

    l->binder.null = load->args->style.null;
    l->binder.is_tsv = load->kind == CLI_RECORDS_TSV;
    l->seen = calloc(TABLES_SEEN, sizeof *l->seen);
    if (status == CLI_OK && l->seen == NULL)
        status = cli_report_no_memory();
    if (status == CLI_OK)
        status = match(l);
    if (status == CLI_OK)
        status = begin(l, source);
    l->filled = malloc(l->target.slot_count + 1);
    if (status == CLI_OK && l->filled == NULL)
        status = cli_report_no_memory();
    if (status == CLI_OK && !l->journal.done)
        status = cli_sender_open(&l->sender, load->args, &l->outcome->progress, load->catalog, &l->target.sql, load->args->importing.dry_run, on_delivered, l);
    if (status == CLI_OK && l->sender != NULL && tdrest_stmt_set_precision(cli_sender_stmt(l->sender), load->times.precision) < 0)
        status = cli_report_no_memory();
    return status;
}

static void clear(cli_loader *l, int done)
{
    cli_journal_close(&l->journal, done, l->load->args->importing.resume || l->load->trusted);
    cli_sender_free(l->sender);
    cli_pending_clear(&l->pending);
    cli_target_close(&l->target);
    cli_binder_clear(&l->binder);
    cli_records_close(&l->records);
    free(l->seen);
    free(l->filled);
    free(l->hints);
}

void cli_load_init(cli_load *l, const cli_args *args, cli_catalog *catalog)
{
    *l = (cli_load){.args = args, .how = &args->importing, .catalog = catalog, .first = 1};
    l->times.format = args->importing.time_format;
}

int cli_load_file(cli_load *load, cli_outcome *o, const cli_source *source)
{
    cli_loader l = {.load = load, .outcome = o, .generation = -1};
    int status, done = 0;

    l.binder.times = load->times;
    cli_records_open(&l.records, source, load->kind, delimiter_of(&l), 0, 1);
    o->file = l.records.in.name;
    status = prepare(&l, source);
    if (status == CLI_OK)
        done = l.journal.done || load_records(&l);
    load->times.naive = l.binder.times.naive;
    o->before = o->settled;
    clear(&l, done);
    return status;
}
