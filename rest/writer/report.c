/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows written, refused or unknown, as they are told. */
#include "writer/report.h"

#include <string.h>

/* The counts hold after each range, so that a callback sees them as it should. */
static void count(tdrest_writer *w, const tdri_batch_range *range, int state)
{
    int64_t early = w->flush_target - range->first;

    w->counts.written += state == TDREST_ROWS_WRITTEN ? range->count : 0;
    w->counts.refused += state == TDREST_ROWS_REFUSED ? range->count : 0;
    w->counts.unknown += state == TDREST_ROWS_UNKNOWN ? range->count : 0;
    w->counts.stored += state == TDREST_ROWS_STORED ? range->count : 0;
    w->counts.pending -= range->count;
    w->flush_left -= early <= 0 ? 0 : early < range->count ? early : range->count;
}

static void tell(tdrest_writer *w, const tdri_batch_range *range, const tdri_fate *fate, const tdrest_error *err)
{
    tdrest_delivery delivery;

    if (w->settings.delivered == NULL)
        return;
    memset(&delivery, 0, sizeof delivery);
    delivery.size = sizeof delivery;
    delivery.first = range->first;
    delivery.count = range->count;
    delivery.state = fate->state;
    delivery.blames_rows = fate->blames_rows;
    delivery.error = err;
    delivery.clause = range->clause;
    delivery.clause_len = range->clause_len;
    delivery.text = range->text;
    delivery.len = range->len;
    w->in_callback++;
    w->settings.delivered(w->settings.context, &delivery);
    w->in_callback--;
}

static void note_failure(tdrest_writer *w, const tdri_batch_range *range, const tdrest_error *err)
{
    if (w->failure.code != 0)
        return;
    w->failure = *err;
    w->failure.row = range->first;
}

static void leave_lane(tdrest_writer *w, const tdri_batch_range *range)
{
    tdri_segment *s = range->segment;

    s->left -= (size_t)range->count;
    if (s->left == 0)
        tdri_lanes_settle(&w->lanes, s);
}

void tdri_report_stowed(tdrest_writer *w, const tdri_batch_range *range)
{
    count(w, range, TDREST_ROWS_STORED);
    leave_lane(w, range);
}

static void report_range(tdrest_writer *w, const tdri_batch_range *range, const tdri_fate *fate, tdrest_error *record)
{
    if (record != NULL)
        record->row = range->first;
    count(w, range, fate->state);
    if (record != NULL)
        note_failure(w, range, record);
    tell(w, range, fate, record);
    leave_lane(w, range);
}

void tdri_report_fate(tdrest_writer *w, tdri_batch *batch, const tdri_fate *fate, const tdrest_error *err)
{
    tdri_batch_range range;
    tdrest_error record;

    if (fate->count == 0)
        return;
    if (err != NULL)
        record = *err;
    tdri_batch_begin(batch, fate->first, fate->first + fate->count, &range);
    do {
        if (err != NULL && err->http_status == 413 && fate->count == 1)
            tdri_err_add(&record, " (the row has %zu bytes)", range.len);
        report_range(w, &range, fate, err == NULL ? NULL : &record);
    } while (tdri_batch_next(batch, &range));
}

int tdri_report_result(tdrest_writer *w)
{
    const tdrest_error *first = &w->failure;

    if (w->counts.refused + w->counts.unknown == w->forgiven || first->code == 0)
        return TDREST_OK;
    w->err = *first;
    w->err.message[0] = '\0';
    tdri_err_add(&w->err, "%lld of %lld rows were refused, %lld may have been written; the first is row %lld: %s", (long long)w->counts.refused,
                 (long long)w->counts.added, (long long)w->counts.unknown, (long long)first->row, first->message);
    return w->err.code;
}
