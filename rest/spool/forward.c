/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* From a spool to the server, one batch after the other. */
#include "spool/forward.h"

#include "spool/parts.h"

#include <string.h>

struct tdri_forward {
    tdrest_allocator mem;
    tdri_clock clock;
    tdri_spool *spool;
    tdrest_async *async;
    tdri_forward_told told;
    tdrest_request *request;  /* NULL: none */
    tdri_spool_record record; /* in flight; its texts stand in `body`, which the request borrows */
    tdri_buf body;
    tdri_parts parts;         /* of that record */
    uint64_t first;           /* the lowest number that this run may give */
    uint64_t told_stored;
    int64_t backoff_ms, backoff_max_ms, wait_ms, not_before; /* wait_ms: after the next failure */
    int held_code, held_server_code;
    int empty;                /* there was nothing to send */
    int is_never_stored;
};

static int64_t now_ms(const tdri_forward *f)
{
    return f->clock.read_ms(f->clock.context);
}

/* ---- failures that keep the spool ---- */

static void tell_held(tdri_forward *f, const tdrest_error *err)
{
    if (f->held_code == err->code && f->held_server_code == err->server_code)
        return;
    f->held_code = err->code;
    f->held_server_code = err->server_code;
    if (f->told.held != NULL)
        f->told.held(f->told.context, err);
}

static void hold(tdri_forward *f, const tdrest_error *err)
{
    f->not_before = now_ms(f) + f->wait_ms;
    f->wait_ms = f->wait_ms > f->backoff_max_ms / 2 ? f->backoff_max_ms : f->wait_ms * 2;
    tell_held(f, err);
}

static void go_on(tdri_forward *f)
{
    f->held_code = f->held_server_code = 0;
    f->wait_ms = f->backoff_ms;
    f->not_before = 0;
}

/* ---- one request ---- */

static void release(tdri_forward *f)
{
    tdrest_allocator mem = f->mem;

    tdri_parts_clear(&f->parts);
    tdri_buf_clear(&f->body);
    tdri_mem_free(&mem, f);
}

static void tell_ended(tdri_forward *f, const tdri_spool_record *record, const tdrest_error *err)
{
    if (f->told.ended != NULL)
        f->told.ended(f->told.context, record, record->number >= f->first, err);
}

/* The batch was delivered or refused as one. */
static int settle_whole(tdri_forward *f, const tdrest_error *err, tdrest_error *own)
{
    const tdri_spool_refused all = {f->record.rows, err->server_code != 0 ? err->server_code : err->http_status, {err->message, strlen(err->message)}, f->record.body};
    int rc = err->code == TDREST_OK ? tdri_spool_delivered(f->spool, f->record.number, own) : tdri_spool_reject(f->spool, f->record.number, &all, 1, own);

    if (rc != TDREST_OK)
        return rc;
    go_on(f);
    tell_ended(f, &f->record, err->code == TDREST_OK ? NULL : err);
    return rc;
}

/* What an outcome settled is told last, as a batch of its own: its text is copied, as more may be sent by then. */
static int settle_part(tdri_forward *f, enum tdri_verdict verdict, const tdrest_error *err, tdrest_error *own)
{
    tdri_spool_record part = f->record;
    tdri_fate fate;
    tdri_buf text;

    if (tdri_parts_note(&f->parts, verdict, err, &fate) != TDREST_OK)
        return tdri_err_set(own, TDREST_ENOMEM, NULL);
    tdri_buf_init(&text, &f->mem, SIZE_MAX);
    if (fate.count > 0)
        tdri_spool_rows_add(&f->parts.rows, fate.first, fate.first + fate.count, &text);
    part.rows = (int64_t)fate.count;
    part.body = tdri_buf_code(&text) == TDREST_OK ? (tdri_spool_text){tdri_buf_text(&text), text.len} : (tdri_spool_text){"", 0};
    go_on(f);
    if (!tdri_parts_next(&f->parts) && tdri_parts_finish(&f->parts, f->spool, f->record.number, own) != TDREST_OK)
        hold(f, own);
    if (fate.count > 0)
        tell_ended(f, &part, fate.state == TDREST_ROWS_WRITTEN ? NULL : err);
    tdri_buf_clear(&text);
    return TDREST_OK;
}

/*
 * Only what the server says of the rows, or of the size of the request, is final: a changed password must not empty the spool. Rows in a spool have their times,
 * so sending them once more does no harm.
 */
static int settle(tdri_forward *f, const tdrest_error *err, tdrest_error *own)
{
    const size_t all = f->record.rows <= 0 ? 1 : (size_t)f->record.rows, rows = f->parts.is_made ? tdri_parts_next(&f->parts) : all;
    const enum tdri_verdict verdict = tdri_verdict_of(err, rows, 1);
    int rc = TDREST_OK;

    if (verdict == TDRI_NOT_RUN || verdict == TDRI_MAY_HAVE_RUN) {
        *own = *err;
        return err->code;
    }
    if (!f->parts.is_made && verdict != TDRI_TAKEN && all > 1)
        rc = tdri_parts_make(&f->parts, &f->record);
    if (rc == TDREST_ENOMEM)
        return tdri_err_set(own, rc, NULL);
    return f->parts.is_made ? settle_part(f, verdict, err, own) : settle_whole(f, err, own);
}

static void end(void *user, tdrest_request *request, const tdrest_error *err, int64_t affected)
{
    tdri_forward *f = (tdri_forward *)user;
    const tdri_forward_told told = f->told;
    tdrest_error own;

    (void)request;
    (void)affected;
    f->request = NULL;
    if (f->spool == NULL) { /* it was freed meanwhile */
        release(f);
        return;
    }
    if (told.enter != NULL)
        told.enter(told.context);
    tdri_err_reset(&own);
    if (settle(f, err, &own) != TDREST_OK)
        hold(f, &own);
    if (told.leave != NULL)
        told.leave(told.context);
}

/* Copies a text behind the others, with a NUL; where it begins. */
static size_t keep(tdri_buf *buf, const tdri_spool_text *text)
{
    const size_t at = buf->len;

    tdri_buf_add(buf, text->text, text->len);
    tdri_buf_add_char(buf, '\0');
    return at;
}

/* The spool may be written to meanwhile, so the record is copied. */
static int keep_record(tdri_forward *f, const tdri_spool_record *record)
{
    tdri_spool_text *const texts[] = {&f->record.body, &f->record.database, &f->record.timezone, &f->record.table_name_key};
    size_t at[sizeof texts / sizeof texts[0]];

    f->record = *record;
    tdri_buf_reset(&f->body);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        at[i] = keep(&f->body, texts[i]);
    if (tdri_buf_code(&f->body) != TDREST_OK)
        return TDREST_ENOMEM;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        texts[i]->text = f->body.data + at[i];
    return TDREST_OK;
}

static int start(tdri_forward *f, const tdri_spool_text *body, tdrest_error *err)
{
    const tdri_spool_record *r = &f->record;
    tdrest_call call = TDREST_CALL_INIT;
    int rc;

    call.database = r->database.len == 0 ? NULL : r->database.text;
    call.timezone = r->timezone.len == 0 ? NULL : r->timezone.text;
    call.table_name_key = r->table_name_key.len == 0 ? NULL : r->table_name_key.text;
    call.ttl_days = r->ttl_days;
    if (r->protocol == TDRI_SPOOL_PROTOCOL_SQL)
        rc = tdri_async_exec(f->async, body->text, body->len, &call, end, f, &f->request);
    else
        rc = tdri_async_write(f->async, r->protocol, r->precision, body->text, body->len, &call, end, f, &f->request);
    if (rc != TDREST_OK)
        *err = *tdrest_async_error(f->async);
    return rc;
}

/* Of the batch at hand; or its end once more. */
static int send_part(tdri_forward *f, tdrest_error *err)
{
    tdri_spool_text part;

    if (!tdri_parts_next(&f->parts))
        return tdri_parts_finish(&f->parts, f->spool, f->record.number, err);
    if (tdri_parts_text(&f->parts, &part) != TDREST_OK)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    return start(f, &part, err);
}

static int send_record(tdri_forward *f, tdrest_error *err)
{
    tdri_spool_record record;
    int rc = tdri_spool_next(f->spool, 0, &record, err);

    f->empty = rc == TDREST_DONE;
    if (rc != TDREST_ROW)
        return rc == TDREST_DONE ? TDREST_OK : rc;
    rc = keep_record(f, &record);
    return rc == TDREST_OK ? start(f, &f->record.body, err) : tdri_err_set(err, rc, NULL);
}

static void send_next(tdri_forward *f)
{
    tdrest_error err;

    tdri_err_reset(&err);
    if ((f->parts.is_made ? send_part : send_record)(f, &err) != TDREST_OK)
        hold(f, &err);
}

/* Whether there may be something to send. */
static int has_more(const tdri_forward *f)
{
    return f->parts.is_made || !f->empty;
}

/* ---- what a writer calls ---- */

int tdri_forward_new(tdri_forward **out, const tdri_spool_config *config, tdrest_async *async, const tdri_forward_told *told, int64_t backoff_ms,
                     int64_t backoff_max_ms, const tdrest_allocator *mem, tdrest_error *err)
{
    tdri_forward *f = (tdri_forward *)tdri_mem_zeroed(mem, 1, sizeof *f);
    int rc;

    *out = NULL;
    if (f == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    f->mem = *mem;
    f->clock = config->clock == NULL ? tdri_clock_ages : *config->clock;
    f->async = async;
    f->told = *told;
    f->is_never_stored = config->sync == TDRI_SPOOL_SYNC_NEVER;
    f->backoff_ms = backoff_ms;
    f->backoff_max_ms = backoff_max_ms;
    tdri_buf_init(&f->body, &f->mem, SIZE_MAX);
    tdri_parts_init(&f->parts, &f->mem);
    go_on(f);
    rc = tdri_spool_open(&f->spool, config, mem, err);
    if (rc != TDREST_OK) {
        tdri_mem_free(mem, f);
        return rc;
    }
    f->first = tdri_spool_first(f->spool);
    *out = f;
    return TDREST_OK;
}

int tdri_forward_add(tdri_forward *f, const tdri_spool_record *record, uint64_t *number, tdrest_error *err)
{
    const int rc = tdri_spool_append(f->spool, record, number, err);

    if (rc == TDREST_OK)
        f->empty = 0;
    return rc;
}

static void sync_due(tdri_forward *f)
{
    tdrest_error err;
    uint64_t stored;

    if (tdri_spool_wait(f->spool) == 0) {
        tdri_err_reset(&err);
        if (tdri_spool_sync(f->spool, &err) != TDREST_OK)
            tell_held(f, &err); /* which keeps nothing from being sent */
        f->empty = 0;
    }
    stored = tdri_spool_stored(f->spool);
    if (stored <= f->told_stored)
        return;
    f->told_stored = stored;
    f->empty = 0;
    if (f->told.stored != NULL)
        f->told.stored(f->told.context, stored);
}

void tdri_forward_work(tdri_forward *f)
{
    sync_due(f);
    if (f->request == NULL && has_more(f) && now_ms(f) >= f->not_before)
        send_next(f);
}

int64_t tdri_forward_wait_ms(const tdri_forward *f)
{
    int64_t wait = tdri_spool_wait(f->spool), next = -1;

    if (f->request == NULL && has_more(f))
        next = f->not_before > now_ms(f) ? f->not_before - now_ms(f) : 0;
    return wait < 0 || (next >= 0 && next < wait) ? next : wait;
}

int tdri_forward_is_idle(const tdri_forward *f)
{
    return f->request == NULL && !has_more(f) && tdri_spool_wait(f->spool) < 0;
}

void tdri_forward_count(const tdri_forward *f, tdri_spool_counts *out)
{
    tdri_spool_count(f->spool, out);
}

int tdri_forward_in_flight(const tdri_forward *f)
{
    return f->request != NULL;
}

int tdri_forward_is_never_stored(const tdri_forward *f)
{
    return f->is_never_stored;
}

int tdri_forward_free(tdri_forward *f, tdrest_error *err)
{
    int rc;

    if (f == NULL)
        return TDREST_OK;
    rc = tdri_spool_close(f->spool, err);
    f->spool = NULL;
    if (f->request != NULL)
        tdrest_request_cancel(f->request);
    else
        release(f);
    return rc;
}
