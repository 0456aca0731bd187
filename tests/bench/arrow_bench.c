/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A million rows as an Arrow table, all batches kept to the end: beside the library's blocks, and beside a libcurl program that reads the same bytes. */
#include "bench/arrow_bench.h"

#include "adbc/abi.h"
#include "bench/measure.h"
#include "bench/plain.h"
#include "bench/server.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 1000000, TURNS = 7, BATCHES = 400 };

AdbcStatusCode AdbcDriverTdrestInit(int version, void *raw, struct AdbcError *error);

/* ---- an allocator that counts ---- */

static int64_t held, most;

/* In front of each block. */
typedef union prefix {
    size_t bytes;
    max_align_t align;
} prefix;

static void *count_resize(void *context, void *old, size_t bytes)
{
    prefix *p = old == NULL ? NULL : (prefix *)old - 1;
    size_t before = p == NULL ? 0 : p->bytes;

    (void)context;
    p = (prefix *)realloc(p, sizeof *p + bytes);
    if (p == NULL)
        return NULL;
    p->bytes = bytes;
    held += (int64_t)bytes - (int64_t)before;
    most = held > most ? held : most;
    return p + 1;
}

static void *count_alloc(void *context, size_t bytes)
{
    return count_resize(context, NULL, bytes);
}

static void count_release(void *context, void *old)
{
    (void)context;
    if (old == NULL)
        return;
    held -= (int64_t)((prefix *)old - 1)->bytes;
    free((prefix *)old - 1);
}

/* ---- what is measured ---- */

typedef struct table {
    struct ArrowArray batch[BATCHES];
    int count;
    int64_t rows, bytes; /* bytes: of its buffers */
} table;

static int64_t buffer_bytes(const struct ArrowSchema *field, const struct ArrowArray *array)
{
    int64_t bytes = array->null_count != 0 ? array->length / 8 : 0;

    switch (field->format[0]) {
    case 'u': return bytes + 4 * array->length + ((const int32_t *)array->buffers[1])[array->length];
    case 't': case 'l': case 'g': return bytes + 8 * array->length;
    default: return bytes + 4 * array->length;
    }
}

/* 1 when the stream came to its end. */
static int collect(struct ArrowArrayStream *stream, table *t)
{
    struct ArrowSchema schema;
    int good = stream->get_schema(stream, &schema) == 0;

    memset(t, 0, sizeof *t);
    while (good && t->count < BATCHES) {
        struct ArrowArray *batch = &t->batch[t->count];

        good = stream->get_next(stream, batch) == 0;
        if (!good || batch->release == NULL)
            break;
        t->count++;
        t->rows += batch->length;
        for (int64_t i = 0; i < schema.n_children; i++)
            t->bytes += buffer_bytes(schema.children[i], batch->children[i]);
    }
    if (schema.release != NULL)
        schema.release(&schema);
    stream->release(stream);
    return good && t->count < BATCHES;
}

static void drop(table *t)
{
    for (int i = 0; i < t->count; i++)
        t->batch[i].release(&t->batch[i]);
}

static int read_blocks(tdrest_conn *conn)
{
    const tdrest_block *block;
    tdrest_result *res;
    int64_t rows = 0;
    int rc = tdrest_query(conn, "select", TDREST_CSTR, NULL, &res);

    while (rc >= 0 && (rc = tdrest_result_next_block(res, &block)) == TDREST_ROW)
        rows += tdrest_block_rows(block);
    tdrest_result_free(res);
    return rc == TDREST_DONE && rows == ROWS;
}

static int read_arrow(tdrest_conn *conn, table *t)
{
    struct ArrowArrayStream stream;
    tdrest_result *res;

    return tdrest_query(conn, "select", TDREST_CSTR, NULL, &res) == TDREST_OK && tdrest_result_export_arrow(res, &stream) == TDREST_OK &&
           collect(&stream, t) && t->rows == ROWS;
}

typedef struct driver {
    struct AdbcDriver table;
    struct AdbcDatabase database;
    struct AdbcConnection connection;
    struct AdbcStatement statement;
} driver;

static int open_driver(driver *d, const char *uri)
{
    memset(d, 0, sizeof *d);
    return AdbcDriverTdrestInit(ADBC_VERSION_1_1_0, &d->table, NULL) == 0 && d->table.DatabaseNew(&d->database, NULL) == 0 &&
           d->table.DatabaseSetOption(&d->database, "uri", uri, NULL) == 0 && d->table.DatabaseInit(&d->database, NULL) == 0 &&
           d->table.ConnectionNew(&d->connection, NULL) == 0 && d->table.ConnectionInit(&d->connection, &d->database, NULL) == 0 &&
           d->table.StatementNew(&d->connection, &d->statement, NULL) == 0 && d->table.StatementSetSqlQuery(&d->statement, "select", NULL) == 0;
}

static void close_driver(driver *d)
{
    if (d->statement.private_data != NULL)
        (void)d->table.StatementRelease(&d->statement, NULL);
    if (d->connection.private_data != NULL)
        (void)d->table.ConnectionRelease(&d->connection, NULL);
    if (d->database.private_data != NULL)
        (void)d->table.DatabaseRelease(&d->database, NULL);
}

static int read_adbc(driver *d)
{
    struct ArrowArrayStream stream;
    table t;
    int good = d->table.StatementExecuteQuery(&d->statement, &stream, NULL, NULL) == 0 && collect(&stream, &t) && t.rows == ROWS;

    drop(&t);
    return good;
}

static size_t discard(char *bytes, size_t size, size_t count, void *context)
{
    (void)bytes, (void)context;
    return size * count;
}

/* ---- the turns ---- */

typedef struct figures {
    double arrow_s[TURNS], blocks_ratio[TURNS], curl_ratio[TURNS];
    int64_t extra_bytes; /* at most, beyond those of the table */
} figures;

static int take_turn(tdrest_conn *conn, driver *d, tdrt_plain *plain, figures *f, int turn)
{
    double start = tdrt_wall_seconds(), blocks, arrow, adbc, curl;
    int64_t before;
    table t;
    int good = read_blocks(conn);

    blocks = tdrt_wall_seconds() - start;
    before = most = held;
    start = tdrt_wall_seconds();
    good = good && read_arrow(conn, &t);
    arrow = tdrt_wall_seconds() - start;
    if (!good)
        return 0;
    f->extra_bytes = most - before - t.bytes > f->extra_bytes ? most - before - t.bytes : f->extra_bytes;
    drop(&t);
    start = tdrt_wall_seconds();
    good = read_adbc(d);
    adbc = tdrt_wall_seconds() - start;
    start = tdrt_wall_seconds();
    good = good && curl_easy_perform(plain->easy) == CURLE_OK;
    curl = tdrt_wall_seconds() - start;
    f->arrow_s[turn] = arrow;
    f->blocks_ratio[turn] = arrow / blocks;
    f->curl_ratio[turn] = adbc / curl;
    return good;
}

static int measure(tdrest_conn *conn, driver *d, tdrt_plain *plain, FILE *json)
{
    figures f = {{0}, {0}, {0}, 0};
    double seconds, blocks, curl;

    curl_easy_setopt(plain->easy, CURLOPT_WRITEFUNCTION, discard);
    for (int i = 0; i < TURNS; i++)
        if (!take_turn(conn, d, plain, &f, i))
            return 0;
    seconds = tdrt_median(f.arrow_s, TURNS);
    blocks = tdrt_median(f.blocks_ratio, TURNS);
    curl = tdrt_median(f.curl_ratio, TURNS);
    printf("arrow    %9.0f rows/s %24s %6.2f x the wall time of blocks, %" PRId64 " bytes beyond the table's\n", ROWS / seconds, "", blocks, f.extra_bytes);
    tdrt_judge("arrow: memory beyond the table's", (double)f.extra_bytes / 1048576, 2, "MiB");
    tdrt_judge("ADBC: wall time beside plain libcurl", curl, 1.15, "x");
    fprintf(json, "\"arrow\":{\"rows_per_s\":%.0f,\"ratio_vs_blocks\":%.3f,\"peak_bytes\":%" PRId64 "},\"adbc\":{\"fetch_wall_ratio_vs_curl\":%.3f}",
            ROWS / seconds, blocks, f.extra_bytes, curl);
    return 1;
}

static int make_body(tdrt_body *out)
{
    return tdrt_body_narrow_rows(out, ROWS);
}

int tdrt_arrow_bench(FILE *json)
{
    const tdrest_allocator counting = {sizeof counting, NULL, count_alloc, count_resize, count_release};
    tdrt_bench_server server;
    tdrt_plain plain = {NULL, NULL, 0};
    tdrest_options *options = NULL;
    tdrest_conn *conn = NULL;
    driver d;
    char dsn[64];
    int good;

    memset(&d, 0, sizeof d);
    if (!tdrt_bench_server_start(&server, make_body)) {
        fputs("the server of the measurements does not start\n", stderr);
        return 0;
    }
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", server.port);
    good = tdrest_options_new(&counting, &options) == TDREST_OK && tdrest_options_parse(options, dsn) == TDREST_OK &&
           tdrest_conn_new(options, &conn) == TDREST_OK && open_driver(&d, dsn) && tdrt_plain_open(&plain, server.port) && measure(conn, &d, &plain, json);
    if (!good)
        fputs("\"arrow\":{\"rows_per_s\":null,\"ratio_vs_blocks\":null,\"peak_bytes\":null},\"adbc\":{\"fetch_wall_ratio_vs_curl\":null}", json);
    tdrt_plain_close(&plain);
    close_driver(&d);
    tdrest_conn_free(conn);
    tdrest_options_free(options);
    tdrt_bench_server_stop(&server);
    return good;
}
