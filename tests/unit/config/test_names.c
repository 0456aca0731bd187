/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Names as the server holds them. */
#include "config/names.h"
#include "test.h"

static void bare_names(void)
{
    static const struct { const char *written, *bare; } table[] = {
        {"", ""},           {"a", "a"},       {"Meters", "meters"}, {"`Meters`", "Meters"}, {"`a``B`", "a`B"},
        {"`````", "``"},    {"``", ""},       {"\xc3\x84", "\xc3\x84"}, {"`", "`"},
    };
    char out[16];

    for (size_t i = 0; i < COUNT_OF(table); i++) {
        size_t len = tdri_name_bare(table[i].written, strlen(table[i].written), out);

        CHECK(len == strlen(table[i].bare) && memcmp(out, table[i].bare, len) == 0, "%s: %.*s", table[i].written, (int)len, out);
        CHECK_INT(tdri_name_is(table[i].written, strlen(table[i].written), table[i].bare, len), 1);
        CHECK_INT(tdri_name_is(table[i].written, strlen(table[i].written), "meters ", 7), 0);
    }
    CHECK_INT(tdri_name_is("Meters", 6, "meters", 5), 0);
    CHECK_INT(tdri_name_is("Meters", 5, "meters", 6), 0);
    CHECK_INT(tdri_name_is("`meters`", 8, "Meters", 6), 0);
}

CU_TestInfo tdrt_names[] = {
    {"folded, or what stands in backquotes", bare_names},
    CU_TEST_INFO_NULL,
};
