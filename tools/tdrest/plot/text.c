/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A plot made of characters. It takes the width and the height of the terminal; where that is little, the legend goes first, then the line that
 * says which times these are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/canvas.h"
#include "plot/plot.h"
#include "term/color.h"
#include "term/show.h"

enum { LEAST_COLUMNS = 40, MOST_ROWS = 60, USUAL_COLUMNS = 80, USUAL_ROWS = 24, NAME_BYTES = 256, TITLE_BYTES = 512 };

/* Characters of the frame, of which the terminal may have none but ASCII. */
typedef struct frame {
    const char *wall, *tick, *corner, *floor, *foot;
} frame;

static const frame drawn = {"\xE2\x94\x82", "\xE2\x94\xA4", "\xE2\x94\x94", "\xE2\x94\x80", "\xE2\x94\xB4"}; /* │ ┤ └ ─ ┴ */
static const frame typed = {"|", "+", "+", "-", "+"};

typedef struct picture {
    const cli_drawing *d;
    const cli_result *res;
    cli_output *out;
    frame f;
    cli_numbers numbers;
    cli_times times;
    cli_canvas *canvas;
    size_t margin;  /* columns in front of the wall */
    size_t columns; /* of the terminal */
    size_t legend_rows;
    int has_head;   /* is there a line above? */
    int has_caption;
} picture;

/* ---- where things are ---- */

static size_t x_of(const picture *p, int64_t time)
{
    double span = (double)((uint64_t)p->times.to - (uint64_t)p->times.from), share = span > 0 ? (double)((uint64_t)time - (uint64_t)p->times.from) / span : 0.5;

    return (size_t)(share * (double)(cli_canvas_width(p->canvas) - 1) + 0.5);
}

static size_t y_of(const picture *p, double number)
{
    double share = (p->numbers.high - number) / (p->numbers.high - p->numbers.low);

    share = share < 0 ? 0 : share > 1 ? 1 : share;
    return (size_t)(share * (double)(cli_canvas_height(p->canvas) - 1) + 0.5);
}

static size_t row_of(const picture *p, double number)
{
    return y_of(p, number) / (p->canvas->braille ? 4 : 1);
}

static void draw_stretch(picture *p, const cli_stretch *s, const cli_stretch *before, size_t series)
{
    size_t x = x_of(p, s->first_time), end = x_of(p, s->last_time);

    if (before != NULL)
        cli_canvas_line(p->canvas, x_of(p, before->last_time), y_of(p, before->last), x, y_of(p, s->first), series);
    cli_canvas_line(p->canvas, x, y_of(p, s->first), end, y_of(p, s->last), series);
    cli_canvas_line(p->canvas, x, y_of(p, s->high), x, y_of(p, s->low), series);
}

static void draw_series(picture *p, size_t index)
{
    const cli_plot *plot = &p->d->plot;
    const cli_stretch *before = NULL;
    int64_t n;

    for (n = plot->first; n <= plot->last; n++) {
        const cli_stretch *s = cli_plot_stretch(plot->series[index], n);

        if (s->gap && !s->used)
            before = NULL;
        if (!s->used)
            continue;
        draw_stretch(p, s, before, index);
        before = s;
        if (plot->series[index]->points == 1) { /* a single dot is hardly seen */
            cli_canvas_dot(p->canvas, x_of(p, s->first_time) + 1, y_of(p, s->first), index);
            cli_canvas_dot(p->canvas, x_of(p, s->first_time), y_of(p, s->first) + 1, index);
            cli_canvas_dot(p->canvas, x_of(p, s->first_time) + 1, y_of(p, s->first) + 1, index);
        }
    }
}

/* ---- lines of text ---- */

static void put_style(const picture *p, const char *style)
{
    if (p->d->sink->color)
        cli_output_text(p->out, style);
}

/* A text of unknown origin, cut to some columns. */
static size_t put_shown(const picture *p, const char *text, size_t columns)
{
    char shown[CLI_SHOW_ROOM(TITLE_BYTES)];
    size_t len = strlen(text), width;

    cli_output_put(p->out, shown, cli_show(text, len < TITLE_BYTES ? len : TITLE_BYTES, columns, shown, &width));
    return width;
}

/* The title, or what the numbers are. */
static void put_head(const picture *p)
{
    const char *title = p->d->sink->style.title, *quantity = p->d->quantity;

    cli_output_fill(p->out, ' ', p->margin + 1);
    put_style(p, CLI_BOLD);
    put_shown(p, title != NULL ? title : quantity, p->columns - p->margin - 1);
    put_style(p, CLI_PLAIN);
    cli_output_char(p->out, '\n');
}

static void put_rows(const picture *p)
{
    char label[CLI_LABEL_ROOM];
    size_t row, i, len;

    for (row = 0; row < p->canvas->rows; row++) {
        for (len = 0, i = 0; i < p->numbers.count; i++)
            if (row_of(p, cli_numbers_tick(&p->numbers, i)) == row)
                len = cli_numbers_label(&p->numbers, i, label);
        cli_output_fill(p->out, ' ', p->margin - 1 - len);
        cli_output_put(p->out, label, len);
        cli_output_char(p->out, ' ');
        put_style(p, CLI_DIM);
        cli_output_text(p->out, len > 0 ? p->f.tick : p->f.wall);
        put_style(p, CLI_PLAIN);
        cli_canvas_put(p->canvas, p->out, row, p->d->sink->color);
        cli_output_char(p->out, '\n');
    }
}

static size_t tick_column(const picture *p, size_t index)
{
    return x_of(p, p->times.at[index]) / (p->canvas->braille ? 2 : 1);
}

static void put_floor(const picture *p)
{
    size_t column, i;

    cli_output_fill(p->out, ' ', p->margin);
    put_style(p, CLI_DIM);
    cli_output_text(p->out, p->f.corner);
    for (column = 0; column < p->canvas->columns; column++) {
        for (i = 0; i < p->times.count && tick_column(p, i) != column; i++)
            ;
        cli_output_text(p->out, i < p->times.count ? p->f.foot : p->f.floor);
    }
    put_style(p, CLI_PLAIN);
    cli_output_char(p->out, '\n');
}

/* Labels under their ticks, as far as they do not meet. */
static void put_tick_labels(const picture *p)
{
    char label[CLI_LABEL_ROOM];
    size_t i, len, at = 0, from, most = p->margin + 1 + p->canvas->columns;

    for (i = 0; i < p->times.count; i++) {
        len = cli_times_label(&p->times, i, label);
        from = p->margin + 1 + tick_column(p, i);
        from = from > len / 2 ? from - len / 2 : 0;
        from = from + len > most ? (most > len ? most - len : 0) : from;
        if (i > 0 && from < at + 1)
            continue;
        cli_output_fill(p->out, ' ', from - at);
        cli_output_put(p->out, label, len);
        at = from + len;
    }
    cli_output_char(p->out, '\n');
}

/* From when to when, and in which zone. */
static void put_caption(const picture *p)
{
    char from[CLI_LABEL_ROOM + 16], to[CLI_LABEL_ROOM + 16], text[160];
    int n;

    cli_times_text(&p->times, p->times.from, from);
    cli_times_text(&p->times, p->times.to, to);
    n = snprintf(text, sizeof text, "%s to %s%s%s", from, strncmp(from, to, 11) == 0 && !p->times.epoch ? to + 11 : to, p->times.epoch ? "" : " ", p->times.epoch ? "" : p->d->zone);
    if ((size_t)n + p->margin + 1 > p->columns)
        n = snprintf(text, sizeof text, p->times.epoch ? "from %.19s" : "from %.19s %s", from, p->d->zone);
    if ((size_t)n + p->margin + 1 > p->columns)
        n = snprintf(text, sizeof text, "%.16s", from);
    cli_output_fill(p->out, ' ', p->margin + 1);
    put_style(p, CLI_DIM);
    cli_output_put(p->out, text, (size_t)n);
    put_style(p, CLI_PLAIN);
    cli_output_char(p->out, '\n');
}

/* ---- the legend ---- */

/* Goes over the entries, which stand side by side as far as they fit; writes them, or only counts the lines. */
static size_t go_over_legend(const picture *p, int write)
{
    char name[NAME_BYTES];
    size_t i, len, width, at = 0, rows = p->d->plot.count > 0;

    for (i = 0; i < p->d->plot.count; i++) {
        width = cli_drawing_name(p->d, p->res, i, name, sizeof name, &len);
        if (at > 0 && p->margin + 1 + at + 4 + width > p->columns) {
            rows++;
            at = 0;
            if (write)
                cli_output_char(p->out, '\n');
        }
        if (write) {
            cli_output_fill(p->out, ' ', at == 0 ? p->margin + 1 : 2);
            if (p->d->sink->color)
                cli_canvas_color(p->out, i);
            if (p->canvas->braille)
                cli_output_text(p->out, "\xE2\xA0\xA4\xE2\xA0\xA4"); /* a line of dots */
            else
                cli_output_char(p->out, cli_canvas_mark(i));
            put_style(p, CLI_PLAIN);
            cli_output_char(p->out, ' ');
            cli_output_put(p->out, name, len);
        }
        at += width + 2 + (at > 0 ? 2 : 0) + (size_t)p->canvas->braille;
    }
    if (write && rows > 0)
        cli_output_char(p->out, '\n');
    return rows + (p->d->plot.more != 0);
}

static void put_legend(const picture *p)
{
    go_over_legend(p, 1);
    if (!p->d->plot.more)
        return;
    cli_output_fill(p->out, ' ', p->margin + 1);
    cli_output_text(p->out, "(further series are not drawn)\n");
}

/* ---- all of it ---- */

/* How much room there is, and what it is used for. */
static void lay_out(picture *p)
{
    const cli_sink *sink = p->d->sink;
    size_t i, len, rows = sink->size.rows == 0 ? USUAL_ROWS : sink->size.rows, used = 4; /* floor, its labels, the summary, the prompt */
    char label[CLI_LABEL_ROOM];

    p->columns = sink->size.columns == 0 ? USUAL_COLUMNS : sink->size.columns < LEAST_COLUMNS ? LEAST_COLUMNS : sink->size.columns;
    p->has_head = sink->style.title != NULL || (!sink->style.bare && *p->d->quantity != '\0');
    p->legend_rows = sink->style.bare || (p->d->plot.count == 1 && p->d->plot.series[0]->key_len == 0 && !p->d->plot.more) ? 0 : go_over_legend(p, 0);
    p->has_caption = 1;
    rows = rows > MOST_ROWS ? MOST_ROWS : rows;
    if (rows < used + 4 + (size_t)p->has_head + p->legend_rows + 1)
        p->legend_rows = 0;
    if (rows < used + 4 + (size_t)p->has_head + 1)
        p->has_head = p->has_caption = 0;
    used += p->legend_rows + (size_t)p->has_head + (size_t)p->has_caption;
    rows = rows > used + 3 ? rows - used : 3;
    cli_numbers_make(&p->numbers, p->d->plot.low, p->d->plot.high, rows / 3 < 2 ? 2 : rows / 3 > 8 ? 8 : rows / 3);
    for (p->margin = 0, i = 0; i < p->numbers.count; i++) {
        len = cli_numbers_label(&p->numbers, i, label);
        p->margin = len > p->margin ? len : p->margin;
    }
    p->margin += 1;
    cli_canvas_init(p->canvas, p->columns - p->margin - 1, rows, p->canvas->braille);
    cli_times_make(&p->times, p->canvas->columns);
}

void cli_draw_text(const cli_drawing *d, const cli_result *res)
{
    picture p = {.d = d, .res = res, .out = d->sink->out, .times = d->times};
    size_t i;

    p.canvas = calloc(1, sizeof *p.canvas);
    if (p.canvas == NULL)
        return;
    /* Lines of dots are told apart by color only. */
    p.canvas->braille = !d->sink->style.ascii && (d->plot.count == 1 || d->sink->color);
    p.f = d->sink->style.ascii ? typed : drawn;
    lay_out(&p);
    for (i = d->plot.count; i-- > 0;)
        draw_series(&p, i);
    if (p.has_head)
        put_head(&p);
    put_rows(&p);
    put_floor(&p);
    put_tick_labels(&p);
    if (p.has_caption)
        put_caption(&p);
    if (p.legend_rows > 0)
        put_legend(&p);
    free(p.canvas);
}
