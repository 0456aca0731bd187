/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Runs of statements with parameters: request by request, and the account of their rows. Knows no values. */
#include "async/engine.h"

/* The statement goes away: nothing of it is told any more, and no further request is made. */
static void give_up(void *context)
{
    tdrest_request *r = (tdrest_request *)context;

    r->rows_run->stmt = NULL;
    tdrest_request_cancel(r);
}

static int fail(tdrest_async *async, const tdrest_stmt *stmt)
{
    async->err = stmt->err;
    return async->err.code;
}

/* A statement without rows is its text from now on. */
static int start_plain(tdrest_async *async, tdrest_stmt *stmt, const tdri_order *o, tdrest_request **out)
{
    return tdri_stmt_render(stmt, &async->scratch) == TDREST_OK ? tdri_order_sql(async, TDRI_JOB_QUERY, stmt->tpl.verb, o, out) : fail(async, stmt);
}

/* The text of the next request: 1; 0: there is none. A failure is in the buffer. */
static int prepare_next(tdrest_request *r)
{
    tdri_rows_run *run = r->rows_run;

    if (run->stmt == NULL || !tdri_stmt_next_request(run->stmt, &run->sending, &run->sql))
        return 0;
    r->bytes = tdri_buf_text(&run->sql);
    r->len = run->sql.len;
    r->deadline_ms = tdri_deadline_ms(tdri_call_timeout_ms(&r->settings, r->async->options));
    return 1;
}

static int start_rows(tdrest_async *async, tdrest_stmt *stmt, const tdri_order *o, tdrest_request **out)
{
    tdrest_request *r = tdri_order_make(async, TDRI_JOB_STMT, o, NULL, 0);
    tdri_rows_run *run = r == NULL ? NULL : (tdri_rows_run *)tdri_mem_zeroed(&async->mem, 1, sizeof *run);

    if (run == NULL) {
        if (r != NULL)
            tdri_job_destroy(r);
        return tdri_err_set(&async->err, TDREST_ENOMEM, NULL);
    }
    r->rows_run = run;
    r->verb = TDRI_SQL_INSERT;
    run->stmt = stmt;
    tdri_buf_init(&run->sql, &async->mem, SIZE_MAX);
    tdri_stmt_reset_report(stmt);
    if (tdri_stmt_begin_run(stmt, &run->sending, async->scratch.max) != TDREST_OK) {
        tdri_job_destroy(r);
        return fail(async, stmt);
    }
    r->is_done = !prepare_next(r);
    if (tdri_buf_code(&run->sql) != TDREST_OK) {
        tdri_job_destroy(r);
        return tdri_err_set(&async->err, TDREST_ENOMEM, NULL);
    }
    stmt->run = r;
    stmt->give_up = give_up;
    (void)tdri_order_line_up(r, out);
    if (r->is_done)
        tdri_job_make_due(r);
    return TDREST_OK;
}

int tdrest_async_stmt_run(tdrest_async *async, tdrest_stmt *stmt, const tdrest_call *call, const tdrest_async_callbacks *callbacks, void *user,
                          tdrest_request **out)
{
    tdri_order o;
    int rc = tdri_order_begin(async, call, 0, callbacks, user, &o);

    if (out != NULL)
        *out = NULL;
    if (rc != TDREST_OK)
        return rc;
    if (tdri_stmt_ready_to_run(stmt) != TDREST_OK)
        return fail(async, stmt);
    return stmt->tpl.is_rows ? start_rows(async, stmt, &o, out) : start_plain(async, stmt, &o, out);
}

int tdri_rows_run_go_on(tdrest_request *r)
{
    tdri_rows_run *run = r->rows_run;

    if (run->stmt == NULL)
        return 0;
    tdri_stmt_note_request(run->stmt, &run->sending, &run->sql, tdrest_result_affected(r->res), &r->trial->err);
    if (!prepare_next(r))
        return 0;
    tdri_job_go_on(r);
    return 1;
}

void tdri_rows_run_end(tdrest_request *r, tdrest_error *err)
{
    tdri_rows_run *run = r->rows_run;
    tdrest_stmt *stmt = run->stmt;

    tdri_job_drop_result(r);
    if (stmt == NULL)
        return;
    if (err != NULL) {
        tdri_stmt_note_request(stmt, &run->sending, &run->sql, -1, err);
        stmt->err = *err;
    }
    stmt->affected = stmt->report.affected;
    stmt->report.rows = (int64_t)stmt->packing.row_count;
    stmt->run = NULL;
    run->stmt = NULL;
}

void tdri_rows_run_free(tdrest_request *r)
{
    if (r->rows_run == NULL)
        return;
    tdri_buf_clear(&r->rows_run->sql);
    tdri_mem_free(&r->async->mem, r->rows_run);
}
