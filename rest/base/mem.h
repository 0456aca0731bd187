/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Memory through the caller's allocator. Knows nothing but tdrest_allocator. */
#ifndef TDRI_MEM_H
#define TDRI_MEM_H

#include <tdrest.h>

/* malloc, realloc, free. */
extern const tdrest_allocator tdri_mem_default;

/* A caller's allocator of any version; NULL: malloc and free. 1; 0 when its size is none or a member is missing. */
int tdri_mem_take(const tdrest_allocator *allocator, tdrest_allocator *out);

/* Each answers NULL when memory is out, when count * size overflows, or when the size is 0. */
void *tdri_mem_alloc(const tdrest_allocator *mem, size_t size);
void *tdri_mem_zeroed(const tdrest_allocator *mem, size_t count, size_t size);
void *tdri_mem_resize(const tdrest_allocator *mem, void *old, size_t size);
/* A copy of len bytes with a NUL behind. */
char *tdri_mem_text(const tdrest_allocator *mem, const char *text, size_t len);
void tdri_mem_free(const tdrest_allocator *mem, void *old);

#endif
