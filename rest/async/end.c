/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* How requests end, and calling back. Knows no answers. */
#include "async/engine.h"

#include "base/clock.h"

void tdri_job_drop_result(tdrest_request *r)
{
    if (r->res == NULL)
        return;
    tdri_result_let_go(r->res);
    tdri_result_clear(r->res);
    r->res = NULL;
}

static void call_end(tdrest_request *r, const tdrest_error *err)
{
    int64_t affected = tdrest_result_affected(r->res);

    r->is_ending = 1;
    if (r->done != NULL)
        r->done(r->user, r, err, affected);
    else if (r->on.end != NULL)
        r->on.end(r->user, r, err);
}

/* The record of a request that succeeded. */
static void tell_success(const tdrest_request *r, tdrest_error *record)
{
    tdri_err_reset(record);
    record->req_id = r->settings.req_id;
    record->attempts = r->trial == NULL ? 0 : r->trial->attempts.count;
}

void tdri_job_end(tdrest_request *r, const tdrest_error *err)
{
    tdrest_async *async = r->async;
    tdrest_error record;

    if (r->kind == TDRI_JOB_PROBE) {
        tdri_probe_end(r, 0, err);
        return;
    }
    if (err == NULL)
        tell_success(r, &record);
    else
        record = *err;
    if (err != NULL && r->kind == TDRI_JOB_WRITE)
        tdri_writing_note_failure(&r->writing, &record);
    if (r->kind == TDRI_JOB_COUNT)
        tdri_verify_note_failure(&record);
    if (r->kind == TDRI_JOB_STMT)
        tdri_rows_run_end(r, err == NULL ? NULL : &record);
    if (r->lane != NULL)
        tdri_attempts_give_up(r->lane->conn);
    if (err != NULL)
        tdri_job_drop_result(r);
    tdri_lane_release(r);
    tdri_line_leave(r);
    tdri_job_set_due(r, INT64_MAX);
    async->ends++;
    call_end(r, &record);
    tdri_job_destroy(r);
}

void tdri_job_end_unsent(tdrest_request *r, int code, const char *message)
{
    tdri_outcome outcome;
    tdrest_error err;

    tdri_err_reset(&err);
    (void)tdri_err_set(&err, code, "%s", message);
    err.phase = TDREST_PHASE_PREPARE;
    err.req_id = r->settings.req_id;
    outcome = tdri_outcome_tell(&err, r->kind == TDRI_JOB_WRITE, 0);
    if (r->trial != NULL && r->trial->begun)
        tdri_attempts_stamp(&r->trial->attempts, &outcome, &err);
    tdri_job_end(r, &err);
}

/* What failed before tells more than that the time is up. */
void tdri_job_end_failed(tdrest_request *r)
{
    if (r->trial != NULL && r->trial->begun && r->trial->err.code != 0)
        tdri_job_end(r, &r->trial->err);
    else
        tdri_job_end_unsent(r, TDREST_ETIMEOUT, "timeout_ms passed while the request waited in line");
}

/* Its answer may be there already, or have begun. */
static void cancel_running(tdrest_request *r)
{
    tdrest_conn *conn = r->lane->conn;
    tdrest_error err;

    tdri_err_reset(&err);
    if (r->res != NULL && r->res->ended != 0) {
        (void)tdri_err_set(&err, TDREST_ECANCELLED, "the request was cancelled");
        err.phase = TDREST_PHASE_READ;
    } else {
        (void)tdri_exchange_cancel(conn->exchange, &err);
    }
    if (r->res != NULL && tdri_decode_has_columns(&r->res->decode))
        err.ran = TDREST_RAN_YES;
    tdri_conn_stamp(conn, &err);
    tdri_job_end(r, &err);
}

void tdri_job_cancel(tdrest_request *r)
{
    if (r->state == TDRI_RUNNING)
        cancel_running(r);
    else
        tdri_job_end_unsent(r, TDREST_ECANCELLED, r->trial == NULL ? "the request was cancelled before it was sent"
                                                                     : "the request was cancelled while it waited to try again");
}
