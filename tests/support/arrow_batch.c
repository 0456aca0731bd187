/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
#include "arrow_batch.h"

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
