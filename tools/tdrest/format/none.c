/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Every row is read and none is written: for statements whose time or success is what matters. */
#include "format/formats.h"
#include "term/interrupt.h"

int cli_write_none(cli_sink *sink, tdrest_result *res, cli_written *written)
{
    const tdrest_block *block;
    int rc = TDREST_ROW;

    (void)sink;
    written->columns = tdrest_result_column_count(res);
    while (rc == TDREST_ROW) {
        rc = cli_interrupted() ? TDREST_ECANCELLED : tdrest_result_next_block(res, &block);
        written->rows += rc == TDREST_ROW ? tdrest_block_rows(block) : 0;
    }
    return rc;
}
