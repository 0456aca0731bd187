/* SPDX-License-Identifier: MIT */
/* SPDX-FileCopyrightText: the tdrest authors */
/* A drawing made of characters: braille cells of 2 x 4 dots, or one mark a cell. */
#ifndef CLI_CANVAS_H
#define CLI_CANVAS_H

#include "term/output.h"

enum { CLI_CANVAS_COLUMNS = 512, CLI_CANVAS_ROWS = 120 };

typedef struct cli_canvas {
    size_t columns; /* cells */
    size_t rows;
    int braille;
    unsigned char dots[CLI_CANVAS_ROWS][CLI_CANVAS_COLUMNS];
    unsigned char owner[CLI_CANVAS_ROWS][CLI_CANVAS_COLUMNS]; /* the series that drew there last, from 1; 0: none */
} cli_canvas;

void cli_canvas_init(cli_canvas *c, size_t columns, size_t rows, int braille);

/* Dots across and down. */
size_t cli_canvas_width(const cli_canvas *c);
size_t cli_canvas_height(const cli_canvas *c);

/* Draws for a series, from 0; y from the top. */
void cli_canvas_dot(cli_canvas *c, size_t x, size_t y, size_t series);
void cli_canvas_line(cli_canvas *c, size_t x0, size_t y0, size_t x1, size_t y1, size_t series);

/* What a series is drawn with: its mark, and its color where colors are wanted. */
char cli_canvas_mark(size_t series);
void cli_canvas_color(cli_output *out, size_t series);

/* Writes a row, without blanks at its end and without a line end. */
void cli_canvas_put(const cli_canvas *c, cli_output *out, size_t row, int color);

#endif
