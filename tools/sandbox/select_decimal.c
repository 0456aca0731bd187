/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * DECIMAL arithmetic by the server's rules: precision and scale of a result, cut to 38 digits at the cost of the scale down to 6, computed
 * in 256 bits so that nothing is lost on the way. Knows nothing of columns.
 */
#include "select.h"

enum { MAX_DIGITS = 38, KEPT_SCALE = 6 };

__extension__ typedef unsigned __int128 uint128;

typedef struct wide {
    uint128 high, low;
} wide;

/* ---- 256 bits ---- */

static wide multiply(uint128 a, uint128 b)
{
    uint64_t a0 = (uint64_t)a, a1 = (uint64_t)(a >> 64), b0 = (uint64_t)b, b1 = (uint64_t)(b >> 64);
    uint128 low = (uint128)a0 * b0, cross = (uint128)a1 * b0 + (low >> 64);
    uint128 other = (uint128)a0 * b1 + (uint64_t)cross;

    return (wide){(uint128)a1 * b1 + (cross >> 64) + (other >> 64), (other << 64) | (uint64_t)low};
}

static int wide_less(wide a, wide b)
{
    return a.high < b.high || (a.high == b.high && a.low < b.low);
}

static wide wide_add(wide a, wide b)
{
    uint128 low = a.low + b.low;

    return (wide){a.high + b.high + (low < a.low), low};
}

static wide wide_subtract(wide a, wide b)
{
    return (wide){a.high - b.high - (a.low < b.low), a.low - b.low};
}

/* divisor < 2^127 */
static wide divide(wide a, uint128 divisor, uint128 *remainder)
{
    wide quotient = {0, 0};
    uint128 rest = 0;

    for (int i = 255; i >= 0; i--) {
        uint128 bit = (i >= 128 ? a.high >> (i - 128) : a.low >> i) & 1;

        rest = rest << 1 | bit;
        quotient.high = quotient.high << 1 | quotient.low >> 127;
        quotient.low <<= 1;
        if (rest >= divisor) {
            rest -= divisor;
            quotient.low |= 1;
        }
    }
    *remainder = rest;
    return quotient;
}

/* ---- signs and scales ---- */

static uint128 magnitude(sbx_int128 value)
{
    return value < 0 ? -(uint128)value : (uint128)value;
}

static int finish(wide value, int negative, const sbx_type *type, sbx_int128 *out)
{
    if (value.high != 0 || value.low >= (uint128)sbx_decimal_power(type->precision))
        return 0;
    *out = negative ? -(sbx_int128)value.low : (sbx_int128)value.low;
    return 1;
}

/* From one scale to that of the type, which is at most as large; half away from zero. */
static int round_to(wide value, int scale, int negative, const sbx_type *type, sbx_int128 *out)
{
    int cut = scale - type->scale;
    uint128 remainder, divisor;

    for (; cut > MAX_DIGITS; cut -= MAX_DIGITS)
        value = divide(value, (uint128)sbx_decimal_power(MAX_DIGITS), &remainder);
    if (cut > 0) {
        divisor = (uint128)sbx_decimal_power(cut);
        value = divide(value, divisor, &remainder);
        if (remainder >= divisor - remainder)
            value = wide_add(value, (wide){0, 1});
    }
    return finish(value, negative, type, out);
}

static int add(sbx_int128 a, int a_scale, sbx_int128 b, int b_scale, const sbx_type *type, sbx_int128 *out)
{
    int scale = a_scale > b_scale ? a_scale : b_scale;
    wide x = multiply(magnitude(a), (uint128)sbx_decimal_power(scale - a_scale));
    wide y = multiply(magnitude(b), (uint128)sbx_decimal_power(scale - b_scale));

    if ((a < 0) == (b < 0))
        return round_to(wide_add(x, y), scale, a < 0, type, out);
    if (wide_less(x, y))
        return round_to(wide_subtract(y, x), scale, b < 0, type, out);
    return round_to(wide_subtract(x, y), scale, a < 0, type, out);
}

/* Digit by digit, as on paper: as many as the result's scale asks for. */
static int quotient(sbx_int128 a, int a_scale, sbx_int128 b, int b_scale, const sbx_type *type, sbx_int128 *out)
{
    int shift = type->scale + b_scale - a_scale, negative = (a < 0) != (b < 0);
    uint128 divisor = magnitude(b), rest;
    wide result = divide((wide){0, magnitude(a)}, divisor, &rest);

    if (shift < 0)
        return round_to(result, type->scale - shift, negative, type, out);
    for (; shift > 0; shift--) {
        wide digit = divide(multiply(rest, 10), divisor, &rest);

        if (result.low >= (uint128)sbx_decimal_power(MAX_DIGITS))
            return 0;
        result = wide_add(multiply(result.low, 10), digit);
    }
    if (rest >= divisor - rest)
        result = wide_add(result, (wide){0, 1});
    return finish(result, negative, type, out);
}

/* With the scale of the type, rounded half away from zero. 0: too long. b is not 0 where it divides. */
static int compute(sbx_int128 a, int a_scale, sbx_int128 b, int b_scale, char op, const sbx_type *type, sbx_int128 *out)
{
    switch (op) {
    case '+':
        return add(a, a_scale, b, b_scale, type, out);
    case '-':
        return add(a, a_scale, -b, b_scale, type, out);
    case '*':
        return round_to(multiply(magnitude(a), magnitude(b)), a_scale + b_scale, (a < 0) != (b < 0), type, out);
    default:
        return quotient(a, a_scale, b, b_scale, type, out);
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
    } else if (op == '/') {
        scale = larger(KEPT_SCALE, s1 + p2 + 1);
        precision = p1 - s1 + s2 + scale;
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
        *decimal = (sbx_int128)value->as.u;
    else
        *decimal = (sbx_int128)value->as.i;
}

void sbx_eval_decimal(const sbx_scope *scope, const sbx_node *node, sbx_value *out)
{
    sbx_value a, b;
    sbx_int128 x, y;
    int x_scale, y_scale;

    sbx_node_value(scope, node->args[0], &a);
    sbx_node_value(scope, node->args[1], &b);
    *out = SBX_NO_VALUE;
    if (a.type == SBX_NULL || b.type == SBX_NULL)
        return;
    operand(&a, &x, &x_scale);
    operand(&b, &y, &y_scale);
    if (node->op == '/' && y == 0)
        return;
    out->type = SBX_DECIMAL;
    out->digits = node->type.scale;
    if (!compute(x, x_scale, y, y_scale, node->op, &node->type, &out->as.decimal)) {
        sbx_fail(scope->query->request, 0x013D, "Decimal value overflow");
        *out = SBX_NO_VALUE;
    }
}
