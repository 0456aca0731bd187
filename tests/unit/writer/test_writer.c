/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A writer and its server: rows arrive once and in order, and each is told what became of it. */
#include "written.h"

#include <stdatomic.h>
#include <sys/mman.h>

static const char sql[] = "INSERT INTO ? VALUES (?, ?)";

enum { LONG_MS = 60000 };

/* ---- all is well ---- */

/* All that arrived, seen by the server's processes too. */
typedef struct arrivals {
    atomic_size_t used;
    char bytes[1 << 20];
} arrivals;

static arrivals *arrived_whole;

static int notes_all(const tdrt_visit *visit)
{
    size_t len = strlen(visit->sql), at = atomic_fetch_add(&arrived_whole->used, len + 1);

    if (at + len + 1 < sizeof arrived_whole->bytes)
        memcpy(arrived_whole->bytes + at, visit->sql, len);
    arrived_whole->bytes[at + len] = '\n';
    return tdrt_writer_answer(visit);
}

/* The rows of a table as they arrived: ('time', 'number')... with numbers that grow. */
static int64_t check_order(const char *table)
{
    const char *p = arrived_whole->bytes, *row;
    char name[32];
    int64_t last = -1, count = 0;

    snprintf(name, sizeof name, "%s VALUES", table);
    for (; (p = strstr(p, name)) != NULL; p++)
        for (row = strchr(p, '('); row != NULL && *row == '('; row = strchr(row, ')') + 1) {
            const char *text = strchr(strchr(row, ',') + 1, '\'') + 1;
            int64_t number = strtoll(text, NULL, 10);

            CHECK(number > last, "%s: %lld behind %lld", table, (long long)number, (long long)last);
            last = number;
            count++;
        }
    return count;
}

static void rows_by_rows(void)
{
    char table[24], text[16];
    int64_t arrived = 0;

    arrived_whole = (arrivals *)mmap(NULL, sizeof *arrived_whole, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_FATAL(arrived_whole != MAP_FAILED);
    tdrt_writer_begin("batch_bytes=4096", NULL, sql, notes_all);
    for (int i = 0; i < 2000; i++) {
        snprintf(table, sizeof table, "t%d", i % 7);
        snprintf(text, sizeof text, "%d", i);
        CHECK_INT(tdrt_writer_add(table, i, text), TDREST_OK);
    }
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 2000);
    CHECK_COUNT(pending, 0);
    CHECK(tdrt_writer_stats().requests >= 10, "%lld requests", (long long)tdrt_writer_stats().requests);
    for (int i = 0; i < 7; i++) {
        snprintf(table, sizeof table, "`t%d`", i);
        arrived += check_order(table);
    }
    CHECK_INT(arrived, 2000);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_EUSAGE);
    tdrt_writer_finish();
    (void)munmap(arrived_whole, sizeof *arrived_whole);
}

/* One table: no two requests at a time, whatever the columns' length. */
static void columns(void)
{
    enum { ROWS = 30000 };
    static int64_t times[ROWS], values[ROWS];
    tdrest_column time_column = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, times, ROWS), value_column = TDREST_COLUMN(TDREST_TYPE_BIGINT, values, ROWS);
    tdrest_stmt *stmt;

    for (int i = 0; i < ROWS; i++)
        times[i] = values[i] = i;
    time_column.precision = TDREST_MS;
    tdrt_writer_begin("", NULL, sql, NULL);
    stmt = tdrest_writer_stmt(tdrt_the_writer);
    CHECK_INT(tdrest_stmt_set_table(stmt, "one", TDREST_CSTR), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_column(stmt, 0, &time_column), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_column(stmt, 1, &value_column), TDREST_OK);
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_OK);
    CHECK_COUNT(added, ROWS);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), ROWS);
    CHECK_INT(tdrt_writer_server.counts->connections, 1);
    tdrt_writer_finish();
}

static void invalid_row_of_columns(void)
{
    static int64_t times[100];
    static const uint8_t bits[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xf3, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
    tdrest_column time_column = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, times, 100);
    tdrest_stmt *stmt;

    time_column.precision = TDREST_MS;
    time_column.validity = bits; /* rows 42 and 43 have no time */
    tdrt_writer_begin("", NULL, sql, NULL);
    stmt = tdrest_writer_stmt(tdrt_the_writer);
    CHECK_INT(tdrest_stmt_set_table(stmt, "one", TDREST_CSTR), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_column(stmt, 0, &time_column), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_column(stmt, 1, &time_column), TDREST_OK);
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_EBIND);
    CHECK_INT(tdrest_writer_error(tdrt_the_writer)->row, 42);
    CHECK_COUNT(added, 42);
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_EBIND);
    CHECK_INT(tdrest_writer_error(tdrt_the_writer)->row, 42);
    CHECK_COUNT(added, 42);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    tdrt_writer_finish();
}

/* ---- refusals ---- */

static void one_bad_row(void)
{
    char text[16];

    tdrt_writer_begin("", &(tdrest_writer_options){.size = sizeof(tdrest_writer_options), .max_in_flight = 1}, sql, NULL);
    for (int i = 0; i < 1024; i++) {
        snprintf(text, sizeof text, i == 700 ? "bad" : "%d", i);
        CHECK_INT(tdrt_writer_add("one", i, text), TDREST_OK);
    }
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_INT(tdrest_writer_error(tdrt_the_writer)->row, 700);
    CHECK_INT(tdrest_writer_error(tdrt_the_writer)->server_code, 0x216);
    CHECK(strncmp(tdrest_writer_error(tdrt_the_writer)->message, "1 of 1024 rows were refused, 0 may have been written; the first is row 700: ", 73) == 0, "%s",
          tdrest_writer_error(tdrt_the_writer)->message);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 1023);
    CHECK_INT(tdrt_fates[700], TDREST_ROWS_REFUSED);
    CHECK(tdrt_writer_stats().requests <= 1 + 2 * 10, "%lld requests", (long long)tdrt_writer_stats().requests);
    /* It is told again, until it is forgiven; and the writer goes on. */
    CHECK_INT(tdrt_writer_add("one", 5000, "x"), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_INT(tdrt_fates[1024], TDREST_ROWS_WRITTEN);
    tdrest_writer_reset(tdrt_the_writer);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_OK);
    tdrt_writer_finish();
}

static void all_bad(void)
{
    tdrt_writer_begin("", NULL, sql, NULL);
    for (int i = 0; i < 100000; i++)
        if (tdrt_writer_add("one", i, "bad") != TDREST_OK)
            CHECK(0, "row %d: %s", i, tdrest_writer_error(tdrt_the_writer)->message);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_REFUSED), 100000);
    CHECK(tdrt_writer_stats().requests <= 64, "%lld requests", (long long)tdrt_writer_stats().requests);
    tdrt_writer_finish();
}

/* Neither a table of bad rows nor the batch in front costs good rows of other tables. */
static void good_rows_behind_bad_ones(void)
{
    static const char *const tables[] = {"one", "two", "three"};
    int count = 0;

    tdrt_writer_begin("batch_bytes=16384", NULL, sql, NULL);
    for (int i = 0; i < 3000; i++) {
        const int is_bad = i % 3 == 0 || (i % 3 == 1 && i / 3 == 400);

        CHECK_INT(tdrt_writer_add(tables[i % 3], i, is_bad ? "bad" : "1"), TDREST_OK);
        count += is_bad;
    }
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_REFUSED), count);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 3000 - count);
    tdrt_writer_finish();
}

/* Nor do all bad rows of a batch, when the next one begins with another table; or when that table has less than eight of them. */
static void good_rows_behind_a_bad_batch(void)
{
    static const struct { const char *first, *last; } behind[] = {{"one", "one"}, {"one", "two"}};
    int added, count;

    for (size_t at = 0; at < COUNT_OF(behind); at++) {
        tdrt_writer_begin("", &(tdrest_writer_options){.size = sizeof(tdrest_writer_options), .max_in_flight = 1}, sql, NULL);
        for (added = 0; added < 9; added++)
            CHECK_INT(tdrt_writer_add(added < 8 ? behind[at].first : behind[at].last, added, "bad"), TDREST_OK);
        CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
        for (count = added; added < 209; added++) {
            const int is_bad = added == 9 || added == 100;

            CHECK_INT(tdrt_writer_add("two", added, is_bad ? "bad" : "1"), TDREST_OK);
            count += is_bad;
        }
        CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
        CHECK_INT(tdrt_writer_count(TDREST_ROWS_REFUSED), count);
        CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 209 - count);
        tdrt_writer_finish();
    }
}

/* A table that is not there: its rows alone, in one report, and the others are written. */
static void other_refusals(void)
{
    tdrt_writer_begin("batch_bytes=4096", NULL, sql, NULL);
    for (int i = 0; i < 50; i++)
        CHECK_INT(tdrt_writer_add("gone", i, "1"), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_REFUSED), 50);
    CHECK_INT(tdrt_reports, 1);
    CHECK_COUNT(requests, 1);
    CHECK_INT(tdrt_last_refusal.server_code, 0x2603);
    CHECK_INT(tdrt_writer_add("one", 1, "1"), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_INT(tdrt_fates[50], TDREST_ROWS_WRITTEN);
    tdrt_writer_finish();
}

static int too_large(const tdrt_visit *visit)
{
    static const tdrt_answer refusal = {.status = 413, .fields = "Content-Type: text/html\r\n", .body = "<html>"};

    return strlen(visit->sql) > 200 ? tdrt_send_answer(visit, &refusal) : tdrt_writer_answer(visit);
}

static void gateway_limit(void)
{
    char large[300];

    memset(large, 'x', sizeof large);
    large[299] = '\0';
    tdrt_writer_begin("", NULL, sql, too_large);
    for (int i = 0; i < 64; i++)
        CHECK_INT(tdrt_writer_add("one", i, i == 7 ? large : "1"), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_EGATEWAY);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 63);
    CHECK_INT(tdrt_fates[7], TDREST_ROWS_REFUSED);
    CHECK(strstr(tdrt_last_refusal.message, "(the row has 331 bytes)") != NULL, "%s", tdrt_last_refusal.message);
    tdrt_writer_finish();
}

/* ---- the unknown ---- */

static int drops(const tdrt_visit *visit)
{
    return strstr(visit->sql, "lost") != NULL ? 0 : tdrt_writer_answer(visit);
}

static void unknown_rows(void)
{
    tdrt_writer_begin("", NULL, sql, drops);
    CHECK_INT(tdrt_writer_add("lost", 1, "1"), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ECONNECT);
    CHECK_INT(tdrt_fates[0], TDREST_ROWS_UNKNOWN);
    CHECK_INT(tdrt_writer_add("one", 1, "1"), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ECONNECT);
    CHECK_INT(tdrt_fates[1], TDREST_ROWS_WRITTEN);
    tdrt_writer_finish();
}

/* What runs is unknown, what waits is refused, and all of it is told. */
static void closed_in_time(int frees)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    int64_t began = tdrt_now_ms();

    settings.flush_rows = 1;
    tdrt_writer_begin("", &settings, sql, NULL);
    CHECK_INT(tdrt_writer_add("still", 1, "1"), TDREST_OK);
    CHECK_INT(tdrest_writer_run(tdrt_the_writer, 0), TDREST_OK);
    while (tdrt_writer_server.counts->used == 0)
        CHECK_INT(tdrest_writer_run(tdrt_the_writer, 10), TDREST_OK);
    for (int i = 0; i < 10; i++)
        CHECK_INT(tdrt_writer_add("still", 2, "2"), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, 20), TDREST_ETIMEOUT);
    CHECK_COUNT(pending, 11);
    if (frees) {
        tdrest_writer *w = tdrt_the_writer;

        tdrt_the_writer = NULL;
        tdrest_writer_free(w);
    } else {
        CHECK(tdrest_writer_close(tdrt_the_writer, 20) < 0, "all are written");
        CHECK_COUNT(pending, 0);
        CHECK_COUNT(in_flight, 0);
    }
    CHECK_INT(tdrt_fates[0], TDREST_ROWS_UNKNOWN);
    for (int i = 1; i < 11; i++)
        CHECK_INT(tdrt_fates[i], TDREST_ROWS_REFUSED);
    CHECK_INT(tdrt_last_refusal.code, frees ? TDREST_ECANCELLED : TDREST_ETIMEOUT);
    CHECK(tdrt_now_ms() - began < 60000, "it took %lld ms", (long long)(tdrt_now_ms() - began));
    tdrt_writer_finish();
}

static void close_deadline(void)
{
    closed_in_time(0);
}

static void freed(void)
{
    closed_in_time(1);
}

/* ---- order ---- */

static int fails_first(const tdrt_visit *visit)
{
    static const tdrt_answer busy = {.status = 503, .body = "\"memory exceeds threshold\""};

    if (strstr(visit->sql, "'first'") != NULL && atomic_fetch_add(&arrived_whole->used, 1) == 0)
        return tdrt_send_answer(visit, &busy);
    return tdrt_writer_answer(visit);
}

static void order_with_repeats(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    const char *arrived;

    settings.flush_rows = 1;
    arrived_whole = (arrivals *)mmap(NULL, sizeof *arrived_whole, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_FATAL(arrived_whole != MAP_FAILED);
    tdrt_writer_begin("?retry=auto&retry_backoff_ms=50", &settings, sql, fails_first);
    CHECK_INT(tdrt_writer_add("one", 1, "first"), TDREST_OK);
    CHECK_INT(tdrt_writer_add("one", 2, "second"), TDREST_OK);
    CHECK_INT(tdrt_writer_add("two", 3, "other"), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_OK);
    arrived = tdrt_writer_server.counts->arrived;
    CHECK(strstr(arrived, "'first'") != NULL && strstr(strstr(arrived, "'first'") + 1, "'first'") < strstr(arrived, "'second'"), "%s", arrived);
    CHECK_COUNT(retries, 1);
    CHECK_COUNT(requests, 3);
    tdrt_writer_finish();
    (void)munmap(arrived_whole, sizeof *arrived_whole);
}

CU_TestInfo tdrt_writer[] = {
    {"rows", rows_by_rows},
    {"columns", columns},
    {"columns with an invalid row", invalid_row_of_columns},
    {"one bad row", one_bad_row},
    {"all rows bad", all_bad},
    {"good rows behind bad ones", good_rows_behind_bad_ones},
    {"good rows behind a bad batch", good_rows_behind_a_bad_batch},
    {"other refusals", other_refusals},
    {"too large for a gateway", gateway_limit},
    {"unknown rows", unknown_rows},
    {"closed before the answer", close_deadline},
    {"freed before the answer", freed},
    {"order with repeats", order_with_repeats},
    CU_TEST_INFO_NULL,
};
