/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which connections of a pool are kept, and which are closed. */
#include "pooled.h"

#include "client/pool.h"

static void idle_limit(void)
{
    tdrt_pool_begin("?pool_max=16&pool_idle_ms=1000&pool_ping_ms=0");
    tdrt_pool_burst(16, "select three");
    CHECK_STATS(idle, 16);
    for (int i = 0; i < 20; i++) { /* one user */
        tdrt_pool_ms += 100;
        tdrt_pool_run("select three", TDREST_DONE);
    }
    CHECK_STATS(idle, 1);
    CHECK_STATS(closed_idle, 15);
    CHECK_STATS(made, 16);
    tdrt_pool_ms += 999;
    tdrt_pool_run("select three", TDREST_DONE);
    CHECK_STATS(closed_idle, 15);
    tdrt_pool_ms += 1000; /* the one that is asked for */
    tdrt_pool_run("select three", TDREST_DONE);
    CHECK_STATS(closed_idle, 16);
    tdrt_pool_ms += 1000000; /* the machine slept */
    tdrt_pool_run("select three", TDREST_DONE);
    CHECK_STATS(closed_idle, 17);
    tdrt_pool_finish();
}

/* Without idle limit nothing but its lifetime ends a connection, and not all at once. */
static void lifetime(void)
{
    int early = 0;

    tdrt_pool_begin("?pool_max=50&pool_idle_ms=0&pool_ping_ms=0&pool_lifetime_ms=10000");
    tdrt_pool_burst(50, "select three");
    tdrt_pool_ms += 8999;
    tdrt_pool_burst(50, "select three");
    CHECK_STATS(made, 50);
    tdrt_pool_ms += 1001;
    tdrt_pool_burst(50, "select three");
    early = (int)tdrt_pool_stats().closed_lifetime;
    CHECK(early > 5 && early < 45, "%d of 50 did not reach their lifetime", early);
    tdrt_pool_ms += 1001;
    tdrt_pool_burst(50, "select three");
    CHECK_STATS(closed_lifetime, 50);
    CHECK_STATS(made, 100);
    tdrt_pool_finish();
}

/* A busy connection ends when it comes back. */
static void lifetime_of_a_busy_one(void)
{
    tdrest_conn *conn;

    tdrt_pool_begin("?pool_lifetime_ms=10000");
    conn = tdrt_pool_get();
    tdrt_pool_ms += 11001;
    tdrt_dial_three(conn);
    tdrest_pool_put(tdrt_the_pool, conn);
    CHECK_STATS(closed_lifetime, 1);
    CHECK_STATS(idle, 0);
    tdrt_pool_finish();
}

/* While the only idle connection is looked at, nobody makes another one: it is back in a moment. The pool's own steps, as threads would take them. */
static void looked_at(void)
{
    tdri_lease *seen[TDRI_POOL_LOOKS], *newest;
    tdrest_pool *pool;

    tdrt_pool_begin("?pool_max=3");
    pool = tdrt_the_pool;
    tdrt_pool_burst(2, "select three");
    pthread_mutex_lock(&pool->lock);
    CHECK_INT(tdri_pool_line_see(pool, tdrt_pool_ms + 999, seen), 0);
    CHECK_INT(tdri_pool_line_see(pool, tdrt_pool_ms + 1000, seen), 1);
    newest = tdri_pool_line_take(pool, tdrt_pool_ms);
    CU_ASSERT(newest != NULL && newest != seen[0]);
    CU_ASSERT_PTR_NULL(tdri_pool_line_take(pool, tdrt_pool_ms));
    tdri_pool_line_return(seen[0], tdrt_pool_ms);
    CU_ASSERT_PTR_EQUAL(tdri_pool_line_take(pool, tdrt_pool_ms), seen[0]);
    CU_ASSERT_PTR_NOT_NULL(tdri_pool_line_take(pool, tdrt_pool_ms)); /* now a third one */
    for (size_t i = 0; i < 3; i++)
        tdri_pool_line_return(&pool->leases[i], tdrt_pool_ms);
    pthread_mutex_unlock(&pool->lock);
    CHECK_STATS(idle, 2);
    CHECK_STATS(in_use, 0);
    tdrt_pool_finish();
}

static void no_lifetime(void)
{
    tdrt_pool_begin("?pool_idle_ms=0&pool_ping_ms=0&pool_lifetime_ms=0");
    tdrt_pool_run("select three", TDREST_DONE);
    tdrt_pool_ms += 1000000000000;
    tdrt_pool_run("select three", TDREST_DONE);
    CHECK_STATS(made, 1);
    CHECK_INT(tdrt_pool_tcp(), 1);
    tdrt_pool_finish();
}

/* Neither a connection that the server closed nor one on which it said something unasked is handed out. */
static void stale(void)
{
    static const char *const statements[] = {"select brief", "select junk"};

    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        tdrt_pool_begin("");
        tdrt_pool_run(statements[i], TDREST_DONE);
        tdrt_server_open_gate(&tdrt_pool_server);
        tdrt_await_input(&tdrt_pool_server, 1);
        tdrt_pool_run("select three", TDREST_DONE);
        CHECK_STATS(closed_stale, 1);
        CHECK_STATS(made, 2);
        CHECK_INT(tdrt_server_arrivals(&tdrt_pool_server, "select three"), 1);
        CHECK_INT(tdrt_pool_tcp(), 2);
        tdrt_pool_finish();
    }
}

/* Sockets that the server closed do not stay open, although only one of the connections is used. */
static void all_stale(void)
{
    tdrt_pool_begin("?pool_max=50");
    tdrt_pool_burst(50, "select brief");
    tdrt_server_open_gate(&tdrt_pool_server);
    tdrt_await_input(&tdrt_pool_server, 50);
    tdrt_pool_ms += 1000;
    for (int i = 0; i < 30; i++)
        tdrt_pool_run("select three", TDREST_DONE);
    CHECK_STATS(closed_stale, 50);
    CHECK_STATS(idle, 1);
    CHECK_STATS(made, 51);
    tdrt_pool_finish();
}

/* Nobody answers on the connection; the others are not asked. */
static void ping(void)
{
    int64_t before;

    tdrt_pool_begin_with("?pool_ping_ms=1000", (tdrt_manners){1, NULL});
    tdrt_pool_run("select three", TDREST_DONE);
    tdrt_pool_ms += 999;
    tdrt_pool_run("select three", TDREST_DONE);
    CHECK_STATS(pings, 0);
    CHECK_STATS(made, 1);
    tdrt_pool_ms += 1000;
    before = tdrt_now_ms();
    tdrt_pool_run("select three", TDREST_DONE);
    before = tdrt_now_ms() - before;
    CHECK(before >= 900 && before <= 20000, "%" PRId64 " ms", before);
    CHECK_STATS(pings, 1);
    CHECK_STATS(closed_failed, 1);
    tdrt_pool_ms += 1000; /* its successor answers */
    tdrt_pool_run("select three", TDREST_DONE);
    CHECK_STATS(pings, 2);
    CHECK_STATS(made, 2);
    CHECK_INT(tdrt_pool_tcp(), 2);
    tdrt_pool_finish();
}

/* A server that is not ready answers all the same: it is the caller's statement that fails. */
static void ping_not_ready(void)
{
    tdrt_pool_begin_with("?pool_ping_ms=1000", (tdrt_manners){0, "0"});
    tdrt_pool_run("select three", TDREST_DONE);
    tdrt_pool_ms += 1000;
    tdrt_pool_run("select three", TDREST_DONE);
    CHECK_STATS(pings, 1);
    CHECK_STATS(made, 1);
    CHECK_INT(tdrt_server_arrivals(&tdrt_pool_server, "select server_status()"), 1);
    tdrt_pool_finish();
}

static void what_failed_is_not_kept(void)
{
    static const struct { const char *sql; int code, kept; } table[] = {
        {"select three", TDREST_DONE, 1}, {"select refused", TDREST_ESERVER, 1}, {"select login", TDREST_EAUTH, 1},
        {"select 'open", TDREST_EUSAGE, 1}, {"select cut", TDREST_ECONNECT, 0}, {"select wrong", TDREST_EANSWER, 0},
        {"select gateway", TDREST_EGATEWAY, 0},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        tdrt_pool_begin("");
        tdrt_pool_run(table[i].sql, table[i].code);
        CHECK(tdrt_pool_stats().idle == table[i].kept && tdrt_pool_stats().closed_failed == !table[i].kept, "%s: %d kept", table[i].sql, (int)tdrt_pool_stats().idle);
        tdrt_pool_run("select three", TDREST_DONE);
        CHECK_STATS(made, 2 - table[i].kept);
        tdrt_pool_finish();
    }
    tdrt_pool_begin(""); /* the last one counts, not an earlier one */
    {
        tdrest_conn *conn = tdrt_pool_get();
        tdrest_error err;
        int64_t rows;

        CHECK_INT(tdrt_dial_ask(conn, "select cut", NULL, &rows, &err), TDREST_ECONNECT);
        tdrt_dial_three(conn);
        tdrest_pool_put(tdrt_the_pool, conn);
    }
    CHECK_STATS(idle, 1);
    tdrt_pool_finish();
}

CU_TestInfo tdrt_pool_health[] = {
    {"idle limit", idle_limit},
    {"lifetime", lifetime},
    {"lifetime of a busy one", lifetime_of_a_busy_one},
    {"looked at", looked_at},
    {"no lifetime", no_lifetime},
    {"stale connections", stale},
    {"all stale", all_stale},
    {"ping", ping},
    {"ping of a server that is not ready", ping_not_ready},
    {"what failed is not kept", what_failed_is_not_kept},
    CU_TEST_INFO_NULL,
};
