/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Memory that runs out at every single allocation of the library: each request that was started ends once, nothing crashes, nothing is left over. Those of
 * libcurl do not fail here: with its socket interface, releases such as 7.88 divide by zero then.
 */
#include "async_dial.h"

#include "memory.h"
#include "own_memory.h"

enum { JOBS = 3, MOST = 2000 };

static tdrt_server server;
static tdrt_job jobs[JOBS];

static int answer(const tdrt_visit *visit)
{
    if (tdrt_starts(visit, "SELECT COUNT(*)"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":0,\"column_meta\":[[\"count(*)\",\"BIGINT\",8]],\"data\":[[3]],\"rows\":1}"});
    return tdrt_starts(visit, "insert") ? tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED}) : tdrt_send_three(visit);
}

/* Three requests over two lanes. The number that succeeded; *started: how many could be started. */
static int scenario(int *started)
{
    static const char *const sql[JOBS] = {"select three", "insert into t values(1700000000000, 1)", "select three"};
    tdrest_options *options = NULL;
    tdrest_async *async = NULL;
    tdrest_call call = TDREST_CALL_INIT;
    char dsn[128];
    int good = 0;

    *started = 0;
    memset(jobs, 0, sizeof jobs);
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?retry=never&max_per_host=2", server.port);
    if (tdrest_options_new(&tdrt_own_memory, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK && tdrest_async_new(options, &async) == TDREST_OK)
        for (int i = 0; i < JOBS; i++) {
            int rc;

            call.verify_rows = i == JOBS - 1 ? TDREST_VERIFY_COUNT : TDREST_VERIFY_NONE;
            rc = tdrest_async_query(async, sql[i], TDREST_CSTR, &call, &tdrt_job_callbacks, &jobs[i], &jobs[i].request);

            CHECK(rc == TDREST_OK || rc == TDREST_ENOMEM, "%d: %s", rc, tdrest_async_error(async)->message);
            *started += rc == TDREST_OK;
        }
    if (async != NULL)
        for (int i = 0; i < 100 && tdrest_async_run(async, 10000) != TDREST_DONE; i++)
            ;
    CHECK(async == NULL || tdrest_async_count(async) == 0, "%d are left", async == NULL ? 0 : (int)tdrest_async_count(async));
    tdrest_async_free(async);
    tdrest_options_free(options);
    for (int i = 0; i < JOBS; i++)
        good += jobs[i].ends == 1 && jobs[i].err.code == 0;
    return good;
}

static void check_run(int64_t n, int persistent)
{
    int started, ends = 0, good;

    tdrt_own_plan(n, persistent);
    good = scenario(&started);
    tdrt_own_plan(0, 0);
    for (int i = 0; i < JOBS; i++) {
        ends += jobs[i].ends;
        CHECK(jobs[i].ends <= 1, "allocation %d: %d ends", (int)n, jobs[i].ends);
    }
    CHECK(ends == started && good <= ends, "allocation %d%s: %d started, %d ended", (int)n, persistent ? " and all after it" : "", started, ends);
}

static void every_allocation(void)
{
    int started;
    int64_t count;

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    tdrt_own_plan(0, 0);
    CHECK_INT(scenario(&started), JOBS);
    count = tdrt_own_count();
    CHECK(count > 30 && count < MOST, "%d allocations", (int)count);
    for (int64_t n = 1; n <= count; n++) {
        check_run(n, 0);
        check_run(n, 1);
    }
    CHECK(tdrt_own_live() == 0, "%d blocks are left over", (int)tdrt_own_live());
    tdrt_server_stop(&server);
}

/* One scenario after the other costs nothing: requests, lanes and connections are used again. */
static void memory_is_constant(void)
{
    tdrest_options *options = NULL;
    tdrest_async *async = NULL;
    char dsn[128];
    int64_t most[2];

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?retry=never", server.port);
    CU_ASSERT_FATAL(tdrest_options_new(&tdrt_memory, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK);
    CU_ASSERT_FATAL(tdrest_async_new(options, &async) == TDREST_OK);
    for (int round = 0; round < 4; round++) {
        static tdrt_job many[500];

        tdrt_memory_plan(0, 0);
        for (int i = 0; i < 500; i++)
            tdrt_async_query(async, "select three", NULL, &many[i]);
        tdrt_async_finish(async);
        most[round % 2] = tdrt_memory_most();
        for (int i = 0; i < 500; i++)
            CHECK(many[i].ends == 1 && many[i].err.code == 0, "%d: %s", i, many[i].err.message);
    }
    /* What runs at the same moment differs a little; what is lost with each request would not. */
    CHECK(most[1] <= most[0] + most[0] / 4 && most[0] <= most[1] + most[1] / 4, "%d bytes, then %d", (int)most[0], (int)most[1]);
    tdrest_async_free(async);
    tdrest_options_free(options);
    tdrt_server_stop(&server);
}

CU_TestInfo tdrt_async_oom[] = {
    {"every allocation", every_allocation},
    {"memory is constant", memory_is_constant},
    CU_TEST_INFO_NULL,
};
