/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Calls of more than one request: each request is repeated for itself, and what became of rows and lines is told exactly. Of each request the first arrival fails. */
#include "dial.h"

#include <sys/mman.h>

enum { ROWS = 400, LINES = 1000 };

static tdrt_server server;
static tdrest_conn *conn;

/* After the whole request arrived: it may have run. Or refused: it did not. */
static const struct { const char *name; int ran; } faults[] = {{"reset", TDREST_RAN_MAYBE}, {"503", TDREST_RAN_NO}};

/* Seen by the server's processes. */
typedef struct script {
    size_t fault;
    atomic_int arrivals;
} script;

static script *shared;

static int answer_well(const tdrt_visit *visit)
{
    if (strstr(visit->head, "/influxdb/") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 204, .body = ""});
    if (tdrt_starts(visit, "DESCRIBE"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":0,\"column_meta\":[[\"field\",\"VARCHAR\",64],[\"type\",\"VARCHAR\",20],[\"length\",\"INT\",4],"
                                                              "[\"note\",\"VARCHAR\",16]],\"data\":[[\"ts\",\"TIMESTAMP\",8,\"\"],[\"v\",\"INT\",4,\"\"]],\"rows\":2}"});
    if (strstr(visit->sql, "ins_databases") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":0,\"column_meta\":[[\"precision\",\"VARCHAR\",2]],\"data\":[[\"ms\"]],\"rows\":1}"});
    if (tdrt_starts(visit, "select server_status()"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_READY});
    if (tdrt_starts(visit, "select server_version()"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":0,\"column_meta\":[[\"server_version()\",\"VARCHAR\",7]],\"data\":[[\"3.3.6.9\"]],\"rows\":1}"});
    return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
}

/* The client waits for each answer, so that every second arrival is that of a repeat. */
static int answer(const tdrt_visit *visit)
{
    script *s = (script *)(uintptr_t)visit->context;

    if (atomic_fetch_add(&s->arrivals, 1) % 2 == 1)
        return answer_well(visit);
    return s->fault == 0 ? tdrt_reset(visit) : tdrt_send_answer(visit, &(tdrt_answer){.status = 503, .body = "\"memory exceeds threshold\""});
}

static void begin(size_t fault)
{
    char dsn[256], why[256];

    shared = (script *)mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CU_ASSERT_FATAL(shared != MAP_FAILED);
    shared->fault = fault;
    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer, shared));
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?conn_retries=1&retry_for_ms=0&retry_backoff_ms=1&max_sql_bytes=1024&batch_bytes=4096", server.port);
    CU_ASSERT_FATAL(tdrest_open(dsn, &conn, why, sizeof why) == TDREST_OK);
}

static void end(void)
{
    tdrest_conn_free(conn);
    tdrt_server_stop(&server);
    munmap(shared, sizeof *shared);
}

static void add_rows(tdrest_stmt *stmt, int timed)
{
    for (int i = 0; i < ROWS; i++) {
        if (timed)
            CHECK_INT(tdrest_stmt_bind_time(stmt, 0, 1700000000000 + i, TDREST_MS), TDREST_OK);
        CHECK_INT(tdrest_stmt_bind_int64(stmt, timed, i), TDREST_OK);
        CHECK(tdrest_stmt_add_row(stmt) >= 0, "%s", tdrest_stmt_error(stmt)->message);
    }
}

/* All of the rows in one state, in ranges that follow one another. */
static int64_t rows_in(tdrest_stmt *stmt, int state)
{
    const tdrest_row_range *range;
    int64_t rows = 0, next = 0;

    for (size_t i = 0; (range = tdrest_stmt_get_range(stmt, i)) != NULL; next = range->first + range->count, i++) {
        CHECK_INT(range->first, next);
        rows += range->state == state ? range->count : 0;
    }
    return rows;
}

static void statements(void)
{
    static const char *const sql[] = {"INSERT INTO t VALUES (NOW, ?)", "INSERT INTO t VALUES (?, ?)"};

    for (size_t i = 0; i < 2 * COUNT_OF(faults); i++) {
        int timed = i % 2 == 1, ran = faults[i / 2].ran, repeats = timed || ran == TDREST_RAN_NO;
        const tdrest_error *err;
        tdrest_stmt *stmt;
        int64_t affected = 0;

        begin(i / 2);
        CU_ASSERT_FATAL(tdrest_stmt_new(conn, sql[timed], TDREST_CSTR, &stmt) == TDREST_OK);
        add_rows(stmt, timed);
        CHECK_INT(tdrest_stmt_run(stmt, NULL, &affected), repeats ? TDREST_OK : TDREST_ECONNECT);
        err = tdrest_stmt_error(stmt);
        if (repeats) {
            CHECK(affected == tdrest_stmt_get_report(stmt)->requests && affected > 2 && atomic_load(&shared->arrivals) == 2 * affected, "%s, %s: %d requests, %d arrivals",
                  sql[timed], faults[i / 2].name, (int)tdrest_stmt_get_report(stmt)->requests, atomic_load(&shared->arrivals));
        } else {
            int64_t unknown = rows_in(stmt, TDREST_ROWS_UNKNOWN);

            CHECK(atomic_load(&shared->arrivals) == 1 && err->attempts == 1 && err->ran == ran && unknown > 0 && unknown < ROWS &&
                  rows_in(stmt, TDREST_ROWS_NOT_WRITTEN) == ROWS - unknown, "%d arrivals, %d rows unknown", atomic_load(&shared->arrivals), (int)unknown);
            CHECK_INT(tdrest_stmt_get_report(stmt)->failed_at, 0);
        }
        tdrest_stmt_free(stmt);
        end();
    }
}

static void lines(void)
{
    static char data[LINES * 40];

    for (size_t i = 0; i < 2 * COUNT_OF(faults); i++) {
        int timed = i % 2 == 1, ran = faults[i / 2].ran, repeats = timed || ran == TDREST_RAN_NO, rc;
        const tdrest_written *written;
        size_t len = 0;

        for (int line = 0; line < LINES; line++)
            len += (size_t)snprintf(data + len, sizeof data - len, timed ? "m v=%d 170000000%04d\n" : "m v=%d\n", line, line);
        begin(i / 2);
        rc = tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_MS, data, len, NULL);
        written = tdrest_conn_get_written(conn);
        CHECK_INT(rc, repeats ? TDREST_OK : TDREST_ECONNECT);
        if (repeats)
            CHECK(written->lines == LINES && written->requests > 1 && atomic_load(&shared->arrivals) == 2 * written->requests, "%d lines, %d requests", (int)written->lines,
                  (int)written->requests);
        else
            CHECK(written->lines == 0 && written->failed_unknown == 1 && written->failed_lines > 0 && written->failed_lines + written->unsent_lines == LINES &&
                  tdrest_conn_error(conn)->attempts == 1, "%d lines, %d failed, %d unsent", (int)written->lines, (int)written->failed_lines, (int)written->unsent_lines);
        end();
    }
}

/* What only reads is repeated whatever happened. */
static void questions(void)
{
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        tdrest_stmt *stmt;
        char version[32];

        begin(i);
        CHECK(tdrest_conn_ping(conn, NULL) == TDREST_OK, "%s", tdrest_conn_error(conn)->message);
        CHECK_INT(atomic_load(&shared->arrivals), 2);
        CHECK(tdrest_conn_query_version(conn, NULL, version, sizeof version) == TDREST_OK && strcmp(version, "3.3.6.9") == 0, "%s", tdrest_conn_error(conn)->message);
        CHECK_INT(atomic_load(&shared->arrivals), 4);
        CU_ASSERT_FATAL(tdrest_stmt_new(conn, "INSERT INTO t VALUES (?, ?)", TDREST_CSTR, &stmt) == TDREST_OK);
        CHECK(tdrest_stmt_describe(stmt, NULL) == TDREST_OK, "%s", tdrest_stmt_error(stmt)->message);
        CHECK_INT(atomic_load(&shared->arrivals), 8);
        tdrest_stmt_free(stmt);
        end();
    }
}

CU_TestInfo tdrt_repeats[] = {
    {"statements", statements},
    {"lines", lines},
    {"questions", questions},
    CU_TEST_INFO_NULL,
};
