/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A block's column as the buffers of an Arrow array. Values, validity and offsets stay where they are; the bytes of texts, which the block has
 * row by row for all columns, are gathered, and BOOL and DECIMAL are made anew.
 */
#include "arrow/convert.h"

#include "base/number.h"
#include "base/number_wide.h"
#include "base/text.h"

#include <string.h>

enum { ALIGN = 64, STEP = 16 };

typedef struct work {
    const tdri_arrow_source *from;
    tdri_column *column;
    size_t index, rows;
    tdri_arrow_buffers *out;
} work;

static int refuse(const work *w, size_t row, int code, const char *why)
{
    tdrest_error *err = w->from->err;
    int64_t at = w->from->first_row + (int64_t)row;

    (void)tdri_err_set(err, code, "row %lld, column %zu (%.64s): %s", (long long)at, w->index, w->column->pub.name, why);
    err->row = at;
    err->column = (int)w->index;
    return code;
}

static int no_memory(const work *w)
{
    return tdri_err_set(w->from->err, TDREST_ENOMEM, "out of memory for column %zu (%.64s)", w->index, w->column->pub.name);
}

/* The which-th buffer, with memory of its own: bytes, and STEP more that may be written. NULL when memory is out. */
static void *own(const work *w, int which, size_t bytes)
{
    char *raw = (char *)tdri_mem_alloc(w->from->block->mem, bytes + STEP + ALIGN);
    char *at;

    if (raw == NULL)
        return NULL;
    at = raw + (ALIGN - (uintptr_t)raw % ALIGN) % ALIGN;
    w->out->owned[which] = raw;
    w->out->buffer[which] = at;
    return at;
}

/* The which-th buffer, where it is; that of a short block may have to move. */
static int lend(const work *w, int which, const void *values, size_t bytes)
{
    void *copy;

    w->out->buffer[which] = values;
    if ((uintptr_t)values % ALIGN == 0)
        return TDREST_OK;
    copy = own(w, which, bytes);
    if (copy == NULL)
        return no_memory(w);
    memcpy(copy, values, bytes);
    return TDREST_OK;
}

static int64_t count_nulls(const uint8_t *validity, size_t rows)
{
    int64_t nulls = 0;

    for (size_t i = 0; i < (rows + 7) / 8; i++) {
        unsigned zeros = (unsigned)(uint8_t)~validity[i];

        if (i == rows / 8)
            zeros &= (1u << (rows & 7)) - 1;
        for (; zeros != 0; zeros &= zeros - 1)
            nulls++;
    }
    return nulls;
}

static int validity(const work *w)
{
    w->out->null_count = count_nulls(w->column->validity, w->rows);
    return w->out->null_count == 0 ? TDREST_OK : lend(w, 0, w->column->validity, (w->rows + 7) / 8);
}

/* ---- texts ---- */

static int is_ascii(const char *text, size_t len)
{
    uint64_t all = 0, word;
    size_t i = 0;

    for (; i + sizeof word <= len; i += sizeof word) {
        memcpy(&word, text + i, sizeof word);
        all |= word;
    }
    for (; i < len; i++)
        all |= (uint64_t)(unsigned char)text[i] << 56;
    return (all & UINT64_C(0x8080808080808080)) == 0;
}

/* The row of the first text that is not UTF-8; rows when there is none. */
static size_t find_bad_text(const work *w, const char *bytes)
{
    const uint32_t *offset = w->column->offset;
    size_t row = 0;

    if (is_ascii(bytes, offset[w->rows]))
        return w->rows;
    while (row < w->rows && tdri_utf8_is(bytes + offset[row], offset[row + 1] - offset[row]))
        row++;
    return row;
}

/* Gathers the column's texts; the offsets become those of what was gathered. Texts of a block are below 2 GiB. */
static void gather(const work *w, char *to)
{
    const char *arena = w->from->block->arena;
    uint32_t *offset = w->column->offset, at = 0;

    for (size_t i = 0; i < w->rows; i++) {
        const char *text = arena + offset[i];
        uint32_t len = w->column->length[i];

        memcpy(to + at, text, STEP);
        if (len > STEP)
            memcpy(to + at + STEP, text + STEP, len - STEP);
        offset[i] = at;
        at += len;
    }
    offset[w->rows] = at;
}

static const char *not_utf8(int type)
{
    switch (type) {
    case TDREST_TYPE_JSON: return "bytes that are not UTF-8, although the column is JSON";
    case TDREST_TYPE_NCHAR: return "bytes that are not UTF-8, although the column is NCHAR";
    default: return "bytes that are not UTF-8; arrow_text=binary delivers VARCHAR as bytes";
    }
}

static int texts(const work *w, int is_utf8)
{
    size_t total = 0, bad;
    char *bytes;

    for (size_t i = 0; i < w->rows; i++)
        total += w->column->length[i];
    bytes = (char *)own(w, 2, total);
    if (bytes == NULL)
        return no_memory(w);
    gather(w, bytes);
    w->out->count = 3;
    bad = is_utf8 ? find_bad_text(w, bytes) : w->rows;
    if (bad < w->rows)
        return refuse(w, bad, TDREST_ETYPE, not_utf8(w->column->pub.type));
    return lend(w, 1, w->column->offset, (w->rows + 1) * sizeof(uint32_t));
}

/* ---- numbers ---- */

static int bools(const work *w)
{
    const uint8_t *values = (const uint8_t *)w->column->values;
    uint8_t *bits = (uint8_t *)own(w, 1, (w->rows + 7) / 8);

    if (bits == NULL)
        return no_memory(w);
    memset(bits, 0, (w->rows + 7) / 8);
    for (size_t i = 0; i < w->rows; i++)
        bits[i / 8] = (uint8_t)(bits[i / 8] | (values[i] != 0) << (i % 8));
    return TDREST_OK;
}

/* Fraction digits of a decimal's text; noughts beyond `scale` are left off. */
static size_t fraction_digits(const char *text, size_t *len, size_t scale)
{
    const char *point = (const char *)memchr(text, '.', *len);
    size_t digits = point == NULL ? 0 : *len - (size_t)(point - text) - 1;

    while (digits > scale && text[*len - 1] == '0') {
        digits--;
        *len -= digits == 0 ? 2 : 1;
    }
    return digits;
}

/* Digits without leading noughts. */
static size_t significant_digits(const char *text, size_t len)
{
    size_t digits = 0;

    for (size_t i = 0; i < len; i++)
        digits += tdri_is_digit((unsigned char)text[i]) && (digits > 0 || text[i] != '0');
    return digits;
}

/* The value with `scale` fraction digits, as 128 bits of the machine. 1; 0 when it has more digits than the column. */
static int put_decimal(const char *text, size_t len, const tdrest_column *pub, uint64_t out[2])
{
    static const uint16_t one = 1;
    size_t scale = (size_t)pub->scale, fraction = fraction_digits(text, &len, scale), digits = significant_digits(text, len);
    uint64_t lo, hi;
    tdrest_decimal value;

    if (fraction > scale || (digits > 0 && digits + scale - fraction > (size_t)pub->precision) || tdri_decimal_parse(text, len, &value) != TDREST_OK)
        return 0;
    lo = value.lo;
    hi = (uint64_t)value.hi;
    for (; fraction < scale; fraction++) { /* at most 38 digits fit 127 bits; modulo 2^128 that is right of negative ones too */
        tdri_wide low = tdri_wide_mul(lo, 10);

        hi = hi * 10 + low.hi;
        lo = low.lo;
    }
    out[*(const uint8_t *)&one == 1 ? 0 : 1] = lo;
    out[*(const uint8_t *)&one == 1 ? 1 : 0] = hi;
    return 1;
}

static int decimals(const work *w)
{
    uint64_t *values = (uint64_t *)own(w, 1, w->rows * 2 * sizeof *values);

    if (values == NULL)
        return no_memory(w);
    memset(values, 0, w->rows * 2 * sizeof *values);
    for (size_t i = 0; i < w->rows; i++)
        if (!tdri_column_is_null(w->column, i) &&
            !put_decimal(w->from->block->arena + w->column->offset[i], w->column->length[i], &w->column->pub, values + 2 * i))
            return refuse(w, i, TDREST_ERANGE, "a decimal with more digits than its column");
    return TDREST_OK;
}

/* ---- times ---- */

static int64_t power_of_ten(int exponent)
{
    int64_t power = 1;

    while (exponent-- > 0)
        power *= 10;
    return power;
}

static int times(const work *w, int unit)
{
    int have = w->column->pub.precision;
    int64_t up = unit > have ? power_of_ten(unit - have) : 1, down = unit < have ? power_of_ten(have - unit) : 1;
    int64_t *values = (int64_t *)w->column->values;

    for (size_t i = 0; up != down && have != TDREST_PRECISION_UNKNOWN && i < w->rows; i++) {
        if (values[i] % down != 0)
            return refuse(w, i, TDREST_ERANGE, "a time with more fraction digits than the unit of arrow_timestamp has; set a finer one");
        if (values[i] > INT64_MAX / up || values[i] < INT64_MIN / up)
            return refuse(w, i, TDREST_ERANGE, "a time beyond 64 bits in the unit of arrow_timestamp; set a coarser one");
        values[i] = values[i] / down * up;
    }
    return lend(w, 1, values, w->rows * sizeof *values);
}

int tdri_arrow_convert(const tdri_arrow_source *from, size_t column, int unit, tdri_arrow_buffers *out)
{
    static const tdri_arrow_buffers none;
    tdri_column *c = &from->block->columns[column];
    work w = {from, c, column, from->block->rows, out};
    int rc;

    *out = none;
    out->count = 2;
    rc = validity(&w);
    if (rc != TDREST_OK)
        return rc;
    if (tdri_arrow_is_decimal(c))
        return decimals(&w);
    if (tdri_kind_is_text(c->kind))
        return texts(&w, tdri_arrow_is_utf8(c, from->way));
    if (c->kind == TDRI_KIND_BOOL)
        return bools(&w);
    if (c->kind == TDRI_KIND_TIME)
        return times(&w, unit);
    return lend(&w, 1, c->values, w.rows * tdri_kind_width(c->kind));
}

void tdri_arrow_buffers_clear(const tdrest_allocator *mem, tdri_arrow_buffers *buffers)
{
    for (int i = 0; i < 3; i++) {
        tdri_mem_free(mem, buffers->owned[i]);
        buffers->owned[i] = NULL;
    }
}
