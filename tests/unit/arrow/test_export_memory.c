/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Arrow streams and memory: allocations that fail, and what a table takes. */
#include "dial.h"
#include "memory.h"

#include "arrow_check.h"
#include "arrow_rows.h"

#include <errno.h>

static int port;

static int walk(struct ArrowArrayStream *stream, int64_t *rows)
{
    struct ArrowSchema schema;
    struct ArrowArray batch;
    int rc = stream->get_schema(stream, &schema);

    if (rc != 0)
        return rc;
    while ((rc = stream->get_next(stream, &batch)) == 0 && batch.release != NULL) {
        if (!tdrt_arrow_check(&schema, &batch))
            rc = -1;
        *rows += batch.length;
        batch.release(&batch);
    }
    schema.release(&schema);
    return rc;
}

/* 0: all rows came; ENOMEM; anything else is wrong. */
static int whole_export(void)
{
    tdrest_options *options = NULL;
    tdrest_conn *c = NULL;
    tdrest_result *res = NULL;
    struct ArrowArrayStream stream = {0};
    char dsn[96];
    int64_t rows = 0;
    int rc = tdrest_options_new(&tdrt_memory, &options), end = 0;

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d/test?block_bytes=4096&retry=never", port);
    if (rc == TDREST_OK)
        rc = tdrest_options_parse(options, dsn);
    if (rc == TDREST_OK)
        rc = tdrest_conn_new(options, &c);
    if (rc == TDREST_OK)
        rc = tdrest_query(c, "rows 1000", TDREST_CSTR, NULL, &res);
    if (rc == TDREST_OK)
        rc = tdrest_result_export_arrow(res, &stream);
    if (rc == TDREST_OK) {
        end = walk(&stream, &rows);
        if (end == 0 && rows != 1000)
            end = -1;
        /* The first failure may be libcurl's, which then has no connection. */
        end = end == EIO && tdrest_result_error(res)->code == TDREST_ECONNECT ? ENOMEM : end;
        stream.release(&stream);
    } else {
        end = rc == TDREST_ENOMEM || rc == TDREST_ECONNECT ? ENOMEM : -1;
        tdrest_result_free(res);
    }
    tdrest_conn_free(c);
    tdrest_options_free(options);
    return end;
}

static void out_of_memory(void)
{
    int64_t count, before;
    tdrt_server own = TDRT_SERVER_INIT;

    CU_ASSERT(tdrt_server_start(&own, tdrt_arrow_rows, NULL));
    port = own.port;
    tdrt_memory_plan(0, 0);
    CHECK_INT(whole_export(), 0); /* what stays, such as libcurl's own tables, is there now */
    before = tdrt_memory_live();
    tdrt_memory_plan(0, 0);
    CHECK_INT(whole_export(), 0);
    count = tdrt_memory_count();
    CU_ASSERT(count > 50);
    for (int64_t n = 1; n <= count; n++) {
        for (int persistent = 0; persistent < 2; persistent++) {
            int rc;

            tdrt_memory_plan(n, persistent);
            rc = whole_export();
            tdrt_memory_plan(0, 0);
            CHECK(rc == 0 || rc == ENOMEM, "allocation %d of %d: %d", (int)n, (int)count, rc);
            CHECK(tdrt_memory_live() == before, "allocation %d of %d: %d blocks are left", (int)n, (int)count, (int)(tdrt_memory_live() - before));
        }
    }
    tdrt_server_stop(&own);
}

/* Rows of one long text. */
static int answer_texts(const tdrt_visit *visit)
{
    static char row[520];
    int rows = atoi(visit->sql + 6), sent = tdrt_send(visit, TDRT_HEAD_CHUNKED, 0) &&
                                            tdrt_send_chunk(visit, "{\"code\":0,\"column_meta\":[[\"v\",\"VARCHAR\",500]],\"data\":[", 0);

    for (int i = 0; sent && i < rows; i++) {
        int at = snprintf(row, sizeof row, "%s[\"%d ", i == 0 ? "" : ",", i);

        memset(row + at, 'x', 500);
        snprintf(row + at + 500 - 8, 16, "\"]");
        sent = tdrt_send_chunk(visit, row, 0);
    }
    return sent && tdrt_send_chunk(visit, "]}", 0) && tdrt_send_end(visit);
}

static int answer_rows(const tdrt_visit *visit)
{
    return tdrt_starts(visit, "texts") ? answer_texts(visit) : tdrt_arrow_rows(visit);
}

/* Bytes of the buffers of a batch; those of validity at most. */
static int64_t bytes_of(const struct ArrowSchema *schema, const struct ArrowArray *batch)
{
    const int64_t rows = batch->length;
    int64_t bytes = 0;

    for (int64_t i = 0; i < schema->n_children; i++) {
        const void *const *buffers = batch->children[i]->buffers;

        bytes += rows / 8;
        switch (schema->children[i]->format[0]) {
        case 'b': bytes += rows / 8; break;
        case 'i': bytes += rows * 4; break;
        case 'd': bytes += rows * 16; break;
        case 'u': case 'z': bytes += rows * 4 + ((const int32_t *)buffers[1])[rows]; break;
        default: bytes += rows * 8; break;
        }
    }
    return bytes;
}

/* What a table of many batches takes: the buffers' bytes, and 2 MiB, at any time. */
static void held_memory(void)
{
    enum { BATCHES = 64 };
    static const char *const statements[] = {"rows 70000", "texts 20000"};
    tdrt_server s = TDRT_SERVER_INIT;

    CU_ASSERT(tdrt_server_start(&s, answer_rows, NULL));
    for (size_t k = 0; k < COUNT_OF(statements); k++) {
        struct ArrowArrayStream stream;
        struct ArrowArray batch[BATCHES];
        struct ArrowSchema schema;
        tdrest_options *options;
        tdrest_conn *c;
        int64_t before, own = 0;
        int n = 0;
        char dsn[96];

        tdrt_memory_plan(0, 0);
        CHECK_INT(tdrest_options_new(&tdrt_memory, &options), TDREST_OK);
        tdrt_dial_dsn(s.port, "", dsn, sizeof dsn);
        CHECK_INT(tdrest_options_parse(options, dsn), TDREST_OK);
        CHECK_INT(tdrest_conn_new(options, &c), TDREST_OK);
        tdrt_memory_plan(0, 0);
        before = tdrt_memory_bytes();
        CHECK_INT(tdrest_result_export_arrow(tdrt_dial_query(c, statements[k], NULL), &stream), TDREST_OK);
        CHECK_INT(stream.get_schema(&stream, &schema), 0);
        while (n < BATCHES && stream.get_next(&stream, &batch[n]) == 0 && batch[n].release != NULL)
            own += bytes_of(&schema, &batch[n++]);
        CHECK(tdrt_memory_most() - before < own + 2097152, "%s: at most %d bytes for %d", statements[k], (int)(tdrt_memory_most() - before), (int)own);
        CHECK(own > 4000000, "%d bytes", (int)own);
        for (int i = 0; i < n; i++)
            batch[i].release(&batch[i]);
        schema.release(&schema);
        stream.release(&stream);
        tdrest_conn_free(c);
        tdrest_options_free(options);
    }
    tdrt_server_stop(&s);
}

/* Numbers, times and NULLs, as many rows as asked for. */
static int answer_numbers(const tdrt_visit *visit)
{
    static char chunk[65536];
    int rows = atoi(visit->sql + 8);
    size_t at = 0;

    if (!tdrt_send(visit, TDRT_HEAD_CHUNKED, 0) ||
        !tdrt_send_chunk(visit, "{\"code\":0,\"column_meta\":[[\"t\",\"TIMESTAMP\",8],[\"i\",\"INT\",4],[\"d\",\"DOUBLE\",8]],\"data\":[", 0))
        return 0;
    for (int i = 0; i < rows; i++) {
        at += (size_t)snprintf(chunk + at, sizeof chunk - at, "%s[\"2024-01-01T00:00:00.001Z\",%s,0.5]", i == 0 ? "" : ",", i % 7 == 0 ? "null" : "5");
        if (at > sizeof chunk - 128 || i == rows - 1) {
            if (!tdrt_send_chunk(visit, chunk, at))
                return 0;
            at = 0;
        }
    }
    return tdrt_send_chunk(visit, "]}", 0) && tdrt_send_end(visit);
}

/* A batch alone, when all else is freed: the memory of its values, once, and no more than a quarter of it for rows that never came. */
static void nothing_is_copied(void)
{
    static const struct {
        const char *sql;
        int batch; /* that is kept */
    } kept[] = {{"numbers 5", 0}, {"numbers 30000", 1}, {"numbers 70000", 1}};
    tdrt_server s = TDRT_SERVER_INIT;
    char dsn[96];

    CU_ASSERT(tdrt_server_start(&s, answer_numbers, NULL));
    tdrt_dial_dsn(s.port, "", dsn, sizeof dsn);
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        struct ArrowArrayStream stream;
        struct ArrowArray batch;
        tdrest_options *options;
        tdrest_conn *c;
        int64_t before, bytes, own;

        tdrt_memory_plan(0, 0);
        before = tdrt_memory_bytes();
        CHECK_INT(tdrest_options_new(&tdrt_memory, &options), TDREST_OK);
        CHECK_INT(tdrest_options_parse(options, dsn), TDREST_OK);
        CHECK_INT(tdrest_conn_new(options, &c), TDREST_OK);
        CHECK_INT(tdrest_result_export_arrow(tdrt_dial_query(c, kept[i].sql, NULL), &stream), TDREST_OK);
        for (int n = 0; n < kept[i].batch; n++) {
            CHECK_INT(stream.get_next(&stream, &batch), 0);
            batch.release(&batch);
        }
        CHECK_INT(stream.get_next(&stream, &batch), 0);
        stream.release(&stream);
        tdrest_conn_free(c);
        tdrest_options_free(options);
        bytes = tdrt_memory_bytes() - before;
        own = batch.length * (8 + 4 + 8) + 3 * (batch.length / 8);
        CHECK(bytes < own + own / 3 + 8192, "%s: %d bytes are held for %d of values", kept[i].sql, (int)bytes, (int)own);
        batch.release(&batch);
    }
    tdrt_server_stop(&s);
}

CU_TestInfo tdrt_export_memory[] = {
    {"out of memory", out_of_memory},
    {"memory held", held_memory},
    {"nothing is copied", nothing_is_copied},
    CU_TEST_INFO_NULL,
};
