/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A pool used by one thread: which connection is handed out, and what becomes of what its holder leaves behind. */
#include "pooled.h"

static void reuse(void)
{
    tdrest_conn *conn;

    tdrt_pool_begin("");
    conn = tdrt_pool_get();
    CHECK_STATS(in_use, 1);
    tdrt_dial_three(conn);
    tdrest_pool_put(tdrt_the_pool, conn);
    CHECK_STATS(in_use, 0);
    CHECK_STATS(idle, 1);
    for (int i = 0; i < 10; i++)
        tdrt_pool_run("select three", TDREST_DONE);
    CHECK_INT(tdrt_pool_tcp(), 1);
    CHECK_STATS(made, 1);
    CHECK_STATS(gets, 11);
    CHECK_STATS(waits, 0);
    CHECK_STATS(pings, 0);
    tdrest_pool_put(tdrt_the_pool, NULL);
    tdrt_pool_finish();
}

/* The newest idle one is handed out; so a burst's surplus ages. */
static void last_in_first_out(void)
{
    tdrest_conn *a, *b, *c;

    tdrt_pool_begin("");
    a = tdrt_pool_get();
    b = tdrt_pool_get();
    c = tdrt_pool_get();
    CU_ASSERT(a != b && b != c && a != c);
    tdrest_pool_put(tdrt_the_pool, b);
    tdrest_pool_put(tdrt_the_pool, c);
    tdrest_pool_put(tdrt_the_pool, a);
    CU_ASSERT(tdrt_pool_get() == a);
    CU_ASSERT(tdrt_pool_get() == c);
    CU_ASSERT(tdrt_pool_get() == b);
    tdrest_pool_put(tdrt_the_pool, a);
    tdrest_pool_put(tdrt_the_pool, b);
    tdrest_pool_put(tdrt_the_pool, c);
    tdrt_pool_finish();
}

static void arguments(void)
{
    tdrest_error err = TDREST_ERROR_INIT;
    tdrest_pool_counts counts = TDREST_POOL_COUNTS_INIT;
    tdrest_options *options = NULL;
    tdrest_pool *none = (tdrest_pool *)&err;
    tdrest_conn *conn = (tdrest_conn *)&err, *own;

    tdrt_pool_begin("");
    CHECK_INT(tdrest_pool_get(tdrt_the_pool, -2, &err, &conn), TDREST_EUSAGE);
    CU_ASSERT_PTR_NULL(conn);
    CHECK_INT(err.code, TDREST_EUSAGE);
    CHECK_TEXT(err.message, "wait_ms: expected -1 or 0 to 86400000 milliseconds");
    CHECK_INT(tdrest_pool_get(tdrt_the_pool, 86400001, &err, &conn), TDREST_EUSAGE);
    err.size = 0;
    CHECK_INT(tdrest_pool_get(tdrt_the_pool, 0, &err, &conn), TDREST_EUSAGE);
    CHECK_INT(err.size, 0);
    CHECK_STATS(in_use, 0);
    counts.size--;
    CHECK_INT(tdrest_pool_stats(tdrt_the_pool, &counts), TDREST_EUSAGE);
    CHECK_INT(tdrest_pool_get(tdrt_the_pool, -1, NULL, &conn), TDREST_OK);
    tdrest_pool_put(tdrt_the_pool, conn);
    tdrest_pool_put(tdrt_the_pool, conn); /* is not out any more */
    CHECK_STATS(idle, 1);
    own = tdrt_dial(&tdrt_pool_server, "");
    tdrest_pool_put(tdrt_the_pool, own); /* is left alone */
    CHECK_STATS(idle, 1);
    tdrt_dial_three(own);
    tdrest_conn_free(own);
    CHECK_INT(tdrest_options_new(NULL, &options), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "token", "a"), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "bearer_token", "b"), TDREST_OK);
    CHECK_INT(tdrest_pool_new(options, &none), TDREST_EOPTION);
    CU_ASSERT_PTR_NULL(none);
    CHECK_INT(tdrest_options_error(options)->code, TDREST_EOPTION);
    tdrest_options_free(options);
    tdrest_pool_free(NULL);
    tdrt_pool_finish();
}

static void bounded(void)
{
    tdrest_error err = TDREST_ERROR_INIT;
    tdrest_conn *a, *b, *conn;
    int64_t before;
    int rc;

    tdrt_pool_begin("?pool_max=2&pool_wait_ms=100");
    a = tdrt_pool_get();
    tdrt_pool_ms += 5000;
    b = tdrt_pool_get();
    tdrt_pool_ms += 2000;
    before = tdrt_now_ms();
    rc = tdrest_pool_get(tdrt_the_pool, -1, &err, &conn);
    before = tdrt_now_ms() - before;
    CHECK(rc == TDREST_ETIMEOUT && before >= 100 && before < 10000, "%d after %" PRId64 " ms", rc, before);
    CU_ASSERT_PTR_NULL(conn);
    CHECK_INT(err.repeat, TDREST_REPEAT_SAFE);
    CHECK_INT(err.phase, TDREST_PHASE_PREPARE);
    CHECK_TEXT(err.message, "no connection of the pool became free within 100 ms: 2 of 2 are in use, one of them for 7000 ms, and 0 callers wait; "
               "does a thread hold one while it asks for another?");
    before = tdrt_now_ms();
    CHECK_INT(tdrest_pool_get(tdrt_the_pool, 0, NULL, &conn), TDREST_ETIMEOUT);
    CHECK(tdrt_now_ms() - before < 10000, "%" PRId64 " ms", tdrt_now_ms() - before);
    CHECK_STATS(timeouts, 2);
    CHECK_STATS(waits, 1);
    CHECK_STATS(waiting, 0);
    CHECK_STATS(in_use, 2);
    CU_ASSERT(tdrt_pool_stats().longest_wait_us >= 100000 && tdrt_pool_stats().waited_us == tdrt_pool_stats().longest_wait_us);
    tdrest_pool_put(tdrt_the_pool, b);
    CU_ASSERT(tdrt_pool_get() == b);
    tdrest_pool_put(tdrt_the_pool, b);
    tdrest_pool_put(tdrt_the_pool, a);
    tdrt_pool_finish();
}

/* A result that is open when its connection comes back; the milliseconds that putting it took. */
static int64_t put_open_result(const char *sql, int *tcp)
{
    tdrest_conn *conn;
    tdrest_result *res;
    int64_t took;

    tdrt_pool_begin("");
    conn = tdrt_pool_get();
    res = tdrt_dial_query(conn, sql, NULL);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    took = -tdrt_now_ms();
    tdrest_pool_put(tdrt_the_pool, conn);
    took += tdrt_now_ms();
    CHECK(took < 10000, "%s: %" PRId64 " ms", sql, took);
    CHECK_STATS(idle, 1);
    CHECK_INT(tdrest_result_next(res), TDREST_EUSAGE);
    tdrt_pool_run("select three", TDREST_DONE);
    CHECK_INT(tdrest_result_next(res), TDREST_EUSAGE);
    tdrest_result_free(res);
    *tcp = tdrt_pool_tcp();
    CHECK_STATS(made, 1);
    tdrt_pool_finish();
    return took;
}

/* It is read to its end where that is near, else its TCP connection is closed: then it took all the time that it may take. */
static void open_results(void)
{
    enum { MOST_MS = 20 };
    int64_t took = MOST_MS;
    int tcp = 2;

    for (int i = 0; i < 100 && took >= MOST_MS - 1; i++) /* the server may be slow, too */
        took = put_open_result("select tail", &tcp);
    CHECK(tcp == 1, "%d TCP connections, the last put took %" PRId64 " ms", tcp, took);
    (void)put_open_result("select slow", &tcp);
    CHECK_INT(tcp, 2);
}

/* What the last holder left behind is not the next one's. */
static void left_behind(void)
{
    tdrest_conn *conn;
    tdrest_stmt *stmt;
    tdrest_result *stored;
    int64_t rows;

    tdrt_pool_begin("");
    conn = tdrt_pool_get();
    CHECK_INT(tdrest_stmt_new(conn, "select ?", TDREST_CSTR, &stmt), TDREST_OK);
    CHECK_INT(tdrest_exec(conn, "select refused", TDREST_CSTR, NULL, NULL), TDREST_ESERVER);
    stored = tdrt_dial_query(conn, "select three", NULL);
    CHECK_INT(tdrest_result_store(stored), TDREST_OK);
    CHECK_INT(tdrest_exec(conn, "select refused", TDREST_CSTR, NULL, NULL), TDREST_ESERVER);
    tdrest_pool_put(tdrt_the_pool, conn);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 0, 1), TDREST_OK);
    CHECK_INT(tdrest_stmt_query(stmt, NULL, &(tdrest_result *){NULL}), TDREST_EUSAGE);
    tdrest_stmt_free(stmt);
    CHECK_INT(tdrt_dial_read(stored, &rows), TDREST_DONE); /* it needs no connection */
    CHECK_INT(rows, 3);
    tdrest_result_free(stored);
    CU_ASSERT(tdrt_pool_get() == conn); /* with an empty record */
    tdrest_pool_put(tdrt_the_pool, conn);
    tdrt_pool_finish();
}

/* Freeing a connection instead of putting it back gives its place back too. */
static void freed_by_its_holder(void)
{
    tdrt_pool_begin("?pool_max=1");
    for (int i = 0; i < 3; i++) {
        tdrest_conn *conn = tdrt_pool_get();

        tdrt_dial_three(conn);
        tdrest_conn_free(conn);
        CHECK_STATS(in_use, 0);
        CHECK_STATS(idle, 0);
        CHECK_STATS(closed_freed, i + 1);
    }
    tdrt_pool_finish();
}

/* Connections that are out outlive the tdrt_the_pool, whichever way they end. */
static void freed_pool(void)
{
    tdrest_conn *a, *b, *c;

    tdrt_pool_begin("");
    a = tdrt_pool_get();
    b = tdrt_pool_get();
    c = tdrt_pool_get();
    tdrt_dial_three(c);
    tdrest_pool_put(tdrt_the_pool, c);
    tdrest_pool_free(tdrt_the_pool);
    tdrt_dial_three(a);
    tdrest_pool_put(tdrt_the_pool, a);
    CHECK_STATS(idle, 0); /* it is not kept */
    CHECK_STATS(closed_freed, 2);
    tdrt_dial_three(b);
    tdrest_conn_free(b); /* the last one takes the memory with it: leak checkers tell */
    tdrt_server_stop(&tdrt_pool_server);
}

CU_TestInfo tdrt_pool[] = {
    {"reuse", reuse},
    {"last in, first out", last_in_first_out},
    {"arguments", arguments},
    {"bounded", bounded},
    {"open results", open_results},
    {"left behind", left_behind},
    {"freed by its holder", freed_by_its_holder},
    {"freed pool", freed_pool},
    CU_TEST_INFO_NULL,
};
