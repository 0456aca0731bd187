/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Batches into a spool that is never synced, and the same bytes into one file by write(2), in turns, in the same directory. Both stay in the system's
 * memory, so what is compared is the work.
 */
#include "bench/spool_bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/measure.h"
#include "spool/spool.h"

enum { ROUNDS = 7, BATCHES = 400, ROWS = 5000, BATCH_MAX = 1 << 20 };

static char scratch[64], batch[BATCH_MAX];
static size_t batch_len;

/* An INSERT of narrow rows, about 150 KB. */
static void make_batch(void)
{
    batch_len = (size_t)snprintf(batch, sizeof batch, "INSERT INTO d1001 VALUES");
    for (int i = 0; i < ROWS; i++)
        batch_len += (size_t)snprintf(batch + batch_len, sizeof batch - batch_len, " (17000000%05d,%d.%d,%d)", i, i % 40, i % 10, 200 + i % 30);
}

static void empty(const char *path)
{
    DIR *names = opendir(path);
    struct dirent *entry;
    char inner[512];

    while (names != NULL && (entry = readdir(names)) != NULL) {
        snprintf(inner, sizeof inner, "%s/%.200s", path, entry->d_name);
        if (entry->d_name[0] != '.')
            (void)remove(inner);
    }
    if (names != NULL)
        closedir(names);
    (void)rmdir(path);
}

/* Seconds; 0: it failed. */
static double run_spool(double *bytes_per_row)
{
    char dir[128];
    const tdri_spool_config config = {.dir = dir, .sync = TDRI_SPOOL_SYNC_NEVER};
    const tdri_spool_record record = {.rows = ROWS, .database = {"power", 5}, .timezone = {"UTC", 3}, .body = {batch, batch_len}};
    tdri_spool *spool = NULL;
    tdri_spool_counts counts;
    tdrest_error err;
    uint64_t number;
    double took;
    int rc;

    snprintf(dir, sizeof dir, "%s/spool", scratch);
    tdri_err_reset(&err);
    rc = tdri_spool_open(&spool, &config, &tdri_mem_default, &err);
    took = tdrt_wall_seconds();
    for (int i = 0; rc == TDREST_OK && i < BATCHES; i++)
        rc = tdri_spool_append(spool, &record, &number, &err);
    took = tdrt_wall_seconds() - took;
    if (rc == TDREST_OK) {
        tdri_spool_count(spool, &counts);
        *bytes_per_row = (double)counts.written_bytes / BATCHES / ROWS;
    }
    (void)tdri_spool_close(spool, &err);
    empty(dir);
    return rc == TDREST_OK ? took : 0;
}

static double run_write(void)
{
    char path[128];
    int fd, good;
    double took;

    snprintf(path, sizeof path, "%s/plain", scratch);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    good = fd >= 0;
    took = tdrt_wall_seconds();
    for (int i = 0; good && i < BATCHES; i++)
        good = write(fd, batch, batch_len) == (ssize_t)batch_len;
    took = tdrt_wall_seconds() - took;
    good = fd >= 0 && close(fd) == 0 && good;
    (void)unlink(path);
    return good ? took : 0;
}

int tdrt_spool_bench(FILE *json)
{
    double speeds[ROUNDS], ratios[ROUNDS], bytes_per_row = 0, speed, ratio;
    int good = 1;

    make_batch();
    snprintf(scratch, sizeof scratch, "/tmp/tdrest-bench.XXXXXX");
    good = mkdtemp(scratch) != NULL;
    for (int i = -1; good && i < ROUNDS; i++) {
        const double first = i % 2 == 0 ? run_write() : 0, mine = run_spool(&bytes_per_row), plain = i % 2 == 0 ? first : run_write();

        good = mine > 0 && plain > 0;
        if (!good || i < 0)
            continue;
        speeds[i] = (double)BATCHES * (double)batch_len / mine / 1e6;
        ratios[i] = plain / mine;
    }
    (void)rmdir(scratch);
    if (!good) {
        fputs("\"spool\":{\"mb_per_s\":null,\"ratio_vs_append\":null,\"disk_bytes_per_row\":null}", json);
        return 0;
    }
    speed = tdrt_median(speeds, ROUNDS);
    ratio = tdrt_median(ratios, ROUNDS);
    printf("\nspool, never synced: %.0f MB/s, %.1f bytes for each row of %.1f\n", speed, bytes_per_row, (double)batch_len / ROWS);
    tdrt_judge("time against that of write(2)", 1 / ratio, 1.25, "x");
    fprintf(json, "\"spool\":{\"mb_per_s\":%.1f,\"ratio_vs_append\":%.3f,\"disk_bytes_per_row\":%.2f}", speed, ratio, bytes_per_row);
    return 1;
}
