/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Single exchanges, without a connection's calls around them: what no statement asks for. */
#include "dial.h"

#include "config/options.h"
#include "curl_hook.h"
#include "error/outcome.h"
#include "net/curl_net.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

static tdrest_options *options;
static tdri_loop *loop;
static tdri_exchange *x;
static tdri_request request;
static tdri_buf origin;

/* A request to that port, without a body when the endpoint takes none, and the exchange for it. */
static void begin(int port, enum tdri_endpoint endpoint)
{
    tdri_request_spec spec = {.endpoint = endpoint, .req_id = 1, .body = "select 1", .body_len = 8};
    char dsn[64];
    tdrest_error err;

    tdri_err_reset(&err);
    if (endpoint == TDRI_PING) {
        spec.body = NULL;
        spec.body_len = 0;
    }
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", port);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK);
    tdri_request_init(&request, &tdri_mem_default);
    tdri_buf_init(&origin, &tdri_mem_default, 1000);
    CU_ASSERT_FATAL(tdri_request_build(&request, options, &spec, &err) == TDREST_OK && tdri_request_origin(options, 0, &origin) == TDREST_OK);
    CU_ASSERT_FATAL(tdri_loop_new(&tdri_mem_default, &loop, &err) == TDREST_OK && tdri_exchange_new(loop, options, &x, &err) == TDREST_OK);
}

static void finish(void)
{
    tdri_exchange_free(x);
    tdri_loop_free(loop);
    tdri_request_clear(&request);
    tdri_buf_clear(&origin);
    tdrest_options_free(options);
}

static int start(tdrest_error *err)
{
    const tdri_limits limits = {5000, tdri_deadline_ms(5000), 5000};

    tdri_err_reset(err);
    return tdri_exchange_start(x, tdri_buf_text(&origin), &request, &limits, err);
}

/* ---- how far a request got ---- */

/* At a free port; nobody listens yet. */
static int open_listener(int *port)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CU_ASSERT_FATAL(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && getsockname(fd, (struct sockaddr *)&at, &len) == 0);
    *port = ntohs(at.sin_port);
    return fd;
}

static int answer_nothing(const tdrt_visit *visit)
{
    (void)visit;
    return 0;
}

static size_t take_all(void *context, const char *bytes, size_t len)
{
    (void)context;
    (void)bytes;
    return len;
}

static void expect_failure(int port, enum tdri_endpoint endpoint, int where, int repeat)
{
    tdrest_error err;

    begin(port, endpoint);
    CHECK_INT(start(&err), TDREST_OK);
    CHECK_INT(tdri_exchange_run(x, take_all, NULL, &err), TDREST_ECONNECT);
    (void)tdri_outcome_tell(&err, 0, tdri_exchange_body_left(x));
    CHECK(err.phase == where && err.repeat == repeat, "endpoint %d: phase %d, repeat %d: %s", (int)endpoint, err.phase, err.repeat, err.message);
    finish();
}

/* A request that was not written is safe to repeat; one that was, also one without a body, may have run. */
static void how_far_it_got(void)
{
    static const enum tdri_endpoint endpoints[] = {TDRI_SQL, TDRI_PING};
    tdrt_server server = TDRT_SERVER_INIT;
    int closed_port, closed = open_listener(&closed_port); /* and nothing listens */

    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_nothing, NULL));
    for (size_t i = 0; i < COUNT_OF(endpoints); i++) {
        expect_failure(closed_port, endpoints[i], TDREST_PHASE_CONNECT, TDREST_REPEAT_SAFE);
        expect_failure(server.port, endpoints[i], TDREST_PHASE_WAIT, TDREST_REPEAT_IDEMPOTENT);
    }
#if LIBCURL_VERSION_NUM >= 0x075000
    /* A libcurl that does not tell when it writes: never less than what happened. */
    tdrt_curl.refused = CURLOPT_PREREQFUNCTION;
    tdrt_curl.refusal = CURLE_UNKNOWN_OPTION;
    for (size_t i = 0; i < COUNT_OF(endpoints); i++)
        expect_failure(server.port, endpoints[i], TDREST_PHASE_WAIT, TDREST_REPEAT_IDEMPOTENT);
    tdrt_curl.refusal = CURLE_OK;
#endif
    close(closed);
    tdrt_server_stop(&server);
}

/* ---- a sink that takes little ---- */

static int answer_ten(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.body = "0123456789"});
}

/* Takes one byte at a time, in order. */
static size_t take_one(void *context, const char *bytes, size_t len)
{
    char *next = (char *)context;

    CHECK(len > 0 && *bytes == *next, "'%c' instead of '%c'", *bytes, *next);
    (*next)++;
    return 1;
}

/* What is kept for a full taker is offered byte by byte; the run that takes the last of an answer that has ended tells the end. */
static void taken_byte_by_byte(void)
{
    tdrt_server server = TDRT_SERVER_INIT;
    tdrest_error err;
    char next = '0';
    int runs = 0, rc;

    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_ten, NULL));
    begin(server.port, TDRI_SQL);
    CHECK_INT(start(&err), TDREST_OK);
    do {
        rc = tdri_exchange_run(x, take_one, &next, &err);
        runs++;
        CHECK(next == '0' + runs, "%d bytes after %d runs", next - '0', runs);
    } while (rc == TDREST_ROW && runs < 20);
    CHECK_INT(rc, TDREST_DONE);
    CHECK_INT(runs, 10);
    finish();
    tdrt_server_stop(&server);
}

/* ---- long limits ---- */

/* No limit is too long to be added to the time. */
static void limits_without_end(void)
{
    static const int64_t longest[] = {INT64_MAX, INT64_MAX - 1, INT64_MAX / 2};
    tdrt_server server = TDRT_SERVER_INIT;

    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_ten, NULL));
    begin(server.port, TDRI_SQL);
    for (size_t i = 0; i < COUNT_OF(longest); i++) {
        const tdri_limits limits = {5000, tdri_deadline_ms(longest[i]), longest[i]};
        tdrest_error err;
        int rc;

        tdri_err_reset(&err);
        CHECK_INT(tdri_exchange_start(x, tdri_buf_text(&origin), &request, &limits, &err), TDREST_OK);
        while ((rc = tdri_exchange_run(x, take_all, NULL, &err)) == TDREST_ROW)
            ;
        CHECK(rc == TDREST_DONE, "%s: %s", tdrest_code_name(rc), err.message);
    }
    CHECK(tdri_deadline_ms(0) == 0 && tdri_deadline_ms(INT64_MAX) == INT64_MAX, "none, and never");
    CHECK(tdri_deadline_ms(1000) - tdri_now_ms() > 900, "in a second");
    finish();
    tdrt_server_stop(&server);
}

/* ---- an answer before the body has left ---- */

enum { LONG_BODY = 4 << 20, EARLY = 65536 };

static const char early[] = "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 24\r\n\r\n{\"code\":65535,\"desc\":\"\"}";

/* Reads up to the end of the head and `len` bytes more, at least; 0 when the connection ends before. */
static int read_some(int fd, size_t len)
{
    static char bytes[EARLY * 2];
    size_t got = 0;
    ssize_t n;

    while (got < len && (n = read(fd, bytes + got, sizeof bytes - 1 - got)) > 0)
        got += (size_t)n;
    bytes[got] = '\0';
    return got >= len && strncmp(bytes, "POST ", 5) == 0;
}

/* What the hasty server saw. */
typedef struct hasty {
    int listener;
    int closes;  /* 1: its end is closed at once after the answer */
    int begins;  /* connections whose first bytes were those of a request */
} hasty;

static void *serve_hastily(void *context)
{
    hasty *h = (hasty *)context;
    static char rest[65536];

    for (int i = 0; i < 2; i++) {
        int fd = accept(h->listener, NULL, NULL);

        h->begins += read_some(fd, i == 0 ? EARLY : 1);
        (void)send(fd, early, sizeof early - 1, 0);
        if (h->closes && i == 0) {
            close(fd);
            continue;
        }
        /* What the server reads next it takes for the rest of the body. */
        while (read(fd, rest, sizeof rest) > 0)
            ;
        close(fd);
    }
    return NULL;
}

static int run_whole(tdrest_error *err)
{
    int rc = start(err);

    if (rc == TDREST_OK)
        while ((rc = tdri_exchange_run(x, take_all, NULL, err)) == TDREST_ROW)
            ;
    return rc;
}

/* The answer is reported, and the next request begins on a connection of its own. */
static void answer_early(int closes)
{
    static char body[LONG_BODY];
    hasty h = {-1, closes, 0};
    int port, rc;
    tdrest_error err;
    pthread_t thread;

    h.listener = open_listener(&port);
    CU_ASSERT_FATAL(listen(h.listener, 5) == 0);
    CU_ASSERT_FATAL(pthread_create(&thread, NULL, serve_hastily, &h) == 0);
    memset(body, ' ', sizeof body);
    begin(port, TDRI_SQL);
    request.body = body;
    request.body_len = sizeof body;
    rc = run_whole(&err);
    CHECK(rc == TDREST_DONE || (closes && rc == TDREST_ECONNECT), "%d: %s: %s", closes, tdrest_code_name(rc), err.message);
    CHECK(rc != TDREST_DONE || tdri_exchange_http_status(x) == 503, "status %d", tdri_exchange_http_status(x));
    request.body_len = 8;
    rc = run_whole(&err);
    CHECK(rc == TDREST_DONE && tdri_exchange_http_status(x) == 503, "%d, the next one: %s, status %d: %s", closes, tdrest_code_name(rc),
          tdri_exchange_http_status(x), err.message);
    finish();
    pthread_join(thread, NULL);
    close(h.listener);
    CHECK(h.begins == 2, "%d: %d requests at the beginning of a connection", closes, h.begins);
}

static void answered_early(void)
{
    answer_early(0);
    answer_early(1);
}

/* As some versions of libcurl do, which stop sending after an early answer and call that a success. */
static size_t take_and_forget_sent(void *context, const char *bytes, size_t len)
{
    (void)context;
    (void)bytes;
    x->sent--;
    return len;
}

static void body_not_sent_whole(void)
{
    tdrt_server server = TDRT_SERVER_INIT;
    tdrest_error err;
    int rc;

    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_ten, NULL));
    begin(server.port, TDRI_SQL);
    CHECK_INT(run_whole(&err), TDREST_DONE);
    CHECK_INT(start(&err), TDREST_OK);
    while ((rc = tdri_exchange_run(x, take_and_forget_sent, NULL, &err)) == TDREST_ROW)
        ;
    CHECK_INT(rc, TDREST_DONE);
    CHECK_INT(atomic_load(&server.counts->connections), 1);
    CHECK_INT(run_whole(&err), TDREST_DONE);
    CHECK_INT(atomic_load(&server.counts->connections), 2);
    finish();
    tdrt_server_stop(&server);
}

/* ---- a taker slower than the server ---- */

static int answer_endless(const tdrt_visit *visit)
{
    static char blanks[65536];
    int open = tdrt_send(visit, TDRT_HEAD_CHUNKED, 0);

    memset(blanks, ' ', sizeof blanks);
    while (open)
        open = tdrt_send_chunk(visit, blanks, sizeof blanks);
    return 0;
}

static size_t take_slowly(void *context, const char *bytes, size_t len)
{
    (void)context;
    (void)bytes;
    tdrt_pause(1);
    return len;
}

static int answer_in_two(const tdrt_visit *visit)
{
    if (!tdrt_send(visit, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\nhalf", 0))
        return 0;
    tdrt_wait_for_gate(visit);
    return tdrt_send(visit, "half", 0);
}

static size_t take_until_late(void *context, const char *bytes, size_t len)
{
    (void)context;
    (void)bytes;
    while (tdri_now_ms() <= x->deadline_ms)
        tdrt_pause(10);
    return len;
}

/* What comes in the step in which the deadline passes is handed over; who does not lift the deadline then is told of it. */
static void deadline_with_the_last_bytes(void)
{
    for (int lifts = 0; lifts < 2; lifts++) {
        tdrt_server server = TDRT_SERVER_INIT;
        tdri_limits limits = {5000, 0, 5000};
        tdrest_error err;
        int rc;

        CU_ASSERT_FATAL(tdrt_server_start(&server, answer_in_two, NULL));
        begin(server.port, TDRI_SQL);
        tdri_err_reset(&err);
        limits.deadline_ms = tdri_deadline_ms(1000);
        CHECK_INT(tdri_exchange_start(x, tdri_buf_text(&origin), &request, &limits, &err), TDREST_OK);
        CHECK_INT(tdri_exchange_run(x, take_until_late, NULL, &err), TDREST_ROW);
        if (lifts) {
            tdri_exchange_lift_deadline(x);
            tdrt_server_open_gate(&server);
        }
        while ((rc = tdri_exchange_run(x, take_all, NULL, &err)) == TDREST_ROW)
            continue;
        CHECK_INT(rc, lifts ? TDREST_DONE : TDREST_ETIMEOUT);
        finish();
        tdrt_server_stop(&server);
    }
}

/* There are always bytes to be read, and the deadline passes all the same. */
static void deadline_while_bytes_come(void)
{
    tdrt_server server = TDRT_SERVER_INIT;
    tdri_limits limits = {5000, 0, 5000};
    tdrest_error err;
    int64_t from = tdrt_now_ms();
    int rc;

    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_endless, NULL));
    begin(server.port, TDRI_SQL);
    tdri_err_reset(&err);
    limits.deadline_ms = tdri_deadline_ms(200);
    CHECK_INT(tdri_exchange_start(x, tdri_buf_text(&origin), &request, &limits, &err), TDREST_OK);
    while ((rc = tdri_exchange_run(x, take_slowly, NULL, &err)) == TDREST_ROW && tdrt_now_ms() - from < 10000)
        ;
    CHECK(rc == TDREST_ETIMEOUT && tdrt_now_ms() - from < 10000, "%s after %" PRId64 " ms", tdrest_code_name(rc), tdrt_now_ms() - from);
    finish();
    tdrt_server_stop(&server);
}

CU_TestInfo tdrt_exchange[] = {
    {"answered early", answered_early},
    {"body not sent whole", body_not_sent_whole},
    {"deadline with the last bytes", deadline_with_the_last_bytes},
    {"deadline while bytes come", deadline_while_bytes_come},
    {"how far it got", how_far_it_got},
    {"taken byte by byte", taken_byte_by_byte},
    {"limits without end", limits_without_end},
    CU_TEST_INFO_NULL,
};
