/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Runs the suites of tests/support/suites.h under CUnit, all or those named as arguments (-v: every test is told), and prints what each took.
 * Knows nothing of what they test.
 */
#include <CUnit/Basic.h>
#include <sys/types.h>
#include <time.h>

#include "memory.h"
#include "test.h"

_Static_assert(sizeof(off_t) == 8, "files beyond 2 GiB on 32-bit systems too");

typedef struct suite {
    const char *name;
    CU_TestInfo *tests;
    int chosen;
} suite;

#define SUITE(layer, name, tests) extern CU_TestInfo tests[];
#include "suites.h"
#undef SUITE

#define SUITE(layer, name, tests) {#name, tests, 0},
static suite suites[] = {
#include "suites.h"
};

static struct timespec began; /* of the suite that is running */

static int start_clock(void)
{
    return clock_gettime(CLOCK_MONOTONIC, &began);
}

static int tell_seconds(void)
{
    struct timespec now;

    if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
        return 1;
    printf("\n  %-16s %7.2f s", CU_get_current_suite()->pName,
           (double)(now.tv_sec - began.tv_sec) + (double)(now.tv_nsec - began.tv_nsec) / 1e9);
    fflush(stdout);
    return 0;
}

/* The suites named, all when there is none; 0 for a name that is no suite's. */
static int choose(char **names, int count)
{
    for (int n = 0; n < count; n++) {
        int known = 0;

        for (size_t i = 0; i < COUNT_OF(suites); i++)
            if (strcmp(names[n], suites[i].name) == 0)
                known = suites[i].chosen = 1;
        if (!known) {
            fprintf(stderr, "%s: no such suite\n", names[n]);
            return 0;
        }
    }
    for (size_t i = 0; i < COUNT_OF(suites) && count == 0; i++)
        suites[i].chosen = 1;
    return 1;
}

static int add_suites(void)
{
    for (size_t i = 0; i < COUNT_OF(suites); i++) {
        CU_SuiteInfo info[] = {{suites[i].name, start_clock, tell_seconds, NULL, NULL, suites[i].tests}, CU_SUITE_INFO_NULL};

        if (suites[i].chosen && CU_register_suites(info) != CUE_SUCCESS)
            return 0;
    }
    return 1;
}

int main(int argc, char **argv)
{
    int verbose = argc > 1 && strcmp(argv[1], "-v") == 0;
    int good;

    if (!choose(argv + 1 + verbose, argc - 1 - verbose))
        return 2;
    /* Before anything else uses libcurl or Jansson. */
    good = tdrt_memory_hook() && CU_initialize_registry() == CUE_SUCCESS && add_suites();
    if (good) {
        CU_basic_set_mode(verbose ? CU_BRM_VERBOSE : CU_BRM_NORMAL);
        good = CU_basic_run_tests() == CUE_SUCCESS && CU_get_number_of_tests_run() != 0 && CU_get_number_of_failure_records() == 0;
    }
    if (CU_get_error() != CUE_SUCCESS)
        fprintf(stderr, "CUnit: %s\n", CU_get_error_msg());
    CU_cleanup_registry();
    return good ? 0 : 1;
}
