/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What every part of the decoder needs: failures, room for texts, cells that are NULL. Knows no JSON. */
#include "answer/decode_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int in_row(const tdri_decode *decode)
{
    return decode->state >= TDRI_AT_FIRST_ROW && decode->state <= TDRI_BEHIND_ROW;
}

const char *tdri_decode_fail(tdri_decode *decode, const char *at, int code, const char *format, ...)
{
    char message[400];
    va_list args;
    const char *hint = decode->member_text
        ? "; the server does not escape the text of tag->'key': select the whole tag instead" : "";

    va_start(args, format);
    (void)vsnprintf(message, sizeof message, format, args);
    va_end(args);
    tdri_err_set_at(decode->err, code, decode->offset + (at - decode->piece), "%s%s", message, hint);
    if (in_row(decode)) {
        decode->err->row = decode->rows_before + (int64_t)decode->block.rows;
        decode->err->column = (int)decode->column - (decode->state == TDRI_BEHIND_CELL);
    }
    decode->state = TDRI_BROKEN;
    return NULL;
}

int tdri_decode_room(tdri_decode *decode, const char *at, size_t bytes)
{
    int rc;

    if (bytes <= decode->block.arena_cap - decode->block.arena_len)
        return 1;
    if (decode->block.rows > 0) {
        decode->full = 1;
        return 0;
    }
    rc = tdri_block_grow(&decode->block, bytes);
    if (rc != TDREST_OK)
        tdri_decode_fail(decode, at, rc == TDREST_ERANGE ? TDREST_EANSWER : rc,
                         rc == TDREST_ERANGE ? "a row is longer than 2 GiB" : "out of memory for a row");
    return rc == TDREST_OK;
}

void tdri_decode_set_null(tdri_decode *decode, tdri_column *c, size_t row)
{
    tdri_column_set_null(c, row);
    if (tdri_kind_is_text(c->kind)) {
        c->offset[row] = (uint32_t)decode->block.arena_len;
        c->length[row] = 0;
        return;
    }
    memset((char *)c->values + row * tdri_kind_width(c->kind), 0, tdri_kind_width(c->kind));
    if (c->kind == TDRI_KIND_TIME) {
        c->zone_min[row] = 0;
        c->digits[row] = 0;
    }
}
