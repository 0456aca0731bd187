/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Where the value stands that a refusal quotes. The messages are recorded ones. */
#include "test.h"

#include "sql/quoted.h"

#define NOT_TOLD SIZE_MAX

static void places(void)
{
    static const struct { const char *message, *sql; size_t at; } cases[] = {
        {"syntax error near '128)' (tinyint data overflow)", "INSERT INTO t VALUES(1,128)", 23},
        {"syntax error near '128)(2,1)' (tinyint data overflow)", "INSERT INTO t VALUES(0,128)(1,128)(2,1)", 30},
        {"syntax error near '-129)' (tinyint data overflow)", "INSERT INTO t VALUES(1,-129)", 23},
        {"syntax error near 'null, 1)' (Primary timestamp column should not be null)", "INSERT INTO n (ts, c1) VALUES (NULL, 1)", 31},
        {"syntax error near '5abc' (invalid int data)", "INSERT INTO t VALUES(1,'5abc')", 24},
        {"syntax error near '5abc' (invalid int data)", "INSERT INTO t VALUES(1,'5ABC')", 24},
        {"syntax error near '1,'a' (b)' (tinyint data overflow)", "INSERT INTO t VALUES(1,'a' (b)", 21},
        {"syntax error near '128)(1,'\xc3\xa9\xef\xbf\xbd' (tinyint data overflow)", "INSERT INTO t VALUES(0,128)(1,'\xc3\xa9\xc3\xa9')", 23},
        /* more than once: also within another number, and whatever their capitals */
        {"syntax error near '128)' (tinyint data overflow)", "INSERT INTO t VALUES(0,128)(1,128)", NOT_TOLD},
        {"syntax error near '5' (invalid int data)", "INSERT INTO t VALUES(15,'5')", NOT_TOLD},
        {"syntax error near 'x' (invalid int data)", "INSERT INTO t VALUES(1,'x')(2,'X')", NOT_TOLD},
        /* a record's message has ? for what it cannot hold: it may be any byte */
        {"syntax error near 'a?b' (invalid int data)", "INSERT INTO t VALUES(1,'a\tb')", 24},
        {"syntax error near 'a?b' (invalid int data)", "INSERT INTO t VALUES(1,'a?b')", 24},
        {"syntax error near 'a?b' (invalid int data)", "INSERT INTO t VALUES(1,'a?b')(2,'a\tb')", NOT_TOLD},
        {"syntax error near 'a??b' (invalid int data)", "INSERT INTO t VALUES(1,'a\xff\xfe" "b')(2,'ab')", 24},
        /* not there, nothing, another kind of message */
        {"syntax error near '7)' (tinyint data overflow)", "INSERT INTO t VALUES(1,128)", NOT_TOLD},
        {"syntax error near '' (invalid numeric data)", "INSERT INTO t VALUES(1,'')", NOT_TOLD},
        {"syntax error near '\xef\xbf\xbd' (Unknown error -2130771884)", "INSERT INTO t VALUES(1,'\xff')", NOT_TOLD},
        {"syntax error near 'no any data points'", "INSERT INTO t VALUES(1,'no any data points')", NOT_TOLD},
        {"Value too long for column/tag: c2", "INSERT INTO t VALUES(1,'c2')", NOT_TOLD},
        {"", "INSERT INTO t VALUES(1,1)", NOT_TOLD},
        /* a string is quoted without its backslashes */
        {"syntax error near '12' (invalid int data)", "INSERT INTO t VALUES(1,'\\12')", NOT_TOLD},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        size_t at = tdri_quoted_at(cases[i].message, cases[i].sql, strlen(cases[i].sql));

        CHECK(at == cases[i].at, "%s, %s: %zu", cases[i].message, cases[i].sql, at);
    }
}

CU_TestInfo tdrt_quoted[] = {
    {"places", places},
    CU_TEST_INFO_NULL,
};
