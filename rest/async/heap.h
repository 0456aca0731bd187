/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Moments in their order: a binary heap whose members know their place. Knows not what is due. */
#ifndef TDRI_HEAP_H
#define TDRI_HEAP_H

#include <tdrest.h>

/* Embedded in what may become due. */
typedef struct tdri_due {
    int64_t at_ms;
    size_t place; /* in the heap, from 1; 0: it is in none */
} tdri_due;

typedef struct tdri_heap {
    tdri_due **at; /* the earliest first; from 1 */
    size_t count, cap;
} tdri_heap;

/* Room for that many, so that setting cannot fail. TDREST_OK or TDREST_ENOMEM. */
int tdri_heap_reserve(tdri_heap *heap, const tdrest_allocator *mem, size_t count);
void tdri_heap_clear(tdri_heap *heap, const tdrest_allocator *mem);

/* It is due at that moment, and no other; INT64_MAX: never. */
void tdri_heap_set(tdri_heap *heap, tdri_due *due, int64_t at_ms);
/* What is due first; NULL: nothing is. */
tdri_due *tdri_heap_first(const tdri_heap *heap);

#endif
