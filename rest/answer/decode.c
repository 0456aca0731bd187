/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The decoder's frame: what state takes the next byte, and how an answer ends. Knows no types. */
#include "answer/decode_parts.h"

#include <string.h>

const unsigned char tdri_decode_stray[TDRI_STRAY_BYTES] = {
    0x1f, 0x8b, 0x08, 0, 0, 0, 0, 0, 0, 0xff, 0x01, 0, 0, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0,
};

void tdri_decode_init(tdri_decode *decode, const tdrest_allocator *mem, const tdri_decode_limits *limits)
{
    memset(decode, 0, sizeof *decode);
    tdri_block_init(&decode->block, mem);
    tdri_buf_init(&decode->text, mem, TDRI_HEAD_MAX);
    decode->limits = *limits;
    decode->timing_ns = -1;
}

void tdri_decode_clear(tdri_decode *decode)
{
    tdri_block_clear(&decode->block);
    tdri_buf_clear(&decode->text);
}

static const char *other(tdri_decode *decode, const char *p, const char *end)
{
    size_t room = TDRI_OTHER_MAX > decode->text.len ? TDRI_OTHER_MAX - decode->text.len : 0;

    tdri_buf_add(&decode->text, p, (size_t)(end - p) < room ? (size_t)(end - p) : room);
    return tdri_buf_code(&decode->text) == TDREST_OK
        ? end : tdri_decode_fail(decode, p, TDREST_ENOMEM, "out of memory for the answer");
}

/* At `[`: a row begins, if the block has one left. */
static const char *row_start(tdri_decode *decode, const char *p)
{
    if (decode->block.rows == decode->block.row_cap) {
        decode->full = 1;
        return p;
    }
    decode->member_text = 0;
    decode->state = TDRI_AT_CELL;
    return p + 1;
}

static const char *at_row(tdri_decode *decode, const char *p)
{
    if (tdri_json_is_space(*p))
        return p + 1;
    if (*p == '[')
        return row_start(decode, p);
    if (*p == ']' && decode->state == TDRI_AT_FIRST_ROW) {
        decode->state = TDRI_IN_TAIL;
        return p + 1;
    }
    return tdri_decode_fail(decode, p, TDREST_EANSWER, *p == '{'
        ? "a row is an object (row_with_meta); expected an array" : "expected a row");
}

static const char *behind_cell(tdri_decode *decode, const char *p)
{
    tdrest_block *block = &decode->block;

    if (tdri_json_is_space(*p))
        return p + 1;
    if (*p == ',' && decode->column < block->column_count) {
        decode->state = TDRI_AT_CELL;
        return p + 1;
    }
    if (*p == ']' && decode->column == block->column_count) {
        tdri_decode_row_done(decode);
        decode->state = TDRI_BEHIND_ROW;
        return p + 1;
    }
    if (*p == ',' || *p == ']')
        return tdri_decode_fail(decode, p, TDREST_EANSWER, "the row has %s cells than the %zu columns",
                                *p == ',' ? "more" : "fewer", block->column_count);
    return tdri_decode_fail(decode, p, TDREST_EANSWER, "a cell is followed by neither comma nor bracket");
}

static const char *behind_row(tdri_decode *decode, const char *p)
{
    if (tdri_json_is_space(*p))
        return p + 1;
    if (*p == ',')
        decode->state = TDRI_AT_ROW;
    else if (*p == ']')
        decode->state = TDRI_IN_TAIL;
    else
        return tdri_decode_fail(decode, p, TDREST_EANSWER, "a row is followed by neither comma nor bracket");
    return p + 1;
}

static const char *at_end(tdri_decode *decode, const char *p)
{
    if (decode->stray < TDRI_STRAY_BYTES && (unsigned char)*p == tdri_decode_stray[decode->stray]) {
        decode->stray++;
        return p + 1;
    }
    if (tdri_json_is_space(*p) && (decode->stray == 0 || decode->stray == TDRI_STRAY_BYTES))
        return p + 1;
    return tdri_decode_fail(decode, p, TDREST_EANSWER, "bytes follow the end of the answer");
}

static const char *feed_state(tdri_decode *decode, const char *p, const char *end)
{
    switch (decode->state) {
    case TDRI_IN_HEAD: return tdri_decode_head(decode, p, end);
    case TDRI_IN_OTHER: return other(decode, p, end);
    case TDRI_AT_FIRST_ROW:
    case TDRI_AT_ROW: return at_row(decode, p);
    case TDRI_AT_CELL: return tdri_decode_cell(decode, p, end);
    case TDRI_IN_TEXT: return tdri_decode_text(decode, p, end);
    case TDRI_IN_ESCAPE: return tdri_decode_escape(decode, p, end);
    case TDRI_IN_RAW: return tdri_decode_raw(decode, p, end);
    case TDRI_BEHIND_CELL: return behind_cell(decode, p);
    case TDRI_BEHIND_ROW: return behind_row(decode, p);
    case TDRI_IN_TAIL: return tdri_decode_tail(decode, p, end);
    case TDRI_AT_END: return at_end(decode, p);
    case TDRI_BROKEN: break;
    }
    return end;
}

size_t tdri_decode_feed(tdri_decode *decode, const char *bytes, size_t len, tdrest_error *err)
{
    const char *p = bytes, *end = bytes + len;

    decode->err = err;
    decode->piece = bytes;
    while (p != NULL && p < end && !decode->full)
        p = feed_state(decode, p, end);
    if (p == NULL)
        p = end;
    decode->offset += p - bytes;
    tdri_block_publish(&decode->block);
    return (size_t)(p - bytes);
}

int tdri_decode_end(tdri_decode *decode, tdrest_error *err)
{
    decode->err = err;
    decode->piece = NULL;
    if (decode->state == TDRI_BROKEN)
        return err->code;
    if (tdri_decode_is_other(decode))
        return TDREST_OK;
    if (decode->state == TDRI_AT_END && (decode->stray == 0 || decode->stray == TDRI_STRAY_BYTES))
        return TDREST_OK;
    tdri_decode_fail(decode, NULL, TDREST_EANSWER, "the answer is truncated after %lld bytes and %lld rows",
                     (long long)decode->offset, (long long)(decode->rows_before + (int64_t)decode->block.rows));
    return TDREST_EANSWER;
}

int tdri_decode_has_columns(const tdri_decode *decode)
{
    return decode->block.row_cap > 0;
}

int tdri_decode_has_enough(const tdri_decode *decode)
{
    return decode->state == TDRI_IN_OTHER && decode->text.len == TDRI_OTHER_MAX;
}

int tdri_decode_is_other(const tdri_decode *decode)
{
    return decode->state == TDRI_IN_HEAD || decode->state == TDRI_IN_OTHER;
}

void tdri_decode_recycle(tdri_decode *decode)
{
    decode->rows_before += (int64_t)decode->block.rows;
    tdri_block_recycle(&decode->block, decode->column);
    tdri_block_publish(&decode->block);
    decode->full = 0;
}

int tdri_decode_split(tdri_decode *decode, const tdri_block_size *size, tdrest_block *out)
{
    int rc = tdri_block_split(&decode->block, decode->column, size, out);

    if (rc != TDREST_OK)
        return rc;
    decode->rows_before += (int64_t)out->rows;
    tdri_block_publish(&decode->block);
    decode->full = 0;
    return TDREST_OK;
}
