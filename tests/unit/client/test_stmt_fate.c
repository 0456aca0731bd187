/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What becomes of the rows of a statement: their order, what every kind of failure says of them, what a second run sends. */
#include "stated.h"

#include <pthread.h>
#include <signal.h>

#define AFFECTED(rows, count) "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[" rows "],\"rows\":" count "}"

/* Tables are named after the answer: a status and a server code, or a way to fail. */
static int answer(const tdrt_visit *visit)
{
    const char *fate = strstr(visit->sql, "fate ");
    char body[192];
    int status, code;

    if (strstr(visit->sql, ",1000)") != NULL) {
        snprintf(body, sizeof body, "{\"code\":534,\"desc\":\"syntax error near '%.63s' (tinyint data overflow)\",\"timing\":1}", strstr(visit->sql, "1000)"));
        return tdrt_send_answer(visit, &(tdrt_answer){.body = body});
    }
    if (fate == NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    fate += 5;
    if (sscanf(fate, "%d %x", &status, (unsigned *)&code) == 2) {
        snprintf(body, sizeof body, "{\"code\":%d,\"desc\":\"refused\",\"timing\":1}", code);
        return tdrt_send_answer(visit, &(tdrt_answer){.status = status, .body = body});
    }
    if (sscanf(fate, "%d", &status) == 1)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = status, .fields = "", .body = "no adapter"});
    if (strncmp(fate, "memory", 6) == 0)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 503, .body = "\"memory exceeds threshold\""});
    if (strncmp(fate, "null", 4) == 0)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = AFFECTED("[null]", "1")});
    if (strncmp(fate, "two", 3) == 0)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = AFFECTED("[1],[1]", "2")});
    if (strncmp(fate, "slow", 4) == 0 && visit->connection == 1)
        return tdrt_hold(visit);
    if (strncmp(fate, "slow", 4) == 0)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    if (strncmp(fate, "rows", 4) == 0)
        return tdrt_send_three(visit);
    if (strncmp(fate, "cut", 3) == 0)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED, .end = TDRT_CLOSED, .cut = 40});
    return tdrt_reset(visit);
}

static void begin(const char *sql)
{
    begin_stmt(answer, "?conn_retries=0", sql);
}

static void arrived_once(const char *sql)
{
    CHECK(tdrt_server_arrivals(&server, sql) == 1, "%s: %.*s", sql, (int)server.counts->used, server.counts->arrived);
}

/* ---- order ---- */

/* A row of table t under a tag. */
static void add(int64_t tag, int64_t time, int64_t value)
{
    good(tdrest_stmt_bind_int64(stmt, 0, tag));
    good(tdrest_stmt_bind_time(stmt, 1, time, TDREST_MS));
    good(tdrest_stmt_bind_int64(stmt, 2, value));
    good(tdrest_stmt_add_row(stmt));
}

/* Of rows of one table with equal time the last one counts, whatever their tags say: they go out in the order they came. */
static void one_tables_order(void)
{
    begin("INSERT INTO ? USING s TAGS(?) VALUES(?,?)");
    good(tdrest_stmt_set_precision(stmt, TDREST_MS));
    good(tdrest_stmt_set_table(stmt, "t", 1));
    add(1, 5, 10);
    add(1, 6, 11);
    add(2, 5, 20);
    add(1, 5, 30);
    good(tdrest_stmt_set_table(stmt, "u", 1));
    add(1, 5, 40);
    good(tdrest_stmt_set_table(stmt, "t", 1));
    add(1, 5, 50);
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("INSERT INTO `t` USING s TAGS(1) VALUES(5,10)(6,11)`t` USING s TAGS(2) VALUES(5,20)`t` USING s TAGS(1) VALUES(5,30)(5,50)"
                 "`u` USING s TAGS(1) VALUES(5,40)");
    finish();
    begin("INSERT INTO t USING s TAGS(?) VALUES(?,?)");
    good(tdrest_stmt_set_precision(stmt, TDREST_MS));
    add(1, 5, 10);
    add(2, 5, 20);
    add(1, 5, 30);
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("INSERT INTO t USING s TAGS(1) VALUES(5,10)t USING s TAGS(2) VALUES(5,20)t USING s TAGS(1) VALUES(5,30)");
    finish();
}

/* Clauses take memory too: long tags with one short row each fill a batch as well. */
static void clauses_count(void)
{
    static char tag[2000];
    int rc = TDREST_OK, rows = 0;

    memset(tag, 'x', sizeof tag);
    begin("INSERT INTO ? USING s TAGS(?) VALUES(1)");
    good(tdrest_stmt_bind_text(stmt, 0, tag, sizeof tag));
    for (; rc == TDREST_OK && rows < 1000; rows++) {
        char table[16];

        snprintf(table, sizeof table, "t%d", rows);
        good(tdrest_stmt_set_table(stmt, table, TDREST_CSTR));
        rc = tdrest_stmt_add_row(stmt);
    }
    CHECK_INT(rc, TDREST_FULL);
    CU_ASSERT(rows == 129 || rows == 128); /* of 262,144 bytes */
    finish();
}

/* An INSERT of a SELECT has expressions: a number there shows its type. */
static void insert_of_select(void)
{
    begin("INSERT INTO t SELECT * FROM s WHERE v>?-1 AND w=?");
    good(tdrest_stmt_bind_double(stmt, 0, 3));
    good(tdrest_stmt_bind_int64(stmt, 1, 3));
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("INSERT INTO t SELECT * FROM s WHERE v> 3.0 -1 AND w= 3");
    finish();
}

/* ---- failures ---- */

typedef struct fate_case {
    const char *table;
    int code;
    int state;
} fate_case;

static void one_failure(const fate_case *c)
{
    const tdrest_row_range *range;
    int rc;

    tdrest_stmt_reset(stmt);
    good(tdrest_stmt_set_table(stmt, c->table, TDREST_CSTR));
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    rc = tdrest_stmt_run(stmt, NULL, NULL);
    range = tdrest_stmt_get_range(stmt, 0);
    CHECK(rc == c->code && range != NULL && range->count == 1 && range->state == c->state, "%s: %d, state %d: %s", c->table, rc,
          range == NULL ? -1 : range->state, tdrest_stmt_error(stmt)->message);
    CHECK(c->state != TDREST_ROWS_UNKNOWN || tdrest_stmt_error(stmt)->repeat != TDREST_REPEAT_SAFE, "%s: safe", c->table);
    CHECK(tdrest_stmt_get_range(stmt, 1) == NULL && tdrest_stmt_get_range(stmt, SIZE_MAX) == NULL, "%s: more than one row", c->table);
}

static void fates(void)
{
    static const fate_case cases[] = {
        /* while the text is parsed, before anything is written */
        {"fate 200 0200", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN}, {"fate 200 0216", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN},
        {"fate 200 2603", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN}, {"fate 200 2653", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN},
        {"fate 200 013d", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN}, {"fate 400 0216", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN},
        /* while it is written: one node may have done so before another one refused */
        {"fate 200 060b", TDREST_ESERVER, TDREST_ROWS_UNKNOWN}, {"fate 400 060b", TDREST_ESERVER, TDREST_ROWS_UNKNOWN},
        {"fate 200 0917", TDREST_ESERVER, TDREST_ROWS_UNKNOWN}, {"fate 500 0917", TDREST_ESERVER, TDREST_ROWS_UNKNOWN},
        {"fate 200 0528", TDREST_ESERVER, TDREST_ROWS_UNKNOWN}, {"fate 200 0903", TDREST_ESERVER, TDREST_ROWS_UNKNOWN},
        {"fate 200 000b", TDREST_ESERVER, TDREST_ROWS_UNKNOWN}, {"fate 200 ffff", TDREST_ESERVER, TDREST_ROWS_UNKNOWN},
        /* by the adapter, or on the way to it */
        {"fate 200 0357", TDREST_EAUTH, TDREST_ROWS_NOT_WRITTEN}, {"fate 401 0357", TDREST_EAUTH, TDREST_ROWS_NOT_WRITTEN},
        {"fate 400 1121", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN}, {"fate 400 ffff", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN},
        {"fate 403 ffff", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN}, {"fate 503 ffff", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN},
        {"fate memory", TDREST_ESERVER, TDREST_ROWS_NOT_WRITTEN}, {"fate 404", TDREST_ENOTADAPTER, TDREST_ROWS_NOT_WRITTEN},
        {"fate 307", TDREST_ENOTADAPTER, TDREST_ROWS_NOT_WRITTEN}, {"fate 413", TDREST_EGATEWAY, TDREST_ROWS_NOT_WRITTEN},
        {"fate 502", TDREST_EGATEWAY, TDREST_ROWS_UNKNOWN}, {"fate 504", TDREST_EGATEWAY, TDREST_ROWS_UNKNOWN},
        /* answers that tell nothing */
        {"fate null", TDREST_EANSWER, TDREST_ROWS_UNKNOWN}, {"fate two", TDREST_EANSWER, TDREST_ROWS_UNKNOWN},
        {"fate rows", TDREST_EANSWER, TDREST_ROWS_UNKNOWN}, {"fate cut", TDREST_ECONNECT, TDREST_ROWS_UNKNOWN},
        {"fate reset", TDREST_ECONNECT, TDREST_ROWS_UNKNOWN},
    };
    fate_case refused = {"no server", TDREST_ECONNECT, TDREST_ROWS_NOT_WRITTEN};

    begin("INSERT INTO ? VALUES(NOW,?)");
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        one_failure(&cases[i]);
    tdrt_server_stop(&server);
    one_failure(&refused);
    finish();
}

/* The first of the rows that would be doubled is named, and all of them stay. */
static void several_unknown(void)
{
    begin("INSERT INTO ? VALUES(NOW,?)");
    good(tdrest_stmt_set_table(stmt, "fate reset", TDREST_CSTR));
    for (int i = 0; i < 3; i++) {
        good(tdrest_stmt_bind_int64(stmt, 0, i));
        good(tdrest_stmt_add_row(stmt));
    }
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ECONNECT);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_error(stmt)->row, 0);
    CHECK_INT(tdrest_stmt_get_report(stmt)->rows, 3);
    finish();
}

/* NOW in any of its spellings, and as a bound text where the time of the row may be: what may have been written is not sent again. */
static void now_is_not_sent_twice(void)
{
    static const char *const statements[] = {
        "INSERT INTO `fate reset` VALUES(' now',?)", "INSERT INTO `fate reset` VALUES('\\ttoday()',?)", "INSERT INTO `fate reset` VALUES(`now`(),?)",
    };

    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        char sent[128];

        snprintf(sent, sizeof sent, "%s", statements[i]);
        *strchr(sent, '?') = '1';
        begin(statements[i]);
        good(tdrest_stmt_bind_int64(stmt, 0, 1));
        CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ECONNECT);
        CHECK(tdrest_stmt_run(stmt, NULL, NULL) == TDREST_EUSAGE, "%s", statements[i]);
        arrived_once(sent);
        finish();
    }
}

/* The second of two rows has a text that a column of times would read as NOW; `described` columns are known to be no such ones. */
static void now_as_a_text(void)
{
    static const struct { const char *sql, *text; int rc; } cases[] = {
        {"INSERT INTO `fate reset` (a, ts) VALUES(?,?)", "now", TDREST_EUSAGE}, {"INSERT INTO `fate reset` (a, ts) VALUES(?,?)", " Today+1d", TDREST_EUSAGE},
        {"INSERT INTO `fate reset` (a, ts) VALUES(?,?)", "nowhere", TDREST_ECONNECT}, {"INSERT INTO `fate reset` VALUES(?,?)", "now", TDREST_ECONNECT},
        {"INSERT INTO `fate reset` (tbname, ts) VALUES(?,?)", "now", TDREST_ECONNECT},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int text = strstr(cases[i].sql, "(a,") != NULL || strstr(cases[i].sql, "(tbname,") != NULL ? 0 : 1;

        begin(cases[i].sql);
        for (int row = 0; row < 2; row++) {
            good(tdrest_stmt_bind_text(stmt, text, row == 0 ? "x" : cases[i].text, TDREST_CSTR));
            good(tdrest_stmt_bind_time(stmt, 1 - text, row, TDREST_MS));
            good(tdrest_stmt_add_row(stmt));
        }
        CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ECONNECT);
        CHECK(tdrest_stmt_run(stmt, NULL, NULL) == cases[i].rc, "%s, %s: %s", cases[i].sql, cases[i].text, tdrest_stmt_error(stmt)->message);
        CHECK_INT(tdrest_stmt_error(stmt)->row, cases[i].rc == TDREST_EUSAGE ? 1 : -1);
        finish();
    }
}

static void add_value(const char *table, int64_t value)
{
    good(tdrest_stmt_set_table(stmt, table, TDREST_CSTR));
    good(tdrest_stmt_bind_int64(stmt, 0, value));
    good(tdrest_stmt_add_row(stmt));
}

/* One row that the server refuses is told, taken away, and the others are written. */
static void one_bad_row(void)
{
    int64_t affected = 0;

    begin("INSERT INTO ? VALUES(1,?)");
    for (int i = 0; i < 9; i++)
        add_value(i % 2 == 0 ? "a" : "b", i == 5 ? 1000 : i);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ESERVER);
    CHECK_INT(tdrest_stmt_error(stmt)->row, 5);
    CHECK_TEXT(tdrest_stmt_error(stmt)->message, "row 5: syntax error near '1000)(1,7)' (tinyint data overflow)");
    CHECK_INT(tdrest_stmt_get_range(stmt, 0)->count, 9);
    good(tdrest_stmt_drop_rows(stmt, tdrest_stmt_error(stmt)->row, 1));
    CHECK_INT(tdrest_stmt_get_report(stmt)->rows, 8);
    CHECK_INT(tdrest_stmt_get_range(stmt, 0)->count, 8);
    CU_ASSERT(tdrest_stmt_get_range(stmt, 1) == NULL);
    good(tdrest_stmt_run(stmt, NULL, &affected));
    arrived_once("INSERT INTO `a` VALUES(1,0)(1,2)(1,4)(1,6)(1,8)`b` VALUES(1,1)(1,3)(1,7)");
    finish();
}

/* Ranges of rows; fates move up with their rows, what is bound stays, and none of what is not there can go. */
static void dropped_ranges(void)
{
    static const int64_t wrong[][2] = {{-1, 1}, {0, 4}, {3, 1}, {4, 0}, {1, INT64_MAX}, {INT64_MAX, 1}, {0, -1}};

    begin("INSERT INTO ? VALUES(1,?)");
    add_value("t", 1);
    good(tdrest_stmt_run(stmt, NULL, NULL));
    CHECK_INT(tdrest_stmt_drop_rows(stmt, 0, 1), TDREST_EUSAGE);
    good(tdrest_stmt_drop_rows(stmt, 0, 0));
    add_value("fate reset", 2);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ECONNECT);
    add_value("t", 3);
    add_value("t", 4);
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        CHECK_INT(tdrest_stmt_drop_rows(stmt, wrong[i][0], wrong[i][1]), TDREST_EUSAGE);
        CHECK_TEXT(tdrest_stmt_error(stmt)->message, "rows: expected a range within the 3 that the statement holds");
    }
    CHECK_INT(tdrest_stmt_get_range(stmt, 0)->state, TDREST_ROWS_UNKNOWN);
    CHECK_INT(tdrest_stmt_get_range(stmt, 1)->count, 2);
    good(tdrest_stmt_bind_int64(stmt, 0, 5));
    good(tdrest_stmt_drop_rows(stmt, 0, 2));
    CHECK_INT(tdrest_stmt_get_range(stmt, 0)->count, 1);
    CHECK_INT(tdrest_stmt_get_range(stmt, 0)->state, TDREST_ROWS_NOT_WRITTEN);
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("INSERT INTO `t` VALUES(1,4)(1,5)");
    finish();
}

/* All rows gone is as before the first one; NOW that may have been written is no hindrance any more. */
static void dropped_all(void)
{
    begin("INSERT INTO ? VALUES(NOW,?)");
    add_value("fate reset", 1);
    add_value("fate reset", 2);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ECONNECT);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_EUSAGE);
    good(tdrest_stmt_drop_rows(stmt, 0, 2));
    CHECK_INT(tdrest_stmt_get_report(stmt)->rows, 0);
    CU_ASSERT(tdrest_stmt_get_range(stmt, 0) == NULL);
    good(tdrest_stmt_run(stmt, NULL, NULL));
    add_value("t", 3);
    good(tdrest_stmt_run(stmt, NULL, NULL));
    arrived_once("INSERT INTO `t` VALUES(NOW,3)");
    finish();
}

/* Rows that come after a failure: ranges tell of them, the next run sends them. */
static void rows_after_a_failure(void)
{
    begin("INSERT INTO ? VALUES(1,?)");
    good(tdrest_stmt_set_table(stmt, "fate 200 2603", TDREST_CSTR));
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ESERVER);
    CHECK_INT(tdrest_stmt_get_range(stmt, 0)->count, 1);
    good(tdrest_stmt_bind_int64(stmt, 0, 2));
    good(tdrest_stmt_add_row(stmt));
    CHECK_INT(tdrest_stmt_get_range(stmt, 0)->count, 2);
    CU_ASSERT(tdrest_stmt_get_range(stmt, 1) == NULL);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ESERVER);
    arrived_once("INSERT INTO `fate 200 2603` VALUES(1,1)(1,2)");
    finish();
}

/* Arrays of columns are read when their rows are added, be it by the run: what they hold later is not sent, not even after a failure. */
static void arrays_may_go(void)
{
    int32_t values[] = {1, 2};
    tdrest_column v = TDREST_COLUMN(TDREST_TYPE_INT, values, 2);

    begin("INSERT INTO ? VALUES(1,?)");
    good(tdrest_stmt_set_table(stmt, "fate 200 2603", TDREST_CSTR));
    good(tdrest_stmt_bind_column(stmt, 0, &v));
    good(tdrest_stmt_add_row(stmt));
    values[0] = 3;
    good(tdrest_stmt_bind_column(stmt, 0, &v));
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ESERVER);
    memset(values, -1, sizeof values);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ESERVER);
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT INTO `fate 200 2603` VALUES(1,1)(1,2)(1,3)(1,2)"), 2);
    CHECK_INT(tdrest_stmt_get_report(stmt)->rows, 4);
    finish();
}

static void on_alarm(int number)
{
    (void)number;
    (void)tdrest_conn_cancel(conn);
}

typedef struct caller {
    pthread_t thread;
    long id;
} caller;

/* Once its request is sent and it waits. */
static void *interrupt(void *context)
{
    const caller *c = (const caller *)context;

    for (int i = 0; i < 60000 && tdrt_server_arrivals(&server, "INSERT INTO `fate slow` VALUES(1,1)") == 0; i++)
        tdrt_pause(1);
    tdrt_await_asleep(c->id);
    (void)pthread_kill(c->thread, SIGALRM);
    return NULL;
}

/* A run that was cancelled keeps its rows; the next one sends them. */
static void cancelled(void)
{
    caller self = {pthread_self(), tdrt_thread_id()};
    struct sigaction act, before;
    int64_t affected = 0;
    pthread_t thread;

    memset(&act, 0, sizeof act);
    act.sa_handler = on_alarm;
    begin("INSERT INTO ? VALUES(1,?)");
    good(tdrest_stmt_set_table(stmt, "fate slow", TDREST_CSTR));
    good(tdrest_stmt_bind_int64(stmt, 0, 1));
    sigaction(SIGALRM, &act, &before);
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, interrupt, &self) == 0);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_ECANCELLED);
    pthread_join(thread, NULL);
    sigaction(SIGALRM, &before, NULL);
    CHECK_INT(tdrest_stmt_get_range(stmt, 0)->state, TDREST_ROWS_UNKNOWN);
    good(tdrest_stmt_run(stmt, NULL, &affected));
    CHECK_INT(affected, 1);
    CHECK_INT(tdrt_server_arrivals(&server, "INSERT INTO `fate slow` VALUES(1,1)"), 2);
    finish();
}

/* A statement may be freed after its connection, which may have others. */
static void outlives_its_connection(void)
{
    static const char lost[] = "the statement's connection was freed";
    tdrest_stmt *others[3] = {NULL};
    tdrest_result *res;
    int64_t affected = 0;

    begin("INSERT INTO t VALUES(?,1)");
    for (size_t i = 0; i < COUNT_OF(others); i++)
        CHECK_INT(tdrest_stmt_new(conn, "SELECT ?", TDREST_CSTR, &others[i]), TDREST_OK);
    tdrest_stmt_free(others[2]);
    tdrest_stmt_free(others[0]);
    good(tdrest_stmt_bind_time(stmt, 0, 1, TDREST_MS));
    good(tdrest_stmt_add_row(stmt));
    tdrest_conn_free(conn);
    conn = NULL;
    CHECK_INT(tdrest_stmt_run(stmt, NULL, &affected), TDREST_EUSAGE);
    CHECK_TEXT(tdrest_stmt_error(stmt)->message, lost);
    CHECK_INT(affected, -1);
    CHECK_INT(tdrest_stmt_add_row(stmt), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_describe(stmt, NULL), TDREST_EUSAGE);
    CHECK_INT(tdrest_stmt_get_range(stmt, 0)->count, 1);
    good(tdrest_stmt_bind_time(stmt, 0, 2, TDREST_MS));
    tdrest_stmt_reset(stmt);
    CHECK_INT(tdrest_stmt_query(others[1], NULL, &res), TDREST_EUSAGE);
    CU_ASSERT(res == NULL);
    tdrest_stmt_free(others[1]);
    finish();
}

CU_TestInfo tdrt_stmt_fate[] = {
    {"the order within a table", one_tables_order},
    {"clauses count towards a batch", clauses_count},
    {"an INSERT of a SELECT", insert_of_select},
    {"every kind of failure", fates},
    {"several rows may be written", several_unknown},
    {"NOW is not sent twice", now_is_not_sent_twice},
    {"NOW as a text", now_as_a_text},
    {"one bad row", one_bad_row},
    {"ranges that are dropped", dropped_ranges},
    {"all rows are dropped", dropped_all},
    {"rows after a failure", rows_after_a_failure},
    {"arrays may go", arrays_may_go},
    {"a run that is cancelled", cancelled},
    {"outlives its connection", outlives_its_connection},
    CU_TEST_INFO_NULL,
};
