/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One value a line, `name = value` with the names aligned, under a line with the record's number. Values stay on their line: control characters are shown. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format/formats.h"
#include "format/shown.h"
#include "term/color.h"
#include "term/show.h"

enum { RULE = 40 };

typedef struct name {
    char text[CLI_SHOW_ROOM(CLI_HEAD_ROOM)];
    size_t len;
    size_t width;
} name;

typedef struct lines {
    cli_sink *sink;
    cli_output *out;
    cli_result *res;
    enum cli_look *looks;
    name *names; /* NULL: none are written */
    size_t count;
    size_t width; /* of the widest name */
} lines;

static void put_record(const lines *l, int64_t number)
{
    char text[64];
    size_t len = (size_t)snprintf(text, sizeof text, "-[ record %lld ]", (long long)number);

    if (l->sink->color)
        cli_output_text(l->out, CLI_DIM);
    cli_output_put(l->out, text, len);
    cli_output_fill(l->out, '-', len < RULE ? RULE - len : 1);
    if (l->sink->color)
        cli_output_text(l->out, CLI_PLAIN);
    cli_output_char(l->out, '\n');
}

static void put_name(const lines *l, const name *n)
{
    if (l->sink->color)
        cli_output_text(l->out, CLI_BOLD);
    cli_output_put(l->out, n->text, n->len);
    if (l->sink->color)
        cli_output_text(l->out, CLI_PLAIN);
    cli_output_fill(l->out, ' ', l->width - n->width);
    cli_output_put(l->out, " = ", 3);
}

static int put_value(const lines *l, size_t i)
{
    const char *null = cli_null(l->sink, "NULL"), *text;
    char room[CLI_CELL_ROOM];
    size_t len;
    int rc = cli_cell(l->res, i, l->looks[i], room, &text, &len);

    if (rc == TDREST_ENULL) {
        cli_put_shown(l->out, null, strlen(null), NULL);
        return TDREST_OK;
    }
    if (l->looks[i] == CLI_LOOK_BYTES && rc >= 0)
        cli_output_put(l->out, "\\x", 2);
    if (l->looks[i] < CLI_LOOK_TIME)
        cli_put_shown(l->out, text, len, NULL);
    else
        cli_output_put(l->out, text, len);
    return rc;
}

static int put_row(const lines *l)
{
    size_t i;
    int rc = TDREST_OK;

    for (i = 0; rc >= 0 && i < l->count; i++) {
        if (l->names != NULL)
            put_name(l, &l->names[i]);
        rc = put_value(l, i);
        cli_output_char(l->out, '\n');
    }
    return rc < 0 ? rc : TDREST_ROW;
}

/* 1; 0: out of memory. */
static int make_names(lines *l)
{
    char head[CLI_HEAD_ROOM];
    size_t i, len;

    l->names = calloc(l->count, sizeof *l->names);
    for (i = 0; l->names != NULL && i < l->count; i++) {
        name *n = &l->names[i];

        len = cli_head(l->sink, cli_result_column(l->res, i), head);
        n->len = cli_show(head, len, CLI_NO_LIMIT, n->text, &n->width);
        l->width = n->width > l->width ? n->width : l->width;
    }
    return l->names != NULL;
}

int cli_write_line(cli_sink *sink, cli_result *res, cli_written *written)
{
    lines l = {.sink = sink, .out = sink->out, .res = res, .count = cli_result_column_count(res)};
    int rc = TDREST_ROW;

    written->columns = l.count;
    l.looks = cli_looks(sink, res);
    if (l.looks == NULL || (!sink->style.bare && !make_names(&l)))
        rc = TDREST_ENOMEM;
    while (rc == TDREST_ROW && sink->out->error == 0 && (rc = cli_next(sink, res, written)) == TDREST_ROW) {
        if (l.names != NULL)
            put_record(&l, written->rows);
        else if (written->rows > 1)
            cli_output_char(sink->out, '\n');
        rc = put_row(&l);
    }
    free(l.names);
    free(l.looks);
    return rc;
}
