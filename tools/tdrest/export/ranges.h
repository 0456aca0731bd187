/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A table in pieces by time, none of which has too many rows. */
#ifndef CLI_RANGES_H
#define CLI_RANGES_H

#include "catalog/catalog.h"

/* Times from `from` on and before `to`, in units of the database's precision. The first range has no beginning, the last one no end. */
typedef struct cli_range {
    int has_from;
    int has_to;
    int64_t from;
    int64_t to;
} cli_range;

typedef struct cli_ranges {
    cli_range *items;
    size_t count;
    size_t cap;
} cli_ranges;

/*
 * Halves the time of a table until no range has more than most rows, or only one time. Parts without rows are left out; a table without rows has one
 * range. CLI_OK, or the failure is told. To be freed with cli_ranges_clear in either case.
 */
int cli_ranges_plan(cli_catalog *c, const char *table, const char *time, int64_t most, cli_ranges *ranges);
void cli_ranges_clear(cli_ranges *ranges);

/* " WHERE ..." of a range at the end of sql, or nothing. */
void cli_range_put(const cli_range *range, const char *time, cli_text *sql);

#endif
