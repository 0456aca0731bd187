/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Filling a template again and again. Knows the order of pieces and values; what values become is sql/literal's. */
#include "sql/row_template.h"

#include "base/number_put.h"

#include <string.h>

void tdri_cells_init(tdri_cells *cells, const tdrest_allocator *mem)
{
    memset(cells, 0, sizeof *cells);
    cells->mem = mem;
}

void tdri_cells_clear(tdri_cells *cells)
{
    tdri_mem_free(cells->mem, cells->pieces);
    tdri_mem_free(cells->mem, cells->all);
    tdri_cells_init(cells, cells->mem);
}

/* ---- cutting ---- */

/* What is being made: where the next piece goes. */
typedef struct cutting {
    const tdri_template *tpl;
    const tdri_slot *slots;
    char *piece;
    tdri_cell *cell;
} cutting;

/* The piece [from, to) with the blanks of the placeholders around it, `behind` being the one before. */
static void add_cell(cutting *c, size_t from, size_t to, const tdri_hole *behind, const tdri_hole *hole)
{
    tdri_cell *cell = c->cell++;
    char *p = c->piece;

    cell->before = p;
    if (behind != NULL && behind->blank_behind)
        *p++ = ' ';
    memcpy(p, c->tpl->text.data + from, to - from);
    p += to - from;
    if (hole != NULL && hole->blank_before)
        *p++ = ' ';
    cell->before_len = (size_t)(p - c->piece);
    cell->param = hole == NULL ? -1 : hole->param;
    cell->slot = hole == NULL ? NULL : &c->slots[hole->param < 0 ? c->tpl->param_count : (size_t)hole->param];
    c->piece = p;
}

/* How much is asked for at once: memory for very many values would be far more than they take. */
static void set_rooms(tdri_cell *cells, size_t count)
{
    enum { AT_ONCE = 32 };

    for (size_t i = count; i-- > 0;) {
        int is_last = i + 1 == count || cells[i + 1].begins;

        cells[i].room = cells[i].before_len + TDRI_NUMBER_ROOM + (is_last ? 0 : cells[i + 1].room);
        cells[i].begins = i % AT_ONCE == 0;
    }
}

/* The cells of [from, to), its placeholders beginning with number *hole. */
static tdri_line cut(cutting *c, size_t from, size_t to, size_t *hole)
{
    const tdri_template *tpl = c->tpl;
    const tdri_hole *behind = NULL;
    tdri_cell *cells = c->cell;
    tdri_line line = {cells, 0};

    for (; *hole < tpl->hole_count && tpl->holes[*hole].at < to; ++*hole) {
        const tdri_hole *h = &tpl->holes[*hole];

        add_cell(c, from, h->at, behind, h);
        from = h->end;
        behind = h;
    }
    add_cell(c, from, to, behind, NULL);
    line.count = (size_t)(c->cell - cells);
    set_rooms(cells, line.count);
    return line;
}

int tdri_cells_make(tdri_cells *cells, const tdri_template *tpl, const tdri_slot *slots)
{
    size_t hole = 0;
    cutting c = {tpl, slots, NULL, NULL};

    cells->pieces = c.piece = (char *)tdri_mem_alloc(cells->mem, tpl->text.len + 2 * tpl->hole_count + 1);
    cells->all = c.cell = (tdri_cell *)tdri_mem_zeroed(cells->mem, tpl->hole_count + 2, sizeof *cells->all);
    if (cells->pieces == NULL || cells->all == NULL)
        return TDREST_ENOMEM;
    cells->head = cut(&c, tpl->head_at, tpl->row_at, &hole);
    cells->row = cut(&c, tpl->row_at, tpl->text.len, &hole);
    return TDREST_OK;
}

/* ---- filling ---- */

/* Types whose every value a column of the same type takes, and which are written here. */
static int is_quick_type(int type)
{
    switch (type) {
    case TDREST_TYPE_TINYINT: case TDREST_TYPE_SMALLINT: case TDREST_TYPE_INT: case TDREST_TYPE_BIGINT: case TDREST_TYPE_FLOAT: case TDREST_TYPE_DOUBLE:
    case TDREST_TYPE_UTINYINT: case TDREST_TYPE_USMALLINT: case TDREST_TYPE_UINT: case TDREST_TYPE_UBIGINT:
        return 1;
    default:
        return 0;
    }
}

void tdri_slot_ready(tdri_slot *slot)
{
    const tdri_place *place = &slot->place;
    const tdrest_column *column = &slot->column;

    slot->quick = 0;
    if (place->is_table || (place->column != NULL && place->column->type != column->type))
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

static const char *add_slot(const tdri_slot *slot, size_t row, tdri_buf *out)
{
    tdri_value value;

    if (slot->bound == TDRI_BOUND_VALUE) {
        tdri_buf_add(out, slot->literal.data, slot->literal.len);
        return NULL;
    }
    tdri_values_get(&slot->column, row, &value);
    return tdri_literal_add(out, &value, &slot->place);
}

/* Room for the cell and those written in one go with it, what stands before p being written. NULL as tdri_buf_room. */
static char *open_room(tdri_buf *out, char *p, const tdri_cell *cell)
{
    if (p != NULL)
        tdri_buf_wrote(out, p);
    return tdri_buf_room(out, cell->room);
}

const char *tdri_line_add(const tdri_line *line, size_t row, tdri_buf *out, int *param)
{
    const tdri_cell *cell = line->cells, *end = cell + line->count;
    char *p = NULL, *behind; /* where the next byte goes; NULL: room is to be asked for */
    const char *expected;

    for (; cell < end; cell++) {
        if (p == NULL || cell->begins)
            p = open_room(out, p, cell);
        if (p == NULL)
            return NULL;
        if (cell->before_len == 1)
            *p++ = *cell->before;
        else
            memcpy(p, cell->before, cell->before_len), p += cell->before_len;
        if (cell->slot == NULL)
            continue;
        behind = cell->slot->bound == TDRI_BOUND_COLUMN && cell->slot->quick ? put_quick(p, cell->slot, row) : NULL;
        if (behind != NULL) {
            p = behind;
            continue;
        }
        tdri_buf_wrote(out, p);
        p = NULL;
        expected = add_slot(cell->slot, row, out);
        if (expected != NULL) {
            *param = cell->param;
            return expected;
        }
    }
    if (p != NULL)
        tdri_buf_wrote(out, p);
    return NULL;
}
