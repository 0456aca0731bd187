/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* JSON at the level of bytes: strings, escapes, skipping, structure. */
#include "test.h"

#include "base/json.h"

/* How many bytes of the text are one value; -1: none, or a broken one. */
static const struct { const char *text; int len; } skips[] = {
    {"1", 1}, {" -0.5e+3 ,", 8}, {"null]", 4}, {"true", 4}, {"false", 5}, {"\"a\\\"b\"x", 6}, {"[]", 2}, {"{}", 2},
    {"[1, [2, {\"a\" : null}] ]", 23}, {"{\"a\":1,\"b\":[]}", 14}, {"{ \"a\" : 1 }", 11},
    {"", -1}, {" ", -1}, {"nul", -1}, {"tru", -1}, {"+1", -1}, {"01", -1}, {"\"a", -1}, {"\"a\\", -1}, {"\"a\nb\"", -1}, {"\"\\x\"", -1},
    {"[1,]", -1}, {"[,1]", -1}, {"[1 2]", -1}, {"[1", -1}, {"[", -1}, {"{\"a\"}", -1}, {"{\"a\":}", -1}, {"{a:1}", -1}, {"{\"a\":1,}", -1},
    {"{1:2}", -1}, {"[}", -1}, {"{]", -1}, {"x", -1},
};

static void skipping(void)
{
    for (size_t i = 0; i < COUNT_OF(skips); i++) {
        const char *text = skips[i].text, *end = text + strlen(text), *behind = tdri_json_skip(text, end);

        CHECK(behind == (skips[i].len < 0 ? NULL : text + skips[i].len), "%s: %d", text, behind == NULL ? -1 : (int)(behind - text));
    }
}

static void depth(void)
{
    char text[200];

    for (int n = 1; n <= 80; n++) {
        memset(text, '[', (size_t)n);
        memset(text + n, ']', (size_t)n);
        CHECK((tdri_json_skip(text, text + 2 * n) != NULL) == (n <= 64), "%d deep", n);
    }
}

static void strings(void)
{
    static const char text[] = "\"a\\u00e9\\ud83d\\ude00\\/\\u0000z\"";
    char out[sizeof text + 8];
    size_t len = 0;

    CU_ASSERT(tdri_json_string(text, text + sizeof text - 1, out, sizeof out, &len) == text + sizeof text - 1);
    CHECK_INT(len, 10);
    CU_ASSERT(memcmp(out, "a\xc3\xa9\xf0\x9f\x98\x80/\0z", 10) == 0);
    for (size_t cut = 0; cut + 1 < sizeof text; cut++)
        CU_ASSERT(tdri_json_string(text, text + cut, NULL, 0, &len) == NULL);
}

/* What an escape is, is known as soon as its bytes are there, and not before. */
static void escapes(void)
{
    static const struct { const char *text; size_t took; const char *out; } cases[] = {
        {"\\n", 2, "\n"}, {"\\\"", 2, "\""}, {"\\/", 2, "/"}, {"\\u0041", 6, "A"}, {"\\u20AC", 6, "\xe2\x82\xac"},
        {"\\ud83d\\ude00", 12, "\xf0\x9f\x98\x80"}, {"\\udbff\\udfff", 12, "\xf4\x8f\xbf\xbf"}, {"\\uffff", 6, "\xef\xbf\xbf"},
        {"\\x", SIZE_MAX, ""}, {"\\u00g0", SIZE_MAX, ""}, {"\\udc00", SIZE_MAX, ""}, {"\\ud800x", SIZE_MAX, ""}, {"\\ud800\\n", SIZE_MAX, ""},
        {"\\ud800\\u0041", SIZE_MAX, ""}, {"\\ud800\\ud800", SIZE_MAX, ""},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t all = strlen(cases[i].text), got = 9;
        char out[TDRI_ESCAPE_OUT + 1] = "";

        for (size_t len = 0; len < all; len++) {
            size_t took = tdri_escape_decode(cases[i].text, len, out, &got);

            CHECK(took == 0, "%s: %zu bytes give %zu", cases[i].text, len, took);
        }
        memset(out, 0, sizeof out);
        CHECK(tdri_escape_decode(cases[i].text, all, out, &got) == cases[i].took, "%s", cases[i].text);
        if (cases[i].took != SIZE_MAX)
            CHECK(got == strlen(cases[i].out) && memcmp(out, cases[i].out, got) == 0, "%s gives %zu bytes", cases[i].text, got);
    }
}

/* Runs of plain bytes of every length, ended by every byte, at every distance from the end. */
static void runs(void)
{
    char text[100], out[200];

    for (int special = 0; special < 256; special++)
        for (size_t at = 0; at < 70; at++) {
            int ends = special < 0x20 || special == '"' || special == '\\';
            const char *stop;

            memset(text, 'a' + (int)(at % 26), sizeof text);
            text[at / 2] = '\xe6';
            text[at] = (char)special;
            stop = tdri_plain_copy(text, text + 70, out);
            if (stop != (ends ? text + at : text + 70) || memcmp(out, text, (size_t)(stop - text)) != 0)
                CHECK(0, "byte 0x%02x at %zu: stops at %d", (unsigned)special, at, (int)(stop - text));
        }
    CU_ASSERT(tdri_plain_copy(text, text, out) == text);
}

CU_TestInfo tdrt_json[] = {
    {"skipping", skipping},
    {"depth", depth},
    {"strings", strings},
    {"escapes", escapes},
    {"runs", runs},
    CU_TEST_INFO_NULL,
};
