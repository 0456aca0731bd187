/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * What every test file includes: CUnit, or where it cannot be had (TDRT_MINI:
 * the 32-bit and musl builds) the few names of it that the tests use; and
 * checks that print what they saw. A test file ends with
 *
 *     CU_TestInfo tdrt_number[] = { {"int64 parse", int64_parse}, CU_TEST_INFO_NULL };
 *
 * and has one line in tests/support/suites.h.
 */
#ifndef TDRT_TEST_H
#define TDRT_TEST_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tdrest.h>

#ifdef TDRT_MINI
#include "mini.h"
#else
#include <CUnit/CUnit.h>
#endif

/* Fails and says what was seen: CHECK(n == 3, "n is %d at %s", n, label). */
#define CHECK(condition, ...)                                     \
    do {                                                          \
        int tdrt_good_ = (condition) ? 1 : 0;                     \
        if (!tdrt_good_) {                                        \
            fprintf(stderr, "\n%s:%d: ", __FILE__, __LINE__);     \
            fprintf(stderr, __VA_ARGS__);                         \
            fputc('\n', stderr);                                  \
        }                                                         \
        CU_ASSERT(tdrt_good_);                                    \
    } while (0)

/* volatile: gcc 12 for 32-bit ARM compares an int made 64 bits wide wrongly with a negative constant. */
#define CHECK_INT(actual, expected)                                                                      \
    do {                                                                                                 \
        volatile int64_t tdrt_a_ = (int64_t)(actual), tdrt_e_ = (int64_t)(expected);                     \
        CHECK(tdrt_a_ == tdrt_e_, "%s is %" PRId64 ", expected %" PRId64, #actual, tdrt_a_, tdrt_e_);    \
    } while (0)

#define CHECK_TEXT(actual, expected)                                                                     \
    do {                                                                                                 \
        const char *tdrt_a_ = (actual), *tdrt_e_ = (expected);                                           \
        CHECK(tdrt_a_ != NULL && strcmp(tdrt_a_, tdrt_e_) == 0, "%s is \"%s\", expected \"%s\"", #actual, \
              tdrt_a_ == NULL ? "(null)" : tdrt_a_, tdrt_e_);                                            \
    } while (0)

#define COUNT_OF(array) (sizeof(array) / sizeof(array)[0])

#endif
