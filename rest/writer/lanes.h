/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Rows that wait, as the text that will be sent: a lane for each table, so that its rows keep their order and are never in two requests at a time.
 * Knows how much memory they take, and when enough are there for a request. Does no I/O and has no clock of its own.
 *
 *     add ─► lane: segment, segment, ... ─► take (the lane is busy) ─► settle (the lane is free, or gone)
 *
 * A segment is what stands together in a request: a head, which is "INSERT INTO " with the table's clause, and rows behind it. Lines have no head; points of JSON
 * have a bracket, and a comma each.
 */
#ifndef TDRI_LANES_H
#define TDRI_LANES_H

#include "base/buf.h"

/* Rows with consecutive numbers. */
typedef struct tdri_run {
    int64_t first, count;
} tdri_run;

typedef struct tdri_lane tdri_lane;

typedef struct tdri_segment {
    struct tdri_segment *next;
    tdri_lane *lane;
    tdri_buf text;     /* head and rows */
    size_t head_len;
    uint32_t *ends;    /* where each row ends in the text */
    size_t rows, ends_cap;
    tdri_run *runs;    /* the rows' numbers */
    size_t run_count, run_cap;
    size_t shift;      /* of a batch: its text stands in the batch's body that much further on */
    size_t left;       /* of a batch: rows that are not reported yet */
    size_t charge;     /* what it counts in `used` */
    int64_t since_ms;  /* when its first row came */
} tdri_segment;

struct tdri_lane {
    tdri_lane *chain;           /* of the same slot */
    tdri_lane *next, *previous; /* that are ready; those whose first segment is full come first */
    uint64_t hash;
    tdri_segment *first, *last; /* that wait */
    size_t busy;                /* segments taken and not settled */
    size_t charge;              /* of itself and the segments that wait */
    size_t bytes;               /* of their texts */
    int64_t rows;               /* that wait */
    int is_ready;
    size_t table_len;
    char table[];
};

typedef struct tdri_lanes {
    const tdrest_allocator *mem;
    size_t start_len;   /* the first bytes of every head, which stand once in a request */
    char closing;       /* what ends a request, in place of the last byte of its last row; 0: nothing does */
    size_t segment_max; /* bytes of a request, unless one row takes more */
    size_t share;       /* of the memory, for one request */
    tdri_lane **slots;  /* a power of two */
    size_t slot_count, lane_count;
    tdri_lane *ready_first, *ready_last;
    size_t ready_charge;
    int64_t ready_rows;
    int64_t since_ms;   /* no ready row came before; 0: not known */
    size_t used;        /* memory of everything that is not settled; callers add what they make of it */
    uint64_t epoch;     /* another one whenever lanes or segments may be gone */
} tdri_lanes;

/* Where rows are being added. Good for as long as the epoch stays. */
typedef struct tdri_lane_place {
    tdri_lane *lane;
    uint64_t epoch;
} tdri_lane_place;

void tdri_lanes_init(tdri_lanes *lanes, const tdrest_allocator *mem, size_t start_len, size_t segment_max, size_t share);
/* Forgets everything but what was taken. */
void tdri_lanes_clear(tdri_lanes *lanes);

/* The lane of a table: found, or made. NULL: memory is out. */
tdri_lane *tdri_lanes_get(tdri_lanes *lanes, const char *table, size_t len);

/* How much more memory a row of that length behind that head would take at most; 0 where there is room already. */
size_t tdri_lanes_growth(const tdri_lanes *lanes, const tdri_lane *lane, const char *head, size_t head_len, size_t row_len);

/*
 * Adds a row with its number; `head` is that of its table now, and begins a new segment where the last one has another. TDREST_OK, or TDREST_ENOMEM
 * with nothing added.
 */
int tdri_lanes_add(tdri_lanes *lanes, tdri_lane *lane, const char *head, size_t head_len, const char *row, size_t row_len, int64_t number, int64_t now_ms);

/* Whether a request is due by its bytes. It is not kept back until there are more: those that were sent at once would end at once, and leave every slot empty. */
int tdri_lanes_are_full(const tdri_lanes *lanes);

/* When the oldest ready row came; 0: none is ready. */
int64_t tdri_lanes_since(tdri_lanes *lanes);

/* When the oldest row came, of lanes that are busy too; 0: there is none. */
int64_t tdri_lanes_oldest(const tdri_lanes *lanes);

/* Drops a lane that nothing was added to. */
void tdri_lanes_drop_empty(tdri_lanes *lanes, tdri_lane *lane);

/*
 * Takes segments for one request, linked by next: of full lanes, then of the others as they became ready. oldest_first: that which came first goes in any
 * case, as there may always be full ones. NULL: none is ready. Until they are settled, their lanes are not ready.
 */
tdri_segment *tdri_lanes_take(tdri_lanes *lanes, int oldest_first);
/* Gives back what was just taken, as if nothing had happened. */
void tdri_lanes_untake(tdri_lanes *lanes, tdri_segment *taken);
/* No row of a taken segment is in doubt any more: its lane may go on. The segment stays its holder's. */
void tdri_lanes_settle(tdri_lanes *lanes, tdri_segment *segment);
/* Frees a segment that was settled. */
void tdri_lanes_free_segment(tdri_lanes *lanes, tdri_segment *segment);
/* Counts the memory of a segment whose texts have changed. */
void tdri_lanes_charge(tdri_lanes *lanes, tdri_segment *segment);

#endif
