/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Decimals as digits, reckoned with as on paper: from the lowest on, each with the sign of the number, in the midst of it also above 9. */
#include "decimal.h"

#include <string.h>

enum { BYTES = SBX_DECIMAL_DIGITS + 1, WIDE = 80 /* a product, and one of 38 digits with 38 zeros behind */ };

/* Carries until each is one digit, without a sign. 1: the number is below zero. */
static int settle(int n[WIDE])
{
    int carry = 0;

    for (int i = 0; i < WIDE; i++) {
        int sum = n[i] + carry;

        carry = sum / 10 - (sum % 10 < 0);
        n[i] = sum - 10 * carry;
    }
    if (carry >= 0)
        return 0;
    for (int i = 0; i < WIDE; i++) /* they are what it lacks to a power of ten */
        n[i] = 9 - n[i];
    n[0]++;
    settle(n);
    return 1;
}

/* Times 10^places. Below 0 it takes the last digits away, and counts up where the first of them is 5 or more. */
static void shift(int n[WIDE], int places)
{
    int from[WIDE], up = places < 0 && places >= -WIDE && n[-places - 1] >= 5;

    memcpy(from, n, sizeof from);
    for (int i = 0; i < WIDE; i++)
        n[i] = i - places >= 0 && i - places < WIDE ? from[i - places] : 0;
    n[0] += up;
}

/* As it is kept. 0: it has more digits than that. */
static int keep(sbx_arena *arena, const int n[WIDE], int negative, int precision, sbx_text *out)
{
    char *p = sbx_alloc(arena, BYTES + 1);
    int is_zero = 1;

    for (int i = 0; i < WIDE; i++) {
        if (n[i] != 0 && i >= precision)
            return 0;
        is_zero &= n[i] == 0;
    }
    negative &= !is_zero;
    p[0] = negative ? '0' : '1';
    for (int i = 0; i < SBX_DECIMAL_DIGITS; i++)
        p[SBX_DECIMAL_DIGITS - i] = (char)('0' + (negative ? 9 - n[i] : n[i]));
    *out = (sbx_text){p, BYTES};
    return 1;
}

/* 1: it is below zero. */
static int digits_of(sbx_text decimal, int n[WIDE])
{
    int negative = decimal.p[0] == '0';

    memset(n, 0, WIDE * sizeof *n);
    for (int i = 0; i < SBX_DECIMAL_DIGITS; i++) {
        n[i] = decimal.p[SBX_DECIMAL_DIGITS - i] - '0';
        n[i] = negative ? 9 - n[i] : n[i];
    }
    return negative;
}

void sbx_decimal_print(char out[SBX_DECIMAL_ROOM], sbx_text decimal, int scale)
{
    int n[WIDE], top = SBX_DECIMAL_DIGITS;

    if (digits_of(decimal, n))
        *out++ = '-';
    while (top > scale && n[top] == 0)
        top--;
    for (; top >= 0; top--) {
        *out++ = (char)('0' + n[top]);
        if (top == scale && top > 0)
            *out++ = '.';
    }
    *out = '\0';
}

sbx_text sbx_decimal_negated(sbx_arena *arena, sbx_text decimal)
{
    int n[WIDE], negative = digits_of(decimal, n);

    keep(arena, n, !negative, SBX_DECIMAL_DIGITS, &decimal);
    return decimal;
}

/* ---- reading ---- */

typedef struct written {
    char digits[SBX_DECIMAL_DIGITS]; /* without zeros before */
    int count;
    int places; /* behind the point */
    int exponent;
} written;

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static int exponent_of(sbx_text text, size_t pos)
{
    int sign = 1, exponent = 0;

    if (pos < text.len && (text.p[pos] == '-' || text.p[pos] == '+'))
        sign = text.p[pos++] == '-' ? -1 : 1;
    for (; pos < text.len && is_digit(text.p[pos]) && exponent < 1000; pos++)
        exponent = 10 * exponent + (text.p[pos] - '0');
    return sign * exponent;
}

/* Every point after the first is passed over: "1.2.3" is 1.23 to the server. 0: too many digits. */
static int read_digits(sbx_text text, size_t pos, written *w)
{
    int behind = 0;

    for (; pos < text.len && (is_digit(text.p[pos]) || text.p[pos] == '.'); pos++) {
        behind |= text.p[pos] == '.';
        w->places += behind && text.p[pos] != '.';
        if (w->places > SBX_DECIMAL_DIGITS)
            return 0;
        if (text.p[pos] == '.' || (w->count == 0 && text.p[pos] == '0'))
            continue;
        if (w->count == SBX_DECIMAL_DIGITS)
            return 0;
        w->digits[w->count++] = text.p[pos];
    }
    if (pos < text.len && (text.p[pos] == 'e' || text.p[pos] == 'E'))
        w->exponent = exponent_of(text, pos + 1);
    return 1;
}

int sbx_decimal_parse(sbx_arena *arena, sbx_text text, int precision, int scale, sbx_text *out)
{
    int n[WIDE] = {0}, has_sign = text.len != 0 && (text.p[0] == '-' || text.p[0] == '+'), move;
    written w = {0};

    if (!read_digits(text, (size_t)has_sign, &w))
        return 0;
    move = scale - w.places + w.exponent;
    /* The server brings the digits to the scale before it looks at a negative exponent: 1e-38 does not fit into DECIMAL(38,38). */
    if (w.count != 0 && (w.count + move > precision || (w.exponent < 0 && w.count + scale - w.places > SBX_DECIMAL_DIGITS)))
        return 0;
    for (int i = 0; i < w.count; i++)
        n[i] = w.digits[w.count - 1 - i] - '0';
    shift(n, move);
    settle(n);
    return keep(arena, n, has_sign && text.p[0] == '-', precision, out);
}

/* ---- reckoning ---- */

static void operand(const sbx_value *value, int n[WIDE])
{
    int negative = sbx_type_is_unsigned(value->type) ? 0 : value->as.i < 0;
    uint64_t size = negative ? 0 - value->as.u : value->as.u;

    if (value->type == SBX_DECIMAL) {
        negative = digits_of(value->as.s, n);
    } else {
        memset(n, 0, WIDE * sizeof *n);
        for (int i = 0; size != 0; size /= 10)
            n[i++] = (int)(size % 10);
    }
    for (int i = 0; i < WIDE && negative; i++)
        n[i] = -n[i];
}

int sbx_decimal_compute(sbx_arena *arena, const sbx_value *a, const sbx_value *b, char op, const sbx_type *type, sbx_text *out)
{
    int x[WIDE], y[WIDE], n[WIDE] = {0}, negative;
    int scale = op == '*' ? a->digits + b->digits : a->digits > b->digits ? a->digits : b->digits;

    operand(a, x);
    operand(b, y);
    if (op != '*') {
        shift(x, scale - a->digits);
        shift(y, scale - b->digits);
    }
    for (int i = 0; i < WIDE && op != '*'; i++)
        n[i] = op == '+' ? x[i] + y[i] : x[i] - y[i];
    for (int i = 0; i < SBX_DECIMAL_DIGITS && op == '*'; i++)
        for (int k = 0; k < SBX_DECIMAL_DIGITS; k++)
            n[i + k] += x[i] * y[k];
    negative = settle(n);
    shift(n, type->scale - scale);
    settle(n);
    return keep(arena, n, negative, type->precision, out);
}
