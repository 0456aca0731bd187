/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Decoding against a plain Jansson program: the same bytes, in turn, in one
 * process; both read every cell once. Does no I/O but its report.
 */
#include "bench/decode_bench.h"

#include "bench/baseline.h"
#include "bench/bodies.h"
#include "bench/measure.h"
#include "bench/reader.h"

#include <inttypes.h>
#include <stdlib.h>

/* A reading of ours is short beside one of the baseline's: each turn takes the mean of several. */
enum { TURNS = 5, OURS = 8, AT_LEAST = 52000000 };

typedef struct figures {
    double seconds, ratio;
    int64_t peak_heap;
    double allocations_per_row;
} figures;

/* 1 when both sides saw the same. */
static int measure(const tdrt_body *body, figures *out)
{
    double ours[TURNS], ratios[TURNS];
    tdrt_reading mine, theirs;

    for (int i = 0; i < TURNS; i++) {
        double start = tdrt_cpu_seconds(), middle;

        for (int n = 0; n < OURS; n++)
            if (!tdrt_read(body->bytes, body->len, &mine))
                return 0;
        middle = tdrt_cpu_seconds();
        if (!tdrt_baseline(body->bytes, body->len, &theirs))
            return 0;
        ours[i] = (middle - start) / OURS;
        ratios[i] = (tdrt_cpu_seconds() - middle) / ours[i];
        if (mine.rows != body->rows || theirs.rows != body->rows || mine.sum != theirs.sum || mine.bytes != theirs.bytes) {
            fprintf(stderr, "%s: the two readings differ\n", body->name);
            return 0;
        }
    }
    out->peak_heap = mine.peak_heap;
    out->allocations_per_row = (double)mine.allocations / (double)mine.rows;
    out->seconds = tdrt_median(ours, TURNS);
    out->ratio = tdrt_median(ratios, TURNS);
    printf("%-8s %8.1f MB %8.0f MB/s %12.0f rows/s %8.1f x Jansson (%.1f-%.1f) %8" PRId64 " bytes heap %9.6f allocations/row\n",
           body->name, (double)body->len / 1e6, (double)body->len / out->seconds / 1e6, (double)body->rows / out->seconds,
           out->ratio, ratios[0], ratios[TURNS - 1], out->peak_heap, out->allocations_per_row);
    return 1;
}

int tdrt_decode_bench(FILE *json)
{
    static int (*const make[])(tdrt_body *, size_t) = {tdrt_body_narrow, tdrt_body_wide, tdrt_body_text};
    int good = 1;

    fputs("\"decode\":{", json);
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
    fputs("}", json);
    return good;
}
