/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The texts of SQL that the ADBC driver knows: names that clients quote, and USE. */
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
        {"SELECT * FROM \"t\" ORDER BY \"c\" ASC NULLS FIRST", "SELECT * FROM `t` ORDER BY `c` ASC NULLS FIRST"},
        {"select *\n FROM \"t\" WHERE s = '\"'", "select *\n FROM `t` WHERE s = '\"'"},
        {"SELECT * FROM \"t\" WHERE s = 'it''s \\'\"' AND \"c\"=1", "SELECT * FROM `t` WHERE s = 'it''s \\'\"' AND `c`=1"},
        {"DELETE FROM \"t\" WHERE foo >= 3", "DELETE FROM `t` WHERE foo >= 3"},
        {"DROP TABLE IF EXISTS \"t\"", "DROP TABLE IF EXISTS `t`"},
        {"DROP TABLE \"d\".t", "DROP TABLE `d`.t"},
        {"CREATE TABLE \"t\" (\"ts\" TIMESTAMP, foo INT)", "CREATE TABLE `t` (`ts` TIMESTAMP, foo INT)"},
        {"CREATE TABLE IF NOT EXISTS \"t\" (a INT)", "CREATE TABLE IF NOT EXISTS `t` (a INT)"},
        {"INSERT INTO \"t\" VALUES (?, \"x\")", "INSERT INTO `t` VALUES (?, \"x\")"},
        {"INSERT INTO \"d\".\"t\" (\"a\", \"b\") VALUES (\"x\")", "INSERT INTO `d`.`t` (`a`, `b`) VALUES (\"x\")"},
        /* What a server may run, or what is not wholly of that shape, is sent as it is. */
        {"SELECT \"v\" FROM \"t\"", NULL},
        {"SELECT * FROM t WHERE v = \"x\"", NULL},
        {"SELECT * FROM \"t\" WHERE `v` = \"x\"", NULL},
        {"SELECT * FROM \"t\" WHERE v = 'x", NULL},
        {"SELECT * FROM \"t\" WHERE v = '\\", NULL},
        {"SELECT *FROM \"t\"", NULL},
        {"INSERT INTO t (\"a\") VALUES (1)", NULL},
        {"DROP TABLE \"t", NULL},
        {"DROP TABLE \"", NULL},
        {"DROP TABLE ", NULL},
        {"DROP TABLE \"a`b\"", NULL},
        {"DROP TABLE t", NULL},
        {"", NULL},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char sql[96];

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
