/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What trying again must not cost: the time of the call, the account, turns of other callers, connections that are good. */
#include "dial.h"

#include "client/conn.h"

static tdrt_server a, b;
static tdrest_conn *conn;

static int served(const tdrt_server *server)
{
    return tdrt_server_arrivals(server, "select three");
}

/* A connection that tries the hole first, and its call with that limit. */
static int ask_past_the_hole(int64_t timeout_ms)
{
    tdrest_call call = TDREST_CALL_INIT;
    int rc;

    conn = tdrt_dial_both(&a, &b, "connect_timeout_ms=600000");
    while (conn->host != 0) {
        tdrest_conn_free(conn);
        conn = tdrt_dial_both(&a, &b, "connect_timeout_ms=600000");
    }
    call.timeout_ms = timeout_ms;
    rc = tdrest_exec(conn, "select three", TDREST_CSTR, &call, NULL);
    CHECK(rc == TDREST_OK || (rc == TDREST_ETIMEOUT && timeout_ms < 20000), "%s", tdrest_conn_error(conn)->message);
    tdrest_conn_free(conn);
    return rc;
}

/* Several hosts and a limit for the whole call: one that swallows everything does not use it up, although connect_timeout_ms is longer. */
static void black_hole_leaves_time(void)
{
    a = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_block(&a));
    tdrt_dial_serve(&b, tdrt_send_ready);
    for (int64_t ms = 1500; ask_past_the_hole(ms) == TDREST_ETIMEOUT && ms < 20000;)
        ms *= 2; /* what was left was too short for this machine */
    CHECK(served(&b) >= 1, "%s", "the other one did not serve");
    tdrt_server_stop(&a);
    tdrt_server_stop(&b);
}

/* ---- hosts that answer, and do not serve ---- */

static int answer_status(const tdrt_visit *visit)
{
    const char *body = (const char *)visit->context;

    return tdrt_starts(visit, "select server_status()") ? tdrt_send_answer(visit, &(tdrt_answer){.body = body}) : tdrt_send_three(visit);
}

/* A host that comes back and refuses the login: the call that asked it ends, nobody asks again, and the other one goes on serving. */
static void login_refused(void)
{
    static const char refusal[] = "{\"code\":855,\"desc\":\"Authentication failure\"}";
    tdrest_options *options;
    tdrest_conn *all[2] = {NULL, NULL};
    const tdrest_error *err;
    char port[16];
    int64_t end;
    int rc = TDREST_OK;

    tdrt_dial_serve(&a, tdrt_send_ready);
    tdrt_dial_serve(&b, tdrt_send_ready);
    options = tdrt_dial_options_of(&a, &b, "retry_backoff_ms=10");
    for (int i = 0; i < 2; i++) {
        CHECK_INT(tdrest_conn_new(options, &all[i]), TDREST_OK);
        tdrt_dial_three(all[i]);
    }
    tdrt_server_down(&a);
    for (int i = 0; i < 2; i++)
        tdrt_dial_three(all[i]);
    CU_ASSERT_FATAL(tdrt_server_start(&a, answer_status, refusal));
    for (end = tdrt_now_ms() + 30000; rc == TDREST_OK && tdrt_now_ms() < end; tdrt_pause(5))
        rc = tdrest_exec(all[0], "select three", TDREST_CSTR, NULL, NULL);
    err = tdrest_conn_error(all[0]);
    CHECK(rc == TDREST_EAUTH && err->attempts == 0 && err->ran == TDREST_RAN_NO && err->repeat == TDREST_REPEAT_NO && err->server_code == 855, "%d: %s", rc,
          err->message);
    CHECK(strstr(err->endpoint, (sprintf(port, ":%d/", a.port), port)) != NULL, "%s", err->endpoint);
    for (int i = 0; i < 2; i++)
        tdrt_dial_three(all[i]);
    CHECK(tdrt_server_arrivals(&a, "select server_status()") == 1 && served(&a) == 1, "%d logins", tdrt_server_arrivals(&a, "select server_status()"));
    tdrest_conn_free(all[0]);
    tdrest_conn_free(all[1]);
    tdrest_options_free(options);
    tdrt_server_stop(&a);
    tdrt_server_stop(&b);
}

/* A host that says that it is not ready is no healthy one: a ping asks the next host, and statements go there. */
static void ping_finds_the_ready_host(void)
{
    tdrest_call call = TDREST_CALL_INIT;

    tdrt_dial_serve(&b, tdrt_send_ready);
    a = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&a, answer_status, TDRT_INTS("[0]") ",\"rows\":1}"));
    for (int never = 0; never < 2; never++) {
        int before = served(&a);

        do
            conn = tdrt_dial_both(&a, &b, "retry_backoff_ms=1");
        while (conn->host != 0 && (tdrest_conn_free(conn), 1));
        call.retry = never ? TDREST_RETRY_NEVER : TDREST_RETRY_AUTO;
        CHECK_INT(tdrest_conn_ping(conn, &call), never ? TDREST_ESERVER : TDREST_OK);
        CHECK_INT(tdrt_server_arrivals(&a, "select server_status()"), 1 + never);
        tdrt_dial_three(conn);
        CHECK(served(&a) == before && conn->host == 1, "host %zu", conn->host);
        tdrest_conn_free(conn);
    }
    tdrt_server_stop(&a);
    tdrt_server_stop(&b);
}

/* ---- what is given back ---- */

static int break_behind_columns(const tdrt_visit *visit)
{
    (void)tdrt_send(visit, TDRT_HEAD_CHUNKED, 0);
    (void)tdrt_send_chunk(visit, TDRT_START, sizeof TDRT_START - 1);
    tdrt_wait_for_gate(visit);
    return tdrt_reset(visit);
}

/* Breaks twice, so that the host is set aside, and then has other columns. */
static int break_twice(const tdrt_visit *visit)
{
    static const char other[] = "{\"code\":0,\"column_meta\":[[\"d\",\"INT\",4]],\"data\":[[1]";
    tdrt_server self = TDRT_SERVER_INIT;

    self.counts = visit->counts;
    if (tdrt_server_arrivals(&self, visit->sql) < 3)
        return break_behind_columns(visit);
    (void)tdrt_send(visit, TDRT_HEAD_CHUNKED, 0);
    (void)tdrt_send_chunk(visit, other, sizeof other - 1);
    return tdrt_hold(visit); /* the client does not wait for the rest */
}

/* Whoever tried the host for all no longer does: its turn is not kept, neither by a result that is refused nor by one that is freed. */
static void turns_are_given_back(void)
{
    for (int freed = 0; freed < 2; freed++) {
        tdri_host_pick pick;
        tdrest_result *res;
        size_t home = 0;
        int64_t rows;

        conn = tdrt_dial_new(&a, break_twice, "?retry=auto&conn_retries=5&retry_backoff_ms=1&retry_backoff_max_ms=1");
        res = tdrt_dial_query(conn, "select broken", NULL);
        if (!freed) {
            tdrt_server_open_gate(&a);
            CHECK_INT(tdrt_dial_read(res, &rows), TDREST_EANSWER);
            CHECK_INT(tdrt_server_arrivals(&a, "select broken"), 3);
        } else { /* as within a repeat whose rows are still to come */
            conn->attempts->pick = tdri_hosts_pick(conn->hosts, &home, 0);
            tdri_hosts_tell(conn->hosts, &conn->attempts->pick, TDRI_HOST_BAD, -1);
            conn->attempts->pick = tdri_hosts_pick(conn->hosts, &home, 1);
            conn->attempts->picked = 1;
        }
        tdrest_result_free(res);
        pick = tdri_hosts_pick(conn->hosts, &home, 0);
        CHECK(pick.claim != 0 || pick.wait_ms < TDRI_HOST_POLL_MS, "wait %d ms", (int)pick.wait_ms);
        tdri_hosts_tell(conn->hosts, &pick, TDRI_HOST_SILENT, -1);
        tdrest_conn_free(conn);
        tdrt_server_stop(&a);
    }
}

static int ask_for_time(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.status = 503, .fields = TDRT_JSON "Retry-After: 30\r\n", .body = "\"memory exceeds threshold\""});
}

/* Hears the first failure of a call, before the wait that follows it. */
static void cancel_at_failure(void *context, int level, const char *message)
{
    (void)message;
    if (level == TDREST_LOG_ERROR && *(tdrest_conn **)context != NULL)
        tdrest_conn_cancel(*(tdrest_conn **)context);
}

/* The pool keeps a connection whose call was cancelled between two attempts: nothing is wrong with it. */
static void cancelled_in_a_wait(void)
{
    tdrest_pool_counts counts = TDREST_POOL_COUNTS_INIT;
    tdrest_error err = TDREST_ERROR_INIT;
    tdrest_options *options = NULL;
    tdrest_pool *pool = NULL;
    tdrest_call call = TDREST_CALL_INIT;
    char dsn[96];

    tdrt_dial_serve(&a, ask_for_time);
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?log_level=error", a.port);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK);
    tdrest_options_set_log(options, cancel_at_failure, &conn);
    CU_ASSERT_FATAL(tdrest_pool_new(options, &pool) == TDREST_OK && tdrest_pool_get(pool, 0, &err, &conn) == TDREST_OK);
    call.timeout_ms = 600000;
    CHECK_INT(tdrest_exec(conn, "select three", TDREST_CSTR, &call, NULL), TDREST_ECANCELLED);
    tdrest_pool_put(pool, conn);
    conn = NULL;
    CHECK_INT(tdrest_pool_stats(pool, &counts), TDREST_OK);
    CHECK(counts.idle == 1 && counts.closed_failed == 0, "%d idle, %d closed", (int)counts.idle, (int)counts.closed_failed);
    tdrest_pool_free(pool);
    tdrest_options_free(options);
    tdrt_server_stop(&a);
}

CU_TestInfo tdrt_failover_cost[] = {
    {"a black hole leaves time", black_hole_leaves_time},
    {"login refused", login_refused},
    {"ping finds the ready host", ping_finds_the_ready_host},
    {"turns are given back", turns_are_given_back},
    {"cancelled in a wait", cancelled_in_a_wait},
    CU_TEST_INFO_NULL,
};
