/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * The shortest decimal text of a double, a float or an integer. Raffaello Giulietti's Schubfach: the interval of
 * decimals that read back as the value is scaled by a power of ten until it spans one or two units, and the
 * unit nearest to the value is taken. Knows no protocol.
 */
#include "base/number.h"

#include "base/number_put.h"
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

/* The same for a float: 64 bits of the power are enough, rounded up. */
static inline uint64_t round_to_odd_narrow(tdri_wide power, uint64_t factor)
{
    tdri_wide product = tdri_wide_mul(power.hi + (power.lo != 0), factor);

    return product.hi | (product.lo >> 32 > 1);
}

/* What decides between the decimals of an interval: its bounds and the value, in quarters of 10^exponent. */
typedef struct interval {
    uint64_t least, most, value;
    int exponent;
} interval;

static inline interval scale(binary b, uint64_t round(tdri_wide power, uint64_t factor))
{
    /* floor(log10(2^e)), of a power of two floor(log10(3/4 * 2^e)); floor(log2(10^-k)) */
    const int k = floor_shift((int64_t)b.exponent * 1262611 - (b.step ? 524031 : 0), 22);
    const int shift = b.exponent + floor_shift((int64_t)-k * 1741647, 19) + 1;
    const tdri_wide power = power_above(-k);
    const uint64_t odd = b.significand & 1, quarter = 4 * b.significand; /* the bounds read back as an even significand */

    return (interval){round(power, (quarter - 2 + (uint64_t)b.step) << shift) + odd, round(power, (quarter + 2) << shift) - odd,
                      round(power, quarter << shift), k};
}

static inline decimal shortest(interval in)
{
    const uint64_t least = in.least, most = in.most, value = in.value;
    uint64_t unit = value / 4;
    decimal out = {0, in.exponent};
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

const char tdri_digit_pairs[201] =
    "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
    "5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/* Writes the last n digits of v. */
static inline void put_digits(char *out, uint64_t v, unsigned n)
{
    uint32_t part;

    for (; n > 8; n -= 8, v /= 100000000u) /* 32-bit divisions are cheaper */
        tdri_put_digits8(out + n - 8, (uint32_t)(v % 100000000u));
    for (part = (uint32_t)v; n > 1; n -= 2, part /= 100)
        tdri_put_digits2(out + n - 2, part % 100);
    if (n == 1)
        *out = (char)('0' + part % 10);
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

/* n of the digits, 1 to 8, stand behind the point. Writes up to 7 bytes more. */
static inline char *put_point_narrow(char *out, uint32_t digits, unsigned n)
{
    const uint32_t ten = (uint32_t)tdri_ten_uint[n], whole = digits / ten, rest = digits - whole * ten;

    if (whole < 100) { /* one digit or two is hard to predict: no branch */
        memcpy(out, tdri_digit_pairs + 2 * whole + (whole < 10), 2);
        out += 2 - (whole < 10);
    } else {
        out = tdri_put_up_to_8(out, whole);
    }
    *out++ = '.';
    tdri_put_digits8(out, rest * (uint32_t)tdri_ten_uint[8 - n]);
    return out + n;
}

/* n of the digits, 1 to 16, stand behind the point. Writes up to 15 bytes more. */
static char *put_point(char *out, uint64_t digits, unsigned n)
{
    const uint64_t ten = tdri_ten_uint[n], whole = digits / ten;
    uint64_t rest = digits - whole * ten;

    out = tdri_put_uint64(out, whole);
    *out++ = '.';
    if (n <= 8) {
        tdri_put_digits8(out, (uint32_t)(rest * tdri_ten_uint[8 - n]));
        return out + n;
    }
    rest *= tdri_ten_uint[16 - n];
    tdri_put_digits8(out, (uint32_t)(rest / 100000000));
    tdri_put_digits8(out + 8, (uint32_t)(rest % 100000000));
    return out + n;
}

static char *put_plain(char *out, uint64_t digits, unsigned count, int exponent)
{
    unsigned zeros;

    if (exponent >= 0) {
        put_digits(out, digits, count);
        memset(out + count, '0', (unsigned)exponent);
        return out + count + exponent;
    }
    if (exponent >= -16) /* below, no digit stands before the point: there are 17 at most */
        return put_point(out, digits, (unsigned)-exponent);
    zeros = (unsigned)-exponent - count;
    memset(out, '0', zeros + 2);
    out[1] = '.';
    put_digits(out + zeros + 2, digits, count);
    return out + zeros + 2 + count;
}

/* Whatever the digits and the exponent are; answers the byte behind. */
static char *put_any(char *out, decimal d)
{
    unsigned count = count_digits(d.digits);
    int exponent = d.exponent + (int)count - 1;

    if (exponent < PLAIN_MIN || exponent > PLAIN_MAX)
        return put_scientific(out, d.digits, count, exponent);
    return put_plain(out, d.digits, count, d.exponent);
}

static inline size_t put_decimal(char *out, int negative, decimal d)
{
    char *p = out;

    while (d.digits % 10 == 0) {
        d.digits /= 10;
        d.exponent++;
    }
    *p = '-';
    p += negative;
    if (d.digits < 1000000000 && d.exponent < 0 && d.exponent >= PLAIN_MIN) /* most floats */
        p = put_point_narrow(p, (uint32_t)d.digits, (unsigned)-d.exponent);
    else
        p = put_any(p, d);
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

/* A value of either format: its bits, how many of them are the fraction, the bias of the exponent before them. */
typedef struct parts {
    uint64_t fraction;
    int exponent; /* biased */
    int negative;
    int bits, bias;
} parts;

static inline parts double_parts(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (parts){bits & (((uint64_t)1 << 52) - 1), (int)(bits >> 52 & 2047), (int)(bits >> 63), 52, 1023};
}

static inline parts float_parts(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (parts){bits & 0x7fffff, (int)(bits >> 23 & 255), (int)(bits >> 31), 23, 127};
}

static inline int is_finite(const parts *p)
{
    return p->exponent != 2 * p->bias + 1;
}

static inline int is_zero(const parts *p)
{
    return p->exponent == 0 && p->fraction == 0;
}

/* Of a value that is finite and not zero. */
static inline decimal decimal_of(const parts *p)
{
    binary b = {p->fraction, 1 - p->bias - p->bits, 0};

    if (p->exponent != 0) {
        b.significand = p->fraction | (uint64_t)1 << p->bits;
        b.exponent = p->exponent - p->bias - p->bits;
        b.step = p->fraction == 0 && p->exponent > 1;
    }
    /* A whole number whose neighbours are at most 1 away has no shorter text than itself. */
    if (b.exponent <= 0 && b.exponent >= -p->bits && (b.significand & (((uint64_t)1 << -b.exponent) - 1)) == 0)
        return (decimal){b.significand >> -b.exponent, 0};
    return shortest(p->bits == FLT_MANT_DIG - 1 ? scale(b, round_to_odd_narrow) : scale(b, round_to_odd));
}

static inline size_t put_parts(char *out, const parts *p)
{
    if (!is_finite(p))
        return put_special(out, p->negative && p->fraction == 0, p->fraction == 0 ? "inf" : "nan");
    if (is_zero(p))
        return put_special(out, p->negative, "0");
    return put_decimal(out, p->negative, decimal_of(p));
}

static size_t end_at(char *out, char *end)
{
    *end = '\0';
    return (size_t)(end - out);
}

size_t tdri_double_format(double value, char *out)
{
    const parts p = double_parts(value);
    char *end = tdri_put_short_double(out, value);

    return end != NULL ? end_at(out, end) : put_parts(out, &p);
}

size_t tdri_float_format(float value, char *out)
{
    const parts p = float_parts(value);

    return put_parts(out, &p);
}

static inline double nearest_double(decimal d)
{
#if FLT_EVAL_METHOD == 0 /* both operands exact, one rounding; elsewhere there would be two */
    if (d.exponent <= 0 && d.exponent >= -22) /* a float's digits are few enough */
        return (double)(int64_t)d.digits / tdri_ten_double[-d.exponent];
#endif
    return tdri_double_nearest(d.digits, d.exponent);
}

size_t tdri_float_format_cast(float value, char *out)
{
    const parts p = float_parts(value);
    char *end = tdri_put_short_float(out, value);
    decimal d;
    double back;

    if (end != NULL)
        return end_at(out, end);
    if (!is_finite(&p) || is_zero(&p))
        return put_parts(out, &p);
    d = decimal_of(&p);
    back = nearest_double(d);
    if (back <= FLT_MAX && (float)back == (p.negative ? -value : value))
        return put_decimal(out, p.negative, d);
    return tdri_double_format((double)value, out);
}

size_t tdri_uint64_format(uint64_t value, char *out)
{
    return end_at(out, tdri_put_uint64(out, value));
}

size_t tdri_int64_format(int64_t value, char *out)
{
    return end_at(out, tdri_put_int64(out, value));
}

/* What a caller gets of a text made elsewhere, since there was too little room to make it in place. */
static int deliver(const char *made, size_t n, char *text, size_t cap)
{
    if (n >= cap) {
        if (cap > 0)
            text[0] = '\0';
        return TDREST_ERANGE;
    }
    memcpy(text, made, n + 1);
    return TDREST_OK;
}

int tdrest_double_format(double value, char *text, size_t cap, size_t *len)
{
    char room[TDRI_NUMBER_TEXT];
    int in_place = cap >= sizeof room;
    size_t n = tdri_double_format(value, in_place ? text : room);

    if (len != NULL)
        *len = n;
    return in_place ? TDREST_OK : deliver(room, n, text, cap);
}

int tdrest_float_format(float value, char *text, size_t cap, size_t *len)
{
    char room[TDRI_NUMBER_TEXT];
    int in_place = cap >= sizeof room;
    size_t n = tdri_float_format(value, in_place ? text : room);

    if (len != NULL)
        *len = n;
    return in_place ? TDREST_OK : deliver(room, n, text, cap);
}
