/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a writer's calls promise: room, age, callbacks, threads, lines, misuse. */
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

/* ---- lines ---- */

static tdrest_writer_options for_lines(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;

    settings.protocol = TDREST_PROTOCOL_LINE;
    settings.precision = TDREST_MS;
    return settings;
}

/* Blank lines cost nothing, a bad line costs itself. */
static void lines(void)
{
    tdrest_writer_options settings = for_lines();
    char data[40000];
    size_t len = 0, taken;

    for (int i = 0; i < 1000; i++) {
        len += (size_t)snprintf(data + len, sizeof data - len, "m,t=%d f=%s %d\n", i % 3, i == 77 || i == 400 ? "bad" : "1", 1000 + i);
        if (i % 10 == 0)
            len += (size_t)snprintf(data + len, sizeof data - len, i % 20 == 0 ? " \r\n\n" : "# a comment\n");
    }
    tdrt_writer_begin("", &settings, NULL, NULL);
    CHECK(tdrest_writer_stmt(tdrt_the_writer) == NULL, "there is a statement");
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, data, len, &taken), TDREST_OK);
    CHECK_INT(taken, len);
    CHECK_COUNT(added, 1000);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 998);
    CHECK_INT(tdrt_fates[77], TDREST_ROWS_REFUSED);
    CHECK_INT(tdrt_fates[400], TDREST_ROWS_REFUSED);
    CHECK_INT(tdrt_last_refusal.server_code, 0x3002);
    tdrt_writer_finish();
}

static void lines_in_pieces(void)
{
    tdrest_writer_options settings = for_lines();
    static const char with_nul[] = "m f=1 1\nm f=\0 2\nm f=1 3";
    size_t taken = 99;

    tdrt_writer_begin("", &settings, NULL, NULL);
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, "", 0, &taken), TDREST_OK);
    CHECK_INT(taken, 0);
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, "\n\n # no comment\n#comment", TDREST_CSTR, &taken), TDREST_OK);
    CHECK_INT(taken, 24);
    CHECK_COUNT(added, 1);
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, with_nul, sizeof with_nul - 1, &taken), TDREST_EUSAGE);
    CHECK_INT(taken, 8);
    CHECK_INT(tdrest_writer_error(tdrt_the_writer)->offset, 12);
    CHECK_COUNT(added, 2);
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, NULL, 0, &taken), TDREST_EUSAGE);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK(strstr(tdrt_writer_server.counts->arrived, "m f=1 1") != NULL, "%s", tdrt_writer_server.counts->arrived);
    tdrt_writer_finish();
}

/* ---- points of JSON ---- */

/* As recorded. What is no array of points is refused, too. */
static int takes_points(const tdrt_visit *visit)
{
    tdrt_answer answer = {.status = 204, .body = ""};
    size_t len = strlen(visit->sql);

    if (len < 4 || memcmp(visit->sql, "[{", 2) != 0 || memcmp(visit->sql + len - 2, "}]", 2) != 0 || strstr(visit->sql, "}{") != NULL || strstr(visit->head, "/put/json/") == NULL)
        answer = (tdrt_answer){.status = 500, .body = "{\"code\":500,\"message\":\"[0x221] Invalid JSON format\"}"};
    else if (strstr(visit->sql, "bad") != NULL)
        answer = (tdrt_answer){.status = 500, .body = "{\"code\":500,\"message\":\"[0x222] Invalid JSON data type\"}"};
    else if (strstr(visit->sql, "large") != NULL)
        answer = (tdrt_answer){.status = 500, .body = "{\"code\":500,\"message\":\"[0x224] Value out of range\"}"};
    else if (strstr(visit->sql, "nobody") != NULL)
        answer = (tdrt_answer){.status = 500, .body = "{\"code\":500,\"message\":\"[0x388] Database not exist\"}"};
    return tdrt_send_answer(visit, &answer);
}

static void begin_points(tdrest_delivery_callback *delivered)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;

    settings.protocol = TDREST_PROTOCOL_JSON;
    settings.delivered = delivered;
    tdrt_writer_begin("", &settings, NULL, takes_points);
}

static char refused_points[2000];

static void keeps_refused(void *context, const tdrest_delivery *d)
{
    size_t len = strlen(refused_points);

    tdrt_writer_delivered(context, d);
    if (d->state == TDREST_ROWS_REFUSED)
        snprintf(refused_points + len, sizeof refused_points - len, "%lld%s%.*s\n", (long long)d->first, d->blames_rows ? ":" : "!", (int)d->len, d->text);
}

/* A bad point costs itself, and its report has its number. */
static void points(void)
{
    static char data[120000];
    size_t len = 0, taken;

    refused_points[0] = '\0';
    for (int i = 0; i < 1000; i++)
        len += (size_t)snprintf(data + len, sizeof data - len, "%s{\"metric\":\"m\",\"timestamp\":%d,\"value\":%s,\"tags\":{\"t\":%d}}%s", i == 0 ? "[" : "", 1700000000 + i,
                                i == 77 ? "\"bad\"" : i == 400 ? "\"large\"" : "1", i % 3, i == 999 ? " ]\n" : i % 2 == 0 ? "," : " ,\n ");
    begin_points(keeps_refused);
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, data, len, &taken), TDREST_OK);
    CHECK_INT(taken, len);
    CHECK_COUNT(added, 1000);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 998);
    CHECK_INT(tdrt_fates[77], TDREST_ROWS_REFUSED);
    CHECK_INT(tdrt_fates[400], TDREST_ROWS_REFUSED);
    CHECK(strstr(refused_points, "77:{\"metric\":\"m\",\"timestamp\":1700000077,\"value\":\"bad\",\"tags\":{\"t\":2}}\n") != NULL, "%s", refused_points);
    CHECK(strstr(refused_points, "400:{\"metric\":\"m\",\"timestamp\":1700000400,\"value\":\"large\",\"tags\":{\"t\":1}}\n") != NULL, "%s", refused_points);
    CHECK(tdrt_writer_stats().requests <= 3 + 2 * 2 * 10, "%lld requests", (long long)tdrt_writer_stats().requests);
    /* One that is no reason of a point's refuses all of its request. */
    refused_points[0] = '\0';
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, "[{\"metric\":\"nobody\",\"timestamp\":1},{\"metric\":\"nobody\",\"timestamp\":2}]", TDREST_CSTR, NULL), TDREST_OK);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_TEXT(refused_points, "1000!{\"metric\":\"nobody\",\"timestamp\":1},{\"metric\":\"nobody\",\"timestamp\":2}\n");
    tdrt_writer_finish();
}

/* Without their times, points that may be written are not written once more: the code alone does not say that nothing was. */
static void points_without_times(void)
{
    begin_points(NULL);
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, "[{\"metric\":\"m\",\"value\":\"bad\"},{\"metric\":\"m\",\"value\":1}]", TDREST_CSTR, NULL), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_INT(tdrt_fates[0], TDREST_ROWS_REFUSED); /* 0x0222: nothing was */
    CHECK_INT(tdrt_fates[1], TDREST_ROWS_WRITTEN);
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, "[{\"metric\":\"m\",\"value\":\"large\"},{\"metric\":\"m\",\"value\":1}]", TDREST_CSTR, NULL), TDREST_OK);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_INT(tdrt_fates[2], TDREST_ROWS_UNKNOWN);
    CHECK_INT(tdrt_fates[3], TDREST_ROWS_UNKNOWN);
    tdrt_writer_finish();
}

/* Points in front of one that cannot be read are added; and what room leaves of an array is taken up there. */
static void points_in_pieces(void)
{
    static const struct { const char *data; size_t taken; int added, rc, offset; } cases[] = {
        {"[]", 2, 0, TDREST_OK, -1},
        {"", 0, 0, TDREST_OK, -1},
        {"{\"metric\":\"m\"} ", 15, 1, TDREST_OK, -1},
        {"[{\"metric\":\"m\"},{\"metric\":}]", 15, 1, TDREST_EUSAGE, 16},
        {"[{\"metric\":\"m\"}", 15, 1, TDREST_EUSAGE, 15},
        {",{\"metric\":\"m\"}]", 16, 1, TDREST_OK, -1},
        {"m f=1", 0, 0, TDREST_EUSAGE, 0},
    };
    size_t taken;

    begin_points(NULL);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t before = tdrt_writer_stats().added;
        int rc = tdrest_writer_add_lines(tdrt_the_writer, cases[i].data, TDREST_CSTR, &taken);

        CHECK(rc == cases[i].rc && taken == cases[i].taken && tdrt_writer_stats().added - before == cases[i].added &&
                  (rc == TDREST_OK || tdrest_writer_error(tdrt_the_writer)->offset == cases[i].offset),
              "%s: %d, %zu bytes, %s", cases[i].data, rc, taken, tdrest_writer_error(tdrt_the_writer)->message);
    }
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, "[{\"metric\":\"m\"},{\"a\":\"\0\"}]", 28, &taken), TDREST_EUSAGE);
    CHECK_INT(taken, 15);
    CHECK_INT(tdrest_writer_error(tdrt_the_writer)->offset, 22);
    CHECK(strstr(tdrest_writer_error(tdrt_the_writer)->message, "a NUL") != NULL, "%s", tdrest_writer_error(tdrt_the_writer)->message);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    tdrt_writer_finish();
}

/* When it is full, `taken` tells where to go on. */
static void points_when_full(void)
{
    tdrest_writer_options settings = {.size = sizeof settings, .protocol = TDREST_PROTOCOL_JSON, .when_full = TDREST_WRITER_FULL, .writer_bytes = 65536};
    static char data[400000];
    size_t len = 1, done = 0, taken;
    int rc, fulls = 0;

    data[0] = '[';
    for (int i = 0; i < 5000; i++)
        len += (size_t)snprintf(data + len, sizeof data - len, "{\"metric\":\"m%d\",\"timestamp\":%d,\"value\":1,\"tags\":{\"t\":%d}}%s", i % 2, 1700000000 + i, i % 7, i == 4999 ? "]" : ", ");
    tdrt_writer_begin("", &settings, NULL, takes_points);
    while ((rc = tdrest_writer_add_lines(tdrt_the_writer, data + done, len - done, &taken)) == TDREST_FULL) {
        fulls++;
        done += taken;
        CHECK(tdrest_writer_run(tdrt_the_writer, 100) >= 0, "%s", tdrest_writer_error(tdrt_the_writer)->message);
    }
    CHECK_INT(rc, TDREST_OK);
    CHECK_INT(done + taken, len);
    CHECK(fulls > 0, "it was never full");
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 5000);
    tdrt_writer_finish();
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
    {"points", points},
    {"points without times", points_without_times},
    {"points in pieces", points_in_pieces},
    {"points when it is full", points_when_full},

    {"full", full},
    {"waits for room", waits_for_room},
    {"age", age},
    {"age beside full lanes", age_beside_full_lanes},
    {"callbacks", callbacks},
    {"callback of add", callback_of_add},
    {"freed in a callback", freed_in_callback},
    {"other thread", other_thread},
    {"lines", lines},
    {"lines in pieces", lines_in_pieces},
    {"misuse", misuse},
#ifndef TDREST_NO_ARROW
    {"Arrow batches", arrow_batches},
#endif
    CU_TEST_INFO_NULL,
};
