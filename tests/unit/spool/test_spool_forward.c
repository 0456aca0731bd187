/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* From a spool to a server: in order, through failures; what is rejected and what is kept. */
#include "async_dial.h"

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
static char ended[1024], held[256];
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

static void open_forward(enum tdri_spool_sync sync)
{
    static const tdri_forward_told told = {NULL, note_stored, note_ended, note_held};
    const tdri_spool_config config = {.dir = "spool", .sync = sync, .interval_ms = 20, .files = &files};
    tdrest_error err;

    ended[0] = held[0] = '\0';
    stored = 0;
    helds = 0;
    tdri_err_reset(&err);
    files = tdrt_disk_files(disk);
    async = tdrt_async_dial(server.port, "?conn_retries=0");
    CHECK_INT(tdri_forward_new(&forward, &config, async, &told, 1, 8, &tdri_mem_default, &err), TDREST_OK);
    CU_ASSERT_FATAL(forward != NULL);
}

static void begin(tdrt_handler *handler, enum tdri_spool_sync sync)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&server, handler, NULL));
    disk = tdrt_disk_new();
    open_forward(sync);
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

/* The password is wrong for the first three requests, then it is mended: nothing is rejected, and it is told once. */
static int wrong_login(const tdrt_visit *visit)
{
    int lines = 0;

    for (const char *p = visit->counts->arrived; *p != '\0'; p++)
        lines += *p == '\n';
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
    open_forward(TDRI_SPOOL_SYNC_BATCH);
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

CU_TestInfo tdrt_spool_forward[] = {
    {"in order, by every policy", in_order},
    {"a changed password keeps the spool", a_changed_password_keeps_it},
    {"rows that are refused", bad_rows_are_rejected},
    {"what cannot be delivered is there for the next run", kept_for_the_next_run},
    {"no link", no_link},
    {"lines", lines},
    CU_TEST_INFO_NULL,
};
