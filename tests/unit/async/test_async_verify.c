/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* verify_rows=count: the count is a request before the query. Each cell of its table ends as in a call that blocks. */
#include "async_dial.h"

#include <unistd.h>

static tdrt_server server, other;
static tdrest_async *async;
static tdrt_job job;

#define COUNT_BEGIN "SELECT COUNT(*) FROM ("
#define COUNTED(rows) "{\"code\":0,\"column_meta\":[[\"count(*)\",\"BIGINT\",8]],\"data\":[" rows "],\"rows\":"
#define TWO TDRT_INTS("[1],[2]") ",\"rows\":2}"

static int arrivals(const tdrt_server *of, const char *sql, int counts)
{
    char text[200];

    snprintf(text, sizeof text, "%s%s%s", counts ? COUNT_BEGIN : "", sql, counts ? ")" : "");
    return tdrt_server_arrivals(of, text);
}

static int is_first(const tdrt_visit *visit)
{
    tdrt_server self = TDRT_SERVER_INIT;

    self.counts = visit->counts;
    return tdrt_server_arrivals(&self, visit->sql) == 1;
}

/* Far more than a block of an async count holds. */
static int send_many(const tdrt_visit *visit)
{
    static char body[40000];
    size_t len = (size_t)snprintf(body, sizeof body, "%s", "{\"code\":0,\"column_meta\":[[\"count(*)\",\"BIGINT\",8]],\"data\":[[3]");

    for (int i = 1; i < 5000; i++)
        len += (size_t)snprintf(body + len, sizeof body - len, ",[%d]", i);
    snprintf(body + len, sizeof body - len, "],\"rows\":5000}");
    return tdrt_send_answer(visit, &(tdrt_answer){.body = body});
}

/* The statement's last word says how the count (c_...) or the query itself (q_...) goes wrong. */
static int answer(const tdrt_visit *visit)
{
    static const struct { const char *word, *body; int status; } bodies[] = {
        {"_bad", "{\"code\":9728,\"desc\":\"syntax error\"}", 200},
        {"_busy", "{\"code\":65535,\"desc\":\"service unavailable\"}", 503},
        {"c_text", "{\"code\":0,\"column_meta\":[[\"a\",\"VARCHAR\",8]],\"data\":[[\"many\"]],\"rows\":1}", 200},
        {"c_none", COUNTED("") "0}", 200},
        {"c_more", COUNTED("[4]") "1}", 200},
        {"q_cut", TWO, 200},
    };
    const int counts = tdrt_starts(visit, COUNT_BEGIN);
    const char *fault = strstr(visit->sql, counts ? "c_" : "q_");

    if (fault != NULL && strstr(fault, "_once") != NULL && !is_first(visit))
        fault = NULL;
    if (fault != NULL && strstr(fault, "_reset") != NULL)
        return tdrt_reset(visit);
    if (fault != NULL && strstr(fault, "_half") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = counts ? COUNTED("[3]") "1}" : TDRT_THREE, .end = TDRT_CLOSED, .cut = 40});
    if (fault != NULL && strstr(fault, "c_many") != NULL)
        return send_many(visit);
    if (fault != NULL && strstr(fault, "_never") != NULL)
        return pause() == 0; /* until the server goes away */
    for (size_t i = 0; fault != NULL && i < COUNT_OF(bodies); i++)
        if (strstr(fault, bodies[i].word) != NULL)
            return tdrt_send_answer(visit, &(tdrt_answer){.status = bodies[i].status, .body = bodies[i].body});
    if (tdrt_starts(visit, "insert"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    return counts ? tdrt_send_answer(visit, &(tdrt_answer){.body = COUNTED("[3]") "1}"}) : tdrt_send_three(visit);
}

static void begin(const char *parameters)
{
    async = tdrt_async_dial_new(&server, answer, parameters);
}

static void finish(void)
{
    tdrest_async_free(async);
    tdrt_server_stop(&server);
}

/* ---- the table ---- */

enum { TRIES = 3 };

typedef struct cell {
    const char *sql;
    int code, ran, attempts, rows, counts, queries;
    const char *message; /* a part of it */
} cell;

static const cell cells[] = {
    {"select whole", 0, 0, 1, 3, 1, 1, ""},
    {"select c_none", 0, 0, 1, 3, 1, 1, ""},
    {"(select whole)", 0, 0, 1, 3, 1, 1, ""},
    {"select c_reset_once", 0, 0, 1, 3, 2, 1, ""},
    {"select c_half_once", 0, 0, 1, 3, 2, 1, ""},
    {"select c_busy_once", 0, 0, 1, 3, 2, 1, ""},
    {"select q_reset_once", 0, 0, 2, 3, 1, 2, ""},
    {"select q_half_once", 0, 0, 2, 3, 1, 2, ""},
    {"select q_cut_once", 0, 0, 2, 3, 1, 2, ""},
    {"select c_reset", TDREST_ECONNECT, TDREST_RAN_MAYBE, TRIES, 0, TRIES, 0, ""},
    {"select c_half", TDREST_ECONNECT, TDREST_RAN_MAYBE, TRIES, 0, TRIES, 0, ""},
    {"select c_bad", TDREST_ESERVER, TDREST_RAN_NO, 1, 0, 1, 0, "syntax error (verify_rows=count: from SELECT COUNT(*) FROM (statement))"},
    {"select c_text", TDREST_EANSWER, TDREST_RAN_YES, 1, 0, 1, 0, "verify_rows=count: the answer to SELECT COUNT(*) is not a number"},
    {"select c_more", TDREST_EANSWER, TDREST_RAN_YES, TRIES, 0, 1, TRIES, "the answer ends after 3 rows; verify_rows counted 4"},
    {"select q_cut", TDREST_EANSWER, TDREST_RAN_YES, TRIES, 0, 1, TRIES, "the answer ends after 2 rows; verify_rows counted 3"},
    {"select q_reset", TDREST_ECONNECT, TDREST_RAN_MAYBE, TRIES, 0, 1, TRIES, ""},
    {"select q_bad", TDREST_ESERVER, TDREST_RAN_NO, 1, 0, 1, 1, "syntax error"},
};

static void compare(const cell *c, const char *whose, const tdrt_server *at, int rows, const tdrest_error *err)
{
    CHECK(err->code == c->code && err->attempts == c->attempts && rows == c->rows && strstr(err->message, c->message) != NULL, "%s, %s: %d after %d attempts, %d rows: %s",
          whose, c->sql, err->code, err->attempts, rows, err->message);
    CHECK(c->code == 0 || err->ran == c->ran, "%s, %s: ran %d", whose, c->sql, err->ran);
    CHECK(arrivals(at, c->sql, 1) == c->counts && arrivals(at, c->sql, 0) == c->queries, "%s, %s: counted %d times, sent %d times", whose, c->sql,
          arrivals(at, c->sql, 1), arrivals(at, c->sql, 0));
}

static void as_in_a_blocking_call(void)
{
    static const char parameters[] = "?verify_rows=count&retry=auto&conn_retries=2&retry_backoff_ms=1&retry_for_ms=0";
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_conn *conn = tdrt_dial_new(&other, answer, parameters);

    begin(parameters);
    call.buffered = 1;
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        tdrest_error err;
        int64_t rows;

        tdrt_async_query(async, cells[i].sql, &call, &job);
        tdrt_async_finish(async);
        CHECK_INT(job.ends, 1);
        compare(&cells[i], "async", &server, (int)job.rows, &job.err);
        if (tdrt_dial_ask(conn, cells[i].sql, &call, &rows, &err) == TDREST_DONE)
            err.attempts = cells[i].attempts; /* a result does not tell */
        compare(&cells[i], "blocking", &other, (int)rows, &err);
        CHECK(err.code == 0 || (err.repeat == job.err.repeat && err.phase == job.err.phase && err.http_status == job.err.http_status && strcmp(err.message, job.err.message) == 0),
              "%s: %s, and %s", cells[i].sql, job.err.message, err.message);
    }
    tdrest_conn_free(conn);
    tdrt_server_stop(&other);
    finish();
}

/* Without `buffered`: rows that were handed out are not asked for again. */
static void streamed(void)
{
    begin("?verify_rows=count&retry=auto&conn_retries=2&retry_backoff_ms=1&retry_for_ms=0");
    tdrt_async_query(async, "select whole", NULL, &job);
    tdrt_async_finish(async);
    CHECK(job.err.code == 0 && job.rows == 3 && job.sum == 6, "%s, %d rows", job.err.message, (int)job.rows);
    tdrt_async_query(async, "select q_cut", NULL, &job);
    tdrt_async_finish(async);
    CHECK(job.ends == 1 && job.err.code == TDREST_EANSWER && job.err.ran == TDREST_RAN_YES && strstr(job.err.message, "verify_rows counted 3") != NULL, "%s", job.err.message);
    tdrt_async_query(async, "select c_many", NULL, &job);
    tdrt_async_finish(async);
    CHECK(job.ends == 1 && job.err.code == TDREST_EANSWER && job.rows == 0 && strstr(job.err.message, "verify_rows=count") != NULL, "%s", job.err.message);
    CHECK_INT(arrivals(&server, "select c_many", 0), 0);
    finish();
}

/* ---- what is counted ---- */

static void what_is_counted(void)
{
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_stmt *stmt = NULL;
    tdrest_conn *conn;

    begin("?verify_rows=count");
    call.verify_rows = TDREST_VERIFY_NONE;
    tdrt_async_query(async, "select none", &call, &job);
    tdrt_async_finish(async);
    CHECK(job.rows == 3 && arrivals(&server, "select none", 1) == 0, "%d counts", arrivals(&server, "select none", 1));
    tdrt_async_exec(async, "select exec", NULL, &job);
    tdrt_async_finish(async);
    CHECK(job.err.code == 0 && arrivals(&server, "select exec", 1) == 0, "%d counts", arrivals(&server, "select exec", 1));
    tdrt_async_query(async, "insert into t values(1700000000000, 1)", NULL, &job);
    tdrt_async_finish(async);
    CHECK(job.err.code == 0 && job.affected == 1, "%s", job.err.message);
    conn = tdrt_dial(&server, "");
    CU_ASSERT_FATAL(tdrest_stmt_new(conn, "select whole where a = ?", TDREST_CSTR, &stmt) == TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 0, 7), TDREST_OK);
    job = (tdrt_job){.affected = -1};
    CHECK(tdrest_async_stmt_run(async, stmt, NULL, &tdrt_job_callbacks, &job, &job.request) == TDREST_OK, "%s", tdrest_async_error(async)->message);
    tdrt_async_finish(async);
    CHECK(job.err.code == 0 && job.rows == 3 && arrivals(&server, "select whole where a = 7", 1) == 1, "%s", job.err.message);
    tdrest_stmt_free(stmt);
    tdrest_conn_free(conn);
    finish();
}

static void what_cannot_be(void)
{
    static const struct { const char *sql, *message; } table[] = {
        {"show tables", "verify_rows=count: only the rows of a SELECT can be counted"},
        {"select * from t partition by a slimit 1", "verify_rows=count: a SELECT with SLIMIT or SOFFSET cannot be counted"},
    };
    char large[1024];

    begin("?verify_rows=count&max_sql_bytes=1024");
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        CHECK_INT(tdrest_async_query(async, table[i].sql, TDREST_CSTR, NULL, &tdrt_job_callbacks, &job, NULL), TDREST_EUSAGE);
        CHECK(strstr(tdrest_async_error(async)->message, table[i].message) != NULL, "%s", tdrest_async_error(async)->message);
    }
    memset(large, 'x', sizeof large - 1);
    memcpy(large, "select '", 8);
    large[sizeof large - 2] = '\'';
    large[sizeof large - 1] = '\0';
    CHECK_INT(tdrest_async_query(async, large, TDREST_CSTR, NULL, &tdrt_job_callbacks, &job, NULL), TDREST_EUSAGE);
    CHECK(strstr(tdrest_async_error(async)->message, "more than 1024 bytes") != NULL, "%s", tdrest_async_error(async)->message);
    CHECK(tdrest_async_count(async) == 0, "%d were started", (int)tdrest_async_count(async));
    finish();
}

/* ---- while it is counted ---- */

static void wait_for(const char *sql, int counts)
{
    const int64_t until = tdrt_now_ms() + 60000;

    while (arrivals(&server, sql, counts) == 0 && tdrt_now_ms() < until)
        (void)!tdrest_async_run(async, 10);
    CHECK_INT(arrivals(&server, sql, counts), 1);
}

static void ended_while_it_is_counted(void)
{
    tdrest_call call = TDREST_CALL_INIT;

    begin("");
    call.verify_rows = TDREST_VERIFY_COUNT;
    tdrt_async_query(async, "select c_never", &call, &job);
    wait_for("select c_never", 1);
    tdrest_request_cancel(job.request);
    tdrt_async_finish(async);
    CHECK(job.ends == 1 && job.err.code == TDREST_ECANCELLED && job.err.ran == TDREST_RAN_MAYBE, "%s, ran %d", job.err.message, job.err.ran);
    call.timeout_ms = 100;
    tdrt_async_query(async, "select c_never again", &call, &job);
    tdrt_async_finish(async);
    CHECK(job.ends == 1 && job.err.code == TDREST_ETIMEOUT, "%s", job.err.message);
    CHECK(arrivals(&server, "select c_never", 0) == 0 && arrivals(&server, "select c_never again", 0) == 0, "%s", "the query was sent");
    call.timeout_ms = 0;
    tdrt_async_query(async, "select q_never", &call, &job);
    wait_for("select q_never", 0);
    tdrest_request_cancel(job.request);
    tdrt_async_finish(async);
    CHECK(job.ends == 1 && job.err.code == TDREST_ECANCELLED && arrivals(&server, "select q_never", 1) == 1, "%s", job.err.message);
    tdrt_async_query(async, "select c_never, free", &call, &job);
    wait_for("select c_never, free", 1);
    tdrest_async_free(async);
    CHECK(job.ends == 1 && job.err.code == TDREST_ECANCELLED, "%s", job.err.message);
    tdrt_server_stop(&server);
}

/* A pause holds up rows, and the count has none for the program. */
static void paused_while_it_is_counted(void)
{
    tdrest_call call = TDREST_CALL_INIT;

    begin("");
    call.verify_rows = TDREST_VERIFY_COUNT;
    tdrt_async_query(async, "select whole", &call, &job);
    tdrest_request_pause(job.request);
    wait_for("select whole", 0);
    CHECK(job.ends == 0 && job.rows == 0, "%d rows", (int)job.rows);
    tdrest_request_resume(job.request);
    tdrt_async_finish(async);
    CHECK(job.ends == 1 && job.err.code == 0 && job.rows == 3, "%s, %d rows", job.err.message, (int)job.rows);
    finish();
}

CU_TestInfo tdrt_async_verify[] = {
    {"as in a blocking call", as_in_a_blocking_call},
    {"streamed", streamed},
    {"what is counted", what_is_counted},
    {"what cannot be", what_cannot_be},
    {"ended while it is counted", ended_while_it_is_counted},
    {"paused while it is counted", paused_while_it_is_counted},
    CU_TEST_INFO_NULL,
};
