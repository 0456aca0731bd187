/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Why rows were rejected. The first reasons are kept: a file has few, unless each of its rows has its own, which were told already. */
#include "write/reasons.h"

#include <stdlib.h>
#include <string.h>

#include "term/report.h"
#include "term/text.h"

void cli_reasons_add(cli_reasons *r, const char *text, const char *place, int64_t rows)
{
    struct cli_reason added = {.count = rows};
    size_t i;

    for (i = 0; i < r->count && strcmp(r->items[i].text, text) != 0; i++)
        ;
    if (i < r->count) {
        r->items[i].count += rows;
        return;
    }
    if (r->count < CLI_REASONS) {
        added.text = cli_copy(text, strlen(text));
        added.first = cli_copy(place, strlen(place));
    }
    if (added.text == NULL || added.first == NULL) {
        free(added.text);
        free(added.first);
        r->others += rows;
        return;
    }
    r->items[r->count++] = added;
}

void cli_reasons_tell(const cli_reasons *r, const char *unit)
{
    size_t i, told = 0;

    for (i = 0; i < r->count; i++)
        if (r->items[i].count > 1) {
            cli_usage("%lld %ss: %s (first: %s)", (long long)r->items[i].count, unit, r->items[i].text, r->items[i].first);
            told++;
        }
    if (told > 0 && r->others > 0)
        cli_usage("%lld %s%s: other reasons", (long long)r->others, unit, cli_plural(r->others));
}

void cli_reasons_clear(cli_reasons *r)
{
    size_t i;

    for (i = 0; i < r->count; i++) {
        free(r->items[i].text);
        free(r->items[i].first);
    }
    *r = (cli_reasons){.count = 0};
}
