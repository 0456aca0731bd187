/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The number of letters that differ, a swap of neighbours counted once. Knows nothing of where words come from. */
#include "args/nearest.h"

#include <string.h>

enum { LONGEST = 40 };

void cli_nearest_begin(cli_nearest *n, const char *typed, size_t len)
{
    *n = (cli_nearest){.typed = typed, .len = len, .best = NULL, .distance = len < 4 ? 1 : len < 8 ? 2 : 3};
    n->distance++; /* only what is closer counts */
}

static int same(char a, char b)
{
    if (a >= 'A' && a <= 'Z')
        a = (char)(a + 32);
    return (a == '_' ? '-' : a) == (b == '_' ? '-' : b);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t distance(const char *a, size_t m, const char *b, size_t n)
{
    size_t rows[3][LONGEST + 1], i, k;
    size_t *before = rows[0], *last = rows[1], *now = rows[2], *spare;

    for (k = 0; k <= n; k++)
        last[k] = before[k] = k;
    for (i = 1; i <= m; i++) {
        now[0] = i;
        for (k = 1; k <= n; k++) {
            now[k] = least(last[k - 1] + !same(a[i - 1], b[k - 1]), 1 + least(last[k], now[k - 1]));
            if (i > 1 && k > 1 && same(a[i - 1], b[k - 2]) && same(a[i - 2], b[k - 1]))
                now[k] = least(now[k], before[k - 2] + 1);
        }
        spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[n];
}

/* timeout for timeout-ms: the first words of a name in place of all. */
static int begins(const char *typed, size_t m, const char *word, size_t len)
{
    return m > 0 && m < len && same(word[m], '-') && distance(typed, m, word, m) == 0;
}

void cli_nearest_try(cli_nearest *n, const char *word)
{
    size_t len = strlen(word), d;

    if (len > LONGEST || n->len > LONGEST)
        return;
    d = begins(n->typed, n->len, word, len) ? 1 : distance(n->typed, n->len, word, len);
    if (d < n->distance && d < len) { /* not with nothing in common */
        n->distance = d;
        n->best = word;
    }
}
