/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The tool reads a million rows, curl the same bytes, in turn; the system
 * tells what each has used. An older build that TDREST_BENCH_BEFORE names
 * takes its turn as well. Knows nothing of any but the command line.
 */
#include "bench/tool_bench.h"

#include "bench/measure.h"
#include "bench/program.h"
#include "bench/server.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 1000000, PAIRS = 9 };

static const char sql[] = "SELECT ts, current, voltage, phase, groupid, location FROM meters";

/* What one format costs beyond curl, and in all. */
typedef struct figures {
    double cpu_s, cpu_extra_s, cpu_ratio, wall_ratio, rss_extra_kib;
    double extra_vs_before; /* what it costs beyond curl against the same of the older build; 0: there is none */
    double wall_extra_ms;
} figures;

typedef struct format {
    const char *name;
    double cpu_target_s, rss_target_kib, before_target; /* 0: not compared with an older build */
} format;

/* Pairs in turn, the first of them to warm up. The exit status of the first program that failed, its name told. */
static int compare(const char *const ours[], const char *const before[], const char *const theirs[], figures *out)
{
    double cpu[PAIRS], extra[PAIRS], cpu_ratio[PAIRS], wall_ratio[PAIRS], rss[PAIRS], against[PAIRS], wall[PAIRS];
    tdrt_usage a = {0, 0, 0}, b = {0, 0, 0}, old = {0, 0, 0};

    for (int i = -1; i < PAIRS; i++) {
        int at = i < 0 ? 0 : i, status = tdrt_run_program(theirs, &b);
        const char *name = theirs[0];

        if (status == 0 && before[0] != NULL) {
            status = tdrt_run_program(before, &old);
            name = before[0];
        }
        if (status == 0) {
            status = tdrt_run_program(ours, &a);
            name = ours[0];
        }
        if (status != 0) {
            printf("%s: %s\n", name, status == TDRT_NO_PROGRAM ? "no such command; nothing is measured against it" : "failed");
            return status;
        }
        cpu[at] = a.cpu_s;
        extra[at] = a.cpu_s - b.cpu_s;
        cpu_ratio[at] = a.cpu_s / b.cpu_s;
        wall_ratio[at] = a.wall_s / b.wall_s;
        rss[at] = a.rss_kib - b.rss_kib;
        against[at] = before[0] == NULL ? 0 : (a.cpu_s - b.cpu_s) / (old.cpu_s - b.cpu_s);
        wall[at] = 1000 * (a.wall_s - b.wall_s);
    }
    out->cpu_s = tdrt_median(cpu, PAIRS);
    out->cpu_extra_s = tdrt_median(extra, PAIRS);
    out->cpu_ratio = tdrt_median(cpu_ratio, PAIRS);
    out->wall_ratio = tdrt_median(wall_ratio, PAIRS);
    out->rss_extra_kib = tdrt_median(rss, PAIRS);
    out->extra_vs_before = tdrt_median(against, PAIRS);
    out->wall_extra_ms = tdrt_median(wall, PAIRS);
    return 0;
}

static void tell(const format *f, const figures *x)
{
    char what[64];

    printf("tdrest -F %-5s 1,000,000 rows %8.3f s CPU %6.2f x curl's CPU %6.2f x curl's time\n", f->name, x->cpu_s, x->cpu_ratio,
           x->wall_ratio);
    if (x->extra_vs_before > 0) {
        snprintf(what, sizeof what, "tdrest -F %s: CPU beyond curl, against before", f->name);
        tdrt_judge(what, x->extra_vs_before, f->before_target, "x");
    }
    snprintf(what, sizeof what, "tdrest -F %s: CPU beyond curl", f->name);
    tdrt_judge(what, x->cpu_extra_s, f->cpu_target_s, "s");
    snprintf(what, sizeof what, "tdrest -F %s: resident memory beyond curl", f->name);
    tdrt_judge(what, x->rss_extra_kib, f->rss_target_kib, "KiB");
}

/* 0 when the tool failed. */
static int measure(FILE *json, const char *tool, int port, const format *f)
{
    char dsn[64], url[64];
    const char *ours[] = {tool, "-X", "-u", dsn, "-F", f->name, sql, NULL};
    const char *before[] = {f->before_target > 0 ? getenv("TDREST_BENCH_BEFORE") : NULL, "-u", dsn, "-F", f->name, sql, NULL};
    const char *theirs[] = {"curl", "-q", "-s", "-o", "/dev/null", "-u", "root:taosdata", "-d", sql, url, NULL};
    figures x;
    int status;

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", port);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/rest/sql", port);
    status = compare(ours, before, theirs, &x);
    fprintf(json, "\"%s\":", f->name);
    if (status != 0) {
        fputs("{\"cpu_s\":null,\"cpu_extra_s\":null,\"cpu_ratio_vs_curl\":null,\"wall_ratio_vs_curl\":null,\"rss_extra_kib\":null}", json);
        return status == TDRT_NO_PROGRAM;
    }
    fprintf(json, "{\"cpu_s\":%.4f,\"cpu_extra_s\":%.4f,\"cpu_ratio_vs_curl\":%.3f,\"wall_ratio_vs_curl\":%.3f,\"rss_extra_kib\":%.0f", x.cpu_s, x.cpu_extra_s,
            x.cpu_ratio, x.wall_ratio, x.rss_extra_kib);
    if (x.extra_vs_before > 0)
        fprintf(json, ",\"cpu_extra_vs_before\":%.3f", x.extra_vs_before);
    fputs("}", json);
    tell(f, &x);
    return 1;
}

/* One row: what remains is the time to start. */
static int measure_start(FILE *json, const char *tool, int port)
{
    char dsn[64], url[64];
    const char *ours[] = {tool, "-u", dsn, sql, NULL}, *none[] = {NULL};
    const char *theirs[] = {"curl", "-q", "-s", "-o", "/dev/null", "-u", "root:taosdata", "-d", sql, url, NULL};
    figures x;
    int status;

    snprintf(dsn, sizeof dsn, "http://127.0.0.1:%d", port);
    snprintf(url, sizeof url, "http://127.0.0.1:%d/rest/sql", port);
    status = compare(ours, none, theirs, &x);
    if (status != 0) {
        fputs(",\"start_extra_ms\":null", json);
        return status == TDRT_NO_PROGRAM;
    }
    fprintf(json, ",\"start_extra_ms\":%.2f", x.wall_extra_ms);
    tdrt_judge("tdrest: start beyond curl's", x.wall_extra_ms, 5, "ms");
    return 1;
}

static int million_rows(tdrt_body *out)
{
    return tdrt_body_narrow_rows(out, ROWS);
}

static int one_row(tdrt_body *out)
{
    return tdrt_body_narrow_rows(out, 1);
}

int tdrt_tool_bench(FILE *json, const char *tool)
{
    static const format formats[] = {{"none", 0.10, 2048, 1.05}, {"csv", 0.50, 2048, 0.65}, {"jsonl", 0.70, 2048, 1.0},
#ifndef TDREST_NO_ARROW
                                     {"arrow", 0.15, 6144, 0},
#endif
    };
    tdrt_bench_server server;
    int good = 1;

    if (!tdrt_bench_server_start(&server, million_rows)) {
        fputs("the server of the measurements does not start\n", stderr);
        return 0;
    }
    fputs("\"tool\":{", json);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        fputs(i == 0 ? "" : ",", json);
        good = measure(json, tool, server.port, &formats[i]) && good;
    }
    tdrt_bench_server_stop(&server);
    if (tdrt_bench_server_start(&server, one_row)) {
        good = measure_start(json, tool, server.port) && good;
        tdrt_bench_server_stop(&server);
    }
    fputs("}", json);
    return good;
}
