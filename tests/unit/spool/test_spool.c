/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What a spool promises its writer, over a disk in memory: order, policies, rejected batches, the limit. */
#include "test.h"

#include <errno.h>

#include "spooled.h"

/* ---- order and delivery ---- */

static void several_out(void)
{
    tdri_spool *spool = tdrt_spool_new(TDRI_SPOOL_SYNC_BATCH);
    uint64_t one, two, three;

    for (int i = 1; i <= 5; i++)
        tdrt_spool_store(spool, tdrt_spool_text(i));
    CHECK_TEXT(tdrt_spool_peek(spool, 0, &one), "1");
    CHECK_TEXT(tdrt_spool_peek(spool, one, &two), "2");
    CHECK_TEXT(tdrt_spool_peek(spool, two, &three), "-"); /* of another file */
    CHECK_INT(tdri_spool_delivered(spool, two, &tdrt_spooled.err), TDREST_OK);
    CHECK_TEXT(tdrt_spool_peek(spool, 0, &three), "1");
    CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/segment"), 3);
    CHECK_INT(tdri_spool_delivered(spool, one, &tdrt_spooled.err), TDREST_OK);
    CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/segment"), 2);
    CHECK_INT(tdri_spool_delivered(spool, one, &tdrt_spooled.err), TDREST_OK);
    CHECK_TEXT(tdrt_spool_drain(spool), "3 4 5 ");
    CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/segment"), 1);
    tdrt_spool_store(spool, "6");
    CHECK_TEXT(tdrt_spool_drain(spool), "6 ");
    CHECK_INT(tdri_spool_close(spool, &tdrt_spooled.err), TDREST_OK);
    CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/segment"), 0);
    spool = tdrt_spool_open((tdri_spool_config){.sync = TDRI_SPOOL_SYNC_BATCH});
    CHECK_TEXT(tdrt_spool_drain(spool), "");
    tdrt_spool_end(spool);
}

static void next_run(void)
{
    tdri_spool *spool = tdrt_spool_new(TDRI_SPOOL_SYNC_BATCH);
    uint64_t number;

    for (int i = 1; i <= 3; i++)
        tdrt_spool_store(spool, tdrt_spool_text(i));
    CHECK_INT(tdri_spool_close(spool, &tdrt_spooled.err), TDREST_OK);
    spool = tdrt_spool_open((tdri_spool_config){.sync = TDRI_SPOOL_SYNC_BATCH});
    CHECK_INT(tdrt_spool_append(spool, "4", &number), TDREST_OK);
    CHECK_INT(number, INT64_C(3) << 32 | 1);
    CHECK_TEXT(tdrt_spool_drain(spool), "1 2 3 "); /* what is there comes first; the new one is not stored */
    CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
    CHECK_TEXT(tdrt_spool_drain(spool), "4 ");
    CHECK_TEXT(tdrt_spooled.told, "");
    tdrt_spool_end(spool);
}

/* ---- policies ---- */

static void stored_by_policy(void)
{
    static const enum tdri_spool_sync policies[] = {TDRI_SPOOL_SYNC_BATCH, TDRI_SPOOL_SYNC_INTERVAL, TDRI_SPOOL_SYNC_NEVER};

    for (size_t i = 0; i < COUNT_OF(policies); i++) {
        tdri_spool *spool = tdrt_spool_new(policies[i]);
        const int batch = policies[i] == TDRI_SPOOL_SYNC_BATCH, never = policies[i] == TDRI_SPOOL_SYNC_NEVER;
        tdri_spool_counts counts;
        uint64_t one, two;

        CHECK_INT(tdri_spool_wait(spool), -1);
        CHECK_INT(tdrt_spool_append(spool, "1", &one), TDREST_OK);
        CHECK_INT(tdrt_spool_append(spool, "2", &two), TDREST_OK);
        CHECK_INT(tdri_spool_stored(spool), 0);
        CHECK_INT(tdri_spool_wait(spool), batch ? 0 : never ? -1 : 100);
        CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
        CHECK_INT(tdri_spool_stored(spool), batch ? two : 0);
        tdrt_spooled.now += 99;
        CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
        CHECK_INT(tdri_spool_stored(spool), batch ? two : 0);
        tdrt_spooled.now += 1;
        CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
        CHECK_INT(tdri_spool_stored(spool), never ? 0 : two);
        CHECK_INT(tdri_spool_wait(spool), -1);
        tdri_spool_count(spool, &counts);
        CHECK(counts.syncs == (never ? 0 : 2) && counts.unstored == 0 && counts.segments == 1 && counts.bytes == 4096, "%d syncs", (int)counts.syncs);
        CHECK_TEXT(tdrt_spool_drain(spool), "1 2 ");
        tdrt_spool_end(spool);
    }
}

/* A disk that takes a few bytes at a time gets each record whole, in both of its parts. */
static void short_writes(void)
{
    static const enum tdri_spool_sync policies[] = {TDRI_SPOOL_SYNC_BATCH, TDRI_SPOOL_SYNC_NEVER};
    static const size_t most[] = {1, 7, 23, 24, 25, 53, 66, 100, 155};

    for (size_t i = 0; i < COUNT_OF(policies) * COUNT_OF(most); i++) {
        tdri_spool *spool = tdrt_spool_new(policies[i % 2]);
        tdri_spool_counts counts;

        tdrt_disk_write_at_most(tdrt_spooled.disk, most[i / 2]);
        tdrt_spool_store(spool, tdrt_spool_text(1));
        tdrt_spool_store(spool, tdrt_spool_text(2));
        tdri_spool_count(spool, &counts);
        CHECK_INT(counts.written_bytes, 24 + 2 * (24 + 13 + 5 + 100));
        CHECK_INT(tdri_spool_close(spool, &tdrt_spooled.err), TDREST_OK);
        spool = tdrt_spool_open((tdri_spool_config){.sync = policies[i % 2]});
        CHECK_TEXT(tdrt_spool_drain(spool), "1 2 ");
        CHECK_TEXT(tdrt_spooled.told, "");
        tdrt_spool_end(spool);
    }
}

/* Hours without rows cost no write and no sync. */
static void idle(void)
{
    tdri_spool *spool = tdrt_spool_new(TDRI_SPOOL_SYNC_INTERVAL);
    int64_t changes, calls;

    tdrt_spool_store(spool, "1");
    tdrt_spooled.now += 100;
    CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
    CHECK_TEXT(tdrt_spool_drain(spool), "1 ");
    changes = tdrt_disk_changes(tdrt_spooled.disk);
    calls = tdrt_disk_calls(tdrt_spooled.disk);
    for (int i = 0; i < 1000; i++) {
        tdrt_spooled.now += 1000;
        CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
        CHECK_TEXT(tdrt_spool_drain(spool), "");
    }
    CHECK(tdrt_disk_changes(tdrt_spooled.disk) == changes && tdrt_disk_calls(tdrt_spooled.disk) == calls, "%d calls", (int)(tdrt_disk_calls(tdrt_spooled.disk) - calls));
    tdrt_spool_end(spool);
}

/* The file is given up; what was in it and not stored is in the next one, with its number. */
static void sync_fails(void)
{
    tdri_spool *spool = tdrt_spool_new(TDRI_SPOOL_SYNC_BATCH);
    uint64_t two, number;

    tdrt_spool_store(spool, "1");
    CHECK_INT(tdrt_spool_append(spool, "2", &two), TDREST_OK);
    tdrt_disk_fail(tdrt_spooled.disk, tdrt_disk_calls(tdrt_spooled.disk) + 1, tdrt_disk_calls(tdrt_spooled.disk) + 2, EIO);
    CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
    CHECK_INT(tdri_spool_stored(spool), two);
    CHECK_TEXT(tdrt_spooled.told, "sync segment.0000000001 0+0 r-1/-1 e5; ");
    CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/segment"), 2);
    CHECK_TEXT(tdrt_spool_peek(spool, 0, &number), "1");
    CHECK_INT(tdri_spool_delivered(spool, number, &tdrt_spooled.err), TDREST_OK);
    CHECK_TEXT(tdrt_spool_peek(spool, 0, &number), "2");
    CHECK_INT(number, two);
    CHECK_TEXT(tdrt_spool_drain(spool), "2 ");
    tdrt_spool_end(spool);
}

/* A disk that stays read-only: what is in memory is delivered, and the failure is told. */
static void read_only(void)
{
    tdri_spool *spool = tdrt_spool_new(TDRI_SPOOL_SYNC_BATCH);
    uint64_t two;

    tdrt_spool_store(spool, "1");
    CHECK_INT(tdrt_spool_append(spool, "2", &two), TDREST_OK);
    tdrt_disk_fail(tdrt_spooled.disk, tdrt_disk_calls(tdrt_spooled.disk) + 1, INT64_MAX, EROFS);
    CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_ESPOOL);
    CHECK(strstr(tdrt_spooled.err.message, "Read-only") != NULL, "%s", tdrt_spooled.err.message);
    CHECK(tdri_spool_stored(spool) < two, "a record that is not stored");
    CHECK_INT(tdri_spool_wait(spool), 1000);
    CHECK_INT(tdrt_spool_append(spool, "3", NULL), TDREST_ESPOOL);
    tdrt_disk_fail(tdrt_spooled.disk, 0, 0, 0);
    tdrt_spooled.now += 1000;
    CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
    CHECK_INT(tdri_spool_stored(spool), two);
    CHECK_INT(tdrt_spool_append(spool, "3", NULL), TDREST_OK);
    CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
    CHECK_TEXT(tdrt_spool_drain(spool), "1 2 3 ");
    tdrt_spool_end(spool);
}

/* Files that cannot be removed wait, in their order; delivery goes on. */
static void stuck(void)
{
    tdri_spool *spool = tdrt_spool_new(TDRI_SPOOL_SYNC_BATCH);
    uint64_t number;

    for (int i = 1; i <= 5; i++)
        tdrt_spool_store(spool, tdrt_spool_text(i));
    for (int i = 1; i <= 4; i++) {
        char text[16];

        snprintf(text, sizeof text, "%d", i);
        CHECK_TEXT(tdrt_spool_peek(spool, 0, &number), text);
        tdrt_disk_fail(tdrt_spooled.disk, tdrt_disk_calls(tdrt_spooled.disk) + 1, tdrt_disk_calls(tdrt_spooled.disk) + 2, EROFS); /* the first removal, if there is one */
        CHECK_INT(tdri_spool_delivered(spool, number, &tdrt_spooled.err), TDREST_OK);
        tdrt_disk_fail(tdrt_spooled.disk, 0, 0, 0);
    }
    CHECK(strstr(tdrt_spooled.told, "stuck segment.0000000001") == tdrt_spooled.told && strstr(tdrt_spooled.told + 5, "stuck segment.0000000001") == NULL, "%s", tdrt_spooled.told);
    CHECK_TEXT(tdrt_spool_drain(spool), "5 ");
    CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/segment"), 1);
    tdrt_spool_end(spool);
}

/* ---- rejected ---- */

static const tdri_spool_refused too_long = {1, 0x2653, {"Value too long", 14}, {"1", 1}};

static void rejected(void)
{
    tdri_spool *spool = tdrt_spool_new(TDRI_SPOOL_SYNC_BATCH);
    uint64_t number;

    for (int i = 1; i <= 3; i++)
        tdrt_spool_store(spool, tdrt_spool_text(i));
    CHECK_TEXT(tdrt_spool_peek(spool, 0, &number), "1");
    CHECK_INT(tdri_spool_reject(spool, number, &too_long, 1, &tdrt_spooled.err), TDREST_OK);
    CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/rejected.00000000004294967297"), 1);
    /* The disk is full: the whole file is kept instead. */
    CHECK_TEXT(tdrt_spool_peek(spool, 0, &number), "2");
    tdrt_disk_fail(tdrt_spooled.disk, tdrt_disk_calls(tdrt_spooled.disk) + 1, tdrt_disk_calls(tdrt_spooled.disk) + 2, ENOSPC);
    CHECK_INT(tdri_spool_reject(spool, number, &too_long, 1, &tdrt_spooled.err), TDREST_OK);
    CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/rejected.00000000004294967296"), 1);
    CHECK_TEXT(tdrt_spool_drain(spool), "3 ");
    CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/rejected"), 2);
    CHECK_INT(tdri_spool_close(spool, &tdrt_spooled.err), TDREST_OK);
    spool = tdrt_spool_open((tdri_spool_config){.sync = TDRI_SPOOL_SYNC_BATCH});
    CHECK_INT(tdrt_spool_append(spool, "4", &number), TDREST_OK);
    CHECK_INT(number >> 32, 2); /* above all that is there */
    tdrt_spool_end(spool);
}

/* ---- the limit ---- */

static int64_t bytes_of(const tdri_spool *spool)
{
    tdri_spool_counts counts;

    tdri_spool_count(spool, &counts);
    return counts.bytes;
}

static void full_refuse(void)
{
    tdri_spool *spool;
    int i;

    tdrt_spooled.disk = tdrt_disk_new();
    spool = tdrt_spool_open((tdri_spool_config){.sync = TDRI_SPOOL_SYNC_BATCH, .max_bytes = 16384});
    for (i = 1; tdrt_spool_append(spool, tdrt_spool_text(i), NULL) == TDREST_OK; i++)
        CHECK(bytes_of(spool) <= 16384 && i < 100, "%d bytes", (int)bytes_of(spool));
    CHECK_INT(i, 9); /* four files of one block, two records in each */
    CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
    CHECK_INT(tdrt_spool_append(spool, tdrt_spool_text(i), NULL), TDREST_FULL);
    CHECK_TEXT(tdrt_spool_drain(spool), "1 2 3 4 5 6 7 8 ");
    CHECK_INT(tdrt_spool_append(spool, tdrt_spool_text(i), NULL), TDREST_OK);
    CHECK_TEXT(tdrt_spooled.told, "");
    tdrt_spool_end(spool);
}

static void full_drop_oldest(void)
{
    tdri_spool *spool;
    uint64_t number;

    tdrt_spooled.disk = tdrt_disk_new();
    spool = tdrt_spool_open((tdri_spool_config){.sync = TDRI_SPOOL_SYNC_BATCH, .max_bytes = 16384, .drop_oldest = 1});
    for (int i = 1; i <= 8; i++)
        tdrt_spool_store(spool, tdrt_spool_text(i));
    CHECK_TEXT(tdrt_spool_peek(spool, 0, &number), "1");
    CHECK_INT(tdri_spool_delivered(spool, number, &tdrt_spooled.err), TDREST_OK);
    tdrt_spool_store(spool, tdrt_spool_text(9));
    CHECK_TEXT(tdrt_spooled.told, "dropped segment.0000000001 0+308 r1/10 e0; ");
    CHECK_INT(tdri_spool_delivered(spool, number + 1, &tdrt_spooled.err), TDREST_OK); /* it was out */
    CHECK_TEXT(tdrt_spool_drain(spool), "3 4 5 6 7 8 9 ");
    CHECK_INT(bytes_of(spool), 4096);
    tdrt_spool_end(spool);
}

/* Everything is refused by the server: what is kept of it stays below the limit, too, and gives way first. */
static void full_of_rejected(void)
{
    for (int drop = 0; drop < 2; drop++) {
        tdri_spool *spool;
        int count = 0;

        tdrt_spooled.disk = tdrt_disk_new();
        spool = tdrt_spool_open((tdri_spool_config){.sync = TDRI_SPOOL_SYNC_BATCH, .max_bytes = 32768, .drop_oldest = drop});
        for (int i = 1; i <= 60; i++) {
            uint64_t number;
            const int rc = tdrt_spool_append(spool, tdrt_spool_text(i), NULL);

            CHECK_INT(tdri_spool_sync(spool, &tdrt_spooled.err), TDREST_OK);
            count += rc == TDREST_OK;
            CHECK(rc == TDREST_OK || (rc == TDREST_FULL && !drop), "batch %d: %d", i, rc);
            (void)tdrt_spool_peek(spool, 0, &number);
            if (number != 0)
                CHECK_INT(tdri_spool_reject(spool, number, &too_long, 1, &tdrt_spooled.err), TDREST_OK);
            CHECK(bytes_of(spool) <= 32768, "%d bytes", (int)bytes_of(spool));
            CHECK_INT(bytes_of(spool), 4096 * tdrt_disk_count(tdrt_spooled.disk, "spool/") - 4096); /* but for the lock */
        }
        CHECK(drop ? count == 60 : count > 6 && count < 16, "%d batches", count);
        CHECK(strstr(tdrt_spooled.told, drop ? "dropped rejected" : "") != NULL, "%s", tdrt_spooled.told);
        tdrt_spool_end(spool);
    }
}

/* Two descriptors, and a third one for moments. */
static void descriptors(void)
{
    tdri_spool *spool = tdrt_spool_new(TDRI_SPOOL_SYNC_BATCH);

    for (int i = 1; i <= 60; i++)
        tdrt_spool_store(spool, tdrt_spool_text(i));
    CHECK(strlen(tdrt_spool_drain(spool)) > 100, "nothing came");
    CHECK_INT(tdrt_disk_most_open(tdrt_spooled.disk), 3);
    tdrt_spool_end(spool);
}

static void refused_records(void)
{
    tdri_spool *spool = tdrt_spool_new(TDRI_SPOOL_SYNC_BATCH);
    tdri_spool_record record = {.number = 0};
    uint64_t number = 7;

    tdri_err_reset(&tdrt_spooled.err);
    CHECK_INT(tdri_spool_append(spool, &record, &number, &tdrt_spooled.err), TDREST_ERANGE);
    CHECK_INT(number, 0);
    record.body.text = "x";
    record.body.len = (size_t)TDRI_SPOOL_CONTENT_MAX + 1;
    tdri_err_reset(&tdrt_spooled.err);
    CHECK_INT(tdri_spool_append(spool, &record, &number, &tdrt_spooled.err), TDREST_ERANGE);
    CHECK_INT(tdrt_disk_changes(tdrt_spooled.disk), 0);
    tdrt_spool_end(spool);
}

CU_TestInfo tdrt_spool[] = {
    {"several records are out", several_out},
    {"the next run goes on", next_run},
    {"stored, by policy", stored_by_policy},
    {"short writes", short_writes},
    {"an idle link costs no write", idle},
    {"a sync that fails", sync_fails},
    {"a disk that is read-only", read_only},
    {"files that cannot be removed", stuck},
    {"rejected batches", rejected},
    {"the limit: refuse", full_refuse},
    {"the limit: drop the oldest", full_drop_oldest},
    {"the limit: everything is rejected", full_of_rejected},
    {"descriptors", descriptors},
    {"records that are none", refused_records},
    CU_TEST_INFO_NULL,
};
