/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Writing of doubles, floats and integers. What is expected comes from exact arithmetic elsewhere, or from libc. */
#include "base/number.h"
#include "proof/numbers.h"
#include "test.h"

#include <math.h>

static double from64(uint64_t bits)
{
    double v;

    memcpy(&v, &bits, sizeof v);
    return v;
}

static float from32(uint32_t bits)
{
    float v;

    memcpy(&v, &bits, sizeof v);
    return v;
}

/* Powers of two are among them: the one place where the interval of a value is not even. */
static const struct {
    uint64_t bits;
    const char *text;
} doubles[] = {
    {0x3ff0000000000000, "1"},
    {0x40249eb851eb851f, "10.31"},
    {0x3fd3d70a3d70a3d7, "0.31"},
    {0x406b600000000000, "219"},
    {0x3fb999999999999a, "0.1"},
    {0x3fd3333333333333, "0.3"},
    {0x3eb0c6f7a0b5ed8d, "0.000001"},
    {0x3e7ad7f29abcaf48, "1e-07"},
    {0x3e8421f5f40d8376, "1.5e-07"},
    {0x3e1533307c2bd492, "1.234e-09"},
    {0x444b1ae4d6e2ef50, "1e+21"},
    {0x444b1ae4d6e2ef4f, "999999999999999900000"},
    {0x441ac53a7e04bcda, "123456789012345680000"},
    {0x4480f0cf064dd592, "1e+22"},
    {0x44b52d02c7e14af6, "1e+23"},
    {0x44b30ee8e7179044, "9e+22"},
    {0x0000000000000001, "5e-324"},
    {0x0000000000000002, "1e-323"},
    {0x0000000000000003, "1.5e-323"},
    {0x0010000000000000, "2.2250738585072014e-308"},
    {0x000fffffffffffff, "2.225073858507201e-308"},
    {0x7fefffffffffffff, "1.7976931348623157e+308"},
    {0x4340000000000000, "9007199254740992"},
    {0x433fffffffffffff, "9007199254740991"},
    {0x4340000000000001, "9007199254740994"},
    {0x4330000000000002, "4503599627370498"},
    {0x4330000000000000, "4503599627370496"},
    {0x3eb4b66dc01ec6fb, "0.0000012345678901234567"},
    {0x405edd2f1a9fbe77, "123.456"},
    {0x54b249ad2594c37d, "1e+100"},
    {0x2b2bff2ee48e0530, "1e-100"},
    {0x400921fb54442d11, "3.14159265358979"},
    {0x41b1de784a000000, "299792458"},
    {0x3e60000000000000, "2.9802322387695312e-08"},
    {0x3eb0000000000000, "9.5367431640625e-07"},
    {0x001fffffffffffff, "4.4501477170144023e-308"},
    {0x4000000000000000, "2"},
    {0x4010000000000000, "4"},
    {0x430c6bf526340000, "1000000000000000"},
    {0x4341c37937e08000, "10000000000000000"},
    {0x4376345785d8a000, "100000000000000000"},
    {0x4415af1d78b58c40, "100000000000000000000"},
    {0x441ac4da03bc47e4, "123450000000000000000"},
    {0x43e56a95319d63e1, "12345678901234567000"},
    {0x3fe0000000000000, "0.5"},
    {0x4059000000000000, "100"},
    {0x412e848000000000, "1000000"},
    {0x4132d68700000000, "1234567"},
    {0x4370000000000000, "72057594037927940"},
    {0x01c74e28f0d5223d, "4.35e-300"},
    {0x4350000000000000, "18014398509481984"},
    {0x000000000be7b540, "9.8682e-316"},
    {0x00002d77fc42617a, "2.47e-310"},
    {0x44dfe185ca57c517, "6.02214076e+23"},
    {0x3c07a4da290c1653, "1.602176634e-19"},
    {0x447c7e83209e90b2, "8.41e+21"},
    {0x43f2250fa08398d4, "20919495182368195000"},
    {0x43f735f4147cf23b, "26760179287532483000"},
    {0x43fc92ce5217e4bb, "32942957306323907000"},
    {0x440137d70b9804d3, "39702293349085635000"},
    {0x4401a0d3e95d156e, "40647939013152195000"},
    {0x43e052961c6f8000, "9409340012568248000"},
    {0x4273077775800000, "1307674368000"},
    {0x05e0000000000000, "2.203606415850622e-280"},
    {0x0bb0000000000000, "2.182346090406108e-252"},
    {0x1180000000000000, "2.161290883913307e-224"},
    {0x1750000000000000, "2.1404388173910186e-196"},
    {0x1d20000000000000, "2.1197879309511924e-168"},
    {0x22f0000000000000, "2.0993362836147152e-140"},
    {0x28c0000000000000, "2.07908195312898e-112"},
    {0x2e90000000000000, "2.0590230357872116e-84"},
    {0x3460000000000000, "2.039157646249539e-56"},
    {0x3a30000000000000, "2.0194839173657902e-28"},
    {0x45d0000000000000, "1.9807040628566084e+28"},
    {0x4ba0000000000000, "1.9615942923083377e+56"},
    {0x5170000000000000, "1.942668892225729e+84"},
    {0x5740000000000000, "1.9239260838083242e+112"},
    {0x5d10000000000000, "1.9053641054174757e+140"},
    {0x62e0000000000000, "1.8869812124107707e+168"},
    {0x68b0000000000000, "1.8687756769780512e+196"},
    {0x6e80000000000000, "1.8507457879790174e+224"},
    {0x7450000000000000, "1.8328898507823975e+252"},
    {0x7a20000000000000, "1.8152061871066688e+280"},
    {0x4420000000000000, "147573952589676410000"},
    {0x4600000000000000, "1.5845632502852868e+29"},
    {0x00c0000000000000, "4.5569512622227484e-305"},
    {0x0160000000000000, "4.6663180925160944e-302"},
    {0x0d00000000000000, "4.5767114681873503e-246"},
    {0x1ee0000000000000, "5.6902623986817984e-160"},
};

static const struct {
    uint32_t bits;
    const char *text;
} floats[] = {
    {0x3f800000, "1"},
    {0x4124f5c3, "10.31"},
    {0x3e9eb852, "0.31"},
    {0x435b0000, "219"},
    {0x3dcccccd, "0.1"},
    {0x3e99999a, "0.3"},
    {0x358637bd, "0.000001"},
    {0x358637bc, "9.999999e-07"},
    {0x33d6bf95, "1e-07"},
    {0x6258d727, "1e+21"},
    {0x6258d725, "999999900000000000000"},
    {0x64078678, "1e+22"},
    {0x501502f9, "10000000000"},
    {0x4b800000, "16777216"},
    {0x4b800001, "16777218"},
    {0x7f7fffff, "3.4028235e+38"},
    {0x00800000, "1.1754944e-38"},
    {0x007fffff, "1.1754942e-38"},
    {0x00000001, "1e-45"},
    {0x00000002, "3e-45"},
    {0x00000003, "4e-45"},
    {0x15ae43fd, "7.038531e-26"},
    {0x50000000, "8589935000"},
    {0x4c000000, "33554432"},
    {0x35800000, "9.536743e-07"},
    {0x34210fb0, "1.5e-07"},
    {0x4b000000, "8388608"},
    {0x4affffff, "8388607.5"},
    {0x4a800000, "4194304"},
    {0x3f800001, "1.0000001"},
    {0x41480000, "12.5"},
    {0x42200000, "40"},
    {0x33800000, "5.9604645e-08"},
    {0x4f800000, "4294967300"},
    {0x60ad78ec, "100000000000000000000"},
    {0x60d629d4, "123456790000000000000"},
    {0x47f12065, "123456.79"},
    {0x41068f5c, "8.41"},
    {0x4a000000, "2097152"},
    {0x00000007, "1e-44"},
    {0x00000009, "1.3e-44"},
    {0x09000000, "1.540744e-33"},
    {0x11800000, "2.019484e-28"},
    {0x1a000000, "2.646978e-23"},
    {0x22800000, "3.469447e-18"},
    {0x2b000000, "4.5474735e-13"},
    {0x3c000000, "0.0078125"},
    {0x44800000, "1024"},
    {0x4d000000, "134217730"},
    {0x55800000, "17592186000000"},
    {0x5e000000, "2305843000000000000"},
    {0x66800000, "3.0223145e+23"},
    {0x6f000000, "3.9614081e+28"},
    {0x77800000, "5.192297e+33"},
    {0x0c000000, "9.8607613e-32"},
    {0x1c800000, "8.4703295e-22"},
    {0x21800000, "8.6736174e-19"},
    {0x6e000000, "9.9035203e+27"},
};

static void check_double(uint64_t bits, const char *expected)
{
    char text[TDRI_NUMBER_TEXT];

    CHECK_INT(tdri_double_format(from64(bits), text), strlen(expected));
    CHECK_TEXT(text, expected);
}

static void check_float(uint32_t bits, const char *expected)
{
    char text[TDRI_NUMBER_TEXT];

    CHECK_INT(tdri_float_format(from32(bits), text), strlen(expected));
    CHECK_TEXT(text, expected);
}

static void known_doubles(void)
{
    char negative[TDRI_NUMBER_TEXT];

    for (size_t i = 0; i < COUNT_OF(doubles); i++) {
        check_double(doubles[i].bits, doubles[i].text);
        snprintf(negative, sizeof negative, "-%s", doubles[i].text);
        check_double(doubles[i].bits | (uint64_t)1 << 63, negative);
    }
}

static void known_floats(void)
{
    char negative[TDRI_NUMBER_TEXT];

    for (size_t i = 0; i < COUNT_OF(floats); i++) {
        check_float(floats[i].bits, floats[i].text);
        snprintf(negative, sizeof negative, "-%s", floats[i].text);
        check_float(floats[i].bits | (uint32_t)1 << 31, negative);
    }
}

static void specials(void)
{
    check_double(0, "0");
    check_double((uint64_t)1 << 63, "-0");
    check_double(0x7ff0000000000000, "inf");
    check_double(0xfff0000000000000, "-inf");
    check_double(0x7ff8000000000000, "nan");
    check_double(0xfff8000000000001, "nan");
    check_float(0, "0");
    check_float((uint32_t)1 << 31, "-0");
    check_float(0x7f800000, "inf");
    check_float(0xff800000, "-inf");
    check_float(0x7fc00000, "nan");
    check_float(0xffc00001, "nan");
}

/* Reads back equal; its digits are what libc rounds to at that many digits; with one digit less libc does not come back. */
static void check_shortest(const char *text, double value, int narrow)
{
    char ours[64], theirs[64], digits[64];
    int n = tdrt_significant(text, ours);
    double back = narrow ? (double)strtof(text, NULL) : strtod(text, NULL);

    CHECK(memcmp(&back, &value, sizeof back) == 0, "%s reads back as %.17g, not %.17g", text, back, value);
    snprintf(theirs, sizeof theirs, "%.*e", n - 1, value);
    tdrt_significant(theirs, digits);
    CHECK(strcmp(ours, digits) == 0, "%s has other digits than %s", text, theirs);
    if (n < 2)
        return;
    snprintf(theirs, sizeof theirs, "%.*e", n - 2, value);
    back = narrow ? (double)strtof(theirs, NULL) : strtod(theirs, NULL);
    CHECK(memcmp(&back, &value, sizeof back) != 0, "%s is longer than %s", text, theirs);
}

static void random_doubles(void)
{
    char text[TDRI_NUMBER_TEXT];
    uint64_t seed = 7;

    for (int i = 0; i < 100000; i++) {
        double v = from64(tdrt_draw(&seed)), back = 0;

        if (i % 4 == 0)
            v = (double)(int64_t)(tdrt_draw(&seed) % 100000000) / 1000.0;
        if (i % 4 == 1)
            v = (double)(int64_t)tdrt_draw(&seed);
        if (v - v != 0 || v == 0)
            continue;
        CHECK_INT(tdri_double_format(v, text), strlen(text));
        CHECK(tdri_double_parse(text, text + strlen(text), &back) != NULL && memcmp(&back, &v, sizeof v) == 0, "%s does not come back", text);
        check_shortest(text, v, 0);
    }
}

static void random_floats(void)
{
    char text[TDRI_NUMBER_TEXT];
    uint64_t seed = 7;

    for (int i = 0; i < 100000; i++) {
        uint32_t bits = (uint32_t)tdrt_draw(&seed);
        float v = from32(bits), back = 0;

        /* not a power of two: there the nearest text with as few digits may read back as the neighbour below */
        if ((bits >> 23 & 255) == 255 || (bits & 0x7fffff) == 0)
            continue;
        CHECK_INT(tdri_float_format(v, text), strlen(text));
        CHECK(tdri_float_parse(text, text + strlen(text), &back) != NULL && memcmp(&back, &v, sizeof v) == 0, "%s does not come back", text);
        check_shortest(text, (double)v, 1);
    }
}

/* What programs call: any room, of which nothing but the text and its NUL is promised. */
static void public_double(double value, const char *expected)
{
    char text[64];
    size_t len = 99, full = strlen(expected);

    for (size_t cap = 0; cap <= TDREST_NUMBER_BYTES; cap++) {
        memset(text, '#', sizeof text);
        CHECK_INT(tdrest_double_format(value, cap == 0 ? NULL : text, cap, &len), cap > full ? TDREST_OK : TDREST_ERANGE);
        CHECK_INT(len, full);
        if (cap > 0)
            CHECK_TEXT(text, cap > full ? expected : "");
        CHECK_INT(text[cap], '#');
    }
    CHECK_INT(tdrest_double_format(value, text, sizeof text, NULL), TDREST_OK);
}

static void public_float(float value, const char *expected)
{
    char text[64];
    size_t len = 99, full = strlen(expected);

    for (size_t cap = 0; cap <= TDREST_NUMBER_BYTES; cap++) {
        memset(text, '#', sizeof text);
        CHECK_INT(tdrest_float_format(value, cap == 0 ? NULL : text, cap, &len), cap > full ? TDREST_OK : TDREST_ERANGE);
        CHECK_INT(len, full);
        if (cap > 0)
            CHECK_TEXT(text, cap > full ? expected : "");
        CHECK_INT(text[cap], '#');
    }
    CHECK_INT(tdrest_float_format(value, text, sizeof text, NULL), TDREST_OK);
}

static void rooms(void)
{
    public_double(0, "0");
    public_double(-1.5, "-1.5");
    public_double(-1.2345678901234567e-6, "-0.0000012345678901234567");
    public_double(-1.7976931348623157e308, "-1.7976931348623157e+308");
    public_double(-(double)INFINITY, "-inf");
    public_float(0, "0");
    public_float(0.1f, "0.1");
    public_float(-0.0000012345679f, "-0.0000012345679");
    public_float(-3.4028235e38f, "-3.4028235e+38");
    public_float(1e20f, "100000000000000000000");
}

/* Every place of the point, with zeros before and behind the digits. */
static void points(void)
{
    static const char digits[] = "12345678901234567";
    char text[TDRI_NUMBER_TEXT], expected[TDRI_NUMBER_TEXT];

    for (int count = 1; count <= 17; count++)
        for (int behind = 1; behind < count + 6; behind++) {
            double back = 0;
            int zeros = behind - count;

            if (zeros >= 0)
                snprintf(expected, sizeof expected, "0.%.*s%.*s", zeros, "000000", count, digits);
            else
                snprintf(expected, sizeof expected, "%.*s.%.*s", -zeros, digits, behind, digits - zeros);
            if (expected[strlen(expected) - 1] == '0') /* a zero at the end is left out */
                continue;
            CHECK(tdri_double_parse(expected, expected + strlen(expected), &back) != NULL, "%s is not read", expected);
            tdri_double_format(back, text);
            if (count <= 15) /* more digits may not be the shortest */
                CHECK_TEXT(text, expected);
            if (count <= 6) {
                tdri_float_format((float)back, text);
                CHECK_TEXT(text, expected);
            }
        }
}

static void integers(void)
{
    static const int64_t values[] = {
        0, 1, -1, 9, 10, 11, 99, 100, 219, 12345678, 99999999, 100000000, 123456789, -1234567890, 9999999999999999, 10000000000000000,
        INT64_MAX, INT64_MIN,
    };
    char text[TDRI_NUMBER_TEXT], expected[TDRI_NUMBER_TEXT];
    uint64_t power = 1;

    for (size_t i = 0; i < COUNT_OF(values); i++) {
        snprintf(expected, sizeof expected, "%" PRId64, values[i]);
        CHECK_INT(tdri_int64_format(values[i], text), strlen(expected));
        CHECK_TEXT(text, expected);
    }
    for (int n = 0; n < 20; n++, power *= 10)
        for (uint64_t v = power - 1; v <= power + 1; v++) {
            snprintf(expected, sizeof expected, "%" PRIu64, v);
            CHECK_INT(tdri_uint64_format(v, text), strlen(expected));
            CHECK_TEXT(text, expected);
        }
    tdri_uint64_format(UINT64_MAX, text);
    CHECK_TEXT(text, "18446744073709551615");
}

CU_TestInfo tdrt_number_format[] = {
    {"known doubles", known_doubles},
    {"known floats", known_floats},
    {"zero, infinity, nan", specials},
    {"random doubles", random_doubles},
    {"random floats", random_floats},
    {"every place of the point", points},
    {"rooms of the public functions", rooms},
    {"integers", integers},
    CU_TEST_INFO_NULL,
};
