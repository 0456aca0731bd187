/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writers with a spool: what is reported when, what the next writer brings, what is refused. */
#include "async_dial.h"

#include "folder.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 60000 };

static tdrt_server server;
static char scratch[64], dir[128], said[4096];
static int protocol = TDREST_PROTOCOL_LINE; /* of writers of lines */
static int full_told; /* that the spool takes no more */
static tdrest_async *shared; /* of writers with an object of the program's; NULL: of their own */
static tdrest_writer *freed_when_refused;

static void note(void *context, const tdrest_delivery *d)
{
    static const char *const states[] = {"?", "written", "unknown", "refused", "stored"};
    const size_t len = strlen(said);
    const char *what = d->state == TDREST_ROWS_WRITTEN ? "written" : states[d->state];

    (void)context;
    full_told += d->count == 0 && d->error != NULL && d->error->code == TDREST_ESPOOL;
    if (d->state == TDREST_ROWS_REFUSED && freed_when_refused != NULL) {
        tdrest_writer_free(freed_when_refused);
        freed_when_refused = NULL;
    }
    snprintf(said + len, sizeof said - len, "%s %d+%d%s%s; ", what, (int)d->first, (int)d->count, d->error == NULL ? "" : " ", d->error == NULL ? "" : tdrest_code_name(d->error->code));
}

static void begin_serving(tdrt_handler *handler, int serial)
{
    server = (tdrt_server)TDRT_SERVER_INIT;
    server.serial = serial;
    CU_ASSERT_FATAL(tdrt_server_start(&server, handler, NULL));
    snprintf(scratch, sizeof scratch, "/tmp/tdrest-writer.XXXXXX");
    CU_ASSERT_FATAL(mkdtemp(scratch) != NULL);
    snprintf(dir, sizeof dir, "%s/spool", scratch);
    said[0] = '\0';
    full_told = 0;
}

static void begin(tdrt_handler *handler)
{
    begin_serving(handler, 0);
}

static void finish(void)
{
    (void)tdrt_folder_remove(dir);
    CHECK(rmdir(scratch) == 0, "%s is not empty", scratch);
    tdrt_server_stop(&server);
}

static int make_writer(const char *sql, const char *key, const char *value, tdrest_writer **out, char *why, size_t cap)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_options *options = NULL;
    char dsn[512];
    int rc;

    *out = NULL;
    tdrt_dial_dsn(server.port, "?conn_retries=0", dsn, sizeof dsn);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    CHECK_INT(tdrest_options_parse(options, dsn), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "spool_dir", dir), TDREST_OK);
    if (key != NULL)
        CHECK_INT(tdrest_options_set(options, key, value), TDREST_OK);
    settings.async = shared;
    settings.delivered = note;
    settings.flush_rows = 1;
    settings.writer_bytes = 65536; /* the least: few rows fill it */
    if (sql == NULL) {
        settings.protocol = protocol;
        settings.precision = protocol == TDREST_PROTOCOL_LINE ? TDREST_MS : 0;
    }
    rc = tdrest_writer_new(options, &settings, sql, TDREST_CSTR, out);
    snprintf(why, cap, "%s", tdrest_options_error(options)->message);
    tdrest_options_free(options);
    return rc;
}

static tdrest_writer *new_writer(const char *key, const char *value)
{
    tdrest_writer *writer;
    char why[1024];

    CHECK(make_writer("INSERT INTO t VALUES (?, ?)", key, value, &writer, why, sizeof why) == TDREST_OK, "%s", why);
    CU_ASSERT_FATAL(writer != NULL);
    return writer;
}

static int add(tdrest_writer *writer, int value)
{
    tdrest_stmt *stmt = tdrest_writer_stmt(writer);

    CHECK_INT(tdrest_stmt_bind_time(stmt, 0, INT64_C(1700000000000) + value, TDREST_MS), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 1, value), TDREST_OK);
    return tdrest_writer_add(writer);
}

static int64_t count_stored(const tdrest_writer *writer)
{
    tdrest_writer_counts counts = TDREST_WRITER_COUNTS_INIT;

    CHECK_INT(tdrest_writer_stats(writer, &counts), TDREST_OK);
    CHECK_INT(counts.added, counts.written + counts.refused + counts.unknown + counts.pending + counts.stored);
    return counts.stored;
}

/* The values that arrived, in order: what stands behind the last comma of each statement. */
static const char *arrived(void)
{
    static char all[1024];
    const char *line = server.counts->arrived;
    size_t len = 0;

    all[0] = '\0';
    for (const char *end; (end = strchr(line, '\n')) != NULL && len < sizeof all - 16; line = end + 1) {
        const char *comma = end;

        while (comma > line && *comma != ',')
            comma--;
        len += (size_t)snprintf(all + len, sizeof all - len, "%d ", atoi(comma + 1));
    }
    return all;
}

static int answer_all(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
}

static void stored_then_written(void)
{
    tdrest_writer *writer;

    begin(answer_all);
    writer = new_writer(NULL, NULL);
    CHECK_INT(add(writer, 1), TDREST_OK);
    CHECK_INT(add(writer, 2), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(writer, PATIENCE_MS), TDREST_OK);
    CHECK(strstr(said, "stored 0+1; ") == said && strstr(said, "stored 1+1; ") != NULL && strstr(said, "written -1+1; ") != NULL, "%s", said);
    CHECK_INT(count_stored(writer), 0);
    CHECK_TEXT(arrived(), "1 2 ");
    CHECK_INT(tdrest_writer_close(writer, PATIENCE_MS), TDREST_OK);
    tdrest_writer_free(writer);
    CHECK_INT(tdrt_folder_count(dir, "segment"), 0);
    finish();
}

/* No link: rows are stored, closing is no failure, and the next writer brings them, before its own. */
static void the_next_writer(void)
{
    tdrest_writer *writer;

    begin(answer_all);
    tdrt_server_down(&server);
    writer = new_writer(NULL, NULL);
    CHECK_INT(add(writer, 1), TDREST_OK);
    CHECK_INT(add(writer, 2), TDREST_OK);
    for (int64_t until = tdrt_now_ms() + PATIENCE_MS; tdrt_now_ms() < until && (count_stored(writer) < 2 || strstr(said, "TDREST_ECONNECT") == NULL);)
        CHECK_INT(tdrest_writer_flush(writer, 10), TDREST_ETIMEOUT);
    CHECK_INT(count_stored(writer), 2);
    CHECK(strstr(said, "stored 0+1; ") != NULL && strstr(said, "stored 1+1; ") != NULL && strstr(said, "TDREST_ECONNECT") != NULL, "%s", said);
    CHECK_INT(tdrest_writer_close(writer, 0), TDREST_OK);
    tdrest_writer_free(writer);
    CHECK_INT(tdrt_folder_count(dir, "segment"), 1);
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_all, NULL));
    writer = new_writer(NULL, NULL);
    CHECK_INT(add(writer, 3), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(writer, PATIENCE_MS), TDREST_OK);
    CHECK_TEXT(arrived(), "1 2 3 ");
    CHECK_INT(tdrest_writer_close(writer, PATIENCE_MS), TDREST_OK);
    tdrest_writer_free(writer);
    CHECK_INT(tdrt_folder_count(dir, "segment"), 0);
    finish();
}

/* Freed without a close: what was stored is there. */
static void freed(void)
{
    tdrest_writer *writer;

    begin(answer_all);
    tdrt_server_down(&server);
    writer = new_writer("spool_sync", "interval");
    CHECK_INT(add(writer, 1), TDREST_OK);
    CHECK_INT(tdrest_writer_run(writer, 0), TDREST_OK);
    CHECK_INT(count_stored(writer), 1);
    tdrest_writer_free(writer);
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_all, NULL));
    writer = new_writer(NULL, NULL);
    CHECK_INT(tdrest_writer_flush(writer, PATIENCE_MS), TDREST_OK);
    CHECK_TEXT(arrived(), "1 ");
    tdrest_writer_free(writer);
    finish();
}

static void two_writers(void)
{
    tdrest_writer *writer, *other;
    char why[1024];

    begin(answer_all);
    writer = new_writer(NULL, NULL);
    CHECK_INT(make_writer("INSERT INTO t VALUES (?, ?)", NULL, NULL, &other, why, sizeof why), TDREST_EOPTION);
    CHECK(other == NULL && strstr(why, "in use by another writer") != NULL, "%s", why);
    tdrest_writer_free(writer);
    finish();
}

static void rows_without_a_time(void)
{
    tdrest_writer *writer;
    char why[1024];
    size_t taken = 7;

    begin(answer_all);
    CHECK_INT(make_writer("INSERT INTO t VALUES (NOW, ?)", NULL, NULL, &writer, why, sizeof why), TDREST_EUSAGE);
    CHECK(writer == NULL && strstr(why, "NOW") != NULL, "%s", why);
    /* b may be a column of times, too, and then the text means the server's clock */
    CHECK(make_writer("INSERT INTO t (a, b) VALUES (?, ?)", NULL, NULL, &writer, why, sizeof why) == TDREST_OK, "%s", why);
    CHECK_INT(tdrest_stmt_bind_time(tdrest_writer_stmt(writer), 0, 1, TDREST_MS), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_text(tdrest_writer_stmt(writer), 1, "now", TDREST_CSTR), TDREST_OK);
    CHECK_INT(tdrest_writer_add(writer), TDREST_EUSAGE);
    CHECK(strstr(tdrest_writer_error(writer)->message, "NOW") != NULL, "%s", tdrest_writer_error(writer)->message);
    CHECK_INT(tdrest_stmt_bind_text(tdrest_writer_stmt(writer), 1, "then", TDREST_CSTR), TDREST_OK);
    CHECK(tdrest_writer_add(writer) == TDREST_OK, "%s", tdrest_writer_error(writer)->message);
    tdrest_writer_free(writer);
    CHECK(make_writer(NULL, NULL, NULL, &writer, why, sizeof why) == TDREST_OK, "%s", why);
    CHECK_INT(tdrest_writer_add_lines(writer, "m,a=b f=1 1700000000000\nm,a=b f=1\n", TDREST_CSTR, &taken), TDREST_EUSAGE);
    CHECK(taken == 24 && strstr(tdrest_writer_error(writer)->message, "time") != NULL, "%zu: %s", taken, tdrest_writer_error(writer)->message);
    tdrest_writer_free(writer);
    finish();
}

static int bad_second(const tdrt_visit *visit)
{
    return tdrt_send_answer(visit, &(tdrt_answer){.body = strstr(visit->sql, ", 2)") != NULL ? "{\"code\":9811,\"desc\":\"Value too long for column/tag: c\"}" : TDRT_INSERTED});
}

static void refused_rows(void)
{
    tdrest_writer *writer;

    begin(bad_second);
    writer = new_writer(NULL, NULL);
    for (int i = 1; i <= 3; i++)
        CHECK_INT(add(writer, i), TDREST_OK);
    CHECK_INT(tdrest_writer_flush(writer, PATIENCE_MS), TDREST_ESERVER);
    CHECK(strstr(said, "refused -1+1 TDREST_ESERVER; ") != NULL && strstr(said, "stored 1+1; ") != NULL, "%s", said);
    CHECK_INT(tdrt_folder_count(dir, "rejected"), 1);
    CHECK_TEXT(arrived(), "1 2 3 ");
    CHECK_INT(count_stored(writer), 0);
    tdrest_writer_free(writer);
    finish();
}

static int refuses_bad_points(const tdrt_visit *visit)
{
    if (strstr(visit->sql, "bad") == NULL)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 204, .body = ""});
    return tdrt_send_answer(visit, &(tdrt_answer){.status = 500, .body = "{\"code\":500,\"message\":\"[0x222] Invalid JSON data type\"}"});
}

static tdrest_writer *new_writer_of_points(void)
{
    tdrest_writer *writer;
    char why[1024];

    protocol = TDREST_PROTOCOL_JSON;
    CHECK(make_writer(NULL, NULL, NULL, &writer, why, sizeof why) == TDREST_OK, "%s", why);
    CU_ASSERT_FATAL(writer != NULL);
    protocol = TDREST_PROTOCOL_LINE;
    return writer;
}

/* Points go through the spool, and a bad one costs itself; one without a time is not taken. */
static void points(void)
{
    tdrest_writer_counts counts = TDREST_WRITER_COUNTS_INIT;
    tdrest_writer *writer;
    size_t taken;

    begin(refuses_bad_points);
    writer = new_writer_of_points();
    CHECK_INT(tdrest_writer_add_lines(writer, "[{\"metric\":\"m\",\"timestamp\":1,\"value\":1},{\"metric\":\"m\",\"timestamp\":2,\"value\":\"bad\"},{\"metric\":\"m\",\"timestamp\":3,\"value\":1}]", TDREST_CSTR, NULL), TDREST_OK);
    CHECK_INT(tdrest_writer_add_lines(writer, "{\"metric\":\"m\",\"value\":1}", TDREST_CSTR, &taken), TDREST_EUSAGE);
    CHECK(taken == 0 && strstr(tdrest_writer_error(writer)->message, "points") != NULL, "%s", tdrest_writer_error(writer)->message);
    CHECK_INT(tdrest_writer_flush(writer, PATIENCE_MS), TDREST_ESERVER);
    CHECK_INT(tdrest_writer_stats(writer, &counts), TDREST_OK);
    CHECK(counts.added == 3 && counts.written == 2 && counts.refused == 1 && counts.stored == 0, "%d written, %d refused, %d stored", (int)counts.written, (int)counts.refused, (int)counts.stored);
    CHECK_INT(tdrt_folder_count(dir, "rejected"), 1);
    tdrest_writer_free(writer);
    finish();
}

/* In the callback about the last part of its batch, within a step of the program's own object. */
static void freed_by_a_refusal(void)
{
    static const char good_bad[] = "[{\"metric\":\"m\",\"timestamp\":1,\"value\":1},{\"metric\":\"m\",\"timestamp\":2,\"value\":\"bad\"}]";

    begin(refuses_bad_points);
    shared = tdrt_async_dial(server.port, "?conn_retries=0");
    freed_when_refused = new_writer_of_points();
    CHECK_INT(tdrest_writer_add_lines(freed_when_refused, good_bad, TDREST_CSTR, NULL), TDREST_OK);
    for (int64_t until = tdrt_now_ms() + PATIENCE_MS; freed_when_refused != NULL && tdrt_now_ms() < until;)
        if (tdrest_async_run(shared, 10) == TDREST_DONE && freed_when_refused != NULL)
            (void)!tdrest_writer_run(freed_when_refused, 0);
    CHECK(freed_when_refused == NULL && strstr(said, "refused -1+1") != NULL, "%s", said);
    tdrest_async_free(shared);
    shared = NULL;
    finish();
}

/* No link and no more room: rows are not taken any more, and none that was taken is lost. */
static void full(void)
{
    tdrest_writer *writer;
    int rc = TDREST_OK, count = 0;

    begin(answer_all);
    tdrt_server_down(&server);
    writer = new_writer("spool_bytes", "65536");
    for (int64_t until = tdrt_now_ms() + PATIENCE_MS; rc == TDREST_OK && tdrt_now_ms() < until; count += rc == TDREST_OK)
        rc = add(writer, count + 1);
    CHECK_INT(rc, TDREST_FULL);
    CHECK(count > 50 && count_stored(writer) > 20, "%d rows", count);
    CHECK_INT(full_told, 1);
    CU_ASSERT_FATAL(tdrt_server_start(&server, answer_all, NULL));
    CHECK(tdrest_writer_flush(writer, PATIENCE_MS) == TDREST_OK, "%s: %d stored; %s", tdrest_writer_error(writer)->message, (int)count_stored(writer), said + (strlen(said) > 300 ? strlen(said) - 300 : 0));
    CHECK_INT(count_stored(writer), 0);
    tdrest_writer_free(writer);
    finish();
}

/* ---- killed ---- */

enum { KEYS = 5, VALUES_MAX = 40000 };

static int pipe_end, first_value;

static void tell_stored(void *context, const tdrest_delivery *d)
{
    (void)context;
    for (int64_t i = 0; d->state == TDREST_ROWS_STORED && i < d->count; i++) {
        const int value = first_value + (int)(d->first + i);

        if (write(pipe_end, &value, sizeof value) != sizeof value)
            _exit(3);
    }
}

/* Writes rising values until it is killed. */
static void write_until_killed(void)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_options *options = NULL;
    tdrest_writer *writer = NULL;
    char dsn[512];

    tdrt_dial_dsn(server.port, "?conn_retries=0", dsn, sizeof dsn);
    settings.delivered = tell_stored;
    settings.flush_rows = 1;
    if (tdrest_options_new(NULL, &options) != TDREST_OK || tdrest_options_parse(options, dsn) != TDREST_OK ||
        tdrest_options_set(options, "spool_dir", dir) != TDREST_OK ||
        tdrest_writer_new(options, &settings, "INSERT INTO t VALUES (?, ?)", TDREST_CSTR, &writer) != TDREST_OK)
        _exit(1);
    for (int value = first_value;; value++) {
        tdrest_stmt *stmt = tdrest_writer_stmt(writer);

        if (tdrest_stmt_bind_time(stmt, 0, value % KEYS, TDREST_MS) != TDREST_OK || tdrest_stmt_bind_int64(stmt, 1, value) != TDREST_OK ||
            tdrest_writer_add(writer) != TDREST_OK || tdrest_writer_run(writer, value % 3) < 0)
            _exit(2);
    }
}

/* The child is killed when it has told `count` stored rows; the highest of them. */
static int run_and_kill(int first, int count)
{
    int pipes[2], value, last = first - 1, status = 0;
    pid_t child;

    CU_ASSERT_FATAL(pipe(pipes) == 0);
    child = fork();
    if (child == 0) {
        (void)close(pipes[0]);
        pipe_end = pipes[1];
        first_value = first;
        write_until_killed();
    }
    (void)close(pipes[1]);
    while (read(pipes[0], &value, sizeof value) == sizeof value) {
        last = value > last ? value : last;
        if (value - first + 1 == count)
            (void)kill(child, SIGKILL);
    }
    (void)close(pipes[0]);
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status), "status %d", status);
    return last;
}

static void check_arrivals(int stored)
{
    static char seen[VALUES_MAX];
    const char *line = server.counts->arrived;
    int last[KEYS] = {0};

    memset(seen, 0, sizeof seen);
    for (const char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        const char *comma = end;
        int value;

        while (comma > line && *comma != ',')
            comma--;
        value = atoi(comma + 1);
        CHECK(value > 0 && value < VALUES_MAX, "a value that nobody wrote: %d", value);
        seen[value > 0 && value < VALUES_MAX ? value : 0] = 1;
        last[value > 0 ? value % KEYS : 0] = value;
    }
    for (int value = 1; value <= stored; value++)
        CHECK(seen[value], "value %d was stored and did not arrive", value);
    for (int value = stored; value > 0 && value > stored - KEYS; value--)
        CHECK(last[value % KEYS] >= value, "key %d ends with %d, %d was stored", value % KEYS, last[value % KEYS], value);
}

/* TDREST_SPOOL_KILLS in the environment: how often. Values are compared, and the last one of each key counts. */
static void killed(void)
{
    const char *asked = getenv("TDREST_SPOOL_KILLS");
    const int rounds = asked == NULL ? 10 : atoi(asked);
    tdrest_writer *writer;
    int stored = 0;

    begin_serving(answer_all, 1); /* what a killed writer has sent arrives before what the next one sends */
    for (int round = 1; round <= rounds; round++)
        stored = run_and_kill(stored + 1, round * 7 % 11 + 1);
    CHECK(stored >= rounds && stored < VALUES_MAX, "%d values", stored);
    writer = new_writer(NULL, NULL);
    CHECK_INT(tdrest_writer_flush(writer, PATIENCE_MS), TDREST_OK);
    tdrest_writer_free(writer);
    check_arrivals(stored);
    if (asked != NULL)
        fprintf(stderr, "%d kills, %d values stored, each arrived\n", rounds, stored);
    finish();
}

CU_TestInfo tdrt_writer_spool[] = {
    {"stored, then written", stored_then_written},
    {"the next writer brings what is left", the_next_writer},
    {"freed without a close", freed},
    {"two writers", two_writers},
    {"rows without a time", rows_without_a_time},
    {"rows that the server refuses", refused_rows},
    {"points", points},
    {"freed by a refusal", freed_by_a_refusal},
    {"no more room", full},
    {"killed", killed},
    CU_TEST_INFO_NULL,
};
