/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Hosts by name: addresses of which one is dead. */
#include "async_dial.h"

#include "hole.h"
#include "names.h"

static tdrt_server server;
static tdrest_async *async;

static int answer(const tdrt_visit *visit)
{
    return tdrt_send_three(visit);
}

static void dial(const char *host, const char *parameters)
{
    tdrest_options *options = NULL;
    char dsn[256];

    snprintf(dsn, sizeof dsn, "http://%s:%d/test?%s", host, server.port, parameters);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    CHECK(tdrest_options_parse(options, dsn) == TDREST_OK, "%s", tdrest_options_error(options)->message);
    CU_ASSERT_FATAL(tdrest_async_new(options, &async) == TDREST_OK);
    tdrest_options_free(options);
}

static const struct {
    const char *dead;
    int is_hole; /* it is silent; else it refuses */
    int connect_ms;
} dead_ones[] = {
    {"127.0.0.2", 0, 1000 * TDRT_SLOW}, {"::1", 0, 1000 * TDRT_SLOW}, {"127.0.0.2", 1, 1000 * TDRT_SLOW}, {"::1", 1, 1000 * TDRT_SLOW},
};

/* The other one is tried within the connect limit, in one attempt, although no event comes from the one that is silent. */
static void one_is_dead(void)
{
    tdrt_names_two[1] = "127.0.0.1";
    for (size_t i = 0; i < COUNT_OF(dead_ones); i++) {
        tdrt_hole h = TDRT_HOLE_INIT;
        tdrt_job job;
        char parameters[64];

        server = (tdrt_server)TDRT_SERVER_INIT;
        CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
        if (dead_ones[i].is_hole)
            h = tdrt_hole_dig(dead_ones[i].dead, server.port);
        if (dead_ones[i].is_hole && h.listener < 0)
            printf(" %s cannot be had here;", dead_ones[i].dead);
        tdrt_names_two[0] = dead_ones[i].dead;
        snprintf(parameters, sizeof parameters, "retry=never&connect_timeout_ms=%d", dead_ones[i].connect_ms);
        dial("two.test", parameters);
        tdrt_async_query(async, "select three", NULL, &job);
        tdrt_async_finish(async);
        CHECK(job.ends == 1 && (job.err.code == TDREST_OK || atomic_load(&tdrt_names_asked) == 0), "%s, %d ms: %s", dead_ones[i].dead, dead_ones[i].connect_ms,
              job.err.message);
        CHECK_INT(tdrt_server_arrivals(&server, "select three"), atomic_load(&tdrt_names_asked) > 0);
        tdrest_async_free(async);
        tdrt_hole_fill(&h);
        tdrt_server_stop(&server);
    }
}

CU_TestInfo tdrt_async_names[] = {
    {"one is dead", one_is_dead},
    CU_TEST_INFO_NULL,
};
