/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What became of lines. */
#include "write/account.h"

#include <stdio.h>
#include <string.h>

#include "input/failure.h"
#include "run/connect.h"
#include "term/interrupt.h"
#include "term/report.h"
#include "term/show.h"

enum { MOST_TOLD = 20, NAME_COLUMNS = 60, NAME_BYTES = 240, NAME_ROOM = CLI_SHOW_ROOM(NAME_BYTES) + 1 };

static void show_name(const cli_account *a, char out[NAME_ROOM])
{
    size_t len = strlen(a->name), width;

    out[cli_show(a->name, len > NAME_BYTES ? NAME_BYTES : len, NAME_COLUMNS, out, &width)] = '\0';
}

/* What stands behind that line was neither sent nor counted. */
static void tell_stop(const cli_account *a)
{
    char name[NAME_ROOM];

    show_name(a, name);
    if (a->stopped_line > 0)
        fprintf(stderr, "; stopped at %s %lld of %s", a->unit, (long long)a->stopped_line, name);
    else
        fprintf(stderr, "; stopped at %s", name);
}

void cli_account_summarize(cli_account *a)
{
    int64_t ms = cli_now_ms() - a->progress.began_ms;

    cli_progress_clear(&a->progress);
    if (a->told > MOST_TOLD)
        cli_reasons_tell(&a->reasons, a->unit);
    cli_reasons_clear(&a->reasons);
    fprintf(stderr, "(%lld %s%s, %lld bytes, %lld.%03d s", (long long)a->lines, a->unit, cli_plural(a->lines), (long long)a->bytes,
            (long long)(ms / 1000), (int)(ms % 1000));
    if (a->spool.is_used)
        fprintf(stderr, "; %lld delivered, %lld stored", (long long)a->spool.delivered, (long long)a->spool.stored);
    if (a->failed > 0)
        fprintf(stderr, "; %lld %s%s failed", (long long)a->failed, a->unit, cli_plural(a->failed));
    if (a->spool.earlier > 0)
        fprintf(stderr, "; %lld row%s of earlier runs delivered", (long long)a->spool.earlier, cli_plural(a->spool.earlier));
    if (a->stopped)
        tell_stop(a);
    fputs(")\n", stderr);
}

/* "lines 1001-2000 of FILE" */
static void name_lines(const cli_account *a, const cli_failed *f, char text[CLI_PLACE_MAX])
{
    char name[NAME_ROOM], lines[80];

    show_name(a, name);
    if (f->last == 0)
        snprintf(lines, sizeof lines, "from %s %lld on", a->unit, (long long)f->first);
    else if (f->count == 1)
        snprintf(lines, sizeof lines, "%s %lld", a->unit, (long long)f->first);
    else
        snprintf(lines, sizeof lines, "%ss %lld-%lld", a->unit, (long long)f->first, (long long)f->last);
    snprintf(text, CLI_PLACE_MAX, "%s of %.250s%s", lines, name, f->unknown ? ", perhaps written" : "");
}

int cli_account_goes_on(const cli_account *a, int status, int refused)
{
    if (cli_interrupted() || status == CLI_INTERRUPTED || status == CLI_BROKEN)
        return 0;
    return status == CLI_OK || a->args->keep_going || (refused && a->reject.name != NULL);
}

int cli_account_fail(cli_account *a, const tdrest_error *err, const cli_failed *f)
{
    char where[CLI_PLACE_MAX], reason[CLI_REPORT_ROOM];
    cli_place place = {.text = where, .verbose = a->args->verbose};
    int status = cli_status_of(err->code, err->cls), kept;

    cli_progress_clear(&a->progress);
    name_lines(a, f, where);
    a->failed += f->count;
    if (f->refused) {
        cli_report_format(err, &(cli_place){.number = 0}, reason, sizeof reason);
        cli_reasons_add(&a->reasons, reason, where, f->count);
    }
    if (!f->refused || a->reject.name == NULL)
        return cli_report(err, &place);
    if (a->told++ < MOST_TOLD)
        cli_report(err, &place);
    else if (a->told == MOST_TOLD + 1)
        cli_usage("further rejections are only in %s", a->reject.reasons_name);
    cli_report_format(err, &place, reason, sizeof reason);
    kept = cli_reject_add(&a->reject, f->data, f->len, reason);
    return kept == CLI_OK ? status : kept;
}

int cli_account_report_source(cli_account *a, const cli_points *p, int rc, int64_t line)
{
    cli_progress_clear(&a->progress);
    if (rc == TDREST_ERANGE)
        return cli_usage("%s: %s %lld does not end within 16 MiB", p->in.name, a->unit, (long long)line);
    return cli_reader_report(&p->in, rc, &(cli_place){.number = 0});
}
