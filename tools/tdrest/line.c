/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* One value a line, `name = value`, with an empty line between rows. Values stay on their line: control characters are shown. */
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "show.h"

enum { SLICE = 1024 };

/* A long text goes by slices, which end between characters. */
static void put_shown(cli_output *out, const char *text, size_t len)
{
    char shown[CLI_SHOW_ROOM(SLICE)];
    size_t n, back, width;

    for (; len != 0; text += n, len -= n) {
        n = len < SLICE ? len : SLICE;
        for (back = 0; n < len && back < 3 && (text[n - back] & 0xC0) == 0x80; back++)
            ;
        n -= back;
        cli_output_put(out, shown, cli_show(text, n, CLI_NO_LIMIT, shown, &width));
    }
}

static int put_value(cli_sink *sink, tdrest_result *res, size_t i, enum cli_look look)
{
    const char *null = sink->style.null == NULL ? "NULL" : sink->style.null, *text;
    char room[CLI_CELL_ROOM];
    size_t len;
    int rc = cli_cell(res, i, look, room, &text, &len);

    if (rc == TDREST_ENULL) {
        cli_output_put(sink->out, null, strlen(null));
        return TDREST_OK;
    }
    if (look == CLI_LOOK_BYTES && rc >= 0)
        cli_output_put(sink->out, "\\x", 2);
    if (look < CLI_LOOK_TIME)
        put_shown(sink->out, text, len);
    else
        cli_output_put(sink->out, text, len);
    return rc;
}

static int put_row(cli_sink *sink, tdrest_result *res, const enum cli_look *looks, size_t count)
{
    size_t i;
    int rc = TDREST_OK;

    for (i = 0; rc >= 0 && i < count; i++) {
        const tdrest_column *column = tdrest_result_column(res, i);

        if (!sink->style.bare) {
            put_shown(sink->out, column->name, column->name_len);
            cli_output_put(sink->out, " = ", 3);
        }
        rc = put_value(sink, res, i, looks[i]);
        cli_output_char(sink->out, '\n');
    }
    return rc < 0 ? rc : TDREST_ROW;
}

static int write_line(cli_sink *sink, tdrest_result *res, cli_written *written)
{
    enum cli_look *looks = cli_looks(sink, res);
    int rc = looks == NULL ? TDREST_ENOMEM : TDREST_ROW;

    written->columns = tdrest_result_column_count(res);
    while (rc == TDREST_ROW && sink->out->error == 0 && (rc = cli_next(res)) == TDREST_ROW) {
        if (written->rows++ != 0)
            cli_output_char(sink->out, '\n');
        rc = put_row(sink, res, looks, written->columns);
    }
    free(looks);
    return rc;
}

const cli_format cli_line = {"line", 0, 1, write_line};
