/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A table element for a page of any look; every value is text there and nothing else. */
#include <stdlib.h>
#include <string.h>

#include "format/formats.h"
#include "format/shown.h"
#include "term/escape.h"

#define RIGHT " style=\"text-align:right\""

static void put_text(cli_output *out, const char *text, size_t len)
{
    cli_put_lines(out, text, len, cli_put_html);
}

static int put_cell(cli_sink *sink, cli_result *res, size_t column, enum cli_look look)
{
    const char *null = cli_null(sink, "NULL"), *text;
    char room[CLI_CELL_ROOM];
    size_t len;
    int rc = cli_cell(res, column, look, room, &text, &len);

    if (rc == TDREST_ENULL) {
        cli_output_text(sink->out, "<td class=\"null\"><i>");
        put_text(sink->out, null, strlen(null));
        cli_output_text(sink->out, "</i></td>");
        return TDREST_OK;
    }
    if (rc < 0)
        return rc;
    cli_output_text(sink->out, look >= CLI_LOOK_EPOCH ? "<td" RIGHT ">" : "<td>");
    if (look == CLI_LOOK_BYTES)
        cli_output_text(sink->out, "\\x");
    if (look < CLI_LOOK_TIME)
        put_text(sink->out, text, len);
    else
        cli_output_put(sink->out, text, len);
    cli_output_text(sink->out, "</td>");
    return rc;
}

static void put_head(const cli_sink *sink, const cli_result *res, const enum cli_look *looks, size_t count)
{
    size_t i;

    cli_output_text(sink->out, "<thead>\n<tr>");
    for (i = 0; i < count; i++) {
        const tdrest_column *column = cli_result_column(res, i);

        cli_output_text(sink->out, looks[i] >= CLI_LOOK_EPOCH ? "<th scope=\"col\"" RIGHT ">" : "<th scope=\"col\">");
        put_text(sink->out, column->name, column->name_len);
        if (sink->style.types) {
            cli_output_text(sink->out, "<br><small>");
            put_text(sink->out, column->type_name, strlen(column->type_name));
            cli_output_text(sink->out, "</small>");
        }
        cli_output_text(sink->out, "</th>");
    }
    cli_output_text(sink->out, "</tr>\n</thead>\n");
}

int cli_write_html(cli_sink *sink, cli_result *res, cli_written *written)
{
    size_t i, count = cli_result_column_count(res);
    enum cli_look *looks = cli_looks(sink, res);
    int rc = looks == NULL ? TDREST_ENOMEM : TDREST_ROW;

    written->columns = count;
    cli_output_text(sink->out, "<table>\n");
    if (looks != NULL && !sink->style.bare)
        put_head(sink, res, looks, count);
    cli_output_text(sink->out, "<tbody>\n");
    while (rc == TDREST_ROW && sink->out->error == 0 && (rc = cli_next(sink, res, written)) == TDREST_ROW) {
        cli_output_text(sink->out, "<tr>");
        for (i = 0; rc >= 0 && i < count; i++)
            rc = put_cell(sink, res, i, looks[i]);
        cli_output_text(sink->out, "</tr>\n");
        rc = rc < 0 ? rc : TDREST_ROW;
    }
    if (rc == TDREST_DONE) /* a table that a failure cuts is not closed */
        cli_output_text(sink->out, "</tbody>\n</table>\n");
    free(looks);
    return rc;
}
