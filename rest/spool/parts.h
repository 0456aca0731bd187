/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A batch out of a spool that the server refused for one of its rows: it goes in parts until that row is alone. It stays in the spool as a whole until all of
 * its rows have their fate; then those that were refused go to a file. Sends nothing.
 *
 *     make ─► (next, text ─► note) ... ─► next 0 ─► finish
 */
#ifndef TDRI_SPOOL_PARTS_H
#define TDRI_SPOOL_PARTS_H

#include "async/halving.h"
#include "spool/rows.h"
#include "spool/spool.h"

typedef struct tdri_parts {
    const tdrest_allocator *mem;
    int is_made;
    tdri_halving halving;
    tdri_spool_rows rows;
    tdri_buf part;           /* what goes next, or is in flight */
    struct tdri_parts_refusal *refusals;
    size_t count, cap;
    tdri_buf reasons;
} tdri_parts;

void tdri_parts_init(tdri_parts *parts, const tdrest_allocator *mem);
void tdri_parts_clear(tdri_parts *parts);

/* The record's text stands until finish. TDREST_OK; TDREST_ENOMEM; TDREST_EANSWER: its rows cannot be told apart. */
int tdri_parts_make(tdri_parts *parts, const tdri_spool_record *record);

/* How many rows go next; 0: all have their fate. */
size_t tdri_parts_next(const tdri_parts *parts);
/* Their text, which stands until the next call. TDREST_OK or TDREST_ENOMEM. */
int tdri_parts_text(tdri_parts *parts, tdri_spool_text *out);

/* They have that outcome. TDREST_OK; TDREST_ENOMEM: nothing has changed, they go once more. */
int tdri_parts_note(tdri_parts *parts, enum tdri_verdict verdict, const tdrest_error *err, tdri_fate *fate);

/* The batch leaves the spool. TDREST_OK, or an error, and it may be tried again. */
int tdri_parts_finish(tdri_parts *parts, tdri_spool *spool, uint64_t number, tdrest_error *err);

#endif
