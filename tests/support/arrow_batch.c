/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
#include "arrow_batch.h"

#include <stdlib.h>
#include <string.h>

static void release_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    array->release = NULL;
}

static void make(const tdrt_sample *s, tdrt_array *m, tdrt_array *words)
{
    memset(m, 0, sizeof *m);
    m->schema.format = s->format;
    m->schema.name = "c";
    m->schema.release = release_schema;
    m->buffers[0] = s->validity;
    m->buffers[1] = s->first;
    m->buffers[2] = s->second;
    m->buffers[3] = m->sizes;
    m->array.length = s->length;
    m->array.null_count = s->validity == NULL ? 0 : -1;
    m->array.offset = s->offset;
    m->array.n_buffers = s->format[0] == 'v' ? 4 : s->format[0] == 'n' ? 0 : s->second == NULL ? 2 : 3;
    m->array.buffers = m->buffers;
    m->array.release = release_array;
    if (s->dictionary == NULL)
        return;
    make(s->dictionary, words, NULL);
    m->schema.dictionary = &words->schema;
    m->array.dictionary = &words->array;
}

void tdrt_make_batch(const tdrt_sample *const *columns, int count, int64_t rows, tdrt_batch *b)
{
    memset(b, 0, sizeof *b);
    for (int i = 0; i < count; i++) {
        make(columns[i], &b->column[i], &b->words[i]);
        b->fields[i] = &b->column[i].schema;
        b->arrays[i] = &b->column[i].array;
    }
    b->schema.format = "+s";
    b->schema.name = "";
    b->schema.n_children = b->array.n_children = count;
    b->schema.children = b->fields;
    b->schema.release = release_schema;
    b->array.length = rows;
    b->array.n_buffers = 1;
    b->array.buffers = b->buffers;
    b->array.children = b->arrays;
    b->array.release = release_array;
}

/* ---- odd addresses ---- */

enum { POOL = 16384 };

static size_t width_of(const char *format)
{
    switch (format[0]) {
    case 'c': case 'C': return 1;
    case 's': case 'S': case 'e': return 2;
    case 'i': case 'I': case 'f': case 'u': case 'z': return 4;
    case 'v': return 16;
    case 'w': return (size_t)atoi(format + 2);
    case 'd': return strstr(format, ",32") != NULL ? 4 : strstr(format, ",64") != NULL ? 8 : 16;
    case 't': return strcmp(format, "tdD") == 0 ? 4 : 8;
    default: return 8;
    }
}

/* The bytes of a buffer that rows reach. */
static size_t bytes_of(const tdrt_sample *s, int buffer)
{
    const size_t rows = (size_t)(s->offset + s->length);
    int64_t wide;
    int32_t end;

    if (buffer == 0 || s->format[0] == 'b')
        return (rows + 7) / 8;
    if (buffer == 1)
        return (rows + (strchr("uzUZ", s->format[0]) != NULL)) * width_of(s->format);
    if (s->format[0] == 'v')
        return strlen((const char *)s->second);
    memcpy(&end, (const int32_t *)s->first + rows, sizeof end);
    memcpy(&wide, (const int64_t *)s->first + (width_of(s->format) == 4 ? 0 : rows), sizeof wide);
    return width_of(s->format) == 4 ? (size_t)end : (size_t)wide;
}

static void move(const tdrt_sample *s, tdrt_array *m, char *pool, size_t *used)
{
    for (int i = 0; i < 3; i++) {
        size_t bytes = m->buffers[i] == NULL ? 0 : bytes_of(s, i);

        if (m->buffers[i] == NULL)
            continue;
        if (*used + bytes + 2 > POOL)
            abort();
        *used += 1 + *used % 2;
        memcpy(pool + *used, m->buffers[i], bytes);
        m->buffers[i] = pool + *used;
        *used += bytes;
    }
}

void tdrt_make_odd(const tdrt_sample *const *columns, int count, tdrt_batch *b)
{
    static union {
        int64_t align;
        char bytes[POOL];
    } pool;
    size_t used = 0;

    for (int i = 0; i < count; i++) {
        move(columns[i], &b->column[i], pool.bytes, &used);
        if (columns[i]->dictionary != NULL)
            move(columns[i]->dictionary, &b->words[i], pool.bytes, &used);
    }
}
