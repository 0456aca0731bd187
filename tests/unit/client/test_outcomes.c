/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What the judge says reaches every caller alike: records of statements and of lines, rows of statements with parameters, from the socket on. */
#include "dialed.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#define OBJECT(code) "{\"code\":" #code ",\"desc\":\"refused\",\"timing\":1}"
#define LINE(message) "{\"code\":\"internal error\",\"message\":\"" message "\"}"
#define HTML "Content-Type: text/html\r\n"

/* ---- one answer, three callers ---- */

typedef struct failure {
    const char *name;
    tdrt_answer answer;
    int ran, repeat;
} failure;

#define NO TDREST_RAN_NO
#define MAYBE TDREST_RAN_MAYBE
#define YES TDREST_RAN_YES
#define NEVER TDREST_REPEAT_NO
#define IDEM TDREST_REPEAT_IDEMPOTENT
#define SAFE TDREST_REPEAT_SAFE

static const failure failures[] = {
    /* one of several nodes refuses and calls it safe to repeat: the others may have written */
    {"buffer full", {.body = OBJECT(2326)}, MAYBE, IDEM},
    {"buffer full, by status", {.status = 500, .body = OBJECT(2326)}, MAYBE, IDEM},
    {"write stall", {.body = OBJECT(2327)}, MAYBE, IDEM},
    {"unreachable", {.body = OBJECT(11)}, MAYBE, IDEM},
    {"unreachable, by status", {.status = 502, .body = OBJECT(11)}, MAYBE, IDEM},
    {"starting", {.body = OBJECT(304)}, NO, SAFE},
    {"stopping", {.body = OBJECT(305)}, MAYBE, IDEM},
    {"background", {.body = OBJECT(981)}, MAYBE, NEVER},
    {"out of range", {.body = OBJECT(1547)}, MAYBE, NEVER},
    {"out of range, by status", {.status = 400, .body = OBJECT(1547)}, MAYBE, NEVER},
    {"syntax", {.body = OBJECT(534)}, NO, NEVER},
    {"syntax, by status", {.status = 400, .body = OBJECT(534)}, NO, NEVER},
    {"cut body of the request", {.status = 400, .body = OBJECT(4385)}, NO, SAFE},
    {"parameter", {.status = 400, .body = OBJECT(65535)}, NO, NEVER},
    {"400 cut", {.status = 400, .body = OBJECT(1547), .end = TDRT_CLOSED, .cut = 12}, MAYBE, IDEM},
    {"400 ended", {.status = 400, .body = OBJECT(1547), .end = TDRT_ENDED, .cut = 12}, MAYBE, IDEM},
    {"login", {.body = OBJECT(855)}, NO, NEVER},
    {"no room", {.status = 503, .body = OBJECT(65535)}, NO, SAFE},
    {"no memory", {.status = 503, .body = "\"memory exceeds threshold\""}, NO, SAFE},
    {"no memory for rows", {.status = 503, .body = "\"query memory exceeds threshold\""}, YES, IDEM},
    {"503 cut", {.status = 503, .body = OBJECT(65535), .end = TDRT_CLOSED, .cut = 12}, MAYBE, IDEM},
    {"gateway", {.status = 502, .fields = HTML, .body = "<html>"}, MAYBE, IDEM},
    {"forbidden", {.status = 403, .fields = HTML, .body = "<html>"}, NO, NEVER},
    {"proxy's login", {.status = 407, .fields = HTML, .body = "<html>"}, NO, NEVER},
    {"too many", {.status = 429, .fields = HTML "Retry-After: 11\r\n", .body = "<html>"}, NO, SAFE},
    {"redirect", {.status = 307, .fields = "Location: /\r\n", .body = ""}, NO, NEVER},
    {"rows cut", {.body = TDRT_INSERTED, .end = TDRT_CLOSED, .cut = sizeof TDRT_INSERTED - 3}, YES, IDEM},
    {"columns cut", {.body = TDRT_INSERTED, .end = TDRT_CLOSED, .cut = 20}, MAYBE, IDEM},
    {"silence", {.body = NULL}, MAYBE, IDEM},
};

/* The failure whose number stands in the statement. */
static int answer_failure(const tdrt_visit *visit)
{
    const char *at = strstr(visit->sql, "case");
    unsigned i;

    if (at == NULL || sscanf(at, "case%u", &i) != 1 || i >= COUNT_OF(failures))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    return failures[i].answer.body == NULL ? tdrt_reset(visit) : tdrt_send_answer(visit, &failures[i].answer);
}

static void check_record(const failure *f, const char *caller, const tdrest_error *err)
{
    int64_t wait_ms = f->answer.status == 429 ? 11000 : -1;

    CHECK(err->code < 0 && err->ran == f->ran && err->repeat == f->repeat && err->retry_after_ms == wait_ms,
          "%s, %s: %s, ran %d, repeat %d, wait %" PRId64 ": %s", f->name, caller, tdrest_code_name(err->code), err->ran, err->repeat, err->retry_after_ms, err->message);
}

static void statements(void)
{
    conn = tdrt_dial_new(&server, answer_failure, "");
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        char sql[128];
        int64_t affected = 0;

        snprintf(sql, sizeof sql, "INSERT INTO case%zu VALUES (NOW, 1) other VALUES (NOW, 2)", i);
        CHECK(tdrest_exec(conn, sql, TDREST_CSTR, NULL, &affected) < 0, "%s: done", failures[i].name);
        check_record(&failures[i], "exec", tdrest_conn_error(conn));
        CHECK_INT(affected, -1);
        CHECK_INT(tdrt_server_arrivals(&server, sql), 1);
    }
    finish();
}

/* The rows' state never says more than the record, nor less. */
static void rows(void)
{
    tdrest_stmt *stmt;

    conn = tdrt_dial_new(&server, answer_failure, "");
    CU_ASSERT_FATAL(tdrest_stmt_new(conn, "INSERT INTO ? VALUES(NOW,?)", TDREST_CSTR, &stmt) == TDREST_OK);
    for (size_t i = 0; i < COUNT_OF(failures); i++) {
        const tdrest_row_range *range;
        char table[16];

        snprintf(table, sizeof table, "case%zu", i);
        tdrest_stmt_reset(stmt);
        CHECK_INT(tdrest_stmt_set_table(stmt, table, TDREST_CSTR), TDREST_OK);
        CHECK_INT(tdrest_stmt_bind_int64(stmt, 0, 1), TDREST_OK);
        CHECK(tdrest_stmt_run(stmt, NULL, NULL) < 0, "%s: done", failures[i].name);
        check_record(&failures[i], "stmt", tdrest_stmt_error(stmt));
        range = tdrest_stmt_get_range(stmt, 0);
        CHECK(range != NULL && range->state == (failures[i].ran == NO ? TDREST_ROWS_NOT_WRITTEN : TDREST_ROWS_UNKNOWN), "%s: state %d", failures[i].name,
              range == NULL ? -1 : range->state);
    }
    tdrest_stmt_free(stmt);
    finish();
}

/* ---- lines ---- */

typedef struct line_case {
    const char *body;
    int ran, repeat; /* of lines with times */
} line_case;

static const line_case line_cases[] = {
    {LINE("[0x916] Sync buffer is full"), MAYBE, IDEM}, {LINE("[0x917] Sync write stall"), MAYBE, IDEM},
    {LINE("[0xb] Unable to establish connection"), MAYBE, IDEM}, {LINE("[0x130] Database is starting up"), NO, SAFE},
    {LINE("[0x60b] Timestamp data out of range"), MAYBE, NEVER}, {LINE("[0x3002] type mismatch"), NO, NEVER},
    {LINE("[0x2603] Table does not exist"), MAYBE, NEVER}, {LINE("no code"), MAYBE, NEVER},
};

static int answer_line(const tdrt_visit *visit)
{
    unsigned i = 0;

    (void)sscanf(visit->sql, "m case=%u", &i);
    return tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .body = line_cases[i].body});
}

/* Without times what may have been written must not be sent again: there would be other rows. */
static void lines(void)
{
    conn = tdrt_dial_new(&server, answer_line, "");
    for (size_t i = 0; i < COUNT_OF(line_cases) * 2; i++) {
        const line_case *c = &line_cases[i / 2];
        const tdrest_error *err = tdrest_conn_error(conn);
        int repeat = i % 2 == 0 && c->ran != NO ? NEVER : c->repeat;
        char data[64];

        snprintf(data, sizeof data, "m case=%zu%s", i / 2, i % 2 == 0 ? "" : " 1");
        CHECK_INT(tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_MS, data, TDREST_CSTR, NULL), TDREST_ESERVER);
        CHECK(err->ran == c->ran && err->repeat == repeat, "%s, %s: ran %d, repeat %d", data, c->body, err->ran, err->repeat);
        CHECK_INT(tdrest_conn_get_written(conn)->failed_unknown, c->ran != NO);
    }
    finish();
}

/* ---- an answer before the request has left ---- */

/* Reads a little, answers, and reads no further. */
static void *answer_early(void *context)
{
    static const char answer[] = "HTTP/1.1 500 Internal Server Error\r\n" TDRT_JSON "Content-Length: 68\r\n\r\n"
                                 "{\"code\":\"internal error\",\"message\":\"[0xb] Unable to establish        \"}";
    char bytes[4096];
    int fd = accept(*(const int *)context, NULL, NULL);

    if (fd >= 0 && read(fd, bytes, sizeof bytes) > 0 && write(fd, answer, sizeof answer - 1) > 0)
        tdrt_pause(300);
    if (fd >= 0)
        close(fd);
    return NULL;
}

/* The adapter begins when it has the whole body: what it answers sooner was not run, whatever its code says otherwise. */
static void early_answer(void)
{
    enum { LEN = 32 << 20 };
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof a;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    char *data = (char *)malloc(LEN + 1);
    pthread_t thread;

    CU_ASSERT_FATAL(data != NULL && bind(listener, (struct sockaddr *)&a, len) == 0 && listen(listener, 1) == 0);
    CU_ASSERT_FATAL(getsockname(listener, (struct sockaddr *)&a, &len) == 0);
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, answer_early, &listener) == 0);
    conn = tdrt_dial(&(tdrt_server){.port = ntohs(a.sin_port)}, "");
    memset(data, 'x', LEN);
    memcpy(data, "m f=\"", 5);
    data[LEN] = '\0';
    CHECK(tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_MS, data, LEN, NULL) < 0, "written");
    CHECK(tdrest_conn_error(conn)->ran == NO && tdrest_conn_error(conn)->repeat == SAFE && tdrest_conn_get_written(conn)->failed_unknown == 0,
          "ran %d, repeat %d, phase %d: %s", tdrest_conn_error(conn)->ran, tdrest_conn_error(conn)->repeat, tdrest_conn_error(conn)->phase,
          tdrest_conn_error(conn)->message);
    pthread_join(thread, NULL);
    close(listener);
    tdrest_conn_free(conn);
    free(data);
}

/* ---- tunnels ---- */

static const struct { const char *head; int code, http_status, repeat; } tunnels[] = {
    {"HTTP/1.1 200 Connection established\r\n\r\nno TLS", TDREST_ECONNECT, 0, SAFE},
    {"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", TDREST_EGATEWAY, 407, NEVER},
    {"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", TDREST_EGATEWAY, 403, NEVER},
    {"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", TDREST_EGATEWAY, 429, SAFE},
    {"HTTP/1.1 500 Unable to connect\r\nContent-Length: 0\r\n\r\n", TDREST_EGATEWAY, 500, SAFE},
    {"HTTP/1.1 501 Not Implemented\r\nContent-Length: 0\r\n\r\n", TDREST_EGATEWAY, 501, NEVER},
    {"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", TDREST_EGATEWAY, 503, SAFE},
};

static int answer_connect(const tdrt_visit *visit)
{
    const char *at = strstr(visit->head, "CONNECT case");
    size_t i = at == NULL ? COUNT_OF(tunnels) : (size_t)(at[12] - '0');

    if (i < COUNT_OF(tunnels))
        (void)tdrt_send(visit, tunnels[i].head, 0);
    return 0;
}

/* What a proxy answers is none of the server's answer: before the tunnel stands nothing was sent. */
static void behind_a_proxy(void)
{
    char url[64], why[256];

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_connect, NULL));
    snprintf(url, sizeof url, "http://127.0.0.1:%d", server.port);
    setenv("https_proxy", url, 1);
    for (size_t i = 0; i < COUNT_OF(tunnels); i++) {
        const tdrest_error *err;
        char dsn[96];

        snprintf(dsn, sizeof dsn, "https://case%zu:443/test?proxy=environment&retry=never", i);
        CU_ASSERT_FATAL(tdrest_open(dsn, &conn, why, sizeof why) == TDREST_OK);
        CHECK_INT(tdrest_exec(conn, "INSERT INTO t VALUES (NOW, 1)", TDREST_CSTR, NULL, NULL), tunnels[i].code);
        err = tdrest_conn_error(conn);
        CHECK(err->phase == TDREST_PHASE_CONNECT && err->ran == NO && err->repeat == tunnels[i].repeat && err->http_status == tunnels[i].http_status,
              "%s: phase %d, ran %d, repeat %d, HTTP %d: %s", tunnels[i].head, err->phase, err->ran, err->repeat, err->http_status, err->message);
        CHECK((strstr(err->message, "proxy") != NULL) == (tunnels[i].http_status != 0), "%s", err->message);
        CHECK_INT(tdrest_write(conn, TDREST_PROTOCOL_LINE, TDREST_MS, "m f=1", TDREST_CSTR, NULL), tunnels[i].code);
        CHECK(err->http_status == tunnels[i].http_status && err->ran == NO && err->repeat == tunnels[i].repeat && tdrest_conn_get_written(conn)->failed_unknown == 0,
              "lines, %s: ran %d, repeat %d, HTTP %d", tunnels[i].head, err->ran, err->repeat, err->http_status);
        tdrest_conn_free(conn);
    }
    unsetenv("https_proxy");
    tdrt_server_stop(&server);
}

/* ---- connections that die ---- */

static int answer_odd(const tdrt_visit *visit)
{
    return visit->request % 2 == 1 ? tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED}) : 0;
}

/*
 * Bytes decide, not what libcurl calls it: it counts retries over the life of a handle, and from the sixth dead connection on says that sending
 * failed although the whole body had left.
 */
static void many_deaths(void)
{
    conn = tdrt_dial_new(&server, answer_odd, "");
    for (int i = 0; i < 28; i++) {
        char sql[64];
        int rc;

        snprintf(sql, sizeof sql, "INSERT INTO t VALUES (NOW, %d)", i);
        rc = tdrest_exec(conn, sql, TDREST_CSTR, NULL, NULL);
        CHECK(rc == (i % 2 == 0 ? TDREST_OK : TDREST_ECONNECT), "%d: %s", i, tdrest_conn_error(conn)->message);
        CHECK(i % 2 == 0 || (tdrest_conn_error(conn)->ran == MAYBE && tdrest_conn_error(conn)->repeat == IDEM), "%d: ran %d, repeat %d, curl %d", i,
              tdrest_conn_error(conn)->ran, tdrest_conn_error(conn)->repeat, tdrest_conn_error(conn)->curl_code);
        CHECK_INT(tdrt_server_arrivals(&server, sql), 1);
    }
    finish();
}

/* ---- Retry-After ---- */

static const struct { const char *fields; int64_t ms; } waits[] = {
    {"Retry-After: 0\r\n", 0}, {"Retry-After: -1\r\n", -1}, {"Retry-After: 1.5\r\n", 2000}, {"Retry-After: 1000000000\r\n", INT64_C(1000000000000)},
    {"Retry-After: 9223372036854775808\r\n", INT64_C(1000000000000000)}, {"Retry-After: 123456789012345678901234567890\r\n", INT64_C(1000000000000000)},
    {"Date: Mon, 30 Nov 2026 02:00:00 GMT\r\nRetry-After: Mon, 30 Nov 2026 02:00:30 GMT\r\n", 30000},
    {"Date: Mon, 30 Nov 2026 02:00:00 GMT\r\nRetry-After: Mon, 30 Nov 1999 02:00:30 GMT\r\n", 0},
    {"Retry-After: 3\r\nRetry-After: 12\r\n", 12000}, {"", -1},
};

static int answer_wait(const tdrt_visit *visit)
{
    unsigned i;

    if (sscanf(visit->sql, "select wait %u", &i) != 1 || i >= COUNT_OF(waits))
        return 0;
    return tdrt_send_answer(visit, &(tdrt_answer){.status = 429, .fields = waits[i].fields, .body = "<html>"});
}

static void retry_after(void)
{
    conn = tdrt_dial_new(&server, answer_wait, "");
    for (size_t i = 0; i <= COUNT_OF(waits) * 2; i++) {
        int is_answered = i % 2 == 1;
        char sql[32];

        snprintf(sql, sizeof sql, is_answered ? "select wait %zu" : "select nothing %zu", i / 2);
        CHECK_INT(tdrest_exec(conn, sql, TDREST_CSTR, NULL, NULL), is_answered ? TDREST_EGATEWAY : TDREST_ECONNECT);
        CHECK(tdrest_conn_error(conn)->retry_after_ms == (is_answered ? waits[i / 2].ms : -1), "%s: %" PRId64, sql, tdrest_conn_error(conn)->retry_after_ms);
    }
    finish();
}

/* ---- answers that say something else than they should ---- */

static int answer_oddly(const tdrt_visit *visit)
{
    if (strstr(visit->sql, "server_status") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INTS("[0]") ",\"rows\":1}"});
    return tdrt_send_three(visit);
}

static void odd_answers(void)
{
    const tdrest_error *err;
    tdrest_stmt *stmt;

    conn = tdrt_dial_new(&server, answer_oddly, "");
    err = tdrest_conn_error(conn);
    CHECK_INT(tdrest_conn_ping(conn, NULL), TDREST_ESERVER);
    CHECK(err->ran == NO && err->repeat == SAFE && err->phase == TDREST_PHASE_READ && err->http_status == 200 && err->cls == TDREST_CLASS_OPERATIONAL &&
              err->attempts == 1, "ping: ran %d, repeat %d, phase %d", err->ran, err->repeat, err->phase);
    CU_ASSERT_FATAL(tdrest_stmt_new(conn, "INSERT INTO t VALUES(NOW,?)", TDREST_CSTR, &stmt) == TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 0, 1), TDREST_OK);
    CHECK_INT(tdrest_stmt_run(stmt, NULL, NULL), TDREST_EANSWER);
    CHECK(tdrest_stmt_error(stmt)->ran == YES && tdrest_stmt_error(stmt)->repeat == IDEM, "rows for an INSERT: ran %d", tdrest_stmt_error(stmt)->ran);
    CHECK_INT(tdrest_stmt_get_range(stmt, 0)->state, TDREST_ROWS_UNKNOWN);
    tdrest_stmt_free(stmt);
    finish();
}

/* ---- nothing sent ---- */

static void refused_by_the_library(void)
{
    tdrest_call call = TDREST_CALL_INIT;

    conn = tdrt_dial_new(&server, answer_failure, "");
    call.timezone = "Mars Base";
    CHECK(tdrest_exec(conn, "select 1", TDREST_CSTR, &call, NULL) < 0 && tdrest_conn_error(conn)->ran == NO, "ran %d", tdrest_conn_error(conn)->ran);
    CHECK_INT(tdrest_conn_error(conn)->repeat, NEVER);
    CHECK_INT(tdrest_conn_error(conn)->retry_after_ms, -1);
    CHECK_INT(tdrest_exec(conn, "insert into t values (now, 1)", TDREST_CSTR, NULL, NULL), TDREST_OK);
    CHECK(tdrest_conn_error(conn)->retry_after_ms == -1 && tdrest_conn_error(conn)->ran == 0, "a record without an error");
    finish();
}

CU_TestInfo tdrt_outcomes[] = {
    {"statements", statements},
    {"rows", rows},
    {"lines", lines},
    {"answer before the request has left", early_answer},
    {"behind a proxy", behind_a_proxy},
    {"many dead connections", many_deaths},
    {"Retry-After", retry_after},
    {"odd answers", odd_answers},
    {"refused by the library", refused_by_the_library},
    CU_TEST_INFO_NULL,
};
