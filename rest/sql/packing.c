/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows grouped by table and packed into statements. Knows that rows and clauses may follow each other without commas, no values. */
#include "sql/packing.h"

#include "base/text.h"

#include <assert.h>
#include <string.h>

enum { SLOTS_FIRST = 16, NONE = 0x7fffffff };

void tdri_batch_init(tdri_batch *batch, const tdrest_allocator *mem)
{
    memset(batch, 0, sizeof *batch);
    batch->mem = mem;
    tdri_buf_init(&batch->text, mem, SIZE_MAX);
    tdri_buf_init(&batch->heads, mem, SIZE_MAX);
}

void tdri_batch_clear(tdri_batch *batch)
{
    tdri_buf_clear(&batch->text);
    tdri_buf_clear(&batch->heads);
    tdri_mem_free(batch->mem, batch->rows);
    tdri_mem_free(batch->mem, batch->groups);
    tdri_mem_free(batch->mem, batch->slots);
    tdri_batch_init(batch, batch->mem);
}

void tdri_batch_reset(tdri_batch *batch)
{
    tdri_buf_reset(&batch->text);
    tdri_buf_reset(&batch->heads);
    batch->row_count = batch->group_count = 0;
    if (batch->slots != NULL)
        memset(batch->slots, 0, batch->slot_count * sizeof *batch->slots);
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

/* The slot of the table that head begins with, or the free one where it belongs. */
static uint32_t *find_slot(const tdri_batch *batch, const char *head, size_t table_len)
{
    size_t mask = batch->slot_count - 1;

    for (size_t i = (size_t)tdri_text_hash(head, table_len) & mask;; i = (i + 1) & mask) {
        const tdri_batch_group *g = batch->slots[i] == 0 ? NULL : &batch->groups[batch->slots[i] - 1];

        if (g == NULL || (g->table_len == table_len && memcmp(batch->heads.data + g->head_at, head, table_len) == 0))
            return &batch->slots[i];
    }
}

/* Twice as many slots when half of them are taken. */
static int grow_slots(tdri_batch *batch)
{
    size_t count = batch->slot_count == 0 ? SLOTS_FIRST : batch->slot_count * 2;
    uint32_t *slots, *old = batch->slots;

    if (batch->slot_count / 2 > batch->group_count)
        return 1;
    slots = (uint32_t *)tdri_mem_zeroed(batch->mem, count, sizeof *slots);
    if (slots == NULL)
        return 0;
    batch->slots = slots;
    batch->slot_count = count;
    for (size_t i = 0; i < batch->group_count; i++)
        *find_slot(batch, batch->heads.data + batch->groups[i].head_at, batch->groups[i].table_len) = (uint32_t)i + 1;
    tdri_mem_free(batch->mem, old);
    return 1;
}

static int has_head(const tdri_batch *batch, const tdri_batch_group *group, const char *head, size_t len)
{
    return group->head_len == len && memcmp(batch->heads.data + group->head_at, head, len) == 0;
}

int tdri_batch_select(tdri_batch *batch, const char *head, size_t len, size_t table_len)
{
    tdri_batch_group group = {batch->heads.len, len, table_len, NONE, NONE};
    void *groups = batch->groups;
    uint32_t *slot;

    if (!grow_slots(batch))
        return TDREST_ENOMEM;
    slot = find_slot(batch, head, table_len);
    if (*slot == 0 || !has_head(batch, &batch->groups[*slot - 1], head, len)) {
        if (!grow(batch->mem, &groups, batch->group_count, &batch->group_cap, sizeof group))
            return TDREST_ENOMEM;
        batch->groups = (tdri_batch_group *)groups;
        tdri_buf_add(&batch->heads, head, len);
        if (tdri_buf_code(&batch->heads) != TDREST_OK) {
            tdri_buf_cut(&batch->heads, group.head_at);
            return TDREST_ENOMEM;
        }
        batch->groups[batch->group_count++] = group;
        *slot = (uint32_t)batch->group_count;
    }
    batch->group = *slot - 1;
    return TDREST_OK;
}

/* ---- rows ---- */

int tdri_batch_add(tdri_batch *batch)
{
    tdri_batch_group *group = &batch->groups[batch->group];
    tdri_batch_row row = {batch->text.len, NONE, TDREST_ROWS_NOT_WRITTEN};
    void *rows = batch->rows;

    if (batch->row_count >= NONE || !grow(batch->mem, &rows, batch->row_count, &batch->row_cap, sizeof row))
        return TDREST_ENOMEM;
    batch->rows = (tdri_batch_row *)rows;
    if (group->first == NONE)
        group->first = (uint32_t)batch->row_count;
    else
        batch->rows[group->last].next = (uint32_t)batch->row_count;
    group->last = (uint32_t)batch->row_count;
    batch->rows[batch->row_count++] = row;
    return TDREST_OK;
}

tdri_batch_mark tdri_batch_where(const tdri_batch *batch)
{
    tdri_batch_mark mark = {batch->text.len, batch->row_count, batch->groups[batch->group].last};

    return mark;
}

void tdri_batch_back(tdri_batch *batch, const tdri_batch_mark *mark)
{
    tdri_batch_group *group = &batch->groups[batch->group];

    tdri_buf_cut(&batch->text, mark->text_len);
    batch->row_count = mark->row_count;
    group->last = mark->last;
    if (mark->last == NONE)
        group->first = NONE;
    else
        batch->rows[mark->last].next = NONE;
}

size_t tdri_batch_row_at(const tdri_batch *batch, size_t row)
{
    return row == 0 ? 0 : batch->rows[row - 1].end;
}

/* ---- dropping ---- */

/* What remains of a group's chain, which goes up, in the numbers that rows have afterwards. The rows are still in their old places. */
static void relink(tdri_batch *batch, tdri_batch_group *group, uint32_t first, uint32_t count)
{
    uint32_t *link = &group->first, next;

    group->last = NONE;
    for (uint32_t row = group->first; row != NONE; row = next) {
        next = batch->rows[row].next;
        if (row >= first && row - first < count)
            continue;
        group->last = *link = row < first ? row : row - count;
        link = &batch->rows[row].next;
    }
    *link = NONE;
}

void tdri_batch_drop(tdri_batch *batch, size_t first, size_t count)
{
    size_t from = tdri_batch_row_at(batch, first), to = tdri_batch_row_at(batch, first + count), behind = batch->row_count - first - count;

    if (count == 0)
        return;
    for (size_t i = 0; i < batch->group_count; i++)
        relink(batch, &batch->groups[i], (uint32_t)first, (uint32_t)count);
    memmove(batch->rows + first, batch->rows + first + count, behind * sizeof *batch->rows);
    batch->row_count -= count;
    for (size_t i = first; i < batch->row_count; i++)
        batch->rows[i].end -= to - from;
    memmove(batch->text.data + from, batch->text.data + to, batch->text.len - to);
    tdri_buf_cut(&batch->text, batch->text.len - (to - from));
}

/* ---- packing ---- */

/* Moves to a row that is to be sent, when the cursor is not at one. */
static void settle(const tdri_batch *batch, tdri_batch_cursor *c)
{
    for (;;) {
        while (c->row != NONE && batch->rows[c->row].state == TDREST_ROWS_WRITTEN)
            c->row = batch->rows[c->row].next;
        if (c->row != NONE)
            return;
        if (++c->group >= batch->group_count) {
            c->at_end = 1;
            return;
        }
        c->row = batch->groups[c->group].first;
    }
}

tdri_batch_cursor tdri_batch_begin(const tdri_batch *batch)
{
    tdri_batch_cursor c = {0, NONE, 0};

    if (batch->group_count == 0) {
        c.at_end = 1;
        return c;
    }
    c.row = batch->groups[0].first;
    settle(batch, &c);
    return c;
}

/* Rows of the cursor's group while they fit into `room`; those that are neighbours in the text are copied at once. */
static size_t pack_rows(const tdri_batch *batch, tdri_batch_cursor *c, size_t room, tdri_buf *out)
{
    size_t total = 0, from = tdri_batch_row_at(batch, c->row), to = from, group = c->group;

    while (!c->at_end && c->group == group) {
        size_t begin = tdri_batch_row_at(batch, c->row), len = batch->rows[c->row].end - begin;

        if (len > room - total)
            break;
        if (begin != to && out != NULL)
            tdri_buf_add(out, batch->text.data + from, to - from);
        if (begin != to)
            from = begin;
        to = begin + len;
        total += len;
        c->row = batch->rows[c->row].next;
        settle(batch, c);
    }
    if (out != NULL)
        tdri_buf_add(out, batch->text.data + from, to - from);
    return total;
}

/* A table's clause with the rows that fit into `room`; 0 when not even one does. */
static size_t pack_group(const tdri_batch *batch, tdri_batch_cursor *c, size_t room, tdri_buf *out)
{
    const tdri_batch_group *group = &batch->groups[c->group];
    size_t row = batch->rows[c->row].end - tdri_batch_row_at(batch, c->row);

    if (group->head_len > room || row > room - group->head_len)
        return 0;
    if (out != NULL)
        tdri_buf_add(out, batch->heads.data + group->head_at, group->head_len);
    return group->head_len + pack_rows(batch, c, room - group->head_len, out);
}

size_t tdri_batch_pack(const tdri_batch *batch, tdri_batch_cursor *cursor, const char *start, size_t start_len, size_t max, tdri_buf *out)
{
    size_t total = start_len, added;

    if (out != NULL)
        tdri_buf_add(out, start, start_len);
    while (!cursor->at_end) {
        added = pack_group(batch, cursor, max - total, out);
        if (added == 0)
            break;
        total += added;
    }
    assert(total > start_len); /* else the caller would ask for ever */
    return total;
}

static int is_at(const tdri_batch_cursor *a, const tdri_batch_cursor *b)
{
    return a->at_end || (!b->at_end && a->group == b->group && a->row == b->row);
}

size_t tdri_batch_packed_row(const tdri_batch *batch, tdri_batch_cursor from, tdri_batch_cursor to, size_t start_len, size_t at)
{
    size_t group = batch->group_count, end = start_len, row;

    if (at < end)
        return SIZE_MAX;
    while (!is_at(&from, &to)) {
        end += from.group != group ? batch->groups[from.group].head_len : 0;
        if (at < end)
            return SIZE_MAX;
        row = from.row;
        group = from.group;
        end += batch->rows[row].end - tdri_batch_row_at(batch, row);
        if (at < end)
            return row;
        from.row = batch->rows[row].next;
        settle(batch, &from);
    }
    return SIZE_MAX;
}

void tdri_batch_mark_rows(tdri_batch *batch, tdri_batch_cursor from, tdri_batch_cursor to, int state)
{
    while (!is_at(&from, &to)) {
        uint32_t row = from.row;

        from.row = batch->rows[row].next;
        settle(batch, &from);
        batch->rows[row].state = (uint8_t)state;
    }
}
