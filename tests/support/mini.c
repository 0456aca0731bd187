/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Runs the suites of the rooms without I/O where there is no CUnit, libcurl or Jansson. Ends with `N passed, N failed`, tests counted. */
#include "test.h"

typedef struct suite {
    const char *name;
    const CU_TestInfo *tests;
} suite;

#define IN_base(name, tests) PURE(name, tests)
#define IN_error(name, tests) PURE(name, tests)
#define IN_config(name, tests) PURE(name, tests)
#define IN_sql(name, tests) PURE(name, tests)
#define IN_lines(name, tests) PURE(name, tests)
#define IN_request(name, tests) PURE(name, tests)
#define IN_answer(name, tests) PURE(name, tests)
#define IN_net(name, tests)
#define IN_client(name, tests)
#define IN_async(name, tests)
#define IN_spool(name, tests)
#define IN_writer(name, tests)
#define IN_arrow(name, tests)
#define IN_adbc(name, tests)
#define IN_tool(name, tests)
#define SUITE(room, name, tests) IN_##room(name, tests)

#define PURE(name, tests) extern CU_TestInfo tests[];
#include "suites.h"
#undef PURE

#define PURE(name, tests) {#name, tests},
static const suite suites[] = {
#include "suites.h"
};

static long asserts, asserts_failed;

void tdrt_mini_assert(int good, const char *condition, const char *file, int line)
{
    asserts++;
    asserts_failed += good == 0;
    if (!good)
        fprintf(stderr, "%s:%d: %s\n", file, line, condition);
}

static int passes(const char *suite_name, const CU_TestInfo *test)
{
    long before = asserts_failed;

    test->pTestFunc();
    if (asserts_failed != before)
        fprintf(stderr, "%s, %s: FAILED\n", suite_name, test->pName);
    return asserts_failed == before;
}

int main(void)
{
    long passed = 0, failed = 0;

    for (size_t i = 0; i < COUNT_OF(suites); i++)
        for (const CU_TestInfo *test = suites[i].tests; test->pName != NULL; test++)
            if (passes(suites[i].name, test))
                passed++;
            else
                failed++;
    printf("%zu suites, %ld asserts\n%ld passed, %ld failed\n", COUNT_OF(suites), asserts, passed, failed);
    return failed != 0 || passed == 0;
}
