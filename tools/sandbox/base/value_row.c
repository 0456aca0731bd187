/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows as bytes: of each value its type, its digits, then its number, or its length and bytes. Knows nothing of what they mean. */
#include "value.h"

#include <string.h>

static void encode(const sbx_value *value, sbx_buf *out)
{
    uint32_t len;

    sbx_buf_char(out, (char)value->type);
    if (value->type == SBX_NULL)
        return;
    sbx_buf_char(out, (char)value->digits);
    if (sbx_type_is_bytes(value->type)) {
        len = (uint32_t)value->as.s.len;
        sbx_buf_put(out, &len, sizeof len);
        sbx_buf_put(out, value->as.s.p, len);
    } else {
        sbx_buf_put(out, &value->as.i, sizeof value->as.i); /* i, u and d are of one size */
    }
}

void sbx_row_encode(const sbx_value *values, size_t count, sbx_buf *out)
{
    for (size_t i = 0; i < count; i++)
        encode(&values[i], out);
}

typedef struct cursor {
    const char *p;
    size_t left;
} cursor;

static int take(cursor *in, void *out, size_t len)
{
    if (in->left < len)
        return 0;
    memcpy(out, in->p, len);
    in->p += len;
    in->left -= len;
    return 1;
}

/* 0 when the bytes are at their end, or are none of a row. */
static int decode(cursor *in, sbx_value *value)
{
    unsigned char type, digits;
    uint32_t len;

    *value = SBX_NO_VALUE;
    if (!take(in, &type, 1) || type > SBX_GEOMETRY)
        return 0;
    if (type == SBX_NULL)
        return 1;
    if (!take(in, &digits, 1))
        return 0;
    value->digits = digits;
    if (sbx_type_is_bytes((sbx_type_id)type)) {
        if (!take(in, &len, sizeof len) || len > in->left)
            return 0;
        value->as.s = (sbx_text){in->p, len};
        in->p += len;
        in->left -= len;
    } else if (!take(in, &value->as.i, sizeof value->as.i)) {
        return 0;
    }
    value->type = (sbx_type_id)type;
    return 1;
}

void sbx_row_decode(const void *bytes, size_t len, sbx_value *values, size_t count)
{
    cursor in = {bytes, len};

    for (size_t i = 0; i < count; i++)
        if (!decode(&in, &values[i])) {
            values[i] = SBX_NO_VALUE;
            in.left = 0;
        }
}

void sbx_row_cell(const void *bytes, size_t len, size_t at, sbx_value *value)
{
    cursor in = {bytes, len};

    while (decode(&in, value) && at-- != 0)
        ;
}

void sbx_row_without(const void *bytes, size_t len, size_t at, sbx_buf *out)
{
    cursor in = {bytes, len}, from = in;
    sbx_value value;

    for (size_t i = 0; decode(&in, &value); i++, from = in)
        if (i != at)
            sbx_buf_put(out, from.p, from.left - in.left);
}
