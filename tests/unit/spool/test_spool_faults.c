/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A spool over a disk that fails: at every call of a scenario, with every errno, and the machine at every call, with what was not synced kept, lost or
 * mixed. Rows have keys and rising values, as tables have times: what is compared in the end is the value of each key, not how many rows came.
 */
#include "test.h"

#include <errno.h>

#include "base/mem.h"
#include "memory.h"
#include "memory_disk.h"
#include "spool/spool.h"

enum { KEYS = 3, RECORDS = 14, TRIES = 12 };

/* What the program was told, and what the server got. Values are 1, 2, ...: record n has the value n of the key n % KEYS. */
typedef struct world {
    tdrt_disk *disk;
    tdri_files files;
    enum tdri_spool_sync policy;
    uint64_t number[RECORDS + 1]; /* of the value; 0: not accepted in this run */
    char accepted[RECORDS + 1], stored[RECORDS + 1], arrived[RECORDS + 1];
    int server[KEYS], highest[KEYS]; /* the value now, and the highest ever */
    int backwards;                   /* within one run, a value came behind a later one */
    int events[8];
    int64_t now;
} world;

static int64_t read_now(void *context)
{
    return ((world *)context)->now;
}

static void report(void *context, const tdri_spool_event *event)
{
    ((world *)context)->events[event->kind]++;
}

static int open_spool(world *w, tdri_spool **out)
{
    const tdri_clock clock = {read_now, w};
    const tdri_spool_config config = {.dir = "spool", .sync = w->policy, .interval_ms = 100, .segment_bytes = 400, .clock = &clock,
                                      .files = &w->files, .report = report, .context = w};
    tdrest_error err;

    tdri_err_reset(&err);
    return tdri_spool_open(out, &config, &tdrt_memory, &err);
}

static void begin(world *w, enum tdri_spool_sync policy)
{
    memset(w, 0, sizeof *w);
    w->disk = tdrt_disk_new();
    w->files = tdrt_disk_files(w->disk);
    w->policy = policy;
}

static void note_stored(world *w, const tdri_spool *spool)
{
    for (int value = 1; value <= RECORDS; value++)
        if (w->number[value] != 0 && w->number[value] <= tdri_spool_stored(spool))
            w->stored[value] = 1;
}

static int append_once(world *w, tdri_spool *spool, int value)
{
    static const char padding[] = " .................................................................................................";
    char text[128];
    tdri_spool_record record = {.rows = 1, .body = {text, 0}};
    tdrest_error err;
    int rc;

    record.body.len = (size_t)snprintf(text, sizeof text, "%d%.*s", value, value * 31 % 80, padding);
    tdri_err_reset(&err);
    rc = tdri_spool_append(spool, &record, &w->number[value], &err);
    if (rc == TDREST_OK)
        w->accepted[value] = 1;
    return rc;
}

/* A program that was refused tries again, and does not go on before. */
static int append(world *w, tdri_spool *spool, int value)
{
    int rc = append_once(w, spool, value);

    for (int i = 0; i < TRIES && rc != TDREST_OK; i++)
        rc = append_once(w, spool, value);
    return rc;
}

static void sync_spool(world *w, tdri_spool *spool)
{
    tdrest_error err;

    tdri_err_reset(&err);
    (void)tdri_spool_sync(spool, &err);
    note_stored(w, spool);
}

/* The server takes it. */
static void arrive(world *w, const tdri_spool_record *record)
{
    const int value = atoi(record->body.text), key = value % KEYS;

    CHECK(value >= 1 && value <= RECORDS && record->rows == 1, "a record that nobody wrote: %d", value);
    if (value < 1 || value > RECORDS)
        return;
    w->arrived[value] = 1;
    w->backwards += value < w->server[key];
    w->server[key] = value;
    if (value > w->highest[key])
        w->highest[key] = value;
}

/* Up to `most` are delivered, one after the other. */
static void deliver(world *w, tdri_spool *spool, int most)
{
    tdri_spool_record record;
    tdrest_error err;
    int failed = 0;

    while (most > 0 && failed < TRIES) {
        int rc;

        tdri_err_reset(&err);
        rc = tdri_spool_next(spool, 0, &record, &err);
        if (rc == TDREST_DONE)
            break;
        failed += rc != TDREST_ROW;
        if (rc != TDREST_ROW)
            continue;
        arrive(w, &record);
        CHECK_INT(tdri_spool_delivered(spool, record.number, &err), TDREST_OK);
        most--;
    }
}

/* A program that is told that its last batches are not durable knows that they may be lost. */
static void close_spool(world *w, tdri_spool *spool)
{
    tdrest_error err;
    int good;

    tdri_err_reset(&err);
    note_stored(w, spool);
    good = tdri_spool_close(spool, &err) == TDREST_OK;
    for (int value = 1; value <= RECORDS; value++) {
        if (good && w->policy != TDRI_SPOOL_SYNC_NEVER && w->number[value] != 0)
            w->stored[value] = 1;
        if (!good && w->number[value] != 0 && !w->stored[value])
            w->accepted[value] = 0;
    }
    memset(w->number, 0, sizeof w->number);
}

/* Half of the records in a first run, of which some are delivered; the rest in a second one. */
static void scenario(world *w)
{
    tdri_spool *spool;
    int value = 1;

    for (int run = 0; run < 2; run++) {
        spool = NULL;
        for (int i = 0; i < TRIES && spool == NULL; i++)
            (void)open_spool(w, &spool);
        for (; spool != NULL && value <= RECORDS / 2 * (run + 1); value++) {
            if (append(w, spool, value) != TDREST_OK)
                break;
            w->now += 60;
            sync_spool(w, spool);
            if (value % 3 == 0)
                deliver(w, spool, 2);
        }
        if (spool != NULL)
            close_spool(w, spool);
    }
}

/* Everything that is there is delivered by another run. */
static void drain(world *w)
{
    tdri_spool *spool = NULL;
    tdrest_error err;

    memset(w->server, 0, sizeof w->server); /* `backwards` is told within the run */
    CHECK_INT(open_spool(w, &spool), TDREST_OK);
    if (spool == NULL)
        return;
    deliver(w, spool, 1000);
    tdri_err_reset(&err);
    CHECK_INT(tdri_spool_close(spool, &err), TDREST_OK);
}

static void check_values(world *w, int keeps, const char *what, int64_t call, int64_t detail)
{
    const int before[KEYS] = {w->highest[0], w->highest[1], w->highest[2]};

    w->backwards = 0;
    drain(w);
    CHECK(w->backwards == 0, "%s, call %d, %d: values went backwards", what, (int)call, (int)detail);
    for (int value = 1; value <= RECORDS; value++)
        CHECK(!w->stored[value] || w->arrived[value], "%s, call %d, %d: value %d was stored and is lost", what, (int)call, (int)detail, value);
    /* A key that came again ends with the highest value it ever had. Without syncs only a program's end is survived. */
    for (int key = 0; key < KEYS && (w->policy != TDRI_SPOOL_SYNC_NEVER || keeps); key++)
        CHECK(w->server[key] == 0 || w->server[key] >= before[key], "%s, call %d, %d: key %d is %d again, was %d", what, (int)call, (int)detail, key,
              w->server[key], before[key]);
    CHECK(tdrt_disk_count(w->disk, "spool/segment") == 0, "%s, call %d, %d: files are left", what, (int)call, (int)detail);
    CHECK_INT(tdrt_disk_open_files(w->disk), 0);
}

static void finish(world *w)
{
    tdrt_disk_free(w->disk);
}

/* ---- the scenario without faults ---- */

static int64_t count_calls(enum tdri_spool_sync policy)
{
    world w;
    int64_t calls;

    begin(&w, policy);
    scenario(&w);
    calls = tdrt_disk_calls(w.disk);
    CHECK(calls > 50, "%d calls", (int)calls);
    for (int value = 1; value <= RECORDS; value++)
        CHECK(w.accepted[value] && w.stored[value] == (policy != TDRI_SPOOL_SYNC_NEVER), "value %d", value);
    check_values(&w, 1, "without faults", 0, 0);
    for (int value = 1; value <= RECORDS; value++)
        CHECK(w.arrived[value], "value %d", value);
    finish(&w);
    return calls;
}

static const enum tdri_spool_sync policies[] = {TDRI_SPOOL_SYNC_BATCH, TDRI_SPOOL_SYNC_INTERVAL, TDRI_SPOOL_SYNC_NEVER};

static void without_faults(void)
{
    for (size_t i = 0; i < COUNT_OF(policies); i++)
        (void)count_calls(policies[i]);
}

/* ---- calls that fail ---- */

static void fail_at(enum tdri_spool_sync policy, int64_t call, int64_t calls, int error)
{
    world w;

    begin(&w, policy);
    tdrt_disk_fail(w.disk, call, call + calls, error);
    scenario(&w);
    tdrt_disk_fail(w.disk, 0, 0, 0);
    check_values(&w, 1, strerror(error), call, calls);
    for (int value = 1; value <= RECORDS; value++)
        CHECK(!w.accepted[value] || w.arrived[value], "%s at %d, %d calls: value %d was accepted and is lost", strerror(error), (int)call, (int)calls, value);
    CHECK(w.accepted[RECORDS] || calls > 1, "%s at %d: not mended", strerror(error), (int)call);
    finish(&w);
}

static void failing_calls(void)
{
    static const int errors[] = {ENOSPC, EROFS, EIO, EMFILE};

    for (size_t p = 0; p < COUNT_OF(policies); p++) {
        const int64_t calls = count_calls(policies[p]);

        for (size_t e = 0; e < COUNT_OF(errors); e++)
            for (int64_t call = 1; call <= calls; call++)
                for (int64_t count = 1; count <= 9; count *= 3)
                    fail_at(policies[p], call, count, errors[e]);
    }
}

/* ---- power cuts ---- */

/* The bytes of the write that was cut; 0 for another call. */
static int64_t cut_at(enum tdri_spool_sync policy, int64_t call, int64_t bytes, enum tdrt_disk_fate fate, uint64_t seed)
{
    int64_t len;
    world w;

    begin(&w, policy);
    tdrt_disk_cut_power(w.disk, call, bytes);
    scenario(&w);
    CHECK(tdrt_disk_is_cut(w.disk, &len), "call %d was never made", (int)call);
    tdrt_disk_restart(w.disk, fate, seed);
    check_values(&w, fate == TDRT_DISK_KEPT, fate == TDRT_DISK_KEPT ? "cut, kept" : fate == TDRT_DISK_LOST ? "cut, lost" : "cut, mixed", call, (int64_t)seed);
    if (fate == TDRT_DISK_KEPT)
        for (int value = 1; value <= RECORDS; value++)
            CHECK(!w.accepted[value] || w.arrived[value], "kept, call %d: value %d is lost", (int)call, value);
    finish(&w);
    return len;
}

static void power_cuts(void)
{
    for (size_t p = 0; p < COUNT_OF(policies); p++) {
        const int64_t calls = count_calls(policies[p]);

        for (int64_t call = 1; call <= calls; call++) {
            const int64_t len = cut_at(policies[p], call, 0, TDRT_DISK_KEPT, 0);

            for (int64_t bytes = 1; bytes <= len; bytes++)
                (void)cut_at(policies[p], call, bytes, TDRT_DISK_KEPT, 0);
            (void)cut_at(policies[p], call, len, TDRT_DISK_LOST, 0);
            for (uint64_t seed = 1; seed <= 30; seed++)
                (void)cut_at(policies[p], call, len / 2, TDRT_DISK_MIXED, seed);
        }
    }
}

/* A sync that fails, then power at each call behind it: what the system forgot is not on the disk. */
static void sync_fails_then_cut(void)
{
    const int64_t calls = count_calls(TDRI_SPOOL_SYNC_BATCH);

    for (int64_t bad = 5; bad < calls; bad += 3)
        for (int64_t call = bad + 1; call < bad + 16; call++) {
            int64_t len;
            world w;

            begin(&w, TDRI_SPOOL_SYNC_BATCH);
            tdrt_disk_fail(w.disk, bad, bad + 1, EIO);
            tdrt_disk_cut_power(w.disk, call, 10);
            scenario(&w);
            if (tdrt_disk_is_cut(w.disk, &len)) {
                tdrt_disk_restart(w.disk, TDRT_DISK_LOST, 0);
                check_values(&w, 0, "EIO, then cut", bad, call);
            }
            finish(&w);
        }
}

/* ---- memory ---- */

static void out_of_memory(void)
{
    const int64_t before = tdrt_memory_live();
    int64_t count;
    world w;

    tdrt_memory_plan(0, 0);
    begin(&w, TDRI_SPOOL_SYNC_BATCH);
    scenario(&w);
    count = tdrt_memory_count();
    finish(&w);
    CHECK(count > 10, "%d allocations", (int)count);
    for (int persistent = 0; persistent < 2; persistent++)
        for (int64_t n = 1; n <= count; n++) {
            tdrt_memory_plan(n, persistent);
            begin(&w, TDRI_SPOOL_SYNC_BATCH);
            scenario(&w);
            tdrt_memory_plan(0, 0);
            check_values(&w, 1, "out of memory", n, persistent);
            for (int value = 1; value <= RECORDS; value++)
                CHECK(!w.accepted[value] || w.arrived[value], "allocation %d: value %d is lost", (int)n, value);
            CHECK(w.accepted[RECORDS] || persistent, "allocation %d: no more rows", (int)n);
            finish(&w);
            CHECK_INT(tdrt_memory_live(), before);
        }
}

CU_TestInfo tdrt_spool_faults[] = {
    {"without faults", without_faults},
    {"every call fails, with every errno, once and for a while", failing_calls},
    {"power is cut at every call and at every byte of a write; what was not synced is kept, lost, mixed", power_cuts},
    {"a sync fails, then power is cut", sync_fails_then_cut},
    {"memory runs out at every allocation", out_of_memory},
    CU_TEST_INFO_NULL,
};
