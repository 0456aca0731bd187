/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Bytes and texts: every byte value, the published vectors of base64, and UTF-8 against its definition. */
#include "test.h"

#include "base/text.h"

static void classes(void)
{
    static const char hex_digits[] = "0123456789abcdef";

    for (int c = -1; c < 256; c++) {
        const char *lower = c > 0 ? strchr("abcdefghijklmnopqrstuvwxyz", c) : NULL;
        const char *upper = c > 0 ? strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ", c) : NULL;
        const char *digit = c > 0 ? strchr("0123456789", c) : NULL;
        const char *hex = c > 0 ? strchr(hex_digits, upper != NULL ? c + 32 : c) : NULL;

        CHECK(tdri_is_alpha(c) == (lower != NULL || upper != NULL), "byte %d", c);
        CHECK(tdri_is_digit(c) == (digit != NULL), "byte %d", c);
        CHECK(tdri_lower(c) == (upper != NULL ? c + 32 : c), "byte %d", c);
        CHECK(tdri_hex_digit(c) == (hex != NULL ? (int)(hex - hex_digits) : -1), "byte %d is %d", c, tdri_hex_digit(c));
    }
}

static void comparing(void)
{
    static const struct {
        const char *a;
        size_t len;
        const char *b;
        int same;
    } table[] = {
        {"", 0, "", 1}, {"x", 0, "", 1}, {"a", 1, "", 0}, {"", 0, "a", 0},
        {"Select", 6, "sELECT", 1}, {"select", 5, "select", 0}, {"selects", 7, "select", 0}, {"selects", 6, "select", 1},
        {"a[", 2, "a{", 0}, {"@", 1, "`", 0}, {"\xc4", 1, "\xe4", 0}, {"a\0b", 3, "a", 0}, {"a\0", 2, "a", 0},
    };

    for (size_t i = 0; i < COUNT_OF(table); i++)
        CHECK(tdri_text_is(table[i].a, table[i].len, table[i].b) == table[i].same, "row %zu", i);
    CHECK_INT(tdri_text_len("abc", TDREST_CSTR), 3);
    CHECK_INT(tdri_text_len("", TDREST_CSTR), 0);
    CHECK_INT(tdri_text_len("abc", 2), 2);
    CHECK_INT(tdri_text_len(NULL, 0), 0);
}

/* Every pair of bytes: both digits, or refused. */
static void hex_pairs(void)
{
    for (int high = 0; high < 256; high++)
        for (int low = 0; low < 256; low++) {
            char text[2] = {(char)high, (char)low};
            unsigned char out = 0;
            int good = tdri_hex_digit(high) >= 0 && tdri_hex_digit(low) >= 0;
            int ok = tdri_hex_decode(text, 2, &out);

            CHECK(ok == good && (!good || out == tdri_hex_digit(high) * 16 + tdri_hex_digit(low)), "%02x %02x: %d", (unsigned)high, (unsigned)low, ok);
        }
}

static void hex_texts(void)
{
    unsigned char bytes[256], back[256];
    char text[513];

    for (int i = 0; i < 256; i++)
        bytes[i] = (unsigned char)i;
    tdri_hex_encode(bytes, sizeof bytes, text);
    text[512] = '\0';
    for (int i = 0; i < 256; i++) {
        char two[3];

        snprintf(two, sizeof two, "%02x", (unsigned)i);
        CHECK(memcmp(text + 2 * i, two, 2) == 0, "%02x is %.2s", (unsigned)i, text + 2 * i);
    }
    CU_ASSERT(tdri_hex_decode(text, 512, back) == 1 && memcmp(back, bytes, 256) == 0);
    CU_ASSERT(tdri_hex_decode(text, 512, text) == 1 && memcmp(text, bytes, 256) == 0);
    CU_ASSERT(tdri_hex_decode("", 0, back) == 1);
    CU_ASSERT(tdri_hex_decode("a", 1, back) == 0);
    CU_ASSERT(tdri_hex_decode("abc", 3, back) == 0);
    CU_ASSERT(tdri_hex_decode("DeadBEEF", 8, back) == 1 && memcmp(back, "\xde\xad\xbe\xef", 4) == 0);
}

/* RFC 4648, section 10, and the bytes that reach the last digits. */
static void base64(void)
{
    static const struct {
        const char *bytes, *text;
    } table[] = {
        {"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xbf", "+/+/"}, {"\xff", "/w=="}, {"root:taosdata", "cm9vdDp0YW9zZGF0YQ=="},
    };
    tdri_buf buf;

    tdri_buf_init(&buf, &tdri_mem_default, 1000);
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        tdri_buf_reset(&buf);
        tdri_base64_add(&buf, table[i].bytes, strlen(table[i].bytes));
        CHECK_TEXT(tdri_buf_text(&buf), table[i].text);
    }
    tdri_buf_reset(&buf);
    tdri_base64_add(&buf, "\0\0\0\0", 4);
    CHECK_TEXT(tdri_buf_text(&buf), "AAAAAA==");
    tdri_buf_clear(&buf);
}

static void percent(void)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    char all[256], expected[4], out[sizeof all];
    size_t len, bad;
    tdri_buf buf;

    tdri_buf_init(&buf, &tdri_mem_default, 1000);
    for (int c = 0; c < 256; c++) {
        char byte = (char)c;

        all[c] = byte;
        tdri_buf_reset(&buf);
        tdri_percent_add(&buf, &byte, 1);
        snprintf(expected, sizeof expected, c != 0 && strchr(plain, c) != NULL ? "%c" : "%%%02X", (unsigned)c);
        CHECK_TEXT(tdri_buf_text(&buf), expected);
    }
    tdri_buf_reset(&buf);
    tdri_percent_add(&buf, all, sizeof all);
    CU_ASSERT(tdri_percent_decode(buf.data, buf.len, buf.data, &len, &bad) == 1);
    CHECK(len == sizeof all && memcmp(buf.data, all, sizeof all) == 0, "%zu bytes came back", len);
    tdri_buf_clear(&buf);
    CU_ASSERT(tdri_percent_decode("", 0, out, &len, &bad) == 1 && len == 0);
}

static void percent_refused(void)
{
    static const struct {
        const char *text;
        size_t bad;
    } table[] = {
        {"%", 0}, {"%4", 0}, {"ab%", 2}, {"ab%4", 2}, {"%zz", 0}, {"%4z", 0}, {"%z4", 0}, {"%%41", 0}, {"%41%", 3},
        {"%20x%2", 4}, {"% 41", 0}, {"%+1", 0}, {"%-1", 0},
    };
    char out[16];
    size_t len, bad;

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        len = bad = 99;
        CHECK(tdri_percent_decode(table[i].text, strlen(table[i].text), out, &len, &bad) == 0 && bad == table[i].bad && len == 0,
              "\"%s\": %zu bytes, bad at %zu", table[i].text, len, bad);
    }
    CU_ASSERT(tdri_percent_decode("%41%6A+%6a", 10, out, &len, &bad) == 1 && len == 4 && memcmp(out, "Aj+j", 4) == 0);
    CU_ASSERT(tdri_percent_decode("%41", 2, out, &len, &bad) == 0); /* the digit behind len is not looked at */
}

/* The definition: five ranges of first bytes with their lead bits, every value no shorter form could hold. 0 when p is no character. */
static size_t defined_len(const unsigned char *p, size_t len)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t n = p[0] < 0x80 ? 1 : (p[0] & 0xe0) == 0xc0 ? 2 : (p[0] & 0xf0) == 0xe0 ? 3 : (p[0] & 0xf8) == 0xf0 ? 4 : 0;
    uint32_t point = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));

    if (n == 0 || n > len)
        return 0;
    for (size_t i = 1; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        point = point << 6 | (p[i] & 63);
    }
    return point >= least[n] && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff) ? n : 0;
}

static int defined(const unsigned char *p, size_t len)
{
    while (len != 0) {
        size_t n = defined_len(p, len);

        if (n == 0)
            return 0;
        p += n;
        len -= n;
    }
    return 1;
}

/* Every code point there and back; what is none is not accepted. */
static void utf8_points(void)
{
    for (uint32_t point = 0; point < 0x110000; point++) {
        char out[4];
        size_t n;
        int ok;

        if (point >= 0xd800 && point <= 0xdfff)
            continue;
        n = tdri_utf8_put(point, out);
        ok = n == (point < 0x80 ? 1u : point < 0x800 ? 2u : point < 0x10000 ? 3u : 4u) &&
             defined_len((const unsigned char *)out, n) == n && tdri_utf8_is(out, n);
        if (!ok)
            CHECK(0, "U+%04X", (unsigned)point);
    }
    CU_ASSERT(tdri_utf8_is("", 0) == 1);
    CU_ASSERT(tdri_utf8_is("\0", 1) == 1);
    CU_ASSERT(tdri_utf8_is("caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", 14) == 1);
    CU_ASSERT(tdri_utf8_is("caf\xc3", 4) == 0);
}

/* Every text of three bytes, and of four with the last two from the edges of their ranges. */
static void utf8_bytes(void)
{
    static const unsigned char edges[] = {0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    size_t wrong = 0;
    unsigned char p[4];

    for (uint32_t v = 0; v < 0x1000000; v++) {
        p[0] = (unsigned char)(v >> 16);
        p[1] = (unsigned char)(v >> 8);
        p[2] = (unsigned char)v;
        wrong += tdri_utf8_is((const char *)p, 3) != defined(p, 3);
    }
    for (uint32_t v = 0; v < 0x10000; v++)
        for (size_t i = 0; i < COUNT_OF(edges) * COUNT_OF(edges); i++) {
            p[0] = (unsigned char)(v >> 8);
            p[1] = (unsigned char)v;
            p[2] = edges[i / COUNT_OF(edges)];
            p[3] = edges[i % COUNT_OF(edges)];
            wrong += tdri_utf8_is((const char *)p, 4) != defined(p, 4);
        }
    CHECK_INT(wrong, 0);
}

CU_TestInfo tdrt_text[] = {
    {"classes of bytes", classes},
    {"comparing and lengths", comparing},
    {"hex pairs", hex_pairs},
    {"hex texts", hex_texts},
    {"base64", base64},
    {"percent", percent},
    {"percent refused", percent_refused},
    {"UTF-8 code points", utf8_points},
    {"UTF-8 bytes", utf8_bytes},
    CU_TEST_INFO_NULL,
};
