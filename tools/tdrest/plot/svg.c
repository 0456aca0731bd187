/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/*
 * A plot as an SVG picture: axes with round ticks, what is measured, the zone of the times, a legend. It follows the reader's preference for light
 * or dark, and needs nothing from elsewhere: no fonts, no scripts.
 */
#include <stdio.h>
#include <string.h>

#include "plot/plot.h"
#include "term/escape.h"
#include "term/show.h"

enum { WIDTH = 800, PLOT_HEIGHT = 340, TOP = 56, RIGHT = 24, FOOT = 48, LETTER = 7, LEGEND_LINE = 20, NAME_BYTES = 256, TITLE_BYTES = 512, FEW = 80 };

typedef struct picture {
    const cli_drawing *d;
    const cli_result *res;
    cli_output *out;
    cli_numbers numbers;
    cli_times times;
    int left;
    int legend_rows;
} picture;

/* Colors that can be told apart with any eyes, for light and for dark. */
static const char *const light[CLI_PLOT_SERIES] = {"#0072b2", "#d55e00", "#009e73", "#b3489a", "#8a6d00", "#3f8fc4", "#a50f15", "#5e4fa2", "#4d4d4d", "#4d7c0f"};
static const char *const dark[CLI_PLOT_SERIES] = {"#56b4e9", "#ff9e4a", "#2fd3a5", "#e78ac3", "#f0e442", "#9ecae1", "#ff7b72", "#b4a7ff", "#c0c0c0", "#a6d854"};

static void put(const picture *p, const char *text)
{
    cli_output_text(p->out, text);
}

/* A text of unknown origin. */
static void put_safe(const picture *p, const char *text)
{
    char shown[CLI_SHOW_ROOM(TITLE_BYTES)];
    size_t len = strlen(text), width;

    cli_put_html(p->out, shown, cli_show(text, len < TITLE_BYTES ? len : TITLE_BYTES, CLI_NO_LIMIT, shown, &width));
}

static double x_of(const picture *p, int64_t time)
{
    double span = (double)((uint64_t)p->times.to - (uint64_t)p->times.from), share = span > 0 ? (double)((uint64_t)time - (uint64_t)p->times.from) / span : 0.5;

    return p->left + share * (WIDTH - RIGHT - p->left);
}

static double y_of(const picture *p, double number)
{
    double share = (p->numbers.high - number) / (p->numbers.high - p->numbers.low);

    return TOP + (share < 0 ? 0 : share > 1 ? 1 : share) * PLOT_HEIGHT;
}

/* ---- the frame ---- */

static void put_style(const picture *p)
{
    char text[160];
    size_t i;

    put(p, "<style>\n.back{fill:#fff}.ink{fill:#24292f}.quiet{fill:#57606a}.grid{stroke:#d8dee4}.axis{stroke:#57606a}\n"
           ".line{fill:none;stroke-width:1.5;stroke-linejoin:round}\n");
    for (i = 0; i < p->d->plot.count; i++) {
        snprintf(text, sizeof text, ".s%zu{stroke:%s}.p%zu{fill:%s}\n", i, light[i], i, light[i]);
        put(p, text);
    }
    put(p, "@media (prefers-color-scheme:dark){\n.back{fill:#0d1117}.ink{fill:#e6edf3}.quiet{fill:#9da7b3}.grid{stroke:#2a313a}.axis{stroke:#9da7b3}\n");
    for (i = 0; i < p->d->plot.count; i++) {
        snprintf(text, sizeof text, ".s%zu{stroke:%s}.p%zu{fill:%s}\n", i, dark[i], i, dark[i]);
        put(p, text);
    }
    put(p, "}\n</style>\n");
}

static void put_head(const picture *p)
{
    const char *title = p->d->sink->style.title;
    char text[200];
    int height = TOP + PLOT_HEIGHT + FOOT + p->legend_rows * LEGEND_LINE;

    snprintf(text, sizeof text, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" ", WIDTH, height, WIDTH, height);
    put(p, text);
    put(p, "font-family=\"system-ui,-apple-system,'Segoe UI',sans-serif\" font-size=\"12\">\n<title>");
    put_safe(p, title != NULL ? title : *p->d->quantity != '\0' ? p->d->quantity : "Numbers over time");
    put(p, "</title>\n");
    put_style(p);
    put(p, "<rect class=\"back\" width=\"100%\" height=\"100%\"/>\n");
    if (title != NULL) {
        put(p, "<text class=\"ink\" x=\"16\" y=\"24\" font-size=\"15\" font-weight=\"600\">");
        put_safe(p, title);
        put(p, "</text>\n");
    }
    if (*p->d->quantity != '\0') {
        snprintf(text, sizeof text, "<text class=\"quiet\" x=\"%d\" y=\"%d\">", title != NULL ? p->left : 16, TOP - 12);
        put(p, text);
        put_safe(p, p->d->quantity);
        put(p, "</text>\n");
    }
}

static void put_numbers(const picture *p)
{
    char label[CLI_LABEL_ROOM], text[240];
    size_t i;

    for (i = 0; i < p->numbers.count; i++) {
        double y = y_of(p, cli_numbers_tick(&p->numbers, i));

        cli_numbers_label(&p->numbers, i, label);
        snprintf(text, sizeof text, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/><text class=\"quiet\" x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
                 p->left, WIDTH - RIGHT, y, y, p->left - 8, y + 4, label);
        put(p, text);
    }
}

static void put_times(const picture *p)
{
    char label[CLI_LABEL_ROOM], from[CLI_LABEL_ROOM + 16], to[CLI_LABEL_ROOM + 16], text[320];
    size_t i;

    for (i = 0; i < p->times.count; i++) {
        double x = x_of(p, p->times.at[i]);

        cli_times_label(&p->times, i, label);
        snprintf(text, sizeof text, "<line class=\"axis\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/><text class=\"quiet\" x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x, x,
                 TOP + PLOT_HEIGHT, TOP + PLOT_HEIGHT + 5, x, TOP + PLOT_HEIGHT + 19, label);
        put(p, text);
    }
    snprintf(text, sizeof text, "<line class=\"axis\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/>\n", p->left, WIDTH - RIGHT, TOP + PLOT_HEIGHT, TOP + PLOT_HEIGHT);
    put(p, text);
    cli_times_text(&p->times, p->times.from, from);
    cli_times_text(&p->times, p->times.to, to);
    snprintf(text, sizeof text, "<text class=\"quiet\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">%s to %s%s%s</text>\n", (p->left + WIDTH - RIGHT) / 2, TOP + PLOT_HEIGHT + 38, from,
             to, p->times.epoch ? "" : " ", p->times.epoch ? "" : p->d->zone);
    put(p, text);
}

/* ---- series ---- */

static void put_point(const picture *p, char command, int64_t time, double number)
{
    char text[48];

    snprintf(text, sizeof text, "%c%.1f %.1f", command, x_of(p, time), y_of(p, number));
    put(p, text);
}

/* One line through all stretches; where there is a gap it begins anew. */
static void put_line(const picture *p, size_t index)
{
    const cli_plot *plot = &p->d->plot;
    char text[64];
    int64_t n;
    int begun = 0;

    snprintf(text, sizeof text, "<path class=\"line s%zu\" d=\"", index);
    put(p, text);
    for (n = plot->first; n <= plot->last; n++) {
        const cli_stretch *s = cli_plot_stretch(plot->series[index], n);

        if (s->gap && !s->used)
            begun = 0;
        if (!s->used)
            continue;
        put_point(p, begun ? 'L' : 'M', s->first_time, s->first);
        if (s->low < s->first)
            put_point(p, 'L', s->first_time, s->low);
        if (s->high > s->first)
            put_point(p, 'L', s->first_time, s->high);
        if (s->last_time != s->first_time || s->last != s->first)
            put_point(p, 'L', s->last_time, s->last);
        begun = 1;
    }
    put(p, "\"/>\n");
}

/* Where there are few, the points themselves are seen. */
static void put_points(const picture *p, size_t index)
{
    const cli_plot *plot = &p->d->plot;
    char text[120];
    int64_t n;

    for (n = plot->first; n <= plot->last && plot->series[index]->points <= FEW; n++) {
        const cli_stretch *s = cli_plot_stretch(plot->series[index], n);

        if (!s->used)
            continue;
        snprintf(text, sizeof text, "<circle class=\"p%zu\" cx=\"%.1f\" cy=\"%.1f\" r=\"2.5\"/>\n", index, x_of(p, s->first_time), y_of(p, s->first));
        put(p, text);
    }
}

/* Entries side by side as far as they fit; written, or only their lines counted. */
static int go_over_legend(const picture *p, int write)
{
    char name[NAME_BYTES], text[200];
    size_t i, len, width;
    int x = 16, rows = 1;

    for (i = 0; i < p->d->plot.count; i++) {
        width = cli_drawing_name(p->d, p->res, i, name, sizeof name, &len);
        if (x > 16 && x + 28 + (int)width * LETTER > WIDTH - RIGHT) {
            rows++;
            x = 16;
        }
        if (write) {
            int y = TOP + PLOT_HEIGHT + FOOT + (rows - 1) * LEGEND_LINE + 8;

            snprintf(text, sizeof text, "<line class=\"s%zu\" stroke-width=\"3\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/><text class=\"ink\" x=\"%d\" y=\"%d\">", i, x, x + 18, y, y, x + 24, y + 4);
            put(p, text);
            cli_put_html(p->out, name, len);
            put(p, "</text>\n");
        }
        x += 28 + (int)width * LETTER + 16;
    }
    return rows + p->d->plot.more;
}

static void put_more(const picture *p)
{
    char text[160];

    snprintf(text, sizeof text, "<text class=\"quiet\" x=\"16\" y=\"%d\">(further series are not drawn)</text>\n", TOP + PLOT_HEIGHT + FOOT + (p->legend_rows - 1) * LEGEND_LINE + 12);
    put(p, text);
}

void cli_draw_svg(const cli_drawing *d, const cli_result *res)
{
    picture p = {.d = d, .res = res, .out = d->sink->picture, .times = d->times};
    char label[CLI_LABEL_ROOM];
    size_t i, len;

    cli_numbers_make(&p.numbers, d->plot.points ? d->plot.low : 0, d->plot.points ? d->plot.high : 1, 8);
    for (i = 0; i < p.numbers.count; i++) {
        len = cli_numbers_label(&p.numbers, i, label);
        p.left = (int)len * LETTER + 20 > p.left ? (int)len * LETTER + 20 : p.left;
    }
    if (d->plot.points)
        cli_times_make(&p.times, (size_t)(WIDTH - RIGHT - p.left) / LETTER);
    p.legend_rows = d->plot.count == 0 || (d->plot.count == 1 && d->plot.series[0]->key_len == 0) ? 0 : go_over_legend(&p, 0);
    put_head(&p);
    put_numbers(&p);
    if (d->plot.points)
        put_times(&p);
    else
        put(&p, "<text class=\"quiet\" x=\"50%\" y=\"50%\" text-anchor=\"middle\">no numbers</text>\n");
    for (i = d->plot.count; i-- > 0;) {
        put_line(&p, i);
        put_points(&p, i);
    }
    if (p.legend_rows > 0)
        go_over_legend(&p, 1);
    if (p.legend_rows > 0 && d->plot.more)
        put_more(&p);
    put(&p, "</svg>\n");
}
