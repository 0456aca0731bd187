/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What became of records. Knows nothing of tables. */
#include "import/outcome.h"

#include <stdio.h>
#include <string.h>

#include "term/interrupt.h"
#include "term/report.h"

/* So many reasons are told; when so many records are rejected and none is good, the file is not one for this table. */
enum { MOST_TOLD = 20, HOPELESS = 1000 };

int cli_outcome_open(cli_outcome *o, const cli_args *args, int appends)
{
    *o = (cli_outcome){.args = args};
    cli_progress_begin(&o->progress, args->progress != CLI_NEVER, args->progress == CLI_ALWAYS);
    o->has_header = appends;
    return cli_reject_open(&o->reject, args->write.reject, args->sources, args->source_count, appends);
}

int cli_outcome_close(cli_outcome *o)
{
    cli_reasons_clear(&o->reasons);
    return cli_reject_close(&o->reject);
}

int cli_outcome_header(cli_outcome *o, const char *bytes, size_t len)
{
    if (o->reject.name == NULL || o->has_header)
        return CLI_OK;
    o->has_header = 1;
    return cli_reject_add(&o->reject, bytes, len, NULL);
}

/* Is it the end? */
static void judge(cli_outcome *o)
{
    int64_t most = o->args->importing.max_errors;

    if (o->stop)
        return;
    if (most < 0 && o->reject.name == NULL)
        most = 0;
    if (most >= 0 && o->rejected > most) {
        o->stop = 1;
        if (most > 0)
            cli_usage("more than %lld records were rejected", (long long)most);
    } else if (o->rejected == HOPELESS && o->read == HOPELESS) {
        o->stop = 1;
        cli_usage("the first %d records were all rejected; is it a file for this table?", HOPELESS);
    }
}

void cli_outcome_reject(cli_outcome *o, int64_t line, const char *bytes, size_t len, const char *column, const char *value, const char *reason)
{
    char text[CLI_REPORT_ROOM], place[CLI_PLACE_MAX];
    const char *comma = value == NULL ? "" : ", value ", *colon = column == NULL ? "" : ": ";

    snprintf(place, sizeof place, "%.300s:%lld", o->file, (long long)line);
    column = column == NULL ? "" : column;
    snprintf(text, sizeof text, "%.300s%s%.1200s", column, colon, reason);
    cli_reasons_add(&o->reasons, text, place, 1);
    snprintf(text, sizeof text, "%s: %.300s%s%s%s%.1200s", place, column, comma, value == NULL ? "" : value, colon, reason);
    o->rejected++;
    cli_progress_clear(&o->progress);
    if (o->told++ < MOST_TOLD)
        cli_usage("%s", text);
    else if (o->told == MOST_TOLD + 1)
        cli_usage("further rejected records are %s", o->reject.name == NULL ? "not reported" : "only in the file of reasons");
    if (bytes != NULL && cli_reject_add(&o->reject, bytes, len, text) != CLI_OK) {
        o->stop = 1;
        o->status = o->status == CLI_OK ? CLI_BROKEN : o->status;
    }
    judge(o);
}

void cli_outcome_fail(cli_outcome *o, int64_t first, int64_t last, int64_t count, int unknown, const tdrest_error *err)
{
    char where[CLI_PLACE_MAX];
    cli_place place = {.text = where, .verbose = o->args->verbose};
    int status;

    if (first == last)
        snprintf(where, sizeof where, "line %lld of %.250s%s", (long long)first, o->file, unknown ? ", perhaps written" : "");
    else
        snprintf(where, sizeof where, "lines %lld-%lld of %.250s%s", (long long)first, (long long)last, o->file, unknown ? ", perhaps written" : "");
    o->unknown += unknown ? count : 0;
    o->unsent += unknown ? 0 : count;
    cli_progress_clear(&o->progress);
    status = cli_status_of(err->code, err->cls);
    if (o->told++ < MOST_TOLD && !cli_interrupted())
        cli_report(err, &place);
    o->stop = 1;
    if (o->status == CLI_OK)
        o->status = status;
}

void cli_outcome_summarize(cli_outcome *o)
{
    int64_t ms = cli_now_ms() - o->progress.began_ms;

    cli_progress_clear(&o->progress);
    if (o->told > MOST_TOLD)
        cli_reasons_tell(&o->reasons, "record");
    fprintf(stderr, "(%lld record%s read: ", (long long)o->read, o->read == 1 ? "" : "s");
    if (o->args->importing.dry_run)
        fprintf(stderr, "%lld good, %lld rejected, none sent", (long long)o->written, (long long)o->rejected);
    else if (o->spool.is_used)
        fprintf(stderr, "%lld delivered, %lld stored, %lld rejected, %lld unknown", (long long)(o->written - o->spool.stored), (long long)o->spool.stored,
                (long long)o->rejected, (long long)o->unknown);
    else
        fprintf(stderr, "%lld stored, %lld replaced, %lld rejected, %lld unknown", (long long)(o->written - o->replaced), (long long)o->replaced,
                (long long)o->rejected, (long long)o->unknown);
    if (o->unsent > 0)
        fprintf(stderr, ", %lld not written", (long long)o->unsent);
    if (o->spool.is_used && o->replaced > 0)
        fprintf(stderr, "; %lld of them replaced", (long long)o->replaced);
    if (o->spool.earlier > 0)
        fprintf(stderr, "; %lld row%s of earlier runs delivered", (long long)o->spool.earlier, cli_plural(o->spool.earlier));
    fprintf(stderr, "; %lld bytes, %lld.%03d s)\n", (long long)o->bytes, (long long)(ms / 1000), (int)(ms % 1000));
}

int cli_outcome_status(const cli_outcome *o)
{
    if (cli_interrupted())
        return CLI_INTERRUPTED;
    if (o->status != CLI_OK)
        return o->status;
    if (o->read != o->written + o->rejected + o->unknown + o->unsent) {
        cli_usage("counts do not add up; this is a fault of tdrest: please report it");
        return CLI_BROKEN;
    }
    return o->rejected > 0 ? CLI_REFUSED : CLI_OK;
}
