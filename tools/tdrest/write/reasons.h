/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Why rows were rejected, and how many for each reason. Knows nothing of what is in them. */
#ifndef CLI_REASONS_H
#define CLI_REASONS_H

#include <stddef.h>
#include <stdint.h>

enum { CLI_REASONS = 12 };

typedef struct cli_reasons {
    struct cli_reason {
        char *text;
        char *first; /* place of the first row */
        int64_t count;
    } items[CLI_REASONS]; /* in the order in which they came */
    size_t count;
    int64_t others; /* rows with reasons that found no room */
} cli_reasons;

/* Rows, the first of which stands at that place. */
void cli_reasons_add(cli_reasons *r, const char *text, const char *place, int64_t rows);

/* A line for each reason that more than one row had. */
void cli_reasons_tell(const cli_reasons *r, const char *unit);
void cli_reasons_clear(cli_reasons *r);

#endif
