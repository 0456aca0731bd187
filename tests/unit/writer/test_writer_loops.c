/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writers that a program's loop drives, and writers that share an async object. */
#include "async_dial.h"
#include "polling.h"
#include "written.h"

static const char sql[] = "INSERT INTO ? VALUES (?, ?)";

enum { LONG_MS = 60000 };

/* ---- a foreign loop ---- */

static void turn(tdrt_polling *p)
{
    int64_t wait = tdrest_writer_wait_ms(tdrt_the_writer);

    CHECK(tdrt_polling_turn(p, wait < 0 || wait > 1000 ? 1000 : (int)wait) >= 0, "%s", tdrest_async_error(p->async)->message);
    if (tdrest_writer_wait_ms(tdrt_the_writer) == 0)
        CHECK(tdrest_writer_run(tdrt_the_writer, 0) >= 0, "%s", tdrest_writer_error(tdrt_the_writer)->message);
}

/* No call waits: a writer without room says so, and flush and close tell what is pending until the loop has worked. */
static void with_poll(void)
{
    enum { ROWS = 3000 };
    static tdrt_polling p;
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    int64_t until = tdrt_now_ms() + LONG_MS;
    int fulls = 0, rc;
    char table[16], text[128];

    p = (tdrt_polling){.fail_at = 0};
    settings.writer_bytes = 65536;
    tdrt_writer_begin("", &settings, sql, NULL);
    tdrt_polling_hook(&p, tdrest_writer_async(tdrt_the_writer));
    for (int i = 0; i < ROWS && tdrt_now_ms() < until; i++) {
        snprintf(table, sizeof table, "t%d", i % 7);
        snprintf(text, sizeof text, i == 1000 ? "bad" : "%0100d", i);
        while ((rc = tdrt_writer_add(table, i, text)) == TDREST_FULL && tdrt_now_ms() < until) {
            fulls++;
            turn(&p);
        }
        CHECK_INT(rc, TDREST_OK);
    }
    CHECK(fulls > 0, "%s", "there was always room");
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ETIMEOUT);
    while ((rc = tdrest_writer_close(tdrt_the_writer, LONG_MS)) == TDREST_ETIMEOUT && tdrt_now_ms() < until)
        turn(&p);
    CHECK_INT(rc, TDREST_ESERVER);
    CHECK_COUNT(pending, 0);
    CHECK_INT(tdrt_fates[1000], TDREST_ROWS_REFUSED);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), ROWS - 1);
    tdrt_writer_finish();
    CHECK(p.count == 0, "%d descriptors are still watched", (int)p.count);
    CHECK(p.due_ms == -1, "%s", "the timer is still set");
}

/* ---- one object for several ---- */

static void count_rows(void *context, const tdrest_delivery *d)
{
    ((int64_t *)context)[d->state] += d->count;
}

static tdrest_writer *make_writer(tdrest_async *async, int64_t *counts, void (*delivered)(void *context, const tdrest_delivery *delivery))
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_options *options = NULL;
    tdrest_writer *w = NULL;
    char dsn[128];

    settings.async = async;
    settings.delivered = delivered;
    settings.context = counts;
    tdrt_dial_dsn(tdrt_writer_server.port, "", dsn, sizeof dsn);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK);
    CHECK(tdrest_writer_new(options, &settings, sql, TDREST_CSTR, &w) == TDREST_OK, "%s", tdrest_options_error(options)->message);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(w != NULL);
    CHECK(tdrest_writer_async(w) == async, "%s", "the writer has another object");
    return w;
}

static void add_some(tdrest_writer *w, const char *table, int count)
{
    tdrest_stmt *stmt = tdrest_writer_stmt(w);

    CHECK_INT(tdrest_stmt_set_table(stmt, table, TDREST_CSTR), TDREST_OK);
    for (int i = 0; i < count; i++) {
        CHECK_INT(tdrest_stmt_bind_time(stmt, 0, i, TDREST_MS), TDREST_OK);
        CHECK_INT(tdrest_stmt_bind_text(stmt, 1, "1", TDREST_CSTR), TDREST_OK);
        CHECK_INT(tdrest_writer_add(w), TDREST_OK);
    }
}

/* Each waits for its own rows, and one that is freed takes nothing from the other: what it had sent is unknown. */
static void shared_object(void)
{
    int64_t first_counts[5] = {0}, second_counts[5] = {0}, third_counts[5] = {0};
    tdrest_writer *first, *second, *third;
    tdrest_async *async;

    CU_ASSERT_FATAL(tdrt_server_start(&tdrt_writer_server, tdrt_writer_answer, NULL) == 1);
    async = tdrt_async_dial(tdrt_writer_server.port, "");
    first = make_writer(async, first_counts, count_rows);
    second = make_writer(async, second_counts, count_rows);
    third = make_writer(async, third_counts, count_rows);
    add_some(third, "still", 5);
    CHECK_INT(tdrest_writer_flush(third, 0), TDREST_ETIMEOUT);
    add_some(first, "one", 500);
    add_some(second, "two", 700);
    CHECK_INT(tdrest_writer_flush(first, LONG_MS), TDREST_OK);
    CHECK_INT(first_counts[TDREST_ROWS_WRITTEN], 500);
    tdrest_writer_free(third);
    CHECK_INT(third_counts[TDREST_ROWS_UNKNOWN], 5);
    CHECK_INT(tdrest_writer_close(second, LONG_MS), TDREST_OK);
    CHECK_INT(second_counts[TDREST_ROWS_WRITTEN], 700);
    add_some(first, "one", 10);
    CHECK_INT(tdrest_writer_close(first, LONG_MS), TDREST_OK);
    CHECK_INT(first_counts[TDREST_ROWS_WRITTEN], 510);
    tdrest_writer_free(first);
    tdrest_writer_free(second);
    tdrest_async_free(async);
    tdrt_server_stop(&tdrt_writer_server);
}

/* ---- calls within a call ---- */

static tdrest_writer *outer;
static int within; /* calls that were made in callbacks */

/* So late that the writer looks at the loop again, which runs it already. */
static void add_within(void *user, tdrest_request *request, const tdrest_error *error)
{
    (void)user;
    (void)request;
    (void)error;
    tdrt_pause(30);
    add_some(outer, "still", 1);
    CHECK_INT(tdrest_writer_error(outer)->code, 0);
    within++;
}

static void run_within(void *context, const tdrest_delivery *d)
{
    (void)context;
    if (d->state == TDREST_ROWS_WRITTEN) {
        CHECK_INT(tdrest_writer_run(outer, 0), TDREST_EUSAGE);
        within++;
    }
}

/* Its time is up: that is its error, whatever calls in callbacks met meanwhile. */
static void flush_until(int calls)
{
    for (int ms = 100; within < calls && ms < LONG_MS; ms *= 2)
        CHECK(tdrest_writer_flush(outer, ms) == TDREST_ETIMEOUT && tdrest_writer_error(outer)->code == TDREST_ETIMEOUT, "%s", tdrest_writer_error(outer)->message);
    CHECK_INT(within, calls);
}

static void errors_of_calls_within(void)
{
    static const tdrest_async_callbacks callbacks = {sizeof callbacks, NULL, add_within};
    int64_t counts[5] = {0};
    tdrest_request *request;
    tdrest_async *async;

    CU_ASSERT_FATAL(tdrt_server_start(&tdrt_writer_server, tdrt_writer_answer, NULL) == 1);
    async = tdrt_async_dial(tdrt_writer_server.port, "");
    outer = make_writer(async, counts, count_rows);
    within = 0;
    add_some(outer, "still", 1);
    CHECK_INT(tdrest_async_query(async, "select three", TDREST_CSTR, NULL, &callbacks, NULL, &request), TDREST_OK);
    flush_until(1);
    tdrest_writer_free(outer);
    outer = make_writer(async, counts, run_within);
    add_some(outer, "one", 1);
    (void)!tdrest_writer_flush(outer, 0); /* which sends it */
    add_some(outer, "still", 1);
    flush_until(2);
    tdrest_writer_free(outer);
    tdrest_async_free(async);
    tdrt_server_stop(&tdrt_writer_server);
}

CU_TestInfo tdrt_writer_loops[] = {
    {"with poll", with_poll},
    {"shared object", shared_object},
    {"errors of calls within", errors_of_calls_within},
    CU_TEST_INFO_NULL,
};
