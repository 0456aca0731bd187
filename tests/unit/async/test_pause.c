/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A paused consumer: its request stands still, and no other; nothing is lost, wherever it pauses, and however the answer comes. */
#include "async_dial.h"

#include <time.h>

enum { ROWS = 30000, PIECE = 8000 };

static tdrt_server server;
static tdrest_async *async;
static tdrt_job job, other;

/* One column of INTs, 0 to ROWS - 1. */
static char body[ROWS * 10 + 200], packed[sizeof body];
static size_t body_len, packed_len;

static void put32(uint32_t value)
{
    for (int i = 0; i < 4; i++)
        packed[packed_len++] = (char)(value >> (8 * i) & 0xff);
}

static uint32_t crc(const char *bytes, size_t len)
{
    uint32_t sum = 0xffffffffu;

    for (size_t i = 0; i < len; i++) {
        sum ^= (unsigned char)bytes[i];
        for (int bit = 0; bit < 8; bit++)
            sum = sum & 1 ? sum >> 1 ^ 0xedb88320u : sum >> 1;
    }
    return ~sum;
}

/* gzip whose blocks are stored as they are. */
static void pack_body(void)
{
    enum { BLOCK = 60000 };
    static const char head[10] = {'\x1f', '\x8b', 8, 0, 0, 0, 0, 0, 0, 3};

    memcpy(packed, head, sizeof head);
    packed_len = sizeof head;
    for (size_t at = 0; at < body_len; at += BLOCK) {
        size_t len = body_len - at < BLOCK ? body_len - at : BLOCK;

        packed[packed_len++] = at + len == body_len;
        put32((uint32_t)len | (uint32_t)(len ^ 0xffff) << 16);
        memcpy(packed + packed_len, body + at, len);
        packed_len += len;
    }
    put32(crc(body, body_len));
    put32((uint32_t)body_len);
}

static void make_body(void)
{
    body_len = (size_t)snprintf(body, sizeof body, "%s", TDRT_START);
    for (int i = 0; i < ROWS; i++)
        body_len += (size_t)snprintf(body + body_len, sizeof body - body_len, "%s[%d]", i == 0 ? "" : ",", i);
    body_len += (size_t)snprintf(body + body_len, sizeof body - body_len, "],\"rows\":%d}", ROWS);
    pack_body();
}

static int answer(const tdrt_visit *visit)
{
    tdrt_answer a = {.body = body, .len = body_len};

    if (tdrt_starts(visit, "select chunked"))
        a.chunk = PIECE;
    else if (tdrt_starts(visit, "select gzip"))
        a = (tdrt_answer){.fields = TDRT_JSON "Content-Encoding: gzip\r\n", .body = packed, .len = packed_len, .chunk = PIECE};
    else if (tdrt_starts(visit, "select three"))
        return tdrt_send_three(visit);
    return tdrt_send_answer(visit, &a);
}

/* ---- one that pauses before block `pause_at`, counted from 1, or after every block ---- */

static int pause_at, paused_calls;

static void on_rows(void *user, tdrest_request *request, tdrest_result *rows)
{
    tdrt_job_callbacks.rows(user, request, rows);
    if (pause_at < 0 || job.blocks == pause_at)
        tdrest_request_pause(request);
}

static void on_end(void *user, tdrest_request *request, const tdrest_error *error)
{
    tdrt_job_callbacks.end(user, request, error);
}

static void start(const char *sql)
{
    tdrest_async_callbacks callbacks = TDREST_ASYNC_CALLBACKS_INIT;

    callbacks.rows = on_rows;
    callbacks.end = on_end;
    job = (tdrt_job){.affected = -1};
    CHECK_INT(tdrest_async_query(async, sql, TDREST_CSTR, NULL, &callbacks, &job, &job.request), TDREST_OK);
}

/* Runs until the request has ended, not for ever; while it is paused, another one must get through, and no rows come. Behind the last rows nothing holds up its end. */
static void run_paused(void)
{
    int64_t until = tdrt_now_ms() + 60000;
    int blocks;

    paused_calls = 0;
    while (job.ends == 0 && tdrt_now_ms() < until) {
        blocks = job.blocks;
        while (job.ends == 0 && job.blocks == blocks && tdrt_now_ms() < until)
            CHECK_INT(tdrest_async_run(async, 1) < 0, 0);
        if (job.ends != 0 || job.blocks == blocks || (pause_at > 0 && job.blocks != pause_at))
            continue;
        blocks = job.blocks;
        tdrt_async_query(async, "select three", NULL, &other);
        while (other.ends == 0)
            CHECK_INT(tdrest_async_run(async, 1) < 0, 0);
        CHECK(other.rows == 3 && job.blocks == blocks && (job.ends == 0 || job.rows == ROWS), "%d blocks, then %d; %d ends, %d rows", blocks, job.blocks, job.ends, (int)job.rows);
        paused_calls++;
        if (job.ends == 0)
            tdrest_request_resume(job.request);
    }
    CU_ASSERT_FATAL(job.ends == 1);
}

static void check_whole(const char *sql)
{
    CHECK(job.ends == 1 && job.err.code == 0 && job.rows == ROWS && job.sum == (int64_t)ROWS * (ROWS - 1) / 2 && paused_calls > 0,
          "%s, pause at %d: %d ends, %s, %d rows, %d pauses", sql, pause_at, job.ends, job.err.message, (int)job.rows, paused_calls);
}

static void begin(const char *parameters)
{
    if (body_len == 0)
        make_body();
    async = tdrt_async_dial_new(&server, answer, parameters);
}

static void finish(void)
{
    tdrest_async_free(async);
    tdrt_server_stop(&server);
}

static void everywhere(void)
{
    static const char *const ways[] = {"select length", "select chunked", "select gzip"};
    static const int places[] = {1, 2, -1};

    begin("?compression=true&block_bytes=32768");
    for (size_t w = 0; w < COUNT_OF(ways); w++)
        for (size_t p = 0; p < COUNT_OF(places); p++) {
            pause_at = places[p];
            start(ways[w]);
            run_paused();
            check_whole(ways[w]);
        }
    finish();
}

/* Before the first block; and after the last one, when only the end is left. */
static void first_and_last(void)
{
    begin("?block_bytes=4096");
    pause_at = 0;
    start("select three");
    tdrest_request_pause(job.request);
    for (int64_t until = tdrt_now_ms() + 200; tdrt_now_ms() < until;)
        CHECK_INT(tdrest_async_run(async, 10), TDREST_OK);
    CHECK(job.blocks == 0 && job.ends == 0, "%d blocks, %d ends", job.blocks, job.ends);
    tdrest_request_resume(job.request);
    tdrt_async_finish(async);
    CHECK(job.ends == 1 && job.rows == 3, "%d rows", (int)job.rows);
    pause_at = -1;
    start("select three");
    tdrt_async_query(async, "select three", NULL, &other);
    for (int i = 0; i < 6000 && job.ends == 0 && job.rows < 3; i++) {
        tdrest_request_resume(job.request); /* they may come one by one */
        (void)tdrest_async_run(async, 10);
    }
    tdrt_async_finish(async); /* nothing is left to be paused */
    CHECK(job.ends == 1 && job.rows == 3 && other.rows == 3, "%d rows", (int)job.rows);
    finish();
}

/* A pause of three stall limits, once rows have come. 0: the limit was too short for this machine, and none came. */
static int pause_beyond_the_limit(int limit_ms)
{
    char parameters[64];
    int came;

    snprintf(parameters, sizeof parameters, "?block_bytes=4096&stall_timeout_ms=%d", limit_ms);
    begin(parameters);
    pause_at = 1;
    start("select chunked");
    while (job.ends == 0 && job.blocks == 0)
        (void)tdrest_async_run(async, 10);
    came = job.blocks > 0;
    if (came) {
        for (int64_t until = tdrt_now_ms() + 3 * limit_ms; tdrt_now_ms() < until;)
            CHECK_INT(tdrest_async_run(async, 50), TDREST_OK);
        CHECK(job.ends == 0, "%s", job.err.message);
        tdrest_request_resume(job.request);
        tdrt_async_finish(async);
    }
    finish();
    return came;
}

/* The time of a consumer that pauses is not the server's. */
static void no_stall(void)
{
    int came = 0, ms = 300;

    for (; !came && ms < 10000; ms *= 2)
        came = pause_beyond_the_limit(ms);
    CHECK(came && job.ends == 1 && job.err.code == 0 && job.rows == ROWS, "%s, %d rows", job.err.message, (int)job.rows);
}

/* Nothing to do, nothing done. */
static void costs_nothing(void)
{
    struct timespec before, after;
    double spent;

    begin("?block_bytes=4096");
    pause_at = 1;
    start("select chunked");
    for (int i = 0; i < 6000 && job.blocks == 0; i++)
        (void)tdrest_async_run(async, 10);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
    CHECK_INT(tdrest_async_run(async, 1000), TDREST_OK);
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
    spent = (double)(after.tv_sec - before.tv_sec) + (double)(after.tv_nsec - before.tv_nsec) / 1e9;
    CHECK(spent < 0.3, "%.3f s of CPU in a second of pause", spent);
    tdrest_request_cancel(job.request);
    tdrt_async_finish(async);
    CHECK(job.ends == 1 && job.err.code == TDREST_ECANCELLED && job.err.ran == TDREST_RAN_YES, "%s, ran %d", job.err.message, job.err.ran);
    finish();
}

CU_TestInfo tdrt_pause_tests[] = {
    {"everywhere", everywhere},
    {"first and last", first_and_last},
    {"no stall", no_stall},
    {"costs nothing", costs_nothing},
    CU_TEST_INFO_NULL,
};
