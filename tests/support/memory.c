/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Allocations that fail on demand. Knows nothing of who asks. */
#include "memory.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static _Atomic int64_t count, live; /* libcurl of several threads asks */
static int64_t fail_at;
static int persistent;

static int refuses(void)
{
    count++;
    return fail_at > 0 && (count == fail_at || (persistent && count > fail_at));
}

static void *take(size_t bytes)
{
    void *p = refuses() ? NULL : malloc(bytes);

    live += p != NULL;
    return p;
}

static void give(void *old)
{
    live -= old != NULL;
    free(old);
}

static void *resize(void *old, size_t bytes)
{
    void *p = refuses() ? NULL : realloc(old, bytes);

    live += old == NULL && p != NULL;
    return p;
}

static void *zeroed(size_t n, size_t size)
{
    void *p = refuses() ? NULL : calloc(n, size);

    live += p != NULL;
    return p;
}

static char *duplicate(const char *text)
{
    char *p = (char *)take(strlen(text) + 1);

    return p == NULL ? NULL : strcpy(p, text);
}

static void *context_alloc(void *context, size_t bytes)
{
    (void)context;
    return take(bytes);
}

static void *context_resize(void *context, void *old, size_t bytes)
{
    (void)context;
    return resize(old, bytes);
}

static void context_release(void *context, void *old)
{
    (void)context;
    give(old);
}

const tdrest_allocator tdrt_memory = {sizeof tdrt_memory, NULL, context_alloc, context_resize, context_release};

int tdrt_memory_hook(void)
{
    json_set_alloc_funcs(take, give);
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, take, give, resize, duplicate, zeroed) == CURLE_OK;
}

void tdrt_memory_plan(int64_t at, int on)
{
    count = 0;
    fail_at = at;
    persistent = on;
}

int64_t tdrt_memory_count(void)
{
    return count;
}

int64_t tdrt_memory_live(void)
{
    return live;
}
