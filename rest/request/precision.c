/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* The table of units. Knows no times. */
#include "request/precision.h"

#include <string.h>

/* The endpoint takes any other word, "us" too, for nanoseconds in silence. */
static const struct {
    int precision;
    const char *of_lines;
    const char *of_databases; /* NULL: none has it */
} rows[] = {
    {TDREST_HOUR, "h", NULL}, {TDREST_MINUTE, "m", NULL}, {TDREST_SECOND, "s", NULL},
    {TDREST_MS, "ms", "ms"},  {TDREST_US, "u", "us"},     {TDREST_NS, "ns", "ns"},
};

const char *tdri_precision_word(int precision)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].precision == precision)
            return rows[i].of_lines;
    return NULL;
}

int tdri_precision_find(const char *word)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].of_databases != NULL && strcmp(rows[i].of_databases, word) == 0)
            return rows[i].precision;
    return TDREST_PRECISION_UNKNOWN;
}
