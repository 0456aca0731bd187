/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The rows of one statement on their way into the store: sorted by key, merged, laid over what is there. Knows nothing of SQL text. */
#include "batch.h"

#include <stdlib.h>
#include <string.h>

typedef struct row {
    const sbx_table *table;
    sbx_value *values;
    unsigned char *present;
    size_t number; /* in the order of writing: sorting keeps it */
} row;

struct sbx_batch {
    sbx_request *request;
    row *rows;
    size_t count;
};

sbx_batch *sbx_batch_new(sbx_request *request)
{
    sbx_batch *batch = sbx_alloc(request->arena, sizeof *batch);

    batch->request = request;
    return batch;
}

void sbx_batch_add(sbx_batch *batch, const sbx_table *table, const sbx_value *values, const unsigned char *present)
{
    sbx_arena *arena = batch->request->arena;
    size_t count = table->column_count;
    row *r;

    batch->rows = sbx_alloc_one_more(arena, batch->rows, batch->count, sizeof *batch->rows);
    r = &batch->rows[batch->count];
    r->table = table;
    r->number = batch->count++;
    r->values = sbx_alloc_array(arena, count, sizeof *r->values);
    r->present = sbx_alloc_array(arena, count, 1);
    memcpy(r->values, values, count * sizeof *r->values);
    memcpy(r->present, present, count);
}

/* ---- KEEP ---- */

/* The first and last time that a database takes. */
static void bounds(const sbx_request *request, const sbx_database *database, int64_t *oldest, int64_t *newest)
{
    int64_t second = sbx_time_scale(0, database->digits);
    int64_t now = request->now_ns / sbx_time_scale(database->digits, 9);

    /* KEEP is at most 1000 years, 292 in nanoseconds: this does not overflow. */
    *oldest = now - database->keep_min * 60 * second;
    *newest = database->digits == 9 ? INT64_C(9214646400000000000) : INT64_C(31556995200) * second;
}

static int check_times(const sbx_batch *batch)
{
    const sbx_database *database = NULL;
    int64_t oldest = 0, newest = 0;

    for (size_t i = 0; i < batch->count; i++) {
        const row *r = &batch->rows[i];

        if (r->table->database != database) {
            database = r->table->database;
            bounds(batch->request, database, &oldest, &newest);
        }
        if (r->values[0].as.i < oldest || r->values[0].as.i > newest)
            return sbx_fail(batch->request, 0x060B, "Timestamp data out of range");
    }
    return 0;
}

/* ---- merging ---- */

/* A composite key's second half: a whole number or a text. */
static int compare_second(const sbx_value *a, const sbx_value *b)
{
    size_t least;
    int order;

    if (sbx_type_is_unsigned(a->type))
        return (a->as.u > b->as.u) - (a->as.u < b->as.u);
    if (!sbx_type_is_text(a->type))
        return (a->as.i > b->as.i) - (a->as.i < b->as.i);
    least = a->as.s.len < b->as.s.len ? a->as.s.len : b->as.s.len;
    order = least == 0 ? 0 : memcmp(a->as.s.p, b->as.s.p, least);
    return order != 0 ? order : (a->as.s.len > b->as.s.len) - (a->as.s.len < b->as.s.len);
}

static int compare_keys(const row *a, const row *b)
{
    int64_t x = a->values[0].as.i, y = b->values[0].as.i;

    if (a->table->id != b->table->id)
        return a->table->id < b->table->id ? -1 : 1;
    if (x != y || !a->table->keyed)
        return (x > y) - (x < y);
    return compare_second(&a->values[1], &b->values[1]);
}

static int compare_rows(const void *left, const void *right)
{
    const row *a = left, *b = right;
    int order = compare_keys(a, b);

    return order != 0 ? order : (a->number > b->number) - (a->number < b->number);
}

static void merge_into(row *merged, const row *later)
{
    for (size_t i = 0; i < later->table->column_count; i++) {
        if (!later->present[i])
            continue;
        if (later->values[i].type != SBX_NULL || !merged->present[i])
            merged->values[i] = later->values[i];
        merged->present[i] = 1;
    }
}

/* Rows of one key as one. */
static row merge(sbx_request *request, const row *rows, size_t count)
{
    row merged = rows[0];

    if (count == 1)
        return merged;
    merged.values = sbx_alloc_array(request->arena, merged.table->column_count, sizeof *merged.values);
    merged.present = sbx_alloc_array(request->arena, merged.table->column_count, 1);
    for (size_t i = 0; i < count; i++)
        merge_into(&merged, &rows[i]);
    return merged;
}

/* ---- writing ---- */

/* Columns that the statement left out keep what is stored. */
static int fill(sbx_request *request, row *r)
{
    size_t count = r->table->column_count;
    sbx_value *stored;
    int found;

    if (memchr(r->present, 0, count) == NULL)
        return 0;
    stored = sbx_alloc_array(request->arena, count, sizeof *stored);
    if (sbx_store_row(request, r->table, r->values, stored, &found) != 0)
        return request->err.code;
    for (size_t i = 0; i < count; i++) {
        if (!r->present[i])
            r->values[i] = found ? stored[i] : SBX_NO_VALUE;
    }
    return 0;
}

int sbx_batch_write(sbx_batch *batch, int64_t *affected)
{
    sbx_request *request = batch->request;

    *affected = 0;
    if (check_times(batch) != 0)
        return request->err.code;
    if (batch->count > 1)
        qsort(batch->rows, batch->count, sizeof *batch->rows, compare_rows);
    for (size_t i = 0, end; i < batch->count; i = end) {
        row merged;

        for (end = i + 1; end < batch->count && compare_keys(&batch->rows[i], &batch->rows[end]) == 0; end++)
            ;
        merged = merge(request, &batch->rows[i], end - i);
        if (fill(request, &merged) != 0 || sbx_store_put_row(request, merged.table, merged.values) != 0)
            return request->err.code;
        ++*affected;
    }
    return 0;
}
