/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a user sees of hosts that fail and come back: which host serves, what it costs, results that go on, waits that can be cancelled. */
#include "dial.h"

#include <pthread.h>

static tdrt_server a, b;
static tdrest_conn *conn;

static int served(const tdrt_server *server)
{
    return tdrt_server_arrivals(server, "select three");
}

/* One host goes away: no call fails, and no later one pays for it. It comes back: within 2 s it serves new connections again. */
static void goes_and_comes_back(void)
{
    tdrest_options *options;
    tdrest_conn *all[2] = {NULL, NULL};
    int64_t begin;
    int before;

    tdrt_dial_serve(&a, tdrt_send_ready);
    tdrt_dial_serve(&b, tdrt_send_ready);
    options = tdrt_dial_options_of(&a, &b, "retry_backoff_ms=10");
    for (int i = 0; i < 2; i++) {
        CHECK_INT(tdrest_conn_new(options, &all[i]), TDREST_OK);
        tdrt_dial_three(all[i]);
    }
    CHECK(served(&a) == 1 && served(&b) == 1, "%d and %d", served(&a), served(&b));
    tdrt_server_down(&a);
    for (int i = 0; i < 20; i++)
        tdrt_dial_three(all[i % 2]);
    CHECK_INT(served(&b), 21);
    CHECK_INT(tdrt_server_start(&a, tdrt_send_ready, NULL), 1);
    begin = tdrt_now_ms();
    before = served(&b);
    while (tdrt_server_arrivals(&a, "select server_status()") == 0 && tdrt_now_ms() < begin + 30000) {
        tdrt_dial_three(all[0]);
        tdrt_pause(10);
    }
    CHECK(tdrt_server_arrivals(&a, "select server_status()") == 1 && tdrt_now_ms() - begin < 30000, "asked %d times within %d ms",
          tdrt_server_arrivals(&a, "select server_status()"), (int)(tdrt_now_ms() - begin));
    CHECK(served(&b) > before && served(&a) == 1, "a connection stays where it is served: %d", served(&a));
    CHECK_INT(tdrest_conn_new(options, &conn), TDREST_OK);
    tdrt_dial_three(conn);
    CHECK_INT(served(&a), 2);
    tdrest_conn_free(conn);
    tdrest_conn_free(all[0]);
    tdrest_conn_free(all[1]);
    tdrest_options_free(options);
    tdrt_server_stop(&a);
    tdrt_server_stop(&b);
}

/* A host that swallows everything costs the connect timeout once: most of what comes after it is quick, how busy the machine may be. */
static void black_hole(void)
{
    enum { CONNECT_MS = 300, ROUNDS = 6, CALLS = 5 };
    int64_t longest = 0, took;
    int slow = 0;

    for (int round = 0; round < ROUNDS; round++) {
        a = (tdrt_server)TDRT_SERVER_INIT;
        CU_ASSERT_FATAL(tdrt_server_block(&a));
        tdrt_dial_serve(&b, tdrt_send_ready);
        conn = tdrt_dial_both(&a, &b, "connect_timeout_ms=300");
        for (int i = 0; i < CALLS; i++) {
            took = -tdrt_now_ms();
            tdrt_dial_three(conn);
            took += tdrt_now_ms();
            longest = took > longest ? took : longest;
            slow += i > 0 && took >= CONNECT_MS;
        }
        CHECK_INT(served(&b), CALLS);
        tdrest_conn_free(conn);
        tdrt_server_stop(&a);
        tdrt_server_stop(&b);
    }
    CHECK(longest < 10000 && slow < ROUNDS * (CALLS - 1) / 2, "%d ms at most; %d were slow that came after", (int)longest, slow);
}

/* A host that was set aside and now takes connections without a word is asked within a part of timeout_ms: the statement has the rest. */
static void probe_leaves_time(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_options *options;
    tdrest_conn *all[2] = {NULL, NULL};

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
    a.deaf = 1;
    CHECK_INT(tdrt_server_start(&a, tdrt_send_ready, NULL), 1);
    tdrt_pause(1050);
    call.timeout_ms = 2000; /* a quarter for the host */
    CHECK(tdrest_exec(all[0], "select three", TDREST_CSTR, &call, NULL) == TDREST_OK, "%s", tdrest_conn_error(all[0])->message);
    tdrest_conn_free(all[0]);
    tdrest_conn_free(all[1]);
    tdrest_options_free(options);
    tdrt_server_stop(&a);
    tdrt_server_stop(&b);
}

/* ---- results that broke before their first row ---- */

static int break_first(const tdrt_visit *visit)
{
    tdrt_server self = TDRT_SERVER_INIT;
    int arrivals;

    self.counts = visit->counts;
    arrivals = tdrt_server_arrivals(&self, visit->sql);
    if (arrivals == 1) {
        (void)tdrt_send(visit, TDRT_HEAD_CHUNKED, 0);
        (void)tdrt_send_chunk(visit, TDRT_START, sizeof TDRT_START - 1);
        tdrt_wait_for_gate(visit);
        return tdrt_reset(visit);
    }
    if (tdrt_starts(visit, "select other"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":0,\"column_meta\":[[\"d\",\"INT\",4]],\"data\":[[1]],\"rows\":1}"});
    return tdrt_send_three(visit);
}

/* A result whose columns were told; then it breaks. */
static tdrest_result *query_and_break(const char *sql)
{
    tdrest_result *res = tdrt_dial_query(conn, sql, NULL);

    tdrt_server_open_gate(&a);
    return res;
}

/* The columns were told: the repeat's rows come behind the same ones. */
static void columns_stay(void)
{
    tdrest_result *res;
    const tdrest_column *column;
    const char *name;
    int64_t value = 0, rows;

    conn = tdrt_dial_new(&a, break_first, "?retry=auto&retry_backoff_ms=1");
    res = query_and_break("select three");
    column = tdrest_result_column(res, 0);
    name = column->name;
    CHECK_TEXT(name, "c");
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CHECK_INT(tdrest_result_int64(res, 0, &value), TDREST_OK);
    CHECK(value == 1 && tdrest_result_column(res, 0) == column && column->name == name && strcmp(name, "c") == 0, "%d", (int)value);
    CHECK_INT(tdrt_dial_read(res, &rows), TDREST_DONE);
    CHECK_INT(rows, 2);
    CHECK_INT(tdrt_server_arrivals(&a, "select three"), 2);
    tdrest_result_free(res);
    tdrt_dial_three(conn);
    tdrest_conn_free(conn);
    tdrt_server_stop(&a);
}

static int break_at_once(const tdrt_visit *visit)
{
    tdrt_server self = TDRT_SERVER_INIT;

    self.counts = visit->counts;
    if (tdrt_server_arrivals(&self, visit->sql) > 1)
        return tdrt_send_three(visit);
    (void)tdrt_send(visit, TDRT_HEAD_CHUNKED, 0);
    (void)tdrt_send_chunk(visit, TDRT_START, sizeof TDRT_START - 1);
    return 0;
}

/* The end of the connection may come with the columns or behind them: the statement is sent again all the same. */
static void broken_with_the_columns(void)
{
    conn = tdrt_dial_new(&a, break_at_once, "?retry=auto&retry_backoff_ms=1");
    for (int i = 0; i < 20; i++) {
        tdrest_result *res;
        int64_t rows;
        char sql[32];

        snprintf(sql, sizeof sql, "select %d", i);
        res = tdrt_dial_query(conn, sql, NULL);
        CHECK(tdrt_dial_read(res, &rows) == TDREST_DONE && rows == 3, "%d rows: %s", (int)rows, tdrest_result_error(res)->message);
        CHECK_INT(tdrt_server_arrivals(&a, sql), 2);
        tdrest_result_free(res);
    }
    tdrest_conn_free(conn);
    tdrt_server_stop(&a);
}

static void stored(void)
{
    tdrest_result *res;
    int64_t rows;

    conn = tdrt_dial_new(&a, break_first, "?retry=auto&retry_backoff_ms=1");
    res = query_and_break("select three");
    CHECK_INT(tdrest_result_store(res), TDREST_OK);
    CHECK_INT(tdrt_dial_read(res, &rows), TDREST_DONE);
    CHECK_INT(rows, 3);
    tdrest_result_free(res);
    tdrest_conn_free(conn);
    tdrt_server_stop(&a);
}

/* As many rows as take several blocks of 4096 bytes. */
static int break_after_blocks(const tdrt_visit *visit)
{
    tdrt_server self = TDRT_SERVER_INIT;

    self.counts = visit->counts;
    if (tdrt_server_arrivals(&self, visit->sql) > 1)
        return tdrt_send_three(visit);
    (void)tdrt_send(visit, TDRT_HEAD_CHUNKED, 0);
    (void)tdrt_send_chunk(visit, TDRT_START "[0]", sizeof TDRT_START "[0]" - 1);
    for (int i = 0; i < 5000; i++)
        (void)tdrt_send_chunk(visit, ",[0]", 4);
    tdrt_wait_for_gate(visit);
    return tdrt_reset(visit);
}

/* Columns seen before rows were read ahead stay those of the result, although the blocks read go away. */
static void stored_in_blocks(void)
{
    tdrest_result *res;
    const tdrest_column *column;
    int64_t rows;

    conn = tdrt_dial_new(&a, break_after_blocks, "?retry=auto&retry_backoff_ms=1&block_bytes=4096");
    res = query_and_break("select three");
    column = tdrest_result_column(res, 0);
    CHECK_INT(tdrest_result_store(res), TDREST_OK);
    CHECK(tdrest_result_column(res, 0) == column, "%s", "another column");
    CHECK_TEXT(column->name, "c");
    CHECK_INT(tdrt_dial_read(res, &rows), TDREST_DONE);
    CHECK_INT(rows, 3);
    CHECK_INT(tdrt_server_arrivals(&a, "select three"), 2);
    tdrest_result_free(res);
    tdrest_conn_free(conn);
    tdrt_server_stop(&a);
}

static int break_always(const tdrt_visit *visit)
{
    if (!tdrt_starts(visit, "select broken"))
        return tdrt_send_three(visit);
    (void)tdrt_send(visit, TDRT_HEAD_CHUNKED, 0);
    (void)tdrt_send_chunk(visit, TDRT_START, sizeof TDRT_START - 1);
    tdrt_wait_for_gate(visit);
    tdrt_pause(30);
    return tdrt_reset(visit);
}

/* A server whose answers always break behind their columns is not flooded with repeats while retry_for_ms lasts. */
static void breaks_again(void)
{
    tdrest_result *res;
    int64_t rows;
    int arrivals;

    conn = tdrt_dial_new(&a, break_always, "?retry=auto&conn_retries=0&retry_for_ms=2000&retry_backoff_ms=100&retry_backoff_max_ms=1000");
    tdrt_dial_three(conn);
    res = query_and_break("select broken");
    CHECK_INT(tdrt_dial_read(res, &rows), TDREST_ECONNECT);
    arrivals = tdrt_server_arrivals(&a, "select broken");
    CHECK(rows == 0 && arrivals > 1 && arrivals < 40, "%d arrivals", arrivals);
    CHECK_INT(tdrest_result_error(res)->attempts, arrivals);
    tdrest_result_free(res);
    tdrt_dial_three(conn);
    tdrest_conn_free(conn);
    tdrt_server_stop(&a);
}

static void other_columns(void)
{
    tdrest_result *res;
    const tdrest_error *err;
    int64_t rows;

    conn = tdrt_dial_new(&a, break_first, "?retry=auto&retry_backoff_ms=1");
    res = query_and_break("select other");
    CHECK_INT(tdrt_dial_read(res, &rows), TDREST_EANSWER);
    err = tdrest_result_error(res);
    CHECK(rows == 0 && err->attempts == 2 && err->ran == TDREST_RAN_YES && strstr(err->message, "columns are now different") != NULL && err->first_cause[0] != '\0',
          "%d rows, %d attempts: %s", (int)rows, err->attempts, err->message);
    CHECK_TEXT(tdrest_result_column(res, 0)->name, "c");
    CHECK_INT(tdrt_server_arrivals(&a, "select other"), 2);
    tdrest_result_free(res);
    tdrt_dial_three(conn);
    tdrest_conn_free(conn);
    tdrt_server_stop(&a);
}

static int break_after_rows(const tdrt_visit *visit)
{
    static const char rows[] = TDRT_START "[1],[2]";

    (void)tdrt_send(visit, TDRT_HEAD_CHUNKED, 0);
    (void)tdrt_send_chunk(visit, rows, sizeof rows - 1);
    tdrt_wait_for_gate(visit);
    return tdrt_reset(visit);
}

/* Rows were handed out: nothing is repeated. */
static void after_rows(void)
{
    tdrest_result *res;
    int64_t rows;

    conn = tdrt_dial_new(&a, break_after_rows, "?retry=auto&retry_backoff_ms=1");
    res = tdrt_dial_query(conn, "select three", NULL);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    tdrt_server_open_gate(&a);
    CHECK_INT(tdrt_dial_read(res, &rows), TDREST_ECONNECT);
    CHECK(rows == 1 && tdrest_result_error(res)->attempts == 1 && served(&a) == 1, "%d rows, %d arrivals", (int)rows, served(&a));
    tdrest_result_free(res);
    tdrest_conn_free(conn);
    tdrt_server_stop(&a);
}

/* ---- records and waits ---- */

static int maybe_then_no(const tdrt_visit *visit)
{
    tdrt_server self = TDRT_SERVER_INIT;

    self.counts = visit->counts;
    return tdrt_server_arrivals(&self, visit->sql) == 1 ? tdrt_reset(visit)
        : tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":304,\"desc\":\"starting\"}"});
}

/* The first attempt may have run, the last ones did not: of the request as a whole nobody can tell. */
static void most_of_all_attempts(void)
{
    static const char sql[] = "INSERT INTO t VALUES (1700000000000, 1)";
    const tdrest_error *err;

    conn = tdrt_dial_new(&a, maybe_then_no, "?retry=auto&conn_retries=2&retry_backoff_ms=1");
    CHECK_INT(tdrest_exec(conn, sql, TDREST_CSTR, NULL, NULL), TDREST_ESERVER);
    err = tdrest_conn_error(conn);
    CHECK(err->ran == TDREST_RAN_MAYBE && err->repeat == TDREST_REPEAT_IDEMPOTENT && err->attempts == 3, "ran %d, repeat %d, %d attempts", err->ran, err->repeat,
          err->attempts);
    CHECK(strcmp(err->message, "starting") == 0 && strcmp(err->first_cause, err->message) != 0 && err->first_cause[0] != '\0', "%s, first %s", err->message,
          err->first_cause);
    CHECK(strncmp(err->endpoint, err->hosts, strlen(err->hosts)) == 0, "%s: %s", err->endpoint, err->hosts);
    tdrest_conn_free(conn);
    tdrt_server_stop(&a);
}

static int ask_for_time(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.status = 503, .fields = TDRT_JSON "Retry-After: 30\r\n", .body = "\"memory exceeds threshold\""});
}

static void *cancel_in_the_wait(void *context)
{
    tdrt_await_asleep(*(const long *)context);
    tdrest_conn_cancel(conn);
    return NULL;
}

/* 30 s of Retry-After: returned at once when there is not so much time, waited for when there is, and such a wait can be cancelled. */
static void retry_after(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    long caller = tdrt_thread_id();
    pthread_t thread;
    int64_t took = -tdrt_now_ms();

    conn = tdrt_dial_new(&a, ask_for_time, "?retry=auto");
    CHECK_INT(tdrest_exec(conn, "select three", TDREST_CSTR, NULL, NULL), TDREST_ESERVER);
    took += tdrt_now_ms();
    CHECK(took < 20000 && tdrest_conn_error(conn)->retry_after_ms == 30000 && tdrest_conn_error(conn)->attempts == 1, "%d ms, %d attempts", (int)took,
          tdrest_conn_error(conn)->attempts);
    call.timeout_ms = 60000;
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, cancel_in_the_wait, &caller) == 0);
    took = -tdrt_now_ms();
    CHECK_INT(tdrest_exec(conn, "select three", TDREST_CSTR, &call, NULL), TDREST_ECANCELLED);
    took += tdrt_now_ms();
    pthread_join(thread, NULL);
    CHECK(took < 20000, "%d ms", (int)took);
    CHECK(tdrest_conn_error(conn)->attempts == 0 && tdrest_conn_error(conn)->retry_after_ms == -1, "what the last call was told: %d attempts, %d ms",
          tdrest_conn_error(conn)->attempts, (int)tdrest_conn_error(conn)->retry_after_ms);
    tdrest_conn_free(conn);
    tdrt_server_stop(&a);
}

/* No attempt begins past timeout_ms, and the last one ends there. */
static void deadline(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    int64_t took;
    int rc;

    a = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&a, tdrt_send_ready, NULL));
    conn = tdrt_dial(&a, "?retry=auto&conn_retries=100&retry_backoff_ms=20&retry_backoff_max_ms=20");
    tdrt_dial_three(conn);
    tdrt_server_down(&a);
    call.timeout_ms = 400;
    took = -tdrt_now_ms();
    rc = tdrest_exec(conn, "select three", TDREST_CSTR, &call, NULL);
    took += tdrt_now_ms();
    CHECK(rc == TDREST_ECONNECT || rc == TDREST_ETIMEOUT, "%s", tdrest_conn_error(conn)->message); /* the latter when the time ends within an attempt */
    CHECK(took >= 200 && took < 10000 && tdrest_conn_error(conn)->attempts > 1, "%d ms, %d attempts", (int)took, tdrest_conn_error(conn)->attempts);
    call.retry = TDREST_RETRY_NEVER;
    CHECK_INT(tdrest_exec(conn, "select three", TDREST_CSTR, &call, NULL), TDREST_ECONNECT);
    CHECK_INT(tdrest_conn_error(conn)->attempts, 1);
    call.retry = TDREST_RETRY_NEVER + 1;
    CHECK_INT(tdrest_exec(conn, "select three", TDREST_CSTR, &call, NULL), TDREST_EUSAGE);
    tdrest_conn_free(conn);
    tdrt_server_stop(&a);
}

/* What retry_for_ms is by default holds once a call has succeeded; what was set holds for the first one, too. */
static void before_success(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    char none[] = "http://127.0.0.1:1?conn_retries=0", set[] = "http://127.0.0.1:1?conn_retries=0&retry_for_ms=86400000&retry_backoff_ms=1&retry_backoff_max_ms=1";

    CHECK_INT(tdrest_open(none, &conn, NULL, 0), TDREST_OK);
    CHECK_INT(tdrest_exec(conn, "select three", TDREST_CSTR, NULL, NULL), TDREST_ECONNECT);
    CHECK_INT(tdrest_conn_error(conn)->attempts, 1);
    tdrest_conn_free(conn);
    CHECK_INT(tdrest_open(set, &conn, NULL, 0), TDREST_OK);
    call.timeout_ms = 500;
    CHECK(tdrest_exec(conn, "select three", TDREST_CSTR, &call, NULL) < 0 && tdrest_conn_error(conn)->attempts > 1, "%d attempts", tdrest_conn_error(conn)->attempts);
    tdrest_conn_free(conn);
}

CU_TestInfo tdrt_failover[] = {
    {"goes and comes back", goes_and_comes_back},
    {"black hole", black_hole},
    {"a probe leaves time", probe_leaves_time},
    {"columns stay", columns_stay},
    {"broken with the columns", broken_with_the_columns},
    {"stored", stored},
    {"stored in blocks", stored_in_blocks},
    {"breaks again", breaks_again},
    {"other columns", other_columns},
    {"after rows", after_rows},
    {"most of all attempts", most_of_all_attempts},
    {"Retry-After", retry_after},
    {"deadline", deadline},
    {"before the first success", before_success},
    CU_TEST_INFO_NULL,
};
