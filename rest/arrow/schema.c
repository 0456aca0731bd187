/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What Arrow is told of columns: formats, names, metadata. Every schema owns its memory, and each child its own, as children may be moved. */
#include "arrow/schema.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { DECIMAL_MAX = 38, METADATA_PAIRS = 3 };

/* A child: its texts stand behind it. */
typedef struct field {
    tdrest_allocator mem;
    char format[TDRI_ARROW_FORMAT];
} field;

/* The struct: its children stand behind it. */
typedef struct root {
    tdrest_allocator mem;
    struct ArrowSchema **children;
} root;

int tdri_arrow_is_decimal(const tdri_column *column)
{
    const tdrest_column *pub = &column->pub;

    return column->kind == TDRI_KIND_DECIMAL && pub->precision >= 1 && pub->precision <= DECIMAL_MAX && pub->scale >= 0 &&
           pub->scale <= pub->precision;
}

int tdri_arrow_is_utf8(const tdri_column *column, const tdri_arrow_way *way)
{
    switch (column->kind) {
    case TDRI_KIND_TEXT: return column->pub.type == TDREST_TYPE_NCHAR || !way->binary_text;
    case TDRI_KIND_RAW: return !way->binary_text;
    case TDRI_KIND_JSON: case TDRI_KIND_DECIMAL: return 1;
    default: return 0;
    }
}

static const char *plain_format(enum tdri_kind kind)
{
    switch (kind) {
    case TDRI_KIND_BOOL: return "b";
    case TDRI_KIND_I8: return "c";
    case TDRI_KIND_I16: return "s";
    case TDRI_KIND_I32: return "i";
    case TDRI_KIND_I64: return "l";
    case TDRI_KIND_U8: return "C";
    case TDRI_KIND_U16: return "S";
    case TDRI_KIND_U32: return "I";
    case TDRI_KIND_U64: return "L";
    case TDRI_KIND_F32: return "f";
    case TDRI_KIND_F64: return "g";
    default: return "z";
    }
}

static void put_format(const tdri_column *column, const tdri_arrow_way *way, int unit, char *out)
{
    if (tdri_arrow_is_decimal(column))
        (void)snprintf(out, TDRI_ARROW_FORMAT, "d:%d,%d", column->pub.precision, column->pub.scale);
    else if (column->kind == TDRI_KIND_TIME)
        (void)snprintf(out, TDRI_ARROW_FORMAT, "ts%c:UTC", unit == TDREST_NS ? 'n' : unit == TDREST_US ? 'u' : 'm');
    else
        (void)snprintf(out, TDRI_ARROW_FORMAT, "%s", tdri_arrow_is_utf8(column, way) ? "u" : plain_format(column->kind));
}

/* ---- metadata: a count, and each text with its length in front, all int32 of the machine ---- */

/* Keys and values of a column, in turn; how many pairs. */
static int32_t list_metadata(const tdri_column *column, const tdri_arrow_way *way, const char *texts[2 * METADATA_PAIRS])
{
    const char *name = column->pub.type == TDREST_TYPE_JSON ? "arrow.json" : column->pub.type == TDREST_TYPE_GEOMETRY ? "geoarrow.wkb" : NULL;

    texts[0] = "tdrest.type";
    texts[1] = column->pub.type_name;
    if (name == NULL || !way->extensions)
        return 1;
    texts[2] = "ARROW:extension:name";
    texts[3] = name;
    texts[4] = "ARROW:extension:metadata";
    texts[5] = column->pub.type == TDREST_TYPE_JSON ? "" : "{}";
    return 3;
}

static size_t metadata_bytes(const char *const *texts, int32_t pairs)
{
    size_t bytes = sizeof pairs;

    for (int32_t i = 0; i < 2 * pairs; i++)
        bytes += sizeof(int32_t) + strlen(texts[i]);
    return bytes;
}

static char *put_metadata(const char *const *texts, int32_t pairs, char *out)
{
    memcpy(out, &pairs, sizeof pairs);
    out += sizeof pairs;
    for (int32_t i = 0; i < 2 * pairs; i++) {
        int32_t len = (int32_t)strlen(texts[i]);

        memcpy(out, &len, sizeof len);
        memcpy(out + sizeof len, texts[i], (size_t)len);
        out += sizeof len + (size_t)len;
    }
    return out;
}

/* ---- schemas ---- */

static void release_field(struct ArrowSchema *schema)
{
    field *f = (field *)schema->private_data;
    tdrest_allocator mem = f->mem;

    schema->release = NULL;
    tdri_mem_free(&mem, f);
}

static int make_field(const tdrest_allocator *mem, const tdri_column *column, const tdri_arrow_way *way, int unit, struct ArrowSchema *out)
{
    const char *texts[2 * METADATA_PAIRS];
    int32_t pairs = list_metadata(column, way, texts);
    size_t bytes = metadata_bytes(texts, pairs), name_len = column->pub.name_len;
    field *f = (field *)tdri_mem_alloc(mem, sizeof *f + bytes + name_len + 1);
    char *metadata, *name;

    if (f == NULL)
        return ENOMEM;
    f->mem = *mem;
    put_format(column, way, unit, f->format);
    metadata = (char *)(f + 1);
    name = put_metadata(texts, pairs, metadata);
    memcpy(name, column->pub.name, name_len);
    name[name_len] = '\0';
    out->format = f->format;
    out->name = name;
    out->metadata = metadata;
    out->flags = ARROW_FLAG_NULLABLE;
    out->private_data = f;
    out->release = release_field;
    return 0;
}

static void release_root(struct ArrowSchema *schema)
{
    root *r = (root *)schema->private_data;
    tdrest_allocator mem = r->mem;

    for (int64_t i = 0; i < schema->n_children; i++)
        if (schema->children[i]->release != NULL)
            schema->children[i]->release(schema->children[i]);
    schema->release = NULL;
    tdri_mem_free(&mem, r);
}

int tdri_arrow_schema(const tdrest_allocator *mem, const tdri_column *columns, size_t count, const tdri_arrow_way *way, const unsigned char *units,
                      struct ArrowSchema *out)
{
    root *r = (root *)tdri_mem_zeroed(mem, 1, sizeof *r + count * (sizeof *r->children + sizeof **r->children));
    struct ArrowSchema *children;
    int rc = 0;

    memset(out, 0, sizeof *out);
    if (r == NULL)
        return ENOMEM;
    r->mem = *mem;
    children = (struct ArrowSchema *)(void *)(r + 1);
    r->children = (struct ArrowSchema **)(void *)(children + count);
    out->format = "+s";
    out->name = "";
    out->n_children = (int64_t)count;
    out->children = r->children;
    out->private_data = r;
    out->release = release_root;
    for (size_t i = 0; i < count; i++)
        r->children[i] = &children[i];
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = make_field(mem, &columns[i], way, units[i], &children[i]);
    if (rc != 0)
        out->release(out);
    return rc;
}
