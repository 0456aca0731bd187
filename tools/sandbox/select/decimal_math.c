/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * DECIMAL arithmetic by the server's rules: precision and scale of a result, cut to 38 digits at the cost of the scale down to 6, computed
 * in 256 bits so that nothing is lost on the way. Knows nothing of columns.
 */
#include "select.h"

enum { MAX_DIGITS = 38, KEPT_SCALE = 6 };

/* ---- signs and scales ---- */

static const sbx_int256 one = {{0, 0}, {0, 1}};

/* Half the divisor, or more. */
static int is_half(sbx_int128 rest, sbx_int128 divisor)
{
    return sbx_int128_compare(rest, sbx_int128_subtract(divisor, rest)) >= 0;
}

static int finish(sbx_int256 value, int negative, const sbx_type *type, sbx_int128 *out)
{
    if (!sbx_int256_less(value, (sbx_int256){{0, 0}, sbx_decimal_power(type->precision)}))
        return 0;
    *out = negative ? sbx_int128_negate(value.low) : value.low;
    return 1;
}

/* From one scale to that of the type, which is at most as large; half away from zero. */
static int round_to(sbx_int256 value, int scale, int negative, const sbx_type *type, sbx_int128 *out)
{
    int cut = scale - type->scale;
    sbx_int128 remainder, divisor;

    for (; cut > MAX_DIGITS; cut -= MAX_DIGITS)
        value = sbx_int256_divide(value, sbx_decimal_power(MAX_DIGITS), &remainder);
    if (cut > 0) {
        divisor = sbx_decimal_power(cut);
        value = sbx_int256_divide(value, divisor, &remainder);
        if (is_half(remainder, divisor))
            value = sbx_int256_add(value, one);
    }
    return finish(value, negative, type, out);
}

static int add(sbx_int128 a, int a_scale, sbx_int128 b, int b_scale, const sbx_type *type, sbx_int128 *out)
{
    int scale = a_scale > b_scale ? a_scale : b_scale;
    int a_negative = sbx_int128_is_negative(a), b_negative = sbx_int128_is_negative(b);
    sbx_int256 x = sbx_int128_product(sbx_int128_abs(a), sbx_decimal_power(scale - a_scale));
    sbx_int256 y = sbx_int128_product(sbx_int128_abs(b), sbx_decimal_power(scale - b_scale));

    if (a_negative == b_negative)
        return round_to(sbx_int256_add(x, y), scale, a_negative, type, out);
    if (sbx_int256_less(x, y))
        return round_to(sbx_int256_subtract(y, x), scale, b_negative, type, out);
    return round_to(sbx_int256_subtract(x, y), scale, a_negative, type, out);
}

/* With the scale of the type, rounded half away from zero. 0: too long. */
static int compute(sbx_int128 a, int a_scale, sbx_int128 b, int b_scale, char op, const sbx_type *type, sbx_int128 *out)
{
    switch (op) {
    case '+':
        return add(a, a_scale, b, b_scale, type, out);
    case '-':
        return add(a, a_scale, sbx_int128_negate(b), b_scale, type, out);
    case '*':
        return round_to(sbx_int128_product(sbx_int128_abs(a), sbx_int128_abs(b)), a_scale + b_scale,
                        sbx_int128_is_negative(a) != sbx_int128_is_negative(b), type, out);
    default:
        return 0;
    }
}

/* ---- types ---- */

/* The DECIMAL that holds every value of an integer type. 0: it is none. */
static int as_decimal(const sbx_type *type, int *precision, int *scale)
{
    *scale = 0;
    switch (type->id) {
    case SBX_DECIMAL:
        *precision = type->precision;
        *scale = type->scale;
        return 1;
    case SBX_BOOL:
        *precision = 1;
        return 1;
    case SBX_TINYINT:
    case SBX_UTINYINT:
        *precision = 3;
        return 1;
    case SBX_SMALLINT:
    case SBX_USMALLINT:
        *precision = 5;
        return 1;
    case SBX_INT:
    case SBX_UINT:
        *precision = 10;
        return 1;
    case SBX_BIGINT:
        *precision = 19;
        return 1;
    case SBX_UBIGINT:
        *precision = 20;
        return 1;
    default:
        return 0;
    }
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

int sbx_decimal_result(const sbx_type *a, const sbx_type *b, char op, sbx_type *out)
{
    int p1, s1, p2, s2, precision, scale;

    if (!as_decimal(a, &p1, &s1) || !as_decimal(b, &p2, &s2))
        return 0;
    if (op == '+' || op == '-') {
        scale = larger(s1, s2);
        precision = larger(p1 - s1, p2 - s2) + scale + 1;
    } else if (op == '*') {
        scale = s1 + s2;
        precision = p1 + p2 + 1;
    } else {
        return 0;
    }
    if (precision > MAX_DIGITS) {
        int kept = scale < KEPT_SCALE ? scale : KEPT_SCALE;

        scale = larger(scale - (precision - MAX_DIGITS), kept);
        precision = MAX_DIGITS;
    }
    *out = (sbx_type){SBX_DECIMAL, precision > 18 ? 16 : 8, precision, scale};
    return 1;
}

/* ---- evaluation ---- */

static void operand(const sbx_value *value, sbx_int128 *decimal, int *scale)
{
    *scale = value->type == SBX_DECIMAL ? value->digits : 0;
    if (value->type == SBX_DECIMAL)
        *decimal = value->as.decimal;
    else if (sbx_type_is_unsigned(value->type))
        *decimal = sbx_int128_of_unsigned(value->as.u);
    else
        *decimal = sbx_int128_of(value->as.i);
}

int sbx_decimal_compute(const sbx_value *a, const sbx_value *b, char op, const sbx_type *type, sbx_int128 *out)
{
    sbx_int128 x, y;
    int x_scale, y_scale;

    operand(a, &x, &x_scale);
    operand(b, &y, &y_scale);
    return compute(x, x_scale, y, y_scale, op, type, out);
}
