/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Narrow rows of several tables through a writer, given by columns and one by one, to a server that answers each request after 5 ms; and the same rows as
 * ready-made SQL, in requests of the same size, through as many libcurl handles. Of ours it sees tdrest.h only.
 */
#include "bench/writer_bench.h"

#include "bench/measure.h"
#include "bench/plain.h"
#include "bench/server.h"

#include <stdlib.h>
#include <string.h>

#ifndef TDREST_NO_WRITER

enum { ROUNDS = 7, DELAY_MS = 5, PIECE = 1024, PIECES = 1024, ROWS = PIECE * PIECES, TABLES = 96, BODY_BYTES = 262144, ROW_BYTES = 64, BODIES_MAX = 256, AT_A_TIME = 4 };

#define TARGET_SPEEDUP 3.5
#define TARGET_CPU_COLUMNS 0.15
#define TARGET_CPU_ROWS 0.40
#define TARGET_RATIO 0.95

static int inserted(tdrt_body *out)
{
    static const char text[] = "{\"code\":0,\"column_meta\":[[\"affected_rows\",\"INT\",4]],\"data\":[[1]],\"rows\":1,\"timing\":1}";

    memset(out, 0, sizeof *out);
    out->bytes = strdup(text);
    out->len = sizeof text - 1;
    return out->bytes != NULL;
}

/* ---- rows ---- */

static struct {
    int64_t times[ROWS];
    float current[ROWS], phase[ROWS];
    int32_t voltage[ROWS];
} values;

/* Piece after piece goes to table after table. */
static void name_table(int piece, char name[16])
{
    snprintf(name, 16, "d%d", 1001 + piece % TABLES);
}

static void make_values(void)
{
    uint32_t seed = 20240229;

    for (int i = 0; i < ROWS; i++) {
        seed = seed * 1664525 + 1013904223;
        values.times[i] = INT64_C(1704164645000) + 10 * (int64_t)i;
        values.current[i] = (float)(8.0 + (double)((seed >> 16) % 400) / 100);
        values.voltage[i] = (int32_t)(210 + (seed >> 12) % 20);
        values.phase[i] = (float)((double)((seed >> 20) % 100) / 100);
    }
}

/* ---- ours ---- */

typedef struct ours {
    tdrest_writer *writer;
    int failed;
} ours;

static int add_columns(tdrest_writer *writer, tdrest_stmt *stmt, int64_t from)
{
    tdrest_column ts = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, values.times + from, PIECE), current = TDREST_COLUMN(TDREST_TYPE_FLOAT, values.current + from, PIECE),
                  voltage = TDREST_COLUMN(TDREST_TYPE_INT, values.voltage + from, PIECE), phase = TDREST_COLUMN(TDREST_TYPE_FLOAT, values.phase + from, PIECE);

    ts.precision = TDREST_MS;
    return tdrest_stmt_bind_column(stmt, 0, &ts) == TDREST_OK && tdrest_stmt_bind_column(stmt, 1, &current) == TDREST_OK &&
           tdrest_stmt_bind_column(stmt, 2, &voltage) == TDREST_OK && tdrest_stmt_bind_column(stmt, 3, &phase) == TDREST_OK &&
           tdrest_writer_add(writer) == TDREST_OK;
}

static int add_rows(tdrest_writer *writer, tdrest_stmt *stmt, int64_t from)
{
    int good = 1;

    for (int64_t i = from; good && i < from + PIECE; i++)
        good = tdrest_stmt_bind_time(stmt, 0, values.times[i], TDREST_MS) == TDREST_OK && tdrest_stmt_bind_float(stmt, 1, values.current[i]) == TDREST_OK &&
               tdrest_stmt_bind_int64(stmt, 2, values.voltage[i]) == TDREST_OK && tdrest_stmt_bind_float(stmt, 3, values.phase[i]) == TDREST_OK &&
               tdrest_writer_add(writer) == TDREST_OK;
    return good;
}

typedef int adder(tdrest_writer *writer, tdrest_stmt *stmt, int64_t from);

typedef struct spent {
    double cpu, wall;
} spent;

static spent run_ours(ours *o, adder *add)
{
    double cpu = tdrt_cpu_seconds(), wall = tdrt_wall_seconds();
    tdrest_stmt *stmt = tdrest_writer_stmt(o->writer);
    char table[16];

    for (int piece = 0; piece < PIECES; piece++) {
        name_table(piece, table);
        if (tdrest_stmt_set_table(stmt, table, TDREST_CSTR) != TDREST_OK || !add(o->writer, stmt, (int64_t)piece * PIECE))
            o->failed++;
    }
    if (tdrest_writer_flush(o->writer, 60000) != TDREST_OK)
        o->failed++;
    return (spent){tdrt_cpu_seconds() - cpu, tdrt_wall_seconds() - wall};
}

static tdrest_writer *open_ours(int port, int in_flight)
{
    static const char sql[] = "INSERT INTO ? VALUES(?,?,?,?)";
    tdrest_writer_options settings = TDREST_WRITER_OPTIONS_INIT;
    tdrest_options *options = NULL;
    tdrest_writer *writer = NULL;
    char dsn[64];

    settings.max_in_flight = in_flight;
    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", port);
    if (tdrest_options_new(NULL, &options) != TDREST_OK || tdrest_options_parse(options, dsn) != TDREST_OK ||
        tdrest_writer_new(options, &settings, sql, sizeof sql - 1, &writer) != TDREST_OK ||
        tdrest_stmt_set_precision(tdrest_writer_stmt(writer), TDREST_MS) != TDREST_OK) {
        tdrest_writer_free(writer);
        writer = NULL;
    }
    tdrest_options_free(options);
    return writer;
}

/* ---- libcurl's ---- */

typedef struct theirs {
    CURLM *multi;
    tdrt_plain plain[AT_A_TIME];
    int count, failed;
    const tdrt_body *bodies;
    int body_count, next;
} theirs;

/* A row as the writer sends it, without its exact floats, which have two digits here. */
static int add_row(char *at, int64_t row)
{
    return snprintf(at, ROW_BYTES, "(%lld,%.4g,%d,%.2g)", (long long)values.times[row], (double)values.current[row], (int)values.voltage[row], (double)values.phase[row]);
}

/* The writer's requests: rows that were given to a table at once stay together. */
static int make_bodies(tdrt_body bodies[BODIES_MAX])
{
    tdrt_body *b = bodies;
    int pieces = 0; /* in this one */
    char table[16];

    for (int64_t row = 0; row < ROWS; row++) {
        int is_first = b->bytes == NULL, full = !is_first && row % PIECE == 0 && b->len + b->len / (size_t)pieces + ROW_BYTES > BODY_BYTES;

        if (full && ++b == bodies + BODIES_MAX)
            return 0;
        is_first = is_first || full;
        if (is_first && (b->bytes = malloc(BODY_BYTES)) == NULL)
            return 0;
        if (is_first)
            b->len = (size_t)snprintf(b->bytes, BODY_BYTES, "INSERT INTO");
        if (row % PIECE == 0) {
            pieces = is_first ? 1 : pieces + 1;
            name_table((int)(row / PIECE), table);
            b->len += (size_t)snprintf(b->bytes + b->len, ROW_BYTES, " `%s` VALUES", table);
        }
        b->len += (size_t)add_row(b->bytes + b->len, row);
    }
    return (int)(b - bodies) + 1;
}

static int open_theirs(theirs *t, int port, int count)
{
    t->multi = curl_multi_init();
    while (t->multi != NULL && t->count < count && tdrt_plain_open(&t->plain[t->count], port))
        t->count++;
    return t->multi != NULL && t->count == count;
}

static void close_theirs(theirs *t)
{
    for (int i = 0; i < t->count; i++)
        tdrt_plain_close(&t->plain[i]);
    curl_multi_cleanup(t->multi);
}

static void give_next(theirs *t, CURL *easy)
{
    const tdrt_body *b = &t->bodies[t->next++];

    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, b->bytes);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)b->len);
}

static void run_serial(theirs *t)
{
    while (t->next < t->body_count) {
        give_next(t, t->plain[0].easy);
        t->failed += !tdrt_plain_ask(&t->plain[0]);
    }
}

static int turn_over(theirs *t)
{
    CURLMsg *message;
    int left, ended = 0;

    while ((message = curl_multi_info_read(t->multi, &left)) != NULL) {
        CURL *easy = message->easy_handle;

        t->failed += message->data.result != CURLE_OK;
        ended++;
        curl_multi_remove_handle(t->multi, easy);
        if (t->next < t->body_count) {
            give_next(t, easy);
            curl_multi_add_handle(t->multi, easy);
        }
    }
    return ended;
}

static void run_parallel(theirs *t)
{
    double limit = tdrt_wall_seconds() + 60;
    int ended = 0, running;

    for (int i = 0; i < t->count; i++) {
        give_next(t, t->plain[i].easy);
        curl_multi_add_handle(t->multi, t->plain[i].easy);
    }
    while (ended < t->body_count && tdrt_wall_seconds() < limit) {
        curl_multi_perform(t->multi, &running);
        ended += turn_over(t);
        if (ended < t->body_count)
            curl_multi_wait(t->multi, NULL, 0, 1000, NULL);
    }
    t->failed += ended != t->body_count;
}

static double run_theirs(theirs *t)
{
    double wall = tdrt_wall_seconds();

    t->next = 0;
    if (t->count == 1)
        run_serial(t);
    else
        run_parallel(t);
    return tdrt_wall_seconds() - wall;
}

/* ---- both ---- */

typedef struct figures {
    double rows_per_s, cpu, ratio;
} figures;

/* The first round connects and is not counted; who comes first changes with each. */
static int measure(ours *o, theirs *t, adder *add, figures *f)
{
    double walls[ROUNDS], cpus[ROUNDS], ratios[ROUNDS];

    for (int i = -1; i < ROUNDS; i++) {
        spent mine = {0, 0};
        double theirs_took;

        if (i % 2 == 0)
            mine = run_ours(o, add);
        theirs_took = run_theirs(t);
        if (i % 2 != 0)
            mine = run_ours(o, add);
        if (i >= 0) {
            walls[i] = mine.wall;
            cpus[i] = mine.cpu;
            ratios[i] = theirs_took / mine.wall;
        }
    }
    f->rows_per_s = ROWS / tdrt_median(walls, ROUNDS);
    f->cpu = tdrt_median(cpus, ROUNDS) / ROWS * 1e6;
    f->ratio = tdrt_median(ratios, ROUNDS);
    return o->failed == 0 && t->failed == 0;
}

/* figures: by columns, by rows. */
static int measure_with(int in_flight, const tdrt_body *bodies, int body_count, figures f[2])
{
    theirs t = {.bodies = bodies, .body_count = body_count};
    ours o = {NULL, 0};
    tdrt_bench_server server, other;
    int good = tdrt_bench_server_start_slow(&server, inserted, DELAY_MS);

    if (!good)
        return 0;
    if (!tdrt_bench_server_start_slow(&other, inserted, DELAY_MS)) {
        tdrt_bench_server_stop(&server);
        return 0;
    }
    o.writer = open_ours(server.port, in_flight);
    good = o.writer != NULL && open_theirs(&t, other.port, in_flight) && measure(&o, &t, add_columns, &f[0]) && measure(&o, &t, add_rows, &f[1]);
    tdrest_writer_free(o.writer);
    close_theirs(&t);
    tdrt_bench_server_stop(&other); /* the second one holds what ends the first */
    tdrt_bench_server_stop(&server);
    return good;
}

static void tell(int in_flight, const figures f[2])
{
    static const char *const how[] = {"columns", "rows"};

    for (int i = 0; i < 2; i++)
        printf("writer, %d in flight, by %-7s %9.0f rows/s %6.3f s of CPU a million rows %6.2f x the speed of curl\n", in_flight, how[i], f[i].rows_per_s, f[i].cpu,
               f[i].ratio);
}

static void write_json(FILE *json, const char *name, const char *beside, const figures f[2])
{
    fprintf(json, "\"%s\":{\"rows_per_s\":%.0f,\"cpu_s_per_million_rows\":%.4f,\"ratio_vs_curl_%s\":%.3f,", name, f[0].rows_per_s, f[0].cpu, beside, f[0].ratio);
    fprintf(json, "\"by_rows\":{\"rows_per_s\":%.0f,\"cpu_s_per_million_rows\":%.4f,\"ratio_vs_curl_%s\":%.3f}}", f[1].rows_per_s, f[1].cpu, beside, f[1].ratio);
}

static void judge(const figures one[2], const figures four[2])
{
    tdrt_judge("writer: time of one in flight, to four's", TARGET_SPEEDUP * one[0].rows_per_s / four[0].rows_per_s, 1, "x");
    tdrt_judge("writer: CPU of a million rows, by columns", four[0].cpu, TARGET_CPU_COLUMNS, "s");
    tdrt_judge("writer: CPU of a million rows, by rows", four[1].cpu, TARGET_CPU_ROWS, "s");
    tdrt_judge("writer: time beside serial curl", 1 / one[0].ratio, 1 / TARGET_RATIO, "x");
    tdrt_judge("writer: time beside parallel curl, by columns", 1 / four[0].ratio, 1 / TARGET_RATIO, "x");
    tdrt_judge("writer: time beside parallel curl, by rows", 1 / four[1].ratio, 1 / TARGET_RATIO, "x");
}

int tdrt_writer_bench(FILE *json)
{
    static tdrt_body bodies[BODIES_MAX];
    figures one[2], four[2];
    int count, good;

    make_values();
    count = make_bodies(bodies);
    good = count > 0 && measure_with(1, bodies, count, one) && measure_with(AT_A_TIME, bodies, count, four);
    for (int i = 0; i < BODIES_MAX; i++)
        free(bodies[i].bytes);
    if (!good) {
        fputs("\"writer\":null", json);
        return 0;
    }
    fputs("\"writer\":{", json);
    write_json(json, "in_flight_1", "serial", one);
    fputs(",", json);
    write_json(json, "in_flight_4", "parallel", four);
    fputs("}", json);
    tell(1, one);
    tell(AT_A_TIME, four);
    judge(one, four);
    return 1;
}

#else

int tdrt_writer_bench(FILE *json)
{
    fputs("\"writer\":null", json);
    return 1;
}

#endif
