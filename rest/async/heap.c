/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A binary heap of moments. Knows not what is due. */
#include "async/heap.h"

#include "base/mem.h"

int tdri_heap_reserve(tdri_heap *heap, const tdrest_allocator *mem, size_t count)
{
    size_t cap = heap->cap == 0 ? 64 : heap->cap;
    tdri_due **more;

    if (count < heap->cap) /* place 0 is nobody's */
        return TDREST_OK;
    while (cap <= count)
        cap *= 2;
    more = cap > SIZE_MAX / sizeof(tdri_due *) ? NULL : (tdri_due **)tdri_mem_resize(mem, heap->at, cap * sizeof(tdri_due *));
    if (more == NULL)
        return TDREST_ENOMEM;
    heap->at = more;
    heap->cap = cap;
    return TDREST_OK;
}

void tdri_heap_clear(tdri_heap *heap, const tdrest_allocator *mem)
{
    tdri_mem_free(mem, heap->at);
    heap->at = NULL;
    heap->count = heap->cap = 0;
}

static void put(tdri_heap *heap, size_t place, tdri_due *due)
{
    heap->at[place] = due;
    due->place = place;
}

static void rise(tdri_heap *heap, tdri_due *due)
{
    size_t place = due->place;

    for (; place > 1 && heap->at[place / 2]->at_ms > due->at_ms; place /= 2)
        put(heap, place, heap->at[place / 2]);
    put(heap, place, due);
}

static void sink(tdri_heap *heap, tdri_due *due)
{
    size_t place = due->place, below;

    while ((below = place * 2) <= heap->count) {
        if (below < heap->count && heap->at[below + 1]->at_ms < heap->at[below]->at_ms)
            below++;
        if (heap->at[below]->at_ms >= due->at_ms)
            break;
        put(heap, place, heap->at[below]);
        place = below;
    }
    put(heap, place, due);
}

static void take_out(tdri_heap *heap, tdri_due *due)
{
    tdri_due *last = heap->at[heap->count--];

    if (last != due) {
        put(heap, due->place, last);
        rise(heap, last);
        sink(heap, last);
    }
    due->place = 0;
}

void tdri_heap_set(tdri_heap *heap, tdri_due *due, int64_t at_ms)
{
    int64_t before = due->at_ms;

    due->at_ms = at_ms;
    if (at_ms == INT64_MAX) {
        if (due->place != 0)
            take_out(heap, due);
        return;
    }
    if (due->place == 0) {
        put(heap, ++heap->count, due);
        rise(heap, due);
    } else if (at_ms < before) {
        rise(heap, due);
    } else {
        sink(heap, due);
    }
}

tdri_due *tdri_heap_first(const tdri_heap *heap)
{
    return heap->count == 0 ? NULL : heap->at[1];
}
