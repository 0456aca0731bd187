/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The library's side of the comparison: every cell of every block read once. */
#include "bench/reader.h"

#include "answer/decode.h"

#include <stdlib.h>
#include <string.h>

enum { PIECE = 16384, HEADER = 16 };

/* An allocator that knows how much is out. */
static void *count_resize(void *context, void *old, size_t bytes)
{
    tdrt_reading *r = (tdrt_reading *)context;
    static int64_t now;
    char *p = old == NULL ? NULL : (char *)old - HEADER;
    size_t before = 0;

    if (p != NULL)
        memcpy(&before, p, sizeof before);
    if (bytes == 0) {
        now -= (int64_t)before;
        free(p);
        return NULL;
    }
    p = realloc(p, bytes + HEADER);
    if (p == NULL)
        return NULL;
    memcpy(p, &bytes, sizeof bytes);
    now += (int64_t)bytes - (int64_t)before;
    r->allocations++;
    if (now > r->peak_heap)
        r->peak_heap = now;
    return p + HEADER;
}

static void *count_alloc(void *context, size_t bytes)
{
    return count_resize(context, NULL, bytes);
}

static void count_release(void *context, void *old)
{
    if (old != NULL)
        (void)count_resize(context, old, 0);
}

static double sum_column(const tdrest_column *c)
{
    int64_t sum = 0;

    for (int64_t i = 0; c->type == TDREST_TYPE_INT && i < c->count; i++)
        sum += ((const int32_t *)c->values)[i];
    for (int64_t i = 0; c->type == TDREST_TYPE_BIGINT && i < c->count; i++)
        sum += ((const int64_t *)c->values)[i] % 1000;
    for (int64_t i = 0; c->type == TDREST_TYPE_USMALLINT && i < c->count; i++)
        sum += ((const uint16_t *)c->values)[i];
    for (int64_t i = 0; c->type == TDREST_TYPE_FLOAT && i < c->count; i++)
        sum += ((const float *)c->values)[i] > 5.0f;
    for (int64_t i = 0; c->type == TDREST_TYPE_DOUBLE && i < c->count; i++)
        sum += ((const double *)c->values)[i] > 5.0;
    return (double)sum;
}

static void read_block(const tdrest_block *block, tdrt_reading *out)
{
    int64_t times = 0;

    out->rows += tdrest_block_rows(block);
    for (size_t i = 0; tdrest_block_column(block, i) != NULL; i++) {
        const tdrest_column *c = tdrest_block_column(block, i);

        out->sum += sum_column(c);
        for (int64_t row = 0; c->length != NULL && row < c->count; row++)
            out->bytes += c->length[row];
        for (int64_t row = 0; c->type == TDREST_TYPE_TIMESTAMP && row < c->count; row++)
            times += ((const int64_t *)c->values)[row] & 1;
    }
    out->sum += (double)(times * 0);
}

int tdrt_read(const char *body, size_t len, tdrt_reading *out)
{
    const tdrest_allocator mem = {sizeof mem, out, count_alloc, count_resize, count_release};
    const tdri_decode_limits limits = {131072, 16777216};
    tdri_decode decode;
    tdrest_error err;
    int good;

    memset(out, 0, sizeof *out);
    tdri_err_reset(&err);
    tdri_decode_init(&decode, &mem, &limits);
    for (size_t at = 0; at < len && decode.state != TDRI_BROKEN;) {
        at += tdri_decode_feed(&decode, body + at, len - at < PIECE ? len - at : PIECE, &err);
        if (decode.full) {
            read_block(&decode.block, out);
            tdri_decode_recycle(&decode);
        }
    }
    read_block(&decode.block, out);
    good = tdri_decode_end(&decode, &err) == TDREST_OK && tdri_decode_has_columns(&decode);
    tdri_decode_clear(&decode);
    return good;
}
