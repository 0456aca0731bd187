/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A million narrow rows into the sandbox and out again; and several tables over a server that takes 5 ms for each answer. */
#include "bench/data_bench.h"

#include "bench/measure.h"
#include "bench/program.h"
#include "bench/sandbox.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 1000000, TABLES = 16, TABLE_ROWS = 3000, RUNS = 3 };

/* A sandbox, and the folder of the files. */
typedef struct stage {
    const char *tool;
    tdrt_bench_sandbox sandbox;
    char folder[64];
    char narrow[96], wide[96], out[96];
} stage;

static int write_files(stage *s)
{
    FILE *narrow, *wide;
    int i, good;

    snprintf(s->folder, sizeof s->folder, "/tmp/tdrest-bench.XXXXXX");
    if (mkdtemp(s->folder) == NULL)
        return 0;
    snprintf(s->narrow, sizeof s->narrow, "%s/narrow.csv", s->folder);
    snprintf(s->wide, sizeof s->wide, "%s/tables.csv", s->folder);
    snprintf(s->out, sizeof s->out, "%s/out.csv", s->folder);
    narrow = fopen(s->narrow, "w");
    wide = fopen(s->wide, "w");
    good = narrow != NULL && wide != NULL;
    if (good) {
        fputs("ts,f,v\n", narrow);
        for (i = 0; i < ROWS; i++)
            fprintf(narrow, "%lld,%d.%d,%d\n", 1700000000000LL + i, i % 100, i % 7, i % 200);
        fputs("tbname,ts,v,g\n", wide);
        for (i = 0; i < TABLES * TABLE_ROWS; i++)
            fprintf(wide, "t%d,%lld,%d,1\n", i % TABLES, 1700000000000LL + i, i);
    }
    if (narrow != NULL && fclose(narrow) != 0)
        good = 0;
    if (wide != NULL && fclose(wide) != 0)
        good = 0;
    return good;
}

static int make_tables(const stage *s)
{
    const char *argv[] = {s->tool, "-X", "-u", s->sandbox.url, "create database b keep 36500", "create table b.n (ts timestamp, f float, v int)",
                          "create stable b.st (ts timestamp, v int) tags (g int)", NULL};
    tdrt_usage used;

    return tdrt_run_program(argv, &used) == 0;
}

/* The median of some runs. */
static int measure(const char *const argv[], tdrt_usage *out)
{
    double cpu[RUNS], wall[RUNS], rss[RUNS];
    int i;

    for (i = 0; i < RUNS; i++) {
        tdrt_usage used;

        if (tdrt_run_program(argv, &used) != 0)
            return 0;
        cpu[i] = used.cpu_s;
        wall[i] = used.wall_s;
        rss[i] = used.rss_kib;
    }
    *out = (tdrt_usage){tdrt_median(cpu, RUNS), tdrt_median(wall, RUNS), tdrt_median(rss, RUNS)};
    return 1;
}

static int measure_parallel(const stage *s, double *ratio)
{
    const char *one[] = {s->tool, "-X", "-u", s->sandbox.url, "--header", "X-Sandbox-Fault: delay=5", "import", "--using", "b.st", "--batch-bytes", "4096", "--parallel", "1", s->wide, NULL};
    const char *four[] = {s->tool, "-X", "-u", s->sandbox.url, "--header", "X-Sandbox-Fault: delay=5", "import", "--using", "b.st", "--batch-bytes", "4096", "--parallel", "4", s->wide, NULL};
    tdrt_usage a, b;

    if (!measure(one, &a) || !measure(four, &b))
        return 0;
    *ratio = a.wall_s / b.wall_s;
    return 1;
}

static int measure_all(FILE *json, const stage *s)
{
    const char *in[] = {s->tool, "-X", "-u", s->sandbox.url, "import", "--table", "b.n", s->narrow, NULL}, *out[] = {s->tool, "-X", "-u", s->sandbox.url, "export", "b.n", "-o", s->out, NULL};
    tdrt_usage import, export;
    double ratio;

    if (!measure(in, &import) || !measure(out, &export) || !measure_parallel(s, &ratio))
        return 0;
    fprintf(json, "\"import\":{\"cpu_s_per_million_rows\":%.3f,\"peak_kib\":%.0f,\"parallel_4_vs_1\":%.2f},\"export\":{\"cpu_s_per_million_rows\":%.3f,\"peak_kib\":%.0f}",
            import.cpu_s, import.rss_kib, ratio, export.cpu_s, export.rss_kib);
    tdrt_judge("tdrest import: CPU of 1,000,000 rows", import.cpu_s, 0.5, "s");
    tdrt_judge("tdrest import: memory at most", import.rss_kib, 32768, "KiB");
    tdrt_judge("tdrest import: --parallel 4 against 1, 5 ms", 1 / ratio, 1 / 3.3, "x");
    tdrt_judge("tdrest export: CPU of 1,000,000 rows", export.cpu_s, 0.5, "s");
    tdrt_judge("tdrest export: memory at most", export.rss_kib, 16384, "KiB");
    return 1;
}

static void clear(stage *s)
{
    tdrt_bench_sandbox_stop(&s->sandbox);
    unlink(s->narrow);
    unlink(s->wide);
    unlink(s->out);
    rmdir(s->folder);
}

int tdrt_data_bench(FILE *json, const char *tool, const char *sandbox)
{
    stage s = {.tool = tool};
    int good = tdrt_bench_sandbox_start(&s.sandbox, sandbox, NULL) && write_files(&s) && make_tables(&s) && measure_all(json, &s);

    if (!good) {
        fputs("\"import\":null,\"export\":null", json);
        fputs("import and export could not be measured\n", stderr);
    }
    clear(&s);
    return good;
}
