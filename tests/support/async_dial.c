/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Async objects over scripted servers. Knows nothing of what is answered. */
#include "async_dial.h"

#ifndef TDREST_NO_ASYNC

#include <stdio.h>

static void on_rows(void *user, tdrest_request *request, tdrest_result *rows)
{
    tdrt_job *job = (tdrt_job *)user;
    int64_t value;

    CU_ASSERT(request == job->request && job->ends == 0);
    job->blocks++;
    while (tdrest_result_next(rows) == TDREST_ROW) {
        job->rows++;
        if (tdrest_result_int64(rows, 0, &value) == TDREST_OK)
            job->sum += value;
    }
}

static void on_end(void *user, tdrest_request *request, const tdrest_error *error)
{
    tdrt_job *job = (tdrt_job *)user;

    CU_ASSERT(request == job->request);
    job->ends++;
    job->err = *error;
    job->affected = tdrest_result_affected(tdrest_request_get_result(request));
    job->ended_ms = tdrt_now_ms();
}

const tdrest_async_callbacks tdrt_job_callbacks = {sizeof(tdrest_async_callbacks), on_rows, on_end};

tdrest_async *tdrt_async_dial(int port, const char *parameters)
{
    tdrest_options *options = NULL;
    tdrest_async *async = NULL;
    char dsn[512];

    tdrt_dial_dsn(port, parameters, dsn, sizeof dsn);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    CHECK(tdrest_options_parse(options, dsn) == TDREST_OK, "%s", tdrest_options_error(options)->message);
    CHECK(tdrest_async_new(options, &async) == TDREST_OK, "%s", tdrest_options_error(options)->message);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(async != NULL);
    return async;
}

tdrest_async *tdrt_async_dial_new(tdrt_server *server, tdrt_handler *handler, const char *parameters)
{
    tdrt_dial_serve(server, handler);
    return tdrt_async_dial(server->port, parameters);
}

void tdrt_async_query(tdrest_async *async, const char *sql, const tdrest_call *call, tdrt_job *job)
{
    *job = (tdrt_job){.affected = -1};
    CHECK(tdrest_async_query(async, sql, TDREST_CSTR, call, &tdrt_job_callbacks, job, &job->request) == TDREST_OK, "%s", tdrest_async_error(async)->message);
}

void tdrt_async_exec(tdrest_async *async, const char *sql, const tdrest_call *call, tdrt_job *job)
{
    *job = (tdrt_job){.affected = -1};
    CHECK(tdrest_async_exec(async, sql, TDREST_CSTR, call, &tdrt_job_callbacks, job, &job->request) == TDREST_OK, "%s", tdrest_async_error(async)->message);
}

void tdrt_async_finish(tdrest_async *async)
{
    CHECK_INT(tdrest_async_run(async, 60000), TDREST_DONE);
    CHECK(tdrest_async_count(async) == 0, "%d are left", (int)tdrest_async_count(async));
}

#endif
