/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Many callers while no host serves: the hosts are asked by one of them at a time, and when they are back nobody asks more often than it has to. */
#include "dial.h"

#include "client/conn.h"

#include <pthread.h>
#include <sys/mman.h>

enum { CALLERS = 64, HOSTS = 2, OUTAGE_MS = 1500, BACKOFF_MAX_MS = 200 };

static tdrt_server servers[HOSTS];
static atomic_int *serves; /* seen by the servers' processes */
static tdrest_options *options;
static pthread_t threads[CALLERS];
static atomic_int failed;

static int answer(const tdrt_visit *visit)
{
    if (!atomic_load((atomic_int *)(uintptr_t)visit->context))
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 503, .body = "\"memory exceeds threshold\""}), 0;
    return tdrt_send_three(visit);
}

static int arrivals(void)
{
    return tdrt_server_arrivals(&servers[0], "select three") + tdrt_server_arrivals(&servers[1], "select three");
}

/* How often the hosts were found failing. */
static int64_t tries(tdrest_conn *conn)
{
    size_t home = conn->host;
    tdri_host_pick pick = tdri_hosts_pick(conn->hosts, &home, 0);

    if (pick.wait_ms == 0)
        tdri_hosts_tell(conn->hosts, &pick, TDRI_HOST_SILENT, -1);
    return pick.tries;
}

static void *call(void *context)
{
    tdrest_conn *conn = (tdrest_conn *)context;

    if (tdrest_exec(conn, "select three", TDREST_CSTR, NULL, NULL) != TDREST_OK) {
        printf("%s\n", tdrest_conn_error(conn)->message);
        atomic_fetch_add(&failed, 1);
    }
    return NULL;
}

static void begin(tdrest_conn *conns[CALLERS + 1])
{
    char dsn[256];

    serves = (atomic_int *)mmap(NULL, sizeof *serves, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_FATAL(serves != MAP_FAILED);
    for (int i = 0; i < HOSTS; i++) {
        servers[i] = (tdrt_server)TDRT_SERVER_INIT;
        CU_ASSERT_FATAL(tdrt_server_start(&servers[i], answer, serves));
    }
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d,127.0.0.1:%d/test?retry_for_ms=600000&retry_backoff_ms=50&retry_backoff_max_ms=%d", servers[0].port,
             servers[1].port, BACKOFF_MAX_MS);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK);
    for (int i = 0; i <= CALLERS; i++)
        CU_ASSERT_FATAL(tdrest_conn_new(options, &conns[i]) == TDREST_OK);
    for (int i = 0; i < CALLERS; i++)
        CU_ASSERT_FATAL(pthread_create(&threads[i], NULL, call, conns[i]) == 0);
}

/* Each caller goes to each host once, side by side with the others; from then on there are no more than two attempts for each time that a host was found failing. */
static void one_at_a_time(void)
{
    tdrest_conn *conns[CALLERS + 1];
    int64_t tried_before, tried, tried_more; /* in this order: none that arrived is left out */
    int during, end;

    begin(conns);
    for (int i = 0; i < 6000 && arrivals() < CALLERS; i++) /* all have begun */
        tdrt_pause(10);
    tdrt_pause(OUTAGE_MS * TDRT_SLOW);
    tried_before = tries(conns[CALLERS]);
    during = arrivals();
    tried = tries(conns[CALLERS]);
    CHECK(during >= CALLERS && during <= HOSTS * CALLERS + 2 * tried + 2 * HOSTS && tried > HOSTS, "%d attempts; hosts failed %d times", during, (int)tried);
    atomic_store(serves, 1);
    for (int i = 0; i < CALLERS; i++)
        pthread_join(threads[i], NULL);
    end = arrivals();
    tried_more = tries(conns[CALLERS]) - tried_before;
    CHECK_INT(atomic_load(&failed), 0);
    CHECK(end - during >= CALLERS - 2 * HOSTS && end - during <= CALLERS + 2 * tried_more + 2 * HOSTS, "%d arrivals after the return", end - during);
    for (int i = 0; i <= CALLERS; i++)
        tdrest_conn_free(conns[i]);
    tdrest_options_free(options);
    for (int i = 0; i < HOSTS; i++)
        tdrt_server_stop(&servers[i]);
    munmap(serves, sizeof *serves);
}

CU_TestInfo tdrt_outage[] = {
    {"one at a time", one_at_a_time},
    CU_TEST_INFO_NULL,
};
