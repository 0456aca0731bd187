/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* verify_rows=count: answers with fewer rows than were counted, although they look complete. */
#include "dialed.h"

#define COUNT(statement) "SELECT COUNT(*) FROM (" statement ")"
#define COUNTED(rows) "{\"code\":0,\"column_meta\":[[\"count(*)\",\"BIGINT\",8]],\"data\":[[" rows "]],\"rows\":1}"
#define TWO TDRT_INTS("[1],[2]") ",\"rows\":2}"

static int how_often(const tdrt_visit *visit)
{
    tdrt_server self = TDRT_SERVER_INIT;

    self.counts = visit->counts;
    return tdrt_server_arrivals(&self, visit->sql);
}

/* `select cut` has two rows of three at first, `select always cut` always. */
static int answer(const tdrt_visit *visit)
{
    static const struct { const char *begin, *body; } counts[] = {
        {COUNT("select none"), "{\"code\":0,\"column_meta\":[[\"count(*)\",\"BIGINT\",8]],\"data\":[],\"rows\":0}"},
        {COUNT("select bad"), "{\"code\":9728,\"desc\":\"syntax error\"}"},
        {COUNT("select text"), "{\"code\":0,\"column_meta\":[[\"a\",\"VARCHAR\",8]],\"data\":[[\"many\"]],\"rows\":1}"},
        {"SELECT COUNT(*)", COUNTED("3")},
        {"select none", TDRT_INTS("") ",\"rows\":0}"},
        {"select always cut", TWO},
    };

    for (size_t i = 0; i < COUNT_OF(counts); i++)
        if (tdrt_starts(visit, counts[i].begin))
            return tdrt_send_answer(visit, &(tdrt_answer){.body = counts[i].body});
    if (tdrt_starts(visit, "select cut") && how_often(visit) == 1)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TWO});
    if (tdrt_starts(visit, "INSERT"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    return tdrt_send_three(visit);
}

static void whole_answers(void)
{
    tdrest_error err;
    int64_t rows;

    conn = tdrt_dial_new(&server, answer, "?verify_rows=count");
    tdrt_dial_three(conn);
    CHECK_INT(tdrt_server_arrivals(&server, COUNT("select three")), 1);
    CHECK_INT(tdrt_dial_ask(conn, "select none", NULL, &rows, &err), TDREST_DONE);
    CHECK_INT(tdrt_dial_ask(conn, "(select three /* a */);", NULL, &rows, &err), TDREST_DONE);
    CHECK_INT(tdrt_server_arrivals(&server, COUNT("(select three  )")), 1);
    CHECK_INT(rows, 3);
    CHECK_INT(tdrest_exec(conn, "INSERT INTO t VALUES (1, 1)", TDREST_CSTR, NULL, NULL), TDREST_OK);
    CHECK_INT(tdrest_exec(conn, "select exec", TDREST_CSTR, NULL, NULL), TDREST_OK);
    CHECK_INT(tdrt_server_arrivals(&server, COUNT("select exec")), 0);
    finish();
}

/* Streamed, the rows come and then the error; buffered, and with repeats, the statement goes again. */
static void cut_answers(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_error err;
    int64_t rows;

    conn = tdrt_dial_new(&server, answer, "?retry=auto&conn_retries=2&retry_backoff_ms=1");
    CHECK_INT(tdrt_dial_ask(conn, "select always cut", NULL, &rows, &err), TDREST_DONE);
    CHECK_INT(rows, 2);
    call.verify_rows = TDREST_VERIFY_COUNT;
    CHECK_INT(tdrt_dial_ask(conn, "select always cut", &call, &rows, &err), TDREST_EANSWER);
    CHECK_TEXT(err.message, "the answer ends after 2 rows; verify_rows counted 3");
    CHECK(err.ran == TDREST_RAN_YES && err.phase == TDREST_PHASE_READ && err.http_status == 200, "ran %d, phase %d, HTTP %d", err.ran, err.phase, err.http_status);
    call.buffered = 1;
    CHECK_INT(tdrt_dial_ask(conn, "select always cut", &call, &rows, &err), TDREST_EANSWER);
    CHECK(rows == 0 && err.attempts == 3, "%d rows, %d attempts", (int)rows, err.attempts);
    CHECK_INT(tdrt_dial_ask(conn, "select cut", &call, &rows, &err), TDREST_DONE);
    CHECK_INT(rows, 3);
    CHECK_INT(tdrt_server_arrivals(&server, "select cut"), 2);
    CHECK_INT(tdrt_server_arrivals(&server, COUNT("select cut")), 1);
    finish();
}

static void refused(void)
{
    static const struct { const char *sql; int code; const char *message; } table[] = {
        {"show tables", TDREST_EUSAGE, "verify_rows=count: only the rows of a SELECT can be counted"},
        {"describe t", TDREST_EUSAGE, "verify_rows=count: only the rows of a SELECT can be counted"},
        {"explain select 1", TDREST_EUSAGE, "verify_rows=count: only the rows of a SELECT can be counted"},
        {"select * from t partition by a slimit 1", TDREST_EUSAGE, "verify_rows=count: a SELECT with SLIMIT or SOFFSET cannot be counted"},
        {"select bad", TDREST_ESERVER, "syntax error (verify_rows=count: from SELECT COUNT(*) FROM (statement))"},
        {"select text", TDREST_EANSWER, "verify_rows=count: the answer to SELECT COUNT(*) is not a number"},
    };
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_error err;
    int64_t rows;
    char large[1024];

    conn = tdrt_dial_new(&server, answer, "?verify_rows=count&max_sql_bytes=1024");
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        int rc = tdrt_dial_ask(conn, table[i].sql, NULL, &rows, &err);

        CHECK(rc == table[i].code && strncmp(err.message, table[i].message, strlen(table[i].message)) == 0, "%s: %d, %s", table[i].sql, rc, err.message);
        CHECK_INT(tdrt_server_arrivals(&server, table[i].sql), 0);
    }
    call.verify_rows = TDREST_VERIFY_NONE;
    CHECK_INT(tdrt_dial_ask(conn, "show tables", &call, &rows, &err), TDREST_DONE);
    call.verify_rows = TDREST_VERIFY_COUNT + 1;
    CHECK_INT(tdrt_dial_ask(conn, "select three", &call, &rows, &err), TDREST_EUSAGE);
    memset(large, 'x', sizeof large - 1);
    memcpy(large, "select '", 8);
    large[sizeof large - 2] = '\'';
    large[sizeof large - 1] = '\0';
    CHECK_INT(tdrt_dial_ask(conn, large, NULL, &rows, &err), TDREST_EUSAGE);
    CHECK(strstr(err.message, "more than 1024 bytes") != NULL, "%s", err.message);
    tdrt_dial_three(conn);
    finish();
}

CU_TestInfo tdrt_verify[] = {
    {"whole answers", whole_answers},
    {"cut answers", cut_answers},
    {"refused", refused},
    CU_TEST_INFO_NULL,
};
