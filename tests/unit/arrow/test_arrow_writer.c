/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow batches and streams through a writer: which row a report tells of, room, what is refused. */
#include "written.h"

#include "arrow_batch.h"
#include "arrow_rows.h"
#include "own_memory.h"

#include <math.h>

#ifndef TDREST_NO_WRITER
enum { LONG_MS = 60000, ROWS = 10 };

static const char sql[] = "INSERT INTO t VALUES (?, ?)";
static const int64_t ten[ROWS] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
static const tdrt_sample times = {"tsm:UTC", NULL, ten, NULL, ROWS, 0, NULL, NULL, NULL, 0};

/* Batches of ten rows, one after the other; that number `odd` is another one, and empty ones are between. */
typedef struct batches {
    const tdrt_batch *usual, *other;
    int count, odd; /* of the batches in all; -1: none */
    int given, fails, released;
} batches;

static int next_schema(struct ArrowArrayStream *self, struct ArrowSchema *out)
{
    *out = ((const batches *)self->private_data)->usual->schema;
    return 0;
}

static int next_batch(struct ArrowArrayStream *self, struct ArrowArray *out)
{
    batches *b = (batches *)self->private_data;

    memset(out, 0, sizeof *out);
    if (b->given == 2 * b->count)
        return b->fails;
    *out = (b->given / 2 == b->odd ? b->other : b->usual)->array;
    if (b->given++ % 2 == 0)
        out->length = 0;
    return 0;
}

static const char *say_why(struct ArrowArrayStream *self)
{
    (void)self;
    return "no more";
}

static void release(struct ArrowArrayStream *self)
{
    ((batches *)self->private_data)->released++;
    self->release = NULL;
}

static void bind(batches *b)
{
    struct ArrowArrayStream stream = {next_schema, next_batch, say_why, release, b};

    CHECK(tdrest_stmt_bind_stream(tdrest_writer_stmt(tdrt_the_writer), &stream) == TDREST_OK, "%s", tdrest_stmt_error(tdrest_writer_stmt(tdrt_the_writer))->message);
    CU_ASSERT(stream.release == NULL);
}

static const char *message(void)
{
    return tdrest_writer_error(tdrt_the_writer)->message;
}

/* The server rejects one row: it has the number that it has in the stream. */
static void reports_name_rows(void)
{
    static const int32_t ends[ROWS + 1] = {0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, bad_ends[ROWS + 1] = {0, 2, 4, 6, 9, 11, 13, 15, 17, 19, 21};
    static const tdrt_sample good = {"u", NULL, ends, "okokokokokokokokokok", ROWS, 0, NULL, NULL, NULL, 0};
    static const tdrt_sample bad = {"u", NULL, bad_ends, "okokokbadokokokokokok", ROWS, 0, NULL, NULL, NULL, 0};
    const tdrt_sample *const columns[2] = {&times, &good}, *const others[2] = {&times, &bad};
    batches b = {NULL, NULL, 5, 3, 0, 0, 0};
    tdrt_batch usual, other;

    tdrt_make_batch(columns, 2, ROWS, &usual);
    tdrt_make_batch(others, 2, ROWS, &other);
    b.usual = &usual;
    b.other = &other;
    tdrt_writer_begin("", NULL, sql, NULL);
    CHECK_INT(tdrest_stmt_bind_arrow(tdrest_writer_stmt(tdrt_the_writer), &usual.schema, &usual.array), TDREST_OK);
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_OK);
    bind(&b);
    CHECK(tdrest_writer_add(tdrt_the_writer) == TDREST_OK, "%s", message());
    CHECK_INT(b.released, 1);
    CHECK_COUNT(added, 60);
    CHECK_INT(tdrest_writer_flush(tdrt_the_writer, LONG_MS), TDREST_ESERVER);
    CHECK_INT(tdrest_writer_error(tdrt_the_writer)->row, 43); /* ten before the stream */
    for (int i = 0; i < 60; i++)
        CHECK_INT(tdrt_fates[i], i == 43 ? TDREST_ROWS_REFUSED : TDREST_ROWS_WRITTEN);
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_EBIND); /* nothing is bound any more */
    tdrt_writer_finish();
}

static const double usual_values[ROWS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, other_values[ROWS] = {0, 1, 2, (double)INFINITY, 4, 5, 6, 7, 8, 9};
static const tdrt_sample usual_sample = {"g", NULL, usual_values, NULL, ROWS, 0, NULL, NULL, NULL, 0}, other_sample = {"g", NULL, other_values, NULL, ROWS, 0, NULL, NULL, NULL, 0};
static const tdrt_sample *const usual_columns[2] = {&times, &usual_sample}, *const other_columns[2] = {&times, &other_sample};

/* A value that cannot be bound: rows before it are added, it stays until the statement is reset, and messages count from the stream's beginning. */
static void bad_values(void)
{
    batches b = {NULL, NULL, 5, 3, 0, 0, 0};
    tdrt_batch usual, other;

    tdrt_make_batch(usual_columns, 2, ROWS, &usual);
    tdrt_make_batch(other_columns, 2, ROWS, &other);
    b.usual = &usual;
    b.other = &other;
    tdrt_writer_begin("", NULL, sql, NULL);
    bind(&b);
    for (int i = 0; i < 2; i++) {
        CHECK_INT(tdrest_stmt_bind_int64(tdrest_writer_stmt(tdrt_the_writer), 1, 5), TDREST_EUSAGE); /* beside a stream */
        CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_EBIND);
        CHECK_COUNT(added, 33);
        CHECK_INT(tdrest_writer_error(tdrt_the_writer)->row, 33);
        CHECK(strstr(message(), "row 33: ") != NULL, "%s", message());
        CHECK_INT(b.released, 0);
    }
    tdrest_stmt_reset(tdrest_writer_stmt(tdrt_the_writer));
    CHECK_INT(b.released, 1);
    b.given = 0;
    bind(&b);
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_EBIND);
    CHECK_INT(tdrest_writer_error(tdrt_the_writer)->row, 33); /* from the new stream's beginning */
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 66);
    tdrt_writer_finish();
    CHECK_INT(b.released, 2);
}

/* Failures of the stream, and a batch that is none: rows before are added, and the stream is let go. */
static void bad_streams(void)
{
    batches fails = {NULL, NULL, 3, -1, 0, 5, 0}, wrong = {NULL, NULL, 3, 2, 0, 0, 0};
    tdrt_batch usual, other;

    tdrt_make_batch(usual_columns, 2, ROWS, &usual);
    tdrt_make_batch(usual_columns, 1, ROWS, &other);
    fails.usual = wrong.usual = &usual;
    wrong.other = &other;
    tdrt_writer_begin("", NULL, sql, NULL);
    bind(&fails);
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_EUSAGE);
    CHECK(strstr(message(), "the Arrow stream failed: no more (errno 5)") != NULL, "%s", message());
    CHECK_COUNT(added, 30);
    CHECK_INT(fails.released, 1);
    bind(&wrong);
    CHECK_INT(tdrest_writer_add(tdrt_the_writer), TDREST_EUSAGE);
    CHECK_COUNT(added, 50);
    CHECK_INT(wrong.released, 1);
    CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
    CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), 50);
    tdrt_writer_finish();
}

/* ---- room ---- */

static int answers_late(const tdrt_visit *visit)
{
    if (tdrt_starts(visit, "rows") || tdrt_starts(visit, "cut"))
        return tdrt_arrow_rows(visit);
    tdrt_pause(10);
    return tdrt_writer_answer(visit);
}

/* The stream of a result that is read as there is room; the second one breaks off. */
static void results(void)
{
    static const char *const statements[] = {"rows 2000", "cut  2000"};

    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
        struct ArrowArrayStream stream;
        tdrest_conn *from;
        int rc, fulls = 0;

        settings.when_full = TDREST_WRITER_FULL;
        settings.writer_bytes = 65536;
        tdrt_writer_begin("", &settings, "INSERT INTO copy VALUES (?, ?, ?, ?, ?, ?, ?, ?)", answers_late);
        from = tdrt_dial(&tdrt_writer_server, "?block_bytes=4096");
        CHECK_INT(tdrest_result_export_arrow(tdrt_dial_query(from, statements[i], NULL), &stream), TDREST_OK);
        CHECK_INT(tdrest_stmt_bind_stream(tdrest_writer_stmt(tdrt_the_writer), &stream), TDREST_OK);
        CU_ASSERT(stream.release == NULL);
        while ((rc = tdrest_writer_add(tdrt_the_writer)) == TDREST_FULL && fulls++ < 100000) {
            CHECK(tdrt_writer_stats().bytes <= 65536, "%lld bytes", (long long)tdrt_writer_stats().bytes);
            CU_ASSERT(tdrest_writer_run(tdrt_the_writer, -1) >= 0);
        }
        CHECK(rc == (i == 0 ? TDREST_OK : TDREST_EUSAGE), "%d: %s", rc, message());
        CHECK(fulls > 0, "full %d times", fulls);
        CHECK(i == 0 ? tdrt_writer_stats().added == 2000 : tdrt_writer_stats().added > 0, "%lld rows", (long long)tdrt_writer_stats().added);
        CHECK_INT(tdrest_writer_close(tdrt_the_writer, LONG_MS), TDREST_OK);
        CHECK_INT(tdrt_writer_count(TDREST_ROWS_WRITTEN), tdrt_writer_stats().added);
        tdrest_conn_free(from);
        tdrt_writer_finish();
    }
}

/* ---- out of memory ---- */

static int add_some(tdrest_options *options, batches *b)
{
    struct ArrowArrayStream stream = {next_schema, next_batch, say_why, release, b};
    tdrest_writer *w = NULL;
    int rc = tdrest_writer_new(options, NULL, sql, TDREST_CSTR, &w);

    b->given = 0;
    if (rc == TDREST_OK)
        rc = tdrest_stmt_bind_stream(tdrest_writer_stmt(w), &stream);
    if (rc == TDREST_OK)
        rc = tdrest_writer_add(w);
    tdrest_writer_free(w);
    if (stream.release != NULL)
        stream.release(&stream);
    return rc;
}

static void out_of_memory(void)
{
    batches b = {NULL, NULL, 3, -1, 0, 0, 0};
    tdrest_options *options;
    int64_t before, count;
    tdrt_batch usual;
    int runs = 1;

    tdrt_make_batch(usual_columns, 2, ROWS, &usual);
    tdrt_make_odd(usual_columns, 2, &usual); /* so that its values are copied */
    b.usual = &usual;
    CHECK_INT(tdrest_options_new(&tdrt_own_memory, &options), TDREST_OK);
    tdrt_own_plan(0, 0);
    CHECK_INT(add_some(options, &b), TDREST_OK);
    count = tdrt_own_count();
    before = tdrt_own_live(); /* the options keep what was made of them */
    CU_ASSERT(count > 10);
    for (int64_t n = 1; n <= count; n++) {
        for (int on = 0; on < 2; on++) {
            int rc;

            tdrt_own_plan(n, on);
            rc = add_some(options, &b);
            tdrt_own_plan(0, 0);
            CHECK(rc == TDREST_ENOMEM || (rc == TDREST_OK && n > count / 2), "allocation %d of %d: %d", (int)n, (int)count, rc);
            CHECK(tdrt_own_live() == before, "allocation %d: %d blocks are left", (int)n, (int)(tdrt_own_live() - before));
            CHECK_INT(b.released, ++runs);
        }
    }
    tdrest_options_free(options);
}

CU_TestInfo tdrt_arrow_writer[] = {
    {"reports name rows", reports_name_rows},
    {"values that cannot be bound", bad_values},
    {"streams that fail", bad_streams},
    {"results", results},
    {"out of memory", out_of_memory},
    CU_TEST_INFO_NULL,
};
#endif
