/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The storage of a block: typed arrays for every column, and one arena for the
 * texts of all of them. Knows types and layout; what fills it stands in decode.
 */
#ifndef TDRI_COLUMN_H
#define TDRI_COLUMN_H

#include "error/record.h"
#include "base/mem.h"

/* How cells of a column are stored; what the decoder switches on. */
enum tdri_kind {
    TDRI_KIND_BOOL,
    TDRI_KIND_I8,
    TDRI_KIND_I16,
    TDRI_KIND_I32,
    TDRI_KIND_I64,
    TDRI_KIND_U8,
    TDRI_KIND_U16,
    TDRI_KIND_U32,
    TDRI_KIND_U64,
    TDRI_KIND_F32,
    TDRI_KIND_F64,
    TDRI_KIND_TIME,
    TDRI_KIND_TEXT,    /* VARCHAR, NCHAR */
    TDRI_KIND_HEX,     /* VARBINARY, GEOMETRY, BLOB */
    TDRI_KIND_DECIMAL, /* kept as text */
    TDRI_KIND_JSON,    /* raw JSON */
    TDRI_KIND_RAW      /* raw JSON of an unknown type */
};

/* A column: what the caller sees, and where the decoder writes. */
typedef struct tdri_column {
    tdrest_column pub;
    enum tdri_kind kind;
    void *values;       /* native values; NULL for texts */
    uint8_t *validity;  /* all bits 1 at the start of a block */
    uint32_t *offset;   /* texts only, as is length; room for one more than rows */
    uint32_t *length;
    int16_t *zone_min;  /* TIMESTAMP only, as is digits */
    uint8_t *digits;    /* fraction digits the server wrote */
} tdri_column;

/* The bytes behind the arena's end that may be written without asking: copies go in steps of eight, texts end in a NUL. */
enum { TDRI_ARENA_SLACK = 64 };

struct tdrest_block {
    const tdrest_allocator *mem;
    tdri_column *columns;
    size_t column_count;
    char *names;        /* names and type names, a NUL behind each */
    void *arrays;       /* one allocation for values, offsets and validity of all columns */
    void *aside;        /* and one for what Arrow has no use for: lengths of texts, time zones, digits */
    size_t row_cap;     /* rows that the arrays hold */
    size_t rows;        /* complete ones */
    char *arena;
    size_t arena_cap;   /* TDRI_ARENA_SLACK left out */
    size_t arena_base;  /* what arena_cap goes back to after a row that needed more */
    size_t arena_len;
    size_t row_start;   /* where the texts of the unfinished row begin */
};

void tdri_block_init(tdrest_block *block, const tdrest_allocator *mem);
void tdri_block_clear(tdrest_block *block);

/*
 * Room for `count` columns whose names and type names take name_bytes, NULs included. TDREST_OK or TDREST_ENOMEM.
 * Then tdri_block_name for each, in order, and tdri_block_layout once.
 */
int tdri_block_columns(tdrest_block *block, size_t count, size_t name_bytes);
/* Fills one column's name, type and kind; both texts stand in the block's names, a NUL behind each. */
void tdri_block_name(tdri_column *column, const char *name, size_t name_len, const char *type_name, int64_t declared);
/* Makes the arrays and the arena: block_bytes in all, at most max_rows rows, at least one. TDREST_OK or TDREST_ENOMEM. */
int tdri_block_layout(tdrest_block *block, size_t block_bytes, size_t max_rows);

/* Makes room for more bytes in the arena, beyond its size if need be, up to 2 GiB. TDREST_OK, TDREST_ERANGE, TDREST_ENOMEM. */
int tdri_block_grow(tdrest_block *block, size_t more);

/* Forgets the complete rows; of the unfinished one, the first `cells` cells move to row 0 and its texts to the arena's start. */
void tdri_block_recycle(tdrest_block *block, size_t cells);

/* How large a block is to be: see tdri_block_layout. */
typedef struct tdri_block_size {
    size_t block_bytes;
    size_t max_rows;
} tdri_block_size;

/*
 * The complete rows go to `out`, a block of its own whose names stay those of `block`; `block` goes on with new memory and the unfinished row. TDREST_OK; TDREST_ENOMEM,
 * with `block` as it was.
 *
 * With a size, that is the one of its arrays and arena, and its arena is lent to `out`: it comes back with tdri_block_take_arena before anything else is done with `block`.
 */
int tdri_block_split(tdrest_block *block, size_t cells, const tdri_block_size *size, tdrest_block *out);
void tdri_block_take_arena(tdrest_block *block, tdrest_block *from);

/* Gives back the memory of rows that never came, if it is much. Staying large when memory is out is no error. */
void tdri_block_trim(tdrest_block *block);

/* Whether two blocks have columns of the same names and types, in the same order. */
int tdri_block_has_same_columns(const tdrest_block *a, const tdrest_block *b);

/*
 * Puts what `block` holds behind the columns of `known`, which has the same ones: pointers to those, and to their names, stay valid and are block's from now on.
 * `known` keeps what is to be cleared.
 */
void tdri_block_take_columns(tdrest_block *block, tdrest_block *known);

/* Tells the public views of the columns how many rows they have and where. */
void tdri_block_publish(tdrest_block *block);

static inline void tdri_column_set_null(tdri_column *column, size_t row)
{
    column->validity[row >> 3] = (uint8_t)(column->validity[row >> 3] & ~(1u << (row & 7)));
}

static inline int tdri_column_is_null(const tdri_column *column, size_t row)
{
    return (column->validity[row >> 3] >> (row & 7) & 1) == 0;
}

/* Bytes of one native value; 0 for texts. */
size_t tdri_kind_width(enum tdri_kind kind);
/* 1 for kinds kept as offset, length and bytes. */
int tdri_kind_is_text(enum tdri_kind kind);

#endif
