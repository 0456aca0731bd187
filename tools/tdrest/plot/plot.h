/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* Numbers over time. */
#ifndef CLI_PLOT_H
#define CLI_PLOT_H

#include "cell/cell.h"
#include "plot/axis.h"
#include "plot/series.h"

/* What is to be drawn. */
typedef struct cli_drawing {
    cli_sink *sink;
    cli_plot plot;
    cli_times times;      /* its from, to, unit, zone_s and epoch */
    const char *zone;     /* "UTC", "UTC+08:00" */
    const char *quantity; /* what the numbers are: the name of their column; "": there are several */
    size_t quantities;    /* how many columns of numbers there are */
} cli_drawing;

/* The name of a series for a legend, made safe for a terminal, at most `cap` bytes; the columns it takes. */
size_t cli_drawing_name(const cli_drawing *d, const cli_result *res, size_t index, char *text, size_t cap, size_t *len);

/* Draws with characters. */
void cli_draw_text(const cli_drawing *d, const cli_result *res);
/* Draws as SVG. */
void cli_draw_svg(const cli_drawing *d, const cli_result *res);

/* Draws a result with characters, or as SVG when the sink has a picture, as cli_format.write says. */
int cli_write_plot(cli_sink *sink, cli_result *res, cli_written *written);

#endif
