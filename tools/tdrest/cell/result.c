/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The rows that a format writes. A grid's values are read from its columns. */
#include "cell/result.h"

#include <string.h>

#include "cell/digits.h"

void cli_result_close(cli_result *r)
{
    if (r->stream.release != NULL)
        r->stream.release(&r->stream);
    else
        tdrest_result_free(r->res);
    r->res = NULL;
}

int cli_result_text(cli_result *r, size_t column, const char **text, size_t *len)
{
    const tdrest_column *c;
    int64_t row = r->next - 1;

    if (r->res != NULL)
        return tdrest_result_text(r->res, column, text, len);
    c = &r->grid->columns[column].view;
    *text = "";
    if (len != NULL)
        *len = 0;
    if ((c->validity[row >> 3] >> (row & 7) & 1) == 0)
        return TDREST_ENULL;
    if (c->type == TDREST_TYPE_VARCHAR) {
        *text = c->bytes + c->offset[row];
    } else {
        *cli_put_int(r->room, ((const int64_t *)c->values)[row]) = '\0';
        *text = r->room;
    }
    if (len != NULL)
        *len = c->type == TDREST_TYPE_VARCHAR ? c->length[row] : strlen(r->room);
    return TDREST_OK;
}

/* No column of a grid is of such a type, so that these are called for results of statements only. */

int cli_result_time(const cli_result *r, size_t column, int64_t *value, int *precision)
{
    return tdrest_result_time(r->res, column, value, precision);
}

int cli_result_double(const cli_result *r, size_t column, double *value)
{
    return tdrest_result_double(r->res, column, value);
}

int cli_result_next_block(cli_result *r, int64_t *rows)
{
    const tdrest_block *block;
    int rc;

    *rows = 0;
    if (r->res != NULL) {
        rc = tdrest_result_next_block(r->res, &block);
        *rows = rc == TDREST_ROW ? tdrest_block_rows(block) : 0;
        return rc;
    }
    *rows = r->grid->rows - r->next;
    r->next = r->grid->rows;
    return *rows > 0 ? TDREST_ROW : TDREST_DONE;
}
