/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Comma-separated values as RFC 4180 has them, lines ended by LF. Knows nothing of terminals. */
#include <stdlib.h>
#include <string.h>

#include "format.h"

static int needs_quotes(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (text[i] == '"' || text[i] == ',' || text[i] == '\n' || text[i] == '\r')
            return 1;
    return len == 0; /* an empty field is NULL */
}

static void put_text(cli_output *out, const char *text, size_t len)
{
    const char *quote;
    size_t run;

    if (!needs_quotes(text, len)) {
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

static void put_header(cli_output *out, const tdrest_result *res, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const tdrest_column *column = tdrest_result_column(res, i);

        if (i != 0)
            cli_output_char(out, ',');
        put_text(out, column->name, column->name_len);
    }
    cli_output_char(out, '\n');
}

static int put_row(cli_output *out, tdrest_result *res, const enum cli_look *looks, size_t count)
{
    const char *text;
    size_t i, len;
    int rc;

    for (i = 0; i < count; i++) {
        if (i != 0)
            cli_output_char(out, ',');
        rc = tdrest_result_text(res, i, &text, &len);
        if (rc == TDREST_ENULL)
            continue;
        if (rc < 0)
            return rc;
        if (looks[i] == CLI_LOOK_TEXT) {
            put_text(out, text, len);
            continue;
        }
        if (looks[i] == CLI_LOOK_BYTES)
            cli_output_put(out, "\\x", 2);
        cli_output_put(out, text, len);
    }
    cli_output_char(out, '\n');
    return TDREST_OK;
}

/* Row by row: a cell's text is made where it is asked for, which costs less than telling all types apart here. */
static int write_csv(cli_output *out, tdrest_result *res, size_t columns, cli_written *written)
{
    size_t i, count = tdrest_result_column_count(res);
    enum cli_look *looks = malloc(count * sizeof *looks);
    int rc = looks == NULL ? TDREST_ENOMEM : TDREST_OK;

    (void)columns;
    for (i = 0; rc >= 0 && i < count; i++)
        looks[i] = cli_look_of(tdrest_result_column(res, i)->type);
    if (rc >= 0)
        put_header(out, res, count);
    written->columns = count;
    while (rc >= 0 && out->error == 0 && (rc = tdrest_result_next(res)) == TDREST_ROW) {
        rc = put_row(out, res, looks, count);
        written->rows += rc >= 0;
    }
    free(looks);
    return rc;
}

const cli_format cli_csv = {"csv", 0, write_csv};
