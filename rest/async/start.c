/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Making requests, and what is asked of them from outside. Sends nothing. */
#include "async/engine.h"

#include "base/clock.h"
#include "base/sizes.h"
#include "base/text.h"

#include <string.h>

/* ---- making and freeing ---- */

static void join_all(tdrest_request *r)
{
    tdrest_async *async = r->async;

    r->older = async->newest;
    if (async->newest != NULL)
        async->newest->newer = r;
    else
        async->oldest = r;
    async->newest = r;
    async->count += r->kind != TDRI_JOB_PROBE;
}

static void leave_all(tdrest_request *r)
{
    tdrest_async *async = r->async;

    if (r->older != NULL)
        r->older->newer = r->newer;
    else
        async->oldest = r->newer;
    if (r->newer != NULL)
        r->newer->older = r->older;
    else
        async->newest = r->older;
    async->count -= r->kind != TDRI_JOB_PROBE;
}

/* Room in the heap for every request there may be, so that nothing can fail later. */
tdrest_request *tdri_job_make(tdrest_async *async, enum tdri_job_kind kind, size_t extra)
{
    tdrest_request *r = NULL;
    size_t probes = async->host_count;

    if (tdri_heap_reserve(&async->heap, &async->mem, async->count + probes + 2) == TDREST_OK && extra < SIZE_MAX - sizeof *r)
        r = (tdrest_request *)tdri_mem_alloc(&async->mem, sizeof *r + extra);
    if (r == NULL)
        return NULL;
    memset(r, 0, sizeof *r);
    r->async = async;
    r->kind = kind;
    r->due.at_ms = INT64_MAX;
    r->written.size = sizeof r->written;
    r->writing.written = &r->written;
    join_all(r);
    return r;
}

void tdri_job_destroy(tdrest_request *r)
{
    tdrest_async *async = r->async;

    leave_all(r);
    tdri_job_drop_result(r);
    tdri_rows_run_free(r);
    if (r->trial != NULL) {
        r->trial->next = async->trials;
        async->trials = r->trial;
        async->trial_count++;
    }
    if (async->trial_count > async->per_host * async->host_count) { /* enough for those that run */
        tdri_trial *gone = async->trials;

        async->trials = gone->next;
        async->trial_count--;
        tdri_mem_free(&async->mem, gone);
    }
    tdri_mem_free(&async->mem, r);
}

/* ---- what all of them begin with ---- */

static int take_callbacks(tdrest_async *async, const tdrest_async_callbacks *given, void *user, tdri_order *o)
{
    o->on = TDREST_ASYNC_CALLBACKS_INIT;
    o->done = NULL;
    o->user = user;
    if (given == NULL || tdri_sizes_take(&tdri_sizes_async_callbacks, given, &o->on))
        return TDREST_OK;
    return tdri_err_set(&async->err, TDREST_EUSAGE, "callbacks.size is %zu, which matches no version of tdrest_async_callbacks; start from TDREST_ASYNC_CALLBACKS_INIT",
                        given->size);
}

static int begin(tdrest_async *async, const tdrest_call *call, int writes, tdri_order *o)
{
    int rc = tdri_async_enter(async);

    if (rc == TDREST_OK)
        rc = tdri_call_take(call, writes, &o->settings, &async->err);
    return rc == TDREST_OK ? tdri_async_start_loop(async, &async->err) : rc;
}

int tdri_order_begin(tdrest_async *async, const tdrest_call *call, int writes, const tdrest_async_callbacks *callbacks, void *user, tdri_order *o)
{
    int rc = begin(async, call, writes, o);

    return rc == TDREST_OK ? take_callbacks(async, callbacks, user, o) : rc;
}

static size_t text_bytes(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

static size_t extra_bytes(const tdrest_call *settings)
{
    return text_bytes(settings->database) + text_bytes(settings->timezone) + text_bytes(settings->table_name_key);
}

/* A copy at *at, which moves behind it. */
static const char *keep_text(char **at, const char *text)
{
    char *copy = *at;

    if (text == NULL)
        return NULL;
    memcpy(copy, text, strlen(text) + 1);
    *at += strlen(text) + 1;
    return copy;
}

tdrest_request *tdri_order_make(tdrest_async *async, enum tdri_job_kind kind, const tdri_order *o, const char *bytes, size_t copied)
{
    tdrest_request *r = tdri_job_make(async, kind, extra_bytes(&o->settings) + copied + 1);
    char *at;

    if (r == NULL) {
        (void)tdri_err_set(&async->err, TDREST_ENOMEM, NULL);
        return NULL;
    }
    at = (char *)(r + 1);
    r->settings = o->settings;
    r->settings.database = keep_text(&at, o->settings.database);
    r->settings.timezone = keep_text(&at, o->settings.timezone);
    r->settings.table_name_key = keep_text(&at, o->settings.table_name_key);
    if (r->settings.req_id == 0)
        r->settings.req_id = (int64_t)(tdri_random_next(&async->last_req_id) >> 1 | 1);
    r->on = o->on;
    r->done = o->done;
    r->user = o->user;
    r->deadline_ms = tdri_deadline_ms(tdri_call_timeout_ms(&r->settings, async->options));
    r->bytes = bytes;
    if (copied > 0) {
        memcpy(at, bytes, copied);
        at[copied] = '\0';
        r->bytes = at;
    }
    return r;
}

int tdri_order_line_up(tdrest_request *r, tdrest_request **out)
{
    tdrest_async *async = r->async;

    r->state = TDRI_IN_LINE;
    tdri_line_append(&async->fresh, r);
    async->lines_changed = 1;
    if (r->deadline_ms != 0)
        tdri_job_set_due(r, r->deadline_ms);
    if (out != NULL)
        *out = r;
    if (async->depth == 0)
        tdri_async_tell_timer(async);
    return TDREST_OK;
}

/* ---- statements ---- */

/* The count and the query that it is of have one text. */
static int order_counted(tdrest_async *async, const tdri_order *o, tdrest_request **out)
{
    const tdri_buf *query = &async->scratch;
    tdrest_request *r = NULL;
    tdri_buf text;
    size_t offset;
    int rc;

    tdri_buf_init(&text, &async->mem, query->max);
    rc = tdri_verify_wrap(tdri_buf_text(query), query->len, &text, &offset, &async->err);
    if (rc == TDREST_OK)
        r = tdri_order_make(async, TDRI_JOB_COUNT, o, tdri_buf_text(&text), text.len);
    if (r != NULL) {
        r->len = text.len;
        r->verb = TDRI_SQL_READS;
        r->query_at = offset;
        r->query_len = query->len;
    }
    tdri_buf_clear(&text);
    return rc != TDREST_OK ? rc : r == NULL ? TDREST_ENOMEM : tdri_order_line_up(r, out);
}

int tdri_order_sql(tdrest_async *async, enum tdri_job_kind kind, enum tdri_sql_verb verb, const tdri_order *o, tdrest_request **out)
{
    tdrest_request *r;

    if (kind == TDRI_JOB_QUERY && verb == TDRI_SQL_READS && tdri_verify_is_asked(&o->settings, async->options))
        return order_counted(async, o, out);
    r = tdri_order_make(async, kind, o, tdri_buf_text(&async->scratch), async->scratch.len);
    if (r == NULL)
        return TDREST_ENOMEM;
    r->len = async->scratch.len;
    r->verb = verb;
    return tdri_order_line_up(r, out);
}

static int start_sql(tdrest_async *async, enum tdri_job_kind kind, const char *sql, size_t len, const tdri_order *o, tdrest_request **out)
{
    enum tdri_sql_verb verb = TDRI_SQL_OTHER_VERB;
    int rc;

    if (sql == NULL)
        return tdri_err_set(&async->err, TDREST_EUSAGE, "sql is NULL");
    tdri_buf_reset(&async->scratch);
    rc = tdri_sql_prepare(sql, tdri_text_len(sql, len), async->scratch.max, &async->scratch, &verb, &async->err);
    return rc == TDREST_OK ? tdri_order_sql(async, kind, verb, o, out) : rc;
}

int tdrest_async_query(tdrest_async *async, const char *sql, size_t len, const tdrest_call *call, const tdrest_async_callbacks *callbacks, void *user,
                       tdrest_request **out)
{
    tdri_order o;
    int rc = tdri_order_begin(async, call, 0, callbacks, user, &o);

    if (out != NULL)
        *out = NULL;
    return rc == TDREST_OK ? start_sql(async, TDRI_JOB_QUERY, sql, len, &o, out) : rc;
}

int tdrest_async_exec(tdrest_async *async, const char *sql, size_t len, const tdrest_call *call, const tdrest_async_callbacks *callbacks, void *user,
                      tdrest_request **out)
{
    tdri_order o;
    int rc = tdri_order_begin(async, call, 0, callbacks, user, &o);

    if (out != NULL)
        *out = NULL;
    return rc == TDREST_OK ? start_sql(async, TDRI_JOB_EXEC, sql, len, &o, out) : rc;
}

int tdri_async_exec(tdrest_async *async, const char *sql, size_t len, const tdrest_call *call, tdri_async_done *done, void *user, tdrest_request **out)
{
    tdri_order o = {.on = TDREST_ASYNC_CALLBACKS_INIT, .done = done, .user = user};
    tdrest_request *r;
    int rc = begin(async, call, 0, &o);

    *out = NULL;
    if (rc != TDREST_OK)
        return rc;
    r = tdri_order_make(async, TDRI_JOB_EXEC, &o, sql, 0);
    if (r == NULL)
        return TDREST_ENOMEM;
    r->len = len;
    r->verb = TDRI_SQL_INSERT;
    return tdri_order_line_up(r, out);
}

/* ---- schemaless data ---- */

static int start_write(tdrest_async *async, tdri_writing *w, int precision, const tdri_order *o, int is_borrowed, tdrest_request **out)
{
    tdrest_request *r;
    int rc = tdri_writing_begin(w, precision, &o->settings, &async->err);

    if (rc != TDREST_OK)
        return rc;
    r = tdri_order_make(async, TDRI_JOB_WRITE, o, w->data, is_borrowed ? 0 : w->len);
    if (r == NULL)
        return TDREST_ENOMEM;
    r->writing = *w;
    r->writing.data = r->bytes;
    r->writing.written = &r->written;
    r->writing.spec.database = r->settings.database;
    r->writing.spec.table_name_key = r->settings.table_name_key;
    (void)tdri_writing_next(&r->writing); /* it has a point, as was checked */
    return tdri_order_line_up(r, out);
}

int tdrest_async_write(tdrest_async *async, int protocol, int precision, const char *data, size_t len, const tdrest_call *call,
                       const tdrest_async_callbacks *callbacks, void *user, tdrest_request **out)
{
    tdri_writing w = {.protocol = protocol, .data = data, .len = len};
    tdri_order o;
    int rc = tdri_order_begin(async, call, 1, callbacks, user, &o);

    if (out != NULL)
        *out = NULL;
    if (rc != TDREST_OK)
        return rc;
    w.max = (size_t)tdri_opts_int(async->options, TDRI_OPT_BATCH_BYTES);
    return start_write(async, &w, precision, &o, 0, out);
}

int tdri_async_write(tdrest_async *async, int protocol, int precision, const char *data, size_t len, const tdrest_call *call, tdri_async_done *done,
                     void *user, tdrest_request **out)
{
    tdri_writing w = {.protocol = protocol, .data = data, .len = len, .max = SIZE_MAX};
    tdri_order o = {.on = TDREST_ASYNC_CALLBACKS_INIT, .done = done, .user = user};
    int rc = begin(async, call, 1, &o);

    *out = NULL;
    return rc == TDREST_OK ? start_write(async, &w, precision, &o, 1, out) : rc;
}

/* ---- requests ---- */

void tdri_job_make_due(tdrest_request *r)
{
    tdri_line_leave(r);
    tdri_job_set_due(r, tdri_now_ms());
    if (r->async->depth == 0)
        tdri_async_tell_timer(r->async);
}

void tdrest_request_cancel(tdrest_request *r)
{
    if (r == NULL || r->is_ending || r->cancelled || !tdri_async_is_ours(r->async))
        return;
    r->cancelled = 1;
    tdri_job_make_due(r);
}

void tdrest_request_pause(tdrest_request *r)
{
    if (!r->is_ending && tdri_async_is_ours(r->async))
        r->paused = 1;
}

void tdrest_request_resume(tdrest_request *r)
{
    if (!r->paused || r->is_ending || !tdri_async_is_ours(r->async))
        return;
    r->paused = 0;
    if (r->state == TDRI_RUNNING)
        tdri_job_make_due(r);
}

const tdrest_result *tdrest_request_get_result(const tdrest_request *r)
{
    return r->is_ending ? r->res : NULL;
}

const tdrest_written *tdrest_request_get_written(const tdrest_request *r)
{
    static const tdrest_written none = {.size = sizeof none};

    return r == NULL ? &none : &r->written;
}
