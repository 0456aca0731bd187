/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Making, driving and ending a writer. */
#include "base/sizes.h"
#include "net/loop.h"
#include "request/precision.h"
#include "writer/report.h"
#include "writer/stow.h"
#include "writer/send.h"

#include <limits.h>
#include <poll.h>
#include <string.h>

enum { IN_FLIGHT_MAX = 64, BYTES_MIN = 65536, BYTES_MAX = 1 << 30 };

/* ---- calls ---- */

int tdri_writer_enter(tdrest_writer *w, int anywhere)
{
    if (!pthread_equal(w->thread, pthread_self()))
        return TDREST_EUSAGE;
    if (w->depth == 0 && w->err.code != 0)
        tdri_err_reset(&w->err);
    if (w->in_callback > 0 && !anywhere)
        return tdri_err_set(&w->err, TDREST_EUSAGE, "this cannot be called in a callback of the writer");
    w->depth++;
    return TDREST_OK;
}

void tdri_writer_leave_event(tdrest_writer *w)
{
    if (--w->depth == 0 && w->is_doomed)
        tdri_writer_destroy(w);
}

int tdri_writer_leave(tdrest_writer *w, int rc)
{
    if (w->depth == 1 && rc >= 0 && w->err.code != 0)
        tdri_err_reset(&w->err);
    tdri_writer_leave_event(w);
    return rc;
}

/* ---- making ---- */

static int check_range(int64_t value, int64_t least, int64_t most, const char *name, tdrest_error *err)
{
    if (value >= least && value <= most)
        return TDREST_OK;
    return tdri_err_set(err, TDREST_EUSAGE, "settings.%s: expected %lld to %lld", name, (long long)least, (long long)most);
}

static int check_lines(const tdrest_writer_options *s, tdrest_error *err)
{
    if (s->protocol == TDREST_PROTOCOL_LINE && tdri_precision_word(s->precision) == NULL)
        return tdri_err_set(err, TDREST_EUSAGE, "settings.precision: expected TDREST_HOUR, _MINUTE, _SECOND, _MS, _US or _NS for InfluxDB lines");
    if (s->protocol != TDREST_PROTOCOL_LINE && s->protocol != TDREST_PROTOCOL_TELNET && s->protocol != TDREST_PROTOCOL_JSON)
        return tdri_err_set(err, TDREST_EUSAGE, "settings.protocol: expected TDREST_PROTOCOL_LINE, _TELNET or _JSON, unless sql is given");
    if (s->protocol != TDREST_PROTOCOL_LINE && s->precision != 0)
        return tdri_err_set(err, TDREST_EUSAGE, "settings.precision: expected 0 for OpenTSDB, where the number of digits tells the unit of a time");
    return TDREST_OK;
}

static int take_settings(tdrest_writer *w, const tdrest_options *options, const tdrest_writer_options *given, int is_lines, tdrest_error *err)
{
    tdrest_writer_options *s = &w->settings;
    int rc;

    *s = TDREST_WRITER_OPTIONS_INIT;
    if (given != NULL && !tdri_sizes_take(&tdri_sizes_writer_options, given, s))
        return tdri_err_set(err, TDREST_EUSAGE, "settings.size is %zu, which matches no version of tdrest_writer_options; start from TDREST_WRITER_OPTIONS_INIT", given->size);
    if (s->max_in_flight == 0)
        s->max_in_flight = (int)tdri_opts_int(options, TDRI_OPT_MAX_IN_FLIGHT);
    if (s->writer_bytes == 0)
        s->writer_bytes = tdri_opts_int(options, TDRI_OPT_WRITER_BYTES);
    rc = check_range(s->max_in_flight, 1, IN_FLIGHT_MAX, "max_in_flight", err);
    if (rc == TDREST_OK)
        rc = check_range(s->writer_bytes, BYTES_MIN, BYTES_MAX, "writer_bytes", err);
    if (rc == TDREST_OK)
        rc = check_range(s->flush_rows, 0, INT64_MAX, "flush_rows", err);
    if (rc == TDREST_OK)
        rc = check_range(s->flush_ms, 0, INT64_MAX, "flush_ms", err);
    if (rc == TDREST_OK)
        rc = check_range(s->when_full, TDREST_WRITER_WAIT, TDREST_WRITER_FULL, "when_full", err);
    if (rc == TDREST_OK && is_lines)
        rc = check_lines(s, err);
    if (rc == TDREST_OK)
        rc = tdri_call_take(s->call, is_lines, &w->call, err);
    if (rc == TDREST_OK && w->call.req_id != 0)
        rc = tdri_err_set(err, TDREST_EUSAGE, "settings.call.req_id: expected 0: each request has its own");
    return rc;
}

static int keep_text(tdrest_writer *w, int at, const char **text)
{
    if (*text == NULL)
        return 1;
    *text = w->call_texts[at] = tdri_mem_text(&w->mem, *text, strlen(*text));
    return *text != NULL;
}

static int keep_call(tdrest_writer *w, tdrest_error *err)
{
    int good = keep_text(w, 0, &w->call.database) && keep_text(w, 1, &w->call.timezone) && keep_text(w, 2, &w->call.table_name_key);

    w->settings.call = &w->call;
    return good ? TDREST_OK : tdri_err_set(err, TDREST_ENOMEM, NULL);
}

static int make_stmt(tdrest_writer *w, const char *sql, size_t len, tdrest_error *err)
{
    int rc = tdrest_stmt_new(w->conn, sql, len, &w->stmt);

    if (rc != TDREST_OK) {
        *err = w->conn->err;
        return rc;
    }
    if (!w->stmt->tpl.is_rows)
        return tdri_err_set(err, TDREST_EUSAGE, "a writer takes an INSERT with one row of VALUES");
    w->stmt->lent = TDRI_STMT_OF_WRITER;
    return TDREST_OK;
}

/* Points go as an array. */
static int expect_points(tdrest_writer *w, tdrest_error *err)
{
    tdri_buf_add_char(&w->head, '[');
    w->lanes.start_len = 1;
    w->lanes.closing = ']';
    return tdri_buf_code(&w->head) == TDREST_OK ? TDREST_OK : tdri_err_set(err, TDREST_ENOMEM, NULL);
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static int set_up(tdrest_writer *w, tdrest_options *options, const char *sql, size_t len)
{
    size_t share = (size_t)w->settings.writer_bytes / ((size_t)w->settings.max_in_flight + 1), bytes;
    int rc = keep_call(w, &options->err);

    if (rc == TDREST_OK && sql != NULL)
        rc = tdrest_conn_new(options, &w->conn);
    if (rc == TDREST_OK && sql != NULL)
        rc = make_stmt(w, sql, len, &options->err);
    w->async = w->settings.async;
    w->owns_async = rc == TDREST_OK && w->async == NULL;
    if (w->owns_async)
        rc = tdrest_async_new(options, &w->async);
    if (rc == TDREST_OK && w->owns_async)
        tdri_async_set_per_host(w->async, (size_t)w->settings.max_in_flight);
    bytes = smaller((size_t)tdri_opts_int(options, TDRI_OPT_BATCH_BYTES), (size_t)tdri_opts_int(options, TDRI_OPT_MAX_SQL_BYTES));
    tdri_lanes_init(&w->lanes, &w->mem, w->stmt == NULL ? 0 : w->stmt->tpl.clause_at, smaller(bytes, share), share);
    if (rc == TDREST_OK && sql == NULL && w->settings.protocol == TDREST_PROTOCOL_JSON)
        rc = expect_points(w, &options->err);
    return rc == TDREST_OK ? tdri_stow_open(w, options, &options->err) : rc;
}

int tdrest_writer_new(tdrest_options *options, const tdrest_writer_options *settings, const char *sql, size_t len, tdrest_writer **out)
{
    tdrest_writer *w = (tdrest_writer *)tdri_mem_zeroed(&options->mem, 1, sizeof *w);
    int rc;

    *out = NULL;
    tdri_err_reset(&options->err);
    if (w == NULL)
        return tdri_err_set(&options->err, TDREST_ENOMEM, NULL);
    w->mem = options->mem;
    w->thread = pthread_self();
    w->counts.size = sizeof w->counts;
    tdri_err_reset(&w->err);
    tdri_err_reset(&w->failure);
    tdri_buf_init(&w->head, &w->mem, SIZE_MAX);
    tdri_buf_init(&w->line, &w->mem, SIZE_MAX);
    tdri_lanes_init(&w->lanes, &w->mem, 0, 0, 0);
    rc = take_settings(w, options, settings, sql == NULL, &options->err);
    if (rc == TDREST_OK)
        rc = set_up(w, options, sql, len);
    if (rc == TDREST_OK)
        *out = w;
    else
        tdri_writer_destroy(w);
    return rc;
}

void tdri_writer_destroy(tdrest_writer *w)
{
    tdrest_allocator mem = w->mem;

    w->is_closed = 1;
    w->depth++; /* callbacks that free it once more */
    if (w->async != NULL)
        tdri_send_give_up(w, TDREST_ECANCELLED, "the writer was freed before these rows were sent", w->owns_async);
    tdri_err_reset(&w->err);
    (void)tdri_stow_close(w, &w->err);
    if (w->owns_async)
        tdrest_async_free(w->async);
    tdri_lanes_clear(&w->lanes);
    tdrest_stmt_free(w->stmt);
    tdrest_conn_free(w->conn);
    tdri_buf_clear(&w->head);
    tdri_buf_clear(&w->line);
    for (size_t i = 0; i < sizeof w->call_texts / sizeof w->call_texts[0]; i++)
        tdri_mem_free(&mem, w->call_texts[i]);
    tdri_mem_free(&mem, w);
}

void tdrest_writer_free(tdrest_writer *w)
{
    if (w == NULL || !pthread_equal(w->thread, pthread_self()))
        return;
    if (w->depth > 0)
        w->is_doomed = 1;
    else
        tdri_writer_destroy(w);
}

/* ---- driving ---- */

static int64_t shorter(int64_t a, int64_t b)
{
    return a < 0 ? b : b < 0 || a < b ? a : b;
}

/* Nothing is in flight: only time can make rows due. */
static int wait_for_time(tdrest_writer *w, int64_t ms)
{
    if (ms <= 0)
        return TDREST_OK;
    (void)poll(NULL, 0, ms < INT_MAX ? (int)ms : INT_MAX);
    return tdri_send_step(w, 0);
}

static int run(tdrest_writer *w, int64_t ms)
{
    int64_t events = w->counts.pending, wait;
    int rc = tdri_send_step(w, 0);

    if (rc != TDREST_OK || ms == 0 || w->counts.pending != events || tdri_async_has_hooks(w->async))
        return rc;
    wait = shorter(ms, tdri_send_wait_ms(w, tdri_now_ms()));
    return w->counts.in_flight > 0 || w->stow != NULL ? tdri_send_step(w, wait) : wait_for_time(w, wait);
}

int tdrest_writer_run(tdrest_writer *w, int64_t ms)
{
    int rc = tdri_writer_enter(w, 0);

    if (rc != TDREST_OK)
        return rc;
    rc = run(w, ms);
    return tdri_writer_leave(w, rc != TDREST_OK ? rc : w->counts.pending == 0 && tdri_stow_is_idle(w) ? TDREST_DONE : TDREST_OK);
}

int64_t tdrest_writer_wait_ms(const tdrest_writer *w)
{
    return pthread_equal(w->thread, pthread_self()) ? tdri_send_wait_ms(w, tdri_now_ms()) : -1;
}

/* Until all rows added so far have their fate: TDREST_OK, TDREST_ETIMEOUT or another error in the record. */
static int drain(tdrest_writer *w, int64_t deadline_ms)
{
    int64_t until = deadline_ms < 0 ? -1 : deadline_ms > INT64_MAX - tdri_now_ms() ? INT64_MAX : tdri_now_ms() + deadline_ms, left = deadline_ms;
    int rc;

    w->flush_target = w->counts.added;
    w->flush_left = w->counts.pending;
    rc = tdri_send_step(w, 0);
    while (rc == TDREST_OK && (w->flush_left > 0 || !tdri_stow_is_idle(w)) && left != 0 && !tdri_async_has_hooks(w->async)) {
        rc = tdri_send_step(w, left);
        if (until >= 0)
            left = (left = until - tdri_now_ms()) > 0 ? left : 0;
    }
    if (rc != TDREST_OK || (w->flush_left == 0 && tdri_stow_is_idle(w)))
        return rc;
    tdri_err_reset(&w->err);
    if (w->flush_left == 0)
        return tdri_err_set(&w->err, TDREST_ETIMEOUT, "the time is up, and the spool is not yet empty");
    return tdri_err_set(&w->err, TDREST_ETIMEOUT, "the time is up, and %lld rows are pending", (long long)w->flush_left);
}

int tdrest_writer_flush(tdrest_writer *w, int64_t deadline_ms)
{
    int rc = tdri_writer_enter(w, 0);

    if (rc != TDREST_OK)
        return rc;
    rc = drain(w, deadline_ms);
    return tdri_writer_leave(w, rc == TDREST_OK ? tdri_report_result(w) : rc);
}

static int close_at(tdrest_writer *w, int64_t deadline_ms)
{
    int rc = drain(w, deadline_ms);

    if (rc == TDREST_ETIMEOUT && !(tdri_async_has_hooks(w->async) && deadline_ms != 0)) {
        tdri_send_give_up(w, rc, "the writer was closed before these rows were sent", 1);
        tdri_err_reset(&w->err);
        rc = TDREST_OK;
    }
    if (rc == TDREST_OK)
        rc = tdri_stow_close(w, &w->err); /* what is in the spool is safe there */
    return rc == TDREST_OK ? tdri_report_result(w) : rc;
}

int tdrest_writer_close(tdrest_writer *w, int64_t deadline_ms)
{
    int rc = tdri_writer_enter(w, 0);

    if (rc != TDREST_OK)
        return rc;
    w->is_closed = 1;
    return tdri_writer_leave(w, close_at(w, deadline_ms));
}

void tdrest_writer_reset(tdrest_writer *w)
{
    if (!pthread_equal(w->thread, pthread_self()))
        return;
    w->forgiven = w->counts.refused + w->counts.unknown;
    tdri_err_reset(&w->failure);
}

/* ---- what is asked of it ---- */

tdrest_stmt *tdrest_writer_stmt(tdrest_writer *w)
{
    return w->stmt;
}

tdrest_async *tdrest_writer_async(tdrest_writer *w)
{
    return w->async;
}

static int64_t oldest(const tdrest_writer *w)
{
    int64_t since = tdri_lanes_oldest(&w->lanes);

    for (const tdri_flight *f = w->flights; f != NULL; f = f->next)
        for (const tdri_segment *s = f->batch.segments; s != NULL; s = s->next)
            if (s->left > 0 && (since == 0 || s->since_ms < since))
                since = s->since_ms;
    return since;
}

int tdrest_writer_stats(const tdrest_writer *w, tdrest_writer_counts *counts)
{
    tdrest_writer_counts now = w->counts, room;
    int64_t since;

    if (!pthread_equal(w->thread, pthread_self()) || !tdri_sizes_take(&tdri_sizes_writer_counts, counts, &room))
        return TDREST_EUSAGE;
    since = oldest(w);
    now.bytes = (int64_t)w->lanes.used;
    now.oldest_ms = since == 0 ? 0 : tdri_now_ms() - since;
    tdri_sizes_give(&now, counts);
    return TDREST_OK;
}

const tdrest_error *tdrest_writer_error(const tdrest_writer *w)
{
    return w == NULL ? tdri_err_none() : &w->err;
}
