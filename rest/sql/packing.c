/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows grouped by table and packed into statements. Knows that rows and clauses may follow each other without commas, no values. */
#include "sql/packing.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

enum { SLOTS_FIRST = 16, NONE = 0x7fffffff };

void tdri_packing_init(tdri_packing *packing, const tdrest_allocator *mem)
{
    memset(packing, 0, sizeof *packing);
    packing->mem = mem;
    tdri_buf_init(&packing->text, mem, SIZE_MAX);
    tdri_buf_init(&packing->clauses, mem, SIZE_MAX);
}

void tdri_packing_clear(tdri_packing *packing)
{
    tdri_buf_clear(&packing->text);
    tdri_buf_clear(&packing->clauses);
    tdri_mem_free(packing->mem, packing->rows);
    tdri_mem_free(packing->mem, packing->groups);
    tdri_mem_free(packing->mem, packing->slots);
    tdri_packing_init(packing, packing->mem);
}

void tdri_packing_reset(tdri_packing *packing)
{
    tdri_buf_reset(&packing->text);
    tdri_buf_reset(&packing->clauses);
    packing->row_count = packing->group_count = 0;
    if (packing->slots != NULL)
        memset(packing->slots, 0, packing->slot_count * sizeof *packing->slots);
}

/* Room for one more item; *items may move. 0 when memory is out. */
static int grow(const tdrest_allocator *mem, void **items, size_t count, size_t *cap, size_t size)
{
    size_t more = *cap == 0 ? 16 : *cap * 2;
    void *p;

    if (count < *cap)
        return 1;
    if (more > SIZE_MAX / 2 / size)
        return 0;
    p = tdri_mem_resize(mem, *items, more * size);
    if (p == NULL)
        return 0;
    *items = p;
    *cap = more;
    return 1;
}

/* ---- groups ---- */

/* The slot of the table that clause begins with, or the free one where it belongs. */
static uint32_t *find_slot(const tdri_packing *packing, const char *clause, size_t table_len)
{
    size_t mask = packing->slot_count - 1;

    for (size_t i = (size_t)tdri_text_hash(clause, table_len) & mask;; i = (i + 1) & mask) {
        const tdri_packing_group *g = packing->slots[i] == 0 ? NULL : &packing->groups[packing->slots[i] - 1];

        if (g == NULL || (g->table_len == table_len && memcmp(packing->clauses.data + g->clause_at, clause, table_len) == 0))
            return &packing->slots[i];
    }
}

/* Twice as many slots when half of them are taken. */
static int grow_slots(tdri_packing *packing)
{
    size_t count = packing->slot_count == 0 ? SLOTS_FIRST : packing->slot_count * 2;
    uint32_t *slots, *old = packing->slots;

    if (packing->slot_count / 2 > packing->group_count)
        return 1;
    slots = (uint32_t *)tdri_mem_zeroed(packing->mem, count, sizeof *slots);
    if (slots == NULL)
        return 0;
    packing->slots = slots;
    packing->slot_count = count;
    for (size_t i = 0; i < packing->group_count; i++)
        *find_slot(packing, packing->clauses.data + packing->groups[i].clause_at, packing->groups[i].table_len) = (uint32_t)i + 1;
    tdri_mem_free(packing->mem, old);
    return 1;
}

static int has_clause(const tdri_packing *packing, const tdri_packing_group *group, const char *clause, size_t len)
{
    return group->clause_len == len && memcmp(packing->clauses.data + group->clause_at, clause, len) == 0;
}

int tdri_packing_select(tdri_packing *packing, const char *clause, size_t len, size_t table_len)
{
    tdri_packing_group group = {packing->clauses.len, len, table_len, NONE, NONE};
    void *groups = packing->groups;
    uint32_t *slot;

    if (!grow_slots(packing))
        return TDREST_ENOMEM;
    slot = find_slot(packing, clause, table_len);
    if (*slot == 0 || !has_clause(packing, &packing->groups[*slot - 1], clause, len)) {
        if (!grow(packing->mem, &groups, packing->group_count, &packing->group_cap, sizeof group))
            return TDREST_ENOMEM;
        packing->groups = (tdri_packing_group *)groups;
        tdri_buf_add(&packing->clauses, clause, len);
        if (tdri_buf_code(&packing->clauses) != TDREST_OK) {
            tdri_buf_cut(&packing->clauses, group.clause_at);
            return TDREST_ENOMEM;
        }
        packing->groups[packing->group_count++] = group;
        *slot = (uint32_t)packing->group_count;
    }
    packing->group = *slot - 1;
    return TDREST_OK;
}

/* ---- rows ---- */

int tdri_packing_add(tdri_packing *packing)
{
    tdri_packing_group *group = &packing->groups[packing->group];
    tdri_packing_row row = {packing->text.len, NONE, TDREST_ROWS_NOT_WRITTEN};
    void *rows = packing->rows;

    if (packing->row_count >= NONE || !grow(packing->mem, &rows, packing->row_count, &packing->row_cap, sizeof row))
        return TDREST_ENOMEM;
    packing->rows = (tdri_packing_row *)rows;
    if (group->first == NONE)
        group->first = (uint32_t)packing->row_count;
    else
        packing->rows[group->last].next = (uint32_t)packing->row_count;
    group->last = (uint32_t)packing->row_count;
    packing->rows[packing->row_count++] = row;
    return TDREST_OK;
}

tdri_packing_mark tdri_packing_where(const tdri_packing *packing)
{
    tdri_packing_mark mark = {packing->text.len, packing->row_count, packing->groups[packing->group].last};

    return mark;
}

void tdri_packing_rewind(tdri_packing *packing, const tdri_packing_mark *mark)
{
    tdri_packing_group *group = &packing->groups[packing->group];

    tdri_buf_cut(&packing->text, mark->text_len);
    packing->row_count = mark->row_count;
    group->last = mark->last;
    if (mark->last == NONE)
        group->first = NONE;
    else
        packing->rows[mark->last].next = NONE;
}

size_t tdri_packing_row_at(const tdri_packing *packing, size_t row)
{
    return row == 0 ? 0 : packing->rows[row - 1].end;
}

/* ---- dropping ---- */

/* What remains of a group's chain, which goes up, in the numbers that rows have afterwards. The rows are still in their old places. */
static void relink(tdri_packing *packing, tdri_packing_group *group, uint32_t first, uint32_t count)
{
    uint32_t *link = &group->first, next;

    group->last = NONE;
    for (uint32_t row = group->first; row != NONE; row = next) {
        next = packing->rows[row].next;
        if (row >= first && row - first < count)
            continue;
        group->last = *link = row < first ? row : row - count;
        link = &packing->rows[row].next;
    }
    *link = NONE;
}

void tdri_packing_drop(tdri_packing *packing, size_t first, size_t count)
{
    size_t from = tdri_packing_row_at(packing, first), to = tdri_packing_row_at(packing, first + count), behind = packing->row_count - first - count;

    if (count == 0)
        return;
    for (size_t i = 0; i < packing->group_count; i++)
        relink(packing, &packing->groups[i], (uint32_t)first, (uint32_t)count);
    memmove(packing->rows + first, packing->rows + first + count, behind * sizeof *packing->rows);
    packing->row_count -= count;
    for (size_t i = first; i < packing->row_count; i++)
        packing->rows[i].end -= to - from;
    memmove(packing->text.data + from, packing->text.data + to, packing->text.len - to);
    tdri_buf_cut(&packing->text, packing->text.len - (to - from));
}

/* ---- packing ---- */

/* Moves to `row` of the cursor's group or, where that is written or none, to the next one that is to be sent. */
static void seek(const tdri_packing *packing, tdri_packing_cursor *c, uint32_t row)
{
    for (;; row = packing->groups[c->group].first) {
        while (row != NONE && packing->rows[row].state == TDREST_ROWS_WRITTEN)
            row = packing->rows[row].next;
        c->row = row;
        if (row != NONE)
            return;
        c->at_end = ++c->group >= packing->group_count;
        if (c->at_end)
            return;
    }
}

static void advance(const tdri_packing *packing, tdri_packing_cursor *c)
{
    seek(packing, c, packing->rows[c->row].next);
}

tdri_packing_cursor tdri_packing_begin(const tdri_packing *packing)
{
    tdri_packing_cursor c = {0, NONE, packing->group_count == 0};

    if (!c.at_end)
        seek(packing, &c, packing->groups[0].first);
    return c;
}

/* Rows of the cursor's group while they fit into `room`; those that are neighbours in the text are copied at once. */
static size_t pack_rows(const tdri_packing *packing, tdri_packing_cursor *c, size_t room, tdri_buf *out)
{
    size_t total = 0, from = tdri_packing_row_at(packing, c->row), to = from, group = c->group;

    while (!c->at_end && c->group == group) {
        size_t begin = tdri_packing_row_at(packing, c->row), len = packing->rows[c->row].end - begin;

        if (len > room - total)
            break;
        if (begin != to && out != NULL)
            tdri_buf_add(out, packing->text.data + from, to - from);
        if (begin != to)
            from = begin;
        to = begin + len;
        total += len;
        advance(packing, c);
    }
    if (out != NULL)
        tdri_buf_add(out, packing->text.data + from, to - from);
    return total;
}

/* A table's clause with the rows that fit into `room`; 0 when not even one does. */
static size_t pack_group(const tdri_packing *packing, tdri_packing_cursor *c, size_t room, tdri_buf *out)
{
    const tdri_packing_group *group = &packing->groups[c->group];
    size_t row = packing->rows[c->row].end - tdri_packing_row_at(packing, c->row);

    if (group->clause_len > room || row > room - group->clause_len)
        return 0;
    if (out != NULL)
        tdri_buf_add(out, packing->clauses.data + group->clause_at, group->clause_len);
    return group->clause_len + pack_rows(packing, c, room - group->clause_len, out);
}

size_t tdri_packing_pack(const tdri_packing *packing, tdri_packing_cursor *cursor, const char *start, size_t start_len, size_t max, tdri_buf *out)
{
    size_t total = start_len, added;

    if (out != NULL)
        tdri_buf_add(out, start, start_len);
    while (!cursor->at_end) {
        added = pack_group(packing, cursor, max - total, out);
        if (added == 0)
            break;
        total += added;
    }
    assert(total > start_len); /* else the caller would ask for ever */
    return total;
}

static int is_at(const tdri_packing_cursor *a, const tdri_packing_cursor *b)
{
    return a->at_end || (!b->at_end && a->group == b->group && a->row == b->row);
}

size_t tdri_packing_packed_row(const tdri_packing *packing, tdri_packing_cursor from, tdri_packing_cursor to, size_t start_len, size_t at)
{
    size_t group = packing->group_count, end = start_len, row;

    if (at < end)
        return SIZE_MAX;
    while (!is_at(&from, &to)) {
        end += from.group != group ? packing->groups[from.group].clause_len : 0;
        if (at < end)
            return SIZE_MAX;
        row = from.row;
        group = from.group;
        end += packing->rows[row].end - tdri_packing_row_at(packing, row);
        if (at < end)
            return row;
        advance(packing, &from);
    }
    return SIZE_MAX;
}

void tdri_packing_set_state(tdri_packing *packing, tdri_packing_cursor from, tdri_packing_cursor to, int state)
{
    while (!is_at(&from, &to)) {
        uint32_t row = from.row;

        advance(packing, &from);
        packing->rows[row].state = (uint8_t)state;
    }
}
