/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * Numbers over time: the first TIMESTAMP column against every column of numbers, one series for each of these and for each combination of
 * the texts in a row. Collects in one pass; how it is drawn is told elsewhere.
 */
#include "plot/plot.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "term/show.h"

enum { NAME_COLUMNS = 40 };

typedef struct collector {
    cli_drawing d;
    cli_result *res;
    enum cli_look *looks;
    size_t count;
    size_t time;        /* column of the time; count: none */
    cli_series **last;  /* of each column, what was found last */
    char *key;          /* the texts of the row */
    size_t key_len;
    size_t key_cap;
    char zone[32];
} collector;

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

/* ---- collecting ---- */

/* The texts of the row, one behind the other, separated by blanks. */
static int make_key(collector *c)
{
    const char *text;
    size_t i, len;
    char *key;
    int rc;

    c->key_len = 0;
    for (i = 0; i < c->count; i++) {
        if (!is_text(c->looks[i]))
            continue;
        rc = cli_result_text(c->res, i, &text, &len);
        if (rc < 0 && rc != TDREST_ENULL)
            return rc;
        if (rc == TDREST_ENULL) {
            text = "NULL";
            len = 4;
        }
        if (c->key_cap - c->key_len < len + 2) {
            key = realloc(c->key, 2 * c->key_cap + len + 64);
            if (key == NULL)
                return TDREST_ENOMEM;
            c->key = key;
            c->key_cap = 2 * c->key_cap + len + 64;
        }
        if (c->key_len > 0)
            c->key[c->key_len++] = ' ';
        memcpy(c->key + c->key_len, text, len);
        c->key_len += len;
    }
    return TDREST_OK;
}

/* A number as a double; integers that are too long for one lose digits that no plot shows. */
static int read_number(collector *c, size_t column, double *number)
{
    int rc = cli_result_double(c->res, column, number);
    const char *text;

    if (rc == TDREST_OK || rc == TDREST_ENULL)
        return rc;
    rc = cli_result_text(c->res, column, &text, NULL);
    if (rc == TDREST_OK)
        *number = strtod(text, NULL);
    return rc;
}

/* TDREST_ROW, or an error; a NULL is a gap. */
static int add_point(collector *c, size_t column, int64_t time)
{
    cli_series *series = c->last[column];
    double number = 0;
    int found, rc = read_number(c, column, &number);

    if (rc < 0 && rc != TDREST_ENULL)
        return rc;
    if (series == NULL || series->key_len != c->key_len || memcmp(series->key, c->key == NULL ? "" : c->key, c->key_len) != 0) {
        found = cli_plot_find(&c->d.plot, column, c->key == NULL ? "" : c->key, c->key_len, &series);
        if (found < 0)
            return TDREST_ENOMEM;
        if (found == 0)
            return TDREST_ROW;
        c->last[column] = series;
    }
    cli_plot_add(&c->d.plot, series, time, rc == TDREST_ENULL ? NAN : number);
    return TDREST_ROW;
}

/* The zone that the server writes times in, by the first of them: "...Z", "...+08:00". */
static void note_zone(collector *c)
{
    const char *text, *sign;
    size_t len;
    int hours = 0, minutes = 0;

    if (c->zone[0] != '\0' || cli_result_text(c->res, c->time, &text, &len) < 0)
        return;
    sign = len > 6 && (text[len - 6] == '+' || text[len - 6] == '-') ? text + len - 6 : "";
    snprintf(c->zone, sizeof c->zone, "UTC%s", sign);
    if (*sign != '\0' && sscanf(sign + 1, "%2d:%2d", &hours, &minutes) == 2)
        c->d.times.zone_s = (*sign == '-' ? -60 : 60) * (60 * hours + minutes);
}

static int add_row(collector *c)
{
    int64_t time;
    size_t i;
    int precision, rc = cli_result_time(c->res, c->time, &time, &precision);

    if (rc < 0)
        return rc == TDREST_ENULL ? TDREST_ROW : rc;
    note_zone(c);
    c->d.times.unit = precision == TDREST_NS ? 1000000000 : precision == TDREST_US ? 1000000 : 1000;
    rc = make_key(c);
    for (i = 0; rc >= 0 && i < c->count; i++)
        if (is_number(c->looks[i]))
            rc = add_point(c, i, time);
    return rc < 0 ? rc : TDREST_ROW;
}

/* ---- what all drawings need ---- */

size_t cli_drawing_name(const cli_drawing *d, const cli_result *res, size_t index, char *text, size_t cap, size_t *len)
{
    const cli_series *s = d->plot.series[index];
    const char *column = cli_result_column(res, s->column)->name;
    char whole[400], shown[CLI_SHOW_ROOM(sizeof whole)];
    size_t width;
    int n;

    if (s->key_len == 0)
        n = snprintf(whole, sizeof whole, "%s", column);
    else if (d->quantities == 1)
        n = snprintf(whole, sizeof whole, "%.*s", s->key_len > 300 ? 300 : (int)s->key_len, s->key);
    else
        n = snprintf(whole, sizeof whole, "%.*s %s", s->key_len > 300 ? 300 : (int)s->key_len, s->key, column);
    *len = cli_show(whole, n < 0 ? 0 : strlen(whole), NAME_COLUMNS, shown, &width);
    *len = *len < cap ? *len : cap;
    memcpy(text, shown, *len);
    return width;
}

/* ---- all of it ---- */

static size_t column_that(const collector *c, int (*fits)(enum cli_look look))
{
    size_t i;

    for (i = 0; i < c->count && !fits(c->looks[i]); i++)
        ;
    return i;
}

static const char *why_not(const collector *c)
{
    if (c->d.sink->picture != NULL && c->d.sink->pictures > 0)
        return "an SVG file holds one plot, and this is the second result";
    if (c->time == c->count || column_that(c, is_number) == c->count)
        return "a plot needs a column of TIMESTAMP and one of numbers";
    return NULL;
}

static void draw(collector *c)
{
    size_t i;

    for (i = 0; i < c->count; i++)
        c->d.quantities += (size_t)is_number(c->looks[i]);
    c->d.quantity = c->d.quantities == 1 ? cli_result_column(c->res, column_that(c, is_number))->name : "";
    c->d.zone = c->zone;
    c->d.times.from = c->d.plot.from;
    c->d.times.to = c->d.plot.to;
    c->d.times.epoch = c->d.sink->style.epoch;
    if (c->d.sink->picture != NULL)
        cli_draw_svg(&c->d, c->res);
    else if (c->d.plot.points)
        cli_draw_text(&c->d, c->res);
    c->d.sink->pictures++;
}

int cli_write_plot(cli_sink *sink, cli_result *res, cli_written *written)
{
    collector c = {.d = {.sink = sink, .times = {.unit = 1000}}, .res = res, .count = cli_result_column_count(res)};
    int rc = TDREST_ROW;

    written->columns = c.count;
    c.looks = cli_looks(sink, res);
    c.last = calloc(c.count, sizeof *c.last);
    if (c.looks == NULL || c.last == NULL)
        rc = TDREST_ENOMEM;
    c.time = rc == TDREST_ROW ? column_that(&c, is_time) : 0;
    written->refusal = rc == TDREST_ROW ? why_not(&c) : NULL;
    rc = written->refusal != NULL ? TDREST_EUSAGE : rc;
    while (rc == TDREST_ROW && (rc = cli_next(sink, res, written)) == TDREST_ROW)
        rc = add_row(&c);
    if (rc == TDREST_DONE)
        draw(&c);
    cli_plot_clear(&c.d.plot);
    free(c.key);
    free(c.last);
    free(c.looks);
    return rc;
}
