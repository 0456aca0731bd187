/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Series of numbers over time in bounded memory: of each stretch of time the first, the last, the lowest and the highest number. The stretches
 * double in length whenever the whole no longer fits, so times may come in any order and in any number. Knows nothing of results.
 */
#ifndef CLI_SERIES_H
#define CLI_SERIES_H

#include <stddef.h>
#include <stdint.h>

enum { CLI_PLOT_SERIES = 10, CLI_PLOT_STRETCHES = 2048 };

typedef struct cli_stretch {
    int64_t first_time;
    int64_t last_time;
    double first;
    double last;
    double low;
    double high;
    int used;
    int gap; /* there was a time without a number: what is before and behind does not belong together */
} cli_stretch;

typedef struct cli_series {
    char *key;     /* heap: what tells it from others of its column */
    size_t key_len;
    size_t column; /* of the result */
    int64_t points;
    cli_stretch stretches[CLI_PLOT_STRETCHES]; /* stretch n at n modulo their number */
} cli_series;

typedef struct cli_plot {
    cli_series *series[CLI_PLOT_SERIES];
    size_t count;
    int more;       /* were there others, for which there was no room? */
    int begun;      /* is a stretch in use, be it by a gap? */
    int points;     /* are there any? */
    int shift;      /* a stretch is 2^shift units of time */
    int64_t first;  /* stretches in use */
    int64_t last;
    int64_t from;   /* times of points */
    int64_t to;
    double low;     /* of all numbers */
    double high;
} cli_plot;

void cli_plot_clear(cli_plot *plot);

/* The series of that column and key, made when there is none. 1; 0: there are too many already; -1: out of memory. */
int cli_plot_find(cli_plot *plot, size_t column, const char *key, size_t len, cli_series **out);

/* A number that is not finite is a gap. */
void cli_plot_add(cli_plot *plot, cli_series *series, int64_t time, double number);

/* The stretch n of a series, n from plot->first to plot->last. */
const cli_stretch *cli_plot_stretch(const cli_series *series, int64_t n);

#endif
