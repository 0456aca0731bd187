/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A FlatBuffer. Knows nothing of what is in it. */
#include "arrow/flat.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BYTES = 4096, MOST_BYTES = INT32_MAX };

void cli_flat_clear(cli_flat *f)
{
    free(f->data);
    *f = (cli_flat){.data = NULL};
}

/* So many bytes of 0 at the end; where they begin. */
static size_t add(cli_flat *f, size_t bytes)
{
    size_t at = f->len, cap = f->cap == 0 ? FIRST_BYTES : f->cap;
    char *data;

    if (f->failed || bytes > MOST_BYTES - at) {
        f->failed = 1;
        return at;
    }
    while (cap < at + bytes)
        cap *= 2;
    if (cap != f->cap) {
        data = realloc(f->data, cap);
        if (data == NULL) {
            f->failed = 1;
            return at;
        }
        f->data = data;
        f->cap = cap;
    }
    memset(f->data + at, 0, bytes);
    f->len = at + bytes;
    return at;
}

static size_t up(size_t at, size_t align)
{
    return (at + align - 1) / align * align;
}

/* Zeros, until `ahead` bytes later a multiple of align is reached. */
static void pad(cli_flat *f, size_t ahead, size_t align)
{
    (void)add(f, up(f->len + ahead, align) - f->len - ahead);
}

void cli_flat_set(cli_flat *f, size_t at, uint64_t value, size_t size)
{
    for (size_t i = 0; !f->failed && i < size; i++)
        f->data[at + i] = (char)(unsigned char)(value >> (8 * i));
}

/* The place points to what stands at `to`. */
static void point(cli_flat *f, size_t from, size_t to)
{
    cli_flat_set(f, from, to - from, 4);
}

void cli_flat_begin(cli_flat *f)
{
    f->len = 0;
    f->failed = 0;
    (void)add(f, 4);
}

/*
 * In front of a table stands its vtable: its own bytes, the table's, and where each field is in the table, as numbers of 16 bits. The table begins
 * with how far back that is.
 */
void cli_flat_table(cli_flat *f, size_t from, cli_flat_field *fields, size_t count)
{
    size_t head = 4 + 2 * count, bytes = 4, vtable, table, i;

    for (i = 0; i < count; i++)
        if (fields[i].size != 0) {
            fields[i].at = up(bytes, fields[i].size);
            bytes = fields[i].at + fields[i].size;
        }
    pad(f, head, 8);
    vtable = add(f, head);
    table = add(f, bytes);
    point(f, from, table);
    cli_flat_set(f, vtable, head, 2);
    cli_flat_set(f, vtable + 2, bytes, 2);
    cli_flat_set(f, table, table - vtable, 4);
    for (i = 0; i < count; i++) {
        if (fields[i].size == 0)
            continue;
        cli_flat_set(f, vtable + 4 + 2 * i, fields[i].at, 2);
        fields[i].at += table;
        cli_flat_set(f, fields[i].at, (uint64_t)fields[i].value, fields[i].size);
    }
}

size_t cli_flat_vector(cli_flat *f, size_t from, size_t count, size_t size, size_t align)
{
    size_t at;

    pad(f, 4, align);
    at = add(f, 4);
    point(f, from, at);
    cli_flat_set(f, at, count, 4);
    if (count > MOST_BYTES / size)
        f->failed = 1;
    return add(f, f->failed ? 0 : count * size);
}

void cli_flat_string(cli_flat *f, size_t from, const char *text, size_t len)
{
    size_t at = cli_flat_vector(f, from, len, 1, 4);

    (void)add(f, 1); /* a zero behind it */
    if (!f->failed && len > 0)
        memcpy(f->data + at, text, len);
}
