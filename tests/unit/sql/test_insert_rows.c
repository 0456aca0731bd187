/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The rows of an INSERT, each with the clause in front of it. */
#include "test.h"

#include "sql/insert_rows.h"

static void rows(void)
{
    static const struct { const char *sql, *rows; } cases[] = {
        {"INSERT INTO t VALUES(1,2)", "t VALUES|(1,2);"},
        {"INSERT INTO `a` VALUES(1)(2)`b` VALUES(3)", "`a` VALUES|(1);`a` VALUES|(2);`b` VALUES|(3);"},
        {"insert  into t (ts, c) values (1, 'x') , (2, now())\n", "t (ts, c) values |(1, 'x');t (ts, c) values |(2, now());"},
        {"INSERT INTO `d` USING `m` TAGS('VALUES(', 1) VALUES (1)", "`d` USING `m` TAGS('VALUES(', 1) VALUES |(1);"},
        {"INSERT INTO `values` VALUES (')') t2 USING st (g) TAGS (1) (ts) VALUES (2)", "`values` VALUES |(')');t2 USING st (g) TAGS (1) (ts) VALUES |(2);"},
        {"INSERT INTO st (tbname, ts) VALUES ('a', 1) /* ) */ ('b', 2)", "st (tbname, ts) VALUES |('a', 1);st (tbname, ts) VALUES |('b', 2);"},
        {"INSERT INTO t VALUES ((1), (2))", "t VALUES |((1), (2));"},
        {"INSERT INTO t VALUES", "-"},
        {"INSERT INTO t VALUES (1", "-"},
        {"INSERT INTO t VALUES ('1)", "-"},
        {"INSERT INTO t VALUES (1) x", "t VALUES |(1);-"},
        {"INSERT INTO t VALUES (1),", "t VALUES |(1);-"},
        {"INSERT INTO t (ts VALUES (1)", "-"},
        {"INSERT INTO t SELECT 1", "-"},
        {"INSERT t VALUES (1)", "-"},
        {"SELECT 1", "-"},
        {"", "-"},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        tdri_insert_rows r = {.text = cases[i].sql, .len = strlen(cases[i].sql)};
        char seen[400] = "";
        size_t len = 0;
        int rc;

        while ((rc = tdri_insert_rows_next(&r)) == 1)
            len += (size_t)snprintf(seen + len, sizeof seen - len, "%.*s|%.*s;", (int)(r.head_end - r.head), r.text + r.head, (int)(r.end - r.row), r.text + r.row);
        if (rc < 0)
            snprintf(seen + len, sizeof seen - len, "-");
        CHECK(strcmp(seen, cases[i].rows) == 0, "%s has the rows %s, not %s", cases[i].sql, seen, cases[i].rows);
    }
}

CU_TestInfo tdrt_insert_rows[] = {
    {"rows and their clauses", rows},
    CU_TEST_INFO_NULL,
};
