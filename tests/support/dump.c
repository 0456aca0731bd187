/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Drives the decoder and writes down what it made. Knows no expectation. */
#include "dump.h"

#include "base/number.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct dump {
    tdri_buf *out;
    int columns_written;
} dump;

static void put_hex(tdri_buf *out, uint64_t bits)
{
    char text[24];

    snprintf(text, sizeof text, "%" PRIx64, bits);
    tdri_buf_add_text(out, text);
}

/* The bytes of a value as a number, whichever way around the machine keeps them. */
static uint64_t bits_of(const void *value, size_t width)
{
    uint8_t one;
    uint16_t two;
    uint32_t four;
    uint64_t bits = 0;

    switch (width) {
    case sizeof one:
        memcpy(&one, value, sizeof one);
        return one;
    case sizeof two:
        memcpy(&two, value, sizeof two);
        return two;
    case sizeof four:
        memcpy(&four, value, sizeof four);
        return four;
    default:
        memcpy(&bits, value, sizeof bits);
        return bits;
    }
}

static void put_cell(tdri_buf *out, const tdri_column *c, size_t row, const char *arena)
{
    size_t width = tdri_kind_width(c->kind);

    if (tdri_column_is_null(c, row))
        tdri_buf_add_text(out, "NULL ");
    if (width == 0) {
        if (c->length[row] != 0)
            tdri_buf_add(out, arena + c->offset[row], c->length[row]);
        if (!tdri_column_is_null(c, row) && arena[c->offset[row] + c->length[row]] != '\0')
            tdri_buf_add_text(out, "<no NUL behind>");
        return;
    }
    put_hex(out, bits_of((const char *)c->values + row * width, width));
    if (c->kind == TDRI_KIND_TIME) {
        tdri_buf_add_char(out, '@');
        tdri_buf_add_int(out, c->zone_min[row]);
        tdri_buf_add_char(out, '.');
        tdri_buf_add_int(out, c->digits[row]);
    }
}

static void put_columns(tdri_buf *out, const tdrest_block *block)
{
    for (size_t i = 0; i < block->column_count; i++) {
        const tdrest_column *c = &block->columns[i].pub;

        tdri_buf_add(out, c->name, c->name_len);
        tdri_buf_add_char(out, ' ');
        tdri_buf_add_text(out, c->type_name);
        tdri_buf_add_int(out, c->type);
        tdri_buf_add_char(out, ',');
        tdri_buf_add_int(out, c->declared);
        tdri_buf_add_char(out, ';');
    }
    tdri_buf_add_char(out, '\n');
}

static void write_block(void *context, const tdri_decode *decode)
{
    dump *d = (dump *)context;
    const tdrest_block *block = &decode->block;

    if (!d->columns_written)
        put_columns(d->out, block);
    d->columns_written = 1;
    for (size_t row = 0; row < block->rows; row++) {
        for (size_t i = 0; i < block->column_count; i++) {
            put_cell(d->out, &block->columns[i], row, block->arena);
            tdri_buf_add_char(d->out, '|');
        }
        tdri_buf_add_char(d->out, '\n');
    }
}

/* One piece, in an allocation of its own size, so that a read beyond it is seen by the tools that look for that. */
static int offer(tdri_decode *decode, const char *bytes, size_t len, const tdrt_cuts *cuts, tdrt_on_block *on_block,
                 void *context, tdrest_error *err)
{
    char *piece = (char *)malloc(len == 0 ? 1 : len);

    if (piece == NULL)
        abort();
    memcpy(piece, bytes, len);
    for (size_t at = 0; at < len && decode->state != TDRI_BROKEN;) {
        at += tdri_decode_feed(decode, piece + at, len - at, err);
        if (decode->full || (cuts->hand_out && decode->block.rows > 0)) {
            on_block(context, decode);
            tdri_decode_recycle(decode);
        }
    }
    free(piece);
    return decode->state != TDRI_BROKEN;
}

int tdrt_decode_blocks(const char *body, size_t len, const tdrt_cuts *cuts, const tdrest_allocator *mem,
                       tdrt_on_block *on_block, void *context, tdrest_error *err)
{
    const tdri_decode_limits limits = {cuts->block_bytes == 0 ? 131072 : cuts->block_bytes, 16777216};
    tdri_decode decode;
    size_t at = 0, next = cuts->first == 0 || cuts->first > len ? len : cuts->first;
    int rc;

    tdri_err_reset(err);
    tdri_decode_init(&decode, mem, &limits);
    while (at < len) {
        if (!offer(&decode, body + at, next - at, cuts, on_block, context, err))
            break;
        at = next;
        next = cuts->step == 0 || len - at < cuts->step ? len : at + cuts->step;
    }
    if (decode.block.rows > 0 || tdri_decode_has_columns(&decode))
        on_block(context, &decode);
    rc = tdri_decode_end(&decode, err);
    if (rc == TDREST_OK && tdri_decode_has_columns(&decode))
        rc = TDREST_DONE;
    tdri_decode_clear(&decode);
    return rc;
}

int tdrt_decode(const char *body, size_t len, const tdrt_cuts *cuts, const tdrest_allocator *mem, tdri_buf *out, tdrest_error *err)
{
    char text[128];
    tdri_buf scratch;
    dump d = {out, 0};
    int rc;

    tdri_buf_init(&scratch, &tdri_mem_default, SIZE_MAX / 2);
    if (out == NULL)
        d.out = &scratch;
    rc = tdrt_decode_blocks(body, len, cuts, mem, write_block, &d, err);
    snprintf(text, sizeof text, "rc %d at %" PRId64 " row %" PRId64 " column %d: ", rc, err->offset, err->row, err->column);
    tdri_buf_add_text(d.out, text);
    tdri_buf_add_text(d.out, err->message);
    tdri_buf_clear(&scratch);
    return rc;
}
