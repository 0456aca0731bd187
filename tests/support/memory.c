/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Allocations that fail on demand. Knows nothing of who asks. */
#include "memory.h"

#include <curl/curl.h>
#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static _Atomic int64_t count, live, bytes_now, bytes_most; /* libcurl of several threads asks */
static int64_t fail_at;
static int persistent;

/* In front of each block. */
typedef union prefix {
    size_t bytes;
    max_align_t align;
} prefix;

static int refuses(void)
{
    count++;
    return fail_at > 0 && (count == fail_at || (persistent && count > fail_at));
}

static void count_bytes(int64_t more)
{
    int64_t now;

    bytes_now += more;
    now = bytes_now;
    if (now > bytes_most)
        bytes_most = now;
}

static void *resize(void *old, size_t bytes)
{
    prefix *p = old == NULL ? NULL : (prefix *)old - 1;
    size_t before = p == NULL ? 0 : p->bytes;

    p = refuses() || bytes > SIZE_MAX - sizeof *p ? NULL : (prefix *)realloc(p, sizeof *p + bytes);
    if (p == NULL)
        return NULL;
    p->bytes = bytes;
    live += old == NULL;
    count_bytes((int64_t)bytes - (int64_t)before);
    return p + 1;
}

static void *take(size_t bytes)
{
    return resize(NULL, bytes);
}

static void give(void *old)
{
    prefix *p;

    if (old == NULL)
        return;
    p = (prefix *)old - 1;
    live--;
    count_bytes(-(int64_t)p->bytes);
    free(p);
}

static void *zeroed(size_t n, size_t size)
{
    void *p = size != 0 && n > SIZE_MAX / size ? NULL : take(n * size);

    return p == NULL ? NULL : memset(p, 0, n * size);
}

/* Jansson's, whose texts tests release with free: without a prefix, and not among the bytes. */
static void *take_plain(size_t bytes)
{
    void *p = refuses() ? NULL : malloc(bytes);

    live += p != NULL;
    return p;
}

static void give_plain(void *old)
{
    live -= old != NULL;
    free(old);
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
    json_set_alloc_funcs(take_plain, give_plain);
    return curl_global_init_mem(CURL_GLOBAL_DEFAULT, take, give, resize, duplicate, zeroed) == CURLE_OK;
}

void tdrt_memory_plan(int64_t at, int on)
{
    count = 0;
    fail_at = at;
    persistent = on;
    bytes_most = bytes_now;
}

int64_t tdrt_memory_count(void)
{
    return count;
}

int64_t tdrt_memory_live(void)
{
    return live;
}

int64_t tdrt_memory_bytes(void)
{
    return bytes_now;
}

int64_t tdrt_memory_most(void)
{
    return bytes_most;
}
