/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Measures decoding against a plain Jansson program: the same bytes, in turn,
 * in one process; both read every cell once. Prints a table and writes JSON.
 *
 *     bench [OUT.json [TEXT_SIZE_BYTES]]
 */
#include "bench/baseline.h"
#include "bench/bodies.h"
#include "bench/reader.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* A reading of ours is short beside one of the baseline's: each turn takes the mean of several. */
enum { TURNS = 5, OURS = 8, AT_LEAST = 52000000 };

typedef struct figures {
    double seconds, ratio;
    int64_t peak_heap;
    double allocations_per_row;
} figures;

static double cpu_seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double median(double *values)
{
    qsort(values, TURNS, sizeof *values, by_value);
    return values[TURNS / 2];
}

/* 1 when both sides saw the same. */
static int measure(const tdrt_body *body, figures *out)
{
    double ours[TURNS], ratios[TURNS];
    tdrt_reading mine, theirs;

    for (int i = 0; i < TURNS; i++) {
        double start = cpu_seconds(), middle;

        for (int n = 0; n < OURS; n++)
            if (!tdrt_read(body->bytes, body->len, &mine))
                return 0;
        middle = cpu_seconds();
        if (!tdrt_baseline(body->bytes, body->len, &theirs))
            return 0;
        ours[i] = (middle - start) / OURS;
        ratios[i] = (cpu_seconds() - middle) / ours[i];
        if (mine.rows != body->rows || theirs.rows != body->rows || mine.sum != theirs.sum || mine.bytes != theirs.bytes) {
            fprintf(stderr, "%s: the two readings differ\n", body->name);
            return 0;
        }
    }
    out->peak_heap = mine.peak_heap;
    out->allocations_per_row = (double)mine.allocations / (double)mine.rows;
    out->seconds = median(ours);
    out->ratio = median(ratios);
    printf("%-8s %8.1f MB %8.0f MB/s %12.0f rows/s %8.1f x Jansson (%.1f-%.1f) %8" PRId64 " bytes heap %9.6f allocations/row\n",
           body->name, (double)body->len / 1e6, (double)body->len / out->seconds / 1e6, (double)body->rows / out->seconds,
           out->ratio, ratios[0], ratios[TURNS - 1], out->peak_heap, out->allocations_per_row);
    return 1;
}

int main(int argc, char **argv)
{
    static int (*const make[])(tdrt_body *, size_t) = {tdrt_body_narrow, tdrt_body_wide, tdrt_body_text};
    FILE *json = fopen(argc > 1 ? argv[1] : "bench.json", "w");
    int good = json != NULL;

    if (json != NULL)
        fputs("{\"decode\":{", json);
    for (size_t i = 0; good && i < sizeof make / sizeof make[0]; i++) {
        tdrt_body body;
        figures f;

        good = make[i](&body, AT_LEAST) && measure(&body, &f);
        if (good)
            fprintf(json, "%s\"%s\":{\"bytes_per_s\":%.0f,\"rows_per_s\":%.0f,\"ratio_vs_jansson\":%.2f,\"peak_heap_bytes\":%" PRId64
                    ",\"allocations_per_row\":%.8f}", i == 0 ? "" : ",", body.name, (double)body.len / f.seconds,
                    (double)body.rows / f.seconds, f.ratio, f.peak_heap, f.allocations_per_row);
        free(body.bytes);
    }
    if (json != NULL) {
        fprintf(json, "},\"text_size_bytes\":%s}\n", argc > 2 ? argv[2] : "null");
        good = fclose(json) == 0 && good;
    }
    return good ? 0 : 1;
}
