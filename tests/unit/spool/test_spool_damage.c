/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* What damage costs a spool, over a disk in memory: that record, and a report. */
#include "test.h"

#include <errno.h>

#include "spooled.h"

static const char *damaged_run(const char *path, void (*damage)(char *bytes, size_t len))
{
    tdri_spool *spool = tdrt_spool_new(TDRI_SPOOL_SYNC_BATCH);
    const char *all;
    char *bytes;
    size_t len;

    for (int i = 1; i <= 5; i++)
        tdrt_spool_store(spool, tdrt_spool_text(i));
    CHECK_INT(tdri_spool_close(spool, &tdrt_spooled.err), TDREST_OK);
    bytes = tdrt_disk_bytes(tdrt_spooled.disk, path, &len);
    CHECK(bytes != NULL, "%s", path);
    if (bytes != NULL)
        damage(bytes, len);
    spool = tdrt_spool_open((tdri_spool_config){.sync = TDRI_SPOOL_SYNC_BATCH});
    all = tdrt_spool_drain(spool);
    tdrt_spool_store(spool, "new");
    CHECK(strstr(tdrt_spooled.told, "damaged") != NULL || strstr(tdrt_spooled.told, "torn") != NULL, "%s: nothing told", path);
    CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/segment"), 1);
    tdrt_spool_end(spool);
    return all;
}

static void flip_body(char *bytes, size_t len)
{
    bytes[len - 3] = (char)(bytes[len - 3] ^ 8);
}

static void flip_head(char *bytes, size_t len)
{
    (void)len;
    bytes[9] = (char)(bytes[9] ^ 1);
}

static void make_zero(char *bytes, size_t len)
{
    memset(bytes, 0, len);
}

static void make_random(char *bytes, size_t len)
{
    uint64_t seed = len;

    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(tdri_random_next(&seed) & 0xff);
}

static void damage(void)
{
    CHECK_TEXT(damaged_run("spool/segment.0000000002", flip_body), "1 2 3 5 ");
    CHECK(strstr(tdrt_spooled.told, "damaged segment.0000000002 166+142") == tdrt_spooled.told, "%s", tdrt_spooled.told);
    CHECK_TEXT(damaged_run("spool/segment.0000000003", flip_body), "1 2 3 4 ");
    CHECK_TEXT(damaged_run("spool/segment.0000000001", flip_head), "1 2 3 4 5 ");
    CHECK_TEXT(damaged_run("spool/segment.0000000001", make_zero), "3 4 5 ");
    CHECK_TEXT(damaged_run("spool/segment.0000000003", make_zero), "1 2 3 4 ");
    CHECK_TEXT(damaged_run("spool/segment.0000000002", make_random), "1 2 5 ");
}

/* Random bytes as every file, the kept ones too. */
static void all_random(void)
{
    static const char *const names[] = {"segment.0000000001", "segment.0000000002", "segment.0000000009", "damaged.0000000004", "rejected.00000000008589934599",
                                        "lock", "segment.12", "other"};
    uint64_t seed = 7;

    for (int round = 0; round < 200; round++) {
        tdri_spool *spool;
        char bytes[600], path[64];

        tdrt_spooled.disk = tdrt_disk_new();
        for (size_t i = 0; i < COUNT_OF(names); i++) {
            const size_t len = (size_t)(tdri_random_next(&seed) % sizeof bytes);

            for (size_t b = 0; b < len; b++)
                bytes[b] = (char)(tdri_random_next(&seed) & 0xff);
            if (tdri_random_next(&seed) % 3 == 0 && len > 8)
                memcpy(bytes, "tdrspool", 8);
            snprintf(path, sizeof path, "spool/%s", names[i]);
            tdrt_disk_put(tdrt_spooled.disk, path, bytes, len);
        }
        spool = tdrt_spool_open((tdri_spool_config){.sync = TDRI_SPOOL_SYNC_BATCH});
        tdrt_spool_store(spool, "1");
        CHECK_TEXT(tdrt_spool_drain(spool), "1 ");
        CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/segment"), 2); /* ours, and the one whose name is none of ours */
        tdrt_spool_end(spool);
    }
}

/* A version that this library does not know is tdrt_spooled.told, and stays as it is. */
static void newer(void)
{
    static const unsigned char head[] = {'t', 'd', 'r', 's', 'p', 'o', 'o', 'l', 2, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0};
    char bytes[64] = {0};
    tdri_crc32c_table table;
    tdri_spool *spool;
    uint32_t crc;
    size_t len;

    tdri_crc32c_init(&table);
    memcpy(bytes, head, sizeof head);
    crc = tdri_crc32c_mask(tdri_crc32c(&table, 0, head, sizeof head));
    for (int i = 0; i < 4; i++)
        bytes[20 + i] = (char)(crc >> 8 * i & 0xff);
    tdrt_spooled.disk = tdrt_disk_new();
    tdrt_disk_put(tdrt_spooled.disk, "spool/segment.0000000004", bytes, sizeof bytes);
    spool = tdrt_spool_open((tdri_spool_config){.sync = TDRI_SPOOL_SYNC_BATCH});
    tdrt_spool_store(spool, "1");
    CHECK_TEXT(tdrt_spool_drain(spool), "1 ");
    CHECK_TEXT(tdrt_spooled.told, "newer segment.0000000004 0+0 r-1/-1 e0; ");
    CHECK_INT(tdri_spool_close(spool, &tdrt_spooled.err), TDREST_OK);
    CHECK(tdrt_disk_bytes(tdrt_spooled.disk, "spool/segment.0000000004", &len) != NULL && len == sizeof bytes, "%zu bytes", len);
    CHECK_INT(tdrt_disk_count(tdrt_spooled.disk, "spool/segment"), 1);
    tdrt_disk_free(tdrt_spooled.disk);
}

/* A block that the disk cannot read costs what is in it, after some tries. */
static void unreadable(void)
{
    tdri_spool *spool = tdrt_spool_new(TDRI_SPOOL_SYNC_BATCH);
    uint64_t number;
    int tries = 0;

    tdrt_spool_store(spool, tdrt_spool_text(1));
    tdrt_spool_store(spool, tdrt_spool_text(2));
    tdrt_spool_store(spool, tdrt_spool_text(3));
    CHECK_INT(tdri_spool_close(spool, &tdrt_spooled.err), TDREST_OK);
    spool = tdrt_spool_open((tdri_spool_config){.sync = TDRI_SPOOL_SYNC_BATCH});
    do {
        const int64_t calls = tdrt_disk_calls(tdrt_spooled.disk);

        tdrt_disk_fail(tdrt_spooled.disk, calls + 3, calls + 5, EIO); /* behind size and open */
        (void)tdrt_spool_peek(spool, 0, &number);
        tries++;
    } while (number == 0 && tries < 100);
    CHECK(number == (INT64_C(2) << 32 | 1) && tries == 21, "%d tries", tries);
    tdrt_disk_fail(tdrt_spooled.disk, 0, 0, 0);
    CHECK(strstr(tdrt_spooled.told, "damaged segment.0000000001") != NULL, "%s", tdrt_spooled.told);
    CHECK_TEXT(tdrt_spool_drain(spool), "3 ");
    tdrt_spool_end(spool);
}

CU_TestInfo tdrt_spool_damage[] = {
    {"damage costs one record", damage},
    {"random bytes as every file", all_random},
    {"a newer version", newer},
    {"a block that cannot be read", unreadable},
    CU_TEST_INFO_NULL,
};
