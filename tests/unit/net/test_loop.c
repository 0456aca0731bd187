/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The loop: many exchanges on one thread, waiting, and which call a cancel reaches. */
#include "dial.h"

#include "net/curl_net.h"

#include <errno.h>
#include <sys/resource.h>
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

/* An allocator that leaves errno as a program's own may. */
static void release_noisily(void *context, void *old)
{
    tdri_mem_default.release(context, old);
    errno = ENOTDIR;
}

/* Without descriptors there is no loop; the record says why, whatever freeing what was there did to errno. */
static void no_pipe(void)
{
    tdrest_allocator noisy = tdri_mem_default;
    struct rlimit before, none;
    tdri_loop *loop = NULL;
    tdrest_error err;
    int rc;

    noisy.release = release_noisily;
    tdri_err_reset(&err);
    CU_ASSERT_FATAL(getrlimit(RLIMIT_NOFILE, &before) == 0);
    none = before;
    none.rlim_cur = 0;
    CU_ASSERT_FATAL(setrlimit(RLIMIT_NOFILE, &none) == 0);
    rc = tdri_loop_new(&noisy, &loop, &err);
    CU_ASSERT_FATAL(setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(rc == TDREST_ECONNECT && loop == NULL && strstr(err.message, strerror(EMFILE)) != NULL, "%d: %s", rc, err.message);
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

static void recent_time(void)
{
    for (int i = 0; i < 1000; i++) {
        int64_t before = tdri_now_ms(), recent = tdri_recent_ms();

        CHECK(recent <= tdri_now_ms() && before - recent < 1000, "%" PRId64 " ms behind", before - recent);
    }
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

enum { MANY = 20, PAUSE_MS = 20 };

static int answer_after_its_number(const tdrt_visit *visit)
{
    tdrt_pause(atoi(visit->sql + sizeof "select" - 1) * PAUSE_MS);
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
    const tdri_limits limits = {60000, tdri_deadline_ms(60000), 0};
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
    CHECK(tdrt_now_ms() - from < MANY * (MANY + 1) / 2 * PAUSE_MS, "%" PRId64 " ms: one after the other", tdrt_now_ms() - from);
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

/* ---- whose connection ---- */

static void wait_for_three(const tdrt_visit *visit, int arrivals)
{
    enum { PATIENCE_MS = 10000 };
    tdrt_server self = TDRT_SERVER_INIT;

    self.counts = visit->counts;
    for (int ms = 0; ms < PATIENCE_MS && tdrt_server_arrivals(&self, "select three") < arrivals; ms++)
        tdrt_pause(1);
}

/* In three parts: at once, when the gate is opened, and when "select three" has arrived for the second time. */
static int answer_in_parts(const tdrt_visit *visit)
{
    static const char *const parts[] = {TDRT_START, "[1],[2],", "[3]],\"rows\":3}"};
    int open = tdrt_send(visit, TDRT_HEAD_CHUNKED, 0) && tdrt_send_chunk(visit, parts[0], 0);

    tdrt_wait_for_gate(visit);
    open = open && tdrt_send_chunk(visit, parts[1], 0);
    wait_for_three(visit, 2);
    return open && tdrt_send_chunk(visit, parts[2], 0) && tdrt_send_end(visit);
}

/* "stray": bytes follow the answer that nobody asked for. */
static int answer_oddly(const tdrt_visit *visit)
{
    if (strcmp(visit->sql, "select slow") == 0)
        return answer_in_parts(visit);
    if (strcmp(visit->sql, "select stray") != 0)
        return tdrt_send_three(visit);
    return tdrt_send_three(visit) && (tdrt_wait_for_gate(visit), tdrt_send(visit, "HTTP/1.1 204 No Content\r\n\r\n", 0));
}

typedef struct pair {
    tdrt_server server;
    tdri_loop *loop;
    tdrest_options *options;
    tdri_buf origin;
    tdri_request request[2];
    tdri_exchange *x[2];
    size_t bytes[2];
} pair;

static void begin_pair(pair *p)
{
    char dsn[64];
    tdrest_error err;

    memset(p, 0, sizeof *p);
    tdri_err_reset(&err);
    p->server = (tdrt_server)TDRT_SERVER_INIT;
    p->loop = make();
    CU_ASSERT_FATAL(tdrt_server_start(&p->server, answer_oddly, NULL));
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", p->server.port);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &p->options) == TDREST_OK && tdrest_options_parse(p->options, dsn) == TDREST_OK);
    tdri_buf_init(&p->origin, &tdri_mem_default, 1000);
    CU_ASSERT_FATAL(tdri_request_origin(p->options, 0, &p->origin) == TDREST_OK);
    for (int i = 0; i < 2; i++) {
        tdri_request_init(&p->request[i], &tdri_mem_default);
        CU_ASSERT_FATAL(tdri_exchange_new(p->loop, p->options, &p->x[i], &err) == TDREST_OK);
    }
}

static void end_pair(pair *p)
{
    for (int i = 0; i < 2; i++) {
        tdri_exchange_free(p->x[i]);
        tdri_request_clear(&p->request[i]);
    }
    tdri_buf_clear(&p->origin);
    tdrest_options_free(p->options);
    tdri_loop_free(p->loop);
    tdrt_server_stop(&p->server);
}

static void start_one(pair *p, int i, const char *sql)
{
    const tdri_limits limits = {60000, tdri_deadline_ms(60000), 0};
    const tdri_request_spec spec = {.endpoint = TDRI_SQL, .req_id = 1, .body = sql, .body_len = strlen(sql)};
    tdrest_error err;

    tdri_err_reset(&err);
    p->bytes[i] = 0;
    CU_ASSERT_FATAL(tdri_request_build(&p->request[i], p->options, &spec, &err) == TDREST_OK);
    CU_ASSERT_FATAL(tdri_exchange_start(p->x[i], tdri_buf_text(&p->origin), &p->request[i], &limits, &err) == TDREST_OK);
}

static void expect_end(pair *p, int i)
{
    tdrest_error err;
    int rc;

    tdri_err_reset(&err);
    while ((rc = tdri_exchange_run(p->x[i], count_bytes, &p->bytes[i], &err)) == TDREST_ROW)
        ;
    CHECK(rc == TDREST_DONE && p->bytes[i] == sizeof TDRT_THREE - 1 && tdri_exchange_http_status(p->x[i]) == 200, "%d: %s, %zu bytes, status %d: %s", i,
          tdrest_code_name(rc), p->bytes[i], tdri_exchange_http_status(p->x[i]), err.message);
}

/* A connection with stray bytes is used by no exchange, whichever left it behind. */
static void stray_bytes_of_another(void)
{
    pair p;

    begin_pair(&p);
    start_one(&p, 0, "select stray");
    expect_end(&p, 0);
    tdrt_server_open_gate(&p.server);
    tdrt_await_input(&p.server, 1);
    start_one(&p, 1, "select three");
    expect_end(&p, 1);
    CHECK_INT(atomic_load(&p.server.counts->connections), 2);
    end_pair(&p);
}

/* A connection that another exchange has taken over is not idle: what comes on it is that one's answer. */
static void taken_over(void)
{
    tdrest_error err;
    int rc;
    pair p;

    begin_pair(&p);
    start_one(&p, 0, "select three");
    expect_end(&p, 0);
    tdri_err_reset(&err);
    start_one(&p, 1, "select slow");
    while ((rc = tdri_exchange_step(p.x[1], count_bytes, &p.bytes[1], &err)) == TDRI_WAIT && p.bytes[1] == 0)
        CHECK_INT(tdri_loop_wait(p.loop, 100), TDREST_OK);
    CHECK_INT(rc, TDREST_ROW);
    tdrt_server_open_gate(&p.server);
    tdrt_await_input(&p.server, 1); /* the second part has come, and is not read */
    start_one(&p, 0, "select three");
    expect_end(&p, 0);
    expect_end(&p, 1);
    CHECK_INT(atomic_load(&p.server.counts->connections), 2);
    end_pair(&p);
}

/* What comes of an answer while its exchange has not been stepped yet, and another one runs, waits for that step. */
static void before_the_first_step(void)
{
    pair p;

    begin_pair(&p);
    start_one(&p, 0, "select three");
    start_one(&p, 1, "select three");
    for (int i = 0; i < 600 && !p.x[0]->finished && p.x[0]->held_len == 0; i++) {
        CHECK_INT(tdri_loop_perform(p.loop), TDREST_OK);
        CHECK_INT(tdri_loop_wait(p.loop, 100), TDREST_OK);
    }
    CHECK(p.x[0]->answered && p.bytes[0] == 0, "%zu bytes", p.bytes[0]);
    expect_end(&p, 1);
    expect_end(&p, 0);
    end_pair(&p);
}

CU_TestInfo tdrt_loop[] = {
    {"recent time", recent_time},
    {"before the first step", before_the_first_step},
    {"no pipe", no_pipe},
    {"stray bytes of another", stray_bytes_of_another},
    {"taken over", taken_over},
    {"cancel reaches the running call", cancel_reaches_the_running_call},
    {"late byte is drained", late_byte_is_drained},
    {"many cancels", many_cancels},
    {"many on one thread", many_on_one_thread},
    CU_TEST_INFO_NULL,
};
