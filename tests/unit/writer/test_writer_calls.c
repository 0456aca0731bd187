/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a writer's calls promise: room, age, callbacks, threads, misuse. */
#include "written.h"

#include <pthread.h>

static const char sql[] = "INSERT INTO ? VALUES (?, ?)";

enum { LONG_MS = 60000 };

/* ---- room, age, callbacks, threads ---- */

static void full(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    char text[1001];
    int rc, count = 0;

    memset(text, 'x', sizeof text);
    text[1000] = '\0';
    settings.when_full = TDREST_WRITER_FULL;
    settings.writer_bytes = 65536;
    settings.max_in_flight = 1;
    tdrt_writer_begin("", &settings, sql, NULL);
    while ((rc = tdrt_writer_add("still", count, text)) == TDREST_OK && count < 1000)
        count++;
    CHECK_INT(rc, TDREST_FULL);
    CHECK(count > 10 && count <= 65, "%d rows", count);
    CHECK_COUNT(added, count);
    CHECK(tdrt_writer_stats().bytes <= 65536, "%lld bytes", (long long)tdrt_writer_stats().bytes);
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_FULL); /* the row stays bound */
    CHECK_COUNT(added, count);
    tdrt_writer_finish();
}

/* A row that needs the room of those that wait, which are no request's worth. */
static void room_for_a_long_row(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    static char text[65301];

    memset(text, 'x', sizeof text);
    text[65300] = '\0';
    settings.when_full = TDREST_WRITER_FULL;
    settings.writer_bytes = 65536;
    settings.max_in_flight = 1;
    settings.flush_ms = LONG_MS;
    tdrt_writer_begin("", &settings, sql, NULL);
    CHECK_INT(tdrt_writer_add("one", 1, "1"), TDREST_OK);
    CHECK_COUNT(requests, 0);
    CHECK_INT(tdrt_writer_add("two", 1, text), TDREST_FULL);
    CHECK_COUNT(requests, 1);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_OK);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 2);
    tdrt_writer_finish();
}

/* What is due is sent by the add that makes it so, however soon it comes behind another one. */
static void at_once(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    char table[24];

    settings.flush_rows = 1;
    settings.max_in_flight = 50;
    tdrt_writer_begin("", &settings, sql, NULL);
    for (int i = 0; i < 50; i++) {
        snprintf(table, sizeof table, "t%d", i);
        CHECK_INT(tdrt_writer_add(table, i, "1"), TDREST_OK);
        CHECK_COUNT(requests, i + 1);
    }
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    tdrt_writer_finish();
}

static void waits_for_room(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    char text[1001], table[24];

    memset(text, 'x', sizeof text);
    text[1000] = '\0';
    settings.writer_bytes = 65536;
    tdrt_writer_begin("", &settings, sql, NULL);
    for (int i = 0; i < 2000; i++) {
        snprintf(table, sizeof table, "t%d", i % 5);
        CHECK_INT(tdrt_writer_add(table, i, text), TDREST_OK);
        CHECK(tdrt_writer_stats().bytes <= 65536, "%lld bytes", (long long)tdrt_writer_stats().bytes);
    }
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 2000);
    tdrt_writer_finish();
}

/* A request begins with the row that fills it, however many could begin. */
static void begins_at_once(void)
{
    enum { SHARE = 65536, SHARES = 4 };
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    char text[1001], table[24];

    memset(text, 'x', sizeof text);
    text[1000] = '\0';
    settings.writer_bytes = SHARE * (SHARES + 1);
    settings.max_in_flight = SHARES;
    settings.when_full = TDREST_WRITER_FULL;
    settings.flush_ms = 0;
    tdrt_writer_begin("", &settings, sql, NULL);
    for (int64_t i = 0; tdrt_writer_stats().in_flight < SHARES && i < SHARES * 65; i++) {
        snprintf(table, sizeof table, "still%d", (int)i);
        CHECK_INT(tdrt_writer_add(table, i, text), TDREST_OK);
        CHECK(tdrt_writer_stats().in_flight >= (i + 1) / 65, "%d rows of 1000 bytes, and %d requests", (int)i + 1, (int)tdrt_writer_stats().in_flight);
    }
    CHECK_COUNT(in_flight, SHARES);
    tdrt_writer_finish();
}

static void age(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    int64_t wait;

    settings.flush_ms = 50;
    tdrt_writer_begin("", &settings, sql, NULL);
    CHECK_INT(tdrest_writer_wait_ms(tdrt_the_writer), -1);
    CHECK_INT(tdrt_writer_add("one", 1, "1"), TDREST_OK);
    wait = tdrest_writer_wait_ms(tdrt_the_writer);
    CHECK(wait >= 0 && wait <= 50, "%lld ms", (long long)wait);
    while (tdrest_writer_run(tdrt_the_writer, 1000) == TDREST_OK)
        ;
    CHECK_INT(tdrt_fates[0], TDREST_ROWS_WRITTEN);
    CHECK_INT(tdrest_writer_wait_ms(tdrt_the_writer), -1);
    tdrt_writer_finish();
}

static int answers_slowly(const tdrt_visit *visit)
{
    tdrt_pause(2);
    return tdrt_writer_answer(visit);
}

/* A table whose rows never end, through one request at a time: the one row of another has its turn once it is old. */
static void age_beside_full_lanes(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    int rows = 1;

    settings.flush_ms = 20;
    settings.writer_bytes = 65536;
    settings.max_in_flight = 1;
    tdrt_writer_begin("batch_bytes=4096", &settings, sql, answers_slowly);
    CHECK_INT(tdrt_writer_add("seldom", 0, "1"), TDREST_OK);
    while (tdrt_fates[0] == 0 && rows < 50000)
        CHECK_INT(tdrt_writer_add("often", rows++, "1"), TDREST_OK);
    CHECK(tdrt_fates[0] == TDREST_ROWS_WRITTEN, "it still waits behind %d rows", rows);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    tdrt_writer_finish();
}

static int more_rows;

static void adds_more(void *context, const tdrest_delivery *delivery)
{
    tdrt_writer_delivered(context, delivery);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, 1), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, 1), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_run(tdrt_the_writer, 1), TDREST_EUSAGE);
    if (more_rows-- > 0)
        CHECK_INT(tdrt_writer_add("one", 100 + more_rows, "more"), TDREST_OK);
}

static void callbacks(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;

    settings.delivered = adds_more;
    more_rows = 5;
    tdrt_writer_begin("", &settings, sql, NULL);
    CHECK_INT(tdrt_writer_add("one", 1, "1"), TDREST_OK);
    while (tdrest_writer_run(tdrt_the_writer, 100) == TDREST_OK)
        CHECK(tdrest_writer_flush(tdrt_the_writer, LONG_MS) == TDREST_OK, "%s", tdrest_writer_error(tdrt_the_writer)->message);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 6);
    tdrt_writer_finish();
}

static int is_adding, added_within;

static void adds_within_add(void *context, const tdrest_delivery *delivery)
{
    tdrt_writer_delivered(context, delivery);
    if (is_adding && added_within == 0) {
        added_within++;
        CHECK_INT(tdrt_writer_add("other", 0, "more"), TDREST_OK);
    }
}

/* A callback may add rows, also when it is an add that has found the answer; the rows behind it go where they should. */
static void callback_of_add(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    int rows = 0;

    settings.delivered = adds_within_add;
    settings.flush_rows = 1;
    added_within = 0;
    tdrt_writer_begin("", &settings, sql, NULL);
    for (; added_within == 0 && rows < 20000; rows++) {
        is_adding = 1;
        CHECK_INT(tdrt_writer_add("one", rows, "1"), TDREST_OK);
        is_adding = 0;
        tdrt_pause(1);
    }
    CHECK_INT(added_within, 1);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), rows + 1);
    tdrt_writer_finish();
}

static void frees_itself(void *context, const tdrest_delivery *delivery)
{
    tdrest_writer *w = tdrt_the_writer;

    tdrt_the_writer = NULL;
    tdrt_writer_delivered(context, delivery);
    tdrest_writer_free(w);
}

static void freed_in_callback(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_writer *w;

    settings.delivered = frees_itself;
    settings.flush_rows = 1;
    settings.max_in_flight = 1;
    tdrt_writer_begin("", &settings, sql, NULL);
    w = tdrt_the_writer;
    CHECK_INT(tdrt_writer_add("one", 1, "1"), TDREST_OK);
    while (tdrt_the_writer != NULL)
        CHECK(tdrest_writer_run(w, 100) >= 0, "it fails");
    CHECK_INT(tdrt_fates[0], TDREST_ROWS_WRITTEN);
    tdrt_writer_finish();
}

static void *from_elsewhere(void *context)
{
    tdrest_writer_counts counts = TDREST_WRITER_COUNTS_INIT;

    (void)context;
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, "m f=1", TDREST_CSTR, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_run(tdrt_the_writer, 0), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, 0), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, 0), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_stats(tdrt_the_writer, &counts), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_wait_ms(tdrt_the_writer), -1);
    tdrest_writer_reset(tdrt_the_writer);
    tdrest_writer_free(tdrt_the_writer);
    return NULL;
}

static void other_thread(void)
{
    pthread_t thread;

    tdrt_writer_begin("", NULL, sql, NULL);
    CHECK_INT(tdrt_writer_add("one", 1, "1"), TDREST_OK);
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, from_elsewhere, NULL) == 0);
    (void)pthread_join(thread, NULL);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    tdrt_writer_finish();
}

static void misuse(void)
{
    tdrest_options *options = NULL;
    tdrest_writer *w = NULL;
    tdrest_writer_options s = TDREST_WRITER_OPTIONS_INIT;
    tdrest_call call = TDREST_CALL_INIT;
    static const struct { int in_flight; int64_t bytes, rows, ms; int full; } bad[] = {
        {65, 0, 0, 0, 0}, {-1, 0, 0, 0, 0}, {0, 65535, 0, 0, 0}, {0, -1, 0, 0, 0}, {0, 0, -1, 0, 0}, {0, 0, 0, -1, 0}, {0, 0, 0, 0, 2},
    };

    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        s = TDREST_WRITER_OPTIONS_INIT;
        s.max_in_flight = bad[i].in_flight;
        s.writer_bytes = bad[i].bytes;
        s.flush_rows = bad[i].rows;
        s.flush_ms = bad[i].ms;
        s.when_full = bad[i].full;
        CHECK_INT(tdrest_writer_new(options, &s, sql, TDREST_CSTR, &w), TDREST_EUSAGE);
        CHECK(w == NULL, "there is a writer");
    }
    s = TDREST_WRITER_OPTIONS_INIT;
    s.size = 8;
    CHECK_INT(tdrest_writer_new(options, &s, sql, TDREST_CSTR, &w), TDREST_EUSAGE);
    s = TDREST_WRITER_OPTIONS_INIT;
    CHECK_INT(tdrest_writer_new(options, &s, NULL, 0, &w), TDREST_EUSAGE);
    s.protocol = TDREST_PROTOCOL_JSON;
    s.precision = TDREST_MS;
    CHECK_INT(tdrest_writer_new(options, &s, NULL, 0, &w), TDREST_EUSAGE);
    s.protocol = TDREST_PROTOCOL_JSON + 1;
    s.precision = 0;
    CHECK_INT(tdrest_writer_new(options, &s, NULL, 0, &w), TDREST_EUSAGE);
    s.protocol = TDREST_PROTOCOL_LINE;
    CHECK_INT(tdrest_writer_new(options, &s, NULL, 0, &w), TDREST_EUSAGE);
    s.protocol = TDREST_PROTOCOL_TELNET;
    s.precision = TDREST_MS;
    CHECK_INT(tdrest_writer_new(options, &s, NULL, 0, &w), TDREST_EUSAGE);
    s = TDREST_WRITER_OPTIONS_INIT;
    call.req_id = 5;
    s.call = &call;
    CHECK_INT(tdrest_writer_new(options, &s, sql, TDREST_CSTR, &w), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_new(options, NULL, "SELECT 1", TDREST_CSTR, &w), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_new(options, NULL, "INSERT INTO t VALUES (", TDREST_CSTR, &w), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_new(options, NULL, sql, TDREST_CSTR, &w), TDREST_OK);
    CHECK_INT(tdrest_writer_add(w), TDREST_EBIND);
    CHECK_INT(tdrest_stmt_add_row(tdrest_writer_stmt(w)), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_run(tdrest_writer_stmt(w), NULL, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_add_lines(w, "m f=1", TDREST_CSTR, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_run(w, -1), TDREST_DONE);
    CHECK_INT(tdrest_writer_close(w, -1), TDREST_OK);
    tdrest_writer_free(w);
    tdrest_writer_free(NULL);
    tdrest_options_free(options);
}

#ifndef TDREST_NO_ARROW
static void keep_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void keep_array(struct ArrowArray *array)
{
    array->release = NULL;
}

/* A batch is bound as columns are: in parts where the writer has not room for all. */
static void arrow_batches(void)
{
    enum { ROWS = 5000 };
    static int64_t times[ROWS], numbers[ROWS];
    const void *const buffers[2][2] = {{NULL, times}, {NULL, numbers}}, *no_validity[1] = {NULL};
    struct ArrowSchema fields[2] = {{.format = "tsm:UTC", .name = "ts", .release = keep_schema}, {.format = "l", .name = "v", .release = keep_schema}};
    struct ArrowSchema *field_list[2] = {&fields[0], &fields[1]};
    struct ArrowSchema schema = {.format = "+s", .name = "", .n_children = 2, .children = field_list, .release = keep_schema};
    struct ArrowArray columns[2], *column_list[2] = {&columns[0], &columns[1]};
    struct ArrowArray batch = {.length = ROWS, .n_buffers = 1, .n_children = 2, .buffers = no_validity, .children = column_list, .release = keep_array};
    struct ArrowArrayStream stream = {NULL, NULL, NULL, NULL, NULL};
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_stmt *stmt;

    for (int i = 0; i < ROWS; i++) {
        times[i] = 1700000000000 + i;
        numbers[i] = i;
    }
    for (int i = 0; i < 2; i++)
        columns[i] = (struct ArrowArray){.length = ROWS, .n_buffers = 2, .buffers = (const void **)buffers[i], .release = keep_array};
    settings.writer_bytes = 65536;
    tdrt_writer_begin("", &settings, sql, NULL);
    stmt = tdrest_writer_stmt(tdrt_the_writer);
    CHECK_INT(tdrest_stmt_set_table(stmt, "batches", TDREST_CSTR), TDREST_OK);
    CHECK(tdrest_stmt_bind_arrow(stmt, &schema, &batch) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
    CHECK(tdrest_writer_add(tdrt_the_writer) == TDREST_OK, "%s", tdrest_writer_error(tdrt_the_writer)->message);
    CHECK_INT(tdrest_stmt_bind_stream(stmt, &stream), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), ROWS);
    CHECK_COUNT(added, ROWS);
    CHECK_COUNT(written, ROWS);
    tdrt_writer_finish();
}
#endif

CU_TestInfo tdrt_writer_calls[] = {
    {"full", full},
    {"room for a long row", room_for_a_long_row},
    {"at once", at_once},
    {"waits for room", waits_for_room},
    {"begins at once", begins_at_once},
    {"age", age},
    {"age beside full lanes", age_beside_full_lanes},
    {"callbacks", callbacks},
    {"callback of add", callback_of_add},
    {"freed in a callback", freed_in_callback},
    {"other thread", other_thread},
    {"misuse", misuse},
#ifndef TDREST_NO_ARROW
    {"Arrow batches", arrow_batches},
#endif
    CU_TEST_INFO_NULL,
};
