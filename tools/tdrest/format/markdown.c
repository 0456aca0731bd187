/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A table of GitHub's Markdown. Every value is a text there and nothing else: what Markdown or HTML would act on is escaped. */
#include <stdlib.h>
#include <string.h>

#include "format/formats.h"
#include "format/shown.h"

static int is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c & 0x80) != 0;
}

/* A `_` within a word means nothing. */
static int needs_backslash(const char *text, size_t i, size_t len)
{
    if (text[i] == '_')
        return i == 0 || i + 1 == len || !is_word(text[i - 1]) || !is_word(text[i + 1]);
    return strchr("\\`*[]|~$", text[i]) != NULL;
}

static void put_escaped(cli_output *out, const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (text[i] == '<' || text[i] == '>' || text[i] == '&') {
            cli_output_text(out, text[i] == '<' ? "&lt;" : text[i] == '>' ? "&gt;" : "&amp;");
            continue;
        }
        if (needs_backslash(text, i, len))
            cli_output_char(out, '\\');
        cli_output_char(out, text[i]);
    }
}

/* Blanks at the ends of a cell are lost unless they are named; a line end would end the row. */
static void put_text(cli_output *out, const char *text, size_t len)
{
    size_t last;

    for (; len > 0 && text[0] == ' '; text++, len--)
        cli_output_text(out, "&#32;");
    for (last = len; last > 0 && text[last - 1] == ' '; last--)
        ;
    cli_put_lines(out, text, last, put_escaped);
    for (; len > last; len--)
        cli_output_text(out, "&#32;");
}

static int put_cell(cli_sink *sink, cli_result *res, size_t column, enum cli_look look)
{
    const char *null = cli_null(sink, "NULL"), *text;
    char room[CLI_CELL_ROOM];
    size_t len;
    int rc = cli_cell(res, column, look, room, &text, &len);

    if (rc == TDREST_ENULL) {
        put_text(sink->out, null, strlen(null));
        return TDREST_OK;
    }
    if (rc < 0)
        return rc;
    if (look == CLI_LOOK_BYTES)
        put_escaped(sink->out, "\\x", 2);
    if (look < CLI_LOOK_TIME)
        put_text(sink->out, text, len);
    else
        cli_output_put(sink->out, text, len);
    return rc;
}

/* A table has a head; --no-header leaves it empty. */
static void put_head(const cli_sink *sink, const cli_result *res, const enum cli_look *looks, size_t count)
{
    char head[CLI_HEAD_ROOM];
    size_t i;

    for (i = 0; i < count; i++) {
        cli_output_text(sink->out, i == 0 ? "| " : " | ");
        if (!sink->style.bare)
            put_text(sink->out, head, cli_head(sink, cli_result_column(res, i), head));
    }
    cli_output_text(sink->out, " |\n");
    for (i = 0; i < count; i++)
        cli_output_text(sink->out, looks[i] >= CLI_LOOK_EPOCH ? "| ---: " : "| --- ");
    cli_output_text(sink->out, "|\n");
}

int cli_write_markdown(cli_sink *sink, cli_result *res, cli_written *written)
{
    size_t i, count = cli_result_column_count(res);
    enum cli_look *looks = cli_looks(sink, res);
    int rc = looks == NULL ? TDREST_ENOMEM : TDREST_ROW;

    written->columns = count;
    if (looks != NULL)
        put_head(sink, res, looks, count);
    while (rc == TDREST_ROW && sink->out->error == 0 && (rc = cli_next(sink, res, written)) == TDREST_ROW) {
        for (i = 0; rc >= 0 && i < count; i++) {
            cli_output_text(sink->out, i == 0 ? "| " : " | ");
            rc = put_cell(sink, res, i, looks[i]);
        }
        cli_output_text(sink->out, " |\n");
        rc = rc < 0 ? rc : TDREST_ROW;
    }
    free(looks);
    return rc;
}
