/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A decimal against a boundary: in small numbers, where both sides can be made whole and compared, around every exponent that is treated apart. */
#include "test.h"

#include "base/number_exact.h"

static int64_t power(int64_t base, int n)
{
    int64_t value = 1;

    for (; n > 0; n--)
        value *= base;
    return value;
}

/* digits * 10^tens and significand * 2^twos, both times 10^4 * 2^4. */
static void small_numbers(void)
{
    char text[8];

    for (int digits = 1; digits <= 99; digits += 7)
        for (int tens = -4; tens <= 4; tens++)
            for (int twos = -4; twos <= 4; twos++)
                for (int64_t significand = 1; significand <= 400; significand += significand < 40 ? 1 : 37) {
                    int64_t a = digits * power(10, tens + 4) * 16, b = significand * power(2, twos + 4) * 10000;
                    int len = snprintf(text, sizeof text, "%d", digits), got;

                    got = tdri_exact_compare(text, text + len, tens, (uint64_t)significand, twos);
                    CHECK(got == (a > b) - (a < b), "%de%d and %" PRId64 " * 2^%d: %d", digits, tens, significand, twos, got);
                }
}

/* Equal in every way to write it: the point anywhere, zeros in front and behind. */
static void equal(void)
{
    static const struct { const char *text; int64_t tens; uint64_t significand; int twos; } cases[] = {
        {"1", 1, 10, 0}, {"1", 1, 5, 1}, {"1", 2, 100, 0}, {"10", 0, 10, 0}, {"100", -1, 10, 0}, {"5", -1, 1, -1}, {"25", -2, 1, -2}, {"2.5", 1, 25 * 10, 0}, {"1", 13, 10000000000000, 0},
        {"1", 14, 100000000000000, 0}, {"9", 0, 9, 0},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *text = cases[i].text, *end = text + strlen(text);

        CHECK(tdri_exact_compare(text, end, cases[i].tens, cases[i].significand, cases[i].twos) == 0, "%s e%d", text, (int)cases[i].tens);
        CHECK(tdri_exact_compare(text, end, cases[i].tens, cases[i].significand - 1, cases[i].twos) == 1, "%s e%d", text, (int)cases[i].tens);
        CHECK(tdri_exact_compare(text, end, cases[i].tens, cases[i].significand + 1, cases[i].twos) == -1, "%s e%d", text, (int)cases[i].tens);
    }
}

CU_TestInfo tdrt_number_exact[] = {
    {"small numbers", small_numbers},
    {"equal numbers", equal},
    CU_TEST_INFO_NULL,
};
