/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A writer of lines, and of points as JSON: each is a row, a bad one costs itself. */
#include "written.h"

enum { LONG_MS = 60000 };

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

static int is_adding, added_within;

static void adds_within_add(void *context, const tdrest_delivery *delivery)
{
    tdrt_writer_delivered(context, delivery);
    if (is_adding && added_within++ == 0)
        CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, "m v=1 1", TDREST_CSTR, NULL), TDREST_OK);
}

/* A callback may add lines, also when it is an add that has found the answer. */
static void callback_of_add(void)
{
    tdrest_writer_options settings = for_lines();
    int rows = 0;

    settings.delivered = adds_within_add;
    settings.flush_rows = 1;
    added_within = 0;
    tdrt_writer_begin("", &settings, NULL, NULL);
    for (; added_within == 0 && rows < 20000; rows++) {
        is_adding = 1;
        CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, "m v=2 2", TDREST_CSTR, NULL), TDREST_OK);
        is_adding = 0;
        tdrt_pause(1);
    }
    CHECK(added_within > 0, "no add found an answer");
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), rows + 1);
    tdrt_writer_finish();
}

/* ---- room ---- */

enum { LONG_ROWS = 5000 };

static char long_lines[LONG_ROWS * 40];
static unsigned char seen[2 * LONG_ROWS]; /* how often the line with that number was reported as written */
static int within;                        /* lines that a callback has added: their numbers are those behind the others */

static size_t make_long_lines(void)
{
    size_t len = 0;

    for (int i = 0; i < LONG_ROWS; i++)
        len += (size_t)snprintf(long_lines + len, sizeof long_lines - len, "m,t=%d v=%d %d\n", i % 5, i, 1000 + i);
    return len;
}

static void note_seen(const tdrest_delivery *d)
{
    const char *text = d->text;
    int number = 0;

    CHECK_INT(d->state, TDREST_ROWS_WRITTEN);
    for (int64_t i = 0; i < d->count; i++) {
        CHECK(sscanf(text, "m,t=%*d v=%d", &number) == 1 && number >= 0 && number < 2 * LONG_ROWS && seen[number]++ == 0, "%.30s", text);
        text = strchr(text, '\n') + 1;
    }
}

static void adds_while_it_waits(void *context, const tdrest_delivery *delivery)
{
    char line[40];
    int rc;

    tdrt_writer_delivered(context, delivery);
    note_seen(delivery);
    for (int tries = 0; is_adding && tries < 3 && within < LONG_ROWS; tries++) {
        snprintf(line, sizeof line, "m,t=9 v=%d %d", LONG_ROWS + within, 1000 + within);
        rc = tdrest_writer_add_lines(tdrt_the_writer, line, TDREST_CSTR, NULL);
        CHECK(rc == TDREST_OK || rc == TDREST_FULL, "%d", rc);
        within += rc == TDREST_OK;
    }
}

/* A callback within an add that waits for room takes nothing from the line at hand. */
static void callback_of_a_full_add(void)
{
    tdrest_writer_options settings = for_lines();
    const size_t len = make_long_lines();
    int reported = 0;

    settings.delivered = adds_while_it_waits;
    settings.writer_bytes = 65536;
    memset(seen, 0, sizeof seen);
    within = 0;
    tdrt_writer_begin("", &settings, NULL, NULL);
    is_adding = 1;
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, long_lines, len, NULL), TDREST_OK);
    is_adding = 0;
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    for (int i = 0; i < LONG_ROWS + within; i++)
        reported += seen[i];
    CHECK_INT(reported, LONG_ROWS + within);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), LONG_ROWS + within);
    tdrt_writer_finish();
}

/* Adds the lines with a NUL behind them to a writer that takes no more than it has room for. */
static void add_when_full(size_t len, int *fulls)
{
    size_t done = 0, taken;
    int rc;

    while ((rc = tdrest_writer_add_lines(tdrt_the_writer, long_lines + done, len + 7 - done, &taken)) == TDREST_FULL) {
        ++*fulls;
        done += taken;
        CHECK(tdrest_writer_run(tdrt_the_writer, 100) >= 0, "%s", tdrest_writer_error(tdrt_the_writer)->message);
    }
    CHECK_INT(rc, TDREST_EUSAGE);
    CHECK_INT(done + taken, len);
    CHECK_INT(tdrest_writer_error(tdrt_the_writer)->offset, (int64_t)(taken + 5));
}

/* It is told when there is no room for lines in front of one that cannot be added; and what came when there was none is not what makes later ones hurry. */
static void lines_when_full(void)
{
    tdrest_writer_options settings = for_lines();
    const size_t len = make_long_lines();
    int64_t requests;
    int fulls = 0;

    memcpy(long_lines + len, "m,t=0\0v", 8);
    settings.writer_bytes = 65536;
    settings.when_full = TDREST_WRITER_FULL;
    settings.flush_ms = 0;
    tdrt_writer_begin("", &settings, NULL, NULL);
    add_when_full(len, &fulls);
    CHECK(fulls > 0, "it was never full");
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_OK);
    requests = tdrt_writer_stats().requests;
    CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, "m v=1 1", TDREST_CSTR, NULL), TDREST_OK);
    CHECK_INT(tdrest_writer_run(tdrt_the_writer, 0), TDREST_OK);
    CHECK_COUNT(requests, requests);
    CHECK_COUNT(pending, 1);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), LONG_ROWS + 1);
    tdrt_writer_finish();
}

static int answer_at_the_gate(const tdrt_visit *visit)
{
    tdrt_wait_for_gate(visit);
    return tdrt_writer_answer(visit);
}

/* Each table has its own lane: one need not wait for another's request, while its own rows do. */
static void lines_of_two_tables(void)
{
    static const struct { const char *line; int in_flight; } steps[] = {{"m,t=1 v=1 1", 1}, {"m,t=2 v=1 1", 2}, {"m,t=1 v=2 2", 2}, {"m,t=3 v=1 1", 3}};
    tdrest_writer_options settings = for_lines();

    settings.flush_rows = 1;
    settings.max_in_flight = 4;
    tdrt_writer_begin("", &settings, NULL, answer_at_the_gate);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        CHECK_INT(tdrest_writer_add_lines(tdrt_the_writer, steps[i].line, TDREST_CSTR, NULL), TDREST_OK);
        CHECK(tdrt_writer_stats().in_flight == steps[i].in_flight, "%s: %d in flight", steps[i].line, (int)tdrt_writer_stats().in_flight);
    }
    tdrt_server_open_gate(&tdrt_writer_server);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 4);
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

CU_TestInfo tdrt_writer_lines[] = {
    {"lines", lines},
    {"lines in pieces", lines_in_pieces},
    {"callback of add", callback_of_add},
    {"callback of a full add", callback_of_a_full_add},
    {"lines when it is full", lines_when_full},
    {"lines of two tables", lines_of_two_tables},
    {"points", points},
    {"points without times", points_without_times},
    {"points in pieces", points_in_pieces},
    {"points when it is full", points_when_full},
    CU_TEST_INFO_NULL,
};
