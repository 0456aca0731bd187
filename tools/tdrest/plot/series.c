/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* See plot/series.h. */
#include "plot/series.h"

#include <stdlib.h>
#include <string.h>

void cli_plot_clear(cli_plot *plot)
{
    while (plot->count > 0) {
        cli_series *last = plot->series[--plot->count];

        free(last->name);
        free(last);
    }
}

int cli_plot_find(cli_plot *plot, size_t column, const char *name, size_t len, cli_series **out)
{
    cli_series *made;
    size_t i;

    for (i = 0; i < plot->count; i++) {
        *out = plot->series[i];
        if ((*out)->column == column && strlen((*out)->name) == len && memcmp((*out)->name, name, len) == 0)
            return 1;
    }
    *out = NULL;
    if (plot->count == CLI_PLOT_SERIES)
        return 0;
    made = calloc(1, sizeof *made);
    if (made == NULL || (made->name = malloc(len + 1)) == NULL) {
        free(made);
        return -1;
    }
    memcpy(made->name, name, len);
    made->name[len] = '\0';
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

static void widen(cli_stretch *to, double low, double high)
{
    if (!to->used || low < to->low)
        to->low = low;
    if (!to->used || high > to->high)
        to->high = high;
    to->used = 1;
}

/* Stretches twice as long: neighbours become one. */
static void lengthen(cli_plot *plot)
{
    static const cli_stretch empty;
    size_t i;

    for (i = 0; i < plot->count; i++) {
        cli_stretch halves[CLI_PLOT_STRETCHES];
        int64_t n;

        memcpy(halves, plot->series[i]->stretches, sizeof halves);
        for (n = 0; n < CLI_PLOT_STRETCHES; n++)
            plot->series[i]->stretches[n] = empty;
        for (n = plot->first; n <= plot->last; n++) {
            const cli_stretch *half = &halves[(uint64_t)n % CLI_PLOT_STRETCHES];

            if (half->used)
                widen(stretch_at(plot->series[i], stretch_of(n, 1)), half->low, half->high);
        }
    }
    plot->first = stretch_of(plot->first, 1);
    plot->last = stretch_of(plot->last, 1);
    plot->shift++;
}

void cli_plot_add(cli_plot *plot, cli_series *series, int64_t time, double number)
{
    int64_t n = stretch_of(time, plot->shift);

    if (!plot->points) {
        plot->first = plot->last = n;
        plot->low = plot->high = number;
        plot->points = 1;
    }
    /* The distance of two times may be more than an int64_t holds. */
    while ((n > plot->first && (uint64_t)n - (uint64_t)plot->first >= CLI_PLOT_STRETCHES) ||
           (n < plot->last && (uint64_t)plot->last - (uint64_t)n >= CLI_PLOT_STRETCHES)) {
        lengthen(plot);
        n = stretch_of(n, 1);
    }
    plot->first = n < plot->first ? n : plot->first;
    plot->last = n > plot->last ? n : plot->last;
    plot->low = number < plot->low ? number : plot->low;
    plot->high = number > plot->high ? number : plot->high;
    widen(stretch_at(series, n), number, number);
}
