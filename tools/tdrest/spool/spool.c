/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What is in a spool, as rows; on its way; and away with it. Knows nothing of its files. */
#include "spool/spool.h"

#include "run/sink.h"
#include "term/report.h"
#include "spool/send.h"

#ifdef TDREST_NO_SPOOL

int cli_spool(const cli_args *args, cli_output *out)
{
    (void)args;
    (void)out;
    return cli_usage("this program was built without the spool");
}

#else

#include <stdio.h>
#include <string.h>

enum { NUMBER, STATE, PROTOCOL, DATABASE, ROWS, BYTES, FILE_NAME, REASON, BEGIN, COLUMNS };

enum { ROWS_FIRST = 64, BEGIN_BYTES = 60 };

static const cli_grid_head heads[COLUMNS] = {[NUMBER] = {"number", TDREST_TYPE_BIGINT},
                                             [STATE] = {"state", TDREST_TYPE_VARCHAR},
                                             [PROTOCOL] = {"protocol", TDREST_TYPE_VARCHAR},
                                             [DATABASE] = {"database", TDREST_TYPE_VARCHAR},
                                             [ROWS] = {"rows", TDREST_TYPE_BIGINT},
                                             [BYTES] = {"bytes", TDREST_TYPE_BIGINT},
                                             [FILE_NAME] = {"file", TDREST_TYPE_VARCHAR},
                                             [REASON] = {"reason", TDREST_TYPE_VARCHAR},
                                             [BEGIN] = {"begin", TDREST_TYPE_VARCHAR}};

static int report(const cli_args *args)
{
    return cli_report(tdrest_options_error(args->options), &(cli_place){.verbose = args->verbose});
}

/* ---- list ---- */

/* The begin of its first line, no character cut. */
static void put_begin(cli_grid *g, const tdrest_spool_entry *e)
{
    char text[BEGIN_BYTES + 1];
    size_t len = e->len < BEGIN_BYTES ? e->len : BEGIN_BYTES;

    if (len > 0 && memchr(e->text, '\n', len) != NULL)
        len = (size_t)((const char *)memchr(e->text, '\n', len) - e->text);
    while (len > 0 && len < e->len && ((unsigned char)e->text[len] & 0xC0) == 0x80)
        len--;
    memcpy(text, e->text, len);
    text[len] = '\0';
    cli_grid_text(g, BEGIN, text);
}

/* 1: the grid is full. */
static int put_entry(void *context, const tdrest_spool_entry *e)
{
    static const char *const states[] = {"", "waiting", "rejected", "damaged", "torn", "newer"};
    static const char *const protocols[] = {"sql", "line", "telnet", "json"};
    cli_grid *g = context;

    if (g->rows == g->cap)
        return 1;
    cli_grid_row(g);
    cli_grid_text(g, STATE, states[e->state]);
    cli_grid_text(g, FILE_NAME, e->file);
    if (e->bytes > 0)
        cli_grid_int(g, BYTES, e->bytes);
    if (e->number == 0)
        return 0;
    cli_grid_int(g, NUMBER, (int64_t)e->number);
    cli_grid_text(g, PROTOCOL, protocols[e->protocol >= 0 && e->protocol <= TDREST_PROTOCOL_JSON ? e->protocol : 0]);
    if (e->database[0] != '\0')
        cli_grid_text(g, DATABASE, e->database);
    if (e->rows >= 0)
        cli_grid_int(g, ROWS, e->rows);
    if (e->reason[0] != '\0')
        cli_grid_text(g, REASON, e->reason);
    put_begin(g, e);
    return 0;
}

static int list(const cli_args *args, cli_output *out)
{
    const cli_format *format;
    cli_progress progress;
    cli_sink sink;
    cli_grid grid;
    size_t most = ROWS_FIRST;
    int status = cli_sink_open(&sink, &format, args, out, &progress), rc;

    if (status != CLI_OK)
        return status;
    for (;; most *= 2) {
        cli_grid_init(&grid, heads, COLUMNS, most);
        rc = grid.is_short ? TDREST_OK : tdrest_spool_list(args->options, put_entry, &grid);
        if (rc != 1)
            break;
        cli_grid_clear(&grid);
    }
    status = rc < 0 ? report(args) : cli_sink_write_grid(&sink, format, &grid);
    cli_grid_clear(&grid);
    return status;
}

/* ---- drop ---- */

static int drop(const cli_args *args)
{
    int64_t removed;
    int rc = tdrest_spool_drop(args->options, &removed);

    fprintf(stderr, "(%lld file%s removed)\n", (long long)removed, removed == 1 ? "" : "s");
    return rc < 0 ? report(args) : CLI_OK;
}

int cli_spool(const cli_args *args, cli_output *out)
{
    const char *verb = args->sources[0].text;

    if (tdrest_options_set(args->options, "spool_dir", args->sources[1].text) < 0)
        return report(args);
    if (strcmp(verb, "send") == 0)
        return cli_spool_send(args);
    return strcmp(verb, "drop") == 0 ? drop(args) : list(args, out);
}

#endif
