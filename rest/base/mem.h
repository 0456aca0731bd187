/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Memory through the caller's allocator. Knows nothing but tdrest_allocator. */
#ifndef TDRI_MEM_H
#define TDRI_MEM_H

#include <tdrest.h>

/* malloc, realloc, free. */
extern const tdrest_allocator tdri_mem_default;

/* 1 when a caller's allocator has all it needs. */
int tdri_mem_is(const tdrest_allocator *mem);

/* Each answers NULL when memory is out, when count * size overflows, or when the size is 0. */
void *tdri_mem_alloc(const tdrest_allocator *mem, size_t size);
void *tdri_mem_zeroed(const tdrest_allocator *mem, size_t count, size_t size);
void *tdri_mem_resize(const tdrest_allocator *mem, void *old, size_t size);
/* A copy of len bytes with a NUL behind. */
char *tdri_mem_text(const tdrest_allocator *mem, const char *text, size_t len);
void tdri_mem_free(const tdrest_allocator *mem, void *old);

#endif
