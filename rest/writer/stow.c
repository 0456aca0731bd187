/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A writer's batches by way of its spool: what is told of them, and when. Knows nothing of files. */
#include "writer/stow.h"

#include "config/zones.h"
#include "net/loop.h"
#include "writer/report.h"

#include <stdio.h>
#include <string.h>

#ifdef TDREST_NO_SPOOL

int tdri_stow_open(tdrest_writer *w, const tdrest_options *options, tdrest_error *err)
{
    const char *dir = tdri_opts_text(options, TDRI_OPT_SPOOL_DIR);

    (void)w;
    return dir == NULL || *dir == '\0' ? TDREST_OK
        : tdri_err_set(err, TDREST_EUNSUPPORTED, "spool_dir: this library was built without the spool");
}

int tdri_stow_batch(tdrest_writer *w, int oldest_first)
{
    (void)oldest_first;
    return tdri_err_set(&w->err, TDREST_EUNSUPPORTED, NULL);
}

int tdri_stow_has_batch(const tdrest_writer *w)
{
    (void)w;
    return 0;
}

void tdri_stow_give_up(tdrest_writer *w, const tdrest_error *record)
{
    (void)w;
    (void)record;
}

int tdri_stow_refuses(const tdrest_writer *w)
{
    (void)w;
    return TDREST_OK;
}

void tdri_stow_work(tdrest_writer *w)
{
    (void)w;
}

int64_t tdri_stow_wait_ms(const tdrest_writer *w)
{
    (void)w;
    return -1;
}

int tdri_stow_is_idle(const tdrest_writer *w)
{
    (void)w;
    return 1;
}

int tdri_stow_in_flight(const tdrest_writer *w)
{
    (void)w;
    return 0;
}

int tdri_stow_close(tdrest_writer *w, tdrest_error *err)
{
    (void)w;
    (void)err;
    return TDREST_OK;
}

#else

#include "spool/forward.h"

enum { SPOOL_BYTES_MIN = 65536, SLACK_BYTES = 8192 };
enum { INTERVAL_MS = 1000, AGAIN_MS = 1000, BACKOFF_MS = 1000, BACKOFF_MAX_MS = 30000 };

/* Rows that are in the spool, but not yet durable. */
typedef struct stowed {
    uint64_t number; /* of their batch */
    int64_t first, count;
} stowed;

struct tdri_stow {
    tdri_forward *forward;
    stowed *list;
    size_t count, cap;
    int64_t max_bytes;
    char zone[TDRI_ZONE_NAME];
    char *database;
    tdri_batch waiting;   /* rows 0: none; one that could not be stored yet */
    int64_t again_ms; /* when a batch is tried again that could not be stored; 0: none */
    int failure, told;
};

/* ---- what is told ---- */

static void tell(tdrest_writer *w, const tdrest_delivery *delivery)
{
    if (w->settings.delivered == NULL)
        return;
    w->in_callback++;
    w->settings.delivered(w->settings.context, delivery);
    w->in_callback--;
}

/* Something of the spool, without rows or with rows of no number. */
static void tell_of_spool(tdrest_writer *w, int state, int64_t rows, const tdrest_error *err)
{
    const tdrest_delivery delivery = {.size = sizeof delivery, .first = -1, .count = rows, .state = state, .error = err, .clause = "", .text = ""};

    tell(w, &delivery);
}

static void enter_event(void *context)
{
    ((tdrest_writer *)context)->depth++;
}

static void leave_event(void *context)
{
    tdri_writer_leave_event((tdrest_writer *)context);
}

static void note_stored(void *context, uint64_t number)
{
    tdrest_writer *w = (tdrest_writer *)context;
    struct tdri_stow *s = w->stow;
    size_t done = 0;

    while (done < s->count && s->list[done].number <= number) {
        const tdrest_delivery delivery = {
            .size = sizeof delivery, .first = s->list[done].first, .count = s->list[done].count, .state = TDREST_ROWS_STORED, .clause = "", .text = ""};

        done++;
        tell(w, &delivery);
    }
    memmove(s->list, s->list + done, (s->count - done) * sizeof *s->list);
    s->count -= done;
}

static void note_ended(void *context, const tdri_spool_record *record, int of_this_run, const tdrest_error *err)
{
    tdrest_writer *w = (tdrest_writer *)context;
    const tdrest_delivery delivery = {.size = sizeof delivery, .first = -1, .count = record->rows, .state = err == NULL ? TDREST_ROWS_WRITTEN : TDREST_ROWS_REFUSED,
                                      .blames_rows = err != NULL, .error = err, .clause = "", .text = record->body.text, .len = record->body.len};

    w->stow->again_ms = 0; /* there may be room now */
    if (of_this_run) {
        w->counts.stored -= record->rows;
        *(err == NULL ? &w->counts.written : &w->counts.refused) += record->rows;
        if (err != NULL && w->failure.code == 0) {
            w->failure = *err;
            w->failure.row = -1;
        }
    }
    tell(w, &delivery);
    tdri_send_more(w);
}

static void note_held(void *context, const tdrest_error *err)
{
    tell_of_spool((tdrest_writer *)context, TDREST_ROWS_STORED, 0, err);
}

static void note_event(void *context, const tdri_spool_event *event)
{
    static const char *const texts[] = {"", "the torn end of %s was cut off", "%s is damaged from byte %llu, %llu bytes", "%s was written by a newer version and is left there",
                                        "%s was dropped to make room", "%s could not be synced and was given up; its rows go to a new file", "%s cannot be removed now"};
    tdrest_writer *w = (tdrest_writer *)context;
    const int64_t rows = event->kind == TDRI_SPOOL_EVENT_DROPPED && event->rows > 0 ? event->rows : 0;
    char message[160];
    tdrest_error err;

    (void)snprintf(message, sizeof message, texts[event->kind], event->file, (unsigned long long)event->from, (unsigned long long)event->len);
    tdri_err_reset(&err);
    (void)tdri_err_set(&err, TDREST_ESPOOL, "spool: %s", message);
    if (rows > 0)
        tdri_err_add(&err, ", with %lld rows", (long long)rows);
    if (rows > 0 && rows <= w->counts.stored) {
        w->counts.stored -= rows;
        w->counts.refused += rows;
    }
    if (rows > 0 && w->failure.code == 0) {
        w->failure = err;
        w->failure.row = -1;
    }
    tell_of_spool(w, rows > 0 ? TDREST_ROWS_REFUSED : TDREST_ROWS_STORED, rows, &err);
}

/* ---- opening, closing ---- */

static int keep_target(tdrest_writer *w, const tdrest_options *options, tdrest_error *err)
{
    struct tdri_stow *s = w->stow;
    const char *database = w->call.database != NULL ? w->call.database : tdri_opts_text(options, TDRI_OPT_DATABASE);
    const char *zone = w->call.timezone != NULL ? w->call.timezone : tdri_opts_text(options, TDRI_OPT_TIMEZONE);

    s->database = tdri_mem_text(&w->mem, database == NULL ? "" : database, database == NULL ? 0 : strlen(database));
    if (s->database == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    if (strcmp(zone, "local") == 0) /* the directory may go to another machine */
        return tdri_zone_local(s->zone, sizeof s->zone, err);
    (void)snprintf(s->zone, sizeof s->zone, "%s", zone);
    return TDREST_OK;
}

static int open_forward(tdrest_writer *w, const tdrest_options *options, tdrest_error *err)
{
    const tdri_forward_told told = {w, enter_event, leave_event, note_stored, note_ended, note_held};
    const tdri_spool_config config = {
        .dir = tdri_opts_text(options, TDRI_OPT_SPOOL_DIR),
        .sync = (enum tdri_spool_sync)tdri_opts_int(options, TDRI_OPT_SPOOL_SYNC),
        .interval_ms = INTERVAL_MS,
        .max_bytes = tdri_opts_int(options, TDRI_OPT_SPOOL_BYTES),
        .drop_oldest = tdri_opts_int(options, TDRI_OPT_SPOOL_FULL) != 0,
        .report = note_event,
        .context = w,
    };

    return tdri_forward_new(&w->stow->forward, &config, w->async, &told, BACKOFF_MS, BACKOFF_MAX_MS, &w->mem, err);
}

int tdri_stow_open(tdrest_writer *w, const tdrest_options *options, tdrest_error *err)
{
    const char *dir = tdri_opts_text(options, TDRI_OPT_SPOOL_DIR);
    int64_t max_bytes;
    int rc;

    if (dir == NULL || *dir == '\0')
        return TDREST_OK;
    if (w->stmt != NULL && w->stmt->tpl.says_now)
        return tdri_err_set(err, TDREST_EUSAGE, "a writer with a spool may send rows more than once: give each its time instead of NOW or TODAY");
    max_bytes = tdri_opts_int(options, TDRI_OPT_SPOOL_BYTES);
    if (max_bytes > 0 && max_bytes < SPOOL_BYTES_MIN)
        return tdri_err_set(err, TDREST_EOPTION, "spool_bytes: expected 0 or at least %d", SPOOL_BYTES_MIN);
    /* A quarter is what a file takes, and so may a batch. */
    if (max_bytes > 0 && (int64_t)w->lanes.segment_max > max_bytes / 4)
        w->lanes.segment_max = (size_t)(max_bytes / 4);
    w->stow = (struct tdri_stow *)tdri_mem_zeroed(&w->mem, 1, sizeof *w->stow);
    if (w->stow == NULL)
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    w->stow->max_bytes = max_bytes;
    rc = keep_target(w, options, err);
    return rc == TDREST_OK ? open_forward(w, options, err) : rc;
}

int tdri_stow_close(tdrest_writer *w, tdrest_error *err)
{
    int rc;

    if (w->stow == NULL)
        return TDREST_OK;
    rc = tdri_forward_free(w->stow->forward, err);
    tdri_mem_free(&w->mem, w->stow->database);
    tdri_mem_free(&w->mem, w->stow->list);
    tdri_mem_free(&w->mem, w->stow);
    w->stow = NULL;
    return rc;
}

/* ---- batches ---- */

static size_t count_ranges(const tdri_batch *batch)
{
    tdri_batch_range range;
    size_t count = 0;

    tdri_batch_begin(batch, 0, batch->rows, &range);
    do
        count++;
    while (tdri_batch_next(batch, &range));
    return count;
}

static int reserve(tdrest_writer *w, size_t more)
{
    struct tdri_stow *s = w->stow;
    size_t cap = s->cap == 0 ? 16 : s->cap;
    stowed *list;

    while (cap < s->count + more)
        cap *= 2;
    if (cap == s->cap)
        return 1;
    list = (stowed *)tdri_mem_resize(&w->mem, s->list, cap * sizeof *list);
    if (list == NULL)
        return 0;
    s->list = list;
    s->cap = cap;
    return 1;
}

static int append(tdrest_writer *w, tdri_batch *batch, uint64_t *number, tdrest_error *err)
{
    tdri_spool_record record = {.rows = (int64_t)batch->rows};
    const tdrest_call *call = &w->call;
    int rc;

    rc = tdri_batch_body(batch, 0, batch->rows, &record.body.text, &record.body.len);
    if (rc != TDREST_OK || !reserve(w, count_ranges(batch)))
        return tdri_err_set(err, TDREST_ENOMEM, NULL);
    record.database = (tdri_spool_text){w->stow->database, strlen(w->stow->database)};
    record.timezone = (tdri_spool_text){w->stow->zone, strlen(w->stow->zone)};
    if (w->stmt == NULL) {
        record.protocol = w->settings.protocol;
        record.precision = w->settings.precision;
        record.ttl_days = call->ttl_days;
        record.table_name_key = (tdri_spool_text){call->table_name_key, call->table_name_key == NULL ? 0 : strlen(call->table_name_key)};
    }
    rc = tdri_forward_add(w->stow->forward, &record, number, err);
    return rc == TDREST_FULL ? (tdri_err_set(err, TDREST_ESPOOL, "the spool has reached spool_bytes"), TDREST_FULL) : rc;
}

/* The rows leave memory. Those that no report is due for are not kept in mind. */
static void leave_memory(tdrest_writer *w, tdri_batch *batch, uint64_t number)
{
    struct tdri_stow *s = w->stow;
    tdri_batch_range range;

    tdri_batch_begin(batch, 0, batch->rows, &range);
    do {
        s->list[s->count++] = (stowed){number, range.first, range.count};
        tdri_report_stowed(w, &range);
    } while (tdri_batch_next(batch, &range));
    if (tdri_forward_is_never_stored(s->forward))
        s->count = 0;
    tdri_batch_clear(batch);
    batch->rows = 0;
}

static void note_refusal(tdrest_writer *w, int rc, const tdrest_error *err)
{
    struct tdri_stow *s = w->stow;

    s->failure = rc;
    s->again_ms = tdri_now_ms() + AGAIN_MS;
    if (rc != TDREST_ENOMEM && s->told != rc) {
        s->told = rc;
        tell_of_spool(w, TDREST_ROWS_STORED, 0, err);
    }
}

void tdri_stow_give_up(tdrest_writer *w, const tdrest_error *record)
{
    tdri_batch *batch = w->stow == NULL ? NULL : &w->stow->waiting;
    tdri_fate fate = {0, batch == NULL ? 0 : batch->rows, TDREST_ROWS_REFUSED, 0};

    if (fate.count == 0)
        return;
    tdri_report_fate(w, batch, &fate, record);
    tdri_batch_clear(batch);
    batch->rows = 0;
}

static int take_batch(tdrest_writer *w, int oldest_first)
{
    tdri_segment *taken = tdri_lanes_take(&w->lanes, oldest_first);

    if (tdri_batch_make(&w->stow->waiting, &w->lanes, taken) == TDREST_OK)
        return TDREST_OK;
    tdri_lanes_untake(&w->lanes, taken);
    w->stow->waiting.rows = 0;
    return tdri_err_set(&w->err, TDREST_ENOMEM, NULL);
}

/* More than the spool may ever hold: waiting would be for ever. */
static int is_hopeless(const struct tdri_stow *s, const tdri_batch *batch)
{
    return s->max_bytes > 0 && (int64_t)batch->segments->text.len + SLACK_BYTES > s->max_bytes;
}

int tdri_stow_batch(tdrest_writer *w, int oldest_first)
{
    struct tdri_stow *s = w->stow;
    const int was_idle = tdri_forward_is_idle(s->forward);
    int rc = s->waiting.rows > 0 ? TDREST_OK : take_batch(w, oldest_first);
    tdrest_error err;
    uint64_t number;

    if (rc != TDREST_OK)
        return rc;
    tdri_err_reset(&err);
    rc = append(w, &s->waiting, &number, &err);
    if (rc == TDREST_FULL && is_hopeless(s, &s->waiting)) {
        tdri_stow_give_up(w, &err);
        return TDREST_OK;
    }
    if (rc != TDREST_OK) {
        note_refusal(w, rc, &err);
        return rc;
    }
    if (was_idle)
        s->told = 0;
    leave_memory(w, &s->waiting, number);
    return rc;
}

int tdri_stow_has_batch(const tdrest_writer *w)
{
    return w->stow != NULL && w->stow->waiting.rows > 0;
}

int tdri_stow_refuses(const tdrest_writer *w)
{
    return w->stow == NULL || w->stow->again_ms <= tdri_now_ms() ? TDREST_OK : w->stow->failure;
}

void tdri_stow_work(tdrest_writer *w)
{
    if (w->stow != NULL)
        tdri_forward_work(w->stow->forward);
}

int64_t tdri_stow_wait_ms(const tdrest_writer *w)
{
    int64_t wait, again;

    if (w->stow == NULL)
        return -1;
    wait = tdri_forward_wait_ms(w->stow->forward);
    again = w->stow->again_ms == 0 ? -1 : w->stow->again_ms - tdri_now_ms();
    return again < 0 || (wait >= 0 && wait < again) ? wait : again;
}

int tdri_stow_is_idle(const tdrest_writer *w)
{
    return w->stow == NULL || tdri_forward_is_idle(w->stow->forward);
}

int tdri_stow_in_flight(const tdrest_writer *w)
{
    return w->stow != NULL && tdri_forward_in_flight(w->stow->forward);
}

#endif
