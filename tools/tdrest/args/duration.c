/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Durations as people write them, and as the server's SQL has them. */
#include "args/duration.h"

#include <stdlib.h>
#include <string.h>

int64_t cli_duration_ms(const char *text)
{
    static const struct {
        const char *name;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"d", 86400000}, {"w", 604800000}};
    char *end;
    int64_t count;
    size_t i;

    if (*text < '0' || *text > '9')
        return -1;
    count = strtoll(text, &end, 10);
    for (i = 0; i < sizeof units / sizeof units[0]; i++)
        if (count < 1000000 && strcmp(end, units[i].name) == 0)
            return count * units[i].ms;
    return -1;
}
