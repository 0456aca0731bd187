/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Times: what is read and refused, the calendar against counting days, the ends of 64 bits, and the quick reading against the general one. */
#include "test.h"

#include "base/utc_fast.h"

static int leap(int64_t year)
{
    return year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
}

static int month_days(int64_t year, int month)
{
    if (month == 2)
        return leap(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* Days since the epoch, counted one year and one month after the other. */
static int64_t counted_days(int64_t year, int month, int day)
{
    int64_t days = 0, y;
    int m;

    for (y = 1970; y < year; y++)
        days += leap(y) ? 366 : 365;
    for (y = 1970; y > year; y--)
        days -= leap(y - 1) ? 366 : 365;
    for (m = 1; m < month; m++)
        days += month_days(year, m);
    return days + day - 1;
}

/* xorshift64: the same numbers in every run. */
static uint64_t state = 88172645463325252u;

static uint64_t random_bits(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static int random_below(int limit)
{
    return (int)(random_bits() >> 20 & 0xfffffff) % limit;
}

static int parse(const char *text, tdri_moment *out)
{
    return tdri_utc_parse(text, strlen(text), out);
}

static void accepted(void)
{
    static const struct {
        const char *text;
        int64_t second;
        int32_t nanosecond;
        int zone_min, digits;
    } table[] = {
        {"1970-01-01T00:00:00Z", 0, 0, 0, 0},
        {"1970-01-01T00:00:00.0Z", 0, 0, 0, 1},
        {"1970-01-01T00:00:00.000000001Z", 0, 1, 0, 9},
        {"1970-01-01T00:00:01.5Z", 1, 500000000, 0, 1},
        {"1969-12-31T23:59:59.999Z", -1, 999000000, 0, 3},
        {"1970-01-01T08:00:00.000+08:00", 0, 0, 480, 3},
        {"1969-12-31T19:00:00.000-05:00", 0, 0, -300, 3},
        {"1900-01-01T08:05:43.000+08:05", INT64_C(-2208988757), 0, 485, 3},
        {"2024-01-01T00:00:00.000Z", 1704067200, 0, 0, 3},
        {"2024-02-29T23:59:59.999999Z", 1709251199, 999999000, 0, 6},
        {"2000-02-29T00:00:00Z", 951782400, 0, 0, 0},
        {"1970-01-01T00:00:00-00:00", 0, 0, 0, 0},
        {"0000-01-01T00:00:00.000Z", INT64_C(-62167219200), 0, 0, 3},
        {"0000-02-29T00:00:00Z", INT64_C(-62162121600), 0, 0, 0},
        {"-0001-12-31T23:59:59Z", INT64_C(-62167219201), 0, 0, 0},
        {"9999-12-31T23:59:59Z", INT64_C(253402300799), 0, 0, 0},
        {"10000-01-01T00:00:00Z", INT64_C(253402300800), 0, 0, 0},
        {"-10000-01-01T00:00:00Z", INT64_C(-377736739200), 0, 0, 0},
        {"292278994-08-17T07:12:55.807Z", INT64_C(9223372036854775), 807000000, 0, 3},
        {"999999999-12-31T23:59:59-15:59", INT64_C(31556889832838339), 0, -959, 0},
        {"-999999999-01-01T00:00:00+15:59", INT64_C(-31557014135654340), 0, 959, 0},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        tdri_moment m;
        int ok = parse(table[i].text, &m);

        CHECK(ok == 1, "%s is refused", table[i].text);
        if (!ok)
            continue;
        CHECK(m.second == table[i].second && m.nanosecond == table[i].nanosecond && m.zone_min == table[i].zone_min &&
              m.digits == table[i].digits, "%s is %" PRId64 " %d %d %d", table[i].text, m.second, (int)m.nanosecond,
              m.zone_min, m.digits);
    }
}

static void refused(void)
{
    static const char *const table[] = {
        "", "Z", "-", "2024", "2024-01-01", "2024-01-01T", "2024-01-01T00:00Z", "2024-01-01T00:00:00",
        "2024-01-01 00:00:00Z", "2024-01-01t00:00:00Z", "2024-01-01T00:00:00z", "2024-1-01T00:00:00Z",
        "2024-01-1T00:00:00Z", "2024-01-01T0:00:00Z", "24-01-01T00:00:00Z", "024-01-01T00:00:00Z",
        "+2024-01-01T00:00:00Z", " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z ", "2024-01-01T00:00:00ZZ",
        "2024-00-01T00:00:00Z", "2024-13-01T00:00:00Z", "2024-01-00T00:00:00Z", "2024-01-32T00:00:00Z",
        "2024-04-31T00:00:00Z", "2024-06-31T00:00:00Z", "2024-09-31T00:00:00Z", "2024-11-31T00:00:00Z",
        "2023-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "-0001-02-29T00:00:00Z",
        "2024-02-30T00:00:00Z", "2000-02-30T00:00:00Z", "10001-02-29T00:00:00Z", "-0100-02-29T00:00:00Z",
        "2024-01-01T24:00:00Z", "2024-01-01T30:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z",
        "2024-01-01T00:00:61Z", "2024-01-01T-1:00:00Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00,5Z",
        "2024-01-01T00:00:00.1234567890Z", "2024-01-01T00:00:00.-1Z", "2024-01-01T00:00:00.1 Z",
        "2024-01-01T00:00:00.123", "2024-01-01T00:00:00+8:00", "2024-01-01T00:00:00+0800", "2024-01-01T00:00:00+08",
        "2024-01-01T00:00:00+08:0", "2024-01-01T00:00:00+08:000", "2024-01-01T00:00:00 +08:00",
        "2024-01-01T00:00:00+08:00Z", "2024-01-01T00:00:00Z+08:00", "2024-01-01T00:00:00+16:00",
        "-0000-01-01T00:00:00Z", "--001-01-01T00:00:00Z", "-001-01-01T00:00:00Z", "02024-01-01T00:00:00Z",
        "00000-01-01T00:00:00Z", "-02024-01-01T00:00:00Z", "1000000000-01-01T00:00:00Z",
        "-1000000000-01-01T00:00:00Z", "18446744073709551617-01-01T00:00:00Z",
    };
    static const char nul[] = "2024-01-01T00:00:00Z\0";
    tdri_moment m;

    for (size_t i = 0; i < COUNT_OF(table); i++)
        CHECK(parse(table[i], &m) == 0, "\"%s\" is read", table[i]);
    CU_ASSERT(tdri_utc_parse(nul, sizeof nul - 1, &m) == 0);
    CU_ASSERT(tdri_utc_parse(nul, sizeof nul - 2, &m) == 1);
}

/* No beginning of a good text is good, nor is the text with a byte more. */
static void cut_and_extended(void)
{
    static const char *const table[] = {
        "2024-01-15T10:20:30.123456789+05:30", "-12024-01-15T10:20:30.1Z", "2024-01-15T10:20:30-00:01", "2024-01-15T10:20:30Z",
    };

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        size_t len = strlen(table[i]);
        tdri_moment m;

        CHECK(tdri_utc_parse(table[i], len, &m) == 1, "%s is refused", table[i]);
        for (size_t cut = 0; cut < len; cut++) {
            char *text = (char *)malloc(cut + 1); /* of this size, so that reading beyond shows */

            memcpy(text, table[i], cut);
            CHECK(tdri_utc_parse(text, cut, &m) == 0, "%.*s is read", (int)cut, text);
            free(text);
        }
        for (int c = 0; c < 256; c++) {
            char text[64];

            memcpy(text, table[i], len);
            text[len] = (char)c;
            CHECK(tdri_utc_parse(text, len + 1, &m) == 0, "%s with byte %d behind is read", table[i], c);
        }
    }
}

static int field(const char *text, int at)
{
    return (text[at] - '0') * 10 + text[at + 1] - '0';
}

/* Whether a text shaped like the pattern (d: a digit; s: a sign) tells a moment, its fields being where the pattern has them. */
static int is_good(const char *text, const char *pattern)
{
    size_t len = strlen(pattern);
    int year;

    for (size_t i = 0; i < len; i++)
        if (pattern[i] == 'd' ? text[i] < '0' || text[i] > '9' : pattern[i] == 's' ? text[i] != '+' && text[i] != '-' : text[i] != pattern[i])
            return 0;
    year = field(text, 0) * 100 + field(text, 2);
    if (field(text, 5) < 1 || field(text, 5) > 12 || field(text, 8) < 1 || field(text, 8) > month_days(year, field(text, 5)))
        return 0;
    if (field(text, 11) > 23 || field(text, 14) > 59 || field(text, 17) > 59)
        return 0;
    return pattern[len - 1] == 'Z' || (field(text, (int)len - 5) <= 15 && field(text, (int)len - 2) <= 59);
}

/* Every byte value at every place of a text, in the general and the quick reading; for that also in place of the closing quote. */
static void every_byte_everywhere(void)
{
    static const struct {
        const char *text, *pattern;
        int fast;
    } table[] = {
        {"2024-02-29T10:20:30.123456789+05:30", "dddd-dd-ddTdd:dd:dd.ddddddddds" "dd:dd", 0},
        {"1999-12-31T23:59:59-15:59", "dddd-dd-ddTdd:dd:dds" "dd:dd", 0},
        {"2024-02-29T10:20:30Z", "dddd-dd-ddTdd:dd:ddZ", 0},
        {"2024-02-29T19:29:39.123Z", "dddd-dd-ddTdd:dd:dd.dddZ", 1},
        {"1900-10-28T20:50:50.123456Z", "dddd-dd-ddTdd:dd:dd.ddddddZ", 1},
        {"0000-09-30T09:09:09.123456789Z", "dddd-dd-ddTdd:dd:dd.dddddddddZ", 1},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        size_t len = strlen(table[i].text);

        for (size_t at = 0; at <= len; at++)
            for (int c = 0; c < 256; c++) {
                char text[TDRI_UTC_FAST_ROOM] = "";
                tdri_utc_cache cache = {"", 0};
                tdri_moment m;
                int good;

                memcpy(text, table[i].text, len + 1);
                text[len] = '"';
                text[at] = (char)c;
                good = is_good(text, table[i].pattern);
                CHECK(tdri_utc_parse(text, len, &m) == good, "%.*s: expected %d", (int)len, text, good);
                CHECK(tdri_utc_fast(text, &cache, &m) == (table[i].fast && good && text[len] == '"' ? len : 0),
                      "%.*s quickly: expected %d", (int)len + 1, text, good);
            }
    }
}

static void offsets(void)
{
    for (int hours = 0; hours < 100; hours++)
        for (int minutes = 0; minutes < 100; minutes++)
            for (int sign = -1; sign <= 1; sign += 2) {
                int zone = sign * (hours * 60 + minutes), good = hours <= 15 && minutes <= 59, ok;
                char text[64], back[TDRI_UTC_TEXT];
                tdri_moment m;

                snprintf(text, sizeof text, "2024-01-01T00:00:00.123%c%02d:%02d", sign < 0 ? '-' : '+', hours, minutes);
                ok = parse(text, &m);
                CHECK(ok == good, "%s: expected %d", text, good);
                if (!ok || !good)
                    continue;
                CHECK(m.second == 1704067200 - zone * 60 && m.zone_min == zone && m.nanosecond == 123000000,
                      "%s is %" PRId64 " at %d", text, m.second, m.zone_min);
                (void)tdri_utc_format(m.second * 1000 + 123, TDREST_MS, 3, zone, back);
                CHECK_TEXT(back, zone == 0 ? "2024-01-01T00:00:00.123Z" : text);
            }
}

static void fraction_digits(void)
{
    static const char digits[] = "123456789";
    static const int precision_of[] = {3, 3, 3, 3, 6, 6, 6, 9, 9, 9};
    static const char *const formatted[3][10] = {
        {"", ".1", ".12", ".123", ".1230", ".12300", ".123000", ".1230000", ".12300000", ".123000000"},
        {"", ".1", ".12", ".123", ".1234", ".12345", ".123456", ".1234560", ".12345600", ".123456000"},
        {"", ".1", ".12", ".123", ".1234", ".12345", ".123456", ".1234567", ".12345678", ".123456789"},
    };
    static const int64_t counts[] = {INT64_C(1704067200123), INT64_C(1704067200123456), INT64_C(1704067200123456789)};

    for (int n = 0; n <= 9; n++) {
        char text[64], expected[64];
        int32_t nanosecond = 0;
        tdri_moment m;

        snprintf(text, sizeof text, "2024-01-01T00:00:00%s%.*sZ", n == 0 ? "" : ".", n, digits);
        for (int i = 0; i < 9; i++)
            nanosecond = nanosecond * 10 + (i < n ? digits[i] - '0' : 0);
        CHECK(parse(text, &m) && m.nanosecond == nanosecond && m.digits == n, "%s is %d with %d digits", text, (int)m.nanosecond, m.digits);
        CHECK_INT(tdri_utc_precision(n), precision_of[n]);
        for (int p = 0; p < 3; p++) {
            size_t len = tdri_utc_format(counts[p], 3 * (p + 1), n, 0, text);

            snprintf(expected, sizeof expected, "2024-01-01T00:00:00%sZ", formatted[p][n]);
            CHECK_TEXT(text, expected);
            CHECK_INT(len, strlen(expected));
        }
    }
}

/* The ends of what 64 bits hold, and one unit beyond. */
static void extremes(void)
{
    static const struct {
        const char *text;
        int precision, fits;
        int64_t count;
    } table[] = {
        {"292278994-08-17T07:12:55.807Z", TDREST_MS, 1, INT64_MAX},
        {"292278994-08-17T07:12:55.808Z", TDREST_MS, 0, 0},
        {"292278994-08-17T07:12:56.000Z", TDREST_MS, 0, 0},
        {"-292275055-05-16T16:47:04.192Z", TDREST_MS, 1, INT64_MIN},
        {"-292275055-05-16T16:47:04.191Z", TDREST_MS, 0, 0},
        {"-292275055-05-16T16:47:03.999Z", TDREST_MS, 0, 0},
        {"294247-01-10T04:00:54.775807Z", TDREST_US, 1, INT64_MAX},
        {"294247-01-10T04:00:54.775808Z", TDREST_US, 0, 0},
        {"294247-01-10T04:00:55.000000Z", TDREST_US, 0, 0},
        {"-290308-12-21T19:59:05.224192Z", TDREST_US, 1, INT64_MIN},
        {"-290308-12-21T19:59:05.224191Z", TDREST_US, 0, 0},
        {"-290308-12-21T19:59:04.999999Z", TDREST_US, 0, 0},
        {"2262-04-11T23:47:16.854775807Z", TDREST_NS, 1, INT64_MAX},
        {"2262-04-11T23:47:16.854775808Z", TDREST_NS, 0, 0},
        {"2262-04-11T23:47:17.000000000Z", TDREST_NS, 0, 0},
        {"1677-09-21T00:12:43.145224192Z", TDREST_NS, 1, INT64_MIN},
        {"1677-09-21T00:12:43.145224191Z", TDREST_NS, 0, 0},
        {"1677-09-21T00:12:42.999999999Z", TDREST_NS, 0, 0},
        {"999999999-12-31T23:59:59.999Z", TDREST_MS, 0, 0},
        {"-999999999-01-01T00:00:00.000Z", TDREST_MS, 0, 0},
        {"1969-12-31T23:59:59.999Z", TDREST_MS, 1, -1},
        {"1969-12-31T23:59:59.000Z", TDREST_MS, 1, -1000},
        {"1970-01-01T00:00:00.000000Z", TDREST_US, 1, 0},
        {"0000-01-01T00:00:00.000Z", TDREST_MS, 1, INT64_C(-62167219200000)},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        char text[TDRI_UTC_TEXT];
        int64_t count = 0;
        tdri_moment m;

        CHECK(parse(table[i].text, &m) == 1, "%s is refused", table[i].text);
        CHECK(tdri_utc_count(&m, table[i].precision, &count) == table[i].fits, "%s: expected %d", table[i].text, table[i].fits);
        if (!table[i].fits)
            continue;
        CHECK(count == table[i].count, "%s is %" PRId64, table[i].text, count);
        CHECK_INT(tdri_utc_format(table[i].count, table[i].precision, table[i].precision, 0, text), strlen(table[i].text));
        CHECK_TEXT(text, table[i].text);
    }
}

/* Both ends at both ends of the offsets: the longest texts; and digits beyond a precision go towards the past. */
static void widest_and_cut(void)
{
    static const struct {
        int64_t count;
        int precision, digits, zone_min;
        const char *text;
    } table[] = {
        {INT64_MIN, TDREST_MS, 9, -959, "-292275055-05-16T00:48:04.192000000-15:59"},
        {INT64_MIN, TDREST_MS, 9, 959, "-292275055-05-17T08:46:04.192000000+15:59"},
        {INT64_MAX, TDREST_MS, 9, 959, "292278994-08-17T23:11:55.807000000+15:59"},
        {INT64_MAX, TDREST_MS, 0, -959, "292278994-08-16T15:13:55-15:59"},
        {-1, TDREST_NS, 3, 0, "1969-12-31T23:59:59.999Z"},
        {-1, TDREST_MS, 0, 0, "1969-12-31T23:59:59Z"},
        {INT64_C(-62167219200000), TDREST_MS, 3, -1, "-0001-12-31T23:59:00.000-00:01"},
        {INT64_C(253402300799999), TDREST_MS, 3, 1, "10000-01-01T00:00:59.999+00:01"},
    };
    static const struct {
        const char *text;
        int precision;
        int64_t count;
    } cut[] = {
        {"1970-01-01T00:00:00.001999999Z", TDREST_MS, 1},
        {"1970-01-01T00:00:00.000001999Z", TDREST_US, 1},
        {"1969-12-31T23:59:59.999999999Z", TDREST_MS, -1},
        {"1969-12-31T23:59:59.000000001Z", TDREST_MS, -1000},
        {"1969-12-31T23:59:58.999999999Z", TDREST_US, -1000001},
    };
    char text[TDRI_UTC_TEXT];
    int64_t count;
    tdri_moment m;

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        CHECK_INT(tdri_utc_format(table[i].count, table[i].precision, table[i].digits, table[i].zone_min, text), strlen(table[i].text));
        CHECK_TEXT(text, table[i].text);
    }
    for (size_t i = 0; i < COUNT_OF(cut); i++)
        CHECK(parse(cut[i].text, &m) && tdri_utc_count(&m, cut[i].precision, &count) && count == cut[i].count, "%s", cut[i].text);
    CU_ASSERT(tdri_utc_count(&m, TDREST_PRECISION_UNKNOWN, &count) == 0);
}

static void check_day(int64_t year, int month, int day, int64_t days)
{
    int64_t y;
    int m, d;

    CHECK(tdri_utc_days(year, month, day) == days, "%" PRId64 "-%d-%d is %" PRId64 ", counted %" PRId64, year, month, day,
          tdri_utc_days(year, month, day), days);
    tdri_utc_civil(days, &y, &m, &d);
    CHECK(y == year && m == month && d == day, "day %" PRId64 " is %" PRId64 "-%d-%d", days, y, m, d);
}

static void calendar(void)
{
    static const int64_t from[] = {-9999, -402, -1, 1599, 1899, 1968, 2096, 9996, 99996};

    for (size_t i = 0; i < COUNT_OF(from); i++) {
        int64_t days = counted_days(from[i], 1, 1);

        for (int64_t year = from[i]; year < from[i] + 5; year++)
            for (int month = 1; month <= 12; month++)
                for (int day = 1; day <= month_days(year, month); day++)
                    check_day(year, month, day, days++);
    }
    check_day(1000000000, 12, 31, INT64_C(365242500) * 1000 - 719528 + 365);
    check_day(-1000000000, 1, 1, -INT64_C(365242500) * 1000 - 719528);
}

/* Years of four digits divide by 4, 100 and 400 in every way: the day that leap years alone have. */
static void leap_days(void)
{
    for (int year = -9999; year <= 99999; year++) {
        char text[64];
        tdri_moment m;

        snprintf(text, sizeof text, "%s%04d-02-29T00:00:00Z", year < 0 ? "-" : "", year < 0 ? -year : year);
        CHECK(parse(text, &m) == leap(year), "%s", text);
    }
}

/* A text that is often good, in room for the quick reading. */
static void random_text(char text[TDRI_UTC_FAST_ROOM + 24])
{
    static const char odd[] = "0123456789-:.TZ+\" z\0\xff";
    static const char *const zones[] = {"Z", "Z", "Z", "Z", "+08:00", "-00:30"};
    static const int limits[] = {10000, 13, 32, 25, 61, 61};
    int digits = random_below(4) != 0 ? 3 * (1 + random_below(3)) : random_below(11), len, field_of[6];

    /* One after the other: the order in which a call's arguments are made is the compiler's. */
    for (size_t i = 0; i < COUNT_OF(field_of); i++)
        field_of[i] = random_below(limits[i]);
    if (random_below(20) == 0)
        field_of[0] += 10000;
    memset(text, random_below(256), TDRI_UTC_FAST_ROOM + 24);
    len = snprintf(text, TDRI_UTC_FAST_ROOM, "%04d-%02d-%02dT%02d:%02d:%02d", field_of[0], field_of[1], field_of[2], field_of[3],
                   field_of[4], field_of[5]);
    if (digits != 0)
        len += snprintf(text + len, 24, ".%0*d", digits, random_below(1000));
    len += snprintf(text + len, 24, "%s", zones[random_below((int)COUNT_OF(zones))]);
    text[len] = '"';
    for (int i = random_below(3); i > 0; i--) {
        int at = random_below(len + 1);

        text[at] = odd[random_below((int)sizeof odd)];
    }
}

/* What the quick reading takes is what the general one takes; of the exact form it takes all. */
static void check_fast(const char *text, tdri_utc_cache *cache, int *taken)
{
    tdri_moment fast, general;
    const char *quote = (const char *)memchr(text, '"', TDRI_UTC_FAST_ROOM);
    size_t got = tdri_utc_fast(text, cache, &fast), len = quote == NULL ? 0 : (size_t)(quote - text), expected = 0;

    if (tdri_utc_parse(text, len, &general) && text[4] == '-' && text[0] != '-' && text[len - 1] == 'Z' &&
        (general.digits == 3 || general.digits == 6 || general.digits == 9))
        expected = len;
    CHECK(got == expected, "%.*s: %zu, expected %zu", (int)len, text, got, expected);
    if (got == 0)
        return;
    ++*taken;
    CHECK(fast.second == general.second && fast.nanosecond == general.nanosecond && fast.zone_min == general.zone_min &&
          fast.digits == general.digits, "%.*s: %" PRId64 " %d %d", (int)len, text, fast.second, (int)fast.nanosecond, fast.digits);
}

static void fast_is_general(void)
{
    char text[TDRI_UTC_FAST_ROOM + 24], before[TDRI_UTC_FAST_ROOM + 24];
    tdri_utc_cache cache = {"", 0};
    int taken = 0;

    random_text(before);
    for (int i = 0; i < 200000; i++) {
        random_text(text);
        if (i % 2 != 0)
            memcpy(text, before, 10); /* the day of the cache */
        check_fast(text, &cache, &taken);
        memcpy(before, text, sizeof before);
    }
    CHECK(taken > 20000, "only %d texts were good", taken);
}

static void fast_cache(void)
{
    static const char good[TDRI_UTC_FAST_ROOM] = "2024-02-29T01:02:03.004Z\"";
    static const char bad[TDRI_UTC_FAST_ROOM] = "2023-02-29T01:02:03.004Z\"";
    char nuls[TDRI_UTC_FAST_ROOM] = "";
    char *exact = (char *)malloc(TDRI_UTC_FAST_ROOM);
    tdri_utc_cache cache = {"", 0}, kept;
    tdri_moment m = {0, 0, 0, 0};

    memcpy(nuls + 11, good + 11, sizeof nuls - 11);
    CHECK_INT(tdri_utc_fast(nuls, &cache, &m), 0);
    nuls[10] = 'T';
    CHECK_INT(tdri_utc_fast(nuls, &cache, &m), 0);
    CHECK_INT(tdri_utc_fast(good, &cache, &m), 24);
    CHECK_INT(m.second, 1709168523);
    CHECK_INT(m.nanosecond, 4000000);
    kept = cache;
    CHECK_INT(tdri_utc_fast(bad, &cache, &m), 0);
    CU_ASSERT(memcmp(kept.text, cache.text, sizeof kept.text) == 0 && kept.second == cache.second);
    memcpy(exact, good, TDRI_UTC_FAST_ROOM); /* nothing behind those bytes is touched */
    CHECK_INT(tdri_utc_fast(exact, &cache, &m), 24);
    CHECK_INT(m.second, 1709168523);
    free(exact);
}

CU_TestInfo tdrt_utc[] = {
    {"accepted", accepted},
    {"refused", refused},
    {"cut and extended", cut_and_extended},
    {"every byte everywhere", every_byte_everywhere},
    {"offsets", offsets},
    {"fraction digits", fraction_digits},
    {"extremes", extremes},
    {"widest texts, cut digits", widest_and_cut},
    {"calendar", calendar},
    {"leap days", leap_days},
    {"fast reading is the general one", fast_is_general},
    {"fast reading's cache", fast_cache},
    CU_TEST_INFO_NULL,
};
