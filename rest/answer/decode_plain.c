/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The hot loop: cells that stand whole and plainly written in the piece at hand go
 * straight into their columns. Whatever is cut, spaced, escaped or odd is left to the general reading of a
 * cell, which alone decides what is an error.
 */
#include "answer/decode_parts.h"

#include "base/number_fast.h"
#include "base/utc.h"
#include "base/utc_fast.h"

#include <float.h>
#include <stddef.h>
#include <string.h>

/*
 * Cells that begin nearer to the piece's end are left alone, so that reads of a number or a time need no check. A text is
 * plain when it is shorter than TEXT_STEP.
 */
enum { NEAR_END = 64, TEXT_STEP = 4096 };

/* An integer of any length; the piece must go on behind it, or it may have been cut. */
static inline const char *plain_long(const char *p, const char *end, int64_t *out)
{
    const char *behind = tdri_int64_parse(p, end, out);

    return behind == end ? NULL : behind;
}

static inline const char *plain_ulong(const char *p, const char *end, uint64_t *out)
{
    const char *behind = tdri_uint64_parse(p, end, out);

    return behind == end ? NULL : behind;
}

/* Seven digits behind the leading one that plain_digits counts by. */
enum { DIGITS_FULL = 10000000 };

/*
 * Appends digits to *value, which starts as 1 and so tells how many there are: at most seven. Byte by byte: the lengths of a
 * column's numbers repeat, so that the processor goes on to the next cell before it knows where this one ends.
 */
static inline const char *plain_digits(const char *p, uint32_t *value)
{
    uint32_t digit, v = *value;

    for (; (digit = (unsigned char)*p - (uint32_t)'0') <= 9 && v < DIGITS_FULL; p++)
        v = v * 10 + digit;
    *value = v;
    return p;
}

/* What ends a plain number. */
static inline int ends_cell(char c)
{
    return c == ',' || c == ']';
}

/* The shorter way for at most seven digits. */
static inline const char *plain_int(const char *p, const char *end, int64_t *out)
{
    const int negative = *p == '-';
    const char *first = p + negative, *q;
    uint32_t v = 1;

    q = plain_digits(first, &v);
    if (q == first || !ends_cell(*q) || (*first == '0' && q != first + 1))
        return plain_long(p, end, out);
    *out = (int64_t)v - (int64_t)tdri_ten_uint[q - first];
    if (negative)
        *out = -*out;
    return q;
}

/* The shorter way for at most seven digits, a point among them, that single precision holds exactly. */
static inline const char *plain_float(const char *p, const char *end, float *out)
{
#if FLT_EVAL_METHOD == 0
    const int negative = *p == '-';
    const char *first = p + negative, *point, *q;
    uint32_t v = 1;
    float f;

    point = q = plain_digits(first, &v);
    if (*point == '.')
        q = plain_digits(point + 1, &v);
    if (point != first && q != point + 1 && ends_cell(*q) && (*first != '0' || point == first + 1)) {
        f = q == point ? (float)(int32_t)(v - tdri_ten_uint[q - first])
                       : (float)(int32_t)(v - tdri_ten_uint[q - first - 1]) / tdri_ten_float[q - point - 1];
        *out = negative ? -f : f;
        return q;
    }
#endif
    return tdri_float_fast(p, end, out);
}

static inline const char *plain_bool(uint8_t *out, const char *p)
{
    int yes = *p == 't';

    if (memcmp(p, yes ? "true" : "false", yes ? 4 : 5) != 0)
        return NULL;
    *out = (uint8_t)yes;
    return p + (yes ? 4 : 5);
}

/* A moment in its own units: within 64 bits for the years 0 to 9999, but in nanoseconds. */
static inline int64_t plain_count(const tdri_moment *moment)
{
    switch (moment->digits) {
    case 3: return moment->second * 1000 + moment->nanosecond / 1000000;
    case 6: return moment->second * 1000000 + moment->nanosecond / 1000;
    default: return moment->second * 1000000000 + moment->nanosecond;
    }
}

/* A time in the usual form, of the precision seen before. */
static inline const char *plain_time(tdri_decode *decode, tdri_column *c, size_t row, const char *p)
{
    const int64_t ns_seconds = INT64_MAX / 1000000000 - 1;
    tdri_moment moment;
    size_t len = *p == '"' ? tdri_utc_fast(p + 1, &decode->utc, &moment) : 0;

    if (len == 0 || moment.digits != c->pub.precision ||
        (moment.digits == 9 && (moment.second > ns_seconds || moment.second < -ns_seconds)))
        return NULL;
    ((int64_t *)c->values)[row] = plain_count(&moment);
    c->zone_min[row] = moment.zone_min;
    c->digits[row] = (uint8_t)moment.digits;
    return p + len + 2;
}

/* A string that is short, whole and without escapes. What was copied of another one is not kept. */
static inline const char *plain_text(tdrest_block *block, tdri_column *c, const char *p, const char *end)
{
    char *to = block->arena + block->arena_len;
    const char *stop;
    size_t len;

    if (*p++ != '"' || block->arena_cap - block->arena_len < TEXT_STEP)
        return NULL;
    stop = tdri_plain_copy(p, end - p > TEXT_STEP - 1 ? p + TEXT_STEP - 1 : end, to);
    if (stop == end || *stop != '"')
        return NULL;
    len = (size_t)(stop - p);
    to[len] = '\0';
    c->offset[block->rows] = (uint32_t)block->arena_len;
    c->length[block->rows] = (uint32_t)len;
    block->arena_len += len + 1;
    return stop + 1;
}

/* An integer of a type narrower than 64 bits. */
#define PLAIN_INT(ctype)                                            \
    do {                                                            \
        p = plain_int(p, end, &v);                                  \
        ((ctype *)c->values)[row] = (ctype)v;                       \
        return p != NULL && v == (ctype)v ? p : NULL;               \
    } while (0)

/* The cell at p; the byte behind it, or NULL to leave it to the general reading. */
static inline const char *plain_cell(tdri_decode *decode, tdri_column *c, const char *p, const char *end)
{
    const size_t row = decode->block.rows;
    int64_t v = 0;

    if (*p == 'n') {
        if (memcmp(p, "null", 4) != 0)
            return NULL;
        tdri_decode_set_null(decode, c, row);
        return p + 4;
    }
    switch (c->kind) {
    case TDRI_KIND_F32: return plain_float(p, end, &((float *)c->values)[row]);
    case TDRI_KIND_F64: return tdri_double_fast(p, end, &((double *)c->values)[row]);
    case TDRI_KIND_TIME: return plain_time(decode, c, row, p);
    case TDRI_KIND_TEXT: return plain_text(&decode->block, c, p, end);
    case TDRI_KIND_BOOL: return plain_bool(&((uint8_t *)c->values)[row], p);
    case TDRI_KIND_I8: PLAIN_INT(int8_t);
    case TDRI_KIND_I16: PLAIN_INT(int16_t);
    case TDRI_KIND_I32: PLAIN_INT(int32_t);
    case TDRI_KIND_I64: return plain_long(p, end, &((int64_t *)c->values)[row]);
    case TDRI_KIND_U8: PLAIN_INT(uint8_t);
    case TDRI_KIND_U16: PLAIN_INT(uint16_t);
    case TDRI_KIND_U32: PLAIN_INT(uint32_t);
    case TDRI_KIND_U64: return plain_ulong(p, end, &((uint64_t *)c->values)[row]);
    default: return NULL;
    }
}

const char *tdri_decode_plain_cells(tdri_decode *decode, const char *p, const char *end)
{
    tdrest_block *block = &decode->block;
    tdri_column *c = block->columns + decode->column;
    tdri_column *const last = block->columns + block->column_count - 1;
    const ptrdiff_t longest = (ptrdiff_t)decode->limits.max_cell_bytes;
    const char *q;

    while (end - p >= NEAR_END) {
        q = plain_cell(decode, c, p, end);
        if (q == NULL || end - q < 3 || q - p > longest)
            break;
        if (c != last) {
            if (*q != ',')
                break;
            c++;
            p = q + 1;
            continue;
        }
        if (*q != ']')
            break;
        tdri_decode_row_done(decode);
        c = block->columns;
        p = q + 1;
        decode->state = TDRI_BEHIND_ROW;
        if (p[0] != ',' || p[1] != '[' || block->rows == block->row_cap)
            break;
        decode->member_text = 0;
        decode->state = TDRI_AT_CELL;
        p += 2;
    }
    decode->column = (size_t)(c - block->columns);
    return p;
}
