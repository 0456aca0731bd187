/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow arrays made by the driver itself. */
#include "adbc/builder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- columns ---- */

static int add_bytes(tda_column *column, tda_bytes *to, const void *bytes, size_t len)
{
    size_t cap = to->cap == 0 ? 64 : to->cap;
    char *data;

    if (column->failed)
        return 0;
    while (cap < to->len + len + 8) /* readers may look at whole words */
        cap *= 2;
    if (cap != to->cap) {
        data = (char *)realloc(to->data, cap);
        if (data == NULL) {
            column->failed = 1;
            return 0;
        }
        to->data = data;
        to->cap = cap;
    }
    if (len > 0)
        memcpy(to->data + to->len, bytes, len);
    to->len += len;
    return 1;
}

static void add_offset(tda_column *column, int64_t offset)
{
    int32_t narrow = (int32_t)offset;

    add_bytes(column, &column->fixed, &narrow, sizeof narrow);
}

static int is_text(const tda_column *column)
{
    return column->format[0] == 'u' || column->format[0] == 'z';
}

static int has_offsets(const tda_column *column)
{
    return is_text(column) || strcmp(column->format, "+l") == 0 || strcmp(column->format, "+m") == 0;
}

/* Room for one more child; room grows at each power of two. */
static int make_room(tda_column *parent)
{
    int count = parent->children;
    tda_column **child;

    if ((count & (count - 1)) != 0)
        return 1;
    child = (tda_column **)realloc(parent->child, (size_t)(count == 0 ? 1 : 2 * count) * sizeof *child);
    if (child == NULL)
        return 0;
    parent->child = child;
    return 1;
}

tda_column *tda_column_new(tda_column *parent, const char *format, const char *name, int nullable)
{
    tda_column *column = parent != NULL && !make_room(parent) ? NULL : (tda_column *)calloc(1, sizeof *column);

    if (column == NULL) {
        if (parent != NULL)
            parent->failed = 1;
        return NULL;
    }
    column->format = format;
    column->name = name;
    column->flags = nullable ? ARROW_FLAG_NULLABLE : 0;
    if (has_offsets(column))
        add_offset(column, 0);
    if (parent != NULL)
        parent->child[parent->children++] = column;
    return column;
}

void tda_column_free(tda_column *column)
{
    if (column == NULL)
        return;
    for (int i = 0; i < column->children; i++)
        tda_column_free(column->child[i]);
    free(column->child);
    free(column->validity.data);
    free(column->fixed.data);
    free(column->texts.data);
    free(column);
}

static void add_validity(tda_column *column, int valid)
{
    const char zero = 0;

    if (column->length % 8 == 0 && !add_bytes(column, &column->validity, &zero, 1))
        return;
    if (valid && !column->failed)
        column->validity.data[column->length / 8] = (char)(column->validity.data[column->length / 8] | 1 << column->length % 8);
    column->nulls += !valid;
    column->length++;
}

static size_t width(const tda_column *column)
{
    switch (column->format[0]) {
    case 's': return 2;
    case 'i': case 'I': return 4;
    case 'l': return 8;
    default: return 0;
    }
}

void tda_add_int(tda_column *column, int64_t value)
{
    int16_t two = (int16_t)value;
    int32_t four = (int32_t)value;
    const char zero = 0;

    if (column == NULL)
        return;
    if (column->format[0] == 'b') {
        if (column->length % 8 == 0 && !add_bytes(column, &column->fixed, &zero, 1))
            return;
        if (value && !column->failed)
            column->fixed.data[column->length / 8] = (char)(column->fixed.data[column->length / 8] | 1 << column->length % 8);
    } else {
        add_bytes(column, &column->fixed, width(column) == 2 ? (const void *)&two : width(column) == 4 ? (const void *)&four : (const void *)&value, width(column));
    }
    add_validity(column, 1);
}

void tda_add_text_of(tda_column *column, const char *text, size_t len)
{
    if (column == NULL)
        return;
    add_bytes(column, &column->texts, text, len);
    add_offset(column, (int64_t)column->texts.len);
    add_validity(column, 1);
}

void tda_add_text(tda_column *column, const char *text)
{
    if (text == NULL)
        tda_add_null(column);
    else
        tda_add_text_of(column, text, strlen(text));
}

void tda_add_null(tda_column *column)
{
    if (column == NULL)
        return;
    if (is_text(column)) {
        add_offset(column, (int64_t)column->texts.len);
    } else if (has_offsets(column)) {
        add_offset(column, column->children > 0 ? column->child[0]->length : 0);
    } else if (column->format[0] == '+') {
        for (int i = 0; i < column->children; i++)
            tda_add_null(column->child[i]);
    } else {
        tda_add_int(column, 0);
        if (column->failed)
            return;
        column->length--;
        column->validity.data[column->length / 8] = (char)(column->validity.data[column->length / 8] & ~(1 << column->length % 8));
        column->validity.len -= column->length % 8 == 0;
    }
    add_validity(column, 0);
}

void tda_close(tda_column *column)
{
    if (column == NULL)
        return;
    if (has_offsets(column))
        add_offset(column, column->children > 0 ? column->child[0]->length : 0);
    add_validity(column, 1);
}

/* A dense union: the type's number in the first buffer, the place in its child in the second. */
void tda_close_union(tda_column *column, int type)
{
    const char id = (char)type;
    int32_t at;

    if (column == NULL || column->children <= type || column->child[type] == NULL)
        return;
    at = (int32_t)(column->child[type]->length - 1);
    add_bytes(column, &column->fixed, &id, 1);
    add_bytes(column, &column->texts, &at, sizeof at);
    column->length++;
}

static int has_failed(const tda_column *column)
{
    int failed = column == NULL || column->failed;

    for (int i = 0; !failed && i < column->children; i++)
        failed = has_failed(column->child[i]);
    return failed;
}

/* ---- schemas ---- */

typedef struct schema_memory {
    struct ArrowSchema **children; /* behind the child they point to */
    char *texts;
    struct ArrowSchema child[];
} schema_memory;

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release != NULL)
            schema->children[i]->release(schema->children[i]);
    free(schema->private_data);
    schema->release = NULL;
}

/* The bytes of metadata: a number of pairs, each text with its length in front. */
static size_t metadata_bytes(const char *metadata)
{
    int32_t pairs, len;
    size_t at = sizeof pairs;

    if (metadata == NULL)
        return 0;
    memcpy(&pairs, metadata, sizeof pairs);
    for (int64_t i = 0; i < 2 * (int64_t)pairs; i++) {
        memcpy(&len, metadata + at, sizeof len);
        at += sizeof len + (size_t)len;
    }
    return at;
}

static int make_schema(const tda_column *column, struct ArrowSchema *out)
{
    size_t metadata = metadata_bytes(column->metadata), name = strlen(column->name) + 1, format = strlen(column->format) + 1, children = (size_t)column->children;
    schema_memory *memory = (schema_memory *)calloc(1, sizeof *memory + children * (sizeof *memory->child + sizeof *memory->children) + name + format + metadata);

    memset(out, 0, sizeof *out);
    if (memory == NULL)
        return ENOMEM;
    memory->children = (struct ArrowSchema **)(void *)(memory->child + children);
    memory->texts = (char *)(memory->children + children);
    memcpy(memory->texts, column->name, name);
    memcpy(memory->texts + name, column->format, format);
    out->name = memory->texts;
    out->format = memory->texts + name;
    if (column->metadata != NULL)
        out->metadata = (const char *)memcpy(memory->texts + name + format, column->metadata, metadata);
    out->flags = column->flags;
    out->children = memory->children;
    out->private_data = memory;
    out->release = release_schema;
    for (int i = 0; i < column->children; i++) {
        memory->children[i] = &memory->child[i];
        out->n_children = i + 1;
        if (make_schema(column->child[i], &memory->child[i]) != 0) {
            out->release(out);
            return ENOMEM;
        }
    }
    return 0;
}

/* ---- arrays: each takes the buffers of its column ---- */

typedef struct array_memory {
    const void *buffers[3];
    void *owned[3];
    struct ArrowArray **children; /* behind the child they point to */
    struct ArrowArray child[];
} array_memory;

static void release_array(struct ArrowArray *array)
{
    array_memory *memory = (array_memory *)array->private_data;

    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release != NULL)
            array->children[i]->release(array->children[i]);
    for (int i = 0; i < 3; i++)
        free(memory->owned[i]);
    free(memory);
    array->release = NULL;
}

static void *take(tda_bytes *bytes)
{
    static _Alignas(64) char none[64];
    void *data = bytes->data;

    memset(bytes, 0, sizeof *bytes);
    return data == NULL ? none : data;
}

static void take_buffers(tda_column *column, struct ArrowArray *out, array_memory *memory)
{
    int count = 0, is_union = strncmp(column->format, "+u", 2) == 0;
    tda_bytes *each[3] = {is_union ? NULL : &column->validity, &column->fixed, &column->texts};

    out->n_buffers = strcmp(column->format, "+s") == 0 ? 1 : is_union || !is_text(column) ? 2 : 3;
    for (int i = 0; i < 3 && count < out->n_buffers; i++) {
        if (each[i] == NULL)
            continue;
        memory->owned[count] = each[i]->data;
        memory->buffers[count] = take(each[i]);
        if (i == 0 && column->nulls == 0)
            memory->buffers[0] = NULL;
        count++;
    }
    out->null_count = is_union ? 0 : column->nulls;
}

static int make_array(tda_column *column, struct ArrowArray *out)
{
    size_t children = (size_t)column->children;
    array_memory *memory = (array_memory *)calloc(1, sizeof *memory + children * (sizeof *memory->child + sizeof *memory->children));

    memset(out, 0, sizeof *out);
    if (memory == NULL)
        return ENOMEM;
    memory->children = (struct ArrowArray **)(void *)(memory->child + children);
    out->length = column->length;
    out->buffers = memory->buffers;
    out->children = memory->children;
    out->private_data = memory;
    out->release = release_array;
    take_buffers(column, out, memory);
    for (int i = 0; i < column->children; i++) {
        memory->children[i] = &memory->child[i];
        out->n_children = i + 1;
        if (make_array(column->child[i], &memory->child[i]) != 0) {
            out->release(out);
            return ENOMEM;
        }
    }
    return 0;
}

/* ---- the stream ---- */

static int get_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    return make_schema((const tda_column *)self->private_data, out);
}

static int get_next(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    tda_column *column = (tda_column *)self->private_data;
    int rc;

    memset(out, 0, sizeof *out);
    if (column->length == 0)
        return 0;
    rc = make_array(column, out);
    column->length = 0;
    return rc;
}

static const char *get_last_error(struct ArrowArrayStream *self)
{
    (void)self;
    return "out of memory";
}

static void release(struct ArrowArrayStream *self)
{
    tda_column_free((tda_column *)self->private_data);
    self->release = NULL;
}

int tda_column_stream(tda_column *column, struct ArrowArrayStream *out)
{
    if (has_failed(column)) {
        tda_column_free(column);
        return 0;
    }
    out->get_schema = get_schema;
    out->get_next = get_next;
    out->get_last_error = get_last_error;
    out->release = release;
    out->private_data = column;
    return 1;
}

int tda_column_schema(tda_column *column, struct ArrowSchema *out)
{
    int rc = has_failed(column) ? ENOMEM : make_schema(column, out);

    tda_column_free(column);
    return rc == 0;
}

int tda_schema_copy(const struct ArrowSchema *schema, struct ArrowSchema *out)
{
    tda_column *root = tda_column_new(NULL, schema->format, schema->name == NULL ? "" : schema->name, (schema->flags & ARROW_FLAG_NULLABLE) != 0);

    if (root != NULL)
        root->metadata = schema->metadata;
    for (int64_t i = 0; root != NULL && i < schema->n_children; i++) {
        const struct ArrowSchema *field = schema->children[i];
        tda_column *column = tda_column_new(root, field->format, field->name == NULL ? "" : field->name, (field->flags & ARROW_FLAG_NULLABLE) != 0);

        if (column != NULL)
            column->metadata = field->metadata;
    }
    return tda_column_schema(root, out);
}
