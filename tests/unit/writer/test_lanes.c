/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Rows that wait: in order, in no two requests of one table, each byte of memory counted; and the bodies made of them. */
#include "test.h"

#include "base/clock.h"
#include "memory.h"
#include "writer/batch.h"

static tdri_lanes lanes;

/* A table's rows, behind "I <table> V". */
static int add(const char *table, const char *clause, const char *row, int64_t number, int64_t now_ms)
{
    tdri_lane *lane = tdri_lanes_get(&lanes, table, strlen(table));
    char head[64];

    if (lane == NULL)
        return TDREST_ENOMEM;
    snprintf(head, sizeof head, "I %s %s", table, clause);
    if (tdri_lanes_add(&lanes, lane, head, strlen(head), row, strlen(row), number, now_ms) == TDREST_OK)
        return TDREST_OK;
    tdri_lanes_drop_empty(&lanes, lane);
    return TDREST_ENOMEM;
}

static void settle(tdri_batch *batch)
{
    for (tdri_segment *s = batch->segments; s != NULL; s = s->next)
        tdri_lanes_settle(&lanes, s);
    tdri_batch_clear(batch);
}

static const char *body_of(tdri_batch *batch, size_t from, size_t to)
{
    const char *body = "";
    size_t len = 0;

    CHECK_INT(tdri_batch_body(batch, from, to, &body, &len), TDREST_OK);
    CHECK_INT(strlen(body), len);
    return body;
}

static void check_tables(const tdri_batch *batch, size_t from, size_t to, size_t begin, size_t border)
{
    const tdri_tables tables = tdri_batch_tables(batch, from, to);

    CHECK(tables.begin == begin && tables.border == border, "rows %zu to %zu: begin %zu, border %zu", from, to, tables.begin, tables.border);
}

static void bodies(void)
{
    tdri_batch batch, other;
    tdri_batch_range r;

    tdri_lanes_init(&lanes, &tdri_mem_default, 2, 1000, 100000);
    CHECK_INT(add("a", "V", "(1)", 0, 1), TDREST_OK);
    CHECK_INT(add("b", "V", "(2)", 1, 2), TDREST_OK);
    CHECK_INT(add("a", "V", "(3)", 2, 3), TDREST_OK);
    CHECK_INT(add("a", "V", "(4)", 3, 4), TDREST_OK);
    CHECK_INT(add("a", "W", "(5)", 4, 5), TDREST_OK);
    CHECK_INT(lanes.ready_rows, 5);
    CHECK_INT(tdri_lanes_since(&lanes), 1);
    CHECK_INT(tdri_batch_make(&batch, &lanes, tdri_lanes_take(&lanes, 0)), TDREST_OK);
    CHECK_TEXT(body_of(&batch, 0, 5), "I a V(1)(3)(4)a W(5)b V(2)");
    CHECK_TEXT(body_of(&batch, 0, 1), "I a V(1)");
    CHECK_TEXT(body_of(&batch, 1, 4), "I a V(3)(4)a W(5)");
    CHECK_TEXT(body_of(&batch, 4, 5), "I b V(2)");
    check_tables(&batch, 0, 5, 0, 3);
    check_tables(&batch, 1, 3, 0, 3);
    check_tables(&batch, 3, 5, 3, 4);
    check_tables(&batch, 4, 5, 4, 5);
    tdri_batch_begin(&batch, 0, 5, &r);
    CHECK(r.first == 0 && r.count == 1 && memcmp(r.text, "(1)", r.len) == 0 && memcmp(r.clause, "a V", r.clause_len) == 0, "the first range");
    CHECK_INT(tdri_batch_next(&batch, &r), 1);
    CHECK(r.first == 2 && r.count == 2 && r.len == 6 && memcmp(r.text, "(3)(4)", 6) == 0, "the second range");
    CHECK_INT(tdri_batch_next(&batch, &r), 1);
    CHECK(r.first == 4 && r.count == 1 && memcmp(r.clause, "a W", r.clause_len) == 0, "the third range");
    CHECK_INT(tdri_batch_next(&batch, &r), 1);
    CHECK(r.first == 1 && r.count == 1 && memcmp(r.text, "(2)", r.len) == 0, "the last range");
    CHECK_INT(tdri_batch_next(&batch, &r), 0);
    /* Tables in flight are not ready; others are. */
    CHECK_INT(add("a", "V", "(6)", 5, 6), TDREST_OK);
    CHECK_INT(add("c", "V", "(7)", 6, 7), TDREST_OK);
    CHECK_INT(lanes.ready_rows, 1);
    CHECK_INT(tdri_lanes_since(&lanes), 7);
    CHECK_INT(tdri_batch_make(&other, &lanes, tdri_lanes_take(&lanes, 0)), TDREST_OK);
    CHECK_TEXT(body_of(&other, 0, 1), "I c V(7)");
    settle(&other);
    CHECK(tdri_lanes_take(&lanes, 0) == NULL, "a table is in two requests");
    settle(&batch);
    CHECK_INT(tdri_lanes_since(&lanes), 6);
    CHECK_INT(tdri_batch_make(&batch, &lanes, tdri_lanes_take(&lanes, 0)), TDREST_OK);
    CHECK_TEXT(body_of(&batch, 0, 1), "I a V(6)");
    settle(&batch);
    CHECK_INT(lanes.lane_count, 0);
    CHECK_INT(lanes.used, lanes.slot_count * sizeof *lanes.slots);
    tdri_lanes_clear(&lanes);
}

/* What stands between rows makes place for what ends the request, in whatever part of it; it is no row's. */
static void closed_bodies(void)
{
    tdri_batch batch;
    tdri_batch_range r;

    tdri_lanes_init(&lanes, &tdri_mem_default, 1, 1000, 100000);
    lanes.closing = ']';
    for (int64_t i = 0; i < 4; i++) {
        const char row[] = {'1', (char)('0' + i), ',', '\0'}, *table = i % 2 == 0 ? "a" : "b";

        CHECK_INT(tdri_lanes_add(&lanes, tdri_lanes_get(&lanes, table, 1), "[", 1, row, 3, i, 1), TDREST_OK);
    }
    CHECK_INT(tdri_batch_make(&batch, &lanes, tdri_lanes_take(&lanes, 0)), TDREST_OK);
    CHECK_TEXT(body_of(&batch, 0, 4), "[10,12,11,13]");
    CHECK_TEXT(body_of(&batch, 0, 2), "[10,12]");
    CHECK_TEXT(body_of(&batch, 1, 3), "[12,11]");
    CHECK_TEXT(body_of(&batch, 3, 4), "[13]");
    tdri_batch_begin(&batch, 0, 4, &r);
    for (int i = 0; i < 4; i++) {
        static const char *const texts[] = {"10", "12", "11", "13"};

        CHECK(r.count == 1 && r.len == 2 && memcmp(r.text, texts[i], 2) == 0 && r.clause_len == 0, "range %d: %.*s", i, (int)r.len, r.text);
        CHECK_INT(tdri_batch_next(&batch, &r), i < 3);
    }
    settle(&batch);
    tdri_lanes_clear(&lanes);
    CHECK_INT(lanes.closing, ']');
    lanes.closing = '\0';
}

/* No body is longer than it may be, unless one row is. */
static void sizes(void)
{
    char row[40];
    tdri_batch batch;
    int64_t next[3] = {0, 1, 2}, count = 0;
    tdri_segment *taken;

    tdri_lanes_init(&lanes, &tdri_mem_default, 2, 100, 100000);
    for (int i = 0; i < 300; i++) {
        snprintf(row, sizeof row, "(%d)", i);
        CHECK_INT(add(i % 3 == 0 ? "a" : i % 3 == 1 ? "b" : "c", "V", row, i, i), TDREST_OK);
    }
    CHECK_INT(tdri_lanes_are_full(&lanes), 1);
    while ((taken = tdri_lanes_take(&lanes, 0)) != NULL) {
        tdri_batch_range r;
        int table;

        CHECK_INT(tdri_batch_make(&batch, &lanes, taken), TDREST_OK);
        CHECK(strlen(body_of(&batch, 0, batch.rows)) <= 100, "%zu bytes", strlen(body_of(&batch, 0, batch.rows)));
        tdri_batch_begin(&batch, 0, batch.rows, &r);
        do {
            table = (int)(r.first % 3);
            CHECK_INT(r.first, next[table]);
            next[table] += 3;
            count++;
        } while (tdri_batch_next(&batch, &r));
        settle(&batch);
    }
    CHECK_INT(count, 300);
    CHECK_INT(add("a", "V", "(0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789)", 300, 1), TDREST_OK);
    CHECK_INT(tdri_batch_make(&batch, &lanes, tdri_lanes_take(&lanes, 0)), TDREST_OK);
    settle(&batch);
    tdri_lanes_clear(&lanes);
}

/* A row never takes more memory than was told before, whatever head stands before it. */
static void growth(void)
{
    static const char *const clauses[] = {"V", "W", "tags(1) V"};
    static char row[3000];
    uint64_t seed = 1;

    tdri_lanes_init(&lanes, &tdri_mem_default, 2, 8000, 100000);
    for (int i = 0; i < 3000; i++) {
        tdri_lane *lane = tdri_lanes_get(&lanes, "a", 1);
        const char *clause = clauses[tdri_random_next(&seed) % 16 == 0 ? i % 3 : 0];
        size_t len = (size_t)(tdri_random_next(&seed) % (i % 10 == 0 ? sizeof row : 50)), told, used = lanes.used;
        char head[24];

        snprintf(head, sizeof head, "I a %s", clause);
        told = tdri_lanes_growth(&lanes, lane, head, strlen(head), len);
        CHECK_INT(tdri_lanes_add(&lanes, lane, head, strlen(head), row, len, i, 1), TDREST_OK);
        CHECK(lanes.used - used <= told, "row %d, %zu bytes: %zu instead of %zu", i, len, lanes.used - used, told);
    }
    tdri_lanes_clear(&lanes);
}

/* ---- when a request is due: a clock that goes on by one with each row ---- */

enum { SLOTS = 4, SHARE = 8192, TABLES = 40, CLOCK_ROWS = 5000, ROW_MAX = 1024 };

typedef struct course {
    tdri_batch batches[SLOTS]; /* in flight, those whose `ends` is not 0 */
    int64_t ends[SLOTS];
    size_t in_flight;
    int64_t idle;    /* ticks at whose end a slot was free and a request's worth was there */
    int64_t blocked; /* ticks in which there was no room for a row */
} course;

static void end_requests(course *c, int64_t now)
{
    for (int i = 0; i < SLOTS; i++)
        if (c->ends[i] != 0 && c->ends[i] <= now) {
            settle(&c->batches[i]);
            c->ends[i] = 0;
            c->in_flight--;
        }
}

static void begin_requests(course *c, int64_t end, int needs_room)
{
    for (int i = 0; i < SLOTS && (needs_room ? lanes.ready_first != NULL : tdri_lanes_are_full(&lanes)); i++)
        if (c->ends[i] == 0) {
            CHECK_INT(tdri_batch_make(&c->batches[i], &lanes, tdri_lanes_take(&lanes, 0)), TDREST_OK);
            c->ends[i] = end;
            c->in_flight++;
        }
}

/* `together` rows for a table, then the next one; a request takes `takes` ticks. */
static course run_course(int together, int64_t takes)
{
    course c = {.in_flight = 0};
    int64_t added = 0, now = 0;

    tdri_lanes_init(&lanes, &tdri_mem_default, 2, SHARE, SHARE);
    for (; added < CLOCK_ROWS && now < 100 * CLOCK_ROWS; now++) {
        int has_room;
        char table[8];

        end_requests(&c, now);
        snprintf(table, sizeof table, "t%d", (int)(added / together % TABLES));
        has_room = lanes.used + ROW_MAX <= (SLOTS + 1) * SHARE;
        if (has_room)
            added += add(table, "VALUES ", "(1704164645000,8.25,213,0.5)", added, now) == TDREST_OK;
        c.blocked += !has_room;
        begin_requests(&c, now + takes, !has_room);
        c.idle += c.in_flight < SLOTS && lanes.ready_charge >= SHARE;
    }
    for (int64_t end = now + takes; c.in_flight > 0; now++)
        end_requests(&c, now < end ? now : end);
    CHECK_INT(added, CLOCK_ROWS);
    tdri_lanes_clear(&lanes);
    return c;
}

/* No slot is free while a request's worth is there; and while the slots keep up with the rows, none waits for memory. */
static void slots_are_used(void)
{
    static const struct {
        int together;
        int64_t takes;
        int keeps_up; /* a request ends before there are rows for SLOTS others */
    } cases[] = {{64, 100, 1}, {64, 500, 1}, {64, 2000, 0}, {7, 100, 1}, {7, 700, 0}, {1, 100, 1}, {1, 2000, 0}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        course c = run_course(cases[i].together, cases[i].takes);

        CHECK(c.idle == 0, "case %zu: for %" PRId64 " ticks a request could have begun", i, c.idle);
        CHECK((c.blocked == 0) == cases[i].keeps_up, "case %zu: rows waited for %" PRId64 " ticks", i, c.blocked);
    }
}

/* Full lanes go first, but not for ever. */
static void old_rows_go(void)
{
    char row[40];
    tdri_batch batch;

    tdri_lanes_init(&lanes, &tdri_mem_default, 2, 100, 100000);
    for (int i = 0; i < 20; i++)
        CHECK_INT(add("young", "V", "(00000000)", i, 2), TDREST_OK);
    CHECK_INT(add("old", "V", "(1)", 20, 1), TDREST_OK);
    for (int i = 21; lanes.ready_rows > 0 && i < 200; i++) {
        snprintf(row, sizeof row, "(%08d)", i);
        CHECK_INT(tdri_batch_make(&batch, &lanes, tdri_lanes_take(&lanes, i == 40)), TDREST_OK);
        CHECK((strstr(body_of(&batch, 0, batch.rows), "old") != NULL) == (i == 40), "%d: %s", i, body_of(&batch, 0, batch.rows));
        for (int k = 0; k < 10 && i <= 40; k++)
            CHECK_INT(add("young", "V", row, i, 2), TDREST_OK);
        settle(&batch);
    }
    CHECK_INT(lanes.ready_rows, 0);
    tdri_lanes_clear(&lanes);
}

/* Without memory nothing is added and nothing taken, and what is there stays. */
static void out_of_memory(void)
{
    static char row[4] = "(1)";
    int64_t fails, live = tdrt_memory_live(); /* of libcurl, where others have used it */

    for (fails = 1;; fails++) {
        tdri_batch batch;
        int64_t added = 0;
        tdri_segment *taken;
        int failed = 0;

        tdri_lanes_init(&lanes, &tdrt_memory, 2, 1000, 100000);
        tdrt_memory_plan(fails, 0);
        for (int i = 0; i < 300; i++) {
            char table[16];

            snprintf(table, sizeof table, "t%d", i % 90);
            if (add(table, i % 7 == 0 ? "V" : "W", row, added, 1) == TDREST_OK)
                added++;
            else
                failed = 1;
        }
        while ((taken = tdri_lanes_take(&lanes, 0)) != NULL) {
            if (tdri_batch_make(&batch, &lanes, taken) != TDREST_OK) {
                tdri_lanes_untake(&lanes, taken);
                failed = 1;
                continue;
            }
            added -= (int64_t)batch.rows;
            settle(&batch);
        }
        CHECK_INT(added, 0);
        CHECK_INT(lanes.lane_count, 0);
        tdri_lanes_clear(&lanes);
        CHECK_INT(tdrt_memory_live(), live);
        tdrt_memory_plan(0, 0);
        if (!failed)
            break;
    }
    CHECK(fails > 100, "only %lld allocations", (long long)fails);
}

/* What memory was out for once is taken as it stands, when memory is there again. */
static void taken_once_more(void)
{
    tdri_segment *taken;
    tdri_batch batch;

    tdri_lanes_init(&lanes, &tdrt_memory, 2, 10000, 100000);
    CHECK_INT(add("a", "V", "(0)", 0, 1), TDREST_OK);
    for (int i = 1; i < 1000; i++)
        CHECK_INT(add("a", "W", "(1)", i, 1), TDREST_OK);
    for (int tries = 0; tries < 2; tries++) {
        taken = tdri_lanes_take(&lanes, 0);
        tdrt_memory_plan(1, 0);
        CHECK_INT(tdri_batch_make(&batch, &lanes, taken), TDREST_ENOMEM);
        tdri_lanes_untake(&lanes, taken);
    }
    CHECK_INT(tdri_batch_make(&batch, &lanes, tdri_lanes_take(&lanes, 0)), TDREST_OK);
    CHECK_INT(batch.rows, 1000);
    CHECK(strncmp(body_of(&batch, 0, 1000), "I a V(0)a W(1)(1)", 17) == 0, "%.20s", body_of(&batch, 0, 1000));
    settle(&batch);
    tdri_lanes_clear(&lanes);
    tdrt_memory_plan(0, 0);
}

CU_TestInfo tdrt_lanes[] = {
    {"bodies", bodies},
    {"closed bodies", closed_bodies},
    {"sizes", sizes},
    {"growth", growth},
    {"slots are used", slots_are_used},
    {"old rows go", old_rows_go},
    {"out of memory", out_of_memory},
    {"taken once more", taken_once_more},
    CU_TEST_INFO_NULL,
};
