/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A block as an Arrow array. The block's memory is shared by the children, which may be moved away, released in any order and in any thread: the last
 * one frees it.
 */
#include "arrow/batch.h"

#include <stdatomic.h>
#include <string.h>

typedef struct shared {
    tdrest_allocator mem;
    tdrest_block block;
    atomic_uint holders;
} shared;

typedef struct child {
    shared *block;
    tdri_arrow_buffers buffers;
} child;

/* The struct: its children stand behind it. */
typedef struct root {
    tdrest_allocator mem;
    const void *buffers[1];
    struct ArrowArray **children;
} root;

static void let_go(shared *block)
{
    tdrest_allocator mem = block->mem;

    if (atomic_fetch_sub(&block->holders, 1) != 1)
        return;
    tdri_block_clear(&block->block);
    tdri_mem_free(&mem, block);
}

static void release_child(struct ArrowArray *array)
{
    child *c = (child *)array->private_data;
    tdrest_allocator mem = c->block->mem;

    tdri_arrow_buffers_clear(&mem, &c->buffers);
    let_go(c->block);
    array->release = NULL;
    tdri_mem_free(&mem, c);
}

static void release_root(struct ArrowArray *array)
{
    root *r = (root *)array->private_data;
    tdrest_allocator mem = r->mem;

    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release != NULL)
            array->children[i]->release(array->children[i]);
    array->release = NULL;
    tdri_mem_free(&mem, r);
}

static int make_child(const tdri_arrow_source *from, shared *block, size_t column, int unit, struct ArrowArray *out)
{
    child *c = (child *)tdri_mem_alloc(&block->mem, sizeof *c);
    int rc;

    if (c == NULL)
        return tdri_err_set(from->err, TDREST_ENOMEM, NULL);
    rc = tdri_arrow_convert(from, column, unit, &c->buffers);
    if (rc != TDREST_OK) {
        tdri_arrow_buffers_clear(&block->mem, &c->buffers);
        tdri_mem_free(&block->mem, c);
        return rc;
    }
    c->block = block;
    (void)atomic_fetch_add(&block->holders, 1);
    out->length = (int64_t)block->block.rows;
    out->null_count = c->buffers.null_count;
    out->n_buffers = c->buffers.count;
    out->buffers = c->buffers.buffer;
    out->private_data = c;
    out->release = release_child;
    return TDREST_OK;
}

static int make_root(const tdrest_allocator *mem, size_t count, size_t rows, struct ArrowArray *out)
{
    root *r = (root *)tdri_mem_zeroed(mem, 1, sizeof *r + count * (sizeof *r->children + sizeof **r->children));
    struct ArrowArray *children;

    if (r == NULL)
        return TDREST_ENOMEM;
    r->mem = *mem;
    children = (struct ArrowArray *)(void *)(r + 1);
    r->children = (struct ArrowArray **)(void *)(children + count);
    for (size_t i = 0; i < count; i++)
        r->children[i] = &children[i];
    out->length = (int64_t)rows;
    out->n_buffers = 1;
    out->n_children = (int64_t)count;
    out->buffers = r->buffers;
    out->children = r->children;
    out->private_data = r;
    out->release = release_root;
    return TDREST_OK;
}

/* What no array points into: the arena goes back to where it came from. */
static void leave_unused(tdrest_block *block, tdrest_block *from)
{
    tdri_mem_free(block->mem, block->aside);
    block->aside = NULL;
    from->arena = block->arena;
    block->arena = NULL;
}

int tdri_arrow_batch(const tdri_arrow_source *from, const unsigned char *units, struct ArrowArray *out)
{
    tdrest_allocator mem = *from->block->mem;
    shared *block = (shared *)tdri_mem_alloc(&mem, sizeof *block);
    tdri_arrow_source source = *from;
    int rc = TDREST_OK;

    memset(out, 0, sizeof *out);
    if (block == NULL) {
        tdri_block_clear(from->block);
        return tdri_err_set(from->err, TDREST_ENOMEM, NULL);
    }
    block->mem = mem;
    block->block = *from->block;
    block->block.mem = &block->mem;
    atomic_init(&block->holders, 1);
    source.block = &block->block;
    if (make_root(&mem, block->block.column_count, block->block.rows, out) != TDREST_OK)
        rc = tdri_err_set(from->err, TDREST_ENOMEM, NULL);
    for (size_t i = 0; rc == TDREST_OK && i < block->block.column_count; i++)
        rc = make_child(&source, block, i, units[i], out->children[i]);
    leave_unused(&block->block, from->block);
    let_go(block);
    if (rc != TDREST_OK && out->release != NULL)
        out->release(out);
    return rc;
}
