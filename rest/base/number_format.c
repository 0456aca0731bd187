/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The shortest decimal text of a double, a float or an integer. Raffaello Giulietti's Schubfach: the interval of
 * decimals that read back as the value is scaled by a power of ten until it spans one or two units, and the
 * unit nearest to the value is taken. Knows no protocol.
 */
#include "base/number.h"

#include "base/number_table.h"

#include <float.h>
#include <string.h>

/* The exponents, as in d.ddde-07, between which the notation is plain. */
enum { PLAIN_MIN = -6, PLAIN_MAX = 20 };

/* digits * 10^exponent */
typedef struct decimal {
    uint64_t digits;
    int exponent;
} decimal;

/* A positive binary value and what it takes to see its rounding interval. */
typedef struct binary {
    uint64_t significand; /* value = significand * 2^exponent */
    int exponent;
    int step; /* 1: a power of two, the value below is only half as far away as the one above */
} binary;

/* floor(n / 2^22) and the like, also for negative n. */
static inline int floor_shift(int64_t n, int bits)
{
    const int64_t offset = (int64_t)1 << 40;

    return (int)((n + offset) >> bits) - (int)(offset >> bits);
}

/* The 128 bits of 10^k, never less than it: where the table is below, the next fraction. */
static inline tdri_wide power_above(int k)
{
    tdri_wide power = tdri_power_of_five[k - TDRI_POWER_MIN];

    if (k < TDRI_POWER_TIE || k > TDRI_POWER_EXACT) {
        power.lo++;
        power.hi += power.lo == 0;
    }
    return power;
}

/* The highest 64 of 192 bits of a product; the last bit also tells whether there was a rest. */
static inline uint64_t round_to_odd(tdri_wide power, uint64_t factor)
{
    tdri_wide low = tdri_wide_mul(power.lo, factor), high = tdri_wide_mul(power.hi, factor);

    high.lo += low.hi;
    high.hi += high.lo < low.hi;
    return high.hi | (high.lo > 1);
}

static decimal shortest(binary b)
{
    /* floor(log10(2^e)), of a power of two floor(log10(3/4 * 2^e)); floor(log2(10^-k)) */
    const int k = floor_shift((int64_t)b.exponent * 1262611 - (b.step ? 524031 : 0), 22);
    const int shift = b.exponent + floor_shift((int64_t)-k * 1741647, 19) + 1;
    const tdri_wide power = power_above(-k);
    const uint64_t odd = b.significand & 1, quarter = 4 * b.significand; /* the bounds read back as an even significand */
    const uint64_t least = round_to_odd(power, (quarter - 2 + (uint64_t)b.step) << shift) + odd;
    const uint64_t most = round_to_odd(power, (quarter + 2) << shift) - odd;
    const uint64_t value = round_to_odd(power, quarter << shift); /* in quarters of 10^k, as the bounds are */
    uint64_t unit = value / 4;
    decimal out = {0, k};
    int down, up;

    if (unit >= 10) {
        uint64_t ten = unit / 10;

        down = least <= 40 * ten;
        up = 40 * ten + 40 <= most;
        if (down != up) {
            out.digits = ten + (uint64_t)up;
            out.exponent++;
            return out;
        }
    }
    down = least <= 4 * unit;
    up = 4 * unit + 4 <= most;
    if (down == up) /* both are inside, or neither: the nearer one, of two equally near the even one */
        up = value > 4 * unit + 2 || (value == 4 * unit + 2 && (unit & 1) != 0);
    out.digits = unit + (uint64_t)up;
    return out;
}

/* 0 has one, too. */
static inline unsigned count_digits(uint64_t v)
{
    unsigned least;

    v |= v == 0;
    least = (64 - tdri_leading_zeros(v)) * 1233 >> 12; /* 1233 / 2^12 is log10(2): right, or one too few */
    return least + (v >= tdri_ten_uint[least]);
}

/* Writes the last n digits of v. */
static void put_digits(char *out, uint64_t v, unsigned n)
{
    uint32_t part;

    while (n > 8) { /* eight digits at a time: 32-bit divisions are cheaper */
        part = (uint32_t)(v % 100000000u);
        v /= 100000000u;
        for (int i = 0; i < 8; i++, part /= 10)
            out[--n] = (char)('0' + part % 10);
    }
    for (part = (uint32_t)v; n > 0; part /= 10)
        out[--n] = (char)('0' + part % 10);
}

/* d.ddde-07; answers the byte behind. */
static char *put_scientific(char *out, uint64_t digits, unsigned count, int exponent)
{
    unsigned size = (unsigned)(exponent < 0 ? -exponent : exponent);
    unsigned width = size > 99 ? 3 : 2;

    put_digits(out + 1, digits, count);
    out[0] = out[1];
    out[1] = '.';
    out += count == 1 ? 1 : count + 1;
    *out++ = 'e';
    *out++ = exponent < 0 ? '-' : '+';
    put_digits(out, size, width);
    return out + width;
}

static char *put_plain(char *out, uint64_t digits, unsigned count, int exponent)
{
    unsigned whole, zeros;

    if (exponent >= 0) {
        put_digits(out, digits, count);
        memset(out + count, '0', (unsigned)exponent);
        return out + count + exponent;
    }
    if (count > (unsigned)-exponent) {
        whole = count - (unsigned)-exponent;
        put_digits(out + 1, digits, count);
        memmove(out, out + 1, whole);
        out[whole] = '.';
        return out + count + 1;
    }
    zeros = (unsigned)-exponent - count;
    memset(out, '0', zeros + 2);
    out[1] = '.';
    put_digits(out + zeros + 2, digits, count);
    return out + zeros + 2 + count;
}

static size_t put_decimal(char *out, int negative, decimal d)
{
    char *p = out;
    unsigned count;
    int exponent;

    while (d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    count = count_digits(d.digits);
    exponent = d.exponent + (int)count - 1;
    if (negative)
        *p++ = '-';
    if (exponent < PLAIN_MIN || exponent > PLAIN_MAX)
        p = put_scientific(p, d.digits, count, exponent);
    else
        p = put_plain(p, d.digits, count, d.exponent);
    *p = '\0';
    return (size_t)(p - out);
}

/* Zero, infinity and NaN. */
static size_t put_special(char *out, int negative, const char *word)
{
    size_t len = strlen(word);

    if (negative)
        *out++ = '-';
    memcpy(out, word, len + 1);
    return len + (size_t)negative;
}

/* A value of either format from its parts: fraction of `bits` bits, biased exponent. */
static size_t put_binary(char *out, int negative, uint64_t fraction, int exponent, int bits, int bias)
{
    const uint64_t one = (uint64_t)1 << bits;
    binary b = {fraction, 1 - bias - bits, 0};
    decimal whole = {0, 0};

    if (exponent == 2 * bias + 1)
        return put_special(out, negative && fraction == 0, fraction == 0 ? "inf" : "nan");
    if (exponent == 0 && fraction == 0)
        return put_special(out, negative, "0");
    if (exponent != 0) {
        b.significand = fraction | one;
        b.exponent = exponent - bias - bits;
        b.step = fraction == 0 && exponent > 1;
    }
    /* A whole number whose neighbours are at most 1 away has no shorter text than itself. */
    if (b.exponent <= 0 && b.exponent >= -bits && (b.significand & (((uint64_t)1 << -b.exponent) - 1)) == 0)
        whole.digits = b.significand >> -b.exponent;
    return put_decimal(out, negative, whole.digits != 0 ? whole : shortest(b));
}

size_t tdri_double_format(double value, char *out)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return put_binary(out, (int)(bits >> 63), bits & (((uint64_t)1 << 52) - 1), (int)(bits >> 52 & 2047), 52, 1023);
}

size_t tdri_float_format(float value, char *out)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return put_binary(out, (int)(bits >> 31), bits & 0x7fffff, (int)(bits >> 23 & 255), 23, 127);
}

size_t tdri_float_format_cast(float value, char *out)
{
    size_t len = tdri_float_format(value, out);
    double read;

    if (tdri_double_parse(out, out + len, &read) == out + len && read >= -(double)FLT_MAX && read <= (double)FLT_MAX && (float)read == value)
        return len;
    return tdri_double_format((double)value, out);
}

size_t tdri_uint64_format(uint64_t value, char *out)
{
    unsigned count = count_digits(value);

    put_digits(out, value, count);
    out[count] = '\0';
    return count;
}

size_t tdri_int64_format(int64_t value, char *out)
{
    if (value >= 0)
        return tdri_uint64_format((uint64_t)value, out);
    *out = '-';
    return 1 + tdri_uint64_format(0 - (uint64_t)value, out + 1);
}
