/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The bytes of a request out of segments. */
#include "writer/batch.h"

#include <string.h>

/* ---- making ---- */

/* A segment's text goes behind the others', without the begin that stands once. */
static void append(tdri_batch *batch, tdri_segment *s)
{
    tdri_buf *body = &batch->segments->text;
    size_t start = batch->lanes->start_len;

    s->shift = body->len - start;
    tdri_buf_add(body, s->text.data + start, s->text.len - start);
    tdri_buf_clear(&s->text);
    tdri_lanes_charge(batch->lanes, s);
}

static void close_body(const tdri_lanes *lanes, tdri_buf *body)
{
    if (lanes->closing != '\0' && tdri_buf_code(body) == TDREST_OK)
        body->data[body->len - 1] = lanes->closing;
}

int tdri_batch_make(tdri_batch *batch, tdri_lanes *lanes, tdri_segment *segments)
{
    tdri_buf *body = &segments->text;
    size_t more = 0;

    memset(batch, 0, sizeof *batch);
    batch->lanes = lanes;
    batch->segments = segments;
    batch->rows = segments->rows;
    batch->first_table = batch->last_table = segments->lane->hash;
    tdri_buf_init(&batch->part, lanes->mem, SIZE_MAX);
    for (const tdri_segment *s = segments->next; s != NULL; s = s->next) {
        more += s->text.len - lanes->start_len;
        batch->rows += s->rows;
        batch->last_table = s->lane->hash;
    }
    if (!tdri_buf_reserve(body, more)) {
        body->failed = 0;
        return TDREST_ENOMEM;
    }
    segments->shift = 0;
    for (tdri_segment *s = segments->next; s != NULL; s = s->next)
        append(batch, s);
    close_body(lanes, body);
    tdri_lanes_charge(lanes, segments);
    return TDREST_OK;
}

void tdri_batch_clear(tdri_batch *batch)
{
    for (tdri_segment *s = batch->segments, *next; s != NULL; s = next) {
        next = s->next;
        tdri_lanes_free_segment(batch->lanes, s);
    }
    batch->segments = NULL;
    tdri_buf_clear(&batch->part);
    batch->lanes->used -= batch->part_charge;
    batch->part_charge = 0;
}

/* ---- places ---- */

static size_t row_begin(const tdri_segment *s, size_t row)
{
    return s->shift + (row == 0 ? s->head_len : s->ends[row - 1]);
}

/* The segment of a row, and the number of its first one. */
static tdri_segment *segment_of(const tdri_batch *batch, size_t row, size_t *first)
{
    tdri_segment *s = batch->segments;

    for (*first = 0; row - *first >= s->rows; s = s->next)
        *first += s->rows;
    return s;
}

/* ---- bodies ---- */

/* Rows [from, to), to at most the segment's end, behind its head. */
static void add_rows(tdri_batch *batch, const tdri_segment *s, size_t from, size_t to)
{
    const char *body = batch->segments->text.data;
    size_t start = batch->lanes->start_len, begin = row_begin(s, from);

    tdri_buf_add(&batch->part, body + s->shift + start, s->head_len - start);
    tdri_buf_add(&batch->part, body + begin, s->shift + s->ends[to - 1] - begin);
}

int tdri_batch_body(tdri_batch *batch, size_t from, size_t to, const char **body, size_t *len)
{
    const tdri_buf *whole = &batch->segments->text, *out = whole;

    if (to - from < batch->rows) {
        size_t first;
        const tdri_segment *s = segment_of(batch, from, &first);

        out = &batch->part;
        tdri_buf_reset(&batch->part);
        tdri_buf_add(&batch->part, whole->data, batch->lanes->start_len);
        for (; s != NULL && first < to; first += s->rows, s = s->next)
            add_rows(batch, s, from > first ? from - first : 0, to - first < s->rows ? to - first : s->rows);
        close_body(batch->lanes, &batch->part);
        batch->lanes->used += out->cap - batch->part_charge;
        batch->part_charge = out->cap;
    }
    *body = tdri_buf_text(out);
    *len = out->len;
    return tdri_buf_code(out);
}

tdri_tables tdri_batch_tables(const tdri_batch *batch, size_t from, size_t to)
{
    size_t middle = from + (to - from) / 2, first, below, above;
    const tdri_segment *s = segment_of(batch, middle, &first);
    tdri_tables tables = {0, to};

    below = first > from ? middle - first : SIZE_MAX;
    above = first + s->rows < to ? first + s->rows - middle : SIZE_MAX;
    if (below != SIZE_MAX || above != SIZE_MAX)
        tables.border = below <= above ? first : first + s->rows;
    (void)segment_of(batch, from, &tables.begin);
    return tables;
}

/* ---- numbers ---- */

/* From range->row on, `left` rows at most: as far as numbers are consecutive. */
static void find(const tdri_batch *batch, tdri_batch_range *range, size_t left)
{
    const tdri_segment *s = range->segment;
    const char *body = batch->segments->text.data;
    size_t start = batch->lanes->start_len, count;

    while (range->base + (size_t)s->runs[range->run].count <= range->row)
        range->base += (size_t)s->runs[range->run++].count;
    count = range->base + (size_t)s->runs[range->run].count - range->row;
    count = count < left ? count : left;
    range->end = range->row + count;
    range->left = left - count;
    range->first = s->runs[range->run].first + (int64_t)(range->row - range->base);
    range->count = (int64_t)count;
    range->clause = body + s->shift + start;
    range->clause_len = s->head_len - start;
    range->text = body + row_begin(s, range->row);
    range->len = s->shift + s->ends[range->end - 1] - row_begin(s, range->row) - (batch->lanes->closing != '\0');
}

void tdri_batch_begin(const tdri_batch *batch, size_t from, size_t to, tdri_batch_range *range)
{
    size_t first;

    range->segment = segment_of(batch, from, &first);
    range->row = from - first;
    range->run = range->base = 0;
    find(batch, range, to - from);
}

int tdri_batch_next(const tdri_batch *batch, tdri_batch_range *range)
{
    if (range->left == 0)
        return 0;
    range->row = range->end;
    if (range->row == range->segment->rows) {
        range->segment = range->segment->next;
        range->row = range->run = range->base = 0;
    }
    find(batch, range, range->left);
    return 1;
}
