/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Hosts by name: addresses of which one is dead, and lookups that take their time. */
#include "async_dial.h"

#include "hole.h"
#include "names.h"
#include "async/engine.h"
#include "client/conn.h"
#include "net/curl_net.h"

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
} dead_ones[] = {
    {"127.0.0.2", 0}, {"::1", 0}, {"127.0.0.2", 1}, {"::1", 1},
};

/* 0: the limit was too short for this machine, and may be longer. */
static int try_dead(size_t i, int connect_ms, int is_last)
{
    tdrt_hole h = TDRT_HOLE_INIT;
    tdrt_job job;
    char parameters[64];
    int good;

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    if (dead_ones[i].is_hole)
        h = tdrt_hole_dig(dead_ones[i].dead, server.port);
    if (dead_ones[i].is_hole && h.listener < 0)
        printf(" %s cannot be had here;", dead_ones[i].dead);
    tdrt_names_two[0] = dead_ones[i].dead;
    snprintf(parameters, sizeof parameters, "retry=never&connect_timeout_ms=%d", connect_ms);
    dial("two.test", parameters);
    tdrt_async_query(async, "select three", NULL, &job);
    tdrt_async_finish(async);
    good = job.err.code == TDREST_OK || atomic_load(&tdrt_names_asked) == 0;
    if (good || is_last || job.err.code != TDREST_ETIMEOUT) {
        CHECK(job.ends == 1 && good, "%s, %d ms: %s", dead_ones[i].dead, connect_ms, job.err.message);
        CHECK_INT(tdrt_server_arrivals(&server, "select three"), atomic_load(&tdrt_names_asked) > 0);
        good = 1;
    }
    tdrest_async_free(async);
    tdrt_hole_fill(&h);
    tdrt_server_stop(&server);
    return good;
}

/* The other one is tried within the connect limit, in one attempt, although no event comes from the one that is silent. */
static void one_is_dead(void)
{
    enum { SHORTEST_MS = 1000, LONGEST_MS = 30000 };

    tdrt_names_two[1] = "127.0.0.1";
    for (size_t i = 0; i < COUNT_OF(dead_ones); i++)
        for (int ms = SHORTEST_MS; !try_dead(i, ms, ms > LONGEST_MS); ms *= 2)
            ;
}

/* ---- lookups ---- */

enum { MANY = 1000, SOME = 100, SLEEP_MS = 30000, LIMIT_MS = 10000 };

static tdrt_job jobs[MANY];

static void begin(const char *parameters, int lookup_ms, int count)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    atomic_store(&tdrt_names_slow_ms, lookup_ms);
    atomic_store(&tdrt_names_asked, 0);
    dial("many.slow.test", parameters);
    for (int i = 0; i < count; i++)
        tdrt_async_query(async, "select three", NULL, &jobs[i]);
}

/* All wait for one lookup. */
static void one_lookup_for_all(void)
{
    int good = 0, asked;

    begin("retry=never&connect_timeout_ms=60000", 100, MANY);
    tdrt_async_finish(async);
    asked = atomic_load(&tdrt_names_asked);
    for (int i = 0; i < MANY; i++)
        good += jobs[i].ends == 1 && jobs[i].err.code == TDREST_OK && jobs[i].rows == 3;
    if (asked == 0)
        printf(" libcurl does not ask getaddrinfo;");
    else
        CHECK(good == MANY && asked <= 2, "%d of %d, %d lookups: %s", good, MANY, asked, jobs[0].err.message);
    tdrest_async_free(async);
    tdrt_server_stop(&server);
}

/* Neither waits for a lookup that goes on, where libcurl can do without. */
static void given_up_during_a_lookup(void)
{
    int interruptible, cancelled = 0;
    int64_t from = tdrt_now_ms();

    (void)tdri_loop_version(&interruptible);
    if (!interruptible) {
        printf(" this libcurl waits for lookups;");
        return;
    }
    begin("retry=never&connect_timeout_ms=60000", SLEEP_MS, SOME);
    while (atomic_load(&tdrt_names_asked) == 0 && tdrt_now_ms() - from < LIMIT_MS && tdrest_async_count(async) > 0)
        CHECK_INT(tdrest_async_run(async, 1) < 0, 0);
    from = tdrt_now_ms();
    if (jobs[0].ends == 0)
        tdrest_request_cancel(jobs[0].request);
    CHECK_INT(tdrest_async_run(async, 1) < 0, 0);
    CHECK_INT(jobs[0].ends, 1);
    tdrest_async_free(async);
    CHECK(tdrt_now_ms() - from < LIMIT_MS, "after %d ms", (int)(tdrt_now_ms() - from));
    for (int i = 0; i < SOME; i++)
        cancelled += jobs[i].ends == 1 && jobs[i].err.code == TDREST_ECANCELLED;
    CHECK(cancelled == SOME || atomic_load(&tdrt_names_asked) == 0, "%d of %d: %s", cancelled, SOME, jobs[0].err.message);
    atomic_store(&tdrt_names_slow_ms, -1);
    tdrt_server_stop(&server);
}

/* ---- a handle that was used before ---- */

static int answer_and_close(const tdrt_visit *visit)
{
    (void)tdrt_send_answer(visit, &(tdrt_answer){.fields = TDRT_JSON "Connection: close\r\n", .body = TDRT_THREE});
    return 0;
}

/* Its last lookup took no time, its next one takes long: neither a cancel nor a limit waits for that. */
static void given_up_during_a_later_lookup(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    int64_t from;
    int interruptible, asked;

    (void)tdri_loop_version(&interruptible);
    if (!interruptible)
        return; /* as said above */
    for (int limited = 0; limited < 2; limited++) {
        tdrt_dial_serve(&server, answer_and_close);
        atomic_store(&tdrt_names_slow_ms, -1);
        dial("later.slow.test", "retry=never&connect_timeout_ms=60000");
        tdrt_async_query(async, "select three", NULL, &jobs[0]);
        tdrt_async_finish(async);
        CHECK(jobs[0].rows == 3, "%s", jobs[0].err.message);
        asked = atomic_load(&tdrt_names_asked);
        atomic_store(&tdrt_names_slow_ms, SLEEP_MS);
        curl_easy_setopt(async->sites[0].free->conn->exchange->easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
        async->sites[0].known_until_ms = 0; /* as after a minute */
        call.timeout_ms = limited ? 100 : 0;
        tdrt_async_query(async, "select three", &call, &jobs[0]);
        from = tdrt_now_ms();
        while (atomic_load(&tdrt_names_asked) == asked && jobs[0].ends == 0 && tdrt_now_ms() - from < LIMIT_MS)
            CHECK_INT(tdrest_async_run(async, 1) < 0, 0);
        if (jobs[0].ends == 0)
            CHECK(async->sites[0].looks_up != NULL, "%s", "others would look the name up, too");
        if (!limited && jobs[0].ends == 0)
            tdrest_request_cancel(jobs[0].request);
        tdrt_async_finish(async);
        tdrest_async_free(async);
        CHECK(tdrt_now_ms() - from < LIMIT_MS + 5000, "after %d ms", (int)(tdrt_now_ms() - from));
        CHECK(jobs[0].ends == 1 && (jobs[0].err.code == (limited ? TDREST_ETIMEOUT : TDREST_ECANCELLED) || atomic_load(&tdrt_names_asked) == 0), "%s", jobs[0].err.message);
        atomic_store(&tdrt_names_slow_ms, -1);
        tdrt_server_stop(&server);
    }
}

CU_TestInfo tdrt_async_names[] = {
    {"one is dead", one_is_dead},
    {"one lookup for all", one_lookup_for_all},
    {"given up during a lookup", given_up_during_a_lookup},
    {"given up during a later lookup", given_up_during_a_later_lookup},
    CU_TEST_INFO_NULL,
};
