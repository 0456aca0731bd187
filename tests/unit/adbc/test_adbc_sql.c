/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The texts of SQL that the ADBC driver knows: names that pandas quotes, and USE. */
#include "test.h"

#include "adbc/driver.h"

static void quoted_names(void)
{
    static const struct { const char *given, *sent; } cases[] = {
        {"DROP TABLE \"t\"", "DROP TABLE `t`"},
        {"DROP TABLE \"d\".\"t\"", "DROP TABLE `d`.`t`"},
        {"DELETE FROM \"t\"", "DELETE FROM `t`"},
        {"SELECT * FROM \"d\".\"t\"", "SELECT * FROM `d`.`t`"},
        {"SELECT * FROM \"a b\"", "SELECT * FROM `a b`"},
        {"SELECT * FROM \"a\"\"b\"", "SELECT * FROM `a``b`"},
        /* What a server may run, or what is not wholly of that shape, is sent as it is. */
        {"SELECT * FROM \"t\" WHERE v = \"x\"", NULL},
        {"SELECT \"v\" FROM \"t\"", NULL},
        {"SELECT * FROM t WHERE v = \"x\"", NULL},
        {"SELECT * FROM \"t\"; ", NULL},
        {"DROP TABLE \"t", NULL},
        {"DROP TABLE \"", NULL},
        {"DROP TABLE ", NULL},
        {"DROP TABLE \"d\".", NULL},
        {"DROP TABLE \"d\".t", NULL},
        {"DROP TABLE \"d\".\"t\".\"u\"", NULL},
        {"DROP TABLE \"a`b\"", NULL},
        {"DROP TABLE t", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char sql[64];

        (void)snprintf(sql, sizeof sql, "%s", cases[i].given);
        tda_sql_quote_names(sql);
        CHECK_TEXT(sql, cases[i].sent == NULL ? cases[i].given : cases[i].sent);
    }
}

static void use(void)
{
    static const struct { const char *sql, *name; } cases[] = {
        {"USE test", "test"}, {" use\n Test ; ", "test"}, {"Use `Te st`;", "Te st"}, {"use `a``b`", "a`b"}, {"use d1;;", "d1"},
        {"USE", NULL}, {"use ", NULL}, {"use ;", NULL}, {"use `", NULL}, {"use ``", NULL}, {"use a b", NULL}, {"use a.b", NULL}, {"use 'a'", NULL},
        {"used t", NULL}, {"select 1", NULL}, {"use a; drop table b", NULL}, {"", NULL}, {"use abcdefghijklmnop", NULL},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char name[16] = "-";
        int found = tda_sql_use(cases[i].sql, name, sizeof name);

        CHECK(found == (cases[i].name != NULL), "%s", cases[i].sql);
        if (found)
            CHECK_TEXT(name, cases[i].name);
    }
}

CU_TestInfo tdrt_adbc_sql[] = {
    {"names in double quotes", quoted_names},
    {"USE", use},
    CU_TEST_INFO_NULL,
};
