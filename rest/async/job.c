/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a request sends, and what becomes of the answer as it comes. Knows no lanes but its own. */
#include "async/engine.h"

#include "base/clock.h"

/* ---- what is sent ---- */

enum { LEAST_BLOCK = 4096, WHOLE_BLOCKS = 16 };

/* Where many requests run at a time their blocks are smaller: all of them together have the memory of 16, or the least that a block has. */
static size_t block_bytes(const tdrest_request *r)
{
    const tdrest_async *async = r->async;
    size_t whole = (size_t)tdri_opts_int(async->options, TDRI_OPT_BLOCK_BYTES), lanes = async->per_host * async->host_count;

    if (r->kind != TDRI_JOB_QUERY || whole / lanes < LEAST_BLOCK / WHOLE_BLOCKS)
        return LEAST_BLOCK;
    return lanes <= WHOLE_BLOCKS ? whole : whole / lanes * WHOLE_BLOCKS;
}

static int build_sql(tdrest_request *r, tdrest_conn *conn)
{
    const tdri_question asked = {.verb = r->verb, .keeps_limit = r->kind != TDRI_JOB_QUERY || r->settings.buffered,
                                 .expected_rows = r->expected_rows};
    tdri_call call = {.conn = conn, .settings = r->settings};
    int rc = r->rows_run != NULL && tdri_buf_code(&r->rows_run->sql) != TDREST_OK ? tdri_err_set(&conn->err, TDREST_ENOMEM, NULL)
                                                                                   : tdri_query_build(&call, r->bytes, r->len);

    if (rc != TDREST_OK)
        return rc;
    r->res = &r->trial->result;
    tdri_result_init(r->res, conn, &asked);
    r->res->decode.limits.block_bytes = block_bytes(r);
    return TDREST_OK;
}

int tdri_job_build(tdrest_request *r, tdrest_conn *conn)
{
    int rc = r->kind == TDRI_JOB_WRITE ? tdri_writing_build(&r->writing, conn, r->settings.req_id) : build_sql(r, conn);

    if (rc == TDREST_OK)
        return rc;
    conn->err.phase = TDREST_PHASE_PREPARE;
    tdri_conn_stamp(conn, &conn->err);
    return conn->err.code;
}

/* ---- how an attempt ends ---- */

void tdri_job_go_on(tdrest_request *r)
{
    r->trial->begun = 0;
    tdri_err_reset(&r->trial->err);
    tdri_job_drop_result(r);
    tdri_lane_release(r);
    tdri_job_line_up(r);
}

void tdri_job_fail(tdrest_request *r, const tdrest_error *err)
{
    tdrest_conn *conn = r->lane->conn;
    tdri_retry_step step;

    if (r->kind == TDRI_JOB_PROBE) {
        tdri_probe_end(r, 0, err);
        return;
    }
    r->trial->err = *err;
    step = tdri_attempts_judge(conn, &r->trial->err);
    if (step.what != TDRI_STOP)
        tdri_conn_log(conn, TDREST_LOG_INFO, "req_id=%lld: to be tried again in %lld ms", (long long)r->settings.req_id, (long long)step.wait_ms);
    tdri_job_drop_result(r);
    tdri_lane_release(r);
    if (step.what == TDRI_STOP)
        tdri_job_end_failed(r);
    else if (step.wait_ms > 0)
        tdri_job_park(r, tdri_now_ms() + step.wait_ms);
    else
        tdri_job_line_up(r);
}

/* ---- rows ---- */

/* The callback sees what is there, and skips what it does not read. */
static void call_rows(tdrest_request *r)
{
    tdrest_result *res = r->res;

    if (res->reading == TDRI_UNREAD && res->ended == 0)
        tdri_attempts_succeed(r->lane->conn);
    res->reading = TDRI_BETWEEN;
    res->at = 0;
    if (r->on.rows == NULL)
        return;
    res->is_view = 1;
    r->on.rows(r->user, r, res);
    res->is_view = 0;
    res->reading = TDRI_BETWEEN;
}

static void store(tdrest_request *r)
{
    tdrest_result *res = r->res;
    int rc = res->decode.full ? tdri_result_store_block(res) : TDREST_OK;

    if (rc == TDREST_OK)
        return;
    tdri_exchange_finish(r->lane->conn->exchange, 0, 0);
    (void)tdri_result_end(res, rc);
}

/* Of an answer that is read as a whole. */
static void hand_out_whole(tdrest_request *r)
{
    tdrest_result *res = r->res;

    if (res->ended == 0) {
        store(r);
    } else if (res->ended == TDREST_DONE && res->reading == TDRI_UNREAD && !r->paused) {
        if (res->stored_count > 0 || res->decode.block.rows > 0)
            call_rows(r);
        res->reading = TDRI_BETWEEN;
        tdri_decode_recycle(&res->decode);
    }
}

static int fail_answer(tdrest_result *res, const char *message)
{
    res->err.phase = TDREST_PHASE_READ;
    return tdri_result_end(res, tdri_err_set(&res->err, TDREST_EANSWER, "%s", message));
}

/* The number stays until the answer has ended. One that does not end before the block is full has more than a number. */
static void keep_count(tdrest_request *r)
{
    if (r->res->ended != 0 || !r->res->decode.full)
        return;
    tdri_exchange_finish(r->lane->conn->exchange, 0, 0);
    (void)fail_answer(r->res, "verify_rows=count: the answer to SELECT COUNT(*) has many rows");
}

/* Rows that are there, as far as they are wanted now. */
static void hand_out(tdrest_request *r)
{
    tdrest_result *res = r->res;

    if (res->affected >= 0)
        return;
    if (r->kind == TDRI_JOB_COUNT) {
        keep_count(r);
        return;
    }
    if (r->kind == TDRI_JOB_QUERY && r->settings.buffered) {
        hand_out_whole(r);
        return;
    }
    if (res->decode.block.rows == 0 || r->paused)
        return;
    if (r->kind == TDRI_JOB_QUERY)
        call_rows(r);
    tdri_decode_recycle(&res->decode);
    res->at = 0;
}

/* Rows that arrived and wait for a paused consumer. */
static int has_rows_left(const tdrest_request *r)
{
    const tdrest_result *res = r->res;

    if (!r->paused || res->affected >= 0 || r->kind != TDRI_JOB_QUERY)
        return 0;
    return res->decode.block.rows > 0 || (r->settings.buffered && res->reading == TDRI_UNREAD);
}

/* ---- the answer ---- */

/* The rows are counted: 1, and the query itself is next. 0: the answer is no number. */
static int go_on_counted(tdrest_request *r)
{
    tdrest_result *res = r->res;

    res->is_view = 1;
    if (tdri_verify_read(res, &r->expected_rows, &res->err) != TDREST_OK) {
        (void)tdri_result_end(res, res->err.code);
        return 0;
    }
    r->kind = TDRI_JOB_QUERY;
    r->bytes += r->query_at;
    r->len = r->query_len;
    tdri_job_go_on(r);
    return 1;
}

static void finish_sql(tdrest_request *r)
{
    tdrest_result *res = r->res;
    int failed = 0;

    if (r->kind == TDRI_JOB_STMT && res->ended >= 0 && res->affected < 0)
        (void)fail_answer(res, "the answer to an INSERT has rows");
    if (r->kind == TDRI_JOB_COUNT && res->ended >= 0 && go_on_counted(r))
        return;
    failed = res->ended < 0;
    if (failed)
        r->trial->err = res->err;
    tdri_result_let_go(res);
    if (failed || r->kind != TDRI_JOB_STMT || !tdri_rows_run_go_on(r))
        tdri_job_end(r, failed ? &r->trial->err : NULL);
}

/* 1: it goes on. A failure is not repeated once rows were handed out; those that came before it are handed out first. */
static int advance_sql(tdrest_request *r)
{
    tdrest_result *res = r->res;
    tdrest_error err;
    int rc = TDRI_WAIT, settled;

    do {
        if (res->ended == 0)
            rc = tdri_result_step(res);
        tdri_lane_note_lookup(r->lane);
        settled = tdri_result_settle(res);
        if (settled == TDREST_OK && (res->ended >= 0 || res->reading != TDRI_UNREAD))
            hand_out(r);
        if (res->ended < 0 && res->reading == TDRI_UNREAD) {
            err = res->err;
            tdri_job_fail(r, &err);
            return 0;
        }
        if (r->cancelled || r->async->freed)
            return 1;
    } while (res->ended == 0 && rc == TDREST_ROW && !(r->paused && res->decode.full));
    if (res->ended != 0 && !has_rows_left(r)) {
        finish_sql(r);
        return 0;
    }
    return 1;
}

/* 1: it goes on. */
static int advance_write(tdrest_request *r)
{
    tdrest_conn *conn = r->lane->conn;
    int rc;

    do {
        rc = tdri_exchange_step(conn->exchange, tdri_writing_receive, conn, &conn->err);
        tdri_lane_note_lookup(r->lane);
    } while (rc == TDREST_ROW && tdri_writing_wants_more(conn));
    if (rc == TDRI_WAIT)
        return 1;
    if (tdri_writing_judge(&r->writing, conn, rc) != TDREST_OK) {
        tdri_job_fail(r, &conn->err);
        return 0;
    }
    tdri_attempts_succeed(conn);
    tdri_writing_note_success(&r->writing);
    if (tdri_writing_next(&r->writing))
        tdri_job_go_on(r);
    else
        tdri_job_end(r, NULL);
    return 0;
}

void tdri_job_advance(tdrest_request *r)
{
    tdri_exchange *x = r->lane->conn->exchange;
    int64_t due;

    if (r->kind == TDRI_JOB_PROBE) {
        tdri_probe_advance(r);
        return;
    }
    if (!(r->kind == TDRI_JOB_WRITE ? advance_write(r) : advance_sql(r)))
        return;
    if (r->cancelled)
        return; /* it is due already */
    if (r->paused)
        tdri_exchange_rest(x);
    due = r->res != NULL && r->res->ended != 0 ? INT64_MAX : tdri_exchange_due_ms(x);
    if (r->due.place == 0 || due < r->due.at_ms) /* what is due too early finds nothing to do, and is due later */
        tdri_job_set_due(r, due);
}
