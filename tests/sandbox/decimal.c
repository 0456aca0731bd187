/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The sandbox's decimals, for edge values and random ones of up to 18 digits: what is read is printed, texts order as numbers do, and + - * give what the
 * compiler's integers of 128 bits give, where it has them. Prints "N passed, N failed": pairs of values.
 */
#include "../../tools/sandbox/base/decimal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { EDGES = 9, RANDOM = 200, COUNT = EDGES + RANDOM };

#ifdef __SIZEOF_INT128__
__extension__ typedef __int128 wide;
#else
typedef int64_t wide;
#endif

static int failed;

static void check(int met, const char *what, int64_t a, int64_t b)
{
    if (!met && ++failed <= 20)
        printf("FAILED: %s of %" PRId64 ", %" PRId64 "\n", what, a, b);
}

static sbx_value decimal(sbx_arena *arena, int64_t number)
{
    sbx_value value = {SBX_DECIMAL, 0, {0}};

    check(sbx_decimal_parse(arena, sbx_format(arena, "%" PRId64, number), SBX_DECIMAL_DIGITS, 0, &value.as.s), "reading", number, 0);
    return value;
}

/* The last two digits are behind the point. */
static void check_print(sbx_text decimal, wide number, const char *what, int64_t a, int64_t b)
{
    char text[SBX_DECIMAL_ROOM], expected[SBX_DECIMAL_ROOM], *p = expected + sizeof expected;
    int digits = 0, negative = number < 0;

    *--p = '\0';
    do {
        int digit = (int)(number % 10);

        *--p = (char)('0' + (digit < 0 ? -digit : digit));
        number /= 10;
        if (++digits == 2)
            *--p = '.';
    } while (number != 0 || digits < 3);
    if (negative)
        *--p = '-';
    sbx_decimal_print(text, decimal, 2);
    check(strcmp(text, p) == 0, what, a, b);
}

static void check_pair(sbx_arena *arena, int64_t a, int64_t b)
{
    const sbx_type type = {SBX_DECIMAL, 16, SBX_DECIMAL_DIGITS, 0};
    sbx_value x = decimal(arena, a), y = decimal(arena, b), integer = {SBX_BIGINT, 0, {.i = b}};
    int order = memcmp(x.as.s.p, y.as.s.p, x.as.s.len);
    sbx_text out = {"", 0}, again = {"", 0};

    check_print(x.as.s, a, "print", a, b);
    check((order > 0) - (order < 0) == (a > b) - (a < b), "order", a, b);
    check(sbx_text_equal(sbx_decimal_negated(arena, sbx_decimal_negated(arena, x.as.s)), x.as.s), "negation", a, b);
    check(sbx_decimal_compute(arena, &x, &integer, '+', &type, &out), "sum", a, b);
    check_print(out, (wide)a + b, "sum", a, b);
    check(sbx_decimal_compute(arena, &x, &y, '-', &type, &out), "difference", a, b);
    check_print(out, (wide)a - b, "difference", a, b);
    check(sbx_decimal_compute(arena, &x, &y, '*', &type, &out) && sbx_decimal_compute(arena, &y, &x, '*', &type, &again), "product", a, b);
    check(sbx_text_equal(out, again), "product the other way", a, b);
#ifdef __SIZEOF_INT128__
    check_print(out, (wide)a * b, "product", a, b);
#endif
}

int main(void)
{
    int64_t values[COUNT] = {0, 1, -1, 9, -10, 99, INT64_C(999999999999999999), INT64_C(-999999999999999999), INT64_C(-100000000000000000)};
    uint64_t state = 1;

    for (int i = EDGES; i < COUNT; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        values[i] = (int64_t)(state >> (4 + i % 60)) % INT64_C(1000000000000000000) * (i % 2 == 0 ? 1 : -1);
    }
    for (int i = 0; i < COUNT; i++) {
        sbx_arena *arena = sbx_arena_new();

        for (int k = 0; k < COUNT; k++)
            check_pair(arena, values[i], values[k]);
        sbx_arena_free(arena);
    }
    printf("%d passed, %d failed\n", failed < COUNT * COUNT ? COUNT * COUNT - failed : 0, failed);
    return failed != 0;
}
