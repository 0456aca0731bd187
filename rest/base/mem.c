/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Memory through the caller's allocator. Knows nothing but tdrest_allocator. */
#include "base/mem.h"

#include "base/sizes.h"

#include <stdlib.h>
#include <string.h>

static void *default_alloc(void *context, size_t bytes)
{
    (void)context;
    return malloc(bytes);
}

static void *default_resize(void *context, void *old, size_t bytes)
{
    (void)context;
    return realloc(old, bytes);
}

static void default_release(void *context, void *old)
{
    (void)context;
    free(old);
}

const tdrest_allocator tdri_mem_default = {
    sizeof(tdrest_allocator), NULL, default_alloc, default_resize, default_release,
};

int tdri_mem_take(const tdrest_allocator *allocator, tdrest_allocator *out)
{
    *out = tdri_mem_default;
    if (allocator == NULL)
        return 1;
    return tdri_sizes_take(&tdri_sizes_allocator, allocator, out) && out->alloc != NULL && out->resize != NULL && out->release != NULL;
}

void *tdri_mem_alloc(const tdrest_allocator *mem, size_t size)
{
    return size == 0 ? NULL : mem->alloc(mem->context, size);
}

void *tdri_mem_zeroed(const tdrest_allocator *mem, size_t count, size_t size)
{
    void *p;

    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    p = tdri_mem_alloc(mem, count * size);
    if (p != NULL)
        memset(p, 0, count * size);
    return p;
}

void *tdri_mem_resize(const tdrest_allocator *mem, void *old, size_t size)
{
    return size == 0 ? NULL : mem->resize(mem->context, old, size);
}

char *tdri_mem_text(const tdrest_allocator *mem, const char *text, size_t len)
{
    char *copy = (char *)tdri_mem_alloc(mem, len + 1); /* 0, which is refused, when it wraps around */

    if (copy != NULL) {
        if (len != 0)
            memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

void tdri_mem_free(const tdrest_allocator *mem, void *old)
{
    mem->release(mem->context, old);
}
