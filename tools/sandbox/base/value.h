/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Types and values: what a cell may be, how a row is kept as bytes, how a cell is written as JSON.
 * Knows nothing of SQL.
 */
#ifndef SBX_VALUE_H
#define SBX_VALUE_H

#include "memory.h"
#include "zone.h"

/* TDengine's own numbers. */
typedef enum sbx_type_id {
    SBX_NULL = 0,
    SBX_BOOL = 1,
    SBX_TINYINT = 2,
    SBX_SMALLINT = 3,
    SBX_INT = 4,
    SBX_BIGINT = 5,
    SBX_FLOAT = 6,
    SBX_DOUBLE = 7,
    SBX_VARCHAR = 8,
    SBX_TIMESTAMP = 9,
    SBX_NCHAR = 10,
    SBX_UTINYINT = 11,
    SBX_USMALLINT = 12,
    SBX_UINT = 13,
    SBX_UBIGINT = 14,
    SBX_JSON = 15,
    SBX_VARBINARY = 16,
    SBX_DECIMAL = 17,
    SBX_BLOB = 18,
    SBX_GEOMETRY = 20
} sbx_type_id;

typedef struct sbx_type {
    sbx_type_id id;
    int length;    /* as in column_meta: bytes; NCHAR: characters */
    int precision; /* DECIMAL: digits; TIMESTAMP: 3, 6, 9 */
    int scale;     /* DECIMAL: digits behind the point */
} sbx_type;

typedef struct sbx_value {
    sbx_type_id type; /* SBX_NULL: no value */
    int digits;       /* TIMESTAMP: 3, 6, 9; DECIMAL: behind the point */
    union {
        int64_t i;          /* BOOL (0, 1), TIMESTAMP, signed integers */
        uint64_t u;         /* unsigned integers */
        double d;           /* FLOAT (a float's value), DOUBLE */
        sbx_text s;         /* VARCHAR NCHAR VARBINARY GEOMETRY (WKB) BLOB; JSON: the text as the server writes it; DECIMAL: see decimal.h */
    } as;
} sbx_value;

#define SBX_NO_VALUE ((sbx_value){SBX_NULL, 0, {0}})

int sbx_type_is_signed(sbx_type_id id);
int sbx_type_is_unsigned(sbx_type_id id);
int sbx_type_is_integer(sbx_type_id id);
int sbx_type_is_number(sbx_type_id id); /* integers, FLOAT, DOUBLE, DECIMAL */
int sbx_type_is_text(sbx_type_id id);   /* VARCHAR, NCHAR */
int sbx_type_is_bytes(sbx_type_id id);  /* whose values are kept in s */
int sbx_type_has_length(sbx_type_id id); /* declared with one: texts, VARBINARY, GEOMETRY */
/* What the server sets aside for one value in a row: NCHAR as UCS-4, two bytes before what has a length. */
int64_t sbx_type_stored_bytes(const sbx_type *type);

/* The type of that width: length, precision and scale of types that have no choice. digits: of a TIMESTAMP. */
sbx_type sbx_type_fixed(sbx_type_id id, int digits);
/* "BIGINT UNSIGNED", "DECIMAL(18,6)", "VARCHAR" (no length). */
sbx_text sbx_type_name(sbx_arena *arena, const sbx_type *type);

/* A row as bytes, and back: fewer values than asked for are NULL behind (columns added later). The values point into the bytes. */
void sbx_row_encode(const sbx_value *values, size_t count, sbx_buf *out);
void sbx_row_decode(const void *bytes, size_t len, sbx_value *values, size_t count);
/* One of them, from 0. */
void sbx_row_cell(const void *bytes, size_t len, size_t at, sbx_value *value);
/* All but that one. */
void sbx_row_without(const void *bytes, size_t len, size_t at, sbx_buf *out);

/* One cell, by section 4 of the protocol; zone is that of the rendering. */
void sbx_value_json(sbx_buf *out, const sbx_value *value, const sbx_zone *zone);
/* A JSON string of a cell, column name or key ("data" encoder), and of a desc (the other encoder: < > & and bad UTF-8). */
void sbx_json_string(sbx_buf *out, sbx_text text);
void sbx_json_desc(sbx_buf *out, sbx_text text);

/* The shortest text that reads back as that number, of 32 bits when single is set; null where it is not finite. */
void sbx_float_json(sbx_buf *out, double number, int single);

#endif
