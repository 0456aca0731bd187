/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* From a spool to a server: in order, through failures; what is rejected and what is kept. */
#include "async_dial.h"

#include <stdlib.h>
#include <time.h>

#include "base/mem.h"
#include "memory_disk.h"
#include "spool/forward.h"

enum { PATIENCE_MS = 60000 };

static tdrt_server server;
static tdrest_async *async;
static tdri_forward *forward;
static tdrt_disk *disk;
static tdri_files files;
static char ended[1024], held[256], fates[2048];
static uint64_t stored;
static int helds;

static void note_stored(void *context, uint64_t number)
{
    (void)context;
    CHECK(number > stored, "stored goes back");
    stored = number;
}

static void note_ended(void *context, const tdri_spool_record *record, int of_this_run, const tdrest_error *err)
{
    const size_t len = strlen(ended);

    (void)context;
    snprintf(ended + len, sizeof ended - len, "%.*s%s%s ", (int)record->timezone.len, record->timezone.text, of_this_run ? "" : "(earlier)", err == NULL ? "" : "(rejected)");
}

static void note_held(void *context, const tdrest_error *err)
{
    (void)context;
    helds++;
    snprintf(held, sizeof held, "%s", tdrest_code_name(err->code));
}

typedef void note_end(void *context, const tdri_spool_record *record, int of_this_run, const tdrest_error *err);

static void open_with(enum tdri_spool_sync sync, note_end *end, const tdrest_allocator *mem)
{
    const tdri_forward_told told = {NULL, note_stored, end, note_held};
    const tdri_spool_config config = {.dir = "spool", .sync = sync, .interval_ms = 20, .files = &files};
    tdrest_error err;

    ended[0] = held[0] = fates[0] = '\0';
    stored = 0;
    helds = 0;
    tdri_err_reset(&err);
    files = tdrt_disk_files(disk);
    async = tdrt_async_dial(server.port, "?conn_retries=0");
    CHECK_INT(tdri_forward_new(&forward, &config, async, &told, 1, 8, mem, &err), TDREST_OK);
    CU_ASSERT_FATAL(forward != NULL);
}

static void begin_with(tdrt_handler *handler)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, handler, NULL));
    disk = tdrt_disk_new();
}

static void begin(tdrt_handler *handler, enum tdri_spool_sync sync)
{
    begin_with(handler);
    open_with(sync, note_ended, &tdri_mem_default);
}

static void close_forward(void)
{
    tdrest_error err;

    tdri_err_reset(&err);
    CHECK_INT(tdri_forward_free(forward, &err), TDREST_OK);
    tdrest_async_free(async);
}

static void finish(void)
{
    close_forward();
    tdrt_server_stop(&server);
    tdrt_disk_free(disk);
}

/* An INSERT whose text ends in the number; its time zone, which the account tells, is named by it. */
static void add(int n)
{
    static const char *const zones[] = {"UTC", "Asia/Tokyo", "Asia/Dubai", "Asia/Seoul", "Asia/Kabul"};
    char text[64];
    tdri_spool_record record = {.rows = 1, .database = {"power", 5}, .body = {text, 0}};
    tdrest_error err;
    uint64_t number;

    record.timezone.text = zones[n];
    record.timezone.len = strlen(zones[n]);
    record.body.len = (size_t)snprintf(text, sizeof text, "insert into t values(1, %d)", n);
    tdri_err_reset(&err);
    CHECK_INT(tdri_forward_add(forward, &record, &number, &err), TDREST_OK);
}

/* Works until it is idle, or the condition holds. */
static int work_until(int (*done)(void))
{
    const int64_t until = tdrt_now_ms() + PATIENCE_MS;

    while (tdrt_now_ms() < until) {
        int64_t wait;

        tdri_forward_work(forward);
        if (done != NULL ? done() : tdri_forward_is_idle(forward))
            return 1;
        wait = tdri_forward_wait_ms(forward);
        if (tdri_forward_in_flight(forward))
            (void)tdrest_async_run(async, wait >= 0 && wait < 20 ? wait : 20);
        else
            (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
    }
    CHECK(0, "not idle in time: %s, %s", ended, held);
    return 0;
}

static int answer_all(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
}

static void in_order(void)
{
    static const enum tdri_spool_sync policies[] = {TDRI_SPOOL_SYNC_BATCH, TDRI_SPOOL_SYNC_INTERVAL, TDRI_SPOOL_SYNC_NEVER};

    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        begin(answer_all, policies[i]);
        add(1);
        add(2);
        add(3);
        (void)work_until(NULL);
        CHECK_TEXT(ended, "Asia/Tokyo Asia/Dubai Asia/Seoul ");
        CHECK(helds == 0 && (stored != 0) == (policies[i] != TDRI_SPOOL_SYNC_NEVER), "%s", held);
        CHECK_TEXT(server.counts->arrived, "insert into t values(1, 1)\ninsert into t values(1, 2)\ninsert into t values(1, 3)\n");
        finish();
    }
}

static int count_lines(const char *p)
{
    int lines = 0;

    for (; *p != '\0'; p++)
        lines += *p == '\n';
    return lines;
}

/* The password is wrong for the first three requests, then it is mended: nothing is rejected, and it is told once. */
static int wrong_login(const tdrt_visit *visit)
{
    const int lines = count_lines(visit->counts->arrived);

    return tdrt_send_answer(visit, &(tdrt_answer){.body = lines <= 3 ? "{\"code\":855,\"desc\":\"Authentication failure\"}" : TDRT_INSERTED});
}

static void a_changed_password_keeps_it(void)
{
    begin(wrong_login, TDRI_SPOOL_SYNC_BATCH);
    add(1);
    add(2);
    (void)work_until(NULL);
    CHECK_TEXT(ended, "Asia/Tokyo Asia/Dubai ");
    CHECK_INT(helds, 1);
    CHECK_TEXT(held, "TDREST_EAUTH");
    CHECK_INT(tdrt_disk_count(disk, "spool/rejected"), 0);
    CHECK_INT(tdrt_server_arrivals(&server, "insert into t values(1, 1)"), 4);
    CHECK_INT(tdrt_server_arrivals(&server, "insert into t values(1, 2)"), 1);
    finish();
}

static int bad_second(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.body = strstr(visit->sql, "1, 2") != NULL ? "{\"code\":9811,\"desc\":\"Value too long for column/tag: c\"}" : TDRT_INSERTED});
}

/* Rows that the server refuses go to a file with the reason, and hold nothing up. */
static void bad_rows_are_rejected(void)
{
    size_t len;
    const char *bytes;

    begin(bad_second, TDRI_SPOOL_SYNC_BATCH);
    add(1);
    add(2);
    add(3);
    (void)work_until(NULL);
    CHECK_TEXT(ended, "Asia/Tokyo Asia/Dubai(rejected) Asia/Seoul ");
    CHECK_INT(helds, 0);
    CHECK_INT(tdrt_server_arrivals(&server, "insert into t values(1, 2)"), 1);
    bytes = tdrt_disk_bytes(disk, "spool/rejected.*", &len);
    CHECK(bytes != NULL && memchr(bytes, 'V', len) != NULL && strstr((const char *)memchr(bytes, 'V', len), "Value too long") != NULL, "no reason is kept");
    finish();
}

static int no_database(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":904,\"desc\":\"Database not exist\"}"});
}

static int is_held(void)
{
    return helds > 0;
}

/* What cannot be delivered stays, and the next run brings it, before its own. */
static void kept_for_the_next_run(void)
{
    begin(no_database, TDRI_SPOOL_SYNC_BATCH);
    add(1);
    add(2);
    (void)work_until(is_held);
    CHECK_TEXT(ended, "");
    CHECK_TEXT(held, "TDREST_ESERVER");
    close_forward();
    tdrt_server_stop(&server);
    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_all, NULL));
    open_with(TDRI_SPOOL_SYNC_BATCH, note_ended, &tdri_mem_default);
    add(3);
    (void)work_until(NULL);
    CHECK_TEXT(ended, "Asia/Tokyo(earlier) Asia/Dubai(earlier) Asia/Seoul ");
    finish();
}

/* Nobody listens; then somebody does. */
static void no_link(void)
{
    begin(answer_all, TDRI_SPOOL_SYNC_BATCH);
    tdrt_server_down(&server);
    add(1);
    (void)work_until(is_held);
    CHECK_TEXT(held, "TDREST_ECONNECT");
    add(2);
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_all, NULL));
    (void)work_until(NULL);
    CHECK_TEXT(ended, "Asia/Tokyo Asia/Dubai ");
    CHECK_INT(helds, 1);
    finish();
}

/* Schemaless data has its settings with it. */
static int look_at_lines(const tdrt_visit *visit)
{
    const int good = strstr(visit->head, "precision=ms") != NULL && strstr(visit->head, "ttl=30") != NULL && strstr(visit->head, "table_name_key=loc") != NULL &&
                     strstr(visit->head, "db=power") != NULL;

    return tdrt_send(visit, good ? "HTTP/1.1 204 No Content\r\n\r\n" : "HTTP/1.1 400 Bad\r\nContent-Length: 0\r\n\r\n", 0);
}

static int has_ended(void)
{
    return ended[0] != '\0' || helds > 0;
}

static void lines(void)
{
    const tdri_spool_record record = {.protocol = TDREST_PROTOCOL_LINE, .precision = TDREST_MS, .ttl_days = 30, .rows = 1, .database = {"power", 5},
                                      .timezone = {"UTC", 3}, .table_name_key = {"loc", 3}, .body = {"m,loc=a f=1 1", 13}};
    tdrest_error err;
    uint64_t number;

    begin(look_at_lines, TDRI_SPOOL_SYNC_BATCH);
    tdri_err_reset(&err);
    CHECK_INT(tdri_forward_add(forward, &record, &number, &err), TDREST_OK);
    (void)work_until(has_ended);
    CHECK_TEXT(ended, "UTC ");
    finish();
}

/* ---- some rows of a batch ---- */

/* As recorded: SQL and points; `bad` in a row, `large` in a point of which others may be stored, `pass` while the password is wrong. */
static int refuses_bad(const tdrt_visit *visit)
{
    const int is_sql = strstr(visit->head, "/rest/sql") != NULL;
    const int lines = count_lines(visit->counts->arrived);

    if (strstr(visit->sql, "pass") != NULL && lines == 5)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":855,\"desc\":\"Authentication failure\"}"});
    if (is_sql && strstr(visit->sql, "bad") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":9811,\"desc\":\"Value too long for column/tag: c\"}"});
    if (strstr(visit->sql, "bad") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .body = "{\"code\":500,\"message\":\"[0x222] Invalid JSON data type\"}"});
    if (strstr(visit->sql, "large") != NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .body = "{\"code\":500,\"message\":\"[0x60b] Timestamp data out of range\"}"});
    return tdrt_send_answer(visit, &(tdrt_answer){.status = is_sql ? 200 : 204, .body = is_sql ? TDRT_INSERTED : ""});
}

/* The range as it is told. */
static void note_fate(void *context, const tdri_spool_record *record, int of_this_run, const tdrest_error *err)
{
    const size_t len = strlen(fates);

    (void)context;
    snprintf(fates + len, sizeof fates - len, "%s%s%d %.*s\n", of_this_run ? "" : "earlier ", err == NULL ? "+" : "-", (int)record->rows, (int)record->body.len, record->body.text);
}

static void begin_parts(void)
{
    begin_with(refuses_bad);
    open_with(TDRI_SPOOL_SYNC_BATCH, note_fate, &tdri_mem_default);
}

static void add_batch(int protocol, int rows, const char *text)
{
    const tdri_spool_record record = {.protocol = protocol, .precision = protocol == TDREST_PROTOCOL_LINE ? TDREST_MS : 0, .rows = rows, .database = {"power", 5},
                                      .body = {text, strlen(text)}};
    tdrest_error err;
    uint64_t number;

    tdri_err_reset(&err);
    CHECK_INT(tdri_forward_add(forward, &record, &number, &err), TDREST_OK);
}

/* What is in the files of refused rows: rows, code, text. */
static int list_rejected(void *context, const tdri_spool_item *item)
{
    char *out = (char *)context;
    const size_t len = strlen(out);
    const tdri_spool_record *r = &item->piece.record;

    if (item->kind == TDRI_SPOOL_FILE_REJECTED && item->piece.kind == TDRI_SPOOL_RECORD)
        snprintf(out + len, 2000 - len, "%d 0x%x %.*s\n", (int)r->rows, (unsigned)r->code, (int)r->body.len, r->body.text);
    return 0;
}

static const char *rejected(void)
{
    static char out[2048];
    tdrest_error err;

    out[0] = '\0';
    tdri_err_reset(&err);
    CHECK_INT(tdri_spool_walk("spool", &files, &tdri_mem_default, list_rejected, out, &err), 0);
    return out;
}

/* A bad row costs that row, whatever the text; others arrive once more at most, in their order. */
static void bad_rows_alone(void)
{
    static const struct { int protocol, rows; const char *text, *fates, *rejected; } cases[] = {
        {0, 5, "INSERT INTO `a` VALUES(1,'x')(2,'bad')`b` VALUES(3,'y')(4,'bad')(5,'z')",
         "+1 INSERT INTO `a` VALUES(1,'x')\n-1 INSERT INTO `a` VALUES(2,'bad')\n+1 INSERT INTO `b` VALUES(3,'y')\n-1 INSERT INTO `b` VALUES(4,'bad')\n+1 INSERT INTO `b` VALUES(5,'z')\n",
         "1 0x2653 INSERT INTO `a` VALUES(2,'bad')\n1 0x2653 INSERT INTO `b` VALUES(4,'bad')\n"},
        {0, 3, "INSERT INTO `a` VALUES(1,'x')`b` VALUES(2,'bad')`c` VALUES(3,'y')",
         "+1 INSERT INTO `a` VALUES(1,'x')\n-1 INSERT INTO `b` VALUES(2,'bad')\n+1 INSERT INTO `c` VALUES(3,'y')\n", "1 0x2653 INSERT INTO `b` VALUES(2,'bad')\n"},
        {TDREST_PROTOCOL_JSON, 4, "[{\"timestamp\":1},{\"timestamp\":2,\"value\":\"bad\"},{\"timestamp\":3},{\"timestamp\":4,\"value\":\"large\"}]",
         "+1 [{\"timestamp\":1}]\n-1 [{\"timestamp\":2,\"value\":\"bad\"}]\n+1 [{\"timestamp\":3}]\n-1 [{\"timestamp\":4,\"value\":\"large\"}]\n",
         "1 0x222 [{\"timestamp\":2,\"value\":\"bad\"}]\n1 0x60b [{\"timestamp\":4,\"value\":\"large\"}]\n"},
        {TDREST_PROTOCOL_LINE, 3, "m f=1 1\nm f=bad 2\nm f=3 3\n", "+1 m f=1 1\n\n-1 m f=bad 2\n\n+1 m f=3 3\n\n", "1 0x222 m f=bad 2\n\n"},
        {TDREST_PROTOCOL_TELNET, 2, "m 1700000000 1 a=bad\nm 1700000001 1 a=b\n", "-1 m 1700000000 1 a=bad\n\n+1 m 1700000001 1 a=b\n\n", "1 0x222 m 1700000000 1 a=bad\n\n"},
        /* Not as many rows as are said to be there: refused as one. */
        {0, 4, "INSERT INTO `a` VALUES(1,'x')(2,'bad')", "-4 INSERT INTO `a` VALUES(1,'x')(2,'bad')\n", "4 0x2653 INSERT INTO `a` VALUES(1,'x')(2,'bad')\n"},
        {0, 1, "INSERT INTO `a` VALUES(1,'x')(2,'bad')", "-1 INSERT INTO `a` VALUES(1,'x')(2,'bad')\n", "1 0x2653 INSERT INTO `a` VALUES(1,'x')(2,'bad')\n"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        begin_parts();
        add_batch(cases[i].protocol, cases[i].rows, cases[i].text);
        (void)work_until(NULL);
        CHECK_TEXT(fates, cases[i].fates);
        CHECK_TEXT(rejected(), cases[i].rejected);
        CHECK_INT(tdrt_disk_count(disk, "spool/rejected"), 1);
        CHECK(helds == 0, "%s", held);
        finish();
    }
}

/* Another failure between two parts keeps the batch, and it goes on where it was; what follows waits for it. */
static void held_between_parts(void)
{
    begin_parts();
    add_batch(0, 4, "INSERT INTO `a` VALUES(1,'x')(2,'bad')(3,'pass')(4,'y')");
    add_batch(0, 1, "INSERT INTO `a` VALUES(5,'z')");
    (void)work_until(NULL);
    CHECK_TEXT(fates, "+1 INSERT INTO `a` VALUES(1,'x')\n-1 INSERT INTO `a` VALUES(2,'bad')\n+2 INSERT INTO `a` VALUES(3,'pass')(4,'y')\n+1 INSERT INTO `a` VALUES(5,'z')\n");
    CHECK_TEXT(rejected(), "1 0x2653 INSERT INTO `a` VALUES(2,'bad')\n");
    CHECK_INT(helds, 1);
    CHECK_TEXT(held, "TDREST_EAUTH");
    finish();
}

static int has_refused(void)
{
    return strchr(fates, '-') != NULL;
}

/* Switched off in between: all of the batch comes again, and the bad row is refused again. */
static void ended_between_parts(void)
{
    begin_parts();
    add_batch(0, 4, "INSERT INTO `a` VALUES(1,'bad')(2,'x')(3,'y')(4,'bad')");
    (void)work_until(has_refused);
    CHECK_INT(tdrt_disk_count(disk, "spool/rejected"), 0);
    close_forward();
    open_with(TDRI_SPOOL_SYNC_BATCH, note_fate, &tdri_mem_default);
    (void)work_until(NULL);
    CHECK_TEXT(fates, "earlier -1 INSERT INTO `a` VALUES(1,'bad')\nearlier +1 INSERT INTO `a` VALUES(2,'x')\nearlier +1 INSERT INTO `a` VALUES(3,'y')\nearlier -1 INSERT INTO `a` VALUES(4,'bad')\n");
    CHECK_TEXT(rejected(), "1 0x2653 INSERT INTO `a` VALUES(1,'bad')\n1 0x2653 INSERT INTO `a` VALUES(4,'bad')\n");
    finish();
}

/* Rows that are all bad do not become a request each, also over several batches. */
static void all_bad(void)
{
    char text[4000];

    begin_parts();
    for (int batch = 0; batch < 2; batch++) {
        size_t len = (size_t)snprintf(text, sizeof text, "INSERT INTO t VALUES");

        for (int i = 0; i < 100; i++)
            len += (size_t)snprintf(text + len, sizeof text - len, "(%d,'bad')", i);
        add_batch(0, 100, text);
    }
    (void)work_until(NULL);
    CHECK(count_lines(server.counts->arrived) <= 30, "%d requests", count_lines(server.counts->arrived));
    CHECK_INT(tdrt_disk_count(disk, "spool/rejected"), 2);
    finish();
}

/* Memory of the spool alone, of which one allocation fails. */
static int64_t allocations, failing, blocks;

static void *take_block(void *context, size_t size)
{
    void *block = ++allocations == failing ? NULL : malloc(size);

    (void)context;
    blocks += block != NULL;
    return block;
}

static void *resize_block(void *context, void *block, size_t size)
{
    void *more = ++allocations == failing ? NULL : realloc(block, size);

    (void)context;
    blocks += block == NULL && more != NULL;
    return more;
}

static void release_block(void *context, void *block)
{
    (void)context;
    blocks -= block != NULL;
    free(block);
}

/* Wherever memory ends once, the batch is kept, and ends as it would have. */
static void out_of_memory_in_parts(void)
{
    static const tdrest_allocator memory = {sizeof memory, NULL, take_block, resize_block, release_block};
    int64_t fails = 0;

    do {
        begin_with(refuses_bad);
        failing = 0;
        open_with(TDRI_SPOOL_SYNC_BATCH, note_fate, &memory);
        add_batch(0, 3, "INSERT INTO `a` VALUES(1,'x')(2,'bad')`b` VALUES(3,'y')");
        allocations = 0;
        failing = ++fails;
        (void)work_until(NULL);
        CHECK_TEXT(rejected(), "1 0x2653 INSERT INTO `a` VALUES(2,'bad')\n");
        finish();
    } while (allocations >= failing);
    CHECK(fails > 10, "%d allocations", (int)fails);
    CHECK_INT(blocks, 0);
}

CU_TestInfo tdrt_spool_forward[] = {
    {"bad rows alone", bad_rows_alone},
    {"held between parts", held_between_parts},
    {"ended between parts", ended_between_parts},
    {"all rows are bad", all_bad},
    {"out of memory in parts", out_of_memory_in_parts},

    {"in order, by every policy", in_order},
    {"a changed password keeps the spool", a_changed_password_keeps_it},
    {"rows that are refused", bad_rows_are_rejected},
    {"what cannot be delivered is there for the next run", kept_for_the_next_run},
    {"no link", no_link},
    {"lines", lines},
    CU_TEST_INFO_NULL,
};
