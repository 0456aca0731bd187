/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The loop: many exchanges on one thread, waiting, and which call a cancel reaches. */
#include "dial.h"

#include "net/curl_net.h"

#include <unistd.h>

/* ---- cancelling ---- */

static tdri_loop *make(void)
{
    tdri_loop *loop;
    tdrest_error err;

    tdri_err_reset(&err);
    CU_ASSERT_FATAL(tdri_loop_new(&tdri_mem_default, &loop, &err) == TDREST_OK);
    return loop;
}

static void cancel_reaches_the_running_call(void)
{
    tdri_loop *loop = make();

    tdri_loop_cancel(loop);
    CHECK(!tdri_loop_is_cancelled(loop), "without a call");
    for (int i = 0; i < 3; i++) {
        tdri_loop_enter(loop);
        CHECK(!tdri_loop_is_cancelled(loop), "call %d begins cancelled", i);
        tdri_loop_cancel(loop);
        tdri_loop_cancel(loop);
        tdri_loop_enter(loop);
        tdri_loop_leave(loop);
        CHECK(tdri_loop_is_cancelled(loop), "call %d: the inner end took the cancel away", i);
        tdri_loop_leave(loop);
        CHECK(!tdri_loop_is_cancelled(loop), "call %d: after its end", i);
        tdri_loop_cancel(loop);
    }
    tdri_loop_free(loop);
}

/* The thread that cancels may be held up before it writes its byte, which then lies there for the next call. */
static void late_byte_is_drained(void)
{
    tdri_loop *loop = make();
    int64_t from;

    for (int i = 0; i < 100; i++)
        CU_ASSERT_FATAL(write(loop->wake[1], "", 1) == 1);
    tdri_loop_enter(loop);
    CHECK_INT(tdri_loop_wait(loop, 100), TDREST_OK);
    CHECK(!tdri_loop_is_cancelled(loop), "a late byte is no cancel");
    from = tdrt_now_ms();
    CHECK_INT(tdri_loop_wait(loop, 100), TDREST_OK);
    CHECK(tdrt_now_ms() - from >= 95, "the second wait ended after %" PRId64 " ms: nobody drains the pipe", tdrt_now_ms() - from);
    tdri_loop_leave(loop);
    tdri_loop_free(loop);
}

/* A full pipe still wakes. */
static void many_cancels(void)
{
    tdri_loop *loop = make();

    for (int i = 0; i < 100000; i++) {
        tdri_loop_enter(loop);
        tdri_loop_cancel(loop);
        CHECK(tdri_loop_is_cancelled(loop), "cancel %d", i);
        tdri_loop_leave(loop);
    }
    tdri_loop_free(loop);
}

/* ---- many exchanges ---- */

enum { MANY = 20 };

static int answer_after_its_number(const tdrt_visit *visit)
{
    tdrt_pause(atoi(visit->sql + sizeof "select" - 1) * 5);
    return tdrt_send_three(visit);
}

/* One of many. */
typedef struct lane {
    tdri_exchange *x;
    tdri_request request;
    char sql[16];
    size_t bytes;
    int rc;
    tdrest_error err;
} lane;

static size_t count_bytes(void *context, const char *bytes, size_t len)
{
    (void)bytes;
    *(size_t *)context += len;
    return len;
}

static void start_lane(lane *l, int number, tdri_loop *loop, const tdrest_options *options, const char *origin)
{
    const tdri_limits limits = {5000, tdri_deadline_ms(10000), 0};
    tdri_request_spec spec = {.endpoint = TDRI_SQL, .req_id = number + 1};

    tdri_err_reset(&l->err);
    snprintf(l->sql, sizeof l->sql, "select %d", MANY - number);
    spec.body = l->sql;
    spec.body_len = strlen(l->sql);
    l->bytes = 0;
    l->rc = TDRI_WAIT;
    tdri_request_init(&l->request, &tdri_mem_default);
    CU_ASSERT_FATAL(tdri_request_build(&l->request, options, &spec, &l->err) == TDREST_OK);
    CU_ASSERT_FATAL(tdri_exchange_new(loop, options, &l->x, &l->err) == TDREST_OK);
    CU_ASSERT_FATAL(tdri_exchange_start(l->x, origin, &l->request, &limits, &l->err) == TDREST_OK);
}

/* One round over all lanes; how many are still running. */
static int step_all(lane *lanes, int64_t *wait_ms)
{
    int running = 0;

    *wait_ms = 1000;
    for (int i = 0; i < MANY; i++) {
        lane *l = &lanes[i];

        if (l->rc != TDRI_WAIT && l->rc != TDREST_ROW)
            continue;
        l->rc = tdri_exchange_step(l->x, count_bytes, &l->bytes, &l->err);
        running += l->rc == TDRI_WAIT || l->rc == TDREST_ROW;
        if (tdri_exchange_wait_ms(l->x) < *wait_ms)
            *wait_ms = tdri_exchange_wait_ms(l->x);
        if (l->rc == TDREST_ROW)
            *wait_ms = 0;
    }
    return running;
}

static void many_on_one_thread(void)
{
    static lane lanes[MANY];
    tdrt_server server = TDRT_SERVER_INIT;
    tdri_loop *loop = make();
    tdrest_options *options;
    tdri_buf origin;
    char dsn[64];
    int64_t wait_ms, from;

    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_after_its_number, NULL));
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", server.port);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK);
    tdri_buf_init(&origin, &tdri_mem_default, 1000);
    CU_ASSERT_FATAL(tdri_request_origin(options, 0, &origin) == TDREST_OK);
    for (int i = 0; i < MANY; i++)
        start_lane(&lanes[i], i, loop, options, tdri_buf_text(&origin));
    from = tdrt_now_ms();
    while (step_all(lanes, &wait_ms) > 0)
        CHECK_INT(tdri_loop_wait(loop, wait_ms), TDREST_OK);
    CHECK(tdrt_now_ms() - from < 800 * TDRT_SLOW, "%" PRId64 " ms: one after the other", tdrt_now_ms() - from);
    for (int i = 0; i < MANY; i++) {
        CHECK(lanes[i].rc == TDREST_DONE && lanes[i].bytes == sizeof TDRT_THREE - 1 && tdri_exchange_http_status(lanes[i].x) == 200, "%d: %s, %zu bytes",
              i, tdrest_code_name(lanes[i].rc), lanes[i].bytes);
        CHECK_INT(tdrt_server_arrivals(&server, lanes[i].sql), 1);
        tdri_exchange_free(lanes[i].x);
        tdri_request_clear(&lanes[i].request);
    }
    tdri_buf_clear(&origin);
    tdrest_options_free(options);
    tdri_loop_free(loop);
    tdrt_server_stop(&server);
}

CU_TestInfo tdrt_loop[] = {
    {"cancel reaches the running call", cancel_reaches_the_running_call},
    {"late byte is drained", late_byte_is_drained},
    {"many cancels", many_cancels},
    {"many on one thread", many_on_one_thread},
    CU_TEST_INFO_NULL,
};
