/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Requests of an async object: what they bring, and what is refused. */
#include "async_dial.h"

static tdrt_server server;
static tdrest_async *async;
static tdrt_job jobs[64];

static int answer(const tdrt_visit *visit)
{
    if (tdrt_starts(visit, "insert"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    if (tdrt_starts(visit, "select bad"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":9826,\"desc\":\"Table does not exist\"}"});
    return tdrt_send_three(visit);
}

static void begin(tdrt_handler *handler, const char *parameters)
{
    async = tdrt_async_dial_new(&server, handler, parameters);
}

static void finish(void)
{
    tdrest_async_free(async);
    tdrt_server_stop(&server);
}

static void queries(void)
{
    begin(answer, "");
    for (int i = 0; i < 20; i++)
        tdrt_async_query(async, "select three", NULL, &jobs[i]);
    tdrt_async_finish(async);
    for (int i = 0; i < 20; i++)
        CHECK(jobs[i].ends == 1 && jobs[i].err.code == 0 && jobs[i].rows == 3 && jobs[i].sum == 6, "%d: %d ends, %s, %d rows", i, jobs[i].ends, jobs[i].err.message, (int)jobs[i].rows);
    CHECK_INT(atomic_load(&server.counts->connections), 4);
    finish();
}

static void statements(void)
{
    begin(answer, "");
    tdrt_async_exec(async, "insert into t values(1, 2)", NULL, &jobs[0]);
    tdrt_async_query(async, "select bad", NULL, &jobs[1]);
    tdrt_async_exec(async, "select three", NULL, &jobs[2]);
    tdrt_async_finish(async);
    CHECK(jobs[0].ends == 1 && jobs[0].err.code == 0 && jobs[0].affected == 1 && jobs[0].err.attempts == 1, "%s", jobs[0].err.message);
    CHECK(jobs[1].ends == 1 && jobs[1].err.code == TDREST_ESERVER && jobs[1].err.server_code == 0x2662, "%s", jobs[1].err.message);
    CHECK(jobs[2].ends == 1 && jobs[2].err.code == 0 && jobs[2].affected == -1 && jobs[2].blocks == 0, "%s", jobs[2].err.message);
    finish();
}

CU_TestInfo tdrt_async[] = {
    {"queries", queries},
    {"statements", statements},
    CU_TEST_INFO_NULL,
};
