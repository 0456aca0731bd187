/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The sandbox's integers of 128 bits, for edge values and random ones: what must hold between the operations, and where the compiler has such
 * integers, the same results as its own. Prints "N passed, N failed": values.
 */
#include "../../tools/sandbox/base/int128.h"

#include <stdio.h>

enum { EDGES = 12, RANDOM = 200, MOST_SHOWN = 20 };

static int failed; /* checks */

static void check(int met, const char *what, sbx_int128 a, sbx_int128 b)
{
    failed += !met;
    if (!met && failed <= MOST_SHOWN)
        printf("FAILED: %s of %016llx%016llx, %016llx%016llx\n", what, (unsigned long long)a.high, (unsigned long long)a.low,
               (unsigned long long)b.high, (unsigned long long)b.low);
}

static int is_same(sbx_int128 a, sbx_int128 b)
{
    return a.high == b.high && a.low == b.low;
}

static int is_same_256(sbx_int256 a, sbx_int256 b)
{
    return is_same(a.high, b.high) && is_same(a.low, b.low);
}

#ifdef __SIZEOF_INT128__

__extension__ typedef __int128 native;
__extension__ typedef unsigned __int128 native_unsigned;

static native native_of(sbx_int128 a)
{
    return (native)((native_unsigned)a.high << 64 | a.low);
}

static sbx_int128 of_native(native a)
{
    return (sbx_int128){(uint64_t)((native_unsigned)a >> 64), (uint64_t)a};
}

static void compare_with_native(sbx_int128 a, sbx_int128 b)
{
    native x = native_of(a), y = native_of(b);
    sbx_int128 rest;

    check(is_same(sbx_int128_add(a, b), of_native((native)((native_unsigned)x + (native_unsigned)y))), "sum", a, b);
    check(is_same(sbx_int128_subtract(a, b), of_native((native)((native_unsigned)x - (native_unsigned)y))), "difference", a, b);
    check(is_same(sbx_int128_multiply(a, b), of_native((native)((native_unsigned)x * (native_unsigned)y))), "product", a, b);
    check(sbx_int128_compare(a, b) == (x > y) - (x < y), "order", a, b);
    if (y == 0)
        return;
    check(is_same(sbx_int128_divide(a, b, &rest), of_native(x / y)), "quotient", a, b);
    check(is_same(rest, of_native(x % y)), "remainder", a, b);
}

#else

static void compare_with_native(sbx_int128 a, sbx_int128 b)
{
    (void)a;
    (void)b;
}

#endif

/* Quotient times divisor and the rest are what was divided. */
static void check_division(sbx_int128 a, sbx_int128 b)
{
    sbx_int128 rest, quotient = sbx_int128_divide(a, b, &rest);

    check(is_same(sbx_int128_add(sbx_int128_multiply(quotient, b), rest), a), "division", a, b);
    check(sbx_int128_compare(sbx_int128_abs(rest), sbx_int128_abs(b)) < 0, "size of the remainder", a, b);
    check(sbx_int128_is_zero(rest) || sbx_int128_is_negative(rest) == sbx_int128_is_negative(a), "sign of the remainder", a, b);
}

/* Of two that are not negative: (a * b + c) / b is a, and c is left. */
static void check_wide(sbx_int128 a, sbx_int128 b)
{
    sbx_int128 c = sbx_int128_subtract(b, sbx_int128_of(1)), rest;
    sbx_int256 product = sbx_int128_product(a, b), sum = sbx_int256_add(product, (sbx_int256){{0, 0}, c});

    check(is_same_256(product, sbx_int128_product(b, a)), "order of factors", a, b);
    check(is_same(product.low, sbx_int128_multiply(a, b)), "low half of the product", a, b);
    check(is_same_256(sbx_int256_divide(sum, b, &rest), (sbx_int256){{0, 0}, a}), "division of the product", a, b);
    check(is_same(rest, c), "its remainder", a, b);
    check(is_same_256(sbx_int256_subtract(sum, product), (sbx_int256){{0, 0}, c}), "wide difference", a, b);
    check(sbx_int256_less(product, sum) == !sbx_int128_is_zero(c) && !sbx_int256_less(sum, product), "wide order", a, b);
}

static void check_pair(sbx_int128 a, sbx_int128 b)
{
    sbx_int128 size = sbx_int128_abs(b);

    compare_with_native(a, b);
    check(is_same(sbx_int128_subtract(sbx_int128_add(a, b), b), a), "sum and difference", a, b);
    check(sbx_int128_compare(a, b) == -sbx_int128_compare(b, a), "order both ways", a, b);
    if (sbx_int128_is_zero(b))
        return;
    check_division(a, b);
    check_wide(sbx_int128_abs(a), size);
}

static void check_one(sbx_int128 a)
{
    sbx_int128 ten = sbx_int128_of(10), size = sbx_int128_abs(a), rest, left = size;
    int digit = sbx_int128_take_digit(&left);

    check(is_same(sbx_int128_divide(size, ten, &rest), left) && is_same(rest, sbx_int128_of(digit)), "last digit", a, ten);
    check(is_same(sbx_int128_negate(sbx_int128_negate(a)), a), "negation", a, a);
}

/* xorshift64* */
static uint64_t next(void)
{
    static uint64_t state = 0x9e3779b97f4a7c15u;

    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 0x2545f4914f6cdd1du;
}

/* Of every length, both signs; not the lowest, which has no size. */
static sbx_int128 random_value(void)
{
    unsigned cut = (unsigned)(next() % 128);
    sbx_int128 value = {next() >> 1, next()};

    value = cut < 64 ? (sbx_int128){value.high >> cut, value.low} : (sbx_int128){0, value.low >> (cut - 64)};
    return next() & 1 ? sbx_int128_negate(value) : value;
}

int main(void)
{
    sbx_int128 values[EDGES + RANDOM] = {{0, 0},          {0, 1}, {0, 2}, {0, 10},
                                         {0, UINT32_MAX}, {1, 0}, {1, 1}, {0x4b3b4ca85a86c47a, 0x098a224000000000},
                                         {0, UINT64_MAX}, {INT64_MAX, UINT64_MAX}, {UINT64_MAX, UINT64_MAX}, {(uint64_t)INT64_MIN, 1}};
    int i, j, passed = 0, before;

    for (i = EDGES; i < EDGES + RANDOM; i++)
        values[i] = random_value();
    for (i = 0; i < EDGES + RANDOM; i++) {
        before = failed;
        check_one(values[i]);
        for (j = 0; j < EDGES + RANDOM; j++)
            check_pair(values[i], values[j]);
        passed += failed == before;
    }
    printf("%d passed, %d failed\n", passed, EDGES + RANDOM - passed);
    return failed != 0;
}
