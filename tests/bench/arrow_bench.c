/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A million rows as an Arrow table, all batches kept to the end: beside the library's blocks, and beside a libcurl program that reads the same bytes and does nothing with
 * them. That is measured twice: from a server that has the answer in memory, where nothing costs time but reading, and from a sandbox, which selects the rows from a file.
 */
#include "bench/arrow_bench.h"

#include "adbc/abi.h"
#include "bench/measure.h"
#include "bench/plain.h"
#include "bench/sandbox.h"
#include "bench/server.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 1000000, TURNS = 7, SELECTS = 3, BATCHES = 400 };

static const char select_rows[] = "select * from b.meters";

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

static int open_driver(driver *d, const char *uri, const char *sql)
{
    memset(d, 0, sizeof *d);
    return AdbcDriverTdrestInit(ADBC_VERSION_1_1_0, &d->table, NULL) == 0 && d->table.DatabaseNew(&d->database, NULL) == 0 &&
           d->table.DatabaseSetOption(&d->database, "uri", uri, NULL) == 0 && d->table.DatabaseInit(&d->database, NULL) == 0 &&
           d->table.ConnectionNew(&d->connection, NULL) == 0 && d->table.ConnectionInit(&d->connection, &d->database, NULL) == 0 &&
           d->table.StatementNew(&d->connection, &d->statement, NULL) == 0 && d->table.StatementSetSqlQuery(&d->statement, sql, NULL) == 0;
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

/* ---- beside curl ---- */

/* A connection of the driver's and one of libcurl's to the same server. */
typedef struct pair {
    driver adbc;
    tdrt_plain plain;
} pair;

static int open_pair(pair *p, const char *url, const char *sql)
{
    memset(p, 0, sizeof *p);
    if (!open_driver(&p->adbc, url, sql) || !tdrt_plain_open(&p->plain, atoi(strrchr(url, ':') + 1)))
        return 0;
    curl_easy_setopt(p->plain.easy, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(p->plain.easy, CURLOPT_POSTFIELDS, sql);
    curl_easy_setopt(p->plain.easy, CURLOPT_POSTFIELDSIZE, (long)strlen(sql));
    return 1;
}

static void close_pair(pair *p)
{
    tdrt_plain_close(&p->plain);
    close_driver(&p->adbc);
}

/* The driver's wall time divided by libcurl's, and that; the median of some turns. 0 when one failed. */
static int compare(pair *p, int turns, double *ratio, double *curl_s)
{
    double ratios[TURNS], curl[TURNS];

    for (int i = 0; i < turns; i++) {
        double start = tdrt_wall_seconds();

        if (!read_adbc(&p->adbc))
            return 0;
        ratios[i] = tdrt_wall_seconds() - start;
        start = tdrt_wall_seconds();
        if (curl_easy_perform(p->plain.easy) != CURLE_OK)
            return 0;
        curl[i] = tdrt_wall_seconds() - start;
        ratios[i] /= curl[i];
    }
    *ratio = tdrt_median(ratios, (size_t)turns);
    *curl_s = tdrt_median(curl, (size_t)turns);
    return 1;
}

static int compare_at(const char *url, const char *sql, int turns, double *ratio, double *curl_s)
{
    pair p;
    int good = open_pair(&p, url, sql) && compare(&p, turns, ratio, curl_s);

    close_pair(&p);
    return good;
}

static int run_sql(tdrest_conn *conn, const char *sql)
{
    return tdrest_exec(conn, sql, TDREST_CSTR, NULL, NULL) == TDREST_OK;
}

/* The rows that `from` answers with, into a table of the sandbox. */
static int copy_rows(tdrest_conn *from, tdrest_conn *to)
{
    struct ArrowArrayStream stream;
    tdrest_stmt *stmt = NULL;
    tdrest_result *res;
    int64_t affected;
    int good = run_sql(to, "create database b keep 36500") &&
               run_sql(to, "create table b.meters (ts timestamp, current float, voltage int, phase float, groupid int, location varchar(24))") &&
               tdrest_stmt_new(to, "insert into b.meters values (?, ?, ?, ?, ?, ?)", TDREST_CSTR, &stmt) == TDREST_OK &&
               tdrest_query(from, "select", TDREST_CSTR, NULL, &res) == TDREST_OK && tdrest_result_export_arrow(res, &stream) == TDREST_OK;

    good = good && tdrest_stmt_bind_stream(stmt, &stream) == TDREST_OK && tdrest_stmt_run(stmt, NULL, &affected) == TDREST_OK && affected == ROWS;
    tdrest_stmt_free(stmt);
    return good;
}

/* Against a sandbox that keeps its data in a file; 0 when that could not be measured. */
static int compare_at_sandbox(tdrest_conn *from, const char *program, double *ratio, double *curl_s)
{
    char folder[] = "/tmp/tdrest-bench.XXXXXX", data[64];
    tdrt_bench_sandbox sandbox = {0, ""};
    tdrest_conn *conn = NULL;
    int good = mkdtemp(folder) != NULL;

    snprintf(data, sizeof data, "%s/data", folder);
    good = good && tdrt_bench_sandbox_start(&sandbox, program, data) && tdrest_open(sandbox.url, &conn, NULL, 0) == TDREST_OK && copy_rows(from, conn) &&
           compare_at(sandbox.url, select_rows, SELECTS, ratio, curl_s);
    tdrest_conn_free(conn);
    tdrt_bench_sandbox_stop(&sandbox);
    unlink(data);
    rmdir(folder);
    return good;
}

/* ---- beside blocks ---- */

typedef struct figures {
    double arrow_s[TURNS], blocks_ratio[TURNS];
    int64_t extra_bytes; /* at most, beyond those of the table */
} figures;

static int take_turn(tdrest_conn *conn, figures *f, int turn)
{
    double start = tdrt_wall_seconds(), blocks;
    int64_t before;
    table t;
    int good = read_blocks(conn);

    blocks = tdrt_wall_seconds() - start;
    before = most = held;
    start = tdrt_wall_seconds();
    if (!good || !read_arrow(conn, &t))
        return 0;
    f->arrow_s[turn] = tdrt_wall_seconds() - start;
    f->blocks_ratio[turn] = f->arrow_s[turn] / blocks;
    f->extra_bytes = most - before - t.bytes > f->extra_bytes ? most - before - t.bytes : f->extra_bytes;
    drop(&t);
    return 1;
}

static int measure_arrow(tdrest_conn *conn, FILE *json)
{
    figures f = {{0}, {0}, 0};
    double seconds, blocks;

    for (int i = 0; i < TURNS; i++)
        if (!take_turn(conn, &f, i))
            return 0;
    seconds = tdrt_median(f.arrow_s, TURNS);
    blocks = tdrt_median(f.blocks_ratio, TURNS);
    printf("arrow    %9.0f rows/s %24s %6.2f x the wall time of blocks, %" PRId64 " bytes beyond the table's\n", ROWS / seconds, "", blocks, f.extra_bytes);
    tdrt_judge("arrow: memory beyond the table's", (double)f.extra_bytes / 1048576, 2, "MiB");
    fprintf(json, "\"arrow\":{\"rows_per_s\":%.0f,\"ratio_vs_blocks\":%.3f,\"peak_bytes\":%" PRId64 "}", ROWS / seconds, blocks, f.extra_bytes);
    return 1;
}

static int measure_adbc(tdrest_conn *conn, const char *url, const char *sandbox, FILE *json)
{
    double memory, selected, memory_s, selected_s;

    if (!compare_at(url, "select", TURNS, &memory, &memory_s) || !compare_at_sandbox(conn, sandbox, &selected, &selected_s))
        return 0;
    printf("ADBC     curl reads %.0f rows/s from memory, %.0f rows/s from the sandbox\n", ROWS / memory_s, ROWS / selected_s);
    tdrt_judge("ADBC: wall time beside curl, sandbox", selected, 1.15, "x");
    tdrt_judge("ADBC: wall time beside curl, from memory", memory, 1.15, "x");
    fprintf(json, ",\"adbc\":{\"fetch_wall_ratio_vs_curl\":%.3f,\"fetch_wall_ratio_vs_curl_from_memory\":%.3f,\"sandbox_select_rows_per_s\":%.0f}", selected, memory,
            ROWS / selected_s);
    return 1;
}

static int make_body(tdrt_body *out)
{
    return tdrt_body_narrow_rows(out, ROWS);
}

int tdrt_arrow_bench(FILE *json, const char *sandbox)
{
    const tdrest_allocator counting = {sizeof counting, NULL, count_alloc, count_resize, count_release};
    tdrt_bench_server server;
    tdrest_options *options = NULL;
    tdrest_conn *conn = NULL;
    char url[64];
    int good, has_arrow;

    if (!tdrt_bench_server_start(&server, make_body)) {
        fputs("the server of the measurements does not start\n", stderr);
        return 0;
    }
    snprintf(url, sizeof url, "http://127.0.0.1:%d", server.port);
    has_arrow = tdrest_options_new(&counting, &options) == TDREST_OK && tdrest_options_parse(options, url) == TDREST_OK &&
                tdrest_conn_new(options, &conn) == TDREST_OK && measure_arrow(conn, json);
    if (!has_arrow)
        fputs("\"arrow\":null", json);
    good = has_arrow && measure_adbc(conn, url, sandbox, json);
    if (!good) {
        fputs("Arrow and ADBC could not be measured\n", stderr);
        fputs(",\"adbc\":null", json);
    }
    tdrest_conn_free(conn);
    tdrest_options_free(options);
    tdrt_bench_server_stop(&server);
    return good;
}
