/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Batches into a spool that is never synced, and the same bytes into one file by write(2), in turns, in one directory: in memory where there is such a file
 * system, as ext4 creates files the slower the more were removed in the last minutes, by whatever program. Compared is the work, user and system time, which
 * other programs hardly change. Then an hour of a gateway with each policy, by a clock of its own and with syncs that are only counted: what it asks of a disk.
 */
#include "bench/spool_bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "bench/measure.h"
#include "spool/spool.h"

enum { ROUNDS = 15, BATCHES = 100, ROWS = 5000, BATCH_MAX = 1 << 20 };
/* Of the gateway: a batch each second; then nothing. */
enum { GATEWAY_ROWS = 100, SECOND_MS = 1000, BUSY_S = 3600, IDLE_S = 8 * 3600 };

static char scratch[64], batch[BATCH_MAX];
static size_t batch_len;

/* An INSERT of narrow rows, 24.8 bytes each. */
static void make_batch(int rows)
{
    batch_len = (size_t)snprintf(batch, sizeof batch, "INSERT INTO d1001 VALUES");
    for (int i = 0; i < rows; i++)
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

typedef struct times {
    double cpu, wall; /* seconds; 0: it failed */
} times;

static times now(void)
{
    return (times){tdrt_cpu_seconds(), tdrt_wall_seconds()};
}

static times since(times begin)
{
    const times end = now();

    return (times){end.cpu - begin.cpu, end.wall - begin.wall};
}

static times run_spool(int round, double *bytes_per_row)
{
    char dir[128];
    const tdri_spool_config config = {.dir = dir, .sync = TDRI_SPOOL_SYNC_NEVER};
    const tdri_spool_record record = {.rows = ROWS, .database = {"power", 5}, .timezone = {"UTC", 3}, .body = {batch, batch_len}};
    tdri_spool *spool = NULL;
    tdri_spool_counts counts;
    tdrest_error err;
    uint64_t number;
    times took;
    int rc;

    snprintf(dir, sizeof dir, "%s/%d", scratch, round);
    tdri_err_reset(&err);
    rc = tdri_spool_open(&spool, &config, &tdri_mem_default, &err);
    took = now();
    for (int i = 0; rc == TDREST_OK && i < BATCHES; i++)
        rc = tdri_spool_append(spool, &record, &number, &err);
    took = since(took);
    if (rc == TDREST_OK) {
        tdri_spool_count(spool, &counts);
        *bytes_per_row = (double)counts.written_bytes / BATCHES / ROWS;
    }
    (void)tdri_spool_close(spool, &err);
    return rc == TDREST_OK ? took : (times){0, 0};
}

static times run_write(int round)
{
    char path[128];
    int fd, good;
    times took;

    snprintf(path, sizeof path, "%s/plain.%d", scratch, round);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
    good = fd >= 0;
    took = now();
    for (int i = 0; good && i < BATCHES; i++)
        good = write(fd, batch, batch_len) == (ssize_t)batch_len;
    took = since(took);
    good = fd >= 0 && close(fd) == 0 && good;
    return good ? took : (times){0, 0};
}

/* ---- a gateway ---- */

/* What is asked of the disk. */
typedef struct asked {
    int64_t now_ms, bytes, syncs;
} asked;

static int64_t read_now(void *context)
{
    return ((const asked *)context)->now_ms;
}

static int64_t count_write(void *context, int fd, const tdri_files_bytes bytes[2])
{
    const int64_t done = tdri_files_system.write(NULL, fd, bytes);

    ((asked *)context)->bytes += done > 0 ? done : 0;
    return done;
}

static int count_sync(void *context, int fd)
{
    (void)fd;
    ((asked *)context)->syncs++;
    return 0;
}

static int count_sync_dir(void *context, const char *path)
{
    (void)path;
    ((asked *)context)->syncs++;
    return 0;
}

/* A second: perhaps a batch, then what is stored is delivered. */
static int work(tdri_spool *spool, asked *disk, const tdri_spool_record *batch_or_null)
{
    tdri_spool_record record;
    tdrest_error err;
    uint64_t number;
    int rc = TDREST_OK;

    tdri_err_reset(&err);
    disk->now_ms += SECOND_MS;
    if (batch_or_null != NULL)
        rc = tdri_spool_append(spool, batch_or_null, &number, &err);
    if (rc == TDREST_OK)
        rc = tdri_spool_sync(spool, &err);
    while (rc == TDREST_OK && (rc = tdri_spool_next(spool, 0, &record, &err)) == TDREST_ROW)
        rc = tdri_spool_delivered(spool, record.number, &err);
    return rc == TDREST_DONE ? TDREST_OK : rc;
}

static int run_gateway(enum tdri_spool_sync policy, asked *busy, asked *idle)
{
    char dir[128];
    asked disk = {0, 0, 0};
    const tdri_clock clock = {read_now, &disk};
    tdri_files files = tdri_files_system;
    const tdri_spool_config config = {.dir = dir, .sync = policy, .interval_ms = SECOND_MS, .clock = &clock, .files = &files};
    const tdri_spool_record record = {.rows = GATEWAY_ROWS, .database = {"power", 5}, .timezone = {"UTC", 3}, .body = {batch, batch_len}};
    tdri_spool *spool = NULL;
    tdrest_error err;
    int rc;

    files.context = &disk;
    files.write = count_write;
    files.sync = count_sync;
    files.sync_dir = count_sync_dir;
    snprintf(dir, sizeof dir, "%s/spool", scratch);
    tdri_err_reset(&err);
    rc = tdri_spool_open(&spool, &config, &tdri_mem_default, &err);
    disk.syncs = 0;
    for (int i = 0; rc == TDREST_OK && i < BUSY_S; i++)
        rc = work(spool, &disk, &record);
    for (int i = 0; rc == TDREST_OK && i < 2; i++) /* what waits for its interval */
        rc = work(spool, &disk, NULL);
    *busy = disk;
    for (int i = 0; rc == TDREST_OK && i < IDLE_S; i++)
        rc = work(spool, &disk, NULL);
    *idle = (asked){0, disk.bytes - busy->bytes, disk.syncs - busy->syncs};
    (void)tdri_spool_close(spool, &err);
    empty(dir);
    return rc == TDREST_OK;
}

static int measure_gateways(FILE *json)
{
    static const char *const policies[] = {"batch", "interval", "never"};
    int good = 1;

    make_batch(GATEWAY_ROWS);
    fputs("\"gateway\":{", json);
    for (int i = 0; i < 3; i++) {
        const double rows = (double)BUSY_S * GATEWAY_ROWS;
        asked busy, idle;

        good = run_gateway((enum tdri_spool_sync)i, &busy, &idle) && good;
        printf("a batch of %d rows of %.1f bytes each second, policy %-8s  %6.1f bytes a row, %5.1f syncs a minute; eight hours without: %d bytes, %d syncs\n", GATEWAY_ROWS,
               (double)batch_len / GATEWAY_ROWS, policies[i], (double)busy.bytes / rows, (double)busy.syncs * 60 / BUSY_S, (int)idle.bytes, (int)idle.syncs);
        fprintf(json, "%s\"%s\":{\"disk_bytes_per_row\":%.2f,\"syncs_per_minute\":%.2f,\"idle_bytes\":%d,\"idle_syncs\":%d}", i == 0 ? "" : ",", policies[i], (double)busy.bytes / rows,
                (double)busy.syncs * 60 / BUSY_S, (int)idle.bytes, (int)idle.syncs);
    }
    fputs("}", json);
    return good;
}

/* ---- all of it ---- */

static void remove_rounds(void)
{
    char dir[128];

    for (int i = -1; i < ROUNDS; i++) {
        snprintf(dir, sizeof dir, "%s/%d", scratch, i);
        empty(dir);
    }
    empty(scratch);
    (void)mkdir(scratch, 0700);
}

static int measure_appending(FILE *json)
{
    double speeds[ROUNDS], ratios[ROUNDS], bytes_per_row = 0, speed, ratio;
    int good = 1;

    make_batch(ROWS);
    for (int i = -1; good && i < ROUNDS; i++) {
        const times first = i % 2 == 0 ? run_write(i) : (times){0, 0}, mine = run_spool(i, &bytes_per_row), plain = i % 2 == 0 ? first : run_write(i);

        good = mine.cpu > 0 && plain.cpu > 0;
        if (!good || i < 0)
            continue;
        speeds[i] = (double)BATCHES * (double)batch_len / mine.wall / 1e6;
        ratios[i] = plain.cpu / mine.cpu;
    }
    remove_rounds();
    if (!good) {
        fputs("\"mb_per_s\":null,\"ratio_vs_append\":null,\"disk_bytes_per_row\":null,", json);
        return 0;
    }
    speed = tdrt_median(speeds, ROUNDS);
    ratio = tdrt_median(ratios, ROUNDS);
    printf("\nspool, never synced: %.0f MB/s, %.1f bytes for each row of %.1f\n", speed, bytes_per_row, (double)batch_len / ROWS);
    tdrt_judge("time against that of write(2)", 1 / ratio, 1.25, "x");
    printf("write(2) takes %.2f to %.2f of its time in %d pairs\n", ratios[0], ratios[ROUNDS - 1], ROUNDS);
    fprintf(json, "\"mb_per_s\":%.1f,\"ratio_vs_append\":%.3f,\"disk_bytes_per_row\":%.2f,", speed, ratio, bytes_per_row);
    return 1;
}

int tdrt_spool_bench(FILE *json)
{
    int good;

    snprintf(scratch, sizeof scratch, "%s/tdrest-bench.XXXXXX", access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(scratch) == NULL) {
        fputs("\"spool\":null", json);
        return 0;
    }
    fputs("\"spool\":{", json);
    good = measure_appending(json);
    good = measure_gateways(json) && good;
    fputs("}", json);
    (void)rmdir(scratch);
    return good;
}
