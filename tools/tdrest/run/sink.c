/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Where results go, by the command line. Knows nothing of what is in them. */
#include "run/sink.h"

#include <string.h>

#include "format/formats.h"
#include "term/report.h"

static int check_format(const cli_sink *sink, const cli_format *f, const cli_args *args)
{
    const char *null = sink->style.null;

    if (f->binary && sink->size.columns != 0 && !cli_exports_folder(args))
        return cli_usage("format %s is binary and is not written to a terminal: -o FILE, or a pipe", f->name);
    if (sink->style.types && !f->typed)
        return cli_usage("option --types: %s has no header for them", f->name);
    if (null != NULL && f->null_excludes != NULL && null[strcspn(null, f->null_excludes)] != '\0')
        return cli_usage("option --null: in %s its text would be quoted or escaped, and not mean NULL", f->name);
    return CLI_OK;
}

int cli_sink_open(cli_sink *sink, const cli_format **format, const cli_args *args, cli_output *out, cli_progress *progress)
{
    cli_size size = cli_terminal_size(out->fd);

    *sink = (cli_sink){.out = out, .style = args->style, .size = size, .picture = args->svg != NULL ? out : NULL, .progress = progress};
    sink->style.ascii |= !cli_terminal_is_utf8();
    sink->color = args->color == CLI_ALWAYS || (args->color == CLI_AUTO && cli_terminal_has_color(out->fd));
    *format = args->format != NULL ? args->format : cli_format_find(size.columns != 0 ? "table" : "csv");
    /* A terminal that shows the rows shows by them how far it is. */
    cli_progress_begin(progress, args->progress != CLI_NEVER && size.columns == 0, args->progress == CLI_ALWAYS);
    return check_format(sink, *format, args);
}

int cli_sink_write_grid(cli_sink *sink, const cli_format *format, const cli_grid *grid)
{
    const cli_place nowhere = {.number = 0};
    cli_result rows = {.grid = grid};
    cli_written written = {.rows = 0};
    int rc = grid->is_short ? TDREST_ENOMEM : format->write(sink, &rows, &written);

    if (rc >= 0)
        return CLI_OK;
    return cli_report_code(rc, written.refusal != NULL ? written.refusal : tdrest_code_text(rc), &nowhere);
}
