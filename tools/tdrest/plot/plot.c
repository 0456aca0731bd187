/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Numbers over time, drawn with characters: the first TIMESTAMP column against every column of numbers, one series for each value of the first
 * column of text. A character covers what happened in its stretch of time, from the lowest number to the highest.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/plot.h"
#include "plot/series.h"
#include "term/show.h"

enum { HEIGHT = 20, LABEL = 10, MOST_COLUMNS = 400, NARROWEST = 40, NAME_BYTES = 128 };

static const char marks[CLI_PLOT_SERIES + 1] = "*+ox#@%&=~";

typedef struct moment {
    int64_t time;
    char text[64];
} moment;

typedef struct plotter {
    cli_sink *sink;
    tdrest_result *res;
    enum cli_look *looks;
    size_t count;
    size_t time;     /* column of the time */
    size_t group;    /* column that tells series apart; count: none */
    cli_plot plot;
    moment from;
    moment to;
    int timed;       /* are from and to there? */
    int more;        /* series that are not drawn */
} plotter;

static size_t column_that(const plotter *p, int (*fits)(enum cli_look look))
{
    size_t i;

    for (i = 0; i < p->count && !fits(p->looks[i]); i++)
        ;
    return i;
}

static int is_time(enum cli_look look)
{
    return look == CLI_LOOK_TIME || look == CLI_LOOK_EPOCH;
}

static int is_text(enum cli_look look)
{
    return look == CLI_LOOK_TEXT || look == CLI_LOOK_BOOL;
}

static int is_number(enum cli_look look)
{
    return look == CLI_LOOK_NUMBER || look == CLI_LOOK_DECIMAL;
}

static int note_time(plotter *p, moment *m, int64_t time)
{
    char room[CLI_CELL_ROOM];
    const char *text;
    size_t len;
    int rc = cli_cell(p->res, p->time, p->looks[p->time], room, &text, &len);

    m->time = time;
    if (rc >= 0)
        snprintf(m->text, sizeof m->text, "%s", text);
    return rc;
}

/* "current", or "d1001 current". */
static size_t series_name(plotter *p, size_t column, char name[NAME_BYTES])
{
    const tdrest_column *number = tdrest_result_column(p->res, column);
    const char *group = "";
    size_t len = 0;
    int n;

    if (p->group < p->count && tdrest_result_text(p->res, p->group, &group, &len) < 0)
        group = "NULL";
    n = snprintf(name, NAME_BYTES, "%.60s%s%.64s", group, p->group < p->count ? " " : "", number->name);
    return n < 0 ? 0 : (size_t)n;
}

/* TDREST_ROW, or an error; a NULL is no point. */
static int add_point(plotter *p, size_t column, int64_t time)
{
    char name[NAME_BYTES];
    cli_series *series;
    const char *text;
    double number;
    int found, rc = tdrest_result_text(p->res, column, &text, NULL);

    if (rc < 0)
        return rc == TDREST_ENULL ? TDREST_ROW : rc;
    number = strtod(text, NULL);
    found = cli_plot_find(&p->plot, column, name, series_name(p, column, name), &series);
    if (found > 0)
        cli_plot_add(&p->plot, series, time, number);
    p->more |= found == 0;
    return found < 0 ? TDREST_ENOMEM : TDREST_ROW;
}

static int add_row(plotter *p)
{
    int64_t time;
    size_t i;
    int rc = tdrest_result_time(p->res, p->time, &time, NULL);

    if (rc < 0)
        return rc == TDREST_ENULL ? TDREST_ROW : rc;
    if (!p->timed || time < p->from.time)
        rc = note_time(p, &p->from, time);
    if (rc >= 0 && (!p->timed || time > p->to.time))
        rc = note_time(p, &p->to, time);
    p->timed = 1;
    for (i = 0; rc >= 0 && i < p->count; i++)
        if (is_number(p->looks[i]))
            rc = add_point(p, i, time);
    return rc < 0 ? rc : TDREST_ROW;
}

/* The line of a number, from the top. */
static size_t line_of(const cli_plot *plot, double number)
{
    double span = plot->high - plot->low, share = span > 0 ? (plot->high - number) / span : 0.5;

    return isfinite(share) ? (size_t)(share * (HEIGHT - 1) + 0.5) : HEIGHT / 2;
}

static void draw_series(const cli_plot *plot, size_t index, size_t width, char canvas[HEIGHT][MOST_COLUMNS])
{
    int64_t n, stretches = plot->last - plot->first + 1;

    for (n = plot->first; n <= plot->last; n++) {
        const cli_stretch *stretch = &plot->series[index]->stretches[(uint64_t)n % CLI_PLOT_STRETCHES];
        size_t line, column = (size_t)((n - plot->first) * (int64_t)width / stretches);

        if (stretch->used)
            for (line = line_of(plot, stretch->high); line <= line_of(plot, stretch->low); line++)
                canvas[line][column] = marks[index];
    }
}

static void put_canvas(cli_output *out, const cli_plot *plot, size_t width, char canvas[HEIGHT][MOST_COLUMNS])
{
    char label[32];
    size_t line, len;

    for (line = 0; line < HEIGHT; line++) {
        double share = (double)line / (HEIGHT - 1);

        label[0] = '\0';
        if (line % 5 == 0 || line == HEIGHT - 1)
            snprintf(label, sizeof label, "%.4g", plot->high * (1 - share) + plot->low * share);
        len = strlen(label);
        cli_output_fill(out, ' ', len < LABEL ? LABEL - len : 0);
        cli_output_put(out, label, len);
        cli_output_put(out, " |", 2);
        for (len = width; len > 0 && canvas[line][len - 1] == ' '; len--)
            ;
        cli_output_put(out, canvas[line], len);
        cli_output_char(out, '\n');
    }
    cli_output_fill(out, ' ', LABEL + 1);
    cli_output_char(out, '+');
    cli_output_fill(out, '-', width);
    cli_output_char(out, '\n');
}

static void put_legend(const plotter *p, size_t width)
{
    cli_output *out = p->sink->out;
    size_t i, len, columns, from = strlen(p->from.text), to = strlen(p->to.text);
    char name[CLI_SHOW_ROOM(NAME_BYTES)];

    cli_output_fill(out, ' ', LABEL + 2);
    cli_output_put(out, p->from.text, from);
    cli_output_fill(out, ' ', width > from + to ? width - from - to : 1);
    cli_output_put(out, p->to.text, to);
    cli_output_char(out, '\n');
    for (i = 0; !p->sink->style.bare && i < p->plot.count; i++) {
        cli_output_fill(out, ' ', LABEL + 2);
        cli_output_char(out, marks[i]);
        cli_output_char(out, ' ');
        len = cli_show(p->plot.series[i]->name, strlen(p->plot.series[i]->name), CLI_NO_LIMIT, name, &columns);
        cli_output_put(out, name, len);
        cli_output_char(out, '\n');
    }
    if (p->more)
        cli_output_put(out, "            (further series are not drawn)\n", 43);
}

static void draw(const plotter *p)
{
    size_t columns = p->sink->size.columns == 0 ? 80 : p->sink->size.columns < NARROWEST ? NARROWEST : p->sink->size.columns, i;
    size_t width = columns - LABEL - 2 < MOST_COLUMNS ? columns - LABEL - 2 : MOST_COLUMNS;
    char canvas[HEIGHT][MOST_COLUMNS];

    memset(canvas, ' ', sizeof canvas);
    for (i = p->plot.count; i-- > 0;)
        draw_series(&p->plot, i, width, canvas);
    put_canvas(p->sink->out, &p->plot, width, canvas);
    put_legend(p, width);
}

int cli_write_plot(cli_sink *sink, tdrest_result *res, cli_written *written)
{
    plotter p = {.sink = sink, .res = res};
    int rc = TDREST_ROW;

    p.count = written->columns = tdrest_result_column_count(res);
    p.looks = cli_looks(sink, res);
    if (p.looks == NULL)
        return TDREST_ENOMEM;
    p.time = column_that(&p, is_time);
    p.group = column_that(&p, is_text);
    if (p.time == p.count || column_that(&p, is_number) == p.count) {
        written->refusal = "a plot needs a column of TIMESTAMP and one of numbers";
        rc = TDREST_EUSAGE;
    }
    while (rc == TDREST_ROW && (rc = cli_next(sink, res, written)) == TDREST_ROW) {
        rc = add_row(&p);
    }
    if (rc == TDREST_DONE && p.plot.points)
        draw(&p);
    cli_plot_clear(&p.plot);
    free(p.looks);
    return rc;
}
