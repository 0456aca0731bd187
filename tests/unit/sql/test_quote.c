/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Literals and names as SQL: escapes, limits, buffers of every size. */
#include "test.h"

typedef int quote_function(const char *, size_t, char *, size_t, size_t *);

typedef struct quote_case {
    const char *text;
    size_t len;
    int rc;
    const char *expected;
} quote_case;

static void check(quote_function *quote, const quote_case *c)
{
    char out[256];
    size_t needed = 77;
    int rc;

    memset(out, '#', sizeof out);
    rc = quote(c->text, c->len, out, sizeof out, &needed);
    CHECK(rc == c->rc && strcmp(out, c->expected) == 0, "%s gives %d: %s", c->text, rc, out);
    CHECK_INT(needed, strlen(c->expected));
    for (size_t cap = 0; rc == TDREST_OK && cap <= needed; cap++) {
        size_t again = 77;

        memset(out, '#', sizeof out);
        CHECK_INT(quote(c->text, c->len, out, cap, &again), TDREST_ERANGE);
        CHECK_INT(again, needed);
        CHECK(out[0] == (cap > 0 ? '\0' : '#') && out[cap == 0 ? 1 : cap] == '#', "%s: cap %zu", c->text, cap);
    }
    memset(out, '#', sizeof out);
    CHECK_INT(quote(c->text, c->len, out, needed + 1, NULL), c->rc);
    CHECK_TEXT(out, c->expected);
    CHECK(out[needed + 1] == '#', "%s: written past its end", c->text);
}

static void literals(void)
{
    static const quote_case cases[] = {
        {"", TDREST_CSTR, TDREST_OK, "''"},
        {"x", 0, TDREST_OK, "''"},
        {"abc", TDREST_CSTR, TDREST_OK, "'abc'"},
        {"abc", 2, TDREST_OK, "'ab'"},
        {"it's", TDREST_CSTR, TDREST_OK, "'it\\'s'"},
        {"'", TDREST_CSTR, TDREST_OK, "'\\''"},
        {"''", TDREST_CSTR, TDREST_OK, "'\\'\\''"},
        {"\\", TDREST_CSTR, TDREST_OK, "'\\\\'"},
        {"\\'", TDREST_CSTR, TDREST_OK, "'\\\\\\''"},
        {"a\\x41%_", TDREST_CSTR, TDREST_OK, "'a\\\\x41%_'"},
        {"\"`;--/*?*/", TDREST_CSTR, TDREST_OK, "'\"`;--/*?*/'"},
        {"\n\r\t\x01\x7f", TDREST_CSTR, TDREST_OK, "'\n\r\t\x01\x7f'"},
        {"\xff\xc3\x28", TDREST_CSTR, TDREST_OK, "'\xff\xc3\x28'"},
        {"a\0b", 3, TDREST_EBIND, ""},
        {"\0", 1, TDREST_EBIND, ""},
        {NULL, 0, TDREST_EUSAGE, ""},
        {NULL, TDREST_CSTR, TDREST_EUSAGE, ""},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check(tdrest_quote_literal, &cases[i]);
}

static void names(void)
{
    static const quote_case cases[] = {
        {"t", TDREST_CSTR, TDREST_OK, "`t`"},
        {"My Table", TDREST_CSTR, TDREST_OK, "`My Table`"},
        {"tables", 5, TDREST_OK, "`table`"},
        {"a`b", TDREST_CSTR, TDREST_OK, "`a``b`"},
        {"`", TDREST_CSTR, TDREST_OK, "````"},
        {"'\";--/*\n.", TDREST_CSTR, TDREST_OK, "`'\";--/*\n.`"},
        {"\xe6\xb8\xa9", TDREST_CSTR, TDREST_OK, "`\xe6\xb8\xa9`"},
        {"", TDREST_CSTR, TDREST_EBIND, ""},
        {"x", 0, TDREST_EBIND, ""},
        {"a\\", TDREST_CSTR, TDREST_EBIND, ""},
        {"a\\b", TDREST_CSTR, TDREST_EBIND, ""},
        {"a\0b", 3, TDREST_EBIND, ""},
        {NULL, TDREST_CSTR, TDREST_EUSAGE, ""},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++)
        check(tdrest_quote_ident, &cases[i]);
}

/* How many bytes of one kind are taken, and that 2 * len + 3 holds the longest of them. */
static void check_limit(quote_function *quote, char byte, size_t most, size_t quoted)
{
    static char text[70000], out[140003];
    size_t needed;

    memset(text, byte, sizeof text);
    CHECK_INT(quote(text, most, out, 2 * most + 3, &needed), TDREST_OK);
    CHECK_INT(needed, quoted);
    CHECK_INT(strlen(out), quoted);
    CHECK_INT(quote(text, most + 1, out, sizeof out, &needed), TDREST_EBIND);
    CHECK_INT(needed, 0);
    CHECK_INT(out[0], 0);
    CHECK_INT(quote(text, sizeof text, out, sizeof out, NULL), TDREST_EBIND);
}

static void limits(void)
{
    check_limit(tdrest_quote_literal, 'x', 65528, 65530);
    check_limit(tdrest_quote_literal, '\\', 32764, 65530);
    check_limit(tdrest_quote_literal, '\'', 32764, 65530);
    check_limit(tdrest_quote_ident, 'x', 192, 194);
    check_limit(tdrest_quote_ident, '`', 192, 386);
}

static void measuring(void)
{
    size_t needed = 0;

    CHECK_INT(tdrest_quote_literal("it's", TDREST_CSTR, NULL, 0, &needed), TDREST_ERANGE);
    CHECK_INT(needed, 7);
    CHECK_INT(tdrest_quote_ident("a`b", TDREST_CSTR, NULL, 0, &needed), TDREST_ERANGE);
    CHECK_INT(needed, 6);
    CHECK_INT(tdrest_quote_literal("a\0b", 3, NULL, 0, &needed), TDREST_EBIND);
    CHECK_INT(needed, 0);
}

CU_TestInfo tdrt_quote[] = {
    {"literals", literals},
    {"names", names},
    {"limits", limits},
    {"measuring without a buffer", measuring},
    CU_TEST_INFO_NULL,
};
