/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Filling a template again and again. Knows the order of pieces and values; what values become is sql/literal's. */
#include "sql/row_template.h"

#include "base/number_put.h"
#include "base/types.h"

#include <string.h>

void tdri_row_template_init(tdri_row_template *rows, const tdrest_allocator *mem)
{
    memset(rows, 0, sizeof *rows);
    rows->mem = mem;
}

void tdri_row_template_clear(tdri_row_template *rows)
{
    tdri_mem_free(rows->mem, rows->text);
    tdri_mem_free(rows->mem, rows->pieces);
    tdri_row_template_init(rows, rows->mem);
}

/* ---- cutting ---- */

/* What is being made: where the next text and the next piece go. */
typedef struct cutting {
    const tdri_template *tpl;
    const tdri_slot *slots;
    char *text;
    tdri_row_piece *piece;
} cutting;

/* The piece [from, to) with the blanks of the placeholders around it, `behind` being the one before. */
static void add_piece(cutting *c, size_t from, size_t to, const tdri_placeholder *behind, const tdri_placeholder *placeholder)
{
    tdri_row_piece *piece = c->piece++;
    char *p = c->text;

    piece->before = p;
    if (behind != NULL && behind->blank_behind)
        *p++ = ' ';
    memcpy(p, c->tpl->text.data + from, to - from);
    p += to - from;
    if (placeholder != NULL && placeholder->blank_before)
        *p++ = ' ';
    piece->before_len = (size_t)(p - c->text);
    piece->param = placeholder == NULL ? -1 : placeholder->param;
    piece->slot = placeholder == NULL ? NULL : &c->slots[placeholder->param < 0 ? c->tpl->param_count : (size_t)placeholder->param];
    c->text = p;
}

/* How much is asked for at once: memory for very many values would be far more than they take. */
static void set_rooms(tdri_row_piece *pieces, size_t count)
{
    enum { AT_ONCE = 32 };

    for (size_t i = count; i-- > 0;) {
        int is_last = i + 1 == count || pieces[i + 1].begins;

        pieces[i].room = pieces[i].before_len + TDRI_NUMBER_ROOM + (is_last ? 0 : pieces[i + 1].room);
        pieces[i].begins = i % AT_ONCE == 0;
    }
}

/* The pieces of [from, to), its placeholders beginning with number *placeholder. */
static tdri_row_part cut(cutting *c, size_t from, size_t to, size_t *placeholder)
{
    const tdri_template *tpl = c->tpl;
    const tdri_placeholder *behind = NULL;
    tdri_row_piece *pieces = c->piece;
    tdri_row_part part = {pieces, 0};

    for (; *placeholder < tpl->placeholder_count && tpl->placeholders[*placeholder].at < to; ++*placeholder) {
        const tdri_placeholder *h = &tpl->placeholders[*placeholder];

        add_piece(c, from, h->at, behind, h);
        from = h->end;
        behind = h;
    }
    add_piece(c, from, to, behind, NULL);
    part.count = (size_t)(c->piece - pieces);
    set_rooms(pieces, part.count);
    return part;
}

int tdri_row_template_make(tdri_row_template *rows, const tdri_template *tpl, const tdri_slot *slots)
{
    size_t placeholder = 0;
    cutting c = {tpl, slots, NULL, NULL};

    rows->text = c.text = (char *)tdri_mem_alloc(rows->mem, tpl->text.len + 2 * tpl->placeholder_count + 1);
    rows->pieces = c.piece = (tdri_row_piece *)tdri_mem_zeroed(rows->mem, tpl->placeholder_count + 2, sizeof *rows->pieces);
    if (rows->text == NULL || rows->pieces == NULL)
        return TDREST_ENOMEM;
    rows->clause = cut(&c, tpl->clause_at, tpl->row_at, &placeholder);
    rows->row = cut(&c, tpl->row_at, tpl->text.len, &placeholder);
    return TDREST_OK;
}

/* ---- filling ---- */

/* Types whose every value a column of the same type takes, and which are written here. */
static int is_quick_type(int type)
{
    enum tdri_type_class class = tdri_type_class(type);

    return class == TDRI_CLASS_SIGNED || class == TDRI_CLASS_UNSIGNED || class == TDRI_CLASS_FLOATING;
}

static int goes_to_other_type(const tdri_place *place, int type)
{
    const tdrest_column *const *column = place->columns;

    while (column != NULL && *column != NULL)
        if ((*column++)->type != type)
            return 1;
    return 0;
}

void tdri_slot_ready(tdri_slot *slot)
{
    const tdri_place *place = &slot->place;
    const tdrest_column *column = &slot->column;

    slot->quick = 0;
    if (place->is_table || goes_to_other_type(place, column->type))
        return;
    if (column->type == TDREST_TYPE_TIMESTAMP) {
        slot->quick = place->precision != TDREST_PRECISION_UNKNOWN && place->precision == column->precision;
        slot->most = slot->quick ? tdri_time_most(place) : 0;
        return;
    }
    slot->quick = is_quick_type(column->type) && !place->is_key;
}

/* The byte behind the value; NULL: it takes the way of all others. */
static inline char *put_quick(char *p, const tdri_slot *slot, size_t row)
{
    const tdrest_column *column = &slot->column;
    const void *values = column->values;
    int64_t time;

    if (column->validity != NULL && (column->validity[row >> 3] >> (row & 7) & 1) == 0)
        return NULL;
    switch (column->type) {
    case TDREST_TYPE_TIMESTAMP:
        time = ((const int64_t *)values)[row];
        return time <= slot->most ? tdri_put_int64(p, time) : NULL;
    case TDREST_TYPE_FLOAT: return tdri_put_short_float(p, ((const float *)values)[row]);
    case TDREST_TYPE_DOUBLE: return tdri_put_short_double(p, ((const double *)values)[row]);
    case TDREST_TYPE_INT: return tdri_put_int64(p, ((const int32_t *)values)[row]);
    case TDREST_TYPE_BIGINT: return tdri_put_int64(p, ((const int64_t *)values)[row]);
    case TDREST_TYPE_TINYINT: return tdri_put_int64(p, ((const int8_t *)values)[row]);
    case TDREST_TYPE_SMALLINT: return tdri_put_int64(p, ((const int16_t *)values)[row]);
    case TDREST_TYPE_UTINYINT: return tdri_put_uint64(p, ((const uint8_t *)values)[row]);
    case TDREST_TYPE_USMALLINT: return tdri_put_uint64(p, ((const uint16_t *)values)[row]);
    case TDREST_TYPE_UINT: return tdri_put_uint64(p, ((const uint32_t *)values)[row]);
    default: return tdri_put_uint64(p, ((const uint64_t *)values)[row]);
    }
}

/* The byte behind a literal that takes no more room than a number; NULL: it is longer. */
static inline char *put_literal(char *p, const tdri_buf *literal)
{
    if (literal->len > TDRI_NUMBER_ROOM)
        return NULL;
    memcpy(p, literal->data, literal->len);
    return p + literal->len;
}

/* As put_quick, for whatever is bound. */
static inline char *put_slot(char *p, const tdri_slot *slot, size_t row)
{
    if (slot->bound == TDRI_BOUND_VALUE)
        return put_literal(p, &slot->literal);
    return slot->quick ? put_quick(p, slot, row) : NULL;
}

static const char *add_slot(const tdri_slot *slot, size_t row, tdri_buf *out)
{
    tdri_value value;

    if (slot->bound == TDRI_BOUND_VALUE) {
        tdri_buf_add(out, slot->literal.data, slot->literal.len);
        return NULL;
    }
    tdri_bound_array_get(&slot->column, row, &value);
    return tdri_literal_add(out, &value, &slot->place);
}

/* Room for the piece and those written in one go with it, what stands before p being written. NULL as tdri_buf_room. */
static inline char *open_room(tdri_buf *out, char *p, const tdri_row_piece *piece)
{
    if (p != NULL)
        tdri_buf_wrote(out, p);
    return tdri_buf_room(out, piece->room);
}

static inline char *put_text(char *p, const tdri_row_piece *piece)
{
    if (piece->before_len == 1) {
        *p = *piece->before;
        return p + 1;
    }
    memcpy(p, piece->before, piece->before_len);
    return p + piece->before_len;
}

const char *tdri_row_part_add(const tdri_row_part *part, size_t row, tdri_buf *out, int *param)
{
    const tdri_row_piece *piece = part->pieces, *end = piece + part->count;
    char *p = NULL, *behind; /* where the next byte goes; NULL: room is to be asked for */
    const char *expected;

    for (; piece < end; piece++) {
        if (p == NULL || piece->begins)
            p = open_room(out, p, piece);
        if (p == NULL)
            return NULL;
        p = put_text(p, piece);
        if (piece->slot == NULL)
            continue;
        behind = put_slot(p, piece->slot, row);
        if (behind == NULL) {
            tdri_buf_wrote(out, p);
            expected = add_slot(piece->slot, row, out);
            if (expected != NULL) {
                *param = piece->param;
                return expected;
            }
        }
        p = behind;
    }
    if (p != NULL)
        tdri_buf_wrote(out, p);
    return NULL;
}
