/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Files of a spool: the input is segment 1. Its pieces lie one behind the other up to the end, and a record that is read is written as the same bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "spool/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_record(const tdri_crc32c_table *table, const char *bytes, const tdri_spool_piece *piece)
{
    tdri_buf buf;

    tdri_buf_init(&buf, &tdri_mem_default, SIZE_MAX);
    tdri_spool_put_record(&buf, table, 1, &piece->record);
    if (tdri_buf_code(&buf) != TDREST_OK || buf.len != piece->len || memcmp(buf.data, bytes + piece->from, piece->len) != 0)
        abort();
    tdri_buf_clear(&buf);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    tdri_spool_piece piece = {.from = TDRI_SPOOL_FILE_HEAD};
    tdri_crc32c_table table;

    tdri_crc32c_init(&table);
    if (tdri_spool_read_head(&table, 1, data, size) == TDRI_SPOOL_HEAD_NEWER || size < TDRI_SPOOL_FILE_HEAD)
        return 0;
    do {
        const size_t at = piece.from + piece.len;

        tdri_spool_scan(&table, 1, bytes, size, at, &piece);
        if (piece.from != at || piece.len > size - at || (piece.len == 0) != (piece.kind == TDRI_SPOOL_END))
            abort();
        if (piece.kind == TDRI_SPOOL_RECORD)
            check_record(&table, bytes, &piece);
    } while (piece.kind != TDRI_SPOOL_END);
    return 0;
}
