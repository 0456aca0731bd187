/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The metadata of Arrow's IPC messages. Numbers and places of fields are those of Message.fbs and Schema.fbs. Knows no values. */
#include "arrow/message.h"

#include <stdlib.h>
#include <string.h>

enum { VERSION_V5 = 4, HEADER_SCHEMA = 1, HEADER_BATCH = 3 };
enum { TYPE_INT = 2, TYPE_FLOAT = 3, TYPE_BINARY = 4, TYPE_UTF8 = 5, TYPE_BOOL = 6, TYPE_DECIMAL = 7, TYPE_TIMESTAMP = 10 };

/* By the first letter of its format in the C data interface. Texts have offsets of so many bits. */
typedef struct kind {
    char letter;
    unsigned char type;
    unsigned char bits;
} kind;

static const kind kinds[] = {{'b', TYPE_BOOL, 1}, {'c', TYPE_INT, 8}, {'C', TYPE_INT, 8}, {'s', TYPE_INT, 16}, {'S', TYPE_INT, 16},
                             {'i', TYPE_INT, 32}, {'I', TYPE_INT, 32}, {'l', TYPE_INT, 64}, {'L', TYPE_INT, 64}, {'f', TYPE_FLOAT, 32},
                             {'g', TYPE_FLOAT, 64}, {'u', TYPE_UTF8, 32}, {'z', TYPE_BINARY, 32}, {'d', TYPE_DECIMAL, 128}, {'t', TYPE_TIMESTAMP, 64}};

/* NULL: not one of them. */
static const kind *find(const char *format)
{
    static const char units[] = "smun";
    size_t i;

    for (i = 0; i < sizeof kinds / sizeof kinds[0] && kinds[i].letter != format[0]; i++)
        ;
    if (i == sizeof kinds / sizeof kinds[0])
        return NULL;
    switch (kinds[i].type) {
    case TYPE_DECIMAL: return format[1] == ':' ? &kinds[i] : NULL;
    case TYPE_TIMESTAMP: return format[1] == 's' && format[2] != '\0' && strchr(units, format[2]) != NULL && format[3] == ':' ? &kinds[i] : NULL;
    default: return format[1] == '\0' ? &kinds[i] : NULL;
    }
}

int64_t cli_message_padded(int64_t bytes)
{
    return (bytes + CLI_MESSAGE_ALIGN - 1) / CLI_MESSAGE_ALIGN * CLI_MESSAGE_ALIGN;
}

static void put_text(cli_flat *f, size_t from, const char *text)
{
    cli_flat_string(f, from, text, strlen(text));
}

/* ---- schema ---- */

static void put_type(cli_flat *f, size_t from, const char *format, const kind *k)
{
    cli_flat_field fields[3] = {{.size = 0}};
    size_t count = 0;
    char *end;

    switch (k->type) {
    case TYPE_INT: /* bitWidth, is_signed */
        fields[count++] = (cli_flat_field){.size = 4, .value = k->bits};
        fields[count++] = (cli_flat_field){.size = 1, .value = k->letter >= 'a'};
        break;
    case TYPE_FLOAT: /* precision: single or double */
        fields[count++] = (cli_flat_field){.size = 2, .value = k->bits == 32 ? 1 : 2};
        break;
    case TYPE_DECIMAL: /* precision, scale, bitWidth */
        fields[count++] = (cli_flat_field){.size = 4, .value = strtol(format + 2, &end, 10)};
        fields[count++] = (cli_flat_field){.size = 4, .value = *end == ',' ? strtol(end + 1, NULL, 10) : 0};
        fields[count++] = (cli_flat_field){.size = 4, .value = k->bits};
        break;
    case TYPE_TIMESTAMP: /* unit: s, ms, us, ns; timezone */
        fields[count++] = (cli_flat_field){.size = 2, .value = format[2] == 's' ? 0 : format[2] == 'm' ? 1 : format[2] == 'u' ? 2 : 3};
        fields[count++] = (cli_flat_field){.size = format[4] == '\0' ? 0 : 4};
        break;
    default: break;
    }
    cli_flat_table(f, from, fields, count);
    if (k->type == TYPE_TIMESTAMP && format[4] != '\0')
        put_text(f, fields[1].at, format + 4);
}

/* The next number of a field's metadata, which is aligned to nothing. */
static size_t take_int(const char **at)
{
    int32_t number;

    memcpy(&number, *at, sizeof number);
    *at += sizeof number;
    return (size_t)number;
}

static void put_metadata(cli_flat *f, size_t from, const char *metadata)
{
    size_t pairs = take_int(&metadata), at = cli_flat_vector(f, from, pairs, 4, 4), i, len;
    int part;

    for (i = 0; i < pairs; i++) {
        cli_flat_field texts[2] = {{.size = 4}, {.size = 4}}; /* key, value */

        cli_flat_table(f, at + 4 * i, texts, 2);
        for (part = 0; part < 2; part++) {
            len = take_int(&metadata);
            cli_flat_string(f, texts[part].at, metadata, len);
            metadata += len;
        }
    }
}

static int put_field(cli_flat *f, size_t from, const struct ArrowSchema *field)
{
    enum { NAME, NULLABLE, TYPE_TYPE, TYPE, DICTIONARY, CHILDREN, METADATA, COUNT };
    const kind *k = find(field->format);
    cli_flat_field fields[COUNT] = {[NAME] = {.size = 4}, [NULLABLE] = {.size = 1}, [TYPE_TYPE] = {.size = 1}, [TYPE] = {.size = 4}, [CHILDREN] = {.size = 4}};

    if (k == NULL)
        return 0;
    fields[NULLABLE].value = (field->flags & ARROW_FLAG_NULLABLE) != 0;
    fields[TYPE_TYPE].value = k->type;
    fields[METADATA].size = field->metadata != NULL ? 4 : 0;
    cli_flat_table(f, from, fields, COUNT);
    put_text(f, fields[NAME].at, field->name);
    put_type(f, fields[TYPE].at, field->format, k);
    (void)cli_flat_vector(f, fields[CHILDREN].at, 0, 4, 4); /* some readers want one */
    if (field->metadata != NULL)
        put_metadata(f, fields[METADATA].at, field->metadata);
    return 1;
}

/* Where the header's table is pointed from. */
static size_t begin_message(cli_flat *f, int header, int64_t body_bytes)
{
    enum { VERSION, HEADER_TYPE, HEADER, BODY_LENGTH, COUNT };
    cli_flat_field fields[COUNT] = {[VERSION] = {.size = 2, .value = VERSION_V5}, [HEADER_TYPE] = {.size = 1, .value = header}, [HEADER] = {.size = 4},
                                    [BODY_LENGTH] = {.size = 8, .value = body_bytes}};

    cli_flat_begin(f);
    cli_flat_table(f, CLI_FLAT_ROOT, fields, COUNT);
    return fields[HEADER].at;
}

int cli_message_schema(cli_flat *f, const struct ArrowSchema *schema, int big_endian)
{
    cli_flat_field parts[2] = {{.size = 2, .value = big_endian != 0}, {.size = 4}}; /* endianness, fields */
    size_t from = begin_message(f, HEADER_SCHEMA, 0), at;
    int64_t i;

    cli_flat_table(f, from, parts, 2);
    at = cli_flat_vector(f, parts[1].at, (size_t)schema->n_children, 4, 4);
    for (i = 0; i < schema->n_children; i++)
        if (!put_field(f, at + 4 * (size_t)i, schema->children[i]))
            return 0;
    return 1;
}

/* ---- batches ---- */

int64_t cli_message_buffer_bytes(const struct ArrowSchema *field, const struct ArrowArray *column, int64_t buffer)
{
    const kind *k = find(field->format);
    const int is_text = k->type == TYPE_UTF8 || k->type == TYPE_BINARY;

    if (buffer == 0)
        return column->null_count == 0 || column->buffers[0] == NULL ? 0 : (column->length + 7) / 8;
    if (buffer == 2)
        return ((const int32_t *)column->buffers[1])[column->length];
    return ((column->length + is_text) * k->bits + 7) / 8;
}

void cli_message_batch(cli_flat *f, const struct ArrowSchema *schema, const struct ArrowArray *batch)
{
    cli_flat_field parts[3] = {{.size = 8, .value = batch->length}, {.size = 4}, {.size = 4}}; /* length, nodes, buffers */
    int64_t i, k, bytes, offset = 0, buffers = 0;
    size_t node, buffer, from;

    for (i = 0; i < batch->n_children; i++)
        for (k = 0; k < batch->children[i]->n_buffers; k++, buffers++)
            offset += cli_message_padded(cli_message_buffer_bytes(schema->children[i], batch->children[i], k));
    from = begin_message(f, HEADER_BATCH, offset);
    cli_flat_table(f, from, parts, 3);
    node = cli_flat_vector(f, parts[1].at, (size_t)batch->n_children, 16, 8);
    for (i = 0; i < batch->n_children; i++, node += 16) {
        cli_flat_set(f, node, (uint64_t)batch->children[i]->length, 8);
        cli_flat_set(f, node + 8, (uint64_t)batch->children[i]->null_count, 8);
    }
    buffer = cli_flat_vector(f, parts[2].at, (size_t)buffers, 16, 8);
    for (i = 0, offset = 0; i < batch->n_children; i++)
        for (k = 0; k < batch->children[i]->n_buffers; k++, buffer += 16) {
            bytes = cli_message_buffer_bytes(schema->children[i], batch->children[i], k);
            cli_flat_set(f, buffer, (uint64_t)offset, 8);
            cli_flat_set(f, buffer + 8, (uint64_t)bytes, 8);
            offset += cli_message_padded(bytes);
        }
}
