/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The storage of a block: layout, growth, the move of an unfinished row. Knows nothing of JSON. */
#include "answer/column.h"

#include "base/text.h"
#include "base/types.h"

#include <string.h>

enum {
    ALIGN = 8,
    ALIGN_WIDE = 64,  /* what Arrow's readers prefer */
    WIDE_ROWS = 512,  /* from here on the wider alignment costs less than what row_bytes counts too much */
    ARENA_MIN = 8192, /* of large blocks; it grows */
    ARENA_MAX = 0x7fffffff
};

/* How cells are stored, by type. */
static const unsigned char kinds[] = {
    [TDREST_TYPE_UNKNOWN] = TDRI_KIND_RAW,
    [TDREST_TYPE_BOOL] = TDRI_KIND_BOOL,
    [TDREST_TYPE_TINYINT] = TDRI_KIND_I8,
    [TDREST_TYPE_SMALLINT] = TDRI_KIND_I16,
    [TDREST_TYPE_INT] = TDRI_KIND_I32,
    [TDREST_TYPE_BIGINT] = TDRI_KIND_I64,
    [TDREST_TYPE_FLOAT] = TDRI_KIND_F32,
    [TDREST_TYPE_DOUBLE] = TDRI_KIND_F64,
    [TDREST_TYPE_VARCHAR] = TDRI_KIND_TEXT,
    [TDREST_TYPE_TIMESTAMP] = TDRI_KIND_TIME,
    [TDREST_TYPE_NCHAR] = TDRI_KIND_TEXT,
    [TDREST_TYPE_UTINYINT] = TDRI_KIND_U8,
    [TDREST_TYPE_USMALLINT] = TDRI_KIND_U16,
    [TDREST_TYPE_UINT] = TDRI_KIND_U32,
    [TDREST_TYPE_UBIGINT] = TDRI_KIND_U64,
    [TDREST_TYPE_JSON] = TDRI_KIND_JSON,
    [TDREST_TYPE_VARBINARY] = TDRI_KIND_HEX,
    [TDREST_TYPE_DECIMAL] = TDRI_KIND_DECIMAL,
    [TDREST_TYPE_BLOB] = TDRI_KIND_HEX,
    [TDREST_TYPE_GEOMETRY] = TDRI_KIND_HEX,
};

size_t tdri_kind_width(enum tdri_kind kind)
{
    switch (kind) {
    case TDRI_KIND_BOOL: case TDRI_KIND_I8: case TDRI_KIND_U8:
        return 1;
    case TDRI_KIND_I16: case TDRI_KIND_U16:
        return 2;
    case TDRI_KIND_I32: case TDRI_KIND_U32: case TDRI_KIND_F32:
        return 4;
    case TDRI_KIND_I64: case TDRI_KIND_U64: case TDRI_KIND_F64: case TDRI_KIND_TIME:
        return 8;
    case TDRI_KIND_TEXT: case TDRI_KIND_HEX: case TDRI_KIND_DECIMAL: case TDRI_KIND_JSON: case TDRI_KIND_RAW:
        break;
    }
    return 0;
}

int tdri_kind_is_text(enum tdri_kind kind)
{
    return tdri_kind_width(kind) == 0;
}

void tdri_block_init(tdrest_block *block, const tdrest_allocator *mem)
{
    memset(block, 0, sizeof *block);
    block->mem = mem;
}

void tdri_block_clear(tdrest_block *block)
{
    tdri_mem_free(block->mem, block->columns);
    tdri_mem_free(block->mem, block->names);
    tdri_mem_free(block->mem, block->arrays);
    tdri_mem_free(block->mem, block->aside);
    tdri_mem_free(block->mem, block->arena);
    tdri_block_init(block, block->mem);
}

int tdri_block_columns(tdrest_block *block, size_t count, size_t name_bytes)
{
    block->columns = (tdri_column *)tdri_mem_zeroed(block->mem, count, sizeof(tdri_column));
    block->names = (char *)tdri_mem_alloc(block->mem, name_bytes);
    if (block->columns == NULL || block->names == NULL)
        return TDREST_ENOMEM;
    block->column_count = count;
    return TDREST_OK;
}

/* One or two small numbers in brackets: "(18,6)". 1 when that is what it is. */
static int decimal_arguments(const char *text, size_t len, int *precision, int *scale)
{
    int number[2] = {0, 0};
    size_t which = 0, digits = 0;

    if (len < 3 || text[0] != '(' || text[len - 1] != ')')
        return 0;
    for (size_t i = 1; i + 1 < len; i++) {
        if (tdri_is_digit((unsigned char)text[i]) && digits++ < 3)
            number[which] = number[which] * 10 + (text[i] - '0');
        else if (text[i] == ',' && which == 0 && digits > 0)
            which = 1, digits = 0;
        else if (text[i] != ' ')
            return 0;
    }
    *precision = number[0];
    *scale = number[1];
    return digits > 0;
}

static void find_type(tdri_column *column, const char *name, size_t len)
{
    const char *bracket = (const char *)memchr(name, '(', len);
    size_t word = bracket == NULL ? len : (size_t)(bracket - name);
    int type = tdri_type_find(name, word);

    /* Nothing but a decimal has arguments. */
    if (bracket != NULL && (type != TDREST_TYPE_DECIMAL ||
            !decimal_arguments(bracket, len - word, &column->pub.precision, &column->pub.scale)))
        type = TDREST_TYPE_UNKNOWN;
    column->pub.type = type;
    column->kind = (enum tdri_kind)kinds[type];
}

void tdri_block_name(tdri_column *column, const char *name, size_t name_len, const char *type_name, int64_t declared)
{
    column->pub.size = sizeof column->pub;
    column->pub.name = name;
    column->pub.name_len = name_len;
    column->pub.type_name = type_name;
    column->pub.declared = declared;
    find_type(column, type_name, strlen(type_name));
}

/* Bytes one row takes in the arrays of a column, validity left out. */
static size_t row_bytes(const tdri_column *column)
{
    if (tdri_kind_is_text(column->kind))
        return 2 * sizeof(uint32_t);
    return tdri_kind_width(column->kind) +
           (column->kind == TDRI_KIND_TIME ? sizeof(int16_t) + sizeof(uint8_t) : 0);
}

/* Memory given out in pieces, which begin at multiples of `align`; base is NULL while only the total is asked for. */
typedef struct room {
    char *base;
    size_t at;
    size_t align;
} room;

static void *carve(room *from, size_t bytes)
{
    void *p = from->base == NULL ? NULL : from->base + from->at;

    from->at += (bytes + from->align - 1) / from->align * from->align;
    return p;
}

/* Places the arrays of all columns for `rows` rows. */
static void place(tdrest_block *block, room *arrays, room *aside, size_t rows)
{
    for (size_t i = 0; i < block->column_count; i++) {
        tdri_column *c = &block->columns[i];

        c->validity = (uint8_t *)carve(arrays, (rows + 7) / 8);
        if (tdri_kind_is_text(c->kind)) {
            c->offset = (uint32_t *)carve(arrays, (rows + 1) * sizeof(uint32_t));
            c->length = (uint32_t *)carve(aside, rows * sizeof(uint32_t));
            continue;
        }
        c->values = carve(arrays, rows * tdri_kind_width(c->kind));
        if (c->kind == TDRI_KIND_TIME) {
            c->zone_min = (int16_t *)carve(aside, rows * sizeof(int16_t));
            c->digits = (uint8_t *)carve(aside, rows);
        }
    }
}

/* Without memory, so that `at` tells how much they need. */
static void measure(tdrest_block *block, size_t rows, room *arrays, room *aside)
{
    const room none = {NULL, 0, rows < WIDE_ROWS ? ALIGN : ALIGN_WIDE};

    *arrays = *aside = none;
    place(block, arrays, aside, rows);
}

static void all_valid(tdrest_block *block)
{
    for (size_t i = 0; i < block->column_count; i++)
        memset(block->columns[i].validity, 0xff, (block->row_cap + 7) / 8);
}

/* Gives the block arrays for `rows` rows, whose elements each cell sets, NULL as well: to clear them all would cost most of what a small answer does. What was made before a failure is tdri_block_clear's. */
static int make_arrays(tdrest_block *block, size_t rows)
{
    room arrays, aside;

    measure(block, rows, &arrays, &aside);
    block->arrays = tdri_mem_alloc(block->mem, arrays.at + ALIGN_WIDE - 1);
    block->aside = aside.at == 0 ? NULL : tdri_mem_alloc(block->mem, aside.at);
    if (block->arrays == NULL || (block->aside == NULL && aside.at > 0))
        return TDREST_ENOMEM;
    arrays.base = (char *)block->arrays + (ALIGN_WIDE - (uintptr_t)block->arrays % ALIGN_WIDE) % ALIGN_WIDE;
    aside.base = (char *)block->aside;
    arrays.at = aside.at = 0;
    place(block, &arrays, &aside, rows);
    block->row_cap = rows;
    return TDREST_OK;
}

/* And an arena, empty. */
static int make_memory(tdrest_block *block, size_t rows, size_t arena)
{
    block->arena = (char *)tdri_mem_alloc(block->mem, arena + TDRI_ARENA_SLACK);
    if (block->arena == NULL || make_arrays(block, rows) != TDREST_OK)
        return TDREST_ENOMEM;
    block->arena_cap = arena;
    all_valid(block);
    return TDREST_OK;
}

/* The rows that a block of that size has, and the bytes of its arena. `seen` has rows like those to come; without one, half of the block is for texts. */
static size_t fit(tdrest_block *block, const tdri_block_size *size, const tdrest_block *seen, size_t *arena)
{
    const size_t least = size->block_bytes / 4 < ARENA_MIN ? size->block_bytes / 4 : ARENA_MIN;
    size_t each = 0, texts = 0, text_bytes = 0, rows, bytes, usable = size->block_bytes - size->block_bytes / 8;
    room arrays, aside;

    for (size_t i = 0; i < block->column_count; i++) {
        each += row_bytes(&block->columns[i]) + 1;
        texts += (size_t)tdri_kind_is_text(block->columns[i].kind);
    }
    if (seen != NULL && seen->rows > 0)
        text_bytes = seen->row_start / seen->rows;
    else if (texts > 0)
        usable = size->block_bytes / 2;
    rows = usable / (each + text_bytes);
    rows = rows < 1 ? 1 : rows > size->max_rows ? size->max_rows : rows;
    measure(block, rows, &arrays, &aside);
    bytes = arrays.at + aside.at;
    *arena = texts > 0 && size->block_bytes > bytes + least ? size->block_bytes - bytes : least;
    if (text_bytes > 0 && *arena > rows * (text_bytes + text_bytes / 4) + least)
        *arena = rows * (text_bytes + text_bytes / 4) + least;
    return rows;
}

int tdri_block_layout(tdrest_block *block, size_t block_bytes, size_t max_rows)
{
    const tdri_block_size size = {block_bytes, max_rows};
    size_t arena, rows = fit(block, &size, NULL, &arena);

    if (make_memory(block, rows, arena) != TDREST_OK)
        return TDREST_ENOMEM;
    block->arena_base = arena;
    tdri_block_publish(block);
    return TDREST_OK;
}

static int set_arena(tdrest_block *block, size_t cap)
{
    char *arena = (char *)tdri_mem_resize(block->mem, block->arena, cap + TDRI_ARENA_SLACK);

    if (arena == NULL)
        return TDREST_ENOMEM;
    block->arena = arena;
    block->arena_cap = cap;
    return TDREST_OK;
}

int tdri_block_grow(tdrest_block *block, size_t more)
{
    size_t cap = block->arena_cap;

    if (more > ARENA_MAX - TDRI_ARENA_SLACK - block->arena_len)
        return TDREST_ERANGE;
    while (cap < block->arena_len + more)
        cap = cap > ARENA_MAX / 2 ? ARENA_MAX - TDRI_ARENA_SLACK : cap * 2;
    return cap == block->arena_cap ? TDREST_OK : set_arena(block, cap);
}

/* The cell of `row` becomes that of row 0 of the same or another column; its text has moved down by `shift`. */
static void move_cell(const tdri_column *from, tdri_column *to, size_t row, size_t shift)
{
    size_t width = tdri_kind_width(from->kind);

    if (width == 0) {
        to->offset[0] = from->offset[row] - (uint32_t)shift;
        to->length[0] = from->length[row];
        return;
    }
    memcpy(to->values, (const char *)from->values + row * width, width);
    if (from->kind == TDRI_KIND_TIME) {
        to->zone_min[0] = from->zone_min[row];
        to->digits[0] = from->digits[row];
    }
}

void tdri_block_recycle(tdrest_block *block, size_t cells)
{
    size_t row = block->rows, shift = block->row_start;
    size_t used = row / 8 + 1, whole = (block->row_cap + 7) / 8;

    if (row == 0)
        return;
    for (size_t i = 0; i < block->column_count; i++) {
        tdri_column *c = &block->columns[i];
        int null = i < cells && tdri_column_is_null(c, row);

        if (i < cells)
            move_cell(c, c, row, shift);
        memset(c->validity, 0xff, used < whole ? used : whole);
        if (null)
            tdri_column_set_null(c, 0);
    }
    memmove(block->arena, block->arena + shift, block->arena_len - shift);
    block->arena_len -= shift;
    block->row_start = 0;
    block->rows = 0;
    /* One long row must not keep its memory for ever. Staying large when that fails is no error. */
    if (block->arena_cap > block->arena_base && block->arena_len < block->arena_base)
        (void)set_arena(block, block->arena_base);
}

/* A block like `from` with memory of its own and no rows; its names stay those of `from`. With a size it has no arena. */
static int allocate_like(tdrest_block *block, const tdrest_block *from, const tdri_block_size *size)
{
    size_t left = from->arena_len - from->row_start, rows = from->row_cap;

    tdri_block_init(block, from->mem);
    block->columns = (tdri_column *)tdri_mem_zeroed(from->mem, from->column_count, sizeof *block->columns);
    if (block->columns == NULL)
        return TDREST_ENOMEM;
    memcpy(block->columns, from->columns, from->column_count * sizeof *block->columns);
    block->column_count = from->column_count;
    block->arena_base = from->arena_base;
    block->arena_len = left;
    if (size == NULL)
        return make_memory(block, rows, left > block->arena_base ? left : block->arena_base);
    rows = fit(block, size, from, &block->arena_base);
    if (make_arrays(block, rows) != TDREST_OK)
        return TDREST_ENOMEM;
    all_valid(block);
    return TDREST_OK;
}

/* The cells of the unfinished row, into a block without rows. */
static void copy_unfinished(const tdrest_block *from, size_t cells, tdrest_block *to)
{
    for (size_t i = 0; i < cells; i++) {
        move_cell(&from->columns[i], &to->columns[i], from->rows, from->row_start);
        if (tdri_column_is_null(&from->columns[i], from->rows))
            tdri_column_set_null(&to->columns[i], 0);
    }
}

int tdri_block_split(tdrest_block *block, size_t cells, const tdri_block_size *size, tdrest_block *out)
{
    tdrest_block fresh;

    if (allocate_like(&fresh, block, size) != TDREST_OK) {
        tdri_block_clear(&fresh);
        return TDREST_ENOMEM;
    }
    copy_unfinished(block, cells, &fresh);
    if (size == NULL)
        memcpy(fresh.arena, block->arena + block->row_start, fresh.arena_len);
    *out = *block;
    *block = fresh;
    block->names = out->names;
    out->names = NULL;
    out->arena_len = out->row_start;
    if (size == NULL)
        (void)set_arena(out, out->arena_len); /* gives back what is not used; staying large when that fails is no error */
    tdri_block_publish(out);
    return TDREST_OK;
}

void tdri_block_take_arena(tdrest_block *block, tdrest_block *from)
{
    block->arena = from->arena;
    block->arena_cap = from->arena_cap;
    from->arena = NULL;
    memmove(block->arena, block->arena + from->arena_len, block->arena_len);
    /* Texts differ a little from one block to the next: that is not worth another arena. */
    if (block->arena_cap < block->arena_base || (block->arena_cap > block->arena_base + block->arena_base / 4 && block->arena_len < block->arena_base))
        (void)set_arena(block, block->arena_base);
    tdri_block_publish(block);
}

/* The first `rows` rows of a column's arrays. */
static void copy_rows(const tdri_column *from, tdri_column *to, size_t rows)
{
    memcpy(to->validity, from->validity, (rows + 7) / 8);
    if (tdri_kind_is_text(from->kind)) {
        memcpy(to->offset, from->offset, rows * sizeof *to->offset);
        memcpy(to->length, from->length, rows * sizeof *to->length);
        return;
    }
    memcpy(to->values, from->values, rows * tdri_kind_width(from->kind));
    if (from->kind == TDRI_KIND_TIME) {
        memcpy(to->zone_min, from->zone_min, rows * sizeof *to->zone_min);
        memcpy(to->digits, from->digits, rows);
    }
}

void tdri_block_trim(tdrest_block *block)
{
    tdrest_block small = *block;

    if (block->rows == 0 || block->rows > block->row_cap - block->row_cap / 4)
        return;
    small.columns = (tdri_column *)tdri_mem_zeroed(block->mem, block->column_count, sizeof *small.columns);
    small.arrays = small.aside = NULL;
    if (small.columns != NULL)
        memcpy(small.columns, block->columns, block->column_count * sizeof *small.columns);
    if (small.columns == NULL || make_arrays(&small, block->rows) != TDREST_OK) {
        tdri_mem_free(block->mem, small.columns);
        tdri_mem_free(block->mem, small.arrays);
        tdri_mem_free(block->mem, small.aside);
        return;
    }
    for (size_t i = 0; i < block->column_count; i++)
        copy_rows(&block->columns[i], &small.columns[i], block->rows);
    tdri_mem_free(block->mem, block->columns);
    tdri_mem_free(block->mem, block->arrays);
    tdri_mem_free(block->mem, block->aside);
    *block = small;
    tdri_block_publish(block);
}

int tdri_block_has_same_columns(const tdrest_block *a, const tdrest_block *b)
{
    if (a->column_count != b->column_count)
        return 0;
    for (size_t i = 0; i < a->column_count; i++) {
        const tdrest_column *x = &a->columns[i].pub, *y = &b->columns[i].pub;

        if (x->name_len != y->name_len || memcmp(x->name, y->name, x->name_len) != 0 || strcmp(x->type_name, y->type_name) != 0 ||
            x->declared != y->declared)
            return 0;
    }
    return 1;
}

void tdri_block_take_columns(tdrest_block *block, tdrest_block *known)
{
    tdri_column *columns = known->columns;
    char *names = known->names;

    for (size_t i = 0; i < block->column_count; i++) {
        const tdrest_column old = columns[i].pub;

        columns[i] = block->columns[i];
        columns[i].pub.name = old.name;
        columns[i].pub.type_name = old.type_name;
    }
    known->columns = block->columns;
    known->names = block->names;
    block->columns = columns;
    block->names = names;
}

void tdri_block_publish(tdrest_block *block)
{
    for (size_t i = 0; i < block->column_count; i++) {
        tdri_column *c = &block->columns[i];

        c->pub.count = (int64_t)block->rows;
        c->pub.values = c->values;
        c->pub.validity = c->validity;
        c->pub.offset = c->offset;
        c->pub.length = c->length;
        c->pub.zone_min = c->zone_min;
        c->pub.bytes = tdri_kind_is_text(c->kind) ? block->arena : NULL;
    }
}

int64_t tdrest_block_rows(const tdrest_block *block)
{
    return block == NULL ? 0 : (int64_t)block->rows;
}

const tdrest_column *tdrest_block_column(const tdrest_block *block, size_t index)
{
    return block == NULL || index >= block->column_count ? NULL : &block->columns[index].pub;
}
