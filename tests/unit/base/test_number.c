/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Reading of doubles, floats, integers and decimals. What is expected comes from exact arithmetic elsewhere, or from libc. */
#include "base/number.h"
#include "base/number_fast.h"
#include "proof/number_cases.h"
#include "proof/numbers.h"
#include "proof/powers.h"
#include "test.h"

enum { ROOM = 2048 };

static uint64_t bits64(double v)
{
    uint64_t bits;

    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static uint32_t bits32(float v)
{
    uint32_t bits;

    memcpy(&bits, &v, sizeof bits);
    return bits;
}

/* The short way, with a cell's surroundings: the same answer, or none for what is not finite. */
static void check_fast(const char *text, uint64_t wide, uint32_t narrow)
{
    char row[ROOM + 64];
    const size_t len = strlen(text);
    const char *behind;
    double d = 0;
    float f = 0;

    memset(row, ',', sizeof row);
    memcpy(row, text, len);
    behind = tdri_double_fast(row, row + sizeof row, &d);
    if ((wide << 1) == 0xffe0000000000000u)
        CHECK(behind == NULL, "double_fast takes %.60s", text);
    else
        CHECK(behind == row + len && bits64(d) == wide, "double_fast of %.60s is %016" PRIx64, text, bits64(d));
    behind = tdri_float_fast(row, row + sizeof row, &f);
    if ((narrow << 1) == 0xff000000u)
        CHECK(behind == NULL, "float_fast takes %.60s", text);
    else
        CHECK(behind == row + len && bits32(f) == narrow, "float_fast of %.60s is %08" PRIx32, text, bits32(f));
}

static void check_number(const char *text, uint64_t wide, uint32_t narrow)
{
    const char *end = text + strlen(text);
    double d = 0;
    float f = 0;

    CHECK(tdri_double_parse(text, end, &d) == end, "double_parse stops early in %.60s", text);
    CHECK(bits64(d) == wide, "double of %.60s is %016" PRIx64 ", expected %016" PRIx64, text, bits64(d), wide);
    CHECK(tdri_float_parse(text, end, &f) == end, "float_parse stops early in %.60s", text);
    CHECK(bits32(f) == narrow, "float of %.60s is %08" PRIx32 ", expected %08" PRIx32, text, bits32(f), narrow);
    check_fast(text, wide, narrow);
}

static void hard_cases(void)
{
    char negative[ROOM];

    for (size_t i = 0; i < COUNT_OF(tdrt_number_cases); i++) {
        const struct tdrt_number_case *c = &tdrt_number_cases[i];

        check_number(c->text, c->wide, c->narrow);
        if (c->text[0] == '-')
            continue;
        snprintf(negative, sizeof negative, "-%s", c->text);
        check_number(negative, c->wide | (uint64_t)1 << 63, c->narrow | (uint32_t)1 << 31);
    }
}

/* Texts of hundreds of digits: head, a run of one digit, tail. */
static void long_texts(void)
{
    static const struct {
        const char *head;
        char digit;
        int count;
        const char *tail;
        uint64_t wide;
        uint32_t narrow;
    } cases[] = {
        {"1", '0', 800, "e-800", 0x3ff0000000000000, 0x3f800000},
        {"0.", '0', 799, "1e800", 0x3ff0000000000000, 0x3f800000},
        {"-0.", '0', 900, "", 0x8000000000000000, 0x80000000},
        {"9007199254740993.", '0', 770, "", 0x4340000000000000, 0x5a000000},
        {"9007199254740993.", '0', 770, "1", 0x4340000000000001, 0x5a000000},
        {"9007199254740993.", '0', 1500, "10", 0x4340000000000001, 0x5a000000},
        {"9007199254740992.", '9', 1500, "", 0x4340000000000000, 0x5a000000},
        {"9007199254740994.", '9', 800, "", 0x4340000000000001, 0x5a000000},
        {"9007199254740995", '0', 800, "e-800", 0x4340000000000002, 0x5a000000},
        {"9007199254740993", '0', 800, ".0e-800", 0x4340000000000000, 0x5a000000},
        {"9007199254740993", '0', 800, ".1e-800", 0x4340000000000001, 0x5a000000},
        {"16777217.", '0', 800, "9", 0x4170000010000000, 0x4b800001},
        {"16777217.", '0', 800, "", 0x4170000010000000, 0x4b800000},
        {"1.", '0', 788, "1", 0x3ff0000000000000, 0x3f800000},
        {"1", '0', 400, "", 0x7ff0000000000000, 0x7f800000},
        {"0.", '0', 400, "1", 0x0000000000000000, 0x00000000},
        {"1e", '9', 1000, "", 0x7ff0000000000000, 0x7f800000},
        {"1e-", '9', 1000, "", 0x0000000000000000, 0x00000000},
        {"1e", '0', 1000, "1", 0x4024000000000000, 0x41200000},
        {"", '9', 308, "", 0x7fe1ccf385ebc8a0, 0x7f800000},
        {"0.", '3', 1000, "", 0x3fd5555555555555, 0x3eaaaaab},
    };
    char text[ROOM];

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t head = strlen(cases[i].head), run = (size_t)cases[i].count;

        memcpy(text, cases[i].head, head);
        memset(text + head, cases[i].digit, run);
        snprintf(text + head + run, sizeof text - head - run, "%s", cases[i].tail);
        check_number(text, cases[i].wide, cases[i].narrow);
    }
}

/* An exact decimal, one digit a byte, lowest first, times 10^-tens. */
typedef struct exact {
    unsigned char digit[1200];
    int count;
    int tens;
} exact;

static void exact_times(exact *x, unsigned factor)
{
    unsigned carry = 0;

    for (int i = 0; i < x->count || carry != 0; i++) {
        if (i == x->count)
            x->digit[x->count++] = 0;
        carry += x->digit[i] * factor;
        x->digit[i] = (unsigned char)(carry % 10);
        carry /= 10;
    }
}

/* m * 2^e with one more digit, a zero. */
static void exact_set(exact *x, uint64_t m, int e)
{
    x->tens = e < 0 ? 1 - e : 1;
    for (x->count = 0; m != 0; m /= 10)
        x->digit[x->count++] = (unsigned char)(m % 10);
    for (int i = e; i < 0; i++)
        exact_times(x, 5);
    for (int i = e; i > 0; i--)
        exact_times(x, 2);
    exact_times(x, 10);
}

/* Its text, all digits; `up` is added to the last digit, a borrow goes on. */
static void exact_text(const exact *x, int up, char *out)
{
    exact y = *x;
    int i = 0;

    if (up < 0) {
        for (; y.digit[i] == 0; i++)
            y.digit[i] = 9;
        y.digit[i]--;
    } else {
        y.digit[0] = (unsigned char)up;
    }
    while (y.digit[y.count - 1] == 0)
        y.count--;
    for (i = 0; i < y.count; i++)
        out[i] = (char)('0' + y.digit[y.count - 1 - i]);
    snprintf(out + i, 16, "e-%d", y.tens);
}

/* Midway between two neighbours, and a unit of the last place to either side: up to 769 digits, no rounding by chance. */
static void doubles_midway(void)
{
    static const uint64_t fixed[] = {
        0, 1, 2, 0x000ffffffffffffe, 0x000fffffffffffff, 0x0010000000000000, 0x001fffffffffffff, 0x7feffffffffffffe, 0x7fefffffffffffff,
    };
    static exact x;
    char text[ROOM];
    uint64_t seed = 20240229, m, bits;
    double d;

    for (size_t i = 0; i < 300; i++) {
        int biased;

        bits = i < COUNT_OF(fixed) ? fixed[i] : tdrt_draw(&seed) >> 1;
        biased = (int)(bits >> 52);
        m = bits & 0xfffffffffffff;
        if (biased == 2047)
            continue;
        exact_set(&x, 2 * (biased == 0 ? m : m | 0x10000000000000) + 1, (biased == 0 ? 1 : biased) - 1076);
        for (int up = -1; up <= 1; up++) {
            uint64_t expected = bits + (up > 0 || (up == 0 && (bits & 1) != 0));

            exact_text(&x, up, text);
            CHECK(tdri_double_parse(text, text + strlen(text), &d) != NULL && bits64(d) == expected,
                  "midway above %016" PRIx64 " by %d is %016" PRIx64, bits, up, bits64(d));
        }
    }
}

static void floats_midway(void)
{
    static const uint32_t fixed[] = {0, 1, 2, 0x007ffffe, 0x007fffff, 0x00800000, 0x00ffffff, 0x7f7ffffe, 0x7f7fffff};
    static exact x;
    char text[ROOM];
    uint64_t seed = 20240229;
    float f;

    for (size_t i = 0; i < 2000; i++) {
        uint32_t bits = i < COUNT_OF(fixed) ? fixed[i] : (uint32_t)(tdrt_draw(&seed) >> 33), m = bits & 0x7fffff;
        int biased = (int)(bits >> 23);

        if (biased == 255)
            continue;
        exact_set(&x, 2 * (biased == 0 ? m : m | 0x800000) + 1, (biased == 0 ? 1 : biased) - 151);
        for (int up = -1; up <= 1; up++) {
            uint32_t expected = bits + (up > 0 || (up == 0 && (bits & 1) != 0));

            exact_text(&x, up, text);
            CHECK(tdri_float_parse(text, text + strlen(text), &f) != NULL && bits32(f) == expected,
                  "midway above %08" PRIx32 " by %d is %08" PRIx32, bits, up, bits32(f));
        }
    }
}

/* Every tie that nineteen digits and a power of ten can tell: odd numbers of one bit more than a significand, times powers of five. */
static void short_ties(void)
{
    static const struct {
        int bits; /* of the significand */
        int last; /* the least power of ten with ties */
    } formats[] = {{53, -4}, {24, -16}};
    char text[64];
    uint64_t seed = 3;

    for (size_t i = 0; i < COUNT_OF(formats); i++) {
        uint64_t five = 1, one = (uint64_t)1 << formats[i].bits;

        for (int q = -1; q >= formats[i].last; q--) {
            five *= 5;
            for (int n = 0; n < 200; n++) {
                uint64_t odd = one + ((tdrt_draw(&seed) % (n == 0 ? 1 : one / 16)) | 1), even = (odd & 2) != 0 ? odd + 1 : odd - 1;
                double expected = (double)even / (double)((uint64_t)1 << -q), wide = 0;
                float narrow = 0;

                if (odd > UINT64_C(9999999999999999999) / five)
                    continue;
                snprintf(text, sizeof text, "%" PRIu64 "e%d", odd * five, q);
                CHECK(tdri_double_parse(text, text + strlen(text), &wide) != NULL, "%s", text);
                CHECK(tdri_float_parse(text, text + strlen(text), &narrow) != NULL, "%s", text);
                CHECK((i == 0 ? wide : (double)narrow) == expected, "%s is %.17g or %.9g", text, wide, (double)narrow);
            }
        }
    }
}

/* How many bytes of a text are taken; -1: none. */
static const struct {
    const char *text;
    int taken;
} shapes[] = {
    {"", -1}, {"-", -1}, {"+1", -1}, {".5", -1}, {"-.5", -1}, {"--1", -1}, {"a", -1}, {" 1", -1}, {"1.", -1},
    {"1.e5", -1}, {"-1.", -1},
    {"1.x", -1}, {"1e", -1}, {"1E", -1}, {"1e+", -1}, {"1e-", -1}, {"1e+-5", -1}, {"1ex", -1}, {"1.5e", -1},
    {"00", -1}, {"01", -1}, {"-01", -1},
    {"00.5", -1}, {"-00", -1}, {"0123456789", -1}, {"nan", -1}, {"inf", -1}, {"-inf", -1}, {"Infinity", -1},
    {"null", -1}, {"\xd9\xa1", -1},
    {"/", -1}, {":", -1}, {"\"1\"", -1}, {"1234567.", -1}, {"12345678.", -1}, {"123456.,", -1},
    {"1.2345678901234567890e", -1},
    {"0", 1}, {"-0", 2}, {"0.5", 3}, {"0e0", 3}, {"1e5", 3}, {"1E5", 3}, {"1e05", 4}, {"1e+05", 5}, {"1e-05", 5},
    {"1.5e3", 5}, {"12.50", 5},
    {"1 ", 1}, {"1,2", 1}, {"1]", 1}, {"1x", 1}, {"0x10", 1}, {"1.2.3", 3}, {"1e5.5", 3}, {"1e5e5", 3}, {"1-2", 1},
    {"1+2", 1}, {"1/", 1}, {"1:", 1},
    {"1\xd9\xa1", 1}, {"1.5\xb0", 3}, {"1234567890123456789012345678901234567890.", -1},
    {"12345678901234567890123456789012345", 35},
};

static void grammar(void)
{
    double d;
    float f;

    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        const char *text = shapes[i].text, *end = text + strlen(text);
        const char *expected = shapes[i].taken < 0 ? NULL : text + shapes[i].taken;
        char row[96];

        CHECK(tdri_double_parse(text, end, &d) == expected, "double_parse of %s", text);
        CHECK(tdri_float_parse(text, end, &f) == expected, "float_parse of %s", text);
        memset(row, ']', sizeof row);
        memcpy(row, text, (size_t)(end - text));
        if (expected != NULL)
            expected = row + shapes[i].taken;
        CHECK(tdri_double_fast(row, row + sizeof row, &d) == expected, "double_fast of %s", text);
        CHECK(tdri_float_fast(row, row + sizeof row, &f) == expected, "float_fast of %s", text);
    }
}

/* Every beginning of a number in memory of its own size: taken whole when it ends in a digit, else not at all; nothing behind it is read. */
static void cut_texts(void)
{
    static const char *const texts[] = {
        "-12.5e+10", "0.31", "-0.000001", "123456789.123456789", "1e-400", "12345678901234567890123e-5", "219", "-9223372036854775808",
    };
    double d;
    float f;

    for (size_t i = 0; i < COUNT_OF(texts); i++)
        for (size_t len = 0; len <= strlen(texts[i]); len++) {
            char *text = malloc(len + (len == 0));
            int whole = len != 0 && texts[i][len - 1] >= '0' && texts[i][len - 1] <= '9';

            CU_ASSERT(text != NULL);
            if (text == NULL)
                return;
            memcpy(text, texts[i], len);
            CHECK(tdri_double_parse(text, text + len, &d) == (whole ? text + len : NULL), "%zu bytes of %s", len, texts[i]);
            CHECK(tdri_float_parse(text, text + len, &f) == (whole ? text + len : NULL), "%zu bytes of %s", len, texts[i]);
            free(text);
        }
}

/* A number that touches the end may go on: the short way leaves it. */
static void fast_at_end(void)
{
    static const char text[] = "0.123456789012345678901234567890123456789";
    double d;
    float f;

    for (size_t len = 32; len < sizeof text; len++) {
        CHECK(tdri_double_fast(text, text + len, &d) == NULL, "%zu bytes", len);
        CHECK(tdri_float_fast(text, text + len, &f) == NULL, "%zu bytes", len);
    }
}

static void random_doubles(void)
{
    uint64_t seed = 42;
    char text[64];

    for (int i = 0; i < 100000; i++) {
        uint64_t bits = tdrt_draw(&seed);
        int precision = (int)(tdrt_draw(&seed) % 22);
        double v, d;
        float f;

        memcpy(&v, &bits, sizeof v);
        if ((bits >> 52 & 2047) == 2047)
            continue;
        if (i % 4 == 0)
            v = (double)(int64_t)(bits >> 12) / 4294967296.0;
        if (i % 4 == 1)
            v = (double)(int64_t)(tdrt_draw(&seed) % 1000000) / 1000.0;
        snprintf(text, sizeof text, i % 2 != 0 ? "%.*g" : "%.*e", precision, v);
        d = strtod(text, NULL);
        f = strtof(text, NULL);
        check_number(text, bits64(d), bits32(f));
    }
}

static void integers(void)
{
    static const struct {
        const char *text;
        int taken; /* as int64_t */
        int64_t value;
        int taken_u;
        uint64_t value_u;
    } cases[] = {
        {"0", 1, 0, 1, 0}, {"-0", 2, 0, 2, 0}, {"1", 1, 1, 1, 1}, {"-1", 2, -1, -1, 0}, {"219,", 3, 219, 3, 219},
        {"12.5", 2, 12, 2, 12},
        {"-0.5", 2, 0, 2, 0}, {"1e5", 1, 1, 1, 1}, {"9223372036854775807", 19, INT64_MAX, 19, (uint64_t)INT64_MAX},
        {"9223372036854775808", -1, 0, 19, (uint64_t)INT64_MAX + 1}, {"-9223372036854775808", 20, INT64_MIN, -1, 0},
        {"-9223372036854775807", 20, -INT64_MAX, -1, 0}, {"-9223372036854775809", -1, 0, -1, 0},
        {"18446744073709551615", -1, 0, 20, UINT64_MAX},
        {"18446744073709551616", -1, 0, -1, 0}, {"18446744073709551620", -1, 0, -1, 0},
        {"92233720368547758070", -1, 0, -1, 0},
        {"184467440737095516150", -1, 0, -1, 0}, {"99999999999999999999999999", -1, 0, -1, 0},
        {"1844674407370955161", 19, 1844674407370955161, 19, 1844674407370955161},
        {"", -1, 0, -1, 0}, {"-", -1, 0, -1, 0}, {"+1", -1, 0, -1, 0}, {"01", -1, 0, -1, 0}, {"-01", -1, 0, -1, 0},
        {"00", -1, 0, -1, 0}, {" 1", -1, 0, -1, 0}, {"x", -1, 0, -1, 0},
    };

    static const char digits[] = "9223372036854775807";

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *text = cases[i].text, *end = text + strlen(text);
        const char *expected = cases[i].taken < 0 ? NULL : text + cases[i].taken;
        const char *expected_u = cases[i].taken_u < 0 ? NULL : text + cases[i].taken_u;
        int64_t v = 77;
        uint64_t u = 77;

        CHECK(tdri_int64_parse(text, end, &v) == expected, "int64_parse of %s", text);
        CHECK(tdri_uint64_parse(text, end, &u) == expected_u, "uint64_parse of %s", text);
        CHECK(expected == NULL || v == cases[i].value, "%s is %" PRId64, text, v);
        CHECK(expected_u == NULL || u == cases[i].value_u, "%s is %" PRIu64, text, u);
    }
    for (size_t len = 1; len < 19; len++) {
        int64_t v = 0;

        CHECK(tdri_int64_parse(digits, digits + len, &v) == digits + len, "%zu digits", len);
        CHECK_INT(v, (int64_t)(INT64_MAX / tdri_ten_uint[19 - len]));
    }
}

static void decimals(void)
{
    static const struct {
        const char *text;
        int code;
        tdrest_decimal value;
    } cases[] = {
        {"0", TDREST_OK, {0, 0, 0, 0}}, {"12", TDREST_OK, {12, 0, 0, 0}},
        {"-0.0500", TDREST_OK, {(uint64_t)-500, -1, 4, 1}}, {"-0.00", TDREST_OK, {0, 0, 2, 1}},
        {"0.00", TDREST_OK, {0, 0, 2, 0}},
        {"007.5", TDREST_OK, {75, 0, 1, 0}}, {"4467440737095516.1230", TDREST_OK, {0x6bfb60cf08dffe8e, 2, 4, 0}},
        {"18446744073709551615", TDREST_OK, {UINT64_MAX, 0, 0, 0}},
        {"18446744073709551616", TDREST_OK, {0, 1, 0, 0}}, {"-18446744073709551616", TDREST_OK, {0, -1, 0, 1}},
        {"-1844674407370955161.7", TDREST_OK, {UINT64_MAX, -2, 1, 1}},
        {"99999999999999999999999999999999999999", TDREST_OK, {0x098a223fffffffff, 0x4b3b4ca85a86c47a, 0, 0}},
        {"-0.99999999999999999999999999999999999999", TDREST_OK, {0xf675ddc000000001, -0x4b3b4ca85a86c47b, 38, 1}},
        {"0.00000000000000000000000000000000000001", TDREST_OK, {1, 0, 38, 0}},
        {"170141183460469231731687303715884105727", TDREST_OK, {UINT64_MAX, INT64_MAX, 0, 0}},
        {"-170141183460469231731687303715884105727", TDREST_OK, {1, INT64_MIN, 0, 1}},
        {"170141183460469231731687303715884105728", TDREST_ERANGE, {0, 0, 0, 0}},
        {"-170141183460469231731687303715884105728", TDREST_ERANGE, {0, 0, 0, 0}},
        {"340282366920938463463374607431768211456", TDREST_ERANGE, {0, 0, 0, 0}},
        {"999999999999999999999999999999999999999", TDREST_ERANGE, {0, 0, 0, 0}},
        {"3402823669209384634633746074317682114560", TDREST_ERANGE, {0, 0, 0, 0}},
        {"0.0000000000000000000000000000000000000000000000000000000000000000000000000001", TDREST_OK, {1, 0, 76, 0}},
        {"0.00000000000000000000000000000000000000000000000000000000000000000000000000001", TDREST_ERANGE, {0, 0, 0, 0}},
        {"", TDREST_ETYPE, {0, 0, 0, 0}}, {"-", TDREST_ETYPE, {0, 0, 0, 0}}, {"+1", TDREST_ETYPE, {0, 0, 0, 0}},
        {"1.", TDREST_ETYPE, {0, 0, 0, 0}}, {".5", TDREST_ETYPE, {0, 0, 0, 0}},
        {"-.5", TDREST_ETYPE, {0, 0, 0, 0}}, {"1e5", TDREST_ETYPE, {0, 0, 0, 0}},
        {"1.2.3", TDREST_ETYPE, {0, 0, 0, 0}}, {"1 ", TDREST_ETYPE, {0, 0, 0, 0}},
        {" 1", TDREST_ETYPE, {0, 0, 0, 0}},
        {"nan", TDREST_ETYPE, {0, 0, 0, 0}}, {"1,5", TDREST_ETYPE, {0, 0, 0, 0}},
        {"--1", TDREST_ETYPE, {0, 0, 0, 0}}, {"1.-5", TDREST_ETYPE, {0, 0, 0, 0}},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *text = cases[i].text;
        const tdrest_decimal *e = &cases[i].value;
        tdrest_decimal v = {0, 0, 0, 0};
        int code = tdri_decimal_parse(text, strlen(text), &v);

        CHECK(code == cases[i].code, "%s: %d, expected %d", text, code, cases[i].code);
        CHECK(code != TDREST_OK || (v.lo == e->lo && v.hi == e->hi && v.scale == e->scale && v.negative == e->negative),
              "%s is %016" PRIx64 " %016" PRIx64 " scale %d", text, (uint64_t)v.hi, v.lo, (int)v.scale);
        CHECK(tdri_decimal_is(text, strlen(text)) == (cases[i].code != TDREST_ETYPE), "shape of %s", text);
    }
    CHECK(tdri_decimal_is("1\0", 2) == 0, "a NUL is no digit");
}

/* Each entry against long arithmetic: exact, the next above, or the next below as number_table.h says. */
static void power_table(void)
{
    for (int q = TDRI_POWER_MIN; q <= TDRI_POWER_MAX; q++) {
        const tdri_wide *entry = &tdri_power_of_five[q - TDRI_POWER_MIN];
        uint64_t bits[2];
        int cut = tdrt_power_of_five(q, bits);

        CHECK(cut == (q < 0 || q > TDRI_POWER_EXACT), "5^%d is exact or not", q);
        if (q >= TDRI_POWER_TIE && q < 0) {
            bits[1]++;
            bits[0] += bits[1] == 0;
        }
        CHECK(entry->hi == bits[0] && entry->lo == bits[1], "5^%d is %016" PRIx64 "%016" PRIx64, q, entry->hi, entry->lo);
    }
}

CU_TestInfo tdrt_number[] = {
    {"hard cases", hard_cases},
    {"hundreds of digits", long_texts},
    {"doubles midway", doubles_midway},
    {"floats midway", floats_midway},
    {"ties of nineteen digits", short_ties},
    {"grammar", grammar},
    {"cut at every byte", cut_texts},
    {"short way at the end", fast_at_end},
    {"random against libc", random_doubles},
    {"integers", integers},
    {"decimals", decimals},
    {"powers of five", power_table},
    CU_TEST_INFO_NULL,
};
