/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a call can ask for and what a connection allows: databases, affected rows, one stream at a time, many rows in order. */
#include "live.h"

enum { ROWS = 20000, BATCH = 5000 };

/* The one integer that a query answers with; INT64_MIN, counted, when there is none. */
static int64_t number_from(tdrt_live *live, const char *database, const char *sql)
{
    tdrest_result *res = tdrt_live_query(live, database, NULL, 1, sql);
    int64_t number = INT64_MIN;
    int rc = res == NULL ? TDREST_OK : tdrest_result_int64(res, 0, &number);

    tdrt_live_check(live, rc == TDREST_OK, "%s: %s", sql, tdrest_code_name(rc));
    tdrest_result_free(res);
    return number;
}

static void number_is(tdrt_live *live, const char *database, const char *sql, int64_t expected)
{
    int64_t number = number_from(live, database, sql);

    tdrt_live_check(live, number == expected, "%s: %" PRId64 " instead of %" PRId64, sql, number, expected);
}

static void affects(tdrt_live *live, const char *sql, int64_t expected)
{
    int64_t affected = tdrt_live_exec(live, live->db[0], NULL, sql, TDREST_CSTR);

    tdrt_live_check(live, affected == expected, "%s: %" PRId64 " rows instead of %" PRId64, sql, affected, expected);
}

/* Equal timestamps overwrite; within one statement they count once. */
static void affected_rows(tdrt_live *live)
{
    affects(live, "create table rows (ts timestamp, i int, v varchar(8))", 0);
    affects(live, "insert into rows values (1700000000000, 1, 'a') (1700000000001, 2, 'b') (1700000000002, 3, 'c')", 3);
    number_is(live, live->db[0], "select count(*) from rows", 3);
    affects(live, "insert into rows values (1700000000000, 7, NULL)", 1);
    number_is(live, live->db[0], "select i from rows where ts = 1700000000000", 7);
    number_is(live, live->db[0], "select count(*) from rows", 3);
    affects(live, "insert into rows values (1700000000005, 1, 'a') (1700000000005, 2, NULL)", 1);
    number_is(live, live->db[0], "select i from rows where ts = 1700000000005", 2);
    affects(live, "delete from rows where ts < 1700000000002", 2);
    number_is(live, live->db[0], "select count(*) from rows", 2);
    affects(live, "use information_schema", 0);
    tdrt_live_check(live, tdrt_live_exec(live, live->db[0], NULL, "select * from rows", TDREST_CSTR) == -1, "a SELECT that affects rows");
}

static void databases(tdrt_live *live)
{
    char name[64], quoted[80], sql[128];
    tdrest_conn *conn = tdrt_live_connect(live, "database", live->db[0]);
    int64_t affected;
    int rc;

    rc = conn == NULL ? TDREST_OK : tdrest_exec(conn, "insert into rows values (1700000000009, 9, 'z')", TDREST_CSTR, NULL, &affected);
    tdrt_live_check(live, rc == TDREST_OK, "the database of a connection: %s", conn == NULL ? "" : tdrest_conn_error(conn)->message);
    tdrest_conn_free(conn);
    snprintf(name, sizeof name, "%s_Case", live->db[0]);
    snprintf(quoted, sizeof quoted, "`%s`", name);
    snprintf(sql, sizeof sql, "create database %s", quoted);
    tdrt_live_exec(live, NULL, NULL, sql, TDREST_CSTR);
    tdrt_live_exec(live, quoted, NULL, "create table only_here (ts timestamp, i int)", TDREST_CSTR);
    tdrt_live_exec(live, quoted, NULL, "insert into only_here values (1700000000000, 42)", TDREST_CSTR);
    number_is(live, quoted, "select i from only_here", 42);
    snprintf(sql, sizeof sql, "select i from %s.only_here", quoted);
    number_is(live, NULL, sql, 42);
    snprintf(sql, sizeof sql, "drop database if exists %s", quoted);
    tdrt_live_exec(live, NULL, NULL, sql, TDREST_CSTR);
}

static void one_stream(tdrt_live *live)
{
    tdrest_result *res = tdrt_live_query(live, live->db[0], NULL, 1, "select ts, i from rows order by ts"), *other = NULL;
    int64_t timing;
    int rc;

    if (res == NULL)
        return;
    rc = tdrest_query(live->conn, "select 1", TDREST_CSTR, NULL, &other);
    tdrt_live_check(live, rc == TDREST_EBUSY && other == NULL, "a second stream: %s", tdrest_code_name(rc));
    tdrest_result_free(other);
    tdrt_live_check(live, tdrest_result_store(res) == TDREST_OK, "store: %s", tdrest_result_error(res)->message);
    number_is(live, live->db[0], "select 1", 1);
    while ((rc = tdrest_result_next(res)) == TDREST_ROW)
        ;
    timing = tdrest_result_timing(res);
    tdrt_live_check(live, rc == TDREST_DONE && timing > 0, "walking what is stored: %s, %" PRId64 " ns", tdrest_code_name(rc), timing);
    tdrest_result_free(res);
}

static void zones_and_ids(tdrt_live *live)
{
    tdrest_call call = tdrt_live_call(NULL, "Asia/Shanghai");
    tdrest_result *res;
    int rc;

    call.req_id = INT64_MAX;
    call.timeout_ms = 60000;
    call.buffered = 1;
    rc = tdrest_query(live->conn, "select cast(0 as timestamp)", TDREST_CSTR, &call, &res);
    if (tdrt_live_check(live, rc == TDREST_OK && tdrest_result_next(res) == TDREST_ROW, "a zone: %s", tdrest_conn_error(live->conn)->message))
        tdrt_live_check(live, tdrt_live_is(res, 0, "1970-01-01T08:00:00.000+08:00", 29), "a time in Asia/Shanghai");
    tdrest_result_free(res);
    call.req_id = -1;
    rc = tdrest_exec(live->conn, "select 1", TDREST_CSTR, &call, NULL);
    tdrt_live_check(live, rc == TDREST_EUSAGE, "a negative req_id: %s", tdrest_code_name(rc));
    tdrt_live_check(live, tdrest_conn_ping(live->conn, NULL) == TDREST_OK, "ping: %s", tdrest_conn_error(live->conn)->message);
}

void tdrt_live_calls(tdrt_live *live)
{
    affected_rows(live);
    databases(live);
    one_stream(live);
    zones_and_ids(live);
}

/* ---- many rows ---- */

static void write_rows(tdrt_live *live)
{
    enum { ROW = 48 };
    char *sql = malloc(BATCH * ROW + 64);
    int64_t affected;
    size_t len;

    if (!tdrt_live_check(live, sql != NULL, "out of memory"))
        return;
    tdrt_live_exec(live, live->db[0], NULL, "create table many (ts timestamp, i int, d double, v varchar(16))", TDREST_CSTR);
    for (int64_t from = 0; from < ROWS; from += BATCH) {
        len = (size_t)snprintf(sql, 64, "insert into many values");
        for (int64_t i = from; i < from + BATCH; i++)
            len += (size_t)snprintf(sql + len, ROW, " (%" PRId64 ",%" PRId64 ",%" PRId64 ".5,'r%" PRId64 "')", 1700000000000 + i, i, i, i);
        affected = tdrt_live_exec(live, live->db[0], NULL, sql, len);
        tdrt_live_check(live, affected == BATCH, "%" PRId64 " rows of %d", affected, BATCH);
    }
    free(sql);
}

/* The rows of `many` in order, by a connection of any kind. */
static void read_rows(tdrt_live *live, tdrest_conn *conn, const char *what)
{
    tdrest_call call = tdrt_live_call(live->db[0], NULL);
    tdrest_result *res;
    int64_t row = 0, when, i;
    double d;
    char text[24];
    int rc = tdrest_query(conn, "select * from many order by ts", TDREST_CSTR, &call, &res);

    if (!tdrt_live_check(live, rc == TDREST_OK, "%s: %s", what, tdrest_conn_error(conn)->message))
        return;
    while ((rc = tdrest_result_next(res)) == TDREST_ROW) {
        snprintf(text, sizeof text, "r%" PRId64, row);
        if (tdrest_result_time(res, 0, &when, NULL) != TDREST_OK || when != 1700000000000 + row || tdrest_result_int64(res, 1, &i) != TDREST_OK ||
            i != row || tdrest_result_double(res, 2, &d) != TDREST_OK || d != (double)row + 0.5 || !tdrt_live_is(res, 3, text, strlen(text)))
            break;
        row++;
    }
    tdrt_live_check(live, rc == TDREST_DONE && row == ROWS, "%s: row %" PRId64 ": %s %s", what, row, tdrest_code_name(rc), tdrest_result_error(res)->message);
    tdrest_result_free(res);
}

static void read_blocks(tdrt_live *live)
{
    tdrest_result *res = tdrt_live_query(live, live->db[0], NULL, 0, "select ts, i from many order by ts");
    const tdrest_block *block;
    int64_t row = 0, wrong = 0;
    int rc;

    if (res == NULL)
        return;
    while ((rc = tdrest_result_next_block(res, &block)) == TDREST_ROW) {
        const int64_t *when = tdrest_block_column(block, 0)->values;
        const int32_t *i = tdrest_block_column(block, 1)->values;

        for (int64_t k = 0; k < tdrest_block_rows(block); k++, row++)
            wrong += when[k] != 1700000000000 + row || i[k] != row;
    }
    tdrt_live_check(live, rc == TDREST_DONE && row == ROWS && wrong == 0, "blocks: %" PRId64 " rows, %" PRId64 " wrong: %s", row, wrong, tdrest_code_name(rc));
    tdrest_result_free(res);
}

/* A result freed after its first row does not stand in the way. */
static void free_early(tdrt_live *live)
{
    for (int i = 0; i < 5; i++) {
        tdrest_result_free(tdrt_live_query(live, live->db[0], NULL, 1, "select * from many order by ts"));
        number_is(live, live->db[0], "select count(*) from many", ROWS);
    }
}

void tdrt_live_rows(tdrt_live *live)
{
    tdrest_conn *compressed = tdrt_live_connect(live, "compression", "true");

    write_rows(live);
    read_rows(live, live->conn, "many rows");
    if (compressed != NULL)
        read_rows(live, compressed, "many rows, compressed");
    tdrest_conn_free(compressed);
    read_blocks(live);
    free_early(live);
}
