/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Counts, and refuses. */
#include "own_memory.h"

#include <stdlib.h>

static int64_t asked, fail_at, live;
static int fails_on;

static int is_out(void)
{
    asked++;
    return fail_at != 0 && (asked == fail_at || (fails_on && asked > fail_at));
}

static void *take(void *context, size_t bytes)
{
    void *block = is_out() ? NULL : malloc(bytes);

    (void)context;
    live += block != NULL;
    return block;
}

static void *resize(void *context, void *old, size_t bytes)
{
    void *block = is_out() ? NULL : realloc(old, bytes);

    (void)context;
    live += block != NULL && old == NULL;
    return block;
}

static void release(void *context, void *old)
{
    (void)context;
    live -= old != NULL;
    free(old);
}

const tdrest_allocator tdrt_own_memory = {sizeof(tdrest_allocator), NULL, take, resize, release};

void tdrt_own_plan(int64_t n, int persistent)
{
    asked = 0;
    fail_at = n;
    fails_on = persistent;
}

int64_t tdrt_own_count(void)
{
    return asked;
}

int64_t tdrt_own_live(void)
{
    return live;
}
