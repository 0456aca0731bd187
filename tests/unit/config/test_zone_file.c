/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Which zone files are found and read, and what name this machine's zone has. */
#include "test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "config/zones.h"
#include "error/record.h"
#include "environment.h"

#define ZONES "tests/data/zones"

/* ---- files ---- */

static char scratch[64];

static void make_file(const char *name, const void *bytes, size_t len)
{
    char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", scratch, name);
    file = fopen(path, "wb");
    CHECK(file != NULL && fwrite(bytes, 1, len, file) == len && fclose(file) == 0, "%s cannot be written", path);
}

static void drop(const char *name)
{
    char path[128];

    snprintf(path, sizeof path, "%s/%s", scratch, name);
    CHECK(remove(path) == 0, "%s cannot be removed", path);
}

/* No more than a zone file may need. */
static void *little_memory(void *context, size_t size)
{
    (void)context;
    return size > TDRI_ZONE_FILE_MAX ? NULL : malloc(size);
}

/* How many periods are found. */
static size_t load(const char *folder, const char *name)
{
    tdrest_allocator mem = tdri_mem_default;
    tdri_zone zone;
    size_t count;

    mem.alloc = little_memory;
    tdrt_set_variable("TZDIR", folder);
    tdri_zone_init(&zone);
    CHECK_INT(tdri_zone_load(&zone, &mem, name), TDREST_OK);
    count = zone.count;
    tdri_zone_clear(&zone, &mem);
    return count;
}

/* Their sign is the other way round. */
static void whole_hours(void)
{
    static const struct {
        const char *name;
        int32_t offset;
    } table[] = {{"Etc/GMT+12", -43200}, {"Etc/GMT-14", 50400}, {"Etc/GMT+1", -3600}, {"Etc/GMT-8", 28800}};
    tdri_zone zone;

    tdrt_keep_environment();
    tdrt_set_variable("TZDIR", "/nowhere");
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        tdri_zone_init(&zone);
        CHECK_INT(tdri_zone_load(&zone, &tdri_mem_default, table[i].name), TDREST_OK);
        CHECK(zone.count == 1 && zone.periods[0].offset == table[i].offset, "%s", table[i].name);
        tdri_zone_clear(&zone, &tdri_mem_default);
    }
    tdrt_restore_environment();
}

static void found_or_not(void)
{
    static const struct {
        const char *folder, *name;
        int known;
    } table[] = {
        {ZONES, "Asia/Shanghai", 1}, {ZONES "/Asia", "Shanghai", 1}, {ZONES, "Asia/Nowhere", 0}, {ZONES, "Asia", 0}, {ZONES, "", 0}, {ZONES, "/Asia/Shanghai", 0},
        {ZONES "/Asia", "../Asia/Shanghai", 0}, {ZONES "/Asia", "../Africa/Monrovia", 0}, {ZONES, "Asia/../Asia/Shanghai", 0},
        {"/nowhere", "Asia/Shanghai", 0}, {"/nowhere", "Etc/GMT-8", 1}, {"/nowhere", "Etc/GMT+12", 1}, {"/nowhere", "UTC", 0}, {ZONES, "server", 0},
    };
    char absolute[1024];

    tdrt_keep_environment();
    for (size_t i = 0; i < COUNT_OF(table); i++)
        CHECK((load(table[i].folder, table[i].name) > 0) == table[i].known, "%s in %s", table[i].name, table[i].folder);
    CHECK(getcwd(absolute, sizeof absolute - 64) != NULL, "no directory");
    strcat(absolute, "/" ZONES "/Asia/Shanghai");
    CHECK(access(absolute, R_OK) == 0 && load(ZONES, absolute) == 0, "%s", absolute);
    memset(absolute, 'A', sizeof absolute - 1);
    absolute[sizeof absolute - 1] = '\0';
    CHECK_INT(load(ZONES, absolute), 0);
    tdrt_restore_environment();
}

/* No file that is none keeps anyone waiting, is read without end or is taken. */
static void odd_files(void)
{
    static const char *const names[] = {"Pipe", "Empty", "Text", "Large"};
    char *large = (char *)calloc(1, TDRI_ZONE_FILE_MAX + 1), path[128];

    tdrt_keep_environment();
    snprintf(scratch, sizeof scratch, "/tmp/tdrest-zones.XXXXXX");
    CU_ASSERT_FATAL(mkdtemp(scratch) != NULL);
    snprintf(path, sizeof path, "%s/Pipe", scratch);
    CHECK(mkfifo(path, 0600) == 0, "no pipe");
    CHECK_INT(load(scratch, "Pipe"), 0);
    make_file("Empty", "", 0);
    CHECK_INT(load(scratch, "Empty"), 0);
    make_file("Text", "no zone\n", 8);
    CHECK_INT(load(scratch, "Text"), 0);
    make_file("Large", large, TDRI_ZONE_FILE_MAX + 1);
    CHECK_INT(load(scratch, "Large"), 0);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        drop(names[i]);
    CHECK(rmdir(scratch) == 0, "%s is not empty", scratch);
    free(large);
    tdrt_restore_environment();
}

/* An empty TZDIR is none: the system's directories, where there are any. */
static void of_the_system(void)
{
    tdrt_keep_environment();
    if (access("/usr/share/zoneinfo/Asia/Shanghai", R_OK) == 0) {
        CU_ASSERT(load("", "Asia/Shanghai") > 0);
        CU_ASSERT(load(NULL, "Asia/Shanghai") > 0);
    } else {
        printf(" no zone files of the system: not tried ");
    }
    tdrt_restore_environment();
}

/* ---- this machine's zone ---- */

static void local_names(void)
{
    static const struct {
        const char *tz, *name; /* NULL: refused */
    } table[] = {
        {"Asia/Shanghai", "Asia/Shanghai"}, {":Asia/Shanghai", "Asia/Shanghai"}, {"/usr/share/zoneinfo/Asia/Shanghai", "Asia/Shanghai"},
        {":/opt/zoneinfo/America/Argentina/Salta", "America/Argentina/Salta"}, {"/usr/share/zoneinfo/posix/Asia/Shanghai", "Asia/Shanghai"},
        {"posix/Asia/Shanghai", "Asia/Shanghai"}, {"UTC", "UTC"}, {"EST5EDT", "EST5EDT"}, {"/usr/share/zoneinfo/right/Asia/Shanghai", NULL},
        {"CET-1CEST", NULL}, {"<+08>-8", NULL}, {"../Asia/Shanghai", NULL}, {"Asia/../Shanghai", NULL}, {"asia/shanghai", NULL},
    };
    char name[TDRI_ZONE_NAME], small[8];
    tdrest_error err;

    tdrt_keep_environment();
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        int rc;

        tdrt_set_variable("TZ", table[i].tz);
        tdri_err_reset(&err);
        rc = tdri_zone_local(name, sizeof name, &err);
        CHECK(rc == (table[i].name == NULL ? TDREST_EOPTION : TDREST_OK) && (table[i].name == NULL || strcmp(name, table[i].name) == 0),
              "TZ=%s: %d, %s: %s", table[i].tz, rc, name, err.message);
    }
    tdrt_set_variable("TZ", "Asia/Shanghai");
    tdri_err_reset(&err);
    CHECK_INT(tdri_zone_local(small, sizeof small, &err), TDREST_EOPTION);
    tdrt_restore_environment();
}

/* Unset, empty or a path that names no zone: the machine's own, if the link says one. */
static void local_without_tz(void)
{
    static const char *const values[] = {NULL, "", ":", "/etc/localtime", "/usr/share/zoneinfo/"};
    char name[TDRI_ZONE_NAME], target[512];
    tdrest_error err;
    ssize_t len = readlink("/etc/localtime", target, sizeof target - 1);
    const char *own;

    target[len < 0 ? 0 : len] = '\0';
    own = strstr(target, "/zoneinfo/");
    tdrt_keep_environment();
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        int rc;

        tdrt_set_variable("TZ", values[i]);
        tdri_err_reset(&err);
        rc = tdri_zone_local(name, sizeof name, &err);
        if (own == NULL)
            CHECK(rc == TDREST_EOPTION && strstr(err.message, "timezone=local") != NULL, "%d: %s", rc, err.message);
        else
            CHECK(rc == TDREST_OK && strcmp(name, own + strlen("/zoneinfo/")) == 0, "%d, %s: %s", rc, name, err.message);
    }
    tdrt_restore_environment();
}

CU_TestInfo tdrt_zone_file[] = {
    {"found or not", found_or_not},
    {"whole hours", whole_hours},
    {"odd files", odd_files},
    {"of the system", of_the_system},
    {"local names", local_names},
    {"local without TZ", local_without_tz},
    CU_TEST_INFO_NULL,
};
