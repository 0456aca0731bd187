/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* See plot/series.h. */
#include "plot/series.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void cli_plot_clear(cli_plot *plot)
{
    while (plot->count > 0) {
        cli_series *last = plot->series[--plot->count];

        free(last->key);
        free(last);
    }
}

static int is_it(const cli_series *s, size_t column, const char *key, size_t len)
{
    return s->column == column && s->key_len == len && memcmp(s->key, key, len) == 0;
}

int cli_plot_find(cli_plot *plot, size_t column, const char *key, size_t len, cli_series **out)
{
    cli_series *made;
    size_t i;

    for (i = 0; i < plot->count; i++) {
        *out = plot->series[i];
        if (is_it(*out, column, key, len))
            return 1;
    }
    *out = NULL;
    plot->more |= plot->count == CLI_PLOT_SERIES;
    if (plot->count == CLI_PLOT_SERIES)
        return 0;
    made = calloc(1, sizeof *made);
    if (made == NULL || (made->key = malloc(len + 1)) == NULL) {
        free(made);
        return -1;
    }
    memcpy(made->key, key, len);
    made->key[len] = '\0';
    made->key_len = len;
    made->column = column;
    plot->series[plot->count++] = *out = made;
    return 1;
}

/* floor(time / 2^shift), which a shift of a negative number need not be. */
static int64_t stretch_of(int64_t time, int shift)
{
    return time >= 0 ? time >> shift : -((-(time + 1)) >> shift) - 1;
}

static cli_stretch *stretch_at(cli_series *series, int64_t n)
{
    return &series->stretches[(uint64_t)n % CLI_PLOT_STRETCHES];
}

const cli_stretch *cli_plot_stretch(const cli_series *series, int64_t n)
{
    return &series->stretches[(uint64_t)n % CLI_PLOT_STRETCHES];
}

/* What is in one stretch and in another becomes one. */
static void join(cli_stretch *to, const cli_stretch *from)
{
    to->gap |= from->gap;
    if (!from->used)
        return;
    if (!to->used || from->first_time < to->first_time) {
        to->first_time = from->first_time;
        to->first = from->first;
    }
    if (!to->used || from->last_time >= to->last_time) {
        to->last_time = from->last_time;
        to->last = from->last;
    }
    if (!to->used || from->low < to->low)
        to->low = from->low;
    if (!to->used || from->high > to->high)
        to->high = from->high;
    to->used = 1;
}

/* Stretches twice as long: neighbours become one. */
static void lengthen(cli_plot *plot)
{
    static cli_stretch halves[CLI_PLOT_STRETCHES]; /* too much for a stack */
    size_t i;

    for (i = 0; i < plot->count; i++) {
        int64_t n;

        memcpy(halves, plot->series[i]->stretches, sizeof halves);
        memset(plot->series[i]->stretches, 0, sizeof halves);
        for (n = plot->first; n <= plot->last; n++)
            join(stretch_at(plot->series[i], stretch_of(n, 1)), &halves[(uint64_t)n % CLI_PLOT_STRETCHES]);
    }
    plot->first = stretch_of(plot->first, 1);
    plot->last = stretch_of(plot->last, 1);
    plot->shift++;
}

void cli_plot_add(cli_plot *plot, cli_series *series, int64_t time, double number)
{
    const cli_stretch point = {time, time, number, number, number, number, isfinite(number) != 0, isfinite(number) == 0};
    int64_t n = stretch_of(time, plot->shift);

    if (!plot->begun)
        plot->first = plot->last = n;
    plot->begun = 1;
    /* The distance of two times may be more than an int64_t holds. */
    while ((n > plot->first && (uint64_t)n - (uint64_t)plot->first >= CLI_PLOT_STRETCHES) ||
           (n < plot->last && (uint64_t)plot->last - (uint64_t)n >= CLI_PLOT_STRETCHES)) {
        lengthen(plot);
        n = stretch_of(n, 1);
    }
    plot->first = n < plot->first ? n : plot->first;
    plot->last = n > plot->last ? n : plot->last;
    join(stretch_at(series, n), &point);
    if (point.gap)
        return;
    if (!plot->points) {
        plot->from = plot->to = time;
        plot->low = plot->high = number;
        plot->points = 1;
    }
    series->points++;
    plot->from = time < plot->from ? time : plot->from;
    plot->to = time > plot->to ? time : plot->to;
    plot->low = number < plot->low ? number : plot->low;
    plot->high = number > plot->high ? number : plot->high;
}
