/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Runs all measurements, prints their tables and writes one JSON object.
 * Fails when something could not be measured, never for a missed target.
 *
 *     bench OUT.json TDREST SANDBOX [TEXT_SIZE_BYTES]
 */
#include "bench/arrow_bench.h"
#include "bench/async_bench.h"
#include "bench/data_bench.h"
#include "bench/decode_bench.h"
#include "bench/failover_bench.h"
#include "bench/latency_bench.h"
#include "bench/measure.h"
#include "bench/pool_bench.h"
#include "bench/render_bench.h"
#include "bench/spool_bench.h"
#include "bench/tool_bench.h"
#include "bench/writer_bench.h"

int main(int argc, char **argv)
{
    FILE *json;
    int good;

    if (argc < 4 || (json = fopen(argv[1], "w")) == NULL) {
        fprintf(stderr, "usage: %s OUT.json TDREST SANDBOX [TEXT_SIZE_BYTES]\n", argv[0]);
        return 2;
    }
    tdrt_pin(TDRT_FIRST_PROCESSOR);
    fputs("{", json);
    good = tdrt_tool_bench(json, argv[2]); /* first: this process is small yet */
    fputs(",", json);
    good = tdrt_data_bench(json, argv[2], argv[3]) && good;
    fputs(",", json);
    good = tdrt_latency_bench(json) && good;
    fputs(",", json);
    good = tdrt_pool_bench(json) && good;
    fputs(",", json);
    good = tdrt_failover_bench(json) && good;
    fputs(",", json);
    good = tdrt_async_bench(json) && good;
    fputs(",", json);
    good = tdrt_writer_bench(json) && good;
#ifndef TDREST_NO_SPOOL
    fputs(",", json);
    good = tdrt_spool_bench(json) && good;
#endif
#ifndef TDREST_NO_ARROW
    fputs(",", json);
    good = tdrt_arrow_bench(json, argv[3]) && good;
#endif
    fputs(",", json);
    good = tdrt_render_bench(json) && good;
    fputs(",", json);
    good = tdrt_decode_bench(json) && good;
    fprintf(json, ",\"text_size_bytes\":%s}\n", argc > 4 ? argv[4] : "null");
    return fclose(json) == 0 && good ? 0 : 1;
}
