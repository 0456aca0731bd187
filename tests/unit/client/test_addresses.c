/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A name with several addresses, of which one is dead: the other one serves, and the host is one host. */
#include "dial.h"

#include "hole.h"
#include "names.h"

static tdrt_server server;

static int answer(const tdrt_visit *visit)
{
    return tdrt_send_three(visit);
}

static const struct {
    const char *dead;
    int is_hole; /* else it refuses */
    int connect_ms;
} dead_ones[] = {
    {"127.0.0.2", 0, 1000}, {"127.0.0.2", 0, 10000}, {"::1", 0, 1000}, {"::1", 0, 10000},
    {"127.0.0.2", 1, 1000}, {"::1", 1, 1000}, {"::1", 1, 10000},
};

/* 0: the limit was too short for this machine, and may be longer. */
static int try_dead(size_t i, int connect_ms, int is_last)
{
    char dsn[128], why[256];
    tdrest_conn *conn = NULL;
    tdrt_hole h = TDRT_HOLE_INIT;
    int rc, good;

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    if (dead_ones[i].is_hole)
        h = tdrt_hole_dig(dead_ones[i].dead, server.port);
    if (dead_ones[i].is_hole && h.listener < 0)
        printf(" %s cannot be had here;", dead_ones[i].dead);
    tdrt_names_two[0] = dead_ones[i].dead;
    snprintf(dsn, sizeof dsn, "http://two.test:%d/test?retry=never&connect_timeout_ms=%d", server.port, connect_ms);
    CU_ASSERT_FATAL(tdrest_open(dsn, &conn, why, sizeof why) == TDREST_OK);
    rc = tdrest_exec(conn, "select three", TDREST_CSTR, NULL, NULL);
    good = rc == TDREST_OK || atomic_load(&tdrt_names_asked) == 0;
    if (good || is_last || rc != TDREST_ETIMEOUT) {
        CHECK(good, "%s, %d ms: %s", dead_ones[i].dead, connect_ms, tdrest_conn_error(conn)->message);
        CHECK_INT(tdrt_server_arrivals(&server, "select three"), atomic_load(&tdrt_names_asked) > 0);
        good = 1;
    }
    tdrest_conn_free(conn);
    tdrt_hole_fill(&h);
    tdrt_server_stop(&server);
    return good;
}

/* One attempt, whichever address comes first. */
static void one_is_dead(void)
{
    enum { LONGEST_MS = 30000 };

    tdrt_names_two[1] = "127.0.0.1";
    for (size_t i = 0; i < COUNT_OF(dead_ones); i++)
        for (int ms = dead_ones[i].connect_ms; !try_dead(i, ms, ms > LONGEST_MS); ms *= 2)
            ;
}

/* Both are dead: one attempt, one failure of one host, and the next host serves. */
static void both_are_dead(void)
{
    tdrest_options *options = NULL;
    tdrest_conn *conn = NULL;
    char host[64];
    int port;

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, NULL));
    port = server.port;
    tdrt_names_two[0] = "127.0.0.2";
    tdrt_names_two[1] = "127.0.0.3";
    snprintf(host, sizeof host, "two.test:%d,127.0.0.1:%d", port, port);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_set(options, "host", host) == TDREST_OK);
    for (int i = 0; i < 8; i++) { /* the first host by lot: it is tried sooner or later */
        CU_ASSERT_FATAL(tdrest_conn_new(options, &conn) == TDREST_OK);
        CHECK(tdrest_exec(conn, "select three", TDREST_CSTR, NULL, NULL) == TDREST_OK, "%s", tdrest_conn_error(conn)->message);
        CHECK_INT(tdrt_server_arrivals(&server, "select three"), i + 1);
        tdrest_conn_free(conn);
    }
    CHECK_INT(tdrest_options_set(options, "host", "two.test:1"), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "retry", "never"), TDREST_OK);
    CU_ASSERT_FATAL(tdrest_conn_new(options, &conn) == TDREST_OK);
    CHECK_INT(tdrest_exec(conn, "select three", TDREST_CSTR, NULL, NULL), TDREST_ECONNECT);
    CHECK(tdrest_conn_error(conn)->attempts == 1 && strcmp(tdrest_conn_error(conn)->hosts, "http://two.test:1") == 0, "%d attempts at %s",
          tdrest_conn_error(conn)->attempts, tdrest_conn_error(conn)->hosts);
    tdrest_conn_free(conn);
    tdrest_options_free(options);
    tdrt_server_stop(&server);
}

CU_TestInfo tdrt_addresses[] = {
    {"one is dead", one_is_dead},
    {"both are dead", both_are_dead},
    CU_TEST_INFO_NULL,
};
