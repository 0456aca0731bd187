/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Decimal texts to double, float and integers, correctly rounded. Three ways, the first that is certain wins: one
 * exact operation in floating point (Clinger 1990); the first nineteen digits times 128 bits of a power of five
 * (Lemire 2021, without the fallback: Mushtak and Lemire 2023); big integers. Knows no protocol.
 */
#include "base/number.h"

#include "base/bytes8.h"
#include "base/number_exact.h"
#include "base/number_table.h"

#include <float.h>
#include <string.h>

enum { KEPT = 19 }; /* digits that 64 bits always hold */

typedef struct decimal {
    const char *digits; /* the first digit; when some were dropped, the first that is not zero */
    const char *point;  /* or NULL */
    const char *stop;   /* behind the last digit, exponent left out */
    uint64_t value;     /* the number is value * 10^exponent; with dropped digits from there to below value + 1 */
    int64_t exponent;
    int64_t dropped;
    int negative;
} decimal;

/* A binary format: IEEE 754's binary64 or binary32. */
typedef struct format {
    int fraction_bits;
    int bias;
    int exponent_max;     /* the biased exponent of infinity */
    int tie_min, tie_max; /* powers of ten for which 64 bits times the power can lie exactly between two values */
} format;

static const format binary64 = {52, 1023, 2047, -4, 23};
static const format binary32 = {23, 127, 255, -17, 10};

static inline unsigned digit_of(const char *p)
{
    return (unsigned)(unsigned char)*p - '0';
}

/* Appends digits to *value, modulo 2^64. */
static inline const char *scan_digits(const char *p, const char *end, uint64_t *value)
{
    uint64_t v = *value;

    while (end - p >= 8) {
        uint64_t eight = tdri_digits8_load(p), others = tdri_digits8_others(eight);
        unsigned bits;

        if (others != 0) {
            bits = tdri_trailing_zeros(others) & 56u;
            if (bits != 0)
                v = v * tdri_ten_uint[bits / 8] + tdri_digits8_value(eight, bits);
            *value = v;
            return p + bits / 8;
        }
        v = v * tdri_ten_uint[8] + tdri_digits8_value(eight, 64);
        p += 8;
    }
    for (; p != end && digit_of(p) <= 9; p++)
        v = v * 10 + digit_of(p);
    *value = v;
    return p;
}

/* What follows the 'e'. Saturates far beyond what any text in memory can shift back. */
static const char *scan_exponent(const char *p, const char *end, int64_t *exponent)
{
    const int64_t huge = INT64_C(100000000000000000);
    int negative = p != end && *p == '-';
    int64_t e = 0;
    const char *first;

    if (p != end && (*p == '-' || *p == '+'))
        p++;
    for (first = p; p != end && digit_of(p) <= 9; p++)
        if (e < huge)
            e = e * 10 + (int64_t)digit_of(p);
    if (p == first)
        return NULL;
    *exponent += negative ? -e : e;
    return p;
}

/* More than nineteen digits may have overflown the value: leading zeros do not count, of the others it keeps the first. */
static void keep_first(decimal *d)
{
    const char *p = d->digits;
    int64_t count;

    while (p != d->stop && (*p == '0' || *p == '.'))
        p++;
    d->digits = p;
    count = d->stop - p - (d->point != NULL && d->point >= p);
    if (count <= KEPT)
        return;
    d->dropped = count - KEPT;
    d->exponent += d->dropped;
    d->value = 0;
    for (int kept = 0; kept < KEPT; p++)
        if (*p != '.') {
            d->value = d->value * 10 + digit_of(p);
            kept++;
        }
}

static inline const char *scan(const char *p, const char *end, decimal *d)
{
    d->negative = p != end && *p == '-';
    d->digits = p += d->negative;
    d->point = NULL;
    d->value = 0;
    d->exponent = 0;
    d->dropped = 0;
    p = scan_digits(p, end, &d->value);
    if (p == d->digits || (*d->digits == '0' && p - d->digits > 1))
        return NULL;
    if (p != end && *p == '.') {
        d->point = p++;
        p = scan_digits(p, end, &d->value);
        if (p == d->point + 1)
            return NULL;
        d->exponent = d->point + 1 - p;
    }
    d->stop = p;
    if (p != end && ((unsigned char)*p | 0x20) == 'e')
        p = scan_exponent(p + 1, end, &d->exponent);
    if (p != NULL && d->stop - d->digits > KEPT)
        keep_first(d);
    return p;
}

/*
 * The highest 64 bits, and those below, of w times the fraction of 5^q. The second half of the power is asked only when the first
 * leaves the bits to be rounded by open.
 */
static inline tdri_wide times_five_to(uint64_t w, int q, unsigned precision)
{
    const tdri_wide *five = &tdri_power_of_five[q - TDRI_POWER_MIN];
    uint64_t below = UINT64_MAX >> precision;
    tdri_wide product = tdri_wide_mul(w, five->hi);

    if ((product.hi & below) == below) {
        uint64_t more = tdri_wide_mul(w, five->lo).hi;

        product.lo += more;
        product.hi += product.lo < more;
    }
    return product;
}

/* The bits, without sign, of the value nearest to w * 10^q. */
static inline uint64_t nearest(uint64_t w, int64_t exponent, const format *f)
{
    const int bits = f->fraction_bits;
    const uint64_t infinity = (uint64_t)f->exponent_max << bits;
    int q, shift, biased;
    unsigned zeros;
    uint64_t m;
    tdri_wide product;

    if (w == 0 || exponent < TDRI_POWER_MIN) /* 2^64 * 10^-343 is less than half of the least double */
        return 0;
    if (exponent > 308)
        return infinity;
    q = (int)exponent;
    zeros = tdri_leading_zeros(w);
    w <<= zeros;
    product = times_five_to(w, q, (unsigned)bits + 3);
    shift = (int)(product.hi >> 63) + 64 - bits - 3;
    m = product.hi >> shift; /* the significand and one bit to round by */
    biased = ((217706 * q + (2048 << 16)) >> 16) - 2048 + 63; /* 217706 / 2^16 is log2(10); 2048: nothing negative is shifted */
    biased += (int)(product.hi >> 63) - (int)zeros + f->bias;
    if (biased <= 0) {
        if (biased <= -63)
            return 0;
        m >>= 1 - biased;
        return (m + (m & 1)) >> 1; /* a carry into the exponent makes the least normal value, as it should */
    }
    /* Exactly between two values, where that can be, every bit below is 0. An odd m rounds up, which must not happen to an even value. */
    if (product.lo == 0 && q >= f->tie_min && q <= f->tie_max && (m & 3) == 1 && m << shift == product.hi)
        m--;
    m = (m + 1) >> 1;
    m += ((uint64_t)biased - 1) << bits; /* the leading one of m counts as the exponent's last step, and so does a carry */
    return m < infinity ? m : infinity;
}

/* Which of two neighbours, low and low + 1, is nearer to a decimal with dropped digits. */
static uint64_t nearer(const decimal *d, uint64_t low, const format *f)
{
    int exponent = (int)(low >> f->fraction_bits);
    uint64_t m = low & (((uint64_t)1 << f->fraction_bits) - 1);
    int side;

    if (exponent == 0)
        exponent = 1;
    else
        m |= (uint64_t)1 << f->fraction_bits;
    side = tdri_exact_compare(d->digits, d->stop, d->exponent - d->dropped, 2 * m + 1, exponent - f->bias - f->fraction_bits - 1);
    return side > 0 || (side == 0 && (low & 1) != 0) ? low + 1 : low;
}

static uint64_t bits_of(const decimal *d, const format *f)
{
    uint64_t bits = nearest(d->value, d->exponent, f);

    if (nearest(d->value + 1, d->exponent, f) != bits)
        bits = nearer(d, bits, f);
    return bits;
}

static inline double double_of(uint64_t bits)
{
    double out;

    memcpy(&out, &bits, sizeof out);
    return out;
}

static inline float float_of(uint64_t bits)
{
    uint32_t half = (uint32_t)bits;
    float out;

    memcpy(&out, &half, sizeof out);
    return out;
}

double tdri_double_nearest(uint64_t value, int64_t exponent)
{
    return double_of(nearest(value, exponent, &binary64));
}

float tdri_float_nearest(uint64_t value, int64_t exponent)
{
    return float_of(nearest(value, exponent, &binary32));
}

static inline double to_double(const decimal *d)
{
    if (d->dropped != 0)
        return double_of(bits_of(d, &binary64));
#if FLT_EVAL_METHOD == 0 /* both operands exact, one rounding; elsewhere there would be two */
    if (d->value <= (uint64_t)1 << 53 && d->exponent >= -22 && d->exponent <= 22) {
        double v = (double)(int64_t)d->value;

        return d->exponent < 0 ? v / tdri_ten_double[-d->exponent] : v * tdri_ten_double[d->exponent];
    }
#endif
    return tdri_double_nearest(d->value, d->exponent);
}

static inline float to_float(const decimal *d)
{
    if (d->dropped != 0)
        return float_of(bits_of(d, &binary32));
#if FLT_EVAL_METHOD == 0
    if (d->value <= (uint64_t)1 << 24 && d->exponent >= -10 && d->exponent <= 10) {
        float v = (float)(int64_t)d->value;

        return d->exponent < 0 ? v / tdri_ten_float[-d->exponent] : v * tdri_ten_float[d->exponent];
    }
#endif
    return tdri_float_nearest(d->value, d->exponent);
}

const char *tdri_double_parse(const char *text, const char *end, double *out)
{
    decimal d;
    const char *p = scan(text, end, &d);
    double v;

    if (p == NULL)
        return NULL;
    v = to_double(&d);
    *out = d.negative ? -v : v;
    return p;
}

const char *tdri_float_parse(const char *text, const char *end, float *out)
{
    decimal d;
    const char *p = scan(text, end, &d);
    float v;

    if (p == NULL)
        return NULL;
    v = to_float(&d);
    *out = d.negative ? -v : v;
    return p;
}

/* Digits of an integer up to a limit. */
static const char *scan_uint(const char *p, const char *end, uint64_t limit, uint64_t *out)
{
    const char *first = p;
    uint64_t v = 0;

    for (; p != end && digit_of(p) <= 9; p++) {
        unsigned digit = digit_of(p);

        if (v > limit / 10 || (v == limit / 10 && digit > limit % 10))
            return NULL;
        v = v * 10 + digit;
    }
    *out = v;
    return p == first || (*first == '0' && p - first > 1) ? NULL : p;
}

const char *tdri_int64_parse(const char *text, const char *end, int64_t *out)
{
    int negative = text != end && *text == '-';
    uint64_t v = 0;
    const char *p = scan_uint(text + negative, end, (uint64_t)INT64_MAX + (uint64_t)negative, &v);

    if (p != NULL)
        *out = negative && v != 0 ? -(int64_t)(v - 1) - 1 : (int64_t)v;
    return p;
}

const char *tdri_uint64_parse(const char *text, const char *end, uint64_t *out)
{
    int negative = text != end && *text == '-';

    return scan_uint(text + negative, end, negative ? 0 : UINT64_MAX, out);
}
