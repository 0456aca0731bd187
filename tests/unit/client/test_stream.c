/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Long answers: freed early, read slowly in memory of a fixed size, read into memory as a whole. The server counts what it could write. */
#include "dialed.h"
#include "memory.h"
#include "recording.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void begin(tdrt_handler *handler, const char *parameters)
{
    conn = tdrt_dial_new(&server, handler, parameters);
}

enum { LONG_ROWS = 10000000, CHUNK_ROWS = 1600, SEND_BUFFER = 65536 };

/* [1], and so many more rows, through a send buffer of known size. */
static int answer_long(const tdrt_visit *visit)
{
    static char chunk[CHUNK_ROWS * 10 + 1];
    int small = SEND_BUFFER / 2; /* the system doubles it */
    char tail[64];

    if (tdrt_starts(visit, "select three"))
        return tdrt_send_three(visit);
    setsockopt(visit->fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    for (int i = 0; i < CHUNK_ROWS; i++)
        memcpy(chunk + i * 10, ",[1234567]", 10);
    if (!tdrt_send(visit, TDRT_HEAD_CHUNKED, 0) || !tdrt_send_chunk(visit, TDRT_START "[1]", 0))
        return 0;
    for (int rows = 1; rows < LONG_ROWS; rows += CHUNK_ROWS)
        if (!tdrt_send_chunk(visit, chunk, CHUNK_ROWS * 10))
            return 0;
    snprintf(tail, sizeof tail, "],\"rows\":%d}", LONG_ROWS + 1);
    return tdrt_send_chunk(visit, tail, 0) && tdrt_send_end(visit);
}

static void freed_from_long(void)
{
    begin(answer_long, "");
    for (int i = 0; i < 5; i++) {
        tdrest_result *res = tdrt_dial_query(conn, "select long", NULL);
        int64_t from;

        CHECK_INT(tdrest_result_next(res), TDREST_ROW);
        from = tdrt_now_ms();
        tdrest_result_free(res);
        CHECK(tdrt_now_ms() - from < 10000, "freed after %" PRId64 " ms", tdrt_now_ms() - from);
        tdrt_dial_three(conn);
        CHECK_INT(connections(), i + 2); /* it did not read to the end */
    }
    finish();
}

/* Bytes that are out, and the most there have been. */
typedef struct meter {
    int64_t now, most;
} meter;

static void count_bytes(meter *m, int64_t bytes)
{
    m->now += bytes;
    if (m->now > m->most)
        m->most = m->now;
}

/* In front of each block. */
typedef union prefix {
    size_t bytes;
    max_align_t align;
} prefix;

static void *meter_resize(void *context, void *old, size_t bytes)
{
    prefix *p = old == NULL ? NULL : (prefix *)old - 1;
    size_t before = p == NULL ? 0 : p->bytes;

    p = realloc(p, sizeof *p + bytes);
    if (p == NULL)
        return NULL;
    p->bytes = bytes;
    count_bytes(context, (int64_t)bytes - (int64_t)before);
    return p + 1;
}

static void *meter_alloc(void *context, size_t bytes)
{
    return meter_resize(context, NULL, bytes);
}

static void meter_release(void *context, void *old)
{
    if (old == NULL)
        return;
    count_bytes(context, -(int64_t)((prefix *)old - 1)->bytes);
    free((prefix *)old - 1);
}

static void dial_metered(meter *m)
{
    const tdrest_allocator memory = {sizeof memory, m, meter_alloc, meter_resize, meter_release};
    tdrest_options *options;
    char dsn[64];

    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_long, NULL));
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test", server.port);
    CU_ASSERT_FATAL(tdrest_options_new(&memory, &options) == TDREST_OK);
    CHECK_INT(tdrest_options_parse(options, dsn), TDREST_OK);
    CU_ASSERT_FATAL(tdrest_conn_new(options, &conn) == TDREST_OK);
    tdrest_options_free(options);
}

/* Bytes that have come from the server and that nobody has taken from the system. */
static int64_t unread(void)
{
    int64_t sum = 0;

    for (int fd = 3; fd < 256; fd++) {
        struct sockaddr_in peer;
        socklen_t len = sizeof peer;
        int bytes = 0;

        if (getpeername(fd, (struct sockaddr *)&peer, &len) == 0 && peer.sin_family == AF_INET && ntohs(peer.sin_port) == server.port &&
            ioctl(fd, FIONREAD, &bytes) == 0)
            sum += bytes;
    }
    return sum;
}

static void read_rows(tdrest_result *res, int count)
{
    int good = 0;

    for (int i = 0; i < count; i++)
        good += tdrest_result_next(res) == TDREST_ROW;
    CHECK_INT(good, count);
}

/* What was written is unread, in the server's send buffer, or a little that the library holds. */
static void expect_little_ahead(int64_t handed_out)
{
    int64_t written = atomic_load(&server.counts->written), waiting = unread();

    CHECK(waiting > 0 && written - handed_out <= waiting + SEND_BUFFER + 200 * 1024, "%" PRId64 " bytes written, %" PRId64 " handed out, %" PRId64
          " unread", written, handed_out, waiting);
}

/* A reader that does not read slows the server: nothing is read ahead but a block, libcurl's buffers and what the system holds. */
static void sleeping_reader(void)
{
    meter m = {0, 0};
    tdrest_result *res;
    int64_t handed_out = 200000 * 10, most;

    dial_metered(&m);
    res = tdrt_dial_query(conn, "select long", NULL);
    read_rows(res, 200000);
    tdrt_await_input(&server, 1);
    tdrt_pause(200);
    expect_little_ahead(handed_out);
    tdrt_pause(300);
    expect_little_ahead(handed_out);
    most = m.most;
    read_rows(res, 3000000);
    /* In pieces of other lengths they may need a little more; 30 MB are behind them. */
    CHECK(m.most < 768 * 1024 && m.most <= most + 65536, "%" PRId64 " bytes, then %" PRId64, most, m.most);
    tdrest_result_free(res);
    finish();
    CHECK_INT(m.now, 0);
}

/* ---- answers read into memory ---- */

/* Like answer_long with some ten thousand rows that count up; the end is cut on demand. */
static int answer_counting(const tdrt_visit *visit)
{
    enum { ROWS = 50000 };
    char row[32], chunk[4096];
    size_t len = 0;

    if (tdrt_starts(visit, "select three"))
        return tdrt_send_three(visit);
    if (tdrt_starts(visit, "insert"))
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    if (!tdrt_send(visit, TDRT_HEAD_CHUNKED, 0) || !tdrt_send_chunk(visit, TDRT_START, 0))
        return 0;
    for (int i = 0; i < ROWS; i++) {
        int n = snprintf(row, sizeof row, "%s[%d]", i == 0 ? "" : ",", i);

        if (len + (size_t)n > sizeof chunk) {
            (void)tdrt_send_chunk(visit, chunk, len);
            len = 0;
        }
        memcpy(chunk + len, row, (size_t)n);
        len += (size_t)n;
    }
    if (strstr(visit->sql, "slowly") != NULL)
        tdrt_pause(600);
    if (!tdrt_send_chunk(visit, chunk, len) || strstr(visit->sql, "cut") != NULL)
        return 0;
    return tdrt_send_chunk(visit, strstr(visit->sql, "short") != NULL ? "],\"rows\":50001}" : "],\"rows\":50000}", 0) && tdrt_send_end(visit);
}

/* Rows from..; the code that ends them. */
static int walk(tdrest_result *res, int64_t from, int64_t *next)
{
    int64_t value, at = from;
    int rc;

    while ((rc = tdrest_result_next(res)) == TDREST_ROW && tdrest_result_int64(res, 0, &value) == TDREST_OK && value == at)
        at++;
    *next = at;
    return rc;
}

static tdrest_result *buffered(const char *sql)
{
    tdrest_call call = TDREST_CALL_INIT;

    call.buffered = 1;
    return tdrt_dial_query(conn, sql, &call);
}

static void stored(void)
{
    tdrest_result *whole, *rest;
    const tdrest_block *block;
    int64_t next, rows = 0;

    begin(answer_counting, "");
    whole = buffered("select whole");
    tdrt_dial_three(conn);
    rest = tdrt_dial_query(conn, "select rest", NULL);
    read_rows(rest, 777);
    CHECK_INT(tdrest_result_store(rest), TDREST_OK);
    tdrt_dial_three(conn);
    CHECK_INT(tdrest_result_store(rest), TDREST_OK);
    CHECK_INT(walk(rest, 777, &next), TDREST_DONE);
    CHECK_INT(next, 50000);
    CHECK_INT(walk(whole, 0, &next), TDREST_DONE);
    CHECK_INT(next, 50000);
    CHECK_INT(tdrest_result_next(whole), TDREST_DONE);
    tdrest_result_free(whole);
    tdrest_result_free(rest);
    whole = buffered("select whole");
    tdrest_conn_free(conn);
    while (tdrest_result_next_block(whole, &block) == TDREST_ROW)
        rows += tdrest_block_rows(block);
    CHECK_INT(rows, 50000);
    tdrest_result_free(whole);
    conn = tdrt_dial(&server, "");
    whole = buffered("insert into t values (1)");
    CHECK_INT(tdrest_result_affected(whole), 1);
    CHECK_INT(tdrest_result_next(whole), TDREST_DONE);
    tdrest_result_free(whole);
    CHECK_INT(connections(), 2);
    finish();
}

/* All the rows that came, then the error; the connection is free all the same. */
static void stored_in_part(void)
{
    static const struct { const char *sql; int code; } cases[] = {{"select cut", TDREST_ECONNECT}, {"select short", TDREST_EANSWER}};
    tdrest_call call = TDREST_CALL_INIT;
    tdrest_result *res;
    int64_t next;

    begin(answer_counting, "");
    call.buffered = 1;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        res = tdrt_dial_query(conn, cases[i].sql, NULL);
        read_rows(res, 10);
        CHECK_INT(tdrest_result_store(res), cases[i].code);
        CHECK_INT(tdrest_result_error(res)->code, cases[i].code);
        tdrt_dial_three(conn);
        CHECK_INT(walk(res, 10, &next), cases[i].code);
        CHECK(next == 50000, "%s: %" PRId64 " rows", cases[i].sql, next);
        CHECK_INT(tdrest_result_store(res), cases[i].code);
        tdrest_result_free(res);
        CHECK_INT(tdrest_query(conn, cases[i].sql, TDREST_CSTR, &call, &res), cases[i].code);
        CU_ASSERT(res == NULL);
        CHECK_INT(tdrest_conn_error(conn)->code, cases[i].code);
        tdrt_dial_three(conn);
    }
    /* The total limit counts to the end of a buffered answer, else to its columns. */
    call.timeout_ms = 300;
    CHECK_INT(tdrest_query(conn, "select slowly", TDREST_CSTR, &call, &res), TDREST_ETIMEOUT);
    call.buffered = 0;
    while (tdrest_query(conn, "select slowly", TDREST_CSTR, &call, &res) == TDREST_ETIMEOUT && call.timeout_ms < 10000)
        call.timeout_ms *= 2; /* too short for the columns to come */
    CU_ASSERT_FATAL(res != NULL);
    CHECK_INT(walk(res, 0, &next), TDREST_DONE);
    CHECK_INT(next, 50000);
    tdrest_result_free(res);
    finish();
}

/* ---- gzip ---- */

enum { ALIKE_ROWS = 5000000 }; /* 20 MB in some 20 KB of gzip */

static char *zipped;
static size_t zipped_len;

static void zip_rows(void)
{
    char command[256], kept[] = "/tmp/tdrt-alike-XXXXXX";
    int fd = mkstemp(kept);

    snprintf(command, sizeof command, "{ printf '%%s' '%s[0]'; head -c %d /dev/zero | sed 's/\\x00/,[0]/g'; printf '],\"rows\":%d}'; } | gzip -9n > %s",
             TDRT_START, ALIKE_ROWS - 1, ALIKE_ROWS, kept);
    CU_ASSERT_FATAL(fd >= 0 && system(command) == 0);
    zipped = tdrt_file_read(kept, &zipped_len);
    close(fd);
    remove(kept);
    CU_ASSERT_FATAL(zipped != NULL && zipped_len > 10000 && zipped_len < 100000);
}

static int answer_zipped(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.fields = TDRT_JSON "Content-Encoding: gzip\r\n", .body = zipped, .len = zipped_len});
}

/* A kilobyte of gzip may be a megabyte of rows: what libcurl has decoded while the reader is busy stays within a multiple of block_bytes. */
static void packed_tightly(void)
{
    static const struct { const char *parameters; int64_t most; } cases[] = {
        {"?compression=true", 4000000}, {"?compression=true&block_bytes=4096", 4000000}, {"?compression=true&block_bytes=1048576", 40000000},
    };

    zip_rows();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t rows, before;
        tdrest_error err;
        int rc;

        conn = tdrt_dial_new(&server, answer_zipped, cases[i].parameters);
        tdrt_memory_plan(0, 0);
        before = tdrt_memory_bytes();
        rc = tdrt_dial_ask(conn, "select zipped", NULL, &rows, &err);
        CHECK(rc == TDREST_DONE && rows == ALIKE_ROWS, "%s after %" PRId64 " rows: %s", tdrest_code_name(rc), rows, err.message);
        CHECK(tdrt_memory_most() - before < cases[i].most, "%s: %" PRId64 " bytes", cases[i].parameters, tdrt_memory_most() - before);
        finish();
    }
    free(zipped);
}

CU_TestInfo tdrt_stream[] = {
    {"freed from a long answer", freed_from_long},
    {"sleeping reader", sleeping_reader},
    {"stored", stored},
    {"stored in part", stored_in_part},
    {"packed tightly", packed_tightly},
    CU_TEST_INFO_NULL,
};
