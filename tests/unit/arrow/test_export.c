/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Results as Arrow streams: many batches, every end, who owns what until when. */
#include "dialed.h"

#include "arrow_check.h"
#include "arrow_rows.h"

#include <errno.h>
#include <pthread.h>

enum { MANY = 70000, COLUMNS = TDRT_ARROW_COLUMNS };

#define HEAD(columns) "{\"code\":0,\"column_meta\":[" columns "],\"data\":["

static void begin(const char *parameters)
{
    conn = tdrt_dial_new(&server, tdrt_arrow_rows, parameters);
}

static void start(const char *sql, const tdrest_call *call, struct ArrowArrayStream *stream)
{
    CHECK_INT(tdrest_result_export_arrow(tdrt_dial_query(conn, sql, call), stream), TDREST_OK);
}

/* The same row, asked of the rows' reader: what that says of each value. */
static int same_row(tdrest_result *res, const struct ArrowSchema *schema, const struct ArrowArray *batch, int64_t row)
{
    char text[128], expected[128];

    for (size_t i = 0; i < COLUMNS; i++) {
        const char *given;
        int64_t number;
        size_t len;

        tdrt_arrow_cell(schema->children[i], batch->children[i], row, text, sizeof text);
        if (tdrest_result_is_null(res, i)) {
            snprintf(expected, sizeof expected, "NULL");
        } else if (i == 0) {
            (void)tdrest_result_time(res, i, &number, NULL);
            snprintf(expected, sizeof expected, "%" PRId64, number);
        } else {
            (void)tdrest_result_text(res, i, &given, &len);
            snprintf(expected, sizeof expected, i == 4 || i == 5 ? "\"%s\"" : i == 6 ? "x'%s'" : "%s", given);
        }
        if (i == 7 && strchr(expected, '.') != NULL)
            memmove(strchr(expected, '.'), strchr(expected, '.') + 1, 4);
        if (i == 7 && strcmp(expected, "-0125") == 0)
            snprintf(expected, sizeof expected, "-125");
        CHECK(strcmp(text, expected) == 0, "row %d, column %zu: %s, expected %s", (int)row, i, text, expected);
        if (strcmp(text, expected) != 0)
            return 0;
    }
    return 1;
}

/* All rows of the stream, compared with those of another connection. */
static int64_t compare(struct ArrowArrayStream *stream, const char *sql, int *batches)
{
    tdrest_conn *other = tdrt_dial(&server, "");
    tdrest_result *res = tdrt_dial_query(other, sql, NULL);
    struct ArrowSchema schema;
    struct ArrowArray batch;
    int64_t rows = 0;
    int same = 1;

    CHECK_INT(stream->get_schema(stream, &schema), 0);
    for (*batches = 0; stream->get_next(stream, &batch) == 0 && batch.release != NULL; ++*batches) {
        CU_ASSERT(tdrt_arrow_check(&schema, &batch));
        for (int64_t i = 0; same && i < batch.length; i++)
            same = tdrest_result_next(res) == TDREST_ROW && same_row(res, &schema, &batch, i);
        rows += batch.length;
        batch.release(&batch);
    }
    CU_ASSERT(same);
    CHECK_INT(tdrest_result_next(res), TDREST_DONE);
    schema.release(&schema);
    tdrest_result_free(res);
    tdrest_conn_free(other);
    return rows;
}

static void many_rows(void)
{
    struct ArrowArrayStream stream;
    tdrest_call call = TDREST_CALL_INIT;
    int batches;

    for (int stored = 0; stored < 2; stored++) {
        begin("");
        call.buffered = stored;
        start("rows 70000", &call, &stream);
        CHECK_INT(compare(&stream, "rows 70000", &batches), MANY);
        CHECK(stored || batches < 10, "%d batches", batches);
        CU_ASSERT(stream.get_last_error(&stream) == NULL);
        stream.release(&stream);
        finish();
    }
    begin("?block_bytes=4096"); /* the first batch has few rows, whose arrays have to move */
    start("rows 70000", NULL, &stream);
    CHECK_INT(compare(&stream, "rows 70000", &batches), MANY);
    stream.release(&stream);
    finish();
}

static void small_results(void)
{
    static const int sizes[] = {1, 2, 7, 8, 9, 63, 64, 65, 511, 512, 513, 4095, 4096, 4097};
    struct ArrowArrayStream stream;
    char sql[32];
    int batches;

    begin("");
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        snprintf(sql, sizeof sql, "rows %d", sizes[i]);
        start(sql, NULL, &stream);
        CHECK_INT(compare(&stream, sql, &batches), sizes[i]);
        stream.release(&stream);
    }
    finish();
}

/* No rows: a schema, and the end; again and again. An INSERT has no columns. */
static void empty(void)
{
    struct ArrowArrayStream stream;
    struct ArrowSchema schema, again;
    struct ArrowArray batch;

    begin("");
    start("rows 0", NULL, &stream);
    CHECK_INT(stream.get_schema(&stream, &schema), 0);
    CHECK_INT(schema.n_children, COLUMNS);
    CHECK_TEXT(schema.children[0]->format, "tsm:UTC");
    for (int i = 0; i < 3; i++) {
        CHECK_INT(stream.get_next(&stream, &batch), 0);
        CU_ASSERT(batch.release == NULL);
    }
    CHECK_INT(stream.get_schema(&stream, &again), 0);
    schema.release(&schema);
    CHECK_TEXT(again.children[4]->name, "v");
    stream.release(&stream);
    CHECK_TEXT(again.children[4]->format, "u");
    again.release(&again);
    finish();
}

static int answer_insert(const tdrt_visit *visit)
{
    const tdrt_answer answer = {.body = TDRT_INSERTED};

    return tdrt_send_answer(visit, &answer);
}

static void no_columns(void)
{
    struct ArrowArrayStream stream;
    struct ArrowSchema schema;
    struct ArrowArray batch;

    conn = tdrt_dial_new(&server, answer_insert, "");
    start("INSERT", NULL, &stream);
    CHECK_INT(stream.get_schema(&stream, &schema), 0);
    CHECK_INT(schema.n_children, 0);
    schema.release(&schema);
    CHECK_INT(stream.get_next(&stream, &batch), 0);
    CU_ASSERT(batch.release == NULL);
    stream.release(&stream);
    finish();
}

/* ---- who owns what until when ---- */

/* Every child moved away, the batch released, then the children in both orders; stream and connection are gone already. */
static void outlives(void)
{
    for (int order = 0; order < 2; order++) {
        struct ArrowArrayStream stream;
        struct ArrowSchema schema;
        struct ArrowArray batch, moved[COLUMNS];
        char text[128];

        begin("");
        start("rows 600", NULL, &stream);
        CHECK_INT(stream.get_schema(&stream, &schema), 0);
        CHECK_INT(stream.get_next(&stream, &batch), 0);
        if (order == 0)
            stream.release(&stream);
        finish();
        if (order == 1)
            stream.release(&stream);
        CU_ASSERT(tdrt_arrow_check(&schema, &batch));
        for (int i = 0; i < COLUMNS; i++) {
            if (i % 2 == order)
                continue;
            moved[i] = *batch.children[i];
            batch.children[i]->release = NULL;
        }
        batch.release(&batch);
        CU_ASSERT(batch.release == NULL);
        for (int n = 0; n < COLUMNS; n++) {
            int i = order == 0 ? n : COLUMNS - 1 - n;

            if (i % 2 == order)
                continue;
            tdrt_arrow_cell(schema.children[i], &moved[i], 599, text, sizeof text);
            CHECK(strlen(text) > 0, "column %d", i);
            moved[i].release(&moved[i]);
            CU_ASSERT(moved[i].release == NULL);
        }
        schema.release(&schema);
    }
}

/* A batch in another thread's hands, and that thread's own schema. */
typedef struct handed {
    struct ArrowSchema schema;
    struct ArrowArray batch;
    int good;
} handed;

static void *check_and_release(void *context)
{
    handed *h = (handed *)context;
    char text[128];

    for (int i = 0; i < COLUMNS; i++) {
        if (h->batch.children[i]->release == NULL)
            continue;
        tdrt_arrow_cell(h->schema.children[i], h->batch.children[i], h->batch.length - 1, text, sizeof text);
        h->good += strlen(text) > 0;
    }
    h->batch.release(&h->batch);
    h->schema.release(&h->schema);
    return NULL;
}

/* The stream is read on while other threads read and release its batches, of which this one keeps a child. */
static void threads(void)
{
    enum { HANDED = 3 };
    struct ArrowArrayStream stream;
    struct ArrowArray kept[HANDED];
    pthread_t thread[HANDED];
    handed h[HANDED];

    begin("");
    start("rows 70000", NULL, &stream);
    for (int i = 0; i < HANDED; i++) {
        h[i].good = 0;
        CHECK_INT(stream.get_schema(&stream, &h[i].schema), 0);
        CHECK_INT(stream.get_next(&stream, &h[i].batch), 0);
        CU_ASSERT_FATAL(h[i].batch.release != NULL);
        kept[i] = *h[i].batch.children[4];
        h[i].batch.children[4]->release = NULL;
        CU_ASSERT_FATAL(pthread_create(&thread[i], NULL, check_and_release, &h[i]) == 0);
    }
    stream.release(&stream);
    for (int i = 0; i < HANDED; i++) {
        CHECK(((const int32_t *)kept[i].buffers[1])[kept[i].length] > 0, "batch %d", i);
        kept[i].release(&kept[i]);
        CU_ASSERT_FATAL(pthread_join(thread[i], NULL) == 0);
        CHECK_INT(h[i].good, COLUMNS - 1);
    }
    finish();
}

static void schema_child_moved(void)
{
    struct ArrowArrayStream stream;
    struct ArrowSchema schema, moved;

    begin("");
    start("rows 1", NULL, &stream);
    CHECK_INT(stream.get_schema(&stream, &schema), 0);
    moved = *schema.children[2];
    schema.children[2]->release = NULL;
    schema.release(&schema);
    stream.release(&stream);
    CHECK_TEXT(moved.name, "i");
    CHECK_TEXT(tdrt_arrow_metadata(&moved, "tdrest.type"), "INT");
    moved.release(&moved);
    finish();
}

static void misuse(void)
{
    struct ArrowArrayStream stream;
    tdrest_result *res;

    begin("");
    CHECK_INT(tdrest_result_export_arrow(NULL, &stream), TDREST_EUSAGE);
    CU_ASSERT(stream.release == NULL);
    res = tdrt_dial_query(conn, "rows 5", NULL);
    CHECK_INT(tdrest_result_next(res), TDREST_ROW);
    CHECK_INT(tdrest_result_export_arrow(res, &stream), TDREST_EUSAGE);
    CU_ASSERT(stream.release == NULL);
    CHECK_INT(tdrest_result_error(res)->code, TDREST_EUSAGE);
    tdrest_result_free(res);
    finish();
}

/* ---- ends ---- */

/* The rows that came are delivered, then the same error for ever, and the connection goes on. */
static void cut(void)
{
    static const char *const statements[] = {"cut  50", "cut  70000"};

    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        struct ArrowArrayStream stream;
        struct ArrowArray batch;
        int64_t rows = 0;
        int rc;

        begin("");
        start(statements[i], NULL, &stream);
        while ((rc = stream.get_next(&stream, &batch)) == 0 && batch.release != NULL) {
            rows += batch.length;
            batch.release(&batch);
        }
        CHECK_INT(rc, EIO);
        CU_ASSERT(batch.release == NULL);
        CHECK(rows > 0 && rows <= atoi(statements[i] + 5), "%d rows", (int)rows);
        CHECK(strlen(stream.get_last_error(&stream)) > 10, "%s", stream.get_last_error(&stream));
        CHECK_INT(stream.get_next(&stream, &batch), EIO);
        CU_ASSERT(batch.release == NULL);
        tdrt_dial_ask(conn, "three", NULL, &rows, &(tdrest_error){0});
        CHECK_INT(rows, 3);
        stream.release(&stream);
        finish();
    }
}

static void detached(void)
{
    struct ArrowArrayStream stream;
    struct ArrowArray batch;

    begin("");
    start("rows 70000", NULL, &stream);
    CHECK_INT(stream.get_next(&stream, &batch), 0);
    finish();
    CU_ASSERT(batch.length > 0);
    batch.release(&batch);
    CHECK_INT(stream.get_next(&stream, &batch), EINVAL);
    CHECK(strstr(stream.get_last_error(&stream), "freed") != NULL, "%s", stream.get_last_error(&stream));
    stream.release(&stream);
}

/* A column without a value in the first batch is ms; a later value, in the third batch, that needs more is refused with its row; one that does not is right. */
static int answer_late(const tdrt_visit *visit)
{
    static char rows[5000 * 8];
    int sent = 1;
    const char *last = tdrt_starts(visit, "fits") ? "[\"1970-01-01T00:00:01.002000Z\"]],\"rows\":80001}" : "[\"1970-01-01T00:00:01.002003Z\"]],\"rows\":80001}";
    size_t at = 0;

    for (int i = 0; i < 5000; i++)
        at += (size_t)snprintf(rows + at, sizeof rows - at, "[null],");
    if (!tdrt_send(visit, TDRT_HEAD_CHUNKED, 0) || !tdrt_send_chunk(visit, HEAD("[\"t\",\"TIMESTAMP\",8]"), 0))
        return 0;
    for (int i = 0; sent && i < 16; i++)
        sent = tdrt_send_chunk(visit, rows, at);
    return sent && tdrt_send_chunk(visit, last, 0) && tdrt_send_end(visit);
}

static void late_value(void)
{
    for (int fits = 0; fits < 2; fits++) {
        struct ArrowArrayStream stream;
        struct ArrowSchema schema;
        struct ArrowArray batch;
        tdrest_result *res;
        char text[32];

        conn = tdrt_dial_new(&server, answer_late, "");
        res = tdrt_dial_query(conn, fits ? "fits" : "late", NULL);
        CHECK_INT(tdrest_result_export_arrow(res, &stream), TDREST_OK);
        CHECK_INT(stream.get_schema(&stream, &schema), 0);
        CHECK_TEXT(schema.children[0]->format, "tsm:UTC");
        for (int i = 0; i < 2; i++) {
            CHECK_INT(stream.get_next(&stream, &batch), 0);
            CHECK_INT(batch.length, batch.children[0]->null_count);
            batch.release(&batch);
        }
        if (fits) {
            CHECK_INT(stream.get_next(&stream, &batch), 0);
            tdrt_arrow_cell(schema.children[0], batch.children[0], batch.length - 1, text, sizeof text);
            CHECK_TEXT(text, "1002");
            batch.release(&batch);
        } else {
            CHECK_INT(stream.get_next(&stream, &batch), ERANGE);
            CHECK_INT(tdrest_result_error(res)->row, 80000);
            CHECK_INT(tdrest_result_error(res)->column, 0);
        }
        schema.release(&schema);
        stream.release(&stream);
        finish();
    }
}

CU_TestInfo tdrt_export[] = {
    {"many rows", many_rows},
    {"few rows", small_results},
    {"no rows", empty},
    {"no columns", no_columns},
    {"batches outlive all", outlives},
    {"other threads", threads},
    {"a child of a schema", schema_child_moved},
    {"misuse", misuse},
    {"cut answers", cut},
    {"a connection that is freed", detached},
    {"a late value", late_value},
    CU_TEST_INFO_NULL,
};
