/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A batch in parts. The rules are those of halving; what one batch's rows were refused for says nothing of the next batch: rejected rows are lost to the database. */
#include "spool/parts.h"

#include <string.h>

enum { REFUSALS_FIRST = 8 };

/* Rows that the server refuses. */
typedef struct tdri_parts_refusal {
    size_t first, count;
    int64_t code;
    size_t reason, reason_len; /* in `reasons` */
} refusal;

void tdri_parts_init(tdri_parts *parts, const tdrest_allocator *mem)
{
    memset(parts, 0, sizeof *parts);
    parts->mem = mem;
    tdri_buf_init(&parts->part, mem, SIZE_MAX);
    tdri_buf_init(&parts->reasons, mem, SIZE_MAX);
}

void tdri_parts_clear(tdri_parts *parts)
{
    tdri_spool_rows_clear(&parts->rows, parts->mem);
    tdri_buf_clear(&parts->part);
    tdri_buf_clear(&parts->reasons);
    tdri_mem_free(parts->mem, parts->refusals);
    parts->refusals = NULL;
    parts->count = parts->cap = 0;
    parts->is_made = 0;
}

int tdri_parts_make(tdri_parts *parts, const tdri_spool_record *record)
{
    int rc = tdri_spool_rows_read(&parts->rows, record, parts->mem);

    if (rc != TDREST_OK) {
        tdri_spool_rows_clear(&parts->rows, parts->mem);
        return rc;
    }
    tdri_halving_begin(&parts->halving, parts->rows.count, (tdri_streak){0, 0, 0});
    parts->is_made = 1;
    return rc;
}

size_t tdri_parts_next(const tdri_parts *parts)
{
    size_t from, to;

    return tdri_halving_next(&parts->halving, &from, &to) ? to - from : 0;
}

int tdri_parts_text(tdri_parts *parts, tdri_spool_text *out)
{
    size_t from, to;

    (void)tdri_halving_next(&parts->halving, &from, &to);
    tdri_buf_reset(&parts->part);
    tdri_spool_rows_add(&parts->rows, from, to, &parts->part);
    *out = (tdri_spool_text){tdri_buf_text(&parts->part), parts->part.len};
    return tdri_buf_code(&parts->part);
}

/* Room for what an outcome settles, so that nothing can fail behind it. */
static int reserve(tdri_parts *parts, const tdrest_error *err)
{
    size_t cap = parts->cap == 0 ? REFUSALS_FIRST : 2 * parts->cap;
    refusal *more;

    if (!tdri_buf_reserve(&parts->reasons, strlen(err->message) + 1)) {
        parts->reasons.failed = 0;
        return 0;
    }
    if (parts->count < parts->cap)
        return 1;
    more = (refusal *)tdri_mem_resize(parts->mem, parts->refusals, cap * sizeof *more);
    if (more == NULL)
        return 0;
    parts->refusals = more;
    parts->cap = cap;
    return 1;
}

static void refuse(tdri_parts *parts, const tdri_fate *fate, const tdrest_error *err)
{
    if (fate->count == 0 || fate->state == TDREST_ROWS_WRITTEN)
        return;
    parts->refusals[parts->count++] =
        (refusal){fate->first, fate->count, err->server_code != 0 ? err->server_code : err->http_status, parts->reasons.len, strlen(err->message)};
    tdri_buf_add(&parts->reasons, err->message, strlen(err->message));
}

int tdri_parts_note(tdri_parts *parts, enum tdri_verdict verdict, const tdrest_error *err, tdri_fate *fate)
{
    size_t from, to;

    if (!reserve(parts, err))
        return TDREST_ENOMEM;
    (void)tdri_halving_next(&parts->halving, &from, &to);
    *fate = tdri_halving_note(&parts->halving, verdict, err->ran, err->server_code, tdri_spool_rows_tables(&parts->rows, from, to));
    refuse(parts, fate, err);
    return TDREST_OK;
}

/* Those rows as batches of their own; their texts stand in bodies. */
static int list_refused(const tdri_parts *parts, tdri_spool_refused *out, tdri_buf *bodies)
{
    for (size_t i = 0; i < parts->count; i++) {
        const refusal *r = &parts->refusals[i];
        const size_t at = bodies->len;

        tdri_spool_rows_add(&parts->rows, r->first, r->first + r->count, bodies);
        out[i] = (tdri_spool_refused){(int64_t)r->count, r->code, {tdri_buf_text(&parts->reasons) + r->reason, r->reason_len}, {NULL, bodies->len - at}};
    }
    for (size_t i = 0, at = 0; tdri_buf_code(bodies) == TDREST_OK && i < parts->count; at += out[i++].body.len)
        out[i].body.text = bodies->data + at;
    return tdri_buf_code(bodies);
}

static int reject(tdri_parts *parts, tdri_spool *spool, uint64_t number, tdrest_error *err)
{
    tdri_spool_refused *refused = (tdri_spool_refused *)tdri_mem_zeroed(parts->mem, parts->count, sizeof *refused);
    tdri_buf bodies;
    int rc;

    tdri_buf_init(&bodies, parts->mem, SIZE_MAX);
    if (refused == NULL || list_refused(parts, refused, &bodies) != TDREST_OK)
        rc = tdri_err_set(err, TDREST_ENOMEM, NULL);
    else
        rc = tdri_spool_reject(spool, number, refused, parts->count, err);
    tdri_buf_clear(&bodies);
    tdri_mem_free(parts->mem, refused);
    return rc;
}

int tdri_parts_finish(tdri_parts *parts, tdri_spool *spool, uint64_t number, tdrest_error *err)
{
    int rc = parts->count == 0 ? tdri_spool_delivered(spool, number, err) : reject(parts, spool, number, err);

    if (rc != TDREST_OK)
        return rc;
    tdri_parts_clear(parts);
    return rc;
}
