/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a server refuses although the rows are good: a writer's spool keeps them, tells it once, waits, and delivers them in order. */
#include "dial.h"

#include "folder.h"

#include <unistd.h>

enum { PATIENCE_MS = 60000, BACKOFF_MS = 1000 };

/* The first request of each is refused so; then what was wrong is mended. */
static const struct cell {
    int code;          /* the server's */
    const char *desc;
    int lines;
    int expected;      /* of ours */
} cells[] = {
    {0x0357, "Authentication failure", 0, TDREST_EAUTH},
    {0x0303, "Insufficient privilege for operation", 0, TDREST_ESERVER},
    {0x2644, "Permission denied or target object not exist", 0, TDREST_ESERVER},
    {0x0388, "Database not exist", 0, TDREST_ESERVER},
    {0x2603, "Table does not exist", 0, TDREST_ESERVER},
    {0x0129, "No available disk", 0, TDREST_ESERVER},
    {0x012b, "Out of disk space", 0, TDREST_ESERVER},
    {0x012e, "No enough disk space", 0, TDREST_ESERVER},
    {0x0613, "TSDB no available disk", 0, TDREST_ESERVER},
    {0x0800, "License expired", 0, TDREST_ESERVER},
    {0x0809, "Storage capacity has reached the licensed upper limit", 0, TDREST_ESERVER},
    {0x0357, "Authentication failure", 1, TDREST_EAUTH},
    {0x0388, "Database not exist", 1, TDREST_ESERVER},
    {0x012b, "Out of disk space", 1, TDREST_ESERVER},
};

enum { CELLS = COUNT_OF(cells) };

/* What became of one. */
static struct seen {
    tdrest_writer *writer;
    char dir[96];
    int stored, written, others, held; /* reports of rows; and of failures that keep the spool */
    int held_code, held_server_code;
    int64_t held_ms, written_ms;       /* when the first one of each came */
} seen[CELLS];

static tdrt_server server;
static char scratch[64];

static void note(void *context, const tdrest_delivery *d)
{
    struct seen *s = (struct seen *)context;

    if (d->state == TDREST_ROWS_STORED && d->error != NULL) {
        s->held_ms = s->held++ == 0 ? tdrt_now_ms() : s->held_ms;
        s->held_code = d->error->code;
        s->held_server_code = d->error->server_code;
    } else if (d->state == TDREST_ROWS_STORED) {
        s->stored += (int)d->count;
    } else if (d->state == TDREST_ROWS_WRITTEN) {
        s->written_ms = s->written == 0 ? tdrt_now_ms() : s->written_ms;
        s->written += (int)d->count;
    } else {
        s->others++;
    }
}

/* Rows of cell 7 are of table t07. Which one it is; *count: requests of it so far. */
static int find_cell(const tdrt_visit *visit, int *count)
{
    const char *name = strstr(visit->sql, "t0") != NULL ? strstr(visit->sql, "t0") : strstr(visit->sql, "t1");
    char table[4] = "";

    *count = 0;
    if (name == NULL)
        return 0;
    memcpy(table, name, 3);
    for (const char *at = visit->counts->arrived; (at = strstr(at, table)) != NULL; at++)
        ++*count;
    return atoi(table + 1);
}

static int refuses_once(const tdrt_visit *visit)
{
    int count;
    const struct cell *cell = &cells[find_cell(visit, &count)];
    char body[256];

    if (count > 1 && cell->lines)
        return tdrt_send_answer(visit, &(tdrt_answer){.status = 204, .body = ""});
    if (count > 1)
        return tdrt_send_answer(visit, &(tdrt_answer){.body = TDRT_INSERTED});
    if (cell->lines)
        snprintf(body, sizeof body, "{\"code\":500,\"message\":\"[0x%x] %s\"}", (unsigned)cell->code, cell->desc);
    else
        snprintf(body, sizeof body, "{\"code\":%d,\"desc\":\"%s\"}", cell->code, cell->desc);
    return tdrt_send_answer(visit, &(tdrt_answer){.status = cell->lines ? 500 : 200, .body = body});
}

static void open_writer(int i)
{
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_options *options = NULL;
    char dsn[256];
    int rc;

    settings.delivered = note;
    settings.context = &seen[i];
    settings.flush_rows = 1;
    settings.protocol = cells[i].lines ? TDREST_PROTOCOL_LINE : 0;
    settings.precision = cells[i].lines ? TDREST_MS : 0;
    tdrt_dial_dsn(server.port, "?conn_retries=0", dsn, sizeof dsn);
    CU_ASSERT_FATAL(tdrest_options_new(NULL, &options) == TDREST_OK);
    CHECK_INT(tdrest_options_parse(options, dsn), TDREST_OK);
    CHECK_INT(tdrest_options_set(options, "spool_dir", seen[i].dir), TDREST_OK);
    rc = tdrest_writer_new(options, &settings, cells[i].lines ? NULL : "INSERT INTO ? VALUES (?, ?)", TDREST_CSTR, &seen[i].writer);
    CHECK(rc == TDREST_OK, "%s", tdrest_options_error(options)->message);
    tdrest_options_free(options);
    CU_ASSERT_FATAL(seen[i].writer != NULL);
}

static void add(int i, int value)
{
    tdrest_writer *w = seen[i].writer;
    tdrest_stmt *stmt = tdrest_writer_stmt(w);
    char text[64];

    if (cells[i].lines) {
        snprintf(text, sizeof text, "t%02d v=%d %d", i, value, value);
        CHECK_INT(tdrest_writer_add_lines(w, text, TDREST_CSTR, NULL), TDREST_OK);
        return;
    }
    snprintf(text, sizeof text, "t%02d", i);
    CHECK_INT(tdrest_stmt_set_table(stmt, text, TDREST_CSTR), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_time(stmt, 0, value, TDREST_MS), TDREST_OK);
    CHECK_INT(tdrest_stmt_bind_int64(stmt, 1, value), TDREST_OK);
    CHECK_INT(tdrest_writer_add(w), TDREST_OK);
}

static void begin(void)
{
    memset(seen, 0, sizeof seen);
    tdrt_dial_serve(&server, refuses_once);
    snprintf(scratch, sizeof scratch, "/tmp/tdrest-held.XXXXXX");
    CU_ASSERT_FATAL(mkdtemp(scratch) != NULL);
    for (int i = 0; i < CELLS; i++) {
        snprintf(seen[i].dir, sizeof seen[i].dir, "%s/%d", scratch, i);
        open_writer(i);
        add(i, 1);
        add(i, 2);
    }
}

static void finish(void)
{
    char path[160];

    for (int i = 0; i < CELLS; i++) {
        tdrest_writer_free(seen[i].writer);
        snprintf(path, sizeof path, "%s/lock", seen[i].dir);
        (void)remove(path);
        CHECK(rmdir(seen[i].dir) == 0, "0x%x leaves a file", (unsigned)cells[i].code);
    }
    (void)rmdir(scratch);
    tdrt_server_stop(&server);
}

static int is_held(const struct seen *s)
{
    return s->held > 0 && s->stored == 2;
}

static int is_delivered(const struct seen *s)
{
    return s->written == 2;
}

/* All writers work, in turns. */
static void work_until(int (*holds)(const struct seen *s))
{
    const int64_t until = tdrt_now_ms() + PATIENCE_MS;
    int left = CELLS;

    while (left > 0 && tdrt_now_ms() < until) {
        left = 0;
        for (int i = 0; i < CELLS; i++)
            if (!holds(&seen[i])) {
                CHECK(tdrest_writer_run(seen[i].writer, 1) >= 0, "%s", tdrest_writer_error(seen[i].writer)->message);
                left += !holds(&seen[i]);
            }
    }
    CHECK(left == 0, "%d of %d are not done in time", left, CELLS);
}

/* Told once with its cause, and nothing of it is rejected or lost; what was delivered just before an end may be delivered once more. */
static void check_cell(int i)
{
    const struct seen *s = &seen[i];

    CHECK(s->held == 1 && s->held_server_code == cells[i].code && s->held_code == cells[i].expected, "0x%x: told %d times, 0x%x, %s", (unsigned)cells[i].code, s->held,
          (unsigned)s->held_server_code, tdrest_code_name(s->held_code));
    CHECK(s->stored == 2 && s->written >= 2 && s->others == 0, "0x%x: %d stored, %d written, %d refused", (unsigned)cells[i].code, s->stored, s->written, s->others);
    CHECK_INT(tdrt_folder_count(s->dir, "rejected"), 0);
}

/* The two rows arrived in their order, the first one twice. */
static void check_order(int i)
{
    char rows[2][64];
    const char *first, *again, *second;

    for (int row = 1; row <= 2; row++)
        snprintf(rows[row - 1], sizeof rows[0], cells[i].lines ? "t%02d v=%d " : "`t%02d` VALUES ('1970-01-01T00:00:00.00%dZ', ", i, row);
    first = strstr(server.counts->arrived, rows[0]);
    again = first == NULL ? NULL : strstr(first + 1, rows[0]);
    second = strstr(server.counts->arrived, rows[1]);
    CHECK(again != NULL && second > again && strstr(again + 1, rows[0]) == NULL && strstr(second + 1, rows[1]) == NULL, "0x%x: %s", (unsigned)cells[i].code,
          server.counts->arrived);
}

static void waits_and_delivers(void)
{
    begin();
    work_until(is_held);
    for (int i = 0; i < CELLS; i++) {
        tdrest_writer_counts counts = TDREST_WRITER_COUNTS_INIT;

        if (seen[i].written > 0) /* this machine took longer for all of them than a writer waits */
            continue;
        CHECK_INT(tdrest_writer_stats(seen[i].writer, &counts), TDREST_OK);
        CHECK(counts.stored == 2 && counts.refused == 0 && counts.unknown == 0, "0x%x: %d stored", (unsigned)cells[i].code, (int)counts.stored);
        CHECK_INT(tdrt_folder_count(seen[i].dir, "segment"), 1);
    }
    work_until(is_delivered);
    for (int i = 0; i < CELLS; i++) { /* it is told some time after the wait has begun */
        CHECK(seen[i].written_ms - seen[i].held_ms >= BACKOFF_MS / 2, "0x%x: sent again after %d ms", (unsigned)cells[i].code, (int)(seen[i].written_ms - seen[i].held_ms));
        CHECK_INT(tdrest_writer_close(seen[i].writer, PATIENCE_MS), TDREST_OK);
        check_cell(i);
        check_order(i);
    }
    finish();
}

/* Closed in the middle, on slow machines with the next attempt in flight: that is no failure, and the next writer delivers what is left. */
static void the_next_writer(void)
{
    begin();
    work_until(is_held);
    for (int i = 0; i < CELLS; i++) {
        CHECK_INT(tdrest_writer_close(seen[i].writer, 0), TDREST_OK);
        tdrest_writer_free(seen[i].writer);
        CHECK(seen[i].written >= 2 || tdrt_folder_count(seen[i].dir, "segment") == 1, "0x%x: %d written, no file", (unsigned)cells[i].code, seen[i].written);
        open_writer(i);
        CHECK_INT(tdrest_writer_close(seen[i].writer, PATIENCE_MS), TDREST_OK);
        check_cell(i);
    }
    finish();
}

CU_TestInfo tdrt_writer_held[] = {
    {"the writer waits and delivers", waits_and_delivers},
    {"the next writer delivers", the_next_writer},
    CU_TEST_INFO_NULL,
};
