/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The clock of ages and the random numbers. */
#include "test.h"

#include "base/clock.h"

static void ages_grow(void)
{
    int64_t before = tdri_clock_ages.read_ms(tdri_clock_ages.context), last = before, at = before;

    CHECK(before > 0, "%" PRId64, before);
    while (at < before + 20) {
        at = tdri_clock_ages.read_ms(tdri_clock_ages.context);
        CU_ASSERT(at >= last);
        last = at;
    }
}

/* The first numbers of splitmix64 from 0, as published with it; each bit is set about as often as not. */
static void random_numbers(void)
{
    uint64_t state = 0, x;
    int set[64] = {0};

    CU_ASSERT(tdri_random_next(&state) == 0xe220a8397b1dcdafu);
    CU_ASSERT(tdri_random_next(&state) == 0x6e789e6aa1b965f4u);
    CU_ASSERT(tdri_random_next(&state) == 0x06c45d188009454fu);
    for (int i = 0; i < 10000; i++) {
        x = tdri_random_next(&state);
        for (int bit = 0; bit < 64; bit++)
            set[bit] += (int)(x >> bit & 1);
    }
    for (int bit = 0; bit < 64; bit++)
        CHECK(set[bit] > 4700 && set[bit] < 5300, "bit %d: %d of 10000", bit, set[bit]);
}

CU_TestInfo tdrt_clock[] = {
    {"ages grow", ages_grow},
    {"random numbers", random_numbers},
    CU_TEST_INFO_NULL,
};
