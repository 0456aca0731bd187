/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The names of CUnit that tests of the rooms without I/O use, for builds where there is no CUnit. Knows nothing of the library. */
#ifndef TDRT_MINI_H
#define TDRT_MINI_H

typedef void (*CU_TestFunc)(void);

typedef struct CU_TestInfo {
    const char *pName;
    CU_TestFunc pTestFunc;
} CU_TestInfo;

#define CU_TEST_INFO_NULL {NULL, NULL}

/* Counts one assert; tells a failed one on stderr. */
void tdrt_mini_assert(int good, const char *condition, const char *file, int line);

#define CU_ASSERT(value) tdrt_mini_assert((value) ? 1 : 0, #value, __FILE__, __LINE__)
/* Ends the run when it fails. */
#define CU_ASSERT_FATAL(value)                                \
    do {                                                      \
        int holds_ = (value) ? 1 : 0;                         \
        tdrt_mini_assert(holds_, #value, __FILE__, __LINE__); \
        if (!holds_)                                          \
            exit(1);                                          \
    } while (0)
#define CU_FAIL(text) tdrt_mini_assert(0, text, __FILE__, __LINE__)
#define CU_PASS(text) tdrt_mini_assert(1, text, __FILE__, __LINE__)
#define CU_ASSERT_TRUE(value) CU_ASSERT(value)
#define CU_ASSERT_FALSE(value) CU_ASSERT(!(value))
#define CU_ASSERT_EQUAL(actual, expected) CU_ASSERT((actual) == (expected))
#define CU_ASSERT_NOT_EQUAL(actual, expected) CU_ASSERT((actual) != (expected))
#define CU_ASSERT_PTR_NULL(value) CU_ASSERT(NULL == (const void *)(value))
#define CU_ASSERT_PTR_NOT_NULL(value) CU_ASSERT(NULL != (const void *)(value))
#define CU_ASSERT_PTR_EQUAL(actual, expected) CU_ASSERT((const void *)(actual) == (const void *)(expected))
#define CU_ASSERT_STRING_EQUAL(actual, expected) CU_ASSERT(strcmp((actual), (expected)) == 0)
#define CU_ASSERT_STRING_NOT_EQUAL(actual, expected) CU_ASSERT(strcmp((actual), (expected)) != 0)
#define CU_ASSERT_NSTRING_EQUAL(actual, expected, count) CU_ASSERT(strncmp((actual), (expected), (count)) == 0)

#endif
