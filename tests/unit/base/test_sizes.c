/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Structs of callers in the layouts of all versions: which sizes are known, and what members have that a version lacks. */
#include "test.h"

#include "base/mem.h"
#include "base/sizes.h"

/* A struct that has grown twice, as the next ones will. */
typedef struct grown {
    size_t size;
    int64_t first;
    const char *second; /* since its second version */
    int64_t third;      /* since its third */
} grown;

static const size_t grown_known[] = {TDRI_SIZE_WITH(grown, first), TDRI_SIZE_WITH(grown, second), TDRI_SIZE_WITH(grown, third)};
static const tdri_sizes grown_sizes = {grown_known, COUNT_OF(grown_known)};

static void members_that_lack(void)
{
    static const grown given = {0, 1, "given", 3}, defaults = {sizeof defaults, -1, "default", -3};

    for (size_t i = 0; i < grown_sizes.count; i++) {
        grown from = given, to = defaults;
        /* Exactly as large as that version's, so that memory checkers see a read beyond it. */
        char *old = (char *)malloc(grown_known[i]);

        from.size = grown_known[i];
        CU_ASSERT_FATAL(old != NULL);
        memcpy(old, &from, from.size);
        CHECK_INT(tdri_sizes_take(&grown_sizes, old, &to), 1);
        CHECK_INT(to.size, sizeof(grown));
        CHECK_INT(to.first, 1);
        CHECK_TEXT(to.second, i >= 1 ? "given" : "default");
        CHECK_INT(to.third, i >= 2 ? 3 : -3);
        to.first = 7;
        tdri_sizes_give(&to, old);
        memcpy(&from, old, grown_known[i]);
        CHECK_INT(from.size, grown_known[i]);
        CHECK_INT(from.first, 7);
        free(old);
    }
}

/* Any size but those: nothing is read behind it, nothing is written. */
static void other_sizes(void)
{
    for (size_t size = 0; size < sizeof(grown) + 16; size++) {
        size_t i = 0;
        grown to = {0, 5, NULL, 5};

        while (i < grown_sizes.count && grown_known[i] != size)
            i++;
        if (i < grown_sizes.count)
            continue;
        CHECK(tdri_sizes_take(&grown_sizes, &size, &to) == 0 && to.first == 5 && to.size == 0, "%zu bytes", size);
    }
}

/* A struct that grew has a line more in its list: the last size is today's. Each version can be told from the one before. */
static void lists_are_complete(void)
{
    static const struct { const char *name; const tdri_sizes *sizes; size_t today; } lists[] = {
        {"tdrest_call", &tdri_sizes_call, sizeof(tdrest_call)},
        {"tdrest_allocator", &tdri_sizes_allocator, sizeof(tdrest_allocator)},
        {"tdrest_column", &tdri_sizes_column, sizeof(tdrest_column)},
        {"tdrest_sql_statement", &tdri_sizes_sql_statement, sizeof(tdrest_sql_statement)},
        {"tdrest_error", &tdri_sizes_error, sizeof(tdrest_error)},
        {"tdrest_pool_counts", &tdri_sizes_pool_counts, sizeof(tdrest_pool_counts)},
        {"tdrest_writer_options", &tdri_sizes_writer_options, sizeof(tdrest_writer_options)},
        {"tdrest_writer_counts", &tdri_sizes_writer_counts, sizeof(tdrest_writer_counts)},
    };

    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const tdri_sizes *sizes = lists[i].sizes;

        CHECK(sizes->known[sizes->count - 1] == lists[i].today, "%s: %zu, and %zu today", lists[i].name, sizes->known[sizes->count - 1], lists[i].today);
        for (size_t k = 1; k < sizes->count; k++)
            CHECK(sizes->known[k] > sizes->known[k - 1], "%s: version %zu cannot be told", lists[i].name, k);
    }
}

static void allocators(void)
{
    tdrest_allocator given = tdri_mem_default, taken;

    CHECK_INT(tdri_mem_take(NULL, &taken), 1);
    CU_ASSERT(taken.alloc == tdri_mem_default.alloc && taken.size == sizeof taken);
    for (size_t i = 0; i < tdri_sizes_allocator.count; i++) {
        given.size = tdri_sizes_allocator.known[i];
        CHECK_INT(tdri_mem_take(&given, &taken), 1);
    }
    given.size = sizeof given + sizeof(void *);
    CHECK_INT(tdri_mem_take(&given, &taken), 0);
    given.size = 0;
    CHECK_INT(tdri_mem_take(&given, &taken), 0);
}

CU_TestInfo tdrt_sizes[] = {
    {"members that a version lacks", members_that_lack},
    {"other sizes", other_sizes},
    {"lists are complete", lists_are_complete},
    {"allocators", allocators},
    CU_TEST_INFO_NULL,
};
