/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Any value made of a fuzzer's input, and any way of binding it. Of the library it knows tdrest.h alone. */
#ifndef TDRT_BIND_VALUE_H
#define TDRT_BIND_VALUE_H

#include <tdrest.h>

#include <stdlib.h>
#include <string.h>

#define MUST(condition) ((condition) ? (void)0 : abort())

enum { COLUMN_ROWS = 3, REPEATED = 70000 };

typedef struct input {
    const uint8_t *p, *end;
} input;

static unsigned take(input *in)
{
    return in->p < in->end ? *in->p++ : 0;
}

typedef struct value {
    int type;      /* TDREST_TYPE_...; UNKNOWN: NULL */
    int is_column;
    int is_other;  /* by the other of two ways: a time by its text, a column of times where the precision is stated */
    int64_t i;
    uint64_t u;
    double d;
    float f;
    int precision;
    char *bytes;
    size_t len;
} value;

static const int types[] = {
    TDREST_TYPE_VARCHAR, TDREST_TYPE_NCHAR, TDREST_TYPE_JSON, TDREST_TYPE_VARBINARY, TDREST_TYPE_BLOB, TDREST_TYPE_GEOMETRY, TDREST_TYPE_DECIMAL,
    TDREST_TYPE_FLOAT, TDREST_TYPE_DOUBLE, TDREST_TYPE_TIMESTAMP, TDREST_TYPE_BOOL, TDREST_TYPE_UNKNOWN, TDREST_TYPE_TINYINT, TDREST_TYPE_SMALLINT,
    TDREST_TYPE_INT, TDREST_TYPE_BIGINT, TDREST_TYPE_UTINYINT, TDREST_TYPE_USMALLINT, TDREST_TYPE_UINT, TDREST_TYPE_UBIGINT,
};

/* What is left of the input as bytes on the heap, or, when the byte before says so, as many times as make a long text. */
static void take_bytes(input *in, value *out)
{
    int repeat = take(in) == 0xff;
    size_t left = (size_t)(in->end - in->p);

    out->len = repeat && left > 0 ? REPEATED / left * left : left;
    out->bytes = (char *)malloc(out->len + (out->len == 0));
    MUST(out->bytes != NULL);
    for (size_t i = 0; i < out->len; i++)
        out->bytes[i] = (char)in->p[i % left];
}

static void take_value(input *in, value *out)
{
    static const int precisions[] = {TDREST_MS, TDREST_US, TDREST_NS, TDREST_PRECISION_UNKNOWN};
    unsigned way = take(in);

    memset(out, 0, sizeof *out);
    out->type = types[take(in) % (sizeof types / sizeof types[0])];
    out->is_column = (way & 1) != 0;
    out->is_other = (way & 2) != 0;
    out->precision = precisions[way >> 2 & 3];
    take_bytes(in, out);
    memcpy(&out->u, out->bytes, out->len < sizeof out->u ? out->len : sizeof out->u);
    memcpy(&out->i, &out->u, sizeof out->i);
    memcpy(&out->d, &out->u, sizeof out->d);
    memcpy(&out->f, &out->u, sizeof out->f);
}

static int is_integer(int type)
{
    return (type >= TDREST_TYPE_TINYINT && type <= TDREST_TYPE_BIGINT) || (type >= TDREST_TYPE_UTINYINT && type <= TDREST_TYPE_UBIGINT);
}

static int bind_one(tdrest_stmt *stmt, int index, const value *v)
{
    switch (v->type) {
    case TDREST_TYPE_UNKNOWN: return tdrest_stmt_bind_null(stmt, index);
    case TDREST_TYPE_BOOL: return tdrest_stmt_bind_bool(stmt, index, (int)(v->u & 1));
    case TDREST_TYPE_FLOAT: return tdrest_stmt_bind_float(stmt, index, v->f);
    case TDREST_TYPE_DOUBLE: return tdrest_stmt_bind_double(stmt, index, v->d);
    case TDREST_TYPE_TIMESTAMP:
        return v->is_other ? tdrest_stmt_bind_time_text(stmt, index, v->bytes, v->len) : tdrest_stmt_bind_time(stmt, index, v->i, v->precision);
    case TDREST_TYPE_NCHAR: return tdrest_stmt_bind_nchar(stmt, index, v->bytes, v->len);
    case TDREST_TYPE_JSON: return tdrest_stmt_bind_json(stmt, index, v->bytes, v->len);
    case TDREST_TYPE_DECIMAL: return tdrest_stmt_bind_decimal_text(stmt, index, v->bytes, v->len);
    case TDREST_TYPE_VARBINARY: case TDREST_TYPE_BLOB: return tdrest_stmt_bind_varbinary(stmt, index, v->bytes, v->len);
    case TDREST_TYPE_GEOMETRY: return tdrest_stmt_bind_geometry_wkt(stmt, index, v->bytes, v->len);
    case TDREST_TYPE_VARCHAR:
        return v->is_other ? tdrest_stmt_bind_bytes(stmt, index, v->bytes, v->len) : tdrest_stmt_bind_text(stmt, index, v->bytes, v->len);
    default:
        return v->type >= TDREST_TYPE_UTINYINT ? tdrest_stmt_bind_uint64(stmt, index, v->u) : tdrest_stmt_bind_int64(stmt, index, v->i);
    }
}

/* What a column of that type keeps of an integer. */
static void narrow(value *v)
{
    switch (v->type) {
    case TDREST_TYPE_TINYINT: v->i = (int8_t)v->i; break;
    case TDREST_TYPE_SMALLINT: v->i = (int16_t)v->i; break;
    case TDREST_TYPE_INT: v->i = (int32_t)v->i; break;
    case TDREST_TYPE_UTINYINT: v->u = (uint8_t)v->u; break;
    case TDREST_TYPE_USMALLINT: v->u = (uint16_t)v->u; break;
    case TDREST_TYPE_UINT: v->u = (uint32_t)v->u; break;
    default: break;
    }
}

/* The value in each of the rows. The arrays are the caller's, and as large as the column needs. */
typedef struct arrays {
    uint64_t words[COLUMN_ROWS];
    uint32_t offset[COLUMN_ROWS + 1], length[COLUMN_ROWS];
    uint8_t validity[1];
} arrays;

static tdrest_column make_column(const value *v, arrays *a)
{
    static const int widths[TDREST_TYPE_GEOMETRY + 1] = {[TDREST_TYPE_BOOL] = 1, [TDREST_TYPE_TINYINT] = 1, [TDREST_TYPE_SMALLINT] = 2, [TDREST_TYPE_INT] = 4,
                                           [TDREST_TYPE_FLOAT] = 4, [TDREST_TYPE_UTINYINT] = 1, [TDREST_TYPE_USMALLINT] = 2, [TDREST_TYPE_UINT] = 4};
    tdrest_column column = TDREST_COLUMN(v->type == TDREST_TYPE_UNKNOWN ? TDREST_TYPE_INT : v->type, a->words, COLUMN_ROWS);
    size_t width = widths[v->type] == 0 ? sizeof v->u : (size_t)widths[v->type];
    uint64_t word = v->type == TDREST_TYPE_BOOL ? v->u & 1 : v->u;
    uint8_t small = (uint8_t)word;
    uint16_t half = (uint16_t)word;
    uint32_t whole = (uint32_t)word;

    memset(a, 0, sizeof *a);
    if (v->type == TDREST_TYPE_FLOAT)
        memcpy(&whole, &v->f, sizeof whole);
    for (size_t i = 0; i < COLUMN_ROWS; i++) {
        const void *from = width == 1 ? (const void *)&small : width == 2 ? (const void *)&half : width == 4 ? (const void *)&whole : (const void *)&word;

        memcpy((char *)a->words + i * width, from, width);
        a->length[i] = (uint32_t)v->len;
    }
    column.precision = v->precision;
    column.offset = a->offset;
    column.length = a->length;
    column.bytes = v->bytes;
    column.validity = v->type == TDREST_TYPE_UNKNOWN ? a->validity : NULL;
    return column;
}

static int bind_all(tdrest_stmt *stmt, value *v, arrays *a)
{
    tdrest_column column;
    int rc = TDREST_OK;

    if (v->is_column) {
        narrow(v);
        column = make_column(v, a);
    }
    for (int i = 0; rc == TDREST_OK && i < tdrest_stmt_param_count(stmt); i++)
        rc = v->is_column ? tdrest_stmt_bind_column(stmt, i, &column) : bind_one(stmt, i, v);
    return rc;
}

#endif
