/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A hash set of rows of values for grouping and DISTINCT, and a stable sort. Knows nothing of queries. */
#include "select.h"

#include <string.h>

/* ---- the set ---- */

enum { FIRST_SLOTS = 64 };

typedef struct entry {
    uint64_t hash;
    sbx_text bytes;
} entry;

struct sbx_rowset {
    sbx_arena *arena;
    entry *entries;   /* by number */
    size_t count;
    size_t *slots;    /* number + 1; 0: free */
    size_t slot_count; /* a power of two */
};

sbx_rowset *sbx_rowset_new(sbx_arena *arena)
{
    sbx_rowset *set = sbx_alloc(arena, sizeof *set);

    set->arena = arena;
    set->slot_count = FIRST_SLOTS;
    set->slots = sbx_alloc_array(arena, FIRST_SLOTS, sizeof *set->slots);
    return set;
}

static uint64_t hash_of(const sbx_buf *bytes)
{
    uint64_t hash = 14695981039346656037u; /* FNV-1a */

    for (size_t i = 0; i < bytes->len; i++)
        hash = (hash ^ (unsigned char)bytes->p[i]) * 1099511628211u;
    return hash ^ hash >> 32;
}

static void grow(sbx_rowset *set)
{
    set->slot_count *= 2;
    set->slots = sbx_alloc_array(set->arena, set->slot_count, sizeof *set->slots);
    for (size_t i = 0; i < set->count; i++) {
        size_t at = (size_t)set->entries[i].hash & (set->slot_count - 1);

        while (set->slots[at] != 0)
            at = (at + 1) & (set->slot_count - 1);
        set->slots[at] = i + 1;
    }
}

static size_t find_or_add(sbx_rowset *set, const sbx_buf *bytes)
{
    uint64_t hash = hash_of(bytes);
    size_t at = (size_t)hash & (set->slot_count - 1);

    for (; set->slots[at] != 0; at = (at + 1) & (set->slot_count - 1)) {
        const entry *e = &set->entries[set->slots[at] - 1];

        if (e->hash == hash && e->bytes.len == bytes->len && memcmp(e->bytes.p, bytes->p, bytes->len) == 0)
            return set->slots[at] - 1;
    }
    set->entries = sbx_alloc_one_more(set->arena, set->entries, set->count, sizeof *set->entries);
    set->entries[set->count] = (entry){hash, sbx_copy(set->arena, bytes->p, bytes->len)};
    set->slots[at] = ++set->count;
    if (set->count * 2 > set->slot_count)
        grow(set);
    return set->count - 1;
}

size_t sbx_rowset_add(sbx_rowset *set, const sbx_value *values, size_t count)
{
    sbx_buf bytes = {0};
    size_t number;

    for (size_t i = 0; i < count; i++) {
        sbx_value value = values[i];

        if ((value.type == SBX_FLOAT || value.type == SBX_DOUBLE) && value.as.d == 0)
            value.as.d = 0; /* -0 is 0 */
        sbx_row_encode(&value, 1, &bytes);
    }
    if (bytes.p == NULL)
        sbx_buf_put(&bytes, "", 0);
    number = find_or_add(set, &bytes);
    sbx_buf_clear(&bytes);
    return number;
}

/* ---- the sort ---- */

static void merge(const void **from, size_t begin, size_t middle, size_t end, const void **to, sbx_order_function *order, const void *context)
{
    size_t a = begin, b = middle;

    for (size_t i = begin; i < end; i++)
        to[i] = a < middle && (b >= end || order(context, from[a], from[b]) <= 0) ? from[a++] : from[b++];
}

void sbx_sort(sbx_arena *arena, const void **items, size_t count, sbx_order_function *order, const void *context)
{
    const void **from = items, **to = sbx_alloc_array(arena, count, sizeof *to);

    for (size_t width = 1; width < count; width *= 2) {
        const void **other = from;

        for (size_t begin = 0; begin < count; begin += 2 * width) {
            size_t middle = begin + width < count ? begin + width : count, end = begin + 2 * width < count ? begin + 2 * width : count;

            merge(from, begin, middle, end, to, order, context);
        }
        from = to;
        to = other;
    }
    if (from != items)
        memcpy(items, from, count * sizeof *items);
}
