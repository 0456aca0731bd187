/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Requests of a writer: which are due, what their ends mean. The rules are those of lanes and halving. */
#include "writer/send.h"

#include "lines/split.h"
#include "net/loop.h"
#include "sql/lexer.h"
#include "writer/report.h"
#include "writer/stow.h"

#include <limits.h>
#include <poll.h>
#include <string.h>

/* ---- flights ---- */

static void leave_flights(tdri_flight *f)
{
    tdri_flight **at = &f->writer->flights;

    while (*at != f)
        at = &(*at)->next;
    *at = f->next;
    f->writer->flight_count--;
}

static void free_flight(tdri_flight *f)
{
    tdrest_allocator mem = f->mem;

    tdri_mem_free(&mem, f);
}

/* All of its rows have their fate. */
static void end_flight(tdri_flight *f)
{
    f->writer->streak = tdri_halving_streak(&f->halving, tdri_batch_tables(&f->batch, f->batch.rows - 1, f->batch.rows).begin);
    f->writer->streak_table = f->batch.last_table;
    leave_flights(f);
    tdri_batch_clear(&f->batch);
    free_flight(f);
}

static void append_flight(tdrest_writer *w, tdri_flight *f)
{
    tdri_flight **at = &w->flights;

    while (*at != NULL)
        at = &(*at)->next;
    *at = f;
    w->flight_count++;
}

/* ---- outcomes ---- */

static int is_harmless(const tdrest_writer *w, const char *body, size_t len)
{
    return w->stmt != NULL ? tdri_sql_may_repeat(body, len) : tdri_split_is_timed(w->settings.protocol, body, len);
}

/* The rows that went, or could not go, have that record; code 0: they are written. The flight may be gone afterwards. */
static void take_outcome(tdri_flight *f, const tdrest_error *err)
{
    tdrest_writer *w = f->writer;
    size_t from, to, len = 0;
    const char *body = NULL;
    enum tdri_verdict verdict;
    tdri_fate fate;

    (void)tdri_halving_next(&f->halving, &from, &to);
    if (err->code != TDREST_OK && tdri_batch_body(&f->batch, from, to, &body, &len) != TDREST_OK)
        body = NULL;
    verdict = tdri_verdict_of(err, to - from, body != NULL && is_harmless(w, body, len));
    fate = tdri_halving_note(&f->halving, verdict, err->ran, err->server_code, tdri_batch_tables(&f->batch, from, to));
    w->counts.halvings += fate.count == 0;
    tdri_report_fate(w, &f->batch, &fate, err->code == TDREST_OK ? NULL : err);
    if (!tdri_halving_next(&f->halving, &from, &to))
        end_flight(f);
}

static void done(void *user, tdrest_request *request, const tdrest_error *err, int64_t affected)
{
    tdri_flight *f = (tdri_flight *)user;
    tdrest_writer *w = f->writer;

    (void)request;
    (void)affected;
    if (w == NULL) {
        tdri_buf_clear(&f->orphan);
        free_flight(f);
        return;
    }
    w->depth++;
    f->request = NULL;
    w->counts.in_flight--;
    w->counts.retries += err->attempts > 1 ? err->attempts - 1 : 0;
    take_outcome(f, err);
    tdri_send_more(w);
    tdri_writer_leave_event(w);
}

/* ---- age ---- */

static size_t free_slots(const tdrest_writer *w)
{
    if (tdri_stow_refuses(w) != TDREST_OK)
        return 0;
    return (size_t)w->settings.max_in_flight - w->flight_count;
}

static int64_t age_wait_ms(const tdrest_writer *w, int64_t now_ms)
{
    int64_t since = tdri_lanes_since((tdri_lanes *)&w->lanes), due;

    if (since == 0 || w->settings.flush_ms == 0 || free_slots(w) == 0)
        return -1;
    due = since > INT64_MAX - w->settings.flush_ms ? INT64_MAX : since + w->settings.flush_ms;
    return due > now_ms ? due - now_ms : 0;
}

/* Whether the oldest row has waited for flush_ms, and may go. */
static int is_old(const tdrest_writer *w)
{
    return age_wait_ms(w, tdri_now_ms()) == 0;
}

/* ---- starting ---- */

static int start(tdri_flight *f, const char *body, size_t len)
{
    tdrest_writer *w = f->writer;

    if (w->stmt != NULL)
        return tdri_async_exec(w->async, body, len, &w->call, done, f, &f->request);
    return tdri_async_write(w->async, w->settings.protocol, w->settings.precision, body, len, &w->call, done, f, &f->request);
}

/* The rows that go next. What cannot even be started, but for want of memory, has its outcome; the flight may be gone then. */
static int launch(tdri_flight *f)
{
    tdrest_writer *w = f->writer;
    const char *body;
    size_t from, to, len;
    tdrest_error record;
    int rc;

    (void)tdri_halving_next(&f->halving, &from, &to);
    if (tdri_batch_body(&f->batch, from, to, &body, &len) != TDREST_OK)
        return tdri_err_set(&w->err, TDREST_ENOMEM, NULL);
    rc = start(f, body, len);
    if (rc == TDREST_OK) {
        w->counts.in_flight++;
        w->counts.requests++;
        w->counts.sent_bytes += (int64_t)len;
        return rc;
    }
    if (rc == TDREST_ENOMEM)
        return tdri_err_set(&w->err, rc, NULL);
    record = *tdrest_async_error(w->async);
    record.ran = TDREST_RAN_NO;
    take_outcome(f, &record);
    return TDREST_OK;
}

static void begin_halving(tdri_flight *f)
{
    tdri_streak earlier = f->writer->streak;

    if (f->batch.first_table != f->writer->streak_table)
        earlier.of_table = 0;
    tdri_halving_begin(&f->halving, f->batch.rows, earlier);
}

static int new_flight(tdrest_writer *w)
{
    tdri_flight *f = (tdri_flight *)tdri_mem_zeroed(&w->mem, 1, sizeof *f);
    tdri_segment *taken = f == NULL ? NULL : tdri_lanes_take(&w->lanes, is_old(w));

    if (f == NULL)
        return tdri_err_set(&w->err, TDREST_ENOMEM, NULL);
    if (tdri_batch_make(&f->batch, &w->lanes, taken) != TDREST_OK) {
        tdri_lanes_untake(&w->lanes, taken);
        tdri_mem_free(&w->mem, f);
        return tdri_err_set(&w->err, TDREST_ENOMEM, NULL);
    }
    f->mem = w->mem;
    f->writer = w;
    begin_halving(f);
    append_flight(w, f);
    return TDREST_OK;
}

/* ---- what is due ---- */

/* Whether what waits is enough, or may not wait for more. */
static int is_enough(const tdrest_writer *w)
{
    const tdri_lanes *lanes = &w->lanes;

    if (lanes->ready_first == NULL)
        return tdri_stow_has_batch(w);
    return tdri_lanes_are_full(lanes) || w->flush_left > 0 || w->needs_room || tdri_stow_has_batch(w) ||
           (w->settings.flush_rows > 0 && lanes->ready_rows >= w->settings.flush_rows);
}

int tdri_send_is_due(const tdrest_writer *w)
{
    return is_enough(w) && free_slots(w) > 0;
}

static tdri_flight *find_waiting(const tdrest_writer *w)
{
    tdri_flight *f = w->flights;

    while (f != NULL && f->request != NULL)
        f = f->next;
    return f;
}

int64_t tdri_send_wait_ms(const tdrest_writer *w, int64_t now_ms)
{
    int64_t age, stow;

    if (find_waiting(w) != NULL || tdri_send_is_due(w))
        return 0;
    age = age_wait_ms(w, now_ms);
    stow = tdri_stow_wait_ms(w);
    return age < 0 || (stow >= 0 && stow < age) ? stow : age;
}

/* A batch on its way: to the server, or into the spool, where one that has to wait is no failure of the call. */
static int new_batch(tdrest_writer *w)
{
    int rc;

    if (w->stow == NULL)
        return new_flight(w);
    rc = tdri_stow_batch(w, is_old(w));
    return rc == TDREST_ENOMEM || tdri_stow_refuses(w) == TDREST_OK ? rc : TDREST_OK;
}

int tdri_send_due(tdrest_writer *w)
{
    int rc = TDREST_OK;
    tdri_flight *f;

    if (w->in_callback) /* what calls back goes on with it */
        return rc;
    while (rc == TDREST_OK) {
        f = find_waiting(w);
        if (f != NULL)
            rc = launch(f);
        else if (tdri_send_is_due(w) || is_old(w))
            rc = new_batch(w);
        else
            break;
    }
    tdri_stow_work(w);
    return rc;
}

void tdri_send_more(tdrest_writer *w)
{
    if (!w->gives_up && tdri_send_due(w) != TDREST_OK)
        tdri_err_reset(&w->err);
}

/* Nothing that runs would end a wait: only time does. */
static void sleep_for(const tdrest_writer *w, int64_t ms)
{
    const int64_t due = tdri_send_wait_ms(w, tdri_now_ms());

    ms = ms < 0 || (due >= 0 && due < ms) ? due : ms;
    if (ms > 0)
        (void)poll(NULL, 0, ms < INT_MAX ? (int)ms : INT_MAX);
}

static int step_with_spool(tdrest_writer *w, int64_t *ms)
{
    const int64_t due = tdri_send_wait_ms(w, tdri_now_ms());

    if (*ms < 0 || (due >= 0 && due < *ms))
        *ms = due;
    return tdri_stow_in_flight(w);
}

int tdri_send_step(tdrest_writer *w, int64_t ms)
{
    int rc = tdri_send_due(w);

    if (rc != TDREST_OK || tdri_async_has_hooks(w->async))
        return rc;
    if (w->stow != NULL && !step_with_spool(w, &ms)) {
        sleep_for(w, ms);
        return tdri_send_due(w);
    }
    if (w->stow == NULL && w->counts.in_flight == 0)
        return rc;
    rc = tdri_async_step(w->async, ms);
    if (rc < 0)
        return rc == TDREST_EBUSY ? tdri_err_set(&w->err, TDREST_EUSAGE, "this cannot wait inside a callback of the writer's async object")
                                  : tdri_err_set(&w->err, rc, "%s", tdrest_async_error(w->async)->message);
    return TDREST_OK;
}

/* ---- giving up ---- */

static void make_record(tdrest_error *record, int code, const char *message)
{
    tdri_err_reset(record);
    (void)tdri_err_set(record, code, "%s", message);
    record->phase = TDREST_PHASE_PREPARE;
    record->ran = TDREST_RAN_NO;
}

static void give_up_flight(tdri_flight *f, const tdrest_error *record)
{
    tdrest_error in_flight = *record;
    tdri_fate fates[2];

    tdri_halving_give_up(&f->halving, f->request != NULL, fates);
    in_flight.phase = TDREST_PHASE_WAIT;
    in_flight.ran = TDREST_RAN_MAYBE;
    tdri_report_fate(f->writer, &f->batch, &fates[0], f->request != NULL ? &in_flight : record);
    tdri_report_fate(f->writer, &f->batch, &fates[1], record);
}

/* The request goes on without a writer until its loop ends it, and so do its bytes. */
static void orphan(tdri_flight *f)
{
    tdri_buf *body = f->batch.part.len > 0 ? &f->batch.part : &f->batch.segments->text;

    f->orphan = *body;
    f->orphan.mem = &f->mem;
    tdri_buf_init(body, &f->writer->mem, SIZE_MAX);
    f->writer->counts.in_flight--;
    leave_flights(f);
    tdri_batch_clear(&f->batch);
    f->writer = NULL;
}

static void refuse_waiting(tdrest_writer *w, const tdrest_error *record)
{
    tdri_segment *s;
    tdri_batch batch;

    while (w->lanes.ready_first != NULL) {
        s = tdri_lanes_take(&w->lanes, 0);
        for (tdri_segment *next; s != NULL; s = next) {
            tdri_fate fate = {0, s->rows, TDREST_ROWS_REFUSED, 0};

            next = s->next;
            s->next = NULL;
            (void)tdri_batch_make(&batch, &w->lanes, s); /* one segment is its own body */
            tdri_report_fate(w, &batch, &fate, record);
            tdri_batch_clear(&batch);
        }
    }
}

void tdri_send_give_up(tdrest_writer *w, int code, const char *message, int waits)
{
    tdrest_error record;
    tdri_flight *f;

    make_record(&record, code, message);
    w->gives_up = 1;
    for (f = w->flights; f != NULL; f = f->next)
        tdrest_request_cancel(f->request);
    while (waits && !tdri_async_has_hooks(w->async) && w->counts.in_flight > 0 && tdri_async_step(w->async, 0) >= 0)
        ;
    while ((f = w->flights) != NULL) {
        give_up_flight(f, &record);
        if (f->request != NULL)
            orphan(f);
        else
            end_flight(f);
    }
    tdri_stow_give_up(w, &record);
    refuse_waiting(w, &record);
}
