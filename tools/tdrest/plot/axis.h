/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Ticks at round numbers and at round times. */
#ifndef CLI_AXIS_H
#define CLI_AXIS_H

#include <stddef.h>
#include <stdint.h>

enum { CLI_TICKS = 64, CLI_LABEL_ROOM = 32 };

typedef struct cli_numbers {
    double low;    /* of the axis, which begins and ends at a tick */
    double high;
    double step;
    size_t count;  /* of ticks */
} cli_numbers;

/* An axis for numbers from low to high with at most `most` ticks, at least two. */
void cli_numbers_make(cli_numbers *axis, double low, double high, size_t most);
double cli_numbers_tick(const cli_numbers *axis, size_t index);
/* The label of a tick; its bytes. */
size_t cli_numbers_label(const cli_numbers *axis, size_t index, char label[CLI_LABEL_ROOM]);

typedef struct cli_times {
    int64_t from;     /* of the axis, in units */
    int64_t to;
    int64_t unit;     /* units of a second: 10^3, 10^6, 10^9 */
    int64_t zone_s;   /* seconds east of UTC */
    int epoch;        /* are times plain numbers? */
    int kind;         /* of the step; */
    int64_t step;     /* units, months or years */
    size_t count;     /* of ticks */
    int64_t at[CLI_TICKS];
} cli_times;

/* Ticks for an axis whose from, to, unit, zone_s and epoch are set: as many as fit in `columns` with their labels. */
void cli_times_make(cli_times *axis, size_t columns);
size_t cli_times_label(const cli_times *axis, size_t index, char label[CLI_LABEL_ROOM]);

/* A whole time: 2024-01-01 00:00:00, with a fraction where it has one. */
size_t cli_times_text(const cli_times *axis, int64_t time, char text[CLI_LABEL_ROOM + 16]);

#endif
