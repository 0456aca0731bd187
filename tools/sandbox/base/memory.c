/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arenas of blocks that are freed together, and buffers that double. Out of memory ends the program. */
#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 64 * 1024, ALIGN = 16 };

typedef struct block {
    struct block *next;
    size_t used;
    size_t cap;
    size_t pad_; /* what follows is aligned */
} block;

_Static_assert(sizeof(block) % ALIGN == 0, "blocks begin aligned");

struct sbx_arena {
    block *blocks;
};

static _Noreturn void give_up(void)
{
    fputs("tdrest-sandbox: out of memory\n", stderr);
    exit(1);
}

static void *heap(void *old, size_t bytes)
{
    void *p = realloc(old, bytes);

    if (p == NULL)
        give_up();
    return p;
}

sbx_arena *sbx_arena_new(void)
{
    sbx_arena *arena = heap(NULL, sizeof *arena);

    arena->blocks = NULL;
    return arena;
}

void sbx_arena_free(sbx_arena *arena)
{
    if (arena == NULL)
        return;
    while (arena->blocks != NULL) {
        block *next = arena->blocks->next;

        free(arena->blocks);
        arena->blocks = next;
    }
    free(arena);
}

void *sbx_alloc(sbx_arena *arena, size_t bytes)
{
    size_t need = (bytes + ALIGN - 1) / ALIGN * ALIGN;
    block *b = arena->blocks;
    char *p;

    if (b == NULL || b->cap - b->used < need) {
        size_t cap = need > BLOCK_BYTES ? need : BLOCK_BYTES;

        b = heap(NULL, sizeof *b + cap);
        b->cap = cap;
        b->used = 0;
        b->next = arena->blocks;
        arena->blocks = b;
    }
    p = (char *)(b + 1) + b->used;
    b->used += need;
    return memset(p, 0, need);
}

void *sbx_alloc_array(sbx_arena *arena, size_t count, size_t bytes)
{
    if (bytes != 0 && count > SIZE_MAX / 2 / bytes)
        give_up();
    return sbx_alloc(arena, count * bytes);
}

void *sbx_alloc_one_more(sbx_arena *arena, void *array, size_t count, size_t bytes)
{
    void *moved;

    if (count != 0 && (count & (count - 1)) != 0)
        return array;
    moved = sbx_alloc_array(arena, count == 0 ? 1 : 2 * count, bytes);
    if (count != 0)
        memcpy(moved, array, count * bytes);
    return moved;
}

sbx_text sbx_copy(sbx_arena *arena, const char *p, size_t len)
{
    char *copy = sbx_alloc(arena, len + 1);

    if (len != 0)
        memcpy(copy, p, len);
    return (sbx_text){copy, len};
}

/* The length of the whole; out has its beginning, as much as cap allows, and a NUL. */
SBX_PRINTF(3, 0) static size_t print(char *out, size_t cap, const char *format, va_list args)
{
    int len = vsnprintf(out, cap, format, args);

    return len < 0 ? 0 : (size_t)len;
}

sbx_text sbx_format(sbx_arena *arena, const char *format, ...)
{
    va_list args, again;
    size_t len;
    char *p;

    va_start(args, format);
    va_copy(again, args);
    len = print(NULL, 0, format, args);
    p = sbx_alloc(arena, len + 1);
    print(p, len + 1, format, again);
    va_end(again);
    va_end(args);
    return (sbx_text){p, len};
}

int sbx_text_equal(sbx_text a, sbx_text b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

int sbx_text_is(sbx_text text, const char *other)
{
    return sbx_text_equal(text, (sbx_text){other, strlen(other)});
}

void sbx_buf_clear(sbx_buf *buf)
{
    free(buf->p);
    *buf = (sbx_buf){0};
}

/* Room for len more bytes and a NUL. */
static char *room(sbx_buf *buf, size_t len)
{
    if (buf->cap - buf->len <= len) {
        size_t cap = buf->cap < 256 ? 256 : 2 * buf->cap;

        while (cap - buf->len <= len)
            cap *= 2;
        buf->p = heap(buf->p, cap);
        buf->cap = cap;
    }
    return buf->p + buf->len;
}

void sbx_buf_put(sbx_buf *buf, const void *bytes, size_t len)
{
    char *at = room(buf, len);

    if (len != 0)
        memcpy(at, bytes, len);
    at[len] = '\0';
    buf->len += len;
}

void sbx_buf_char(sbx_buf *buf, char c)
{
    sbx_buf_put(buf, &c, 1);
}

void sbx_buf_text(sbx_buf *buf, const char *text)
{
    sbx_buf_put(buf, text, strlen(text));
}

void sbx_buf_format(sbx_buf *buf, const char *format, ...)
{
    va_list args, again;
    size_t len;

    va_start(args, format);
    va_copy(again, args);
    len = print(NULL, 0, format, args);
    print(room(buf, len), len + 1, format, again);
    buf->len += len;
    va_end(again);
    va_end(args);
}
