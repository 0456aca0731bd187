/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Rows given to a statement, by column and one by one, against one snprintf a row with "%.9g" for a FLOAT: the same values in turn, in one
 * process. Both leave the rows as SQL in memory; the baseline neither escapes nor checks anything, and its floats do not all come
 * back. Nothing is sent.
 */
#include "bench/render_bench.h"

#include "bench/measure.h"
#include "client/stmt.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 4096, ROUNDS = 24, TURNS = 7, TEXT_BYTES = 16, WIDE_COPIES = 6 };

/* What meters send, a row every ten milliseconds. */
typedef struct values {
    int64_t times[ROWS];
    float current[ROWS], phase[ROWS];
    int32_t voltage[ROWS];
    double energy[ROWS];
    char places[ROWS * TEXT_BYTES];
    uint32_t offset[ROWS], length[ROWS];
} values;

static uint64_t draw(uint64_t *seed, uint64_t below)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 0x2545f4914f6cdd1du % below;
}

static void make_values(values *v)
{
    static const char *const places[] = {"SanFrancisco", "LosAngeles", "San Diego", "Campbell"};
    uint64_t seed = 20240229;

    for (uint32_t i = 0; i < ROWS; i++) {
        const char *place = places[draw(&seed, 4)];

        v->times[i] = INT64_C(1704164645000) + 10 * (int64_t)i;
        v->current[i] = (float)(8.0 + (double)draw(&seed, 400) / 100);
        v->voltage[i] = (int32_t)(210 + draw(&seed, 20));
        v->phase[i] = (float)((double)draw(&seed, 100) / 100);
        v->energy[i] = (double)draw(&seed, 100000000) / 1000;
        v->offset[i] = i * TEXT_BYTES;
        v->length[i] = (uint32_t)strlen(place);
        memcpy(v->places + v->offset[i], place, v->length[i]);
    }
}

/* ---- a statement ---- */

/* A row is a time, then `copies` of each of the others; wide ones have a DOUBLE and a VARCHAR as well. */
typedef struct shape {
    int copies, is_wide;
} shape;

static tdrest_stmt *prepare(tdrest_conn *conn, const shape *s)
{
    char sql[256] = "INSERT INTO d1001 VALUES(?";
    int params = 1 + s->copies * (s->is_wide ? 5 : 3);
    tdrest_stmt *stmt;

    for (int i = 1; i < params; i++)
        strcat(sql, ",?");
    strcat(sql, ")");
    /* As after tdrest_stmt_describe: times are integers, which is also what the baseline writes. */
    if (tdrest_stmt_new(conn, sql, TDREST_CSTR, &stmt) != TDREST_OK || tdrest_stmt_set_precision(stmt, TDREST_MS) != TDREST_OK)
        return NULL;
    return stmt;
}

static int by_column(tdrest_stmt *stmt, const shape *s, const values *v)
{
    tdrest_column ts = TDREST_COLUMN(TDREST_TYPE_TIMESTAMP, v->times, ROWS), current = TDREST_COLUMN(TDREST_TYPE_FLOAT, v->current, ROWS),
                  voltage = TDREST_COLUMN(TDREST_TYPE_INT, v->voltage, ROWS), phase = TDREST_COLUMN(TDREST_TYPE_FLOAT, v->phase, ROWS),
                  energy = TDREST_COLUMN(TDREST_TYPE_DOUBLE, v->energy, ROWS),
                  place = TDREST_TEXT_COLUMN(TDREST_TYPE_VARCHAR, v->places, v->offset, v->length, ROWS);
    int good, at = 1;

    ts.precision = TDREST_MS;
    good = tdrest_stmt_bind_column(stmt, 0, &ts) == TDREST_OK;
    for (int i = 0; i < s->copies; i++) {
        good = good && tdrest_stmt_bind_column(stmt, at++, &current) == TDREST_OK && tdrest_stmt_bind_column(stmt, at++, &voltage) == TDREST_OK &&
               tdrest_stmt_bind_column(stmt, at++, &phase) == TDREST_OK;
        if (s->is_wide)
            good = good && tdrest_stmt_bind_column(stmt, at++, &energy) == TDREST_OK && tdrest_stmt_bind_column(stmt, at++, &place) == TDREST_OK;
    }
    return good && tdrest_stmt_add_row(stmt) >= 0;
}

static int by_row(tdrest_stmt *stmt, const shape *s, const values *v)
{
    int good = 1;

    for (size_t row = 0; good && row < ROWS; row++) {
        int at = 1;

        good = tdrest_stmt_bind_time(stmt, 0, v->times[row], TDREST_MS) == TDREST_OK;
        for (int i = 0; i < s->copies; i++) {
            good = good && tdrest_stmt_bind_float(stmt, at++, v->current[row]) == TDREST_OK &&
                   tdrest_stmt_bind_int64(stmt, at++, v->voltage[row]) == TDREST_OK && tdrest_stmt_bind_float(stmt, at++, v->phase[row]) == TDREST_OK;
            if (s->is_wide)
                good = good && tdrest_stmt_bind_double(stmt, at++, v->energy[row]) == TDREST_OK &&
                       tdrest_stmt_bind_text(stmt, at++, v->places + v->offset[row], v->length[row]) == TDREST_OK;
        }
        good = good && tdrest_stmt_add_row(stmt) >= 0;
    }
    return good;
}

/* ---- the baseline ---- */

static size_t with_snprintf(char *out, size_t cap, const shape *s, const values *v)
{
    size_t len = 0;

    for (size_t row = 0; row < ROWS; row++) {
        if (!s->is_wide) {
            len += (size_t)snprintf(out + len, cap - len, "(%" PRId64 ",%.9g,%" PRId32 ",%.9g)", v->times[row], (double)v->current[row], v->voltage[row],
                                    (double)v->phase[row]);
            continue;
        }
        len += (size_t)snprintf(out + len, cap - len, "(%" PRId64, v->times[row]);
        for (int i = 0; i < s->copies; i++)
            len += (size_t)snprintf(out + len, cap - len, ",%.9g,%" PRId32 ",%.9g,%.17g,'%.*s'", (double)v->current[row], v->voltage[row],
                                    (double)v->phase[row], v->energy[row], (int)v->length[row], v->places + v->offset[row]);
        out[len++] = ')';
    }
    return len;
}

/* ---- measuring ---- */

typedef struct figures {
    double rows_per_s, bytes_per_s, ratio;
} figures;

typedef int giver(tdrest_stmt *stmt, const shape *s, const values *v);

static int measure(tdrest_conn *conn, const shape *s, giver *give, const values *v, char *out, size_t cap, figures *f)
{
    double ours[TURNS], ratios[TURNS];
    tdrest_stmt *stmt = prepare(conn, s);
    size_t bytes = 0, sink = 0;
    int good = stmt != NULL;

    for (int turn = 0; good && turn < TURNS; turn++) {
        double start = tdrt_cpu_seconds(), middle;

        for (int i = 0; good && i < ROUNDS; i++) {
            good = give(stmt, s, v) && stmt->packing.row_count == ROWS;
            bytes = stmt->packing.text.len;
            tdrest_stmt_reset(stmt);
        }
        middle = tdrt_cpu_seconds();
        for (int i = 0; i < ROUNDS; i++)
            sink += with_snprintf(out, cap, s, v);
        ours[turn] = (middle - start) / ROUNDS;
        ratios[turn] = (tdrt_cpu_seconds() - middle) / ROUNDS / ours[turn];
    }
    tdrest_stmt_free(stmt);
    if (!good || sink == 0)
        return 0;
    f->ratio = tdrt_median(ratios, TURNS);
    f->rows_per_s = ROWS / tdrt_median(ours, TURNS);
    f->bytes_per_s = (double)bytes / ROWS * f->rows_per_s;
    return 1;
}

int tdrt_render_bench(FILE *json)
{
    static const struct { const char *name; shape shape; giver *give; double target; } runs[] = {
        {"narrow_columns", {1, 0}, by_column, 8}, {"narrow_rows", {1, 0}, by_row, 0},
        {"wide_columns", {WIDE_COPIES, 1}, by_column, 0}, {"wide_rows", {WIDE_COPIES, 1}, by_row, 0},
    };
    const size_t cap = (size_t)ROWS * 1024;
    values *v = malloc(sizeof *v);
    char *out = malloc(cap), why[256] = "out of memory";
    tdrest_conn *conn = NULL;
    int good = v != NULL && out != NULL && tdrest_open(NULL, &conn, why, sizeof why) == TDREST_OK;
    figures f;

    if (good)
        make_values(v);
    fputs("\"render\":{", json);
    for (size_t i = 0; good && i < sizeof runs / sizeof runs[0]; i++) {
        good = measure(conn, &runs[i].shape, runs[i].give, v, out, cap, &f);
        if (!good)
            break;
        printf("%-14s %12.0f rows/s %8.0f MB/s %6.1f x snprintf%s\n", runs[i].name, f.rows_per_s, f.bytes_per_s / 1e6, f.ratio,
               runs[i].target == 0 ? "" : f.ratio >= runs[i].target ? " (target 8) met" : " (target 8) MISSED");
        fprintf(json, "%s\"%s\":{\"rows_per_s\":%.0f,\"bytes_per_s\":%.0f,\"ratio_vs_snprintf\":%.2f}", i == 0 ? "" : ",", runs[i].name,
                f.rows_per_s, f.bytes_per_s, f.ratio);
    }
    fputs("}", json);
    if (!good)
        fprintf(stderr, "render: %s\n", conn == NULL ? why : "a row was refused");
    tdrest_conn_free(conn);
    free(out);
    free(v);
    return good;
}
