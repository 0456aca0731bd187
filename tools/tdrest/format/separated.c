/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * One row a line: csv, comma-separated values as RFC 4180 has them with lines ended by LF, and tsv, tab-separated values with
 * backslash escapes. Knows nothing of terminals.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/formats.h"

/* A writer of one kind of file. */
typedef struct kind {
    char separator;
    const char *null;
    void (*put)(cli_output *out, const char *text, size_t len, const char *null);
} kind;

typedef struct cells {
    const kind *kind;
    cli_output *out;
    tdrest_result *res;
    const char *null;
    size_t null_len;
    enum cli_look *looks;
    size_t count;
} cells;

static int is_null_text(const char *text, size_t len, const char *null)
{
    return len != 0 && text[0] == null[0] && text[0] != '\\' && strlen(null) == len && memcmp(null, text, len) == 0;
}

/* An empty field is NULL, and so is what --null names: the text that is the same stands in quotes. */
static int needs_quotes(const char *text, size_t len, const char *null)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (text[i] == '"' || text[i] == ',' || text[i] == '\n' || text[i] == '\r')
            return 1;
    return len == 0 || (null[0] == text[0] && strlen(null) == len && memcmp(null, text, len) == 0);
}

static void put_quoted(cli_output *out, const char *text, size_t len, const char *null)
{
    const char *quote;
    size_t run;

    if (!needs_quotes(text, len, null)) {
        cli_output_put(out, text, len);
        return;
    }
    cli_output_char(out, '"');
    while ((quote = len == 0 ? NULL : memchr(text, '"', len)) != NULL) {
        run = (size_t)(quote - text) + 1;
        cli_output_put(out, text, run);
        cli_output_char(out, '"');
        text += run;
        len -= run;
    }
    cli_output_put(out, text, len);
    cli_output_char(out, '"');
}

static void put_escaped(cli_output *out, const char *text, size_t len, const char *null)
{
    char digits[8];
    size_t i;

    if (is_null_text(text, len, null)) { /* the same text is told apart by its first byte; \N needs none of it: its backslash is doubled */
        cli_output_put(out, digits, (size_t)snprintf(digits, sizeof digits, "\\x%02x", (unsigned)(unsigned char)text[0]));
        text++;
        len--;
    }
    for (i = 0; i < len; i++) {
        switch (text[i]) {
        case '\t': cli_output_put(out, "\\t", 2); break;
        case '\n': cli_output_put(out, "\\n", 2); break;
        case '\r': cli_output_put(out, "\\r", 2); break;
        case '\\': cli_output_put(out, "\\\\", 2); break;
        default: cli_output_char(out, text[i]); break;
        }
    }
}

static void put_header(const cells *c, const cli_sink *sink)
{
    char room[CLI_HEAD_ROOM];
    size_t i, len;

    for (i = 0; i < c->count; i++) {
        len = cli_head(sink, tdrest_result_column(c->res, i), room);
        if (i != 0)
            cli_output_char(c->out, c->kind->separator);
        c->kind->put(c->out, room, len, c->null);
    }
    cli_output_char(c->out, '\n');
}

static int put_cell(const cells *c, size_t i)
{
    char room[CLI_CELL_ROOM];
    const char *text;
    size_t len;
    int rc = cli_cell(c->res, i, c->looks[i], room, &text, &len);

    if (rc == TDREST_ENULL) {
        cli_output_put(c->out, c->null, c->null_len);
        return TDREST_OK;
    }
    if (rc < 0)
        return rc;
    if (c->looks[i] == CLI_LOOK_TEXT || c->looks[i] == CLI_LOOK_JSON) {
        c->kind->put(c->out, text, len, c->null);
        return TDREST_OK;
    }
    if (c->looks[i] == CLI_LOOK_BYTES)
        c->kind->put(c->out, "\\x", 2, "");
    cli_output_put(c->out, text, len);
    return TDREST_OK;
}

static int put_row(const cells *c)
{
    size_t i;
    int rc = TDREST_OK;

    for (i = 0; rc >= 0 && i < c->count; i++) {
        if (i != 0)
            cli_output_char(c->out, c->kind->separator);
        rc = put_cell(c, i);
    }
    cli_output_char(c->out, '\n');
    return rc < 0 ? rc : TDREST_ROW;
}

/* Row by row: a cell's text is made where it is asked for, which costs less than telling all types apart here. */
static int write_kind(const kind *k, cli_sink *sink, tdrest_result *res, cli_written *written)
{
    cells c = {.kind = k, .out = sink->out, .res = res, .null = cli_null(sink, k->null)};
    int rc = TDREST_ROW;

    c.null_len = strlen(c.null);
    c.count = written->columns = tdrest_result_column_count(res);
    c.looks = cli_looks(sink, res);
    if (c.looks == NULL)
        return TDREST_ENOMEM;
    if (!sink->style.bare)
        put_header(&c, sink);
    while (rc == TDREST_ROW && sink->out->error == 0 && (rc = cli_next(sink, res, written)) == TDREST_ROW) {
        rc = put_row(&c);
    }
    free(c.looks);
    return rc;
}

int cli_write_csv(cli_sink *sink, tdrest_result *res, cli_written *written)
{
    static const kind csv = {',', "", put_quoted};

    return write_kind(&csv, sink, res, written);
}

int cli_write_tsv(cli_sink *sink, tdrest_result *res, cli_written *written)
{
    static const kind tsv = {'\t', "\\N", put_escaped};

    return write_kind(&tsv, sink, res, written);
}
