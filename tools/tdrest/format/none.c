/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Every row is read and none is written: for statements whose time or success is what matters. */
#include "format/formats.h"
#include "term/interrupt.h"

int cli_write_none(cli_sink *sink, cli_result *res, cli_written *written)
{
    int64_t rows;
    int rc = TDREST_ROW;

    written->columns = cli_result_column_count(res);
    while (res->wants != NULL && rc == TDREST_ROW)
        rc = cli_next(sink, res, written);
    while (rc == TDREST_ROW) {
        rc = cli_interrupted() ? TDREST_ECANCELLED : cli_result_next_block(res, &rows);
        written->rows += rc == TDREST_ROW ? rows : 0;
    }
    return rc;
}
