/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* From a spool to the server, one batch after the other. Knows neither rows nor tables. */
#include "spool/forward.h"

#include "error/servercode.h"

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

/* Only what the server says of the rows, or of the size of the request, is final: a changed password must not empty the spool. */
static int blames_batch(const tdrest_error *err)
{
    return err->http_status == 413 || tdri_servercode_blames_row(err);
}

/* ---- one request ---- */

static void release(tdri_forward *f)
{
    tdrest_allocator mem = f->mem;

    tdri_buf_clear(&f->body);
    tdri_mem_free(&mem, f);
}

static void end(void *user, tdrest_request *request, const tdrest_error *err, int64_t affected)
{
    tdri_forward *f = (tdri_forward *)user;
    const uint64_t number = f->record.number;
    tdrest_error own;
    int rc;

    (void)request;
    (void)affected;
    f->request = NULL;
    if (f->spool == NULL) { /* it was freed meanwhile */
        release(f);
        return;
    }
    if (err->code != TDREST_OK && !blames_batch(err)) {
        hold(f, err);
        return;
    }
    tdri_err_reset(&own);
    rc = err->code == TDREST_OK ? tdri_spool_delivered(f->spool, number, &own)
        : tdri_spool_reject(f->spool, number, err->server_code != 0 ? err->server_code : err->http_status, err->message, &own);
    if (rc != TDREST_OK) {
        hold(f, &own);
        return;
    }
    go_on(f);
    if (f->told.ended != NULL)
        f->told.ended(f->told.context, &f->record, number >= f->first, err->code == TDREST_OK ? NULL : err);
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

static int start(tdri_forward *f, tdrest_error *err)
{
    const tdri_spool_record *r = &f->record;
    tdrest_call call = TDREST_CALL_INIT;
    int rc;

    call.database = r->database.len == 0 ? NULL : r->database.text;
    call.timezone = r->timezone.len == 0 ? NULL : r->timezone.text;
    call.table_name_key = r->table_name_key.len == 0 ? NULL : r->table_name_key.text;
    call.ttl_days = r->ttl_days;
    if (r->protocol == TDRI_SPOOL_PROTOCOL_SQL)
        rc = tdri_async_exec(f->async, r->body.text, r->body.len, &call, end, f, &f->request);
    else
        rc = tdri_async_write(f->async, r->protocol, r->precision, r->body.text, r->body.len, &call, end, f, &f->request);
    if (rc != TDREST_OK)
        *err = *tdrest_async_error(f->async);
    return rc;
}

static void send_next(tdri_forward *f)
{
    tdri_spool_record record;
    tdrest_error err;
    int rc;

    tdri_err_reset(&err);
    rc = tdri_spool_next(f->spool, 0, &record, &err);
    f->empty = rc == TDREST_DONE;
    if (rc == TDREST_DONE)
        return;
    if (rc == TDREST_ROW && keep_record(f, &record) != TDREST_OK)
        rc = tdri_err_set(&err, TDREST_ENOMEM, NULL);
    if (rc == TDREST_ROW)
        rc = start(f, &err);
    if (rc != TDREST_OK)
        hold(f, &err);
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
    if (f->request == NULL && !f->empty && now_ms(f) >= f->not_before)
        send_next(f);
}

int64_t tdri_forward_wait_ms(const tdri_forward *f)
{
    int64_t wait = tdri_spool_wait(f->spool), next = -1;

    if (f->request == NULL && !f->empty)
        next = f->not_before > now_ms(f) ? f->not_before - now_ms(f) : 0;
    return wait < 0 || (next >= 0 && next < wait) ? next : wait;
}

int tdri_forward_is_idle(const tdri_forward *f)
{
    return f->request == NULL && f->empty && tdri_spool_wait(f->spool) < 0;
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
