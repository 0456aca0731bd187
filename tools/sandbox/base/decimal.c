/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Decimals of up to 38 digits, exact. Knows nothing of columns. */
#include "decimal.h"

sbx_int128 sbx_decimal_power(int n)
{
    sbx_int128 power = sbx_int128_of(1);

    while (n-- > 0)
        power = sbx_int128_multiply(power, sbx_int128_of(10));
    return power;
}

size_t sbx_decimal_print(char out[SBX_DECIMAL_ROOM], sbx_int128 decimal, int scale)
{
    char reversed[SBX_DECIMAL_ROOM];
    sbx_int128 rest = sbx_int128_abs(decimal);
    size_t count = 0, len;
    int digits = 0;

    do {
        if (digits == scale && digits > 0)
            reversed[count++] = '.';
        reversed[count++] = (char)('0' + sbx_int128_take_digit(&rest));
        digits++;
    } while (!sbx_int128_is_zero(rest) || digits <= scale);
    if (sbx_int128_is_negative(decimal))
        reversed[count++] = '-';
    for (len = 0; len < count; len++)
        out[len] = reversed[count - 1 - len];
    out[len] = '\0';
    return len;
}

sbx_text sbx_decimal_text(sbx_arena *arena, sbx_int128 decimal, int scale)
{
    char text[SBX_DECIMAL_ROOM];
    size_t len = sbx_decimal_print(text, decimal, scale);

    return sbx_copy(arena, text, len);
}

/* Times 10^shift, rounded half away from zero. 0 when it has more digits than precision. */
static int shifted(sbx_int128 value, int shift, int precision, sbx_int128 *out)
{
    sbx_int128 m = sbx_int128_abs(value), power, rest;

    *out = sbx_int128_of(0);
    if (sbx_int128_is_zero(m) || shift < -SBX_DECIMAL_DIGITS)
        return 1;
    if (shift > SBX_DECIMAL_DIGITS)
        return 0;
    power = sbx_decimal_power(shift < 0 ? -shift : shift);
    if (shift < 0) {
        m = sbx_int128_divide(m, power, &rest);
        if (sbx_int128_compare(rest, sbx_int128_subtract(power, rest)) >= 0)
            m = sbx_int128_add(m, sbx_int128_of(1));
    } else {
        if (sbx_int128_compare(m, sbx_decimal_power(SBX_DECIMAL_DIGITS - shift)) >= 0)
            return 0;
        m = sbx_int128_multiply(m, power);
    }
    *out = sbx_int128_is_negative(value) ? sbx_int128_negate(m) : m;
    return sbx_int128_compare(m, sbx_decimal_power(precision)) < 0;
}

typedef struct digits {
    sbx_int128 value;
    int count;  /* without zeros before */
    int places; /* behind the point */
    int exponent;
} digits;

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
static int read_digits(sbx_text text, size_t pos, digits *d)
{
    int behind = 0;

    for (; pos < text.len && (is_digit(text.p[pos]) || text.p[pos] == '.'); pos++) {
        if (text.p[pos] == '.') {
            behind = 1;
            continue;
        }
        d->places += behind;
        d->count += !sbx_int128_is_zero(d->value) || text.p[pos] != '0';
        if (d->places > SBX_DECIMAL_DIGITS || d->count > SBX_DECIMAL_DIGITS)
            return 0;
        d->value = sbx_int128_add(sbx_int128_multiply(d->value, sbx_int128_of(10)), sbx_int128_of(text.p[pos] - '0'));
    }
    if (pos < text.len && (text.p[pos] == 'e' || text.p[pos] == 'E'))
        d->exponent = exponent_of(text, pos + 1);
    return 1;
}

int sbx_decimal_parse(sbx_text text, int precision, int scale, sbx_int128 *out)
{
    digits d = {{0, 0}, 0, 0, 0};
    int negative = 0;
    size_t pos = 0;

    *out = sbx_int128_of(0);
    if (text.len != 0 && (text.p[0] == '-' || text.p[0] == '+'))
        negative = text.p[pos++] == '-';
    if (!read_digits(text, pos, &d))
        return 0;
    /* The server brings the digits to the scale before it looks at a negative exponent: 1e-38 does not fit into DECIMAL(38,38). */
    if (d.exponent < 0 && scale > d.places && !shifted(d.value, scale - d.places, SBX_DECIMAL_DIGITS, out))
        return 0;
    return shifted(negative ? sbx_int128_negate(d.value) : d.value, scale - d.places + d.exponent, precision, out);
}
