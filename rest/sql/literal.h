/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Typed values and names written as SQL literals, by the server's rules: what it would refuse, and what it would take and change in
 * silence, is refused here. Knows no statements; does no I/O.
 *
 * Functions that may refuse answer NULL, or what they expected instead: a static phrase to stand behind "expected". Nothing is
 * appended then. Memory is asked for with tdri_buf_code as always.
 */
#ifndef TDRI_LITERAL_H
#define TDRI_LITERAL_H

#include "base/buf.h"

#include <stddef.h>

/* A value before it becomes a literal. */
typedef struct tdri_value {
    int type;          /* TDREST_TYPE_..., which is what it is bound as; UNKNOWN: NULL */
    int precision;     /* of a TIMESTAMP */
    union {
        int64_t i;     /* BOOL and signed types, TIMESTAMP */
        uint64_t u;    /* unsigned types */
        double d;
        float f;
    } as;
    const char *bytes; /* texts and bytes; a DECIMAL's digits; WKT or WKB of a GEOMETRY */
    size_t len;
} tdri_value;

/* Where a value goes. All zero: an INSERT, nothing else known. */
typedef struct tdri_place {
    const tdrest_column *const *columns; /* as the server described them, ending with NULL: the value must fit them all. NULL: unknown */
    int precision;  /* of the database, or TDREST_PRECISION_UNKNOWN */
    int expression; /* 1: not INSERT's VALUES or TAGS: numbers must show their type, and longer literals are cut in silence */
    int is_key;     /* 1: the first column of a row, its time */
    int is_table;   /* 1: the name of a table, as a text */
} tdri_place;

enum {
    TDRI_LITERAL_MAX = 65530, /* bytes, quotes and escapes included: INSERT refuses longer ones, other statements cut them modulo 65,536 */
    TDRI_NUMBER_ROOM = 64     /* any literal but those of texts and bytes */
};

/* Any value as the literal for its place. */
const char *tdri_literal_add(tdri_buf *out, const tdri_value *value, const tdri_place *place);

/* ---- texts ---- */

/* The length of text as '...', escapes included; 0 and the reason when it cannot be written so. */
size_t tdri_text_measure(const char *text, size_t len, const char **expected);
/* Writes it, without a NUL; measured is that length. Answers the byte behind. */
char *tdri_text_put(char *out, const char *text, size_t len, size_t measured);
const char *tdri_text_add(tdri_buf *out, const char *text, size_t len);

/* ---- names ---- */

enum tdri_name {
    TDRI_NAME_ANY,      /* as long as the longest */
    TDRI_NAME_DATABASE, /* no dot */
    TDRI_NAME_TABLE,    /* no dot */
    TDRI_NAME_COLUMN    /* of tags too */
};

/* NULL when it can be written as `...`. */
const char *tdri_name_check(enum tdri_name kind, const char *name, size_t len);
/* The length as `...`, and writing it without a NUL: the byte behind. For names that were checked. */
size_t tdri_name_measure(const char *name, size_t len);
char *tdri_name_put(char *out, const char *name, size_t len);
const char *tdri_name_add(tdri_buf *out, enum tdri_name kind, const char *name, size_t len);

/* ---- times ---- */

/* Reads a time with its zone in the forms that the server takes. count and precision go to a value. */
const char *tdri_time_parse(const char *text, size_t len, int64_t *count, int *precision);

/* The greatest count in the database's precision, which is known, that can stand at a place. */
int64_t tdri_time_most(const tdri_place *place);

/* Writes a count into `out` (TDRI_NUMBER_ROOM bytes) for its place; the byte behind, or NULL and the reason. */
char *tdri_time_put(char *out, int64_t count, int precision, const tdri_place *place, const char **expected);

/* ---- what has a grammar of its own ---- */

/* NULL when text is an object that the server takes for a JSON tag and gives back as it is. */
const char *tdri_json_tag_check(const char *text, size_t len);

/* NULL when text is well-known text that the server takes; *size is its length as WKB. */
const char *tdri_wkt_check(const char *text, size_t len, size_t *size);
/* Appends WKB, as answers have it, as well-known text without quotes. */
const char *tdri_wkb_add(tdri_buf *out, const void *bytes, size_t len);

/* ---- known columns ---- */

/*
 * NULL when the value, which can be written as a literal, fits a described column: its type takes it, it is within range and not too long.
 * size is the length of a GEOMETRY as WKB.
 */
const char *tdri_column_check(const tdri_value *value, const tdrest_column *column, size_t size);

#endif
