/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Batches of a spool of which the server refuses some rows: which are rejected, which are delivered. */
#include "forwarded.h"

#include <stdlib.h>

#include "base/mem.h"

static struct tdrt_forwarded *const f = &tdrt_forwarded;

/* As recorded: SQL and points; `bad` in a row, `large` in a point of which others may be stored, `pass` while the password is wrong. */
static int refuses_bad(const tdrt_visit *visit)
{
    const int is_sql = strstr(visit->head, "/rest/sql") != NULL;
    const int lines = tdrt_count_lines(visit->counts->arrived);

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
    const size_t len = strlen(f->told);

    (void)context;
    snprintf(f->told + len, sizeof f->told - len, "%s%s%d %.*s\n", of_this_run ? "" : "earlier ", err == NULL ? "+" : "-", (int)record->rows, (int)record->body.len, record->body.text);
}

static void begin_parts(void)
{
    tdrt_forward_begin(refuses_bad);
    tdrt_forward_open(TDRI_SPOOL_SYNC_BATCH, note_fate, &tdri_mem_default);
}

static void add_batch(int protocol, int rows, const char *text)
{
    const tdri_spool_record record = {.protocol = protocol, .precision = protocol == TDREST_PROTOCOL_LINE ? TDREST_MS : 0, .rows = rows, .database = {"power", 5},
                                      .body = {text, strlen(text)}};
    tdrest_error err;
    uint64_t number;

    tdri_err_reset(&err);
    CHECK_INT(tdri_forward_add(f->forward, &record, &number, &err), TDREST_OK);
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
    CHECK_INT(tdri_spool_walk("spool", &f->files, &tdri_mem_default, list_rejected, out, &err), 0);
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
        tdrt_forward_work_until(NULL);
        CHECK_TEXT(f->told, cases[i].fates);
        CHECK_TEXT(rejected(), cases[i].rejected);
        CHECK_INT(tdrt_disk_count(f->disk, "spool/rejected"), 1);
        CHECK(f->helds == 0, "%s", f->held);
        tdrt_forward_finish();
    }
}

/* Another failure between two parts keeps the batch, and it goes on where it was; what follows waits for it. */
static void held_between_parts(void)
{
    begin_parts();
    add_batch(0, 4, "INSERT INTO `a` VALUES(1,'x')(2,'bad')(3,'pass')(4,'y')");
    add_batch(0, 1, "INSERT INTO `a` VALUES(5,'z')");
    tdrt_forward_work_until(NULL);
    CHECK_TEXT(f->told, "+1 INSERT INTO `a` VALUES(1,'x')\n-1 INSERT INTO `a` VALUES(2,'bad')\n+2 INSERT INTO `a` VALUES(3,'pass')(4,'y')\n+1 INSERT INTO `a` VALUES(5,'z')\n");
    CHECK_TEXT(rejected(), "1 0x2653 INSERT INTO `a` VALUES(2,'bad')\n");
    CHECK_INT(f->helds, 1);
    CHECK_TEXT(f->held, "TDREST_EAUTH");
    tdrt_forward_finish();
}

static int has_refused(void)
{
    return strchr(f->told, '-') != NULL;
}

/* Switched off in between: all of the batch comes again, and the bad row is refused again. */
static void ended_between_parts(void)
{
    begin_parts();
    add_batch(0, 4, "INSERT INTO `a` VALUES(1,'bad')(2,'x')(3,'y')(4,'bad')");
    tdrt_forward_work_until(has_refused);
    CHECK_INT(tdrt_disk_count(f->disk, "spool/rejected"), 0);
    tdrt_forward_close();
    tdrt_forward_open(TDRI_SPOOL_SYNC_BATCH, note_fate, &tdri_mem_default);
    tdrt_forward_work_until(NULL);
    CHECK_TEXT(f->told, "earlier -1 INSERT INTO `a` VALUES(1,'bad')\nearlier +1 INSERT INTO `a` VALUES(2,'x')\nearlier +1 INSERT INTO `a` VALUES(3,'y')\nearlier -1 INSERT INTO `a` VALUES(4,'bad')\n");
    CHECK_TEXT(rejected(), "1 0x2653 INSERT INTO `a` VALUES(1,'bad')\n1 0x2653 INSERT INTO `a` VALUES(4,'bad')\n");
    tdrt_forward_finish();
}

/* Adds `count` rows, of which those in [from, to) are bad, behind what is there. */
static size_t put_rows(char *text, size_t cap, size_t len, const char *head, const char *row, int count, int from, int to)
{
    len += (size_t)snprintf(text + len, cap - len, "%s", head);
    for (int i = 0; i < count; i++)
        len += (size_t)snprintf(text + len, cap - len, row, i >= from && i < to ? "bad" : "1", i);
    return len;
}

/* Rows that are all bad do not become a request each. */
static void all_bad(void)
{
    char text[20000];

    begin_parts();
    (void)put_rows(text, sizeof text, 0, "INSERT INTO t VALUES", "('%s',%d)", 1000, 0, 1000);
    add_batch(0, 1000, text);
    tdrt_forward_work_until(NULL);
    CHECK(tdrt_count_lines(f->server.counts->arrived) <= 64, "%d requests", tdrt_count_lines(f->server.counts->arrived));
    CHECK_INT(tdrt_disk_count(f->disk, "spool/rejected"), 1);
    tdrt_forward_finish();
}

/* Rows in files of refused ones. */
static int count_rejected(void *context, const tdri_spool_item *item)
{
    if (item->kind == TDRI_SPOOL_FILE_REJECTED && item->piece.kind == TDRI_SPOOL_RECORD)
        *(int64_t *)context += item->piece.record.rows;
    return 0;
}

/*
 * Only bad rows are rejected: neither what was refused of one table, nor of the batch in front, costs good rows of another, or of the next batch.
 */
static void good_rows_behind_bad_ones(void)
{
    static const struct { int protocol; const char *begin, *head[3], *row[3]; } cases[] = {
        {0, "INSERT INTO ", {"a VALUES", " b VALUES", " c VALUES"}, {"('%s',%d)", "('%s',%d)", "('%s',%d)"}},
        {TDREST_PROTOCOL_LINE, "", {"", "", ""}, {"m,t=a f=%s %d\n", "m,t=b f=%s %d\n", "m,t=c f=%s %d\n"}},
    };
    char text[20000];
    tdrest_error err;

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t rows = 0;

        begin_parts();
        for (int batch = 0; batch < 2; batch++) {
            size_t len = (size_t)snprintf(text, sizeof text, "%s", cases[i].begin);

            len = put_rows(text, sizeof text, len, cases[i].head[0], cases[i].row[0], 40, 0, batch == 0 ? 40 : 1);
            len = put_rows(text, sizeof text, len, cases[i].head[1], cases[i].row[1], 100, 50, 51);
            (void)put_rows(text, sizeof text, len, cases[i].head[2], cases[i].row[2], 60, batch == 0 ? 20 : 60, 60);
            add_batch(cases[i].protocol, 200, text);
        }
        tdrt_forward_work_until(NULL);
        tdri_err_reset(&err);
        CHECK_INT(tdri_spool_walk("spool", &f->files, &tdri_mem_default, count_rejected, &rows, &err), 0);
        CHECK_INT(rows, 40 + 1 + 40 + 1 + 1);
        tdrt_forward_finish();
    }
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
        tdrt_forward_begin(refuses_bad);
        failing = 0;
        tdrt_forward_open(TDRI_SPOOL_SYNC_BATCH, note_fate, &memory);
        add_batch(0, 3, "INSERT INTO `a` VALUES(1,'x')(2,'bad')`b` VALUES(3,'y')");
        allocations = 0;
        failing = ++fails;
        tdrt_forward_work_until(NULL);
        CHECK_TEXT(rejected(), "1 0x2653 INSERT INTO `a` VALUES(2,'bad')\n");
        tdrt_forward_finish();
    } while (allocations >= failing);
    CHECK(fails > 10, "%d allocations", (int)fails);
    CHECK_INT(blocks, 0);
}

CU_TestInfo tdrt_spool_parts[] = {
    {"bad rows alone", bad_rows_alone},
    {"held between parts", held_between_parts},
    {"ended between parts", ended_between_parts},
    {"all rows are bad", all_bad},
    {"good rows behind bad ones", good_rows_behind_bad_ones},
    {"out of memory in parts", out_of_memory_in_parts},
    CU_TEST_INFO_NULL,
};
