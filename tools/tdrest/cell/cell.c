/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What all formats agree on. Knows nothing of their layout. */
#include "cell/cell.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "term/interrupt.h"

/* A look at the clock is not free. */
enum { ROWS_PER_LOOK = 1024 };

static enum cli_look look_of(int type, int epoch)
{
    switch (type) {
    case TDREST_TYPE_TINYINT:
    case TDREST_TYPE_SMALLINT:
    case TDREST_TYPE_INT:
    case TDREST_TYPE_BIGINT:
    case TDREST_TYPE_UTINYINT:
    case TDREST_TYPE_USMALLINT:
    case TDREST_TYPE_UINT:
    case TDREST_TYPE_UBIGINT:
    case TDREST_TYPE_FLOAT:
    case TDREST_TYPE_DOUBLE: return CLI_LOOK_NUMBER;
    case TDREST_TYPE_DECIMAL: return CLI_LOOK_DECIMAL;
    case TDREST_TYPE_BOOL: return CLI_LOOK_BOOL;
    case TDREST_TYPE_TIMESTAMP: return epoch ? CLI_LOOK_EPOCH : CLI_LOOK_TIME;
    case TDREST_TYPE_VARBINARY:
    case TDREST_TYPE_GEOMETRY:
    case TDREST_TYPE_BLOB: return CLI_LOOK_BYTES;
    case TDREST_TYPE_JSON:
    case TDREST_TYPE_UNKNOWN: return CLI_LOOK_JSON;
    default: return CLI_LOOK_TEXT;
    }
}

enum cli_look *cli_looks(const cli_sink *sink, const cli_result *res)
{
    size_t i, count = cli_result_column_count(res);
    enum cli_look *looks = malloc(count * sizeof *looks);

    for (i = 0; looks != NULL && i < count; i++)
        looks[i] = look_of(cli_result_column(res, i)->type, sink->style.epoch);
    return looks;
}

int cli_cell(cli_result *res, size_t column, enum cli_look look, char room[CLI_CELL_ROOM], const char **text, size_t *len)
{
    int64_t count;
    int rc;

    if (look != CLI_LOOK_EPOCH)
        return cli_result_text(res, column, text, len);
    rc = cli_result_time(res, column, &count, NULL);
    *len = rc < 0 ? 0 : (size_t)snprintf(room, CLI_CELL_ROOM, "%" PRId64, count);
    *text = rc < 0 ? "" : room;
    return rc;
}

int cli_next_any(cli_sink *sink, cli_result *res, cli_written *written)
{
    int rc;

    if (cli_interrupted())
        return TDREST_ECANCELLED;
    rc = cli_result_next(res);
    if (rc == TDREST_ROW && ++written->rows % ROWS_PER_LOOK == 0)
        cli_progress_tell(sink->progress, "row", written->rows, sink->out->bytes_before + (int64_t)sink->out->len);
    return rc;
}

int cli_next(cli_sink *sink, cli_result *res, cli_written *written)
{
    int rc;

    while ((rc = cli_next_any(sink, res, written)) == TDREST_ROW && !cli_result_wants(res))
        written->rows--;
    return rc;
}

const char *cli_null(const cli_sink *sink, const char *usual)
{
    return sink->style.null == NULL ? usual : sink->style.null;
}

size_t cli_head(const cli_sink *sink, const tdrest_column *column, char room[CLI_HEAD_ROOM])
{
    int n = snprintf(room, CLI_HEAD_ROOM, sink->style.types ? "%s (%s)" : "%s", column->name, column->type_name);

    return n < 0 ? 0 : n < CLI_HEAD_ROOM ? (size_t)n : CLI_HEAD_ROOM - 1;
}
