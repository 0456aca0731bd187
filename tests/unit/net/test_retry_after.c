/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Retry-After in all its spellings. */
#include "test.h"

#include "net/retry_after.h"

#include <time.h>

#define MAX TDRI_RETRY_AFTER_MAX_MS
#define DATE "Date: Mon, 30 Nov 2026 02:00:00 GMT\r\n"

/* The lines of a head, each with its CRLF. */
static int64_t read_head(const char *head)
{
    tdri_retry_after retry;

    tdri_retry_after_reset(&retry);
    for (const char *end; (end = strchr(head, '\n')) != NULL; head = end + 1) {
        size_t len = (size_t)(end + 1 - head);
        char *line = (char *)malloc(len); /* to the byte, for sanitizers */

        memcpy(line, head, len);
        tdri_retry_after_note(&retry, line, len);
        free(line);
    }
    return tdri_retry_after_ms(&retry);
}

static void spellings(void)
{
    static const struct { const char *head; int64_t ms; } cases[] = {
        {"", -1},
        {"HTTP/1.1 429 Too Many\r\nContent-Type: text/html\r\n\r\n", -1},
        {"Retry-After: 120\r\n", 120000}, {"retry-AFTER:\t120 \t\r\n", 120000}, {"Retry-After:120\n", 120000},
        {"Retry-After: 0\r\n", 0}, {"Retry-After: 007\r\n", 7000}, {"Retry-After: 1000000000\r\n", INT64_C(1000000000000)},
        /* a fraction counts as one second more */
        {"Retry-After: 1.5\r\n", 2000}, {"Retry-After: 0.001\r\n", 1000},
        /* what is no number of seconds says nothing */
        {"Retry-After: -1\r\n", -1}, {"Retry-After: +1\r\n", -1}, {"Retry-After: 1e9\r\n", -1}, {"Retry-After: 1.\r\n", -1}, {"Retry-After: .5\r\n", -1},
        {"Retry-After:\r\n", -1}, {"Retry-After: \r\n", -1}, {"Retry-After: soon\r\n", -1}, {"Retry-After: 1 2\r\n", -1}, {"Retry-After: 0x10\r\n", -1},
        {"Retry-After: 20991231\r\n", INT64_C(20991231000)},
        /* too large for a number */
        {"Retry-After: 999999999999\r\n", INT64_C(999999999999000)}, {"Retry-After: 1000000000000\r\n", MAX}, {"Retry-After: 1000000000001\r\n", MAX},
        {"Retry-After: 9223372036854775808\r\n", MAX}, {"Retry-After: 18446744073709551617\r\n", MAX},
        {"Retry-After: 999999999999999999999999999999\r\n", MAX},
        {"Retry-After: 00000000000000000000000000000000000000000000000000000000000000000000000000000009\r\n", 9000},
        /* dates, in the three forms of HTTP, from the answer's own date on */
        {DATE "Retry-After: Mon, 30 Nov 2026 02:00:07 GMT\r\n", 7000}, {"Retry-After: Monday, 30-Nov-26 02:01:00 GMT\r\n" DATE, 60000},
        {DATE "Retry-After: Mon Nov 30 02:00:01 2026\r\n", 1000}, {DATE "Retry-After: Mon, 30 Nov 2026 02:00:00 GMT\r\n", 0},
        {DATE "Retry-After: Mon, 30 Nov 2026 01:59:59 GMT\r\n", 0}, {DATE "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n", 0},
        {DATE "Retry-After: Mon, 30 Feb 2026 99:00:00 GMT\r\n", -1},
        /* of two the later one */
        {"Retry-After: 5\r\nRetry-After: 9\r\n", 9000}, {"Retry-After: 9\r\nRetry-After: 5\r\n", 9000}, {"Retry-After: 5\r\nRetry-After: x\r\n", 5000},
        {DATE "Retry-After: 5\r\nRetry-After: Mon, 30 Nov 2026 02:00:09 GMT\r\n", 9000},
        {DATE "Retry-After: 15\r\nRetry-After: Mon, 30 Nov 2026 02:00:09 GMT\r\n", 15000},
        /* another name; an interim answer */
        {"X-Retry-After: 5\r\nRetry-After-X: 5\r\nRetry-After : 5\r\nRetry-Afte: 5\r\n", -1},
        {"HTTP/1.1 103 Early\r\nRetry-After: 5\r\n\r\nHTTP/1.1 503 No\r\n\r\n", -1},
    };

    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t ms = read_head(cases[i].head);

        CHECK(ms == cases[i].ms, "%s: %" PRId64 ", expected %" PRId64, cases[i].head, ms, cases[i].ms);
    }
}

/* Without a Date this machine's clock counts. */
static void by_the_clock(void)
{
    int64_t now = (int64_t)time(NULL), ms;

    CHECK_INT(read_head("Retry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n"), 0);
    ms = read_head("Retry-After: Thu, 01 Jan 2037 00:00:00 GMT\r\n");
    CHECK(ms / 1000 <= INT64_C(2114380800) - now && ms / 1000 >= INT64_C(2114380800) - now - 60, "%" PRId64, ms);
    /* Later than a short time_t can say is as good as no date. */
    ms = read_head("Retry-After: Wed, 01 Jan 2098 00:00:00 GMT\r\n");
    if (sizeof(time_t) > 4)
        CHECK(ms / 1000 <= INT64_C(4039372800) - now && ms / 1000 >= INT64_C(4039372800) - now - 60, "%" PRId64, ms);
    else
        CHECK(ms == -1 || ms > INT64_C(86400000), "%" PRId64, ms);
}

CU_TestInfo tdrt_retry_after[] = {
    {"spellings", spellings},
    {"by the clock", by_the_clock},
    CU_TEST_INFO_NULL,
};
