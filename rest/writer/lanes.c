/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows that wait, table by table. Knows texts and their lengths, neither SQL nor requests. */
#include "writer/lanes.h"

#include "base/text.h"

#include <string.h>

/* Of lanes whose next segment is too large for what is left of a request, so many are passed over. */
enum { SLOTS_FIRST = 64, ENDS_FIRST = 8, RUNS_FIRST = 1, TEXT_FIRST = 128, PASSED_OVER = 16 };

void tdri_lanes_init(tdri_lanes *lanes, const tdrest_allocator *mem, size_t start_len, size_t segment_max, size_t share)
{
    memset(lanes, 0, sizeof *lanes);
    lanes->mem = mem;
    lanes->start_len = start_len;
    lanes->segment_max = segment_max;
    lanes->share = share;
}

/* ---- memory ---- */

static size_t size_of(const tdri_segment *s)
{
    return sizeof *s + s->text.cap + s->ends_cap * sizeof *s->ends + s->run_cap * sizeof *s->runs;
}

void tdri_lanes_charge(tdri_lanes *lanes, tdri_segment *segment)
{
    size_t now = size_of(segment);

    lanes->used = lanes->used - segment->charge + now;
    segment->charge = now;
}

void tdri_lanes_free_segment(tdri_lanes *lanes, tdri_segment *segment)
{
    lanes->used -= segment->charge;
    tdri_buf_clear(&segment->text);
    tdri_mem_free(lanes->mem, segment->ends);
    tdri_mem_free(lanes->mem, segment->runs);
    tdri_mem_free(lanes->mem, segment);
}

/* Room for one more item; 0 when memory is out. */
static int grow(const tdrest_allocator *mem, void **items, size_t count, size_t *cap, size_t size, size_t first)
{
    size_t more = *cap == 0 ? first : *cap * 2;
    void *p;

    if (count < *cap)
        return 1;
    p = more > SIZE_MAX / 2 / size ? NULL : tdri_mem_resize(mem, *items, more * size);
    if (p == NULL)
        return 0;
    *items = p;
    *cap = more;
    return 1;
}

/* ---- lanes by table ---- */

static tdri_lane **find(const tdri_lanes *lanes, uint64_t hash, const char *table, size_t len)
{
    tdri_lane **at = &lanes->slots[(size_t)hash & (lanes->slot_count - 1)];

    while (*at != NULL && ((*at)->hash != hash || (*at)->table_len != len || memcmp((*at)->table, table, len) != 0))
        at = &(*at)->chain;
    return at;
}

static int grow_slots(tdri_lanes *lanes)
{
    size_t count = lanes->slot_count == 0 ? SLOTS_FIRST : lanes->slot_count * 2;
    tdri_lane **slots;

    if (lanes->lane_count < lanes->slot_count)
        return 1;
    slots = (tdri_lane **)tdri_mem_zeroed(lanes->mem, count, sizeof *slots);
    if (slots == NULL)
        return 0;
    for (size_t i = 0; i < lanes->slot_count; i++)
        for (tdri_lane *lane = lanes->slots[i], *next; lane != NULL; lane = next) {
            tdri_lane **at = &slots[(size_t)lane->hash & (count - 1)];

            next = lane->chain;
            lane->chain = *at;
            *at = lane;
        }
    tdri_mem_free(lanes->mem, lanes->slots);
    lanes->used += (count - lanes->slot_count) * sizeof *slots;
    lanes->slots = slots;
    lanes->slot_count = count;
    return 1;
}

tdri_lane *tdri_lanes_get(tdri_lanes *lanes, const char *table, size_t len)
{
    uint64_t hash = tdri_text_hash(table, len);
    size_t size = sizeof(tdri_lane) + len + 1;
    tdri_lane *lane, **at;

    if (!grow_slots(lanes))
        return NULL;
    at = find(lanes, hash, table, len);
    if (*at != NULL)
        return *at;
    lane = (tdri_lane *)tdri_mem_zeroed(lanes->mem, 1, size);
    if (lane == NULL)
        return NULL;
    lane->hash = hash;
    lane->table_len = len;
    memcpy(lane->table, table, len);
    lane->charge = size;
    lanes->used += size;
    lanes->lane_count++;
    *at = lane;
    return lane;
}

static void drop_lane(tdri_lanes *lanes, tdri_lane *lane)
{
    tdri_lane **at = find(lanes, lane->hash, lane->table, lane->table_len);

    *at = lane->chain;
    lanes->lane_count--;
    lanes->used -= lane->charge;
    lanes->epoch++;
    tdri_mem_free(lanes->mem, lane);
}

void tdri_lanes_drop_empty(tdri_lanes *lanes, tdri_lane *lane)
{
    if (lane->first == NULL && lane->busy == 0)
        drop_lane(lanes, lane);
}

/* ---- which are ready ---- */

static int is_full(const tdri_lanes *lanes, const tdri_lane *lane)
{
    return lane->bytes > lanes->segment_max;
}

static void make_ready(tdri_lanes *lanes, tdri_lane *lane)
{
    tdri_lane **before = &lanes->ready_first, **behind = &lanes->ready_last;

    if (*before == NULL || lane->first->since_ms < lanes->since_ms) /* where that is not known, it stays so */
        lanes->since_ms = lane->first->since_ms;
    lane->next = lane->previous = NULL;
    if (is_full(lanes, lane)) {
        lane->next = *before;
        *(*before == NULL ? behind : &(*before)->previous) = lane;
        *before = lane;
    } else {
        lane->previous = *behind;
        *(*behind == NULL ? before : &(*behind)->next) = lane;
        *behind = lane;
    }
    lane->is_ready = 1;
    lanes->ready_charge += lane->charge;
    lanes->ready_rows += lane->rows;
}

static void make_unready(tdri_lanes *lanes, tdri_lane *lane)
{
    *(lane->previous == NULL ? &lanes->ready_first : &lane->previous->next) = lane->next;
    *(lane->next == NULL ? &lanes->ready_last : &lane->next->previous) = lane->previous;
    lane->is_ready = 0;
    lanes->ready_charge -= lane->charge;
    lanes->ready_rows -= lane->rows;
}

/* ---- adding ---- */

static int has_head(const tdri_segment *s, const char *head, size_t head_len)
{
    return s->head_len == head_len && (head_len == 0 || memcmp(s->text.data, head, head_len) == 0);
}

static int needs_segment(const tdri_lanes *lanes, const tdri_lane *lane, const char *head, size_t head_len, size_t row_len)
{
    const tdri_segment *s = lane->last;

    return s == NULL || s->text.len + row_len > lanes->segment_max || !has_head(s, head, head_len);
}

static size_t text_growth(const tdri_buf *text, size_t more)
{
    size_t needed = text->len + more + 1, cap = text->cap * 2;

    if (needed <= text->cap)
        return 0;
    cap = cap > text->max ? text->max + 1 : cap;
    return (cap < needed ? needed : cap) - text->cap;
}

size_t tdri_lanes_growth(const tdri_lanes *lanes, const tdri_lane *lane, const char *head, size_t head_len, size_t row_len)
{
    const tdri_segment *s = lane->last;
    size_t more;

    if (needs_segment(lanes, lane, head, head_len, row_len))
        return sizeof *s + TEXT_FIRST + head_len + row_len + ENDS_FIRST * sizeof *s->ends + RUNS_FIRST * sizeof *s->runs;
    more = text_growth(&s->text, row_len);
    more += s->rows < s->ends_cap ? 0 : s->ends_cap * sizeof *s->ends;
    return more + (s->run_count < s->run_cap ? 0 : s->run_cap * sizeof *s->runs);
}

static tdri_segment *new_segment(tdri_lanes *lanes, tdri_lane *lane, const char *head, size_t head_len, size_t row_len, int64_t now_ms)
{
    tdri_segment *s = (tdri_segment *)tdri_mem_zeroed(lanes->mem, 1, sizeof *s);
    size_t first = head_len + row_len;

    if (s == NULL)
        return NULL;
    s->lane = lane;
    s->since_ms = now_ms;
    s->head_len = head_len;
    tdri_buf_init(&s->text, lanes->mem, first > lanes->segment_max ? first : lanes->segment_max);
    if (tdri_buf_reserve(&s->text, first < TEXT_FIRST && TEXT_FIRST < s->text.max ? TEXT_FIRST : first))
        tdri_buf_add(&s->text, head, head_len);
    return s;
}

/* Appends a row to a segment: 1; 0 when memory is out, and nothing has changed but room. */
static int append(tdri_lanes *lanes, tdri_segment *s, const char *row, size_t row_len, int64_t number)
{
    tdri_run *last = s->run_count == 0 ? NULL : &s->runs[s->run_count - 1];
    int goes_on = last != NULL && last->first + last->count == number;
    void *ends = s->ends, *runs = s->runs;
    int good = grow(lanes->mem, &ends, s->rows, &s->ends_cap, sizeof *s->ends, ENDS_FIRST);
    char *to;

    s->ends = (uint32_t *)ends;
    good = good && (goes_on || grow(lanes->mem, &runs, s->run_count, &s->run_cap, sizeof *s->runs, RUNS_FIRST));
    s->runs = (tdri_run *)runs;
    to = good ? tdri_buf_room(&s->text, row_len) : NULL;
    if (to == NULL) {
        s->text.failed = 0;
        return 0;
    }
    memcpy(to, row, row_len);
    tdri_buf_wrote(&s->text, to + row_len);
    s->ends[s->rows++] = (uint32_t)s->text.len;
    if (goes_on)
        s->runs[s->run_count - 1].count++;
    else
        s->runs[s->run_count++] = (tdri_run){number, 1};
    return 1;
}

/* A row came to the lane's last segment. */
static void note_row(tdri_lanes *lanes, tdri_lane *lane, size_t charge_before, size_t bytes, const tdri_segment *s)
{
    size_t more = s->charge - charge_before;

    lane->charge += more;
    lane->bytes += bytes;
    lane->rows++;
    if (lane->is_ready) {
        lanes->ready_charge += more;
        lanes->ready_rows++;
    }
}

/* The first row behind a new head, or of a request that is full. */
static int add_segment(tdri_lanes *lanes, tdri_lane *lane, tdri_segment *s, const char *row, size_t row_len, int64_t number)
{
    int is_to_move;

    if (s == NULL)
        return TDREST_ENOMEM;
    if (tdri_buf_code(&s->text) != TDREST_OK || !append(lanes, s, row, row_len, number)) {
        tdri_lanes_free_segment(lanes, s);
        return TDREST_ENOMEM;
    }
    is_to_move = lane->is_ready && !is_full(lanes, lane) && lane->bytes + s->text.len > lanes->segment_max;
    if (is_to_move)
        make_unready(lanes, lane);
    *(lane->last == NULL ? &lane->first : &lane->last->next) = s;
    lane->last = s;
    tdri_lanes_charge(lanes, s);
    note_row(lanes, lane, 0, s->text.len, s);
    if (!lane->is_ready && lane->busy == 0)
        make_ready(lanes, lane);
    return TDREST_OK;
}

int tdri_lanes_add(tdri_lanes *lanes, tdri_lane *lane, const char *head, size_t head_len, const char *row, size_t row_len, int64_t number, int64_t now_ms)
{
    tdri_segment *s = lane->last;
    size_t before;

    if (needs_segment(lanes, lane, head, head_len, row_len))
        return add_segment(lanes, lane, new_segment(lanes, lane, head, head_len, row_len, now_ms), row, row_len, number);
    before = s->charge;
    if (!append(lanes, s, row, row_len, number)) {
        size_t room = size_of(s) - before; /* what could be had stays, and counts */

        tdri_lanes_charge(lanes, s);
        lane->charge += room;
        lanes->ready_charge += lane->is_ready ? room : 0;
        return TDREST_ENOMEM;
    }
    tdri_lanes_charge(lanes, s);
    note_row(lanes, lane, before, row_len, s);
    return TDREST_OK;
}

/* ---- taking ---- */

int tdri_lanes_are_full(const tdri_lanes *lanes)
{
    return lanes->ready_first != NULL && (is_full(lanes, lanes->ready_first) || lanes->ready_charge >= lanes->share);
}

static tdri_lane *find_oldest(const tdri_lanes *lanes)
{
    tdri_lane *oldest = lanes->ready_first;

    for (tdri_lane *lane = oldest; lane != NULL; lane = lane->next)
        if (lane->first->since_ms < oldest->first->since_ms)
            oldest = lane;
    return oldest;
}

int64_t tdri_lanes_since(tdri_lanes *lanes)
{
    if (lanes->ready_first == NULL)
        return 0;
    if (lanes->since_ms == 0)
        lanes->since_ms = find_oldest(lanes)->first->since_ms;
    return lanes->since_ms;
}

int64_t tdri_lanes_oldest(const tdri_lanes *lanes)
{
    int64_t oldest = 0;

    for (size_t i = 0; i < lanes->slot_count; i++)
        for (const tdri_lane *lane = lanes->slots[i]; lane != NULL; lane = lane->chain)
            if (lane->first != NULL && (oldest == 0 || lane->first->since_ms < oldest))
                oldest = lane->first->since_ms;
    return oldest;
}

/* What a request has so far. */
typedef struct taking {
    tdri_segment *first, *last;
    size_t bytes, charge;
} taking;

static int has_room(const tdri_lanes *lanes, const taking *t, const tdri_segment *s)
{
    if (t->first == NULL)
        return 1;
    return t->bytes + s->text.len - lanes->start_len <= lanes->segment_max && t->charge + s->charge <= lanes->share;
}

/* The lane's segments while they fit; 1 when at least one did. */
static int take_lane(tdri_lanes *lanes, taking *t, tdri_lane *lane)
{
    if (!has_room(lanes, t, lane->first))
        return 0;
    make_unready(lanes, lane);
    while (lane->first != NULL && has_room(lanes, t, lane->first)) {
        tdri_segment *s = lane->first;

        lane->first = s->next;
        lane->last = lane->first == NULL ? NULL : lane->last;
        lane->charge -= s->charge;
        lane->bytes -= s->text.len;
        lane->rows -= (int64_t)s->rows;
        lane->busy++;
        s->next = NULL;
        s->left = s->rows;
        *(t->last == NULL ? &t->first : &t->last->next) = s;
        t->bytes += s->text.len - (t->last == NULL ? 0 : lanes->start_len);
        t->charge += s->charge;
        t->last = s;
    }
    return 1;
}

tdri_segment *tdri_lanes_take(tdri_lanes *lanes, int oldest_first)
{
    taking t = {NULL, NULL, 0, 0};
    int passed = 0;

    if (oldest_first && lanes->ready_first != NULL)
        (void)take_lane(lanes, &t, find_oldest(lanes));
    for (tdri_lane *lane = lanes->ready_first, *next; lane != NULL && passed < PASSED_OVER; lane = next) {
        next = lane->next;
        passed += !take_lane(lanes, &t, lane);
    }
    lanes->since_ms = 0;
    lanes->epoch++;
    return t.first;
}

void tdri_lanes_untake(tdri_lanes *lanes, tdri_segment *taken)
{
    tdri_segment *reversed = NULL;

    for (tdri_segment *next; taken != NULL; taken = next) {
        next = taken->next;
        taken->next = reversed;
        reversed = taken;
    }
    for (tdri_segment *s = reversed, *next; s != NULL; s = next) {
        tdri_lane *lane = s->lane;

        next = s->next;
        s->next = lane->first;
        lane->first = s;
        lane->last = s->next == NULL ? s : lane->last;
        lane->charge += s->charge;
        lane->bytes += s->text.len;
        lane->rows += (int64_t)s->rows;
        if (--lane->busy == 0)
            make_ready(lanes, lane);
    }
    lanes->epoch++;
}

void tdri_lanes_settle(tdri_lanes *lanes, tdri_segment *segment)
{
    tdri_lane *lane = segment->lane;

    segment->lane = NULL;
    if (--lane->busy > 0)
        return;
    if (lane->first == NULL)
        drop_lane(lanes, lane);
    else
        make_ready(lanes, lane);
}

void tdri_lanes_clear(tdri_lanes *lanes)
{
    const char closing = lanes->closing;

    for (size_t i = 0; i < lanes->slot_count; i++)
        for (tdri_lane *lane = lanes->slots[i], *next; lane != NULL; lane = next) {
            next = lane->chain;
            for (tdri_segment *s = lane->first, *behind; s != NULL; s = behind) {
                behind = s->next;
                tdri_lanes_free_segment(lanes, s);
            }
            tdri_mem_free(lanes->mem, lane);
        }
    tdri_mem_free(lanes->mem, lanes->slots);
    tdri_lanes_init(lanes, lanes->mem, lanes->start_len, lanes->segment_max, lanes->share);
    lanes->closing = closing;
}
