/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* From a spool to a server: in order, through failures; what is rejected and what is kept. */
#include "forwarded.h"

#include "base/mem.h"

static struct tdrt_forwarded *const f = &tdrt_forwarded;
static const enum tdri_spool_sync policies[] = {TDRI_SPOOL_SYNC_BATCH, TDRI_SPOOL_SYNC_INTERVAL, TDRI_SPOOL_SYNC_NEVER};

static void note_ended(void *context, const tdri_spool_record *record, int of_this_run, const tdrest_error *err)
{
    const size_t len = strlen(f->told);

    (void)context;
    snprintf(f->told + len, sizeof f->told - len, "%.*s%s%s ", (int)record->timezone.len, record->timezone.text, of_this_run ? "" : "(earlier)", err == NULL ? "" : "(rejected)");
}

static void begin(tdrt_handler *handler, enum tdri_spool_sync sync)
{
    tdrt_forward_begin(handler);
    tdrt_forward_open(sync, note_ended, &tdri_mem_default);
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
    CHECK_INT(tdri_forward_add(f->forward, &record, &number, &err), TDREST_OK);
}

static int answer_all(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
}

static void in_order(void)
{
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        begin(answer_all, policies[i]);
        add(1);
        add(2);
        add(3);
        tdrt_forward_work_until(NULL);
        CHECK_TEXT(f->told, "Asia/Tokyo Asia/Dubai Asia/Seoul ");
        CHECK(f->helds == 0 && (f->stored != 0) == (policies[i] != TDRI_SPOOL_SYNC_NEVER), "%s", f->held);
        CHECK_TEXT(f->server.counts->arrived, "insert into t values(1, 1)\ninsert into t values(1, 2)\ninsert into t values(1, 3)\n");
        tdrt_forward_finish();
    }
}

/* The password is wrong for the first three requests, then it is mended: nothing is rejected, and it is told once. */
static int wrong_login(const tdrt_visit *visit)
{
    const int lines = tdrt_count_lines(visit->counts->arrived);

    return tdrt_send_answer(visit, &(tdrt_answer){.body = lines <= 3 ? "{\"code\":855,\"desc\":\"Authentication failure\"}" : TDRT_INSERTED});
}

static void a_changed_password_keeps_it(void)
{
    begin(wrong_login, TDRI_SPOOL_SYNC_BATCH);
    add(1);
    add(2);
    tdrt_forward_work_until(NULL);
    CHECK_TEXT(f->told, "Asia/Tokyo Asia/Dubai ");
    CHECK_INT(f->helds, 1);
    CHECK_TEXT(f->held, "TDREST_EAUTH");
    CHECK_INT(tdrt_disk_count(f->disk, "spool/rejected"), 0);
    CHECK_INT(tdrt_server_arrivals(&f->server, "insert into t values(1, 1)"), 4);
    CHECK_INT(tdrt_server_arrivals(&f->server, "insert into t values(1, 2)"), 1);
    tdrt_forward_finish();
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
    tdrt_forward_work_until(NULL);
    CHECK_TEXT(f->told, "Asia/Tokyo Asia/Dubai(rejected) Asia/Seoul ");
    CHECK_INT(f->helds, 0);
    CHECK_INT(tdrt_server_arrivals(&f->server, "insert into t values(1, 2)"), 1);
    bytes = tdrt_disk_bytes(f->disk, "spool/rejected.*", &len);
    CHECK(bytes != NULL && memchr(bytes, 'V', len) != NULL && strstr((const char *)memchr(bytes, 'V', len), "Value too long") != NULL, "no reason is kept");
    tdrt_forward_finish();
}

static int no_database(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.body = "{\"code\":904,\"desc\":\"Database not exist\"}"});
}

static int is_held(void)
{
    return f->helds > 0;
}

/* What cannot be delivered stays, and the next run brings it, before its own. */
static void kept_for_the_next_run(void)
{
    begin(no_database, TDRI_SPOOL_SYNC_BATCH);
    add(1);
    add(2);
    tdrt_forward_work_until(is_held);
    CHECK_TEXT(f->told, "");
    CHECK_TEXT(f->held, "TDREST_ESERVER");
    tdrt_forward_close();
    tdrt_server_stop(&f->server);
    f->server = (tdrt_server)TDRT_SERVER_INIT;
    CU_ASSERT_FATAL(tdrt_server_start(&f->server, answer_all, NULL));
    tdrt_forward_open(TDRI_SPOOL_SYNC_BATCH, note_ended, &tdri_mem_default);
    add(3);
    tdrt_forward_work_until(NULL);
    CHECK_TEXT(f->told, "Asia/Tokyo(earlier) Asia/Dubai(earlier) Asia/Seoul ");
    tdrt_forward_finish();
}

/* Nobody listens; then somebody does. */
static void no_link(void)
{
    begin(answer_all, TDRI_SPOOL_SYNC_BATCH);
    tdrt_server_down(&f->server);
    add(1);
    tdrt_forward_work_until(is_held);
    CHECK_TEXT(f->held, "TDREST_ECONNECT");
    add(2);
    CU_ASSERT_FATAL(tdrt_server_start(&f->server, answer_all, NULL));
    tdrt_forward_work_until(NULL);
    CHECK_TEXT(f->told, "Asia/Tokyo Asia/Dubai ");
    CHECK_INT(f->helds, 1);
    tdrt_forward_finish();
}

/* ---- hours without rows ---- */

enum { SECOND_MS = 1000, HOUR_MS = 3600 * SECOND_MS, BACKOFF_MAX_MS = 30 * SECOND_MS };

static void begin_hours(enum tdri_spool_sync policy)
{
    tdrt_forward_begin(answer_all);
    tdrt_forward_open_slow(policy, note_ended, SECOND_MS, SECOND_MS, BACKOFF_MAX_MS);
}

/* Everything is delivered, and nothing is added: nothing is written, synced or even looked at for eight hours, and nothing wants to be woken. */
static void idle_hours(void)
{
    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        int64_t calls, changes;

        begin_hours(policies[i]);
        add(1);
        add(2);
        f->skipped += SECOND_MS;
        tdrt_forward_work_until(NULL);
        calls = tdrt_disk_calls(f->disk);
        changes = tdrt_disk_changes(f->disk);
        CHECK(calls > 3 && changes >= 2, "%d calls, %d changes before", (int)calls, (int)changes);
        for (int64_t until = f->skipped + 8 * HOUR_MS; f->skipped < until; f->skipped += SECOND_MS) {
            tdri_forward_work(f->forward);
            if (tdri_forward_wait_ms(f->forward) != -1 || tdrt_disk_calls(f->disk) != calls)
                break;
        }
        CHECK_INT(tdri_forward_wait_ms(f->forward), -1);
        CHECK_INT(tdrt_disk_changes(f->disk), changes);
        CHECK_INT(tdrt_disk_calls(f->disk), calls);
        tdrt_forward_finish();
    }
}

/* Rows wait and the link is down: for an hour each attempt costs the network, and nothing on the disk. */
static void hour_without_a_link(void)
{
    int64_t calls, attempts = 0;

    begin_hours(TDRI_SPOOL_SYNC_INTERVAL);
    tdrt_server_down(&f->server);
    add(1);
    f->skipped += SECOND_MS;
    tdrt_forward_work_until(is_held);
    calls = tdrt_disk_calls(f->disk);
    for (int64_t until = f->skipped + HOUR_MS; f->skipped < until; attempts++) {
        const int64_t wait = tdri_forward_wait_ms(f->forward);

        CHECK(wait >= 0 && wait <= BACKOFF_MAX_MS, "a wait of %d ms", (int)wait);
        f->skipped += wait > 0 ? wait : 1;
        tdri_forward_work(f->forward);
        tdrt_forward_run();
    }
    CHECK(attempts >= HOUR_MS / BACKOFF_MAX_MS, "%d attempts in an hour", (int)attempts);
    CHECK_INT(tdrt_disk_calls(f->disk), calls);
    CHECK_INT(f->helds, 1);
    CU_ASSERT_FATAL(tdrt_server_start(&f->server, answer_all, NULL));
    f->skipped += BACKOFF_MAX_MS;
    tdrt_forward_work_until(NULL);
    CHECK_TEXT(f->told, "Asia/Tokyo ");
    tdrt_forward_finish();
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
    return f->told[0] != '\0' || f->helds > 0;
}

static void lines(void)
{
    const tdri_spool_record record = {.protocol = TDREST_PROTOCOL_LINE, .precision = TDREST_MS, .ttl_days = 30, .rows = 1, .database = {"power", 5},
                                      .timezone = {"UTC", 3}, .table_name_key = {"loc", 3}, .body = {"m,loc=a f=1 1", 13}};
    tdrest_error err;
    uint64_t number;

    begin(look_at_lines, TDRI_SPOOL_SYNC_BATCH);
    tdri_err_reset(&err);
    CHECK_INT(tdri_forward_add(f->forward, &record, &number, &err), TDREST_OK);
    tdrt_forward_work_until(has_ended);
    CHECK_TEXT(f->told, "UTC ");
    tdrt_forward_finish();
}

CU_TestInfo tdrt_spool_forward[] = {
    {"in order, by every policy", in_order},
    {"a changed password keeps the spool", a_changed_password_keeps_it},
    {"rows that are refused", bad_rows_are_rejected},
    {"what cannot be delivered is there for the next run", kept_for_the_next_run},
    {"no link", no_link},
    {"eight hours without rows", idle_hours},
    {"an hour without a link", hour_without_a_link},
    {"lines", lines},
    CU_TEST_INFO_NULL,
};
