/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Schemaless data as lines: what means nothing is left out, and each line keeps the number it has in its file. */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include <stddef.h>
#include <stdint.h>

/* In front of line `kept` of those that are left, `skipped` lines were left out in all. */
typedef struct cli_gap {
    int64_t kept;
    int64_t skipped;
} cli_gap;

typedef struct cli_lines {
    cli_gap *gaps;
    size_t count;
    size_t cap;
    int64_t total; /* lines of the data as it came */
} cli_lines;

void cli_lines_clear(cli_lines *l);

/* Leaves blank lines out, and byte order marks in front of lines, which joined files have. 0: out of memory. */
int cli_lines_clean(cli_lines *l, char *data, size_t *len);

/* The number, from 0, that line `index` of what is left had in the data as it came. */
int64_t cli_lines_number(const cli_lines *l, int64_t index);

/* Lines in data; its last one needs no end. */
int64_t cli_lines_count(const char *data, size_t len);

/* Where line `index` begins. */
size_t cli_lines_offset(const char *data, size_t len, int64_t index);

/* Is there more than comments? protocol: TDREST_PROTOCOL_LINE or _TELNET. */
int cli_lines_have_point(int protocol, const char *data, size_t len);

/* Does every line carry its time, so that writing it twice is writing it once? */
int cli_lines_have_times(int protocol, const char *data, size_t len);

#endif
