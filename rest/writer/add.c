/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows into lanes, while there is room. */
#include "writer/send.h"
#include "writer/stow.h"

#include "base/text.h"
#include "lines/split.h"
#include "net/loop.h"
#include "sql/lexer.h"

#include <string.h>

/* Of columns, so many bytes are rendered at a time; and after so many, a request that runs gets its turn, lest its sending stop while rows are added. */
enum { PART_BYTES = 16384, TURN_BYTES = 16384 };

/* A row on its way into its lane. */
typedef struct row {
    const char *table, *text;
    size_t table_len, len;
} row;

/* ---- room ---- */

static int has_room(const tdrest_writer *w, const row *r)
{
    size_t growth = tdri_lanes_growth(&w->lanes, w->lane, tdri_buf_text(&w->head), w->head.len, r->len);

    return w->counts.pending == 0 || w->lanes.used + growth <= (size_t)w->settings.writer_bytes;
}

static int may_wait(const tdrest_writer *w)
{
    return w->settings.when_full == TDREST_WRITER_WAIT && w->in_callback == 0 && !tdri_async_has_hooks(w->async);
}

/* The lane that the row goes to, in w->lane. */
static int find_lane(tdrest_writer *w, const row *r)
{
    if (w->lane != NULL && w->epoch == w->lanes.epoch)
        return TDREST_OK;
    w->lane = tdri_lanes_get(&w->lanes, r->table, r->table_len);
    w->epoch = w->lanes.epoch;
    return w->lane != NULL ? TDREST_OK : tdri_err_set(&w->err, TDREST_ENOMEM, NULL);
}

/* The spool takes no more, so waiting for room would be waiting for the link, or for another disk. */
static int refused_by_spool(tdrest_writer *w)
{
    const int rc = tdri_stow_refuses(w);

    return rc == TDREST_FULL ? rc : tdri_err_set(&w->err, rc, "the spool takes no rows; the report says why");
}

/* Sends, and waits where that may be, until there is room for the row. TDREST_OK, TDREST_FULL, or why it cannot go on. */
static int make_room(tdrest_writer *w, const row *r)
{
    int rc = TDREST_OK, tries = 0;

    w->needs_room = 1;
    while (rc == TDREST_OK && !has_room(w, r)) {
        if (w->lane->first == NULL) { /* a lane is not kept for a row that may never come */
            tdri_lanes_drop_empty(&w->lanes, w->lane);
            w->lane = NULL;
        }
        if (tdri_stow_refuses(w) != TDREST_OK && tries++ > 0)
            rc = refused_by_spool(w);
        else if (!may_wait(w) && (w->in_callback > 0 || tries++ > 0))
            rc = TDREST_FULL;
        else
            rc = tdri_send_step(w, may_wait(w) ? -1 : 0);
        if (rc == TDREST_OK)
            rc = find_lane(w, r);
    }
    w->needs_room = 0;
    return rc;
}

static int put(tdrest_writer *w, const row *r, int64_t now_ms)
{
    int rc = find_lane(w, r);

    if (rc == TDREST_OK && !has_room(w, r))
        rc = make_room(w, r);
    if (rc == TDREST_OK && tdri_lanes_add(&w->lanes, w->lane, tdri_buf_text(&w->head), w->head.len, r->text, r->len, w->counts.added, now_ms) != TDREST_OK)
        rc = tdri_err_set(&w->err, TDREST_ENOMEM, NULL);
    if (rc == TDREST_OK) {
        w->counts.added++;
        w->counts.pending++;
        w->unworked += r->len;
    } else if (w->lane != NULL && w->epoch == w->lanes.epoch) {
        tdri_lanes_drop_empty(&w->lanes, w->lane);
        w->lane = NULL;
    }
    return rc;
}

/*
 * What is due is sent, and what has come is read: when a request's worth is there, whenever the clock has gone on, and once in TURN_BYTES. Failures wait for the
 * next run: rows that were added are added.
 */
static void work(tdrest_writer *w, int64_t now_ms)
{
    if (w->in_callback > 0 || (now_ms == w->worked_ms && w->unworked < TURN_BYTES && !tdri_send_is_due(w)))
        return;
    w->worked_ms = now_ms;
    w->unworked = 0;
    if (tdri_send_step(w, 0) != TDREST_OK)
        tdri_err_reset(&w->err);
}

/* ---- rows of a statement ---- */

/* The head of the table at hand. */
static int make_head(tdrest_writer *w)
{
    const tdrest_stmt *stmt = w->stmt;

    tdri_buf_reset(&w->head);
    tdri_buf_add(&w->head, stmt->tpl.text.data, stmt->tpl.clause_at);
    tdri_buf_add(&w->head, tdri_buf_text(&stmt->clause), stmt->clause.len);
    w->lane = NULL;
    return tdri_buf_code(&w->head) == TDREST_OK ? TDREST_OK : tdri_err_set(&w->err, TDREST_ENOMEM, NULL);
}

/* Whether a row that may be sent more than once would have another time each time. */
static int is_moving(const tdrest_stmt *stmt, const char *text, size_t len)
{
    tdri_sql_token token = {.kind = TDRI_SQL_END};
    size_t pos = 0;

    if (stmt->texts_may_be_times)
        do
            token = tdri_sql_token_next(text, len, &pos);
        while (token.kind != TDRI_SQL_END && !tdri_sql_is_moving(text, token));
    return token.kind != TDRI_SQL_END;
}

/* Rows of the packing, which all have one table, to its lane; how many. */
static int put_rows(tdrest_writer *w, int64_t now_ms, size_t *taken)
{
    const tdri_packing *packing = &w->stmt->packing;
    row r = {tdri_buf_text(&w->stmt->clause), NULL, packing->groups[packing->group].table_len, 0};
    int rc = TDREST_OK;

    for (*taken = 0; rc == TDREST_OK && *taken < packing->row_count; *taken += rc == TDREST_OK) {
        size_t at = tdri_packing_row_at(packing, *taken);

        r.text = packing->text.data + at;
        r.len = packing->rows[*taken].end - at;
        rc = w->stow != NULL && is_moving(w->stmt, r.text, r.len)
            ? tdri_err_set(&w->err, TDREST_EUSAGE, "a writer with a spool may send rows more than once: give each its time instead of NOW or TODAY")
            : put(w, &r, now_ms);
    }
    return rc;
}

static int add_part(tdrest_writer *w, int64_t now_ms, int *more)
{
    tdrest_stmt *stmt = w->stmt;
    int stood = stmt->clause_stands && w->head.len > 0;
    size_t taken = 0;
    int rc = tdri_stmt_add_part(stmt, PART_BYTES, more);

    if (rc != TDREST_OK) {
        w->err = stmt->err;
        return rc;
    }
    if (!stood)
        rc = make_head(w);
    stmt->lent = TDRI_STMT_ADDING; /* callbacks while it waits */
    if (rc == TDREST_OK)
        rc = put_rows(w, now_ms, &taken);
    stmt->lent = TDRI_STMT_OF_WRITER;
    tdri_stmt_take_part(stmt, taken, *more || rc != TDREST_OK);
    return rc;
}

/* Callbacks may bind other rows now, but not while some of what is bound are still to be added. */
static void work_between(tdrest_writer *w, int64_t now_ms, int more)
{
    w->stmt->lent = more ? TDRI_STMT_ADDING : TDRI_STMT_OF_WRITER;
    work(w, now_ms);
    w->stmt->lent = TDRI_STMT_OF_WRITER;
}

static int refuse(tdrest_writer *w, int takes_lines)
{
    if (w->is_closed)
        return tdri_err_set(&w->err, TDREST_EUSAGE, "the writer is closed");
    if (takes_lines != (w->stmt == NULL))
        return tdri_err_set(&w->err, TDREST_EUSAGE, takes_lines ? "the writer takes rows of its statement: use tdrest_writer_add"
                                                                : "the writer takes lines: use tdrest_writer_add_lines");
    return TDREST_OK;
}

/* Of a stream that is bound, the next rows are. TDREST_OK; with *more 0 at its end. After a failure of its own it is let go. */
static int next_rows(tdrest_writer *w, int *more)
{
    tdrest_stmt *stmt = w->stmt;
    int rc = stmt->source.next(stmt, stmt->source.held);

    *more = stmt->source.has_rows = rc == TDREST_ROW;
    if (rc < 0)
        w->err = stmt->err;
    if (rc != TDREST_ROW)
        tdri_stmt_set_source(stmt, NULL);
    return rc < 0 ? rc : TDREST_OK;
}

static int add_bound(tdrest_writer *w)
{
    tdri_stmt_source *source = &w->stmt->source;
    const int is_stream = source->next != NULL; /* a callback may bind one of its own */
    int more = 1, rc = TDREST_OK;

    if (w->stmt->err.code != 0) /* of a value that was not bound */
        tdri_err_reset(&w->stmt->err);
    while (rc == TDREST_OK && more && !w->is_doomed) {
        int64_t now_ms = tdri_recent_ms();

        if (is_stream && !source->has_rows)
            rc = next_rows(w, &more);
        if (rc == TDREST_OK && more)
            rc = add_part(w, now_ms, &more);
        if (rc != TDREST_OK) /* the record is that of the row */
            break;
        source->has_rows = is_stream && more;
        more |= is_stream && source->next != NULL;
        work_between(w, now_ms, more);
    }
    return rc;
}

int tdrest_writer_add(tdrest_writer *w)
{
    int rc = tdri_writer_enter(w, 1);

    if (rc != TDREST_OK)
        return rc;
    rc = refuse(w, 0);
    if (rc == TDREST_OK && w->stmt->lent == TDRI_STMT_ADDING)
        rc = TDREST_FULL;
    if (rc == TDREST_OK)
        rc = add_bound(w);
    return tdri_writer_leave(w, rc);
}

/* ---- lines ---- */

static int is_json(const tdrest_writer *w)
{
    return w->settings.protocol == TDREST_PROTOCOL_JSON;
}

/* A line with a line feed at its end, or a point with a comma. */
static int put_line(tdrest_writer *w, const char *line, size_t len, int64_t now_ms)
{
    uint64_t hash;
    row r = {(const char *)&hash, NULL, sizeof hash, len + 1};

    if (w->stow != NULL && !tdri_split_is_timed(w->settings.protocol, line, len))
        return tdri_err_set(&w->err, TDREST_EUSAGE, "a writer with a spool may send %s more than once: give each its time", is_json(w) ? "points" : "lines");
    hash = tdri_split_table_hash(w->settings.protocol, line, len, w->call.table_name_key);
    tdri_buf_reset(&w->line);
    tdri_buf_add(&w->line, line, len);
    tdri_buf_add_char(&w->line, is_json(w) ? ',' : '\n');
    if (tdri_buf_code(&w->line) != TDREST_OK)
        return tdri_err_set(&w->err, TDREST_ENOMEM, NULL);
    r.text = w->line.data;
    w->lane = NULL;
    return put(w, &r, now_ms);
}

/* The next line in [*pos, good), or the next point: 1, or 0 behind the last one. TDREST_EUSAGE: no point can be read there. */
static int next_line(tdrest_writer *w, const char *data, size_t good, size_t *pos, size_t *at, size_t *count)
{
    return is_json(w) ? tdri_split_next_point(data, good, pos, at, count, &w->err) : tdri_split_next_line(w->settings.protocol, data, good, pos, at, count);
}

static int put_lines(tdrest_writer *w, const char *data, size_t good, int64_t now_ms, size_t *taken)
{
    size_t pos = 0, at, count;
    int rc;

    while ((rc = next_line(w, data, good, &pos, &at, &count)) == 1) {
        rc = put_line(w, data + at, count, now_ms);
        if (rc != TDREST_OK)
            break;
        *taken = pos;
    }
    if (rc == 0)
        *taken = good;
    return rc;
}

/* The begin of the line in which that byte stands. */
static size_t line_begin(const char *data, size_t at)
{
    while (at > 0 && data[at - 1] != '\n')
        at--;
    return at;
}

static int add_lines(tdrest_writer *w, const char *data, size_t len, size_t *taken)
{
    const int64_t now_ms = tdri_recent_ms();
    tdrest_error nul;
    size_t good;
    int rc;

    if (data == NULL)
        return tdri_err_set(&w->err, TDREST_EUSAGE, "data is NULL");
    len = tdri_text_len(data, len);
    tdri_err_reset(&nul);
    good = is_json(w) || tdri_split_refuse_nul(data, len, &nul) == TDREST_OK ? len : line_begin(data, (size_t)nul.offset);
    if (w->line_is_used)
        return TDREST_FULL;
    w->line_is_used = 1;
    rc = put_lines(w, data, good, now_ms, taken);
    w->line_is_used = 0;
    if (rc == TDREST_OK) /* else the record is that of the line */
        work(w, now_ms);
    if (rc == TDREST_OK && good < len) {
        w->err = nul;
        rc = nul.code;
    }
    return rc;
}

int tdrest_writer_add_lines(tdrest_writer *w, const char *data, size_t len, size_t *taken)
{
    size_t count = 0;
    int rc = tdri_writer_enter(w, 1);

    if (rc == TDREST_OK) {
        rc = refuse(w, 1);
        if (rc == TDREST_OK)
            rc = add_lines(w, data, len, &count);
        rc = tdri_writer_leave(w, rc);
    }
    if (taken != NULL)
        *taken = count;
    return rc;
}
