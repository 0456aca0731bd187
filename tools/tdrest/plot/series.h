/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Series of numbers over time in bounded memory: for each series the lowest and the highest number of each stretch of time. The stretches
 * double in length whenever the whole no longer fits, so times may come in any order and in any number. Knows nothing of results.
 */
#ifndef CLI_SERIES_H
#define CLI_SERIES_H

#include <stddef.h>
#include <stdint.h>

enum { CLI_PLOT_SERIES = 10, CLI_PLOT_STRETCHES = 512 };

typedef struct cli_stretch {
    double low;
    double high;
    int used;
} cli_stretch;

typedef struct cli_series {
    char *name;    /* heap */
    size_t column; /* of the result */
    cli_stretch stretches[CLI_PLOT_STRETCHES]; /* stretch n at n modulo their number */
} cli_series;

typedef struct cli_plot {
    cli_series *series[CLI_PLOT_SERIES];
    size_t count;
    int points;     /* are there any? */
    int shift;      /* a stretch is 2^shift units of time */
    int64_t first;  /* stretches in use */
    int64_t last;
    double low;     /* of all numbers */
    double high;
} cli_plot;

void cli_plot_clear(cli_plot *plot);

/* The series of that column whose name it is, made when there is none. 1; 0: there are too many already; -1: out of memory. */
int cli_plot_find(cli_plot *plot, size_t column, const char *name, size_t len, cli_series **out);

void cli_plot_add(cli_plot *plot, cli_series *series, int64_t time, double number);

#endif
