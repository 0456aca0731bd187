/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A FlatBuffer, written from front to back: https://flatbuffers.dev/internals/. Numbers are little-endian on every machine. Positions are offsets
 * in the buffer; what is pointed to stands behind the place that points to it.
 */
#ifndef CLI_FLAT_H
#define CLI_FLAT_H

#include <stddef.h>
#include <stdint.h>

typedef struct cli_flat {
    char *data;
    size_t len;
    size_t cap;
    int failed; /* memory is out, or 2 GiB are full: what is in the buffer is of no use */
} cli_flat;

/* A field of a table. Its number in the schema is its place in the array. */
typedef struct cli_flat_field {
    unsigned char size; /* 1, 2, 4 or 8 bytes, 4 for what is pointed to; 0: the table has no such field */
    int64_t value;      /* of a number */
    size_t at;          /* receives its position */
} cli_flat_field;

enum { CLI_FLAT_ROOT = 0, CLI_FLAT_FIELDS_MAX = 8 };

/* An empty buffer; the memory of the one before is used again. What the root points to comes next: a table from CLI_FLAT_ROOT. */
void cli_flat_begin(cli_flat *f);
void cli_flat_clear(cli_flat *f);

/* Each of these is written at the end, and pointed to from a position. */
void cli_flat_table(cli_flat *f, size_t from, cli_flat_field *fields, size_t count);
void cli_flat_string(cli_flat *f, size_t from, const char *text, size_t len);
/* A vector of structs or of places that point; all bytes are 0. align: 4 or 8. The position of its first element. */
size_t cli_flat_vector(cli_flat *f, size_t from, size_t count, size_t size, size_t align);

/* Sets a number that is there. */
void cli_flat_set(cli_flat *f, size_t at, uint64_t value, size_t size);

#endif
