/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Single exchanges, without a connection's calls around them: what no statement asks for. */
#include "dial.h"

#include "config/options.h"
#include "curl_hook.h"
#include "error/outcome.h"
#include "net/exchange.h"

#include <arpa/inet.h>
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

/* A port on which nothing listens. */
static int closed_port(void)
{
    struct sockaddr_in at;
    socklen_t len = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    memset(&at, 0, sizeof at);
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CU_ASSERT_FATAL(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 && getsockname(fd, (struct sockaddr *)&at, &len) == 0);
    close(fd);
    return ntohs(at.sin_port);
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

    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_nothing, NULL));
    for (size_t i = 0; i < COUNT_OF(endpoints); i++) {
        expect_failure(closed_port(), endpoints[i], TDREST_PHASE_CONNECT, TDREST_REPEAT_SAFE);
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

CU_TestInfo tdrt_exchange[] = {
    {"how far it got", how_far_it_got},
    {"taken byte by byte", taken_byte_by_byte},
    {"limits without end", limits_without_end},
    CU_TEST_INFO_NULL,
};
