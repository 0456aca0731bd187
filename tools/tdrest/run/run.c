/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Runs the statements of a command, one after the other. Knows nothing of flags and layouts. */
#include "run/run.h"

#include <string.h>

#include "input/failure.h"
#include "run/connect.h"
#include "run/runner.h"
#include "term/interrupt.h"
#include "term/report.h"

typedef struct runner {
    cli_runner base;
    int64_t text_statements; /* of arguments, which are counted over all of them */
} runner;

/* May the next statement run after one that ended with this status? */
static int goes_on(const runner *r, int status, int keep_going)
{
    return r->base.sink.out->error == 0 && !cli_interrupted() && (status == CLI_OK || (keep_going && status != CLI_INTERRUPTED));
}

/* The statements of one source. Those of a file are counted in it, those of arguments over all of them; lines are counted within each. The first failure. */
static int run_source(runner *r, const cli_source *source, int keep_going)
{
    cli_script s;
    const char *sql;
    size_t len;
    int rc = TDREST_ROW, status = CLI_OK, first = CLI_OK;

    cli_script_open(&s, source);
    r->base.place.file = source->text == NULL && source->file != NULL && strcmp(source->file, "-") != 0 ? source->file : NULL;
    r->base.place.number = r->base.place.file == NULL ? r->text_statements : 0;
    while (rc == TDREST_ROW && goes_on(r, status, keep_going)) {
        rc = cli_script_next(&s, &sql, &len, &r->base.place.line);
        if (rc == TDREST_DONE)
            break;
        r->base.place.number += !cli_reader_failed(&s.in);
        if (rc == TDREST_ROW)
            status = cli_runner_statement(&r->base, sql, len);
        else if (!r->base.rehearses || rc == TDREST_ECANCELLED) /* else it will be told when it is due */
            status = cli_script_report(&s, rc, &r->base.place);
        first = first == CLI_OK ? status : first;
    }
    if (r->base.place.file == NULL)
        r->text_statements = r->base.place.number;
    cli_script_close(&s);
    return status == CLI_INTERRUPTED ? status : first;
}

static int run_sources(runner *r, const cli_source *sources, size_t count, int keep_going)
{
    size_t i;
    int first = CLI_OK, status = CLI_OK;

    r->text_statements = 0;
    for (i = 0; i < count && goes_on(r, status, keep_going); i++) {
        status = run_source(r, &sources[i], keep_going);
        first = first == CLI_OK ? status : first;
    }
    return first;
}

/* What is wrong with parameters, or more than one result where the format is for one, is told before anything is sent: all that can be known without
   reading what can be read only once. */
static int rehearse(runner *r, const cli_args *args)
{
    size_t lasting = 0;
    int status = cli_params_check(r->base.params, r->base.conn);

    if (r->base.params->count == 0 && !r->base.format->binary)
        return CLI_OK;
    while (lasting < args->source_count && cli_source_is_lasting(&args->sources[lasting]))
        lasting++;
    r->base.rehearses = 1;
    if (status == CLI_OK)
        status = run_sources(r, args->sources, lasting, 0);
    r->base.rehearses = 0;
    r->base.reads = 0;
    return status == CLI_OK && lasting == args->source_count ? cli_params_check_used(r->base.params) : status;
}

int cli_run(const cli_args *args, cli_output *out)
{
    runner r = {.text_statements = 0};
    int status;

    status = cli_runner_init(&r.base, args, out);
    if (status == CLI_OK)
        status = cli_connect(args, &r.base.progress, &r.base.conn);
    if (status != CLI_OK)
        return status;
    status = rehearse(&r, args);
    if (status == CLI_OK)
        status = run_sources(&r, args->sources, args->source_count, args->keep_going);
    if (status == CLI_OK && out->error == 0 && !cli_interrupted())
        status = cli_params_check_used(r.base.params);
    cli_disconnect(r.base.conn);
    return cli_interrupted() ? CLI_INTERRUPTED : status;
}
