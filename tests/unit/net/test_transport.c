/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* TCP connections: when one is kept, when it is lost, what arrives how often, and that proxies are asked for. The server counts. */
#include "dialed.h"

#include <signal.h>
#include <unistd.h>

static void begin(tdrt_handler *handler, const char *parameters)
{
    conn = tdrt_dial_new(&server, handler, parameters);
}

/* ---- kept and lost connections ---- */

/* Whatever is asked for last on the first connection is read and not answered. */
static int answer_and_die(const tdrt_visit *visit)
{
    if (visit->connection == 1 && visit->request == 2)
        return strstr(visit->sql, "reset") != NULL ? tdrt_reset(visit) : 0;
    return tdrt_send_three(visit);
}

/* libcurl must not send it again by itself. */
static void died_with_a_statement(void)
{
    static const char *const lost[] = {"insert into t values (1, 'close')", "insert into t values (1, 'reset')", "select close"};

    for (size_t i = 0; i < COUNT_OF(lost); i++) {
        tdrest_error err;
        int64_t rows;
        int rc;

        begin(answer_and_die, "");
        tdrt_dial_three(conn);
        rc = tdrt_dial_ask(conn, lost[i], NULL, &rows, &err);
        CHECK(rc == TDREST_ECONNECT && err.repeat == TDREST_REPEAT_IDEMPOTENT && err.phase == TDREST_PHASE_WAIT && err.attempts == 1 &&
                  err.curl_code != 0 && strstr(err.message, "https") == NULL, "%s: %s, repeat %d, phase %d: %s", lost[i], tdrest_code_name(rc), err.repeat, err.phase, err.message);
        CHECK_INT(tdrt_server_arrivals(&server, lost[i]), 1);
        tdrt_dial_three(conn);
        finish();
    }
}

static int answer_never(const tdrt_visit *visit)
{
    return tdrt_starts(visit, "select three") ? tdrt_send_three(visit) : 0;
}

/* The other scheme is proposed while the server has not spoken HTTP, and not after that. */
static void scheme_proposed(void)
{
    tdrest_error err;
    int64_t rows;

    begin(answer_never, "");
    for (int spoken = 0; spoken < 2; spoken++) {
        CHECK_INT(tdrt_dial_ask(conn, "select never", NULL, &rows, &err), TDREST_ECONNECT);
        CHECK((strstr(err.message, "if the server speaks TLS, use https://") != NULL) == !spoken, "%s", err.message);
        tdrt_dial_three(conn);
        tdrt_dial_three(conn);
    }
    finish();
}

/* The second request is read, and then the whole server is gone. */
static int answer_and_vanish(const tdrt_visit *visit)
{
    if (visit->request < 2)
        return tdrt_send_three(visit);
    kill(getppid(), SIGKILL);
    tdrt_pause(50);
    return 0;
}

/* What was read by a server that is gone may have run: it must not be called safe to repeat because nobody can be reached now. */
static void died_with_its_server(void)
{
    static const char lost[] = "insert into t values (now, 1)";
    tdrest_error err;
    int64_t rows;

    begin(answer_and_vanish, "");
    tdrt_dial_three(conn);
    CHECK_INT(tdrt_dial_ask(conn, lost, NULL, &rows, &err), TDREST_ECONNECT);
    CHECK(err.repeat == TDREST_REPEAT_IDEMPOTENT && err.phase == TDREST_PHASE_WAIT, "repeat %d, phase %d: %s", err.repeat, err.phase, err.message);
    CHECK_INT(tdrt_server_arrivals(&server, lost), 1);
    finish();
}

/* No connection is opened only to find that the request cannot be sent again. */
static void died_without_another(void)
{
    tdrest_error err;
    int64_t rows;

    begin(answer_and_die, "");
    tdrt_dial_three(conn);
    CHECK_INT(tdrt_dial_ask(conn, "select close", NULL, &rows, &err), TDREST_ECONNECT);
    CHECK_INT(connections(), 1);
    tdrt_dial_three(conn);
    CHECK_INT(connections(), 2);
    finish();
}

/* The second answer is the last on each connection, and is not said to be. */
static int answer_two(const tdrt_visit *visit)
{
    (void)tdrt_send_three(visit);
    if (visit->request == 2)
        tdrt_wait_for_gate(visit);
    return visit->request < 2 ? 1 : strstr(visit->sql, "reset") != NULL ? tdrt_reset(visit) : 0;
}

static void closed_while_idle(void)
{
    static const char *const last[] = {"select close", "select reset"};

    for (size_t i = 0; i < COUNT_OF(last); i++) {
        tdrest_error err;
        int64_t rows;

        begin(answer_two, "");
        tdrt_dial_three(conn);
        CHECK_INT(tdrt_dial_ask(conn, last[i], NULL, &rows, &err), TDREST_DONE);
        CHECK_INT(connections(), 1);
        tdrt_server_open_gate(&server);
        tdrt_await_input(&server, 1);
        tdrt_dial_three(conn);
        CHECK_INT(connections(), 2);
        CHECK_INT(tdrt_server_arrivals(&server, "select three"), 2);
        finish();
    }
}

/* An answer that nobody asked for comes while the connection is idle: it must not be taken for that to the next statement. */
static int answer_twice(const tdrt_visit *visit)
{
    if (!tdrt_send_three(visit) || tdrt_starts(visit, "select three"))
        return 1;
    tdrt_wait_for_gate(visit);
    return tdrt_send(visit, "HTTP/1.1 200 OK\r\n" TDRT_JSON "Content-Length: 64\r\n\r\n" TDRT_INTS("[666]") ",\"rows\":1}", 0);
}

static void late_answer(void)
{
    tdrest_error err;
    int64_t rows;

    begin(answer_twice, "");
    CHECK_INT(tdrt_dial_ask(conn, "select twice", NULL, &rows, &err), TDREST_DONE);
    CHECK_INT(rows, 3);
    tdrt_server_open_gate(&server);
    tdrt_await_input(&server, 1);
    tdrt_dial_three(conn);
    CHECK_INT(connections(), 2);
    finish();
}

static int answer_late_end(const tdrt_visit *visit)
{
    static char body[8192];

    if (body[0] == '\0') {
        size_t len = (size_t)snprintf(body, sizeof body, "%s", TDRT_START);

        for (int i = 0; i < 1000; i++)
            len += (size_t)snprintf(body + len, sizeof body - len, "%s[%d]", i == 0 ? "" : ",", i % 1000);
        snprintf(body + len, sizeof body - len, "],\"rows\":1000}");
    }
    if (tdrt_starts(visit, "select three"))
        return tdrt_send_three(visit);
    return tdrt_send_answer(visit, &(tdrt_answer){.body = body, .chunk = 1000, .pause_ms = 2, .pause_at = strlen(body)});
}

/* A connection may be lost only by a free that took all the time it may take. On a busy machine many do. */
static void freed_early(void)
{
    int slow = 0, quick = 0;

    begin(answer_late_end, "");
    for (int i = 0; i < 1000 && quick < 500; i++) {
        tdrest_result *res = tdrt_dial_query(conn, "select many", NULL);
        int64_t from;

        if (tdrest_result_next(res) != TDREST_ROW)
            CHECK(0, "no row: %s", tdrest_result_error(res)->message);
        from = tdrt_now_ms();
        tdrest_result_free(res);
        *(tdrt_now_ms() - from >= 19 ? &slow : &quick) += 1;
    }
    CHECK(connections() <= 1 + slow && quick > 0, "%d TCP connections, %d slow frees", connections(), slow);
    tdrt_dial_three(conn);
    finish();
}

static void many_statements(void)
{
    int64_t rows;
    tdrest_error err;
    int bad = 0;

    begin(answer_late_end, "");
    for (int i = 0; i < 10000; i++)
        bad += tdrt_dial_ask(conn, "select three", NULL, &rows, &err) != TDREST_DONE || rows != 3;
    CHECK_INT(bad, 0);
    CHECK_INT(connections(), 1);
    CHECK_INT(tdrt_server_arrivals(&server, "select three"), 10000);
    finish();
}

/* ---- proxies ---- */

static int answer_as_proxy(const tdrt_visit *visit)
{
    return strncmp(visit->head, "POST http://127.0.0.1:", 22) == 0 ? tdrt_send_three(visit) : 0;
}

static int answer_direct(const tdrt_visit *visit)
{
    return strncmp(visit->head, "POST /rest/sql/test?", 20) == 0 ? tdrt_send_three(visit) : 0;
}

static void proxies(void)
{
    tdrt_server proxy = TDRT_SERVER_INIT;
    char url[64];

    CU_ASSERT_FATAL(tdrt_server_start(&proxy, answer_as_proxy, NULL));
    snprintf(url, sizeof url, "http://127.0.0.1:%d", proxy.port);
    setenv("http_proxy", url, 1);
    setenv("all_proxy", url, 1);
    begin(answer_direct, "");
    tdrt_dial_three(conn);
    CHECK_INT(atomic_load(&proxy.counts->connections), 0);
    CHECK_INT(connections(), 1);
    tdrest_conn_free(conn);
    conn = tdrt_dial(&server, "?proxy=environment");
    tdrt_dial_three(conn);
    CHECK_INT(atomic_load(&proxy.counts->connections), 1);
    CHECK_INT(connections(), 1);
    unsetenv("http_proxy");
    unsetenv("all_proxy");
    finish();
    tdrt_server_stop(&proxy);
}

CU_TestInfo tdrt_transport[] = {
    {"died with a statement", died_with_a_statement},
    {"scheme proposed", scheme_proposed},
    {"died with its server", died_with_its_server},
    {"died without another", died_without_another},
    {"closed while idle", closed_while_idle},
    {"late answer", late_answer},
    {"freed early", freed_early},
    {"10,000 statements", many_statements},
    {"proxies", proxies},
    CU_TEST_INFO_NULL,
};
